# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Proven power schedules for edge AI accelerators.

`schedule` takes a network, of PyTorch or in MLIR, to its schedule of least energy;
the steps in between are functions, too. `solve` searches on bare numbers.
`pfmlir.ir`, `pfmlir.passmanager`, `pfmlir.rewrite` and `pfmlir.dialects` are MLIR's
own Python bindings, with the power dialect among the dialects.
"""

from ._version import __version__
from .answers import (
    Answer,
    Change,
    ParetoFront,
    RailChoice,
    Schedule,
    Sensitivity,
    Solution,
    Sweep,
    SweepPoint,
    SystemSchedule,
    Tail,
)
from .compile import (
    assign_target,
    builtin_targets,
    form_layers,
    import_model,
    insert_states,
    run_pipeline,
    schedule,
    select_states,
    tabulate_costs,
    verify_schedule,
)
from .errors import (
    CompilationError,
    InfeasibleError,
    MissingDependencyError,
    PfmlirError,
    UnsupportedOperationError,
)
from .problem import Axis, CostTables, SleepState, read_voltage_sweep, solve
from .studies import (
    certify,
    choose_rails,
    pareto_front,
    schedule_system,
    sensitivity,
    sweep,
)

__all__ = [
    "Answer",
    "Axis",
    "Change",
    "CompilationError",
    "CostTables",
    "InfeasibleError",
    "MissingDependencyError",
    "ParetoFront",
    "PfmlirError",
    "RailChoice",
    "Schedule",
    "Sensitivity",
    "SleepState",
    "Solution",
    "Sweep",
    "SweepPoint",
    "SystemSchedule",
    "Tail",
    "UnsupportedOperationError",
    "__version__",
    "assign_target",
    "builtin_targets",
    "certify",
    "choose_rails",
    "form_layers",
    "import_model",
    "insert_states",
    "pareto_front",
    "read_voltage_sweep",
    "run_pipeline",
    "schedule",
    "schedule_system",
    "select_states",
    "sensitivity",
    "solve",
    "sweep",
    "tabulate_costs",
    "verify_schedule",
]
