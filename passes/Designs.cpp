//===- Designs.cpp - A network on many variants of its target -------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Designs.h"
#include "passes/LiveData.h"
#include "passes/NetworkSearch.h"
#include "pfmlir/Scheduler/Referee.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"

#include <map>
#include <mutex>
#include <thread>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

FailureOr<DesignSolver> DesignSolver::create(ModuleOp module) {
  // Somebody may have built it by hand.
  if (failed(verify(module)))
    return failure();
  FailureOr<Network> network = findNetwork(module);
  if (failed(network))
    return failure();
  DesignSolver solver(std::move(*network));
  solver.parameters =
      listParameters(solver.network.target, solver.network.layers);
  return solver;
}

//===----------------------------------------------------------------------===//
// Errors, by thread
//===----------------------------------------------------------------------===//

namespace {
/// Keeps the first error of each of some threads; what others diagnose is
/// theirs.
class FirstErrors {
public:
  explicit FirstErrors(MLIRContext *context)
      : handler(context,
                [this](Diagnostic &diagnostic) { return take(diagnostic); }) {}

  void join() {
    std::lock_guard<std::mutex> lock(mutex);
    textOf[std::this_thread::get_id()];
  }
  /// The first error of this thread since it was last asked.
  std::string take() {
    std::lock_guard<std::mutex> lock(mutex);
    return std::exchange(textOf[std::this_thread::get_id()], "");
  }

private:
  LogicalResult take(Diagnostic &diagnostic) {
    std::lock_guard<std::mutex> lock(mutex);
    auto found = textOf.find(std::this_thread::get_id());
    if (found == textOf.end())
      return failure();
    if (found->second.empty() &&
        diagnostic.getSeverity() == DiagnosticSeverity::Error)
      found->second = diagnostic.str();
    return success();
  }

  std::mutex mutex;
  std::map<std::thread::id, std::string> textOf;
  ScopedDiagnosticHandler handler;
};
} // namespace

//===----------------------------------------------------------------------===//
// A worker
//===----------------------------------------------------------------------===//

namespace {
/// Solves designs one after the other on a target of its own.
class DesignWorker {
public:
  DesignWorker(const Network &network, ArrayRef<NetworkParameter> parameters,
               ArrayRef<ParameterChange> changes,
               const scheduler::SearchInfo &search,
               const scheduler::SearchLimits &limits);

  /// Designs with the same changes, one after the other.
  void solve(ArrayRef<Design> designs, MutableArrayRef<DesignAnswer> answers,
             FirstErrors &errors);

private:
  bool isCancelled() const { return limits.isCancelled && *limits.isCancelled; }
  LogicalResult apply(ArrayRef<unsigned> indices);
  void undo(ArrayRef<unsigned> indices);
  LogicalResult buildProblem();
  void solve(const Design &design, DesignAnswer &answer, FirstErrors &errors);

  ArrayRef<NetworkParameter> parameters;
  ArrayRef<ParameterChange> changes;
  const scheduler::SearchInfo &search;
  scheduler::SearchLimits limits;
  bool costsVectorWork, changesLayers;
  /// The target and, if layers change, all of the module: a copy.
  OwningOpRef<ModuleOp> copy;
  Network network;
  SmallVector<Operation *> owners, originals;
  /// By layer; empty where layers change.
  SmallVector<LiveData> live;
  /// Of the latest design; the memory of one is the next one's.
  SmallVector<LayerWays> costs;
  NetworkProblem built;
};
} // namespace

static bool canCostVectorWork(TargetOp target) {
  CostModelAttrInterface model = target.getCostModelAttr();
  return model && model.canCostVectorWork();
}

DesignWorker::DesignWorker(const Network &original,
                           ArrayRef<NetworkParameter> parameters,
                           ArrayRef<ParameterChange> changes,
                           const scheduler::SearchInfo &search,
                           const scheduler::SearchLimits &limits)
    : parameters(parameters), changes(changes), search(search), limits(limits),
      costsVectorWork(canCostVectorWork(original.target)), network(original),
      originals(parameterOwners(network.target, network.layers)) {
  TargetOp target = network.target;
  this->limits.threads = 1;
  size_t numOfTarget = originals.size() - network.layers.size();
  changesLayers = llvm::any_of(changes, [&](const ParameterChange &change) {
    return parameters[change.parameter].path.owner >= numOfTarget;
  });
  if (changesLayers) {
    copy = cast<ModuleOp>(target->getParentOp()->clone());
    FailureOr<Network> found = findNetwork(*copy);
    assert(succeeded(found) && "a copy is what it is a copy of");
    network = std::move(*found);
  } else {
    copy = ModuleOp::create(target.getLoc());
    network.target = cast<TargetOp>(target->clone());
    copy->push_back(network.target);
    live = findLiveData(network.layers);
  }
  owners = parameterOwners(network.target, network.layers);
}

LogicalResult DesignWorker::apply(ArrayRef<unsigned> indices) {
  for (unsigned index : indices) {
    const ParameterChange &change = changes[index];
    const ParameterPath &path = parameters[change.parameter].path;
    if (failed(setParameter(owners[path.owner], path, change.value)))
      return failure();
  }
  TargetOp target = network.target;
  if (failed(verify(target)))
    return failure();
  if (changesLayers && failed(verify(network.function)))
    return failure();
  if (canCostVectorWork(target) != costsVectorWork)
    return emitBriefOpError(target)
           << "expects a cost model that costs work other than products "
           << (costsVectorWork ? "as well" : "no more")
           << ", as that which the layers were formed for does; it can be "
              "changed by another target";
  return success();
}

void DesignWorker::undo(ArrayRef<unsigned> indices) {
  for (unsigned index : indices) {
    const ParameterPath &path = parameters[changes[index].parameter].path;
    owners[path.owner]->setAttr(path.attribute,
                                originals[path.owner]->getAttr(path.attribute));
  }
}

LogicalResult DesignWorker::buildProblem() {
  SmallVector<LayerWays> found;
  if (failed(computeCosts(network.target, network.layers,
                          network.target.getGatingOrNone(), found,
                          /*choices=*/{}, live)))
    return failure();
  costs = std::move(found);
  // Costs don't depend on the period.
  built = pfmlir::power::buildProblem(
      network.target, costs, network.probabilities, /*periodS=*/1,
      /*withIdleStates=*/true, std::move(built));
  return success();
}

/// The idle or sleep state that ends a schedule; empty where none does.
static StringRef nameTail(TargetOp target, const NetworkProblem &problem,
                          const scheduler::Schedule &schedule) {
  if (schedule.tail != scheduler::Schedule::kIdle)
    return target.getSleepStates()[schedule.tail].getSymName();
  if (const Wait *wait = problem.waitOf(schedule))
    return target.getIdleStates()[wait->idleState].getSymName();
  return "";
}

void DesignWorker::solve(const Design &design, DesignAnswer &answer,
                         FirstErrors &errors) {
  built.problem.periodS = design.periodS;
  FailureOr<scheduler::SearchResult> found =
      searchNetwork(network, built, search, limits);
  if (isCancelled())
    return;
  if (failed(found)) {
    answer.status = DesignStatus::Invalid;
    answer.reason = errors.take();
    return;
  }
  if (found->status == scheduler::Status::Infeasible) {
    (void)reportInfeasible(network, search, built.problem, found->fastestTimeS);
    answer.status = DesignStatus::Infeasible;
    answer.shortestPeriodS = found->fastestTimeS / (1 - built.problem.margin);
    answer.reason = errors.take();
    return;
  }
  scheduler::Schedule schedule =
      withoutUselessIdling(built, std::move(found->schedule));
  answer.status = found->status == scheduler::Status::Optimal
                      ? DesignStatus::Optimal
                      : DesignStatus::Feasible;
  answer.energyJ = schedule.energyJ;
  answer.lowerBoundJ = found->lowerBoundJ;
  answer.activeTimeS = schedule.activeTimeS;
  SmallVector<double> levelsV = network.target.getLevelsV();
  for (scheduler::Level level :
       scheduler::railsOf(built.problem, schedule.states))
    answer.railsV.push_back(levelsV[level]);
  answer.tail = nameTail(network.target, built, schedule).str();
}

void DesignWorker::solve(ArrayRef<Design> designs,
                         MutableArrayRef<DesignAnswer> answers,
                         FirstErrors &errors) {
  ArrayRef<unsigned> indices = designs.front().changes;
  if (succeeded(apply(indices)) && succeeded(buildProblem())) {
    for (auto [design, answer] : llvm::zip_equal(designs, answers)) {
      if (isCancelled())
        break;
      solve(design, answer, errors);
    }
  } else {
    std::string reason = errors.take();
    for (DesignAnswer &answer : answers) {
      answer.status = DesignStatus::Invalid;
      answer.reason = reason;
    }
  }
  undo(indices);
}

//===----------------------------------------------------------------------===//
// All designs
//===----------------------------------------------------------------------===//

/// The first of each run of designs with the same changes, and the end.
static SmallVector<size_t> findRuns(ArrayRef<Design> designs) {
  SmallVector<size_t> begins;
  for (size_t i = 0; i < designs.size(); ++i)
    if (i == 0 || designs[i].changes != designs[i - 1].changes)
      begins.push_back(i);
  begins.push_back(designs.size());
  return begins;
}

void DesignSolver::solve(ArrayRef<ParameterChange> changes,
                         ArrayRef<Design> designs,
                         const scheduler::SearchInfo &search,
                         const scheduler::SearchLimits &limits,
                         MutableArrayRef<DesignAnswer> answers) const {
  MLIRContext *context = getContext();
  SmallVector<size_t> runs = findRuns(designs);
  FirstErrors errors(context);
  std::atomic<size_t> next = 0;
  auto work = [&] {
    errors.join();
    DesignWorker worker(network, parameters, changes, search, limits);
    for (size_t run; (run = next.fetch_add(1)) + 1 < runs.size();) {
      if (limits.isCancelled && *limits.isCancelled)
        return;
      size_t begin = runs[run], count = runs[run + 1] - begin;
      worker.solve(designs.slice(begin, count), answers.slice(begin, count),
                   errors);
    }
  };
  // Attributes are made in the context, which may be for one thread.
  size_t numThreads = context->isMultithreadingEnabled()
                          ? std::min<size_t>(limits.threads, runs.size() - 1)
                          : 1;
  std::vector<std::thread> others;
  for (size_t thread = 1; thread < numThreads; ++thread)
    others.emplace_back(work);
  work();
  for (std::thread &other : others)
    other.join();
}
