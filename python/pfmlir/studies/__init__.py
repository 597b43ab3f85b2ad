# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Questions that take many schedules: fronts, rails, sensitivities, reasons, sweeps,
spaces, proofs, plans.

Each takes networks as `schedule` does, and returns an answer of `pfmlir.answers`.
"""

from .batteries import plan_battery
from .certificates import certify
from .explanations import explain
from .explorations import explore, parameters, read_exploration
from .frames import plan_frames
from .fronts import pareto_front
from .joint_certificates import certify_rails
from .rails import choose_rails
from .sensitivities import sensitivity
from .sweeps import sweep
from .systems import schedule_system

__all__ = [
    "certify",
    "certify_rails",
    "choose_rails",
    "explain",
    "explore",
    "parameters",
    "pareto_front",
    "plan_battery",
    "plan_frames",
    "read_exploration",
    "schedule_system",
    "sensitivity",
    "sweep",
]
