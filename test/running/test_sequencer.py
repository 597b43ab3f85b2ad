# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of sequencers in Verilator: what they tell the power manager is replayed."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pfmlir
import pytest
from pfmlir.command import main
from pfmlir.running import (
    Write,
    late_s,
    read_registers,
    read_writes,
    run_sequencer,
)
from pfmlir.running.expected import expect_writes, find_scheduled
from pfmlir.running.hardware import Hardware
from pfmlir.running.sequencer import Sequencer

INPUTS = Path(__file__).parent.parent / "artifacts" / "Inputs"
FRAME = (INPUTS / "frame.mlir").read_text()


def rails(writes: list[Write]) -> list[int]:
    """Return what the register of rails gets, one after the other."""
    return [write.value for write in writes if write.name.startswith("rail of")]


@pytest.fixture(scope="module")
def schedule() -> pfmlir.Schedule:
    """Return a schedule with room for waiting."""
    return pfmlir.schedule(FRAME, target="pf40", period_s=4e-4, dispatch_time_s=4e-8)


@pytest.fixture(scope="module")
def sequencer(
    schedule: pfmlir.Schedule, tmp_path_factory: pytest.TempPathFactory
) -> Sequencer:
    """Return a sequencer, built once, for that takes seconds."""
    return Sequencer(schedule, tmp_path_factory.mktemp("sequencer"))


def test_each_rail_is_switched_in_order(
    schedule: pfmlir.Schedule, sequencer: Sequencer
) -> None:
    writes = sequencer.simulate()
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


def test_a_sequencer_that_waits(
    schedule: pfmlir.Schedule, sequencer: Sequencer
) -> None:
    """With room for it, nothing comes before what it has to wait for."""
    writes = sequencer.simulate(waits=True)
    tolerance_s = late_s(schedule)
    found = pfmlir.replay(
        schedule, writes, is_timed=True, start_tolerance_s=tolerance_s
    )
    found.check()
    early = pfmlir.replay(schedule, writes, is_timed=True)
    assert not [text for text in early.differences if " before " in text]
    late = found.layers["start_s"] - schedule.layers["start_s"]
    assert numpy.all(late <= tolerance_s)


def test_a_network_on_the_sequencer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command runs what `pfmlir schedule --save` keeps, asleep at the end."""
    saved, writes, kept, picture = (
        tmp_path / name for name in ("saved.json", "writes.csv", "kept", "power.svg")
    )
    schedule = pfmlir.schedule("squeezenet", fps=30)
    assert schedule.tail.kind == "sleep"
    schedule.save(saved)
    command = ["run", str(saved), "--machine", "sequencer", "--writes", str(writes)]
    assert main([*command, "--keep", str(kept), "--plot", str(picture)]) == 0
    said = capsys.readouterr().out
    assert "26 layers on sequencer" in said and "PyTorch" not in said
    assert "replayed" in said and "kept with" in said
    assert (kept / "squeezenet_sequencer.sv").is_file()
    assert "replayed" in picture.read_text()
    found = pfmlir.replay(
        schedule,
        read_writes(writes),
        is_timed=True,
        start_tolerance_s=late_s(schedule),
    )
    found.check()
    late = found.layers["start_s"] - schedule.layers["start_s"]
    assert len(late) == 26 and (late >= -1e-12).all() and late.max() <= 2e-8
    assert found.demanded_energy_j == pytest.approx(schedule.energy_j, rel=1e-9)


@pytest.mark.parametrize(
    ("tool", "package"), [("verilator", "verilator"), ("g++",) * 2]
)
def test_without_verilator(
    tool: str, package: str, schedule: pfmlir.Schedule, monkeypatch: Any
) -> None:
    which = shutil.which
    monkeypatch.setattr(
        shutil, "which", lambda name: None if name == tool else which(name)
    )
    expected = rf"no {re.escape(tool)} in PATH; Debian's package {re.escape(package)} "
    for start in (
        lambda: run_sequencer(schedule),
        lambda: pfmlir.run(schedule, machine="sequencer"),
    ):
        with pytest.raises(pfmlir.MissingDependencyError, match=expected):
            start()


def test_what_the_sequencer_does_not_take(schedule: pfmlir.Schedule) -> None:
    on: dict[str, Any] = {"machine": "sequencer"}
    for name, value in (("clock_hz", 1e8), ("tolerance", 1.0), ("schedule", schedule)):
        with pytest.raises(TypeError, match=f"{name}: expected none on the sequencer"):
            pfmlir.run(FRAME, **on, **{name: value})
    with pytest.raises(TypeError, match="expected none with options that make one"):
        pfmlir.run(schedule, fps=100, **on)
    with pytest.raises(ValueError, match=r"machine: expected one of host, .*sequencer"):
        pfmlir.run(FRAME, machine="sequencr")
    tables = pfmlir.tabulate_costs(FRAME, target="pf40")
    with pytest.raises(TypeError, match="model: expected a network, but got tables"):
        pfmlir.run(tables, **on)


def test_schedules_that_are_no_sequencer(schedule: pfmlir.Schedule) -> None:
    module = pfmlir.ir.Module.parse(
        schedule.ir.replace("timer_hz 1.000000e+08", "").replace(
            "    power.field timer offset 28 shift 0 width 32\n", ""
        ),
        pfmlir.ir.Context(),
    )
    with pytest.raises(pfmlir.CompilationError, match="expects a 'timer_hz'"):
        run_sequencer(module)
