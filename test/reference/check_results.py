# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare the compiler's schedules with published and proven energies.

Usage: check_results.py PF_OPT. Checks the proven optima of results.csv, what the
public implementation of the paper's heuristic finds, its baselines, and that a
memory that is left open gets the size that the paper gives it.
"""

import csv
import re
import sys

from testing.reference import FOLDER
from testing.reference.published import BASELINES, LAMBDA_DP, LAMBDA_DP_UNREFINED
from testing.reference.shapes import network_options, network_shapes, run_pf_opt

LEVELS = {
    "V3": "0.9,1.1,1.3",
    "V4": "0.9,1.0,1.1,1.2,1.3",
    "V5": "0.9,1.0,1.1,1.2,1.25,1.3",
}

# The proven optima are given to 13 digits, everything else to 10.
TOLERANCE = 1e-9


def schedule(name: str, options: str) -> str:
    """Return the IR of a scheduled network."""
    return run_pf_opt(
        sys.argv[1], network_shapes(name), f"--powerflow-schedule={options}"
    )


def summary_number(text: str, key: str) -> float:
    """Return a number of the power.schedule operation."""
    summary = text[text.index("power.schedule") :]
    # A reference is a dictionary, with what it differs in first.
    start = rf"\b{key} (?:= )?(?:{{differs_in = \[[^\]]*\], energy_j = )?"
    return float(re.search(rf"{start}([-+\d.Ee]+)", summary)[1])


def compare(what: str, got: float, expected: float) -> None:
    """Fail unless two energies agree."""
    deviation = got / expected - 1
    print(f"{what}: {got:.12e} J, {deviation:+.1e} from the reference")
    if abs(deviation) > TOLERANCE:
        raise SystemExit(f"expected {expected:.12e} J")


def case_options(case: dict) -> str:
    """Return the options that make a row of results.csv."""
    return (
        f"levels-v={LEVELS[case['levels']]} max-rails={case['max_rails']} "
        f"fps={case['fps']} transition-energy-j={case['transition_energy_j']} "
        f"transition-time-s={case['transition_time_s']} "
        f"sleep-power-w={case['sleep_power_w']} " + network_options(case["network"])
    )


def check_case(case: dict) -> None:
    """Check one row of results.csv, and the heuristics on it."""
    name, levels = case["network"], case["levels"]
    what = f"{name} {levels} {case['fps']} fps"
    optimum = float(case["optimum_energy_j"])
    text = schedule(name, case_options(case))
    compare(f"{what} exact", summary_number(text, "energy_j"), optimum)
    compare(f"{what} bound", summary_number(text, "lower_bound_j"), optimum)
    for search, known in (
        ("lambda-dp", LAMBDA_DP),
        ("lambda-dp-unrefined", LAMBDA_DP_UNREFINED),
        ("greedy", {}),
    ):
        text = schedule(name, f"{case_options(case)} search={search}")
        energy = summary_number(text, "energy_j")
        if (name, levels) in known and int(case["max_rails"]) == 3:
            compare(f"{what} {search}", energy, known[name, levels])
        if energy < optimum * (1 - TOLERANCE):
            raise SystemExit(f"{search} is below the proven optimum: {energy} J")
        if summary_number(text, "lower_bound_j") > optimum * (1 + TOLERANCE):
            raise SystemExit(f"the bound beside {search} exceeds the optimum")


def check_baselines(name: str) -> None:
    """Check the four baselines of a network."""
    rate, *energies = BASELINES[name]
    text = schedule(name, f"fps={rate} {network_options(name)}")
    keys = ("nominal", "nominal_gated", "greedy", "greedy_gated")
    for key, expected in zip(keys, energies, strict=True):
        compare(f"{name} {rate} fps {key}", summary_number(text, key), expected)


def check_open_memories(name: str) -> None:
    """Check that memories of no stated size get the paper's."""
    rate = BASELINES[name][0]
    options = re.sub("banks=[^ ]+", "", network_options(name))
    open_sizes = schedule(name, f"fps={rate} {options}")
    given_sizes = schedule(name, f"fps={rate} {network_options(name)}")
    for key in ("energy_j", "nominal"):
        compare(
            f"{name} {key} with open memories",
            summary_number(open_sizes, key),
            summary_number(given_sizes, key),
        )


def check_time_limit(name: str) -> None:
    """Check that a search that is stopped at once has a schedule and a bound."""
    options = f"fps={BASELINES[name][0]} {network_options(name)}"
    optimum = summary_number(schedule(name, options), "energy_j")
    text = schedule(name, f"{options} time-limit-s=1e-9")
    energy = summary_number(text, "energy_j")
    bound = summary_number(text, "lower_bound_j")
    print(f"{name} stopped at once: {bound:.6e} J <= {optimum:.6e} J <= {energy:.6e} J")
    if not bound <= optimum * (1 + TOLERANCE) or energy < optimum * (1 - TOLERANCE):
        raise SystemExit("the optimum is not between bound and energy")


def main() -> None:
    """Check everything."""
    with open(FOLDER / "results.csv", newline="") as file:
        for case in csv.DictReader(file):
            check_case(case)
    for name in BASELINES:
        check_baselines(name)
        check_time_limit(name)
    # SqueezeNet's memories are not what its layers need.
    for name in ("resnet18", "mobilenetv3_small", "mobilevit_xxs"):
        check_open_memories(name)


if __name__ == "__main__":
    main()
