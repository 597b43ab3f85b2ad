# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare optima on machines of all kinds with enumeration and an integer program.

Usage: check_machines.py [--problems N] [--ilp N] [--seed S]. Random problems of bare
numbers are given to `pfmlir.solve`; the first ones are also solved by HiGHS. A failure
prints its seed; ``--problems 1 --seed S`` repeats it.
"""

import argparse
import math
from typing import Any

import numpy
import pfmlir

from testing.comparing import agree
from testing.ilp import solve as solve_by_highs
from testing.machines import enumerate_optimum, random_machine, with_exits, with_wakes
from testing.problems import Problem

# Seeds of problems that once were solved wrongly, by whatever version.
KEPT_SEEDS: list[int] = []


def to_arguments(problem: Problem) -> dict[str, Any]:
    """Return the arguments of `pfmlir.solve`, with each axis given as one."""
    shape = (len(problem.layers), max(map(len, problem.layers)))
    energy_j, time_s = numpy.full(shape, numpy.inf), numpy.full(shape, numpy.inf)
    leakage_w = numpy.zeros(shape)
    settings = numpy.zeros((*shape, problem.num_domains), dtype=int)
    for i, layer in enumerate(problem.layers):
        for j, state in enumerate(layer):
            energy_j[i, j], time_s[i, j] = state.energy_j, state.time_s
            leakage_w[i, j], settings[i, j] = state.leakage_w, state.levels
    costs = zip(
        problem.rails_of or [list(range(problem.num_levels))] * problem.num_domains,
        problem.transition_energy_j,
        problem.transition_time_s,
        strict=True,
    )
    return {
        "energy_j": energy_j,
        "time_s": time_s,
        "leakage_w": leakage_w,
        "states": numpy.zeros((shape[1], 0), dtype=int),
        "settings": settings,
        "axes": [
            pfmlir.Axis(f"axis {i}", range(len(rails)), energy, time, rails)
            for i, (rails, energy, time) in enumerate(costs)
        ],
        "period_s": problem.period_s,
        "max_rails": problem.max_rails,
        "sleep_states": [(s.power_w, s.energy_j, s.time_s) for s in problem.sleeps],
        "margin": problem.margin,
        "rail_power_w": problem.rail_power_w,
        "transition_power_w": problem.transition_power_w,
        "overlapping_ramps": problem.overlapping_ramps,
        "probabilities": list(problem.probabilities) or None,
    }


def find_optimum(problem: Problem) -> float:
    """Return the energy of the proven optimum; infinite if there is no schedule."""
    try:
        solution = pfmlir.solve(**to_arguments(problem))
    except pfmlir.InfeasibleError:
        return math.inf
    if not solution.is_optimal:
        raise SystemExit(f"expected a proven optimum, but got {solution!r}")
    return solution.energy_j


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=2000)
    parser.add_argument(
        "--ilp", type=int, default=200, help="how many of them by HiGHS"
    )
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument(
        "--exits", action="store_true", help="let some periods end early"
    )
    parser.add_argument(
        "--wakes", action="store_true", help="add banks that cost something to wake"
    )
    options = parser.parse_args()
    seeds = [*KEPT_SEEDS, *range(options.seed, options.seed + options.problems)]
    failures = infeasible = programs = 0
    for seed in seeds:
        problem = random_machine(seed)
        if options.exits:
            problem = with_exits(problem, seed)
        if options.wakes:
            problem = with_wakes(problem, seed)
        found = find_optimum(problem)
        infeasible += math.isinf(found)
        expected = {"enumeration": enumerate_optimum(problem)}
        if seed < options.seed + options.ilp:
            expected["HiGHS"] = solve_by_highs(problem)
            programs += 1
        for solver, optimum in expected.items():
            if not agree(found, optimum):
                failures += 1
                print(f"seed {seed}: {found!r} J, but {optimum!r} J by {solver}")
    print(
        f"{len(seeds)} problems, {infeasible} of them infeasible; all by enumeration, "
        f"{programs} by HiGHS; {failures} disagreements"
    )
    return failures != 0


if __name__ == "__main__":
    raise SystemExit(main())
