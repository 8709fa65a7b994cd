# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The command line, ``list-fast``: one module a command, each a thin caller of the library."""
