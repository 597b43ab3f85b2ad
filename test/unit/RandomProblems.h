//===- RandomProblems.h - Problems that follow from a seed ------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random problems, most of them odd in some way. Every problem follows from a
// seed. A failure prints it; run with PFMLIR_SEED=<seed> to see that problem
// alone, or with PFMLIR_SEEDS=<number> for that many problems in each test.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_TEST_UNIT_RANDOMPROBLEMS_H
#define PFMLIR_TEST_UNIT_RANDOMPROBLEMS_H

#include "pfmlir/Scheduler/Problem.h"

#include <cmath>
#include <functional>
#include <random>

namespace pfmlir::scheduler {

class Generator {
public:
  explicit Generator(uint64_t seed) : engine(seed) {}

  /// Uniform in [low, high]. The standard distributions differ between
  /// libraries; this does not.
  unsigned between(unsigned low, unsigned high) {
    return low + static_cast<unsigned>(engine() % (high - low + 1));
  }
  bool chance(unsigned percent) { return between(1, 100) <= percent; }
  double fraction() { return static_cast<double>(engine() >> 11) * 0x1p-53; }

  /// A cost, in the style of the problem.
  double cost(double scale) {
    switch (style) {
    case Style::Continuous:
      return scale * fraction();
    case Style::FewValues:
      return scale * between(0, 4) / 4;
    case Style::Equal:
      return scale / 4;
    case Style::Spread:
      return std::ldexp(scale * (1 + fraction()), -int(between(1, 30)));
    }
    return 0;
  }

  enum class Style { Continuous, FewValues, Equal, Spread };

  /// Small enough to enumerate; axes are power domains.
  Problem smallProblem();
  Problem smallProblem(Style);
  /// The same with all that a machine can have besides: settings without a
  /// rail, several at one level, overlapping ramps, rails that draw power, a
  /// margin, layers that run in a part of the periods.
  Problem richProblem();
  /// Longer, with times that are whole.
  Problem wholeTimesProblem();

private:
  void addTransitions(Problem &problem, double energyScale, double timeScale);
  void addSleepStates(Problem &problem);
  void addRandomState(Problem &problem);
  void addLayers(Problem &problem);
  void addAxis(Problem &problem);
  void addEarlyEnds(Problem &problem);

  std::mt19937_64 engine;
  Style style = Style::Continuous;
};

/// Calls `body` with each seed of a test, PFMLIR_SEEDS of them if that is set,
/// or only with PFMLIR_SEED.
void forEachSeed(uint64_t count, const std::function<void(uint64_t)> &body);

} // namespace pfmlir::scheduler

#endif // PFMLIR_TEST_UNIT_RANDOMPROBLEMS_H
