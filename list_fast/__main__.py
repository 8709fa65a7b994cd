# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""``python -m list_fast`` is ``list-fast``."""

import sys

from list_fast.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
