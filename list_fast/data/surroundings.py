# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Floors and walls drawn by OpenGL from the object's own camera, with the shadows that fall on the floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from list_fast.data.materials import BRUSHED, WOOD, Look
from list_fast.data.shaders import PATTERNS

if TYPE_CHECKING:
    from list_fast.data.camera import Camera
    from list_fast.data.render import Drawable, Lights

BOARDS, TILES, BRICKS = 12, 13, 14
FALLEN_TILE = 320
FALLEN_HALF = 1.7
KEY_RAYS = 6
SKY_RAYS = 8

_FALL_VERTEX = """
#version 330
uniform vec4 ray;              // towards the light, and the floor's height
uniform vec3 square;           // center x, z of what is drawn and half its side
in vec3 in_position;
void main() {
    vec2 at = in_position.xz - ray.xz * ((in_position.y - ray.w) / ray.y);
    gl_Position = vec4((at - square.xy) / square.z, 0.0, 1.0);
}
"""

_FALL_FRAGMENT = """
#version 330
uniform vec3 share;            // of the key light, of the sky; the ray's depth
out vec4 color;
void main() {
    // Constant within a ray: whatever covers a place twice counts once.
    gl_FragDepth = share.z;
    color = vec4(share.xy, 0.0, 1.0);
}
"""

_PLANE_VERTEX = """
#version 330
uniform mat4 clip;
in vec3 in_position;
in vec3 in_grain;
out vec3 position;
out vec3 grain;
void main() {
    position = in_position;
    grain = in_grain;
    gl_Position = clip * vec4(in_position, 1.0);
}
"""

_PLANE_FRAGMENT = """
uniform vec4 look[4];
uniform sampler2D fallen;
uniform vec4 square;           // center x, z and half side of `fallen`; the floor's height
uniform vec3 ambient;
uniform vec3 key;
uniform float exposure;
in vec3 position;
in vec3 grain;
out vec4 color;
void main() {
    vec3 albedo = mix(look[0].rgb, look[1].rgb, pattern_mix(look[1].w, look[3].z, grain, vec3(0.0, 0.0, 1.0)));
#if FLOOR
    vec2 uv = 0.5 + 0.5 * (position.xz - square.xy) / square.z, texel = vec2(1.1) / textureSize(fallen, 0);
    vec2 dark = 0.25 * (texture(fallen, uv + texel).rg + texture(fallen, uv - texel).rg
                        + texture(fallen, uv + vec2(texel.x, -texel.y)).rg
                        + texture(fallen, uv + vec2(-texel.x, texel.y)).rg);
    vec2 edge = smoothstep(vec2(0.0), vec2(0.1), uv) * (1.0 - smoothstep(vec2(0.9), vec2(1.0), uv));
    dark *= edge.x * edge.y;
    // Light that bounces between floor and object is lost as well: contact shadows are darker than the sky's share.
    vec3 light = ambient * (1.0 - 0.93 * (1.0 - pow(1.0 - min(dark.y, 1.0), 1.7))) + key * (1.0 - dark.x);
#else
    vec3 light = ambient * (0.72 + 0.28 * smoothstep(0.0, 0.45, position.y - square.w)) + key;
#endif
    vec3 result = albedo * light * exposure;
    result = result / (1.0 + 0.12 * result * result);
    color = vec4(pow(clamp(result, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0);
}
"""


@dataclass(frozen=True)
class Plane:
    """A rectangle: a corner (3,), its two sides (2, 3), a look whose pattern lies on it, whether it is the floor."""

    corner: NDArray[np.float64]
    sides: NDArray[np.float64]
    look: Look
    floor: bool

    def vertices(self) -> NDArray[np.float32]:
        """Two triangles, (6, 6): position and the pattern's coordinates, in units, from the corner."""
        steps = np.array([(0, 0), (1, 0), (1, 1), (0, 0), (1, 1), (0, 1)], np.float64)
        along = steps * np.linalg.norm(self.sides, axis=1)
        zero = np.zeros(6)
        # Grain runs along the third coordinate.
        grained = self.look.pattern in (WOOD, BRUSHED)
        grain = np.stack([along[:, 0], zero, along[:, 1]] if grained else [along[:, 0], along[:, 1], zero], axis=1)
        return np.concatenate([self.corner + steps @ self.sides, grain], axis=1).astype(np.float32)

    def normal(self) -> NDArray[np.float64]:
        """Unit normal (3,), up for a floor."""
        n = np.cross(self.sides[0], self.sides[1])
        return np.asarray(n / np.linalg.norm(n))


def irradiance_at(harmonics: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light over pi (3,) on a surface with unit normal (3,), of ``Environment.irradiance``."""
    x, y, z = n
    basis = np.array([1, y, z, x, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y])
    return np.maximum(basis @ harmonics, 0.0)


def cone(axis: NDArray[np.float64], radius: float, count: int, turn: float) -> NDArray[np.float64]:
    """Unit directions (count, 3) spread over a disc of ``radius`` at distance 1 about a unit ``axis``."""
    helper = np.array([1.0, 0.0, 0.0]) if abs(axis[1]) > 0.9 else np.array([0.0, 1.0, 0.0])
    side = np.cross(axis, helper)
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    k = np.arange(count)
    r, angle = radius * np.sqrt((k + 0.5) / count), turn + 2.399963 * k
    out = axis + r[:, None] * (np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * other)
    return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True))


class Surroundings:
    """Draws planes in a renderer's context; made by ``Renderer.surroundings``."""

    def __init__(self, context: Any, size: int) -> None:
        import moderngl

        self._gl, self._context, self.size = moderngl, context, size
        self._fall: Any = context.program(vertex_shader=_FALL_VERTEX, fragment_shader=_FALL_FRAGMENT)
        self._programs: dict[tuple[int, bool], Any] = {}
        self._fallen = context.texture((FALLEN_TILE, FALLEN_TILE), 4)
        self._fallen.repeat_x = self._fallen.repeat_y = False
        self._fallen_target = context.framebuffer(self._fallen, context.depth_renderbuffer((FALLEN_TILE, FALLEN_TILE)))
        self._target = context.framebuffer(context.renderbuffer((size, size), 4, samples=4))
        self._resolved = context.framebuffer(context.renderbuffer((size, size), 4))

    def _program(self, plane: Plane) -> Any:
        key = plane.look.pattern, plane.floor
        if key not in self._programs:
            head = f"#version 330\n#define PATTERN {key[0]}\n#define FLOOR {int(plane.floor)}\n"
            source = head + PATTERNS + _PLANE_FRAGMENT
            self._programs[key] = self._context.program(vertex_shader=_PLANE_VERTEX, fragment_shader=source)
        return self._programs[key]

    def draw(
        self,
        planes: Sequence[Plane],
        camera: Camera,
        light: Lights,
        casters: Sequence[Drawable],
        *,
        softness: float,
        turn: float,
    ) -> NDArray[np.uint8]:
        """The planes in their order, later ones over earlier ones: (size, size, 3) uint8.

        Args:
            planes: the first is the floor.
            casters: what throws shadows on it.
            softness: radius of the key light at distance 1.
            turn: radians by which the rays are turned.
        """
        if light.environment is None:
            raise ValueError("light must have an environment, got None")
        self._context.__enter__()  # another renderer's may be the thread's current one
        height = float(planes[0].corner[1])
        square = (0.0, 0.0, FALLEN_HALF)
        self._cast(casters, light, height, square, softness, turn)
        gl = self._context
        gl.enable_only(0)
        self._target.use()
        self._target.clear(0.5, 0.5, 0.5, 1.0)
        self._fallen.use(0)
        clip = camera.clip_matrix(0.02, 60.0).T.astype(np.float32).tobytes()
        for plane in planes:
            program = self._program(plane)
            normal = plane.normal()
            facing = max(float(light.directions[0] @ normal), 0.0)
            values = {
                "clip": clip,
                "look": plane.look.row()[: program["look"].array_length].tobytes(),
                "square": np.array([*square, height], np.float32).tobytes(),
                "ambient": irradiance_at(light.environment.irradiance, normal).astype(np.float32).tobytes(),
                "key": (light.colors[0] * facing).astype(np.float32).tobytes(),
                "exposure": np.float32(light.exposure).tobytes(),
            }
            for name, value in values.items():
                program[name].write(value)
            buffer = gl.buffer(plane.vertices().tobytes())
            array = gl.vertex_array(program, [(buffer, *_plane_layout(program))])
            array.render()
            array.release()
            buffer.release()
        gl.copy_framebuffer(self._resolved, self._target)
        raw = np.frombuffer(self._resolved.read(components=3, alignment=1), np.uint8)
        return raw.reshape(self.size, self.size, 3)[::-1]

    def _cast(
        self,
        casters: Sequence[Drawable],
        light: Lights,
        height: float,
        square: tuple[float, float, float],
        softness: float,
        turn: float,
    ) -> None:
        """Fill ``fallen``: the share of the key light (red) and of the sky (green) that the casters keep off."""
        gl, flags = self._context, self._gl
        self._fallen_target.use()
        self._fallen_target.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        rays = [(ray, (1 / KEY_RAYS, 0.0)) for ray in cone(light.directions[0], softness, KEY_RAYS, turn)]
        up = np.array([0.0, 1.0, 0.0])
        # Spread evenly over a disc at distance 1 and bent by the arc's sine: more rays where the sky's light is more.
        k = np.arange(SKY_RAYS)
        tilt, angle = np.arcsin(0.97 * np.sqrt((k + 0.5) / SKY_RAYS)), turn + 2.399963 * k
        sky = np.stack([np.sin(tilt) * np.cos(angle), np.cos(tilt), np.sin(tilt) * np.sin(angle)], axis=1)
        rays += [(ray, (0.0, 1 / SKY_RAYS)) for ray in sky if ray @ up > 0.05]
        gl.enable_only(flags.DEPTH_TEST | flags.BLEND)
        gl.blend_func = flags.ONE, flags.ONE
        self._fall["square"].value = square
        first = casters[0] if casters else None
        for item in casters:  # every other ray does for what is not the object
            buffer = gl.buffer(item.vertices.tobytes())
            indices = gl.buffer(item.faces[: item.opaque or len(item.faces)].tobytes())
            array = gl.vertex_array(self._fall, [(buffer, "3f 24x", "in_position")], index_buffer=indices)
            for number, (ray, share) in enumerate(rays):
                if ray[1] < 0.05 or (first is not item and number % 2):
                    continue
                if first is not item:
                    share = 2 * share[0], 2 * share[1]
                self._fall["ray"].value = (*ray.tolist(), height)
                self._fall["share"].value = (*share, 1 - (number + 1) / (len(rays) + 2))
                array.render()
            array.release()
            buffer.release()
            indices.release()


def _plane_layout(program: Any) -> tuple[str, ...]:
    # A plain look needs no pattern's coordinate; the compiler then drops the attribute.
    if "in_grain" in program:
        return "3f 3f", "in_position", "in_grain"
    return "3f 12x", "in_position"
