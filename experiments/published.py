# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What was published, and where; and what the public artifact finds.

The paper's numbers are those of the abstracts of both versions of arXiv 2603.23882:
the figures of its body have no numbers to read. The artifact's are in
testing/reference, and the tests of the compiler compare with them, too.
"""

import csv

from testing.reference import FOLDER
from testing.reference.published import BASELINES, LAMBDA_DP, LAMBDA_DP_UNREFINED

# By version of the paper: how far the heuristic is above the integer program's
# optimum, and what it saves against no orchestration, at most, relative.
ORACLE_GAP = {"v1": 0.0068, "v2": 0.0004}
SAVING = {"v1": 0.37, "v2": 0.48}
# Both versions: time without pruning in units of that with it, at most; and the power
# of ten that there are more schedules than.
PRUNING_SPEEDUP = 2.14
SPACE_POWER = 160

# The artifact's baselines, in the order of BASELINES.
BASELINE_METHODS = ("nominal", "nominal_gated", "greedy", "greedy_gated")

__all__ = [
    "BASELINES",
    "BASELINE_METHODS",
    "LAMBDA_DP",
    "LAMBDA_DP_UNREFINED",
    "ORACLE_GAP",
    "PRUNING_SPEEDUP",
    "SAVING",
    "SPACE_POWER",
    "apart",
    "claims",
    "optima",
]


def claims(by_version: dict[str, float]) -> str:
    """Return what both versions of the paper say."""
    return ", ".join(
        f"{100 * value:.3g} % ({version})" for version, value in by_version.items()
    )


def apart(ours: float, by_version: dict[str, float], digits: int = 1) -> str:
    """Return how far a part of one is from what both versions say."""
    text = ", ".join(
        f"{100 * (ours - value):+.{digits}f} points ({version})"
        for version, value in by_version.items()
    )
    return text.replace("-", "−")  # noqa: RUF001


def optima(max_rails: int) -> dict[tuple[str, str], dict[str, str]]:
    """Return the proven optima of results.csv, by network and level set."""
    with open(FOLDER / "results.csv", newline="") as file:
        return {
            (case["network"], case["levels"]): case
            for case in csv.DictReader(file)
            if int(case["max_rails"]) == max_rails
        }
