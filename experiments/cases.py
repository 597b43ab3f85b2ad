# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The instances on which the paper compares its heuristic with an integer program."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pfmlir

from . import published
from .setting import LEVELS_V, NETWORKS, Setting

RAILS = 3
TRANSITION_J, TRANSITION_S = 0.0, 5e-9


@dataclass(frozen=True)
class Case:
    """A network at the levels of a set, with the paper's rate and transitions."""

    network: str
    level_set: str
    fps: float
    tables: pfmlir.CostTables


def all_cases(setting: Setting) -> list[Case]:
    """Return all networks at all level sets."""
    known = published.optima(RAILS)
    return [
        Case(
            name,
            level_set,
            float(known[name, "V3"]["fps"]),
            setting.tables(
                name,
                levels_v=levels_v,
                max_rails=RAILS,
                transition_energy_j=TRANSITION_J,
                transition_time_s=TRANSITION_S,
                sleep_power_w=0.0,
            ),
        )
        for level_set, levels_v in LEVELS_V.items()
        for name in NETWORKS
    ]


def median_s(work: Callable[[], Any], runs: int) -> float:
    """Return the median time of some runs."""
    measured = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        measured.append(time.perf_counter() - start)
    return statistics.median(measured)
