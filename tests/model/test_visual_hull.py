# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What a picture shows to be background is cut off a field."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from test_thin_parts import Analytic, box, overlap, picture, table
from torch import Tensor

from list_fast.model import LIST, encode_mirrored
from list_fast.reconstruction import fitted, mesh_field
from list_fast.thin_parts import CompletedField
from list_fast.visual_hull import visual_hull


def bulged(points: Tensor) -> Tensor:
    """The table with a ball at its side that is not there."""
    ball = (points - points.new_tensor((0.35, 0.3, 0.3))).norm(dim=1) - 0.12
    return torch.minimum(table(points), ball)


@pytest.fixture(scope="module")
def seen() -> NDArray[np.bool_]:
    field = Analytic(table)
    return picture(field, mesh_field(field, 128))


@pytest.mark.parametrize("size", [112, 224, 299])
def test_what_lies_beside_the_silhouette_is_cut_off(size: int) -> None:
    true, field = Analytic(table), Analytic(bulged)
    shown = picture(true, mesh_field(true, 128), size)
    hull = visual_hull(field, shown)
    assert hull is not None
    bare, cut = mesh_field(field, 96), mesh_field(CompletedField(field, None, hull), 96)
    before, after = picture(field, bare, size), picture(field, cut, size)
    assert (before & ~shown).sum() > 0.05 * shown.sum() and (after & ~shown).sum() < 0.02 * shown.sum()
    assert overlap(before, shown) < 0.94 and overlap(after, shown) > 0.96
    assert cut.is_watertight
    # What the picture shows stays, whatever lies before or behind it.
    points = torch.rand(200_000, 3, generator=torch.Generator().manual_seed(0)) - 0.5
    inner = points[table(points) < -0.005]
    assert len(inner) > 1000 and (hull.sdf(inner) < 0).float().mean() > 0.99 and (hull.sdf(inner) < 0.01).all()
    same = inner[hull.sdf(inner) < field.sdf(inner)]
    assert len(same) > 500 and torch.equal(CompletedField(field, None, hull).sdf(same), field.sdf(same))


def test_distances_are_about_those_in_object_units(seen: NDArray[np.bool_]) -> None:
    field = Analytic(lambda points: points.norm(dim=1) - 0.3)
    disc = picture(field, mesh_field(field, 128))
    hull = visual_hull(field, disc)
    assert hull is not None
    # Across the direction of view, through the middle of the box.
    sideways = torch.tensor([[0.0, y, 0.0] for y in (0.35, 0.4, 0.45, 0.2, 0.1)])
    expected = torch.tensor([0.05, 0.1, 0.15, -0.1, -0.2])
    torch.testing.assert_close(hull.sdf(sideways), expected, atol=0.025, rtol=0)


def test_beyond_the_picture_its_border_goes_on() -> None:
    """What the frame cuts off is not known to be background."""
    field = Analytic(lambda points: box(points, (0, 0, 0), (0.5, 0.1, 0.1)))
    camera = field.transform.clone()
    camera[:, 0] += 40 * camera[:, 2]  # to the right, half out of the picture
    moved = Analytic(field.sdf, camera)
    shown = picture(moved, mesh_field(moved, 96))
    assert shown[:, -1].any()
    hull = visual_hull(moved, shown)
    assert hull is not None
    mesh = mesh_field(CompletedField(moved, None, hull), 96)
    assert mesh.vertices[:, 0].max() > 0.47 and mesh.vertices[:, 0].min() < -0.47


@pytest.mark.parametrize("case", ["behind", "flat", "infinite", "nothing seen"])
def test_without_a_camera_or_an_object_there_is_none(seen: NDArray[np.bool_], case: str) -> None:
    camera = Analytic(table).transform.clone()
    if case == "behind":
        camera[3, 2] = 0.5
    elif case == "flat":
        camera[:, 1] = camera[:, 0]
    elif case == "infinite":
        camera[0, 0] = float("inf")
    else:
        seen = np.zeros_like(seen)
    field = Analytic(table, camera)
    assert visual_hull(field, seen) is None
    assert fitted(field, seen)[0] is field


def test_a_surface_that_lies_beside_its_picture_is_not_cut_away(seen: NDArray[np.bool_]) -> None:
    aside = Analytic(lambda points: (points - points.new_tensor((0.0, -0.42, 0.0))).norm(dim=1) - 0.1)
    field, _ = fitted(aside, np.pad(seen[:90], ((0, 134), (0, 0))), known=True)
    assert getattr(field, "hull", None) is None and not mesh_field(field, 32).is_empty


def test_a_silhouette_must_be_square_and_of_bool(seen: NDArray[np.bool_]) -> None:
    with pytest.raises(ValueError, match="seen must be a square"):
        visual_hull(Analytic(table), seen[:100])
    with pytest.raises(TypeError, match="seen"):
        visual_hull(Analytic(table), np.uint8(seen))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="parts or hull"):
        CompletedField(Analytic(table), None)


def test_models_fields_and_their_drafts_take_it(small_model: LIST, seen: NDArray[np.bool_]) -> None:
    torch.manual_seed(0)
    points = torch.rand(500, 3) - 0.5
    hull = visual_hull(Analytic(bulged), seen)
    assert hull is not None
    image = torch.rand(3, 224, 224)
    for field in (small_model.encode(image), encode_mirrored(small_model, image)):
        completed = CompletedField(field, None, hull)
        assert torch.equal(completed.sdf(points), torch.maximum(field.sdf(points), hull.sdf(points)))
        assert torch.equal(completed.sdf(points.double()), completed.sdf(points))
        draft = completed.half(torch.bfloat16)(points)
        assert torch.equal(draft, torch.maximum(field.half(torch.bfloat16)(points), hull.sdf(points)))


def test_fields_are_fitted_on_their_own_device(device: torch.device, seen: NDArray[np.bool_]) -> None:
    lost = Analytic(lambda points: torch.minimum(table(points, lost=0.03), bulged(points) + 0.02))
    lost.device, lost.transform, lost.coarse_points = device, lost.transform.to(device), lost.coarse_points.to(device)
    field, transform = fitted(lost, seen)
    assert isinstance(field, CompletedField) and field.parts is not None and field.hull is not None
    assert field.device == device and transform.device.type == field.hull.distances.device.type == device.type
    mesh = mesh_field(field, 64)
    assert mesh.is_watertight and mesh.vertices.device.type == device.type
    corners = mesh.vertices.cpu()
    assert corners[:, 1].min() < -0.3 and (table(corners).abs() < 0.04).float().mean() > 0.9
