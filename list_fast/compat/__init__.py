# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Drop-in replacements: one changed import line in code that calls torchmcubes, PyMCubes or scikit-image.

Each module takes the arguments of the original and answers in its axis order, coordinates, orientation and data types.
All three use ``list_fast.marching_cubes``, so every edge has one shared vertex, cells always agree at their common
face, cells with a NaN corner are left out, and the order of vertices and faces is this package's, not the original's.
"""
