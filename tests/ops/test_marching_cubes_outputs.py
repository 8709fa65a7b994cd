# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes of integers, under affine maps, and with values beside the volume."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from list_fast.ops import reference_marching_cubes as reference
from list_fast.ops.marching_cubes import marching_cubes


def raw(volume: Tensor, level: float) -> tuple[Tensor, Tensor, Tensor]:
    return torch.ops.list_fast.marching_cubes(volume, level, True)


def sphere(n: int, dtype: torch.dtype = torch.float32) -> Tensor:
    axis = torch.linspace(-1, 1, n, dtype=dtype)
    return (axis[:, None, None].square() + axis[:, None].square() + axis.square()).sqrt() - 0.7


def directed_edges(faces: Tensor) -> Tensor:
    faces = faces.long()
    return torch.cat([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])


INTEGERS = (torch.uint8, torch.int8, torch.int16)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_are_read_as_the_floats_that_they_are(dtype: torch.dtype, device: torch.device) -> None:
    span = torch.iinfo(dtype)
    for seed, shape in enumerate([(5, 6, 7), (3, 4, 64), (3, 4, 65), (2, 3, 200), (1, 4, 4), (0, 2, 2)]):
        g = torch.Generator().manual_seed(seed)
        volume = torch.randint(span.min, span.max + 1, shape, generator=g).to(device, dtype)
        for level in (0.0, 0.5, span.max / 3, float(span.max), span.max + 1.0, span.min - 0.5, 1e30):
            got, wanted = raw(volume, level), raw(volume.float(), level)
            assert all(torch.equal(a, b) and a.dtype == b.dtype for a, b in zip(got, wanted, strict=True)), level
            expected = reference.marching_cubes(volume.cpu(), level)[0]
            assert torch.equal(got[0].cpu(), expected)
            normals = marching_cubes(volume, level, return_normals=True)[2]
            assert torch.equal(normals, marching_cubes(volume.float(), level, return_normals=True)[2])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_values_lie_where_vertices_do_past_the_largest_rise(dtype: torch.dtype, device: torch.device) -> None:
    most = torch.finfo(dtype).max
    for low, high in ((-most / 4, most * 0.875), (most, -most), (-most, 1.0), (-0.3, 0.7)):
        volume = torch.tensor([low, high], dtype=dtype, device=device)[:, None, None].expand(2, 2, 2)
        place = torch.arange(2, dtype=dtype, device=device)[:, None, None].expand(1, 2, 2, 2)
        vertices, _, values = marching_cubes(volume, 0.1, values=place)
        assert len(vertices) == 4 and torch.equal(values[:, 0], vertices[:, 0])


def test_a_mask_gives_a_closed_surface() -> None:
    mask = (sphere(20) < 0).to(torch.uint8)
    vertices, faces = marching_cubes(255 - 255 * mask, 127.5, bounds=((-1, -1, -1), (1, 1, 1)))
    edges = directed_edges(faces)
    assert len(faces) and torch.equal(edges.unique(dim=0), edges.flip(1).unique(dim=0))
    assert (vertices.norm(dim=1) - 0.7).abs().max() < 0.1


def test_a_transform_maps_vertices_normals_and_winding(device: torch.device) -> None:
    volume = torch.randn(5, 6, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(1)).to(device)
    plain, faces, upward = marching_cubes(volume, 0.1, return_normals=True)
    g = torch.Generator().manual_seed(0)
    for mirror in (1.0, -1.0):
        matrix = torch.eye(4, dtype=torch.float64)
        matrix[:3] += torch.randn(3, 4, dtype=torch.float64, generator=g) * 0.3
        matrix[0] *= mirror
        for form in (matrix, matrix.tolist()):
            vertices, turned, normals = marching_cubes(volume, 0.1, transform=form, return_normals=True)
            torch.testing.assert_close(vertices, plain @ matrix[:3, :3].T.to(device) + matrix[:3, 3].to(device))
            assert torch.equal(turned, faces if mirror > 0 else faces.flip(1))
            expected = upward @ torch.linalg.inv(matrix[:3, :3]).to(device)
            torch.testing.assert_close(normals, torch.nn.functional.normalize(expected, dim=1))
    stretch = [[2.0, 0, 0, 10], [0, 1, 0, 20], [0, 0, 0.5, 30], [0, 0, 0, 1]]
    ends = tuple(10.0 * k + s * (n - 1) for k, s, n in zip((1, 2, 3), (2, 1, 0.5), volume.shape, strict=True))
    pairs = zip(
        marching_cubes(volume, 0.1, transform=stretch, return_normals=True),
        marching_cubes(volume, 0.1, bounds=((10, 20, 30), ends), return_normals=True),
        strict=True,
    )
    for a, b in pairs:
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_values_are_interpolated_as_the_vertices(dtype: torch.dtype, device: torch.device) -> None:
    volume = sphere(12, dtype=torch.float64).to(device)
    index = torch.stack(torch.meshgrid(*(torch.arange(12.0),) * 3, indexing="ij")).to(device, dtype)
    for kind in (volume, volume.float(), (volume * 50).to(torch.int8)):
        vertices, _, places = marching_cubes(kind, values=index)
        assert places.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
        torch.testing.assert_close(places.double(), vertices.double(), rtol=0, atol=1e-5)
    vertices, faces, normals, places = marching_cubes(volume, values=index[:0], return_normals=True)
    assert places.shape == (len(vertices), 0) and normals.shape == vertices.shape and len(faces)
    assert marching_cubes(volume, 5.0, values=index)[2].shape == (0, 3)


def test_values_beside_infinite_nodes_are_those_of_the_vertex() -> None:
    volume = torch.tensor([-1.0, math.inf])[:, None, None].expand(2, 2, 2)
    colour = torch.arange(8.0).view(1, 2, 2, 2)
    assert torch.equal(marching_cubes(volume, values=colour)[2], torch.arange(4.0)[:, None])


def test_values_are_exact_at_the_ends_of_an_edge() -> None:
    """A vertex on a node has what is known there, whatever lies at the other end of its edge."""
    x = torch.arange(2.0)[:, None, None].expand(2, 2, 2)
    upper, lower = x - 1, x - 1e-30  # the surface through the second node, and all but in the first
    for volume, ends, expected in ((upper, (1e8, 1.0), 1.0), (upper, (math.nan, 5.0), 5.0), (lower, (5.0, 1e8), 5.0)):
        values = torch.where(x == 0, ends[0], ends[1])[None].requires_grad_()
        at_vertices = marching_cubes(volume, values=values)[2]
        assert torch.equal(at_vertices.detach(), torch.full((4, 1), expected))
        at_vertices.sum().backward()
        assert values.grad is not None and values.grad.sum() == 4


@pytest.mark.parametrize("scale", [1e-38, 1e-20, 3e22, 1e30])
def test_normals_of_any_size_have_unit_length(scale: float) -> None:
    generator = torch.Generator().manual_seed(0)
    volume = torch.randn(6, 6, 6, generator=generator)
    plain = marching_cubes(volume, return_normals=True)[2]
    matrix = torch.diag(torch.tensor([scale, scale, scale, 1.0], dtype=torch.float64))
    torch.testing.assert_close(marching_cubes(volume, transform=matrix, return_normals=True)[2], plain)


@pytest.mark.parametrize("power", [-80, -70, 64, 80])
def test_gradients_of_normals_do_not_depend_on_the_volumes_size(power: int) -> None:
    generator = torch.Generator().manual_seed(0)
    volume = torch.randn(5, 5, 5, generator=generator)

    def gradient(factor: float) -> Tensor:
        scaled = (volume * factor).requires_grad_()
        normals = marching_cubes(scaled, return_normals=True)[2]
        seed = torch.randn(normals.shape, generator=torch.Generator().manual_seed(1))
        return torch.autograd.grad(normals, scaled, seed)[0] * factor

    torch.testing.assert_close(gradient(2.0**power), gradient(1.0))


def test_normals_of_inner_vertices_have_unit_length() -> None:
    generator = torch.Generator().manual_seed(8)
    volume = torch.randn(4, 4, 4, generator=generator)
    volume = volume * 10.0 ** torch.randint(-38, 38, (4, 4, 4), generator=generator).float()
    lengths = marching_cubes(volume, method="mc33", return_normals=True)[2].double().norm(dim=1)
    assert ((lengths - 1).abs() < 1e-6).logical_or(lengths == 0).all()


def test_a_transform_must_be_one_that_vertices_can_have() -> None:
    volume = torch.randn(4, 4, 4)
    far = torch.diag(torch.tensor([2e38, 1.0, 1.0, 1.0], dtype=torch.float64))
    with pytest.raises(ValueError, match="transform must take the nodes to places that are finite in float32"):
        marching_cubes(volume, transform=far)
    assert marching_cubes(volume.double(), transform=far)[0].isfinite().all()
    with pytest.raises(ValueError, match="transform has no gradient: detach it"):
        marching_cubes(volume, transform=torch.eye(4, requires_grad=True))
    with torch.device("meta"):  # a default device is no one's but of tensors made by hand
        vertices, faces = marching_cubes(volume, transform=torch.eye(4, device="cpu"))
    assert torch.equal(vertices, marching_cubes(volume)[0]) and torch.equal(faces, marching_cubes(volume)[1])


def test_a_transform_is_compiled_along() -> None:
    matrix = [[0.0, 2.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.5, 3.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    volume = sphere(8)

    def surface(volume: Tensor) -> tuple[Tensor, ...]:
        return marching_cubes(volume, transform=matrix, return_normals=True)

    compiled = torch.compile(surface, backend="aot_eager", fullgraph=True)(volume)
    assert all(torch.equal(a, b) for a, b in zip(compiled, surface(volume), strict=True))
