//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What options of passes are made of. Whoever reads Passes.td as data has, of
// each option, the fields below: generate_options.py does, for the pipeline and
// for Python.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_OPTIONS_TD
#define PFMLIR_PASSES_OPTIONS_TD

include "mlir/Pass/PassBase.td"
include "pfmlir/Dialect/PowerAttrs.td"

//===----------------------------------------------------------------------===//
// Kinds of values
//===----------------------------------------------------------------------===//

/// What values an option can have: a type of Options.h, which refuses others,
/// and what stands for a value, and for many of them, in Python.
class Kind<string name_, string cppType_, string pythonType_,
           list<string> choices_ = []> {
  string name = name_;
  string cppType = cppType_;
  string pythonType = pythonType_;
  string pythonManyType = "Iterable[" # pythonType_ # "]";
  /// All values, where they are few and known here.
  list<string> choices = choices_;
}

def Text : Kind<"text", "std::string", "str">;
def Flag : Kind<"flag", "bool", "bool">;
/// Finite, and above zero.
def Positive : Kind<"positive", "::pfmlir::power::Positive", "float">;
/// Finite, and zero or above.
def NotNegative
    : Kind<"not_negative", "::pfmlir::power::NotNegative", "float">;
/// From zero to below one.
def Fraction : Kind<"fraction", "::pfmlir::power::Fraction", "float">;
/// Whole, and one or above.
def Count : Kind<"count", "::pfmlir::power::Count", "int">;
def Gating : Kind<"gating", "::pfmlir::power::GatingMode", "str",
                  !foreach(mode, Power_GatingMode.enumerants, mode.str)>;
/// The searches are known to the scheduler alone.
def Search : Kind<"search", "::pfmlir::power::SearchChoice", "str">;
/// A memory and its number of banks, as memory:number.
def BankCount : Kind<"bank_count", "::pfmlir::power::BankCount", "str"> {
  let pythonManyType = "Mapping[str, int]";
}

/// A layer, and the part of the periods from there on, as layer:number.
def LayerProbability
    : Kind<"layer_probability", "::pfmlir::power::LayerProbability", "str"> {
  let pythonManyType = "Mapping[str, float]";
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

/// Options of one pass, one after the other, that are taken or left together:
/// of each group Python has a TypedDict, of which its functions take some.
class Group<string what_> {
  string what = what_;
}

def FunctionGroup : Group<"what is scheduled">;
def TargetGroup : Group<"the accelerator">;
def ChipGroup : Group<"what-ifs of the accelerator, but for its rails">;
def RailsGroup : Group<"the number of rails">;
def LayersGroup : Group<"how operations become layers">;
def CornersGroup : Group<"dies that differ">;
def RateGroup : Group<"how often the network runs">;
def SearchGroup : Group<"what searches">;
def LimitsGroup : Group<"limits of the exact search">;
def ThreadsGroup : Group<"threads of the exact search">;
def ProofGroup : Group<"what is proven again">;
def LoweringGroup : Group<"what is left of the dialect">;

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

/// What an option is, beside what MLIR wants to know of it.
class OptionData<Group group_, Kind kind_, string unit_> {
  Group group = group_;
  Kind kind = kind_;
  /// Of a physical quantity: that of the SI, or "bytes".
  string unit = unit_;
}

/// The text for people, with the choices and the unit.
class Help<Kind kind, string text, string unit> {
  string str = text #
    !if(!empty(kind.choices), "", ": " # !interleave(kind.choices, ", ")) #
    !if(!empty(unit), "", " [" # unit # "]");
}

/// An option that always has a value. The default is a literal, or the name of a
/// constant of the scheduler, `::pfmlir::scheduler::kName`, which Python's
/// bindings have as NAME.
class DefaultOption<string varName, string name, Group group, Kind kind,
                    string default, string text, string unit = "">
    : Option<varName, name, kind.cppType, default, Help<kind, text, unit>.str>,
      OptionData<group, kind, unit>;

/// An option that has none unless one is given.
class UnsetOption<string varName, string name, Group group, Kind kind,
                  string text, string unit = "">
    : Option<varName, name, "::pfmlir::power::Optional<" # kind.cppType # ">",
             /*default=*/"", Help<kind, text, unit>.str>,
      OptionData<group, kind, unit>;

/// An option with any number of values.
class ManyOption<string varName, string name, Group group, Kind kind,
                 string text, string unit = "">
    : ListOption<varName, name, kind.cppType, Help<kind, text, unit>.str>,
      OptionData<group, kind, unit>;

//===----------------------------------------------------------------------===//
// Pipelines
//===----------------------------------------------------------------------===//

/// Passes that run one after the other, with the options of all of them.
class Pipeline<string name_, string summary_, list<PassBase> passes_> {
  string name = name_;
  string summary = summary_;
  list<PassBase> passes = passes_;
}

#endif // PFMLIR_PASSES_OPTIONS_TD
