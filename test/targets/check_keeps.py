# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check that no layer has fewer banks powered than live data fill.

Schedules the reference networks, as PyTorch has them, on `pf40` and on `pf40_keep`, and
finds by itself which values are live while a layer runs: it follows the printed
operations in order, and shares no code with what chose the banks. Of `pf40`, whose
arithmetic is the published one, it says in how many layers banks with live data are
off; of `pf40_keep` there must be none.

Usage: check_keeps.py PAGE. The table of the page must have these numbers.
"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pfmlir
from pfmlir import ir

from testing.reference.shapes import load_networks

# The layer's own output is in one memory, all else that is live in the other, with
# eight bits an element.
BANK_BYTES = {"ifmap": 32768, "ofmap": 65536}
VIEWS = {"tensor.expand_shape", "tensor.collapse_shape", "tensor.cast"}


def operands(op: ir.Operation) -> Iterator[ir.Value]:
    """Yield what an operation and those in it use."""
    yield from op.operands
    for region in op.regions:
        for block in region:
            for nested in block:
                yield from operands(nested.operation)


class Liveness:
    """From where to where each value of a function is needed, by position."""

    def __init__(self, block: ir.Block) -> None:
        self.operations = [op.operation for op in block]
        self.root: dict[ir.Value, ir.Value] = {}
        self.born: dict[ir.Value, int] = {value: -1 for value in block.arguments}
        self.last: dict[ir.Value, int] = {}
        for position, op in enumerate(self.operations):
            used = [self.find_root(value) for value in operands(op)]
            data = [value for value in used if value in self.born]
            for value in data:
                self.last[value] = position
            for result in op.results if data else ():
                self.define(result, op, position)

    def find_root(self, value: ir.Value) -> ir.Value:
        return self.root.get(value, value)

    def define(self, result: ir.Value, op: ir.Operation, position: int) -> None:
        """Note a new value; a view is none."""
        if op.name in VIEWS:
            self.root[result] = self.find_root(op.operands[0])
        else:
            self.born[result] = position

    def live_bytes(self, position: int) -> dict[str, int]:
        """Return the bytes of each memory that are needed while an operation runs."""
        live = dict.fromkeys(BANK_BYTES, 0)
        for value, born in self.born.items():
            if born <= position <= self.last.get(value, born):
                memory = "ofmap" if born == position else "ifmap"
                live[memory] += math.prod(ir.RankedTensorType(value.type).shape)
        return live


def schedule_and_count(name: str, target: str) -> tuple[float, int, int]:
    """Return joules, how many layers there are, and how many are short of banks."""
    schedule = pfmlir.schedule(name, target=target, list_vector_work=True)
    if not schedule.is_optimal:
        raise SystemExit(f"{name} on {target}: no proven optimum")
    parsed = ir.Module.parse(schedule.ir, ir.Context())
    (function,) = (op for op in parsed.body if op.operation.name == "func.func")
    liveness = Liveness(function.operation.regions[0].blocks[0])
    powered: dict[str, float] = {}
    layers = short = 0
    for position, op in enumerate(liveness.operations):
        if op.name == "power.gate_banks":
            for memory, banks in zip(
                op.attributes["memories"], op.attributes["powered"], strict=True
            ):
                powered[memory.value[-1]] = ir.FloatAttr(banks).value
        if op.name == "power.layer":
            live = liveness.live_bytes(position)
            layers += 1
            short += any(
                powered[memory] * size < live[memory]
                for memory, size in BANK_BYTES.items()
            )
    return schedule.energy_j, layers, short


def main() -> None:
    """Check all networks."""
    page = Path(sys.argv[1]).read_text()
    for name in load_networks():
        published_j, layers, published = schedule_and_count(name, "pf40")
        keeping_j, same, keeping = schedule_and_count(name, "pf40_keep")
        if same != layers or keeping:
            raise SystemExit(f"{name}: {keeping} of {same} layers are short of banks")
        ratio = keeping_j / published_j
        row = f"| `{name}` | {layers} | {published} | {keeping} | {ratio:.4f} |"
        print(row)
        if f"{row}\n" not in page:
            raise SystemExit(f"the page does not have the row above: {sys.argv[1]}")


if __name__ == "__main__":
    main()
