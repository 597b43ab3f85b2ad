# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run a notebook, and check that the outputs in it are what it prints.

Usage: run_notebook.py NOTEBOOK [--write]. Prints what the cells print; fails where one
does, or where its text is another than in the notebook. Pictures are counted, and not
compared: another version of matplotlib draws other dots. `--write` writes the outputs.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pfmlir
from nbclient import NotebookClient

PACKAGES = f"{Path(pfmlir.__path__[0]).parent}/"


def run(notebook: Any) -> None:
    """Run all cells, in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        # Cells have no limit; the kernel, which starts within a second, an hour.
        client = NotebookClient(
            notebook,
            startup_timeout=3600,
            record_timing=False,
            resources={"metadata": {"path": folder}},
        )
        client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [tidied(output) for output in whole(cell.outputs)]


def whole(outputs: list[Any]) -> list[Any]:
    """Return outputs with what was printed in one piece, however it came."""
    joined: list[Any] = []
    for output in outputs:
        before = joined[-1] if joined else {}
        if output.get("name") and output.get("name") == before.get("name"):
            before["text"] += output["text"]
        else:
            joined.append(output)
    return joined


def tidied(output: Any) -> Any:
    """Return an output without where the package lies on this machine."""
    if "text" in output:
        output["text"] = output["text"].replace(PACKAGES, "")
    return output


def said(cell: Any) -> str:
    """Return the text of a cell's outputs, with a word for a picture."""
    texts = []
    for output in cell.outputs:
        data = output.get("data", {})
        texts.append(output.get("text") or data.get("text/plain", ""))
        if "image/png" in data:
            texts.append("(a picture)")
    return "\n".join(texts)


def main() -> None:
    """Run it, compare or write its outputs, print its text, and count its pictures."""
    path = Path(sys.argv[1])
    kept = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    run(notebook)
    if "--write" in sys.argv:
        nbformat.write(notebook, path)
        kept = notebook
    text = ""
    for old, new in zip(kept.cells, notebook.cells, strict=True):
        if new.cell_type == "code":
            text += said(new) + "\n"
            if said(old) != said(new):
                print(text)
                raise SystemExit(
                    "expected the outputs in the notebook to be what it prints, but "
                    f"got another; --write renews them. In it was:\n{said(old)}"
                )
    print(text)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    print(f"{cells} cells ran, {text.count('(a picture)')} pictures")


if __name__ == "__main__":
    main()
