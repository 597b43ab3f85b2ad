# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A program's accesses to the power manager, seen from outside: by QEMU's GDB stub.

The program writes to the addresses of the register map, and knows of no record. QEMU
stops after each write; what was written is read off the instruction and its registers.
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
from .writes import Write

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

    def document(self, name: str) -> str:
        """Return what the stub says of its registers."""
        text = ""
        while True:
            answer = self.ask(f"qXfer:features:read:{name}:{len(text):x},800")
            text += answer[1:]
            if not answer.startswith("m"):
                return text


class _Counter:
    """Reads how many instructions there were."""

    def __init__(self, stub: _Stub) -> None:
        text = stub.document("riscv-csr.xml")
        self._stub = stub
        # The upper half, on machines of 32 bits.
        self._low, self._high = (
            self._find(text, name) for name in ("minstret", "minstreth")
        )

    @staticmethod
    def _find(text: str, name: str) -> int | None:
        found = re.search(rf'name="{name}"[^>]*regnum="(\d+)"', text)
        return int(found[1]) if found else None

    def read(self) -> int:
        assert self._low is not None
        high = 0 if self._high is None else self._stub.register(self._high)
        return high << 32 | self._stub.register(self._low)


def _stored(stub: _Stub) -> tuple[int, int]:
    """Return the address and the value of the store that was stopped at."""
    # QEMU stops at the store or after it, by where its translation of code ends.
    place = stub.register(_PC)
    instructions = [stub.word(place - 4), stub.word(place)]
    stores = [each for each in instructions if each & 0x7F == _STORE]
    if len(stores) != 1:
        got = " and ".join(map(hex, instructions))
        raise PfmlirError(f"expected a store to a register, but got {got}")
    (instruction,) = stores
    width = 8 << (instruction >> 12 & 7)
    offset = (instruction >> 25) << 5 | instruction >> 7 & 0x1F
    offset -= (offset & 0x800) << 1
    value = stub.register(instruction >> 20 & 0x1F) & ((1 << width) - 1)
    return stub.register(instruction >> 15 & 0x1F) + offset, value


def watch(program: Program, inputs: Sequence[Any], clock_hz: float) -> list[Write]:
    """Run a program, and return what it writes to the power manager's registers.

    Parameters
    ----------
    program
        Built with `BARE`, for a machine that QEMU emulates.
    inputs
        Of its network.
    clock_hz
        Of the processor, in hertz. Times are from the first write.

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
        *command_line(program),
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
    return _as_writes(program, seen, clock_hz)


def _watch(stub: _Stub, program: Program) -> list[tuple[int, int, int]]:
    """Return the count, the address and the value of each write until the end."""
    for register in program.registers.values():
        if register.address is not None:
            answer = stub.ask(f"Z2,{register.address:x},{register.bits // 8:x}")
            if answer != "OK":
                raise PfmlirError(f"QEMU can't watch {register.place}: {answer!r}")
    counter = _Counter(stub)
    seen: list[tuple[int, int, int]] = []
    while stub.ask("c").startswith("T"):
        seen.append((counter.read(), *_stored(stub)))
    return seen


def _as_writes(
    program: Program, seen: Sequence[tuple[int, int, int]], clock_hz: float
) -> list[Write]:
    by_address = {each.address: each for each in program.registers.values()}
    writes: list[Write] = []
    for count, address, value in seen:
        register = by_address[address]
        time_ns = (count - seen[0][0]) / clock_hz * 1e9
        writes.append(Write(len(writes), time_ns, register.place, register.name, value))
    return writes
