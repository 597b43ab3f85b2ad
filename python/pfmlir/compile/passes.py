# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The passes of the compiler, step by step.

Every step takes a module and returns a new one; what it is given stays as it is.
Any pipeline of MLIR's can be run around them: `run_pipeline`.
"""

from collections.abc import Mapping
from typing import Any, Unpack

from .. import ir
from .._options import LayersOptions, ProofOptions
from ..arguments import optional_period
from ..keywords import takes
from ..modules import check_module, copy_module, run_passes
from .options import SelectOptions, Target, WhatIfs, format_pass, read_options
from .targets import name_target


def run_pass(
    module: ir.Module, name: str, options: Mapping[str, Any], what: str
) -> ir.Module:
    """Run a pass with options, as they were read, on a module, which is changed."""
    options = dict(options)
    target = name_target(module, options.pop("target", None))
    if target is not None:
        options["target"] = target
    pipeline = f"builtin.module({format_pass(name, options)})"
    return run_passes(module, pipeline, what)


def run_pipeline(module: ir.Module, pipeline: str) -> ir.Module:
    """Run a pipeline of passes, as MLIR writes them, on a copy of a module.

    Parameters
    ----------
    module
        The module; it stays as it is.
    pipeline
        Such as `"builtin.module(power-form-layers,canonicalize)"`; the passes of
        this package and MLIR's for linear algebra are known.

    Raises
    ------
    ValueError
        The pipeline can't be parsed.
    CompilationError
        A pass refused the module.
    """
    return run_passes(
        copy_module(check_module(module)), pipeline, "the pipeline failed"
    )


@takes(WhatIfs)
def assign_target(
    module: ir.Module, target: Target | None = None, **options: Unpack[WhatIfs]
) -> ir.Module:
    """Choose the accelerator: pass power-assign-target.

    Parameters are described at `schedule`.
    """
    read = read_options({"target": target, **options})
    return run_pass(
        copy_module(check_module(module)),
        "power-assign-target",
        read,
        "no target can be assigned",
    )


@takes(LayersOptions)
def form_layers(module: ir.Module, **options: Unpack[LayersOptions]) -> ir.Module:
    """Group linalg operations into layers: pass power-form-layers.

    Parameters
    ----------
    module
        With a target, as `assign_target` returns it.
    %(options)s
    """
    return run_pass(
        copy_module(check_module(module)),
        "power-form-layers",
        read_options(options),
        "no layers can be formed",
    )


@takes(SelectOptions)
def select_states(
    module: ir.Module,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    **options: Unpack[SelectOptions],
) -> ir.Module:
    """Search for the schedule of least energy: pass power-select-states.

    Parameters are described at `schedule`.
    """
    optional_period(fps, period_s)
    return run_pass(
        copy_module(check_module(module)),
        "power-select-states",
        read_options({"fps": fps, "period_s": period_s, **options}),
        "no schedule was found",
    )


def insert_states(module: ir.Module) -> ir.Module:
    """Write a schedule out as operations: pass power-insert-states."""
    return run_pass(
        copy_module(check_module(module)),
        "power-insert-states",
        {},
        "no states were inserted",
    )


@takes(ProofOptions)
def verify_schedule(module: ir.Module, **options: Unpack[ProofOptions]) -> None:
    """Recompute a schedule from the IR alone: pass power-verify-schedule.

    Parameters
    ----------
    module
        With a schedule, as `insert_states` returns it.
    %(options)s

    Raises
    ------
    CompilationError
        Something in the schedule is not what it says.
    """
    run_pass(
        copy_module(check_module(module)),
        "power-verify-schedule",
        read_options(options),
        "the schedule does not verify",
    )
