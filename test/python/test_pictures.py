# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the pictures of answers that are no schedules, and of what pictures read."""

from pathlib import Path
from typing import Any

import pfmlir
import pytest

pytest.importorskip("matplotlib")

from pfmlir.plots import KINDS, draw, draw_rail_choice, draw_sensitivity
from test_plots import svg, texts

from testing.figure_texts import check_texts

NET = """
func.func @net() {
  power.layer "conv" workload #power.conv2d<input = [64, 32, 32],
      output_channels = 64, kernel = [3, 3]>
  power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
  return
}
"""


def test_pictures_read_a_schedule_and_not_its_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = pfmlir.schedule(NET, fps=400)
    nominal = pfmlir.schedule(NET, fps=400, search="nominal")
    data = [each.to_dict() for each in (schedule, nominal)]
    texts = {}
    for kind in KINDS:
        baseline = None if kind == "states" else data[1]
        texts[kind] = svg(draw(data[0], kind, baseline), tmp_path)

    def fail(self: Any) -> dict[str, Any]:
        raise AssertionError("expected its arrays to be read")

    monkeypatch.setattr(pfmlir.Schedule, "to_dict", fail)
    for kind in KINDS:
        baseline = None if kind == "states" else nominal
        assert svg(schedule.plot(kind, baseline), tmp_path) == texts[kind]


def test_a_choice_of_rails_is_drawn() -> None:
    names = ["a", "a network of a long name, indeed " * 3, "c"]
    choice = pfmlir.choose_rails(
        [NET] * 3, fps=[100, 400, 900], names=names, max_rails=3
    )
    figure = choice.plot()
    check_texts(figure)
    energies, uses = figure.axes
    widths = [bar.get_width() for bar in energies.patches]
    assert widths == [solution.energy_j for solution in choice.solutions]
    for row, solution in enumerate(choice.solutions):
        used = [
            choice.rails_v[int(mark.get_xdata()[0])]
            for mark in uses.lines
            if mark.get_ydata()[0] == row and mark.get_label() != "unused"
        ]
        assert used == list(solution.rails)
    check_texts(draw_rail_choice(choice, width=7))
    with pytest.raises(ValueError, match=r"at least 2\.5 in"):
        draw_rail_choice(choice, width=1)


def test_what_changes_are_worth_is_drawn() -> None:
    asked = pfmlir.sensitivity(NET, fps=900)
    slow = pfmlir.Change("no rails at all", {}, None, None, (), True)
    found = pfmlir.Sensitivity(asked.before, (*asked.changes, slow))
    figure = found.plot()
    check_texts(figure)
    (axes,) = figure.axes
    widths = [bar.get_width() for bar in axes.patches]
    expected = [-100 * (change.saving or 0) for change in found]
    assert widths == pytest.approx(expected)
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels[0].startswith(found[0].what[:4]) and len(labels) == len(found)
    too_slow = sum(change.saving is None for change in found)
    assert texts(figure).count("too slow") == too_slow >= 1
    with pytest.raises(ValueError, match="at least one change"):
        draw_sensitivity(pfmlir.Sensitivity(found.before, ()))
