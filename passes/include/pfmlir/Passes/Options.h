//===- Options.h - Values of options of passes ------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an option may hold is its type: a value that can't be meant is refused
// where the option is read, and no pass ever sees one. Each type is printed as
// it is read, so that a textual pipeline round-trips.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_OPTIONS_H
#define PFMLIR_PASSES_OPTIONS_H

#include "pfmlir/Dialect/Power.h"
#include "pfmlir/Scheduler/Searches.h"

#include "llvm/Support/CommandLine.h"

#include <cmath>
#include <optional>

namespace pfmlir::power {

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// A number of some kind: its type, which values it may have, and words for
/// them. A default-made one is not of its kind, and waits to be assigned to.
template <typename Kind>
class Number {
public:
  using Value = typename Kind::Value;

  Number() = default;
  Number(Value value) : value(value) { assert(Kind::accepts(value)); }
  operator Value() const { return value; }

private:
  Value value = Value();
};

struct PositiveKind {
  using Value = double;
  static constexpr llvm::StringLiteral kExpected = "a finite number above 0";
  static bool accepts(double value) {
    return std::isfinite(value) && value > 0;
  }
};
struct NotNegativeKind {
  using Value = double;
  static constexpr llvm::StringLiteral kExpected =
      "a finite number that is not negative";
  static bool accepts(double value) {
    return std::isfinite(value) && value >= 0;
  }
};
struct FractionKind {
  using Value = double;
  static constexpr llvm::StringLiteral kExpected =
      "a number of at least 0 and less than 1";
  static bool accepts(double value) { return value >= 0 && value < 1; }
};
struct CountKind {
  using Value = int64_t;
  static constexpr llvm::StringLiteral kExpected =
      "a whole number of at least 1";
  static bool accepts(int64_t value) { return value >= 1; }
};

using Positive = Number<PositiveKind>;
using NotNegative = Number<NotNegativeKind>;
using Fraction = Number<FractionKind>;
using Count = Number<CountKind>;

//===----------------------------------------------------------------------===//
// Other values
//===----------------------------------------------------------------------===//

/// A value that nobody need give. Not to have been given is written as `unset`.
template <typename T>
struct Optional : std::optional<T> {
  using std::optional<T>::optional;
};
inline constexpr llvm::StringLiteral kUnset = "unset";

/// The number of banks of a memory, written as memory:number.
struct BankCount {
  std::string memory;
  Count banks;
};

/// The part of the periods from a layer on, written as layer:number.
struct LayerProbability {
  std::string layer;
  double probability;
};

/// One of the searches that there are, written as its name.
class SearchChoice {
public:
  /// Any search, until another is assigned.
  SearchChoice() : info(&scheduler::getSearches().front()) {}
  SearchChoice(const char *name) : info(scheduler::findSearch(name)) {
    assert(info && "unknown search");
  }
  explicit SearchChoice(const scheduler::SearchInfo &info) : info(&info) {}

  const scheduler::SearchInfo &get() const { return *info; }

private:
  const scheduler::SearchInfo *info;
};

//===----------------------------------------------------------------------===//
// Texts
//===----------------------------------------------------------------------===//

// Reading fails where the text is not of the type; `getExpected` says what is.

bool readValue(llvm::StringRef text, double &value);
bool readValue(llvm::StringRef text, int64_t &value);
bool readValue(llvm::StringRef text, GatingMode &value);
bool readValue(llvm::StringRef text, BankCount &value);
bool readValue(llvm::StringRef text, LayerProbability &value);
bool readValue(llvm::StringRef text, SearchChoice &value);
template <typename Kind>
bool readValue(llvm::StringRef text, Number<Kind> &number) {
  typename Kind::Value value;
  if (!readValue(text, value) || !Kind::accepts(value))
    return false;
  number = value;
  return true;
}
template <typename T>
bool readValue(llvm::StringRef text, Optional<T> &optional) {
  optional.reset();
  return text == kUnset || readValue(text, optional.emplace());
}

template <typename T>
struct OptionText;
template <typename Kind>
struct OptionText<Number<Kind>> {
  static constexpr llvm::StringLiteral kName = "number";
  static std::string getExpected() { return Kind::kExpected.str(); }
};
template <>
struct OptionText<GatingMode> {
  static constexpr llvm::StringLiteral kName = "mode";
  static std::string getExpected();
};
template <>
struct OptionText<BankCount> {
  static constexpr llvm::StringLiteral kName = "memory:number";
  static std::string getExpected();
};
template <>
struct OptionText<LayerProbability> {
  static constexpr llvm::StringLiteral kName = "layer:number";
  static std::string getExpected();
};
template <>
struct OptionText<SearchChoice> {
  static constexpr llvm::StringLiteral kName = "search";
  static std::string getExpected() { return scheduler::listSearches(); }
};
template <typename T>
struct OptionText<Optional<T>> : OptionText<T> {};

/// Writes a number so that reading it gives the same, bit by bit.
void printExactly(llvm::raw_ostream &os, double value);
inline void printExactly(llvm::raw_ostream &os, int64_t value) { os << value; }

template <typename Kind>
llvm::raw_ostream &operator<<(llvm::raw_ostream &os,
                              const Number<Kind> &number) {
  printExactly(os, typename Kind::Value(number));
  return os;
}
llvm::raw_ostream &operator<<(llvm::raw_ostream &os, const BankCount &count);
llvm::raw_ostream &operator<<(llvm::raw_ostream &os,
                              const LayerProbability &probability);
llvm::raw_ostream &operator<<(llvm::raw_ostream &os,
                              const SearchChoice &choice);
template <typename T>
llvm::raw_ostream &operator<<(llvm::raw_ostream &os,
                              const Optional<T> &optional) {
  if (optional)
    return os << *optional;
  return os << kUnset;
}

/// Parses an option of one of the types above as llvm::cl wants it.
template <typename T>
class OptionParser : public llvm::cl::basic_parser<T> {
public:
  using llvm::cl::basic_parser<T>::basic_parser;

  /// Returns true, after an error that names the option, if the text is wrong.
  bool parse(llvm::cl::Option &option, llvm::StringRef name,
             llvm::StringRef text, T &value) {
    if (readValue(text, value))
      return false;
    return option.error("expects " + OptionText<T>::getExpected() +
                            ", but got '" + text + "'",
                        name);
  }

  llvm::StringRef getValueName() const override { return OptionText<T>::kName; }

  void printOptionDiff(const llvm::cl::Option &option, const T &,
                       const llvm::cl::OptionValue<T> &,
                       size_t globalWidth) const {
    this->printOptionNoValue(option, globalWidth);
  }
};

/// Prints the help of option `search`: what can be searched with.
void printSearches(size_t globalWidth);

} // namespace pfmlir::power

namespace llvm::cl {

template <typename Kind>
struct parser<pfmlir::power::Number<Kind>>
    : pfmlir::power::OptionParser<pfmlir::power::Number<Kind>> {
  using parser::OptionParser::OptionParser;
};
template <typename T>
struct parser<pfmlir::power::Optional<T>>
    : pfmlir::power::OptionParser<pfmlir::power::Optional<T>> {
  using parser::OptionParser::OptionParser;
};
template <>
struct parser<pfmlir::power::BankCount>
    : pfmlir::power::OptionParser<pfmlir::power::BankCount> {
  using OptionParser::OptionParser;
};
template <>
struct parser<pfmlir::power::LayerProbability>
    : pfmlir::power::OptionParser<pfmlir::power::LayerProbability> {
  using OptionParser::OptionParser;
};
template <>
struct parser<pfmlir::power::SearchChoice>
    : pfmlir::power::OptionParser<pfmlir::power::SearchChoice> {
  using OptionParser::OptionParser;
  void printOptionInfo(const Option &option, size_t globalWidth) const {
    OptionParser::printOptionInfo(option, globalWidth);
    pfmlir::power::printSearches(globalWidth);
  }
};

} // namespace llvm::cl

#endif // PFMLIR_PASSES_OPTIONS_H
