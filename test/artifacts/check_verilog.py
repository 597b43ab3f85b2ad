# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Simulate a schedule's sequencer with Icarus Verilog, and compare what it does with
the schedule.

Usage: check_verilog.py SCHEDULED FOLDER. Two periods, once in its own time and twice
waiting for layers, the first of which takes longer than it should: once as much as
there is room for, and once more.
"""

import math
import re
import subprocess
import sys
from pathlib import Path

from schedules import Schedule, load, translate

CLOCK_HZ = 1.0e8
# What the schedules leave room for.
EXTRA_CYCLES = 100

BENCH = """
`timescale 1ns/1ps
module bench;
  logic clock = 0, reset = 1, done = 0;
  wire start, waiting, overrun;
  wire [31:0] layer, tail;
  @wires@
  integer cycle = 0, left = 0;
  @module@ #(.WAIT_FOR_DONE(@wait@)) dut(
    .clock(clock), .reset(reset), .ready(1'b1), .done(done), .start(start),
    .layer(layer[@layer_high@:0]), .waiting(waiting), .tail(tail[@tail_high@:0]),
    .overrun(overrun)@connections@);
  always #5 clock = !clock;
  function automatic integer duration(input integer number);
    case (number)
      @durations@
      default: duration = 1;
    endcase
  endfunction
  logic was_waiting = 0;
  always @(negedge clock) begin
    was_waiting <= waiting;
    done <= left == 1;
    if (left > 0) left <= left - 1;
    if (start) begin
      $display("start %0d %0d@formats@", cycle, layer[@layer_high@:0]@values@);
      left <= duration(layer[@layer_high@:0]);
    end
    if (waiting && !was_waiting)
      $display("tail %0d %0d@formats@", cycle, tail[@tail_high@:0]@values@);
    cycle <= cycle + 1;
    if (cycle == @end@) begin
      $display("overrun %0d", overrun);
      $finish;
    end
  end
  initial begin
    #12 reset = 0;
    cycle = 0;
  end
endmodule
"""


def states(schedule: Schedule, ports: list[str]) -> list[list[int]]:
    """Return the code of each port in each layer, and in the tail."""
    now, rows = dict.fromkeys(ports, 0), []
    for operation in schedule.operations:
        for kind, of, code in operation:
            if kind in ("layer", "tail"):
                rows.append(list(now.values()))
            else:
                now[f"{kind}_{of}" if of else kind] = code
    return rows


def simulate(
    path: str, report: dict, folder: Path, wait: int, extra_cycles: int = 0
) -> list[list]:
    """Return the lines that the bench prints, as words and numbers."""
    text = translate(path, "verilog")
    module = re.search(r"module (\w+) #", text)[1]
    outputs = re.findall(r"output logic \[(\d+):0\] (\w+)", text)
    widths = {name: int(high) for high, name in outputs}
    ports = [name for name in widths if name not in ("layer", "tail")]
    cycles = [math.ceil(layer["time_s"] * CLOCK_HZ) for layer in report["layers"]]
    cycles[0] += extra_cycles
    words = {
        "module": module,
        "wait": f"1'b{wait}",
        "wires": "\n  ".join(f"wire [{widths[p]}:0] {p};" for p in ports),
        "connections": "".join(f", .{p}({p})" for p in ports),
        "layer_high": str(widths["layer"]),
        "tail_high": str(widths["tail"]),
        "durations": "\n      ".join(
            f"{n}: duration = {max(c - 1, 1)};" for n, c in enumerate(cycles)
        ),
        "formats": " %0d" * len(ports),
        "values": "".join(f", {p}" for p in ports),
        "end": str(round(2 * report["period_s"] * CLOCK_HZ) - 2),
    }
    bench = BENCH
    for word, value in words.items():
        bench = bench.replace(f"@{word}@", value)
    (folder / "sequencer.sv").write_text(text)
    (folder / "bench.sv").write_text(bench)
    sources = [folder / "sequencer.sv", folder / "bench.sv"]
    subprocess.run(
        [
            "iverilog",
            "-g2012",
            "-Wall",
            "-Wno-timescale",
            "-o",
            folder / "bench",
            *sources,
        ],
        check=True,
    )
    log = subprocess.run(
        ["vvp", "-n", folder / "bench"], capture_output=True, text=True, check=True
    )
    return [
        [line.split()[0], *map(int, line.split()[1:])]
        for line in log.stdout.splitlines()
        if line.startswith(("start", "tail", "overrun"))
    ]


def check_states(lines: list[list], rows: list[list[int]], ports_from: int) -> None:
    """Every layer of both periods runs with its codes, in order, and so the tail."""
    assert [line[ports_from:] for line in lines[:-1]] == rows + rows
    layers = list(range(len(rows) - 1))
    assert [line[2] for line in lines if line[0] == "start"] == layers + layers


def main() -> None:
    """Simulate one schedule in both ways."""
    path, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    schedule, report = load(path)
    text = translate(path, "verilog")
    names = re.findall(r"output logic \[\d+:0\] (\w+)", text)
    rows = states(schedule, [n for n in names if n not in ("layer", "tail")])
    period = round(report["period_s"] * CLOCK_HZ)

    lines = simulate(path, report, folder, wait=0)
    check_states(lines, rows, 3)
    due = [layer["start_s"] * CLOCK_HZ for layer in report["layers"]]
    starts = [line[1] for line in lines if line[0] == "start"]
    late = [
        start - (period * (number // len(due)) + due[number % len(due)])
        for number, start in enumerate(starts)
    ]
    assert all(0 <= cycles <= 2 for cycles in late), late
    assert lines[-1] == ["overrun", 0]

    lines = simulate(path, report, folder, wait=1, extra_cycles=EXTRA_CYCLES)
    check_states(lines, rows, 3)
    starts = [line[1] for line in lines if line[0] == "start"]
    first = math.ceil(report["layers"][0]["time_s"] * CLOCK_HZ) + EXTRA_CYCLES
    assert first <= starts[1] - starts[0] <= first + 2
    assert lines[-1] == ["overrun", 0]

    lines = simulate(path, report, folder, wait=1, extra_cycles=period)
    assert lines[-1] == ["overrun", 1]
    print(f"{len(due)} layers, at most {max(late):.1f} cycles late")


if __name__ == "__main__":
    main()
