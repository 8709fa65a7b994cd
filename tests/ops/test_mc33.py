# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes 33: every decision a cell can meet, topology against fine subdivision, closed meshes, gradients."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from list_fast.ops import mc33
from list_fast.ops import reference_marching_cubes as reference
from list_fast.ops.marching_cubes import marching_cubes
from list_fast.ops.reference_mc33 import cells_topology, disagreeing, subdivide, topology

TUNNEL = torch.tensor([-1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, -1.0], dtype=torch.float64).view(2, 2, 2)
"""Two inside corners at the ends of a diagonal of the cell, no face ambiguous; times 1 for 0.9 it would be a tie."""


def keys() -> Iterator[int]:
    """Every case with every choice on its ambiguous faces and every result of the interior test."""
    for case in range(256):
        ambiguous = [face for face, ring in enumerate(mc33.RINGS) if mc33.alternates(case, ring)]
        for bits in range(1 << len(ambiguous)):
            joined = sum(1 << face for n, face in enumerate(ambiguous) if bits >> n & 1)
            for interior in range(len(mc33.INTERIOR)):
                yield case + (joined << 8) + (interior << 14)


def directed_edges(faces: Tensor) -> list[tuple[int, int]]:
    pairs = torch.cat([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    return [(a, b) for a, b in pairs.tolist()]


def shell(seed: int, shape: tuple[int, int, int] = (9, 8, 10), ties: bool = False) -> Tensor:
    """Noise, whole numbers where ``ties``, with a border that is outside."""
    volume = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    volume = (1.5 * volume).round() if ties else volume
    for axis in range(3):
        volume.index_fill_(axis, torch.tensor([0, shape[axis] - 1]), 1.0)
    return volume


# ---- the patches ----


@pytest.mark.slow
def test_every_patch_is_manifold_with_the_loops_as_its_rim() -> None:
    count = 0
    for key in keys():
        patch, case, joined = mc33.patch(key), key & 255, key >> 8 & 63
        sides = [(t[n], t[(n + 1) % 3]) for t in patch.triangles for n in range(3)]
        assert len(set(sides)) == len(sides), key
        rim = set(sides) - {(b, a) for a, b in sides}
        rings = mc33.loops(case, joined)
        assert rim == {(ring[n - 1], ring[n]) for ring in rings for n in range(len(ring))}, key
        # A side on a face that is not of the rim could be one of the neighbour's as well.
        between = {(a, b) for a, b in set(sides) - rim - {(b, a) for a, b in rim} if max(a, b) < 12}
        assert not any(reference._on_face(a, b) for a, b in between), key
        for n in set(range(12)) & {e for side in sides for e in side}:
            fan = [t for t in patch.triangles if n in t]  # one umbrella around every vertex of the rim
            assert len({e for t in fan for e in t}) - 1 == len(fan) + 1, key
        for weights in patch.inner:
            assert sum(weights) == pytest.approx(1)
            assert {e for e, w in enumerate(weights) if w} <= {e for ring in rings for e in ring}
        count += 1
    assert count == 3280


def test_no_surface_in_a_cell_has_more_than_two_loops_and_its_euler_number_fits() -> None:
    for key in keys():
        groups = mc33.surfaces(key & 255, key >> 8 & 63, key >> 14)
        assert {len(group) for group in groups} <= {1, 2}
        patch = mc33.patch(key)
        edges = {frozenset((t[n - 1], t[n])) for t in patch.triangles for n in range(3)}
        euler = len({e for t in patch.triangles for e in t}) - len(edges) + len(patch.triangles)
        assert euler == sum(2 - len(group) for group in groups), key


def test_separate_faces_without_a_tunnel_are_the_table() -> None:
    for case in range(256):
        assert mc33.patch(case).triangles == reference.triangle_table()[case]
        assert not mc33.patch(case).inner


# ---- the decisions ----


def test_neighbours_decide_alike_to_the_last_bit() -> None:
    g = torch.Generator().manual_seed(3)
    for scale in (1.0, 1e-30, 1e30):
        volume = (torch.randn(6, 6, 6, generator=g) * scale).double()
        volume[volume > 1.5 * scale] = scale  # some ties
        keys = {}
        for place in torch.cartesian_prod(*[torch.arange(5)] * 3).tolist():
            cell = volume[tuple(slice(p, p + 2) for p in place)].reshape(1, 8)
            keys[tuple(place)] = int(mc33.decide(cell))
        compared = 0
        for place, key in keys.items():
            for axis in range(3):
                beside = tuple(p + (n == axis) for n, p in enumerate(place))
                if beside in keys:
                    mine, theirs = key >> 8 >> 2 * axis + 1 & 1, keys[beside] >> 8 >> 2 * axis & 1
                    assert mine == theirs
                    compared += mine
        assert compared > 10


def test_a_tunnel_through_a_cell_without_ambiguous_faces() -> None:
    one = TUNNEL.where(TUNNEL < 0, 0.2)  # outside so close to the level that the corners meet
    assert cells_topology(torch.stack([one, TUNNEL.where(TUNNEL < 0, 4.0)]), 1, "mc33").tolist() == [[0, 1], [2, 2]]
    assert cells_topology(torch.stack([one, TUNNEL.where(TUNNEL < 0, 4.0)]), 32, "lorensen").tolist() == [
        [0, 1],
        [2, 2],
    ]


def test_a_face_joins_where_its_saddle_is_below_the_level() -> None:
    for a, b, joined in ((-2.0, 1.0, True), (-1.0, 2.0, False), (-1.0, 1.0, False)):
        face = torch.tensor([[a, b], [b, a]], dtype=torch.float64)
        cell = torch.stack([face, torch.full_like(face, 5.0)])
        assert cells_topology(cell[None], 1, "mc33")[0, 1] == (1 if joined else 2)


@pytest.mark.slow
def test_topology_of_a_thousand_cells() -> None:
    cells = torch.randn(1000, 2, 2, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    left, _ = disagreeing(cells, cells_topology(cells, 1, "mc33"))
    assert len(left) == 0
    table = cells_topology(cells, 1, "lorensen")
    assert int((table != cells_topology(cells, 1, "mc33")).any(1).sum()) > 150  # the table fails the same test


@pytest.mark.slow
def test_topology_of_a_hundred_thousand_cells() -> None:
    cells = torch.randn(100_000, 2, 2, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    left, counts = disagreeing(cells, cells_topology(cells, 1, "mc33"))
    assert counts[0] < 300
    # A neck thinner than a 192nd of a cell: a still finer lattice must see it.
    for cell in left.tolist():
        found = cells_topology(cells[cell : cell + 1], 1, "mc33")
        assert torch.equal(found, cells_topology(cells[cell : cell + 1], 400, "lorensen")), cells[cell]


@pytest.mark.parametrize("seed", range(4))
def test_topology_of_volumes(seed: int) -> None:
    volume = shell(seed, (6, 5, 6))
    vertices, faces = marching_cubes(volume, method="mc33")
    fine, fine_faces = marching_cubes(subdivide(volume, 24))
    one, other = (
        topology(len(v), f, torch.zeros(len(v), dtype=torch.int64), 1)
        for v, f in ((vertices, faces), (fine, fine_faces))
    )
    assert torch.equal(one, other)


# ---- the mesh ----


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.int8])
def test_noise_inside_a_shell_is_closed_and_manifold(dtype: torch.dtype, ties: bool) -> None:
    for seed in range(4):
        volume = (shell(seed, ties=ties) * (20 if dtype == torch.int8 else 1)).to(dtype)
        vertices, faces = marching_cubes(volume, 0.0, method="mc33")
        assert vertices.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
        assert torch.equal(faces.unique().long(), torch.arange(len(vertices)))
        count = Counter(directed_edges(faces))
        assert set(count.values()) == {1}
        assert all((b, a) in count for a, b in count)
        assert not torch.equal(faces, marching_cubes(volume, 0.0)[1])  # something was decided
        again = marching_cubes(volume, 0.0, method="mc33")
        assert torch.equal(again[0], vertices) and torch.equal(again[1], faces)


def test_faces_look_outwards() -> None:
    volume, signed = shell(5), []
    calls: list[tuple[int, Any]] = [(16, "lorensen"), (1, "mc33"), (1, "lorensen")]
    for n, method in calls:
        vertices, faces = marching_cubes(subdivide(volume, n), method=method)
        a, b, c = vertices[faces.long()].unbind(1)
        signed.append(float((a * torch.linalg.cross(b, c)).sum() / 6) / n**3)
    assert signed[1] == pytest.approx(signed[0], rel=0.05)
    assert abs(signed[1] - signed[0]) < abs(signed[2] - signed[0])  # nearer than the table


def test_equals_the_table_where_nothing_is_ambiguous() -> None:
    axis = torch.linspace(-1, 1, 20)
    x, y, z = torch.meshgrid(axis, axis, axis, indexing="ij")
    volume = (x * x + y * y + z * z).sqrt() - 0.7
    volume[3, 3, 3] = math.nan
    for one, two in zip(marching_cubes(volume), marching_cubes(volume, method="mc33"), strict=True):
        assert torch.equal(one, two)


def test_cells_with_nan_are_empty_and_infinite_values_harmless() -> None:
    for seed in range(10):
        volume = shell(seed).float()
        g = torch.Generator().manual_seed(seed)
        volume[torch.rand(volume.shape, generator=g) < 0.05] = math.nan
        volume[torch.rand(volume.shape, generator=g) < 0.05] = -math.inf
        vertices, faces = marching_cubes(volume, method="mc33")
        assert bool(vertices.isfinite().all())
        assert torch.equal(faces.unique().long(), torch.arange(len(vertices)))
        assert set(Counter(directed_edges(faces)).values()) == {1}
        bare = marching_cubes(volume)[0]
        assert torch.equal(vertices[: len(bare)], bare)


@pytest.mark.parametrize("shape", [(1, 4, 4), (0, 3, 3), (3, 3, 3)])
def test_no_surface_gives_empty_tensors(shape: tuple[int, int, int]) -> None:
    vertices, faces = marching_cubes(torch.ones(shape), method="mc33")
    assert vertices.shape == (0, 3) and faces.shape == (0, 3)


@pytest.mark.slow
def test_gradients_of_inner_vertices_and_values() -> None:
    volume = TUNNEL.where(TUNNEL < 0, 0.2).clone()
    vertices, faces = marching_cubes(volume, method="mc33")
    assert (len(vertices), len(faces)) == (9, 12)
    assert float((vertices[6:] - 0.5).abs().max()) < 0.5
    values = torch.rand(2, 2, 2, 2, dtype=torch.float64)

    def outputs(volume: Tensor, values: Tensor) -> tuple[Tensor, ...]:
        vertices, _, normals, at = marching_cubes(volume, method="mc33", values=values, return_normals=True)
        return vertices, normals, at

    inputs = volume.requires_grad_(), values.requires_grad_()
    assert torch.autograd.gradcheck(outputs, inputs)
    assert torch.autograd.gradgradcheck(outputs, inputs, fast_mode=True)
    shapes = [tuple(x.shape) for x in outputs(*inputs)]
    assert shapes == [(9, 3), (9, 3), (9, 2)]


def test_bounds_transform_and_degenerate_faces() -> None:
    volume = shell(2)
    plain, faces = marching_cubes(volume, method="mc33")
    mirror = torch.diag(torch.tensor([-2.0, 1.0, 1.0, 1.0]))
    moved, turned = marching_cubes(volume, method="mc33", transform=mirror)
    assert torch.equal(moved, plain * torch.tensor([-2.0, 1.0, 1.0])) and torch.equal(turned, faces.flip(1))
    high = [2.0 * (n - 1) for n in volume.shape]
    assert torch.allclose(marching_cubes(volume, method="mc33", bounds=((0, 0, 0), high))[0], 2 * plain)
    vertices, faces, normals = marching_cubes(
        shell(2, ties=True), method="mc33", allow_degenerate=False, return_normals=True
    )
    assert len(vertices) == len(normals) and int(faces.max()) < len(vertices)
    assert Counter(directed_edges(faces)) == Counter((b, a) for a, b in directed_edges(faces))


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(ValueError, match=r"method must be .*lorensen.*mc33"):
        marching_cubes(torch.zeros(2, 2, 2), method="lewiner")  # type: ignore[call-overload]
