# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A program's accesses to the power manager, seen from outside: by QEMU's GDB stub.

The program writes to the addresses of the register map, and knows of no record. QEMU
stops at each write; what is written is read off the instruction and its registers.
"""

import re
import socket
import subprocess
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from ..errors import PfmlirError
from .execute import command_line, write_inputs
from .program import Program
from .registers import Register

# How long the emulator may take to listen, and how often to look.
_LISTEN_S, _LOOK_S = 30.0, 0.02
_PC = 32
_STORE = 0x23


class _Stub:
    """A connection to a GDB stub: packets, and what they are about."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + _LISTEN_S
        while True:
            try:
                self._socket.connect(path)
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(_LOOK_S)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        self._socket.close()

    def ask(self, text: str) -> str:
        """Send a packet, and return the answer; "" once the program has ended."""
        data = text.encode()
        self._socket.sendall(b"$%b#%02x" % (data, sum(data) % 256))
        try:
            answer = self._read()
            if answer:
                self._socket.sendall(b"+")
        except ConnectionError:
            return ""
        return answer

    def _read(self) -> str:
        while True:
            byte = self._file.read(1)
            if not byte:
                return ""
            if byte == b"$":
                break
        data = b""
        while (byte := self._file.read(1)) not in (b"#", b""):
            # What would be a packet's own characters is escaped.
            data += bytes([self._file.read(1)[0] ^ 0x20]) if byte == b"}" else byte
        self._file.read(2)
        return data.decode("latin-1")

    def register(self, number: int) -> int:
        """Return a register's value."""
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}")), "little")

    def word(self, address: int) -> int:
        """Return the 32 bits at an address."""
        return int.from_bytes(bytes.fromhex(self.ask(f"m{address:x},4")), "little")


def _decode_store(stub: _Stub, place: int) -> tuple[int, int] | None:
    """Return the address and the value of the store at a place; None for no store."""
    instruction = stub.word(place)
    if instruction & 0x7F != _STORE:
        return None
    width = 8 << (instruction >> 12 & 7)
    offset = (instruction >> 25) << 5 | instruction >> 7 & 0x1F
    offset -= (offset & 0x800) << 1
    value = stub.register(instruction >> 20 & 0x1F) & ((1 << width) - 1)
    return stub.register(instruction >> 15 & 0x1F) + offset, value


def _pass_store(stub: _Stub, register: Register) -> int:
    """Return the value of the store at which QEMU stopped, and pass it."""
    place = stub.register(_PC)
    # Some versions of QEMU stop at the store, and some after it.
    store = _decode_store(stub, place)
    if store and store[0] == register.address:
        stub.ask("z" + _place_of(register))
        stub.ask("s")
        stub.ask("Z" + _place_of(register))
    else:
        store = _decode_store(stub, place - 4)
    if not store or store[0] != register.address:
        raise PfmlirError(f"expected a store to {register.place} at {place:#x}")
    return store[1]


def _place_of(register: Register) -> str:
    """Return what a packet says of a register to be watched."""
    return f"2,{register.address:x},{register.bits // 8:x}"


def watch(program: Program, inputs: Sequence[Any]) -> list[tuple[Register, int]]:
    """Run a program, and return the registers that it writes to, and the values.

    Parameters
    ----------
    program
        Built with `BARE`, for a machine that QEMU emulates.
    inputs
        Of its network.

    Raises
    ------
    MissingDependencyError
        QEMU is not installed.
    PfmlirError
        The program failed.
    """
    write_inputs(program, inputs)
    path = program.folder / "gdb"
    path.unlink(missing_ok=True)
    command = [
        *command_line(program, counts=False),
        *("-chardev", "socket,path=gdb,server=on,wait=off,id=gdb"),
        *("-gdb", "chardev:gdb", "-S"),
    ]
    with subprocess.Popen(
        command,
        cwd=program.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as emulator:
        try:
            with _Stub(str(path)) as stub:
                seen = _watch(stub, program)
            _, said = emulator.communicate()
        finally:
            if emulator.poll() is None:
                emulator.kill()
    if emulator.returncode != 0:
        raise PfmlirError(
            f"the program failed on {program.machine.name}, with status "
            f"{emulator.returncode}: {said.strip() or 'nothing was said'}"
        )
    return seen


def _watch(stub: _Stub, program: Program) -> list[tuple[Register, int]]:
    """Return the register and the value of each write until the end."""
    by_address: dict[int, Register] = {}
    for register in program.registers.values():
        if register.address is not None:
            by_address[register.address] = register
            answer = stub.ask("Z" + _place_of(register))
            if answer != "OK":
                raise PfmlirError(f"QEMU can't watch {register.place}: {answer!r}")
    # Single registers are for those who know of them.
    stub.ask("qXfer:features:read:target.xml:0,800")
    seen: list[tuple[Register, int]] = []
    while found := re.search(r"watch:([0-9a-f]+)", stub.ask("c")):
        register = by_address[int(found[1], 16)]
        seen.append((register, _pass_store(stub, register)))
    return seen
