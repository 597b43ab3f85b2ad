# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of tables of targets that say more than domains and transitions."""

import math

import numpy
import pfmlir
import pytest

from testing.chips import LAYERS, PHYSICS, all_at_once

CHIPS = PHYSICS | {"all at once": all_at_once()}
# Longer than the fastest schedule, up to periods in which it is best to wait.
STRETCHES = (1.0, 1.05, 1.3, 2.0, 6.0, 40.0)


def fastest_s(tables: pfmlir.CostTables) -> float:
    """Return the shortest period that there is."""
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        tables.solve(period_s=1e-12)
    return caught.value.fastest_time_s


@pytest.mark.parametrize("name", CHIPS)
def test_tables_are_the_problem_that_is_scheduled(name: str) -> None:
    module = pfmlir.form_layers(
        pfmlir.assign_target(pfmlir.import_model(CHIPS[name].text() + LAYERS))
    )
    tables = pfmlir.tabulate_costs(module)
    shortest_s = fastest_s(tables)
    for stretch in STRETCHES:
        period_s = shortest_s * stretch * (1 + 1e-9)
        solution = tables.solve(period_s=period_s)
        schedule = pfmlir.schedule(module, period_s=period_s)
        assert solution.is_optimal and schedule.is_optimal
        assert math.isclose(solution.energy_j, schedule.energy_j, rel_tol=1e-9)
        assert numpy.array_equal(solution.rails_v, schedule.rails_v)
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        pfmlir.schedule(module, period_s=shortest_s * 0.999)
    assert math.isclose(caught.value.fastest_time_s, shortest_s, rel_tol=1e-9)
