# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes: the table, the kernels against the reference, closed meshes, geometry, gradients, registration."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from list_fast.ops import reference_marching_cubes as reference
from list_fast.ops.marching_cubes import marching_cubes, normals_reference

DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
ROOT = Path(__file__).parents[2]


def raw(volume: Tensor, level: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
    return torch.ops.list_fast.marching_cubes(volume, level, True)


def lattice(n: int, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor, Tensor]:
    axis = torch.linspace(-1, 1, n, dtype=dtype)
    x, y, z = torch.meshgrid(axis, axis, axis, indexing="ij")
    return x, y, z


def sphere(n: int, radius: float = 0.7, dtype: torch.dtype = torch.float32) -> Tensor:
    x, y, z = lattice(n, dtype)
    return (x * x + y * y + z * z).sqrt() - radius


def noise(seed: int) -> Tensor:
    """A small volume of one of many kinds: smooth, tied, tiny, huge, with NaN, with infinities, past a word of bits."""
    g = torch.Generator().manual_seed(seed)
    shape = torch.randint(1, 9, (3,), generator=g).tolist()
    if seed % 5 == 0:
        shape[:2], shape[2] = [min(n, 4) for n in shape[:2]], 60 + seed % 80
    volume = torch.randn(shape, generator=g)
    kind = seed % 7
    if kind == 1:
        volume = (2 * volume).round()
    if kind == 2:
        volume = volume * 1e-44
    if kind == 3:
        volume = volume * 1e38
    if kind in (4, 5):
        volume[torch.rand(shape, generator=g) < 0.08] = math.nan
    if kind in (5, 6):
        volume[torch.rand(shape, generator=g) < 0.08] = math.inf
        volume[torch.rand(shape, generator=g) < 0.08] = -math.inf
    return volume


def directed_edges(faces: Tensor) -> Tensor:
    faces = faces.long()
    return torch.cat([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])


# ---- the table ----


def test_every_case_is_a_closed_patch_whose_rim_is_the_face_rule() -> None:
    for case, triangles in enumerate(reference.triangle_table()):
        sides = [(t[n], t[(n + 1) % 3]) for t in triangles for n in range(3)]
        assert len(sides) == len(set(sides)), case
        rim = {(a, b) for a, b in sides if (b, a) not in sides}
        assert rim == set(reference.face_segments(case).items()), case
        crossed = {e for e in range(12) if len({case >> c & 1 for c in reference.edge_corners(e)}) == 2}
        assert {e for t in triangles for e in t} == crossed, case
    assert max(len(t) for t in reference.triangle_table()) == 5


def test_no_diagonal_lies_on_a_face() -> None:
    # Otherwise a neighbour could draw the same diagonal, and the edge would have four faces.
    for case, triangles in enumerate(reference.triangle_table()):
        rim = set(reference.face_segments(case).items())
        for t in triangles:
            for a, b in ((t[0], t[1]), (t[1], t[2]), (t[2], t[0])):
                if (a, b) not in rim:
                    corners = [reference.CORNERS[c] for e in (a, b) for c in reference.edge_corners(e)]
                    assert all(len({c[axis] for c in corners}) == 2 for axis in range(3)), (case, a, b)


@pytest.mark.parametrize("axis", range(3))
def test_neighbours_agree_on_every_face_pattern(axis: int) -> None:
    """For all pairs of cases that share a face, one cell's segments on it are the other's, run backwards."""
    moved = {}
    for e, (along, low) in enumerate(reference.EDGES):
        if along != axis and low[axis] == 0:
            up = list(low)
            up[axis] = 1
            moved[reference.EDGES.index((along, (up[0], up[1], up[2])))] = e
    low_side: dict[int, set[tuple[int, int]]] = {}
    high_side: dict[int, set[tuple[int, int]]] = {}
    bit = 4 >> axis
    for case in range(256):
        low_pattern = sum((case >> c & 1) << n for n, c in enumerate(c for c in range(8) if not c & bit))
        high_pattern = sum((case >> c & 1) << n for n, c in enumerate(c for c in range(8) if c & bit))
        segments = reference.face_segments(case).items()
        low = {(a, b) for a, b in segments if a in moved.values() and b in moved.values()}
        high = {(moved[a], moved[b]) for a, b in segments if a in moved and b in moved}
        # Segments between two edges of a face may run over the opposite face only where the edges lie on both, which
        # none do.
        assert low_side.setdefault(low_pattern, low) == low, case
        assert high_side.setdefault(high_pattern, high) == high, case
    for pattern in range(16):
        assert {(b, a) for a, b in low_side[pattern]} == high_side[pattern], pattern


def test_the_header_is_what_the_rule_gives() -> None:
    assert (ROOT / "csrc/core/marching_cubes_table.h").read_text() == reference.table_header()


# ---- the kernels ----


@pytest.mark.parametrize("dtype", DTYPES)
def test_equals_the_reference_bit_for_bit(dtype: torch.dtype, device: torch.device) -> None:
    for seed in range(35):
        volume = noise(seed).to(dtype)
        level = (0.0, 0.1, -0.3)[seed % 3]
        for got, wanted in zip(raw(volume.to(device), level), reference.marching_cubes(volume, level), strict=True):
            assert got.dtype == wanted.dtype
            assert torch.equal(got.cpu(), wanted), (seed, dtype)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), level=st.sampled_from([0.0, 0.5, -1.0]))
def test_closed_and_manifold_away_from_border_and_nan(seed: int, level: float) -> None:
    volume = noise(seed)
    vertices, faces, edges = raw(volume, level)
    assert torch.equal(edges, edges.unique())  # one vertex an edge
    assert torch.equal(faces.unique().long(), torch.arange(vertices.shape[0]))  # no face without, no vertex unused
    assert bool(((vertices >= 0) & (vertices <= torch.tensor(volume.shape) - 1)).all())
    pairs = directed_edges(faces)
    forward, backward = ({(int(a), int(b)) for a, b in p} for p in (pairs, pairs.flip(1)))
    assert len(forward) == pairs.shape[0]  # no two faces run through an edge in the same direction
    # An edge with one face lies on a cell face that has no cell behind it: the border, or a cell with a NaN.
    open_edges = forward - backward
    low, axis = edges // 3, edges % 3
    width, height = volume.shape[2], volume.shape[1]
    base = torch.stack([low // (height * width), low // width % height, low % width], 1)
    valid = torch.zeros([n + 1 for n in volume.shape], dtype=torch.bool)
    for place in product(*(range(1, n) for n in volume.shape)):
        corners = volume[tuple(slice(p - 1, p + 1) for p in place)]
        valid[place] = not bool(corners.isnan().any())
    for a, b in open_edges:
        middle = [(base[v] * 2 + torch.nn.functional.one_hot(axis[v], 3)).tolist() for v in (a, b)]  # in half cells
        # Two crossed edges of one cell face share the plane in which both have an even coordinate.
        planes = [n for n in range(3) if middle[0][n] == middle[1][n] and middle[0][n] % 2 == 0]
        beside = []
        for n in planes:
            cell = [min(middle[0][m], middle[1][m]) // 2 for m in range(3)]
            for side in (0, 1):
                place = [c + 1 for c in cell]
                place[n] = middle[0][n] // 2 + side
                beside.append(bool(valid[tuple(place)]))
        assert not all(beside), (a, b)


def test_noise_inside_a_shell_is_watertight() -> None:
    for seed in range(20):
        g = torch.Generator().manual_seed(seed)
        volume = torch.randint(-2, 3, (12, 9, 70), generator=g).float()
        volume[[0, -1]] = 1
        volume[:, [0, -1]] = 1
        volume[:, :, [0, -1]] = 1
        _, faces = marching_cubes(volume)
        pairs = directed_edges(faces)
        count = int(faces.max()) + 1
        forward, backward = (pairs[:, 0] * count + pairs[:, 1]).sort()[0], (pairs[:, 1] * count + pairs[:, 0]).sort()[0]
        assert torch.equal(forward, backward) and forward.unique().numel() == forward.numel()


def test_same_bits_on_every_run_and_any_number_of_threads(device: torch.device) -> None:
    volume = (torch.sin(9 * lattice(70)[0]) + torch.sin(7 * lattice(70)[1]) * torch.cos(8 * lattice(70)[2])).to(device)
    before = torch.get_num_threads()
    try:
        results = []
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            results.append(raw(volume))
    finally:
        torch.set_num_threads(before)
    assert results[0][1].shape[0] > 1000
    for other in results[1:]:
        assert all(torch.equal(a, b) for a, b in zip(results[0], other, strict=True))


def test_every_instruction_set_gives_the_same_bits() -> None:
    code = (
        "import torch; from list_fast.ops.marching_cubes import marching_cubes\n"
        "g = torch.Generator().manual_seed(0); v = torch.randn(20, 21, 150, generator=g)\n"
        "for t in (torch.float32, torch.float64, torch.float16, torch.bfloat16):\n"
        "    a, b = marching_cubes(v.to(t))\n"
        "    print(a.double().sum().item().hex(), (b.long() * torch.arange(3)).sum().item())"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"LIST_FAST_SIMD": level, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for level in ("baseline", "avx512")
    ]
    assert outputs[0].count("\n") == 4
    assert outputs[0] == outputs[1]


# ---- geometry ----


@pytest.mark.parametrize("dtype", DTYPES)
def test_sphere(dtype: torch.dtype) -> None:
    vertices, faces, normals = marching_cubes(
        sphere(48).to(dtype), bounds=((-1, -1, -1), (1, 1, 1)), return_normals=True
    )
    assert vertices.dtype == normals.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
    assert faces.dtype == torch.int32
    tolerance = 2e-3 if dtype in (torch.float32, torch.float64) else 2e-2
    assert bool(((vertices.norm(dim=1) - 0.7).abs() < tolerance).all())
    assert vertices.shape[0] - faces.shape[0] // 2 == 2  # V - E + F with E = 3 F / 2
    a, b, c = vertices.double()[faces.long()].unbind(1)
    assert float((a * torch.linalg.cross(b, c)).sum() / 6) == pytest.approx(4 / 3 * math.pi * 0.7**3, rel=5e-3)
    if dtype in (torch.float32, torch.float64):
        assert float((normals * torch.nn.functional.normalize(vertices, dim=1)).sum(1).min()) > 0.999


def test_torus_volume_and_genus() -> None:
    x, y, z = lattice(64, torch.float64)
    volume = ((x.square() + y.square()).sqrt() - 0.6).square().add(z.square()).sqrt() - 0.25
    vertices, faces = marching_cubes(volume, bounds=((-1, -1, -1), (1, 1, 1)))
    assert vertices.shape[0] - faces.shape[0] // 2 == 0
    a, b, c = vertices[faces.long()].unbind(1)
    assert float((a * torch.linalg.cross(b, c)).sum() / 6) == pytest.approx(2 * math.pi**2 * 0.6 * 0.25**2, rel=1e-2)


def test_axes_bounds_and_level() -> None:
    volume = torch.arange(4.0)[:, None, None].expand(4, 3, 5)  # rises along x, non-contiguous
    vertices, _ = marching_cubes(volume, 1.25)
    assert vertices.shape == (15, 3) and bool((vertices[:, 0] == 1.25).all())
    placed, _ = marching_cubes(volume, 1.25, bounds=((10, 20, 30), (13, 22, 38)))
    assert torch.equal(placed, vertices * torch.tensor([1.0, 1.0, 2.0]) + torch.tensor([10.0, 20.0, 30.0]))
    assert torch.equal(marching_cubes(volume.permute(1, 2, 0), 1.25)[0][:, 2], torch.full((15,), 1.25))


def test_inside_is_strictly_below() -> None:
    volume = torch.zeros(3, 3, 3)
    assert marching_cubes(volume)[1].shape[0] == 0
    volume[1, 1, 1] = -1
    vertices, faces = marching_cubes(volume)
    assert faces.shape[0] == 8  # an octahedron whose corners are the nodes of value 0
    assert torch.equal((vertices - 1).abs().sum(1), torch.ones(6))


def test_infinite_values_place_the_vertex_at_the_finite_node() -> None:
    def cut(a: float, b: float) -> float:
        return float(marching_cubes(torch.tensor([a, b])[:, None, None].expand(2, 2, 2))[0][0, 0])

    inf = math.inf
    assert [cut(-1, inf), cut(-inf, 1), cut(1, -inf), cut(inf, -1), cut(-inf, inf)] == [0, 1, 0, 1, 0.5]
    assert cut(-3e38, 3e38) == 0.5 and cut(-1e-45, 1e-45) == 0.5


def test_infinite_values_leave_normals_and_derivatives_finite(device: torch.device) -> None:
    generator = torch.Generator().manual_seed(3)
    volume = torch.randn(5, 5, 5, generator=generator, dtype=torch.float64).to(device)
    volume[1, 1, 1], volume[2, 1, 1], volume[3, 3, 3] = math.inf, -math.inf, -math.inf
    volume.requires_grad_()
    vertices, _, normals = marching_cubes(volume, return_normals=True)
    assert normals.isfinite().all()
    torch.testing.assert_close(normals.norm(dim=1), torch.ones_like(normals[:, 0]))
    (first,) = torch.autograd.grad(vertices.sin().sum() + normals.sin().sum(), volume, create_graph=True)
    (second,) = torch.autograd.grad(first.square().sum(), volume)
    assert first.isfinite().all() and second.isfinite().all() and second.abs().max() > 0
    # On an edge with an infinite end the normal is that of the finite one.
    ramp = torch.tensor([-1.0, 2.0, math.inf])[:, None, None].expand(3, 2, 2).clone()
    ramp[1] = -0.5
    placed, _, upward = marching_cubes(ramp, return_normals=True)
    assert torch.equal(placed[:, 0], torch.ones(4)) and torch.equal(upward, torch.tensor([[1.0, 0, 0]]).expand(4, 3))


@pytest.mark.parametrize("shape", [(0, 3, 3), (3, 0, 3), (3, 3, 0), (1, 4, 4), (4, 1, 4), (4, 4, 1), (5, 5, 5)])
def test_no_surface_gives_empty_tensors(shape: tuple[int, int, int], device: torch.device) -> None:
    for value in (1.0, -1.0, math.nan, math.inf):
        vertices, faces, normals = marching_cubes(torch.full(shape, value, device=device), return_normals=True)
        assert vertices.shape == faces.shape == normals.shape == (0, 3)
        assert faces.dtype == torch.int32


def test_wrong_arguments_are_named() -> None:
    volume = torch.zeros(2, 2, 2)
    with pytest.raises(TypeError, match=r"volume must be a torch\.Tensor"):
        marching_cubes([[[0.0]]])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="volume must be one of float32"):
        marching_cubes(volume.int())
    with pytest.raises(ValueError, match=r"volume must have shape \(D, H, W\), got \(2, 2\)"):
        marching_cubes(volume[0])
    with pytest.raises(ValueError, match="level must be finite"):
        marching_cubes(volume, math.nan)
    for level in (10**400, 1e39):
        with pytest.raises(ValueError, match="level must be finite"):
            marching_cubes(volume, level)
    assert marching_cubes(volume.double(), 1e39)[0].shape == (0, 3)
    for wrong in ("0", True, None, torch.zeros(2)):
        with pytest.raises(TypeError, match="level must be a number"):
            marching_cubes(volume, wrong)  # type: ignore[arg-type]
    unit = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    for matrix in ([[1.0]], "x", torch.zeros(4, 4), [*unit[:3], [0, 0, 1, 1]], [*unit[:2], [0, 0, 0, 1], unit[3]]):
        with pytest.raises(ValueError, match="transform must be an affine map"):
            marching_cubes(volume, transform=matrix)  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="together with bounds"):
        marching_cubes(volume, transform=unit, bounds=((0, 0, 0), (1, 1, 1)))
    with pytest.raises(ValueError, match=r"values must have shape \(C, 2, 2, 2\), got \(1, 2, 2, 3\)"):
        marching_cubes(volume, values=torch.zeros(1, 2, 2, 3))
    with pytest.raises(TypeError, match="values must be one of float32, float64, float16, bfloat16, got int64"):
        marching_cubes(volume, values=torch.zeros(1, 2, 2, 2, dtype=torch.int64))
    for bounds in (((0, 0, 0), (1, 1, 0)), ((0, 0), (1, 1)), 3, ((0, 0, 0), (1, 1, math.inf))):
        with pytest.raises(ValueError, match="bounds must be two points"):
            marching_cubes(volume, bounds=bounds)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="bounds must be finite in float32"):
        marching_cubes(volume, bounds=((0, 0, 0), (1e39, 1, 1)))
    far, _ = marching_cubes(torch.tensor([-1.0, 1.0]).double().expand(2, 2, 2), bounds=((0, 0, 0), (1, 1, 1e39)))
    assert far[:, 2].eq(5e38).all()


# ---- gradients and registration ----


def test_gradients(device: torch.device) -> None:
    g = torch.Generator().manual_seed(3)
    volume = torch.randn(4, 3, 5, dtype=torch.float64, generator=g).to(device).requires_grad_()

    def positions(v: Tensor) -> Tensor:
        return marching_cubes(v, 0.05, bounds=((0, 0, 0), (1, 2, 3)))[0]

    def normals(v: Tensor) -> Tensor:
        return marching_cubes(v, 0.05, return_normals=True)[2]

    assert torch.autograd.gradcheck(positions, volume)
    assert torch.autograd.gradgradcheck(positions, volume)
    assert torch.autograd.gradcheck(normals, volume)
    assert torch.autograd.gradgradcheck(normals, volume)

    def channels(v: Tensor, c: Tensor) -> Tensor:
        return marching_cubes(v, 0.05, values=c)[2]

    def mapped(v: Tensor) -> tuple[Tensor, ...]:
        return marching_cubes(v, 0.05, transform=[[1, 2, 0, 0], [0, 1, 0, 1], [1, 0, 3, 0], [0, 0, 0, 1]])[:1]

    colours = torch.randn(2, 4, 3, 5, dtype=torch.float64, generator=g).to(device).requires_grad_()
    assert torch.autograd.gradcheck(channels, (volume, colours))
    assert torch.autograd.gradgradcheck(channels, (volume, colours))
    assert torch.autograd.gradcheck(mapped, volume)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(9, 7, 11), (2, 2, 2), (2, 5, 3), (1, 4, 4)])
def test_normals_are_those_of_the_reference(shape: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> None:
    g = torch.Generator().manual_seed(len(shape) + shape[0])
    volume = torch.randn(shape, generator=g)
    holes = volume.clone()
    holes[torch.rand(shape, generator=g) < 0.05] = math.nan
    holes[torch.rand(shape, generator=g) < 0.05] = math.inf
    for values in (volume.to(dtype).to(device), holes.to(dtype).to(device), (2 * volume).round().to(dtype).to(device)):
        edges = raw(values, 0.1)[2]
        got = torch.ops.list_fast.marching_cubes_normals(values, edges, 0.1, 0.5, 1.0, 2.0)
        expected = normals_reference(values, edges, 0.1, (0.5, 1.0, 2.0))
        assert got.dtype == expected.dtype and got.shape == expected.shape == (len(edges), 3)
        torch.testing.assert_close(got, expected, rtol=0, atol=1e-12 if dtype == torch.float64 else 1e-5)


@pytest.mark.parametrize("scale", [1e-38, 1e-20, 1e20, 1e38])
def test_normals_keep_their_length_at_any_scale(scale: float, device: torch.device) -> None:
    normals = marching_cubes((sphere(12) * scale).to(device), return_normals=True)[2]
    expected = marching_cubes(sphere(12).to(device), return_normals=True)[2]
    torch.testing.assert_close(normals, expected, rtol=0, atol=1e-4)


def test_normals_of_edges_that_are_none_are_zero(device: torch.device) -> None:
    volume = sphere(4).to(device)
    edges = torch.tensor([-1, -(2**62), 2**62, 3 * 64, 3 * 63, 3 * 63 + 1, 3 * 63 + 2], device=device)
    assert not torch.ops.list_fast.marching_cubes_normals(volume, edges, 0.0, 1.0, 1.0, 1.0).any()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_gradient_keeps_the_dtype_and_the_bits(dtype: torch.dtype) -> None:
    volume = torch.randn(9, 10, 80, generator=torch.Generator().manual_seed(1)).to(dtype).requires_grad_()
    weight = torch.randn(marching_cubes(volume)[0].shape, generator=torch.Generator().manual_seed(2))
    first, second = (torch.autograd.grad((marching_cubes(volume)[0] * weight).sum(), volume)[0] for _ in range(2))
    assert first.dtype == dtype and torch.equal(first, second)
    exact = volume.detach().double().requires_grad_()
    wanted = torch.autograd.grad((marching_cubes(exact)[0] * weight).sum(), exact)[0]
    tolerance = {torch.float32: 1e-4, torch.float16: 2e-3, torch.bfloat16: 1e-2}[dtype]
    assert bool(((first.double() - wanted).abs() <= tolerance * (wanted.abs() + 1)).all())


def test_gradient_of_a_far_value_is_zero_not_nan() -> None:
    volume = sphere(8)
    volume[volume > 0.3] = math.inf
    volume.requires_grad_()
    marching_cubes(volume)[0].sum().backward()
    assert volume.grad is not None and not bool(volume.grad.isnan().any())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_opcheck(dtype: torch.dtype, device: torch.device) -> None:
    volume = sphere(6).to(device, dtype)
    for edges in (True, False):
        torch.library.opcheck(torch.ops.list_fast.marching_cubes.default, (volume, 0.0, edges))
    if dtype == torch.float16:
        return
    torch.library.opcheck(torch.ops.list_fast.marching_cubes.default, (volume.clone().requires_grad_(), 0.0, True))
    vertices, _, edges = raw(volume)
    for values in (volume, volume.clone().requires_grad_()):
        torch.library.opcheck(torch.ops.list_fast.marching_cubes_normals.default, (values, edges, 0.0, 1.0, 0.5, 2.0))
    for needs in (False, True):
        grad = torch.randn_like(vertices).requires_grad_(needs)
        torch.library.opcheck(
            torch.ops.list_fast.marching_cubes_backward.default,
            (grad, volume.clone().requires_grad_(needs), edges, 0.0),
        )


def test_compiles_without_a_graph_break() -> None:
    with torch._dynamo.config.patch(capture_dynamic_output_shape_ops=True):
        compiled = torch.compile(lambda v: marching_cubes(v, 0.1), backend="aot_eager", fullgraph=True)
        for n in (8, 11):
            got, wanted = compiled(sphere(n)), marching_cubes(sphere(n), 0.1)
            assert got[0].shape[0] > 0 and all(torch.equal(a, b) for a, b in zip(got, wanted, strict=True))
