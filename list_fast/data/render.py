# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of shapes: RGBA views in the manner of the ShapeNet renderings, drawn off screen by OpenGL (EGL)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from list_fast.data.camera import IMAGE_SIZE, Camera, random_camera, view_axes
from list_fast.data.materials import SPLIT, Look, random_looks
from list_fast.data.shaders import (
    DEPTH_FRAGMENT,
    DEPTH_VERTEX,
    SKY_COLUMNS,
    SKY_DIRECTIONS,
    surface_program,
)
from list_fast.data.shapes import ordered

if TYPE_CHECKING:
    from list_fast.data.shapes import Surface
    from list_fast.data.shapes.parts import Shape
    from list_fast.data.surroundings import Surroundings

SAMPLES = 4
SKY_TILE = 128
KEY_TILE = 512


@dataclass(frozen=True)
class View:
    """One picture: ``image`` (H, W, 4) uint8 with straight alpha, a background color (3,) uint8 for it, its camera.

    Of styles other than plain also: ``rough``, the mask (H, W) uint8 that finding the object would give; of pictures
    with surroundings ``jpeg``, the file whose pixels are the RGB of ``image``.
    """

    image: NDArray[np.uint8]
    background: NDArray[np.uint8]
    camera: Camera
    rough: NDArray[np.uint8] | None = None
    jpeg: bytes | None = None


@dataclass(frozen=True)
class Environment:
    """Light from all around, linear RGB.

    ``gradient`` (3, 3): radiance from above, the horizon and below. Lamps, soft lobes c exp(k (d.l - 1)): ``lamps``
    (L, 4) unit direction and sharpness k, ``lamp_colors`` (L, 3), L <= 4. ``irradiance`` (9, 3): of all that, over pi,
    as second-order spherical harmonics of the normal in the shader's order.
    """

    gradient: NDArray[np.float64]
    lamps: NDArray[np.float64]
    lamp_colors: NDArray[np.float64]
    irradiance: NDArray[np.float64]


@dataclass(frozen=True)
class Lights:
    """Three directional lights (key, fill, camera): towards them (3, 3), their colors (3, 3); ambient, exposure.

    With an ``environment`` that is the ambient light, and sky and ground are not used.
    """

    directions: NDArray[np.float64]
    colors: NDArray[np.float64]
    sky: NDArray[np.float64]
    ground: NDArray[np.float64]
    shadow: float
    exposure: float
    environment: Environment | None = None


@dataclass(frozen=True)
class Drawable:
    """Triangles ready to draw: vertices (V, 9) float32 = position, normal, grain; faces (F, 3) int32 in groups.

    ``groups`` lists (look, first face, number of faces); the ``opaque`` first of the faces are not of clear glass.
    """

    vertices: NDArray[np.float32]
    faces: NDArray[np.int32]
    groups: tuple[tuple[Look, int, int], ...]
    opaque: int

    @property
    def positions(self) -> NDArray[np.float32]:
        """Vertex positions (V, 3) in object space."""
        return self.vertices[:, :3]


def drawable(shape: Shape, surface: Surface, rng: np.random.Generator, class_name: str) -> Drawable:
    """Give every part of a shape a look, smooth or flat normals, and texture coordinates along its longest side."""
    from manifold3d import Manifold, Mesh

    materials = sorted({part.material for part in shape.parts})
    # Some objects have a second kind of one material (another wood, another fabric) on a part or two.
    variants = [name for name in materials if rng.random() < 0.2]
    looks = random_looks(rng, materials + variants, class_name)
    crease = 0.5 if rng.random() < 0.1 else rng.uniform(35, 60)  # degrees; few are drawn faceted
    blocks: list[NDArray[np.float32]] = []
    faces: list[list[NDArray[np.int64]]] = [[] for _ in looks]
    count = 0
    for part in shape.parts:
        slot = materials.index(part.material)
        if part.material in variants and rng.random() < 0.35:
            slot = len(materials) + variants.index(part.material)
        # Rebuilt first: normals of a solid with a pending rotation or mirroring come out wrong.
        plain = part.solid.to_mesh()
        if len(plain.tri_verts) == 0:
            continue
        corners = np.array(plain.vert_properties[:, :3], np.float32, order="C")
        triangles = np.array(ordered(np.asarray(plain.tri_verts, np.int64)), np.uint32, order="C")
        mesh = Manifold(Mesh(corners, triangles)).calculate_normals(0, crease).to_mesh()
        data = np.asarray(mesh.vert_properties, np.float32)
        offset = rng.uniform(-4, 4, 3)
        position = ((data[:, :3] - surface.center) * surface.scale).astype(np.float32)
        low, high = position.min(0), position.max(0)
        grain = position
        if part.material == "screen":  # the picture spans the front of its part
            grain = ((position - (low + high) / 2) / max(float((high - low)[:2].max()), 1e-6)).astype(np.float32)
        elif looks[slot].pattern != SPLIT:  # a split by height is cut across the whole object
            grain = np.roll(position, 2 - int(np.argmax(high - low)), axis=1) + offset.astype(np.float32)
        blocks.append(np.concatenate([position, data[:, 3:6], grain], axis=1).astype(np.float32))
        faces[slot].append(ordered(np.asarray(mesh.tri_verts, np.int64)) + count)
        count += len(data)
    if not blocks:
        raise ValueError(f"shape {shape.params} must have a part with a surface")
    order = sorted((slot for slot in range(len(looks)) if faces[slot]), key=lambda slot: looks[slot].opacity < 1)
    groups, first, opaque = [], 0, 0
    for slot in order:
        number = sum(len(f) for f in faces[slot])
        groups.append((looks[slot], first, number))
        first += number
        opaque = first if looks[slot].opacity >= 1 else opaque
    indices = np.concatenate([f for slot in order for f in faces[slot]]).astype(np.int32)
    return Drawable(np.concatenate(blocks), indices, tuple(groups), opaque)


def random_lights(rng: np.random.Generator, camera: Camera) -> Lights:
    """Soft studio light around the camera: mostly even as ShapeNet's, sometimes a strong key light with shadows."""
    right, up, forward = view_axes(camera.pose[0], camera.pose[1])
    angle, height = rng.uniform(-1.3, 1.3), rng.uniform(0.15, 1.2)
    key = np.sin(angle) * right * np.cos(height) - np.cos(angle) * np.cos(height) * forward + np.sin(height) * up
    fill = rng.normal(size=3) + 0.5 * up - forward
    toward = -forward + 0.3 * rng.normal(size=3)
    directions = np.stack([d / np.linalg.norm(d) for d in (key, fill, toward)])
    ambient, strong = rng.uniform(0.2, 0.55), rng.uniform(0.25, 1.0)
    head = rng.uniform(0.1, 0.45)
    warmth = rng.normal(0, 0.04, (3, 1)) * np.array([1.0, 0.0, -1.0])
    colors = np.array([strong, rng.uniform(0.0, 0.3), head])[:, None] * (1 + warmth)
    sky = ambient * (1 + rng.normal(0, 0.03, 3))
    ground = sky * rng.uniform(0.45, 0.95)
    exposure = rng.uniform(0.85, 1.2) / (0.25 + ambient + 0.6 * strong + 0.6 * head)
    shadow = rng.uniform(0.4, 0.9) if rng.random() < 0.5 else 0.0
    return Lights(directions, colors, sky, ground, shadow, 1.05 * exposure)


def random_background(rng: np.random.Generator) -> NDArray[np.uint8]:
    """White for three pictures in four, else a light or plain color, (3,) uint8."""
    kind = rng.random()
    if kind < 0.75:
        return np.full(3, 255, np.uint8)
    if kind < 0.9:
        return np.clip(rng.uniform(200, 255) + rng.uniform(-12, 12, 3), 0, 255).astype(np.uint8)
    return rng.integers(30, 256, 3).astype(np.uint8)


def _orthographic(direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Clip matrix (4, 4) of a parallel view from ``direction`` over the ball that holds object space."""
    helper = np.array([0.0, 0.0, 1.0]) if abs(direction[1]) > 0.9 else np.array([0.0, 1.0, 0.0])
    right = np.cross(helper, direction)
    right /= np.linalg.norm(right)
    up = np.cross(direction, right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, up, -direction]) / 0.88
    return matrix


def _sky_directions() -> NDArray[np.float64]:
    """Directions from which openness to the surroundings is measured: the zenith, a high ring and a low ring."""
    ring = [(0.0, 90.0)] + [(45 + 90 * k, 35.0) for k in range(4)] + [(60 + 120 * k, -12.0) for k in range(3)]
    return np.stack([-view_axes(a, e)[2] for a, e in ring])


class Renderer:
    """An off-screen OpenGL context that draws shapes; use it in the process and thread that made it.

    Raises:
        RuntimeError: no EGL context can be had.
    """

    def __init__(self, size: int = IMAGE_SIZE) -> None:
        import moderngl

        options: dict[str, Any] = {"standalone": True, "backend": "egl", "require": 330}
        try:
            self._context: Any = moderngl.create_context(**options)
        except Exception as error:
            raise RuntimeError(
                f"no off-screen OpenGL 3.3 context through EGL ({error}); "
                "on Debian or Ubuntu install libegl1 and libgl1-mesa-dri"
            ) from error
        self.size = size
        gl = self._context
        self._gl = moderngl
        self._depth: Any = gl.program(vertex_shader=DEPTH_VERTEX, fragment_shader=DEPTH_FRAGMENT)
        self._programs: dict[tuple[int, bool, bool], Any] = {}
        self._target = gl.framebuffer(
            gl.renderbuffer((size, size), 4, samples=SAMPLES), gl.depth_renderbuffer((size, size), samples=SAMPLES)
        )
        self._resolved = gl.framebuffer(gl.renderbuffer((size, size), 4))
        rows = SKY_DIRECTIONS // SKY_COLUMNS
        self._sky_map, self._sky = self._depth_target((SKY_TILE * SKY_COLUMNS, SKY_TILE * rows))
        self._key_map, self._key = self._depth_target((KEY_TILE, KEY_TILE))
        directions = _sky_directions()
        self._sky_clips = [_orthographic(d) for d in directions]
        tiles = []
        for k, clip in enumerate(self._sky_clips):
            tile = np.eye(4)
            tile[0, 0], tile[1, 1] = 1 / SKY_COLUMNS, 1 / rows
            tile[0, 3], tile[1, 3] = (
                (2 * (k % SKY_COLUMNS) + 1) / SKY_COLUMNS - 1,
                (2 * (k // SKY_COLUMNS) + 1) / rows - 1,
            )
            tiles.append(tile @ clip)
        # The fixed part of the shader's Scene block: clip, key_clip and what follows the sky are written for each view.
        self._sky_block = np.concatenate([_columns(np.stack(tiles)), _vectors(directions)])
        self._scene = gl.buffer(reserve=64 * (2 + SKY_DIRECTIONS) + 16 * (SKY_DIRECTIONS + 10))

    def _depth_target(self, size: tuple[int, int]) -> tuple[Any, Any]:
        texture = self._context.depth_texture(size)
        texture.compare_func = "<="
        texture.filter = (self._gl.LINEAR, self._gl.LINEAR)
        return texture, self._context.framebuffer(depth_attachment=texture)

    @cached_property
    def surroundings(self) -> Surroundings:
        """What draws floors, walls and shadows on them, in this context."""
        from list_fast.data.surroundings import Surroundings

        self._enter()
        return Surroundings(self._context, self.size)

    def _enter(self) -> None:
        """Makes this context the thread's current one: another renderer may have been made, or have drawn, since."""
        self._context.__enter__()

    def _program(self, look: Look, environment: bool = False) -> Any:
        key = (look.pattern, look.relief > 0, environment)
        if key not in self._programs:
            vertex, fragment = surface_program(*key)
            program: Any = self._context.program(vertex_shader=vertex, fragment_shader=fragment)
            program["Scene"].binding = 0
            program["sky_depth"].value = 0
            program["key_depth"].value = 1
            self._programs[key] = program
        return self._programs[key]

    def draw(
        self, item: Drawable, cameras: Sequence[Camera], lights: Sequence[Lights], *, shaded: bool = True
    ) -> list[NDArray[np.uint8]]:
        """Draw one object from several cameras, one light set each: images (size, size, 4) uint8, straight alpha.

        Without ``shaded`` nothing keeps light from it; what lies outside the ball of radius 0.88 must be drawn so.
        """
        self._enter()
        gl, flags = self._context, self._gl
        vertices, indices = gl.buffer(item.vertices.tobytes()), gl.buffer(item.faces.tobytes())
        shadow_array = gl.vertex_array(self._depth, [(vertices, "3f 24x", "in_position")], index_buffer=indices)
        kinds = {light.environment is not None for light in lights}
        programs = {
            id(program): program
            for program in (self._program(look, env) for look, _, _ in item.groups for env in kinds)
        }
        arrays = {
            key: gl.vertex_array(program, [(vertices, *_layout(program))], index_buffer=indices)
            for key, program in programs.items()
        }
        caster = 3 * (item.opaque or len(item.faces))  # clear glass throws no shadow
        gl.enable_only(flags.DEPTH_TEST)
        self._sky.clear()
        for k, clip in enumerate(self._sky_clips if shaded else []):
            self._sky.viewport = ((k % SKY_COLUMNS) * SKY_TILE, (k // SKY_COLUMNS) * SKY_TILE, SKY_TILE, SKY_TILE)
            self._shadow_pass(self._sky, shadow_array, clip, caster)
        self._sky_map.use(0)
        self._key_map.use(1)
        self._scene.bind_to_uniform_block(0)

        def render(layer: int, environment: bool) -> None:
            for look, first, count in item.groups:
                if (look.opacity < 1) != (layer > 0):
                    continue
                program = self._program(look, environment)
                program["look"].write(look.row().tobytes())
                program["layer"].value = layer
                arrays[id(program)].render(vertices=3 * count, first=3 * first)

        images = []
        for camera, light in zip(cameras, lights, strict=True):
            key_clip = _orthographic(light.directions[0])
            gl.enable_only(flags.DEPTH_TEST)
            self._key.clear()
            if light.shadow > 0 and shaded:
                self._shadow_pass(self._key, shadow_array, key_clip, caster)
            self._write_scene(camera, light, key_clip, camera.project(item.positions)[:, 2])
            env = light.environment is not None
            if light.environment is not None:
                self._write_environment(item, light.environment)
            self._target.use()
            self._target.clear(0.0, 0.0, 0.0, 0.0)
            clear = item.opaque < len(item.faces)
            if clear:  # what is seen through the glass where nothing stands behind it
                gl.enable_only(flags.CULL_FACE)
                render(1, env)
            gl.enable_only(flags.DEPTH_TEST | flags.CULL_FACE)
            render(0, env)
            if clear:
                gl.enable_only(flags.DEPTH_TEST | flags.CULL_FACE | flags.BLEND)
                gl.blend_func = flags.ONE, flags.ONE_MINUS_SRC_ALPHA
                render(2, env)
            gl.copy_framebuffer(self._resolved, self._target)
            raw = np.frombuffer(self._resolved.read(components=4), np.uint8).reshape(self.size, self.size, 4)[::-1]
            images.append(_straight(raw))
        resources: list[Any] = [*arrays.values(), shadow_array, vertices, indices]
        for resource in resources:
            resource.release()
        return images

    def _write_scene(
        self, camera: Camera, light: Lights, key_clip: NDArray[np.float64], depth: NDArray[np.float64]
    ) -> None:
        clip = camera.clip_matrix(0.9 * float(depth.min()), 1.1 * float(depth.max()))
        tail = [
            *light.directions,
            *light.colors,
            camera.position,
            light.sky,
            light.ground,
            (light.shadow, light.exposure, 0),
        ]
        block = np.concatenate([_columns(np.stack([clip, key_clip])), self._sky_block, _vectors(np.array(tail))])
        self._scene.write(block.astype(np.float32).tobytes())

    def _write_environment(self, item: Drawable, environment: Environment) -> None:
        lamps, colors = np.zeros((4, 4)), np.zeros((4, 3))
        lamps[: len(environment.lamps)], colors[: len(environment.lamps)] = environment.lamps, environment.lamp_colors
        values = {
            "irradiance": _vectors(environment.irradiance),
            "gradient": _vectors(environment.gradient),
            "lamp": lamps.ravel(),
            "lamp_color": _vectors(colors),
        }
        for program in {id(p): p for p in (self._program(look, True) for look, _, _ in item.groups)}.values():
            for name, value in values.items():
                program[name].write(value.astype(np.float32).tobytes())

    def _shadow_pass(self, target: Any, array: Any, clip: NDArray[np.float64], count: int) -> None:
        target.use()
        self._depth["clip"].write(clip.T.astype(np.float32).tobytes())
        array.render(vertices=count)


def _layout(program: Any) -> tuple[str, ...]:
    # A plain look needs no grain coordinate; the compiler then drops the attribute.
    if "in_grain" in program:
        return "3f 3f 3f", "in_position", "in_normal", "in_grain"
    return "3f 3f 12x", "in_position", "in_normal"


def _columns(matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrices (n, 4, 4) in the column order of GLSL, flat."""
    return matrices.transpose(0, 2, 1).ravel()


def _vectors(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Vectors (n, 3) padded to four numbers each, flat."""
    return np.pad(rows, ((0, 0), (0, 1))).ravel()


def _straight(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Undo the multiplication by alpha that averaging samples left; empty pixels become white."""
    alpha = image[..., 3:].astype(np.float32)
    color = np.where(alpha > 0, image[..., :3] * (255.0 / np.maximum(alpha, 1.0)) + 0.5, 255.0)
    return np.concatenate([np.minimum(color, 255.0).astype(np.uint8), image[..., 3:]], axis=2)


def render_views(
    renderer: Renderer,
    shape: Shape,
    surface: Surface,
    class_name: str,
    rngs: Sequence[np.random.Generator],
    look_rng: np.random.Generator,
) -> list[View]:
    """Pictures of a shape, a random camera and light from each of ``rngs``, its materials from ``look_rng``."""
    return draw_views(renderer, drawable(shape, surface, look_rng, class_name), surface.vertices, rngs)


def draw_views(
    renderer: Renderer, item: Drawable, vertices: NDArray[np.float64], rngs: Sequence[np.random.Generator]
) -> list[View]:
    """Pictures of an object whose surface has ``vertices`` (V, 3), a random camera and light from each of ``rngs``."""
    cameras = [random_camera(rng, vertices, renderer.size) for rng in rngs]
    lights = [random_lights(rng, camera) for rng, camera in zip(rngs, cameras, strict=True)]
    backgrounds = [random_background(rng) for rng in rngs]
    images = renderer.draw(item, cameras, lights)
    return [View(*view) for view in zip(images, backgrounds, cameras, strict=True)]
