# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare systems of networks, and dies that differ, with two independent solvers.

Usage: check_systems.py PF_OPT [--systems N] [--ilp N] [--seed S]. Every system is
scheduled, and its bound proven again, as it is; with dies that differ, by one schedule
for all of them; and by one for each. All are enumerated, and the first ones are also
solved by HiGHS, on every set of rails. A failure prints its seed; ``--systems 1 --seed
S`` repeats it.
"""

import argparse
import math

from testing.comparing import agree, compile_all
from testing.ilp import solve as solve_by_highs
from testing.systems import optimum, random_system

BATCH = 200
# Seeds of systems that once were scheduled wrongly, by whatever version.
KEPT_SEEDS: list[int] = []
# What is asked: whether dies differ, and whether each kind has its own schedule.
QUESTIONS = {"as it is": (False, False), "robust": (True, False), "bins": (True, True)}


def compile_systems(
    pf_opt: str, seeds: list[int], with_corners: bool, by_corner: bool
) -> dict[int, tuple[float, float]]:
    """Return power and lower bound of each system; infinite where there is none."""
    options = "prove-bound=true" + (" by-corner=true" if by_corner else "")
    return compile_all(
        pf_opt,
        f"--powerflow-schedule={options}",
        {s: random_system(s, with_corners).to_mlir(f"s{s}") for s in seeds},
        r"power\.system @s(\d+) on @target .*power_w (\S+) lower_bound_w (\S+)",
        r"error: .* @s(\d+)(?:_\w+)? (?:can't run|has no schedule|has no \d+ levels)",
    )


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pf_opt")
    parser.add_argument("--systems", type=int, default=1000)
    parser.add_argument(
        "--ilp", type=int, default=100, help="how many of them by HiGHS"
    )
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    options = parser.parse_args()
    seeds = [*KEPT_SEEDS, *range(options.seed, options.seed + options.systems)]
    failures = infeasible = programs = 0
    for name, (with_corners, by_corner) in QUESTIONS.items():
        for start in range(0, len(seeds), BATCH):
            batch = seeds[start : start + BATCH]
            answers = compile_systems(options.pf_opt, batch, with_corners, by_corner)
            for seed, (power, bound) in answers.items():
                system = random_system(seed, with_corners)
                expected = {"enumeration": optimum(system, by_corner)}
                infeasible += math.isinf(power)
                if seed < options.seed + options.ilp:
                    expected["HiGHS"] = optimum(system, by_corner, solve_by_highs)
                    programs += 1
                for solver, least in expected.items():
                    if not agree(power, least) or not agree(bound, least):
                        failures += 1
                        print(
                            f"seed {seed}, {name}: {power!r} W, bound {bound!r} W, "
                            f"but {least!r} W by {solver}"
                        )
    print(
        f"{len(seeds)} systems, {len(QUESTIONS)} questions of each, {infeasible} "
        f"infeasible; all by enumeration, {programs} by HiGHS; "
        f"{failures} disagreements"
    )
    return failures != 0


if __name__ == "__main__":
    raise SystemExit(main())
