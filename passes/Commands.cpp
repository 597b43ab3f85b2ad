//===- Commands.cpp - A schedule as accesses to registers -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Commands.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

static RegisterMapOp getMap(FieldOp field) {
  return cast<RegisterMapOp>(field->getParentOp());
}

uint64_t pfmlir::power::getMask(FieldOp field) {
  return llvm::maskTrailingOnes<uint64_t>(
             field.getWidth().value_or(FieldOp::kFunctionBits))
         << getShift(field);
}

unsigned pfmlir::power::getShift(FieldOp field) {
  return field.getShift().value_or(0);
}

uint64_t pfmlir::power::getAddress(FieldOp field) {
  return *getMap(field).getBase() + *field.getOffset();
}

FailureOr<RegisterMapOp> pfmlir::power::findRegisterMap(TargetOp target) {
  if (RegisterMapOp map = target.getRegisterMap())
    return map;
  return emitBriefOpError(target)
         << "expects a power.register_map, which says how its power manager is "
            "told what to do";
}

//===----------------------------------------------------------------------===//
// Codes
//===----------------------------------------------------------------------===//

/// The place of a declaration among others, from 1; 0 for none.
template <typename OpTy>
static int64_t countTo(ArrayRef<OpTy> declarations, Operation *declaration) {
  auto found = llvm::find_if(declarations, [&](OpTy other) {
    return other.getOperation() == declaration;
  });
  return found == declarations.end() ? 0 : found - declarations.begin() + 1;
}

static int64_t getTailCode(TargetOp target, Operation *state) {
  SmallVector<IdleStateOp> idle = target.getIdleStates();
  if (isa_and_nonnull<SleepStateOp>(state))
    return idle.size() + countTo<SleepStateOp>(target.getSleepStates(), state);
  return countTo<IdleStateOp>(idle, state);
}

/// Whole, but for rounding; a mean that the power manager can't be told is no
/// command.
static std::optional<int64_t> findBankCode(FieldOp field, double powered) {
  double perBank = double(field.getPerBank().value_or(1));
  double code = std::round(powered * perBank);
  if (std::abs(code / perBank - powered) <= 1e-9 * powered)
    return int64_t(code);
  return std::nullopt;
}

/// Where a step is written; null where the map has no use for it.
static FieldOp getField(RegisterMapOp map, const Step &step) {
  switch (step.kind) {
  case Step::Voltage:
    return map.getRail(cast<DomainOp>(step.declaration));
  case Step::Mode: {
    DomainOp domain = step.domain;
    return map.getField(FieldKind::Mode, domain);
  }
  case Step::Banks:
    return map.getField(FieldKind::Banks, step.declaration);
  case Step::Engine:
    return map.getField(FieldKind::Engine);
  case Step::Start:
    return map.getField(FieldKind::Start);
  case Step::Finish:
    return map.getField(FieldKind::Finish);
  case Step::Tail:
    return map.getField(FieldKind::Tail);
  }
  llvm_unreachable("unknown kind of step");
}

static std::optional<int64_t> findCode(TargetOp target, const Step &step,
                                       FieldOp field) {
  switch (step.kind) {
  case Step::Voltage:
    return getMap(field).getLevelCode(field, step.value);
  case Step::Mode:
    return countTo<ModeOp>(target.getModes(step.domain), step.declaration);
  case Step::Banks:
    return findBankCode(field, step.value);
  case Step::Engine:
    return countTo<EngineOp>(target.getEngines(), step.declaration);
  case Step::Start:
  case Step::Finish:
    return int64_t(step.layer);
  case Step::Tail:
    return getTailCode(target, step.declaration);
  }
  llvm_unreachable("unknown kind of step");
}

std::optional<FieldCode> pfmlir::power::findFieldCode(TargetOp target,
                                                      const Step &step) {
  FieldOp field = getField(target.getRegisterMap(), step);
  if (!field)
    return FieldCode{field, 0};
  std::optional<int64_t> code = findCode(target, step, field);
  if (!code || !field.fits(*code))
    return std::nullopt;
  return FieldCode{field, uint64_t(*code)};
}

/// Why a step has no code in its field.
static LogicalResult reportNoCode(const Step &step, FieldOp field,
                                  std::optional<int64_t> code) {
  InFlightDiagnostic diagnostic = emitBriefOpError(step.op) << "expects ";
  if (code) {
    diagnostic << "a code that fits into its field, but got " << *code;
    diagnostic.attachNote(field.getLoc())
        << "which has " << field.getWidth().value_or(FieldOp::kFunctionBits)
        << " bits";
    return diagnostic;
  }
  if (step.kind == Step::Banks)
    diagnostic << "banks in steps of "
               << formatNumber(1 / double(field.getPerBank().value_or(1)))
               << ", which is what its target's power manager can be told, but "
                  "got "
               << formatNumber(step.value);
  else
    diagnostic << "a code for " << formatNumber(step.value)
               << " V in the power.register_map of its target, but there is "
                  "none";
  diagnostic.attachNote(field.getLoc()) << "for this field";
  return diagnostic;
}

FailureOr<FieldCode> pfmlir::power::getFieldCode(const Timeline &timeline,
                                                 const Step &step) {
  TargetOp target = timeline.network.target;
  if (std::optional<FieldCode> found = findFieldCode(target, step))
    return *found;
  FieldOp field = getField(target.getRegisterMap(), step);
  return reportNoCode(step, field, findCode(target, step, field));
}

/// What is set before a layer.
static SmallVector<Step> collectSettings(TargetOp target, StateAttr state,
                                         ArrayRef<double> poweredBanks) {
  SmallVector<Step> steps;
  auto add = [&](Step::Kind kind, Operation *declaration, double value,
                 DomainOp domain = nullptr) {
    steps.push_back({kind, 0, nullptr, declaration, value, domain});
  };
  for (auto [domain, voltage] :
       llvm::zip_equal(target.getDomains(), state.getVoltagesV().asArrayRef()))
    add(Step::Voltage, domain, voltage);
  for (auto [domain, mode] :
       llvm::zip(target.getDomains(), getModes(target, state))) {
    SmallVector<ModeOp> modes = target.getModes(domain);
    if (!modes.empty())
      add(Step::Mode, mode ? modes[mode - 1] : ModeOp(), 0, domain);
  }
  for (auto [memory, powered] : llvm::zip(target.getMemories(), poweredBanks))
    add(Step::Banks, memory, powered);
  add(Step::Engine, findEngine(target, state.getImplementation()), 0);
  return steps;
}

std::optional<SmallVector<FieldCode>>
pfmlir::power::findStateCodes(TargetOp target, StateAttr state,
                              ArrayRef<double> poweredBanks) {
  SmallVector<FieldCode> codes;
  for (const Step &step : collectSettings(target, state, poweredBanks)) {
    std::optional<FieldCode> code = findFieldCode(target, step);
    if (!code)
      return std::nullopt;
    // Of a regulated supply, the domains on it say the same.
    auto isSame = [&](FieldCode other) { return other.field == code->field; };
    if (code->field && llvm::none_of(codes, isSame))
      codes.push_back(*code);
  }
  return codes;
}

std::optional<FieldCode> pfmlir::power::findTailCode(TargetOp target,
                                                     Operation *tail) {
  return findFieldCode(target, {Step::Tail, 0, nullptr, tail});
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

namespace {
/// Makes commands of steps, and knows what is in each register.
class Programmer {
public:
  Programmer(const Timeline &timeline, RegisterMapOp map)
      : timeline(timeline), map(map) {}
  FailureOr<std::vector<Command>> run();

private:
  LogicalResult computeCodes();
  void set(size_t first, size_t last);
  void setField(const Step &step, FieldCode code);
  void wait(const Step &step, FieldKind kind);

  const Timeline &timeline;
  RegisterMapOp map;
  std::vector<FieldCode> codes;
  std::vector<Command> commands;
  /// By offset.
  llvm::DenseMap<int64_t, uint64_t> registers;
};
} // namespace

/// Of each step. A register begins with the first code of each of its fields,
/// so that the fields of one that are set one after the other have no others
/// between.
LogicalResult Programmer::computeCodes() {
  llvm::SmallPtrSet<Operation *, 16> seen;
  for (const Step &step : timeline.steps) {
    FailureOr<FieldCode> code = getFieldCode(timeline, step);
    if (failed(code))
      return failure();
    codes.push_back(*code);
    FieldOp field = code->field;
    if (field && field.getOffset() && !field.isCommand() &&
        seen.insert(field).second)
      registers[*field.getOffset()] |= code->code << getShift(field);
  }
  return success();
}

void Programmer::setField(const Step &step, FieldCode code) {
  FieldOp field = code.field;
  Command command{Command::Write, step.timeS, step.op, field, code.code};
  if (field.getOffset()) {
    uint64_t shifted = code.code << getShift(field);
    if (field.isCommand()) {
      command.value = shifted;
    } else {
      uint64_t &whole = registers[*field.getOffset()];
      whole = (whole & ~getMask(field)) | shifted;
      command.value = whole;
    }
  }
  commands.push_back(command);
}

/// What one operation sets: each register, or function with its argument, once.
void Programmer::set(size_t first, size_t last) {
  auto isSame = [](FieldOp a, FieldOp b) {
    return a == b || (a.getOffset() && a.getOffset() == b.getOffset());
  };
  size_t begin = commands.size();
  for (size_t index = first; index < last; ++index) {
    FieldCode code = codes[index];
    if (!code.field)
      continue;
    setField(timeline.steps[index], code);
    for (size_t other = begin; other + 1 < commands.size(); ++other)
      if (isSame(commands[other].field, code.field)) {
        commands[other].value = commands.back().value;
        commands.pop_back();
        break;
      }
  }
}

void Programmer::wait(const Step &step, FieldKind kind) {
  if (FieldOp field = map.getField(kind))
    commands.push_back({Command::Wait, step.timeS, step.op, field,
                        uint64_t(*field.getValue())});
}

/// Until the power manager is ready; the layer; until that is done.
FailureOr<std::vector<Command>> Programmer::run() {
  if (failed(computeCodes()))
    return failure();
  const std::vector<Step> &steps = timeline.steps;
  for (size_t first = 0; first < steps.size();) {
    const Step &step = steps[first];
    size_t last = first + 1;
    while (last < steps.size() && steps[last].op == step.op &&
           steps[last].kind == step.kind)
      ++last;
    if (step.kind == Step::Start)
      wait(step, FieldKind::Ready);
    if (step.kind == Step::Finish)
      wait(step, FieldKind::Done);
    set(first, last);
    if (step.kind == Step::Start)
      commands.push_back(
          {Command::Run, step.timeS, step.op, nullptr, step.layer});
    first = last;
  }
  return std::move(commands);
}

FailureOr<std::vector<Command>>
pfmlir::power::computeCommands(const Timeline &timeline) {
  FailureOr<RegisterMapOp> map = findRegisterMap(timeline.network.target);
  if (failed(map))
    return failure();
  return Programmer(timeline, *map).run();
}
