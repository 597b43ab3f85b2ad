//===- PowerRegisterOps.cpp - Registers of a power manager ------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Checks.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Levels and their codes
//===----------------------------------------------------------------------===//

/// The list of a map or of a field: a code for each of some increasing
/// voltages.
template <typename OpTy>
static LogicalResult verifyLevelCodes(OpTy op) {
  std::optional<SmallVector<double>> levelsV = op.getLevelsV();
  if (!levelsV && !op.getCodes())
    return success();
  size_t numLevels = levelsV ? levelsV->size() : 0;
  size_t numCodes = op.getCodes() ? op.getCodes()->size() : 0;
  if (numLevels != numCodes || numLevels == 0)
    return emitBriefOpError(op)
           << "expects one code for each level, at least one, but got "
           << numCodes << " for " << numLevels;
  for (auto [index, voltage] : llvm::enumerate(*levelsV)) {
    if (failed(verifyPositive(op, "levels_v", voltage)))
      return failure();
    if (index > 0 && voltage < (*levelsV)[index - 1] + kSameLevelV)
      return emitBriefOpError(op)
             << "expects increasing levels, but got " << formatNumber(voltage)
             << " after " << formatNumber((*levelsV)[index - 1]);
  }
  ArrayRef<int64_t> codes = *op.getCodes();
  for (auto [index, code] : llvm::enumerate(codes))
    if (llvm::is_contained(codes.take_front(index), code))
      return emitBriefOpError(op)
             << "expects a code of its own for each level, but got " << code
             << " twice";
  return success();
}

/// The code of a voltage in the list of a map or of a field.
template <typename OpTy>
static std::optional<int64_t> findLevelCode(OpTy op, double voltageV) {
  if (std::optional<SmallVector<double>> levelsV = op.getLevelsV())
    for (auto [level, code] : llvm::zip_equal(*levelsV, *op.getCodes()))
      if (std::abs(level - voltageV) < kSameLevelV)
        return code;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// FieldOp
//===----------------------------------------------------------------------===//

bool FieldOp::isCommand() {
  return llvm::is_contained(
      {FieldKind::Start, FieldKind::Finish, FieldKind::Tail}, getKind());
}

bool FieldOp::isRead() {
  return llvm::is_contained(
      {FieldKind::Ready, FieldKind::Done, FieldKind::Timer}, getKind());
}

bool FieldOp::fits(int64_t code) {
  int64_t bits = getWidth().value_or(kFunctionBits);
  return code >= 0 && (bits >= 63 || code < int64_t(1) << bits);
}

Operation *FieldOp::getDeclaration() {
  if (!getOf())
    return nullptr;
  Operation *target = (*this)->getParentOp()->getParentOp();
  return SymbolTable::lookupSymbolIn(target, getOfAttr());
}

/// Where it is: a function, or bits of a register.
static LogicalResult verifyPlace(FieldOp field) {
  if (field.getFunction().has_value() == field.getOffset().has_value())
    return field.emitOpError() << "expects a function or an offset";
  if (field.getFunction()) {
    if (field.getFunction()->empty())
      return field.emitOpError() << "expects a function with a name";
    if (field.isRead() && field.getArgument())
      return field.emitOpError() << "expects no argument, because it is read";
    return success();
  }
  auto map = cast<RegisterMapOp>(field->getParentOp());
  int64_t bytes = map.getRegisterBytes(), bits = map.getRegisterBits();
  int64_t offset = *field.getOffset();
  if (!map.getBase())
    return field.emitOpError() << "expects its map to have a base";
  if (offset < 0 || offset % bytes != 0)
    return field.emitOpError() << "expects an offset that is a multiple of "
                               << bytes << " bytes, but got " << offset;
  int64_t shift = *field.getShift(), width = *field.getWidth();
  if (shift < 0 || width < 1 || shift >= bits || width > bits - shift)
    return field.emitOpError()
           << "expects to be in a register of " << bits << " bits, but has "
           << width << " from bit " << shift;
  return success();
}

/// What comes with its kind, and only with that.
static LogicalResult verifyParts(FieldOp field) {
  FieldKind kind = field.getKind();
  bool isOf = llvm::is_contained(
      {FieldKind::Rail, FieldKind::Mode, FieldKind::Banks}, kind);
  bool isWaited = kind == FieldKind::Ready || kind == FieldKind::Done;
  auto report = [&](StringRef what, bool isExpected) {
    return field.emitOpError()
           << "expects " << (isExpected ? "a" : "no") << " '" << what << "'";
  };
  if (field.getOf().has_value() != isOf)
    return report("of", isOf);
  if (field.getValue().has_value() != isWaited)
    return report("value", isWaited);
  if (field.getPerBank() && kind != FieldKind::Banks)
    return report("per_bank", false);
  if (field.getLevelsV() && kind != FieldKind::Rail)
    return report("levels_v", false);
  return success();
}

static LogicalResult verifyFits(FieldOp field, StringRef what, int64_t code) {
  if (field.fits(code))
    return success();
  return field.emitOpError()
         << "expects codes of "
         << field.getWidth().value_or(FieldOp::kFunctionBits)
         << " bits, but that of " << what << " is " << code;
}

LogicalResult FieldOp::verify() {
  if (failed(verifyPlace(*this)) || failed(verifyParts(*this)) ||
      failed(verifyLevelCodes(*this)))
    return failure();
  if (getPerBank() && *getPerBank() < 1)
    return emitOpError() << "expects 'per_bank' to be positive, but got "
                         << *getPerBank();
  return getValue() ? verifyFits(*this, "what is waited for", *getValue())
                    : success();
}

LogicalResult FieldOp::verifySymbolUses(SymbolTableCollection &) {
  Operation *target = (*this)->getParentOp()->getParentOp();
  switch (getKind()) {
  case FieldKind::Rail:
    if (isa_and_nonnull<SupplyOp>(getDeclaration()))
      return success();
    return verifyUseIn<DomainOp>(target, *this, getOfAttr());
  case FieldKind::Mode:
    return verifyUseIn<DomainOp>(target, *this, getOfAttr());
  case FieldKind::Banks:
    return verifyUseIn<MemoryOp>(target, *this, getOfAttr());
  default:
    return success();
  }
}

//===----------------------------------------------------------------------===//
// RegisterMapOp
//===----------------------------------------------------------------------===//

FieldOp RegisterMapOp::getField(FieldKind kind, Operation *of) {
  for (auto field : getBody().getOps<FieldOp>())
    if (field.getKind() == kind && field.getDeclaration() == of)
      return field;
  return nullptr;
}

/// What a field sets the voltage of: a domain, or a supply with all on it.
static Operation *findSwitched(TargetOp target, DomainOp domain) {
  SupplyOp supply = target.getRegulator(domain);
  return supply ? supply.getOperation() : domain.getOperation();
}

FieldOp RegisterMapOp::getRail(DomainOp domain) {
  return getField(FieldKind::Rail,
                  findSwitched(cast<TargetOp>((*this)->getParentOp()), domain));
}

std::optional<int64_t> RegisterMapOp::getLevelCode(FieldOp rail,
                                                   double voltageV) {
  if (rail.getLevelsV())
    return findLevelCode(rail, voltageV);
  return findLevelCode(*this, voltageV);
}

LogicalResult RegisterMapOp::verify() {
  int64_t bits = getRegisterBits();
  if (!llvm::is_contained<int64_t>({8, 16, 32, 64}, bits))
    return emitBriefOpError(*this)
           << "expects registers of 8, 16, 32 or 64 bits, but got " << bits;
  if (getBase() && (*getBase() < 0 || *getBase() % getRegisterBytes() != 0))
    return emitBriefOpError(*this)
           << "expects a base that is a multiple of " << getRegisterBytes()
           << " bytes, but got " << *getBase();
  if (getTimerHz() && failed(verifyPositive(*this, "timer_hz",
                                            getTimerHz()->convertToDouble())))
    return failure();
  for (Operation &op : getBody().front())
    if (!isa<FieldOp>(op))
      return op.emitError() << "expects only fields in a power.register_map";
  return verifyLevelCodes(*this);
}

//===----------------------------------------------------------------------===//
// A map on its target
//===----------------------------------------------------------------------===//

/// Whether two fields are the same, or have bits of each other.
static bool doOverlap(FieldOp a, FieldOp b) {
  if (a.getFunction() || b.getFunction())
    return a.getFunction() == b.getFunction() &&
           a.getArgument() == b.getArgument();
  if (a.getOffset() != b.getOffset())
    return false;
  if (a.isCommand() || b.isCommand())
    return true;
  return *a.getShift() < *b.getShift() + *b.getWidth() &&
         *b.getShift() < *a.getShift() + *a.getWidth();
}

/// Each thing has one field, and each field bits of its own; a function is
/// called in one way.
static LogicalResult verifyDistinct(RegisterMapOp map) {
  auto fields = llvm::to_vector(map.getBody().getOps<FieldOp>());
  for (auto [index, field] : llvm::enumerate(fields))
    for (FieldOp other : ArrayRef(fields).take_front(index)) {
      StringRef what;
      if (field.getKind() == other.getKind() && field.getOf() == other.getOf())
        what = "expects to be the only field of its kind";
      else if (doOverlap(field, other))
        what = "expects bits of its own, and a command a register";
      else if (field.getFunction() &&
               field.getFunction() == other.getFunction() &&
               (field.getArgument().has_value() !=
                    other.getArgument().has_value() ||
                field.isRead() || other.isRead()))
        what = "expects its function to be called in one way";
      else
        continue;
      InFlightDiagnostic diagnostic = field.emitOpError() << what;
      diagnostic.attachNote(other.getLoc()) << "another is here";
      return diagnostic;
    }
  return success();
}

static LogicalResult expectField(RegisterMapOp map, FieldKind kind,
                                 Operation *of = nullptr) {
  if (map.getField(kind, of))
    return success();
  InFlightDiagnostic diagnostic = emitBriefOpError(map)
                                  << "expects a field '"
                                  << stringifyFieldKind(kind) << "'";
  if (of)
    diagnostic << " of @" << SymbolTable::getSymbolName(of).getValue();
  return diagnostic;
}

/// There is a field for whatever a schedule can set.
static LogicalResult verifyComplete(TargetOp target, RegisterMapOp map) {
  for (DomainOp domain : target.getDomains()) {
    if (failed(expectField(map, FieldKind::Rail, findSwitched(target, domain))))
      return failure();
    if (!target.getModes(domain).empty() &&
        failed(expectField(map, FieldKind::Mode, domain)))
      return failure();
  }
  for (MemoryOp memory : target.getMemories())
    if (failed(expectField(map, FieldKind::Banks, memory)))
      return failure();
  if (!target.getEngines().empty() &&
      failed(expectField(map, FieldKind::Engine)))
    return failure();
  for (FieldKind kind : {FieldKind::Start, FieldKind::Done, FieldKind::Tail})
    if (failed(expectField(map, kind)))
      return failure();
  if (map.getTimerHz().has_value() != bool(map.getField(FieldKind::Timer)))
    return emitBriefOpError(map)
           << "expects 'timer_hz' and a field 'timer' together";
  return success();
}

/// A rail has codes, which fit.
static LogicalResult verifyRail(TargetOp target, RegisterMapOp map,
                                FieldOp field) {
  Operation *of = field.getDeclaration();
  if (auto domain = dyn_cast<DomainOp>(of);
      domain && map.getRail(domain) != field)
    return field.emitOpError() << "expects a domain that picks a rail by "
                                  "itself; its supply is regulated";
  if (auto supply = dyn_cast<SupplyOp>(of); supply && !supply.getRegulated())
    return field.emitOpError()
           << "expects a regulated supply; domains on others pick rails";
  std::optional<ArrayRef<int64_t>> codes =
      field.getCodes() ? field.getCodes() : map.getCodes();
  if (!codes)
    return field.emitOpError() << "expects 'levels_v' with their codes, its "
                                  "own or its map's";
  for (int64_t code : *codes)
    if (failed(verifyFits(field, "a level", code)))
      return failure();
  return success();
}

static LogicalResult verifyCodes(TargetOp target, RegisterMapOp map,
                                 FieldOp field) {
  switch (field.getKind()) {
  case FieldKind::Rail:
    return verifyRail(target, map, field);
  case FieldKind::Mode:
    return verifyFits(
        field, "the last mode",
        target.getModes(cast<DomainOp>(field.getDeclaration())).size());
  case FieldKind::Banks:
    if (auto banks = cast<MemoryOp>(field.getDeclaration()).getBanks())
      return verifyFits(field, "all banks",
                        *banks * field.getPerBank().value_or(1));
    return success();
  case FieldKind::Engine:
    return verifyFits(field, "the last engine", target.getEngines().size());
  case FieldKind::Tail:
    return verifyFits(field, "the last idle or sleep state",
                      target.getIdleStates().size() +
                          target.getSleepStates().size());
  default:
    return success();
  }
}

LogicalResult pfmlir::power::verifyRegisters(TargetOp target) {
  RegisterMapOp map = target.getRegisterMap();
  if (!map)
    return success();
  for (auto other : target.getBody().getOps<RegisterMapOp>())
    if (other != map) {
      InFlightDiagnostic diagnostic =
          emitBriefOpError(other) << "expects to be the only one of its target";
      diagnostic.attachNote(map.getLoc()) << "another is here";
      return diagnostic;
    }
  if (failed(verifyDistinct(map)) || failed(verifyComplete(target, map)))
    return failure();
  for (auto field : map.getBody().getOps<FieldOp>())
    if (failed(verifyCodes(target, map, field)))
      return failure();
  return success();
}
