# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Dropping small components from a mesh."""

import pytest
import torch
import trimesh

from list_fast.meshing import Mesh


def test_floaters_are_dropped_by_area():
    parts = [trimesh.creation.icosphere(2, r).apply_translation((x, 0, 0)) for r, x in ((1, 0), (0.5, 3), (0.05, 5))]
    joined = trimesh.util.concatenate(parts)
    mesh = Mesh(
        torch.tensor(joined.vertices, dtype=torch.float32), torch.tensor(joined.faces.copy(), dtype=torch.int32)
    )
    assert len(mesh.without_floaters(0.0).faces) == len(mesh.faces)
    kept = mesh.without_floaters(0.02)
    assert kept.is_watertight and int(kept.components().max()) == 1
    assert float(kept.volume) == pytest.approx(sum(p.volume for p in parts[:2]), rel=1e-5)
    assert int(mesh.without_floaters(0.5).components().max()) == 0
    with pytest.raises(ValueError, match="share must be in"):
        mesh.without_floaters(2.0)


@pytest.mark.parametrize("loose", [0, 4])
def test_vertices_without_a_face_are_floaters(loose):
    corners = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    faces = torch.tensor([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])
    vertices = torch.cat([corners[:loose], torch.full((1, 3), 5.0), corners[loose:]])
    mesh = Mesh(vertices, faces + (faces >= loose).long())
    assert torch.equal(mesh.without_floaters().vertices, corners)
    assert torch.equal(mesh.without_floaters().faces, faces)
    assert len(mesh.without_floaters(0.0).vertices) == 5
