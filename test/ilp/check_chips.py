# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare what is scheduled on random targets with enumeration of what they declare.

Usage: check_chips.py [--problems N] [--ilp N] [--seed S] [--print]. Random targets of
all that can be declared are written as IR, with small networks, and scheduled; their
tables are solved, too. What a state costs, and what a machine can do, is worked out
from the declarations in `testing`, without the compiler. The first problems are also
solved by HiGHS. A failure prints its seed; ``--problems 1 --seed S`` repeats it, and
``--print`` writes its IR.
"""

import argparse
import math
from dataclasses import replace

import pfmlir

from testing.comparing import agree
from testing.declared_costs import ImpossibleError
from testing.declared_problem import to_problem
from testing.ilp import solve as solve_by_highs
from testing.machines import enumerate_optimum
from testing.problems import JOULE, SECOND, Problem, Sleep, State
from testing.random_chips import random_chip, random_period_s

# Seeds of problems that once were scheduled wrongly, by whatever version.
KEPT_SEEDS: list[int] = []


def in_units(problem: Problem) -> Problem:
    """Return a problem in the units of `testing.problems`, around one for solvers."""
    watt = JOULE / SECOND

    def by(matrices: list[list[list[float]]], unit: float) -> list[list[list[float]]]:
        return [[[cost / unit for cost in row] for row in m] for m in matrices]

    return replace(
        problem,
        period_s=problem.period_s / SECOND,
        transition_energy_j=by(problem.transition_energy_j, JOULE),
        transition_time_s=by(problem.transition_time_s, SECOND),
        sleeps=[
            Sleep(s.power_w / watt, s.energy_j / JOULE, s.time_s / SECOND)
            for s in problem.sleeps
        ],
        layers=[
            [
                State(
                    s.levels,
                    s.energy_j / JOULE,
                    s.time_s / SECOND,
                    s.leakage_w / watt,
                    s.more_rails,
                )
                for s in layer
            ]
            for layer in problem.layers
        ],
        rail_power_w=problem.rail_power_w / watt,
        transition_power_w=problem.transition_power_w / watt,
    )


class Comparison:
    """Counts what was compared, and says where it differs."""

    def __init__(self, most_programs: int) -> None:
        self.most_programs = most_programs
        self.number = self.impossible = self.infeasible = 0
        self.programs = self.failures = 0

    def fail(self, seed: int, what: str) -> None:
        self.failures += 1
        print(f"seed {seed}: {what}", flush=True)

    def compare(self, seed: int) -> None:
        """Compare all that is known of a seed."""
        self.number += 1
        chip = random_chip(seed)
        text = chip.text()
        try:
            problem = to_problem(chip)
        except ImpossibleError as reason:
            self.impossible += 1
            try:
                pfmlir.schedule(text, period_s=1.0)
            except pfmlir.InfeasibleError as error:
                self.fail(seed, f"expected a refusal for {reason}, but got: {error}")
            except pfmlir.CompilationError:
                return
            self.fail(seed, f"expected a refusal for {reason}, but got none")
            return
        problem = replace(problem, period_s=random_period_s(seed, problem))
        optimum = enumerate_optimum(problem)
        self.infeasible += math.isinf(optimum)
        try:
            found = self.find(text, problem.period_s)
        except pfmlir.CompilationError as error:
            self.fail(seed, f"expected {optimum!r} J, but got: {error}")
            return
        for what, energy in found.items():
            if not agree(energy, optimum):
                self.fail(seed, f"{what}: {energy!r} J, but {optimum!r} J by hand")
        if self.programs < self.most_programs:
            self.programs += 1
            energy = solve_by_highs(in_units(problem)) * JOULE
            if not agree(energy, optimum):
                self.fail(seed, f"HiGHS: {energy!r} J, but {optimum!r} J by hand")

    def find(self, text: str, period_s: float) -> dict[str, float]:
        """Return energies of a module in two ways; infinite without a schedule."""
        try:
            solved = pfmlir.tabulate_costs(text).solve(period_s=period_s).energy_j
        except pfmlir.InfeasibleError:
            solved = math.inf
        try:
            schedule = pfmlir.schedule(text, period_s=period_s)
        except pfmlir.InfeasibleError:
            return {"tables": solved, "schedule": math.inf}
        return {
            "tables": solved,
            "schedule": schedule.energy_j,
            "bound": schedule.lower_bound_j,
            "parts": math.fsum(schedule.energy_split_j.values()),
        }


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=2000)
    parser.add_argument(
        "--ilp", type=int, default=100, help="how many of them by HiGHS"
    )
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--print", action="store_true", help="the IR of the first")
    options = parser.parse_args()
    if options.print:
        print(random_chip(options.seed).text())
    comparison = Comparison(options.ilp)
    for seed in [*KEPT_SEEDS, *range(options.seed, options.seed + options.problems)]:
        comparison.compare(seed)
    print(
        f"{comparison.number} targets, {comparison.impossible} of them refused and "
        f"{comparison.infeasible} infeasible; all by enumeration, "
        f"{comparison.programs} by HiGHS; {comparison.failures} disagreements"
    )
    return comparison.failures != 0


if __name__ == "__main__":
    raise SystemExit(main())
