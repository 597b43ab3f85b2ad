# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compile a schedule's C header with a recorder in place of the hardware, run it,
and compare what it wrote with what the IR says.

Usage: check_c_header.py SCHEDULED FOLDER.
"""

import subprocess
import sys
from itertools import chain
from pathlib import Path

from schedules import Schedule, load, translate

# A power manager that needs two looks to get ready, and one after the layer is done.
REGISTERS = """
#include <stdint.h>
#include <stdio.h>
static int polls;
static uint32_t read_register(uint64_t address) {
  if (address == UINT64_C(@timer@)) {
    static uint32_t ticks = UINT32_MAX - 5;
    return ticks += 1000;
  }
  printf("read %llu\\n", (unsigned long long)address);
  polls = (polls + 1) % 3;
  return polls == 0 ? @status@u : 0;
}
static void write_register(uint64_t address, uint64_t value) {
  printf("write %llu %llu\\n", (unsigned long long)address, (unsigned long long)value);
}
static void run_layer(uint32_t layer) { printf("run %lu\\n", (unsigned long)layer); }
#define @NAME@_WRITE(address, value) write_register(address, value)
#define @NAME@_READ(address) read_register(address)
#define @NAME@_RUN_LAYER(layer) run_layer(layer)
"""
FUNCTIONS = """
#include <stdint.h>
#include <stdio.h>
static void run_layer(uint32_t layer) { printf("run %lu\\n", (unsigned long)layer); }
#define @NAME@_RUN_LAYER(layer) run_layer(layer)
"""
MAIN = """
#include "schedule.h"
int main(void) {
  for (int index = 0; index < @NAME@_NUM_LAYERS; ++index)
    printf("name %s\\n", @name@_layer_names[index]);
  @name@_run_periods(2);
  return 0;
}
"""


def define_functions(schedule: Schedule) -> str:
    """Return a vendor's library that records its calls."""
    text, seen = "", set()
    for field in schedule.fields:
        if not field.function or field.function in seen:
            continue
        seen.add(field.function)
        name = field.function
        if field.kind == "timer":
            text += f"uint32_t {name}(void) {{ static uint32_t t; return t += 300; }}\n"
        elif field.value:
            text += (
                f"uint32_t {name}(void) {{ static int polls; "
                f'printf("read {name}\\n"); polls = (polls + 1) % 3; '
                f"return polls == 0 ? {field.value} : 0; }}\n"
            )
        elif field.argument is not None:
            text += (
                f"void {name}(uint32_t a, uint32_t v) {{ "
                f'printf("write {name} %lu %lu\\n", '
                "(unsigned long)a, (unsigned long)v); }\n"
            )
        else:
            text += (
                f"void {name}(uint32_t v) {{ "
                f'printf("write {name} %lu\\n", (unsigned long)v); }}\n'
            )
    return text


def first_codes(schedule: Schedule) -> dict[int, int]:
    """Return what each register begins with: the first code of each of its fields."""
    registers: dict[int, int] = {}
    seen = set()
    for kind, of, code in chain(*schedule.operations):
        field = schedule.field(kind, of)
        if kind in ("layer", "tail") or field.function or (kind, of) in seen:
            continue
        seen.add((kind, of))
        registers[field.offset] = registers.get(field.offset, 0) | code << field.shift
    return registers


def expect(schedule: Schedule) -> list[str]:
    """Return what a period must write, read and run."""
    registers = first_codes(schedule)
    log = []

    def access(kind: str, of: str, code: int) -> str | None:
        field = schedule.field(kind, of)
        if field is None:
            return None
        if field.function:
            argument = "" if field.argument is None else f" {field.argument}"
            return f"write {field.function}{argument} {code}"
        value = code << field.shift
        if kind not in ("start", "finish", "tail"):
            mask = ((1 << field.width) - 1) << field.shift
            value |= registers[field.offset] & ~mask
            registers[field.offset] = value
        return f"write {schedule.base + field.offset} {value}"

    def wait(kind: str) -> list[str]:
        field = schedule.field(kind)
        if field is None:
            return []
        return [f"read {field.function or schedule.base + field.offset}"] * 3

    for operation in schedule.operations:
        if operation[0][0] == "layer":
            number = operation[0][2]
            log += wait("ready")
            log.append(access("start", "", number))
            log.append(f"run {number}")
            log += wait("done")
            log.append(access("finish", "", number))
            continue
        # The last write of each place stands, where the first one was.
        places: dict[str, str] = {}
        for part in operation:
            write = access(*part)
            places[write.rsplit(" ", 1)[0]] = write
        log += places.values()
    return [entry for entry in log if entry]


def main() -> None:
    """Check one header."""
    path, folder = sys.argv[1], Path(sys.argv[2])
    schedule, report = load(path)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schedule.h").write_text(translate(path, "c-header"))
    words = {"name": report["function"], "NAME": report["function"].upper()}
    functions = define_functions(schedule)
    source = FUNCTIONS if functions else REGISTERS
    if not functions:
        waits = [schedule.field("ready"), schedule.field("done")]
        words["status"] = str(sum(f.value << f.shift for f in waits if f))
        words["timer"] = str(schedule.base + schedule.field("timer").offset)
    source = source + MAIN
    for word, text in words.items():
        source = source.replace(f"@{word}@", text)
    (folder / "main.c").write_text(source + functions)
    program = folder / "main"
    flags = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"]
    subprocess.run(["cc", *flags, folder / "main.c", "-o", program], check=True)
    # And as it is, with its own accesses.
    (folder / "plain.c").write_text(
        '#include "schedule.h"\nint main(void) { return 0; }\n'
    )
    subprocess.run(["cc", *flags, "-fsyntax-only", folder / "plain.c"], check=True)
    log = subprocess.run([program], capture_output=True, text=True, check=True)
    expected = [f"name {layer['name']}" for layer in report["layers"]]
    period = expect(schedule)
    written = log.stdout.splitlines()
    assert written == expected + period + period, (written, expected, period)
    writes = sum(entry.startswith("write") for entry in period)
    print(f"{len(report['layers'])} layers, {writes} writes a period, as scheduled")


if __name__ == "__main__":
    main()
