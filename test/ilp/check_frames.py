# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare plans of frames with the enumeration of all schedules, rails and orders.

Usage: check_frames.py [--systems N] [--seed S]. A failure prints its seed; ``--systems
1 --seed S`` repeats it.
"""

import argparse
import math

import pfmlir

from testing.comparing import TOLERANCE, agree
from testing.frames import least_power, random_frames
from testing.problems import Problem
from testing.tables import to_tables

# Seeds of networks that once were planned wrongly, by whatever version.
KEPT_SEEDS: list[int] = []


def plan(networks: list[Problem]) -> tuple[float, float]:
    """Return power and lower bound of a plan; infinite if there is none."""
    try:
        found = pfmlir.plan_frames(
            [to_tables(network) for network in networks],
            period_s=[network.period_s for network in networks],
            tolerance=0.0,
        )
    except pfmlir.InfeasibleError:
        return math.inf, math.inf
    frames = found.frames
    assert (frames["end_s"][:-1] <= frames["start_s"][1:]).all()
    assert (frames["end_s"] <= frames["due_s"] * (1 + TOLERANCE)).all()
    begin_s = frames["frame"] * found.period_s[frames["network"]]
    assert (frames["start_s"] >= begin_s).all()
    return found.power_w, found.lower_bound_w


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--systems", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    options = parser.parse_args()
    seeds = [*KEPT_SEEDS, *range(options.seed, options.seed + options.systems)]
    failures = infeasible = 0
    for seed in seeds:
        networks = random_frames(seed)
        power, bound = plan(networks)
        expected = least_power(networks)
        infeasible += math.isinf(expected)
        if not agree(power, expected) or not agree(bound, expected):
            failures += 1
            print(
                f"seed {seed}: {power!r} W, bound {bound!r} W, but {expected!r} W by "
                "enumeration"
            )
    print(
        f"{len(seeds)} suites of networks, {infeasible} infeasible; "
        f"{failures} disagreements"
    )
    return failures != 0


if __name__ == "__main__":
    raise SystemExit(main())
