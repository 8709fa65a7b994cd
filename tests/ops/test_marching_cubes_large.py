# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Volumes of more than 2^31 nodes, and what volumes of small types take in memory."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import Tensor

from list_fast import extract_mesh
from list_fast.ops import marching_cubes, marching_cubes_batch

SIDE = 8  # nodes of the block with a surface


def ball(dtype: torch.dtype = torch.uint8) -> Tensor:
    """A ball of radius 2.5 nodes in a block, outside at its border."""
    axis = torch.arange(float(SIDE)) - (SIDE - 1) / 2
    return (40 * torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij")).norm(dim=0)).clamp(0, 127).to(dtype)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(1300, 1290, 1290), (1400, 12, 1 << 17)])
def test_a_surface_past_two_to_the_31_nodes(shape: tuple[int, int, int]) -> None:
    """A ball in the last corner: the mesh of that corner alone, moved there."""
    block = ball()
    volume = torch.full(shape, 127, dtype=torch.uint8)
    assert volume.numel() > 2**31
    corner = torch.tensor(shape) - SIDE
    volume[-SIDE:, -SIDE:, -SIDE:] = block
    vertices, faces, edges = torch.ops.list_fast.marching_cubes(volume, 100.0, True)
    near, same, near_edges = torch.ops.list_fast.marching_cubes(block, 100.0, True)
    assert len(same) > 100 and torch.equal(faces, same)
    low = near_edges // 3
    places = (low // SIDE**2, low // SIDE % SIDE, low % SIDE)
    x, y, z = (place + n for place, n in zip(places, corner.tolist(), strict=True))
    assert torch.equal(edges, 3 * ((x * shape[1] + y) * shape[2] + z) + near_edges % 3)
    assert int(edges.min()) > 3 * 2**31
    torch.testing.assert_close(vertices - corner, near, rtol=0, atol=max(shape) * 2.0**-23)
    # Normals read the nodes around; these values are a map that takes no memory.
    constant = torch.tensor(0.25).expand(1, *shape)
    _, _, normals, values = marching_cubes(volume, 100.0, return_normals=True, values=constant)
    assert torch.equal(normals, marching_cubes(block, 100.0, return_normals=True)[2])
    assert torch.equal(values, torch.full((len(vertices), 1), 0.25))


@pytest.mark.slow
def test_a_batch_past_two_to_the_31_nodes() -> None:
    """Seventeen volumes, of which the first and the last hold a ball in their last corner."""
    volumes = torch.full((17, 512, 512, 512), 127, dtype=torch.uint8)
    assert volumes.numel() > 2**31
    for volume in (volumes[0], volumes[-1]):
        volume[-SIDE:, -SIDE:, -SIDE:] = ball()
    meshes = marching_cubes_batch(volumes, 100.0)
    near, same = marching_cubes(ball(), 100.0)
    half = len(near)
    assert meshes.vertex_offsets.tolist() == [0, *[half] * 16, 2 * half]
    for b in (0, -1):
        vertices, faces = meshes[b]
        assert torch.equal(faces, same)
        torch.testing.assert_close(vertices - (512 - SIDE), near, rtol=0, atol=512 * 2.0**-23)


@pytest.mark.slow
def test_an_extraction_past_two_to_the_31_nodes() -> None:
    """A field's bricks: a ball of five cells in the last corner of a lattice of 1300 nodes a side."""
    centre = torch.tensor([0.49, 0.49, 0.49])
    mesh = extract_mesh(lambda points: (points - centre).norm(dim=1) - 0.004, 1300, mode="band")
    assert mesh.total == 1300**3 > 2**31
    assert mesh.is_watertight and len(mesh.vertices) - len(mesh.faces) // 2 == 2
    assert float(((mesh.vertices - centre).norm(dim=1) - 0.004).abs().max()) < 2e-4


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "float16", "bfloat16"])
def test_small_types_are_read_without_a_copy(dtype: str) -> None:
    """An extraction takes an eighth of a byte a node and what a row and the surface take; a copy in float32 has 4."""
    code = f"""
import torch
from list_fast.ops import marching_cubes, marching_cubes_batch

def peak():
    return next(int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith("VmHWM"))

volume = torch.full((500, 500, 500), 100, dtype=torch.{dtype})
volume[100:110, 100:110, 100:110] = 0
marching_cubes(volume[:, 99:120, 99:120], 50.0)
before = peak()
faces = marching_cubes(volume, 50.0, return_normals=True)[1]
print(len(faces), (peak() - before) / volume.numel())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    faces, per_node = done.stdout.split()
    assert int(faces) > 500 and float(per_node) < 0.25
