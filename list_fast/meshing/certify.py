# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Bounds of a network's values over boxes, by affine arithmetic.

Every value in the network is kept as an affine function of the place in the box, plus or minus a radius: a linear layer
maps such a form exactly, an activation is replaced by a line and the greatest distance from it over the values that may
reach it. A pass backwards then collects these radii, each by the weight that it has in the output, which is tighter
than adding them up on the way. The radii include what float32 may round off, so the bounds hold for the values that the
network computes, not only for those that it stands for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeGuard, TypeVar

import torch
from torch import Tensor, nn

from list_fast.meshing.culling import BoxBounds
from list_fast.meshing.evaluate import find_call

Kind = TypeVar("Kind", bound=nn.Module)
Line = tuple[Tensor, Tensor, Tensor]
"""Slope, offset, radius: a function lies within slope x + offset, plus or minus radius, over an interval."""

UNIT = 2.0**-24
"""Half a unit in the last place of float32."""
ULPS = 16
"""What activations may be off by, in units of UNIT times their greatest value; vectorised ones keep to a few."""
TOGETHER = 4096
"""Boxes that are bounded together."""
SEQUENTIAL_PRICE = 90.0
"""How many nodes a network of 64 wide layers evaluates in the time of one box's bounds, as measured on a CPU."""
INPUT_UNITS = {"highest": 0.0, "high": 2.0**-11, "medium": 2.0**-8}
"""What torch.set_float32_matmul_precision lets products round their factors by."""


def find_bounds(sdf: object) -> tuple[BoxBounds, float]:
    """The bounds of a field over boxes, and how many nodes could be evaluated in the time of one box's.

    Raises TypeError where none are known, ValueError for a price that is no number of at least 0.
    """
    owners = [sdf]
    # A bound method is covered by the bounds of its object where it is what the object is evaluated by.
    owner = getattr(sdf, "__self__", None)
    call = find_call(owner)
    if call == sdf or (call is owner is not None and getattr(sdf, "__name__", "") in ("__call__", "forward")):
        owners.append(owner)
    for owner in owners:
        method = getattr(owner, "bounds", None)
        if callable(method):
            price = getattr(owner, "bounds_price", 1.0)
            if not (isinstance(price, int | float) and price >= 0):
                raise ValueError(f"sdf.bounds_price must be a number of at least 0, got {price!r}")
            return method, float(price)
    if isinstance(sdf, nn.Sequential) and find_call(sdf) is sdf:
        return SequentialBounds(sdf), SEQUENTIAL_PRICE
    raise TypeError(
        'in the mode "certified" sdf must be a torch.nn.Sequential or have a method bounds(low, high) that gives lower '
        f"and upper bounds over boxes, got {type(sdf).__name__}"
    )


class Sine(nn.Module):
    """sin(omega x), with bounds known to ``extract_mesh(mode="certified")``."""

    def __init__(self, omega: float = 30.0) -> None:
        """Raises ValueError unless omega is positive and finite."""
        super().__init__()
        if not (math.isfinite(omega) and omega > 0):
            raise ValueError(f"omega must be positive and finite, got {omega}")
        self.omega = omega

    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(self.omega * x)

    def relax(self, low: Tensor, high: Tensor) -> Line:
        """The line for values in low .. high, float64."""
        w = self.omega
        a, b = w * low / (2 * math.pi), w * high / (2 * math.pi)  # in turns: the greatest at 1/4, the least at 3/4
        top = torch.floor(b - 0.25) >= torch.ceil(a - 0.25)
        bottom = torch.floor(b - 0.75) >= torch.ceil(a - 0.75)
        at_low, at_high = torch.sin(w * low), torch.sin(w * high)
        least = torch.where(bottom, -1.0, torch.minimum(at_low, at_high))
        greatest = torch.where(top, 1.0, torch.maximum(at_low, at_high))
        middle = (low + high) / 2
        bend = torch.full_like(low, w * w)
        line = _smooth(low, high, torch.sin(w * middle), w * torch.cos(w * middle), bend, least, greatest)
        # The product omega x is rounded before the sine is taken, and so are the turns above.
        room = 4 * UNIT * w * torch.maximum(low.abs(), high.abs())
        return line[0], line[1], line[2] + room


def _smooth(
    low: Tensor, high: Tensor, value: Tensor, slope: Tensor, bend: Tensor, least: Tensor, greatest: Tensor
) -> Line:
    """The tangent in the middle, or a constant, whichever is nearer. bend: the greatest |second derivative|."""
    middle, half = (low + high) / 2, (high - low) / 2
    tangent, constant = bend * half * half / 2, (greatest - least) / 2
    better = tangent <= constant
    # The constant is for where 1 - tanh^2 vanishes in float64, and results in float32.
    radius = torch.where(better, tangent, constant) + ULPS * UNIT * torch.maximum(least.abs(), greatest.abs()) + 1e-12
    offset = torch.where(better, value - slope * middle, (least + greatest) / 2)
    return torch.where(better, slope, 0.0), offset, radius


def _kink(low: Tensor, high: Tensor, below: Tensor | float) -> Line:
    """x where positive, else below * x: the chord, moved half way to the kink."""
    at_low, at_high = (torch.where(x > 0, x, below * x) for x in (low, high))
    straddles = (low < 0) & (high > 0)
    slope = torch.where(low >= 0, 1.0, torch.zeros_like(low) + below)
    slope = torch.where(straddles, (at_high - at_low) / torch.where(straddles, high - low, 1.0), slope)
    gap = torch.where(straddles, at_low - slope * low, 0.0)  # of the chord above the kink
    return slope, gap / 2, gap.abs() / 2 + 2 * UNIT * torch.maximum(at_low.abs(), at_high.abs())


def _nearest_farthest(low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
    """The least and the greatest |x| in low .. high."""
    return torch.maximum(low, -high).clamp_min(0), torch.maximum(low.abs(), high.abs())


def _tanh_bend(low: Tensor, high: Tensor) -> Tensor:
    nearest, farthest = _nearest_farthest(low, high)
    peak = math.atanh(1 / math.sqrt(3))
    at = torch.minimum(torch.maximum(nearest, torch.full_like(low, peak)), farthest)
    t = torch.tanh(torch.where(farthest < peak, farthest, at))
    return 2 * t * (1 - t * t)


def _tanh(low: Tensor, high: Tensor) -> Line:
    t = torch.tanh((low + high) / 2)
    return _smooth(low, high, t, 1 - t * t, _tanh_bend(low, high), torch.tanh(low), torch.tanh(high))


def _sigmoid(low: Tensor, high: Tensor) -> Line:
    s = torch.sigmoid((low + high) / 2)
    bend = _tanh_bend(low / 2, high / 2) / 8
    return _smooth(low, high, s, s * (1 - s), bend, torch.sigmoid(low), torch.sigmoid(high))


def _softplus(low: Tensor, high: Tensor, beta: float, threshold: float) -> Line:
    def value(x: Tensor) -> Tensor:
        return torch.logaddexp(beta * x, torch.zeros_like(x)) / beta

    middle = (low + high) / 2
    s = torch.sigmoid(beta * _nearest_farthest(low, high)[0])
    line = _smooth(low, high, value(middle), torch.sigmoid(beta * middle), beta * s * (1 - s), value(low), value(high))
    return line[0], line[1], line[2] + math.exp(-threshold) / beta  # beyond the threshold torch returns x


def _valley(x: Tensor, gate: Tensor, slope: Tensor, low: Tensor, high: Tensor, ends: Line, bend: float) -> Line:
    """x gate(x) with one valley; ends: the values at low and high, and its depth where it lies between, else +inf."""
    at_low, at_high, depth = ends
    least = torch.minimum(torch.minimum(at_low, at_high), depth)
    return _smooth(low, high, x * gate, slope, torch.full_like(x, bend), least, torch.maximum(at_low, at_high))


def _silu(low: Tensor, high: Tensor) -> Line:
    x = (low + high) / 2
    s = torch.sigmoid(x)
    depth = torch.where((low < -1.27846) & (high > -1.27847), -0.278464543, math.inf)
    ends = low * torch.sigmoid(low), high * torch.sigmoid(high), depth
    return _valley(x, s, s * (1 + x * (1 - s)), low, high, ends, 0.5)


def _gelu(low: Tensor, high: Tensor) -> Line:
    def share(x: Tensor) -> Tensor:
        return torch.special.ndtr(x)

    x = (low + high) / 2
    density = torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    depth = torch.where((low < -0.75179) & (high > -0.75180), -0.169971209, math.inf)
    ends = low * share(low), high * share(high), depth
    line = _valley(x, share(x), share(x) + x * density, low, high, ends, 0.79789)
    # Vectorised error functions are off by some units of 1, and below zero little else is left of 1 + erf.
    return line[0], line[1], line[2] + ULPS * UNIT * torch.maximum(low.abs(), high.abs())


def relu(low: Tensor, high: Tensor) -> Line:
    """The relaxation of ReLU."""
    return _kink(low, high, 0.0)


def _computes(module: nn.Module, kind: type[Kind]) -> TypeGuard[Kind]:
    """Whether a module is of a kind and computes what this does: has no forward of its own."""
    return isinstance(module, kind) and type(module).forward is kind.forward and "forward" not in vars(module)


def _relaxation(module: nn.Module) -> Callable[[Tensor, Tensor], Line] | None:
    """The relaxation of an activation; None for modules that change nothing."""
    method = getattr(module, "relax", None)
    if callable(method):
        return method
    if _computes(module, nn.Identity) or (_computes(module, nn.Dropout) and not module.training):
        return None
    if _computes(module, nn.ReLU):
        return relu
    if _computes(module, nn.LeakyReLU):
        below = float(torch.tensor(module.negative_slope, dtype=torch.float32))
        return lambda low, high: _kink(low, high, below)
    if _computes(module, nn.PReLU):
        weight = module.weight.detach().double()
        return lambda low, high: _kink(low, high, weight)
    if _computes(module, nn.Softplus):
        beta, threshold = float(module.beta), float(module.threshold)
        return lambda low, high: _softplus(low, high, beta, threshold)
    if _computes(module, nn.GELU) and module.approximate == "none":
        return _gelu
    simple = {nn.Tanh: _tanh, nn.Sigmoid: _sigmoid, nn.SiLU: _silu}
    for kind, relax in simple.items():
        if _computes(module, kind):
            return relax
    raise TypeError(
        f"sdf has a layer whose bounds are not known: {type(module).__name__}; known are Linear, ReLU, LeakyReLU, "
        "PReLU, Tanh, Sigmoid, Softplus, SiLU, GELU, list_fast.meshing.Sine, Identity, Dropout when evaluating, and "
        "activations with a method relax(low, high) -> (slope, offset, radius); none may have a forward of its own"
    )


@dataclass
class Linear:
    """A linear layer, float64."""

    weight: Tensor  # (out, in)
    bias: Tensor  # (out,)


class AffineLayers:
    """Linear layers and relaxed activations, through which sets of values are followed.

    Args:
        layers: Each a ``Linear`` or the relaxation of an activation; the last gives one number.
    """

    def __init__(self, layers: Sequence[Linear | Callable[[Tensor, Tensor], Line]]) -> None:
        self._layers = list(layers)
        self._factors = 3 * INPUT_UNITS[torch.get_float32_matmul_precision()]

    def rounding(self, terms: int) -> float:
        """What float32 may be off by in a sum of so many products, as a share of the sum of their absolute values."""
        share = (terms + 2) * UNIT
        # The last factor also covers the rounding of these computations themselves, in float64.
        return (share / (1 - share) + self._factors) * (1 + 1e-6)

    def bound(self, middle: Tensor, tilt: Tensor, radius: Tensor) -> tuple[Tensor, Tensor]:
        """Bounds (N,) of the output for inputs middle (N, C) + sum of e_k tilt[:, k] (N, 3, C), e_k in [-1, 1], plus or
        minus radius (N, C); float64."""
        start = middle, tilt, radius
        reach = tilt.abs().sum(1) + radius
        first, last = middle - reach, middle + reach
        steps: list[Line] = []  # what each layer adds; the slope of a linear one is its weight
        for layer in self._layers:
            if isinstance(layer, Linear):
                size = layer.weight.abs().T
                greatest = torch.maximum(first.abs(), last.abs())
                off = self.rounding(layer.weight.shape[1]) * (greatest @ size + layer.bias.abs())
                slope, offset = layer.weight, layer.bias
                middle, tilt = middle @ slope.T + offset, tilt @ slope.T
                radius = radius @ size + off
            else:
                slope, offset, off = layer(first, last)
                middle, tilt, radius = slope * middle + offset, slope[:, None] * tilt, slope.abs() * radius + off
            steps.append((slope, offset, off))
            reach = tilt.abs().sum(1) + radius
            first, last = middle - reach, middle + reach
        weight = torch.ones_like(first)
        constant = reach = torch.zeros_like(first[:, 0])
        for layer, (slope, offset, off) in zip(reversed(self._layers), reversed(steps), strict=True):
            constant = constant + (weight * offset).sum(1)
            reach = reach + (weight.abs() * off).sum(1)
            weight = weight @ slope if isinstance(layer, Linear) else weight * slope
        middle, tilt, radius = start
        constant = constant + (weight * middle).sum(1)
        reach = reach + (weight[:, None] * tilt).sum(2).abs().sum(1) + (weight.abs() * radius).sum(1)
        reach = reach * (1 + 1e-9) + 1e-30
        return torch.maximum(first[:, 0], constant - reach), torch.minimum(last[:, 0], constant + reach)


class SequentialBounds:
    """Bounds of a network of linear layers and activations over boxes.

    Sound for what float32 computes at points in the box, in any order of summation; not under autocast. Parameters are
    read once, here.

    Args:
        network: A ``torch.nn.Sequential``, nested ones too, of ``torch.nn.Linear`` and the activations ReLU, LeakyReLU,
            PReLU, Tanh, Sigmoid, Softplus, SiLU, GELU and ``Sine``, from 3 numbers to 1, in float32. Any other
            activation may have a method ``relax(low, high)`` that gives for intervals, float64, the slope, offset and
            radius of a strip that holds it.

    Raises:
        TypeError: It has another layer, or parameters of another dtype.
        ValueError: It does not lead from 3 numbers to 1, or has hooks.
    """

    def __init__(self, network: nn.Sequential) -> None:
        layers: list[Linear | Callable[[Tensor, Tensor], Line]] = []
        width = 3
        for module in _flat(network):
            if _computes(module, nn.Linear):
                if module.weight.dtype != torch.float32:
                    raise TypeError(f"sdf must have parameters of float32, got {module.weight.dtype}")
                if module.in_features != width:
                    raise ValueError(f"sdf must be a network from 3 numbers to 1, got a layer {module} after {width}")
                width = module.out_features
                weight = module.weight.detach().double()
                bias = weight.new_zeros(width) if module.bias is None else module.bias.detach().double()
                layers.append(Linear(weight, bias))
            elif (relax := _relaxation(module)) is not None:
                layers.append(relax)
        if width != 1 or not any(isinstance(layer, Linear) for layer in layers):
            raise ValueError(f"sdf must be a network from 3 numbers to 1, got one to {width}")
        self._layers = AffineLayers(layers)

    @torch.no_grad()
    def __call__(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Boxes with the lowest corners low (N, 3) and the highest ones high (N, 3) -> lower and upper bounds (N,),
        float64."""
        lower = torch.empty(low.shape[:1], dtype=torch.float64, device=low.device)
        upper = torch.empty_like(lower)
        for begin in range(0, len(low), TOGETHER):
            part = slice(begin, begin + TOGETHER)
            a, b = low[part].double(), high[part].double()
            middle = (a + b) / 2
            lower[part], upper[part] = self._layers.bound(
                middle, torch.diag_embed((b - a) / 2), torch.zeros_like(middle)
            )
        return lower, upper


def _flat(network: nn.Module) -> list[nn.Module]:
    """The layers of a Sequential and of those in it, in order."""
    if network._forward_hooks or network._forward_pre_hooks:
        raise ValueError(f"sdf must have no forward hooks, got some in {type(network).__name__}")
    if isinstance(network, nn.Sequential):
        if not _computes(network, nn.Sequential):
            raise TypeError(
                f"sdf must be a plain torch.nn.Sequential, got {type(network).__name__} with its own forward"
            )
        return [layer for module in network for layer in _flat(module)]
    return [network]
