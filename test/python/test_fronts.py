# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of Pareto fronts: every point, and what is said of those in between."""

import json
import math
import pickle
from dataclasses import replace
from pathlib import Path

import numpy
import pfmlir
import pytest
from pfmlir.command import main

from testing.random_networks import random_network

NET = """
func.func @net() {
  power.layer "conv1" workload #power.conv2d<
    input = [3, 56, 56], output_channels = 64, kernel = [3, 3], strides = [2, 2]>
  power.layer "conv2" workload #power.conv2d<
    input = [64, 27, 27], output_channels = 64, kernel = [3, 3]>
  power.layer "fc" workload #power.matmul<m = 16, k = 512, n = 100>
  return
}
"""


@pytest.fixture(scope="module")
def costs() -> pfmlir.CostTables:
    return pfmlir.tabulate_costs(pfmlir.assign_target(pfmlir.import_model(NET)))


def steps(costs: pfmlir.CostTables, low_s: float, high_s: float) -> list[float]:
    """Return periods, those where a schedule begins to be in time among them."""
    random = numpy.random.default_rng(1)
    periods = list(random.uniform(low_s, high_s, 25))
    for period_s in periods[:12]:
        found = costs.solve(period_s=period_s)
        asleep_s = 0.0 if found.tail is None else costs.sleep_states[found.tail].time_s
        least_s = found.active_time_s + asleep_s
        periods += [s for s in (least_s, least_s * 0.9999) if low_s <= s <= high_s]
    return periods


def check(front: pfmlir.ParetoFront, costs: pfmlir.CostTables) -> None:
    """Compare with separate searches, at the points and between them."""
    assert front.is_optimal
    assert (numpy.diff(front.period_s) > 0).all()
    for period_s, solution in zip(front.period_s, front.solutions, strict=True):
        alone = costs.solve(period_s=period_s)
        assert solution.energy_j == pytest.approx(alone.energy_j, rel=1e-12)
        assert solution.active_time_s <= period_s * (1 + 1e-12)
    check_between(front, costs)


def check_within(front: pfmlir.ParetoFront, costs: pfmlir.CostTables) -> None:
    """Compare with separate searches, where points need not be optima."""
    assert (numpy.diff(front.period_s) > 0).all()
    assert len(front.solutions) == len(front.period_s)
    assert front.is_optimal == front.are_optimal.all()
    assert (front.energy_j <= front.lower_bound_j * (1 + front.tolerance + 1e-12)).all()
    for i, period_s in enumerate(front.period_s):
        optimum_j = costs.solve(period_s=period_s).energy_j
        assert front.lower_bound_j[i] <= optimum_j * (1 + 1e-12)
        assert front.energy_j[i] >= optimum_j * (1 - 1e-12)
        if front.are_optimal[i]:
            assert front.energy_j[i] == pytest.approx(optimum_j, rel=1e-11)
        assert front.active_time_s[i] <= period_s * (1 + 1e-12)
    check_between(front, costs)


def check_between(front: pfmlir.ParetoFront, costs: pfmlir.CostTables) -> None:
    """Compare with separate searches at other periods than those of points."""
    for period_s in steps(costs, front.period_s[0], front.period_s[-1]):
        energy_j = costs.solve(period_s=period_s).energy_j
        right = min(
            int(numpy.searchsorted(front.period_s, period_s)), len(front.period_s) - 1
        )
        near = front.energy_j[max(right - 1, 0) : right + 1]
        within = 1 + front.tolerance + 1e-9
        # Waiting may make the optimum in between dearer than both, by the tolerance.
        assert energy_j <= near.max() * within
        assert energy_j * within >= near.min()


@pytest.mark.parametrize("seed", range(40))
def test_small_networks(seed: int) -> None:
    random = numpy.random.default_rng(seed)
    network, _ = random_network(random, 3, int(random.integers(1, 3)))
    front = pfmlir.pareto_front(
        network, tolerance=0.05, max_points=300, prove_points=True
    )
    assert front.tolerance <= 0.05 or len(front.period_s) == 300
    check(front, network)


@pytest.mark.parametrize("seed", range(100, 140))
def test_small_networks_within_a_tolerance(seed: int) -> None:
    random = numpy.random.default_rng(seed)
    network, _ = random_network(random, 3, int(random.integers(1, 3)))
    tolerance = float(random.choice([0.01, 0.05, 0.3]))
    front = pfmlir.pareto_front(network, tolerance=tolerance, max_points=300)
    assert front.tolerance <= tolerance or len(front.period_s) == 300
    check_within(front, network)


def test_a_network_within_a_tolerance() -> None:
    network = pfmlir.tabulate_costs("squeezenet")
    front = pfmlir.pareto_front(network)
    assert 0 < front.tolerance <= 0.01
    assert not front.is_optimal and front.status == "limit"
    check_within(front, network)
    proven = pfmlir.pareto_front(network, prove_points=True)
    assert proven.is_optimal and proven.status == "optimal"
    assert not proven.gap.any()


def test_reference_target(costs: pfmlir.CostTables) -> None:
    front = pfmlir.pareto_front(costs, tolerance=0.005, prove_points=True)
    assert 0 < front.tolerance <= 0.005
    check(front, costs)
    # The ends: nothing is faster, and more time saves nothing.
    with pytest.raises(pfmlir.InfeasibleError):
        costs.solve(period_s=front.period_s[0] * (1 - 1e-9))
    later = costs.solve(period_s=2 * front.period_s[-1])
    assert later.energy_j >= front.energy_j[-1] * (1 - 1e-12)
    # But for going to sleep, which takes time that the last point uses otherwise.
    assert later.energy_j == pytest.approx(front.energy_j[-1], rel=1e-4)


def test_where_waiting_costs(costs: pfmlir.CostTables) -> None:
    awake = replace(costs, sleep_states=(), leakage_w=100 * costs.leakage_w)
    highest = pfmlir.pareto_front(awake, tolerance=1).fps[0]
    range_fps = (highest / 20, highest)
    front = pfmlir.pareto_front(awake, tolerance=0.02, fps=range_fps, prove_points=True)
    assert front.tolerance <= 0.02
    assert front.energy_j.argmin() < len(front.period_s) - 1
    check(front, awake)
    within = pfmlir.pareto_front(awake, tolerance=0.02, fps=range_fps)
    assert within.tolerance <= 0.02
    check_within(within, awake)


def test_rails_and_threads(costs: pfmlir.CostTables) -> None:
    one = pfmlir.pareto_front(costs, max_rails=1)
    assert all(len(solution.rails) == 1 for solution in one.solutions)
    two = pfmlir.pareto_front(costs, max_rails=2)
    several = pfmlir.pareto_front(costs, max_rails=2, threads=3)
    assert several == two and two != one
    assert "points from" in repr(two)
    assert two.energy_j[-1] <= one.energy_j[-1] * (1 + 1e-12)


def test_limits(costs: pfmlir.CostTables) -> None:
    few = pfmlir.pareto_front(costs, tolerance=1e-6, max_points=9)
    assert len(few.period_s) == len(few.to_rows()) == 9
    assert few.tolerance > 1e-6
    part = pfmlir.pareto_front(costs, fps=(60.0, 70.0))
    assert part.fps[0] == pytest.approx(70)
    assert part.fps[-1] == pytest.approx(60)
    point = pfmlir.pareto_front(costs, fps=(60.0, 60.0), prove_points=True)
    assert len(point.period_s) == 1
    assert point.tolerance == 0
    assert point.energy_j[0] == costs.solve(fps=60).energy_j
    # One that is no optimum is as far from it as the front is said to be.
    point = pfmlir.pareto_front(costs, fps=(1050.0, 1050.0), tolerance=0.5)
    assert not point.is_optimal and 0 < point.tolerance <= 0.5
    assert point.energy_j[0] / point.lower_bound_j[0] - 1 == point.tolerance


def test_solutions_are_made_when_looked_at(costs: pfmlir.CostTables) -> None:
    front = pfmlir.pareto_front(costs, tolerance=0.05)
    solutions = front.solutions
    assert solutions[-1] is solutions[len(solutions) - 1]
    assert solutions[1:3] == (solutions[1], solutions[2])
    assert solutions == pfmlir.pareto_front(costs, tolerance=0.05).solutions
    assert solutions != solutions[1:] and solutions != 1
    with pytest.raises(IndexError):
        solutions[len(solutions)]
    for name in ("period_s", "energy_j", "lower_bound_j", "active_time_s", "gap"):
        values = [getattr(solution, name) for solution in solutions]
        assert getattr(front, name).tolist() == values
    assert [s.is_optimal for s in solutions] == front.are_optimal.tolist()
    for solution, rails_v in zip(solutions, front.rails_v, strict=True):
        assert solution.rails_v.tolist() == rails_v.tolist()
        # The levels of some layer, each of them.
        assert set(rails_v.tolist()) == set(solution.voltages_v.flat)
    copy = pickle.loads(pickle.dumps(front))
    assert copy == front and isinstance(copy.solutions, tuple)


def test_no_choice_is_one_point(costs: pfmlir.CostTables) -> None:
    fixed = replace(
        costs,
        voltages_v=costs.voltages_v[:1],
        energy_j=costs.energy_j[:, :1],
        time_s=costs.time_s[:, :1],
        leakage_w=costs.leakage_w[:, :1],
        sleep_states=(),
    )
    assert len(pfmlir.pareto_front(fixed).period_s) == 1


def test_wrong_arguments(costs: pfmlir.CostTables) -> None:
    for error, options in (
        (TypeError, {"source": 5}),
        (TypeError, {"tolerance": "1"}),
        (ValueError, {"tolerance": 0}),
        (ValueError, {"max_points": 1}),
        (TypeError, {"prove_points": 1}),
        (ValueError, {"max_rails": 0}),
        (ValueError, {"fps": (70.0, 60.0)}),
        (ValueError, {"fps": (0.0, 60.0)}),
        (ValueError, {"fps": (50.0, 60.0, 70.0)}),
        (TypeError, {"fps": 60.0}),
        (ValueError, {"threads": 0}),
    ):
        with pytest.raises(error, match=f"^{next(iter(options))}"):
            pfmlir.pareto_front(**{"source": costs, **options})
    with pytest.raises(pfmlir.InfeasibleError, match="the fastest takes") as raised:
        pfmlir.pareto_front(costs, fps=(10.0, 1e9))
    assert math.isfinite(raised.value.fastest_time_s)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network = tmp_path / "net.mlir"
    network.write_text(NET)
    coarse = ["front", str(network), "--tolerance", "0.05"]
    assert main([*coarse, "--prove-points"]) == 0
    text = capsys.readouterr().out
    assert "each proven; in between known within" in text and " <= " not in text
    assert main(coarse) == 0
    text = capsys.readouterr().out
    assert "of them proven optimal, each at most" in text
    assert " <= " in text and "; in between known within" in text
    out = tmp_path / "front.json"
    assert main(["front", str(network), "-f", "json", "-o", str(out)]) == 0
    written = json.loads(out.read_text())
    front = pfmlir.pareto_front(
        pfmlir.tabulate_costs(pfmlir.assign_target(pfmlir.import_model(NET)))
    )
    assert written == {"tolerance": front.tolerance, "points": front.to_rows()}
    assert main(["front", str(network), "-f", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split(",")[:3] == ["period_s", "fps", "energy_j"]
    assert lines[0].split(",")[3:6] == ["lower_bound_j", "gap", "is_optimal"]
    assert len(lines) == 1 + len(front.period_s)
    assert main(["front", str(network), "--fps", "10", "1e9"]) == 3


def test_plot(costs: pfmlir.CostTables, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from pfmlir.plots import draw_front, save_figure

    front = pfmlir.pareto_front(costs)
    figure = front.plot()
    rails, energy, band = figure.axes
    curve, optima, others = energy.lines
    assert list(curve.get_xdata()) == list(front.period_s)
    assert list(curve.get_ydata()) == list(front.energy_j)
    for dots, points in (
        (optima, front.are_optimal),
        (others, ~front.are_optimal),
    ):
        assert list(dots.get_xdata()) == list(front.period_s[points])
    (area,) = band.collections
    reached = area.get_paths()[0].vertices[:, 1]
    assert set(100 * front.gap) <= set(reached)
    (line,) = band.lines
    assert set(line.get_ydata()) == {100 * front.tolerance}
    proven = pfmlir.pareto_front(costs, prove_points=True).plot()
    assert len(proven.axes) == 2
    # At every point, exactly the rails in use have a line.
    for period_s, solution in zip(front.period_s, front.solutions, strict=True):
        drawn = {
            float(segment[0][1])
            for lines in rails.collections
            for segment in lines.get_segments()
            if segment[0][0] <= period_s <= segment[1][0]
        }
        assert {float(rail) for rail in solution.rails} <= drawn
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    for path in paths:
        save_figure(front.plot(), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with pytest.raises(ValueError, match="at least two points"):
        draw_front(pfmlir.pareto_front(costs, fps=(60.0, 60.0)))
