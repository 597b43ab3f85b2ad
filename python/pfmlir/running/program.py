# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs: a network, lowered, compiled and linked with what runs it."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import ir
from ..errors import CompilationError
from .glue import write_glue
from .interface import Interface, read_interface
from .lowering import RECORDED, Instrumentation, lower
from .machines import Machine
from .registers import Register, read_registers
from .tools import CLANG, LINKER, TRANSLATE, run_tool

FIRMWARE = Path(__file__).parent / "firmware"
_FLAGS = ("-O2", "-std=c11", "-Wno-override-module")


@dataclass(frozen=True)
class Program:
    """A program in a folder of its own, which its files are in, too.

    Attributes
    ----------
    folder : pathlib.Path
    machine : Machine
    interface : Interface
        What its network takes and gives.
    registers : mapping of str to Register
        Of the power manager, by their places.
    """

    folder: Path
    machine: Machine
    interface: Interface
    registers: Mapping[str, Register]

    @property
    def path(self) -> Path:
        """Where the program is."""
        return self.folder / "program"


def _check_registers(
    registers: Mapping[str, Register], machine: Machine, how: Instrumentation
) -> None:
    """Refuse what a program that accesses registers by itself can't reach."""
    for register in registers.values():
        if register.address is None:
            if not how.is_recorded:
                raise CompilationError(
                    "expects registers to be accessed without a record, but the target "
                    f"has function {register.place}, which nobody defines"
                )
        elif register.address >= 2**machine.bits:
            raise CompilationError(
                f"expects registers below 2^{machine.bits} on {machine.name}, but got "
                f"one at {register.place}"
            )
    if machine.emulator is None and not how.is_recorded:
        raise CompilationError(
            "expects a program on the host to record what it does, for the host has no "
            "power manager"
        )


def check_tools(machine: Machine) -> None:
    """Raise MissingDependencyError unless programs can be made and run for a machine.

    The message says what to install.
    """
    for tool in (CLANG, LINKER, TRANSLATE, machine.emulator):
        if tool is not None:
            tool.find()


def build(
    module: ir.Module,
    machine: Machine,
    folder: Path,
    how: Instrumentation = RECORDED,
) -> Program:
    """Make a program of a scheduled network, in a folder.

    Parameters
    ----------
    module
        With its weights; it stays as it is.
    machine
        What runs it.
    folder
        An empty one.
    how
        What the program says of itself.

    Raises
    ------
    MissingDependencyError
        The compiler or the linker is not installed.
    CompilationError
        The network can't be lowered.
    ValueError
        Its target has no register map.
    """
    clang, linker = CLANG.find(), LINKER.find()
    registers = read_registers(module)
    _check_registers(registers, machine, how)
    interface = read_interface(module)
    lower(module, machine, how, folder)
    (folder / "network.c").write_text(write_glue(interface, registers, how))
    for file in FIRMWARE.iterdir():
        shutil.copy(file, folder)
    sources = ["network.ll", "network.c", "main.c", *machine.sources, "weights.bin.s"]
    if how.is_recorded:
        sources.append("record.c")
    objects = [f"{source}.o" for source in sources]
    for source, made in zip(sources, objects, strict=True):
        # Of an assembly file, clang would say that others are not used.
        more = () if source.endswith(".s") else _FLAGS
        arguments = [clang, *machine.flags, *more, "-c", source, "-o", made]
        run_tool(arguments, folder, f"compiling {source}")
    if machine.emulator is None:
        link = [clang, f"--ld-path={linker}", *objects, "-lm"]
    else:
        link = [linker, "-T", "riscv.ld", *objects]
    run_tool([*link, "-o", "program"], folder, "linking")
    return Program(folder, machine, interface, registers)
