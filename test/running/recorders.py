# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where writes come from in tests: the C header's own loop, with hooks that record."""

import subprocess
from pathlib import Path

import pfmlir
from pfmlir.running import Register, Write, read_registers

# A power manager that is always ready, and layers that are done at once.
REGISTERS = """
#include <stdint.h>
#include <stdio.h>
#define @NAME@_WRITE(address, value) \\
  printf("0x%llx %llu\\n", (unsigned long long)(address), (unsigned long long)(value))
#define @NAME@_READ(address) UINT64_C(@status@)
#include "schedule.h"
int main(void) {
  @name@_run_period();
  return 0;
}
"""


def define(register: Register) -> str:
    """Return C that defines a function of a vendor's library."""
    name, _, argument = register.place.partition("(")
    field = register.fields[0]
    if field.is_read:
        return f"uint32_t {name}(void) {{ return {field.value}; }}\n"
    if argument:
        return ""
    return f"""
void {name}(uint32_t value) {{ printf("{name} %lu\\n", (unsigned long)value); }}
"""


def define_with_arguments(registers: dict[str, Register]) -> str:
    """Return C that defines the functions that take an argument before the code."""
    names = {place.partition("(")[0] for place in registers if "(" in place}
    return "".join(
        f"void {name}(uint32_t argument, uint32_t value) {{ "
        f'printf("{name}(%lu) %lu\\n", (unsigned long)argument, '
        "(unsigned long)value); }\n"
        for name in sorted(names)
    )


def record(schedule: pfmlir.Schedule, folder: Path) -> list[Write]:
    """Return what the loop of a schedule's C header writes in a period."""
    registers = read_registers(schedule.module)
    reads = [
        f for r in registers.values() for f in r.fields if f.kind in ("ready", "done")
    ]
    source = REGISTERS
    if all(register.address is None for register in registers.values()):
        source += "".join(map(define, registers.values()))
        source += define_with_arguments(registers)
    words = {
        "NAME": schedule.function.upper(),
        "name": schedule.function,
        "status": str(sum(field.value << field.shift for field in reads)),
    }
    for word, text in words.items():
        source = source.replace(f"@{word}@", text)
    (folder / "schedule.h").write_text(schedule.to_artifact("c-header"))
    (folder / "main.c").write_text(source)
    flags = ["-std=c99", "-pedantic", "-Wall", "-Werror"]
    subprocess.run(["cc", *flags, "main.c", "-o", "main"], cwd=folder, check=True)
    log = subprocess.run([folder / "main"], capture_output=True, text=True, check=True)
    lines = (line.split() for line in log.stdout.splitlines())
    return [
        Write(index, float(index), place, registers[place].name, int(value))
        for index, (place, value) in enumerate(lines)
    ]
