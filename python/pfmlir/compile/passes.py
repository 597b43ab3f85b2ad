# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a network to its schedule, in one call or step by step.

Every step takes a module and returns a new one; what it is given stays as it is.
The steps are the passes of the compiler, and any pipeline of MLIR's can be run
around them: `run_pipeline`.
"""

import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from .. import ir
from ..answers.schedule import Schedule
from ..arguments import count, fraction, positive, quantity
from ..dialects import power
from ..errors import (
    CompilationError,
    PfmlirError,
    UnsupportedOperationError,
    translate_mlir_error,
)
from ..passmanager import PassManager
from ..problem.solver import SEARCHES as SOLVER_SEARCHES
from ..problem.tables import CostTables

if TYPE_CHECKING:
    import torch

    Source = (
        torch.nn.Module
        | torch.export.ExportedProgram
        | ir.Module
        | str
        | os.PathLike[str]
        | Any
    )
    Target = str | os.PathLike[str] | ir.Module | power.TargetOp

SEARCHES = (*SOLVER_SEARCHES, "greedy", "nominal")
# Keywords of `schedule` that limit the exact search.
LIMITS = ("time_limit_s", "gap", "memory_limit_bytes", "threads")
GATINGS = ("none", "sram", "bank")


def builtin_targets() -> dict[str, str]:
    """Return the targets that come with the compiler, as MLIR text by name.

    >>> import pfmlir
    >>> list(pfmlir.builtin_targets())
    ['pf40']
    """
    return dict(power.builtin_targets())


# ---------------------------------------------------------------------------
# Modules
# ---------------------------------------------------------------------------


def _parse(text: str | bytes, context: ir.Context, what: str) -> ir.Module:
    try:
        return ir.Module.parse(text, context)
    except ir.MLIRError as error:
        raise translate_mlir_error(error, f"{what} is not valid MLIR") from None


def _parse_file(path: Path, context: ir.Context) -> ir.Module:
    # Opened here for Python's own errors, read there for its locations.
    with path.open("rb"):
        pass
    try:
        return ir.Module.parseFile(str(path), context)
    except ir.MLIRError as error:
        raise translate_mlir_error(error, f"'{path}' is not valid MLIR") from None


def _parse_torch(text: str, context: ir.Context) -> ir.Module:
    """Parse torch-mlir's output, which can have dialects that are not here."""
    from .export import unsupported_operations

    try:
        return _parse(text, context, "torch-mlir's output")
    except CompilationError as error:
        names = unsupported_operations(str(error))
        if '!"torch"<' in str(error) or "'torch." in str(error):
            raise CompilationError(
                "expected linalg on tensors, but got torch-mlir's torch dialect; its "
                'output_type="linalg-on-tensors" lowers it'
            ) from None
        if not names:
            raise
        raise UnsupportedOperationError(
            "expected linalg on tensors, but torch-mlir's module has: "
            + ", ".join(names),
            names,
        ) from None


def _copy(module: ir.Module, context: ir.Context | None = None) -> ir.Module:
    """Return a copy, locations and all, in the same context or in another."""
    if context is not None and context != module.context:
        stream = io.BytesIO()
        module.operation.write_bytecode(stream)
        return ir.Module.parse(stream.getvalue(), context)
    # Not by way of a text or bytecode: a context has each weight once, and what is
    # read again would have other names for them.
    copy = ir.Module.create(module.operation.location)
    for name in module.operation.attributes:
        copy.operation.attributes[name] = module.operation.attributes[name]
    end = ir.InsertionPoint(copy.body)
    for operation in module.body.operations:
        operation.operation.clone(ip=end)
    return copy


def is_text(source: str) -> bool:
    """Whether a string is MLIR, and not a path or a name."""
    if "\n" in source:
        return True
    return not source.endswith((".mlir", ".mlirbc")) and (
        "(" in source or "{" in source
    )


def _is_torch(source: object) -> bool:
    """Whether something is a model of PyTorch's; doesn't import torch."""
    return any(
        (kind.__module__ or "").split(".")[0] == "torch"
        for kind in type(source).__mro__
    )


def _is_torch_mlir(source: object) -> bool:
    return any(
        (kind.__module__ or "").split(".")[0] == "torch_mlir"
        for kind in type(source).__mro__
    )


def import_model(
    source: "Source",
    inputs: Sequence[Any] | None = None,
    *,
    function: str = "main",
    with_weights: bool = False,
    context: ir.Context | None = None,
) -> ir.Module:
    """Bring a network into the compiler.

    Parameters
    ----------
    source
        A `torch.nn.Module` in evaluation mode with its example `inputs`, a
        `torch.export.ExportedProgram`, a module of torch-mlir's, a module of
        `pfmlir.ir`, MLIR text, or the path of an MLIR file. A string of one line is a
        path if it ends in `.mlir` or `.mlirbc`, or if nothing in it is in brackets or
        braces.
    inputs
        Positional arguments of the model's `forward`; their shapes become the
        network's.
    function
        What to call the function of a PyTorch model.
    with_weights
        Whether a PyTorch model brings its weights, bit by bit. A schedule needs
        none of them, and they are megabytes.
    context
        Where the module is to live; a new one by default, or the module's own.

    Returns
    -------
    pfmlir.ir.Module
        Linalg on tensors, where the source was PyTorch. Layers are named after
        the submodules that they come from, in the locations of operations.

    Raises
    ------
    CompilationError
        The source is not valid MLIR.
    UnsupportedOperationError
        torch-mlir doesn't know some operation of the model.
    MissingDependencyError
        The source is a PyTorch model, but torch-mlir is not installed.
    """
    if context is not None and not isinstance(context, ir.Context):
        raise TypeError(
            f"context: expected a pfmlir.ir.Context, but got {type(context)!r}"
        )
    if inputs is not None and not _is_torch(source):
        raise TypeError("inputs: expected only with a torch.nn.Module")
    if isinstance(source, ir.Module):
        return _copy(source, context)
    context = context or ir.Context()
    if _is_torch_mlir(source):
        from .export import print_module

        return _parse_torch(print_module(source, with_weights=with_weights), context)
    if _is_torch(source):
        from .export import export_linalg

        text = export_linalg(
            source, inputs, function_name=function, with_weights=with_weights
        )
        return _parse_torch(text, context)
    if isinstance(source, str) and not source:
        raise ValueError("expected a network, but got ''")
    if isinstance(source, str) and is_text(source):
        return _parse(source, context, "the text")
    if isinstance(source, str | os.PathLike):
        return _parse_file(Path(source), context)
    raise TypeError(
        "expected a torch.nn.Module, a torch.export.ExportedProgram, a module of "
        "torch-mlir or of pfmlir.ir, MLIR text or a path, but got "
        f"{type(source)!r}"
    )


# ---------------------------------------------------------------------------
# Options of passes
# ---------------------------------------------------------------------------


def _symbol(name: str, value: Any) -> str:
    """Return a name that options of passes can hold as it is."""
    if not isinstance(value, str) or not re.fullmatch(r"[\w.$-]+", value):
        raise ValueError(f"{name}: expected the name of a memory, but got {value!r}")
    return value


def _quote(value: str) -> str:
    """Return a string as the value of an option of a pass."""
    if not value or any(character in value for character in " ,{}\"'\n"):
        if "'" in value or "\n" in value:
            raise ValueError(f"expected no quotes or line ends, but got {value!r}")
        return f"'{value}'"
    return value


def _format(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list):
        return ",".join(_format(each) for each in value)
    return _quote(str(value))


def _numbers(name: str, values: Iterable[float]) -> list[float]:
    try:
        array = numpy.asarray(list(values), dtype=numpy.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected numbers, but got {values!r}") from None
    if array.ndim != 1 or not array.size or not numpy.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, but got {values!r}")
    return [float(value) for value in array]


def _one_of(name: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        raise ValueError(f"{name}: expected one of {choices}, but got {value!r}")
    return value


def _target_options(
    function: str | None,
    levels_v: Iterable[float] | None,
    max_rails: int | None,
    gating: str | None,
    gating_granularity: int | None,
    transition_energy_j: float | None,
    transition_time_s: float | None,
    sleep_power_w: float | None,
    sleep: bool,
    banks: Mapping[str, int] | None,
    reduction_chunk: int | None,
) -> dict[str, Any]:
    """Return the options of power-assign-target, but for the target."""
    options: dict[str, Any] = {}
    if function is not None:
        options["function"] = function
    if levels_v is not None:
        options["levels-v"] = _numbers("levels_v", levels_v)
    if max_rails is not None:
        options["max-rails"] = count("max_rails", max_rails)
    if gating is not None:
        options["gating"] = _one_of("gating", gating, GATINGS)
    if gating_granularity is not None:
        options["gating-granularity"] = count("gating_granularity", gating_granularity)
    for name, value in (
        ("transition_energy_j", transition_energy_j),
        ("transition_time_s", transition_time_s),
        ("sleep_power_w", sleep_power_w),
    ):
        if value is not None:
            options[name.replace("_", "-")] = quantity(name, value)
    if not isinstance(sleep, bool):
        raise TypeError(f"sleep: expected True or False, but got {sleep!r}")
    if not sleep:
        options["sleep"] = False
    if banks is not None:
        options["banks"] = [
            f"{_symbol('banks', memory)}:{count(f'banks[{memory!r}]', number)}"
            for memory, number in banks.items()
        ]
    if reduction_chunk is not None:
        options["reduction-chunk"] = count("reduction_chunk", reduction_chunk)
    return options


def _search_options(
    fps: float | None,
    period_s: float | None,
    search: str,
    time_limit_s: float | None,
    gap: float,
    memory_limit_bytes: int | None,
    threads: int,
) -> dict[str, Any]:
    """Return the options of power-select-states."""
    if fps is not None and period_s is not None:
        raise ValueError("fps, period_s: expected one of them, but got both")
    options: dict[str, Any] = {}
    if fps is not None:
        options["fps"] = positive("fps", fps)
    if period_s is not None:
        options["period-s"] = positive("period_s", period_s)
    if _one_of("search", search, SEARCHES) != "exact":
        options["search"] = search
    if time_limit_s is not None:
        options["time-limit-s"] = positive("time_limit_s", time_limit_s)
    if fraction("gap", gap) != 0:
        options["gap"] = float(gap)
    if memory_limit_bytes is not None:
        options["memory-limit-bytes"] = count(
            "memory_limit_bytes", memory_limit_bytes, most=2**63 - 1
        )
    if count("threads", threads) != 1:
        options["threads"] = threads
    return options


def _pass(name: str, options: Mapping[str, Any]) -> str:
    if not options:
        return name
    text = " ".join(f"{key}={_format(value)}" for key, value in options.items())
    return f"{name}{{{text}}}"


# ---------------------------------------------------------------------------
# Running passes
# ---------------------------------------------------------------------------


def _run(module: ir.Module, passes: str, what: str) -> ir.Module:
    """Run passes on a module, which is changed."""
    with module.context:
        manager = PassManager.parse(f"builtin.module({passes})")
        try:
            power.run_passes(manager, module.operation)
        except ir.MLIRError as error:
            raise translate_mlir_error(error, what) from None
    return module


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
    module = _copy(_check_module(module))
    with module.context:
        manager = PassManager.parse(pipeline)
        try:
            power.run_passes(manager, module.operation)
        except ir.MLIRError as error:
            raise translate_mlir_error(error, "the pipeline failed") from None
    return module


def _check_module(module: Any) -> ir.Module:
    if not isinstance(module, ir.Module):
        raise TypeError(
            f"module: expected a pfmlir.ir.Module, but got {type(module)!r}; "
            "pfmlir.import_model makes one"
        )
    return module


def find_targets(module: ir.Module) -> dict[str, power.TargetOp]:
    """Return the targets of a module by name; they live as long as it does."""
    return {
        ir.StringAttr(op.attributes["sym_name"]).value: op
        for op in module.body.operations
        if isinstance(op, power.TargetOp)
    }


def _name_target(module: ir.Module, target: "Target | None") -> str | None:
    """Return what option `target` is to say, and put the target in the module."""
    if target is None:
        return None
    if isinstance(target, os.PathLike):
        return os.fspath(target)
    if isinstance(target, str) and not target:
        raise ValueError("target: expected a name, a path or MLIR text, but got ''")
    if isinstance(target, str) and not is_text(target):
        return target
    if isinstance(target, str):
        source = _parse(target, module.context, "the target")
    elif isinstance(target, ir.Module):
        source = _copy(target, module.context)
    elif isinstance(target, power.TargetOp):
        text = target.operation.get_asm(enable_debug_info=True)
        source = _parse(text, module.context, "the target")
    else:
        raise TypeError(
            "target: expected a name, a path, MLIR text, a pfmlir.ir.Module or a "
            f"power.TargetOp, but got {type(target)!r}"
        )
    found = find_targets(source)
    if len(found) != 1:
        raise PfmlirError(
            f"target: expected a module with one power.target, but got {len(found)}"
        )
    ((name, op),) = found.items()
    known = find_targets(module)
    if name in known:
        known[name].erase()
    op.operation.clone(ip=ir.InsertionPoint.at_block_begin(module.body))
    return name


def assign_target(
    module: ir.Module,
    target: "Target | None" = None,
    *,
    function: str | None = None,
    levels_v: Iterable[float] | None = None,
    max_rails: int | None = None,
    gating: str | None = None,
    gating_granularity: int | None = None,
    transition_energy_j: float | None = None,
    transition_time_s: float | None = None,
    sleep_power_w: float | None = None,
    sleep: bool = True,
    banks: Mapping[str, int] | None = None,
    reduction_chunk: int | None = None,
) -> ir.Module:
    """Choose the accelerator: pass power-assign-target.

    Parameters are described at `schedule`.
    """
    module = _copy(_check_module(module))
    name = _name_target(module, target)
    options = _target_options(
        function,
        levels_v,
        max_rails,
        gating,
        gating_granularity,
        transition_energy_j,
        transition_time_s,
        sleep_power_w,
        sleep,
        banks,
        reduction_chunk,
    )
    if name is not None:
        options["target"] = name
    return _run(
        module, _pass("power-assign-target", options), "no target can be assigned"
    )


def form_layers(module: ir.Module, *, skip_vector_layers: bool = False) -> ir.Module:
    """Group linalg operations into layers: pass power-form-layers.

    Parameters
    ----------
    module
        With a target, as `assign_target` returns it.
    skip_vector_layers
        Leave layers that compute a single position uncosted: squeeze-excite blocks
        and classifier heads.
    """
    options = {"skip-vector-layers": True} if skip_vector_layers else {}
    return _run(
        _copy(_check_module(module)),
        _pass("power-form-layers", options),
        "no layers can be formed",
    )


def tabulate_costs(module: ir.Module) -> CostTables:
    """Return what every layer costs in every state, as arrays.

    Parameters
    ----------
    module
        Layers on a target, as `form_layers` returns it.
    """
    try:
        return CostTables.from_module(_check_module(module))
    except ir.MLIRError as error:
        raise translate_mlir_error(error, "no costs can be computed") from None


def select_states(
    module: ir.Module,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    search: str = "exact",
    time_limit_s: float | None = None,
    gap: float = 0.0,
    memory_limit_bytes: int | None = None,
    threads: int = 1,
) -> ir.Module:
    """Search for the schedule of least energy: pass power-select-states.

    Parameters are described at `schedule`.
    """
    options = _search_options(
        fps, period_s, search, time_limit_s, gap, memory_limit_bytes, threads
    )
    return _run(
        _copy(_check_module(module)),
        _pass("power-select-states", options),
        "no schedule was found",
    )


def insert_states(module: ir.Module) -> ir.Module:
    """Write a schedule out as operations: pass power-insert-states."""
    return _run(
        _copy(_check_module(module)), "power-insert-states", "no states were inserted"
    )


def verify_schedule(module: ir.Module) -> None:
    """Recompute a schedule from the IR alone: pass power-verify-schedule.

    Raises
    ------
    CompilationError
        Something in the schedule is not what it says.
    """
    _run(
        _copy(_check_module(module)),
        "power-verify-schedule",
        "the schedule does not verify",
    )


def schedule(
    source: "Source",
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    target: "Target | None" = None,
    function: str | None = None,
    levels_v: Iterable[float] | None = None,
    max_rails: int | None = None,
    gating: str | None = None,
    gating_granularity: int | None = None,
    transition_energy_j: float | None = None,
    transition_time_s: float | None = None,
    sleep_power_w: float | None = None,
    sleep: bool = True,
    banks: Mapping[str, int] | None = None,
    reduction_chunk: int | None = None,
    skip_vector_layers: bool = False,
    search: str = "exact",
    time_limit_s: float | None = None,
    gap: float = 0.0,
    memory_limit_bytes: int | None = None,
    threads: int = 1,
    with_weights: bool = False,
) -> Schedule:
    """Schedule a network for least energy: pipeline powerflow-schedule.

    Parameters
    ----------
    source, inputs, with_weights
        The network; see `import_model`.
    fps, period_s : float, optional
        Inferences a second, or seconds from one to the next. With neither, what the
        module says, or else the network's time at nominal voltage.
    target : optional
        A built-in target's name, a symbol of the module, the path of a file, MLIR
        text, a `pfmlir.ir.Module` with one `power.target`, or a `power.TargetOp`. By
        default the module's own, or else pf40.
    function : str, optional
        The function to schedule, where there is a choice; the name of a PyTorch
        model's.
    levels_v : iterable of float, optional
        Candidate supply levels in volts, instead of the target's.
    max_rails : int, optional
        How many levels may become rails, instead of the target's number.
    gating : {"none", "sram", "bank"}, optional
        Memory banks that are gated, instead of the target's.
    gating_granularity : int, optional
        Banks that are gated together.
    transition_energy_j, transition_time_s : float, optional
        What a domain pays to change its level.
    sleep_power_w : float, optional
        Power asleep; replaces the target's sleep states by one that switches every
        domain off and on.
    sleep : bool
        Whether the target may sleep at the end of a period.
    banks : mapping, optional
        Numbers of banks by memory.
    reduction_chunk : int, optional
        Longest accumulation that the analytical model's weight buffer holds.
    skip_vector_layers : bool
        Leave layers that compute a single position uncosted.
    search : {"exact", "lambda-dp", "lambda-dp-unrefined", "greedy", "nominal"}
        "exact" proves the optimum.
    time_limit_s : float, optional
        When the exact search stops with the best schedule it has and its bound. Costing
        all states, and the baselines, comes on top.
    gap : float
        How close to the optimum the exact search has to come, relative to the energy.
    memory_limit_bytes : int, optional
        Memory that the exact search may take for partial schedules.
    threads : int
        Threads of the exact search. They do not change the result.

    Returns
    -------
    Schedule

    Notes
    -----
    Passes run to their end: unlike `solve`, this holds the GIL and heeds Ctrl-C only
    when they are done.

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
    options = _target_options(
        None if _is_torch(source) else function,
        levels_v,
        max_rails,
        gating,
        gating_granularity,
        transition_energy_j,
        transition_time_s,
        sleep_power_w,
        sleep,
        banks,
        reduction_chunk,
    )
    if skip_vector_layers:
        options["skip-vector-layers"] = True
    options |= _search_options(
        fps, period_s, search, time_limit_s, gap, memory_limit_bytes, threads
    )
    module = import_model(
        source, inputs, function=function or "main", with_weights=with_weights
    )
    name = _name_target(module, target)
    if name is not None:
        options["target"] = name
    _run(
        module,
        _pass("powerflow-schedule", options),
        "the network can't be scheduled",
    )
    return Schedule.from_module(module)
