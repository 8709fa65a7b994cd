# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The published experiment's data (LIST, section 4.1) as a data set: ShapeNet meshes with the renderings of DISN."""

from __future__ import annotations

import io
import os
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from list_fast.data.dataset import SPLITS
from list_fast.data.make import SAMPLES, FileView, encode_png, shard_arrays, write_shard
from list_fast.data.mesh_files import SUFFIXES, MeshError, read_pieces
from list_fast.data.placement import WorldView, outline_box, settle_shift
from list_fast.data.repair import RESOLUTION, repair
from list_fast.data.shard_jobs import Line, claim, finish, run_jobs, store_mesh, write_job_report

if TYPE_CHECKING:
    from list_fast.data.sdf import Samples

CLASSES = {
    "airplane": "02691156",
    "bench": "02828884",
    "cabinet": "02933112",
    "car": "02958343",
    "chair": "03001627",
    "display": "03211117",
    "lamp": "03636649",
    "loudspeaker": "03691459",
    "rifle": "04090263",
    "sofa": "04256520",
    "table": "04379243",
    "telephone": "04401088",
    "vessel": "04530566",
}
"""ShapeNet's number of each class."""
VIEWS = 36
VAL_SHARE = 0.05
"""Share of the training list that becomes the validation split; the published lists have none."""
IMAGES = ("images/{synset}/{id}/easy", "image/{synset}/{id}/easy", "{synset}/{id}/rendering")
"""Where the pictures of a shape are looked for under the root."""
MESHES = (
    "DISN/{synset}/{id}",
    "isosurface/{synset}/{id}",
    "mesh/{synset}/{id}",
    "{synset}/{id}/models",
    "{synset}/{id}",
)
"""Where its mesh is looked for."""
_NAMES = ("isosurf.obj", "isosurf_scaled.obj", "model_normalized.obj", "model.obj")
_SHARD_SHAPES = 16
_SENSOR = (35.0, 32.0, 1.75)  # focal length and sensor in mm, distance at ratio 1: where the metadata do not say


@dataclass(frozen=True)
class ShapeNetJob:
    """One shard to make: shapes (model, split) of a class."""

    source: Path
    root: Path
    name: str
    class_name: str
    synset: str
    label: int
    models: tuple[tuple[str, str], ...]
    views: int
    seed: int
    images: tuple[str, ...]
    meshes: tuple[str, ...]
    turn: int
    resolution: int
    all_meshes: bool

    @property
    def size(self) -> int:
        return len(self.models)


def read_metadata(path: Path) -> list[WorldView]:
    """The cameras of ``rendering_metadata.txt``, a line of each picture, boxes of NaN.

    A line holds azimuth and elevation in degrees, in-plane angle (0), distance ratio and, in the renderings of DISN,
    focal length and sensor in mm, distance at ratio 1, and the object's shift (of Blender's axes, z up).

    Raises:
        ValueError: not such a file.
    """
    views = []
    try:
        lines = [line for line in path.read_text().splitlines() if re.search(r"\d", line)]
    except OSError as error:
        raise ValueError(f"no {path.name}") from error
    for line in lines:
        try:
            numbers = [float(word) for word in re.split(r"[\s,\[\]]+", line) if word]
            azimuth, elevation, turn, ratio = numbers[:4]
        except ValueError as error:
            raise ValueError(f"{path.name} has a line that is no camera: {line.strip()[:60]!r}") from error
        focal, sensor, reach = numbers[4:7] if len(numbers) >= 7 else _SENSOR
        x, y, z = numbers[7:10] if len(numbers) >= 10 else (0.0, 0.0, 0.0)
        if turn != 0 or not (ratio > 0 and focal > 0 and sensor > 0 and reach > 0):
            raise ValueError(f"{path.name} has a camera that is turned in its plane or out of range: {line.strip()!r}")
        # Blender's (x, y, z) is our (x, z, -y); azimuth 0 looks along x there, along z here.
        nothing = (np.nan,) * 4
        views.append(WorldView(90 - azimuth, elevation, ratio * reach, focal / sensor, (x, z, -y), nothing))
    return views


def read_views(folder: Path) -> dict[int, tuple[bytes, WorldView]]:
    """The pictures of a shape that can be used, by number: each as a PNG file of 224 x 224 RGBA, and its camera.

    Raises:
        ValueError: no metadata, or none that can be read.
    """
    from PIL import Image

    found = {}
    for number, view in enumerate(read_metadata(folder / "rendering_metadata.txt")):
        try:
            file = (folder / f"{number:02d}.png").read_bytes()
            with Image.open(io.BytesIO(file)) as image:
                image.load()
                if image.width != image.height or "A" not in image.getbands():
                    continue
                rgba = np.asarray(image.convert("RGBA"))
                if image.mode != "RGBA" or image.size != (224, 224):
                    # Pillow resamples RGBA with its colors weighted by alpha.
                    small = image.convert("RGBA").resize((224, 224), Image.Resampling.BICUBIC)
                    file = encode_png(np.asarray(small))
            box = outline_box(rgba[..., 3])
        except (OSError, ValueError, SyntaxError):  # what Pillow raises of broken files
            continue
        found[number] = file, WorldView(view.azimuth, view.elevation, view.distance, view.focal, view.shift, box)
    return found


def find_mesh(source: Path, patterns: Sequence[str], synset: str, model: str) -> Path:
    """The mesh file of a model: the first of the usual names in the first folder that has one, else the only file.

    Raises:
        MeshError: there is none, or several of which none has a usual name.
    """
    for pattern in patterns:
        place = source / pattern.format(synset=synset, id=model)
        if place.is_file():
            return place
        if not place.is_dir():
            continue
        files = sorted(path for path in place.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
        usual = [path for name in _NAMES for path in files if path.name == name]
        if usual or len(files) == 1:
            return (usual or files)[0]
        if files:
            raise MeshError(f"{place.relative_to(source)} holds {len(files)} meshes, none with a usual name")
    raise MeshError("no mesh")


def shapenet_shape(job: ShapeNetJob, model: str, split: str) -> tuple[Line, tuple[list[FileView], Samples] | None]:
    """A shape's line of the report, and its pictures and samples unless it was refused."""
    from list_fast.data.sdf import sample_shape

    line: Line = {"file": f"{job.synset}/{model}", "class": job.class_name}
    try:
        folders = [job.source / pattern.format(synset=job.synset, id=model) for pattern in job.images]
        folder = next((folder for folder in folders if folder.is_dir()), None)
        if folder is None:
            raise MeshError("no pictures")
        found = read_views(folder)
        if len(found) < job.views:
            raise MeshError(f"{len(found)} pictures with a camera can be used, {job.views} are wanted")
        pieces, cut = read_pieces(find_mesh(job.source, job.meshes, job.synset, model))
        from list_fast.data.import_meshes import joined

        fixed = repair(*joined(pieces), resolution=job.resolution)
        views = [view for _, view in found.values()]
        placed, taken = settle_shift(fixed.vertices, fixed.center, fixed.scale, views, job.turn)
    except ValueError as error:
        return line | {"refused": str(error)}, None
    white = np.full(3, 255, np.uint8)
    numbers = list(found)
    # Spread evenly: the renderings are sorted by azimuth.
    kept = np.linspace(0, len(numbers), job.views, endpoint=False).astype(int).tolist()
    chosen = [FileView(found[numbers[k]][0], white, placed.camera(taken[k])) for k in kept]
    rng = np.random.default_rng([job.seed, int(job.synset), zlib.crc32(model.encode()), SAMPLES])
    samples = sample_shape(rng, fixed.vertices, fixed.faces)
    name = f"{job.class_name}/{model}"
    if job.all_meshes or split != "train":
        store_mesh(job.root, name, fixed)
    notes = fixed.notes | ({"cut_polygons": cut} if cut else {})
    line |= {"id": name, "split": split, "how": fixed.how, "faces": len(fixed.faces), "mended": notes}
    return line | {"placed": placed.how, "outline_error": round(placed.error, 2)}, (chosen, samples)


def shapenet_shard(job: ShapeNetJob) -> list[Line]:
    """Write the shard of a job and its meshes; one line of the report for each shape, refused ones too."""
    lines, items = [], []
    for model, split in job.models:
        line, item = shapenet_shape(job, model, split)
        lines.append(line)
        if item is not None:
            items.append((line, item))
    if items:
        ids, splits = [line["id"] for line, _ in items], [SPLITS.index(line["split"]) for line, _ in items]
        arrays = shard_arrays(ids, [job.label] * len(ids), splits, [item for _, item in items])
        write_shard(job.root / "shards" / f"{job.name}.npz", arrays)
    write_job_report(job, lines)
    return lines


def read_list(path: Path) -> list[str]:
    """The model ids of a split list, a line each, in its order and once; a class before the id is allowed."""
    words = [re.split(r"[\s/]+", line.strip())[-1] for line in path.read_text().splitlines() if line.strip()]
    return list(dict.fromkeys(words))


def read_splits(
    folder: Path, synset: str, *, seed: int, limit: int | None, train_limit: int | None, first: bool
) -> list[tuple[str, str]]:
    """Models of a class with their splits, by the lists ``<synset>_train.lst`` and ``<synset>_test.lst``.

    A model of both lists is a test. A list longer than its limit is cut to a random choice, or to its first ones; then
    a random twentieth of the training list becomes the validation split.
    """
    lists = {name: folder / f"{synset}_{name}.lst" for name in ("train", "test")}
    models = {name: read_list(path) if path.exists() else [] for name, path in lists.items()}
    tests = set(models["test"])
    models["train"] = [model for model in models["train"] if model not in tests]
    limits = {"test": [limit], "train": [limit, train_limit]}
    for name, listed in models.items():
        most = min((value for value in limits[name] if value is not None), default=len(listed))
        if most < len(listed):
            rng = np.random.default_rng([seed, int(synset), SPLITS.index(name)])
            chosen = range(most) if first else sorted(rng.choice(len(listed), most, replace=False).tolist())
            models[name] = [listed[k] for k in chosen]
    train = models["train"]
    held = max(1, round(VAL_SHARE * len(train))) if len(train) > 1 else 0
    picked = np.random.default_rng([seed, int(synset), SPLITS.index("val")]).choice(len(train), held, replace=False)
    val = set(picked.tolist())
    result = [(model, "val" if k in val else "train") for k, model in enumerate(train)]
    return result + [(model, "test") for model in models["test"]]


def import_shapenet(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    splits: str | os.PathLike[str] | None = None,
    classes: Sequence[str] | None = None,
    views: int = VIEWS,
    limit: int | None = None,
    train_limit: int | None = None,
    first: bool = False,
    images: str | None = None,
    meshes: str | None = None,
    turn: int = 0,
    resolution: int = RESOLUTION,
    all_meshes: bool = False,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Make a data set of ShapeNet's meshes and their renderings. A run that was stopped goes on where it was.

    Meshes are normalised, closed and sampled as ``import_meshes`` does it. Pictures are the renderings as they are,
    over white. Cameras come from the metadata; where the mesh lies before them, ``settle_shift`` tells by the outlines.

    Args:
        source: folder with pictures and meshes as ``IMAGES`` and ``MESHES`` say.
        out: directory, made if it is not there.
        splits: folder of the lists ``<class number>_train.lst`` and ``_test.lst``; default ``source``/DISN_split.
        classes: names or numbers of ``CLASSES``; default: those that have a list.
        views: pictures of each shape, of the 36; a shape with fewer is refused.
        limit: shapes of each list at most, for a trial.
        train_limit: shapes of each training list at most.
        first: keep the first ones of a list that is cut, as the published code does, not random ones.
        images, meshes: where to look instead, as "renders/{synset}/{id}/hard"; a mesh may be a folder or a file.
        turn: degrees about the y axis from the meshes' frame to that of the renderings.
        resolution: nodes per axis where a surface has to be drawn anew.
        all_meshes: keep the surfaces of training shapes as well.
        seed: of every random number.
        workers: processes; 0 works in this process; default one a CPU.
        progress: called with (shapes done, shapes in all) after each shard.

    Returns:
        The report: {"files": a line for each shape, "counts": how many of each ``how``, and "refused"}.

    Raises:
        ValueError: an argument out of range, no or empty lists, nothing that could be used, or ``out`` holds another
            set.
    """
    tree, root = Path(source), Path(out)
    if not tree.is_dir():
        raise ValueError(f"source must be a directory, got {tree}")
    if not 1 <= views <= VIEWS or seed < 0 or resolution < 32 or turn not in (0, 90, 180, 270):
        raise ValueError(
            f"views must be 1 to {VIEWS}, seed >= 0, resolution >= 32 and turn 0, 90, 180 or 270, "
            f"got {views}, {seed}, {resolution} and {turn}"
        )
    for name, value in (("limit", limit), ("train_limit", train_limit)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be >= 1, got {value}")
    if workers is not None and workers < 0:
        raise ValueError(f"workers must be >= 0, got {workers}")
    for name, pattern in (("images", images), ("meshes", meshes)):
        if pattern is not None and "{id}" not in pattern:
            raise ValueError(f"{name} must hold {{id}}, as 'renders/{{synset}}/{{id}}', got {pattern!r}")
    folder = Path(splits) if splits is not None else tree / "DISN_split"
    if not folder.is_dir():
        raise ValueError(f"splits must be a folder of lists, got {folder}")
    names = _class_names(classes, folder)
    listed = {}
    for name in names:
        options = {"seed": seed, "limit": limit, "train_limit": train_limit, "first": first}
        listed[name] = read_splits(folder, CLASSES[name], **options)  # type: ignore[arg-type]
        if not listed[name]:
            raise ValueError(f"splits must list models of each class, got none of {name} in {folder}")
    arguments = {"views": views, "seed": seed, "turn": turn, "resolution": resolution, "source": "shapenet"}
    places = {"images": images, "meshes": meshes, "all_meshes": all_meshes}
    claim(root, {**arguments, **places, "models": listed}, "an import")
    look = ((images,) if images else IMAGES, (meshes,) if meshes else MESHES)
    jobs = []
    for label, name in enumerate(names):
        for number, start in enumerate(range(0, len(listed[name]), _SHARD_SHAPES)):
            part = tuple(listed[name][start : start + _SHARD_SHAPES])
            common = (name, CLASSES[name], label, part, views, seed, *look, turn, resolution, all_meshes)
            jobs.append(ShapeNetJob(tree, root, f"{name}-{number:04d}", *common))
    lines = run_jobs(jobs, shapenet_shard, workers, progress)
    return finish(root, lines, arguments, names)


def _class_names(classes: Sequence[str] | None, folder: Path) -> list[str]:
    """The names of the classes asked for, sorted, or of all that have a list."""
    if classes is None:
        names = [name for name, synset in CLASSES.items() if list(folder.glob(f"{synset}_*.lst"))]
        if not names:
            raise ValueError(f"splits must hold lists as {CLASSES['chair']}_train.lst, got {folder} with none")
        return names
    by_number = {number: name for name, number in CLASSES.items()}
    names = sorted({by_number.get(given, given) for given in classes})
    unknown = [name for name in names if name not in CLASSES]
    if unknown or not names:
        raise ValueError(f"classes must be of {', '.join(CLASSES)} or their numbers, got {unknown or 'none'}")
    return names
