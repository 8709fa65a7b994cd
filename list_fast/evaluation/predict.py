# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What is evaluated: a model, or the baseline that knows the training shapes by heart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray

from list_fast.data.camera import IMAGE_SIZE
from list_fast.model import encode_mirrored, rescale_transform
from list_fast.reconstruction import fitted, mesh_field

from .truth import true_mesh

if TYPE_CHECKING:
    import trimesh

    from list_fast.data import ListDataset
    from list_fast.model import LIST
    from list_fast.training.log import Log


@dataclass(frozen=True)
class Prediction:
    """What was made of one view.

    Attributes:
        inside: points (N, 3) -> whether each lies inside, (N,) bool.
        mesh: nodes along an axis of a lattice -> the surface; called only where meshes are measured.
        transform: (4, 3), of the model's frame onto the picture's pixels, or None.
        coarse: the coarse cloud (P, 3), or None.
    """

    inside: Callable[[NDArray[np.floating]], NDArray[np.bool_]]
    mesh: Callable[[int], trimesh.Trimesh]
    transform: NDArray[np.float64] | None = None
    coarse: NDArray[np.float64] | None = None


class Predictor(Protocol):
    """Makes predictions of the views of a data set."""

    def __call__(self, dataset: ListDataset, index: int, view: int) -> Prediction:
        """The prediction for one view; only its picture may be looked at, and its camera where that is given."""


def predictor(model: LIST | Predictor, *, mirror: bool = False, thin_parts: bool = True) -> Predictor:
    """The predictor of a model in evaluation mode, on the device that it lies on; a predictor is given back.

    With `mirror` it averages with what the model makes of the mirror image. With `thin_parts` it fits the predicted
    transform and the surface to the picture, as `list-fast reconstruct` does; where the
    object is in the picture is known to it then.
    """
    if not hasattr(model, "encode"):
        return model
    network = cast("LIST", model)
    device = next(network.parameters()).device

    def predict(dataset: ListDataset, index: int, view: int) -> Prediction:
        given = None
        if network.config.transform == "given":
            camera = dataset.camera[index, view].to(device)
            given = rescale_transform(camera, (IMAGE_SIZE, IMAGE_SIZE), network.config.canvas)
        image = dataset.image(index, view).float().div_(255).to(device)
        encoded = encode_mirrored(network, image) if mirror else network.encode(image, given)
        seen = dataset.found(index, view) > 127
        field, transform = (
            fitted(encoded, seen, known=given is not None) if thin_parts else (encoded, encoded.transform)
        )
        # Projections are measured in the picture's own pixels, whatever the canvas of the model.
        transform = transform.detach().cpu().double()

        def inside(points: NDArray[np.floating]) -> NDArray[np.bool_]:
            distance: NDArray[np.floating] = field.sdf(torch.from_numpy(np.float32(points)).to(device)).cpu().numpy()
            return distance < 0

        return Prediction(
            inside,
            lambda resolution: mesh_field(field, resolution).to_trimesh(),
            rescale_transform(transform, network.config.canvas, (IMAGE_SIZE, IMAGE_SIZE)).numpy(),
            encoded.coarse_points.detach().cpu().numpy().reshape(-1, 3).astype(np.float64),
        )

    return predict


class Retrieval:
    """The nearest training shape: that whose picture has the most similar image features, and that picture's camera.

    What a model must beat to be said to reconstruct anything rather than to recognise it.

    Args:
        model: its frozen trunk gives the features (the pooled vector, compared by its angle).
        training: the split that is remembered.
        cache: folder of the features of its pictures, as a training run keeps them in OUT/cache; made if not there.
        log: told of progress.

    Raises:
        ValueError: the training split's shapes have no meshes.
    """

    def __init__(self, model: LIST, training: ListDataset, cache: Path, log: Log) -> None:
        from list_fast.training.feature_cache import build_cache

        if len(training) == 0 or true_mesh(training, 0) is None:
            raise ValueError(f"data: the shapes of the split {training.split!r} have no meshes to retrieve")
        self.model, self.training = model, training
        self._device = next(model.parameters()).device
        self._views = [(i, v) for i in range(len(training)) for v in range(training.views)]
        kept = build_cache(cache, training, training.split, self._views, model, self._device, log)
        self._features = _directions(torch.from_numpy(kept.pooled).float())

    def __call__(self, dataset: ListDataset, index: int, view: int) -> Prediction:
        """The prediction for one view."""
        image = dataset.image(index, view).float().div_(255)
        with torch.no_grad():
            vector = self.model.trunk_features(image[None].to(self._device)).pooled.cpu().float()
        shape, seen = self._views[int((self._features @ _directions(vector)[0]).argmax())]
        mesh = true_mesh(self.training, shape)
        assert mesh is not None

        def inside(points: NDArray[np.floating]) -> NDArray[np.bool_]:
            from list_fast.data.sdf import signed_distance

            return signed_distance(points, mesh.vertices, mesh.faces) < 0

        return Prediction(inside, lambda resolution: mesh, self.training.camera[shape, seen].double().numpy())


def _directions(vectors: torch.Tensor) -> torch.Tensor:
    """Vectors (N, C) of length one."""
    return torch.nn.functional.normalize(vectors, dim=1)
