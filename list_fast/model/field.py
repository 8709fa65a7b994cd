# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The field: one encoded image, frozen, as a function from points to signed distances.

Sampling is linear in what is sampled, so the decoder's first layer may act on a level before it is sampled instead of
on every sample: W S(F, p) = S(W F, p). A field does so where it saves work, and never builds the whole feature row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from list_fast import ops
from list_fast._errors import as_int, check_tensor
from list_fast.meshing.certify import AffineLayers, Line, Linear, relu
from list_fast.ops._panels import pack_panels

from . import query_costs
from .field_bounds import FieldBounds, Part
from .half_field import HalfField
from .list_model import check_points, to_query_frame
from .spatial_transformer import view_direction

if TYPE_CHECKING:
    from .list_model import LIST, Encoded

WORKSPACE = {"cpu": 24 << 20}
WORKSPACE_ELSEWHERE = 512 << 20
"""Bytes for the queries that are evaluated together: on a CPU they stay in the caches, on a GPU they fill it."""
PROJECTED_BYTES = 256 << 20
"""The most that a field keeps in levels multiplied by its first layer, the merged image map apart."""

PROBED = 4096
"""Points that tell how fine the lattice is."""

LEAST_ON_LINE = 0.7
"""Share of points that continue the line of the one before from which on they count as a lattice's."""


@dataclass
class _Lane:
    """What points of one kind are evaluated from: maps that the first layer has been applied to, and levels that it is
    applied to once for every node along a line, or to every sample."""

    voxel_maps: list[Tensor] = field(default_factory=list)  # (K, R, R, R, H) each
    image_maps: list[Tensor] = field(default_factory=list)  # (H_l, W_l, H) each
    line_levels: list[Tensor] = field(default_factory=list)  # (R, R, R, C_l) each
    line_columns: list[Tensor] = field(default_factory=list)  # (K, C_l, H) each, in panels
    voxel_levels: list[Tensor] = field(default_factory=list)  # (1, C_l, R, R, R) each
    voxel_weight: Tensor | None = None  # (K sum of C_l, H)
    image_levels: list[Tensor] = field(default_factory=list)  # (1, C_l, H_l, W_l) each
    image_weight: Tensor | None = None  # (sum of C_l, H)
    panels: list[Tensor] = field(default_factory=list)  # of the weights that are there, for a CPU

    def columns(self) -> int:
        """Numbers a query that is sampled before it is multiplied."""
        return sum(0 if weight is None else weight.shape[0] for weight in (self.voxel_weight, self.image_weight))


def _as_rows(level: Tensor, copy: bool) -> Tensor:
    """With the channels of a node next to each other, which the samplers read in place; the level itself where it has
    them and `copy` is false."""
    layout = torch.channels_last_3d if level.dim() == 5 else torch.channels_last
    level = level.detach()
    return level.clone(memory_format=layout) if copy else level.contiguous(memory_format=layout)


def _project_voxels(level: Tensor, columns: Tensor) -> Tensor:
    """A level (1, C, R, R, R) times columns (H, K, C) -> its maps (K, R, R, R, H)."""
    hidden, places, channels = columns.shape
    rows = level[0].reshape(channels, -1).t().contiguous()
    maps = level.new_empty(places, *level.shape[2:], hidden)
    for k in range(places):
        torch.mm(rows, columns[:, k].t(), out=maps[k].view(-1, hidden))
    return maps


def _interpolation(size: int, to: int, like: Tensor) -> Tensor:
    """The matrix (to, size) of linear interpolation between aligned corners."""
    identity = torch.eye(size, dtype=like.dtype, device=like.device)[None]
    return F.interpolate(identity, to, mode="linear", align_corners=True)[0].t()


def _resized(rows: Tensor, canvas: tuple[int, int], add_to: Tensor | None = None) -> Tensor:
    """A map (h, w, C) resized bilinearly to (H, W, C), added to `add_to` (H, W, C) in place where that is given.

    As two products of matrices: several times faster on a CPU than the library's resize of many channels.
    """
    height, width, channels = rows.shape
    wide = _interpolation(width, canvas[1], rows) @ rows
    down, flat = _interpolation(height, canvas[0], rows), wide.view(height, -1)
    if add_to is None:
        return (down @ flat).view(*canvas, channels)
    add_to.view(canvas[0], -1).addmm_(down, flat)
    return add_to


def check_workspace(workspace: int | None, device: torch.device) -> int:
    """`workspace`, or the device's default for None. Raises ValueError unless it is a positive int."""
    if workspace is None:
        return WORKSPACE.get(device.type, WORKSPACE_ELSEWHERE)
    if (size := as_int(workspace)) is None or size < 1:
        raise ValueError(f"workspace must be a positive number of bytes, got {workspace!r}")
    return size


class Field:
    """The signed distance to one image's object.

    `transform` (4, 3): [q, 1] @ transform = (X, Y, Z), pixel (X / Z, Y / Z) on `canvas` (height, width), with q the
    point in the doubled, reversed frame 2 (z, y, x). `coarse_points` (P, 3): the coarse cloud in object space.
    Evaluates on the device of its model. A field keeps what it needs: the model may be trained on or dropped.
    """

    bounds_price: ClassVar[float] = 800.0
    """How many points are evaluated in the time of one box's `bounds`, as measured on a CPU with the small model."""

    @torch.no_grad()
    def __init__(self, model: LIST, encoded: Encoded, *, workspace: int | None = None, copy: bool = True) -> None:
        """`workspace`: about the most bytes that a call of `sdf` takes beyond its points and values, however many there
        are; None is a default for the device. Without `copy` the field may keep tensors of `encoded`, which nobody
        must change then.

        Raises ValueError unless `encoded` holds exactly one image and `workspace` is positive.
        """
        if encoded.transform.shape[0] != 1:
            raise ValueError(f"encoded must hold one image, got {encoded.transform.shape[0]}")
        self.workspace = check_workspace(workspace, encoded.transform.device)
        self.transform = encoded.transform[0].clone()
        self.coarse_points = encoded.coarse_points[0].clone()
        self.canvas = model.config.canvas
        self._offsets = model.offsets.clone()
        self._bounds: FieldBounds | None = None
        voxel, image, vector, view, point, bias = (part.detach().clone() for part in model.sdf_decoder.first_layer())
        if encoded.vector is not None:
            bias += vector @ encoded.vector[0]
        if view.shape[1]:
            # Depth along the direction of view is linear in the point.
            direction = view_direction(encoded.transform)[0]
            bias += view[:, :3] @ direction
            point += view[:, 3:] * direction
        self._point_weight, self._bias = point.t().contiguous(), bias
        # Only a CPU tells lines of a lattice from other points: elsewhere nothing is projected but the merged image.
        self._lattice, self._coarse, self._scattered = _Lane(), _Lane(), _Lane()
        self._copy = copy
        # What the first layer sums: levels with their columns (H, K, C), and maps (K, ..., H).
        self._multiplied: list[tuple[Tensor, Tensor]] = []
        self._added: list[Tensor] = []
        self._prepare_voxels(encoded.voxel_levels, voxel)
        self._prepare_images(encoded.image_levels, image, model.config.resize_levels_to_canvas)
        hidden = [model.sdf_decoder.layer(name) for name in ("fc_1", "fc_2", "fc_out")]
        self._layers = [(weight.clone(), layer_bias.clone()) for weight, layer_bias in hidden]
        # The last layer gives distances at once, without the scale that training uses.
        weight, out_bias = self._layers[-1]
        self._layers[-1] = (
            weight / model.config.sdf_scale,
            out_bias / model.config.sdf_scale - model.config.surface_level,
        )
        self._panels: list[Tensor] = []
        if weight.device.type == "cpu":
            self._pack()

    def _pack(self) -> None:
        """Bring the matrices into the order in which a CPU reads them."""
        for hidden, bias in self._layers[:-1]:
            self._panels += [pack_panels(hidden.t()), bias]
        last, bias = self._layers[-1]
        self._panels += [last[0], bias]
        for lane, _ in self._lanes():
            lane.panels = [pack_panels(part) for part in (lane.voxel_weight, lane.image_weight) if part is not None]

    def _lanes(self) -> list[tuple[_Lane, query_costs.Lane]]:
        return [
            (self._lattice, query_costs.LATTICE),
            (self._coarse, query_costs.COARSE_LATTICE),
            (self._scattered, query_costs.SCATTERED),
        ]

    def _prepare_voxels(self, levels: list[Tensor], weight: Tensor) -> None:
        if not levels:
            return
        hidden, places = weight.shape[0], len(self._offsets)
        columns = weight.view(hidden, places, -1).split([level.shape[1] for level in levels], 2)
        sizes = [(level.shape[1], level.shape[2]) for level in levels]
        rows: dict[int, Tensor] = {}
        maps: dict[int, Tensor] = {}
        for lane, costs in self._lanes():
            ways = ["direct"] * len(levels)
            if weight.device.type == "cpu":
                ways = query_costs.ways_of_voxels(sizes, self._query(weight), PROJECTED_BYTES, costs)
            direct = []
            for i, (level, way) in enumerate(zip(levels, ways, strict=True)):
                if way == "projected":
                    maps[i] = _project_voxels(level, columns[i]) if i not in maps else maps[i]
                    lane.voxel_maps.append(maps[i])
                    continue
                rows[i] = _as_rows(level, self._copy) if i not in rows else rows[i]
                if way == "lines":
                    lane.line_levels.append(rows[i][0].permute(1, 2, 3, 0))
                    lane.line_columns.append(pack_panels(columns[i].permute(1, 2, 0)))
                else:
                    lane.voxel_levels.append(rows[i])
                    direct.append(columns[i])
            if direct:
                lane.voxel_weight = torch.cat(direct, 2).reshape(hidden, -1).t().contiguous()
        self._multiplied += [(rows[i], columns[i]) for i in rows]
        self._added += [maps[i] for i in maps if i not in rows]

    def _sums(self) -> tuple[int, Tensor]:
        """How many products a number of the first layer is the sum of, and (H,) what their absolute values add up to at
        most, in whichever lane."""
        products, reach = 0, torch.zeros_like(self._bias)
        for level, columns in self._multiplied:
            least, most = level.flatten(2).aminmax(dim=2)
            products += columns.shape[1] * columns.shape[2]
            reach += columns.abs().sum(1) @ torch.maximum(least.abs(), most.abs())[0]
        for maps in self._added:
            least, most = maps.flatten(1, -2).aminmax(dim=1)
            products += maps.shape[0]
            reach += torch.maximum(least.abs(), most.abs()).sum(0)
        return products, reach

    def _query(self, weight: Tensor) -> query_costs.Query:
        shifts = len(self._offsets[:, 0].unique())
        return query_costs.Query(weight.shape[0], len(self._offsets), shifts, weight.element_size())

    def _prepare_images(self, levels: list[Tensor], weight: Tensor, resize: bool) -> None:
        if not levels:
            return
        columns = weight.split([level.shape[1] for level in levels], 1)
        if resize:
            merged = self._merge_images(levels, columns)
            self._added.append(merged[None])
            for lane, _ in self._lanes():
                lane.image_maps.append(merged)
            return
        # Every level is sampled in its own resolution: no single map stands for all of them.
        query = self._query(weight)
        rows: dict[int, Tensor] = {}
        maps: dict[int, Tensor] = {}
        for lane, costs in self._lanes():
            direct = []
            for i, level in enumerate(levels):
                pixels, cpu = level[0, 0].numel(), weight.device.type == "cpu"
                if cpu and query_costs.image_is_projected(level.shape[1], pixels, query, costs):
                    maps[i] = level[0].permute(1, 2, 0) @ columns[i].t() if i not in maps else maps[i]
                    lane.image_maps.append(maps[i])
                else:
                    rows[i] = _as_rows(level, self._copy) if i not in rows else rows[i]
                    lane.image_levels.append(rows[i])
                    direct.append(columns[i])
            if direct:
                lane.image_weight = torch.cat(direct, 1).t().contiguous()
        self._multiplied += [(rows[i], columns[i][:, None]) for i in rows]
        self._added += [maps[i][None] for i in maps if i not in rows]

    def _merge_images(self, levels: list[Tensor], columns: tuple[Tensor, ...]) -> Tensor:
        """One map (height, width, H) for levels that are resized to one canvas, multiplied by the first layer."""
        pixels, hidden = self.canvas[0] * self.canvas[1], columns[0].shape[0]
        rows = [level[0].permute(1, 2, 0).contiguous() for level in levels]
        # Resizing and projecting commute: the narrower levels are resized and then projected together, in one product.
        first = [self._resizes_first(level, hidden) for level in rows]
        if any(first):
            narrow = [_resized(level, self.canvas) for level, soon in zip(rows, first, strict=True) if soon]
            weight = torch.cat([part for part, soon in zip(columns, first, strict=True) if soon], 1)
            merged = (torch.cat(narrow, 2).view(pixels, -1) @ weight.t()).view(*self.canvas, hidden)
        else:
            merged = columns[0].new_zeros(*self.canvas, hidden)
        for level, part, soon in zip(rows, columns, first, strict=True):
            if not soon:
                _resized(level @ part.t(), self.canvas, add_to=merged)
        return merged

    def _resizes_first(self, rows: Tensor, hidden: int) -> bool:
        """Whether a map (h, w, C) takes fewer products to resize and then project than the other way about."""
        (height, width, channels), (canvas_height, canvas_width) = rows.shape, self.canvas
        resize = height * canvas_width * (width + canvas_height)  # for one channel
        before = channels * (resize + canvas_height * canvas_width * hidden)
        return before < hidden * (resize + height * width * channels)

    @property
    def device(self) -> torch.device:
        """Where the field lives and evaluates."""
        return self.transform.device

    @torch.no_grad()
    def sdf(self, points: Tensor) -> Tensor:
        """Points (N, 3) or (1, N, 3) in object space -> signed distances (N,) in object units, negative inside.

        The values have no gradient: `LIST.query` is what derivatives, by points or by weights, are taken of.

        Raises TypeError or ValueError for points of another shape, dtype or device.
        """

        def evaluate(part: Tensor, lane: _Lane) -> Tensor:
            return self._evaluate(to_query_frame(part), lane)

        return self._in_chunks(points, evaluate, fused=self._fused)

    __call__ = sdf

    def half(self, dtype: torch.dtype = torch.bfloat16) -> HalfField:
        """This field with its products in torch.bfloat16 or torch.float16: `extract_mesh(field, draft=field.half())`.

        Raises ValueError for another dtype, or where the field is not in float32.
        """
        return HalfField(self, dtype)

    def _in_chunks(
        self,
        points: Tensor,
        evaluate: Callable[[Tensor, _Lane], Tensor],
        chunk: int | None = None,
        fused: bool = False,
    ) -> Tensor:
        """Points (N, 3) or (1, N, 3), checked -> values (N,), by so many at a time or as the workspace holds."""
        if isinstance(points, Tensor) and points.dim() == 2:
            points = points.unsqueeze(0)
        check_points(points, 1)
        if points.device != self.device:
            raise ValueError(f"points must be on {self.device}, got {points.device}")
        points = points[0].to(self.transform.dtype)
        lane = self._lane(points)
        out = points.new_empty(points.shape[0])
        chunk = self._chunk(lane, fused) if chunk is None else chunk
        # Under autocast products would be in halves, which `half` asks for, and no bounds would hold.
        with torch.autocast(self.device.type, enabled=False):
            for start in range(0, points.shape[0], chunk):
                out[start : start + chunk] = evaluate(points[start : start + chunk], lane)
        return out

    @torch.no_grad()
    def bounds(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Boxes in object space, low (N, 3) to high (N, 3), -> lower and upper bounds (N,), float64, of `sdf` in them.

        Sound for what `sdf` computes, rounding included, and loose; infinite for boxes many nodes wide. They are what
        `extract_mesh(field, mode="certified")` asks for.
        """
        for name, corner in (("low", low), ("high", high)):
            check_tensor(name, corner, "(N, 3)", 2, 3)
        if low.shape != high.shape or not bool((low <= high).all()):
            raise ValueError("high must be of the shape of low and nowhere below it")
        if self._bounds is None:
            self._bounds = FieldBounds(
                self._parts(),
                self._point_weight,
                self._bias,
                self._hidden_layers(),
                self.transform,
                self.canvas,
                *self._sums(),
            )
        with torch.autocast(self.device.type, enabled=False):
            return self._bounds(to_query_frame(low), to_query_frame(high))

    def _parts(self) -> list[Part]:
        """The maps that the first layer reads."""
        lane, parts = self._scattered, []
        first = 0
        for k, offset in enumerate(self._offsets):
            parts += [Part(maps[k].permute(3, 0, 1, 2)[None], None, offset) for maps in lane.voxel_maps]
            if lane.voxel_weight is not None:
                for level in lane.voxel_levels:
                    parts.append(Part(level, lane.voxel_weight[first : first + level.shape[1]], offset))
                    first += level.shape[1]
        parts += [Part(image.permute(2, 0, 1)[None], None) for image in lane.image_maps]
        first = 0
        if lane.image_weight is not None:
            for level in lane.image_levels:
                parts.append(Part(level, lane.image_weight[first : first + level.shape[1]]))
                first += level.shape[1]
        return parts

    def _hidden_layers(self) -> AffineLayers:
        layers: list[Linear | Callable[[Tensor, Tensor], Line]] = []
        for weight, bias in self._layers:
            layers += [relu, Linear(weight.double(), bias.double())]
        return AffineLayers(layers)

    @property
    def _fused(self) -> bool:
        """Whether one operator does all from the samples on, and keeps rows between layers of a few queries only."""
        return bool(self._panels)

    def _chunk(self, lane: _Lane, fused: bool) -> int:
        """How many queries fit into the workspace."""
        widths = lane.columns() + 3
        if not fused:
            widths += sum(weight.shape[0] + weight.shape[1] for weight, _ in self._layers)
        return max(1, self.workspace // (widths * self.transform.element_size()))

    def _lane(self, points: Tensor) -> _Lane:
        """The lane for points (N, 3) in object space: that of lattices where z runs along lines of some length."""
        if self.device.type != "cpu":
            return self._scattered
        follows = (points[1:, :2] == points[:-1, :2]).all(1)
        if follows.sum().item() < LEAST_ON_LINE * len(points):
            return self._scattered
        some = points[:PROBED, 2]
        steps = (some[1:] - some[:-1])[follows[: PROBED - 1]].abs()
        steps = steps[steps > 0]
        # The doubled frame has twice the steps, on an axis of the length 2.
        coarse = len(steps) > 0 and 1 / steps.min().item() < query_costs.DENSE
        return self._coarse if coarse else self._lattice

    def _evaluate(self, q: Tensor, lane: _Lane) -> Tensor:
        """Signed distances (N,) of points (N, 3) in the doubled, reversed frame."""
        features, weights = [], []
        if lane.voxel_weight is not None:
            features.append(ops.sample_voxels(lane.voxel_levels, q[None], self._offsets)[0].flatten(1))
            weights.append(lane.voxel_weight)
        if lane.image_weight is not None:
            image = ops.sample_images(lane.image_levels, q[None], self.transform[None], canvas=self.canvas)[0]
            features.append(image)
            weights.append(lane.image_weight)
        if self._fused:
            return ops.decode_samples(
                **self._sum_of_samples(q, lane), layers=self._panels, features=features, feature_columns=lane.panels
            )
        x = self._affine_and_maps(q, lane)
        for part, weight in zip(features, weights, strict=True):
            x.addmm_(part, weight)
        for weight, bias in self._layers:
            x = F.linear(x.relu_(), weight, bias)
        return x[:, 0]

    def _sum_of_samples(self, q: Tensor, lane: _Lane) -> dict[str, Any]:
        """The first layer without what is multiplied behind it, as ``ops.sum_samples`` takes it."""
        return {
            "voxels": lane.voxel_maps,
            "images": lane.image_maps,
            "points": q,
            "offsets": self._offsets,
            "transform": self.transform,
            "weight": self._point_weight,
            "bias": self._bias,
            "canvas": self.canvas,
            "levels": lane.line_levels,
            "columns": lane.line_columns,
            "planes": lane is not self._scattered,
        }

    def _affine_and_maps(self, q: Tensor, lane: _Lane) -> Tensor:
        """The first layer's part (N, H) that its point columns, its bias and its maps give."""
        if q.device.type == "cpu":
            return ops.sum_samples(**self._sum_of_samples(q, lane))
        x = torch.addmm(self._bias, q, self._point_weight)
        for rows in lane.image_maps:
            level = rows.permute(2, 0, 1)[None]
            x += ops.sample_images([level], q[None], self.transform[None], canvas=self.canvas)[0]
        return x
