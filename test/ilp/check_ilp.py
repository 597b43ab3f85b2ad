# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare the compiler's optima with enumeration and with an integer program.

Usage: check_ilp.py PF_OPT [--problems N] [--ilp N] [--seed S] [--networks]. Every
problem is solved by enumeration, the first ones also by HiGHS. A failure prints its
seed; ``--problems 1 --seed S`` repeats it. The reference networks at three levels
take HiGHS about a minute.
"""

import argparse
import csv
import math
import re
import sys

from testing.comparing import agree, compile_all
from testing.ilp import solve, solve_within
from testing.problems import (
    JOULE,
    enumerate_optimum,
    random_problem,
    reference_problem,
    to_mlir,
)
from testing.reference import FOLDER
from testing.reference.shapes import network_options, network_shapes, run_pf_opt

BATCH = 500
# Seeds of problems that once were solved wrongly, by whatever version.
KEPT_SEEDS: list[int] = []


def compile_problems(pf_opt: str, seeds: list[int]) -> dict[int, tuple[float, float]]:
    """Return energy and lower bound of each problem; infinite where there is none."""
    found = compile_all(
        pf_opt,
        "--powerflow-schedule",
        {seed: to_mlir(random_problem(seed), f"p{seed}") for seed in seeds},
        r"power\.schedule of @p(\d+) .* energy_j (\S+) lower_bound_j (\S+)",
        r"@p(\d+) (?:can't run|has no schedule)",
    )
    return {seed: (e / JOULE, bound / JOULE) for seed, (e, bound) in found.items()}


def check_networks(pf_opt: str) -> int:
    """Compare the reference networks at three levels; return how many differ."""
    with open(FOLDER / "results.csv", newline="") as file:
        cases = [case for case in csv.DictReader(file) if case["levels"] == "V3"]
    failures = 0
    for case in cases:
        name = case["network"]
        costs = [
            float(case[key])
            for key in ("transition_energy_j", "transition_time_s", "sleep_power_w")
        ]
        rails, period = int(case["max_rails"]), 1 / float(case["fps"])
        solution = solve_within(reference_problem(name, rails, period, *costs), 600)
        options = (
            f"levels-v=0.9,1.1,1.3 max-rails={rails} fps={case['fps']} "
            f"transition-energy-j={costs[0]} transition-time-s={costs[1]} "
            f"sleep-power-w={costs[2]} {network_options(name)}"
        )
        schedule = run_pf_opt(
            pf_opt, network_shapes(name), f"--powerflow-schedule={options}"
        )
        energy, bound = map(
            float, re.search(r" energy_j (\S+) lower_bound_j (\S+)", schedule).groups()
        )
        optimum = solution.energy_j * JOULE
        expected = (energy, bound, float(case["optimum_energy_j"]))
        failed = not solution.proven or not all(agree(e, optimum) for e in expected)
        failures += failed
        print(
            f"{name}, {case['fps']} fps: {energy!r} J, bound {bound!r} J; HiGHS "
            f"{optimum!r} J, {'proven' if solution.proven else 'not proven'}"
            f"{'; DISAGREE' if failed else ''}",
            flush=True,
        )
    return failures


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pf_opt")
    parser.add_argument("--problems", type=int, default=2000)
    parser.add_argument(
        "--ilp", type=int, default=200, help="how many of them by HiGHS"
    )
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument(
        "--networks", action="store_true", help="the reference networks, too"
    )
    options = parser.parse_args()

    seeds = [*KEPT_SEEDS, *range(options.seed, options.seed + options.problems)]
    failures = infeasible = programs = 0
    for start in range(0, len(seeds), BATCH):
        batch = seeds[start : start + BATCH]
        for seed, (energy, bound) in compile_problems(options.pf_opt, batch).items():
            problem = random_problem(seed)
            expected = {"enumeration": enumerate_optimum(problem)}
            if seed < options.seed + options.ilp:
                expected["HiGHS"] = solve(problem)
                programs += 1
            infeasible += math.isinf(energy)
            for solver, optimum in expected.items():
                if not agree(energy, optimum) or not agree(bound, optimum):
                    failures += 1
                    print(
                        f"seed {seed}: {energy!r} J, bound {bound!r} J, but "
                        f"{optimum!r} J by {solver}"
                    )
    print(
        f"{len(seeds)} problems, {infeasible} of them infeasible; all by enumeration, "
        f"{programs} by HiGHS; {failures} disagreements"
    )
    if options.networks:
        failures += check_networks(options.pf_opt)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
