//===- Account.h - What becomes of a network's operations -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The account of a network's operations, function attribute `power.account`: by
// what becomes of them and by what they are, how many there are and what they
// do. It is written when layers are formed, and read when a schedule is
// reported.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_ACCOUNT_H
#define PFMLIR_DIALECT_ACCOUNT_H

#include "mlir/IR/BuiltinAttributes.h"

#include <array>
#include <map>
#include <string>

namespace pfmlir::power {

/// What becomes of an operation.
enum class Fate {
  /// Costed as the product of a layer.
  Layer,
  /// Costed as vector work of a layer.
  Vector,
  /// Free: element-wise on a layer's own result and on weights, computed as the
  /// result leaves the layer.
  InPassing,
  /// Free: zeros around an image, or between its samples, that the layer's
  /// shape
  /// tells of.
  Padding,
  /// Free: changes how a tensor is read, or makes room for one.
  View,
  /// Free: reads integers as the numbers that they stand for; hardware scales
  /// its results instead.
  Format,
  /// Free: of weights and constants alone, computed before the network runs.
  Ahead,
  /// Not costed, because no model can or because somebody wished so.
  Listed
};
inline constexpr size_t kNumFates = 8;
inline constexpr llvm::StringLiteral kFateNames[kNumFates] = {
    "layer", "vector", "in_passing", "padding",
    "view",  "format", "ahead",      "listed"};

/// What operations of a kind do, in all.
struct AccountEntry {
  /// How many they are.
  int64_t count = 0;
  int64_t multiplyAccumulates = 0;
  /// Elementary operations that are no part of a product.
  int64_t operations = 0;
  /// Of the tensors that they read and write, as the network has them.
  int64_t bytes = 0;
  /// How many of them are of shapes that are not known, and not in the last
  /// three.
  int64_t unknown = 0;

  static constexpr std::pair<llvm::StringLiteral, int64_t AccountEntry::*>
      kFields[] = {{"count", &AccountEntry::count},
                   {"multiply_accumulates", &AccountEntry::multiplyAccumulates},
                   {"operations", &AccountEntry::operations},
                   {"bytes", &AccountEntry::bytes},
                   {"unknown", &AccountEntry::unknown}};
};

/// By fate and by what operations are.
using Account = std::array<std::map<std::string, AccountEntry>, kNumFates>;

/// As an attribute: a dictionary of fates, each of descriptions, each of the
/// fields that are not zero.
mlir::DictionaryAttr writeAccount(const Account &account,
                                  mlir::MLIRContext *context);

/// Fails, with what it expects in `error`, where an attribute is no account.
llvm::LogicalResult readAccount(mlir::Attribute attribute, Account &account,
                                std::string &error);

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_ACCOUNT_H
