//===- PowerEffectsTest.cpp - Tests of side effects -------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What other passes are told about power operations: which keep their order,
// and what may move past them. test/dialect/effects.mlir has what passes make
// of it.
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/Power.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

#include <set>

using namespace mlir;
using namespace pfmlir::power;

namespace {

constexpr llvm::StringLiteral kModule = R"mlir(
power.target @t levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
  power.memory @m in @core bank_bytes 64 bank_leakage_w 0.0
  power.sleep_state @off power_w 0.0
}
func.func @net(%x: memref<4xf32>, %i: index) {
  power.set_state [@t::@core] to [0.9]
  power.gate_banks [@t::@m] powered [1.0]
  power.layer "shape"
  power.layer "pure" {
    %0 = arith.addi %i, %i : index
  }
  power.layer "reads" {
    %0 = memref.load %x[%i] : memref<4xf32>
  }
  power.layer "unknown" {
    func.call @net(%x, %i) : (memref<4xf32>, index) -> ()
  }
  power.idle time_s 1.0
  power.sleep @t::@off time_s 1.0
  return
}
)mlir";

class PowerEffects : public ::testing::Test {
protected:
  PowerEffects() {
    DialectRegistry registry;
    registry.insert<PowerDialect, arith::ArithDialect, func::FuncDialect,
                    memref::MemRefDialect>();
    context.appendDialectRegistry(registry);
    module = parseSourceString<ModuleOp>(kModule, &context);
  }

  void SetUp() override { ASSERT_TRUE(module); }

  LayerOp findLayer(StringRef name) {
    LayerOp found;
    module->walk([&](LayerOp layer) {
      if (layer.getName() == name)
        found = layer;
    });
    return found;
  }

  /// The effects of an operation and of what is in it, as "write PowerManager";
  /// "unknown" if it doesn't tell.
  std::set<std::string> effectsOf(Operation *op) {
    std::optional<SmallVector<MemoryEffects::EffectInstance>> effects =
        getEffectsRecursively(op);
    if (!effects)
      return {"unknown"};
    std::set<std::string> texts;
    for (const MemoryEffects::EffectInstance &effect : *effects) {
      std::string kind = isa<MemoryEffects::Read>(effect.getEffect()) ? "read "
                         : isa<MemoryEffects::Write>(effect.getEffect())
                             ? "write "
                             : "other ";
      texts.insert(kind + effect.getResource()->getName().str());
    }
    return texts;
  }

  template <typename OpTy>
  std::set<std::string> effectsOf() {
    OpTy found;
    module->walk([&](OpTy op) { found = op; });
    return effectsOf(found);
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

using Effects = std::set<std::string>;
const Effects kWrites = {"write PowerManager"};
const Effects kReadsAndWrites = {"read PowerManager", "write PowerManager"};

/// All write the power manager, so that none passes another, and no memory, so
/// that what is about memory passes them.
TEST_F(PowerEffects, ManagerIsOneResource) {
  EXPECT_EQ(effectsOf<SetStateOp>(), kWrites);
  EXPECT_EQ(effectsOf<GateBanksOp>(), kWrites);
  EXPECT_EQ(effectsOf<SleepOp>(), kWrites);
  EXPECT_EQ(effectsOf<IdleOp>(), kReadsAndWrites);
  EXPECT_EQ(effectsOf(findLayer("shape")), kReadsAndWrites);
}

/// A layer has the effects of its body beside its own.
TEST_F(PowerEffects, LayerHasThoseOfItsBody) {
  EXPECT_EQ(effectsOf(findLayer("pure")), kReadsAndWrites);
  EXPECT_EQ(
      effectsOf(findLayer("reads")),
      (Effects{"read <Default>", "read PowerManager", "write PowerManager"}));
  EXPECT_EQ(effectsOf(findLayer("unknown")), Effects{"unknown"});
}

/// Nothing of a schedule is dead, moves freely, or is done on trial.
TEST_F(PowerEffects, NothingIsDeadOrFree) {
  module->walk([](Operation *op) {
    if (!isa_and_nonnull<PowerDialect>(op->getDialect()) || isa<YieldOp>(op))
      return;
    EXPECT_FALSE(isOpTriviallyDead(op)) << op->getName().getStringRef().str();
    EXPECT_FALSE(isMemoryEffectFree(op)) << op->getName().getStringRef().str();
    EXPECT_FALSE(isSpeculatable(op)) << op->getName().getStringRef().str();
  });
}

} // namespace
