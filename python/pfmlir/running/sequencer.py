# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A schedule's sequencer, simulated with Verilator."""

import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from .. import ir
from ..answers import Schedule
from ..dialects import power
from .expected import find_scheduled
from .hardware import number
from .registers import Field, Register, find_register_map, registers_of
from .replay import layer_times
from .tools import CXX, MAKE, VERILATOR, run_tool
from .writes import Write

# How late a layer may start, in cycles: what the sequencer takes.
LATE_CYCLES = 2

# Counts cycles from the first that is not reset, and prints what changes in each.
BENCH = """\
#include "Vsequencer.h"
#include "verilated.h"
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int argc, char **argv) {
  VerilatedContext context;
  context.commandArgs(argc, argv);
  Vsequencer top(&context);
  // For each layer, how many cycles what is set before it takes, and how many it runs;
  // without, all is done at once.
  std::vector<uint64_t> settles, runs;
  for (int index = 1; index + 1 < argc; index += 2) {
    settles.push_back(std::strtoull(argv[index], nullptr, 10));
    runs.push_back(std::strtoull(argv[index + 1], nullptr, 10));
  }
  auto tick = [&] {
    top.clock = 0;
    top.eval();
    top.clock = 1;
    top.eval();
  };
  top.reset = 1;
  top.ready = 1;
  top.done = runs.empty();
  tick();
  top.reset = 0;
  std::vector<uint64_t> before, set_before;
  size_t layer = 0;
  uint64_t settling = 0, running = 0;
  for (uint64_t cycle = 0; cycle < UINT64_C(@cycles@); ++cycle) {
    tick();
    std::vector<uint64_t> now = {@ports@}, set = {@kept@};
    if (set != set_before && layer < settles.size())
      settling = settles[layer];
    set_before = set;
    if (top.start && layer < runs.size())
      running = runs[layer++];
    top.ready = settling <= 1;
    top.done = runs.empty() || running == 1;
    settling -= settling > 0;
    running -= running > 0;
    if (now == before)
      continue;
    std::printf("%" PRIu64, cycle);
    for (uint64_t value : now)
      std::printf(" %" PRIu64, value);
    std::printf("\\n");
    before = now;
  }
  top.final();
  return 0;
}
"""
# What the sequencer has besides a port for each field.
SIGNALS = ("start", "layer", "waiting", "tail", "overrun")


def run_sequencer(
    schedule: Schedule | ir.Module,
    *,
    waits: bool = False,
    folder: str | os.PathLike[str] | None = None,
) -> list[Write]:
    """Return what the sequencer of a schedule tells the power manager in a period.

    `pf-translate --power-to-verilog` makes it, Verilator a program of it and a bench.
    Replay the writes with `is_timed`, and `late_s` for tolerance.

    Parameters
    ----------
    schedule
        On a target with a `power.register_map` that has a `timer_hz`.
    waits
        Whether the bench makes the sequencer wait until what is set has settled and
        layers are done, for as long as the replay's model says that takes. If not,
        everything is done at once, and happens at the times in the ROM.
    folder
        Where Verilog, bench and program are left; without, nowhere.

    Raises
    ------
    CompilationError
        The schedule can't be a sequencer.
    MissingDependencyError
        Verilator, or what it builds with, is not installed.
    ValueError
        Its target has no register map.
    """
    answer = schedule
    if isinstance(answer, ir.Module):
        answer = Schedule.from_module(answer)
    check_simulator()
    if folder is not None:
        return Sequencer(answer, Path(folder)).simulate(waits)
    with tempfile.TemporaryDirectory() as temporary:
        return Sequencer(answer, Path(temporary)).simulate(waits)


def check_simulator() -> None:
    """Raise MissingDependencyError unless sequencers can be simulated.

    The message says what to install.
    """
    for tool in (VERILATOR, MAKE, CXX):
        tool.find()


def late_s(schedule: Schedule | ir.Module) -> float:
    """Return how late a layer of a schedule's sequencer may start, in seconds."""
    module = schedule if isinstance(schedule, ir.Module) else schedule.module
    return LATE_CYCLES / _clock_hz(find_scheduled(module).target)


def _clock_hz(target: power.TargetOp) -> float:
    return number(find_register_map(target).timer_hz)


class Sequencer:
    """A schedule's sequencer, built in a folder."""

    def __init__(self, schedule: Schedule, folder: Path) -> None:
        self._schedule = schedule
        self._folder = folder
        text = schedule.to_artifact("verilog")
        target = find_scheduled(schedule.module).target
        self._clock_hz = _clock_hz(target)
        self._registers = registers_of(target)
        self._outputs = re.findall(
            r"^ *output logic (?:\[\d+:0\] )?(\w+)", text, re.MULTILINE
        )
        name = re.search(r"^module (\w+)", text, re.MULTILINE)
        assert name is not None
        self._build(name[1], text)

    def _build(self, name: str, text: str) -> None:
        kept = [port for port in self._outputs if port not in SIGNALS]
        words = {
            "cycles": str(round(self._schedule.period_s * self._clock_hz)),
            "ports": ", ".join(f"uint64_t(top.{port})" for port in self._outputs),
            "kept": ", ".join(f"uint64_t(top.{port})" for port in kept),
        }
        bench = BENCH
        for word, value in words.items():
            bench = bench.replace(f"@{word}@", value)
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{name}.sv").write_text(text)
        (self._folder / "bench.cpp").write_text(bench)
        # Only what runs in every cycle is worth optimising.
        effort = "OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O0"
        # Most of the time goes to Verilator's own files, which are always the same.
        if shutil.which("ccache"):
            effort += " OBJCACHE=ccache"
        command = ["verilator", "--cc", "--exe", "--build", "-Wall", "-MAKEFLAGS"]
        command += [effort, "--prefix", "Vsequencer", "--top-module", name]
        command += ["-Mdir", "build", "-o", "sequencer", f"{name}.sv", "bench.cpp"]
        run_tool(command, self._folder, "building the sequencer")

    def simulate(self, waits: bool = False) -> list[Write]:
        """Return the writes of a period; `waits` is as of `run_sequencer`."""
        writes = self._simulate([])
        if not waits:
            return writes
        cycles = [
            max(math.ceil(time_s * self._clock_hz - 1e-6), 0)
            for times in layer_times(self._schedule, writes)
            for time_s in times
        ]
        return self._simulate(cycles)

    def _simulate(self, cycles: list[int]) -> list[Write]:
        program = str(self._folder.resolve() / "build" / "sequencer")
        arguments = [program, *map(str, cycles)]
        log = run_tool(arguments, self._folder, "simulating the sequencer")
        rows = ([int(word) for word in line.split()] for line in log.splitlines())
        return list(
            _read_rows(rows, self._outputs, self._registers, 1e9 / self._clock_hz)
        )


# -- from ports to writes -----------------------------------------------------


def _port(field: Field) -> str:
    """Return what the sequencer calls a field."""
    if not field.of:
        return field.kind
    name = re.sub(r"[^0-9a-zA-Z]", "_", field.of)
    return f"{field.kind}_{'_' if name[:1].isdigit() else ''}{name}"


def _read_rows(
    rows: Iterable[list[int]],
    outputs: list[str],
    registers: dict[str, Register],
    cycle_ns: float,
) -> Iterator[Write]:
    """Yield a write for each register that changes, and for each command."""
    kept = [each for each in registers.values() if each.is_kept]
    commands = {
        each.fields[0].kind: each for each in registers.values() if each.is_command
    }
    before: dict[str, int] = {}
    index = 0
    was_waiting = 0
    for cycle, *values in rows:
        ports = dict(zip(outputs, values, strict=True))
        told = []
        for register in kept:
            value = sum(ports[_port(f)] << f.shift for f in register.fields)
            if before.get(register.place) != value:
                told.append((register, value))
            before[register.place] = value
        if ports["start"]:
            told.append((commands["start"], ports["layer"]))
        if ports["waiting"] and not was_waiting:
            told.append((commands["tail"], ports["tail"]))
        was_waiting = ports["waiting"]
        for register, value in told:
            code = value
            if register.is_command:
                code = value << register.fields[0].shift
            yield Write(index, cycle * cycle_ns, register.place, register.name, code)
            index += 1
