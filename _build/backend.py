# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""PEP 517 and 660 hooks: setuptools', building against the torch that the target environment already has.

pip's isolated build environment hides the target's packages from ``sys.path`` but leaves the interpreter's paths
pointing at them. So torch is asked for only where there is none, and no second copy is downloaded beside one that will
do. An installer that builds in an environment of its own (uv) shows no torch here, and one comes from its index: with
the stable ABI the result runs on the user's all the same.
"""

from __future__ import annotations

import importlib.util
import os
import site
import sys
import sysconfig
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from setuptools import build_meta

TORCH = "torch>=2.11"


def _target_sites() -> list[str]:
    """Package folders of the environment that is installed into, in the order in which it imports from them."""
    sites = [sysconfig.get_path("platlib"), sysconfig.get_path("purelib")]
    config = Path(sys.prefix) / "pyvenv.cfg"
    isolated = config.is_file() and "include-system-site-packages = true" not in config.read_text().lower()
    if not isolated:
        # The user's folder too: pip sets PYTHONNOUSERSITE for the build alone, so site.ENABLE_USER_SITE cannot tell.
        sites += [site.getusersitepackages(), *site.getsitepackages([sys.base_prefix, sys.base_exec_prefix])]
    return [folder for folder in dict.fromkeys(sites) if os.path.isdir(folder)]


def _sites_with_torch() -> list[str]:
    """``_target_sites`` if one of them holds torch, else nothing."""
    sites = _target_sites()
    return sites if any(os.path.isfile(os.path.join(folder, "torch", "__init__.py")) for folder in sites) else []


def _requires(config_settings: dict[str, Any] | None = None) -> list[str]:
    """What the build needs beyond pyproject.toml: torch, unless it can be had from here or from the target."""
    return [] if importlib.util.find_spec("torch") or _sites_with_torch() else [TORCH]


def _with_torch(hook: Callable[..., str]) -> Callable[..., str]:
    """The same hook, with the target's packages importable after those of the build environment."""

    @wraps(hook)
    def run(*args: Any, **kwargs: Any) -> str:
        if importlib.util.find_spec("torch") is None:
            sys.path += _sites_with_torch()
        return hook(*args, **kwargs)

    return run


get_requires_for_build_sdist = get_requires_for_build_wheel = get_requires_for_build_editable = _requires
prepare_metadata_for_build_wheel = _with_torch(build_meta.prepare_metadata_for_build_wheel)
prepare_metadata_for_build_editable = _with_torch(build_meta.prepare_metadata_for_build_editable)
build_sdist = _with_torch(build_meta.build_sdist)
build_wheel = _with_torch(build_meta.build_wheel)


@_with_torch
def build_editable(wheel_directory: str, config_settings: dict[str, Any] | None = None, *rest: Any) -> str:
    """setuptools' hook, putting the project's folder on the path rather than a finder behind all of the path.

    Seen from the folder above a clone, the clone itself is a namespace package ``list_fast``. It hides what a finder
    would find, whereas a real package further down the path wins over it.
    """
    return build_meta.build_editable(wheel_directory, {"editable_mode": "compat", **(config_settings or {})}, *rest)
