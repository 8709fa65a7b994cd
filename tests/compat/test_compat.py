# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The drop-in modules beside the packages that they stand in for."""

import itertools

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from list_fast import ops
from list_fast.compat import mcubes, skimage, torchmcubes

SHAPES = [(14, 17, 20), (21, 9, 13)]


def ellipsoid(shape):
    grid = np.stack(np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij"))
    return np.sqrt(((grid - np.array([0.1, -0.05, 0.15])[:, None, None, None]) ** 2).sum(0)) - 0.67


def smooth_noise(shape, seed, sigma=3.0):
    return gaussian_filter(np.random.default_rng(seed).standard_normal(shape), sigma, mode="nearest") * 20


def signed_volume(vertices, faces):
    a, b, c = np.asarray(vertices, np.float64)[np.asarray(faces, np.int64)].swapaxes(0, 1)
    return float((a * np.cross(b, c)).sum() / 6)


def area(vertices, faces):
    a, b, c = np.asarray(vertices, np.float64)[np.asarray(faces, np.int64)].swapaxes(0, 1)
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def same_points(ours, theirs, tolerance=1e-4):
    """Both sets, each point with the nearest of the other."""
    from scipy.spatial import cKDTree

    assert len(ours) == len(theirs)
    for a, b in ((ours, theirs), (theirs, ours)):
        assert cKDTree(a).query(b)[0].max() < tolerance


VOLUMES = [ellipsoid(s) for s in SHAPES] + [smooth_noise(s, i) for i, s in enumerate(SHAPES * 2)]


@pytest.mark.parametrize("volume", VOLUMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pymcubes_beside_ours(volume, dtype):
    theirs = pytest.importorskip("mcubes")
    values = volume.astype(dtype)
    expected, expected_faces = theirs.marching_cubes(values, 0.1)
    vertices, faces = mcubes.marching_cubes(values, 0.1)
    assert (vertices.dtype, faces.dtype) == (expected.dtype, expected_faces.dtype)
    same_points(vertices, expected, 1e-5)
    assert len(faces) == len(expected_faces)
    assert area(vertices, faces) == pytest.approx(area(expected, expected_faces), rel=5e-3)
    assert signed_volume(vertices, faces) == pytest.approx(signed_volume(expected, expected_faces), rel=5e-3)


def test_pymcubes_takes_other_arrays():
    theirs = pytest.importorskip("mcubes")
    solid = ellipsoid(SHAPES[0]) < 0
    for values in (solid, solid.astype(np.int16), np.asfortranarray(solid.astype(float)), solid[::-1, :, ::-1]):
        vertices, faces = mcubes.marching_cubes(values, 0.5)
        expected = theirs.marching_cubes(np.ascontiguousarray(values), 0.5)
        same_points(vertices, expected[0], 1e-6)
        assert signed_volume(vertices, faces) == pytest.approx(signed_volume(*expected), rel=5e-3)
        assert signed_volume(vertices, faces) > 0  # the mesh of a density points outwards
    empty = mcubes.marching_cubes(np.zeros((3, 4, 5)), 1.0)
    assert [(x.shape, x.dtype) for x in empty] == [((0, 3), np.float64), ((0, 3), np.uint64)]
    with pytest.raises(ValueError, match="volume"):
        mcubes.marching_cubes(np.zeros((3, 3)), 0.0)
    with pytest.raises(TypeError, match="real numbers"):
        mcubes.marching_cubes(np.zeros((3, 3, 3), complex), 0.0)


@pytest.mark.parametrize("volume", VOLUMES)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"level": 0.1, "spacing": (0.5, 2.0, 3.0)},
        {"level": 0.1, "gradient_direction": "ascent", "method": "lorensen"},
        {"level": 0.1, "step_size": 2},
        {"level": 0.1, "allow_degenerate": False},
    ],
)
def test_skimage_beside_ours(volume, options):
    theirs = pytest.importorskip("skimage.measure")
    expected, ours = theirs.marching_cubes(volume, **options), skimage.marching_cubes(volume, **options)
    assert [x.dtype for x in ours] == [x.dtype for x in expected]
    # Steps make the volume coarse, and cells ambiguous.
    if options.get("step_size", 1) == 1:
        same_points(ours.verts, expected[0])
        assert len(ours.faces) == len(expected[1])
        from scipy.spatial import cKDTree

        twin = cKDTree(expected[0]).query(ours.verts)[1]
        np.testing.assert_allclose(ours.values, expected[3][twin], atol=1e-4)
        agreement = (ours.normals * expected[2][twin]).sum(1)
        assert np.median(agreement) > 0.99 and (agreement > 0).mean() > 0.98
    assert area(ours.verts, ours.faces) == pytest.approx(area(*expected[:2]), rel=4e-2)
    assert signed_volume(ours.verts, ours.faces) == pytest.approx(signed_volume(*expected[:2]), rel=4e-2)


def test_skimage_masks_cells():
    theirs = pytest.importorskip("skimage.measure")
    volume = ellipsoid(SHAPES[0])
    mask = np.random.default_rng(0).random(volume.shape) < 0.6
    for step in (1, 2):
        expected = theirs.marching_cubes(volume, 0.0, mask=mask, step_size=step)
        ours = skimage.marching_cubes(volume, 0.0, mask=mask, step_size=step)
        same_points(ours.verts, expected[0])
        assert len(ours.faces) == len(expected[1])
        assert area(ours.verts, ours.faces) == pytest.approx(area(*expected[:2]), rel=1e-2)


@pytest.mark.parametrize("method", ["lewiner", "lorensen"])
def test_every_configuration_knows_its_cell(method):
    # A mask that clears nothing takes every face, whichever of the cells it comes from.
    rng = np.random.default_rng(1)
    volume = rng.standard_normal((24, 24, 24)).astype(np.float32)
    whole = skimage.marching_cubes(volume, 0.0, method=method)
    kept = skimage.marching_cubes(volume, 0.0, method=method, mask=np.ones(volume.shape, bool))
    for a, b in zip(whole, kept, strict=True):
        np.testing.assert_array_equal(a, b)
    checker = np.indices(volume.shape).sum(0) % 2 == 0
    parts = [skimage.marching_cubes(volume, 0.0, method=method, mask=m) for m in (checker, ~checker)]
    assert sum(len(p.faces) for p in parts) == len(whole.faces)
    assert sum(area(*p[:2]) for p in parts) == pytest.approx(area(*whole[:2]), rel=1e-6)


def test_skimage_lewiner_has_the_topology_of_the_interpolant():
    volume = np.random.default_rng(2).standard_normal((12, 13, 14)).astype(np.float32)
    vertices, faces, normals = ops.marching_cubes(torch.from_numpy(-volume), 0.0, method="mc33", return_normals=True)
    ours, table = skimage.marching_cubes(volume, 0.0), skimage.marching_cubes(volume, 0.0, method="lorensen")
    for got, wanted in zip(ours[:3], (vertices, faces.flip(1), normals), strict=True):
        np.testing.assert_array_equal(got, wanted.numpy())
    on_edges = len(table.verts)
    assert len(ours.verts) > on_edges + 20 and len(ours.faces) != len(table.faces)
    for part in ("verts", "normals", "values"):
        np.testing.assert_array_equal(getattr(ours, part)[:on_edges], getattr(table, part))
    # A vertex that a cell adds belongs to that alone; it may lie on the face to the next one.
    for point, value in zip(ours.verts[on_edges:], ours.values[on_edges:], strict=True):
        around = itertools.product(*({max(int(np.ceil(x)) - 1, 0), int(np.floor(x))} for x in point))
        assert value in [np.ptp(volume[x : x + 2, y : y + 2, z : z + 2]) for x, y, z in around]


def test_skimage_values_at_the_level():
    theirs = pytest.importorskip("skimage.measure")
    solid = (ellipsoid(SHAPES[0]) < 0).astype(float)
    expected, ours = theirs.marching_cubes(solid, 0.0), skimage.marching_cubes(solid, 0.0)
    assert signed_volume(*ours[:2]) == pytest.approx(signed_volume(*expected[:2]), rel=2e-2)
    merged = skimage.marching_cubes(solid, 0.0, allow_degenerate=False)
    a, b, c = merged.verts[merged.faces].swapaxes(0, 1)
    assert np.linalg.norm(np.cross(b - a, c - a), axis=1).min() > 0
    assert len(merged.faces) < len(ours.faces)


@pytest.mark.parametrize("level", [0.1, 0.7])  # in float32 the one rises and the other falls
@pytest.mark.parametrize("method", ["lewiner", "lorensen"])
def test_skimage_compares_with_the_level_in_float64(level, method):
    theirs = pytest.importorskip("skimage.measure")
    field = ellipsoid(SHAPES[0])
    volume = np.where(field < 0, 0.0, np.where(field < 0.3, level, 1.0))
    expected, ours = (m.marching_cubes(volume, level, method=method) for m in (theirs, skimage))
    same_points(ours.verts, expected[0])
    assert len(ours.faces) == len(expected[1])
    # As the least or the greatest value of the volume it is no level out of range, though all nodes lie on one side.
    values = np.maximum(volume, level) if float(np.float32(level)) > level else np.minimum(volume, level)
    with pytest.raises(RuntimeError, match="no surface"):
        skimage.marching_cubes(values, level, method=method)


@pytest.mark.parametrize(
    ("arguments", "options", "error"),
    [
        ((np.zeros((3, 3)),), {}, ValueError),
        ((np.zeros((1, 3, 3)),), {}, ValueError),
        (([[[0.0]]],), {}, ValueError),
        ((VOLUMES[0], 1e3), {}, ValueError),
        ((VOLUMES[0], 0.0), {"spacing": (1, 2)}, ValueError),
        ((VOLUMES[0], 0.0), {"step_size": 0}, ValueError),
        ((VOLUMES[0], 0.0), {"method": "dual"}, ValueError),
        ((VOLUMES[0], 0.0), {"gradient_direction": "up"}, ValueError),
        ((VOLUMES[0], 0.0), {"mask": np.ones((2, 2, 2), bool)}, ValueError),
        ((np.zeros((3, 3, 3)), 0.0), {}, RuntimeError),
        ((VOLUMES[0], 0.0), {"mask": np.zeros(VOLUMES[0].shape, bool)}, RuntimeError),
    ],
)
def test_skimage_errors(arguments, options, error):
    theirs = pytest.importorskip("skimage.measure")
    for function in (theirs.marching_cubes, skimage.marching_cubes):
        with pytest.raises(error):
            function(*arguments, **options)


def test_torchmcubes_by_hand():
    # One node below the level, at z = 0, y = 0, x = 0 of a single cell: the vertices lie on the three edges from it,
    # and the original's only triangle is its table's {0, 8, 3}, the vertices on the x, the y and the z axis.
    volume = torch.tensor([[[-1.0, 1.0], [3.0, 1.0]], [[9.0, 1.0], [1.0, 1.0]]])
    vertices, faces = torchmcubes.marching_cubes(volume, 0.0)
    assert vertices.dtype == torch.float32 and faces.dtype == torch.int32
    triangle = vertices[faces[0].long()].tolist()
    start = triangle.index(pytest.approx([0.5, 0, 0]))
    expected = [[0.5, 0, 0], [0, 0.25, 0], [0, 0, 0.1]]
    for got, wanted in zip(triangle[start:] + triangle[:start], expected, strict=True):
        assert got == pytest.approx(wanted)
    assert len(faces) == 1


def test_torchmcubes_axes_and_gradient():
    volume = torch.tensor(VOLUMES[0], dtype=torch.float32, requires_grad=True)
    vertices, faces = torchmcubes.marching_cubes(volume, 0.0)
    nz, ny, nx = volume.shape
    middle = (vertices.amax(0) + vertices.amin(0)) / 2
    centre = torch.tensor([(0.15 + 1) / 2 * (nx - 1), (-0.05 + 1) / 2 * (ny - 1), (0.1 + 1) / 2 * (nz - 1)])
    torch.testing.assert_close(middle.detach(), centre, atol=0.2, rtol=0)
    assert signed_volume(vertices.detach(), faces) > 0
    vertices.sum().backward()
    assert bool(volume.grad.abs().sum() > 0)


def test_torchmcubes_grid_interp():
    nz, ny, nx = 4, 5, 6
    z, y, x = torch.meshgrid(torch.arange(nz), torch.arange(ny), torch.arange(nx), indexing="ij")
    volume = torch.stack([x + 10.0 * y + 100.0 * z, 1.0 - x])  # linear, so that interpolation is exact
    points = torch.rand(50, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([nx - 1.0, ny - 1, nz - 1])
    got = torchmcubes.grid_interp(volume, points)
    wanted = torch.stack([points @ torch.tensor([1.0, 10.0, 100.0]), 1 - points[:, 0]], 1)
    torch.testing.assert_close(got, wanted, atol=1e-3, rtol=1e-5)
    assert torchmcubes.grid_interp(volume, torch.tensor([[99.0, 99, 99]])).tolist() == [[345.0, -4.0]]
    with pytest.raises(ValueError, match="points"):
        torchmcubes.grid_interp(volume, torch.zeros(3, 2))
    with pytest.raises(ValueError, match="vol"):
        torchmcubes.grid_interp(volume[0], points)


def test_torchmcubes_on_each_device(device):
    volume = torch.tensor(VOLUMES[2], dtype=torch.float32)
    ours = torchmcubes.marching_cubes(volume.to(device), 0.1)
    for a, b in zip(torchmcubes.marching_cubes(volume, 0.1), ours, strict=True):
        assert b.device.type == device.type and torch.equal(a, b.cpu())


def test_nan_leaves_out_cells():
    volume = VOLUMES[0].copy()
    volume[:7] = np.nan  # "unknown", as sparse decoders have it
    for vertices in (
        mcubes.marching_cubes(volume, 0.0)[0],
        skimage.marching_cubes(volume, 0.0).verts,
        torchmcubes.marching_cubes(torch.from_numpy(volume), 0.0)[0].numpy()[:, ::-1],
    ):
        assert len(vertices) and np.isfinite(vertices).all() and vertices[:, 0].min() >= 7


def test_pymcubes_counts_values_of_the_level_as_the_original():
    original = pytest.importorskip("mcubes")
    block = np.zeros((4, 4, 4), bool)
    block[1:3, 1:3, 1:3] = True
    grid = np.linspace(-1, 1, 12)
    density = np.maximum(0, 0.5 - np.sqrt(grid[:, None, None] ** 2 + grid[:, None] ** 2 + grid**2))
    random = np.random.default_rng(0).integers(-1, 2, (5, 6, 7))
    for volume in (block, block.astype(np.uint8) * 255, density, random):
        vertices, faces = mcubes.marching_cubes(volume, 0)
        theirs, their_faces = original.marching_cubes(volume, 0)
        assert len(vertices) > 8 and len(vertices) == len(theirs)
        same_points(vertices, theirs)
        if volume is not random:  # where no cell is ambiguous
            assert len(faces) == len(their_faces)
            assert signed_volume(vertices, faces) == pytest.approx(signed_volume(theirs, their_faces))


def test_errors_name_the_arguments_of_the_original():
    with pytest.raises(TypeError, match="isovalue must be a number"):
        mcubes.marching_cubes(np.zeros((2, 2, 2)), "0")
    with pytest.raises(TypeError, match="vol must be one of float32"):
        torchmcubes.marching_cubes(torch.zeros(2, 2, 2, dtype=torch.uint8), 0.0)
    with pytest.raises(TypeError, match="thresh must be a number"):
        torchmcubes.marching_cubes(torch.zeros(2, 2, 2), None)
