# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of tables of targets that say more than domains and transitions."""

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy
import pfmlir
import pytest
from pfmlir.plots.breakdown import draw_breakdown
from pfmlir.plots.timeline import power_steps

from testing.chips import LAYERS, PHYSICS, all_at_once
from testing.machines import enumerate_optimum, random_machine
from testing.problems import Problem
from testing.tables import to_tables

CHIPS = PHYSICS | {"all at once": all_at_once()}
# Longer than the fastest schedule, up to periods in which it is best to wait.
STRETCHES = (1.0, 1.05, 1.3, 2.0, 6.0, 40.0)


def fastest_s(tables: pfmlir.CostTables) -> float:
    """Return the shortest period that there is."""
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        tables.solve(period_s=1e-12)
    return caught.value.fastest_time_s


@pytest.mark.parametrize("name", CHIPS)
def test_tables_are_the_problem_that_is_scheduled(name: str) -> None:
    module = pfmlir.form_layers(
        pfmlir.assign_target(pfmlir.import_model(CHIPS[name].text() + LAYERS))
    )
    tables = pfmlir.tabulate_costs(module)
    shortest_s = fastest_s(tables)
    for stretch in STRETCHES:
        period_s = shortest_s * stretch * (1 + 1e-9)
        solution = tables.solve(period_s=period_s)
        schedule = pfmlir.schedule(module, period_s=period_s)
        assert solution.is_optimal and schedule.is_optimal
        assert math.isclose(solution.energy_j, schedule.energy_j, rel_tol=1e-9)
        assert numpy.array_equal(solution.rails_v, schedule.rails_v)
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        pfmlir.schedule(module, period_s=shortest_s * 0.999)
    assert math.isclose(caught.value.fastest_time_s, shortest_s, rel_tol=1e-9)


@pytest.mark.parametrize("name", CHIPS)
def test_schedules_say_all_of_it(name: str, tmp_path: Path) -> None:
    text = CHIPS[name].text() + LAYERS
    for period_s in (0.0066, 0.05):
        schedule = pfmlir.schedule(text, period_s=period_s)
        parts = math.fsum(schedule.energy_split_j.values())
        assert math.isclose(parts, schedule.energy_j, rel_tol=1e-9)
        # Pictures have all of it, too.
        edges, powers = power_steps(schedule)
        steps = zip(itertools.pairwise(edges), powers, strict=True)
        area = math.fsum((end - start) * watts for (start, end), watts in steps)
        assert math.isclose(area, schedule.energy_j, rel_tol=1e-9)
        assert math.isclose(edges[-1], period_s, rel_tol=1e-9)
        draw_breakdown(schedule)
        schedule.save(tmp_path / "schedule.json")
        assert pfmlir.Schedule.load(tmp_path / "schedule.json") == schedule


def test_what_is_chosen_besides_voltages() -> None:
    def schedule(name: str, period_s: float) -> pfmlir.Schedule:
        return pfmlir.schedule(CHIPS[name].text() + LAYERS, period_s=period_s)

    plain = schedule("plain", 0.008)
    assert (plain.modes, plain.banks, set(plain.implementations)) == ({}, {}, {""})
    assert plain.tail.power_w is None and plain.dispatch_time_s == 0
    modes = schedule("modes", 0.0033).modes
    assert modes["core"] == ("", "", "boost", "boost", "")
    assert modes["sram"] == ("low", "low", "low", "low", "")
    banks = schedule("wake banks", 0.005).banks
    assert list(banks) == ["maps"] and all(n >= 1 for n in banks["maps"])
    engines = schedule("engines", 0.02)
    assert engines.implementations == ("", "cpu", "", "", "cpu")
    assert "runs by" in engines._repr_html_()
    assert schedule("dispatch", 0.008).dispatch_time_s == 5e-5
    awake = schedule("awake", 0.02)
    assert awake.energy_split_j["awake"] > 0 and awake.tail.kind == "sleep"
    parked = schedule("idle states", 0.02)
    assert (parked.tail.kind, parked.tail.state) == ("idle", "parked")
    assert (parked.tail.power_w, parked.tail.overhead_time_s) == (3e-4, 2e-6)
    assert "then idle in @parked" in repr(parked)


@pytest.mark.parametrize("name", CHIPS)
def test_studies_of_tables(name: str, tmp_path: Path) -> None:
    tables = pfmlir.tabulate_costs(CHIPS[name].text() + LAYERS)
    front = pfmlir.pareto_front(tables, tolerance=0.05, prove_points=True)
    assert front.is_optimal and front.tolerance <= 0.05
    assert math.isclose(front.period_s[0], fastest_s(tables), rel_tol=1e-9)
    for period_s, energy_j in zip(front.period_s, front.energy_j, strict=True):
        # At the ends of a step rounding decides.
        found = tables.solve(period_s=period_s * (1 + 1e-11)).energy_j
        assert math.isclose(found, energy_j, rel_tol=1e-9)
    period_s = float(front.period_s[0]) * 1.5
    swept = pfmlir.sweep(tables, period_s=period_s, max_rails=[1, 2])
    assert swept[1].energy_j == tables.solve(period_s=period_s).energy_j
    assert pfmlir.sensitivity(tables, period_s=period_s).is_optimal
    solution = tables.solve(period_s=period_s)
    solution.save(tmp_path / "solution.json")
    loaded = pfmlir.Solution.load(tmp_path / "solution.json")
    assert loaded == solution and loaded.settings == solution.settings
    assert [*solution.settings] == [axis.name for axis in tables.axes]
    assert len(solution.to_rows()) == 5 and repr(solution) and solution._repr_html_()
    assert len(tables.to_pandas()) == numpy.isfinite(tables.energy_j).sum()


def test_rails_for_several_machines() -> None:
    """Each network pays for the rails that it uses."""
    compared = 0
    for seed in range(60):
        problems = [random_machine(seed), random_machine(seed + 1000)]
        levels = max(problem.num_levels for problem in problems)
        problems = [replace(problem, num_levels=levels) for problem in problems]
        suite = [to_tables(problem) for problem in problems]
        max_rails = min(2, levels)
        best = min(
            sum(
                enumerate_optimum(on_rails(problem, set(rails))) for problem in problems
            )
            for rails in itertools.combinations(range(levels), max_rails)
        )
        try:
            choice = pfmlir.choose_rails(
                suite,
                period_s=[problem.period_s for problem in problems],
                max_rails=max_rails,
            )
        except pfmlir.InfeasibleError:
            assert math.isinf(best), f"seed {seed}"
            continue
        assert math.isclose(choice.energy_j, best, rel_tol=1e-9), f"seed {seed}"
        compared += 1
    assert compared > 20


def on_rails(problem: Problem, rails: set[int]) -> Problem:
    """Return a problem in which only some levels are rails."""
    layers = [
        [state for state in layer if problem.rails(state) <= rails]
        for layer in problem.layers
    ]
    if not all(layers):
        # What nobody can do in time.
        return replace(problem, period_s=1e-9)
    return replace(problem, layers=layers, max_rails=len(rails))
