# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks that run: what they compute, what they tell the power manager, and when."""

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy
import pfmlir
import pytest
import torch
from pfmlir.command import main
from pfmlir.running import read_registers
from pfmlir.running.compare import distance
from pfmlir.running.execute import execute
from pfmlir.running.interface import read_interface
from pfmlir.running.lowering import BARE
from pfmlir.running.machines import MACHINES
from pfmlir.running.models import Model, ScheduledModel, schedule_model
from pfmlir.running.program import Program, build
from pfmlir.running.reference import as_arrays, change_inputs, compute
from pfmlir.running.watch import watch
from recorders import record
from torch import nn

from testing.runnable import keyword_spotter, quantised_spotter, reference_network


@pytest.fixture(scope="module")
def spotter() -> tuple[nn.Module, tuple[Any, ...]]:
    return keyword_spotter()


def check(found: pfmlir.Run, least_change: float = 0.05) -> None:
    """Check what holds of all runs."""
    assert found.difference is not None and found.difference <= 1e-5
    # So that the comparison says something.
    assert found.change is not None and found.change > least_change
    assert not found.replay.differences
    energy = found.replay.energy_j
    assert energy == pytest.approx(found.schedule.energy_j, rel=1e-9)
    starts = found.replay.layers["start_s"] - found.replay.layers["scheduled_start_s"]
    assert numpy.abs(starts).max() < 1e-9


@pytest.mark.parametrize("kind", ["idle", "sleep"])
def test_keyword_spotter(spotter: Any, kind: str) -> None:
    model, inputs = spotter
    found = pfmlir.run(model, inputs, fps=100, sleep=kind == "sleep", machine="riscv32")
    check(found)
    assert found.schedule.tail.kind == kind
    assert found.dispatch is not None and found.dispatch.total_s > 0


@pytest.mark.parametrize(
    ("name", "machine", "least_weights_bytes"),
    [("mobilenetv3_small", "riscv64", 4_000_000), ("squeezenet", "riscv32", 2_800_000)],
)
def test_image_network(
    name: str, machine: str, least_weights_bytes: int, tmp_path: Path
) -> None:
    model, inputs = reference_network(name, 32)
    found = pfmlir.run(model, inputs, fps=100, machine=machine, keep=tmp_path)
    # Thousands of times what results may differ by.
    check(found, 0.02)
    # Weights are in a file of their own, and nowhere text.
    assert found.weights_bytes > least_weights_bytes
    for file in ("network.mlir", "network.ll"):
        assert (tmp_path / file).stat().st_size < found.weights_bytes

    # The same program takes another input to another result, which is PyTorch's, too.
    module = found.schedule.module
    program = Program(
        tmp_path, MACHINES[machine], read_interface(module), read_registers(module)
    )
    other = change_inputs(inputs)
    (result,) = execute(program, as_arrays(other))
    (expected,) = compute(model, other)
    assert distance(result, expected) <= 1e-5
    assert distance(result, found.results[0]) > 0.02


def test_quantised() -> None:
    """In 8 bits, results are PyTorch's for the same bits."""
    model, inputs = quantised_spotter()
    found = pfmlir.run(model, inputs, fps=100, machine="riscv32")
    check(found)
    # The least significant bit is more than that.
    assert found.difference is not None and found.difference < 1e-6


def test_exported_program(spotter: Any) -> None:
    program = torch.export.export(*spotter)
    check(pfmlir.run(program, fps=100))


def test_two_watchers(spotter: Any, tmp_path: Path) -> None:
    """What the program records is what QEMU sees in the one that doesn't record."""
    model, inputs = spotter
    recorded = pfmlir.run(model, inputs, fps=100, machine="riscv32", clock_hz=1e9)
    scheduled = schedule_model(Model(model, inputs), recorded.schedule, {})
    program = build(scheduled.module, MACHINES["riscv32"], tmp_path, BARE)
    seen = watch(program, as_arrays(inputs))
    assert len(seen) >= 20
    told = [(each.register, each.name, each.value) for each in recorded.writes]
    assert [(each.place, each.name, value) for each, value in seen] == told
    # And what the loop of the C header writes.
    looped = record(recorded.schedule, tmp_path)
    assert [(each.register, each.name, each.value) for each in looped] == told


def test_wrong_weight(spotter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first layer that differs is the one whose weights do."""
    model, inputs = spotter

    def spoil(*arguments: Any) -> ScheduledModel:
        scheduled = schedule_model(*arguments)
        layer = model.blocks[1][3]
        weight = layer.weight.detach().clone()
        weight[3, 0] += 0.5
        layer.weight = nn.Parameter(weight)
        return scheduled

    weight = model.blocks[1][3].weight
    monkeypatch.setattr(sys.modules["pfmlir.running.run"], "schedule_model", spoil)
    try:
        with pytest.raises(pfmlir.WrongResultError) as caught:
            pfmlir.run(model, inputs, fps=100)
    finally:
        model.blocks[1][3].weight = weight
    assert caught.value.layer == "blocks.1.3"
    assert "the first is layer blocks.1.3" in str(caught.value)


def test_missed_deadline(spotter: Any) -> None:
    """A slow processor is an error that says how to schedule for it."""
    model, inputs = spotter
    fastest = pfmlir.schedule(model, inputs).active_time_s
    settings: dict[str, Any] = {"machine": "riscv32", "clock_hz": 5e6}
    with pytest.raises(pfmlir.DeadlineMissedError) as caught:
        pfmlir.run(model, inputs, period_s=1.02 * fastest, **settings)
    missed = caught.value
    assert missed.slack_s < missed.between_layers_s
    assert f"dispatch-time-s of {missed.dispatch_time_s:.3e} at least" in str(missed)
    found = pfmlir.run(
        model,
        inputs,
        period_s=2 * fastest,
        dispatch_time_s=1.001 * missed.dispatch_time_s,
        **settings,
    )
    check(found)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "writes.csv"
    network = "testing.runnable:keyword_spotter"
    assert main(["run", network, "--fps", "100", "--writes", str(path)]) == 0
    said = capsys.readouterr().out
    assert "8 layers on host, 20 writes" in said
    assert "replayed" in said and "kept with" in said
    assert len(pfmlir.running.read_writes(path)) == 20
    assert main(["run", network, "--schedule", str(path)]) == 1


def test_missing_tools(spotter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is named, before anything is done; all else works without."""
    model, inputs = spotter
    which = shutil.which

    def hide(*prefixes: str) -> None:
        monkeypatch.setattr(
            shutil,
            "which",
            lambda name: None if name.startswith(prefixes) else which(name),
        )

    hide("qemu", "verilator")
    for machine, package in (
        ("riscv32", "qemu-system-misc"),
        ("riscv64", "qemu-system-misc"),
        ("sequencer", "verilator"),
    ):
        expected = f"Debian's package {package} has it"
        with pytest.raises(pfmlir.MissingDependencyError, match=expected):
            pfmlir.run(model, inputs, fps=100, machine=machine)
    check(pfmlir.run(model, inputs, fps=100))
    hide("clang")
    with pytest.raises(pfmlir.MissingDependencyError, match="package clang-22 has it"):
        pfmlir.run(model, inputs, fps=100)


def test_wrong_arguments(spotter: Any) -> None:
    model, inputs = spotter
    with pytest.raises(ValueError, match="machine: expected one of"):
        pfmlir.run(model, inputs, machine="vax")
    with pytest.raises(TypeError, match="inputs: expected a tuple"):
        pfmlir.run(model)
    with pytest.raises(TypeError, match=r"model: expected a torch\.nn\.Module"):
        pfmlir.run("func.func @net() { return }")
    schedule = pfmlir.schedule(model, inputs, fps=100)
    with pytest.raises(TypeError, match="schedule: expected none with options"):
        pfmlir.run(model, inputs, schedule=schedule, fps=10)
    other = nn.Linear(4, 4).eval()
    with pytest.raises(ValueError, match="schedule: is of another network"):
        pfmlir.run(other, (torch.zeros(1, 4),), schedule=schedule)
