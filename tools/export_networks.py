#!/usr/bin/env python3
# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Write the reference networks that are in the package, from PyTorch.

Usage: export_networks.py [NAME ...], with the package in PYTHONPATH. To be run when
python/pfmlir/compile/networks or what exports it has changed; test/python/networks.test
says when that is.
"""

import sys
from pathlib import Path

from pfmlir.compile.reference_networks import (
    REFERENCE_NETWORKS,
    file_of,
    write_reference,
)

FOLDER = Path(__file__).parents[1] / "python/pfmlir/compile/networks"


def main() -> None:
    """Write the files of all networks, or of those named."""
    names = sys.argv[1:] or REFERENCE_NETWORKS
    for name in names:
        if name not in REFERENCE_NETWORKS:
            known = ", ".join(REFERENCE_NETWORKS)
            raise SystemExit(f"expected one of {known}, but got '{name}'")
    for name in names:
        write_reference(name, FOLDER)
        path = file_of(name, FOLDER)
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
