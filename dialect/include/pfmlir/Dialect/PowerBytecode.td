//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How attributes are written to bytecode. Whatever changes here takes a new
// version, as PowerBytecode.cpp says: another member, another type of a member,
// another order. A new attribute goes to the end of the list; one that is no more
// leaves `ReservedOrDead` in its place.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_POWERBYTECODE_TD
#define PFMLIR_DIALECT_POWERBYTECODE_TD

include "mlir/IR/BytecodeBase.td"

//===----------------------------------------------------------------------===//
// Members
//===----------------------------------------------------------------------===//

// By reference: tables with the same voltages share them.
def StringAttr : WithType<"StringAttr", Attribute>;
def DictionaryAttr : WithType<"DictionaryAttr", Attribute>;
def DenseI64ArrayAttr : WithType<"DenseI64ArrayAttr", Attribute>;
def DenseF64ArrayAttr : WithType<"DenseF64ArrayAttr", Attribute>;

class OptionalAttribute<string cppType> :
  WithParser <"succeeded($_reader.readOptionalAttribute($_var))",
  WithBuilder<"$_args",
  WithPrinter<"$_writer.writeOptionalAttribute($_getter)",
  WithType   <cppType>>>>;
def OptionalDenseI64ArrayAttr : OptionalAttribute<"DenseI64ArrayAttr">;
def OptionalFloatAttr : OptionalAttribute<"FloatAttr">;
def OptionalStringAttr : OptionalAttribute<"StringAttr">;

/// One that files have since a version.
class AddedIn<int version, string cppType> :
  WithParser <"succeeded(readAddedIn(" # version # ", $_reader, $_var))",
  WithBuilder<"$_args",
  WithPrinter<"$_writer.writeOptionalAttribute($_getter)",
  WithType   <cppType>>>>;
def DictionaryAttrSince2 : AddedIn<2, "DictionaryAttr">;
def StringAttrSince2 : AddedIn<2, "StringAttr">;

/// Integers that files have since a version: what they were before, or none.
class IntegerAddedIn<int version, int default> :
  WithParser <"succeeded(readIntegerAddedIn(" # version # ", " # default
              # ", $_reader, $_var))",
  WithBuilder<"$_args",
  WithPrinter<"$_writer.writeSignedVarInt($_getter)",
  WithType   <"int64_t">>>>;
def DataOperands : IntegerAddedIn<2, 1>;
class OptionalIntegerAddedIn<int version> :
  WithParser <"succeeded(readIntegerAddedIn(" # version # ", $_reader, $_var))",
  WithBuilder<"$_args",
  WithPrinter<"writeOptionalInteger($_writer, $_getter)",
  WithType   <"std::optional<int64_t>">>>>;
def OptionalIntegerSince2 : OptionalIntegerAddedIn<2>;

/// An f64 in place.
def Quantity :
  WithParser <"succeeded(readQuantity($_reader, $_var))",
  WithBuilder<"$_args",
  WithPrinter<"$_writer.writeAPFloatWithKnownSemantics($_getter.getValue())",
  WithType   <"FloatAttr">>>>;

/// Whether it is there, and if so which.
def OptionalSignedVarInt :
  WithParser <"succeeded(readOptionalInteger($_reader, $_var))",
  WithBuilder<"$_args",
  WithPrinter<"writeOptionalInteger($_writer, $_getter)",
  WithType   <"std::optional<int64_t>">>>>;

/// By name, as in text: a list that grows is no other encoding.
def AnalyticalConstantsByName :
  WithParser <"succeeded(readConstants($_reader, $_var))",
  WithBuilder<"$_args",
  WithPrinter<"writeConstants($_writer, $_name)",
  WithType   <"ConstantArray">>>>;

def GatingModeNumber :
  WithParser <"succeeded(readGatingMode($_reader, $_var))",
  WithBuilder<"$_args",
  WithPrinter<"$_writer.writeVarInt(static_cast<uint64_t>($_getter))",
  WithType   <"GatingMode">>>>;

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

/// An attribute that verifies what it was read from.
class CheckedAttribute<dag d> : DialectAttribute<d> {
  let cBuilder = "getChecked<$_resultType>(reader, context, $_args)";
}

def Conv2DAttr : CheckedAttribute<(attr
  DenseI64ArrayAttr:$input,
  SignedVarInt:$output_channels,
  DenseI64ArrayAttr:$kernel,
  OptionalDenseI64ArrayAttr:$strides,
  OptionalDenseI64ArrayAttr:$padding,
  OptionalDenseI64ArrayAttr:$dilations,
  SignedVarInt:$groups,
  SignedVarInt:$batch,
  OptionalIntegerSince2:$activation_bits,
  OptionalIntegerSince2:$weight_bits,
  OptionalIntegerSince2:$output_bits
)>;

def MatmulAttr : CheckedAttribute<(attr
  SignedVarInt:$m,
  SignedVarInt:$k,
  SignedVarInt:$n,
  SignedVarInt:$batch,
  DataOperands:$data_operands,
  OptionalIntegerSince2:$activation_bits,
  OptionalIntegerSince2:$weight_bits,
  OptionalIntegerSince2:$output_bits
)>;

def VectorAttr : CheckedAttribute<(attr
  SignedVarInt:$operations,
  SignedVarInt:$reads,
  SignedVarInt:$writes,
  OptionalSignedVarInt:$bits
)>;

def DelayPolynomialAttr : CheckedAttribute<(attr
  DenseF64ArrayAttr:$coefficients,
  Quantity:$minimum_v,
  Quantity:$maximum_v
)>;

def FrequencyTableAttr : CheckedAttribute<(attr
  DenseF64ArrayAttr:$voltage_v,
  DenseF64ArrayAttr:$frequency_hz
)>;

def GatingAttr : CheckedAttribute<(attr
  GatingModeNumber:$mode,
  SignedVarInt:$granularity
)>;

def CostTableAttr : CheckedAttribute<(attr
  DenseF64ArrayAttr:$voltages_v,
  DenseF64ArrayAttr:$energy_j,
  DenseF64ArrayAttr:$time_s,
  DenseF64ArrayAttr:$leakage_w
)>;

def MeasuredAttr : CheckedAttribute<(attr
  DictionaryAttr:$tables
)>;

def AnalyticalAttr : CheckedAttribute<(attr
  StringAttr:$array_domain,
  StringAttr:$weight_domain,
  StringAttr:$feeder_domain,
  StringAttr:$input_memory,
  StringAttr:$output_memory,
  StringAttr:$weight_memory,
  AnalyticalConstantsByName:$constants,
  OptionalSignedVarInt:$reduction_chunk,
  StringAttrSince2:$other_work
)> {
  let cBuilder = "getAnalytical(reader, context, $_args)";
}

def StateAttr : CheckedAttribute<(attr
  DenseF64ArrayAttr:$voltages_v,
  Quantity:$energy_j,
  Quantity:$time_s,
  Quantity:$leakage_w,
  DictionaryAttrSince2:$modes,
  DictionaryAttrSince2:$banks,
  StringAttrSince2:$implementation
)>;

def ExponentialLeakageAttr : CheckedAttribute<(attr
  Quantity:$voltage_per_efold_v,
  OptionalFloatAttr:$reference_c,
  OptionalFloatAttr:$doubling_c
)>;

def ConverterAttr : CheckedAttribute<(attr
  Quantity:$fixed_loss_w,
  Quantity:$proportional_loss,
  Quantity:$resistance_ohm
)>;

def EfficiencyTableAttr : CheckedAttribute<(attr
  DenseF64ArrayAttr:$voltage_v,
  DenseF64ArrayAttr:$efficiency
)>;

def RooflineAttr : CheckedAttribute<(attr
  StringAttr:$domain,
  OptionalStringAttr:$memory_domain,
  OptionalStringAttr:$feature_memory,
  OptionalStringAttr:$weight_memory,
  Quantity:$macs_per_cycle,
  Quantity:$mac_energy_j,
  Quantity:$bytes_per_cycle,
  Quantity:$byte_energy_j,
  SignedVarInt:$activation_bits,
  SignedVarInt:$weight_bits,
  SignedVarInt:$output_bits,
  OptionalFloatAttr:$operations_per_cycle,
  OptionalFloatAttr:$operation_energy_j
)>;

def PowerDialectAttributes : DialectAttributes<"Power"> {
  let elems = [
    Conv2DAttr,
    MatmulAttr,
    DelayPolynomialAttr,
    FrequencyTableAttr,
    GatingAttr,
    CostTableAttr,
    MeasuredAttr,
    AnalyticalAttr,
    StateAttr,
    ExponentialLeakageAttr,
    ConverterAttr,
    EfficiencyTableAttr,
    RooflineAttr,
    VectorAttr
  ];
}

#endif // PFMLIR_DIALECT_POWERBYTECODE_TD
