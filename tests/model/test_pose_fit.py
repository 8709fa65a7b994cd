# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A transform that is brought nearer to a picture's silhouette."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from test_thin_parts import CANVAS, Analytic, overlap, picture, table

from list_fast.evaluation.metrics import pixels
from list_fast.meshing import Mesh
from list_fast.meshing.preview import silhouette
from list_fast.model import rescale_transform
from list_fast.pose_fit import _Fit, fit_pose, fit_transform
from list_fast.reconstruction import fitted, mesh_field

Array = NDArray[np.float64]

# In standard deviations of the prior: rotations about x, y, z, shifts, scale, stretch.
DISTURBED = {
    "turned": (0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "tilted": (-0.8, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0),
    "shifted and scaled": (0.0, 0.0, 0.0, 1.2, -0.8, 0.6, -0.4),
    "all": (0.4, -0.6, 0.3, -0.5, 0.4, -0.5, 0.3),
}


@pytest.fixture(scope="module")
def whole() -> Mesh:
    return mesh_field(Analytic(table), 64)


def true_transform(size: int) -> Array:
    return rescale_transform(Analytic(table).transform.double(), CANVAS, (size, size)).numpy()


def disturbed(size: int, change: tuple[float, ...]) -> Array:
    nothing = np.zeros((1, 3)), np.zeros((1, 2), np.int64), np.ones((size, size), bool)
    return _Fit(true_transform(size), *nothing).transform(np.array(change))


def error(mesh: Mesh, transform: Array, size: int) -> float:
    """Mean distance of projections from the true ones, in pixels of 224."""
    vertices = mesh.vertices.double().numpy()
    away = pixels(vertices, transform) - pixels(vertices, true_transform(size))
    return float(np.linalg.norm(away, axis=1).mean()) * 224 / size


@pytest.mark.parametrize("size", [112, 224, 299])
@pytest.mark.parametrize("case", DISTURBED)
def test_a_wrong_pose_comes_nearer(whole: Mesh, size: int, case: str) -> None:
    vertices, faces = whole.vertices.numpy(), whole.faces.numpy()
    shown, start = picture(Analytic(table), whole, size), disturbed(size, DISTURBED[case])
    found = fit_transform(start, vertices, shown)
    before, after = (overlap(silhouette(vertices, faces, t, shown.shape), shown) for t in (start, found))
    assert after > before + 0.3 * (1 - before)
    assert error(whole, found, size) < 0.7 * error(whole, start, size)


def test_a_right_pose_stays(whole: Mesh) -> None:
    shown = picture(Analytic(table), whole)
    assert error(whole, fit_transform(true_transform(224), whole.vertices.numpy(), shown), 224) < 0.6
    # What the surface lacks pulls at it but little.
    bare = mesh_field(Analytic(lambda points: table(points, lost=0.03)), 64)
    assert error(bare, fit_transform(true_transform(224), bare.vertices.numpy(), shown), 224) < 4


def test_the_gradient_is_that_of_the_cost(whole: Mesh) -> None:
    shown = picture(Analytic(table), whole)
    fit = _Fit(true_transform(224), whole.vertices.double().numpy()[::7], np.argwhere(shown)[::9, ::-1], shown)
    at = np.array([0.2, -0.3, 0.25, 0.4, -0.3, 0.2, -0.25])
    gradient = fit(at, 12.0)[1]
    for k, axis in enumerate(np.eye(7)):
        slope = (fit(at + 1e-4 * axis, 12.0)[0] - fit(at - 1e-4 * axis, 12.0)[0]) / 4e-4
        assert abs(gradient[k] - slope) < 0.05 * np.abs(gradient).max()


@pytest.mark.parametrize("case", ["nothing seen", "no surface", "not finite", "behind"])
def test_where_there_is_nothing_to_fit_it_stays(whole: Mesh, case: str) -> None:
    shown, transform, vertices = picture(Analytic(table), whole), true_transform(224), whole.vertices.numpy()
    if case == "nothing seen":
        shown = np.zeros_like(shown)
    elif case == "no surface":
        vertices = vertices[:0]
    elif case == "not finite":
        transform[0, 0] = np.nan
    else:
        transform[3, 2] = 0.1
    assert fit_transform(transform, vertices, shown) is transform


def test_a_silhouette_must_be_square(whole: Mesh) -> None:
    with pytest.raises(ValueError, match="seen must be a square"):
        fit_transform(true_transform(224), whole.vertices.numpy(), np.ones((224, 200), bool))


def test_the_same_bits_every_time_onto_the_canvas(whole: Mesh) -> None:
    shown, change = picture(Analytic(table), whole), torch.from_numpy(disturbed(224, DISTURBED["all"]))
    field = Analytic(table, rescale_transform(change, (224, 224), CANVAS).float())
    first, second = (fit_pose(field, shown, whole.vertices) for _ in range(2))
    assert torch.equal(first, second) and first.dtype == torch.float32 and first.shape == (4, 3)
    onto_picture = rescale_transform(first.double(), CANVAS, (224, 224)).numpy()
    assert error(whole, onto_picture, 224) < 0.7 * error(whole, change.numpy(), 224)


def test_a_known_transform_stays(whole: Mesh) -> None:
    shown, change = picture(Analytic(table), whole), torch.from_numpy(disturbed(224, DISTURBED["all"]))
    field = Analytic(table, rescale_transform(change, (224, 224), CANVAS).float())
    assert torch.equal(fitted(field, shown, known=True)[1], field.transform)
    moved = fitted(field, shown)[1]
    assert not torch.equal(moved, field.transform) and torch.equal(moved, fit_pose(field, shown, whole.vertices))


@pytest.mark.parametrize("wrong", [np.ones((8, 8), np.uint8), np.ones((8, 8)), torch.ones(8, 8).bool(), None])
def test_a_silhouette_is_an_array_of_bool(wrong: object) -> None:
    """Of 0 and 1 in another type it would be inverted into something else."""
    with pytest.raises(TypeError, match="seen must be a numpy array of bool, got"):
        fit_transform(np.zeros((4, 3)), np.zeros((1, 3)), wrong)  # type: ignore[arg-type]
