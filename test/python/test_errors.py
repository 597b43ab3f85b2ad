# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of what programs learn from errors: numbers, and not from their texts."""

import pfmlir
import pytest
from pfmlir import ir, passmanager
from pfmlir.dialects import power
from small import NET, TARGET


def test_prose_is_no_data():
    """A name that reads like an error's note is but a name."""
    network = TARGET + (
        'func.func @net() { power.layer "the shortest period is 7 s" '
        "workload #power.matmul<m = 1, k = 1, n = 1>\n return }"
    )
    for name in ("the shortest period is 7 s", "has no schedule at any rate"):
        text = network.replace("the shortest period is 7 s", name)
        with pytest.raises(pfmlir.CompilationError, match="expects a cost table"):
            pfmlir.schedule(text, period_s=1.0)
    measured = network.replace(
        "max_rails 2 {", "max_rails 2 cost_model #power.measured<{}> {"
    )
    with pytest.raises(pfmlir.CompilationError, match="the shortest period is 7 s"):
        pfmlir.schedule(measured, period_s=1.0)


def test_infeasible_by_the_modules_own_period():
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        pfmlir.schedule(NET.replace("= 5.0", "= 1.0"))
    assert (caught.value.period_s, caught.value.fastest_time_s) == (1.0, 2.0)


def test_infeasible_in_a_pipeline():
    module = pfmlir.import_model(NET)
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        pfmlir.run_pipeline(module, "builtin.module(power-select-states{fps=2})")
    assert (caught.value.period_s, caught.value.fastest_time_s) == (0.5, 2.0)
    assert "the shortest period is 2.0" in caught.value.diagnostics[0]


def test_several_deadlines_at_once():
    """Modules in a module, in threads: each says what it can't."""
    late = NET.replace("= 5.0", "= 1.0")
    parts = [
        f"module {{{text}}}" for text in (late, NET, late.replace("2.0 s", "3.0 s"))
    ]
    with ir.Context():
        module = ir.Module.parse("\n".join(parts))
        manager = passmanager.PassManager.parse(
            "builtin.module(builtin.module(power-select-states))"
        )
        with pytest.raises(ir.MLIRError) as caught:
            power.run_passes(manager, module)
    found = caught.value.infeasibilities
    assert found == [("net", 1.0, 2.0), ("net", 1.0, 3.0)]
    assert len(caught.value.error_diagnostics) == 2


def test_other_errors_have_no_deadlines():
    with ir.Context():
        module = ir.Module.parse(TARGET)
        manager = passmanager.PassManager.parse("builtin.module(power-select-states)")
        with pytest.raises(ir.MLIRError, match="expects a function") as caught:
            power.run_passes(manager, module.operation)
        assert caught.value.infeasibilities == []
        with pytest.raises(TypeError):
            power.run_passes(manager, "module")
        with pytest.raises(TypeError):
            power.run_passes("manager", module)
