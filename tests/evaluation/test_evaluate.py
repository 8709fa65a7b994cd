# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The evaluation of a model over a data set: a field that is exact scores as such, an empty one is counted."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import trimesh

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
from toy import write_toy_dataset

from list_fast.cli.main import main
from list_fast.data.dataset import ListDataset
from list_fast.evaluation.evaluate import evaluate, intervals, summarise, table
from list_fast.evaluation.item import DEFINITIONS
from list_fast.evaluation.predict import Retrieval, predictor
from list_fast.evaluation.sheet import Sheet
from list_fast.meshing.preview import silhouette
from list_fast.model import LIST, LISTConfig, load_checkpoint, save_checkpoint
from list_fast.training.log import Log


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> ListDataset:
    root = write_toy_dataset(tmp_path_factory.mktemp("data") / "toy", shapes_per_class=3, views=2)
    return ListDataset(root, "test")


class Oracle(torch.nn.Module):
    """Stands in for a model: answers each image with a ball of radius 0.5 (or nothing) and the true transform."""

    def __init__(self, dataset: ListDataset, empty: bool = False) -> None:
        super().__init__()
        self.dataset, self.empty = dataset, empty
        self.config = SimpleNamespace(canvas=(224, 224), transform="predicted")
        self.anchor = torch.nn.Parameter(torch.zeros(1))

    def encode(self, image: torch.Tensor, transform: None = None) -> SimpleNamespace:
        for i in range(len(self.dataset)):
            for v in range(self.dataset.views):
                if torch.equal(self.dataset.image(i, v).float() / 255, image):
                    return SimpleNamespace(
                        sdf=lambda p: p.norm(dim=-1) + (1.0 if self.empty else -0.5),
                        transform=self.dataset.camera[i, v],
                        coarse_points=self.dataset.surface(i),
                        canvas=self.config.canvas,
                        device=torch.device("cpu"),
                    )
        raise AssertionError("an image that is not of the data set")


def test_an_exact_field_scores_as_exact(dataset: ListDataset) -> None:
    # Its transforms are true as they are, whatever the toy's pictures, which show discs of another size, would have.
    exact = predictor(Oracle(dataset), thin_parts=False)  # type: ignore[arg-type]
    report = evaluate(exact, dataset, resolution=64, samples=8000)
    figures = report["classes"]["ball"]
    assert figures["iou"] > 0.99
    # What is left is the spacing of the sampled points.
    assert figures["chamfer_l1"] < 0.015
    assert figures["f_score_5%"] == 1.0
    assert figures["coarse_chamfer_l1"] == 0
    assert figures["empty"] == 0
    assert report["classes"]["box"]["iou"] < 0.9
    assert figures["projection_error"] == pytest.approx(0, abs=1e-4)
    ball = trimesh.creation.icosphere(4, 0.5)
    item = next(item for item in report["items"] if item["class"] == "ball")
    row = dataset.ids.index(item["id"])
    ours = silhouette(ball.vertices, ball.faces, dataset.camera[row, item["view"]].numpy(), (224, 224))
    mask = dataset.rgba(row, item["view"])[..., 3] > 127
    assert item["silhouette_iou"] == pytest.approx((ours & mask).sum() / (ours | mask).sum(), abs=0.01)
    assert figures["view_error"] == pytest.approx(0, abs=1e-3)
    assert set(figures) - {"views"} == set(DEFINITIONS) - {"cd_visible", "cd_occluded"}  # a toy has no true mesh


def test_an_empty_field_is_counted_not_left_out(dataset: ListDataset) -> None:
    report = evaluate(Oracle(dataset, empty=True), dataset, resolution=32, samples=500)  # type: ignore[arg-type]
    assert report["mean"]["empty"] == 1
    assert report["mean"]["iou"] == 0
    assert report["mean"]["f_score_5%"] == 0
    # The one point at the origin is half a unit from the ball.
    assert report["classes"]["ball"]["chamfer_l1"] == pytest.approx(0.5, abs=0.01)


def test_views_and_limits(dataset: ListDataset) -> None:
    model = Oracle(dataset)
    some = evaluate(model, dataset, limit=1, meshes=False)  # type: ignore[arg-type]
    every = evaluate(model, dataset, all_views=True, meshes=False)  # type: ignore[arg-type]
    assert len(some["items"]) == 1
    assert [(i["id"], i["view"]) for i in every["items"]] == [(n, v) for n in dataset.ids for v in range(2)]
    assert "chamfer_l1" not in every["mean"]
    with pytest.raises(ValueError, match="limit"):
        evaluate(model, dataset, limit=0)  # type: ignore[arg-type]


def test_the_mean_is_over_classes_not_over_items() -> None:
    items = [{"id": "a/0", "class": "a", "iou": x} for x in (0.2, 0.4)] + [{"id": "b/0", "class": "b", "iou": 0.9}]
    summary = summarise(items)
    assert summary["classes"]["a"]["iou"] == pytest.approx(0.3)
    assert summary["mean"]["iou"] == pytest.approx((0.3 + 0.9) / 2)
    lines = table(summary).splitlines()
    assert [cell.strip() for cell in lines[0].strip("|").split("|")] == ["class", "views", "IoU"]
    assert [cell.strip() for cell in lines[-1].strip("|").split("|")] == ["mean over classes", "3", "0.600"]


def test_styles_of_a_mixed_set_are_told_apart(dataset: ListDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Oracle(dataset)
    plain = evaluate(model, dataset, all_views=True, meshes=False)  # type: ignore[arg-type]
    assert "styles" not in plain
    monkeypatch.setattr(dataset, "style", "mixed")
    mixed = evaluate(model, dataset, all_views=True, meshes=False)  # type: ignore[arg-type]
    assert {name: figures["views"] for name, figures in mixed["styles"].items()} == {
        "plain": len(dataset),
        "shapenet": len(dataset),
    }
    first = summarise([item for item in mixed["items"] if item["view"] == 0])["mean"]
    assert mixed["styles"]["plain"] == {**first, "views": len(dataset)}
    rows = [line.strip("|").split("|")[0].strip() for line in table(mixed).splitlines()]
    assert rows[-3:] == ["of style plain", "of style shapenet", "mean over classes"]


def test_true_meshes_are_those_of_the_families(dataset: ListDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Predicting the very mesh scores what sampling leaves, seen and unseen."""
    description = {"arguments": {"source": {"seed": 3, "shapes_per_class": 6}}}  # of other pictures of their shapes
    monkeypatch.setattr("list_fast.data.dataset.read_description", lambda root: description)
    ball = trimesh.creation.icosphere(4, 0.5)
    monkeypatch.setattr("list_fast.data.shapes.FAMILIES", ("ball",))
    monkeypatch.setattr("list_fast.data.shapes.shape_mesh", lambda name, seed, number: ball)
    sheet = Sheet(3)
    report = evaluate(Oracle(dataset), dataset, resolution=48, samples=5000, sheet=sheet)  # type: ignore[arg-type]
    figures = report["classes"]["ball"]
    assert set(figures) - {"views"} == set(DEFINITIONS)
    assert figures["normal_consistency"] > 0.99
    # The faces at the rim of what is seen differ between the meshes by as much as a face.
    assert 0 < figures["cd_visible"] < 10 and 0 < figures["cd_occluded"] < 10
    assert set(report["mean"]) == set(DEFINITIONS)  # over the classes that have the figure
    picture = np.asarray(sheet.image())
    assert picture.shape == (20 + 160, 2 * 5 * 160, 3)
    prediction, truth = picture[20:, 160:480].astype(int), picture[20:, 480:800].astype(int)
    assert prediction[80, 80].max() < 250 and np.abs(prediction - truth).mean() < 6


def test_retrieval_finds_what_it_has_seen(
    dataset: ListDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("list_fast.data.shapes.FAMILIES", ("ball", "box"))
    meshes = {"ball": trimesh.creation.icosphere(3, 0.5), "box": trimesh.creation.box((1.0, 0.5, 0.4))}
    monkeypatch.setattr("list_fast.data.shapes.shape_mesh", lambda name, seed, number: meshes[name])
    training = ListDataset(dataset.root, "train")
    baseline = Retrieval(load_checkpoint(), training, tmp_path / "cache", Log(None, quiet=True))
    report = evaluate(baseline, training, all_views=True, samples=3000)
    assert report["mean"]["projection_error"] == pytest.approx(0, abs=1e-4)
    assert report["mean"]["f_score_5%"] > 0.99 and report["mean"]["normal_consistency"] > 0.95
    assert report["classes"]["ball"]["iou"] > 0.98 and "coarse_chamfer_l1" not in report["mean"]
    words = ["evaluate", "--data", str(dataset.root), "--no-mesh", "--quiet", "--baseline", "retrieval"]
    assert main(words) == 1
    assert "--baseline retrieval and --cache go together" in capsys.readouterr().err
    assert main([*words, "--cache", str(tmp_path / "cache")]) == 0
    assert "| ball" in capsys.readouterr().out


def test_intervals_hold_the_mean_and_shrink() -> None:
    rng = np.random.default_rng(0)

    def items(count: int) -> list[dict]:
        return [
            {"id": f"{name}/{k // 2}", "class": name, "view": k % 2, "iou": float(rng.normal(centre, 0.1))}
            for name, centre in (("a", 0.3), ("b", 0.7))
            for k in range(2 * count)
        ]

    widths = []
    for count in (10, 160):
        given = items(count)
        found, mean = intervals(given), summarise(given)["mean"]["iou"]
        low, high = found["mean"]["iou"]
        assert low < mean < high
        # The mean of two classes of `count` independent shapes of two views each.
        assert high - low == pytest.approx(2 * 1.96 * 0.1 / np.sqrt(2) / np.sqrt(2 * count), rel=0.35)
        assert found["classes"]["a"]["iou"][1] < found["classes"]["b"]["iou"][0]
        widths.append(high - low)
        assert intervals(given) == found
    assert widths[1] < widths[0] / 2
    # One shape tells nothing of others.
    assert intervals(given[:2]) == {"mean": {}, "classes": {"a": {}}}


def test_views_of_a_shape_are_drawn_together() -> None:
    """Repeating every view must not make the interval narrower."""
    once = [{"id": f"a/{k}", "class": "a", "iou": k / 10} for k in range(10)]
    assert intervals(once * 5)["mean"]["iou"] == pytest.approx(intervals(once)["mean"]["iou"])


def test_the_command(dataset: ListDataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    weights = tmp_path / "w.safetensors"
    save_checkpoint(weights, LIST(LISTConfig.small()), {})
    out = tmp_path / "figures" / "test.json"
    words = ["--weights", str(weights), "--data", str(dataset.root), "--limit", "1", "--no-mesh", "--json", str(out)]
    assert main(["evaluate", *words, "--device", "cpu", "--quiet"]) == 0
    printed = capsys.readouterr().out
    assert "| ball" in printed
    report = json.loads(out.read_text())
    assert report["settings"]["split"] == "test"
    assert np.isfinite(report["mean"]["iou"])
    assert main(["evaluate", *words, "--mirror", "--device", "cpu", "--quiet"]) == 0
    mirrored = json.loads(out.read_text())
    assert mirrored["settings"]["mirror"] and not report["settings"]["mirror"]
    assert mirrored["mean"]["projection_error"] == report["mean"]["projection_error"]
    assert main(["evaluate", *words, "--no-thin-parts", "--device", "cpu", "--quiet"]) == 0
    bare = json.loads(out.read_text())
    assert report["settings"]["thin_parts"] and not bare["settings"]["thin_parts"]
    assert bare["mean"]["projection_error"] == report["mean"]["projection_error"]
    assert main(["evaluate", "--data", str(dataset.root), "--weights", str(tmp_path / "none"), "--quiet"]) == 1


def test_classes_are_drawn_apart() -> None:
    """With one draw for all classes the errors of their means would not even out."""
    rng = np.random.default_rng(1)
    items = [{"id": f"{name}/{k}", "class": name, "iou": float(k)} for name in "abcdefgh" for k in rng.permutation(9)]
    low, high = intervals(items)["mean"]["iou"]
    one = intervals([item for item in items if item["class"] == "a"])["mean"]["iou"]
    assert high - low == pytest.approx((one[1] - one[0]) / np.sqrt(8), rel=0.2)
    assert intervals(items)["classes"]["a"]["iou"] == one


def test_samples_must_be_some(dataset: ListDataset) -> None:
    with pytest.raises(ValueError, match="samples must be at least 1, got 0"):
        evaluate(Oracle(dataset), dataset, samples=0)  # type: ignore[arg-type]


def test_only_what_is_found_of_the_object_is_known_to_the_fit(dataset: ListDataset) -> None:
    asked = []

    class Watched(ListDataset):
        def coverage(self, index: int, view: int) -> np.ndarray:
            raise AssertionError("a prediction must not look at the true coverage")

        def found(self, index: int, view: int) -> np.ndarray:
            asked.append((index, view))
            return super().found(index, view)

    watched = Watched(dataset.root, dataset.split)
    predicted = predictor(Oracle(watched))(watched, 0, 1)  # type: ignore[arg-type]
    assert asked == [(0, 1)] and predicted.transform is not None
