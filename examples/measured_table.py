# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedule from a table measured on silicon, on bare numbers and as IR.

In IR, a table is either a layer's own, or the accelerator's for layers of that name:
`#power.measured`.

Run: python examples/measured_table.py
"""

from typing import Any

import numpy
import pfmlir
from pfmlir import ir
from pfmlir.dialects import func, power

LAYERS = ["conv1", "conv2", "fc"]
# One row a state: the voltages of the core and of the memory, in volts.
STATES_V = numpy.array([[0.8, 0.8], [0.8, 1.0], [1.0, 0.8], [1.0, 1.0]])
# What the power analyser said: a row a layer, a column a state.
ENERGY_J = 1e-6 * numpy.array(
    [[4.1, 4.6, 5.9, 6.4], [7.0, 7.7, 9.9, 10.8], [1.2, 1.5, 1.6, 1.9]]
)
TIME_S = 1e-3 * numpy.array(
    [[2.0, 1.9, 1.3, 1.2], [3.5, 3.4, 2.3, 2.1], [0.9, 0.6, 0.8, 0.5]]
)
LEAKAGE_W = 1e-6 * numpy.array([[20.0, 26.0, 25.0, 31.0]] * 3)

PERIOD_S = 5.5e-3
MAX_RAILS = 2
TRANSITION_ENERGY_J = 2e-8
TRANSITION_TIME_S = 1e-6


def make_module(*, in_target: bool) -> ir.Module:
    """Return the same as IR, with the tables in the target or in the layers."""
    tables = {
        name: power.CostTableAttr.get(
            voltages_v=STATES_V, energy_j=energy, time_s=time, leakage_w=leakage
        )
        for name, energy, time, leakage in zip(
            LAYERS, ENERGY_J, TIME_S, LEAKAGE_W, strict=True
        )
    }
    module = ir.Module.create()
    with ir.InsertionPoint(module.body):
        target = power.target(
            "board",
            levels_v=[0.8, 1.0],
            max_rails=MAX_RAILS,
            cost_model=power.MeasuredAttr.get(tables=tables) if in_target else None,
        )
        with ir.InsertionPoint(target.block):
            power.domain("core", nominal_v=1.0)
            power.domain("memory", nominal_v=1.0)
            power.transition(TRANSITION_ENERGY_J, TRANSITION_TIME_S)

        # Without types, as MLIR's own dialects are in Python.
        functions: Any = func.FuncOp

        @functions.from_py_func()
        def net() -> None:
            for name in LAYERS:
                # The target's model knows a layer by its name.
                power.layer(name, costs=None if in_target else tables[name])

    return module


def main() -> None:
    """Schedule all ways, and compare."""
    solution = pfmlir.solve(
        ENERGY_J,
        TIME_S,
        LEAKAGE_W,
        STATES_V,
        period_s=PERIOD_S,
        max_rails=MAX_RAILS,
        transition_energy_j=TRANSITION_ENERGY_J,
        transition_time_s=TRANSITION_TIME_S,
    )
    print(solution)
    for name, state in zip(LAYERS, solution.states, strict=True):
        core, memory = STATES_V[state]
        print(f"  {name:<6} core {core} V, memory {memory} V")

    for in_target, place in ((False, "layers"), (True, "target")):
        with ir.Context(), ir.Location.unknown():
            module = make_module(in_target=in_target)
            schedule = pfmlir.schedule(module, period_s=PERIOD_S)
        agree = numpy.array_equal(
            schedule.layers["voltage_v"], STATES_V[solution.states]
        ) and numpy.isclose(schedule.energy_j, solution.energy_j, rtol=1e-12, atol=0)
        print(f"\nTables in the {place}: {'the same' if agree else 'another'} schedule")
        print(schedule)


if __name__ == "__main__":
    main()
