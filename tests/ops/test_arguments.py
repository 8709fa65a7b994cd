# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What no operation takes, said before a kernel runs: tensors that are not dense, tangents, more than memory holds."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.autograd import forward_ad

from list_fast import _errors, _native, marching_cubes, occupancy_grid, sample_images, sample_voxels
from list_fast.device import resolve_device
from list_fast.meshing import extract_mesh, smooth
from list_fast.ops.marching_cubes_batch import marching_cubes_batch
from list_fast.ops.marching_cubes_padded import marching_cubes_padded

LEVEL, VOLUME, POINTS = torch.rand(1, 2, 3, 3, 3), torch.randn(3, 3, 3), torch.rand(1, 4, 3) - 0.5
CAMERA = torch.tensor([[[9.0, 0, 0], [0, 9.0, 0], [5.0, 5.0, 1.0], [9.0, 9.0, 3.0]]])

CALLS: dict[str, tuple[Callable[[Tensor], object], Tensor]] = {
    "levels[0]": (lambda x: sample_voxels([x], POINTS), LEVEL),
    "points": (lambda x: sample_voxels([LEVEL], x), POINTS),
    "offsets": (lambda x: sample_voxels([LEVEL], POINTS, x), torch.zeros(2, 3)),
    "transform": (lambda x: sample_images([LEVEL[:, :, 0]], POINTS, x, canvas=(9, 9)), CAMERA),
    "volume": (marching_cubes, VOLUME),
    "values": (lambda x: marching_cubes(VOLUME, values=x), VOLUME[None]),
    "volumes": (marching_cubes_batch, VOLUME[None]),
}
OTHERS: dict[str, tuple[Callable[[Tensor], object], Tensor]] = {
    "volume": (lambda x: marching_cubes_padded(x, capacity=(100, 100)), VOLUME),
    "points": (lambda x: occupancy_grid(x, 4, mode="trilinear"), POINTS),
}
EVERY = [(name, *call) for calls in (CALLS, OTHERS) for name, call in calls.items()]


@pytest.mark.parametrize(("name", "call", "value"), EVERY)
def test_sparse_tensors_are_refused_by_name(name: str, call: Callable[[Tensor], object], value: Tensor) -> None:
    call(value)
    with pytest.raises(TypeError, match=r"must be a dense tensor, got one of layout torch\.sparse_coo") as caught:
        call(value.to_sparse())
    assert str(caught.value).startswith(name)


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")  # torch's own use of it
@pytest.mark.parametrize(("name", "call", "value"), EVERY)
def test_tangents_are_refused_by_name(name: str, call: Callable[[Tensor], object], value: Tensor) -> None:
    """Forward-mode derivatives would be zero in silence."""
    with forward_ad.dual_level(), pytest.raises(NotImplementedError, match=r"has a tangent.* use backward") as caught:
        call(forward_ad.make_dual(value, torch.ones_like(value)))
    assert str(caught.value).startswith(name)


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")  # torch's own use of it
def test_jvp_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="points has a tangent"):
        torch.func.jvp(lambda x: sample_voxels([LEVEL], x), (POINTS,), (torch.ones_like(POINTS),))


def test_a_missing_cuda_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(_native, "load", lambda: SimpleNamespace(no_cuda="not built; ..."))

    class OnDevice(torch.Tensor):
        is_cuda = True

    with pytest.raises(ValueError, match=r"volume is on .*the CUDA library of list_fast is not there: not built"):
        _errors.check_tensor("volume", torch.zeros(2, 2, 2).as_subclass(OnDevice), "(D, H, W)", 3)


def test_running_out_of_memory_says_of_what() -> None:
    with pytest.raises(RuntimeError, match=r"cannot allocate a tensor of shape \(1, 1, 100000, .*out of memory"):
        occupancy_grid(torch.zeros(1, 2, 3), 10**5)


def test_values_have_a_type_that_can_be_interpolated() -> None:
    with pytest.raises(TypeError, match="values must be one of float32, float64, float16, bfloat16"):
        marching_cubes(VOLUME, values=VOLUME[None].to(torch.float8_e4m3fn))


def test_sizes_are_no_booleans_and_devices_have_names() -> None:
    with pytest.raises(TypeError, match="canvas must be two integers"):
        sample_images([LEVEL[:, :, 0]], POINTS, CAMERA, canvas=(True, 9))
    with pytest.raises(ValueError, match=r"canvas must be from 1 to 2\^31 - 1"):
        sample_images([LEVEL[:, :, 0]], POINTS, CAMERA, canvas=(9, 10**20))
    for wrong in (None, 5.5, b"cpu"):
        with pytest.raises(TypeError, match="device must be auto, cpu"):
            resolve_device(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="device must be auto, cpu"):
        resolve_device("cpu:3")


def test_packed_meshes_keep_their_offsets_on_the_cpu() -> None:
    with torch.device("meta"):
        meshes = marching_cubes_batch(VOLUME.expand(2, 3, 3, 3))
    assert meshes.vertex_offsets.device.type == "cpu" and len(meshes[1][0]) > 0


def test_vmap_of_a_sampler_is_refused() -> None:
    """By torch; its own batch axis does the same."""
    with pytest.raises(RuntimeError, match="Batching rule not implemented for list_fast::sample_voxels"):
        torch.vmap(lambda points: sample_voxels([LEVEL], points))(POINTS.expand(2, 1, 4, 3))


def test_integers_are_those_of_numpy_and_of_tensors_too() -> None:
    def sphere(p: Tensor) -> Tensor:
        return p.norm(dim=1) - 0.4

    wanted = extract_mesh(sphere, 33, coarse=9)
    for kind in (np.int64, np.uint8, torch.tensor):
        n = kind(33)
        assert occupancy_grid(POINTS, kind(4)).shape == (1, 1, 4, 4, 4)
        for resolution in (n, (n, n, n), [n, 33, n]):
            mesh = extract_mesh(sphere, resolution, coarse=kind(9), chunk=kind(100))
            assert mesh.resolution == (33, 33, 33) and torch.equal(mesh.vertices, wanted.vertices)
        assert marching_cubes_padded(VOLUME, capacity=(kind(50), kind(60)))[0].shape == (50, 3)
        expected = sample_images([LEVEL[:, :, 0]], POINTS, CAMERA, canvas=(9, 9))
        assert torch.equal(sample_images([LEVEL[:, :, 0]], POINTS, CAMERA, canvas=(kind(9), kind(9))), expected)
        assert len(smooth(wanted, iterations=kind(2)).faces) == len(wanted.faces)
    assert extract_mesh(sphere, np.array([33, 33, 33]), coarse=9).evaluated == wanted.evaluated


@pytest.mark.parametrize("wrong", [True, np.True_, 4.0, np.float32(4), torch.tensor(4.0), torch.tensor(True), "4"])
def test_what_is_no_integer_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="resolution must be an int"):
        occupancy_grid(POINTS, wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="resolution must be an int or three of them"):
        extract_mesh(torch.nn.Identity(), wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="resolution must be an int or three of them"):
        extract_mesh(torch.nn.Identity(), (4, 4, wrong))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="canvas must be two integers"):
        sample_images([LEVEL[:, :, 0]], POINTS, CAMERA, canvas=(9, wrong))  # type: ignore[arg-type]
    for kind in ("444", b"444", (4, 4, 4, 4), {0: 4, 1: 4, 2: 4}, np.array([[4, 4, 4]])):
        with pytest.raises(TypeError, match="resolution must be an int or three of them"):
            extract_mesh(torch.nn.Identity(), kind)  # type: ignore[arg-type]


def test_gradients_that_numbers_would_lose_are_refused() -> None:
    level, corner = torch.tensor(0.1, requires_grad=True), torch.ones(3, requires_grad=True)
    calls: list[tuple[str, Callable[[], object]]] = [
        ("level", lambda: marching_cubes(VOLUME, level)),
        ("bounds", lambda: marching_cubes(VOLUME, bounds=([0, 0, 0], corner))),
        ("level", lambda: extract_mesh(torch.nn.Identity(), 8, level=level)),
        ("bounds", lambda: extract_mesh(torch.nn.Identity(), 8, bounds=(corner - 2, corner))),
    ]
    for name, call in calls:
        with pytest.raises(ValueError, match=f"{name} has no gradient: detach it"):
            call()
    with torch.no_grad():
        assert len(marching_cubes(VOLUME, level, bounds=([0, 0, 0], corner))[1]) > 0
