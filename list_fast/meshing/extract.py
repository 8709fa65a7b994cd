# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Extract the surface of a field: exactly, with a certificate, by its Lipschitz constant, or fast."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from list_fast._errors import as_int, as_ints, check_choice, check_number
from list_fast.meshing.bricks import Bricks
from list_fast.meshing.certify import find_bounds
from list_fast.meshing.culling import BoundsCulling, BoxBounds, LipschitzCulling
from list_fast.meshing.evaluate import Evaluator, Progress, find_call, find_device
from list_fast.meshing.follow import follow
from list_fast.meshing.levels import (
    Level,
    cull,
    evaluate_all,
    evaluate_exactly,
    every_brick,
    halve,
    learn,
    slopes,
    split,
    steepest_rise,
)
from list_fast.meshing.mesh import Culled, Guarantee, Mesh
from list_fast.meshing.refine import DraftEvaluator, Refinement
from list_fast.ops.marching_cubes import METHODS, Method, check_bounds, check_level
from list_fast.ops.marching_cubes_bricks import marching_cubes_bricks

BOUNDS = ((-0.55, -0.55, -0.55), (0.55, 0.55, 0.55))
"""The cube of object space with a margin, so that no surface is cut."""

MODES = ("exact", "certified", "lipschitz", "band")
ALIASES = {"dense": "exact", "sparse": "band"}
SAFETY = 1.5
"""An estimate of L is this many times the steepest rise that was seen."""
PROBES = 2048
"""Cells, besides the coarse ones, that an estimate of L looks at in the mode "lipschitz"."""
RETRIES = 3
"""How often an estimate of L that the values contradict is raised."""


def extract_mesh(
    sdf: Callable[[Any], Any],
    resolution: int | tuple[int, int, int] = 256,
    *,
    bounds: tuple[Sequence[float], Sequence[float]] = BOUNDS,
    level: float = 0.0,
    mode: str = "band",
    coarse: int | None = None,
    lipschitz: float | None = None,
    device: torch.device | str | None = None,
    chunk: int = 1 << 17,
    progress: Progress | None = None,
    draft: Callable[[Any], Any] | None = None,
    method: Method = "lorensen",
) -> Mesh:
    """Extract the surface where a field equals ``level`` as a mesh.

    All modes use the same lattice. Where nothing is missed, their meshes are the same, bit for bit: that of marching
    cubes on the values at all nodes, vertices ordered by the lower node of their edge (row-major), then by axis, faces
    by cell. Memory grows with the surface, not with the lattice. What is promised differs; the mesh tells which
    ``Guarantee`` holds.

    - "exact" evaluates every node.
    - "certified" leaves out blocks of cells over which bounds of the field exclude the surface: the mesh is proven to
      be that of "exact". The field is a ``torch.nn.Sequential`` of Linear and the usual activations, or has a method
      ``bounds(low, high) -> (lower, upper)`` for boxes (N, 3), as ``list_fast.Field`` does. Levels at which a sample
      tells that bounds would take longer than evaluating what they leave out go without (``bounds_price``, an
      attribute of the field: the nodes that could be evaluated in the time of one box; none is 1).
    - "lipschitz" evaluates every 2nd, 4th, 8th, ... node along each axis, leaves out the blocks between them that a
      field with the Lipschitz constant L cannot cross the level in, halves the step in the others, and so on down to
      single nodes. With a given L that bounds the field the mesh is that of "exact". Without it L is an estimate.
    - "band" does so with a coarser estimate of L, then follows the surface: where that leaves the known blocks, the
      next ones are evaluated too, until none is left. What it finds is complete; a separate part can be missed where
      the field changes faster than L. The fast default.

    Lattices of so few nodes that there is nothing to leave out are evaluated exactly in every mode but "certified".

    Args:
        sdf: The field: a callable from points (N, 3), float32, to N values, negative inside. It is called with tensors;
            if it cannot take them or answers in another shape, with numpy arrays (one whose methods give tensors other
            numbers, as ``std`` does, should make an array of its points itself). An object with a method ``sdf``, as
            ``list_fast.Field``, will do as well.
        resolution: Nodes along every axis, or along x, y and z; at least 2.
        bounds: The first and the last node, ((x, y, z), (x, y, z)).
        level: The value of the surface.
        mode: "exact", "certified", "lipschitz" or "band"; "dense" and "sparse" are other names of the first and the
            last.
        coarse: The least number of nodes along the longest axis to start from. The default is about a quarter of the
            resolution, but no fewer than 24 and no more than 128; with bounds about 8.
        lipschitz: L, how fast the field may change over distance (1 for a true distance), for "lipschitz" and "band".
        device: Where points are made and values kept. The default is the device of the callable's parameters, else the
            CPU.
        chunk: The most points, or boxes, in one call of ``sdf``.
        progress: Called as progress(stage, points done, points in this stage). What it raises ends the extraction;
            where it returns False, ``Cancelled`` does.
        draft: A cheaper approximation of ``sdf``, of the same form, as ``Field.half()``. Nodes are evaluated by it, and
            again by ``sdf`` where the surface may be: all corners of cells with both signs, and nodes where the draft
            is within 8 times its largest error of the level, the error taken from about 17 nodes along each axis. The
            mesh is that of ``sdf`` unless the draft errs by more somewhere, so the guarantee is at most "estimated".
        method: ``lorensen`` or ``mc33``, as for ``marching_cubes``; which nodes are evaluated does not depend on it.

    Returns:
        A ``Mesh`` in the coordinates of ``bounds``, closed unless the surface leaves them or meets NaN values; empty
        where there is no surface. It states its mode and guarantee, how many nodes were evaluated, what each level left
        out, L, and how many values a draft was refined with. Blocks whose corners are all NaN are left out in the modes
        with L.

    Raises:
        TypeError: ``sdf`` is not callable or does not return numbers, ``resolution`` is no int, ``level`` or
            ``lipschitz`` is no number, or ``mode`` is "certified" and bounds of ``sdf`` are not known.
        ValueError: An argument is out of range, also of that of float32, ``draft`` is given in the mode "certified",
            ``sdf`` returns another number of values, or NaN at every node asked.
        Cancelled: ``progress`` returned False.
        Whatever ``sdf`` and ``progress`` raise, with a note of the points it happened at.

    References:
        Ratschek and Rokne, "Computer methods for the range of functions", 1984 (bounds over boxes).
    """
    call = _check_callable(sdf)
    sizes = _check_resolution(resolution)
    # Points are float32.
    low, high = check_bounds(bounds, torch.float32)
    level = check_level(level, torch.float32)
    check_choice("mode", mode, (*MODES, *ALIASES))
    check_choice("method", method, METHODS)
    mode = ALIASES.get(mode, mode)
    if (points := as_int(chunk)) is None or points < 1:
        raise ValueError(f"chunk must be a positive int, got {chunk!r}")
    least = as_int(coarse)
    if coarse is not None and (least is None or least < 2):
        raise ValueError(f"coarse must be an int of at least 2, got {coarse!r}")
    if lipschitz is not None and (lipschitz := check_number("lipschitz", lipschitz)) <= 0:
        raise ValueError(f"lipschitz must be a positive number, got {lipschitz!r}")
    if lipschitz is not None and mode in ("exact", "certified"):
        raise ValueError(f'lipschitz must be left out in the mode "{mode}", which makes no use of it')
    if draft is not None and mode == "certified":
        raise ValueError('draft must be left out in the mode "certified": its error is known by samples only')
    place = find_device(sdf, device)
    if mode == "certified" and torch.is_autocast_enabled(place.type):
        raise ValueError('mode must not be "certified" under autocast, whose rounding no bounds take into account')
    box_bounds, price = find_bounds(sdf) if mode == "certified" else (None, 0.0)
    evaluate = Evaluator(call, points, progress)
    surface = float(torch.tensor(level, dtype=torch.float32))
    refinement = None
    if draft is not None:
        refinement = Refinement(DraftEvaluator(_check_callable(draft, "draft"), evaluate), evaluate, surface)
    job = _Extraction(evaluate, low, high, sizes, surface, place, refinement)
    with torch.no_grad():
        if refinement is not None:
            refinement.calibrate(job.level)
        if box_bounds is not None:
            numbers, values = job.certified(box_bounds, price, least)
        elif mode == "exact" or (step := _stride(max(sizes), least)) == 1:
            numbers, values = job.exact()
        else:
            numbers, values = job.by_lipschitz(step, mode, lipschitz)
        if job.evaluate.evaluated and not job.evaluate.numbers:
            raise ValueError("sdf returned NaN at every node that was evaluated")
        vertices, faces = marching_cubes_bricks(numbers, values, sizes, level, bounds=(low, high), method=method)
    return Mesh(
        vertices,
        faces,
        sizes,
        job.evaluate.evaluated,
        math.prod(sizes),
        mode,
        job.guarantee,
        job.lipschitz,
        job.steepest,
        tuple(job.culled),
        job.bounded,
        evaluate.evaluated if refinement is not None else 0,
        refinement.error if refinement is not None else None,
    )


def _check_callable(sdf: object, name: str = "sdf") -> Callable[[Any], Any]:
    call = find_call(sdf)
    if call is None:
        raise TypeError(f"{name} must be a callable from points (N, 3) to N values, got {type(sdf).__name__}")
    return call


def _check_resolution(resolution: object) -> tuple[int, int, int]:
    sizes = as_ints((resolution,) * 3 if as_int(resolution) is not None else resolution, 3)
    if sizes is None:
        raise TypeError(f"resolution must be an int or three of them, got {resolution!r}")
    if min(sizes) < 2:
        raise ValueError(f"resolution must be at least 2 nodes along every axis, got {resolution!r}")
    return sizes[0], sizes[1], sizes[2]


def _stride(nodes: int, coarse: int | None) -> int:
    """How many nodes apart coarse nodes lie: the largest power of two that leaves enough of them."""
    least = max(24, min(nodes // 4, 128)) if coarse is None else coarse
    return next((s for s in (64, 32, 16, 8, 4, 2) if math.ceil((nodes - 1) / s) + 1 >= least), 1)


class _Extraction:
    """The parts of one extraction, and what is told of it."""

    def __init__(
        self,
        evaluate: Evaluator,
        low: Sequence[float],
        high: Sequence[float],
        sizes: tuple[int, int, int],
        surface: float,
        device: torch.device,
        refinement: Refinement | None = None,
    ) -> None:
        self.evaluate = evaluate if refinement is None else refinement.draft
        self.surface, self.refinement = surface, refinement
        self.low, self.high, self.sizes, self.device = low, high, sizes, device
        self.guarantee = Guarantee.EXACT
        self.lipschitz: float | None = None
        self.steepest: float | None = None
        self.culled: list[Culled] = []
        self.bounded = 0

    def level(self, step: int) -> Level:
        return Level.of(self.low, self.high, self.sizes, step, self.device)

    def exact(self) -> tuple[Tensor, Tensor]:
        """Numbers and values of the bricks at the surface, every node evaluated."""
        level = self.level(1)
        if self.refinement is None:
            return evaluate_exactly(level, self.evaluate, self.surface)
        numbers, values = evaluate_exactly(level, self.evaluate, self.surface, self.refinement.error)
        store = Bricks(self.sizes, numbers)
        store.values.copy_(values)
        self.refinement.refine(store, level)
        self.guarantee = Guarantee.ESTIMATED
        return store.in_order()

    def certified(self, bounds: BoxBounds, price: float, coarse: int | None) -> tuple[Tensor, Tensor]:
        """The same, where bounds do not exclude the surface. Nodes are evaluated in the last level only."""
        least = 9 if coarse is None else coarse
        step = next((s for s in (64, 32, 16, 8, 4) if math.ceil((max(self.sizes) - 1) / s) + 1 >= least), 2)
        culling = BoundsCulling(self.surface, bounds, self.evaluate, self.evaluate.chunk, price)
        level = self.level(step)
        store = every_brick(level)
        while level.step > 1:
            octants = None
            if culling.pays(store, level):
                octants, culled = cull(store, culling, level)
                self.culled.append(culled)
            level = self.level(level.step // 2)
            store = halve(store, level, octants)
        learn(store, level, self.evaluate, "every node")
        self.guarantee, self.bounded = Guarantee.CERTIFIED, culling.bounded
        return store.in_order()

    def by_lipschitz(self, step: int, mode: str, given: float | None) -> tuple[Tensor, Tensor]:
        """The same, where L does not exclude the surface, and where following it leads."""
        start = self.level(step)
        volume = evaluate_all(start, self.evaluate)
        if not self.evaluate.numbers:
            raise ValueError("sdf returned NaN at every coarse node")
        if given is None:
            seen = steepest_rise(volume, start)
            if mode == "lipschitz":
                seen = max(seen, self.probe())
            self.lipschitz = SAFETY * seen
        else:
            self.lipschitz = given
        retries = RETRIES if mode == "lipschitz" and given is None else 0
        while True:
            error = 0.0 if self.refinement is None else self.refinement.error
            culling = LipschitzCulling(self.surface, self.lipschitz, error)
            store = self.descend(volume, start, culling)
            self.steepest = culling.steepest
            wrong = culling.contradicted(self.level(1))
            if not wrong or retries == 0:
                break
            retries -= 1
            self.lipschitz = SAFETY * culling.steepest
        if not any(level.culled or level.octants for level in self.culled):
            self.guarantee = Guarantee.EXACT if self.refinement is None else Guarantee.ESTIMATED
        elif mode == "band" or wrong:
            self.guarantee = Guarantee.NONE
        else:
            proven = given is not None and self.refinement is None
            self.guarantee = Guarantee.LIPSCHITZ if proven else Guarantee.ESTIMATED
        return store.in_order()

    def descend(self, volume: Tensor, start: Level, culling: LipschitzCulling) -> Any:
        """From the values of a coarse level down to single nodes, and along the surface."""
        self.culled = []
        level, store = start, every_brick(start)
        store.values.copy_(split(volume))
        parent = (store, level)
        while level.step > 1:
            octants, culled = cull(store, culling, level)
            self.culled.append(culled)
            finer = self.level(level.step // 2)
            children = halve(store, finer, octants)
            stage = f"every {finer.step} nodes" if finer.step > 1 else "every node"
            parent = (store, level)
            learn(children, finer, self.evaluate, stage, parent)
            level, store = finer, children
        follow(store, level, self.evaluate, self.surface, culling, parent)
        if self.refinement is not None:
            # What is refined may change sign, and the surface then lead on.
            while self.refinement.refine(store, level):
                follow(store, level, self.evaluate, self.surface, culling, parent)
        return store

    def probe(self) -> float:
        """The steepest rise along edges, and of the mean over the cell, of full-lattice cells spread evenly."""
        level = self.level(1)
        count = min(PROBES, math.prod(self.sizes) // 512)
        if count == 0:
            return 0.0
        # The additive recurrence of the plastic number leaves no large gaps, and is the same on every run.
        shares = torch.arange(1, count + 1, dtype=torch.float64)[:, None] * torch.tensor(
            [0.8191725133961645, 0.6710436067037893, 0.5497004779019703], dtype=torch.float64
        )
        cells = ((shares % 1) * (torch.tensor(self.sizes, dtype=torch.float64) - 1)).long().to(self.device)
        corners = torch.cartesian_prod(*[torch.arange(2, device=self.device)] * 3)
        nodes = (cells[:, None] + corners).view(-1, 3)
        self.evaluate.begin("probe", len(nodes))
        values = self.evaluate(level.axes, nodes.unbind(1)).view(count, 2, 2, 2)
        steepest, total = 0.0, torch.zeros(count, device=self.device)
        for axis, distance in enumerate(level.spacing):
            rise = slopes(values.diff(dim=axis + 1), distance).flatten(1)
            steepest = max(steepest, float(rise.abs().amax()))
            total = total + rise.mean(1).square()
        return max(steepest, float(total.max().sqrt()))
