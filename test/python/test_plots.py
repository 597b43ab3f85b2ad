# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the pictures of schedules and of rates."""

import copy
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

matplotlib = pytest.importorskip("matplotlib")

from matplotlib.colors import to_hex  # noqa: E402
from pfmlir import SweepPoint  # noqa: E402
from pfmlir.plots import (  # noqa: E402
    KINDS,
    draw,
    draw_breakdown,
    draw_layers,
    draw_rates,
    draw_states,
    draw_timeline,
    save_figure,
)
from pfmlir.plots.rates import METHODS  # noqa: E402
from pfmlir.plots.style import voltage_colors  # noqa: E402

from testing.figure_texts import check_texts  # noqa: E402

PERIOD = 0.02
LEVELS = [0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3]
SHARES = {"sys": 0.7, "weight": 0.1, "feeder": 0.2}


def make_schedule(
    voltages: list[tuple[float, float, float]],
    *,
    split: bool = True,
    name: str = "stages.{}.1.transformer.attn.qkv",
    tail: tuple[str, float] = ("sleep", 6e-10),
    search: str = "exact",
) -> dict[str, Any]:
    """Return a schedule of layers by their voltages in three domains."""
    layers = []
    time = energy = 0.0
    for i, states in enumerate(voltages):
        switches = i > 0 and voltages[i - 1] != states
        dynamic = 1e-5 * states[0] ** 2 * (1 + i % 7)
        leakage = 0.1 * dynamic
        layer: dict[str, Any] = {
            "name": name.format(i),
            "voltage_v": dict(zip(SHARES, states, strict=True)),
            "transition_time_s": 3e-8 if switches else 0,
            "transition_energy_j": 2e-10 if switches else 0,
            "time_s": 0.9 * PERIOD / len(voltages) / states[0],
            "energy_j": dynamic + leakage,
            "dynamic_energy_j": dynamic,
            "leakage_energy_j": leakage,
        }
        if split:
            for kind, value in (("dynamic", dynamic), ("leakage", leakage)):
                layer[f"{kind}_energy_by_domain_j"] = {
                    domain: share * value for domain, share in SHARES.items()
                }
        layer["start_s"] = time + layer["transition_time_s"]
        time = layer["start_s"] + layer["time_s"]
        energy += layer["energy_j"] + layer["transition_energy_j"]
        layers.append(layer)
    kind, tail_energy = tail
    return {
        "search": search,
        "period_s": PERIOD,
        "active_time_s": time,
        "levels_v": LEVELS,
        "rails_v": sorted({voltage for states in voltages for voltage in states}),
        "energy_j": energy + tail_energy,
        "layers": layers,
        "tail": {
            "kind": kind,
            "time_s": max(0.0, PERIOD - time),
            "energy_j": tail_energy,
        },
    }


STATES = [(1.0, 0.9, 0.9), (1.2, 0.9, 1.0), (1.0, 1.0, 1.2), (1.0, 0.9, 0.9)]
SCHEDULE = make_schedule(STATES)
BASELINE = make_schedule([(1.1, 1.1, 1.1)] * 4, search="nominal", tail=("idle", 3e-6))
LONG = make_schedule((STATES * 25)[:100])
LONG_BASELINE = make_schedule([(1.1, 1.1, 1.1)] * 100, search="nominal")
PLAIN = make_schedule(STATES, split=False)
ODD = make_schedule(STATES, name="a_name_$without$_points_" * 6 + "{}")
CURVES: dict[str, list[tuple[float, float | None]]] = {
    "nominal": [(10, 2.4e-4), (20, 2.4e-4), (30, None), (40, math.nan)],
    "nominal_gated": [(10, 2.3e-4), (20, 2.3e-4), (30, None), (40, None)],
    "greedy": [(10, 1.7e-4), (20, 1.9e-4), (30, 2.1e-4), (40, None)],
    "greedy_gated": [(40, None), (10, 1.6e-4), (20, 1.8e-4), (30, 2.0e-4)],
    "lambda-dp": [(10, 1.5e-4), (20, 1.6e-4), (30, 1.7e-4), (40, 2.2e-4)],
    "exact": [(10, 1.5e-4), (20, 1.6e-4), (30, 1.7e-4), (40, 2.1e-4)],
}

FIGURES: dict[str, Callable[[], Any]] = {
    "breakdown": lambda: draw_breakdown({"nominal": BASELINE, "optimum": SCHEDULE}),
    "breakdown of one": lambda: draw_breakdown(SCHEDULE),
    "breakdown, plain": lambda: draw_breakdown({"a": PLAIN, "b": SCHEDULE}),
    "breakdown, many": lambda: draw_breakdown(
        {f"a rather long name of a schedule, {i}": SCHEDULE for i in range(7)}
    ),
    "breakdown, wide": lambda: draw_breakdown(
        {"nominal": BASELINE, "optimum": SCHEDULE}, width=7
    ),
    "layers": lambda: draw_layers(SCHEDULE),
    "layers, plain": lambda: draw_layers(PLAIN, BASELINE),
    "layers, long": lambda: draw_layers(LONG, LONG_BASELINE),
    "layers, wide": lambda: draw_layers(LONG, LONG_BASELINE, width=7),
    "layers, odd": lambda: draw_layers(ODD),
    "layers, level": lambda: draw_layers(make_schedule(STATES, name="conv{}")),
    "layer": lambda: draw_layers(make_schedule(STATES[:1])),
    "states": lambda: draw_states(SCHEDULE),
    "states, long": lambda: draw_states(LONG),
    "states, wide": lambda: draw_states(LONG, width=7),
    "states, one level": lambda: draw_states(BASELINE, [1.1]),
    "states, many levels": lambda: draw_states(
        SCHEDULE, [0.5 + 0.01 * i for i in range(101)]
    ),
    "state": lambda: draw_states(make_schedule(STATES[:1])),
    "rates": lambda: draw_rates(CURVES),
    "rates, wide": lambda: draw_rates(CURVES, width=7),
    "rates, one": lambda: draw_rates({"a long name of a method " * 9: [(60, 2e-4)]}),
}


def texts(figure: Any) -> list[str]:
    """Return all of a figure's texts."""
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


def bars(axes: Any) -> dict[str, list[Any]]:
    """Return the bars of some axes by their labels."""
    return {container.get_label(): list(container) for container in axes.containers}


def line(axes: Any, label: str) -> Any:
    """Return the one line of some axes that has a label."""
    [found] = [line for line in axes.lines if line.get_label() == label]
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_texts_are_inside_and_do_not_overlap(name: str) -> None:
    figure = FIGURES[name]()
    assert figure.get_figwidth() == (7 if "wide" in name else 3.3)
    check_texts(figure)
    renderer = figure.canvas.get_renderer()
    for legend in figure.legends:
        box = legend.get_window_extent(renderer)
        assert box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert all(box.y0 > axes.get_window_extent().y1 for axes in figure.axes)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
@pytest.mark.parametrize("name", ["breakdown", "layers, long", "states", "rates"])
def test_equal_input_gives_equal_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, suffix: str
) -> None:
    outputs = [tmp_path / f"{i}{suffix}" for i in range(2)]
    for i, output in enumerate(outputs):
        # Whatever the date and the user's settings.
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(10**9 * i))
        with matplotlib.rc_context({"font.size": 10 + 10 * i}):
            save_figure(FIGURES[name](), output)
    first, second = (output.read_bytes() for output in outputs)
    assert first == second


def test_importing_does_not_import_matplotlib() -> None:
    code = "import sys, pfmlir.plots; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_input_stays_as_it_is() -> None:
    schedule, baseline = copy.deepcopy((SCHEDULE, BASELINE))
    draw_breakdown({"a": schedule, "b": baseline})
    draw_layers(schedule, baseline)
    draw_states(schedule)
    assert (schedule, baseline) == (SCHEDULE, BASELINE)


def test_breakdown_stacks_all_energy() -> None:
    figure = draw_breakdown({"nominal": BASELINE, "optimum": SCHEDULE})
    found = bars(figure.axes[0])
    assert list(found) == [
        *(f"{kind} {domain}" for domain in SHARES for kind in ("dynamic", "leakage")),
        "transitions",
        "tail",
    ]
    for row, schedule in enumerate((BASELINE, SCHEDULE)):
        end = 0.0
        for parts in found.values():
            assert parts[row].get_x() == pytest.approx(end, rel=1e-9)
            end += parts[row].get_width()
        assert end == pytest.approx(schedule["energy_j"], rel=1e-9)
        dynamic = sum(layer["dynamic_energy_j"] for layer in schedule["layers"])
        for domain, share in SHARES.items():
            width = found[f"dynamic {domain}"][row].get_width()
            assert width == pytest.approx(share * dynamic)
        tail = found["tail"][row].get_width()
        assert tail == pytest.approx(schedule["tail"]["energy_j"], abs=1e-15)
    colors = {to_hex(parts[0].get_facecolor()) for parts in found.values()}
    assert len(colors) == len(found)


def test_breakdown_tells_energies() -> None:
    found = texts(draw_breakdown({"nominal": BASELINE, "optimum": SCHEDULE}))
    assert {"136 µJ", "120 µJ", "600 pJ", "3.00 µJ", "tail (idle, sleep)"} < set(found)
    assert {"sys dynamic", "feeder leakage", "transitions"} < set(found)
    # At the bars, and over the energies.
    assert min(found.count("nominal"), found.count("optimum")) >= 2
    assert "energy of a period (µJ)" in found
    assert "scheduled" in texts(draw_breakdown(SCHEDULE))
    assert "nominal" in texts(draw_breakdown(BASELINE))
    # A tail near zero isn't nothing.
    tiny = make_schedule(STATES, tail=("idle", 1e-12))
    assert "< 0.01 nJ" in texts(draw_breakdown(tiny))


def test_without_split() -> None:
    figure = draw_breakdown({"a": PLAIN, "b": SCHEDULE})
    assert list(bars(figure.axes[0])) == ["dynamic", "leakage", "transitions", "tail"]
    partly = copy.deepcopy(SCHEDULE)
    del partly["layers"][2]["leakage_energy_by_domain_j"]
    for schedule in (PLAIN, partly):
        found = bars(draw_layers(schedule).axes[1])
        assert list(found) == ["dynamic", "leakage"]
        for kind, heights in found.items():
            assert [bar.get_height() for bar in heights] == pytest.approx(
                [layer[f"{kind}_energy_j"] for layer in schedule["layers"]]
            )


def test_layers_have_their_energies_and_times() -> None:
    figure = draw_layers(SCHEDULE, BASELINE)
    time_axes, energy_axes = figure.axes
    found = bars(energy_axes)
    assert len(found) == 6
    for i, layer in enumerate(SCHEDULE["layers"]):
        for domain in SHARES:
            for kind in ("dynamic", "leakage"):
                bar = found[f"{kind} {domain}"][i]
                energy = layer[f"{kind}_energy_by_domain_j"][domain]
                assert bar.get_height() == pytest.approx(energy)
                assert bar.get_x() + bar.get_width() / 2 == pytest.approx(i)
        top = max(bar[i].get_y() + bar[i].get_height() for bar in found.values())
        assert top == pytest.approx(layer["energy_j"])
    times = [bar.get_height() for bar in bars(time_axes)["time"]]
    assert times == [layer["time_s"] for layer in SCHEDULE["layers"]]
    for axes, field in ((energy_axes, "energy_j"), (time_axes, "time_s")):
        [outline] = [p for p in axes.patches if p.get_label() == "baseline"]
        values = outline.get_data().values
        assert list(values) == [layer[field] for layer in BASELINE["layers"]]
        assert axes.get_ylim()[1] > max(values)
    assert energy_axes.get_xlim() == time_axes.get_xlim()
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == [*SHARES, "dynamic, leakage", "nominal"]
    assert {"energy (µJ)", "time (ms)"} < set(texts(figure))


def test_layers_are_named_as_far_as_they_fit() -> None:
    axes = draw_layers(LONG).axes[0]
    positions = list(axes.get_xticks())
    assert 10 < len(positions) < 40
    every = positions[1]
    assert positions == list(range(0, 100, every))
    assert all(
        label.get_text().startswith(f"stages.{position}")
        for position, label in zip(positions, axes.get_xticklabels(), strict=True)
    )
    assert len(draw_layers(SCHEDULE).axes[0].get_xticks()) == 4


def test_states_have_their_voltages_and_colors() -> None:
    figure = draw_states(SCHEDULE)
    colors = voltage_colors([0.9, 1.0, 1.2])
    assert len(figure.axes) == 3
    for axes, domain in zip(figure.axes, SHARES, strict=True):
        voltages = [layer["voltage_v"][domain] for layer in SCHEDULE["layers"]]
        [states] = [c for c in axes.collections if c.get_label() == domain]
        for i, (path, voltage) in enumerate(
            zip(states.get_paths(), voltages, strict=True)
        ):
            ends = [(i - 0.5, voltage), (i + 0.5, voltage)]
            assert path.vertices.tolist() == [list(end) for end in ends]
        assert [to_hex(c) for c in states.get_colors()] == [
            colors[voltage] for voltage in voltages
        ]
        rails = [c.get_ydata()[0] for c in axes.lines if c.get_label() == "rail"]
        assert rails == [0.9, 1.0, 1.2]
        others = [c for c in axes.lines if c.get_label() == "candidate level"]
        assert len(others) == len(LEVELS) - 3
        # Whatever else has a label, rails do.
        labels = [label.get_text() for label in axes.get_yticklabels()]
        assert labels == ["0.90 V", "1.00 V", "1.20 V", "1.30 V"]
    assert set(SHARES) < set(texts(figure))
    assert "layer, in order from 0" in texts(figure)
    for count, ticks in ((1, [0]), (4, [0, 1, 2, 3]), (100, [0, 20, 40, 60, 80])):
        axes = draw_states(make_schedule((STATES * 25)[:count])).axes[-1]
        assert list(axes.get_xticks()) == ticks


def test_states_over_other_levels() -> None:
    axes = draw_states(SCHEDULE, [0.8, 0.9, 1.0, 1.2]).axes[0]
    assert len(axes.lines) == 4
    bare = {k: v for k, v in SCHEDULE.items() if k not in ("levels_v", "rails_v")}
    assert {c.get_label() for c in draw_states(bare).axes[0].lines} == {"rail"}
    with pytest.raises(ValueError, match=r"'sys': expected one of .*, found 1\.2 V"):
        draw_states(SCHEDULE, [0.9, 1.0])
    with pytest.raises(ValueError, match="expected voltages, found"):
        draw_states(SCHEDULE, [])
    with pytest.raises(ValueError, match="at least 0, found nan"):
        draw_states(SCHEDULE, [0.9, math.nan])


def test_rates() -> None:
    axes = draw_rates(CURVES).axes[0]
    for name, points in CURVES.items():
        curve = line(axes, name)
        assert list(curve.get_xdata()) == [10, 20, 30, 40]
        expected = [energy or math.nan for _, energy in sorted(points)]
        assert list(curve.get_ydata()) == pytest.approx(expected, nan_ok=True)
        color, marker, _ = METHODS[name]
        assert (curve.get_color(), curve.get_marker()) == (color, marker)
    ends = {
        c.get_label().removeprefix("end of "): (c.get_xdata()[0], c.get_ydata()[0])
        for c in axes.lines
        if c.get_label().startswith("end of")
    }
    assert ends == {
        "nominal": (20, 2.4e-4),
        "nominal_gated": (20, 2.3e-4),
        "greedy": (30, 2.1e-4),
        "greedy_gated": (30, 2.0e-4),
    }
    low, high = axes.get_ylim()
    assert low < 1.5e-4 and high > 2.4e-4
    labels = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert sorted(labels) == sorted([*CURVES, "infeasible beyond"])
    assert {"rate (fps)", "energy of a period (µJ)"} < set(texts(axes.figure))


def test_methods_look_the_same_in_every_figure() -> None:
    looks = set()
    for names in (["exact", "mine"], ["mine"], ["greedy", "mine", "nominal"]):
        figure = draw_rates({name: CURVES["exact"] for name in names})
        curve = line(figure.axes[0], "mine")
        looks.add((curve.get_color(), curve.get_marker()))
    assert len(looks) == 1
    many = draw_rates({f"method {i}": [(10, 1e-4 + i * 1e-5)] for i in range(12)})
    looks = {
        (curve.get_color(), curve.get_marker(), curve.get_markerfacecolor())
        for curve in many.axes[0].lines
    }
    assert len(looks) == 12


def test_method_that_is_never_feasible() -> None:
    found = texts(draw_rates({"exact": [(10, 1e-4)], "nominal": [(10, None)]}))
    assert "nominal (infeasible)" in found
    assert "infeasible beyond" not in found


@pytest.mark.parametrize(
    ("curves", "message"),
    [
        ({}, "expected curves by method"),
        ([(10, 1e-4)], "expected curves by method"),
        ({"exact": []}, "exact: expected pairs"),
        ({"exact": [10, 20]}, "expected rate and energy, found 10"),
        ({"exact": [(10, None)]}, "found none in any curve"),
        ({"exact": [(0, 1e-4)]}, "rate above 0"),
        ({"exact": [(10, -1e-4)]}, r"energy: .* at least 0, found -0\.0001"),
        ({"exact": [(10, math.inf)]}, "found inf"),
        ({"exact": [("10", 1e-4)]}, "rate: expected a number"),
        ({"exact": [(10, 1e-4), (10.0, 2e-4)]}, "found 10.0 fps twice"),
    ],
)
def test_bad_curves(curves: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_rates(curves)


def without(schedule: dict[str, Any], field: str) -> dict[str, Any]:
    """Return a schedule whose last layer lacks a field."""
    layers = copy.deepcopy(schedule["layers"])
    del layers[-1][field]
    return {**schedule, "layers": layers}


def with_layer(schedule: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a schedule whose last layer has other fields."""
    *layers, last = schedule["layers"]
    return {**schedule, "layers": [*layers, {**last, **fields}]}


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ({"layers": []}, "lacks 'period_s'"),
        (None, "not a schedule"),
        ([], "not a schedule"),
        ({**SCHEDULE, "layers": []}, "not a schedule"),
        ({**SCHEDULE, "period_s": 0}, "isn't positive"),
        (without(SCHEDULE, "leakage_energy_j"), "lacks 'leakage_energy_j'"),
        (with_layer(SCHEDULE, dynamic_energy_j=1.0), "energies of domains sum to"),
        (with_layer(PLAIN, dynamic_energy_j=1.0), "dynamic and leakage sum to"),
        (with_layer(PLAIN, leakage_energy_j="much"), "leakage energy: expected a num"),
        (
            with_layer(SCHEDULE, leakage_energy_by_domain_j=[1]),
            r"expected an energy for each domain, found \[1\]",
        ),
    ],
)
def test_bad_schedules(schedule: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_layers(schedule)
    if schedule is not None:
        with pytest.raises(ValueError, match=f"baseline: .*{message}"):
            draw_layers(SCHEDULE, schedule)
    with pytest.raises(ValueError, match=f"mine: .*{message}"):
        draw_breakdown({"exact": SCHEDULE, "mine": schedule})


def test_bad_breakdowns() -> None:
    for nothing in ({}, None, []):
        with pytest.raises(ValueError, match="expected a schedule, or some by name"):
            draw_breakdown(nothing)
    other = {**BASELINE, "period_s": 2 * PERIOD}
    with pytest.raises(ValueError, match=r"b: .* of a, 0\.02 s, found 0\.04 s"):
        draw_breakdown({"a": SCHEDULE, "b": other})
    with pytest.raises(ValueError, match="parts of the period sum to"):
        draw_breakdown({**SCHEDULE, "energy_j": 1.0})


def test_baseline_of_something_else() -> None:
    for other, message in (
        ({**BASELINE, "period_s": 2 * PERIOD}, r"period, 0\.02 s, found 0\.04 s"),
        (LONG, "expected the schedule's 4 layers, found 100"),
        (with_layer(BASELINE, name="fc"), r"layer 'stages\.3\..*', found 'fc'"),
    ):
        with pytest.raises(ValueError, match=f"baseline: .*{message}"):
            draw_layers(SCHEDULE, other)


@pytest.mark.parametrize("width", [0, 1, -7, math.nan, math.inf])
def test_bad_widths(width: float) -> None:
    for picture, data in (
        (draw_breakdown, SCHEDULE),
        (draw_layers, SCHEDULE),
        (draw_states, SCHEDULE),
        (draw_rates, CURVES),
    ):
        with pytest.raises(ValueError, match=r"at least 2\.5 in, found"):
            picture(data, width=width)


# ---------------------------------------------------------------------------
# All kinds
# ---------------------------------------------------------------------------


class Printed:
    """What prints as a schedule's JSON does."""

    def __init__(self, schedule: dict[str, Any]) -> None:
        self.schedule = schedule

    def to_dict(self) -> dict[str, Any]:
        return self.schedule


def svg(figure: Any, folder: Path) -> bytes:
    """Return a figure as it is written."""
    save_figure(figure, folder / "figure.svg")
    return (folder / "figure.svg").read_bytes()


def test_draw_draws_every_kind(tmp_path: Path) -> None:
    schedule = make_schedule([(0.9, 1.0, 1.1), (1.1, 1.1, 1.1)])
    other = make_schedule([(1.1, 1.1, 1.1)] * 2, search="nominal")
    expected = {
        "timeline": draw_timeline(schedule, other),
        "breakdown": draw_breakdown({"nominal": other, "exact": schedule}),
        "layers": draw_layers(schedule, other),
        "states": draw_states(schedule),
    }
    assert list(expected) == list(KINDS)
    for kind, figure in expected.items():
        baseline = None if kind == "states" else other
        objects = [Printed(each) if each else None for each in (schedule, baseline)]
        text = svg(figure, tmp_path)
        assert svg(draw(schedule, kind, baseline), tmp_path) == text
        assert svg(draw(objects[0], kind, objects[1]), tmp_path) == text
    two = draw(schedule, "breakdown", schedule)
    assert svg(two, tmp_path)


def test_draw_refuses_other_kinds() -> None:
    schedule = make_schedule([(0.9, 1.0, 1.1)])
    with pytest.raises(ValueError, match="kind: expected one of"):
        draw(schedule, "pie")
    with pytest.raises(ValueError, match="baseline: expected none"):
        draw(schedule, "states", schedule)


def test_draw_refuses_what_is_no_schedule() -> None:
    schedule = make_schedule([(0.9, 1.0, 1.1)])
    for kind in ("timeline", "breakdown", "layers"):
        for pair in ((schedule, []), ([], schedule)):
            with pytest.raises(ValueError, match="not a schedule"):
                draw(pair[0], kind, pair[1])


def test_a_sweep_is_drawn_as_its_curves(tmp_path: Path) -> None:
    points = [
        SweepPoint(fps, rails, "exact", energy_j=energy)
        for rails, energies in ((1, (1e-4, None)), (3, (9e-5, 2e-4)))
        for fps, energy in zip((10.0, 20.0), energies, strict=True)
    ]
    curves = {
        "exact, 1 rails": [(10.0, 1e-4), (20.0, None)],
        "exact, 3 rails": [(10.0, 9e-5), (20.0, 2e-4)],
    }
    assert svg(draw_rates(points), tmp_path) == svg(draw_rates(curves), tmp_path)
    one = draw_rates(points[2:])
    assert svg(one, tmp_path) == svg(
        draw_rates({"exact": curves["exact, 3 rails"]}), tmp_path
    )
    save_figure(one, str(tmp_path / "by_name.png"))
    assert (tmp_path / "by_name.png").stat().st_size > 1000


def test_pictures_have_the_dots_that_are_asked_for(tmp_path: Path) -> None:
    figure = draw_layers(make_schedule([(0.9, 1.0, 1.1)]))
    widths = {}
    for dpi in (100, 200):
        save_figure(figure, tmp_path / "figure.png", dpi=dpi)
        # The header of a PNG has its width at byte 16.
        header = (tmp_path / "figure.png").read_bytes()[16:20]
        widths[dpi] = int.from_bytes(header, "big")
    assert widths == {dpi: int(dpi * figure.get_figwidth()) for dpi in widths}
