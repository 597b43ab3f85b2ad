# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Several networks on one accelerator, scheduled together."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, Unpack

from .. import ir
from .._options import CornersOptions, ProofOptions
from ..answers.systems import SystemSchedule
from ..arguments import positive, quantity, required_periods
from ..compile.options import CostOptions, read_options
from ..compile.passes import run_pass
from ..compile.sources import ModelSource, resolve_ir
from ..dialects import power
from ..keywords import takes
from ..modules import copy_module
from ..problem.solver import Limits


class SystemOptions(CostOptions, CornersOptions, Limits, ProofOptions, total=False):
    """What `schedule_system` takes besides the networks and their rates."""


# A network, or a model of PyTorch's with its inputs.
Member: TypeAlias = "ModelSource | tuple[Any, Sequence[Any]]"


def _resolve(source: Any, function: str | None, name: str) -> ir.Module:
    model, inputs = source if isinstance(source, tuple) else (source, None)
    return resolve_ir(model, inputs, function=function, name=name)


def _is_function(operation: Any) -> bool:
    return operation.operation.name == "func.func" and any(
        block for block in operation.regions[0]
    )


def _symbol(operation: Any) -> str | None:
    attributes = operation.operation.attributes
    if "sym_name" not in attributes:
        return None
    return str(ir.StringAttr(attributes["sym_name"]).value)


def _take(
    module: ir.Module, name: str, whole: ir.Module, taken: dict[str, str]
) -> None:
    """Add a network to a module, as a function of that name, with all it needs."""
    module = copy_module(module, whole.context)
    operations = list(module.body.operations)
    functions = [each for each in operations if _is_function(each)]
    if len(functions) != 1:
        raise ValueError(
            f"networks[{name!r}]: expected one function, but got {len(functions)}"
        )
    with whole.context:
        functions[0].operation.attributes["sym_name"] = ir.StringAttr.get(name)
    for operation in operations:
        if isinstance(operation, power.ScheduleOp | power.SystemOp):
            continue
        symbol = _symbol(operation)
        if symbol is not None:
            text = str(operation)
            if taken.get(symbol) == text and not _is_function(operation):
                continue
            if symbol in taken:
                raise ValueError(
                    f"networks[{name!r}]: expected its symbol @{symbol} to be free, "
                    "but another network has one"
                )
            taken[symbol] = text
        operation.operation.clone(ip=ir.InsertionPoint(whole.body))


def _compose(
    networks: Mapping[str, ir.Module],
    periods_s: Sequence[float],
    shares: Mapping[str, float],
) -> ir.Module:
    """Return a module with all networks, and the system that they are."""
    context = next(iter(networks.values())).context
    taken: dict[str, str] = {}
    with context, ir.Location.unknown():
        whole = ir.Module.create()
        for name, module in networks.items():
            _take(module, name, whole, taken)
        number = ir.F64Type.get()
        with ir.InsertionPoint(whole.body):
            system = power.SystemOp(_free("system", taken))
        body = system.regions[0].blocks.append()
        with ir.InsertionPoint(body):
            for name, period_s in zip(networks, periods_s, strict=True):
                share = shares.get(name)
                power.NetworkOp(
                    name,
                    period_s=ir.FloatAttr.get(number, period_s),
                    share=None if share is None else ir.FloatAttr.get(number, share),
                )
    return whole


def _free(name: str, taken: Mapping[str, str]) -> str:
    return name if name not in taken else _free(f"{name}_", taken)


def _read_shares(
    shares: Mapping[str, float] | None, names: Mapping[str, Any]
) -> dict[str, float]:
    if shares is None:
        return {}
    if not isinstance(shares, Mapping):
        raise TypeError(f"shares: expected a mapping, but got {shares!r}")
    read = {}
    for name, share in shares.items():
        if name not in names:
            raise ValueError(f"shares: expected names of networks, but got {name!r}")
        read[name] = positive(f"shares[{name!r}]", quantity(f"shares[{name!r}]", share))
        if read[name] > 1:
            raise ValueError(
                f"shares[{name!r}]: expected at most 1, but got {read[name]}"
            )
    return read


@takes(SystemOptions)
def schedule_system(
    networks: "Mapping[str, Member] | ModelSource",
    *,
    fps: Sequence[float] | None = None,
    period_s: Sequence[float] | None = None,
    shares: Mapping[str, float] | None = None,
    **options: Unpack[SystemOptions],
) -> SystemSchedule:
    """Schedule several networks on one set of rails, for least power together.

    Rails are silicon: all networks share them, and each has its own schedule on them,
    as if it had the accelerator by itself at its rate. What is least is the power in
    the mean over all networks, and it is proven.

    Parameters
    ----------
    networks : mapping, or a module
        The networks by name, each as of `schedule`, or a model of PyTorch's with its
        inputs as a pair. Or IR with a `power.system`, which says all the rest; with
        `by_corner`, also of one network, at the rate that it has.
    fps, period_s : sequence of float
        The rate of each network, in inferences a second, or its period in seconds.
    shares : mapping, optional
        By name, the part of the time that a network runs at its rate; 1 by default.
    %(options)s

    Returns
    -------
    SystemSchedule

    Raises
    ------
    InfeasibleError
        No rails let every network keep its rate. The message names one that can't by
        itself, or says how much slower all of them could.
    CompilationError
        The compiler refused its input; the message says where and why.
    TypeError, ValueError
        An argument is not as described; the message names it.

    Examples
    --------
    >>> import pfmlir
    >>> def network(size):
    ...     return (
    ...         "func.func @net() {\\n  power.layer \\"fc\\" workload "
    ...         f"#power.matmul<m = {size}, k = 512, n = 64>\\n  return\\n}}"
    ...     )
    >>> system = pfmlir.schedule_system(
    ...     {"small": network(64), "large": network(96)},
    ...     fps=[1200, 700],
    ...     target="pf40",
    ...     max_rails=2,
    ... )
    >>> system.is_optimal, [float(rail) for rail in system.rails_v]
    (True, [0.9, 0.95])
    >>> sorted(system.schedules)
    ['large', 'small']
    """
    read: Any = read_options(options)
    function = read.pop("function", None)
    if isinstance(networks, Mapping):
        periods = required_periods(fps, period_s)
        if not networks or len(networks) != len(periods):
            raise ValueError(
                f"{'period_s' if fps is None else 'fps'}: expected one for each of the "
                f"{len(networks)} networks, at least one, but got {len(periods)}"
            )
        modules = {
            name: _resolve(source, function, f"networks[{name!r}]")
            for name, source in networks.items()
        }
        module = _compose(modules, periods, _read_shares(shares, modules))
    else:
        for name, given in (("fps", fps), ("period_s", period_s), ("shares", shares)):
            if given is not None:
                raise TypeError(f"{name}: expected none with IR, which has them")
        module = copy_module(_resolve(networks, function, "networks"))
    scheduled = run_pass(
        module, "powerflow-schedule", read, "the system can't be scheduled"
    )
    return SystemSchedule.from_module(scheduled)
