# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The gallery: each picture beside the line that draws it, and drew it for the page."""

import contextlib
import tempfile
from pathlib import Path
from typing import Any

from pfmlir.plots import save_figure

SETUP = """\
import pfmlir

network = pfmlir.import_model("squeezenet")
schedule = pfmlir.schedule(network, fps=60)
nominal = pfmlir.schedule(network, fps=60, search="nominal")
shapes = "examples/shapes.mlir"
"""
# By name: a title, what is to be seen, and the line that draws it.
PICTURES = {
    "timeline": (
        "Power over a period",
        "Areas are layers, in the colour of a domain's rail, as the legend says; the "
        "line is the same network at nominal voltage. Below, the rail of each domain.",
        'schedule.plot("timeline", nominal)',
    ),
    "breakdown": (
        "Where the energy goes",
        "Parts of the energy of a period, of two schedules.",
        'schedule.plot("breakdown", nominal)',
    ),
    "layers": (
        "Energy and time by layer",
        "What each layer takes, against the other schedule.",
        'schedule.plot("layers", nominal)',
    ),
    "states": (
        "Levels by layer",
        "The rail of every domain in every layer.",
        'schedule.plot("states")',
    ),
    "front": (
        "The least energy of every deadline",
        "Points that are proven optima are filled; the band is how far above the "
        "optimum others can be, and the line how far any period in between.",
        "pfmlir.pareto_front(network).plot()",
    ),
    "sweep": (
        "Searches against each other",
        "Energy over rates; a cross is at the last of these rates that a search keeps.",
        "pfmlir.sweep(\n"
        '    network, fps=range(20, 110, 10), search=["exact", "greedy", "nominal"]\n'
        ").plot()",
    ),
    "rails": (
        "One set of rails for several networks",
        "What each network takes on them, and which of them it uses.",
        "pfmlir.choose_rails(\n"
        '    [network, shapes], names=["squeezenet", "spotter"], fps=[60, 5000]\n'
        ").plot()",
    ),
    "frames": (
        "Frames of several networks, one at a time",
        "When each frame runs; lines are where its network's periods begin.",
        "pfmlir.plan_frames(\n"
        '    [network, "mobilenetv3_small", shapes],\n'
        '    names=["squeezenet", "mobilenetv3_small", "spotter"],\n'
        "    fps=[20, 10, 40],\n"
        ").plot()",
    ),
    "sensitivity": (
        "What changes of the hardware are worth",
        "Each change by itself, scheduled again.",
        "pfmlir.sensitivity(shapes, fps=5000).plot()",
    ),
}
DPI = 200
END = """
## From the experiments

`tools/reproduce.sh` draws these, and [a page](paper/README.md) tells of them.

"""
FIGURES = {
    "rates": "Energy against the rate",
    "tight": "Close to the shortest period",
    "rails": "Numbers of rails",
    "gating": "Gating of banks",
    "transitions": "Costs of transitions",
    "heuristic-times": "Times of the search",
}


def pages(root: Path) -> dict[str, str | bytes]:
    """Return the page and its pictures, by where they are in the site."""
    files: dict[str, str | bytes] = {}
    text = f"# Gallery\n\nAll of these begin so:\n\n```python\n{SETUP}```\n"
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(root):
        names: dict[str, Any] = {}
        exec(SETUP, names)
        for name, (title, seen, line) in PICTURES.items():
            picture = Path(folder) / f"{name}.png"
            figure = eval(line, names)
            save_figure(figure, picture, dpi=DPI)
            files[f"gallery/{name}.png"] = picture.read_bytes()
            text += f"\n## {title}\n\n```python\n{line}\n```\n\n{seen}\n\n"
            text += f"![{title}](gallery/{name}.png)"
            # As large as in print, and a fifth more.
            text += f"{{ width={round(1.2 * 96 * figure.get_figwidth())} }}\n"
    text += END
    for name, title in FIGURES.items():
        text += f"![{title}](paper/figures/{name}.png)\n\n"
    return {"gallery.md": text} | files
