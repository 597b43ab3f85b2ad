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
           "const ::pfmlir::power::GatingAttr &":$gating,
           "::llvm::SmallVectorImpl<::pfmlir::power::LayerCosts> &":$costs)>,
    InterfaceMethod<[{
        Appends one `DomainEnergies` a layer to `energies`: what each power
        domain takes of the energy of a layer in the state with these levels
        (indices into the target's levels, one a domain). Nothing is appended,
        without an error, by a model that does not know.
      }],
      "::llvm::LogicalResult", "splitByDomain",
      (ins "::pfmlir::power::TargetOp &":$target,
           "::llvm::ArrayRef<::pfmlir::power::LayerOp>":$layers,
           "const ::pfmlir::power::GatingAttr &":$gating,
           "::llvm::ArrayRef<::llvm::SmallVector<uint16_t, 4>>":$levels,
           "::llvm::SmallVectorImpl<::pfmlir::power::DomainEnergies> &":$energies),
      /*methodBody=*/"", /*defaultImplementation=*/"return ::llvm::success();">,
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

def Power_WorkloadAttrInterface : AttrInterface<"WorkloadAttrInterface"> {
  let cppNamespace = "::pfmlir::power";
  let description = [{
    The work of one layer, as far as its cost depends on it: its shape.
  }];
  let methods = [
    InterfaceMethod<"Multiply-accumulate operations of one inference.",
      "int64_t", "getMultiplyAccumulates">
  ];
}

#endif // PFMLIR_DIALECT_POWERINTERFACES_TD
