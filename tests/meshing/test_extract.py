# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Extraction: sparse against dense, following, kinds of callables, and what goes wrong."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from list_fast.meshing import Mesh, extract_mesh

Sdf = Callable[[Tensor], Tensor]


def ball(radius: float, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Sdf:
    return lambda p: (p - torch.tensor([x, y, z])).norm(dim=1) - radius


def box(x: float, y: float, z: float) -> Sdf:
    def sdf(p: Tensor) -> Tensor:
        q = p.abs() - torch.tensor([x, y, z])
        return q.clamp_min(0).norm(dim=1) + q.amax(1).clamp_max(0)

    return sdf


def union(*parts: Sdf) -> Sdf:
    return lambda p: torch.stack([part(p) for part in parts]).amin(0)


def torus(p: Tensor) -> Tensor:
    return torch.stack([p[:, :2].norm(dim=1) - 0.33, p[:, 2]], 1).norm(dim=1) - 0.1


SHAPES: dict[str, Sdf] = {
    "ball": ball(0.4),
    "torus": torus,
    "plate": box(0.5, 0.012, 0.3),
    "blobs far apart": union(ball(0.04, 0.45, 0.4, 0.45), ball(0.1, -0.3, -0.4, -0.3)),
    "speck smaller than a coarse cell": ball(0.4 * 4 * 1.1 / 95, 0.0321, 0.0123, -0.0211),
    "table": union(box(0.45, 0.02, 0.3), *(lambda p, s=s: box(0.02, 0.25, 0.02)(p - s) for s in (0.3, -0.2))),
    "half a ball, cut by the bounds": lambda p: (p - torch.tensor([0.55, 0.0, 0.0])).norm(dim=1) - 0.3,
    "all inside": lambda p: p.norm(dim=1) - 9,
    "all outside": lambda p: p.norm(dim=1) + 1,
    "network units": lambda p: 10 * torus(p),
}


def assert_same(a: Mesh, b: Mesh) -> None:
    assert torch.equal(a.vertices, b.vertices) and torch.equal(a.faces, b.faces)


@pytest.mark.parametrize("name", SHAPES)
def test_sparse_equals_dense(name: str) -> None:
    for resolution in (56, 96):
        sparse, dense = extract_mesh(SHAPES[name], resolution), extract_mesh(SHAPES[name], resolution, mode="dense")
        assert_same(sparse, dense)
        assert sparse.evaluated < dense.evaluated == dense.total == resolution**3
        assert sparse.is_empty == (name in ("all inside", "all outside"))
        if resolution == 96:
            assert sparse.evaluated < 0.3 * sparse.total
            assert sparse.is_watertight == (not sparse.is_empty and "cut" not in name)


def test_sparse_needs_few_nodes() -> None:
    mesh = extract_mesh(torus, 160, lipschitz=1.0)
    assert mesh.evaluated < 0.08 * mesh.total
    assert mesh.volume == pytest.approx(2 * math.pi**2 * 0.33 * 0.1**2, rel=2e-3)


def test_follows_the_surface_where_the_start_saw_only_a_part() -> None:
    # A bar whose field is nearly flat: with so small an L the start keeps only the blocks that change sign at a coarse
    # node.
    bar = box(0.4, 0.011, 0.011)

    def squashed(p: Tensor) -> Tensor:
        seen = p[:, 0] < -0.3  # one end is thick enough to be seen
        return torch.where(seen, torch.minimum(bar(p), ball(0.08, -0.36)(p)), bar(p))

    sparse = extract_mesh(squashed, 96, lipschitz=1e-6)
    assert_same(sparse, extract_mesh(squashed, 96, mode="dense"))
    assert sparse.is_watertight and int(sparse.components().max()) == 0
    assert sparse.evaluated < 0.06 * sparse.total


def test_nodes_and_bounds() -> None:
    seen = []

    def sdf(p: Tensor) -> Tensor:
        seen.append(p)
        return p[:, 0] - 0.1

    mesh = extract_mesh(sdf, (5, 3, 2), bounds=((-1, 0, 0), (1, 1, 3)), mode="dense")
    points = torch.cat(seen)
    assert points.dtype == torch.float32 and points.shape == (30, 3)
    assert points[0].tolist() == [-1, 0, 0] and points[-1].tolist() == [1, 1, 3] and points[1].tolist() == [-1, 0, 3]
    assert mesh.resolution == (5, 3, 2)
    torch.testing.assert_close(mesh.vertices[:, 0], torch.full((6,), 0.1))
    assert mesh.vertices[:, 2].amax() == 3
    assert float(extract_mesh(ball(0.2), 48, level=0.1).vertices.norm(dim=1).mean()) == pytest.approx(0.3, rel=1e-3)


def test_chunks_and_progress_change_nothing() -> None:
    calls: list[tuple[str, int, int]] = []
    sizes = []

    def sdf(p: Tensor) -> Tensor:
        sizes.append(p.shape[0])
        return torus(p)

    small = extract_mesh(sdf, 64, chunk=1000, progress=lambda *a: calls.append(a))
    assert_same(small, extract_mesh(torus, 64))
    assert max(sizes) == 1000 and sum(sizes) == small.evaluated
    assert calls[0][0] == "coarse" and calls[-1][1] == calls[-1][2]
    assert all(0 < done <= total for _, done, total in calls)


def test_kinds_of_callables() -> None:
    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.radius = torch.nn.Parameter(torch.tensor(0.3))

        def forward(self, p: Tensor) -> Tensor:
            return p.norm(dim=1, keepdim=True) - self.radius  # (N, 1)

    class Field:
        def sdf(self, p: Tensor) -> Tensor:
            return (p.norm(dim=1) - 0.3)[None]  # (1, N)

    def arrays(p: np.ndarray) -> np.ndarray:
        return np.linalg.norm(p.astype(np.float64), axis=1) - 0.3

    wanted = extract_mesh(ball(0.3), 32)
    for sdf in (Net(), Field(), lambda p: (p.norm(dim=1) - 0.3).double()):
        mesh = extract_mesh(sdf, 32)
        assert_same(mesh, wanted)
        assert not mesh.vertices.requires_grad
    assert extract_mesh(arrays, 32).vertices.shape == wanted.vertices.shape


def test_nan_regions_are_left_out() -> None:
    def sdf(p: Tensor) -> Tensor:
        return torch.where(p[:, 0] > 0.2, math.nan, p.norm(dim=1) - 0.4)

    sparse = extract_mesh(sdf, 48)
    assert_same(sparse, extract_mesh(sdf, 48, mode="dense"))
    assert not sparse.is_empty and not sparse.is_watertight and float(sparse.vertices[:, 0].amax()) <= 0.2


def test_mistakes_are_named() -> None:
    good = ball(0.3)
    with pytest.raises(TypeError, match="sdf must be a callable"):
        extract_mesh(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"sdf must return \d+ values for points of shape .* got shape"):
        extract_mesh(lambda p: p, 32)
    with pytest.raises(TypeError, match="sdf must return one tensor or array of values, got a tuple"):
        extract_mesh(lambda p: (p, p), 32)
    with pytest.raises(TypeError, match="sdf must return a tensor or array of values, got NoneType"):
        extract_mesh(lambda p: None, 32)
    for mode in ("sparse", "dense"):
        with pytest.raises(ValueError, match="sdf returned NaN at every"):
            extract_mesh(lambda p: p[:, 0] * math.nan, 32, mode=mode)
    with pytest.raises(AttributeError, match="no_such") as caught:
        extract_mesh(lambda p: p.no_such(), 32)
    assert "while evaluating sdf at points of shape" in caught.value.__notes__[0]
    with pytest.raises(RuntimeError, match="my own trouble"):
        extract_mesh(lambda p: (_ for _ in ()).throw(RuntimeError("my own trouble")), 32)
    with pytest.raises(TypeError, match="resolution must be an int"):
        extract_mesh(good, 32.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="resolution must be at least 2"):
        extract_mesh(good, 1)
    with pytest.raises(ValueError, match="mode must be one of 'sparse', 'dense'"):
        extract_mesh(good, 32, mode="fast")
    with pytest.raises(ValueError, match="bounds must be two points"):
        extract_mesh(good, 32, bounds=((0, 0, 0), (0, 1, 1)))
    with pytest.raises(ValueError, match="level must be finite"):
        extract_mesh(good, 32, level=math.inf)
    for name, value in (("chunk", 0), ("coarse", 1), ("lipschitz", -1.0)):
        with pytest.raises(ValueError, match=f"{name} must be"):
            extract_mesh(good, 32, **{name: value})  # type: ignore[arg-type]
