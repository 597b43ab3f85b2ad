//===- CHeader.cpp - A schedule for firmware --------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Commands.h"
#include "passes/artifacts/Artifacts.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

static std::string toHex(uint64_t value) {
  return "0x" + llvm::utohexstr(value, /*LowerCase=*/true);
}

namespace {
/// Prints the header of one schedule.
class Printer {
public:
  Printer(Timeline &timeline, RegisterMapOp map, ArrayRef<Command> commands,
          uint64_t periodTicks, raw_ostream &os)
      : timeline(timeline), map(map), commands(commands),
        periodTicks(periodTicks), os(os) {
    prefix = makeIdentifier(timeline.network.function.getName());
    macro = StringRef(prefix).upper();
    for (Command command : commands)
      if (command.field && command.field.getFunction())
        functions.insert({command.field.getOperation(), functions.size()});
  }
  void print();

private:
  void printConstants();
  void printHooks();
  void printPrototypes();
  void printSteps();
  void printStep(Command command);
  void printCalls(bool isRead);
  void printLoop();
  void printPeriods();
  std::string describe(Command command);

  Timeline &timeline;
  RegisterMapOp map;
  ArrayRef<Command> commands;
  /// Zero without a timer.
  uint64_t periodTicks;
  raw_ostream &os;
  std::string prefix, macro;
  /// Fields that are functions, numbered.
  llvm::MapVector<Operation *, size_t> functions;
};
} // namespace

void Printer::printConstants() {
  os << llvm::formatv("/* From one inference to the next, in nanoseconds. */\n"
                      "#define {0}_PERIOD_NS UINT64_C({1})\n"
                      "#define {0}_NUM_LAYERS {2}\n"
                      "#define {0}_NUM_STEPS {3}\n\n",
                      macro, uint64_t(std::llround(timeline.periodS * 1e9)),
                      timeline.network.layers.size(), commands.size());
}

void Printer::printHooks() {
  os << llvm::formatv(
      "/* How registers are reached, and what runs a layer; define them "
      "before\n"
      "   this is included to have others. */\n"
      "#ifndef {0}_WRITE\n"
      "#define {0}_WRITE(address, value) \\\n"
      "  (*(volatile uint{1}_t *)(uintptr_t)(address) = (uint{1}_t)(value))\n"
      "#endif\n"
      "#ifndef {0}_READ\n"
      "#define {0}_READ(address) (*(volatile uint{1}_t "
      "*)(uintptr_t)(address))\n"
      "#endif\n"
      "#ifndef {0}_RUN_LAYER\n"
      "#define {0}_RUN_LAYER(layer) ((void)(layer))\n"
      "#endif\n\n",
      macro, map.getRegisterBits());
}

/// Fields of the same function differ in its argument.
void Printer::printPrototypes() {
  llvm::SmallPtrSet<Attribute, 4> seen;
  for (auto field : map.getBody().getOps<FieldOp>()) {
    if (!field.getFunctionAttr() ||
        !seen.insert(field.getFunctionAttr()).second)
      continue;
    os << (field.isRead() ? "uint32_t " : "void ") << *field.getFunction()
       << (field.isRead()        ? "(void)"
           : field.getArgument() ? "(uint32_t, uint32_t)"
                                 : "(uint32_t)")
       << ";\n";
  }
  if (!seen.empty())
    os << "\n";
}

std::string Printer::describe(Command command) {
  if (command.kind == Command::Run)
    return ("run " + timeline.network.layers[command.value].getName()).str();
  std::string text = stringifyFieldKind(command.field.getKind()).str();
  if (auto of = command.field.getOf())
    text += (" of " + *of).str();
  return text;
}

/// What stands in a comment ends none.
static std::string makeComment(StringRef text) {
  std::string comment;
  for (char c : text)
    comment += c == '*' || c == '/' || !llvm::isPrint(c) ? '_' : c;
  return comment;
}

void Printer::printStep(Command command) {
  StringRef operation = command.kind == Command::Write  ? "WRITE"
                        : command.kind == Command::Wait ? "WAIT"
                                                        : "RUN";
  uint64_t place = 0, mask = 0, value = command.value;
  if (FieldOp field = command.field) {
    mask = getMask(field);
    if (field.getFunction()) {
      operation = command.kind == Command::Write ? "CALL" : "WAIT_CALL";
      place = functions[field];
    } else {
      place = getAddress(field);
      if (command.kind == Command::Wait)
        value <<= getShift(field);
    }
  }
  os << llvm::formatv("  {{UINT64_C({0}), UINT64_C({1}), UINT64_C({2}), "
                      "UINT64_C({3}), {4}_{5}}, /* {6} */\n",
                      uint64_t(std::llround(command.timeS * 1e9)), toHex(place),
                      toHex(mask), value, macro, operation,
                      makeComment(describe(command)));
}

void Printer::printSteps() {
  os << llvm::formatv(
      "enum {0}_operation {{\n"
      "  {1}_WRITE,     /* the whole register at `place` becomes `value` */\n"
      "  {1}_WAIT,      /* until the bits `mask` of it are `value` */\n"
      "  {1}_CALL,      /* function number `place`, with `value` */\n"
      "  {1}_WAIT_CALL, /* until it returns `value` in the bits `mask` */\n"
      "  {1}_RUN        /* layer number `value` */\n"
      "};\n\n"
      "struct {0}_step {{\n"
      "  uint64_t time_ns; /* when it is due, from the beginning of the period "
      "*/\n"
      "  uint64_t place;\n"
      "  uint64_t mask;\n"
      "  uint64_t value;\n"
      "  enum {0}_operation operation;\n"
      "};\n\n"
      "static const char *const {0}_layer_names[{1}_NUM_LAYERS] = {{\n",
      prefix, macro);
  for (LayerOp layer : timeline.network.layers)
    os << "  " << quote(layer.getName()) << ",\n";
  os << llvm::formatv("};\n\nstatic const struct {0}_step "
                      "{0}_steps[{1}_NUM_STEPS] = {{\n",
                      prefix, macro);
  for (Command command : commands)
    printStep(command);
  os << "};\n\n";
}

/// The functions by their numbers: those that are read, or the others.
void Printer::printCalls(bool isRead) {
  bool isAny = llvm::any_of(functions, [&](auto &entry) {
    return cast<FieldOp>(entry.first).isRead() == isRead;
  });
  if (!isAny)
    return;
  os << llvm::formatv(
      isRead ? "static inline uint32_t {0}_read_call(uint64_t function) {{\n"
             : "static inline void {0}_call(uint64_t function, uint32_t value) "
               "{{\n",
      prefix);
  os << "  switch (function) {\n";
  for (auto &[op, number] : functions) {
    auto field = cast<FieldOp>(op);
    if (field.isRead() != isRead)
      continue;
    os << "  case " << number << ":\n    ";
    if (isRead)
      os << "return " << *field.getFunction() << "();\n";
    else if (field.getArgument())
      os << *field.getFunction() << "((uint32_t)" << *field.getArgument()
         << ", value);\n    break;\n";
    else
      os << *field.getFunction() << "(value);\n    break;\n";
  }
  os << "  default:\n    " << (isRead ? "return 0" : "break")
     << ";\n  }\n}\n\n";
}

void Printer::printLoop() {
  bool hasWrites = false, hasWaits = false, hasCalls = false,
       hasWaitCalls = false;
  for (Command command : commands) {
    if (!command.field)
      continue;
    bool isCall = command.field.getFunction().has_value();
    bool isWait = command.kind == Command::Wait;
    (isCall ? (isWait ? hasWaitCalls : hasCalls)
            : (isWait ? hasWaits : hasWrites)) = true;
  }
  auto printCase = [&](bool isUsed, StringRef name, const Twine &code) {
    os << "  case " << macro << "_" << name << ":\n";
    if (isUsed)
      os << "    " << code << "\n";
    os << "    break;\n";
  };
  os << llvm::formatv("/* All that one step says. */\n"
                      "static inline void {0}_run_step(const struct {0}_step "
                      "*step) {{\n  switch (step->operation) {{\n",
                      prefix);
  printCase(hasWrites, "WRITE", macro + "_WRITE(step->place, step->value);");
  printCase(hasWaits, "WAIT",
            "while (((uint64_t)" + Twine(macro) +
                "_READ(step->place) & step->mask) != step->value) {\n    }");
  printCase(hasCalls, "CALL",
            prefix + "_call(step->place, (uint32_t)step->value);");
  printCase(hasWaitCalls, "WAIT_CALL",
            "while ((" + Twine(prefix) +
                "_read_call(step->place) & step->mask) != step->value) {\n    "
                "}");
  printCase(true, "RUN", macro + "_RUN_LAYER((uint32_t)step->value);");
  os << llvm::formatv(
      "  }\n}\n\n"
      "/* One period, from its first layer to its tail. */\n"
      "static inline void {0}_run_period(void) {{\n"
      "  for (uint32_t index = 0; index < {1}_NUM_STEPS; ++index)\n"
      "    {0}_run_step(&{0}_steps[index]);\n"
      "}\n",
      prefix, macro);
}

/// With a timer, one period after the other.
void Printer::printPeriods() {
  FieldOp timer = map.getField(FieldKind::Timer);
  if (!timer)
    return;
  std::string read =
      timer.getFunction()
          ? (*timer.getFunction() + "()").str()
          : llvm::formatv("((uint64_t){0}_READ(UINT64_C({1})) >> {2})", macro,
                          toHex(getAddress(timer)), getShift(timer))
                .str();
  os << llvm::formatv(
      "\n#define {1}_TIMER_HZ {2}\n"
      "#define {1}_PERIOD_TICKS UINT64_C({3})\n"
      "/* So many periods, each begun when the one before is over. */\n"
      "static inline void {0}_run_periods(uint32_t periods) {{\n"
      "  const uint64_t mask = UINT64_C({4});\n"
      "  uint64_t begin = {5} & mask;\n"
      "  for (uint32_t period = 0; period < periods; ++period) {{\n"
      "    {0}_run_period();\n"
      "    while ((({5} - begin) & mask) < {1}_PERIOD_TICKS) {{\n"
      "    }\n"
      "    begin = (begin + {1}_PERIOD_TICKS) & mask;\n"
      "  }\n"
      "}\n",
      prefix, macro, formatExactly(map.getTimerHz()->convertToDouble()),
      periodTicks, toHex(getMask(timer) >> getShift(timer)), read);
}

void Printer::print() {
  ScheduleOp schedule = timeline.network.schedule;
  std::string guard = macro + "_POWER_SCHEDULE_H";
  os << llvm::formatv("/* The schedule of @{0} on @{1}: {2} J every {3} s.\n"
                      "   Made by pf-translate --power-to-c-header; C99. */\n"
                      "#ifndef {4}\n#define {4}\n\n#include <stdint.h>\n\n",
                      makeComment(schedule.getFunction()),
                      makeComment(schedule.getTarget()),
                      formatExactly(schedule.getEnergyJ().convertToDouble()),
                      formatExactly(timeline.periodS), guard);
  printConstants();
  printHooks();
  printPrototypes();
  printSteps();
  printCalls(/*isRead=*/false);
  printCalls(/*isRead=*/true);
  printLoop();
  printPeriods();
  os << "\n#endif\n";
}

/// A timer must not come around within a period.
static FailureOr<uint64_t> countTicks(Timeline &timeline, RegisterMapOp map) {
  FieldOp timer = map.getField(FieldKind::Timer);
  if (!timer)
    return 0;
  double ticks =
      std::round(timeline.periodS * map.getTimerHz()->convertToDouble());
  double most =
      std::ldexp(1.0, timer.getWidth().value_or(FieldOp::kFunctionBits));
  if (ticks >= 1 && ticks < most)
    return uint64_t(ticks);
  return timer.emitOpError()
         << "expects a period of 1 to " << formatNumber(most - 1)
         << " of its counts, but that of the schedule has "
         << formatNumber(ticks);
}

LogicalResult pfmlir::power::writeCHeader(Timeline &timeline, raw_ostream &os) {
  TargetOp target = timeline.network.target;
  FailureOr<RegisterMapOp> map = findRegisterMap(target);
  if (failed(map))
    return failure();
  FailureOr<uint64_t> ticks = countTicks(timeline, *map);
  FailureOr<std::vector<Command>> commands = computeCommands(timeline);
  if (failed(ticks) || failed(commands))
    return failure();
  Printer(timeline, *map, *commands, *ticks, os).print();
  return success();
}
