# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What marching cubes promises of every volume, each promise held to volumes of every kind and dtype.

Random, sparse in signs, tied with the level, huge, tiny, subnormal, of all magnitudes at once, with NaN, with
infinities, with axes of one node, and rows longer than a word of bits.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from list_fast.ops import marching_cubes
from list_fast.ops import reference_marching_cubes as reference
from list_fast.ops.marching_cubes import DTYPES
from list_fast.ops.marching_cubes_bricks import DTYPES as BRICK_DTYPES
from list_fast.ops.marching_cubes_bricks import bricks_along, marching_cubes_bricks

KINDS = ("random", "sparse", "tied", "huge", "tiny", "subnormal", "mixed", "nan", "infinite", "everything")


class Case(NamedTuple):
    """A volume (D, H, W) and a level."""

    volume: Tensor
    level: float


@st.composite
def cases(
    draw: st.DrawFn,
    closed: bool = False,
    kinds: tuple[str, ...] = KINDS,
    dtypes: tuple[torch.dtype, ...] = DTYPES,
) -> Case:
    """closed: nodes at the border lie outside, and no value is NaN."""
    kind, dtype = draw(st.sampled_from(kinds)), draw(st.sampled_from(dtypes))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    sides = [draw(st.integers(2, 7)) for _ in range(3)]
    form = draw(st.sampled_from(["block", "block", "block", "row", "plane"]))
    if form == "row":
        sides = [min(sides[0], 3), min(sides[1], 3), draw(st.integers(60, 70))]
    if form == "plane":
        sides[draw(st.integers(0, 2))] = 1
    values = torch.randn(sides, generator=generator, dtype=torch.float64)

    def some(share: float) -> Tensor:
        return torch.rand(sides, generator=generator) < share

    if dtype.is_floating_point:
        level = draw(st.sampled_from([0.0, 0.5, -1.0]))
        span = torch.finfo(torch.float32 if dtype == torch.float64 else dtype)
    else:
        level = draw(st.sampled_from([64.0, 64.5, 0.0, 3.25]))
        values = values.mul(4 if kind == "tied" else 40).add(64).round()
    if kind == "sparse":
        values = torch.where(some(0.05), level - 1.0, level + 1.0)
    elif kind == "tied":
        values = torch.where(some(0.5), values.sub(level).round().add(level), torch.tensor(level))
        values[some(0.3)] = level - 1
    elif not dtype.is_floating_point:
        values[some(0.3)] = float(torch.iinfo(dtype).max)
        values[some(0.3)] = float(torch.iinfo(dtype).min)
    elif kind == "huge":
        values = (values * (span.max / 2)).clamp(-span.max, span.max)
    elif kind in ("tiny", "subnormal"):
        level, values = 0.0, values * (span.tiny * 4 if kind == "tiny" else span.smallest_normal / 64)
    elif kind in ("mixed", "everything"):
        exponents = torch.rand(sides, generator=generator, dtype=torch.float64) * 2 - 1
        values = (values.sign() * 10 ** (exponents * math.log10(span.max))).clamp(-span.max, span.max)
        values[some(0.2)] = level
    if dtype.is_floating_point and kind in ("infinite", "everything"):
        values[some(0.1)], values[some(0.1)] = math.inf, -math.inf
    if dtype.is_floating_point and kind in ("nan", "everything") and not closed:
        values[some(0.08)] = math.nan
    if not dtype.is_floating_point:
        values = values.clamp(torch.iinfo(dtype).min, torch.iinfo(dtype).max)
    volume = values.to(dtype)
    if closed:
        outside = float(torch.iinfo(dtype).max) if not dtype.is_floating_point else level + 1
        volume = torch.nn.functional.pad(volume, (1,) * 6, value=outside)
    return Case(volume, level)


def raw(case: Case) -> tuple[Tensor, Tensor, Tensor]:
    """Vertices, faces (int64) and the lattice edges of vertices."""
    vertices, faces, edges = torch.ops.list_fast.marching_cubes(case.volume, case.level, True)
    return vertices, faces.long(), edges


def sides_of(faces: Tensor) -> Tensor:
    """The directed edges (3 F, 2) of faces."""
    return torch.stack([faces, faces.roll(-1, 1)], 2).reshape(-1, 2)


def keys(sides: Tensor) -> Tensor:
    """One number for each directed edge."""
    return sides[:, 0] << 32 | sides[:, 1]


def middles(case: Case, edges: Tensor) -> Tensor:
    """The middles (V, 3) of lattice edges, in half cells."""
    _, height, width = case.volume.shape
    low = edges // 3
    places = torch.stack([low // (height * width), low // width % height, low % width], 1)
    return 2 * places + torch.nn.functional.one_hot(edges % 3, 3)


def may_be_open(case: Case, middle: Tensor) -> Tensor:
    """Of segments between lattice edges (N, 2, 3) on one cell face: whether one of the two cells there is none, or has
    a NaN."""
    known = ~case.volume.isnan()
    for axis in range(3):
        known = known.narrow(axis, 0, known.shape[axis] - 1) & known.narrow(axis, 1, known.shape[axis] - 1)
    known = torch.nn.functional.pad(known, (1,) * 6)
    result = torch.zeros(len(middle), dtype=torch.bool)
    for axis in range(3):
        on_plane = (middle[:, 0, axis] == middle[:, 1, axis]) & (middle[:, 0, axis] % 2 == 0)
        above = middle.amin(1) // 2 + 1  # of the padded cells
        below = above.clone()
        below[:, axis] -= 1
        both = known[tuple(above.T.clamp_min(0))] & known[tuple(below.T)]
        result |= on_plane & ~both
    return result


def cells_of(case: Case, faces: Tensor, edges: Tensor) -> Tensor:
    """Row-major numbers (F,) of the cells of faces: no face lies in a side of its cell."""
    _, height, width = case.volume.shape
    place = middles(case, edges)[faces].amin(1) // 2
    return (place[:, 0] * height + place[:, 1]) * width + place[:, 2]


def has_no_area(vertices: Tensor, faces: Tensor) -> Tensor:
    a, b, c = vertices.double()[faces.long()].unbind(1)
    return (torch.linalg.cross(b - a, c - a) == 0).all(1)


def surplus(faces: Tensor) -> Tensor:
    """How often each edge of a mesh is run through one way more than the other: nothing where it is closed."""
    sides = sides_of(faces.long())
    low, high = sides.amin(1), sides.amax(1)
    number = keys(torch.stack([low, high], 1)).unique(return_inverse=True)[1]
    way = torch.where(sides[:, 0] == low, 1, -1)
    return torch.zeros(int(number.max()) + 1 if len(number) else 0, dtype=torch.int64).index_add(0, number, way)


EACH = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EACH
@given(case=cases())
def test_closed_away_from_the_border_and_from_nan(case: Case) -> None:
    _, faces, edges = raw(case)
    sides = sides_of(faces)
    alone = sides[~torch.isin(keys(sides), keys(sides.flip(1)))]
    assert bool(may_be_open(case, middles(case, edges)[alone]).all())


@EACH
@given(case=cases(closed=True))
def test_every_edge_is_in_two_faces(case: Case) -> None:
    sides = sides_of(raw(case)[1])
    assert bool((keys(sides.sort(1)[0]).unique(return_counts=True)[1] == 2).all())


@EACH
@given(case=cases())
def test_orientation_is_consistent(case: Case) -> None:
    """Two faces run through the edge that they share in opposite ways."""
    sides = keys(sides_of(raw(case)[1]))
    assert len(sides.unique()) == len(sides)


@EACH
@given(case=cases(closed=True))
def test_faces_look_outwards(case: Case) -> None:
    vertices, faces, _ = raw(case)
    a, b, c = vertices.double()[faces].unbind(1)
    assert float((a * torch.linalg.cross(b, c)).sum()) >= -1e-9 * len(faces)


@EACH
@given(case=cases())
def test_no_vertex_is_there_twice(case: Case) -> None:
    """One for each lattice edge, and two at one place only at a node, where several edges end."""
    vertices, _, edges = raw(case)
    places, number, count = vertices.unique(dim=0, return_inverse=True, return_counts=True)
    at_node = (places == places.round()).all(1)
    assert bool((edges[1:] > edges[:-1]).all()) and bool((at_node | (count == 1)).all()) and len(number) == len(edges)


@EACH
@given(case=cases())
def test_no_face_names_a_vertex_twice(case: Case) -> None:
    a, b, c = raw(case)[1].unbind(1)
    assert bool(((a != b) & (b != c) & (c != a)).all())


@EACH
@given(case=cases())
def test_every_vertex_has_a_face(case: Case) -> None:
    vertices, faces, _ = raw(case)
    assert torch.equal(faces.unique(), torch.arange(len(vertices)))


@EACH
@given(case=cases())
def test_vertices_lie_on_their_edges(case: Case) -> None:
    vertices, _, edges = raw(case)
    along = torch.nn.functional.one_hot(edges % 3, 3)
    low = (middles(case, edges) - along) // 2
    assert bool(((vertices >= low) & (vertices <= low + along)).all())


@EACH
@given(case=cases())
def test_faces_without_area_can_be_left_out(case: Case) -> None:
    vertices, faces = marching_cubes(case.volume, case.level, allow_degenerate=False)
    assert not has_no_area(vertices, faces).any()


@EACH
@given(case=cases(closed=True))
def test_without_faces_of_no_area_a_mesh_is_closed(case: Case) -> None:
    _, faces = marching_cubes(case.volume, case.level, allow_degenerate=False)
    assert not surplus(faces).any()


@EACH
@given(case=cases())
def test_vertices_and_faces_come_in_the_order_of_the_lattice(case: Case) -> None:
    _, faces, edges = raw(case)
    cells = cells_of(case, faces, edges)
    assert bool((edges.diff() > 0).all()) and bool((cells.diff() >= 0).all())


@EACH
@given(case=cases(dtypes=BRICK_DTYPES))
def test_bricks_give_the_bits_of_the_whole_in_lexicographic_order(case: Case) -> None:
    sizes = (case.volume.shape[0], case.volume.shape[1], case.volume.shape[2])
    x, y, z = bricks_along(sizes)
    padded = torch.zeros(8 * x, 8 * y, 8 * z, dtype=case.volume.dtype)
    padded[: sizes[0], : sizes[1], : sizes[2]] = case.volume
    values = padded.view(x, 8, y, 8, z, 8).permute(0, 2, 4, 1, 3, 5).reshape(-1, 8, 8, 8)
    got = marching_cubes_bricks(torch.arange(x * y * z), values, sizes, case.level)
    assert all(torch.equal(a, b) for a, b in zip(got, marching_cubes(case.volume, case.level), strict=True))


@settings(EACH, max_examples=40)
@given(case=cases())
def test_every_device_gives_the_bits_of_the_reference(device: torch.device, case: Case) -> None:
    got = torch.ops.list_fast.marching_cubes(case.volume.to(device), case.level, True)
    wanted = reference.marching_cubes(case.volume, case.level)
    assert all(torch.equal(a.cpu(), b) for a, b in zip(got, wanted, strict=True))


@EACH
@given(case=cases())
def test_cuda_kernels_on_the_host_give_the_same_bits(host: Any, case: Case) -> None:
    got, wanted = (ops.marching_cubes(case.volume, case.level, True) for ops in (host, torch.ops.list_fast))
    assert all(torch.equal(a, b) for a, b in zip(got, wanted, strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("closed", [False, True])
def test_the_volumes_have_surfaces(kind: str, closed: bool) -> None:
    """No promise is kept by there being nothing: most volumes of every kind have faces."""
    faces: list[int] = []

    @settings(max_examples=40, deadline=None, database=None, derandomize=True)
    @given(case=cases(closed=closed, kinds=(kind,)))
    def collect(case: Case) -> None:
        faces.append(len(raw(case)[1]))

    collect()
    assert sum(n > 0 for n in faces) > len(faces) / 2
