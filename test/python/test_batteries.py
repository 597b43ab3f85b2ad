# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Plans for batteries, against a linear program that knows nothing of strings."""

import functools
import math
import random

import highspy
import numpy
import pfmlir
import pytest

from testing.random_networks import random_network

NET = """
func.func @net() {
  power.layer "conv" workload #power.conv2d<input = [16, 32, 32],
    output_channels = 32, kernel = [3, 3], padding = [1, 1, 1, 1]>
  power.layer "fc" workload #power.matmul<m = 64, k = 512, n = 512>
  return
}
"""


@functools.cache
def front(tolerance=0.01):
    """Return a front on the published accelerator."""
    return pfmlir.pareto_front(NET, target="pf40", tolerance=tolerance)


def most_inferences(points, gained_j, step_s, battery_j, first_j, last_j):
    """Return the most inferences by a linear program: time at each point, in shares.

    Points are pairs of power and rate. None where there is no plan.
    """
    steps, kinds = len(gained_j), len(points)
    solver = highspy.Highs()
    solver.silent()
    share = [[solver.addVariable(0.0, 1.0) for _ in range(kinds)] for _ in range(steps)]
    spilled = [solver.addVariable(0.0, math.inf) for _ in range(steps)]
    stored = [solver.addVariable(0.0, battery_j) for _ in range(steps)]
    rates = sum(
        share[i][k] * (points[k][1] * step_s)
        for i in range(steps)
        for k in range(kinds)
    )
    for i in range(steps):
        solver.addConstr(sum(share[i]) == 1)
        used = sum(share[i][k] * (points[k][0] * step_s) for k in range(kinds))
        before = stored[i - 1] if i else first_j
        solver.addConstr(stored[i] - before + used + spilled[i] == gained_j[i])
    solver.addConstr(stored[-1] >= last_j)
    solver.maximize(rates)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return solver.getObjectiveValue()


def random_day(generator, front):
    """Return arguments of `plan_battery`, of which some have no plan."""
    most_w = float((front.energy_j / front.period_s).max())
    steps = generator.randint(1, 12)
    step_s = generator.choice([1.0, 60.0, 3600.0])
    profile_w = [
        generator.choice([0.0, generator.random(), 2 * generator.random()]) * most_w
        for _ in range(steps)
    ]
    battery_j = generator.choice([0.0, generator.random() * 4]) * most_w * step_s
    return {
        "battery_j": battery_j,
        "harvested_w": profile_w,
        "step_s": step_s,
        "first_j": generator.choice([0.0, 1.0, generator.random()]) * battery_j,
        "last_j": generator.choice([0.0, 1.0, generator.random()]) * battery_j,
        "resting_power_w": generator.choice(
            [None, 0.0, generator.random() * most_w / 10]
        ),
    }


@pytest.mark.parametrize("seed", range(80))
def test_a_linear_program_finds_as_many(seed):
    generator = random.Random(seed)
    day = random_day(generator, front())
    points = [
        (energy_j / period_s, 1 / period_s)
        for energy_j, period_s in zip(front().energy_j, front().period_s, strict=True)
    ]
    if day["resting_power_w"] is not None:
        points.append((day["resting_power_w"], 0.0))
    gained_j = [power_w * day["step_s"] for power_w in day["harvested_w"]]
    expected = most_inferences(
        points,
        gained_j,
        day["step_s"],
        day["battery_j"],
        day["first_j"],
        day["last_j"],
    )
    if expected is None:
        with pytest.raises(pfmlir.InfeasibleError, match="step"):
            pfmlir.plan_battery(front(), **day)
        return
    plan = pfmlir.plan_battery(front(), **day)
    assert plan.inferences == pytest.approx(expected, rel=1e-6)
    assert plan.inferences <= plan.bound_inferences * (1 + 1e-12)
    # A part of the power that is the same at all rates makes it more of the others.
    assert plan.gap <= 0.012


@pytest.mark.parametrize("seed", range(20))
def test_plans_keep_their_books(seed):
    generator = random.Random(1000 + seed)
    day = random_day(generator, front()) | {"resting_power_w": 0.0}
    try:
        plan = pfmlir.plan_battery(front(), **day)
    except pfmlir.InfeasibleError:
        return
    stored_j = plan.stored_j
    assert (stored_j >= 0).all() and (stored_j <= day["battery_j"] * (1 + 1e-9)).all()
    assert stored_j[-1] >= day["last_j"] * (1 - 1e-9)
    scale_j = stored_j[0] + plan.harvested_w.sum() * plan.step_s
    left_j = scale_j - plan.energy_j.sum() - plan.spilled_j.sum() - stored_j[-1]
    assert abs(left_j) <= 1e-9 * scale_j
    power_of = dict(
        zip(front().fps, front().energy_j / front().period_s, strict=True)
    ) | {0.0: 0.0}
    mixed_w = [
        (1 - share) * power_of[slow] + share * power_of[fast]
        for slow, fast, share in zip(
            plan.slow_fps, plan.fast_fps, plan.fast_share, strict=True
        )
    ]
    assert plan.power_w == pytest.approx(mixed_w, rel=1e-9)


def test_other_schedules_are_within_the_bound():
    """The bound holds at rates that are no points of the front."""
    coarse = front(0.2)
    generator = random.Random(3)
    fastest, slowest = coarse.period_s[0], coarse.period_s[-1]
    for _ in range(20):
        period_s = fastest + generator.random() * (slowest - fastest)
        energy_j = pfmlir.schedule(NET, target="pf40", period_s=period_s).energy_j
        power_w = energy_j / period_s
        plan = pfmlir.plan_battery(
            coarse, battery_j=0.0, harvested_w=[power_w], step_s=1.0
        )
        assert 1 / period_s <= plan.bound_inferences * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_the_bound_holds_where_slower_schedules_begin_to_be_in_time(seed):
    """Between points energies drop by more than the tolerance."""
    network, _ = random_network(numpy.random.default_rng(seed), 3, 2)
    coarse = pfmlir.pareto_front(network, tolerance=0.05)
    first_s, last_s = coarse.period_s[0], coarse.period_s[-1]
    periods_s = list(numpy.random.default_rng(seed).uniform(first_s, last_s, 10))
    for solution in coarse.solutions:
        asleep_s = 0.0
        if solution.tail is not None:
            asleep_s = network.sleep_states[solution.tail].time_s
        periods_s.append((solution.active_time_s + asleep_s) * (1 + 1e-9))
    for period_s in periods_s:
        if not first_s <= period_s <= last_s:
            continue
        power_w = network.solve(period_s=period_s).energy_j / period_s
        try:
            plan = pfmlir.plan_battery(
                coarse, battery_j=0.0, harvested_w=[power_w], step_s=1.0
            )
        except pfmlir.InfeasibleError:
            # The points themselves take more.
            continue
        assert 1 / period_s <= plan.bound_inferences * (1 + 1e-9)


def test_a_battery_alone_is_used_evenly():
    plan = pfmlir.plan_battery(
        front(), battery_j=3600 * 24 * 6e-3, harvested_w=[0.0] * 24, last_j=0.0
    )
    assert plan.power_w == pytest.approx(numpy.full(24, 6e-3))
    assert plan.stored_j[-1] == pytest.approx(0.0, abs=1e-9)
    assert set(plan.rails_v) <= {float(v) for rails in front().rails_v for v in rails}


def test_a_plan_is_an_answer(tmp_path):
    plan = pfmlir.plan_battery(
        front(), battery_j=10.0, harvested_w=[4e-3, 0.0], resting_power_w=0.0
    )
    plan.save(tmp_path / "plan.json")
    assert pfmlir.Answer.load(tmp_path / "plan.json") == plan
    assert "inferences" in repr(plan) and "stored" in plan._repr_html_()
    assert [row["harvested_w"] for row in plan.to_rows()] == [4e-3, 0.0]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"battery_j": -1.0}, ValueError, "battery_j"),
        ({"harvested_w": []}, ValueError, "expected a power for each step"),
        ({"harvested_w": [-1.0]}, ValueError, "harvested_w"),
        ({"first_j": 2.0}, ValueError, "expected at most the 1.0 J of the battery"),
        ({"step_s": 0.0}, ValueError, "step_s"),
        ({"front": 1}, TypeError, "expected a ParetoFront"),
        ({"harvested_w": [0.0] * 99}, pfmlir.InfeasibleError, "store or harvest more"),
    ],
)
def test_wrong_arguments(changes, error, message):
    arguments = {"front": front(), "battery_j": 1.0, "harvested_w": [1e-3]} | changes
    with pytest.raises(error, match=message):
        pfmlir.plan_battery(arguments.pop("front"), **arguments)
