//===- Options.cpp - Values of options of passes --------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Options.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

bool pfmlir::power::readValue(StringRef text, double &value) {
  return llvm::to_float(text, value);
}

bool pfmlir::power::readValue(StringRef text, int64_t &value) {
  return llvm::to_integer(text, value, /*Base=*/10);
}

bool pfmlir::power::readValue(StringRef text, GatingMode &value) {
  std::optional<GatingMode> mode = symbolizeGatingMode(text);
  if (mode)
    value = *mode;
  return mode.has_value();
}

bool pfmlir::power::readValue(StringRef text, BankCount &value) {
  auto [memory, banks] = text.split(':');
  value.memory = memory.str();
  return !memory.empty() && readValue(banks, value.banks);
}

bool pfmlir::power::readValue(StringRef text, LayerProbability &value) {
  // Names of layers may have a colon.
  auto [layer, probability] = text.rsplit(':');
  value.layer = layer.str();
  return !layer.empty() && !probability.empty() &&
         readValue(probability, value.probability) && value.probability >= 0 &&
         value.probability <= 1;
}

bool pfmlir::power::readValue(StringRef text, SearchChoice &value) {
  const scheduler::SearchInfo *info = scheduler::findSearch(text);
  if (info)
    value = SearchChoice(*info);
  return info;
}

std::string OptionText<GatingMode>::getExpected() {
  std::string modes;
  const unsigned last = getMaxEnumValForGatingMode();
  for (unsigned mode = 0; mode <= last; ++mode) {
    modes += mode == 0 ? "" : mode < last ? ", " : " or ";
    modes += stringifyGatingMode(GatingMode(mode));
  }
  return modes;
}

std::string OptionText<BankCount>::getExpected() {
  return ("memory:number with " + CountKind::kExpected).str();
}

std::string OptionText<LayerProbability>::getExpected() {
  return "layer:number with a number from 0 to 1";
}

void pfmlir::power::printExactly(raw_ostream &os, double value) {
  // As few digits as say the same.
  SmallString<32> text;
  for (int digits : {15, 16, 17}) {
    text.clear();
    llvm::raw_svector_ostream(text) << llvm::format("%.*g", digits, value);
    double read;
    if (llvm::to_float(text, read) && read == value)
      break;
  }
  os << text;
}

raw_ostream &pfmlir::power::operator<<(raw_ostream &os,
                                       const BankCount &count) {
  return os << count.memory << ':' << count.banks;
}

raw_ostream &pfmlir::power::operator<<(raw_ostream &os,
                                       const LayerProbability &probability) {
  os << probability.layer << ':';
  printExactly(os, probability.probability);
  return os;
}

raw_ostream &pfmlir::power::operator<<(raw_ostream &os,
                                       const SearchChoice &choice) {
  return os << choice.get().name;
}

void pfmlir::power::printSearches(size_t globalWidth) {
  // As llvm::cl prints the values of an enumeration.
  for (const scheduler::SearchInfo &search : scheduler::getSearches()) {
    llvm::outs() << "    =" << search.name;
    llvm::cl::Option::printEnumValHelpStr(search.description, globalWidth,
                                          5 + StringRef(search.name).size());
  }
}
