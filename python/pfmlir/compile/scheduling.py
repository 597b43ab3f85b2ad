# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a source, in one call, to its costs or to its schedule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack, overload

from .. import ir
from .._options import LayersOptions
from ..answers.schedule import Schedule
from ..answers.solution import Solution
from ..arguments import optional_period, required_period
from ..dialects import power
from ..errors import translate_mlir_error
from ..keywords import select, takes
from ..modules import copy_module
from ..problem.tables import CostTables
from .options import (
    AssignOptions,
    CostOptions,
    ScheduleOptions,
    SelectOptions,
    read_options,
)
from .passes import assign_target, form_layers, run_pass
from .sources import ModelSource, Network, Source, resolve
from .targets import chosen_target


def _refuse(names: Iterable[str]) -> None:
    """Raise TypeError if there is an option that tables of costs can't be asked."""
    for name in names:
        raise TypeError(
            f"{name}: expected none with pfmlir.CostTables, which are what layers cost "
            "on a target"
        )


def _tabulate(module: ir.Module) -> CostTables:
    try:
        return CostTables.from_module(module)
    except ir.MLIRError as error:
        raise translate_mlir_error(error, "no costs can be computed") from None


def _has_layers(module: ir.Module) -> bool:
    """Whether a module is on a target, and its operations in layers."""
    return chosen_target(module) is not None and any(
        isinstance(op, power.LayerOp)
        for function in module.body.operations
        if "power.target" in function.attributes
        for block in function.regions[0]
        for op in block.operations
    )


def as_layers(network: ir.Module, read: Mapping[str, Any]) -> ir.Module:
    """Return a network's layers on an accelerator, with options as they were read.

    What is on a target and in layers is taken as it is, but for what is asked.
    """
    is_formed = _has_layers(network)
    on_target, in_layers = (
        select(read, kind) for kind in (AssignOptions, LayersOptions)
    )
    if on_target or not is_formed:
        network = assign_target(network, **on_target)
    if in_layers or not is_formed:
        network = form_layers(network, **in_layers)
    return network


def as_tables(network: Network, read: Mapping[str, Any]) -> CostTables:
    """Return what a network's layers cost, with options as they were read."""
    if isinstance(network, CostTables):
        _refuse(name for name in read if name != "max_rails")
        return replace(network, **read) if read else network
    return _tabulate(as_layers(network, read))


@takes(CostOptions)
def tabulate_costs(
    source: Source,
    inputs: Sequence[Any] | None = None,
    **options: Unpack[CostOptions],
) -> CostTables:
    """Return what every layer costs in every state, as arrays.

    Parameters
    ----------
    source, inputs
        The network; see `import_model`. A module of layers on a target, as
        `form_layers` returns it, is taken as it is.
    **options
        The accelerator, and what-ifs of it, as of `schedule`.

    Examples
    --------
    >>> import pfmlir
    >>> network = '''
    ... func.func @net() {
    ...   power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
    ...   return
    ... }
    ... '''
    >>> pfmlir.tabulate_costs(network, levels_v=[0.9, 1.1])
    <CostTables: 1 layers, 8 states of sys, weight, feeder at 2 levels>
    """
    read = read_options(options)
    return as_tables(resolve(source, inputs, function=read.get("function")), read)


def schedule_network(
    network: Network,
    fps: float | None,
    period_s: float | None,
    options: Mapping[str, Any],
) -> Schedule | Solution:
    """Schedule what a source came to, which stays as it is; see `schedule`."""
    read = read_options(options)
    optional_period(fps, period_s)
    if isinstance(network, CostTables):
        allowed = {"max_rails", *SelectOptions.__annotations__}
        _refuse(name for name in read if name not in allowed)
        return network.solve(period_s=required_period(fps, period_s), **read)
    module = run_pass(
        copy_module(network),
        "powerflow-schedule",
        read | read_options({"fps": fps, "period_s": period_s}),
        "the network can't be scheduled",
    )
    return Schedule.from_module(module)


@overload
def schedule(
    source: CostTables,
    inputs: None = None,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    with_weights: bool = False,
    **options: Unpack[ScheduleOptions],
) -> Solution: ...


@overload
def schedule(
    source: ModelSource,
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    with_weights: bool = False,
    **options: Unpack[ScheduleOptions],
) -> Schedule: ...


@takes(ScheduleOptions)
def schedule(
    source: Source,
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    with_weights: bool = False,
    **options: Unpack[ScheduleOptions],
) -> Schedule | Solution:
    """Schedule a network for least energy: pipeline powerflow-schedule.

    Parameters
    ----------
    source, inputs, with_weights
        The network; see `import_model`; `function` is also what to call the function of
        a PyTorch model. Or `CostTables`, which have no IR: their answer
        is what `CostTables.solve` returns, and of the options they take `max_rails`
        and those of the search.
    fps, period_s : float, optional
        Inferences a second, or seconds from one to the next. With neither, what the
        module says, or else the network's time at nominal voltage; tables need one.
    target : optional
        A built-in target's name, a symbol of the module, the path of a file, MLIR
        text, a `pfmlir.ir.Module` with one `power.target`, or a `power.TargetOp`. By
        default the module's own, or else pf40_keep.
    %(options)s

    Returns
    -------
    Schedule
        Or, of tables, a Solution.

    Notes
    -----
    Other threads of Python run meanwhile, and Ctrl-C ends the search within a tenth of
    a second. To cost all states, and the baselines, comes on top of `time_limit_s`.

    Raises
    ------
    InfeasibleError
        No schedule keeps the deadline; it says what could.
    CompilationError
        The compiler refused its input; the message says where and why.
    UnsupportedOperationError, MissingDependencyError
        See `import_model`.
    TypeError, ValueError
        An argument is not as described; the message names it.
    KeyboardInterrupt
        Ctrl-C ends the search.

    Examples
    --------
    >>> import pfmlir
    >>> network = '''
    ... func.func @net() {
    ...   power.layer "conv1" workload #power.conv2d<
    ...     input = [3, 224, 224], output_channels = 64, kernel = [3, 3],
    ...     strides = [2, 2]>
    ...   power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
    ...   return
    ... }
    ... '''
    >>> schedule = pfmlir.schedule(network, fps=100)
    >>> schedule.is_optimal, [float(rail) for rail in schedule.rails_v]
    (True, [0.9])
    """
    # Before a model is imported, which takes seconds.
    read: Any = read_options(options)
    optional_period(fps, period_s)
    network = resolve(
        source, inputs, function=read.get("function"), with_weights=with_weights
    )
    return schedule_network(network, fps, period_s, read)
