# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare the compiler's cost tables with the published ones, row by row.

Usage: check_tables.py PF_OPT. Prints the largest relative deviation of each
network in energy, time and leakage power; fails above 1e-9.
"""

import re
import sys

from testing.reference.published import largest_deviation
from testing.reference.shapes import (
    load_networks,
    network_options,
    network_shapes,
    run_pf_opt,
)

TOLERANCE = 1e-9
ROW = re.compile(r"\[([^\]]*)\] -> (\S+) J, (\S+) s, (\S+) W")


def compiler_tables(pf_opt: str, name: str) -> list[dict]:
    """Return, per layer, voltages to (joules, seconds, watts)."""
    passes = (
        "builtin.module(power-assign-target{levels-v=0.9,1.1,1.3 "
        + network_options(name)
        + "},power-tabulate-costs)"
    )
    text = run_pf_opt(pf_opt, network_shapes(name), f"--pass-pipeline={passes}")
    return [
        {
            tuple(map(float, row[0].split(","))): tuple(map(float, row[1:]))
            for row in ROW.findall(line)
        }
        for line in text.splitlines()
        if "power.layer" in line
    ]


def main() -> None:
    """Check all networks."""
    for name in load_networks():
        worst = largest_deviation(compiler_tables(sys.argv[1], name), name)
        print(
            f"{name}: energy {worst[0]:.1e}, time {worst[1]:.1e}, "
            f"leakage {worst[2]:.1e} relative"
        )
        if max(worst) > TOLERANCE:
            raise SystemExit(f"{name} deviates by more than {TOLERANCE}")


if __name__ == "__main__":
    main()
