//===- VCD.cpp - A schedule as waveforms ------------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As IEEE 1364 defines it: variables, and then their changes by time.
//
//===----------------------------------------------------------------------===//

#include "passes/artifacts/Artifacts.h"

#include <map>

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// A variable by its short name: printable characters, "!" the first.
std::string makeCode(size_t index) {
  std::string code;
  do {
    code += char('!' + index % 94);
    index /= 94;
  } while (index > 0);
  return code;
}

class Printer {
public:
  Printer(Timeline &timeline, raw_ostream &os)
      : timeline(timeline), os(os), tracks(getTracks(timeline.network.target)) {
    for (auto [index, track] : llvm::enumerate(tracks))
      codes[track.declaration] = makeCode(index);
    power = makeCode(tracks.size());
    layer = makeCode(tracks.size() + 1);
  }
  void print();

private:
  void printVariables();
  void collectChanges();

  Timeline &timeline;
  raw_ostream &os;
  SmallVector<Track> tracks;
  llvm::DenseMap<Operation *, std::string> codes;
  std::string power, layer;
  TimeUnit unit = getTimeUnit(timeline.periodS);
  /// By time: lines of changes.
  std::map<uint64_t, std::vector<std::string>> changes;
};
} // namespace

void Printer::printVariables() {
  StringRef network = timeline.network.function.getName();
  os << "$comment The schedule of @" << makeIdentifier(network) << " $end\n"
     << "$timescale 1 " << unit.name << " $end\n"
     << "$scope module " << makeIdentifier(network) << " $end\n";
  for (const Track &track : tracks)
    os << "$var real 64 " << codes[track.declaration] << " " << track.name
       << " $end\n";
  os << "$var real 64 " << power << " power_w $end\n"
     << "$var integer 32 " << layer << " layer $end\n"
     << "$upscope $end\n$enddefinitions $end\n";
}

/// "r1.1 !": a real number.
static std::string changeReal(double value, StringRef code) {
  return "r" + formatExactly(value) + " " + code.str();
}

static std::string changeInteger(size_t value, StringRef code) {
  std::string bits;
  do {
    bits.insert(bits.begin(), char('0' + value % 2));
    value /= 2;
  } while (value > 0);
  return "b" + bits + " " + code.str();
}

void Printer::collectChanges() {
  for (const Step &step : timeline.steps)
    if (step.kind == Step::Voltage || step.kind == Step::Banks)
      changes[unit.round(step.timeS)].push_back(
          changeReal(step.value, codes[step.declaration]));
  for (const Span &span : roundIntervals(timeline, unit)) {
    std::vector<std::string> &now = changes[span.start];
    double durationS = double(span.end - span.start) * unit.seconds;
    now.push_back(changeReal(span.energyJ / durationS, power));
    now.push_back(span.kind == Interval::Layer
                      ? changeInteger(span.layer, layer)
                      : "bx " + layer);
  }
}

void Printer::print() {
  printVariables();
  collectChanges();
  for (auto &[time, lines] : changes) {
    os << "#" << time << "\n";
    if (time == 0)
      os << "$dumpvars\n";
    for (const std::string &line : lines)
      os << line << "\n";
    if (time == 0)
      os << "$end\n";
  }
  // Where the last values end.
  os << "#" << unit.round(timeline.periodS) << "\n";
}

LogicalResult pfmlir::power::writeVCD(Timeline &timeline, raw_ostream &os) {
  Printer(timeline, os).print();
  return success();
}
