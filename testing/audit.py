# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Audit a schedule's account of operations against the network that was imported.

It walks the imported IR by itself, counts operations, multiply-accumulates, elementary
operations and bytes, finds out what depends on the network's input, and shares no code
with what wrote the account.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pfmlir
from pfmlir import ir
from pfmlir.answers.summary import FREE

VIEWS = {
    "tensor.expand_shape",
    "tensor.collapse_shape",
    "tensor.cast",
    "tensor.empty",
    "linalg.fill",
}
COPIES = {"linalg.broadcast", "linalg.copy", "linalg.transpose"}
ELEMENT_BITS = re.compile(r"^(?:[su]?i|f|bf)(\d+)$")
# What goes along with reading and writing, or is no number that is computed.
CONVERSIONS = {
    "arith.extf",
    "arith.truncf",
    "arith.extsi",
    "arith.extui",
    "arith.trunci",
    "arith.sitofp",
    "arith.uitofp",
}
SUMS = {"arith.addf", "arith.addi"}
PRODUCTS = {"arith.mulf", "arith.muli"}


@dataclass
class Work:
    """What operations do, in all."""

    count: int = 0
    multiply_accumulates: int = 0
    operations: int = 0
    bytes: int = 0


def bits_of(element: ir.Type) -> int:
    """Return how many bits an element takes."""
    text = str(element)
    if text.startswith("complex<"):
        return 2 * bits_of(ir.ComplexType(element).element_type)
    found = ELEMENT_BITS.match(text)
    return 64 if text == "index" else int(found[1]) if found else 0


def maker_of(value: ir.Value) -> ir.Operation | None:
    """Return the operation that a value is a result of; None for an argument."""
    return None if isinstance(value.owner, ir.Block) else value.owner.operation


def tensor_of(value: ir.Value) -> ir.RankedTensorType | None:
    """Return the type of a value that is a tensor, before its shape was forgotten."""
    if not isinstance(value.type, ir.RankedTensorType):
        return None
    found = ir.RankedTensorType(value.type)
    maker = maker_of(value)
    if found.has_static_shape or not maker or maker.name != "tensor.cast":
        return found
    return tensor_of(maker.operands[0])


def size_of(value: ir.Value) -> int:
    """Return the elements of a tensor; of anything else none."""
    tensor = tensor_of(value)
    return math.prod(tensor.shape) if tensor else 0


def bits_in(value: ir.Value, elements: int | None = None) -> int:
    """Return the bits of a tensor, or of some elements of it."""
    tensor = tensor_of(value)
    if not tensor:
        return 0
    number = size_of(value) if elements is None else elements
    return number * bits_of(tensor.element_type)


def inside(op: ir.Operation) -> Iterator[ir.Operation]:
    """Yield the operations in another one."""
    for region in op.regions:
        for block in region:
            for nested in block:
                yield nested.operation
                yield from inside(nested.operation)


def iterations_of(op: ir.Operation) -> int:
    """Return how often the body of a generic operation runs."""
    maps = [ir.AffineMapAttr(each).value for each in op.attributes["indexing_maps"]]
    ranges: dict[int, int] = {}
    for operand, access in zip(op.operands, maps, strict=True):
        tensor = tensor_of(operand)
        shape = tensor.shape if tensor else ()
        for extent, result in zip(shape, access.results, strict=True):
            if isinstance(result, ir.AffineDimExpr):
                ranges[ir.AffineDimExpr(result).position] = extent
    assert len(ranges) == maps[0].n_dims
    return math.prod(ranges.values())


def is_product(op: ir.Operation) -> bool:
    """Return whether an operation adds up products of two operands."""
    if op.name != "linalg.generic":
        return any(part in op.name for part in ("linalg.conv", "_conv_", "matmul"))
    reduces = "reduction" in str(op.attributes["iterator_types"])
    last = [each.name for each in inside(op) if each.name not in CONVERSIONS]
    tensors = [each for each in list(op.operands)[:-1] if size_of(each) > 1]
    kinds = set(last) - {"linalg.yield", "arith.subi", "arith.subf"}
    return (
        reduces
        and len(tensors) == 2
        and bool(kinds & SUMS)
        and bool(kinds & PRODUCTS)
        and kinds <= SUMS | PRODUCTS
        and last[-2] in SUMS
    )


def multiply_accumulates_of(op: ir.Operation) -> int:
    """Return what a product does, from the sizes of its tensors."""
    if op.name == "linalg.generic":
        return iterations_of(op)
    left, right = list(op.operands)[:2]
    weights = tensor_of(right).shape
    outputs = size_of(op.results[0])
    if "matmul" in op.name:
        return outputs * tensor_of(left).shape[-1]
    if "depthwise" in op.name:
        kernel = weights[1:] if op.name.endswith("nchw_chw") else weights[:-1]
        return outputs * math.prod(kernel)
    if "ngchw_gfchw" in op.name:
        return outputs * math.prod(weights[2:])
    if op.name.endswith("cf"):
        return outputs * math.prod(weights[:-1])
    return outputs * math.prod(weights[1:])


def is_data(nested: ir.Operation) -> bool:
    """Return whether an operation of a body computes a number."""
    if nested.name in CONVERSIONS or nested.name == "tensor.extract":
        return False
    if len(nested.results) != 1 or not len(nested.operands):
        return False
    element = nested.results[0].type
    if isinstance(element, ir.ShapedType):
        element = ir.ShapedType(element).element_type
    return bool(ELEMENT_BITS.match(str(element)))


def work_of(op: ir.Operation) -> Work:
    """Return what one operation does."""
    if op.name in VIEWS:
        return Work(1)
    results = list(op.results)
    operands = list(op.operands)
    if op.name == "tensor.insert_slice":
        moved = size_of(operands[0])
        bits = bits_in(operands[0]) + bits_in(results[0], moved)
        return Work(1, bytes=math.ceil(bits / 8))
    if op.name == "tensor.extract_slice":
        moved = size_of(results[0])
        bits = bits_in(operands[0], moved) + bits_in(results[0])
        return Work(1, bytes=math.ceil(bits / 8))
    is_linalg = op.name.startswith("linalg.")
    read = operands[: len(operands) - len(results)] if is_linalg else operands
    bits = sum(map(bits_in, read)) + sum(map(bits_in, results))
    if not is_linalg or op.name in COPIES:
        return Work(1, bytes=math.ceil(bits / 8))
    if is_product(op):
        work = multiply_accumulates_of(op)
        return Work(1, work, bytes=math.ceil(bits / 8))
    runs = iterations_of(op) if op.name == "linalg.generic" else None
    if runs is None:
        # Pooling: as often as the window has elements, for each output.
        assert "pooling" in op.name, op.name
        runs = size_of(results[0]) * size_of(operands[1])
    body = list(inside(op))
    for nested in body:
        if nested.name == "tensor.extract":
            bits += bits_in(nested.operands[0], runs)
    return Work(1, 0, runs * sum(map(is_data, body)), math.ceil(bits / 8))


def spread_of(op: ir.Operation) -> ir.Operation | None:
    """Return what puts zeros between the samples of a transposed convolution."""
    if "conv" not in op.name:
        return None
    found = maker_of(op.operands[0])
    while found and found.name == "tensor.cast":
        found = maker_of(found.operands[0])
    return found if found and found.name == "tensor.insert_slice" else None


class Network:
    """The operations of an imported function."""

    def __init__(self, module: ir.Module) -> None:
        function = next(
            op
            for op in module.body.operations
            if len(op.regions)
            and op.regions[0]
            and len(op.regions[0].blocks)
            and op.name != "power.target"
        )
        block = function.regions[0].blocks[0]
        self.operations = [
            op.operation
            for op in list(block)[:-1]
            if op.operation.name != "arith.constant"
        ]
        self.dependent: set[ir.Operation] = set()
        known = set(block.arguments)
        for op in self.operations:
            used = {*op.operands, *(v for each in inside(op) for v in each.operands)}
            has_effects = op.name in ("func.call", "cf.assert")
            if has_effects or used & known:
                self.dependent.add(op)
                known |= set(op.results)

    def sum_up(self, *, dependent: bool | None = None) -> dict[str, Work]:
        """Return by name what all operations do, or those that (don't) depend."""
        sums: dict[str, Work] = {}
        for op in self.operations:
            if dependent is not None and (op in self.dependent) != dependent:
                continue
            total, one = sums.setdefault(op.name, Work()), work_of(op)
            for field, value in vars(one).items():
                setattr(total, field, getattr(total, field) + value)
        return sums


def merge(account: dict[str, dict[str, pfmlir.OperationCount]]) -> dict[str, Work]:
    """Return by the names of operations what an account says of them."""
    sums: dict[str, Work] = {}
    for entries in account.values():
        for description, entry in entries.items():
            total = sums.setdefault(description.split(" ")[0], Work())
            for field in vars(total):
                setattr(total, field, getattr(total, field) + getattr(entry, field))
    return sums


def audit(module: ir.Module, found: pfmlir.Schedule) -> None:
    """Raise AssertionError where a schedule's account is not the network's."""
    network = Network(module)
    account = found.summary.account
    expected = network.sum_up()
    for op in network.operations:
        spread = spread_of(op)
        if spread and "layer" in account:
            # The samples once with each weight, instead of the zeros between them.
            samples, weights = spread.operands[0], op.operands[1]
            shape, kernel = tensor_of(samples).shape, tensor_of(weights).shape
            dense = size_of(samples) // shape[1] * math.prod(kernel)
            expected[op.name].multiply_accumulates += dense - multiply_accumulates_of(
                op
            )
    assert merge(account) == expected

    ahead = merge({"ahead": account.get("ahead", {})})
    independent = network.sum_up(dependent=False)
    assert ahead == {k: v for k, v in independent.items() if k not in VIEWS}
    views = merge({"view": account.get("view", {})})
    assert set(views) <= VIEWS

    layers = found.layers["multiply_accumulates"].sum()
    products = found.summary.sum_of("layer")
    assert products.count == len(found.layers)
    assert products.multiply_accumulates == layers
    listed = Counter({k: v.count for k, v in account.get("listed", {}).items()})
    assert listed == Counter(found.uncosted)
    for fate in FREE:
        # Products are never free, but those that are computed ahead of the run.
        if fate != "ahead":
            assert found.summary.sum_of(fate).multiply_accumulates == 0
    audit_vector_work(found, 64 if "f64" in str(module) else 32)


def audit_vector_work(found: pfmlir.Schedule, widest: int) -> None:
    """Check that what layers cost as other work is what the account says.

    Floating-point numbers of 32 bits and more, of which a target says how wide it has
    them, have at most the widest number of bits in the network.
    """
    function = next(
        op for op in found.module.body.operations if op.operation.name == "func.func"
    )
    work = least = most = 0
    for op in function.regions[0].blocks[0]:
        if op.operation.name != "power.layer" or "vector" not in op.attributes:
            continue
        for each in ir.ArrayAttr(op.attributes["vector"]):
            work += each.operations
            moved = each.reads + each.writes
            least += moved * (each.bits or 32) / 8
            most += moved * (each.bits or widest) / 8
    total = found.summary.sum_of("vector")
    assert total.operations == work
    # Each operation's are whole bytes.
    assert least <= total.bytes <= most + total.count
