# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Questions that take many schedules: fronts, rails, sensitivities, sweeps, proofs.

Each takes networks as `schedule` does, and returns an answer of `pfmlir.answers`.
"""

from .certificates import certify
from .fronts import pareto_front
from .rails import choose_rails
from .sensitivities import sensitivity
from .sweeps import sweep
from .systems import schedule_system

__all__ = [
    "certify",
    "choose_rails",
    "pareto_front",
    "schedule_system",
    "sensitivity",
    "sweep",
]
