# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run passes of one's own around the scheduler's.

A pass in Python names layers by what they do, before MLIR's and this project's passes
run; another looks at the schedule, after.

Run: python examples/custom_pipeline.py
"""

from typing import Any

import pfmlir
from pfmlir import ir
from pfmlir.dialects import power
from pfmlir.passmanager import PassManager

NETWORK = """
func.func @net(%x: tensor<16x64xf32>, %unused: tensor<4xf32>) -> tensor<16x32xf32> {
  %weights = arith.constant dense<0.5> : tensor<64x32xf32>
  %zero = arith.constant 0.0 : f32
  %dead = arith.addf %zero, %zero : f32
  %empty = tensor.empty() : tensor<16x32xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<16x32xf32>)
      -> tensor<16x32xf32>
  %y = linalg.matmul ins(%x, %weights : tensor<16x64xf32>, tensor<64x32xf32>)
      outs(%start : tensor<16x32xf32>) -> tensor<16x32xf32>
  return %y : tensor<16x32xf32>
}
"""


def name_products(module: Any, _pass: Any) -> None:
    """Name matrix products after their shapes; a layer takes its operation's name."""

    def visit(op: ir.Operation) -> ir.WalkResult:
        if op.name == "linalg.matmul":
            m, k = ir.RankedTensorType(op.operands[0].type).shape
            n = ir.RankedTensorType(op.operands[1].type).shape[1]
            op.location = ir.Location.name(f"product {m}x{k}x{n}")
        return ir.WalkResult.ADVANCE

    module.walk(visit)


def report_rates(module: Any, _pass: Any) -> None:
    """Print how many multiply-accumulates a second each layer does."""

    def visit(op: ir.Operation) -> ir.WalkResult:
        if op.name == "power.layer":
            work = power.MatmulAttr(op.attributes["workload"])
            state = power.StateAttr(op.attributes["state"])
            rate = work.m * work.k * work.n / state.time_s
            name = ir.StringAttr(op.attributes["name"]).value
            print(f"{name}: {rate / 1e9:.3f} G multiply-accumulates a second")
        return ir.WalkResult.ADVANCE

    module.walk(visit)


def main() -> None:
    """Build the pipeline, run it, and print what comes out."""
    with ir.Context():
        module = ir.Module.parse(NETWORK)
        manager = PassManager("builtin.module")
        manager.add("canonicalize")
        manager.add(name_products)
        manager.add("powerflow-schedule{fps=1000}")
        manager.add(report_rates)
        manager.run(module.operation)
        schedule = pfmlir.Schedule.from_module(module)
    print(schedule)


if __name__ == "__main__":
    main()
