//===- Account.cpp - What becomes of a network's operations -----*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/Account.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace pfmlir::power;

DictionaryAttr pfmlir::power::writeAccount(const Account &account,
                                           MLIRContext *context) {
  Builder builder(context);
  NamedAttrList fates;
  for (auto [name, entries] : llvm::zip_equal(kFateNames, account)) {
    NamedAttrList kinds;
    for (const auto &[description, entry] : entries) {
      NamedAttrList fields;
      for (auto [field, member] : AccountEntry::kFields)
        if (entry.*member != 0)
          fields.set(field, builder.getI64IntegerAttr(entry.*member));
      kinds.set(description, fields.getDictionary(context));
    }
    if (!kinds.empty())
      fates.set(name, kinds.getDictionary(context));
  }
  return fates.getDictionary(context);
}

static LogicalResult readEntry(Attribute attribute, AccountEntry &entry) {
  auto fields = dyn_cast<DictionaryAttr>(attribute);
  if (!fields)
    return failure();
  for (NamedAttribute field : fields) {
    const auto *known = llvm::find_if(AccountEntry::kFields, [&](auto each) {
      return each.first == field.getName();
    });
    auto value = dyn_cast<IntegerAttr>(field.getValue());
    if (known == std::end(AccountEntry::kFields) || !value ||
        !value.getType().isSignlessInteger(64) || value.getInt() < 0)
      return failure();
    entry.*(known->second) = value.getInt();
  }
  return success();
}

LogicalResult pfmlir::power::readAccount(Attribute attribute, Account &account,
                                         std::string &error) {
  llvm::raw_string_ostream message(error);
  auto fates = dyn_cast<DictionaryAttr>(attribute);
  if (!fates) {
    message << "expects a dictionary, but got " << attribute;
    return failure();
  }
  for (NamedAttribute fate : fates) {
    const auto *name = llvm::find(kFateNames, fate.getName());
    auto kinds = dyn_cast<DictionaryAttr>(fate.getValue());
    if (name == std::end(kFateNames) || !kinds) {
      message << "expects dictionaries by ";
      llvm::interleaveComma(kFateNames, message);
      message << ", but got '" << fate.getName().getValue()
              << "' = " << fate.getValue();
      return failure();
    }
    for (NamedAttribute kind : kinds) {
      AccountEntry &entry = account[name - std::begin(kFateNames)]
                                   [kind.getName().getValue().str()];
      if (succeeded(readEntry(kind.getValue(), entry)))
        continue;
      message << "expects numbers (i64) of '" << kind.getName().getValue()
              << "' by ";
      llvm::interleaveComma(AccountEntry::kFields, message,
                            [&](auto field) { message << field.first; });
      message << ", but got " << kind.getValue();
      return failure();
    }
  }
  return success();
}
