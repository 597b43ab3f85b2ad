# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is solved: costs of layers in states, as arrays, and the searches on them.

Knows nothing of networks or passes; what it finds is a `pfmlir.answers.Solution`.
"""

from .arrays import SleepState
from .axes import Axis
from .solver import solve
from .tables import CostTables
from .voltage_sweeps import read_voltage_sweep

__all__ = ["Axis", "CostTables", "SleepState", "read_voltage_sweep", "solve"]
