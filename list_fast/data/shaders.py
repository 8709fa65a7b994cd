# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""GLSL of the renderer: depth-only passes for shadows, and surface programs, one for each procedural pattern."""

SKY_DIRECTIONS = 8
SKY_COLUMNS = 4

DEPTH_VERTEX = """
#version 330
uniform mat4 clip;
in vec3 in_position;
void main() { gl_Position = clip * vec4(in_position, 1.0); }
"""

DEPTH_FRAGMENT = """
#version 330
void main() {}
"""

_SCENE = """
#define SKY @SKY@
layout(std140) uniform Scene {
    mat4 clip;
    mat4 key_clip;
    mat4 sky_clip[SKY];
    vec4 sky_direction[SKY];
    vec4 light_direction[3];   // towards the light: key, fill, camera
    vec4 light_color[3];
    vec4 eye;
    vec4 sky_color;
    vec4 ground_color;
    vec4 amount;               // x: how dark the key light's shadow is (0: none); y: exposure
};
"""

_VERTEX = """
in vec3 in_position;
in vec3 in_normal;
in vec3 in_grain;
out vec3 position;
out vec3 normal;
out vec3 grain;
void main() {
    position = in_position;
    normal = in_normal;
    grain = in_grain;
    gl_Position = clip * vec4(in_position, 1.0);
}
"""

_FRAGMENT = """
uniform vec4 look[4];          // Look.row
uniform sampler2DShadow key_depth;
uniform sampler2DShadow sky_depth;
uniform int layer;             // 0 opaque, 1 behind glass, 2 glass

in vec3 position;
in vec3 normal;
in vec3 grain;
out vec4 color;
"""

PATTERNS = """
float hash(ivec3 p) {
    uint h = uint(p.x) * 0x8da6b343u ^ uint(p.y) * 0xd8163841u ^ uint(p.z) * 0xcb1ab31fu;
    h ^= h >> 15; h *= 0x2c1b3c6du; h ^= h >> 12; h *= 0x297a2d39u; h ^= h >> 15;
    return float(h >> 8) / 16777216.0;
}

float noise(vec3 p) {
    vec3 base = floor(p), t = p - base;
    ivec3 i = ivec3(base);
    t = t * t * (3.0 - 2.0 * t);
    vec4 low = vec4(hash(i), hash(i + ivec3(1, 0, 0)), hash(i + ivec3(0, 1, 0)), hash(i + ivec3(1, 1, 0)));
    i.z += 1;
    vec4 high = vec4(hash(i), hash(i + ivec3(1, 0, 0)), hash(i + ivec3(0, 1, 0)), hash(i + ivec3(1, 1, 0)));
    vec4 z = mix(low, high, t.z);
    vec2 y = mix(z.xy, z.zw, t.y);
    return mix(y.x, y.y, t.x);
}

float cloud(vec3 p) { return 0.6 * noise(p) + 0.4 * noise(2.13 * p + 7.7); }

// Line pattern of period 1 whose duty is `share`, faded to its mean where it is finer than a pixel.
float band(float x, float share) {
    float width = max(fwidth(x), 1e-4);
    float t = abs(fract(x) - 0.5) - 0.5 * (1.0 - share);
    return mix(clamp(t / width + 0.5, 0.0, 1.0), share, clamp(2.0 * width - 0.5, 0.0, 1.0));
}

// The two coordinates along the face that the normal points out of.
vec2 unwrap(vec3 p, vec3 n) {
    vec3 a = abs(n);
    return a.x > a.y && a.x > a.z ? p.zy : (a.y > a.z ? p.xz : p.xy);
}

// How much of the second color shows at this place, in [0, 1]. A CPU rasterizer computes every side of a branch:
// the pattern is chosen when the program is compiled.
float pattern_mix(float size, float extra, vec3 p, vec3 n) {
    vec2 uv = unwrap(p, n) * size;
    vec3 q = p * size;
#if PATTERN == 1       // wood: stretched rings along the grain (z) and fine fibres
    float ring = cloud(vec3(q.xy, 0.12 * q.z)) * (6.0 + 8.0 * extra);
    float fibre = noise(vec3(q.xy * 9.0, q.z * 0.5));
    return clamp(0.75 * (0.5 - 0.5 * cos(6.2831853 * ring)) * (0.4 + 0.6 * fibre) + 0.25 * fibre, 0.0, 1.0);
#elif PATTERN == 2     // stripes
    return band(mix(uv.x, uv.y, step(0.5, extra)), 0.3 + 0.3 * extra);
#elif PATTERN == 3     // checks
    return 0.5 * band(uv.x, 0.5) + 0.5 * band(uv.y, 0.5);
#elif PATTERN == 4     // mottle
    return smoothstep(0.25, 0.75, cloud(q));
#elif PATTERN == 5     // veins
    return smoothstep(0.02, -0.02, abs(cloud(q) - 0.5) - 0.05 - 0.06 * extra);
#elif PATTERN == 6     // two colors, one above the other
    return step(extra, p.y);
#elif PATTERN == 7     // weave
    return clamp(0.5 * band(uv.x * 6.0, 0.5) + 0.5 * noise(q * 9.0), 0.0, 1.0);
#elif PATTERN == 8     // blotches
    return smoothstep(0.48, 0.52, cloud(q * 0.8)) * (0.7 + 0.3 * noise(q * 3.0));
#elif PATTERN == 9     // brushed metal
    return noise(vec3(q.xy * 14.0, q.z * 0.6));
#elif PATTERN == 10    // dots on a square grid
    float edge = fwidth(uv.x), size_of = 0.2 + 0.15 * extra;
    return 1.0 - smoothstep(size_of - edge, size_of + edge, length(fract(uv) - 0.5));
#elif PATTERN == 12    // boards along the second axis, each of its own shade
    float row = floor(uv.x), along = uv.y * 0.22 + hash(ivec3(int(row), 5, 1)), board = floor(along);
    float shade = hash(ivec3(int(row), int(board), 3));
    float fibre = noise(vec3(uv.x * 9.0, uv.y * 0.7, shade * 50.0));
    float gap = max(band(uv.x + 0.02, 0.04), band(along + 0.003, 0.006));
    return clamp(mix(0.45 * shade + 0.35 * fibre, 1.0, gap * (0.4 + 0.6 * extra)), 0.0, 1.0);
#elif PATTERN == 13    // square tiles
    float tone = 0.25 * hash(ivec3(floor(uv), 3));
    return mix(tone + 0.15 * cloud(q * 2.0), 1.0, max(band(uv.x + 0.03, 0.06), band(uv.y + 0.03, 0.06)));
#elif PATTERN == 14    // bricks
    vec2 at = vec2(uv.x * 0.5 + 0.5 * mod(floor(uv.y), 2.0), uv.y);
    float tone = 0.5 * hash(ivec3(floor(at), 7)) + 0.2 * noise(q * 6.0);
    return mix(tone, 1.0, max(band(at.x + 0.025, 0.05), band(at.y + 0.05, 0.1)));
#else
    return 0.0;
#endif
}
"""

_SHADE = """
// A made-up picture: sky and hill, windows of an application, or color blobs.
vec3 picture(vec3 p, float size, float extra, vec3 a, vec3 b) {
    vec2 uv = p.xy;
    if (extra < 0.34) {
        float hill = 0.12 * sin(5.0 * uv.x + 9.0 * size) + 0.08 * noise(vec3(uv * 7.0, size)) - 0.05;
        vec3 above = mix(b, vec3(1.0), clamp(0.5 + uv.y, 0.0, 1.0) * cloud(vec3(uv * 5.0, size)));
        return mix(a * (0.6 + 0.6 * noise(vec3(uv * 30.0, 1.0))), above, smoothstep(-0.01, 0.01, uv.y - hill));
    }
    if (extra < 0.67) {
        vec2 cell = floor(uv * (2.0 + 2.0 * size)), inside = fract(uv * (2.0 + 2.0 * size));
        float pick = hash(ivec3(cell, int(size * 97.0)));
        vec3 page = mix(vec3(0.9), mix(a, b, pick), step(0.6, pick));
        float width = 0.2 + 0.7 * hash(ivec3(cell * 9.0 + floor(inside.y * 9.0), 3));
        float line = step(0.5, fract(inside.y * 9.0)) * step(inside.x, width);
        return mix(page, page * 0.45, 0.6 * line * step(pick, 0.6));
    }
    float blob = cloud(vec3(uv * (4.0 + 6.0 * size), size * 5.0));
    return mix(mix(a, b, smoothstep(0.3, 0.7, blob)), vec3(1.0) - a, smoothstep(0.65, 0.7, blob));
}

#if ENVIRONMENT
uniform vec4 irradiance[9];    // spherical harmonics up to order 2, for the normal, of light over pi
uniform vec4 gradient[3];      // radiance from above, from the horizon, from below
uniform vec4 lamp[4];          // direction and sharpness of the lamps that surfaces mirror
uniform vec4 lamp_color[4];

vec3 ambient(vec3 n) {
    vec4 sum = irradiance[0] + irradiance[1] * n.y + irradiance[2] * n.z + irradiance[3] * n.x;
    sum += irradiance[4] * n.x * n.y + irradiance[5] * n.y * n.z + irradiance[6] * (3.0 * n.z * n.z - 1.0);
    sum += irradiance[7] * n.x * n.z + irradiance[8] * (n.x * n.x - n.y * n.y);
    return max(sum.rgb, vec3(0.0));
}

vec3 studio(vec3 r) {
    vec3 sum = mix(gradient[1].rgb, r.y > 0.0 ? gradient[0].rgb : gradient[2].rgb, smoothstep(0.0, 0.6, abs(r.y)));
    for (int k = 0; k < 4; k++) sum += lamp_color[k].rgb * exp(lamp[k].w * (dot(r, lamp[k].xyz) - 1.0));
    return sum;
}
#else
// A studio: bright above, a horizon, dark floor, one wide soft box.
vec3 studio(vec3 r) {
    float up = smoothstep(-0.25, 0.5, r.y);
    float box = smoothstep(0.75, 0.9, dot(r, light_direction[0].xyz));
    return mix(ground_color.rgb, sky_color.rgb, up) * 1.2 + light_color[0].rgb * box * 0.8;
}
#endif

float shadow(sampler2DShadow map, mat4 clip, vec3 p, float bias) {
    vec3 s = (clip * vec4(p, 1.0)).xyz * 0.5 + 0.5;
    return texture(map, vec3(s.xy, s.z - bias));
}

void main() {
    vec4 base = look[0], second = look[1], gloss = look[2], more = look[3];
    vec3 n = normalize(normal), view = normalize(eye.xyz - position);
    if (dot(n, view) < 0.0) n = normalize(n - 1.05 * dot(n, view) * view);
#if PATTERN == 11
    vec3 albedo = picture(grain, second.w, more.z, base.rgb, second.rgb);
#else
    vec3 albedo = mix(base.rgb, second.rgb, pattern_mix(second.w, more.z, grain, n));
#endif
#if RELIEF             // tilt the normal by the slope of a fine noise
    vec3 g = grain * 60.0;
    vec3 slope = vec3(noise(g + vec3(0.4, 0, 0)), noise(g + vec3(0, 0.4, 0)), noise(g + vec3(0, 0, 0.4))) - noise(g);
    n = normalize(n + more.y * slope);
#endif

    float open = 0.0, total = 1e-4;
    vec3 lifted = position + 0.012 * n;
    for (int k = 0; k < SKY; k++) {
        float weight = max(dot(n, sky_direction[k].xyz) + 0.25, 0.0);
        open += weight * shadow(sky_depth, sky_clip[k], lifted, 0.006);
        total += weight;
    }
    open = mix(1.0, open / total, 0.85);

#if ENVIRONMENT
    vec3 diffuse = ambient(n) * open;
#else
    vec3 diffuse = mix(ground_color.rgb, sky_color.rgb, 0.5 + 0.5 * n.y) * open;
#endif
    vec3 shine = vec3(0.0);
    for (int k = 0; k < 3; k++) {
        float facing = dot(n, light_direction[k].xyz);
        float lit = k == 0 ? max(facing, 0.0) : max(0.85 * facing + 0.15, 0.0) * (0.35 + 0.65 * open);
        if (k == 0)
            lit *= 1.0 - amount.x * (1.0 - shadow(key_depth, key_clip, position + 0.006 * n, 0.003));
        diffuse += light_color[k].rgb * lit;
        vec3 h = normalize(light_direction[k].xyz + view);
        shine += light_color[k].rgb * pow(max(dot(n, h), 0.0), gloss.y) * (k == 0 ? lit : 0.6 * lit);
    }
    float rim = pow(1.0 - clamp(dot(n, view), 0.0, 1.0), 5.0);
    vec3 mirror = studio(reflect(-view, n)) * (0.4 + 0.6 * open);
    float reflect_share = mix(gloss.x * (0.04 + 0.5 * rim), 0.65, gloss.z);
    vec3 result = albedo * diffuse * (1.0 - 0.8 * gloss.z);
    result += mirror * reflect_share * mix(vec3(1.0), albedo, gloss.z);
    result += shine * gloss.x * mix(vec3(1.0), albedo, 0.8 * gloss.z);
    result = mix(result * amount.y, albedo, gloss.w);
    result = result / (1.0 + 0.12 * result * result);
    result = pow(clamp(result, 0.0, 1.0), vec3(1.0 / 2.2));
    float opacity = layer == 2 ? clamp(more.x + 0.6 * rim + dot(shine, vec3(0.2)), 0.0, 1.0) : 1.0;
    if (layer == 1) result = mix(vec3(0.93), result, 0.25);
    color = vec4(result * opacity, opacity);
}
"""


def surface_program(pattern: int, relief: bool, environment: bool = False) -> tuple[str, str]:
    """Vertex and fragment source of the program for looks of a pattern (``Look.pattern``), with or without relief, lit
    by sky and ground or by an environment."""
    head = f"#version 330\n#define PATTERN {pattern}\n#define RELIEF {int(relief)}\n"
    head += f"#define ENVIRONMENT {int(environment)}\n"
    scene = _SCENE.replace("@SKY@", str(SKY_DIRECTIONS))
    return head + scene + _VERTEX, head + scene + _FRAGMENT + PATTERNS + _SHADE
