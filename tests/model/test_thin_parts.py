# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Thin parts that a picture shows and a field has lost."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from list_fast.meshing import Mesh, extract_mesh
from list_fast.meshing.preview import silhouette
from list_fast.model import LIST, encode_mirrored, rescale_transform
from list_fast.model.spatial_transformer import canonical_camera, positive_camera
from list_fast.reconstruction import _boxed, fitted, mesh_field
from list_fast.thin_parts import GAP, CompletedField, ThinParts, _gaps, find_thin_parts
from list_fast.training.calibrate import surface_level

CANVAS = (137, 137)
TURN = torch.tensor([[0.8, 0.0, -0.6], [0.0, 1.0, 0.0], [0.6, 0.0, 0.8]])
LEGS = [(x, z) for x in (-0.4, 0.4) for z in (-0.25, 0.25)]


def box(points: Tensor, centre: tuple[float, float, float], half: tuple[float, float, float]) -> Tensor:
    """Signed distance to a box."""
    away = (points - points.new_tensor(centre)).abs() - points.new_tensor(half)
    return away.clamp_min(0).norm(dim=1) + away.amax(1).clamp_max(0)


def table(points: Tensor, lost: float = 0.0) -> Tensor:
    """A table, seen at an angle, whose legs' distance is too high by `lost`, as that of a model in doubt."""
    points = points @ TURN.to(points)
    legs = torch.stack([box(points, (x, -0.05, z), (0.015, 0.3, 0.015)) for x, z in LEGS]).amin(0)
    return torch.minimum(box(points, (0, 0.25, 0), (0.45, 0.04, 0.3)), legs + lost)


class Analytic:
    """What a field of a LIST has, about a known shape."""

    def __init__(self, sdf: Callable[[Tensor], Tensor], transform: Tensor | None = None) -> None:
        camera = positive_camera(canonical_camera(1.2)[None], 1.2, CANVAS)[0]
        self.transform = camera if transform is None else transform
        self.sdf, self.canvas, self.coarse_points = sdf, CANVAS, torch.zeros(1, 3)
        self.device = torch.device("cpu")

    def half(self, dtype: torch.dtype) -> Analytic:
        return Analytic(lambda points: self.sdf(points.to(dtype).float()), self.transform)

    def __call__(self, points: Tensor) -> Tensor:
        return self.sdf(points)


def picture(field: Analytic, mesh: Mesh, size: int = 224) -> NDArray[np.bool_]:
    scale = torch.tensor([(size - 1) / (CANVAS[1] - 1), (size - 1) / (CANVAS[0] - 1), 1.0])
    transform = (field.transform * scale).double().numpy()
    return silhouette(mesh.vertices.numpy(), mesh.faces.numpy(), transform, (size, size))


def surface(field: Analytic) -> tuple[Tensor, Tensor]:
    mesh = mesh_field(field, 64)
    return mesh.vertices, mesh.faces


def with_thin_parts(field: Analytic, seen: NDArray[np.bool_]) -> Analytic | CompletedField:
    """By the field's own transform, which is right."""
    return fitted(field, seen, known=True)[0]


def found(field: Analytic, seen: NDArray[np.bool_]) -> ThinParts | None:
    completed = with_thin_parts(field, seen)
    assert isinstance(completed, CompletedField) and completed.hull is not None
    return completed.parts


def overlap(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    return float((a & b).sum() / (a | b).sum())


@pytest.fixture(scope="module")
def seen() -> NDArray[np.bool_]:
    field = Analytic(table)
    return picture(field, mesh_field(field, 128))


@pytest.mark.parametrize("size", [112, 224, 299])
def test_legs_come_back_where_they_were(size: int) -> None:
    true, field = Analytic(table), Analytic(lambda points: table(points, lost=0.03))
    shown = picture(true, mesh_field(true, 128), size)
    bare = mesh_field(field, 96)
    assert bare.vertices[:, 1].min() > 0.2  # the top alone
    completed = with_thin_parts(field, shown)
    assert isinstance(completed, CompletedField)
    mesh = mesh_field(completed, 128)
    assert mesh.is_watertight and mesh.vertices[:, 1].min() < -0.3
    assert overlap(picture(field, bare, size), shown) < 0.85 and overlap(picture(field, mesh, size), shown) > 0.93
    # In depth, too: little lies far from the table's true surface.
    off = table(mesh.vertices).abs()
    assert off.mean() < 0.006 and (off > 0.04).float().mean() < 0.05
    # Where no part was lost the field is the same.
    top = torch.rand(500, 3) * torch.tensor([0.5, 0.1, 0.4]) + torch.tensor([-0.25, 0.28, -0.2])
    assert torch.equal(completed.sdf(top), field.sdf(top))


def test_what_the_surface_covers_is_left_alone(seen: NDArray[np.bool_]) -> None:
    field = Analytic(table)
    assert found(field, seen) is None
    assert find_thin_parts(field, np.zeros_like(seen), *surface(field)) is None


def test_corners_and_borders_of_wide_parts_are_none() -> None:
    """A surface that is smaller than its picture shows all around, as a wrong pose makes it."""
    wide = Analytic(lambda points: box(points, (0, 0, 0), (0.4, 0.3, 0.3)))
    small = Analytic(lambda points: box(points, (0.02, 0.01, 0), (0.38, 0.28, 0.28)))
    assert found(small, picture(wide, mesh_field(wide, 96))) is None


@pytest.mark.parametrize("size", [112, 224])
def test_what_keeps_pieces_apart_is_taken(size: int) -> None:
    """A wing's root between body and wing: what is missing there, and not what is missing along the body's border."""
    scale = size // 112

    def pieces(apart: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        joined, missing = np.zeros((2, size, size), bool)
        joined[20 * scale : 40 * scale, 10 * scale : 100 * scale] = True  # the body
        joined[(40 + apart) * scale : (60 + apart) * scale, 50 * scale : 58 * scale] = True  # the wing
        missing[40 * scale : (40 + apart) * scale, 50 * scale : 58 * scale] = True
        missing[18 * scale : 20 * scale, 10 * scale : 100 * scale] = True  # the body is seen a little larger
        return joined, missing

    joined, missing = pieces(4)
    root = missing.copy()
    root[: 20 * scale] = False
    taken = _gaps(joined, missing, size / 224)
    # But for its outer corners, which no disc between both reaches.
    assert not (taken & ~root).any() and taken.sum() > 0.5 * root.sum()
    assert taken[40 * scale : 44 * scale, 53 * scale : 55 * scale].all()
    assert not _gaps(*pieces(round(GAP / 2) + 2), size / 224).any()  # too far apart
    body = joined.copy()
    body[44 * scale :] = False
    assert not _gaps(body, missing, size / 224).any()  # nothing to join


@pytest.mark.parametrize("column", [128, 129])
def test_a_line_of_one_pixel_comes_back(column: int) -> None:
    def scene(points: Tensor) -> Tensor:
        """A pole that is all but found, over its base."""
        pole = box(points, (0.08, 0.1, 0), (0.01, 0.35, 0.01)) + 0.03
        return torch.minimum(box(points, (0, -0.3, 0), (0.3, 0.05, 0.3)), pole)

    field = Analytic(scene)
    base = picture(field, mesh_field(field, 96))
    rows = np.nonzero(base[:, column])[0]
    seen = base.copy()
    seen[rows.min() - 60 : rows.min(), column] = True
    completed = with_thin_parts(field, seen)
    assert isinstance(completed, CompletedField)
    mesh = mesh_field(completed, 128)
    shown = picture(field, mesh)
    assert shown[rows.min() - 58 : rows.min(), column].all()
    assert mesh.is_watertight
    across = shown[rows.min() - 50 : rows.min() - 10].sum(1)
    assert across.min() >= 1 and across.mean() > 1.5 and across.max() <= 4
    assert len(mesh.to_trimesh().split(only_watertight=False)) == 2  # the base, and the line in one piece


def test_where_the_field_knows_nothing_there_is_none() -> None:
    """A pole that leads far from all that the field has is not given any depth."""

    def base(points: Tensor) -> Tensor:
        return box(points, (0, -0.3, 0), (0.3, 0.05, 0.3))

    true = Analytic(lambda points: torch.minimum(base(points), box(points, (0, 0.1, 0), (0.02, 0.4, 0.02))))
    field = Analytic(base)
    assert found(field, picture(true, mesh_field(true, 96))) is None


@pytest.mark.parametrize("case", ["behind", "flat", "infinite"])
def test_a_transform_of_no_camera_gives_none(seen: NDArray[np.bool_], case: str) -> None:
    camera = Analytic(table).transform.clone()
    if case == "behind":
        camera[3, 2] = 0.5
    elif case == "flat":
        camera[:, 1] = camera[:, 0]
    else:
        camera[0, 0] = float("inf")
    field = Analytic(lambda points: table(points, lost=0.03), camera)
    assert find_thin_parts(field, seen, *surface(field)) is None


def test_a_silhouette_must_be_square(seen: NDArray[np.bool_]) -> None:
    field = Analytic(table)
    for bad in (seen[:100], seen[None], seen[:3, :3]):
        with pytest.raises(ValueError, match="seen must be a square"):
            find_thin_parts(field, bad, *surface(field))


def test_no_bar_is_missed_by_the_fast_extraction(seen: NDArray[np.bool_]) -> None:
    completed = with_thin_parts(Analytic(lambda points: table(points, lost=0.03)), seen)
    fast = mesh_field(completed, 96)
    exact = extract_mesh(_boxed(completed.sdf), 96, mode="exact").without_floaters(0.02)
    assert torch.equal(fast.vertices, exact.vertices) and torch.equal(fast.faces, exact.faces)
    draft = mesh_field(completed, 96, "bfloat16")
    assert overlap(picture(completed, draft), picture(completed, fast)) > 0.99


@pytest.mark.parametrize("column", [134.5, 136.0])
def test_a_part_that_the_picture_cuts_off_ends_there(column: float) -> None:
    def lamp(points: Tensor, lost: float = 0.0) -> Tensor:
        stand = box(points, (0.17, 0.05, 0), (0.015, 0.35, 0.015))
        return torch.minimum(box(points, (0, -0.3, 0), (0.2, 0.05, 0.1)), stand + lost)

    # The middle of the stand comes to lie at that column of the canvas.
    camera = Analytic(lamp).transform.clone()
    x, _, z = torch.tensor([0.0, 0.2, 0.17]) * 2 @ camera[:3] + camera[3]
    camera[:, 0] += (column - x / z) * camera[:, 2]
    true, field = Analytic(lamp, camera), Analytic(lambda points: lamp(points, lost=0.03), camera)
    shown = picture(true, mesh_field(true, 64))
    assert shown[:, -1].any()
    completed = with_thin_parts(field, shown)
    assert isinstance(completed, CompletedField)
    mesh = mesh_field(completed, 64)
    assert mesh.vertices[:, 0].max() < 0.21 and (lamp(mesh.vertices) > 0.04).float().mean() < 0.03


def test_points_may_have_another_type(small_model: LIST, seen: NDArray[np.bool_]) -> None:
    lost = Analytic(lambda points: table(points, lost=0.03))
    parts = find_thin_parts(lost, seen, *surface(lost))
    assert parts is not None
    completed = CompletedField(small_model.encode(torch.full((3, 224, 224), 0.5)), parts)
    points = torch.rand(100, 3) - 0.5
    assert torch.equal(completed.sdf(points.double()), completed.sdf(points))
    half = completed.half(torch.bfloat16)
    assert torch.equal(half(points.double()), half(points))


def test_the_same_bits_every_time(seen: NDArray[np.bool_]) -> None:
    points = torch.rand(2000, 3, generator=torch.Generator().manual_seed(0)) - 0.5
    field = Analytic(lambda points: table(points, lost=0.03))
    first, second = (with_thin_parts(field, seen).sdf(points) for _ in range(2))
    assert torch.equal(first, second)


def test_a_models_field_takes_them(small_model: LIST, seen: NDArray[np.bool_]) -> None:
    torch.manual_seed(0)
    field = small_model.encode(torch.rand(3, 224, 224))
    completed = with_thin_parts(field, seen)
    assert isinstance(completed, CompletedField) and completed.hull is not None and completed.parts is not None
    points = torch.rand(100, 3) - 0.5
    expected = torch.minimum(torch.maximum(field.sdf(points), completed.hull.sdf(points)), completed.parts.sdf(points))
    assert torch.equal(completed.sdf(points), expected)


def test_a_mirrored_field_takes_them(small_model: LIST, seen: NDArray[np.bool_]) -> None:
    mirrored = encode_mirrored(small_model, torch.full((3, 224, 224), 0.5))
    lost = Analytic(lambda points: table(points, lost=0.03))
    parts = find_thin_parts(lost, seen, *surface(lost))
    assert parts is not None
    completed, points = CompletedField(mirrored, parts), torch.rand(500, 3) - 0.5
    assert torch.equal(completed.sdf(points), torch.minimum(mirrored.sdf(points), parts.sdf(points)))
    draft = completed.half(torch.bfloat16)(points)
    assert torch.equal(draft, torch.minimum(mirrored.half(torch.bfloat16)(points), parts.sdf(points)))
    assert mesh_field(completed, 32, "bfloat16").is_watertight


@pytest.mark.parametrize("bias", [0.0, 0.006])
def test_the_surface_level_is_chosen_with_them(seen: NDArray[np.bool_], bias: float) -> None:
    """Legs that are lost by less than a level could bring back call for no level: the picture brings them back."""
    field = Analytic(lambda points: table(points, lost=0.018) + bias)
    camera = rescale_transform(field.transform, CANVAS, seen.shape)
    surface = mesh_field(Analytic(table), 96).vertices.numpy()
    dataset = SimpleNamespace(
        camera=camera[None, None],
        image=lambda shape, view: torch.zeros(3, 224, 224, dtype=torch.uint8),
        found=lambda shape, view: np.uint8(255 * seen),
        surface=lambda shape: np.random.default_rng(0).permutation(surface),
    )
    data = SimpleNamespace(dataset=dataset, shapes=1, views_per_shape=1)
    config = SimpleNamespace(canvas=CANVAS, transform="predicted", surface_level=0.0)
    model = SimpleNamespace(eval=lambda: None, encode=lambda image, transform: field, config=config)
    assert surface_level(model, data, 8, torch.device("cpu")) == bias
    config.surface_level = 0.003  # what the model's own field has taken off already
    field.sdf = lambda points: table(points, lost=0.018) + bias - 0.003
    assert surface_level(model, data, 8, torch.device("cpu")) == bias
