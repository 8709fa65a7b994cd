# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Simplifying, smoothing and judging a mesh."""

import dataclasses

import numpy as np
import pytest
import torch
import trimesh

from list_fast.meshing import Mesh, extract_mesh, report, simplify, smooth


def from_trimesh(*parts):
    joined = trimesh.util.concatenate(parts)
    return Mesh(torch.tensor(joined.vertices, dtype=torch.float32), torch.tensor(joined.faces.copy()).int())


@pytest.fixture(scope="module")
def ball():
    return extract_mesh(lambda p: p.norm(dim=1) - 0.4, 32)


def test_simplify_keeps_the_shape(ball):
    pytest.importorskip("fast_simplification")
    for small in (simplify(ball, faces=800), simplify(ball, ratio=800 / len(ball.faces))):
        assert abs(len(small.faces) - 800) <= 8
        assert small.is_watertight and small.faces.dtype == ball.faces.dtype
        assert small.volume == pytest.approx(ball.volume, rel=1e-2)
        assert small.vertices.norm(dim=1).sub(0.4).abs().max() < 0.01
    assert simplify(ball, faces=10**6) is ball
    for wrong in ({}, {"faces": 10, "ratio": 0.5}, {"ratio": 0.0}, {"ratio": 1.5}, {"faces": 3}, {"faces": 10.0}):
        with pytest.raises(ValueError, match=r"faces|ratio"):
            simplify(ball, **wrong)


def test_smooth_removes_noise_and_keeps_the_size(ball):
    noise = torch.randn(ball.vertices.shape, generator=torch.Generator().manual_seed(0)) * 0.004
    rough = dataclasses.replace(ball, vertices=ball.vertices + noise)
    fair = smooth(rough)
    error = [float((m.vertices.norm(dim=1) - 0.4).std()) for m in (rough, fair)]
    assert error[1] < 0.6 * error[0]
    assert fair.volume == pytest.approx(ball.volume, rel=2e-2)
    assert torch.equal(fair.faces, ball.faces) and fair.vertices.dtype == torch.float32
    with pytest.raises(ValueError, match="iterations"):
        smooth(ball, iterations=0)


def test_smooth_leaves_vertices_without_a_face(ball):
    far = torch.full((1, 3), 5.0)
    loose = dataclasses.replace(ball, vertices=torch.cat([far, ball.vertices, far]), faces=ball.faces + 1)
    fair = smooth(loose).vertices
    assert torch.equal(fair[1:-1], smooth(ball).vertices)
    assert torch.equal(fair[[0, -1]], far.expand(2, 3))


def test_report_of_sound_meshes():
    ring, ball = trimesh.creation.torus(1.0, 0.3), trimesh.creation.icosphere(2).apply_translation((5, 0, 0))
    found = report(from_trimesh(ring, ball))
    assert found.watertight and found.components == 2
    assert (found.euler_number, found.genus) == (2, 1)
    assert found.degenerate_faces == found.duplicate_vertices == 0
    assert found.faces == len(ring.faces) + len(ball.faces)
    assert found.self_intersections is None


def test_report_of_faults():
    box = trimesh.creation.box()
    vertices = np.concatenate([box.vertices, box.vertices[:1], [[9.0, 9, 9]]])  # a double and one that no face uses
    faces = np.concatenate([box.faces[1:], [[8, 8, 1]]])
    found = report(Mesh(torch.tensor(vertices), torch.tensor(faces)))
    assert not found.watertight and found.genus is None
    assert (found.degenerate_faces, found.duplicate_vertices, found.vertices) == (1, 1, 9)
    empty = report(Mesh(torch.zeros(0, 3), torch.zeros(0, 3, dtype=torch.int32)))
    assert (empty.faces, empty.components, empty.genus, empty.watertight) == (0, 0, None, False)


def test_report_counts_self_intersections():
    pytest.importorskip("igl.copyleft.cgal")
    box = trimesh.creation.box()
    moved = box.copy().apply_translation((0.5, 0.4, 0.3))
    assert report(from_trimesh(box), self_intersections=True).self_intersections == 0
    assert report(from_trimesh(box, moved), self_intersections=True).self_intersections > 0


@pytest.mark.parametrize("scale", [1e-3, 1e5])
def test_simplify_does_not_depend_on_the_unit(ball, scale):
    plain = simplify(ball, faces=500)
    scaled = simplify(dataclasses.replace(ball, vertices=ball.vertices * scale), faces=500)
    assert len(plain.faces) == len(scaled.faces) <= 500
    torch.testing.assert_close(scaled.vertices / scale, plain.vertices, atol=1e-5, rtol=0)
