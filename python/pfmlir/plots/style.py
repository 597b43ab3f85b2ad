# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the pictures share: colours, sizes, texts, and how figures are written."""

import contextlib
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import write_with
from ..units import si_prefix

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

# Nothing that depends on the day or on chance, so that equal schedules give equal
# files.
METADATA: dict[str, dict[str, None]] = {
    ".png": {},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}
# Colours of evenly spaced voltages, lowest first: from cool to warm, and lighter in
# even steps, so that they differ for the colour-blind and in grey, too. Voltages in
# the usual range have the same colour in every figure.
COLORS = ("#22458c", "#8d68b5", "#d8739a", "#f3a06c", "#f9d86e")
USUAL_VOLTAGES = (0.9, 1.3)
# Inches.
COLUMN_WIDTH = 3.3
LEAST_WIDTH = 2.5
FONT_SIZE = 8.0
SMALL_SIZE = 7.0
LABEL_SIZE = 6.0
# Points.
LINE = 9.5
ROW = 8.6
PAD = 4.0
LEFT = 38.0
LABEL_RIGHT = 13.0
# Of what is made of dots.
DPI = 300.0
STYLE: dict[str, Any] = {
    "axes.linewidth": 0.6,
    "axes.labelsize": FONT_SIZE,
    "font.family": "DejaVu Sans",
    "font.size": FONT_SIZE,
    "pdf.fonttype": 42,
    "savefig.dpi": DPI,
    "svg.hashsalt": "pfmlir",
    "text.parse_math": False,
    "xtick.labelsize": SMALL_SIZE,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.labelsize": SMALL_SIZE,
    "ytick.major.size": 2.5,
    "ytick.major.width": 0.6,
}
INK = "0.15"
BASELINE_COLOR = "0.45"


@contextlib.contextmanager
def drawing_style() -> Iterator[None]:
    """Draw in this module's style, whatever the user's."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        settings: Any = matplotlib.rcParams
        settings.update(STYLE)
        yield


def voltage_colors(voltages: Sequence[float]) -> dict[float, str]:
    """Return each voltage's colour, from cool for low ones to warm for high ones.

    Parameters
    ----------
    voltages
        In volts. Where they are all within 0.9 V to 1.3 V, a voltage's colour does
        not depend on the others.

    Returns
    -------
    dict
        A colour ``#rrggbb`` for each voltage, lowest first.
    """
    low = min([USUAL_VOLTAGES[0], *voltages])
    high = max([USUAL_VOLTAGES[1], *voltages])
    return {
        voltage: _color_at((voltage - low) / (high - low))
        for voltage in sorted(set(voltages))
    }


def _color_at(place: float) -> str:
    """Return the colour between those of COLORS at a place from 0 to 1."""
    # In steps, as figures have always had them.
    steps = 1024
    place = min(int(place * steps), steps - 1) / (steps - 1) * (len(COLORS) - 1)
    start = min(int(place), len(COLORS) - 2)
    share = place - start
    ends = (COLORS[start], COLORS[start + 1])
    parts = [[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in ends]
    mixed = (a + share * (b - a) for a, b in zip(*parts, strict=True))
    return "#" + "".join(f"{round(part):02x}" for part in mixed)


def lighter(color: str, share: float = 0.6) -> str:
    """Return a colour ``#rrggbb`` with a share of white."""
    parts = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(p + share * (255 - p)):02x}" for p in parts)


def is_light(color: str) -> bool:
    """Return whether dark text is more legible on a colour than white text is."""
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue > 0.55


def quantity(value: float, unit: str, digits: int = 3) -> str:
    """Return a quantity with a prefix, as "176 µJ"."""
    factor, prefix = si_prefix(value, digits)
    number = value / factor
    before = len(str(int(number)))
    return f"{number:.{max(0, digits - before)}f} {prefix}{unit}"


def text_width(text: str, size: float) -> float:
    """Return how wide a text of a size is, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=STYLE["font.family"], size=size)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]


def shorten(text: str, width: float, size: float) -> str:
    """Return a text that has lost of its middle what exceeds a width in points."""
    if text_width(text, size) <= width:
        return text
    # Of a layer's name rather all of a word than a part of it, and the first two,
    # which mostly are a kind of stage and its number.
    parts = text.split(".")
    for start in (2, 1):
        for end in range(len(parts) - start - 1, 0, -1):
            short = f"{'.'.join(parts[:start])}…{'.'.join(parts[-end:])}"
            if text_width(short, size) <= width:
                return short
    for kept in range(len(text) - 1, 0, -1):
        short = f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
        if text_width(short, size) <= width:
            return short
    return "…"


def voltage_labels(voltages: Iterable[float]) -> list[str]:
    """Return voltages with a unit, all with the same number of decimals."""
    voltages = list(voltages)
    for decimals in (1, 2):
        if all(abs(round(v, decimals) - v) < 1e-6 for v in voltages):
            break
    else:
        decimals = 3
    return [f"{voltage:.{decimals}f} V" for voltage in voltages]


def title_of(search: str, otherwise: str) -> str:
    """Return what to call a schedule: its search, if that is a simple one."""
    return search if search in ("greedy", "nominal") else otherwise


def new_figure(width: float, points: float) -> "Figure":
    """Return a figure without axes of a width in inches and a height in points."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, points / 72), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def add_axes(
    figure: "Figure", left: float, bottom: float, right: float, height: float
) -> "Axes":
    """Return new axes; their margins to three sides, and height, are in points."""
    wide, high = (72 * size for size in figure.get_size_inches())
    axes = figure.add_axes(
        (left / wide, bottom / high, (wide - left - right) / wide, height / high)
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    return axes


def add_text(figure: "Figure", x: float, y: float, text: str, **style: Any) -> None:
    """Write a text at a position in points."""
    wide, high = (72 * size for size in figure.get_size_inches())
    figure.text(x / wide, y / high, text, **{"color": INK, **style})


def add_bar_texts(
    axes: "Axes", ends: Sequence[float], texts: Sequence[str], size: float = SMALL_SIZE
) -> None:
    """Write texts beside the ends of bars, which are at 0, 1, and so on."""
    for row, (end, text) in enumerate(zip(ends, texts, strict=True)):
        axes.annotate(
            text,
            (end, row),
            (4, 0),
            textcoords="offset points",
            va="center_baseline",
            size=size,
            color=INK,
        )


def name_networks(
    names: Sequence[str], fps: Iterable[float], room: float
) -> tuple[list[str], float]:
    """Return labels of rows for networks at rates, and where the rows begin.

    Both the room for them and the place are in points.
    """
    labels = [
        shorten(f"{name}, {rate:.4g} fps", room, LABEL_SIZE)
        for name, rate in zip(names, fps, strict=True)
    ]
    return labels, max(text_width(label, LABEL_SIZE) for label in labels) + 8


def set_rows(axes: "Axes", labels: Sequence[str]) -> None:
    """Give axes rows from the top down, with their labels."""
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), labels, size=LABEL_SIZE)
    axes.tick_params(axis="y", length=0)


def place_label(axes: "Axes", inside: float) -> None:
    """Put the label of a vertical axis as far left as in all pictures.

    `inside` is the width of the axes in points.
    """
    axes.yaxis.set_label_coords((LABEL_RIGHT - LEFT) / inside, 0.5)


def set_scale(axis: "Axis", peak: float, name: str, unit: str, ticks: int = 5) -> None:
    """Give an axis a label, and round ticks with a prefix."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    factor, prefix = si_prefix(peak)
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / factor:g}"))
    axis.set_label_text(f"{name} ({prefix}{unit})")


class Legend:
    """A legend over a figure's axes, in as many columns as fit."""

    HANDLE = 2.2 * SMALL_SIZE
    SPACE = 0.5 * SMALL_SIZE
    GAP = 1.3 * SMALL_SIZE

    def __init__(self, entries: Sequence[tuple[Any, str]], width: float) -> None:
        """Lay out handles and labels in a width in points."""
        room = width - self.HANDLE - self.SPACE
        self.handles = [handle for handle, _ in entries]
        self.labels = [shorten(label, room, SMALL_SIZE) for _, label in entries]
        self.columns = next(
            count
            for count in range(len(entries), 0, -1)
            if count == 1 or self._wide(count) <= width
        )
        self.height = LINE * math.ceil(len(entries) / self.columns)

    def _wide(self, columns: int) -> float:
        """Return how wide a number of columns is."""
        # As matplotlib fills them: the first ones have one more where it's uneven.
        rows, more = divmod(len(self.labels), columns)
        widths = []
        first = 0
        for column in range(columns):
            end = first + rows + (column < more)
            widths += [
                max(text_width(text, SMALL_SIZE) for text in self.labels[first:end])
            ]
            first = end
        used = sum(widths) + columns * (self.HANDLE + self.SPACE)
        return used + (columns - 1) * self.GAP + 2

    def add(self, figure: "Figure", left: float) -> None:
        """Draw it at a figure's top, from a position in points."""
        from matplotlib.legend_handler import HandlerTuple

        wide, high = (72 * size for size in figure.get_size_inches())
        figure.legend(
            self.handles,
            self.labels,
            loc="upper left",
            bbox_to_anchor=(left / wide, 1 - PAD / high),
            bbox_transform=figure.transFigure,
            borderaxespad=0,
            borderpad=0,
            columnspacing=self.GAP / SMALL_SIZE,
            fontsize=SMALL_SIZE,
            frameon=False,
            handlelength=self.HANDLE / SMALL_SIZE,
            handler_map={tuple: HandlerTuple(ndivide=None, pad=0)},
            handletextpad=self.SPACE / SMALL_SIZE,
            labelspacing=LINE / SMALL_SIZE - 1.2,
            ncols=self.columns,
        )


def save_figure(
    figure: "Figure",
    path: str | os.PathLike[str],
    *,
    dpi: float = DPI,
) -> None:
    """Write a figure, whole or not at all; equal figures are equal files.

    Parameters
    ----------
    figure
        What to write.
    path
        Where to; its suffix, .pdf, .png or .svg, gives the format.
    dpi
        Dots per inch of what is made of dots.

    Raises
    ------
    ValueError
        If there is no such format.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in METADATA:
        known = ", ".join(sorted(METADATA))
        raise ValueError(f"'{path}' has no known suffix; known are {known}")
    with drawing_style():
        write_with(
            path,
            lambda file: figure.savefig(
                file,
                format=suffix[1:],
                dpi=dpi,
                metadata=METADATA[suffix],
            ),
        )
