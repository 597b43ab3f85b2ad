# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A notebook, with its outputs, as a page."""

import base64
import json
from pathlib import Path
from typing import Any

Files = dict[str, str | bytes]


def convert(path: Path) -> Files:
    """Return a notebook's page and its pictures, by where they are in the site."""
    place = f"{path.parent.name}/{path.stem}"
    files: Files = {}
    parts = []
    for cell in json.loads(path.read_text())["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            if picture := output.get("data", {}).get("image/png"):
                name = f"{place}-{len(files)}.png"
                files[name] = base64.b64decode(picture)
                parts.append(f"![What the cell above draws]({Path(name).name})")
            else:
                parts.append(f"```text\n{_text(output).rstrip()}\n```")
    return {f"{place}.md": "\n\n".join(parts) + "\n"} | files


def _text(output: dict[str, Any]) -> str:
    return "".join(output.get("text") or output["data"]["text/plain"])
