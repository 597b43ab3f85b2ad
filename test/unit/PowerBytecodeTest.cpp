//===- PowerBytecodeTest.cpp - Tests of damaged bytecode --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What bytecode says that no writer wrote is an error. That it says what was
// written is in test/dialect/bytecode.mlir.
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/Power.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace pfmlir::power;

namespace {

class PowerBytecode : public ::testing::Test {
protected:
  PowerBytecode() {
    context.loadDialect<PowerDialect>();
    context.allowUnregisteredDialects();
  }

  /// The bytecode of a module with this attribute.
  std::string write(StringRef attr) {
    return writeModule("module attributes {test.attr = " + attr.str() + "} {}");
  }

  std::string writeModule(StringRef text) {
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    std::string bytes;
    llvm::raw_string_ostream os(bytes);
    EXPECT_TRUE(module && succeeded(writeBytecodeToFile(*module, os)));
    return bytes;
  }

  /// The first error of reading `bytes`; empty if there is none.
  std::string readError(StringRef bytes) {
    std::string error;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      if (error.empty())
        error = diagnostic.str();
    });
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(bytes, &context);
    EXPECT_EQ(static_cast<bool>(module), error.empty());
    return error;
  }

  /// Puts `after` in the place of the first `before`.
  static std::string replace(std::string bytes, StringRef before,
                             StringRef after) {
    size_t at = bytes.find(before.str());
    EXPECT_NE(at, std::string::npos);
    return bytes.replace(at, before.size(), after.str());
  }

  MLIRContext context;
};

/// Attribute 4 is #power.gating: mode 2, and 77 zigzagged, as varints.
TEST_F(PowerBytecode, Gating) {
  std::string bytes = write("#power.gating<bank, granularity = 77>");
  EXPECT_EQ(readError(bytes), "");
  EXPECT_EQ(readError(replace(bytes, "\x09\x05\x6a\x02", "\x09\x07\x6a\x02")),
            "expects a number of a gating mode, at most 2, but got 3");
  // The verifier is asked, too.
  EXPECT_EQ(readError(replace(bytes, "\x09\x05\x6a\x02", "\x09\x05\x6e\x02")),
            "expects granularity to be at least 1, but got -78");
}

TEST_F(PowerBytecode, Constants) {
  std::string bytes = write(R"mlir(#power.analytical<
      array_domain = "a", weight_domain = "w", feeder_domain = "f",
      input_memory = "i", output_memory = "o", weight_memory = "m",
      mac_energy_j = 1.0, weight_buffer_write_energy_j = 2.0,
      weight_buffer_read_energy_j = 3.0, output_write_energy_j = 4.0,
      input_read_energy_j = 5.0, weight_memory_read_energy_j = 6.0,
      lane_write_energy_j = 7.0, lane_read_energy_j = 8.0,
      stagger_energy_j = 9.0, feeder_control_energy_j = 10.0,
      gate_control_energy_j = 11.0, dma_control_energy_j = 12.0,
      gate_controller_leakage_w = 13.0>)mlir");
  EXPECT_EQ(readError(bytes), "");
  std::string error = readError(replace(bytes, "mac_energy_j", "mac_energy_k"));
  EXPECT_TRUE(StringRef(error).starts_with(
      "expects numbers (f64) for the constants mac_energy_j, "))
      << error;
  EXPECT_TRUE(StringRef(error).contains(
      "of #power.analytical, but got {dma_control_energy_j = "))
      << error;
}

/// The attributes of operations go by name.
TEST_F(PowerBytecode, AttributesOfOperations) {
  std::string bytes = writeModule(R"mlir(
      power.target @t levels_v [1.0] max_rails 1 {
        power.domain @core nominal_v 1.0
      })mlir");
  EXPECT_EQ(readError(bytes), "");
  EXPECT_EQ(readError(replace(bytes, "nominal_v", "nominal_w")),
            "unknown attribute 'nominal_w' of 'power.domain'");
}

/// A section 7, of one byte, has the version of a dialect, in the file's head.
TEST_F(PowerBytecode, Versions) {
  std::string bytes = write("#power.matmul<m = 1, k = 512, n = 10>");
  EXPECT_EQ(readError(bytes), "");
  EXPECT_EQ(readError(replace(bytes, "\x07\x03\x05", "\x07\x03\x01")),
            "expects a version of the power dialect from 1, but got 0");
  EXPECT_EQ(readError(replace(bytes, "\x07\x03\x05", "\x07\x03\xff")),
            "expects at most version 2 of the power dialect, but got version "
            "127, of a newer pfmlir");
}

} // namespace
