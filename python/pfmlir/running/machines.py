# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Machines that programs run on."""

from dataclasses import dataclass

from .tools import Tool


@dataclass(frozen=True)
class Machine:
    """A machine.

    Attributes
    ----------
    name : str
        What an argument calls it.
    bits : int
        Of an address and of an index.
    sources : tuple of str
        Files of `firmware` that only this machine has.
    flags : tuple of str
        Of clang.
    emulator : Tool or None
        What runs its programs; None if they run by themselves.
    """

    name: str
    bits: int
    sources: tuple[str, ...]
    flags: tuple[str, ...]
    emulator: Tool | None

    @property
    def counts_instructions(self) -> bool:
        """Whether it counts instructions; otherwise nanoseconds."""
        return self.emulator is not None


def _riscv(bits: int, abi: str, *sources: str) -> Machine:
    # Without compressed instructions, of which a debugger can't see where they began.
    return Machine(
        f"riscv{bits}",
        bits,
        ("riscv.c", "start.S", *sources),
        (
            f"--target=riscv{bits}-unknown-elf",
            f"-march=rv{bits}imfd_zicsr_zicntr",
            f"-mabi={abi}",
            "-mcmodel=medany",
            "-ffreestanding",
            "-fno-builtin",
        ),
        Tool(
            f"QEMU for {bits}-bit RISC-V",
            "qemu-system-misc",
            (f"qemu-system-riscv{bits}",),
        ),
    )


MACHINES = {
    machine.name: machine
    for machine in (
        Machine("host", 64, ("host.c",), (), None),
        _riscv(32, "ilp32d", "integers.c"),
        _riscv(64, "lp64d"),
    )
}

# Computes nothing, and tells the power manager what to do.
SEQUENCER = "sequencer"
MACHINE_NAMES = (*MACHINES, SEQUENCER)
