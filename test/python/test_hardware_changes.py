# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What other hardware is worth: clocks, supplies, memories, regulators, leakage."""

from typing import Any

import pfmlir
import pytest
from pfmlir.studies.hardware_changes import change_target, hardware_changes

LAW = """
  law #power.frequency_table<voltage_v = [0.7, 0.9],
                             frequency_hz = [1.0e+08, 2.0e+08]>
  leakage_w 1.0e-03"""
TARGET = f"""
power.target @chip levels_v [0.7, 0.8, 0.9] max_rails 2
    awake_power_w 2.0e-03 margin 0.1
    gating <sram> cost_model #power.roofline<
      domain = "array", memory_domain = "sram", feature_memory = "data",
      macs_per_cycle = 8.0, mac_energy_j = 1.0e-12,
      bytes_per_cycle = 4.0, byte_energy_j = 1.0e-12> {{
  power.clock @pll
  power.supply @buck regulated slew_v_per_s 1.0e+04 settle_time_s 1.0e-05
    output_f 1.0e-08
  power.domain @array on @buck clock @pll nominal_v 0.9 frequency_hz 2.0e+08 {LAW}
  power.domain @sram on @buck clock @pll nominal_v 0.9 frequency_hz 2.0e+08 {LAW}
  power.domain @host nominal_v 0.9 frequency_hz 2.0e+08 {LAW}
  power.memory @data in @sram bank_bytes 4096 bank_leakage_w 1.0e-05 banks 16
    minimum_v 0.75 volatile
  power.transition energy_j 1.0e-10 time_s 1.0e-08
}}
"""
NETWORK = """
func.func @net() {
  power.layer "first" workload #power.matmul<m = 64, k = 128, n = 128>
  power.layer "second" workload #power.matmul<m = 4, k = 256, n = 128>
  return
}
"""
PERIOD_S = 2.0e-3


@pytest.fixture(scope="module")
def found() -> pfmlir.Sensitivity:
    return pfmlir.sensitivity(NETWORK, target=TARGET, period_s=PERIOD_S)


def test_asks_for_all_there_is(found: pfmlir.Sensitivity) -> None:
    asked = {change.what for change in found}
    assert {
        "a clock of its own for array",
        "a supply of its own for sram",
        "one voltage for array and host",
        "buck ramps twice as fast",
        "buck settles in half the time",
        "banks of data of half the size",
        "banks of data of twice the size",
        "data works one level lower",
        "10 % more leakage",
        "10 % less leakage",
        "10 % more power while awake",
        "10 % less margin",
    } <= asked


def test_what_is_said_can_be_scheduled(found: pfmlir.Sensitivity) -> None:
    for change in found:
        if "target" not in change.options or change.energy_j is None:
            continue
        again = pfmlir.schedule(NETWORK, period_s=PERIOD_S, **change.options)
        assert again.energy_j == change.energy_j, change.what


@pytest.mark.parametrize("period_s", [PERIOD_S, 8.2e-4])
def test_changes_are_those_of_schedule(period_s: float) -> None:
    """To the last bit; the shorter one is too short for some."""
    options: dict[str, Any] = {"target": TARGET, "gating_granularity": 2}
    found = pfmlir.sensitivity(NETWORK, period_s=period_s, **options)
    for change in found:
        changed = change.options if "target" in change.options else options
        changed = changed | change.options
        try:
            alone = pfmlir.schedule(NETWORK, period_s=period_s, **changed)
        except pfmlir.InfeasibleError:
            assert change.energy_j is None, change.what
            continue
        assert change.energy_j == alone.energy_j, change.what
        assert change.rails_v == tuple(alone.rails_v), change.what
        assert change.is_optimal == alone.is_optimal, change.what


def test_values_are_told_from_structure() -> None:
    module = pfmlir.import_model(TARGET)
    (target,) = module.body.operations
    changed = {
        what: change_target(TARGET, edit, module.context)
        for what, edit in hardware_changes(target)
    }
    values = {what: found[1] for what, found in changed.items() if found is not None}
    assert values["banks of data of half the size"] == {
        "target.memory.data.bank_bytes": 2048,
        "target.memory.data.bank_leakage_w": 5e-6,
        "target.memory.data.banks": 32,
    }
    assert values["10 % less margin"] == {"target.margin": 0.9 * 0.1}
    for what in (
        "a clock of its own for array",
        "a supply of its own for sram",
        "one voltage for array and host",
    ):
        assert values[what] is None, what


def by_words(found: pfmlir.Sensitivity) -> dict[str, float]:
    return {
        change.what: change.energy_j for change in found if change.energy_j is not None
    }


def test_power_while_awake_is_drawn_all_the_time(found: pfmlir.Sensitivity) -> None:
    # It never sleeps.
    more = by_words(found)["10 % more power while awake"] - found.energy_j
    assert more == pytest.approx(0.1 * 2.0e-3 * PERIOD_S, rel=1e-9)


def test_freedom_costs_nothing(found: pfmlir.Sensitivity) -> None:
    energies = by_words(found)
    for freer in (
        "a clock of its own for array",
        "data works one level lower",
        "10 % less leakage",
        "10 % less margin",
        "buck ramps twice as fast",
    ):
        assert energies[freer] <= found.energy_j * (1 + 1e-12), freer
    for narrower in ("one voltage for array and host", "10 % more leakage"):
        assert energies[narrower] >= found.energy_j * (1 - 1e-12), narrower


def test_options_are_not_applied_twice() -> None:
    by_option = pfmlir.sensitivity(
        NETWORK, target=TARGET, period_s=PERIOD_S, awake_power_w=4.0e-3
    )
    more = by_words(by_option)["10 % more power while awake"] - by_option.energy_j
    assert more == pytest.approx(0.1 * 4.0e-3 * PERIOD_S, rel=1e-9)


def test_domains_at_one_voltage(found: pfmlir.Sensitivity) -> None:
    change = next(c for c in found if c.what == "one voltage for array and host")
    schedule = pfmlir.schedule(NETWORK, period_s=PERIOD_S, **change.options)
    domains = list(schedule.domains)
    array, host = domains.index("array"), domains.index("host")
    assert (schedule.voltages_v[:, array] == schedule.voltages_v[:, host]).all()
