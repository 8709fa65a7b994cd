# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""From a field, any callable that gives values at points, to a mesh."""

from list_fast.meshing.certify import SequentialBounds, Sine
from list_fast.meshing.evaluate import Cancelled
from list_fast.meshing.extract import extract_mesh
from list_fast.meshing.finish import MeshReport, report, simplify, smooth
from list_fast.meshing.implicit import implicit_vertices
from list_fast.meshing.mesh import Culled, Guarantee, Mesh

__all__ = [
    "Cancelled",
    "Culled",
    "Guarantee",
    "Mesh",
    "MeshReport",
    "SequentialBounds",
    "Sine",
    "extract_mesh",
    "implicit_vertices",
    "report",
    "simplify",
    "smooth",
]
