# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Bounds over boxes hold, are near, and the mode "certified" gives the mesh of dense evaluation."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from list_fast.meshing import Guarantee, Mesh, SequentialBounds, Sine, extract_mesh
from list_fast.meshing.certify import _relaxation
from list_fast.meshing.evaluate import node_coordinates
from list_fast.meshing.extract import BOUNDS
from list_fast.ops.marching_cubes import marching_cubes

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "ReLU": nn.ReLU,
    "LeakyReLU": lambda: nn.LeakyReLU(0.1),
    "steeper below zero": lambda: nn.LeakyReLU(1.7),
    "PReLU": lambda: nn.PReLU(1, 0.3),
    "PReLU of each": lambda: nn.PReLU(24, -0.2),
    "Tanh": nn.Tanh,
    "Sigmoid": nn.Sigmoid,
    "Softplus": nn.Softplus,
    "sharp Softplus": lambda: nn.Softplus(beta=100, threshold=5),
    "SiLU": nn.SiLU,
    "GELU": nn.GELU,
    "Sine": lambda: Sine(5.0),
    "fast Sine": lambda: Sine(30.0),
}


def network(activation: Callable[[], nn.Module], seed: int, scale: float = 3.0, width: int = 24) -> nn.Sequential:
    torch.manual_seed(seed)
    layers = [nn.Linear(3, width), activation(), nn.Sequential(nn.Linear(width, width), activation(), nn.Identity())]
    made = nn.Sequential(*layers, nn.Linear(width, 1))
    with torch.no_grad():
        made[0].weight *= scale
        made[3].bias -= made(torch.rand(500, 3) - 0.5).median()
    return made.requires_grad_(False)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_lines_hold_the_activation(name: str) -> None:
    module = ACTIVATIONS[name]()
    relax = _relaxation(module)
    assert relax is not None
    g = torch.Generator().manual_seed(0)
    for reach in (0.01, 0.3, 3.0, 40.0, 300.0):
        middle = (torch.rand(4000, 24, generator=g, dtype=torch.float64) - 0.5) * 2 * reach
        half = torch.rand(4000, 24, generator=g, dtype=torch.float64) ** 3 * reach
        low, high = middle - half, middle + half
        slope, offset, radius = relax(low, high)
        assert bool((radius >= 0).all())
        for share in (*torch.linspace(0, 1, 21).tolist(), 0.5003):
            # In float32, as the network computes it.
            x = (low + share * (high - low)).float()
            inside = (x.double() >= low) & (x.double() <= high)
            error = (module(x).detach().double() - (slope * x.double() + offset)).abs()
            assert bool((error <= radius)[inside].all()), (reach, share)
    # A point has nothing but rounding.
    slope, offset, radius = relax(middle, middle)
    assert float(radius.amax()) <= 1e-4 * 300 and float(relax(middle / 300, middle / 300)[2].amax()) < 1e-2


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_bounds_hold_for_what_float32_computes(name: str) -> None:
    for seed in range(4):
        made = network(ACTIVATIONS[name], seed)
        bounds = SequentialBounds(made)
        g = torch.Generator().manual_seed(seed)
        for size in (0.0, 1e-6, 1e-3, 0.03, 0.3, 3.0):
            low = (torch.rand(300, 3, generator=g) - 0.5) * 2
            high = low + size * torch.rand(300, 3, generator=g)
            lower, upper = bounds(low, high)
            assert lower.shape == upper.shape == (300,) and lower.dtype == torch.float64
            corners = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * 3)
            shares = torch.cat([corners, torch.rand(60, 3, generator=g)])[:, None]
            points = torch.minimum(low + shares * (high - low), high)
            values = made(points.view(-1, 3)).view(-1, 300).double()
            assert bool((values >= lower).all()) and bool((values <= upper).all()), (seed, size)


def test_bounds_are_near() -> None:
    # Over boxes of a side s the excess falls with s, and far below plain interval arithmetic.
    for name, most in (("ReLU", 0.6), ("Tanh", 0.6), ("Softplus", 0.2), ("SiLU", 0.4)):
        made = network(ACTIVATIONS[name], 0, width=64)
        low = torch.rand(400, 3, generator=torch.Generator().manual_seed(1)) - 0.5
        shares = torch.cartesian_prod(*[torch.linspace(0, 1, 5)] * 3)[:, None]
        excess = []
        for size in (0.02, 0.01):
            lower, upper = SequentialBounds(made)(low, low + size)
            values = made((low + size * shares).view(-1, 3)).view(-1, 400).double()
            width = values.amax(0) - values.amin(0)
            excess.append(float(((upper - lower) / width - 1).median()))
        assert 0 < excess[1] < excess[0] < most, (name, excess)


def dense(sdf: Callable[[Tensor], Tensor], resolution: int, level: float = 0.0) -> tuple[Tensor, Tensor]:
    nodes = torch.cartesian_prod(*[node_coordinates(-0.55, 0.55, resolution)] * 3)
    with torch.no_grad():
        return marching_cubes(sdf(nodes).view([resolution] * 3), level, bounds=BOUNDS)


def assert_is(mesh: Mesh, wanted: tuple[Tensor, Tensor]) -> None:
    # In float32 the last bits of a network depend on how many points are evaluated together.
    assert torch.equal(mesh.faces, wanted[1])
    torch.testing.assert_close(mesh.vertices, wanted[0], rtol=0, atol=1e-5)


class Priced:
    """A network with bounds at a price of one's own."""

    def __init__(self, network: nn.Sequential, price: float) -> None:
        self.sdf, self.bounds, self.bounds_price = network, SequentialBounds(network), price


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_certified_equals_dense_evaluation(name: str) -> None:
    made = network(ACTIVATIONS[name], 1, scale=0.6 if "Sine" in name else 3.0)
    mesh = extract_mesh(Priced(made, 0), 50, mode="certified", level=0.003)
    wanted = dense(made, 50, 0.003)
    assert_is(mesh, wanted)
    assert len(wanted[1]) > 100
    assert mesh.mode == "certified" and mesh.guarantee is Guarantee.CERTIFIED
    assert mesh.bounded >= sum(level.tested for level in mesh.culled)
    if name != "fast Sine":  # whose random weights turn from cell to cell: nothing to leave out
        assert mesh.evaluated < (0.9 if name == "Sine" else 0.5) * mesh.total
    few = extract_mesh(Priced(made, 0), (50, 50, 50), mode="certified", level=0.003, coarse=3, chunk=1000)
    assert_is(few, wanted)


@pytest.mark.parametrize("price", [0.0, 30.0, 90.0, 1e6])
def test_bounds_that_do_not_pay_are_not_computed(price: float) -> None:
    made = network(ACTIVATIONS["ReLU"], 1, scale=3.0)
    mesh = extract_mesh(Priced(made, price), 100, mode="certified", level=0.003)
    assert_is(mesh, dense(made, 100, 0.003))
    assert mesh.guarantee is Guarantee.CERTIFIED
    steps = [level.step for level in mesh.culled]
    assert all(step**3 >= price for step in steps)
    assert len(steps) == {0.0: 3, 30.0: 2, 90.0: 1, 1e6: 0}[price]
    if price == 1e6:
        assert mesh.bounded == 0 and mesh.evaluated == mesh.total
    else:
        assert mesh.bounded >= sum(level.tested for level in mesh.culled) and mesh.evaluated < 0.8 * mesh.total


def test_a_price_must_be_a_number() -> None:
    made = network(ACTIVATIONS["ReLU"], 1)
    with pytest.raises(ValueError, match="bounds_price must be a number of at least 0"):
        extract_mesh(Priced(made, -1), 20, mode="certified")


class Speck:
    """A ball, and a steep speck away from it that no estimate of a Lipschitz constant sees; with bounds."""

    centre = torch.tensor([0.4, 0.41, 0.42])

    def sdf(self, p: Tensor) -> Tensor:
        return torch.minimum(p.norm(dim=1) - 0.3, 300 * ((p - self.centre).norm(dim=1) - 0.02))

    def bounds(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        both = []
        for centre, radius, factor in ((torch.zeros(3), 0.3, 1), (self.centre, 0.02, 300)):
            nearest = torch.maximum(low - centre, centre - high).clamp_min(0).norm(dim=1)
            farthest = torch.maximum((low - centre).abs(), (high - centre).abs()).norm(dim=1)
            both.append((factor * (nearest - radius) - 1e-4, factor * (farthest - radius) + 1e-4))
        return torch.minimum(both[0][0], both[1][0]), torch.minimum(both[0][1], both[1][1])


def test_certified_finds_what_the_band_may_miss() -> None:
    field = Speck()
    wanted = dense(field.sdf, 80)
    for sdf in (field, field.sdf):  # the object, or its bound method
        mesh = extract_mesh(sdf, 80, mode="certified")
        assert torch.equal(mesh.vertices, wanted[0]) and torch.equal(mesh.faces, wanted[1])
        assert mesh.evaluated < 0.2 * mesh.total
    # The band starts from every fourth node and sees nothing of the speck.
    assert len(extract_mesh(field, 80, coarse=20).faces) < len(wanted[1])


def test_certified_without_a_surface() -> None:
    made = network(nn.ReLU, 0)
    mesh = extract_mesh(made, 60, mode="certified", level=100.0)
    assert mesh.is_empty and mesh.evaluated == 0 and mesh.guarantee is Guarantee.CERTIFIED


def test_unknown_bounds_are_refused() -> None:
    def refuses(sdf: object, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            extract_mesh(sdf, 32, mode="certified")  # type: ignore[arg-type]

    refuses(lambda p: p[:, 0], TypeError, "must be a torch.nn.Sequential or have a method bounds")
    refuses(nn.Linear(3, 1), TypeError, "must be a torch.nn.Sequential")
    refuses(nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Linear(4, 1)), TypeError, "not known: LayerNorm")
    refuses(nn.Sequential(nn.Linear(3, 4), nn.Dropout(), nn.Linear(4, 1)).train(), TypeError, "not known: Dropout")
    refuses(nn.Sequential(nn.Linear(3, 4), nn.GELU("tanh"), nn.Linear(4, 1)), TypeError, "not known: GELU")
    refuses(nn.Sequential(nn.Linear(3, 2)), ValueError, "from 3 numbers to 1, got one to 2")
    refuses(nn.Sequential(nn.Linear(2, 1)), ValueError, "from 3 numbers to 1, got a layer Linear")
    refuses(nn.Sequential(nn.ReLU()), ValueError, "from 3 numbers to 1")
    refuses(nn.Sequential(nn.Linear(3, 1)).double(), TypeError, "parameters of float32")

    class Own(nn.Sequential):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x) + 1

    refuses(Own(nn.Linear(3, 1)), TypeError, "plain torch.nn.Sequential, got Own")
    hooked = nn.Sequential(nn.Linear(3, 1))
    hooked[0].register_forward_hook(lambda *a: a[-1] + 1)
    refuses(hooked, ValueError, "no forward hooks")
    with pytest.raises(ValueError, match="omega must be positive"):
        Sine(0.0)


def test_wrong_bounds_are_named() -> None:
    class Field(Speck):
        def __init__(self, answer: Callable[[Tensor, Tensor], object]) -> None:
            self.bounds = answer  # type: ignore[method-assign,assignment]

    for answer, error, message in (
        (lambda low, high: low, TypeError, "sdf.bounds must return two tensors"),
        (
            lambda low, high: (low, high),
            ValueError,
            r"sdf.bounds must return \d+ lower bounds for \d+ boxes, got shape",
        ),
        (lambda low, high: (low[:, 0], high), ValueError, r"upper bounds"),
        (lambda low, high: (high[:, 0], low[:, 0]), ValueError, "must return lower bounds that do not exceed"),
    ):
        with pytest.raises(error, match=message):
            extract_mesh(Field(answer), 32, mode="certified")
    # NaN excludes nothing.
    unknown = Field(lambda low, high: (torch.full_like(low[:, 0], math.nan),) * 2)
    assert extract_mesh(unknown, 32, mode="certified").evaluated == 32**3


def test_own_activation() -> None:
    class Square(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x * x

        def relax(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            middle, half = (low + high) / 2, (high - low) / 2
            return 2 * middle, half * half / 2 - middle * middle, half * half / 2 + 1e-6 * (low.abs() + high.abs()) ** 2

    ball = nn.Sequential(nn.Linear(3, 3), Square(), nn.Linear(3, 1)).requires_grad_(False)
    for layer, weight, bias in ((ball[0], torch.eye(3), 0.0), (ball[2], torch.ones(1, 3), -0.16)):
        layer.weight.copy_(weight)
        layer.bias.fill_(bias)
    mesh = extract_mesh(ball, 64, mode="certified")
    assert_is(mesh, dense(ball, 64))
    assert mesh.is_watertight and mesh.evaluated < 0.5 * mesh.total


class Squared(nn.ReLU):
    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x) ** 2


class Passing(nn.Identity):
    def forward(self, x: Tensor) -> Tensor:
        return x * 3


def test_activations_with_a_forward_of_their_own_are_refused() -> None:
    """Bounds of what a class usually computes say nothing of what another forward does."""
    replaced = nn.Tanh()
    replaced.forward = torch.exp  # type: ignore[method-assign]
    for activation in (Squared(), Passing(), replaced):
        network = nn.Sequential(nn.Linear(3, 8), activation, nn.Linear(8, 1))
        with pytest.raises(TypeError, match="bounds are not known"):
            extract_mesh(network, 16, mode="certified")


class Ball:
    """Distances with bounds, and other functions of the same object, which these do not bound."""

    def sdf(self, points: Tensor) -> Tensor:
        return points.norm(dim=1) - 0.3

    def bounds(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        middle, half = (low + high).double() / 2, (high - low).double() / 2
        return middle.norm(dim=1) - 0.3 - half.norm(dim=1) - 1e-6, middle.norm(dim=1) - 0.3 + half.norm(dim=1) + 1e-6

    def moved(self, points: Tensor) -> Tensor:
        return self.sdf(points - torch.tensor([0.2, 0.0, 0.0]))


class Wrapped(nn.Sequential):
    def sdf(self, points: Tensor) -> Tensor:
        return self(points)[:, 0] + 1


def test_bounds_are_those_of_what_is_evaluated() -> None:
    ball = Ball()
    for sdf in (ball, ball.sdf):
        assert torch.equal(extract_mesh(sdf, 24, mode="certified").faces, extract_mesh(ball, 24, mode="exact").faces)
    for sdf in (ball.moved, Wrapped(nn.Linear(3, 1))):
        with pytest.raises(TypeError, match='in the mode "certified" sdf must be'):
            extract_mesh(sdf, 24, mode="certified")


def test_no_certificate_under_autocast() -> None:
    network = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
    with torch.autocast("cpu", torch.bfloat16), pytest.raises(ValueError, match=r"mode must not be .certified. under"):
        extract_mesh(network, 16, mode="certified")
