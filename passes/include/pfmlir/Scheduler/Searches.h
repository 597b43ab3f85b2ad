//===- Searches.h - The table of all searches -------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What can be searched with, by name. Passes, help texts, errors, the C API and
// Python have the names from here.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_SCHEDULER_SEARCHES_H
#define PFMLIR_SCHEDULER_SEARCHES_H

#include "pfmlir/Scheduler/Search.h"

#include <string>
#include <string_view>

namespace pfmlir::scheduler {

/// A search, and what its users need to know of it.
struct SearchInfo {
  const char *name;
  /// One line, for help.
  const char *description;
  /// Whether it ends with a proven optimum, unless a limit stops it.
  bool provesOptimum;
  /// Whether it finds a schedule wherever there is one. Where it finds none,
  /// the `fastestTimeS` of its result is that of any schedule.
  bool isComplete;
  /// Whether it starts from the setting of each axis at nominal voltage.
  bool needsNominal;
  /// `nominal` has one setting an axis where they are needed; else it is not
  /// looked at.
  SearchResult (*run)(const PreparedProblem &prepared,
                      const SearchLimits &limits,
                      const std::vector<Setting> &nominal);
};

/// All searches, in the order of help texts.
const std::vector<SearchInfo> &getSearches();

/// The search of that name, or null.
const SearchInfo *findSearch(std::string_view name);

/// The names of all searches, as "a, b or c".
std::string listSearches();

/// Runs a search. If it proves nothing by itself, the lower bound of its result
/// is that of the Lagrangian relaxation.
SearchResult runSearch(const SearchInfo &search,
                       const PreparedProblem &prepared,
                       const SearchLimits &limits,
                       const std::vector<Setting> &nominal = {});

} // namespace pfmlir::scheduler

#endif // PFMLIR_SCHEDULER_SEARCHES_H
