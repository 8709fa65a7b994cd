# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Baselines and ablations beside LIST: the same data, steps, batches and seed, one table.

    python benchmarks/ablations.py --data DIR --out DIR [--steps N] [--init FILE] [--only NAME ...]

Trains stage 2 of LIST and of every variant (`list_fast.training.variants`) on one stage 1 and camera, those of the
checkpoint --init, where a variant has them; what it does not share with LIST it trains itself, for the steps of the
configuration ("one-encoder" its camera, "one-stage" everything, within the steps of stage 2). Retrieval, the average
with the mirror image and the thin parts put back, which the other rows go without, need no training. Then measures all
on the test split and writes OUT/ablations.json and .md. Runs and rows that are there already are kept, a run that was
stopped goes on: the command may be given again at any time, and for other variants (--only) by several processes at
once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import hardware  # noqa: E402

from list_fast.data.dataset import open_dataset  # noqa: E402
from list_fast.evaluation.evaluate import evaluate  # noqa: E402
from list_fast.evaluation.predict import Predictor, Retrieval, predictor  # noqa: E402
from list_fast.model import LIST, default_weights_path, load_checkpoint, save_checkpoint  # noqa: E402
from list_fast.training.config import TrainConfig  # noqa: E402
from list_fast.training.files import write_json  # noqa: E402
from list_fast.training.log import Log  # noqa: E402
from list_fast.training.run import build_model, data_facts, train  # noqa: E402
from list_fast.training.stages import trained_before  # noqa: E402
from list_fast.training.variants import VARIANTS, UnchangedError, load_variant  # noqa: E402

WHOLE, RETRIEVAL = "LIST", "retrieval"
ADDED = {
    "LIST, mirrored": ({"mirror": True}, "what averaging with the mirror image gives"),
    "LIST, thin parts": ({"thin_parts": True}, "what putting back thin parts that the picture shows gives"),
}
"""What is added to the whole model without training: options of `predictor`, and what the row tells."""
COLUMNS = {
    "iou": ("IoU", "{:.3f}"),
    "f_score_1%": ("F@1%", "{:.3f}"),
    "f_score_5%": ("F@5%", "{:.3f}"),
    "chamfer_l1": ("CD-L1", "{:.4f}"),
    "cd_visible": ("CD-L2 visible", "{:.1f}"),
    "cd_occluded": ("CD-L2 occluded", "{:.1f}"),
    "projection_error": ("pixels", "{:.1f}"),
}


def configuration(name: str, base: str, steps: int, changes: list[str]) -> TrainConfig:
    """The configuration of a variant, or of the whole model."""
    variant = None if name == WHOLE else name
    return load_variant(variant, base, changes, [f"sdf.steps={steps}", f"name={name}"])


def with_fresh_stage_2(config: TrainConfig, init: Path, target: Path, forgets: tuple[str, ...] = ()) -> Path:
    """A checkpoint with the stage 1 and the camera of `init`, less what `forgets` names, and an untrained stage 2."""
    model, trained = build_model(config), load_checkpoint(init)
    parts = tuple(f"{part}." for part in trained_before("sdf", model))
    lost = tuple(f"{part}." for part in forgets)
    kept = {k: v for k, v in trained.state_dict().items() if k.startswith(parts) and not k.startswith(lost)}
    strange = sorted(set(kept) - set(model.state_dict()))
    if strange or not kept:
        raise ValueError(f"--init: {init} is of another model than the configuration's: {strange[:1]}")
    model.load_state_dict(model.state_dict() | kept)
    # A Pi to learn anew starts as it does behind stage 1.
    facts = {"validation": {"coarse": {}}} if "im_encoder2" in forgets else None
    save_checkpoint(target, model, facts, half=False)
    return target


def trained(name: str, config: TrainConfig, arguments: argparse.Namespace, init: Path) -> LIST:
    """The variant's model, trained now or before."""
    out = arguments.out / name
    if not (out / f"{config.name}.safetensors").exists():
        begin = "sdf" if name == WHOLE else VARIANTS[name].init
        print(f"{name} ...", file=sys.stderr, flush=True)
        if name != WHOLE and VARIANTS[name].forgets:
            init = with_fresh_stage_2(config, init, arguments.out / f"init-{name}.safetensors", VARIANTS[name].forgets)
        train(
            config,
            arguments.data,
            out,
            device=arguments.device,
            resume=True,
            init=init if begin else None,
            begin=begin,
            # A trunk of its own has features of its own.
            cache=arguments.cache if begin else arguments.cache / name,
        )
    return load_checkpoint(out / f"{config.name}.safetensors", arguments.device)


def check_same(old: dict[str, Any], new: dict[str, Any], target: Path) -> None:
    """Refuses to put a row beside rows that other options or another machine made."""
    for key, value in new.items():
        if old.get(key) != value:
            raise ValueError(
                f"{target} has rows with {key} = {old.get(key)!r}, now {value!r}: give the same, or another --out"
            )


def kept_rows(target: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """The rows of the table so far, by this process or another; refused where no new ones may stand beside them."""
    if not target.exists():
        return {}
    old = json.loads(target.read_text())
    rows: dict[str, Any] = old.pop("rows")
    check_same(old, facts, target)
    return rows


@torch.no_grad()
def read_parameters(model: LIST) -> int:
    """How many parameters an answer of the model comes of: those of the layers that run for it."""
    used: dict[str, int] = {}
    # The decoder multiplies by its layers' weights itself: they do not run as modules.
    hooks = [
        module.register_forward_hook(
            lambda m, *_, name=name: used.update(
                {name: sum(v.numel() for v in m.parameters(recurse=m is model.sdf_decoder))}
            )
        )
        for name, module in model.named_modules()
    ]
    where, size = model.offsets, model.config.image_size
    given = where.new_zeros(1, 4, 3) if model.config.transform == "given" else None
    model.eval()(where.new_zeros(1, 3, size, size), where.new_zeros(1, 1, 3), given)
    for hook in hooks:
        hook.remove()
    return sum(used.values())


def measured(model: LIST | Predictor, arguments: argparse.Namespace) -> dict[str, Any]:
    """The figures of the test split: mean over classes, and its interval."""
    report = evaluate(
        model,
        open_dataset(arguments.data, "test"),
        limit=arguments.limit,
        resolution=arguments.resolution,
        samples=arguments.samples,
    )
    return {"mean": report["mean"], "intervals": report["intervals"]["mean"], "settings": report["settings"]}


def table(rows: dict[str, dict[str, Any]]) -> str:
    """Markdown: one row each, what it asks last."""
    heads = ["", *(head for head, _ in COLUMNS.values()), "parameters", "tells"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for name, row in rows.items():
        mean, limits = row["mean"], row["intervals"]
        cells = []
        for key, (_, form) in COLUMNS.items():
            cell = form.format(mean[key]) if key in mean else ""
            if key == "iou" and key in limits:
                cell += " (" + "-".join(map(form.format, limits[key])) + ")"
            cells.append(cell)
        size = f"{row['parameters'] / 1e6:.2f} M" if row["parameters"] else ""
        lines.append("| " + " | ".join([name, *cells, size, row["tells"]]) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [WHOLE, *ADDED, *VARIANTS, RETRIEVAL]
    parser.add_argument("--data", type=Path, required=True, help="data set made by `list-fast data make`")
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs and of the table")
    parser.add_argument("--config", default="small", help="small, base or a TOML file")
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE", help="change an option")
    parser.add_argument("--steps", type=int, default=3000, help="of stage 2, the same for all (default: 3000)")
    parser.add_argument("--init", type=Path, help="checkpoint of stage 1 and camera (default: the shipped weights)")
    parser.add_argument("--cache", type=Path, help="the trunk's features (default: OUT/cache)")
    parser.add_argument(
        "--only", nargs="+", choices=names, default=names, help="these alone; others measured before stay"
    )
    parser.add_argument("--limit", type=int, default=100, help="test shapes (default: 100)")
    parser.add_argument("--resolution", type=int, default=96, help="lattice of the meshes (default: 96)")
    parser.add_argument("--samples", type=int, default=20_000, help="points on each mesh (default: 20000)")
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    arguments.cache = arguments.cache or arguments.out / "cache"
    target = arguments.out / "ablations.json"
    shipped = Path(arguments.init or default_weights_path())
    facts = {
        "hardware": hardware(torch.device(arguments.device)),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "steps": arguments.steps,
        "config": arguments.config,
        "changes": arguments.set,
        "data": data_facts(arguments.data)["sha256"],
        "init": hashlib.sha256(shipped.read_bytes()).hexdigest(),
        "limit": arguments.limit,
        "resolution": arguments.resolution,
        "samples": arguments.samples,
    }
    rows = kept_rows(target, facts)
    whole = configuration(WHOLE, arguments.config, arguments.steps, arguments.set)
    init = arguments.out / "init.safetensors"
    if not init.exists():
        with_fresh_stage_2(whole, shipped, init)
    for name in arguments.only:
        if name in rows:
            continue
        if name == RETRIEVAL:
            knower = load_checkpoint(shipped, arguments.device)
            found = measured(
                Retrieval(knower, open_dataset(arguments.data), arguments.cache, Log(None, False)), arguments
            )
            row = {"parameters": 0, "tells": "what remembering the training shapes gives"}
        elif name in ADDED:
            model = trained(WHOLE, whole, arguments, init)
            options, tells = ADDED[name]
            found = measured(predictor(model, **{"thin_parts": False, **options}), arguments)
            row = {"parameters": read_parameters(model), "tells": tells}
        else:
            try:
                config = configuration(name, arguments.config, arguments.steps, arguments.set)
            except UnchangedError as error:
                print(f"left out: {error}", file=sys.stderr)
                continue
            model = trained(name, config, arguments, init)
            found = measured(predictor(model, thin_parts=False), arguments)
            tells = "the whole model" if name == WHOLE else VARIANTS[name].question
            row = {"parameters": read_parameters(model), "tells": tells}
        rows = kept_rows(target, facts) | {name: found | row}
        ordered = {key: rows[key] for key in names if key in rows}
        write_json(target, {**facts, "rows": ordered})
        target.with_suffix(".md").write_text(table(ordered) + "\n")
    rows = kept_rows(target, facts)
    print(table({key: rows[key] for key in names if key in rows}))


if __name__ == "__main__":
    main()
