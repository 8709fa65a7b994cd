# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The shape of a LIST model: one frozen dataclass from which every module takes its sizes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from list_fast._errors import as_int

# Channels of the maps that each trunk hands out, finest first, and of its pooled vector.
TRUNK_LEVEL_CHANNELS: dict[str, tuple[int, ...]] = {
    "resnet18": (64, 64, 128, 256, 512),
    "mobilenet_v2": (16, 24, 32, 96, 320),
}
TRUNK_POOLED_CHANNELS: dict[str, int] = {"resnet18": 512, "mobilenet_v2": 1280}


@dataclass(frozen=True)
class LISTConfig:
    """Sizes and choices of a LIST model (paper, section 3); the defaults are the sizes of the published code."""

    trunk: str = "resnet18"
    """A ResNet-18 each for Omega and Pi, "resnet18", as published, or one "mobilenet_v2" that both read."""
    freeze_trunk: bool = False
    """Keep a shared trunk at its weights, in evaluation mode."""
    normalize_images: bool = False
    """Subtract the mean of ImageNet and divide by its deviation before the trunk."""
    image_size: int = 224
    """Height and width of the input image in pixels."""
    head_hidden: int = 1000
    """Width between the trunk's pooled features and the global vector."""
    global_features: int = 128
    """Length of the global vectors of Omega and Pi."""
    layout_channels: int = 32
    """Over a shared trunk, channels in which the global heads keep the layout of the coarsest maps."""
    head_dropout: float = 0.0
    """Over a shared trunk, dropout on the input of the global heads."""
    image_level_channels: tuple[int, ...] = (64, 64, 128, 256, 512)
    """Channels of the image levels that queries sample; with "resnet18" those of the trunk, with "mobilenet_v2" any
    of its two to five coarsest maps, 7, 14, 28, 56 and 112 pixels wide for an image of 224."""
    tree_features: tuple[int, ...] = (128, 128, 256, 256, 256, 128, 128, 3)
    """Channels of the coarse decoder's tree, root to points."""
    tree_degrees: tuple[int, ...] = (2, 2, 2, 2, 2, 2, 64)
    """Children of each node, level by level; they multiply to the number of coarse points."""
    tree_support: int = 10
    """Widening inside the coarse decoder's loop term."""
    point_features: tuple[int, ...] = (64, 256, 512)
    """Widths of the point encoder; the last is the length of its vector."""
    transformer_hidden: int = 128
    """Width of the spatial transformer."""
    depth: str = "positive"
    """With "positive" the predicted depth is positive within `depth_extent`; it starts at a frontal camera.
    With "projective" the twelve numbers are free, as published, and points may be mirrored through the camera."""
    depth_extent: float = 1.1
    """Largest |coordinate| in the doubled frame at which depth "positive" holds: 1.1 is a box of +-0.55."""
    voxel_resolution: int = 128
    """Nodes per axis of the grid made of the coarse cloud."""
    occupancy: str = "nearest"
    """Fill the "nearest" node of each point, as published, without a gradient, or spread it "trilinear", with one."""
    voxel_channels: tuple[int, ...] = (16, 32, 64, 128, 128)
    """Channels of the voxel levels behind the predicted occupancy; each but the first halves the resolution."""
    query_reads: tuple[str, ...] = ("voxels", "neighbors", "images")
    """What a query reads besides its place: voxel samples there ("voxels") and at the six displaced points
    ("neighbors"), image samples ("images"), Pi's global vector ("global"), and where the picture is taken from
    ("view"): the direction of view and how far along it the query lies, by the transform."""
    probabilistic_occupancy: bool = True
    """Let Gamma turn the grid of the coarse cloud into a soft occupancy; off: the grid itself is the finest level."""
    transform: str = "predicted"
    """Where the transform comes from: "predicted" by the spatial transformer; "constant", twelve learnt numbers that
    are the same for all images; or "given" with every image, as by a method that knows its camera."""
    one_encoder: bool = False
    """Let Omega serve in Pi's place: its global vector feeds the spatial transformer, over "resnet18" its maps are the
    image levels."""
    displacement: float = 0.0722
    """Length of the six displacements of a query, in the doubled frame."""
    decoder_hidden: tuple[int, ...] = (512, 256, 256)
    """Widths of the SDF decoder's hidden layers."""
    sdf_scale: float = 10.0
    """The decoder predicts this multiple of the signed distance."""
    surface_level: float = 0.0
    """Predicted distance, in object units, at which a field has its surface; training finds it by validation."""
    canvas: tuple[int, int] = (137, 137)
    """(height, width) in pixels of the grid that the transform maps to."""
    resize_levels_to_canvas: bool = True
    """Sample image levels after a bilinear resize to the canvas, as published, not in their own resolution."""
    single_row_statistics: bool = True
    """Let the spatial transformer train on a batch of one with its running statistics; the published model raises."""

    # Words that `from_dict` turns back into tuples; JSON knows lists only.
    _TUPLES: ClassVar[tuple[str, ...]] = (
        "image_level_channels",
        "tree_features",
        "tree_degrees",
        "point_features",
        "voxel_channels",
        "decoder_hidden",
        "canvas",
        "query_reads",
    )
    _READS: ClassVar[tuple[str, ...]] = ("voxels", "neighbors", "images", "global", "view")
    _CHOICES: ClassVar[dict[str, tuple[str, ...]]] = {
        "trunk": tuple(TRUNK_LEVEL_CHANNELS),
        "depth": ("positive", "projective"),
        "occupancy": ("nearest", "trilinear"),
        "transform": ("predicted", "constant", "given"),
    }

    @classmethod
    def base(cls, *, faithful: bool = False) -> LISTConfig:
        """The published model: 105.2 M parameters, 128 nodes per axis, 4096 coarse points.

        `faithful` also brings back what is a fault in the published model and is mended by default: the transform
        without a positive depth, and batch normalisation that cannot train on a batch of one.
        """
        if faithful:
            return cls(depth="projective", single_row_statistics=False)
        return cls()

    @classmethod
    def small(cls) -> LISTConfig:
        """A model with every module of the published one at a size that trains on a CPU."""
        return cls(
            trunk="mobilenet_v2",
            freeze_trunk=True,
            normalize_images=True,
            head_hidden=256,
            head_dropout=0.1,
            image_level_channels=(16, 32, 64, 64),
            tree_features=(128, 128, 128, 128, 128, 64, 32, 3),
            tree_degrees=(2, 2, 2, 2, 2, 2, 32),
            tree_support=2,
            point_features=(32, 64, 128),
            voxel_resolution=32,
            occupancy="trilinear",
            voxel_channels=(8, 32, 64, 64),
            query_reads=("voxels", "neighbors", "images", "view"),
            decoder_hidden=(512, 256, 256),
            canvas=(224, 224),
            resize_levels_to_canvas=False,
        )

    @property
    def shared_trunk(self) -> bool:
        """Whether Omega and Pi read one trunk."""
        return self.trunk == "mobilenet_v2"

    @property
    def coarse_points(self) -> int:
        """Number of points of the coarse cloud."""
        count = 1
        for degree in self.tree_degrees:
            count *= degree
        return count

    @property
    def voxel_features(self) -> int:
        """Channels of all voxel levels together, the predicted occupancy included."""
        return 1 + sum(self.voxel_channels)

    @property
    def query_features(self) -> int:
        """Length of the decoder's input: the samples of each voxel channel, the image channels, the global vector, the
        view (each where it is read), the point."""
        return sum(self.query_parts) + 3

    @property
    def sampled_places(self) -> int:
        """Places at which a query samples the voxel levels: 7, or 1 without neighbors."""
        return 7 if "neighbors" in self.query_reads else 1

    @property
    def query_parts(self) -> tuple[int, int, int, int]:
        """Lengths of the decoder's input from voxel samples, image samples, the global vector and the view; 0: not
        read."""
        reads = self.query_reads
        return (
            self.sampled_places * self.voxel_features if "voxels" in reads else 0,
            sum(self.image_level_channels) if "images" in reads else 0,
            self.global_features if "global" in reads else 0,
            4 if "view" in reads else 0,
        )

    def to_dict(self) -> dict[str, Any]:
        """All fields, with tuples as lists, ready for JSON."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in dataclasses.asdict(self).items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> LISTConfig:
        """The inverse of `to_dict`. Raises ValueError for a field that LISTConfig does not have."""
        known = {f.name for f in dataclasses.fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(f"values: unknown LISTConfig field(s) {unknown}; known are {sorted(known)}")
        fields: dict[str, Any] = {
            k: tuple(v) if k in cls._TUPLES and isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**fields)

    def __post_init__(self) -> None:
        for name, choices in self._CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} must be one of {choices}, got {getattr(self, name)!r}")
        reads = self.query_reads
        if not isinstance(reads, tuple) or not reads or set(reads) - set(self._READS) or len(set(reads)) < len(reads):
            raise ValueError(f"query_reads must be a non-empty tuple of different ones of {self._READS}, got {reads!r}")
        for name in set(self._TUPLES) - {"query_reads"}:
            value = getattr(self, name)
            sizes = [as_int(v) for v in value] if isinstance(value, tuple) else []
            if not sizes or not all(size is not None and size > 0 for size in sizes):
                raise ValueError(f"{name} must be a non-empty tuple of positive integers, got {value!r}")
            object.__setattr__(self, name, tuple(sizes))
        for name in (
            "image_size",
            "head_hidden",
            "global_features",
            "layout_channels",
            "tree_support",
            "transformer_hidden",
            "voxel_resolution",
        ):
            value = getattr(self, name)
            if (size := as_int(value)) is None or size < 1:
                raise ValueError(f"{name} must be a positive integer, got {value!r}")
            object.__setattr__(self, name, size)  # JSON knows no integers of numpy
        level = self.surface_level
        if isinstance(level, bool) or not isinstance(level, (int, float)) or not -0.1 <= level <= 0.1:
            raise ValueError(f"surface_level must be a number in [-0.1, 0.1], got {level!r}")
        for name in ("displacement", "sdf_scale", "depth_extent"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
                raise ValueError(f"{name} must be a positive number, got {value!r}")
        dropout = self.head_dropout
        if isinstance(dropout, bool) or not isinstance(dropout, (int, float)) or not 0 <= dropout < 1:
            raise ValueError(f"head_dropout must be a number in [0, 1), got {dropout!r}")
        for name in (
            "freeze_trunk",
            "normalize_images",
            "resize_levels_to_canvas",
            "single_row_statistics",
            "probabilistic_occupancy",
            "one_encoder",
        ):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"{name} must be a bool, got {getattr(self, name)!r}")
        self._check_relations()

    def _check_relations(self) -> None:
        if "neighbors" in self.query_reads and "voxels" not in self.query_reads:
            raise ValueError(f'query_reads must have "voxels" for "neighbors" to be of use, got {self.query_reads}')
        if len(self.tree_degrees) != len(self.tree_features) - 1:
            raise ValueError(
                f"tree_degrees must have one entry fewer than tree_features, got {len(self.tree_degrees)} and "
                f"{len(self.tree_features)}"
            )
        if self.tree_features[0] != self.global_features or self.tree_features[-1] != 3:
            raise ValueError(
                f"tree_features must start with global_features ({self.global_features}) and end with 3, "
                f"got {self.tree_features}"
            )
        levels = TRUNK_LEVEL_CHANNELS[self.trunk]
        count, fewest = len(self.image_level_channels), 2 if self.shared_trunk else len(levels)
        if not fewest <= count <= len(levels):
            wanted = f"{fewest} to {len(levels)}" if self.shared_trunk else len(levels)
            raise ValueError(f"image_level_channels must have {wanted} entries for {self.trunk}, got {count}")
        if not self.shared_trunk and self.image_level_channels != levels:
            raise ValueError(f"image_level_channels must be {levels} for {self.trunk}, got {self.image_level_channels}")
        if self.freeze_trunk and not self.shared_trunk:
            raise ValueError(
                "freeze_trunk needs a shared trunk (mobilenet_v2); freeze im_encoder and im_encoder2 instead"
            )
        coarsest = 2 ** (len(self.voxel_channels) - 1)
        if self.voxel_resolution % coarsest or self.voxel_resolution // coarsest < 2:
            raise ValueError(
                f"voxel_resolution must be a multiple of {coarsest}, at least {2 * coarsest}, "
                f"for {len(self.voxel_channels)} voxel levels, got {self.voxel_resolution}"
            )
        if len(self.point_features) != 3:
            raise ValueError(f"point_features must have 3 entries, got {self.point_features}")
        if len(self.decoder_hidden) != 3:
            raise ValueError(f"decoder_hidden must have 3 entries, got {self.decoder_hidden}")
        if len(self.canvas) != 2 or min(self.canvas) < 2:
            raise ValueError(f"canvas must be (height, width), each at least 2, got {self.canvas}")
        if self.image_size % 32:
            raise ValueError(f"image_size must be a multiple of 32, got {self.image_size}")
