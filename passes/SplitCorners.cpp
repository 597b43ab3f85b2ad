//===- SplitCorners.cpp - A schedule for each corner ----------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Network.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_SPLITCORNERS
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

/// Adds a copy of a function in each corner to a system, with its share of the
/// function's.
static void addCopies(FunctionOpInterface function, ArrayRef<CornerOp> corners,
                      NetworkOp network, SystemOp system,
                      SymbolTable &symbols) {
  Operation *after = function;
  for (CornerOp corner : corners) {
    auto copy = cast<FunctionOpInterface>(function->clone());
    SymbolTable::setSymbolName(
        copy, (function.getName() + "_" + corner.getSymName()).str());
    copy->setAttr(PowerDialect::getCornerAttrName(),
                  FlatSymbolRefAttr::get(corner));
    symbols.insert(copy, std::next(after->getIterator()));
    after = copy;
    auto builder = OpBuilder::atBlockEnd(&system.getBody().front());
    double share = corner.getWeight().convertToDouble() *
                   (network ? network.getShareOr1() : 1);
    NetworkOp::create(builder, corner.getLoc(), FlatSymbolRefAttr::get(copy),
                      network ? network.getPeriodSAttr() : FloatAttr(),
                      builder.getF64FloatAttr(share));
  }
}

/// It runs in all corners, and nothing but schedules and systems may speak of a
/// function that goes.
static LogicalResult checkSplittable(FunctionOpInterface function,
                                     ModuleOp module) {
  if (Attribute corner = function->getAttr(PowerDialect::getCornerAttrName()))
    return emitBriefOpError(function)
           << "expects to run in all corners for option 'by-corner', but runs "
              "in "
           << corner;
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(function, module);
  if (!uses)
    return success();
  for (const SymbolTable::SymbolUse &use : *uses)
    if (!isa<ScheduleOp, NetworkOp, SystemOp>(use.getUser())) {
      InFlightDiagnostic diagnostic =
          emitBriefOpError(function)
          << "expects no uses, as there will be one for each corner instead";
      diagnostic.attachNote(use.getUser()->getLoc()) << "used here";
      return diagnostic;
    }
  return success();
}

namespace {
struct SplitCornersPass
    : pfmlir::power::impl::SplitCornersBase<SplitCornersPass> {
  using SplitCornersBase::SplitCornersBase;

  LogicalResult splitCorners() {
    ModuleOp module = getOperation();
    FailureOr<SmallVector<Network>> networks = findNetworks(module);
    if (failed(networks))
      return failure();
    TargetOp target = networks->front().target;
    SmallVector<CornerOp> corners = target.getCorners();
    if (corners.empty())
      return emitBriefOpError(target)
             << "expects a power.corner for option 'by-corner', but got none";
    for (Network &network : *networks)
      if (failed(checkSplittable(network.function, module)))
        return failure();
    SystemOp whole = findSystem(module);
    SymbolTable symbols(module);
    OpBuilder builder(module.getContext());
    builder.setInsertionPointAfter(target);
    auto system = SystemOp::create(
        builder, whole ? whole.getLoc() : networks->front().function->getLoc(),
        whole ? whole.getSymName() : StringRef("corners"),
        FlatSymbolRefAttr::get(target), ArrayAttr(), FloatAttr(), FloatAttr());
    system.getBody().emplaceBlock();
    SmallVector<NetworkOp> ops;
    if (whole)
      ops = whole.getNetworks();
    for (auto [index, network] : llvm::enumerate(*networks))
      addCopies(network.function, corners, whole ? ops[index] : NetworkOp(),
                system, symbols);
    for (Network &network : *networks) {
      for (ScheduleOp schedule : findSchedules(network.function))
        schedule.erase();
      symbols.erase(network.function);
    }
    if (whole)
      whole.erase();
    else
      symbols.insert(system, system->getIterator());
    return success();
  }

  void runOnOperation() override {
    if (byCorner && failed(splitCorners()))
      signalPassFailure();
  }
};
} // namespace
