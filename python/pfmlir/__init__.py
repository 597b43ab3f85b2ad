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
    BatteryPlan,
    Change,
    Explanation,
    MemoryUse,
    OperationCount,
    ParetoFront,
    RailChoice,
    Reason,
    Replay,
    Schedule,
    Sensitivity,
    Solution,
    Summary,
    Sweep,
    SweepPoint,
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
    DeadlineMissedError,
    InfeasibleError,
    MissingDependencyError,
    PfmlirError,
    ReplayError,
    UnmodelledError,
    UnsupportedOperationError,
    WrongResultError,
)
from .problem import Axis, CostTables, SleepState, read_voltage_sweep, solve
from .running import Run, replay, run
from .studies import (
    certify,
    choose_rails,
    explain,
    pareto_front,
    plan_battery,
    sensitivity,
    sweep,
)

__all__ = [
    "Answer",
    "Axis",
    "BatteryPlan",
    "Change",
    "CompilationError",
    "CostTables",
    "Explanation",
    "DeadlineMissedError",
    "InfeasibleError",
    "MemoryUse",
    "MissingDependencyError",
    "OperationCount",
    "ParetoFront",
    "PfmlirError",
    "RailChoice",
    "Reason",
    "Replay",
    "ReplayError",
    "Run",
    "Schedule",
    "Sensitivity",
    "SleepState",
    "Solution",
    "Summary",
    "Sweep",
    "SweepPoint",
    "Tail",
    "UnmodelledError",
    "UnsupportedOperationError",
    "WrongResultError",
    "__version__",
    "assign_target",
    "builtin_targets",
    "certify",
    "choose_rails",
    "explain",
    "form_layers",
    "import_model",
    "insert_states",
    "pareto_front",
    "plan_battery",
    "read_voltage_sweep",
    "replay",
    "run",
    "run_pipeline",
    "schedule",
    "select_states",
    "sensitivity",
    "solve",
    "sweep",
    "tabulate_costs",
    "verify_schedule",
]
