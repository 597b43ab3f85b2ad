//===- Perfetto.cpp - A schedule for trace viewers --------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The JSON of traces that Perfetto and others read: counters and slices, with
// times in microseconds.
//
//===----------------------------------------------------------------------===//

#include "passes/artifacts/Artifacts.h"

#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace pfmlir::power;

namespace {
class Printer {
public:
  Printer(Timeline &timeline, raw_ostream &os)
      : timeline(timeline), json(os, /*IndentSize=*/1),
        unit(getTimeUnit(timeline.periodS)) {}
  void print();

private:
  /// Rows of slices.
  static constexpr int kLayers = 1, kManager = 2;

  double toMicroseconds(uint64_t time) const {
    return double(time) * (unit.seconds * 1e6);
  }
  void printName(StringRef what, int row, StringRef name);
  void printCounter(StringRef name, StringRef unitName, uint64_t time,
                    double value);
  void printSlice(const Span &span);
  void printCounters();
  void printSpans();

  Timeline &timeline;
  llvm::json::OStream json;
  TimeUnit unit;
};
} // namespace

void Printer::printName(StringRef what, int row, StringRef name) {
  json.object([&] {
    json.attribute("ph", "M");
    json.attribute("pid", 1);
    json.attribute("tid", row);
    json.attribute("name", what);
    json.attributeObject("args", [&] { json.attribute("name", name); });
  });
}

void Printer::printCounter(StringRef name, StringRef unitName, uint64_t time,
                           double value) {
  json.object([&] {
    json.attribute("ph", "C");
    json.attribute("pid", 1);
    json.attribute("ts", toMicroseconds(time));
    json.attribute("name", name);
    json.attributeObject("args", [&] { json.attribute(unitName, value); });
  });
}

static StringRef getSliceName(Interval::Kind kind) {
  switch (kind) {
  case Interval::Transition:
    return "transition";
  case Interval::Dispatch:
    return "dispatch";
  case Interval::Layer:
    return "layer";
  case Interval::Entry:
    return "entering sleep";
  case Interval::Tail:
    return "tail";
  case Interval::Exit:
    return "leaving sleep";
  }
  llvm_unreachable("unknown kind of interval");
}

void Printer::printSlice(const Span &span) {
  bool isLayer = span.kind == Interval::Layer;
  ArrayRef<LayerOp> layers = timeline.network.layers;
  json.object([&] {
    json.attribute("ph", "X");
    json.attribute("pid", 1);
    json.attribute("tid", isLayer ? kLayers : kManager);
    json.attribute("ts", toMicroseconds(span.start));
    json.attribute("dur", toMicroseconds(span.end - span.start));
    json.attribute("name", isLayer ? LayerOp(layers[span.layer]).getName()
                                   : getSliceName(span.kind));
    json.attributeObject("args",
                         [&] { json.attribute("energy_j", span.energyJ); });
  });
}

void Printer::printCounters() {
  llvm::DenseMap<Operation *, std::string> names;
  for (Track &track : getTracks(timeline.network.target))
    names[track.declaration] = std::move(track.name);
  for (const Step &step : timeline.steps)
    if (step.kind == Step::Voltage || step.kind == Step::Banks)
      printCounter(names[step.declaration],
                   step.kind == Step::Voltage ? "V" : "banks",
                   unit.round(step.timeS), step.value);
}

void Printer::printSpans() {
  double lastW = 0;
  for (const Span &span : roundIntervals(timeline, unit)) {
    lastW = span.energyJ / (double(span.end - span.start) * unit.seconds);
    printCounter("power_w", "W", span.start, lastW);
    printSlice(span);
  }
  // Where the last value ends.
  printCounter("power_w", "W", unit.round(timeline.periodS), lastW);
}

void Printer::print() {
  json.object([&] {
    json.attribute("displayTimeUnit", "ns");
    json.attributeArray("traceEvents", [&] {
      printName("process_name", kLayers, timeline.network.function.getName());
      printName("thread_name", kLayers, "layers");
      printName("thread_name", kManager, "power manager");
      printCounters();
      printSpans();
    });
  });
  json.flush();
}

LogicalResult pfmlir::power::writePerfetto(Timeline &timeline,
                                           raw_ostream &os) {
  Printer(timeline, os).print();
  os << "\n";
  return success();
}
