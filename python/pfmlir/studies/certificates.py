# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Optima with what is needed to check them without the search.

`tools/check_certificate.py` does that; it shares no code with this package.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Unpack

import numpy
from numpy.typing import NDArray

from .. import ir
from .._options import ThreadsOptions
from ..answers.solution import Solution
from ..arguments import required_period
from ..compile.options import CostOptions, read_options
from ..compile.scheduling import as_layers, as_tables
from ..compile.sources import Source, resolve
from ..dialects import power
from ..errors import PfmlirError
from ..files import write_atomically
from ..keywords import take, takes
from ..modules import copy_module, run_passes
from ..problem.axes import NO_RAIL
from ..problem.tables import CostTables

FORMAT = "pfmlir certificate 3"
# Of problems in which layers have probabilities.
FORMAT_OF_EXITS = "pfmlir certificate 4"


class CertifyOptions(CostOptions, ThreadsOptions, total=False):
    """What `certify` takes besides the network and its rate."""


class Names(NamedTuple):
    """What a network and its target are called, where they are IR."""

    network: str | None = None
    target: str | None = None


def _find_network(module: ir.Module) -> Any:
    """Return the function that runs on a target."""
    functions = [
        operation
        for operation in module.body.operations
        if "power.target" in operation.attributes
    ]
    if len(functions) != 1:
        raise PfmlirError(
            f"source: expected one function on a target, but got {len(functions)}; "
            "pfmlir.assign_target makes it one"
        )
    return functions[0]


def _find_target(module: ir.Module, network: Any) -> power.TargetOp:
    """Return the target that a function runs on."""
    name = ir.FlatSymbolRefAttr(network.attributes["power.target"]).value
    (target,) = (
        operation
        for operation in module.body.operations
        if isinstance(operation, power.TargetOp) and operation.sym_name.value == name
    )
    return target


def _layers_of(network: Any) -> list[power.LayerOp]:
    return [
        operation
        for block in network.regions[0]
        for operation in block.operations
        if isinstance(operation, power.LayerOp)
    ]


def names_of(layers: ir.Module) -> Names:
    function = _find_network(layers)
    return Names(
        ir.StringAttr(function.attributes["sym_name"]).value,
        ir.FlatSymbolRefAttr(function.attributes["power.target"]).value,
    )


def _without_corners(layers: ir.Module) -> ir.Module:
    """Return a copy of a module in which costs are what corners apply to.

    Losses of converters come after corners: no table of such a target is possible, and
    the pass that writes tables says so.
    """
    module = copy_module(layers)
    network = _find_network(module)
    target = _find_target(module, network)
    declarations = list(target.body.blocks[0].operations)
    corners = [op for op in declarations if isinstance(op, power.CornerOp)]
    has_converter = any("converter" in op.attributes for op in declarations)
    if not corners or has_converter:
        return module
    # What draws too much is known when corners have been applied.
    for operation, name in ((network, "power.corner"), (target, "maximum_power_w")):
        if name in operation.attributes:
            del operation.attributes[name]
    for corner in corners:
        corner.operation.erase()
    return module


def _state_problem(layers: ir.Module, period_s: float) -> ir.Module:
    """Return a copy of a module with all that the problem consists of."""
    module = copy_module(layers)
    tabulated = run_passes(
        _without_corners(module),
        "builtin.module(power-tabulate-costs)",
        "no costs can be computed",
    )
    network = _find_network(module)
    for layer, table in zip(
        _layers_of(network), _layers_of(_find_network(tabulated)), strict=True
    ):
        for name in ("costs", "implementations"):
            if name in table.attributes:
                layer.attributes[name] = table.attributes[name]
    with module.context, ir.Location.unknown():
        network.attributes["power.period_s"] = ir.FloatAttr.get(
            ir.F64Type.get(), period_s
        )
    return module


def _problem(costs: CostTables, period_s: float, max_rails: int) -> dict[str, Any]:
    """Return a problem as JSON has it."""
    # None for all of a state that a layer does not have.
    offered = (numpy.isfinite(costs.energy_j) & numpy.isfinite(costs.time_s)).tolist()

    def table(array: NDArray[numpy.float64]) -> list[list[float | None]]:
        return [
            [value if is_there else None for value, is_there in zip(*row, strict=True)]
            for row in zip(array.tolist(), offered, strict=True)
        ]

    return {
        "layers": list(costs.layer_names),
        "domains": list(costs.domains),
        "levels_v": costs.levels_v.tolist(),
        "period_s": period_s,
        "max_rails": max_rails,
        # [state][domain], indices of levels; [layer][state].
        "states": costs.states.tolist(),
        "energy_j": table(costs.energy_j),
        "time_s": table(costs.time_s),
        "leakage_w": table(costs.leakage_w),
        # [domain][from][to].
        "transition_energy_j": costs.transition_energy_j.tolist(),
        "transition_time_s": costs.transition_time_s.tolist(),
        # Power, energy and time of each.
        "sleep_states": [list(state) for state in costs.sleep_states],
        # What else is set; by setting the index of a level, or None; [from][to].
        "axes": [
            {
                "name": axis.name,
                "rails": [
                    None if rail == NO_RAIL else rail
                    for rail in axis.rail_indices(costs.levels_v).tolist()
                ],
                "transition_energy_j": axis.transition_energy_j.tolist(),
                "transition_time_s": axis.transition_time_s.tolist(),
            }
            for axis in costs.axes
        ],
        # [state][axis], indices of settings.
        "settings": costs.settings.tolist(),
        "margin": costs.margin,
        "rail_power_w": costs.rail_power_w,
        "transition_power_w": costs.transition_power_w,
        "overlapping_ramps": costs.overlapping_ramps,
        # Only where not all layers run in all periods.
        **(
            {"probabilities": costs.probabilities.tolist()}
            if costs.probabilities.size
            else {}
        ),
    }


def _numbers(values: Iterable[float]) -> str:
    return " ".join((float(value) + 0.0).hex() for value in values)


def _describe_transitions(
    energy_j: list[list[float]], time_s: list[list[float]]
) -> Iterator[str]:
    for a, b in numpy.ndindex(len(energy_j), len(energy_j)):
        if a != b:
            yield f"transition {a} {b} {_numbers([energy_j[a][b], time_s[a][b]])}"


def _describe_machine(problem: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the axes, and of what is said only where it matters."""
    for name in ("margin", "rail_power_w", "transition_power_w"):
        if problem[name]:
            yield f"{name} {_numbers([problem[name]])}"
    if problem["overlapping_ramps"]:
        yield "overlapping_ramps"
    if "probabilities" in problem:
        yield f"probabilities {_numbers(problem['probabilities'])}"
    for domain, energy_j, time_s in zip(
        problem["domains"],
        problem["transition_energy_j"],
        problem["transition_time_s"],
        strict=True,
    ):
        yield f"domain {json.dumps(domain)}"
        yield from _describe_transitions(energy_j, time_s)
    for axis in problem["axes"]:
        yield f"axis {json.dumps(axis['name'])} {len(axis['rails'])}"
        for setting, rail in enumerate(axis["rails"]):
            if rail is not None:
                yield f"rail {setting} {rail}"
        yield from _describe_transitions(
            axis["transition_energy_j"], axis["transition_time_s"]
        )
    for state in problem["sleep_states"]:
        yield f"sleep_state {_numbers(state)}"


def _describe(names: Names, problem: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of which a problem's digest is; docs/search.md describes them."""
    levels_v = problem["levels_v"]
    yield "pfmlir problem 1"
    yield f"network {json.dumps(names.network)}"
    yield f"target {json.dumps(names.target)}"
    yield f"period_s {_numbers([problem['period_s']])}"
    yield f"max_rails {min(problem['max_rails'], len(levels_v))}"
    yield f"levels_v {_numbers(levels_v)}"
    yield from _describe_machine(problem)
    states = [
        [*levels, *settings]
        for levels, settings in zip(problem["states"], problem["settings"], strict=True)
    ]
    for i, layer in enumerate(problem["layers"]):
        yield f"layer {json.dumps(layer)}"
        tables = (problem[name][i] for name in ("energy_j", "time_s", "leakage_w"))
        rows = zip(states, *tables, strict=True)
        for state, *costs in sorted(row for row in rows if row[1] is not None):
            yield f"state {','.join(map(str, state))} {_numbers(costs)}"


@takes(CertifyOptions)
def certify(
    source: Source,
    path: str | os.PathLike[str],
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    ir_path: str | os.PathLike[str] | None = None,
    **options: Unpack[CertifyOptions],
) -> Solution:
    """Find the schedule of least energy, and write a certificate that it is one.

    The certificate is a JSON file with the whole problem, the schedule, its energy, and
    for each set of rails the Lagrange multipliers at which the search bounded it.
    Whoever computes the bounds at these multipliers has most of the proof; the rest is
    to enumerate the partial schedules that the bounds leave. It says what it is about:
    the names of network and target, and a digest of them and of all numbers.

    Parameters
    ----------
    source, inputs
        The network; see `schedule`. Tables are of no network in particular.
    path
        The file.
    fps, period_s : float
        Inferences a second, or seconds from one to the next; one of them.
    ir_path : path, optional
        A file for the problem as IR: the module with a cost table in every layer, its
        target and the period. `tools/check_certificate.py --ir` finds the problem in
        it. Of a target with what no table can speak of, such as modes, there is none.
    **options
        The accelerator, and what-ifs of it, as of `schedule`; of tables, `max_rails`
        only. And `threads`, which change neither result nor file.

    Returns
    -------
    Solution
        As `CostTables.solve` returns it.

    Raises
    ------
    InfeasibleError
        No schedule keeps the deadline; nothing is written.
    CompilationError
        Layers of the module have no costs, or there are none; or there is an `ir_path`,
        and the target has what no table can speak of.
    TypeError
        There is an `ir_path` for tables, which say nothing of IR.

    Examples
    --------
    >>> import pfmlir
    >>> network = '''
    ... func.func @net() {
    ...   power.layer "fc" workload #power.matmul<m = 64, k = 512, n = 64>
    ...   return
    ... }
    ... '''
    >>> pfmlir.certify(network, "/dev/null", fps=1000).is_optimal
    True
    """
    period = required_period(fps, period_s)
    read = read_options(options)
    limits = take(read, ThreadsOptions)
    network = resolve(source, inputs, function=read.get("function"))
    names, text = Names(), ""
    if isinstance(network, ir.Module):
        layers = as_layers(network, read)
        names, costs = names_of(layers), as_tables(layers, {})
        if ir_path is not None:
            text = f"{_state_problem(layers, period)}\n"
    elif ir_path is not None:
        raise TypeError("ir_path: expected only with what has IR")
    else:
        costs = as_tables(network, read)
    prepared = costs.prepare(period_s=period)
    answer = prepared.solve("exact", limits)
    solution = prepared.describe(answer)
    multipliers = multipliers_of(answer["multipliers"], prepared.flat.positions)
    certificate = certificate_of(costs, solution, names, multipliers)
    if ir_path is not None:
        write_atomically(Path(ir_path), text)
    write_atomically(Path(path), json.dumps(certificate, allow_nan=False) + "\n")
    return solution


def certificate_of(
    costs: CostTables,
    solution: Solution,
    names: Names,
    multipliers: dict[str, Any],
) -> dict[str, Any]:
    """Return what goes into the file."""
    problem = _problem(costs, solution.period_s, costs.max_rails)
    text = "".join(f"{line}\n" for line in _describe(names, problem))
    return {
        "format": FORMAT_OF_EXITS if costs.probabilities.size else FORMAT,
        "network": names.network,
        "target": names.target,
        "problem_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "problem": problem,
        "schedule": {
            "states": solution.states.tolist(),
            "tail": solution.tail,
            "energy_j": solution.energy_j,
        },
        "multipliers": multipliers,
    }


def multipliers_of(
    found: dict[str, Any], positions: NDArray[numpy.int64]
) -> dict[str, Any]:
    """Return the search's multipliers as JSON has them."""
    return {
        "elsewhere": found["elsewhere"],
        "rail_sets": [
            {
                "rails": entry["rails"],
                "sleep": entry["sleep"],
                "idle": [
                    [int(positions[state]), multiplier]
                    for state, multiplier in entry["idle"]
                ],
            }
            for entry in found["rail_sets"]
        ],
    }
