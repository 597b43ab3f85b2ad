//===- ParallelTest.cpp - A parallel loop ---------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Parallel.h"

#include "gtest/gtest.h"

#include <new>

using namespace pfmlir::scheduler;

namespace {

constexpr size_t kCount = 1000;

class ParallelTest : public testing::TestWithParam<size_t> {};

TEST_P(ParallelTest, CallsOnceForEach) {
  std::vector<std::atomic<int>> calls(kCount);
  std::vector<int> byWorker(GetParam());
  parallelFor(kCount, GetParam(), [&](size_t worker, size_t i) {
    ++calls[i];
    ++byWorker[worker];
  });
  for (const std::atomic<int> &count : calls)
    EXPECT_EQ(count, 1);
  int total = 0;
  for (int count : byWorker)
    total += count;
  EXPECT_EQ(total, int(kCount));
}

TEST_P(ParallelTest, PassesExceptionsOn) {
  for (size_t failing : {size_t(0), kCount / 2, kCount - 1})
    EXPECT_THROW(parallelFor(kCount, GetParam(),
                             [&](size_t, size_t i) {
                               if (i == failing)
                                 throw std::bad_alloc();
                             }),
                 std::bad_alloc);
}

TEST_P(ParallelTest, EveryCallMayThrow) {
  EXPECT_THROW(parallelFor(kCount, GetParam(),
                           [](size_t, size_t) { throw std::bad_alloc(); }),
               std::bad_alloc);
}

INSTANTIATE_TEST_SUITE_P(Workers, ParallelTest, testing::Values(1, 2, 5));

} // namespace
