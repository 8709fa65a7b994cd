# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""LIST: one image to the signed distance of any point (arXiv 2307.12194, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from list_fast import ops
from list_fast._errors import check_tensor

from .coarse_decoder import TreeGraphDecoder
from .config import LISTConfig
from .freezing import FreezableModule
from .image_encoder import GlobalHead, MobileNetV2, PiHead, ResEncoder, normalize, omega, pi
from .point_encoder import PointMLP
from .sdf_decoder import SDFDecoder, displacements
from .spatial_transformer import ConstantTransform, SpatialTransformer, view_direction
from .voxel_encoder import VoxelEncoder

if TYPE_CHECKING:
    from .field import Field


@dataclass
class Features:
    """What the trunk makes of images, and what a cache may keep while the trunk is frozen.

    `maps`: (B, C_l, H_l, W_l) each, finest first; `pooled`: (B, C); `coarse_pooled`: the same from Omega's own trunk,
    None where Omega and Pi share one.
    """

    maps: list[Tensor]
    pooled: Tensor
    coarse_pooled: Tensor | None = None


@dataclass
class Encoded:
    """All that queries read of a batch of images.

    `coarse_points` (B, P, 3) in object space; `voxel_levels` (B, C_l, R_l, R_l, R_l), the occupancy first;
    `image_levels` (B, C_l, H_l, W_l); `transform` (B, 4, 3); `vector` (B, F), Pi's global vector; `logits`
    (B, 1, R, R, R), a soft occupancy before its sigmoid. What the model's queries do not read is an empty list or None.
    """

    coarse_points: Tensor
    voxel_levels: list[Tensor]
    image_levels: list[Tensor]
    transform: Tensor
    vector: Tensor | None = None
    logits: Tensor | None = None

    @property
    def occupancy(self) -> Tensor:
        """The predicted V0 (B, 1, R, R, R) in (0, 1). Raises ValueError where queries read no voxel samples."""
        if not self.voxel_levels:
            raise ValueError('query_reads must have "voxels" for an occupancy, and this model\'s does not')
        return self.voxel_levels[0]


def check_images(images: Tensor, size: int) -> None:
    """Raise TypeError or ValueError unless `images` is float (B, 3, size, size)."""
    if not isinstance(images, Tensor):
        raise TypeError(f"images must be a torch.Tensor, got {type(images).__name__}")
    if images.dim() != 4 or tuple(images.shape[1:]) != (3, size, size):
        raise ValueError(f"images must have shape (B, 3, {size}, {size}), got {tuple(images.shape)}")
    if not images.is_floating_point():
        raise TypeError(f"images must be floating point in [0, 1], got {images.dtype}")


def check_range(images: Tensor) -> None:
    """Raise ValueError for images of 0 to 255. A GPU is not waited for, and a traced image has no values."""
    if images.device.type != "cpu" or type(images) is not Tensor or torch.compiler.is_compiling():
        return
    most = float(images.detach().amax())
    if most > 2:  # resampling overshoots 1 by a little
        raise ValueError(f"images must be in [0, 1], got values up to {most:g}")


def check_points(points: Tensor, batch: int) -> None:
    """Raise TypeError or ValueError unless `points` is float (batch, N, 3)."""
    if not isinstance(points, Tensor):
        raise TypeError(f"points must be a torch.Tensor, got {type(points).__name__}")
    if points.dim() != 3 or points.shape[0] != batch or points.shape[2] != 3:
        raise ValueError(f"points must have shape ({batch}, N, 3), got {tuple(points.shape)}")
    if not points.is_floating_point():
        raise TypeError(f"points must be floating point, got {points.dtype}")


def to_query_frame(points: Tensor) -> Tensor:
    """Object space (x, y, z) in [-0.5, 0.5] to the doubled, reversed frame q = 2 (z, y, x) of grids and transforms."""
    return 2 * points.flip(-1)


class CoarseNet(FreezableModule):
    """Stage 1: Omega and the coarse decoder. Forward: images (B, 3, S, S) in [0, 1] -> coarse cloud (B, P, 3)."""

    trunk: MobileNetV2

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        self.config = config
        if config.shared_trunk:
            self.trunk = MobileNetV2(len(config.image_level_channels))
        self.image_encoder = omega(config)
        self.point_decoder = TreeGraphDecoder(config)
        if config.freeze_trunk:
            self.freeze("trunk")

    def trunk_features(self, images: Tensor) -> Features:
        """Images (B, 3, S, S) in [0, 1] -> what the trunk makes of them."""
        check_images(images, self.config.image_size)
        x = normalize(images) if self.config.normalize_images else images
        return Features(*(self.image_encoder.trunk(x) if isinstance(self.image_encoder, ResEncoder) else self.trunk(x)))

    def coarse(self, features: Features) -> Tensor:
        """Trunk features -> coarse cloud (B, P, 3)."""
        pooled = features.pooled if features.coarse_pooled is None else features.coarse_pooled
        points: Tensor = self.point_decoder(self.image_encoder.global_vector(features.maps, pooled))
        return points

    def forward(self, images: Tensor) -> Tensor:
        return self.coarse(self.trunk_features(images))


class LIST(FreezableModule):
    """The whole model. Forward: images (B, 3, S, S) in [0, 1] and points (B, N, 3) in object space ->
    predicted occupancy (B, 1, R, R, R), None where there is none, and `sdf_scale` times the signed distance (B, N),
    negative inside."""

    offsets: Tensor
    trunk: MobileNetV2

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        self.config = config
        if config.shared_trunk:
            self.trunk = MobileNetV2(len(config.image_level_channels))
        self.im_encoder = omega(config)
        self.im_encoder2 = pi(config)
        self.point_decoder = TreeGraphDecoder(config)
        self.point_mlp_coarse = PointMLP(config) if config.transform == "predicted" else None
        self.spatial_transformer: SpatialTransformer | ConstantTransform | None = None
        if config.transform == "predicted":
            self.spatial_transformer = SpatialTransformer(config)
        elif config.transform == "constant":
            self.spatial_transformer = ConstantTransform(config)
        self.vox_encoder = VoxelEncoder(config) if "voxels" in config.query_reads else None
        self.sdf_decoder = SDFDecoder(config)
        offsets = displacements(config.displacement)[: config.sampled_places]
        self.register_buffer("offsets", offsets, persistent=False)
        if config.freeze_trunk:
            self.freeze("trunk")

    def trunk_features(self, images: Tensor) -> Features:
        """Images (B, 3, S, S) in [0, 1] -> what the trunk makes of them, the part that a cache may keep."""
        check_images(images, self.config.image_size)
        x = normalize(images) if self.config.normalize_images else images
        if isinstance(self.im_encoder, ResEncoder):
            maps, pooled = self.im_encoder.trunk(x)
            if isinstance(self.im_encoder2, ResEncoder):
                return Features(*self.im_encoder2.trunk(x), pooled)
            return Features(maps, pooled)
        return Features(*self.trunk(x))

    def trunk_front(self, images: Tensor, tail: int) -> Tensor:
        """Images (B, 3, S, S) in [0, 1] -> the map that a shared trunk's `tail` coarsest maps come of."""
        check_images(images, self.config.image_size)
        return self.trunk.front(normalize(images) if self.config.normalize_images else images, tail)

    def coarse(self, features: Features) -> Tensor:
        """Trunk features -> coarse cloud (B, P, 3) in object space."""
        pooled = features.pooled if features.coarse_pooled is None else features.coarse_pooled
        points: Tensor = self.point_decoder(self.im_encoder.global_vector(features.maps, pooled))
        return points

    def occupancy(self, points: Tensor) -> Tensor:
        """Cloud (B, P, 3) -> its grid (B, 1, R, R, R), the input of the voxel encoder."""
        return ops.occupancy_grid(points, self.config.voxel_resolution, mode=self.config.occupancy)

    def transform(self, features: Features, coarse_points: Tensor) -> Tensor:
        """Trunk features and cloud (B, P, 3) -> transform (B, 4, 3) onto the canvas.

        Raises ValueError for a model whose transform is to be given.
        """
        if self.spatial_transformer is None:
            raise ValueError('transform must be given: with the option transform="given" the model predicts none')
        if isinstance(self.spatial_transformer, ConstantTransform) or self.point_mlp_coarse is None:
            constant: Tensor = self.spatial_transformer(len(features.pooled))
            return constant
        vector = torch.cat([self.point_mlp_coarse(coarse_points), self.global_vector(features)], 1)
        transform: Tensor = self.spatial_transformer(vector)
        return transform

    def global_vector(self, features: Features) -> Tensor:
        """Trunk features -> Pi's global vector (B, F); Omega's where there is one encoder."""
        pi_has_one = isinstance(self.im_encoder2, (ResEncoder, PiHead))
        encoder = self.im_encoder2 if pi_has_one else self.im_encoder
        assert isinstance(encoder, (ResEncoder, GlobalHead))
        return encoder.global_vector(features.maps, features.pooled)

    def image_levels(self, features: Features, *, resize: bool = True) -> list[Tensor]:
        """Trunk features -> the image levels that queries sample, on the canvas if configured and not put off."""
        levels = features.maps if self.im_encoder2 is None else self.im_encoder2.levels(features.maps)
        if resize and self.config.resize_levels_to_canvas:
            levels = [F.interpolate(x, self.config.canvas, mode="bilinear", align_corners=True) for x in levels]
        return levels

    def encode_features(
        self,
        features: Features,
        coarse_points: Tensor | None = None,
        transform: Tensor | None = None,
        *,
        resize: bool = True,
    ) -> Encoded:
        """Trunk features -> all that queries read.

        A given cloud (B, P, 3) or transform (B, 4, 3) takes the place of the predicted one. `resize=False` leaves image
        levels in their own resolution for a field, which resizes them more cheaply; `query` needs them resized.
        """
        points = self.coarse(features) if coarse_points is None else coarse_points
        reads = self.config.query_reads
        levels: list[Tensor] = []
        logits = None
        if self.vox_encoder is not None:
            occupancy = self.occupancy(points)
            if self.vox_encoder.soft:
                logits = self.vox_encoder.gamma(occupancy)
                occupancy = torch.sigmoid(logits)
            levels = self.vox_encoder.pyramid(occupancy)
        return Encoded(
            points,
            levels,
            self.image_levels(features, resize=resize) if "images" in reads else [],
            self.transform(features, points) if transform is None else transform,
            self.global_vector(features) if "global" in reads else None,
            logits,
        )

    def query(self, encoded: Encoded, points: Tensor) -> Tensor:
        """Points (B, N, 3) in object space -> `sdf_scale` times their signed distance, (B, N)."""
        check_points(points, encoded.transform.shape[0])
        q = to_query_frame(points)
        voxel = image = None
        if encoded.voxel_levels:
            voxel = ops.sample_voxels(encoded.voxel_levels, q, self.offsets)
        if encoded.image_levels:
            image = ops.sample_images(encoded.image_levels, q, encoded.transform, canvas=self.config.canvas)
        direction = view_direction(encoded.transform) if "view" in self.config.query_reads else None
        values: Tensor = self.sdf_decoder(voxel, image, q, encoded.vector, direction)
        return values

    def forward(self, images: Tensor, points: Tensor, transform: Tensor | None = None) -> tuple[Tensor | None, Tensor]:
        if transform is not None:
            check_tensor("transform", transform, f"({len(images)}, 4, 3)", 3, 3)
            if tuple(transform.shape) != (len(images), 4, 3):
                raise ValueError(f"transform must have shape ({len(images)}, 4, 3), got {tuple(transform.shape)}")
        encoded = self.encode_features(self.trunk_features(images), transform=transform)
        return encoded.occupancy if encoded.voxel_levels else None, self.query(encoded, points)

    @torch.no_grad()
    def encode(self, image: Tensor, transform: Tensor | None = None, *, workspace: int | None = None) -> Field:
        """One image, (3, S, S) or (1, 3, S, S) in [0, 1] -> its frozen field; the model's own mode does not change.

        The field has no gradient: `trunk_features`, `encode_features` and `query` are what training takes.
        A given transform (4, 3) onto the canvas takes the place of the predicted one; a model that predicts none
        raises ValueError without it. `workspace`: bytes that queries of the field may take (`Field`).

        Raises TypeError or ValueError for an image of another shape or dtype, or, where it lies on a CPU, of 0 to 255.
        """
        from .field import Field
        from .folding import folded

        images = image.unsqueeze(0) if isinstance(image, Tensor) and image.dim() == 3 else image
        check_images(images, self.config.image_size)
        if images.shape[0] != 1:
            raise ValueError(f"image must be one image, got a batch of {images.shape[0]}")
        check_range(images)
        if transform is not None:
            check_tensor("transform", transform, "(4, 3)", 2, 3)
            if transform.shape[0] != 4 or not bool(transform.isfinite().all()):
                raise ValueError(f"transform must be finite numbers of shape (4, 3), got {transform}")
        model = folded(self)
        features = model.trunk_features(images.to(self.offsets))
        matrix = None if transform is None else transform.to(self.offsets)[None]
        encoded = model.encode_features(features, transform=matrix, resize=False)
        return Field(model, encoded, workspace=workspace, copy=False)
