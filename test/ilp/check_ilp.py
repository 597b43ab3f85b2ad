# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare the compiler's optima with enumeration and with an integer program.

Usage: check_ilp.py PF_OPT [--problems N] [--ilp N] [--seed S]. Every problem is
solved by enumeration, the first ones also by HiGHS. A failure prints its seed;
``--problems 1 --seed S`` repeats it.
"""

import argparse
import math
import re
import subprocess
import sys

from ilp import solve
from problems import enumerate_optimum, random_problem, to_mlir

TOLERANCE = 1e-9
BATCH = 500
# Seeds of problems that once were solved wrongly, by whatever version.
KEPT_SEEDS: list[int] = []


def compile_all(pf_opt: str, seeds: list[int]) -> dict[int, tuple[float, float]]:
    """Return energy and lower bound of each problem; infinite where there is none."""
    text = "\n// -----\n".join(to_mlir(random_problem(s), f"p{s}") for s in seeds)
    result = subprocess.run(
        [pf_opt, "--powerflow-schedule", "--split-input-file"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    found = {
        int(seed): (float(energy), float(bound))
        for seed, energy, bound in re.findall(
            r"power\.schedule of @p(\d+) .* energy_j (\S+) lower_bound_j (\S+)",
            result.stdout,
        )
    }
    for seed in re.findall(r"@p(\d+) (?:can't run|has no schedule)", result.stderr):
        found[int(seed)] = (math.inf, math.inf)
    missing = set(seeds) - set(found)
    if missing:
        raise SystemExit(f"no answer for seeds {sorted(missing)}: {result.stderr}")
    return found


def agree(a: float, b: float) -> bool:
    """Return whether two energies are the same."""
    return a == b or abs(a - b) <= TOLERANCE * max(abs(a), abs(b))


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pf_opt")
    parser.add_argument("--problems", type=int, default=2000)
    parser.add_argument(
        "--ilp", type=int, default=200, help="how many of them by HiGHS"
    )
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    options = parser.parse_args()

    seeds = [*KEPT_SEEDS, *range(options.seed, options.seed + options.problems)]
    failures = infeasible = programs = 0
    for start in range(0, len(seeds), BATCH):
        batch = seeds[start : start + BATCH]
        for seed, (energy, bound) in compile_all(options.pf_opt, batch).items():
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
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
