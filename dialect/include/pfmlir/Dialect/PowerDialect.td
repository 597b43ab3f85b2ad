//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_POWERDIALECT_TD
#define PFMLIR_DIALECT_POWERDIALECT_TD

include "mlir/IR/DialectBase.td"

def Power_Dialect : Dialect {
  let name = "power";
  let cppNamespace = "::pfmlir::power";
  let summary = "Power-managed accelerators and the schedules they run";
  let description = [{
    The `power` dialect says two things.

    *Hardware.* A `power.target` describes an accelerator that runs a network
    once every period: the candidate supply levels, how many of them can be
    built as rails, the power domains, the memories and their banks, what it
    costs to change a level, the sleep states, and the model that gives the cost
    of a layer.

    *Schedules.* A `power.layer` marks the operations that the accelerator runs
    as one layer. `power.set_state`, `power.gate_banks`, `power.idle` and
    `power.sleep` say what the power manager does between layers, and one
    `power.schedule` sums it up, with the proven bound on the energy.

    All quantities are in SI units, named in the spelling of each attribute:
    `_v` volts, `_hz` hertz, `_s` seconds, `_j` joules, `_w` watts.

    A network is a function of whatever dialect, with a body of one block whose
    operations run in order. It may carry three discardable attributes:
    `power.target`, the symbol of the target that it runs on, and
    `power.period_s`, the time in seconds from one inference to the next. Options
    of the passes take precedence. `power.corner` is the symbol of the only corner
    of its target that it runs in. `power.account` is what became of
    its operations when layers were formed, by fate (`layer`, `vector`,
    `in_passing`, `padding`, `view`, `format`, `ahead`, `listed`) and by what they
    are: their `count`, `multiply_accumulates`, elementary `operations`, the
    `bytes` that they read and write, and how many are of `unknown` shapes.
    Several networks on the same rails are a `power.system`.
  }];

  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;

  let extraClassDeclaration = [{
    /// Discardable function attribute: seconds from one inference to the next.
    static ::llvm::StringRef getPeriodAttrName() { return "power.period_s"; }

    /// Discardable function attribute: the target that a function runs on.
    static ::llvm::StringRef getTargetAttrName() { return "power.target"; }

    /// Discardable function attribute: what became of a function's operations.
    static ::llvm::StringRef getAccountAttrName() { return "power.account"; }

    /// Discardable function attribute: the corner that a function runs in.
    static ::llvm::StringRef getCornerAttrName() { return "power.corner"; }

    void registerAttributes();
    void registerBytecode();
  }];
}

#endif // PFMLIR_DIALECT_POWERDIALECT_TD
