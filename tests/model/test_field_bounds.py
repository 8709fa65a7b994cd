# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Bounds of fields over boxes hold, close in, and certify the meshes of dense evaluation."""

from __future__ import annotations

import pytest
import torch
from model_builders import make_model, reduced_base

from list_fast.meshing import Guarantee, extract_mesh
from list_fast.meshing.evaluate import node_coordinates
from list_fast.meshing.extract import BOUNDS
from list_fast.model import LIST, Field, LISTConfig, default_weights_path, load_checkpoint
from list_fast.model.mirrored import MirroredField, encode_mirrored
from list_fast.ops import marching_cubes

ALL_READS = ("voxels", "neighbors", "images", "global", "view")


def assert_bounds_hold(field: Field | MirroredField, reach: float) -> None:
    g = torch.Generator().manual_seed(0)
    low, sides = (2 * torch.rand(60, 3, generator=g) - 1) * reach, torch.rand(60, 3, generator=g)
    widths = []
    for size in (0.0, 1e-4, 1e-3, 0.01, 0.04):
        high = low + size * sides
        lower, upper = field.bounds(low, high)
        assert lower.shape == upper.shape == (60,) and lower.dtype == torch.float64
        shares = torch.cat([torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * 3), torch.rand(40, 3, generator=g)])
        points = torch.minimum(low + shares[:, None] * (high - low), high)
        values = field.sdf(points.view(-1, 3)).view(-1, 60).double()
        assert bool((values >= lower).all()) and bool((values <= upper).all()), size
        widths.append(float((upper - lower).median()))
    # They close in with the box, down to what float32 may round off.
    assert widths == sorted(widths) and widths[0] < 0.5 * widths[4]


@pytest.mark.parametrize("resize", [True, False])
def test_bounds_of_the_reduced_base_hold(resize: bool) -> None:
    model = make_model(reduced_base(resize_levels_to_canvas=resize))
    torch.manual_seed(5)
    assert_bounds_hold(model.encode(torch.rand(3, 32, 32)), 0.6)


def test_bounds_hold_with_every_input_and_behind_the_camera() -> None:
    config = reduced_base(query_reads=ALL_READS, depth="projective")
    torch.manual_seed(5)
    field = make_model(config).encode(torch.rand(3, 32, 32))
    assert_bounds_hold(field, 0.6)
    # Boxes through the camera's own plane see all of the image.
    depth = field.transform[:, 2].double()
    start = torch.zeros(1, 3)
    plane = -(depth[3] + 2 * start.flip(-1).double() @ depth[:3]) / (2 * depth[:3].flip(-1)).square().sum()
    centre = (plane * 2 * depth[:3].flip(-1)).float()[None]
    lower, upper = field.bounds(centre - 0.02, centre + 0.02)
    values = field.sdf(centre + 0.04 * torch.rand(500, 3) - 0.02)
    assert bool((values >= lower).all()) and bool((values <= upper).all())


def test_bounds_of_small_and_mirrored_fields_hold() -> None:
    model = make_model(LISTConfig.small())
    size = model.config.image_size
    torch.manual_seed(5)
    image = torch.rand(3, size, size)
    assert_bounds_hold(model.encode(image), 0.5)
    assert_bounds_hold(encode_mirrored(model, image), 0.5)


def shipped() -> LIST:
    return load_checkpoint(default_weights_path(), "cpu")


def test_modes_on_a_trained_field(root, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from list_fast.data.preprocess import frame_image
    from list_fast.reconstruction import to_image

    framed = frame_image(to_image(root / "examples" / "chair.png"), None)
    field = shipped().encode(torch.from_numpy(framed.pixels).permute(2, 0, 1).contiguous())
    monkeypatch.setattr(Field, "bounds_price", 0.0)  # so small a lattice pays for none
    resolution = 13
    nodes = torch.cartesian_prod(*[node_coordinates(-0.55, 0.55, resolution)] * 3)
    wanted = marching_cubes(field.sdf(nodes).view([resolution] * 3), 0.0, bounds=BOUNDS)
    assert len(wanted[1]) > 100
    for mode, coarse in (("exact", None), ("band", 5), ("lipschitz", 5), ("certified", None)):
        mesh = extract_mesh(field, resolution, mode=mode, coarse=coarse)
        assert torch.equal(mesh.faces, wanted[1]), mode
        # The last bits of a value depend on how many points are evaluated together.
        torch.testing.assert_close(mesh.vertices, wanted[0], rtol=0, atol=1e-4)
    assert mesh.guarantee is Guarantee.CERTIFIED and mesh.bounded > 0 and mesh.evaluated <= mesh.total
