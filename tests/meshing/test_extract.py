# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Extraction: every mode against dense evaluation, promises, following, kinds of callables, and what goes wrong."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from list_fast.meshing import Cancelled, Guarantee, Mesh, extract_mesh
from list_fast.meshing.evaluate import node_coordinates
from list_fast.meshing.extract import BOUNDS
from list_fast.ops.marching_cubes import Method, marching_cubes

Sdf = Callable[[Tensor], Tensor]


def ball(radius: float, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Sdf:
    return lambda p: (p - torch.tensor([x, y, z])).norm(dim=1) - radius


def box(x: float, y: float, z: float) -> Sdf:
    def sdf(p: Tensor) -> Tensor:
        q = p.abs() - torch.tensor([x, y, z])
        return q.clamp_min(0).norm(dim=1) + q.amax(1).clamp_max(0)

    return sdf


def union(*parts: Sdf) -> Sdf:
    return lambda p: torch.stack([part(p) for part in parts]).amin(0)


def torus(p: Tensor) -> Tensor:
    return torch.stack([p[:, :2].norm(dim=1) - 0.33, p[:, 2]], 1).norm(dim=1) - 0.1


def cut(a: Sdf, b: Sdf) -> Sdf:
    return lambda p: torch.maximum(a(p), -b(p))


def random_network(seed: int, activation: type[torch.nn.Module]) -> Sdf:
    """Rounded from float64: in float32 the last bits depend on how many points are evaluated together."""
    torch.manual_seed(seed)
    layers = [torch.nn.Linear(3, 32), activation(), torch.nn.Linear(32, 32), activation(), torch.nn.Linear(32, 1)]
    network = torch.nn.Sequential(*layers).double()
    with torch.no_grad():
        network[0].weight *= 6
        network[4].bias -= network(torch.rand(500, 3, dtype=torch.float64) - 0.5).median()
    return lambda p: network(p.double()).detach().float()


def specks(p: Tensor) -> Tensor:
    """Thirty balls of 1.1 to 2 cells of a lattice of 96 nodes."""
    g = torch.Generator().manual_seed(4)
    centres, radii = torch.rand(30, 3, generator=g) - 0.5, (1.1 + 0.9 * torch.rand(30, generator=g)) * 1.1 / 95
    return ((p[:, None] - centres).norm(dim=2) - radii).amin(1)


SHAPES: dict[str, Sdf] = {
    "ball": ball(0.4),
    "torus": torus,
    "plate": box(0.5, 0.012, 0.3),
    "blobs far apart": union(ball(0.04, 0.45, 0.4, 0.45), ball(0.1, -0.3, -0.4, -0.3)),
    "speck smaller than a coarse cell": ball(0.4 * 4 * 1.1 / 95, 0.0321, 0.0123, -0.0211),
    "specks": specks,
    "table": union(box(0.45, 0.02, 0.3), *(lambda p, s=s: box(0.02, 0.25, 0.02)(p - s) for s in (0.3, -0.2))),
    "solid geometry": cut(union(box(0.4, 0.2, 0.3), ball(0.25, 0.3)), union(ball(0.22, 0.35), box(0.1, 0.1, 0.5))),
    "half a ball, cut by the bounds": lambda p: (p - torch.tensor([0.55, 0.0, 0.0])).norm(dim=1) - 0.3,
    "surface through nodes": lambda p: p[:, 0] - float(node_coordinates(-0.55, 0.55, 56)[20]),
    "all inside": lambda p: p.norm(dim=1) - 9,
    "all outside": lambda p: p.norm(dim=1) + 1,
    "network units": lambda p: 10 * torus(p),
    "occupancy": lambda p: torus(p).sign(),
    "random ReLU network": random_network(0, torch.nn.ReLU),
    "random tanh network": random_network(1, torch.nn.Tanh),
}
OPEN = ("half a ball, cut by the bounds", "surface through nodes", "random ReLU network", "random tanh network")
EMPTY = ("all inside", "all outside")


def dense(
    sdf: Sdf, resolution: int | tuple[int, int, int], level: float = 0.0, method: Method = "lorensen"
) -> tuple[Tensor, Tensor]:
    """Marching cubes on the values at all nodes, without the code under test."""
    sizes = (resolution,) * 3 if isinstance(resolution, int) else resolution
    nodes = torch.cartesian_prod(*(node_coordinates(-0.55, 0.55, n) for n in sizes))
    with torch.no_grad():
        return marching_cubes(sdf(nodes).view(sizes), level, bounds=BOUNDS, method=method)


def assert_is(mesh: Mesh, wanted: tuple[Tensor, Tensor]) -> None:
    assert mesh.vertices.dtype == wanted[0].dtype and mesh.faces.dtype == wanted[1].dtype
    assert torch.equal(mesh.vertices, wanted[0]) and torch.equal(mesh.faces, wanted[1])


def assert_same(a: Mesh, b: Mesh) -> None:
    assert_is(a, (b.vertices, b.faces))


@pytest.mark.parametrize("name", SHAPES)
def test_every_mode_equals_dense_evaluation(name: str) -> None:
    for resolution in (56, 96):
        wanted = dense(SHAPES[name], resolution)
        for mode in ("band", "lipschitz", "exact"):
            mesh = extract_mesh(SHAPES[name], resolution, mode=mode)
            assert_is(mesh, wanted)
            assert mesh.mode == mode and mesh.total == resolution**3
            # A jump has no Lipschitz constant: every cell might hold one.
            assert (mesh.evaluated < mesh.total) == (mode != "exact" and name != "occupancy")
            assert (mesh.guarantee is Guarantee.EXACT) == (mesh.evaluated >= mesh.total)
            assert mesh.is_empty == (name in EMPTY)
            assert mesh.is_watertight == (name not in (*OPEN, *EMPTY))
        if resolution == 96 and name not in ("occupancy", *OPEN):
            assert mesh.evaluated == mesh.total
            assert extract_mesh(SHAPES[name], resolution).evaluated < 0.22 * mesh.total


def test_ambiguous_cells_are_those_of_dense_evaluation() -> None:
    def waves(p: Tensor) -> Tensor:  # about four nodes to a wave
        x, y, z = (60 * p).unbind(1)
        return x.sin() * y.cos() + y.sin() * z.cos() + z.sin() * x.cos() + p[:, 0]

    wanted = dense(waves, (41, 38, 50), 0.2, "mc33")
    assert len(wanted[0]) > len(dense(waves, (41, 38, 50), 0.2)[0]) + 100
    for mode in ("band", "lipschitz", "exact"):
        assert_is(extract_mesh(waves, (41, 38, 50), level=0.2, mode=mode, method="mc33"), wanted)
    with pytest.raises(ValueError, match=r"method must be .*lorensen.*mc33"):
        extract_mesh(waves, 8, method="lewiner")  # type: ignore[arg-type]


@pytest.mark.parametrize("sizes", [(67, 3, 50), (130, 70, 2), (41, 97, 66), (9, 8, 60), (2, 2, 130)])
def test_other_lattices_and_each_node_at_most_once(sizes: tuple[int, int, int]) -> None:
    seen = []

    def sdf(p: Tensor) -> Tensor:
        seen.append(p)
        return torus(p)

    for mode in ("band", "lipschitz", "exact"):
        for coarse in (None, 3):
            seen.clear()
            mesh = extract_mesh(sdf, sizes, mode=mode, coarse=coarse)
            points = torch.cat(seen)
            assert mesh.evaluated == len(points) <= mesh.total + (mode == "lipschitz") * mesh.total // 64
            if mode != "lipschitz":  # whose probes may meet other nodes
                assert len(points.unique(dim=0)) == len(points)
            assert_is(mesh, dense(torus, sizes))


def test_names_of_the_modes() -> None:
    for alias, name in (("dense", "exact"), ("sparse", "band")):
        mesh = extract_mesh(torus, 64, mode=alias)
        assert mesh.mode == name
        assert_same(mesh, extract_mesh(torus, 64, mode=name))


def test_what_is_promised() -> None:
    exact = extract_mesh(torus, 97, mode="exact")
    assert exact.guarantee is Guarantee.EXACT and exact.lipschitz is None and exact.culled == ()
    band = extract_mesh(torus, 97)
    assert band.guarantee is Guarantee.NONE and band.lipschitz == pytest.approx(1.5, rel=1e-2)
    coarse, fine = band.culled
    assert (coarse.step, coarse.tested) == (4, 24**3) and 0 < coarse.culled < 24**3
    assert (fine.step, fine.tested) == (2, 8 * (24**3 - coarse.culled) - coarse.octants)
    assert 0 < fine.culled < fine.tested and coarse.octants > 0
    given = extract_mesh(torus, 97, mode="lipschitz", lipschitz=1.0)
    assert given.guarantee is Guarantee.LIPSCHITZ and given.lipschitz == 1.0
    assert given.steepest is not None and 0.9 < given.steepest < 1.001
    assert given.evaluated < band.evaluated
    estimated = extract_mesh(torus, 97, mode="lipschitz")
    assert estimated.guarantee is Guarantee.ESTIMATED and estimated.lipschitz == pytest.approx(1.5, rel=1e-2)
    # Too small an L is contradicted by what is seen at the surface.
    wrong = extract_mesh(lambda p: 10 * torus(p), 96, mode="lipschitz", lipschitz=1.0)
    assert wrong.guarantee is Guarantee.NONE and wrong.steepest == pytest.approx(10, rel=1e-2)
    # Nothing to leave out: all nodes are evaluated.
    assert extract_mesh(torus, 20).guarantee is Guarantee.EXACT


def hidden(p: Tensor) -> Tensor:
    """A ball, and a speck whose field says nothing of it a hundredth away."""
    return torch.minimum(ball(0.3)(p), 300 * ball(0.02, 0.4, 0.41, 0.42)(p))


def test_what_is_not_promised() -> None:
    # The steep speck lies between the coarse nodes: "band" misses it and says that it may.
    wanted = dense(hidden, 96)
    band = extract_mesh(hidden, 96)
    assert_is(band, dense(ball(0.3), 96))
    assert band.guarantee is Guarantee.NONE and len(wanted[1]) > len(band.faces)
    # An L that bounds the field finds it; so does evaluating all.
    for mode, lipschitz in (("lipschitz", 300.0), ("exact", None)):
        assert_is(extract_mesh(hidden, 96, mode=mode, lipschitz=lipschitz), wanted)
    # So does a finer start.
    assert_is(extract_mesh(hidden, 96, coarse=48), wanted)


def test_a_plate_thinner_than_a_cell_is_not_there_in_any_mode() -> None:
    thin = box(0.5, 0.2 * 1.1 / 95, 0.3)  # between two planes of nodes
    for mode in ("exact", "band"):
        assert extract_mesh(thin, 96, mode=mode).is_empty
    assert not extract_mesh(box(0.5, 0.51 * 1.1 / 95, 0.3), 96).is_empty


def test_an_estimate_that_the_values_contradict_is_raised() -> None:
    # Four times as steep in a small place at the surface, where neither coarse nodes nor probes see it.
    def sdf(p: Tensor) -> Tensor:
        there = (1 - (p - torch.tensor([0.352, 0.004, 0.003])).square().sum(1) / 0.02**2).clamp_min(0)
        return ball(0.35)(p) * (1 + 6 * there)

    mesh = extract_mesh(sdf, 96, mode="lipschitz")
    assert_is(mesh, dense(sdf, 96))
    assert mesh.guarantee is Guarantee.ESTIMATED
    assert mesh.lipschitz is not None and mesh.steepest is not None and mesh.lipschitz >= mesh.steepest > 1.6
    # A given L is not raised; the band follows a looser promise and keeps its own.
    assert extract_mesh(sdf, 96, mode="lipschitz", lipschitz=1.5).guarantee is Guarantee.NONE
    assert extract_mesh(sdf, 96).lipschitz == pytest.approx(1.5, rel=1e-2)


def test_sparse_needs_few_nodes() -> None:
    mesh = extract_mesh(torus, 160, lipschitz=1.0)
    assert mesh.evaluated < 0.07 * mesh.total
    assert mesh.volume == pytest.approx(2 * math.pi**2 * 0.33 * 0.1**2, rel=2e-3)


def test_follows_the_surface_where_the_start_saw_only_a_part() -> None:
    # A bar whose field is nearly flat: with so small an L the start keeps only the blocks that change sign at a coarse
    # node.
    bar = box(0.4, 0.011, 0.011)

    def squashed(p: Tensor) -> Tensor:
        seen = p[:, 0] < -0.3  # one end is thick enough to be seen
        return torch.where(seen, torch.minimum(bar(p), ball(0.08, -0.36)(p)), bar(p))

    mesh = extract_mesh(squashed, 96, lipschitz=1e-6)
    assert_is(mesh, dense(squashed, 96))
    assert mesh.is_watertight and int(mesh.components().max()) == 0
    assert mesh.evaluated < 0.06 * mesh.total
    # Every direction: the same bar along the other axes, and turned round.
    for turn in ((1, 0, 2), (2, 1, 0)):
        for sign in (1, -1):
            turned = lambda p, t=turn, s=sign: squashed(s * p[:, t])  # noqa: E731
            assert_is(extract_mesh(turned, 96, lipschitz=1e-6), dense(turned, 96))


@pytest.mark.slow
def test_memory_follows_the_surface() -> None:
    code = """if True:
        import resource
        import torch
        from list_fast import extract_mesh
        peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        extract_mesh(lambda p: p.norm(dim=1) - 0.3, 64)
        before = peak()
        mesh = extract_mesh(lambda p: p.norm(dim=1) - 0.3, 1024)
        assert mesh.is_watertight
        print(peak() - before)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < float(done.stdout) < 1200  # the volume alone would take 4096


def test_nodes_and_bounds() -> None:
    seen = []

    def sdf(p: Tensor) -> Tensor:
        seen.append(p)
        return p[:, 0] - 0.1

    mesh = extract_mesh(sdf, (5, 3, 2), bounds=((-1, 0, 0), (1, 1, 3)), mode="dense")
    points = torch.cat(seen)
    assert points.dtype == torch.float32 and points.shape == (30, 3)
    assert points[0].tolist() == [-1, 0, 0] and points[-1].tolist() == [1, 1, 3] and points[1].tolist() == [-1, 0, 3]
    assert mesh.resolution == (5, 3, 2)
    torch.testing.assert_close(mesh.vertices[:, 0], torch.full((6,), 0.1))
    assert mesh.vertices[:, 2].amax() == 3
    assert float(extract_mesh(ball(0.2), 48, level=0.1).vertices.norm(dim=1).mean()) == pytest.approx(0.3, rel=1e-3)


def test_chunks_and_progress_change_nothing() -> None:
    for mode in ("band", "exact"):
        calls: list[tuple[str, int, int]] = []
        sizes = []

        def sdf(p: Tensor, sizes: list[int] = sizes) -> Tensor:
            sizes.append(p.shape[0])
            return torus(p)

        small = extract_mesh(sdf, 64, mode=mode, chunk=1000, progress=lambda *a, calls=calls: calls.append(a))
        assert_same(small, extract_mesh(torus, 64))
        assert max(sizes) == 1000 and sum(sizes) == small.evaluated
        assert calls[0][0] == ("coarse" if mode == "band" else "exact") and calls[-1][1] == calls[-1][2]
        assert all(0 < done <= total for _, done, total in calls)


@pytest.mark.parametrize("mode", ["exact", "band", "lipschitz", "certified"])
def test_progress_ends_the_extraction(mode: str) -> None:
    network = torch.nn.Sequential(torch.nn.Linear(3, 1))
    network[0].weight.data.copy_(torch.tensor([[1.0, 0.2, -0.3]]))  # a plane through the middle
    network[0].bias.data.zero_()
    sdf = network if mode == "certified" else torus
    calls = []
    extract_mesh(sdf, 64, mode=mode, chunk=4096, progress=lambda *a: calls.append(a))
    assert len(calls) > 2
    for stop in (0, len(calls) // 2, len(calls) - 1):
        told = []

        def cancel(*a: object, told: list[object] = told, stop: int = stop) -> bool:
            told.append(a)
            return len(told) <= stop

        with pytest.raises(Cancelled, match="progress returned False at"):
            extract_mesh(sdf, 64, mode=mode, chunk=4096, progress=cancel)
        assert told == calls[: stop + 1]

    def fail(*a: object) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        extract_mesh(sdf, 64, mode=mode, progress=fail)


def test_kinds_of_callables() -> None:
    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.radius = torch.nn.Parameter(torch.tensor(0.3))

        def forward(self, p: Tensor) -> Tensor:
            return p.norm(dim=1, keepdim=True) - self.radius  # (N, 1)

    class Field:
        def sdf(self, p: Tensor) -> Tensor:
            return (p.norm(dim=1) - 0.3)[None]  # (1, N)

    def arrays(p: np.ndarray) -> np.ndarray:
        return np.linalg.norm(p.astype(np.float64), axis=1) - 0.3

    wanted = extract_mesh(ball(0.3), 32)
    for sdf in (Net(), Field(), lambda p: (p.norm(dim=1) - 0.3).double()):
        mesh = extract_mesh(sdf, 32)
        assert_same(mesh, wanted)
        assert not mesh.vertices.requires_grad
    assert extract_mesh(arrays, 32).vertices.shape == wanted.vertices.shape


@pytest.mark.filterwarnings("error")
def test_arrays_that_torch_cannot_share() -> None:
    def plain(p: np.ndarray) -> np.ndarray:
        return np.linalg.norm(p.astype(np.float32), axis=1) - np.float32(0.3)

    def backwards(p: np.ndarray) -> np.ndarray:
        return plain(p)[::-1].copy()[::-1]

    def read_only(p: np.ndarray) -> np.ndarray:
        values = plain(p)
        values.setflags(write=False)
        return values

    wanted, *others = (extract_mesh(sdf, 32) for sdf in (plain, backwards, read_only))
    assert not wanted.is_empty
    for mesh in others:
        assert_same(mesh, wanted)
    with pytest.raises(TypeError, match="sdf must return real values, got complex ones"):
        extract_mesh(lambda p: plain(p).astype(np.complex128), 32)


def test_nan_regions_are_left_out() -> None:
    def sdf(p: Tensor) -> Tensor:
        return torch.where(p[:, 0] > 0.2, math.nan, p.norm(dim=1) - 0.4)

    for mode in ("band", "lipschitz", "exact"):
        mesh = extract_mesh(sdf, 48, mode=mode)
        assert_is(mesh, dense(sdf, 48))
        assert not mesh.is_empty and not mesh.is_watertight and float(mesh.vertices[:, 0].amax()) <= 0.2


def test_mistakes_are_named() -> None:
    good = ball(0.3)
    with pytest.raises(TypeError, match="sdf must be a callable"):
        extract_mesh(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"sdf must return \d+ values for points of shape .* got shape"):
        extract_mesh(lambda p: p, 32)
    with pytest.raises(TypeError, match="sdf must return one tensor or array of values, got a tuple"):
        extract_mesh(lambda p: (p, p), 32)
    with pytest.raises(TypeError, match="sdf must return a tensor or array of values, got NoneType"):
        extract_mesh(lambda p: None, 32)
    for mode in ("band", "exact", "lipschitz"):
        for resolution in (32, 64):
            with pytest.raises(ValueError, match="sdf returned NaN at every"):
                extract_mesh(lambda p: p[:, 0] * math.nan, resolution, mode=mode)
    with pytest.raises(AttributeError, match="no_such") as caught:
        extract_mesh(lambda p: p.no_such(), 32)
    assert "while evaluating sdf at points of shape" in caught.value.__notes__[0]
    with pytest.raises(RuntimeError, match="my own trouble") as trouble:
        extract_mesh(lambda p: (_ for _ in ()).throw(RuntimeError("my own trouble")), 32)
    assert "while evaluating sdf at points of shape" in trouble.value.__notes__[0]
    with pytest.raises(TypeError, match="resolution must be an int"):
        extract_mesh(good, 32.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="resolution must be at least 2"):
        extract_mesh(good, 1)
    with pytest.raises(ValueError, match="mode must be one of 'exact', 'certified', 'lipschitz', 'band'"):
        extract_mesh(good, 32, mode="fast")
    with pytest.raises(ValueError, match="bounds must be two points"):
        extract_mesh(good, 32, bounds=((0, 0, 0), (0, 1, 1)))
    with pytest.raises(ValueError, match="level must be finite"):
        extract_mesh(good, 32, level=math.inf)
    with pytest.raises(ValueError, match="level must be finite in float32"):
        extract_mesh(good, 32, level=1e39)
    for corner in (1e39, 3e38):  # the second one's extent is too large
        with pytest.raises(ValueError, match="bounds must be finite in float32"):
            extract_mesh(good, 32, bounds=((-corner,) * 3, (corner,) * 3))
    for wrong in ("a", True):
        with pytest.raises(TypeError, match="lipschitz must be a number"):
            extract_mesh(good, 32, lipschitz=wrong)  # type: ignore[arg-type]
    for name, value in (("chunk", 0), ("coarse", 1), ("lipschitz", -1.0)):
        with pytest.raises(ValueError, match=f"{name} must be"):
            extract_mesh(good, 32, **{name: value})  # type: ignore[arg-type]
    for mode in ("exact", "certified"):
        with pytest.raises(ValueError, match="lipschitz must be left out"):
            extract_mesh(good, 32, mode=mode, lipschitz=1.0)


def numpy_box(points: Any) -> Any:
    """As written for arrays: a tensor's max gives two results, and its minimum is another function."""
    away = np.abs(points) - np.array([0.3, 0.2, 0.1])
    return np.linalg.norm(np.maximum(away, 0), axis=1) + np.minimum(away.max(axis=1), 0)


@pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning")  # of numpy, given a tensor
def test_functions_of_arrays_that_answer_tensors_in_another_way() -> None:
    def slab(points: Any) -> Any:
        return (np.abs(points) - 0.3).max(axis=1)

    for sdf in (numpy_box, slab):
        wanted = extract_mesh(lambda points, sdf=sdf: torch.from_numpy(sdf(points.numpy())), 24, mode="exact")
        assert torch.equal(extract_mesh(sdf, 24, mode="exact").vertices, wanted.vertices) and len(wanted.faces) > 100


class WithPart(torch.nn.Module):
    """A network with a part that is called sdf."""

    def __init__(self) -> None:
        super().__init__()
        self.sdf = torch.nn.Linear(3, 1)

    def forward(self, points: Tensor) -> Tensor:
        return points.norm(dim=1) - 0.4 + 0 * self.sdf(points)[:, 0]


def test_a_part_called_sdf_is_no_method() -> None:
    mesh = extract_mesh(WithPart(), 24)
    assert torch.equal(mesh.faces, extract_mesh(lambda points: points.norm(dim=1) - 0.4, 24).faces)


def test_errors_name_the_draft_and_the_device() -> None:
    with pytest.raises(ValueError, match="draft must return"):
        extract_mesh(lambda p: p.norm(dim=1) - 0.4, 24, draft=lambda p: p.norm())
    for wrong in ("nonsense", "xpu" if not torch.xpu.is_available() else "nowhere"):
        with pytest.raises(ValueError, match="device must be one that torch has here"):
            extract_mesh(lambda p: p.norm(dim=1) - 0.4, 24, device=wrong)
