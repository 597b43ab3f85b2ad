//===- Text.cpp - What several artifacts are written with -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/artifacts/Artifacts.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace pfmlir::power;

std::string pfmlir::power::makeIdentifier(StringRef name) {
  std::string identifier;
  for (char c : name)
    identifier += llvm::isAlnum(c) ? c : '_';
  if (identifier.empty() || llvm::isDigit(identifier.front()))
    identifier.insert(0, "_");
  return identifier;
}

std::string pfmlir::power::formatExactly(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.17g", value);
  return text;
}

std::string pfmlir::power::quote(StringRef text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    quoted += llvm::isPrint(c) ? c : '_';
  }
  return quoted + "\"";
}

SmallVector<Track> pfmlir::power::getTracks(TargetOp target) {
  SmallVector<Track> tracks;
  for (DomainOp domain : target.getDomains())
    tracks.push_back({makeIdentifier(domain.getSymName()) + "_v", domain});
  for (MemoryOp memory : target.getMemories())
    tracks.push_back({makeIdentifier(memory.getSymName()) + "_banks", memory});
  return tracks;
}
