//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef ROOFLINE_TD
#define ROOFLINE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/DialectBase.td"
include "pfmlir/Dialect/PowerAttrs.td"
include "pfmlir/Dialect/PowerInterfaces.td"

def Roofline_Dialect : Dialect {
  let name = "roofline";
  let cppNamespace = "::roofline";
  let summary = "A cost model that is not pfmlir's";
  let dependentDialects = ["::pfmlir::power::PowerDialect"];
  let useDefaultAttributePrinterParser = 1;
}

def Roofline_ModelAttr : AttrDef<Roofline_Dialect, "Model",
    [DeclareAttrInterfaceMethods<Power_CostModelAttrInterface>]> {
  let mnemonic = "model";
  let summary = "joules a multiply-accumulate and a byte";
  let description = [{
    A layer computes and moves its data at the same time, and takes as long as the
    slower of the two. All constants hold at the nominal voltages of the target's
    two power domains: energy grows with the square of a domain's voltage, rate
    and leakage with the voltage. A byte is an element of an input, a weight or
    an output, each moved once.

    ```mlir
    #roofline.model<compute_domain = "mac", memory_domain = "dram",
                    mac_energy_j = 2.0e-13, byte_energy_j = 5.0e-12,
                    macs_per_s = 6.4e+10, bytes_per_s = 4.0e+09,
                    leakage_w = 1.0e-05>
    ```
  }];
  let parameters = (ins
    AttrParameter<"::mlir::StringAttr", "domain that computes">:$compute_domain,
    AttrParameter<"::mlir::StringAttr", "domain that moves data">:$memory_domain,
    Power_Quantity<"joules per multiply-accumulate">:$mac_energy_j,
    Power_Quantity<"joules per byte">:$byte_energy_j,
    Power_Quantity<"multiply-accumulates per second">:$macs_per_s,
    Power_Quantity<"bytes per second">:$bytes_per_s,
    Power_Quantity<"leakage of each domain in watts">:$leakage_w
  );
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // ROOFLINE_TD
