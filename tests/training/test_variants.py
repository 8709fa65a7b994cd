# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Baselines and ablations: what each may and may not look at, and that one command trains and measures them all."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from list_fast.cli.main import main
from list_fast.data.dataset import ListDataset
from list_fast.evaluation.evaluate import evaluate
from list_fast.model import LIST, LISTConfig, load_checkpoint, save_checkpoint
from list_fast.model.checkpoint import checkpoint_metadata
from list_fast.training import TrainConfig, load_config
from list_fast.training.batches import TrainingData
from list_fast.training.config import shipped_configs
from list_fast.training.log import read_log
from list_fast.training.run import build_model, train
from list_fast.training.stages import SdfStage
from list_fast.training.variants import VARIANTS, UnchangedError, load_variant

ROOT = Path(__file__).resolve().parents[2]
SIZES = {
    "tree_features": (16, 16, 16, 3),
    "tree_degrees": (4, 8, 8),
    "global_features": 16,
    "head_hidden": 16,
    "voxel_channels": (4, 4),
    "voxel_resolution": 8,
    "decoder_hidden": (16, 16, 16),
    "layout_channels": 2,
}
OPTIONS = [
    "trunk.weights=none",
    "coarse.batch=4",
    "coarse.steps=2",
    "coarse.surface_points=256",
    "camera.batch=4",
    "camera.steps=2",
    "sdf.batch=2",
    "sdf.near_points=64",
    "sdf.uniform_points=32",
    "precision=float32",
    "log_every=1",
    "validation_views=2",
    *(f"model_options.{name}={value}" for name, value in SIZES.items()),
]


def tiny(name: str, *more: str) -> TrainConfig:
    return load_variant(name, "small", OPTIONS, ["sdf.steps=2", *more])


def model_of(name: str) -> LIST:
    """The variant's model, its decoder far from its initial state."""
    model = build_model(tiny(name)).eval()
    with torch.no_grad():
        for layer in model.sdf_decoder.fc.values():
            layer.weight.mul_(4)
    return model


def given(model: LIST, count: int) -> torch.Tensor | None:
    """Transforms for a model that wants them."""
    if model.config.transform != "given":
        return None
    whole = build_model(load_config("small", OPTIONS)).eval()
    with torch.no_grad():
        features = whole.trunk_features(torch.rand(count, 3, 224, 224))
        return whole.transform(features, whole.coarse(features))


@pytest.mark.parametrize("name", VARIANTS)
def test_field_equals_query_and_weights_survive_the_disk(name: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    model, image, points = model_of(name), torch.rand(3, 224, 224), torch.rand(300, 3) - 0.5
    transform = given(model, 1)
    with torch.no_grad():
        encoded = model.encode_features(model.trunk_features(image[None]), transform=transform)
        expected = model.query(encoded, points[None])[0] / model.config.sdf_scale
    assert expected.std() > 1e-4
    one = None if transform is None else transform[0]
    torch.testing.assert_close(model.encode(image, one).sdf(points), expected, rtol=0, atol=1e-4)
    save_checkpoint(tmp_path / "x.safetensors", model, half=False)
    again = load_checkpoint(tmp_path / "x.safetensors")
    assert again.config == model.config
    before, after = model.state_dict(), again.state_dict()
    assert before.keys() == after.keys() and all(torch.equal(before[key], after[key]) for key in before)
    # On some processors the bits of a product depend on where its operands lie in memory.
    torch.testing.assert_close(
        again.encode(image, one).sdf(points), model.encode(image, one).sdf(points), rtol=0, atol=1e-6
    )


@torch.no_grad()
def values(model: LIST, **changes: object) -> torch.Tensor:
    """Distances of a fixed image and points, with parts of what is encoded replaced."""
    torch.manual_seed(2)
    image, points = torch.rand(1, 3, 224, 224), torch.rand(1, 200, 3) - 0.5
    encoded = model.encode_features(model.trunk_features(image), transform=given(model, 1))
    for field, change in changes.items():
        old = getattr(encoded, field)
        new = [change(x) for x in old] if isinstance(old, list) else change(old)  # type: ignore[operator]
        encoded = dataclasses.replace(encoded, **{field: new})
    return model.query(encoded, points)


def test_each_variant_reads_what_it_says() -> None:
    def other(x: torch.Tensor) -> torch.Tensor:
        return x + 1

    for name in VARIANTS:
        model = model_of(name)
        plain, reads = values(model), model.config.query_reads
        for word, field in (("images", "image_levels"), ("voxels", "voxel_levels"), ("global", "vector")):
            if word in reads:
                assert not torch.equal(plain, values(model, **{field: other})), (name, word)
        if "images" not in reads:
            assert torch.equal(plain, values(model, transform=other)), name
        # Without neighbors only the eight nodes around a point count.
        assert len(model.offsets) == (7 if "neighbors" in reads else 1)
        assert ("voxels" in reads) == (model.vox_encoder is not None)


def test_a_fixed_view_is_the_same_for_all_images() -> None:
    model = model_of("no-transformer")
    with torch.no_grad():
        features = model.trunk_features(torch.rand(2, 3, 224, 224))
        transform = model.transform(features, torch.rand(2, 256, 3) - 0.5)
    assert torch.equal(transform[0], transform[1])
    assert [name for name, _ in model.named_parameters() if name.startswith("spatial")] == ["spatial_transformer.raw"]


def test_without_gamma_the_occupancy_is_the_grid() -> None:
    model = model_of("no-probabilistic")
    cloud = torch.rand(1, 256, 3) - 0.5
    with torch.no_grad():
        encoded = model.encode_features(model.trunk_features(torch.rand(1, 3, 224, 224)), cloud)
    assert torch.equal(encoded.occupancy, model.occupancy(cloud))
    assert not any(name.startswith(("vox_encoder.conv.conv_0", "vox_encoder.bn.0")) for name in model.state_dict())


def test_one_encoder_has_one_global_vector() -> None:
    for config in (LISTConfig.small(), LISTConfig.base()):
        two, one = (
            {name.split(".")[0] for name, _ in LIST(dataclasses.replace(c, **small_tree())).named_parameters()}
            for c in (config, dataclasses.replace(config, one_encoder=True))
        )
        assert one <= two
    model = model_of("one-encoder")
    with torch.no_grad():
        features = model.trunk_features(torch.rand(1, 3, 224, 224))
        expected = model.im_encoder.global_vector(features.maps, features.pooled)
        assert torch.equal(model.global_vector(features), expected)


def small_tree() -> dict[str, object]:
    return {"tree_features": (128, 16, 16, 3), "tree_degrees": (4, 8, 8)}


def test_a_model_that_is_given_its_camera_says_so() -> None:
    model = model_of("true-camera")
    with pytest.raises(ValueError, match="transform must be given"):
        model.encode(torch.rand(3, 224, 224))
    with pytest.raises(ValueError, match="camera must have no length"):
        build_model(load_config("small", [*OPTIONS, "model_options.transform='given'"]))


@pytest.mark.parametrize(
    ("reads", "message"),
    [((), "query_reads"), (("voxels", "voxels"), "different"), (("sound",), "sound"), (("neighbors",), "voxels")],
)
def test_what_makes_no_sense_is_refused(reads: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(LISTConfig.small(), query_reads=reads)


def test_in_one_stage_every_part_learns(toy_data: Path) -> None:
    config = tiny("one-stage")
    model = build_model(config)
    stage = SdfStage(model, config.sdf, config.camera)
    data = TrainingData(ListDataset(toy_data))
    stage.prepare(data)
    stage.start()
    stage.train_mode()
    loss, figures = stage.loss(stage.batch(data, 0, 0), 0.0)
    loss.backward()
    assert {"sdf", "occupancy", "chamfer", "camera"} <= set(figures)
    learning = {name.split(".")[0] for name, v in stage.parameters() if v.grad is not None and v.grad.abs().sum() > 0}
    assert {"im_encoder", "im_encoder2", "point_decoder", "spatial_transformer", "sdf_decoder"} <= learning
    with pytest.raises(ValueError, match=r"of no length with sdf\.chamfer_weight"):
        load_config("small", ["sdf.chamfer_weight=1.0"])


def test_init_takes_stage_one_into_another_variant(toy_data: Path, tmp_path: Path) -> None:
    whole = load_config("small", [*OPTIONS, "sdf.steps=2"])
    first = train(whole, toy_data, tmp_path / "whole", device="cpu", quiet=True)
    config, before = tiny("no-neighbors"), load_checkpoint(first).state_dict()
    path = train(config, toy_data, tmp_path / "o", device="cpu", quiet=True, init=first, begin="sdf")
    after = load_checkpoint(path).state_dict()
    for name in before:
        if name.startswith(("im_encoder.", "point_decoder.", "spatial_transformer.", "im_encoder2.fc")):
            assert torch.equal(before[name], after[name]), name
    stages = {r["stage"] for r in read_log(tmp_path / "o" / "log.jsonl") if r["kind"] == "train"}
    assert stages == {"sdf"}
    other = tiny("no-neighbors", "model_options.head_hidden=8")
    with pytest.raises(ValueError, match=r"of another model \(.*head_hidden"):
        train(other, toy_data, tmp_path / "p", device="cpu", quiet=True, init=first, begin="sdf")
    with pytest.raises(ValueError, match="begin must be"):
        train(config, toy_data, tmp_path / "q", device="cpu", quiet=True, begin="sdf")


def test_init_goes_on_with_the_whole_of_a_model(toy_data: Path, tmp_path: Path) -> None:
    config = load_config("small", [*OPTIONS, "sdf.steps=1", "coarse.steps=1", "validation_views=2"])
    first = train(config, toy_data, tmp_path / "first", device="cpu", quiet=True)
    path = train(config, toy_data, tmp_path / "o", device="cpu", quiet=True, init=first, begin="coarse")
    finished = [r["stage"] for r in read_log(tmp_path / "o" / "log.jsonl") if r["kind"] == "finished"]
    assert finished == ["coarse", "camera", "sdf"]
    before, after, fresh = (
        m.state_dict() for m in (load_checkpoint(first), load_checkpoint(path), build_model(config))
    )
    for part in ("point_decoder", "sdf_decoder", "spatial_transformer"):
        names = [n for n in before if n.startswith(part) and n.endswith("weight") and before[n].ndim > 1]
        assert names
        moved = max((after[n].float() - before[n].float()).abs().max() for n in names)
        apart = max((after[n].float() - fresh[n].float()).abs().max() for n in names)
        assert moved < 0.02, part  # of a stage's one step, and rounding
        assert apart > 0, part
    other = tiny("no-neighbors")
    with pytest.raises(ValueError, match="nothing to go on with"):
        train(other, toy_data, tmp_path / "p", device="cpu", quiet=True, init=first, begin="coarse")


def test_init_grows_a_model_whose_queries_read_less(
    toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = "model_options.query_reads=('voxels', 'neighbors', 'images')"
    less = load_config("small", [*OPTIONS, "sdf.steps=1", reads])
    first = train(less, toy_data, tmp_path / "a", device="cpu", quiet=True)
    # The checkpoint brings its trunk: the package with ImageNet's is not asked for.
    monkeypatch.setattr("list_fast.model.checkpoint.trunk_weights_path", lambda: pytest.fail("looked for a trunk"))
    options = [
        "trunk.weights=pretrained",
        "sdf.steps=1",
        "sdf.learning_rate=1e-9",
        "sdf.final_learning_rate=0",
    ]
    config = load_config("small", [*OPTIONS, *options])
    path = train(config, toy_data, tmp_path / "b", device="cpu", quiet=True, init=first, begin="sdf")
    before, after = load_checkpoint(first), load_checkpoint(path)
    assert "view" in after.config.query_reads and after.sdf_decoder.first_layer()[3].shape[1] == 4
    torch.testing.assert_close(values(after), values(before), rtol=0, atol=2e-3)  # float16, new batch statistics


@pytest.mark.parametrize("base", sorted(set(shipped_configs()) - {"base"}))  # which differs in size alone
@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_goes_with_the_shipped_configurations(base: str, name: str) -> None:
    sizes = [f"model_options.{option}={value}" for option, value in SIZES.items()]
    config = load_variant(name, base, sizes, ["sdf.steps=2"])
    model = build_model(config, load_trunk=False)
    assert all(getattr(model.config, option) == value for option, value in config.model_options.items())


def test_what_queries_read_is_the_models_own_less_what_a_variant_removes() -> None:
    def reads(name: str, base: str) -> tuple[str, ...]:
        return tuple(load_variant(name, base).model_options["query_reads"])

    assert reads("no-neighbors", "small") == ("voxels", "images", "view")
    assert reads("no-neighbors", "base") == ("voxels", "images")  # the paper's does not read the view
    assert reads("no-coarse", "small") == ("images", "view") and reads("no-coarse", "base") == ("images",)
    assert reads("no-images", "small") == reads("no-images", "base") == ("voxels", "neighbors")


@pytest.mark.parametrize("name", ["even-weights", "at-surface", "no-camera-loss"])
def test_a_variant_that_changes_nothing_is_refused(
    name: str, toy_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", "base", "--variant", name, "--data", str(toy_data), "--out", str(tmp_path / "o")]
    assert main(command) == 1
    assert f"the variant {name} changes nothing of the configuration base" in capsys.readouterr().err
    with pytest.raises(UnchangedError):
        load_variant("no-images", "small", ["model_options.query_reads=('images',)"])


def test_the_command_trains_a_variant(toy_data: Path, tmp_path: Path) -> None:
    options = [part for option in OPTIONS if "camera" not in option for part in ("--set", option)]
    arguments = ["train", "small", "--variant", "true-camera", "--data", str(toy_data), "--out", str(tmp_path / "o")]
    assert main([*arguments, "--steps-stage2", "2", "--cache", str(tmp_path / "c"), "--quiet", *options]) == 0
    assert (tmp_path / "c" / "train.f16").exists() and not (tmp_path / "o" / "cache").exists()
    model = load_checkpoint(tmp_path / "o" / "small.safetensors")
    report = evaluate(model, ListDataset(toy_data, "test"), resolution=16, samples=200)
    # Its transform is the true one, so the surface lies where the picture has it.
    assert report["mean"]["projection_error"] < 1e-3


def test_one_command_measures_them_in_one_table(toy_data: Path, tmp_path: Path) -> None:
    whole = load_config("small", [*OPTIONS, "sdf.steps=2"])
    first = train(whole, toy_data, tmp_path / "whole", device="cpu", quiet=True)
    options = [part for option in OPTIONS for part in ("--set", option)]
    command = [sys.executable, str(ROOT / "benchmarks" / "ablations.py"), "--data", str(toy_data), "--init", str(first)]
    command += ["--out", str(tmp_path / "a"), "--steps", "2", "--limit", "2", "--resolution", "16", "--samples", "100"]
    first_rows = ["LIST, thin parts", "LIST", "LIST, mirrored", "no-coarse"]
    subprocess.run([*command, *options, "--only", *first_rows], check=True)
    more = ["one-stage", "no-camera-loss"]
    done = subprocess.run([*command, *options, "--only", *more], check=True, capture_output=True, text=True)
    facts = json.loads((tmp_path / "a" / "ablations.json").read_text())
    rows = ["LIST", "LIST, mirrored", "LIST, thin parts", "no-coarse", *more]
    assert list(facts["rows"]) == rows and facts["steps"] == 2
    every = sum(value.numel() for value in load_checkpoint(first).parameters())
    assert 0.99 * every < facts["rows"]["LIST"]["parameters"] <= every  # the decoder's too
    assert facts["rows"]["LIST"]["parameters"] > facts["rows"]["no-coarse"]["parameters"]
    assert all(0 <= row["mean"]["iou"] <= 1 for row in facts["rows"].values())
    lines = done.stdout.splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == rows
    # What a variant is to learn anew it does not begin with.
    begun, given_to_all = (load_checkpoint(tmp_path / "a" / f"init{x}.safetensors") for x in ("-no-camera-loss", ""))
    same = {k: torch.equal(v, given_to_all.state_dict()[k]) for k, v in begun.state_dict().items()}
    assert same["im_encoder.fc.weight"] and not same["spatial_transformer.0.weight"]
    assert (tmp_path / "a" / "ablations.md").read_text().splitlines() == lines
    # Rows that are there are not measured again: the seconds that they took stay, too.
    subprocess.run([*command, *options, "--only", *more], check=True)
    assert json.loads((tmp_path / "a" / "ablations.json").read_text()) == facts
    assert (tmp_path / "a" / "cache" / "one-stage").is_dir()
    # Rows of other options are not put beside these.
    mixed = [*command, *options, "--samples", "90", "--only", "no-images"]
    refused = subprocess.run(mixed, check=False, capture_output=True, text=True)
    assert refused.returncode != 0 and "samples = 100, now 90" in refused.stderr
    assert json.loads((tmp_path / "a" / "ablations.json").read_text()) == facts


def test_a_checkpoint_names_no_folders(toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config("small", [*OPTIONS, "sdf.steps=1"])
    first = train(config, toy_data, tmp_path / "first", device="cpu", quiet=True)
    words = ["train", "small", f"--data={toy_data}", "--out", str(tmp_path / "o"), "--set", "sdf.steps=1"]
    monkeypatch.setattr(sys, "argv", ["list-fast", *words])
    path = train(config, toy_data, tmp_path / "o", device="cpu", quiet=True, init=first)
    facts = checkpoint_metadata(path)
    assert facts["command"] == f"list-fast train small --data={toy_data.name} --out o --set sdf.steps=1"
    assert facts["validation"]["init"]["weights"] == first.name
    assert str(tmp_path).encode() not in path.read_bytes()
