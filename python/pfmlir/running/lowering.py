# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a scheduled module to LLVM IR, without its weights, and their file."""

from dataclasses import dataclass
from pathlib import Path

from .. import ir
from ..compile.options import quote
from ..errors import CompilationError
from ..modules import copy_module, run_passes
from .machines import Machine
from .tools import TRANSLATE, run_tool

# What C calls the network.
ENTRY = "network"


@dataclass(frozen=True)
class Instrumentation:
    """What a program says of itself.

    Attributes
    ----------
    is_recorded : bool
        Whether it records its accesses to the power manager, which it then doesn't
        make; otherwise it makes them, at the addresses of the register map.
    is_observed : bool
        Whether it writes what each layer makes to files.
    """

    is_recorded: bool = True
    is_observed: bool = False


RECORDED = Instrumentation()
OBSERVED = Instrumentation(is_observed=True)
BARE = Instrumentation(is_recorded=False)


def _check_calls(module: ir.Module) -> None:
    """Refuse what no one defines: operations that were taken as they are."""
    for op in module.body.operations:
        if op.operation.name == "func.func" and not op.regions[0].blocks:
            name = ir.StringAttr(op.attributes["sym_name"]).value
            raise CompilationError(
                f"expects operations that have a body to run, but calls {name}, which "
                "is taken as it is"
            )


def lower(
    module: ir.Module, machine: Machine, how: Instrumentation, folder: Path
) -> None:
    """Write a scheduled network as `network.ll`, `weights.bin` and `weights.bin.s`.

    Parameters
    ----------
    module
        With its weights; it stays as it is.
    machine, how
        What runs it, and what it says of itself.
    folder
        Where to.

    Raises
    ------
    CompilationError
        Something of it can't be lowered.
    """
    _check_calls(module)

    def flag(value: bool) -> str:
        return "true" if value else "false"

    options = (
        f"index-bits={machine.bits} entry={ENTRY} "
        f"weights={quote(str(folder / 'weights.bin'))} "
        f"hooks={flag(how.is_recorded)} profile={flag(how.is_recorded)} "
        f"observe={flag(how.is_observed)}"
    )
    lowered = run_passes(
        copy_module(module),
        f"builtin.module(power-lower-to-llvm{{{options}}})",
        "the network can't be lowered",
    )
    (folder / "network.mlir").write_text(str(lowered.operation))
    run_tool(
        [TRANSLATE.find(), "--mlir-to-llvmir", "network.mlir", "-o", "network.ll"],
        folder,
        "the translation to LLVM IR",
    )
