# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations that are taken as they are: as calls of functions that nobody defines.

What torch-mlir can't lower to linalg, and is no multiply-accumulate, need not keep a
network out. A call has the operation's name, and the tensors that it reads and makes;
it is counted in the schedule among what no model costs.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from .torch_mlir_ir import ir

# Lowered by torch-mlir to operations of a dialect of its own, with loops inside.
TAKEN_AS_THEY_ARE = frozenset(
    f"torch.aten.{name}"
    for name in (
        *("argsort", "sort", "topk", "kthvalue", "msort"),
        *("cumsum", "cumprod", "cummax", "cummin", "logcumsumexp"),
        *("scatter", "scatter_add", "scatter_reduce", "index_add", "index_copy"),
        *("index_put", "_index_put_impl", "_unsafe_index_put", "masked_scatter"),
        *("bincount", "histc", "unique_dim", "_unique2"),
    )
)

# Words in the names of operations that are never taken as they are: they would be a
# network's work.
_PRODUCTS = re.compile(
    r"mm|bmm|addmm|addbmm|baddbmm|mv|addmv|dot|vdot|tensordot|matmul|einsum|linear"
    r"|bilinear|conv\w*|attention|lstm|gru|rnn|(sparse|mkldnn|quantized)\w*"
)


def operation_name(operation: Any) -> str:
    """Return the name of an operation, also of one that torch-mlir doesn't know."""
    if operation.name == "torch.operator":
        return str(ir.StringAttr(operation.attributes["name"]).value)
    return str(operation.name)


def _base(name: str) -> str:
    """Return `torch.aten.sort` of `torch.aten.sort.stable`."""
    return ".".join(name.split(".")[:3])


def is_known(operation: Any) -> bool:
    """Whether an operation is one that is always taken as it is."""
    return _base(operation_name(operation)).rstrip("_") in TAKEN_AS_THEY_ARE


def is_product(name: str) -> bool:
    """Whether an operation is, or may be, multiply-accumulates."""
    namespace, _, base = _base(name).removeprefix("torch.").partition(".")
    if namespace not in ("aten", "prims"):
        return True
    return any(_PRODUCTS.fullmatch(word) for word in base.split("_"))


def _is_tensor(value: Any) -> bool:
    return str(value.type).startswith("!torch.vtensor<")


def _tensors(operation: Any) -> Iterator[Any]:
    """Yield the tensors that an operation reads, those in lists, too."""
    for operand in operation.operands:
        if _is_tensor(operand):
            yield operand
        elif str(operand.type).startswith("!torch.list<"):
            yield from _tensors(operand.owner)


def is_complex(operation: Any) -> bool:
    """Whether an operation reads or makes complex numbers, and is no constant."""
    values = (*operation.operands, *operation.results)
    return bool(operation.operands) and any(
        _is_tensor(value) and "complex<" in str(value.type) for value in values
    )


def has_complex(module: Any) -> bool:
    """Whether a module computes with complex numbers."""
    found = []

    def visit(operation: Any) -> Any:
        if is_complex(operation):
            found.append(operation)
            return ir.WalkResult.INTERRUPT
        return ir.WalkResult.ADVANCE

    module.operation.walk(visit)
    return bool(found)


def can_be_call(operation: Any) -> bool:
    """Whether an operation makes tensors, and nothing else."""
    results = list(operation.results)
    return bool(results) and all(map(_is_tensor, results))


class CallMaker:
    """Makes calls of operations in a module of torch-mlir's."""

    def __init__(self, module: Any) -> None:
        self.module = module
        # A function's name by what it is called and its type.
        self._functions: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def make_calls(self, is_chosen: Callable[[Any], bool]) -> None:
        """Replace all operations of which `is_chosen` is true."""
        chosen = []

        def visit(operation: Any) -> Any:
            if is_chosen(operation) and can_be_call(operation):
                chosen.append(operation)
            return ir.WalkResult.ADVANCE

        self.module.operation.walk(visit)
        with self.module.context:
            for operation in chosen:
                self._replace(operation)

    def _replace(self, operation: Any) -> None:
        operands = list(_tensors(operation))
        types = [result.type for result in operation.results]
        function_type = ir.FunctionType.get([each.type for each in operands], types)
        name = self._declare(operation_name(operation), function_type)
        call = ir.Operation.create(
            "func.call",
            results=types,
            operands=operands,
            attributes={"callee": ir.FlatSymbolRefAttr.get(name)},
            loc=operation.location,
            ip=ir.InsertionPoint(operation),
        )
        for old, new in zip(operation.results, call.results, strict=True):
            old.replace_all_uses_with(new)
        operation.erase()

    def _declare(self, name: str, function_type: Any) -> str:
        """Return the name of a function: `name`, or of another type `name$1`."""
        key = (name, str(function_type))
        if key in self._functions:
            return self._functions[key]
        count = self._counts.get(name, 0)
        self._counts[name] = count + 1
        symbol = f"{name}${count}" if count else name
        self._functions[key] = symbol
        ir.Operation.create(
            "func.func",
            regions=1,
            attributes={
                "sym_name": ir.StringAttr.get(symbol),
                "function_type": ir.TypeAttr.get(function_type),
                "sym_visibility": ir.StringAttr.get("private"),
            },
            loc=ir.Location.unknown(),
            ip=ir.InsertionPoint(self.module.body),
        )
        return symbol
