# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a network to its schedule: sources, targets, passes as steps, and all in one.

`sources` makes a module, or tables of costs, of whatever a network is given as; every
function that takes a network asks it.
"""

from .designs import DesignAnswers, Designs, DesignStatus
from .passes import (
    assign_target,
    form_layers,
    insert_states,
    run_pipeline,
    select_states,
    verify_schedule,
)
from .scheduling import schedule, tabulate_costs
from .sources import import_model
from .targets import builtin_targets

__all__ = [
    "DesignAnswers",
    "DesignStatus",
    "Designs",
    "assign_target",
    "builtin_targets",
    "form_layers",
    "import_model",
    "insert_states",
    "run_pipeline",
    "schedule",
    "select_states",
    "tabulate_costs",
    "verify_schedule",
]
