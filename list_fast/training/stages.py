# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The two stages of training LIST: which parameters learn, and from what."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import torch
from torch import Tensor, nn

from list_fast import ops

from . import parallel
from .batches import Batch, TrainingData, fixed_views, generator
from .config import AugmentConfig, CameraConfig, CoarseConfig, SdfConfig, StageConfig
from .losses import camera_loss, chamfer_loss, occupancy_loss, project, sdf_loss
from .symmetry import turned_points

if TYPE_CHECKING:
    from list_fast.model import LIST, CoarseNet, Features
    from list_fast.model.list_model import Encoded

COARSE_PARTS = ("im_encoder", "point_decoder")
# What the transform comes of; over a shared trunk Pi's convolutions serve the queries alone.
CAMERA_PARTS = ("point_mlp_coarse", "spatial_transformer")
_HEAD = ("layout", "fc", "fc1")
# Omega's head over a shared trunk reads the two coarsest maps.
_COARSE_LEVELS = 2
_CAMERA_STRIDE = 4
# Surface points that the camera loss projects.
_CAMERA_POINTS = 256


class Stage(Protocol):
    """What the training loop asks of a stage."""

    name: str
    better: tuple[str, int]
    """The figure of `validate` that tells better weights from worse, and 1 if more is better or -1 if less is."""

    @property
    def options(self) -> StageConfig:
        """Length, batch, optimiser and schedule."""

    def prepare(self, data: TrainingData) -> None:
        """Called with each split before the stage, resumed or not."""

    def start(self) -> None:
        """Called once, before the first step of a stage that is not resumed."""

    def train_mode(self) -> None:
        """Puts the parts that learn into training mode and the others into evaluation mode."""

    def parameters(self) -> list[tuple[str, nn.Parameter]]:
        """The named parameters that learn."""

    def batch(self, data: TrainingData, seed: int, step: int) -> Batch:
        """The batch of a step, a function of its arguments alone."""

    def loss(self, batch: Batch, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss, and the figures to log. `progress` in [0, 1] is the share of the stage that is done."""

    def validate(self, data: TrainingData, views: int, device: torch.device) -> dict[str, float]:
        """Figures over a fixed set of views of the validation split, in evaluation mode."""


def features_of(model: LIST | CoarseNet, batch: Batch, augment: AugmentConfig | None = None, tail: int = 0) -> Features:
    """The trunk's features of a batch, from the cache or from the images, with noise where asked for.

    With a tail that learns the cache holds the map in front of it, and the `tail` coarsest maps are computed.
    """
    from list_fast.model import Features

    if batch.pooled is None:
        assert batch.images is not None
        features: Features = model.trunk_features(batch.images)
    elif tail:
        assert batch.maps
        maps, pooled = model.trunk.tail(batch.maps[-1], tail)
        features = Features([batch.maps[-1], *maps], pooled)
    else:
        features = Features(batch.maps or [], batch.pooled)
    if augment is None or not (augment.feature_noise or augment.feature_dropout):
        return features
    maps, pooled = features.maps, features.pooled
    if augment.feature_noise:
        pooled = pooled * (1 + augment.feature_noise * parallel.randn_like(pooled))
        # One factor per channel: independent noise in every pixel would average out in the next convolution.
        maps = [m * (1 + augment.feature_noise * parallel.randn_like(m[:, :, :1, :1])) for m in maps]
    if augment.feature_dropout:
        pooled = parallel.dropout(pooled, augment.feature_dropout)
    return dataclasses.replace(features, pooled=pooled, maps=maps)


def _coarse_parts(model: LIST) -> tuple[str, ...]:
    """What the coarse cloud comes of. A shared trunk serves Pi too, so it must not move once stage 1 is over."""
    return (*COARSE_PARTS, "trunk") if model.config.shared_trunk else COARSE_PARTS


def _coarsest_batch(stage: Stage, data: TrainingData, seed: int, step: int, surface: int) -> Batch:
    """The batch of a stage that has no queries and reads the coarsest maps alone."""
    options = stage.options
    return data.training_batch(
        seed, stage.name, step, options.batch, surface=surface, levels=_COARSE_LEVELS, augment=options.augment
    )


def camera_head(model: LIST) -> tuple[str, ...]:
    """The parts of Pi behind its global vector; none where Omega serves in its place, which is frozen."""
    if model.config.one_encoder:
        return ()
    return tuple(f"im_encoder2.{part}" for part in _HEAD) if model.config.shared_trunk else ("im_encoder2",)


def camera_parts(model: LIST) -> tuple[str, ...]:
    """What the camera stage trains."""
    return (*CAMERA_PARTS, *camera_head(model))


def trained_before(stage: str, model: LIST) -> tuple[str, ...]:
    """The parts of a model that the stages before "camera" or "sdf" train."""
    parts = _coarse_parts(model)
    if stage == "sdf" and model.config.transform == "predicted":
        parts += camera_parts(model)
    return parts


def onto_canvas(model: LIST, batch: Batch) -> Batch:
    """The batch with its true transforms carried from the pictures' pixels to the canvas of the model."""
    from list_fast.data.camera import IMAGE_SIZE
    from list_fast.model import rescale_transform

    camera = rescale_transform(batch.camera, (IMAGE_SIZE, IMAGE_SIZE), model.config.canvas)
    return dataclasses.replace(batch, camera=camera)


def _camera_loss(model: LIST, transform: Tensor, batch: Batch) -> Tensor:
    # The surface, not the queries: those far outside the object may lie outside the image too.
    points = batch.surface[:, :: max(1, batch.surface.shape[1] // _CAMERA_POINTS)]
    return camera_loss(transform, batch.camera, points, model.config.canvas, batch.symmetries)


class CoarseStage:
    """Stage 1: Omega and the coarse decoder learn the surface points (L_CD).

    Where asked for, the blocks behind the coarsest maps of a trunk that is frozen otherwise learn with them, and the
    spatial transformer the true cameras.
    """

    name = "coarse"
    better = ("chamfer", -1)

    def __init__(self, model: LIST, options: CoarseConfig, tail: int = 0) -> None:
        from list_fast.model import CoarseNet

        self.model, self.options, self._tail = model, options, tail
        self._camera = camera_parts(model) if options.camera_weight else ()
        # The published model has two trunks and stage 1 only one of them: CoarseNet runs no more than it needs.
        self.net = CoarseNet(model.config)
        self.net.image_encoder, self.net.point_decoder = model.im_encoder, model.point_decoder
        if model.config.shared_trunk:
            self.net.trunk = model.trunk
        if tail:
            model.trunk.blocks(tail)[1].requires_grad_(True)

    def prepare(self, data: TrainingData) -> None:
        if self._camera:
            data.find_symmetries(self.options.symmetries)

    def start(self) -> None:
        pass

    def train_mode(self) -> None:
        self.model.eval()
        self.net.train()
        for part in self._camera:
            self.model.get_submodule(part).train()

    def parameters(self) -> list[tuple[str, nn.Parameter]]:
        return _trainable(self.model, (*_coarse_parts(self.model), *self._camera))

    def batch(self, data: TrainingData, seed: int, step: int) -> Batch:
        return _coarsest_batch(self, data, seed, step, self.options.surface_points)

    def loss(self, batch: Batch, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        options = self.options
        features = features_of(self.net, batch, options.augment, self._tail)
        points = self.net.coarse(features).float()
        loss = chamfer_loss(points, batch.surface, options.chamfer_scale)
        figures = {"chamfer": loss}
        if self._camera:
            batch = onto_canvas(self.model, batch)
            transform = self.model.transform(features, points.detach()[:, ::_CAMERA_STRIDE])
            figures["camera"] = _camera_loss(self.model, transform, batch)
            loss = loss + options.camera_weight * figures["camera"]
        return loss, figures

    @torch.no_grad()
    def validate(self, data: TrainingData, views: int, device: torch.device) -> dict[str, float]:
        total, options = _Mean(), self.options
        self.model.eval()
        self.net.eval()
        for shapes, chosen in fixed_views(data, views, options.batch):
            rng = generator(0, "validate")
            batch = data.batch(shapes, chosen, rng, surface=options.surface_points, levels=_COARSE_LEVELS).to(device)
            features = features_of(self.net, batch, tail=self._tail)
            points = self.net.coarse(features).float()
            figures = {"chamfer": chamfer_loss(points, batch.surface, options.chamfer_scale)}
            if self._camera:
                batch = onto_canvas(self.model, batch)
                transform = self.model.transform(features, points)
                figures["camera"] = _camera_loss(self.model, transform, batch)
                figures["pixels"] = _pixel_error(transform, batch)
            total.add(figures, len(shapes))
        return total.result()


class _AfterCoarse:
    """What the stages behind the coarse cloud have in common: a frozen stage 1 and cameras on the model's canvas."""

    def __init__(
        self, model: LIST, augment: AugmentConfig, symmetries: int, *, freeze: bool = True, keep_encoder: bool = False
    ) -> None:
        self.model, self._augment, self._symmetries = model, augment, symmetries
        self._keep_encoder = keep_encoder
        if freeze:
            model.freeze(_coarse_parts(model))

    def prepare(self, data: TrainingData) -> None:
        data.find_symmetries(self._symmetries)

    def train_mode(self) -> None:
        self.model.train()

    def _copy_encoder(self) -> None:
        # Two separate encoders start alike, as published, unless Pi came trained.
        if self._keep_encoder or self.model.config.shared_trunk or self.model.im_encoder2 is None:
            return
        self.model.im_encoder2.load_state_dict(self.model.im_encoder.state_dict())

    @torch.no_grad()
    def _coarse(self, features: Features) -> Tensor:
        """Coarse clouds (B, P, 3), disturbed where asked for."""
        model, share = self.model, self._augment.latent_noise
        if not share:
            return disturb(model.coarse(features).float(), self._augment)
        pooled = features.pooled if features.coarse_pooled is None else features.coarse_pooled
        vector = model.im_encoder.global_vector(features.maps, pooled)
        points: Tensor = model.point_decoder(vector + share * parallel.std(vector) * parallel.randn_like(vector))
        return disturb(points.float(), self._augment)


class CameraStage(_AfterCoarse):
    """Between the stages: the spatial transformer and what feeds it learn the true cameras."""

    name = "camera"
    better = ("camera", -1)

    def __init__(self, model: LIST, options: CameraConfig, *, keep_encoder: bool = False) -> None:
        super().__init__(model, options.augment, options.symmetries, keep_encoder=keep_encoder)
        self.options = options

    def start(self) -> None:
        self._copy_encoder()

    def parameters(self) -> list[tuple[str, nn.Parameter]]:
        return _trainable(self.model, camera_parts(self.model))

    def batch(self, data: TrainingData, seed: int, step: int) -> Batch:
        return _coarsest_batch(self, data, seed, step, _CAMERA_POINTS)

    def loss(self, batch: Batch, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        batch = onto_canvas(self.model, batch)
        features = features_of(self.model, batch, self.options.augment)
        # Some points of a tree's branch will do: encoding them is nearly all the time of such a step.
        transform = self.model.transform(features, self._coarse(features)[:, ::_CAMERA_STRIDE])
        loss = _camera_loss(self.model, transform, batch)
        return loss, {"camera": loss}

    @torch.no_grad()
    def validate(self, data: TrainingData, views: int, device: torch.device) -> dict[str, float]:
        total, model = _Mean(), self.model
        model.eval()
        for shapes, chosen in fixed_views(data, views, self.options.batch):
            rng = generator(0, "validate")
            batch = data.batch(shapes, chosen, rng, surface=data.surface_points, levels=_COARSE_LEVELS).to(device)
            batch = onto_canvas(self.model, batch)
            features = features_of(model, batch)
            transform = model.transform(features, model.coarse(features).float())
            figures = {"camera": _camera_loss(self.model, transform, batch), "pixels": _pixel_error(transform, batch)}
            total.add(figures, len(shapes))
        return total.result()


class SdfStage(_AfterCoarse):
    """Stage 2: everything behind the coarse cloud learns the signed distance (L_SDF + L_V), with stage 1 frozen.

    With a weight for L_CD it is the only stage: the coarse cloud learns along.
    """

    name = "sdf"
    better = ("iou", 1)

    def __init__(
        self, model: LIST, options: SdfConfig, camera: CameraConfig | None = None, *, keep_encoder: bool = False
    ) -> None:
        freeze = not options.chamfer_weight
        super().__init__(model, options.augment, options.symmetries, freeze=freeze, keep_encoder=keep_encoder)
        self.options = options
        self._fresh = camera is None or not camera.lengths
        # Where queries read Pi's global vector it learns for them, and the camera along with it.
        if not self._fresh and model.config.shared_trunk and "global" not in model.config.query_reads:
            model.freeze(camera_parts(model))

    def start(self) -> None:
        if self._fresh and not self.options.chamfer_weight:
            self._copy_encoder()

    def parameters(self) -> list[tuple[str, nn.Parameter]]:
        return _trainable(self.model, [name for name, _ in self.model.named_children()])

    def batch(self, data: TrainingData, seed: int, step: int) -> Batch:
        options = self.options
        return data.training_batch(
            seed,
            self.name,
            step,
            options.batch,
            surface=data.surface_points,
            near=options.near_points,
            uniform=options.uniform_points,
            near_from=options.near_from,
            augment=options.augment,
        )

    def loss(self, batch: Batch, progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        options, model = self.options, self.model
        batch = onto_canvas(self.model, batch)
        assert batch.points is not None
        features = features_of(model, batch, options.augment)
        chamfer: dict[str, Tensor] = {}
        if options.chamfer_weight:
            cloud = model.coarse(features).float()
            chamfer["chamfer"] = chamfer_loss(cloud, batch.surface[:, : cloud.shape[1]])
            cloud = disturb(cloud, options.augment)
        else:
            cloud = self._coarse(features)
        encoded = model.encode_features(features, cloud, self._given(batch))
        transform = turn(self._sampling_transform(encoded.transform, batch.camera, progress), options.augment)
        predicted = model.query(dataclasses.replace(encoded, transform=transform), batch.points)
        loss, figures = self._losses(encoded, predicted, batch)
        for value in chamfer.values():
            loss = loss + options.chamfer_weight * value
        return loss, figures | chamfer

    def _given(self, batch: Batch) -> Tensor | None:
        """The true transforms, for a model that is given them."""
        return batch.camera if self.model.config.transform == "given" else None

    def _sampling_transform(self, predicted: Tensor, true: Tensor, progress: float) -> Tensor:
        """The true transform for a share of the batch that falls linearly to none."""
        if progress >= self.options.true_transform:
            return predicted.float()
        share = 1 - progress / self.options.true_transform
        use = parallel.rand(predicted.shape[0], 1, 1, device=predicted.device) < share
        return torch.where(use, true, predicted)

    def _losses(self, encoded: Encoded, predicted: Tensor, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        options, model = self.options, self.model
        assert batch.points is not None and batch.sdf is not None
        figures = {
            "sdf": sdf_loss(
                predicted,
                batch.sdf,
                options.sdf_loss,
                clamp=options.clamp,
                huber_delta=options.huber_delta,
                surface_emphasis=options.surface_emphasis,
                surface_scale=options.surface_scale,
                inside_weight=options.inside_weight,
            ),
        }
        loss = figures["sdf"]
        if encoded.logits is not None:
            shell = ops.occupancy_grid(batch.surface, model.config.voxel_resolution)
            figures["occupancy"] = occupancy_loss(encoded.logits, shell)
            loss = loss + options.occupancy_weight * figures["occupancy"]
        if options.camera_weight and model.config.transform != "given":
            figures["camera"] = _camera_loss(self.model, encoded.transform, batch)
            if encoded.transform.requires_grad:
                loss = loss + options.camera_weight * figures["camera"]
        return loss, figures

    @torch.no_grad()
    def validate(self, data: TrainingData, views: int, device: torch.device) -> dict[str, float]:
        total, model = _Mean(), self.model
        model.eval()
        for shapes, chosen in fixed_views(data, views, self.options.batch):
            batch = data.batch(
                shapes,
                chosen,
                generator(0, "validate"),
                surface=data.surface_points,
                near=2048,
                uniform=data.uniform_points,
            ).to(device)
            batch = onto_canvas(self.model, batch)
            assert batch.points is not None and batch.sdf is not None
            encoded = model.encode_features(features_of(model, batch), transform=self._given(batch))
            predicted = model.query(encoded, batch.points).float()
            _, figures = self._losses(encoded, predicted, batch)
            inside, truth = predicted[:, 2048:] < 0, batch.sdf[:, 2048:] < 0
            union = (inside | truth).sum(1)
            # Both empty is agreement.
            figures["iou"] = torch.where(union > 0, (inside & truth).sum(1) / union.clamp_min(1), 1.0).mean()
            figures["near_l1"] = (predicted[:, :2048] / model.config.sdf_scale - batch.sdf[:, :2048]).abs().mean()
            figures["pixels"] = _pixel_error(encoded.transform, batch)
            total.add(figures, len(shapes))
        return total.result()


def _pixel_error(transform: Tensor, batch: Batch) -> Tensor:
    """Mean pixel distance of the projected surface, to the nearest of the equally true transforms."""
    points = batch.surface[:, :512]
    turned = turned_points(points, batch.symmetries.shape[1])
    theirs = project(turned.flatten(1, 2), batch.camera).view(*turned.shape[:3], 2)
    error = (project(points, transform)[:, None] - theirs).norm(dim=-1).mean(2)
    return error.masked_fill(~batch.symmetries, torch.inf).amin(1).mean()


def disturb(points: Tensor, options: AugmentConfig) -> Tensor:
    """Moves, stretches, jitters coarse clouds (B, P, 3): on unseen images a prediction errs more than in training."""
    if options.coarse_shift:
        shift = options.coarse_shift * parallel.randn_like(points[:, :1])
        stretch = 1 + 2 * options.coarse_shift * parallel.randn_like(points[:, :1])
        points = points * stretch + shift
    if options.coarse_noise:
        points = points + options.coarse_noise * parallel.randn_like(points)
    return points


def turn(transform: Tensor, options: AugmentConfig) -> Tensor:
    """Transforms (B, 4, 3) behind random turns of the queries about the vertical axis."""
    if not options.camera_turn:
        return transform
    angle = 2 * math.pi * options.camera_turn * parallel.randn(transform.shape[0], 1, device=transform.device)
    sin, cos = angle.sin(), angle.cos()
    z, y, x, shift = transform.unbind(1)
    return torch.stack([cos * z + sin * x, y, cos * x - sin * z, shift], 1)


def _trainable(model: nn.Module, parts: Sequence[str]) -> list[tuple[str, nn.Parameter]]:
    """The parameters that may learn of `parts`, submodules by name."""
    inside = tuple(f"{part}." for part in parts)
    return [(name, v) for name, v in model.named_parameters() if v.requires_grad and name.startswith(inside)]


class _Mean:
    """Weighted means of named figures."""

    def __init__(self) -> None:
        self.sums: dict[str, float] = {}
        self.count = 0

    def add(self, figures: dict[str, Tensor], weight: int) -> None:
        for name, value in figures.items():
            self.sums[name] = self.sums.get(name, 0.0) + float(value) * weight
        self.count += weight

    def result(self) -> dict[str, float]:
        return {name: value / max(1, self.count) for name, value in self.sums.items()}
