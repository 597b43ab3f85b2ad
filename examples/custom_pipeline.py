# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run passes of one's own around the scheduler's.

MLIR's canonicalize and cse clean up. Then a pass in Python names layers by what they
do and counts their work, the scheduler runs, and another pass reads its schedule.

Run: python examples/custom_pipeline.py
"""

from typing import Any

import pfmlir
from pfmlir import ir
from pfmlir.dialects import power
from pfmlir.passmanager import PassManager

NETWORK = """
func.func @net(%x: tensor<16x64xf32>) -> (tensor<16x32xf32>, tensor<16x32xf32>) {
  %weights = arith.constant dense<0.5> : tensor<64x32xf32>
  %zero = arith.constant 0.0 : f32
  %dead = arith.addf %zero, %zero : f32
  %empty = tensor.empty() : tensor<16x32xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<16x32xf32>)
      -> tensor<16x32xf32>
  %y = linalg.matmul ins(%x, %weights : tensor<16x64xf32>, tensor<64x32xf32>)
      outs(%start : tensor<16x32xf32>) -> tensor<16x32xf32>
  // The same again, which cse finds.
  %again = linalg.matmul ins(%x, %weights : tensor<16x64xf32>, tensor<64x32xf32>)
      outs(%start : tensor<16x32xf32>) -> tensor<16x32xf32>
  return %y, %again : tensor<16x32xf32>, tensor<16x32xf32>
}
"""


def count_operations(module: ir.Module) -> int:
    """Return how many operations the function of a module has."""
    (network,) = module.body.operations
    return len(network.regions[0].blocks[0].operations)


def name_products(module: Any, _pass: Any) -> None:
    """Name matrix products after their shapes, and print how much work they are.

    A layer takes its name from the location of its operation.
    """

    def visit(op: ir.Operation) -> ir.WalkResult:
        if op.name == "linalg.matmul":
            m, k = ir.RankedTensorType(op.operands[0].type).shape
            n = ir.RankedTensorType(op.operands[1].type).shape[1]
            name = f"product {m}x{k}x{n}"
            op.location = ir.Location.name(name)
            print(f"{name}: {m * k * n} multiply-accumulates")
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
    """Clean up, build the pipeline, run it, and print what comes out."""
    before = pfmlir.import_model(NETWORK)
    # Text is enough where all passes are known by name; `before` stays as it is.
    module = pfmlir.run_pipeline(before, "builtin.module(canonicalize,cse)")
    print(f"{count_operations(before)} operations, {count_operations(module)} cleaned")

    # A PassManager takes functions, too; it changes the module.
    with module.context:
        manager = PassManager("builtin.module")
        manager.add(name_products)
        manager.add("powerflow-schedule{fps=1000}")
        manager.add(report_rates)
        manager.run(module.operation)
    print(pfmlir.Schedule.from_module(module))


if __name__ == "__main__":
    main()
