# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run a notebook, whose outputs are not kept.

Usage: run_notebook.py NOTEBOOK. Prints what the cells print; fails where one does.
"""

import sys
import tempfile

import nbformat
from nbclient import NotebookClient


def main() -> None:
    """Run it, print its text, and count its pictures."""
    notebook = nbformat.read(sys.argv[1], as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if any(cell.outputs for cell in cells):
        raise SystemExit("expected a notebook without outputs")
    with tempfile.TemporaryDirectory() as folder:
        # Cells have no limit; the kernel, which starts within a second, an hour.
        client = NotebookClient(
            notebook, startup_timeout=3600, resources={"metadata": {"path": folder}}
        )
        client.execute()
    pictures = 0
    for output in (output for cell in cells for output in cell.outputs):
        data = output.get("data", {})
        pictures += "image/png" in data
        print(output.get("text") or data.get("text/plain", ""))
    print(f"{len(cells)} cells ran, {pictures} pictures")


if __name__ == "__main__":
    main()
