//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a pass needs to know of an attribute, so that users can bring their own:
// a cost model, a voltage-frequency law, a kind of work.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_POWERINTERFACES_TD
#define PFMLIR_DIALECT_POWERINTERFACES_TD

include "mlir/IR/OpBase.td"

def Power_CostModelAttrInterface : AttrInterface<"CostModelAttrInterface"> {
  let cppNamespace = "::pfmlir::power";
  let description = [{
    Gives the states in which a target can run each layer of a network, and what
    each costs. The whole network is asked at once because a target may leave a
    memory's size to the network. Another cost model is another attribute that
    implements this interface.
  }];
  let methods = [
    InterfaceMethod<[{
        Appends one `LayerCosts` a layer to `costs`: every state that the model
        offers, with its levels as indices into the target's levels. Reports an
        error at the layer, or at the target, that it can't model.
      }],
      "::llvm::LogicalResult", "computeCosts",
      (ins "::pfmlir::power::TargetOp &":$target,
           "::llvm::ArrayRef<::pfmlir::power::LayerOp>":$layers,
           "const ::pfmlir::power::CostRequest &":$request,
           "::llvm::SmallVectorImpl<::pfmlir::power::LayerCosts> &":$costs)>,
    InterfaceMethod<[{
        Whether a layer of this work can be costed; one without a workload is
        asked for with null. A layer that can't runs on another engine, or is an
        error.
      }],
      "bool", "canCost",
      (ins "::pfmlir::power::LayerOp &":$layer),
      /*methodBody=*/"", /*defaultImplementation=*/"return true;">,
    InterfaceMethod<[{
        Whether vector work of a layer is costed with it; where it can't be, layers
        list it by what operations it is.
      }],
      "bool", "canCostVectorWork", (ins),
      /*methodBody=*/"", /*defaultImplementation=*/"return false;">,
    InterfaceMethod<[{
        Checks that the target has the domains and memories that this model
        speaks of. Called by the verifier of the target.
      }],
      "::llvm::LogicalResult", "verifyTarget",
      (ins "::pfmlir::power::TargetOp &":$target)>
  ];
}

def Power_VoltageFrequencyLawAttrInterface
    : AttrInterface<"VoltageFrequencyLawAttrInterface"> {
  let cppNamespace = "::pfmlir::power";
  let description = [{
    How fast a power domain can be clocked at a supply voltage.
  }];
  let methods = [
    InterfaceMethod<"The range of voltages, in volts, that the law holds in.",
      "std::pair<double, double>", "getVoltageRange">,
    InterfaceMethod<[{
        The clock frequency in hertz at `voltageV`, of a domain that runs at
        `nominalHz` at `nominalV`.
      }],
      "double", "getFrequencyHz",
      (ins "double":$voltageV, "double":$nominalV, "double":$nominalHz)>
  ];
}

def Power_LeakageLawAttrInterface : AttrInterface<"LeakageLawAttrInterface"> {
  let cppNamespace = "::pfmlir::power";
  let description = [{
    How the leakage power of a power domain, and of the memories in it, changes
    with its supply voltage and with temperature.
  }];
  let methods = [
    InterfaceMethod<[{
        Leakage power at `voltageV` and `temperatureC` (degrees Celsius, if it is
        known), over that at `nominalV` where the domain's leakage power is given.
      }],
      "double", "getFactor",
      (ins "double":$voltageV, "double":$nominalV,
           "std::optional<double>":$temperatureC)>
  ];
}

def Power_ConverterAttrInterface : AttrInterface<"ConverterAttrInterface"> {
  let cppNamespace = "::pfmlir::power";
  let description = [{
    What a supply draws of its source for what is drawn of it.
  }];
  let methods = [
    InterfaceMethod<[{
        Watts drawn of the source where the load draws `outputPowerW` at
        `voltageV`; no less than these.
      }],
      "double", "getInputPowerW",
      (ins "double":$voltageV, "double":$outputPowerW)>
  ];
}

def Power_WorkloadAttrInterface : AttrInterface<"WorkloadAttrInterface"> {
  let cppNamespace = "::pfmlir::power";
  let description = [{
    The work of one layer, as far as its cost depends on it: its shape.
  }];
  let methods = [
    InterfaceMethod<"Multiply-accumulate operations of one inference.",
      "int64_t", "getMultiplyAccumulates">,
    InterfaceMethod<[{
        What kind of operation it is, in one word, as layers of this work are called
        that have no name of their own.
      }],
      "::llvm::StringRef", "getOperation", (ins),
      /*methodBody=*/"", /*defaultImplementation=*/"return \"\";">,
    InterfaceMethod<[{
        The tensors that it reads and writes; empty where they are not known.
      }],
      "::pfmlir::power::WorkloadTensors", "getTensors", (ins),
      /*methodBody=*/"", /*defaultImplementation=*/"return {};">
  ];
}

#endif // PFMLIR_DIALECT_POWERINTERFACES_TD
