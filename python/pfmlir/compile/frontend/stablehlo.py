# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From StableHLO, with the passes that torch-mlir brings."""

from typing import Any

from .lowering import collecting, make_context, translate
from .torch_mlir_ir import PassManager, ir

# To know a dialect is to have run a pass that makes it.
_LOAD_DIALECT = "builtin.module(func.func(convert-torch-to-stablehlo))"
_LOWER = (
    "builtin.module(func.func(stablehlo-aggressive-simplification),"
    "stablehlo-legalize-to-linalg,func.func(canonicalize,cse))"
)


def import_stablehlo(text: str | bytes) -> Any:
    """Return linalg on tensors."""
    context = make_context()
    with collecting(context) as messages, context:
        try:
            with ir.Location.unknown():
                empty = ir.Module.create()
            PassManager.parse(_LOAD_DIALECT).run(empty.operation)
            module = ir.Module.parse(text)
            PassManager.parse(_LOWER).run(module.operation)
        except ir.MLIRError as error:
            said = [str(each.message) for each in error.error_diagnostics]
            raise translate(error, messages + said) from error
    return module
