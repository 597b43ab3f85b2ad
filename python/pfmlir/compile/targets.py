# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Accelerators: those that come with the compiler, and those of a module."""

import os

from .. import ir
from ..dialects import power
from ..errors import CompilationError, PfmlirError
from ..modules import copy_module, parse_text
from .options import Target
from .sources import is_text


def builtin_targets() -> dict[str, str]:
    """Return the targets that come with the compiler, as MLIR text by name.

    Examples
    --------
    >>> import pfmlir
    >>> list(pfmlir.builtin_targets())[:3]
    ['pf40', 'pf40_keep', 'gap8']
    """
    return dict(power.builtin_targets())


def find_targets(module: ir.Module) -> dict[str, power.TargetOp]:
    """Return the targets of a module by name; they live as long as it does."""
    return {
        ir.StringAttr(op.attributes["sym_name"]).value: op
        for op in module.body.operations
        if isinstance(op, power.TargetOp)
    }


def name_target(module: ir.Module, target: Target | None) -> str | None:
    """Return what option `target` is to say, and put the target in the module."""
    if target is None:
        return None
    if isinstance(target, os.PathLike):
        return os.fspath(target)
    if isinstance(target, str) and not target:
        raise ValueError("target: expected a name, a path or MLIR text, but got ''")
    if isinstance(target, str) and not is_text(target):
        return target
    if isinstance(target, str):
        source = parse_text(target, module.context, "the target")
    elif isinstance(target, ir.Module):
        source = copy_module(target, module.context)
    elif isinstance(target, power.TargetOp):
        text = str(target.operation.get_asm(enable_debug_info=True))
        source = parse_text(text, module.context, "the target")
    else:
        raise TypeError(
            "target: expected a name, a path, MLIR text, a pfmlir.ir.Module or a "
            f"power.TargetOp, but got {type(target)!r}"
        )
    found = find_targets(source)
    if len(found) != 1:
        raise PfmlirError(
            f"target: expected a module with one power.target, but got {len(found)}"
        )
    ((name, op),) = found.items()
    known = find_targets(module)
    if name in known:
        known[name].erase()
    op.operation.clone(ip=ir.InsertionPoint.at_block_begin(module.body))
    return name


def chosen_target(module: ir.Module) -> power.TargetOp | None:
    """Return the target that `assign_target` chose for a function of a module."""
    targets = find_targets(module)
    for op in module.body.operations:
        if "power.target" in op.attributes:
            name = ir.FlatSymbolRefAttr(op.attributes["power.target"]).value
            if name not in targets:
                raise CompilationError(f"expected a power.target @{name} in the module")
            return targets[name]
    return None
