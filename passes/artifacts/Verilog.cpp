//===- Verilog.cpp - A schedule in hardware ---------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A ROM with a row for each layer and one for the tail: from which cycle on
// everything is set, in which cycle the layer starts, and the codes of all
// fields. All of a row is set at once, which registers could not be: between
// two layers there may be no more than a cycle.
//
//===----------------------------------------------------------------------===//

#include "passes/Commands.h"
#include "passes/artifacts/Artifacts.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// What comes out of the sequencer: a field of the map.
struct Port {
  std::string name;
  unsigned width = 1;
};

struct Row {
  uint64_t setCycle = 0, startCycle = 0;
  /// By port.
  std::vector<uint64_t> codes;
};

struct Image {
  std::vector<Port> ports;
  /// One a layer, and the tail's.
  std::vector<Row> rows;
  uint64_t periodCycles = 0;
  uint64_t tailCode = 0;
};

/// Reads the rows off a timeline.
class ImageBuilder {
public:
  ImageBuilder(Timeline &timeline, double clockHz)
      : timeline(timeline), clockHz(clockHz) {}
  FailureOr<Image> run();

private:
  uint64_t toCycle(double timeS) const;
  LogicalResult addPort(FieldOp field);
  LogicalResult set(const Step &step);

  Timeline &timeline;
  double clockHz;
  Image image;
  llvm::MapVector<Operation *, size_t> portOf;
  llvm::StringSet<> names;
  Row row;
};
} // namespace

/// The first cycle that is not too early, but for rounding.
uint64_t ImageBuilder::toCycle(double timeS) const {
  return uint64_t(std::ceil(timeS * clockHz - 1e-6));
}

LogicalResult ImageBuilder::addPort(FieldOp field) {
  if (field.isCommand() || field.isRead())
    return success();
  std::string name = stringifyFieldKind(field.getKind()).str();
  if (field.getOf())
    name += "_" + makeIdentifier(*field.getOf());
  if (!names.insert(name).second)
    return field.emitOpError() << "expects a name of its own in Verilog, but '"
                               << name << "' is another's, too";
  portOf[field] = image.ports.size();
  image.ports.push_back(
      {name, unsigned(field.getWidth().value_or(FieldOp::kFunctionBits))});
  row.codes.push_back(0);
  return success();
}

LogicalResult ImageBuilder::set(const Step &step) {
  FailureOr<FieldCode> code = getFieldCode(timeline, step);
  if (failed(code))
    return failure();
  switch (step.kind) {
  case Step::Finish:
    row.setCycle = toCycle(step.timeS);
    break;
  case Step::Start:
    row.startCycle = toCycle(step.timeS);
    image.rows.push_back(row);
    break;
  case Step::Tail:
    row.startCycle = toCycle(step.timeS);
    image.rows.push_back(row);
    image.tailCode = code->code;
    break;
  default:
    row.codes[portOf[code->field]] = code->code;
  }
  return success();
}

FailureOr<Image> ImageBuilder::run() {
  TargetOp target = timeline.network.target;
  for (auto field : target.getRegisterMap().getBody().getOps<FieldOp>())
    if (failed(addPort(field)))
      return failure();
  for (const Step &step : timeline.steps)
    if (failed(set(step)))
      return failure();
  image.periodCycles = uint64_t(std::llround(timeline.periodS * clockHz));
  return std::move(image);
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

namespace {
class Printer {
public:
  Printer(Timeline &timeline, const Image &image, double clockHz,
          unsigned tailWidth, raw_ostream &os)
      : timeline(timeline), image(image), clockHz(clockHz),
        tailWidth(tailWidth), os(os) {
    // One bit more, for a period that takes longer than it may.
    timeWidth = llvm::Log2_64(std::max<uint64_t>(image.periodCycles, 1)) + 2;
    rowWidth = llvm::Log2_64(image.rows.size()) + 1;
    for (const Port &port : image.ports)
      codesWidth += port.width;
  }
  void print();

private:
  void printPorts();
  void printRom();
  void printSequence();

  Timeline &timeline;
  const Image &image;
  double clockHz;
  unsigned tailWidth, timeWidth, rowWidth, codesWidth = 0;
  raw_ostream &os;
};
} // namespace

void Printer::printPorts() {
  os << llvm::formatv(
      "// The schedule of @{0} on @{1}, clocked at {2} Hz.\n"
      "// Made by pf-translate --power-to-verilog; SystemVerilog.\n"
      "module {0}_sequencer #(\n"
      "  // Whether a layer that is not done holds up what comes after it; if "
      "not,\n"
      "  // all happens in its time, and `overrun` tells.\n"
      "  parameter bit WAIT_FOR_DONE = 1'b1\n"
      ") (\n"
      "  input  logic clock,\n"
      "  input  logic reset,\n"
      "  // The rails have settled.\n"
      "  input  logic ready,\n"
      "  // High for a cycle when the layer has ended.\n"
      "  input  logic done,\n",
      makeIdentifier(timeline.network.function.getName()),
      makeIdentifier(timeline.network.target.getSymName()),
      formatExactly(clockHz));
  for (const Port &port : image.ports)
    os << "  output logic [" << port.width - 1 << ":0] " << port.name << ",\n";
  os << llvm::formatv(
      "  // High for a cycle when layer number `layer` starts.\n"
      "  output logic start,\n"
      "  output logic [{0}:0] layer,\n"
      "  // From the last layer to the end of the period.\n"
      "  output logic waiting,\n"
      "  output logic [{1}:0] tail,\n"
      "  // Something was not done in time; stays.\n"
      "  output logic overrun\n"
      ");\n",
      rowWidth - 1, tailWidth - 1);
}

/// A row from its most significant bit on: set cycle, start cycle, codes with
/// the first port's first.
void Printer::printRom() {
  unsigned width = 2 * timeWidth + codesWidth;
  os << llvm::formatv(
      "  localparam logic [{0}:0] PERIOD = {1}'d{2};\n"
      "  localparam logic [{3}:0] TAIL_ROW = {4}'d{5};\n\n"
      "  function automatic logic [{6}:0] read_rom(input logic [{3}:0] row);\n"
      "    case (row)\n",
      timeWidth - 1, timeWidth, image.periodCycles, rowWidth - 1, rowWidth,
      image.rows.size() - 1, width - 1);
  for (auto [number, row] : llvm::enumerate(image.rows)) {
    bool isLast = number + 1 == image.rows.size();
    os << "      ";
    if (isLast)
      os << "default";
    else
      os << rowWidth << "'d" << number;
    os << ": read_rom = {" << timeWidth << "'d" << row.setCycle << ", "
       << timeWidth << "'d" << row.startCycle;
    for (auto [port, code] : llvm::zip_equal(image.ports, row.codes))
      os << ", " << port.width << "'d" << code;
    os << "};\n";
  }
  os << "    endcase\n  endfunction\n\n";
}

void Printer::printSequence() {
  auto joinPorts = [&](const std::string &prefix) {
    SmallVector<std::string> names;
    for (const Port &port : image.ports)
      names.push_back(prefix + port.name);
    return llvm::join(names, ", ");
  };
  os << llvm::formatv("  logic [{0}:0] cycle, set_cycle, start_cycle;\n"
                      "  logic [{1}:0] row;\n"
                      "  logic is_set, is_running, is_done;\n",
                      timeWidth - 1, rowWidth - 1);
  for (const Port &port : image.ports)
    os << "  logic [" << port.width - 1 << ":0] next_" << port.name << ";\n";
  std::string next = joinPorts("next_");
  os << "  assign {set_cycle, start_cycle, " << next
     << "} = read_rom(row);\n"
        "  assign is_done = !is_running || done;\n\n"
        "  always_ff @(posedge clock) begin\n"
        "    start <= 1'b0;\n"
        "    cycle <= cycle + 1'b1;\n"
        "    if (done) is_running <= 1'b0;\n"
        "    if (reset) begin\n"
        "      cycle <= '0;\n"
        "      row <= '0;\n"
        "      layer <= '0;\n"
        "      is_set <= 1'b0;\n"
        "      is_running <= 1'b0;\n"
        "      waiting <= 1'b0;\n"
        "      tail <= '0;\n"
        "      overrun <= 1'b0;\n";
  for (const Port &port : image.ports)
    os << "      " << port.name << " <= '0;\n";
  os << llvm::formatv(
      "    end else if (waiting) begin\n"
      "      if (cycle >= PERIOD - 1'b1) begin\n"
      "        cycle <= '0;\n"
      "        row <= '0;\n"
      "        waiting <= 1'b0;\n"
      "      end\n"
      "    end else begin\n"
      "      if (cycle >= PERIOD) overrun <= 1'b1;\n"
      "      if (!is_set) begin\n"
      "        if (cycle >= set_cycle && (is_done || !WAIT_FOR_DONE)) begin\n"
      "          {{{0}} <= {{{1}};\n"
      "          is_set <= row != TAIL_ROW;\n"
      "          if (row == TAIL_ROW) begin\n"
      "            waiting <= 1'b1;\n"
      "            tail <= {2}'d{3};\n"
      "          end\n"
      "        end\n"
      "      end else if (cycle >= start_cycle && ready) begin\n"
      "        start <= 1'b1;\n"
      "        layer <= row;\n"
      "        is_running <= 1'b1;\n"
      "        is_set <= 1'b0;\n"
      "        row <= row + 1'b1;\n"
      "      end\n"
      "    end\n"
      "  end\n"
      "endmodule\n",
      joinPorts(""), next, tailWidth, image.tailCode);
}

void Printer::print() {
  printPorts();
  printRom();
  printSequence();
}

LogicalResult pfmlir::power::writeVerilog(Timeline &timeline, raw_ostream &os) {
  TargetOp target = timeline.network.target;
  FailureOr<RegisterMapOp> map = findRegisterMap(target);
  if (failed(map))
    return failure();
  if (!map->getTimerHz())
    return emitBriefOpError(*map)
           << "expects a 'timer_hz', which a sequencer is clocked at";
  double clockHz = map->getTimerHz()->convertToDouble();
  if (timeline.periodS * clockHz >= 0x1p62)
    return emitBriefOpError(*map)
           << "expects a period of less than 2^62 counts of its timer";
  FailureOr<Image> image = ImageBuilder(timeline, clockHz).run();
  if (failed(image))
    return failure();
  FieldOp tail = map->getField(FieldKind::Tail);
  Printer(timeline, *image, clockHz,
          tail.getWidth().value_or(FieldOp::kFunctionBits), os)
      .print();
  return success();
}
