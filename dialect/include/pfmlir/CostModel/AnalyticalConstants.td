//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The constants of the analytical cost model: what one event costs at nominal
// voltage. This is their only list. Made from it are
//
//   - the enum by which the arithmetic asks for them (AnalyticalConstants.inc), and
//   - the parameters of #power.analytical: their syntax, getters, verifier,
//     documentation and bytecode, and by these the C API and Python's keywords.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_COSTMODEL_ANALYTICALCONSTANTS_TD
#define PFMLIR_COSTMODEL_ANALYTICALCONSTANTS_TD

/// UpperCamelCase of snake_case. An underscore at the end of what there is so far
/// asks for the next letter to be a capital.
class CamelFromSnake<string snake> {
  string value = !foldl("_", !range(!size(snake)), camel, i,
    !if(!eq(!substr(camel, !sub(!size(camel), 1)), "_"),
        !substr(camel, 0, !sub(!size(camel), 1)) # !toupper(!substr(snake, i, 1)),
        camel # !substr(snake, i, 1)));
}

/// A constant: how it is spelled in the IR, with its SI unit, and per what.
class AnalyticalConstant<string irName, string text> {
  string name = irName;
  string unit = text;
  string enumerator = CamelFromSnake<irName>.value;
}

defvar AnalyticalConstants = [
  AnalyticalConstant<"mac_energy_j", "joules per multiply-accumulate">,
  AnalyticalConstant<"weight_buffer_write_energy_j", "joules per 64 bits">,
  AnalyticalConstant<"weight_buffer_read_energy_j", "joules per 64 bits">,
  AnalyticalConstant<"output_write_energy_j", "joules per 64 bits">,
  AnalyticalConstant<"input_read_energy_j", "joules per 64 bits">,
  AnalyticalConstant<"weight_memory_read_energy_j", "joules per 64 bits">,
  AnalyticalConstant<"lane_write_energy_j", "joules per bit">,
  AnalyticalConstant<"lane_read_energy_j", "joules per bit">,
  AnalyticalConstant<"stagger_energy_j", "joules per array cycle">,
  AnalyticalConstant<"feeder_control_energy_j", "joules per feeder cycle">,
  AnalyticalConstant<"gate_control_energy_j", "joules per bank switched">,
  AnalyticalConstant<"dma_control_energy_j", "joules per 64-bit transaction">,
  AnalyticalConstant<"gate_controller_leakage_w", "watts, with bank gating">,
];

#endif // PFMLIR_COSTMODEL_ANALYTICALCONSTANTS_TD
