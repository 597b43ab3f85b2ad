//===- Searches.cpp - The table of all searches ---------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Searches.h"

#include <algorithm>

using namespace pfmlir::scheduler;

using Settings = std::vector<Setting>;

/// The lowest, the nominal and the highest levels, or the highest `maxRails` of
/// them.
static std::vector<Level> getGreedyRails(const Problem &problem,
                                         const Settings &nominal) {
  std::vector<Level> rails = {0, Level(problem.numLevels - 1)};
  for (size_t axis = 0; axis < problem.numAxes(); ++axis) {
    if (nominal[axis] == kAnySetting)
      continue;
    Level level = problem.axes[axis].railOf[nominal[axis]];
    if (level != kNoRail)
      rails.push_back(level);
  }
  std::sort(rails.begin(), rails.end());
  rails.erase(std::unique(rails.begin(), rails.end()), rails.end());
  if (rails.size() > problem.maxRails)
    rails.erase(rails.begin(), rails.end() - problem.maxRails);
  return rails;
}

static SearchResult runExact(const PreparedProblem &prepared,
                             const SearchLimits &limits, const Settings &) {
  return searchExact(prepared, limits);
}

static SearchResult runLambdaDP(const PreparedProblem &prepared,
                                const SearchLimits &limits, const Settings &) {
  return searchLambdaDP(prepared.problem, /*refine=*/true, limits);
}

static SearchResult runLambdaDPUnrefined(const PreparedProblem &prepared,
                                         const SearchLimits &limits,
                                         const Settings &) {
  return searchLambdaDP(prepared.problem, /*refine=*/false, limits);
}

static SearchResult runGreedy(const PreparedProblem &prepared,
                              const SearchLimits &, const Settings &nominal) {
  return searchGreedy(prepared.problem,
                      getGreedyRails(prepared.problem, nominal));
}

static SearchResult runNominal(const PreparedProblem &prepared,
                               const SearchLimits &, const Settings &nominal) {
  return evaluateFixed(prepared.problem, nominal);
}

const std::vector<SearchInfo> &pfmlir::scheduler::getSearches() {
  // Name, description; proves the optimum, is complete, starts from nominal
  // voltage.
  static const std::vector<SearchInfo> searches = {
      {"exact", "proves that no schedule costs less", true, true, false,
       runExact},
      {"lambda-dp", "the heuristic of PowerFlow-DNN (arXiv 2603.23882)", false,
       true, false, runLambdaDP},
      {"lambda-dp-unrefined", "the same without its last step", false, true,
       false, runLambdaDPUnrefined},
      {"greedy",
       "from the lowest rail on, speeds up the layer that gains most time per "
       "joule",
       false, false, true, runGreedy},
      {"nominal", "all layers at nominal voltage", false, false, true,
       runNominal},
  };
  return searches;
}

const SearchInfo *pfmlir::scheduler::findSearch(std::string_view name) {
  for (const SearchInfo &search : getSearches())
    if (name == search.name)
      return &search;
  return nullptr;
}

std::string pfmlir::scheduler::listSearches() {
  const std::vector<SearchInfo> &searches = getSearches();
  std::string list = searches.front().name;
  for (size_t i = 1; i < searches.size(); ++i)
    list += (i + 1 < searches.size() ? ", " : " or ") +
            std::string(searches[i].name);
  return list;
}

SearchResult pfmlir::scheduler::runSearch(const SearchInfo &search,
                                          const PreparedProblem &prepared,
                                          const SearchLimits &limits,
                                          const Settings &nominal) {
  SearchResult result = search.run(prepared, limits, nominal);
  if (!search.provesOptimum && result.status != Status::Infeasible)
    result.lowerBoundJ = std::min(lagrangianLowerBound(prepared, limits),
                                  result.schedule.energyJ);
  return result;
}
