# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where a figure's texts are."""

import matplotlib
from matplotlib.figure import Figure


def check_texts(figure: Figure) -> None:
    """Check that all texts are legible, inside of the figure and do not overlap."""
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    # Ticks outside of the axes have texts which aren't drawn.
    hidden = {
        tick.label1
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval())
        <= tick.get_loc()
        <= max(axis.get_view_interval())
        or not tick.label1.get_visible()
    }
    boxes = {
        text: text.get_window_extent(renderer)
        for text in figure.findobj(matplotlib.text.Text)
        if text.get_visible() and text.get_text() and text not in hidden
    }
    assert len(boxes) > 3
    before: list[matplotlib.text.Text] = []
    for text, box in boxes.items():
        assert float(text.get_fontsize()) >= 6
        # A pixel, for rounding.
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 + 1, text
        assert box.y0 >= 0 and box.y1 <= figure.bbox.y1, text
        overlapped = [other for other in before if box.overlaps(boxes[other])]
        assert not overlapped, text
        before.append(text)
