# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of sequencers in Verilator: what they tell the power manager is replayed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pfmlir
import pytest
from pfmlir.running import Write, late_s, read_registers, run_sequencer
from pfmlir.running.expected import expect_writes, find_scheduled
from pfmlir.running.hardware import Hardware

INPUTS = Path(__file__).parent.parent / "artifacts" / "Inputs"
FRAME = (INPUTS / "frame.mlir").read_text()


def rails(writes: list[Write]) -> list[int]:
    """Return what the register of rails gets, one after the other."""
    return [write.value for write in writes if write.name.startswith("rail of")]


def test_each_rail_is_switched_in_order(tmp_path: Path) -> None:
    schedule = pfmlir.schedule(FRAME, target="pf40", period_s=1e-3)
    writes = run_sequencer(schedule, folder=tmp_path)
    assert (tmp_path / "frame_sequencer.sv").is_file()
    scheduled = find_scheduled(schedule.module)
    registers = read_registers(schedule.module)
    expected = expect_writes(scheduled, Hardware(scheduled.target), registers)
    assert rails(writes) == rails(expected) and len(rails(writes)) > 3

    tolerance_s = late_s(schedule)
    assert tolerance_s == 2e-8
    found = pfmlir.replay(
        schedule, writes, is_timed=True, start_tolerance_s=tolerance_s
    )
    found.check()
    late = found.layers["start_s"] - schedule.layers["start_s"]
    assert (late >= -1e-12).all() and late.max() <= tolerance_s
    # But for what is drawn while it is late.
    assert found.demanded_energy_j == pytest.approx(schedule.energy_j, rel=1e-9)
    assert found.energy_j == pytest.approx(schedule.energy_j, rel=1e-4)
    check_mutations(schedule, writes, tolerance_s)


def check_mutations(
    schedule: pfmlir.Schedule, writes: list[Write], tolerance_s: float
) -> None:
    """A rail that is another, or not switched, is found here, too."""

    def differences(told: list[Write]) -> tuple[str, ...]:
        return pfmlir.replay(
            schedule, told, is_timed=True, start_tolerance_s=tolerance_s
        ).differences

    index = [w.index for w in writes if w.name.startswith("rail of")][1]
    told = list(writes)
    told[index] = replace(told[index], value=told[index].value ^ 1)
    assert "expected rail of sys" in differences(told)[0]
    del told[index]
    assert "but got no change" in differences(told)[0]


def test_a_sequencer_that_waits(tmp_path: Path) -> None:
    """With room for it, nothing comes before what it has to wait for."""
    schedule = pfmlir.schedule(
        FRAME, target="pf40", period_s=4e-4, dispatch_time_s=4e-8
    )
    writes = run_sequencer(schedule, waits=True, folder=tmp_path)
    tolerance_s = late_s(schedule)
    found = pfmlir.replay(
        schedule, writes, is_timed=True, start_tolerance_s=tolerance_s
    )
    found.check()
    early = pfmlir.replay(schedule, writes, is_timed=True)
    assert not [text for text in early.differences if " before " in text]
    late = found.layers["start_s"] - schedule.layers["start_s"]
    assert numpy.all(late <= tolerance_s)


def test_without_verilator(monkeypatch: Any) -> None:
    schedule = pfmlir.schedule(FRAME, target="pf40", period_s=1e-3)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        pfmlir.MissingDependencyError,
        match=r"needs Verilator, .* on Debian, `apt-get install verilator",
    ):
        run_sequencer(schedule)


def test_schedules_that_are_no_sequencer() -> None:
    schedule = pfmlir.schedule(FRAME, target="pf40", period_s=1e-3)
    module = pfmlir.ir.Module.parse(
        schedule.ir.replace("timer_hz 1.000000e+08", "").replace(
            "    power.field timer offset 28 shift 0 width 32\n", ""
        ),
        pfmlir.ir.Context(),
    )
    with pytest.raises(pfmlir.CompilationError, match="expects a 'timer_hz'"):
        run_sequencer(module)
