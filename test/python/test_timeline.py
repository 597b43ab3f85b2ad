# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the timelines of schedules."""

import copy
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

matplotlib = pytest.importorskip("matplotlib")

from matplotlib.colors import to_hex, to_rgb  # noqa: E402
from pfmlir import MissingDependencyError  # noqa: E402
from pfmlir.plots import draw_timeline, save_figure  # noqa: E402
from pfmlir.plots.style import voltage_colors  # noqa: E402
from pfmlir.plots.timeline import power_steps  # noqa: E402

from testing.figure_texts import check_texts  # noqa: E402

PERIOD = 0.01


def make_schedule(
    rails: list[tuple[float, float]], tail: tuple[str, float] = ("sleep", 6e-10)
) -> dict[str, Any]:
    """Return a schedule of layers of 2 ms each, by their voltages in two domains."""
    layers = []
    time = energy = 0.0
    for i, (array, buffer) in enumerate(rails):
        switches = i > 0 and rails[i - 1] != (array, buffer)
        layer = {
            "name": f"stages.{i}.conv",
            "voltage_v": {"array": array, "buffer": buffer},
            "transition_time_s": 3e-5 if switches else 0,
            "transition_energy_j": 2e-9 if switches else 0,
            "time_s": 2e-3,
            "energy_j": 2e-5 * array**2,
        }
        layer["start_s"] = time + layer["transition_time_s"]
        time = layer["start_s"] + layer["time_s"]
        energy += layer["energy_j"] + layer["transition_energy_j"]
        layers.append(layer)
    kind, tail_energy = tail
    return {
        "search": "exact",
        "period_s": PERIOD,
        "active_time_s": time,
        "rails_v": sorted({voltage for pair in rails for voltage in pair}),
        "energy_j": energy + tail_energy,
        "layers": layers,
        "tail": {"kind": kind, "time_s": PERIOD - time, "energy_j": tail_energy},
    }


SCHEDULE = make_schedule([(0.9, 0.9), (1.0, 0.9), (0.9, 1.2), (0.9, 1.2)])
BASELINE = {**make_schedule([(1.1, 1.1)] * 3, ("idle", 3e-6)), "search": "nominal"}


def find(axes: Any, label: str) -> Any:
    """Return the one line of some axes that has a label."""
    [line] = [line for line in axes.lines if line.get_label() == label]
    return line


def texts(figure: Any) -> list[str]:
    """Return all of a figure's texts."""
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


def area(bars: Any) -> float:
    """Return the area of bars."""
    return sum(bar.get_width() * bar.get_height() for bar in bars)


def test_area_is_energy() -> None:
    for schedule in (SCHEDULE, BASELINE):
        edges, powers = power_steps(schedule)
        assert edges[0] == 0
        assert edges[-1] == pytest.approx(PERIOD, rel=1e-12)
        energy = sum(
            (right - left) * power
            for (left, right), power in zip(pairwise(edges), powers, strict=True)
        )
        assert energy == pytest.approx(schedule["energy_j"], rel=1e-9)
        [bars] = draw_timeline(schedule).axes[0].containers
        assert area(bars) == pytest.approx(schedule["energy_j"], rel=1e-9)


def test_layers_have_their_array_voltages_color() -> None:
    figure = draw_timeline(SCHEDULE)
    colors = voltage_colors([0.9, 1.0, 1.2])
    [bars] = figure.axes[0].containers
    assert [to_hex(bar.get_facecolor()) for bar in bars][:-1] == [
        colors[layer["voltage_v"]["array"]] for layer in SCHEDULE["layers"]
    ]


def test_rows_have_their_domains_colors() -> None:
    colors = voltage_colors([0.9, 1.0, 1.2])
    rows = {
        collection.get_label(): collection
        for collection in draw_timeline(SCHEDULE).axes[1].collections
    }
    for domain, voltages in (("array", [0.9, 1.0, 0.9]), ("buffer", [0.9, 1.2])):
        faces = [to_hex(color) for color in rows[domain].get_facecolor()]
        assert faces == [colors[voltage] for voltage in voltages]
        ends = [path.vertices[:, 0].max() for path in rows[domain].get_paths()]
        assert ends[-1] == pytest.approx(SCHEDULE["active_time_s"])


def test_deadline() -> None:
    figure = draw_timeline(SCHEDULE)
    line = find(figure.axes[0], "deadline")
    assert list(line.get_xdata()) == [PERIOD, PERIOD]
    assert "deadline 10.00 ms (100 fps)" in texts(figure)
    assert figure.axes[0].get_xlim() == figure.axes[1].get_xlim() == (0, PERIOD)


def test_switches() -> None:
    axes = draw_timeline(SCHEDULE).axes[1]
    marks = find(axes, "switches").get_xdata()
    # Where the layers before the switches end.
    assert list(marks) == pytest.approx([2e-3, 4.03e-3])
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["2 switches", "array", "buffer"]


def test_legend() -> None:
    found = texts(draw_timeline(SCHEDULE, BASELINE))
    assert "scheduled 68.6 µJ (−9 %)" in found  # noqa: RUF001
    assert "nominal 75.6 µJ" in found
    assert "colour: rail of array" in found
    assert {"0.9 V", "1.0 V", "1.2 V"} < set(found)
    assert "sleep" in found
    assert "scheduled 68.6 µJ" in texts(draw_timeline(SCHEDULE))
    assert "baseline 68.6 µJ" in texts(draw_timeline(BASELINE, SCHEDULE))


def test_baseline_is_outlined() -> None:
    line = find(draw_timeline(SCHEDULE, BASELINE).axes[0], "baseline")
    _, powers = power_steps(BASELINE)
    assert sorted(set(line.get_ydata())) == sorted({0, *powers})
    assert line.get_xdata()[-1] == pytest.approx(PERIOD)


def test_invisible_tail_of_baseline_is_left_out() -> None:
    baseline = make_schedule([(1.1, 1.1)] * 3)
    line = find(draw_timeline(SCHEDULE, baseline).axes[0], "baseline")
    assert line.get_xdata()[-1] == pytest.approx(baseline["active_time_s"])


def test_a_voltage_has_one_color() -> None:
    usual = [0.9, 1.0, 1.1, 1.2, 1.3]
    colors = voltage_colors(usual)
    assert list(colors) == usual
    assert len(set(colors.values())) == len(usual)
    for voltage in usual:
        assert voltage_colors([voltage]) == {voltage: colors[voltage]}
    # Ever lighter, for the colour-blind.
    luminances = [
        0.2126 * red + 0.7152 * green + 0.0722 * blue
        for red, green, blue in map(to_rgb, colors.values())
    ]
    assert all(after > before + 0.05 for before, after in pairwise(luminances))
    # Others have colours, too.
    assert len(set(voltage_colors([0.5, 0.6, 1.8]).values())) == 3


def test_texts_do_not_overlap() -> None:
    layers = make_schedule([(0.9, 0.9), (1.2, 0.9)] * 2)["layers"]
    for i, layer in enumerate(layers):
        layer["name"] = "a.very_long_name_of_a_layer." * 3 + str(i)
    for schedule in (SCHEDULE, {**SCHEDULE, "layers": layers}):
        check_texts(draw_timeline(schedule, BASELINE))


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_equal_schedules_give_equal_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    outputs = [tmp_path / f"{i}{suffix}" for i in range(2)]
    for i, output in enumerate(outputs):
        # Whatever the date and the user's settings.
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(10**9 * i))
        with matplotlib.rc_context({"font.size": 10 + 10 * i}):
            save_figure(draw_timeline(SCHEDULE, BASELINE), output)
    first, second = (output.read_bytes() for output in outputs)
    assert first == second
    start = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix]
    assert first.startswith(start)
    assert len(list(tmp_path.iterdir())) == 2


def test_fails_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] == "matplotlib":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingDependencyError, match=r"pip install '\.\[plot\]'"):
        draw_timeline(SCHEDULE)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ([], "not a schedule"),
        ({}, "lacks 'period_s'"),
        ({**SCHEDULE, "layers": []}, "not a schedule"),
        ({**SCHEDULE, "layers": [{}]}, "lacks 'voltage_v'"),
        ({**SCHEDULE, "period_s": 0}, "isn't positive"),
        ({**SCHEDULE, "energy_j": "much"}, "is no number"),
        ({**SCHEDULE, "energy_j": float("nan")}, "is no number"),
    ],
)
def test_fails_without_schedule(schedule: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_timeline(schedule)


def test_fails_with_bad_output(tmp_path: Path) -> None:
    figure = draw_timeline(SCHEDULE)
    with pytest.raises(ValueError, match=r"known are \.pdf, \.png, \.svg"):
        save_figure(figure, tmp_path / "out.jpeg")
    with pytest.raises(FileNotFoundError):
        save_figure(figure, tmp_path / "none" / "out.png")
    assert not list(tmp_path.iterdir())


def test_other_domains_or_periods() -> None:
    other = copy.deepcopy(SCHEDULE)
    del other["layers"][1]["voltage_v"]["buffer"]
    with pytest.raises(ValueError, match="in other domains"):
        draw_timeline(other)
    with pytest.raises(ValueError, match="baseline: not a schedule"):
        draw_timeline(SCHEDULE, {})
    with pytest.raises(ValueError, match="period differs"):
        draw_timeline(SCHEDULE, {**BASELINE, "period_s": 2 * PERIOD})


def test_failing_to_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.svg"
    output.write_text("old")
    figure = draw_timeline(SCHEDULE)

    def fail(*arguments: Any, **options: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(OSError, match="disk full"):
        save_figure(figure, output)
    assert output.read_text() == "old"
    assert list(tmp_path.iterdir()) == [output]
