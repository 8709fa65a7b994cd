# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A field in half precision, refined near the surface, has the mesh of float32."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from torch import Tensor

from list_fast import extract_mesh
from list_fast.meshing import Guarantee, Mesh
from list_fast.model import LIST, Field, LISTConfig, query_costs
from list_fast.model.half_field import FusedDecoder
from list_fast.model.list_model import to_query_frame
from list_fast.ops import reference
from list_fast.reconstruction import Reconstructor, mesh_field

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "chair.png"
VOXELS = 0.05
"""How far the meshes may lie apart, in the distance of neighbouring nodes."""


def voxels_apart(one: Mesh, other: Mesh, spacing: float) -> float:
    """How far vertices of meshes with the same faces lie apart at most, in voxels; their surfaces are no farther."""
    return float((one.vertices - other.vertices).norm(dim=1).max()) / spacing


def ball(points: Tensor) -> Tensor:
    return points.norm(dim=-1) - 0.4


def noisy_ball(points: Tensor, amount: float = 0.01) -> Tensor:
    return ball(points) + amount * torch.sin(913 * points).prod(-1)


@pytest.fixture(scope="module")
def trained() -> Field:
    """The field of the example's picture by the weights that are shipped."""
    found: list[Field] = []
    reconstructor = Reconstructor(device="cpu")
    from list_fast.data.preprocess import frame_image, read_image

    pixels = torch.from_numpy(frame_image(read_image(EXAMPLE)).pixels).permute(2, 0, 1).contiguous()
    with torch.inference_mode():
        found.append(reconstructor.model.encode(pixels))
    return found[0]


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_mesh_of_the_shipped_weights_is_that_of_float32(trained: Field, precision: str) -> None:
    resolution = 48
    expected = mesh_field(trained, resolution)
    mesh = mesh_field(trained, resolution, precision)
    assert expected.reevaluated == 0 and expected.draft_error is None
    assert 0 < mesh.reevaluated < mesh.evaluated
    assert mesh.draft_error is not None and mesh.draft_error > 0
    assert torch.equal(mesh.faces, expected.faces)
    assert voxels_apart(mesh, expected, 1.1 / (resolution - 1)) <= VOXELS


@pytest.mark.slow
def test_draft_alone_is_another_mesh(trained: Field) -> None:
    """The bound is met by what is refined: without that the mesh in half precision is another."""
    expected = extract_mesh(trained, 24, mode="exact")
    draft = extract_mesh(trained.half(), 24, mode="exact")
    assert expected.vertices.shape != draft.vertices.shape or not torch.allclose(
        expected.vertices, draft.vertices, rtol=0, atol=1e-5
    )


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["exact"])
def test_base_model_with_random_weights(mode: str) -> None:
    torch.manual_seed(0)
    model = LIST(LISTConfig.base()).eval()
    for layer in model.sdf_decoder.fc.values():
        layer.weight.data.mul_(3)
    field = model.encode(torch.rand(3, 224, 224))
    resolution = 20
    corners = torch.cartesian_prod(*[torch.linspace(-0.5, 0.5, 8)] * 3)
    level = float(field.sdf(corners).median())  # a surface through the box, whatever the weights are
    expected = extract_mesh(field, resolution, mode=mode, level=level)
    mesh = extract_mesh(field, resolution, mode=mode, level=level, draft=field.half())
    assert len(expected.faces) > 100
    assert mesh.reevaluated > 0
    assert torch.equal(mesh.faces, expected.faces)
    assert voxels_apart(mesh, expected, 1.1 / (resolution - 1)) <= VOXELS


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_is_near_the_field(small_model: LIST, dtype: torch.dtype) -> None:
    field = small_model.encode(torch.rand(3, 224, 224, generator=torch.Generator().manual_seed(1)))
    half = field.half(dtype)
    scattered = torch.rand(500, 3, generator=torch.Generator().manual_seed(2)) - 0.5
    axis = torch.linspace(-0.5, 0.5, 32)
    for points in (scattered, torch.cartesian_prod(axis[:4], axis[:4], axis)):
        exact, value = field.sdf(points), half.sdf(points)
        assert value.dtype == torch.float32 and value.shape == exact.shape
        error = float((value - exact).abs().max() / exact.abs().max())
        assert 0 < error < {torch.bfloat16: 0.05, torch.float16: 0.01}[dtype]


def test_half_names_what_is_wrong(small_model: LIST) -> None:
    field = small_model.encode(torch.rand(3, 224, 224))
    with pytest.raises(ValueError, match=r"dtype must be torch.bfloat16 or torch.float16, got torch.int8"):
        field.half(torch.int8)
    with pytest.raises(ValueError, match=r"points must have shape"):
        field.half().sdf(torch.rand(4, 2))
    assert not hasattr(field.half(), "bounds")
    with pytest.raises(ValueError, match="precision must be one of 'float32', 'bfloat16', 'float16', got 'int8'"):
        mesh_field(field, 32, "int8")


@pytest.mark.parametrize("mode", ["exact", "lipschitz", "band"])
@pytest.mark.parametrize("resolution", [20, (70, 65, 81)])
def test_refined_mesh_is_that_of_the_field(mode: str, resolution: int | tuple[int, int, int]) -> None:
    expected = extract_mesh(ball, resolution, mode=mode)
    mesh = extract_mesh(ball, resolution, mode=mode, draft=noisy_ball)
    assert torch.equal(mesh.vertices, expected.vertices)
    assert torch.equal(mesh.faces, expected.faces)
    left_out = any(level.culled or level.octants for level in mesh.culled)
    assert mesh.guarantee == (Guarantee.NONE if mode == "band" and left_out else "estimated")
    assert mesh.draft_error is not None and 0.01 < mesh.draft_error <= 0.08


def test_every_value_of_the_field_is_counted() -> None:
    asked = drafted = 0

    def field(points: Tensor) -> Tensor:
        nonlocal asked
        asked += len(points)
        return ball(points)

    def draft(points: Tensor) -> Tensor:
        nonlocal drafted
        drafted += len(points)
        values = noisy_ball(points, 1e-3)
        values[points[:, 0].abs() < 0.02] = torch.inf  # as halves that overflow
        return values

    mesh = extract_mesh(field, 80, draft=draft)
    expected = extract_mesh(ball, 80)
    assert torch.equal(mesh.vertices, expected.vertices)
    assert (mesh.reevaluated, mesh.evaluated) == (asked, drafted)


def test_draft_is_checked() -> None:
    with pytest.raises(TypeError, match="draft must be a callable"):
        extract_mesh(ball, 16, draft=3)  # type: ignore[arg-type]
    network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
    with pytest.raises(ValueError, match="draft must be left out"):
        extract_mesh(network, 16, mode="certified", draft=ball)


@pytest.mark.parametrize("resize", [False, True])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_the_fused_decoder_is_the_field(monkeypatch: pytest.MonkeyPatch, resize: bool, dtype: torch.dtype) -> None:
    """What is handed to the kernel for GPUs, evaluated by the kernel's reference; with ways of summing as on a GPU."""
    monkeypatch.setattr(query_costs, "ways_of_voxels", lambda levels, *_: ["direct"] * len(levels))
    monkeypatch.setattr(query_costs, "image_is_projected", lambda *_: False)
    torch.manual_seed(0)
    model = LIST(dataclasses.replace(LISTConfig.small(), resize_levels_to_canvas=resize)).eval()
    with torch.no_grad():
        field = model.encode(torch.rand(3, 224, 224))
    points = (torch.rand(500, 3) - 0.5) * 1.2
    expected = field.sdf(points)
    assert not FusedDecoder.takes(field)  # not on a CPU
    given = FusedDecoder(field, dtype).arguments
    assert len(given["maps"]) == resize and len(given["images"]) == (0 if resize else 4)
    found = reference.decode_queries(points=to_query_frame(points), **given)
    allowed = 0.02 if dtype == torch.float16 else 0.1
    assert (found - expected).abs().max() < allowed * expected.std()
    wrong = reference.decode_queries(points=points, **given)
    assert (wrong - expected).abs().max() > 5 * allowed * expected.std()


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_on_a_gpu_the_decoder_is_fused(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    model = LIST(LISTConfig.small()).eval().cuda()
    with torch.no_grad():
        field = model.encode(torch.rand(3, 224, 224).cuda())
    assert FusedDecoder.takes(field)
    points = (torch.rand(5000, 3).cuda() - 0.5) * 1.2
    expected, found = field.sdf(points), field.half(dtype).sdf(points)
    assert (found - expected).abs().max() < (0.02 if dtype == torch.float16 else 0.1) * expected.std()
