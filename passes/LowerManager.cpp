//===- LowerManager.cpp - The power manager as code -------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Commands.h"
#include "passes/Functions.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_LOWERMANAGER
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// Calls what accesses the registers, and makes that.
class Lowering {
public:
  Lowering(ModuleOp module, RegisterMapOp map, unsigned addressBits,
           bool isHooked)
      : module(module), map(map), isHooked(isHooked),
        builder(module.getLoc(), module.getContext()),
        addressType(builder.getIntegerType(addressBits)),
        registerType(builder.getIntegerType(map.getRegisterBits())),
        codeType(builder.getI32Type()) {}

  LogicalResult run(ArrayRef<Command> commands);

private:
  using BuildBody = llvm::function_ref<void(Block &body)>;
  FailureOr<func::FuncOp> declare(StringRef name, TypeRange inputs,
                                  TypeRange results, BuildBody buildBody);
  LogicalResult callFunction(Command command);
  LogicalResult accessRegister(Command command);
  FailureOr<func::FuncOp> declareWrite();
  FailureOr<func::FuncOp> declareWait();
  FailureOr<func::FuncOp> declareWaitCall(func::FuncOp read);
  void keepOrder();
  Value toPointer(Value address);
  void waitUntil(Value mask, Value value, llvm::function_ref<Value()> read);
  Value constant(Type type, uint64_t value);

  ModuleOp module;
  RegisterMapOp map;
  bool isHooked;
  ImplicitLocOpBuilder builder;
  Type addressType, registerType, codeType;
  llvm::StringMap<func::FuncOp> declared;
};
} // namespace

/// A function of the module, made where it is first called; without a body it
/// is somebody else's.
FailureOr<func::FuncOp> Lowering::declare(StringRef name, TypeRange inputs,
                                          TypeRange results,
                                          BuildBody buildBody) {
  func::FuncOp &function = declared[name];
  if (function)
    return function;
  if (Operation *other = module.lookupSymbol(name))
    return emitBriefOpError(other) << "expects another name, because @" << name
                                   << " is what accesses the power manager";
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module.getBody());
  function = func::FuncOp::create(builder, name,
                                  builder.getFunctionType(inputs, results));
  function.setPrivate();
  if (buildBody) {
    keepFunction(function);
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToStart(body);
    buildBody(*body);
    func::ReturnOp::create(builder);
  }
  return function;
}

Value Lowering::constant(Type type, uint64_t value) {
  APInt bits(type.getIntOrFloatBitWidth(), value, /*isSigned=*/false,
             /*implicitTrunc=*/true);
  return arith::ConstantOp::create(builder, builder.getIntegerAttr(type, bits));
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

/// No access to memory moves across.
void Lowering::keepOrder() {
  LLVM::InlineAsmOp::create(
      builder, /*res=*/TypeRange{}, /*operands=*/ValueRange{},
      /*asm_string=*/"", /*constraints=*/"~{memory}",
      /*has_side_effects=*/true, /*is_align_stack=*/false,
      LLVM::TailCallKind::None, LLVM::AsmDialectAttr(), ArrayAttr());
}

Value Lowering::toPointer(Value address) {
  return LLVM::IntToPtrOp::create(
      builder, LLVM::LLVMPointerType::get(builder.getContext()), address);
}

FailureOr<func::FuncOp> Lowering::declareWrite() {
  auto build = [&](Block &body) {
    keepOrder();
    LLVM::StoreOp::create(builder, body.getArgument(1),
                          toPointer(body.getArgument(0)), /*alignment=*/0,
                          /*isVolatile=*/true);
    keepOrder();
  };
  return declare("power_write", {addressType, registerType}, {},
                 isHooked ? BuildBody() : BuildBody(build));
}

/// Reads until the bits of the mask are the value.
void Lowering::waitUntil(Value mask, Value value,
                         llvm::function_ref<Value()> read) {
  scf::WhileOp::create(
      builder, TypeRange{}, ValueRange{},
      [&](OpBuilder &, Location, ValueRange) {
        Value masked = arith::AndIOp::create(builder, read(), mask);
        Value differs = arith::CmpIOp::create(builder, arith::CmpIPredicate::ne,
                                              masked, value);
        scf::ConditionOp::create(builder, differs, ValueRange{});
      },
      [&](OpBuilder &, Location, ValueRange) {
        scf::YieldOp::create(builder);
      });
}

FailureOr<func::FuncOp> Lowering::declareWait() {
  auto build = [&](Block &body) {
    keepOrder();
    Value pointer = toPointer(body.getArgument(0));
    waitUntil(body.getArgument(1), body.getArgument(2), [&]() -> Value {
      return LLVM::LoadOp::create(builder, registerType, pointer,
                                  /*alignment=*/0, /*isVolatile=*/true);
    });
    keepOrder();
  };
  return declare("power_wait", {addressType, registerType, registerType}, {},
                 isHooked ? BuildBody() : BuildBody(build));
}

FailureOr<func::FuncOp> Lowering::declareWaitCall(func::FuncOp read) {
  auto build = [&](Block &body) {
    Value mask = constant(codeType, ~uint64_t(0));
    waitUntil(mask, body.getArgument(0), [&]() -> Value {
      return func::CallOp::create(builder, read, ValueRange{}).getResult(0);
    });
  };
  return declare(("power_wait_" + read.getName()).str(), {codeType}, {}, build);
}

LogicalResult Lowering::callFunction(Command command) {
  FieldOp field = command.field;
  if (command.kind == Command::Wait) {
    FailureOr<func::FuncOp> read =
        declare(*field.getFunction(), {}, {codeType}, nullptr);
    if (failed(read))
      return failure();
    FailureOr<func::FuncOp> wait = declareWaitCall(*read);
    if (failed(wait))
      return failure();
    func::CallOp::create(builder, *wait, constant(codeType, command.value));
    return success();
  }
  SmallVector<Type> types(field.getArgument() ? 2 : 1, codeType);
  FailureOr<func::FuncOp> write =
      declare(*field.getFunction(), types, {}, nullptr);
  if (failed(write))
    return failure();
  SmallVector<Value> operands;
  if (field.getArgument())
    operands.push_back(constant(codeType, *field.getArgument()));
  operands.push_back(constant(codeType, command.value));
  func::CallOp::create(builder, *write, operands);
  return success();
}

LogicalResult Lowering::accessRegister(Command command) {
  FieldOp field = command.field;
  bool isWait = command.kind == Command::Wait;
  FailureOr<func::FuncOp> access = isWait ? declareWait() : declareWrite();
  if (failed(access))
    return failure();
  SmallVector<Value> operands = {constant(addressType, getAddress(field))};
  if (isWait)
    operands.push_back(constant(registerType, getMask(field)));
  operands.push_back(constant(
      registerType, isWait ? command.value << getShift(field) : command.value));
  func::CallOp::create(builder, *access, operands);
  return success();
}

/// What is for an operation comes before it, but for what comes after a layer.
LogicalResult Lowering::run(ArrayRef<Command> commands) {
  Operation *layerRun = nullptr;
  for (const Command &command : commands) {
    builder.setLoc(command.op->getLoc());
    if (command.kind == Command::Run) {
      layerRun = command.op;
      builder.setInsertionPointAfter(layerRun);
      continue;
    }
    if (command.op != layerRun)
      builder.setInsertionPoint(command.op);
    bool isCall = FieldOp(command.field).getFunction().has_value();
    if (failed(isCall ? callFunction(command) : accessRegister(command)))
      return failure();
  }
  return success();
}

namespace {
struct LowerManagerPass
    : pfmlir::power::impl::LowerManagerBase<LowerManagerPass> {
  using LowerManagerBase::LowerManagerBase;

  LogicalResult lower() {
    FailureOr<Timeline> timeline = readTimeline(getOperation());
    if (failed(timeline))
      return failure();
    FailureOr<std::vector<Command>> commands = computeCommands(*timeline);
    if (failed(commands))
      return failure();
    TargetOp target = timeline->network.target;
    if (failed(Lowering(getOperation(), target.getRegisterMap(), addressBits,
                        hooks)
                   .run(*commands)))
      return failure();
    FunctionOpInterface function = timeline->network.function;
    eraseManagerOperations(function);
    function->removeAttr(PowerDialect::getTargetAttrName());
    function->removeAttr(PowerDialect::getPeriodAttrName());
    function->removeAttr(PowerDialect::getAccountAttrName());
    timeline->network.schedule.erase();
    target.erase();
    return success();
  }

  void runOnOperation() override {
    if (failed(lower()))
      signalPassFailure();
  }
};
} // namespace
