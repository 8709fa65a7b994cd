# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Many volumes in one call, and meshes without faces of no area."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from list_fast.ops import marching_cubes, marching_cubes_batch
from list_fast.ops.collapse import collapse_degenerate


def volumes(count: int = 3, dtype: torch.dtype = torch.float32) -> Tensor:
    generator = torch.Generator().manual_seed(count)
    return torch.randn(count, 5, 6, 7, generator=generator).to(dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_a_batch_is_its_volumes(dtype: torch.dtype, device: torch.device) -> None:
    batch, colours = volumes(4, dtype).to(device), torch.rand(4, 2, 5, 6, 7, device=device)
    batch[2] = 1  # no surface
    bounds = ((-1.0, -2.0, 0.0), (1.0, 2.0, 3.0))
    meshes = marching_cubes_batch(batch, 0.1, bounds=bounds, values=colours, return_normals=True)
    assert len(meshes) == 4 and len(list(meshes)) == 4
    assert meshes.normals is not None and meshes.values is not None
    for b in range(4):
        expected = marching_cubes(batch[b], 0.1, bounds=bounds, values=colours[b], return_normals=True)
        vertices, faces = meshes[b]
        rows = slice(*meshes.vertex_offsets[b : b + 2].tolist())
        found = (vertices, faces, meshes.normals[rows], meshes.values[rows])
        for ours, theirs in zip(found, expected, strict=True):
            assert ours.dtype == theirs.dtype and torch.equal(ours, theirs)
    assert meshes[2][0].shape == (0, 3) and torch.equal(meshes[-1][1], meshes[3][1])
    with pytest.raises(IndexError, match="index must be in"):
        meshes[4]


def test_joined_faces_make_one_mesh_of_all() -> None:
    meshes = marching_cubes_batch(volumes())
    joined = meshes.vertices[meshes.joined_faces()]
    apart = torch.cat([vertices[faces.long()] for vertices, faces in meshes])
    assert joined.shape[0] > 100 and torch.equal(joined, apart)


def test_batches_are_differentiable() -> None:
    batch = volumes(2, torch.float64).requires_grad_()
    with torch.no_grad():
        weights = torch.rand_like(marching_cubes_batch(batch).vertices)

    def moment(values: Tensor) -> Tensor:
        return (marching_cubes_batch(values).vertices * weights).sum()

    assert torch.autograd.gradcheck(moment, batch, eps=1e-7, atol=1e-4)


def test_empty_and_wrong_batches() -> None:
    meshes = marching_cubes_batch(torch.empty(0, 4, 4, 4), values=torch.empty(0, 3, 4, 4, 4), return_normals=True)
    assert len(meshes) == 0 and meshes.vertices.shape == meshes.faces.shape == (0, 3)
    assert meshes.values is not None and meshes.values.shape == (0, 3) and meshes.joined_faces().shape == (0, 3)
    with pytest.raises(ValueError, match=r"volumes must .*\(B, D, H, W\)"):
        marching_cubes_batch(torch.zeros(4, 4, 4))
    with pytest.raises(ValueError, match=r"values must have shape \(2, C, 4, 4, 4\), got \(1, 3, 4, 4, 4\)"):
        marching_cubes_batch(torch.zeros(2, 4, 4, 4), values=torch.zeros(1, 3, 4, 4, 4))
    with pytest.raises(ValueError, match="level must be finite"):
        marching_cubes_batch(torch.zeros(0, 4, 4, 4), float("nan"))


def same_places(vertices: Tensor, faces: Tensor) -> Tensor:
    """Whether two corners of a face lie at one place, (F,)."""
    a, b, c = vertices[faces.long()].unbind(1)
    return (a == b).all(1) | (b == c).all(1) | (c == a).all(1)


def boundary(faces: Tensor, count: int) -> Tensor:
    """How often the edges of a mesh are run through one way more than the other: nothing where it is closed."""
    faces = faces.long()
    start, end = faces.flatten(), faces.roll(-1, 1).flatten()
    key = torch.minimum(start, end) * count + torch.maximum(start, end)
    edges, number = key.unique(return_inverse=True)
    return torch.zeros(len(edges)).index_add(0, number, torch.where(start < end, 1.0, -1.0)).abs()


def volume_of(vertices: Tensor, faces: Tensor) -> Tensor:
    a, b, c = vertices.double()[faces.long()].unbind(1)
    return (a * torch.linalg.cross(b, c)).sum() / 6


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(["integers", "signs", "sphere", "bounds"]))
def test_without_degenerate_faces_a_mesh_stays_closed(seed: int, kind: str) -> None:
    generator = torch.Generator().manual_seed(seed)
    volume = torch.randint(-2, 3, (7, 6, 8), generator=generator).float()
    if kind == "signs":
        volume = volume.sign()
    if kind == "sphere":  # a distance in whole numbers, as scanners store it
        x, y, z = torch.meshgrid(*(torch.arange(n) - (n - 1) / 2 for n in (7, 6, 8)), indexing="ij")
        volume = ((x * x + y * y + z * z).sqrt() - 2 + 0.5 * torch.rand(1, generator=generator)).round()
    for axis in range(3):
        for side in (0, -1):
            volume.select(axis, side).fill_(1)
    # Far away coordinates are rounded, which brings further vertices together.
    bounds = ((1e6, 0.0, -3.0), (1e6 + 0.7, 5.0, 4.0)) if kind == "bounds" else None
    vertices, faces = marching_cubes(volume, bounds=bounds)
    before = int(same_places(vertices, faces).sum())
    ours, left, normals = marching_cubes(volume, bounds=bounds, allow_degenerate=False, return_normals=True)
    assert normals.shape == ours.shape
    assert not same_places(ours, left).any()
    assert left.shape[0] <= faces.shape[0] - before
    assert not boundary(left, ours.shape[0]).any()
    assert torch.equal(left.unique().long(), torch.arange(ours.shape[0]))
    if kind != "bounds":
        torch.testing.assert_close(volume_of(ours, left), volume_of(vertices, faces))


def test_there_are_degenerate_faces_to_remove() -> None:
    volume = torch.ones(5, 5, 5)
    volume[1:3, 1:3, 2] = -1
    volume[2, 2, 2] = 0  # two edges end there
    vertices, faces = marching_cubes(volume)
    assert same_places(vertices, faces).any()
    ours, left = marching_cubes(volume, allow_degenerate=False)
    assert 0 < left.shape[0] < faces.shape[0] and not same_places(ours, left).any()
    # A mesh without any is left as it is.
    kept, same = collapse_degenerate(ours, left)
    assert torch.equal(kept, torch.arange(ours.shape[0])) and torch.equal(same, left)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_collinear_faces_give_their_middle_to_the_face_beyond(dtype: torch.dtype) -> None:
    # A tetrahedron with a vertex on one edge, which only the face with no area makes use of on one side.
    corners = torch.tensor([[0, 0, 0], [3, 0, 0], [0, 3, 0], [0, 0, 3], [1, 0, 0]], dtype=dtype)
    faces = torch.tensor([[0, 1, 3], [0, 3, 2], [1, 2, 3], [0, 2, 4], [4, 2, 1], [0, 4, 1]])
    assert not boundary(faces, 5).any()
    kept, left = collapse_degenerate(corners, faces)
    assert torch.equal(kept, torch.arange(5)) and len(left) == 6 and not boundary(left, 5).any()
    a, b, c = corners[left].unbind(1)
    assert (torch.linalg.cross(b - a, c - a).norm(dim=1) > 0).all()
    assert volume_of(corners, left) == volume_of(corners, faces) and abs(float(volume_of(corners, left))) == 4.5
    # At a border it is left out, and a chain of them as well.
    strip = torch.tensor([[0, 4, 1], [0, 1, 2]])
    row = torch.tensor([[float(n), 0, 0] for n in range(6)], dtype=dtype)
    chain = torch.tensor([[0, 1, 5], [1, 2, 5], [2, 3, 5], [3, 4, 5]])
    assert collapse_degenerate(corners, strip)[1].tolist() == [[0, 4, 2], [4, 1, 2]]
    assert collapse_degenerate(row, chain)[1].shape == (0, 3)


def test_gradients_pass_through_what_is_kept(device: torch.device) -> None:
    volume = volumes(1)[0].round().to(device).requires_grad_()
    vertices, _ = marching_cubes(volume, 0.0, allow_degenerate=False)
    (gradient,) = torch.autograd.grad(vertices.square().sum(), volume)
    assert gradient.isfinite().all() and gradient.abs().sum() > 0
