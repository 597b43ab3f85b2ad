# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Running programs: on the host, or on a machine that QEMU emulates."""

import subprocess
from collections.abc import Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

from ..errors import PfmlirError
from .interface import Tensor
from .program import Program

# More than any network here needs; the emulator takes what is used.
_MEMORY = "1G"


def command_line(program: Program, counts: bool = True) -> list[str]:
    """Return what runs a program, in its folder, and if asked counts instructions.

    Raises
    ------
    MissingDependencyError
        The emulator is not installed.
    """
    emulator = program.machine.emulator
    if emulator is None:
        return [str(program.path.resolve())]
    return [
        emulator.find(),
        *("-machine", "virt", "-m", _MEMORY, "-bios", "none"),
        *("-display", "none", "-serial", "none", "-monitor", "none"),
        *("-semihosting-config", "enable=on,target=native"),
        # An instruction a nanosecond, so that counts repeat.
        *(("-icount", "shift=0") if counts else ()),
        *("-kernel", "program"),
    ]


def write_inputs(program: Program, inputs: Sequence[Any]) -> None:
    """Write the inputs of a program to its folder.

    Raises
    ------
    ValueError
        They are not as many, or not of the shapes, that its network takes.
    """
    expected = program.interface.inputs
    if len(inputs) != len(expected):
        raise ValueError(f"inputs: expected {len(expected)}, but got {len(inputs)}")
    for tensor, value in zip(expected, inputs, strict=True):
        array = numpy.asarray(value)
        if array.shape != tensor.shape:
            raise ValueError(
                f"inputs: expected {tensor.name} of shape {tensor.shape}, but got "
                f"{array.shape}"
            )
        array = numpy.ascontiguousarray(array, tensor.dtype)
        (program.folder / tensor.file).write_bytes(array.tobytes())


def read_tensor(program: Program, tensor: Tensor) -> NDArray[Any]:
    """Return a tensor that a program left in its folder."""
    data = (program.folder / tensor.file).read_bytes()
    return numpy.frombuffer(data, tensor.dtype).reshape(tensor.shape)


def execute(program: Program, inputs: Sequence[Any]) -> list[NDArray[Any]]:
    """Run a program, and return its results.

    Raises
    ------
    MissingDependencyError
        The emulator is not installed.
    ValueError
        The inputs are not what the network takes.
    PfmlirError
        The program failed.
    """
    write_inputs(program, inputs)
    done = subprocess.run(
        command_line(program),
        cwd=program.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip() or "nothing was said"
        raise PfmlirError(
            f"the program failed on {program.machine.name}, with status "
            f"{done.returncode}: {said}"
        )
    return [read_tensor(program, result) for result in program.interface.results]
