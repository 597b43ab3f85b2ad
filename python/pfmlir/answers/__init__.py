# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What comes back: schedules, solutions, fronts and the like, as values.

All are an `Answer`, and have its words. They know neither who found them nor who draws
them.
"""

from .answer import Answer
from .batteries import BatteryPlan
from .explanations import Explanation, Reason
from .explorations import Exploration
from .frames import FramePlan
from .fronts import ParetoFront
from .rails import RailChoice
from .replay import Replay
from .schedule import Schedule, Tail
from .sensitivities import Change, Sensitivity
from .solution import Solution
from .summary import MemoryUse, OperationCount, Summary
from .sweeps import Sweep, SweepPoint
from .systems import SystemSchedule

__all__ = [
    "Answer",
    "BatteryPlan",
    "Change",
    "Explanation",
    "Exploration",
    "FramePlan",
    "MemoryUse",
    "OperationCount",
    "ParetoFront",
    "RailChoice",
    "Reason",
    "Replay",
    "Schedule",
    "Sensitivity",
    "Solution",
    "Summary",
    "Sweep",
    "SweepPoint",
    "SystemSchedule",
    "Tail",
]
