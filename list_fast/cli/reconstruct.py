# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""``list-fast reconstruct``: pictures to meshes with previews."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from list_fast.reconstruction import Reconstruction, Reconstructor

PREVIEW_SUFFIX = ".preview.png"

FORMATS = ("glb", "obj", "ply", "stl")
HELP = "turn pictures into meshes"


def _resolution(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if not 32 <= value <= 1024:
        raise argparse.ArgumentTypeError(f"must be a whole number from 32 to 1024, got {text!r}")
    return value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="PNG, JPEG or WebP files, or folders of them")
    parser.add_argument(
        "-o", "--output", default=".", metavar="DIR", help="folder for meshes and previews (default: here)"
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="glb", help="file format of the mesh (default: %(default)s)"
    )
    parser.add_argument(
        "--resolution",
        type=_resolution,
        default=128,
        metavar="N",
        help="lattice nodes an axis, 32..1024 (default: %(default)s)",
    )
    parser.add_argument("--mask", metavar="FILE", help="picture that is bright on the object; for a single image")
    parser.add_argument(
        "--mirror", action="store_true", help="average with the mirror image's shape: a little better, twice the time"
    )
    parser.add_argument(
        "--no-thin-parts",
        action="store_true",
        help="the model alone: do not fit the camera to the picture, nor cut off what lies outside the object's "
        "silhouette, nor put back legs and frames that the surface lacks",
    )
    parser.add_argument(
        "--precision",
        choices=("float32", "bfloat16", "float16"),
        default="float32",
        help="of the field's products; halves are refined in float32 near the surface (default: %(default)s)",
    )
    parser.add_argument("--weights", metavar="FILE", help="checkpoint (default: the one shipped with the package)")
    parser.add_argument(
        "--device", default="auto", metavar="auto|cpu|cuda", help="where to compute (default: %(default)s)"
    )
    parser.add_argument("--no-preview", action="store_true", help="write no preview picture")
    parser.add_argument("--json", action="store_true", help="print one JSON object a picture instead of paths")


def run(args: argparse.Namespace) -> int:
    """Reconstruct every image; returns 1 when any failed, else 0. One bad image does not stop the others."""
    inputs, problems = collect_images(args.images)
    if args.mask is not None and len(inputs) + len(problems) != 1:
        print("list-fast: error: --mask goes with a single image", file=sys.stderr)
        return 2
    failed = False
    for given, problem in problems:
        failed = True
        _report_failure(given, problem, args.json)
    if not inputs:
        return 1

    from list_fast.data.preprocess import ImageError
    from list_fast.reconstruction import Reconstructor

    output = Path(args.output)
    output.mkdir(parents=True, exist_ok=True)
    reconstructor = Reconstructor(args.weights, args.device)
    print(
        f"device {reconstructor.device} ({reconstructor.device_reason}), weights {reconstructor.weights}",
        file=sys.stderr,
    )
    names = unique_stems(inputs)
    taken = {path.resolve() for path in (*inputs, *([] if args.mask is None else [Path(args.mask)]))}
    for number, (path, name) in enumerate(zip(inputs, names, strict=True), 1):
        label = f"[{number}/{len(inputs)}] {path}"
        try:
            for target in _targets(output, name, args):
                if target is not None and target.resolve() in taken:
                    raise ImageError(f"its result would overwrite the input {target}; choose another folder with -o")
            record = _one(reconstructor, path, (output, name), args, label)
        except (ImageError, MemoryError, OSError, RuntimeError, ValueError) as error:
            failed = True
            reason = (str(error).strip() or type(error).__name__).splitlines()[0].removeprefix(f"{path}: ")
            # Not of a file whose name has the word in it.
            if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "alloc" in reason):
                reason += "; lower --resolution or shrink the picture"
            _report_failure(str(path), reason, args.json)
            continue
        if args.json:
            print(json.dumps(record), flush=True)
        else:
            print("\n".join(filter(None, (record["mesh"], record["preview"]))), flush=True)
    return 1 if failed else 0


def _targets(folder: Path, name: str, args: argparse.Namespace) -> tuple[Path, Path | None]:
    """Where mesh and, unless switched off, preview go."""
    mesh = folder / f"{name}.{args.format}"
    return mesh, None if args.no_preview else folder / f"{name}{PREVIEW_SUFFIX}"


def _one(
    reconstructor: Reconstructor, path: Path, stem: tuple[Path, str], args: argparse.Namespace, label: str
) -> dict[str, Any]:
    result = reconstructor(
        path,
        resolution=args.resolution,
        mask=args.mask,
        mirror=args.mirror,
        thin_parts=not args.no_thin_parts,
        precision=args.precision,
        progress=lambda stage: print(f"{label}: {stage}", file=sys.stderr, flush=True),
    )
    mesh_path, preview_path = _targets(*stem, args)
    write_atomically(mesh_path, result.mesh.save)
    if preview_path is not None:
        picture = draw_preview(result)
        write_atomically(preview_path, lambda target: picture.save(target, format="PNG"))
    mesh = result.mesh
    print(
        f"{label}: {len(mesh.vertices)} vertices, {len(mesh.faces)} faces, {sum(result.seconds.values()):.2f} s",
        file=sys.stderr,
    )
    return {
        "image": str(path),
        "mesh": str(mesh_path),
        "preview": None if preview_path is None else str(preview_path),
        "vertices": len(mesh.vertices),
        "faces": len(mesh.faces),
        "reevaluated": mesh.reevaluated,
        "watertight": mesh.is_watertight,
        "foreground": result.framed.method,
        "silhouette_iou": round(result.silhouette_iou(), 4) if args.json else None,
        "seconds": {stage: round(seconds, 4) for stage, seconds in result.seconds.items()},
    }


def draw_preview(result: Reconstruction) -> Any:
    """The input beside two views: from about where the picture was taken, and from the other side."""
    from list_fast.meshing.preview import camera_direction, preview

    azimuth, elevation = camera_direction(result.transform) or (30.0, 20.0)
    elevation = min(max(elevation, 10.0), 45.0)
    vertices, faces = result.mesh.vertices.cpu().numpy(), result.mesh.faces.cpu().numpy()
    return preview(result.framed.pixels, vertices, faces, azimuths=(azimuth, azimuth + 130.0), elevation=elevation)


def collect_images(sources: list[str]) -> tuple[list[Path], list[tuple[str, str]]]:
    """Image files named by ``sources``, and what cannot be used and why. Folders give theirs, sorted, less previews."""
    from list_fast.data.preprocess import IMAGE_SUFFIXES

    found: list[Path] = []
    problems: list[tuple[str, str]] = []
    for source in sources:
        path = Path(source)
        try:
            if path.is_dir():
                inside = sorted(
                    p
                    for p in path.iterdir()
                    if p.suffix.lower() in IMAGE_SUFFIXES and p.is_file() and not p.name.endswith(PREVIEW_SUFFIX)
                )
                if not inside:
                    problems.append((source, f"holds no image ({', '.join(IMAGE_SUFFIXES)})"))
                found += inside
            elif path.exists():
                found.append(path)
            else:
                problems.append((source, "no such file"))
        except OSError as error:  # a folder that may not be read, a name that is too long
            problems.append((source, error.strerror or str(error)))
    return found, problems


def unique_stems(paths: list[Path]) -> list[str]:
    """Output names without suffix, one a path: the file's own, numbered where two files share it, in whatever case: a
    disk that tells no case apart would keep one result of the two."""
    taken: set[str] = set()
    names = []
    for path in paths:
        name, number = path.stem, 2
        while name.casefold() in taken:
            name, number = f"{path.stem}-{number}", number + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def write_atomically(path: Path, write: Any) -> None:
    """Let ``write`` fill a temporary file of the same suffix, then rename it: no half-written result stays behind."""
    handle, temporary = tempfile.mkstemp(prefix=".list-fast-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    try:
        write(temporary)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _report_failure(path: str, reason: str, as_json: bool) -> None:
    print(f"list-fast: error: {path}: {reason}", file=sys.stderr, flush=True)
    if as_json:
        print(json.dumps({"image": path, "error": reason}), flush=True)
