# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The mesh that extraction returns."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import trimesh

from list_fast.meshing import Mesh


def cube(offset: float = 0.0, size: float = 1.0) -> Mesh:
    made = trimesh.creation.box((size, size, size))
    return Mesh(torch.tensor(made.vertices, dtype=torch.float32) + offset, torch.tensor(made.faces, dtype=torch.int32))


def join(*meshes: Mesh) -> Mesh:
    vertices, faces, count = [], [], 0
    for mesh in meshes:
        vertices.append(mesh.vertices)
        faces.append(mesh.faces + count)
        count += mesh.vertices.shape[0]
    return Mesh(torch.cat(vertices), torch.cat(faces))


def test_watertight_and_volume() -> None:
    mesh = cube()
    assert mesh.is_watertight and mesh.volume == pytest.approx(1)
    assert Mesh(mesh.vertices, mesh.faces.flip(1)).volume == pytest.approx(-1)
    flipped = torch.cat([mesh.faces[:1].flip(1), mesh.faces[1:]])
    for broken in (mesh.faces[1:], flipped, torch.cat([mesh.faces, mesh.faces])):
        assert not Mesh(mesh.vertices, broken).is_watertight
    empty = Mesh(torch.zeros(0, 3), torch.zeros(0, 3, dtype=torch.int32))
    assert not Mesh(mesh.vertices, torch.tensor([[0, 0, 1]])).is_watertight
    assert empty.is_empty and not empty.is_watertight and empty.largest_component() is empty
    assert empty.volume == 0 and empty.components().shape == (0,)


def test_components() -> None:
    small = Mesh(cube(2).vertices[:3], torch.tensor([[0, 1, 2]], dtype=torch.int32))
    mesh = join(small, cube(), cube(5, 2))
    assert mesh.components().tolist() == [0] * 3 + [1] * 8 + [2] * 8
    largest = mesh.largest_component()  # two cubes tie: the first
    assert torch.equal(largest.vertices, cube().vertices) and torch.equal(largest.faces, cube().faces)


def test_components_of_a_long_strip() -> None:
    count = 3001
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
    faces = torch.stack([torch.arange(count - 2), torch.arange(1, count - 1), torch.arange(2, count)], 1)
    assert int(Mesh(torch.zeros(count, 3), order[faces]).components().max()) == 0


@pytest.mark.parametrize("ending", ["glb", "obj", "ply", "stl", "PLY"])
def test_saved_files_load_again(ending: str, tmp_path: Path) -> None:
    path = cube().save(tmp_path / f"cube.{ending}")
    loaded = trimesh.load(path, force="mesh")
    assert loaded.is_watertight and loaded.volume == pytest.approx(1)


def test_mistakes_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"path must end in one of \.glb, \.obj, \.ply, \.stl, got 'cube\.txt'"):
        cube().save(tmp_path / "cube.txt")
    with pytest.raises(ValueError, match=r"vertices must have shape \(V, 3\)"):
        Mesh(torch.zeros(3, 2), torch.zeros(0, 3, dtype=torch.int32))
    with pytest.raises(ValueError, match=r"faces must be integers of shape \(F, 3\)"):
        Mesh(torch.zeros(3, 3), torch.zeros(0, 3))
