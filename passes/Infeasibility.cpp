//===- Infeasibility.cpp - A deadline that can't be kept, as data ---------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Infeasibility.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace pfmlir::power;

// Metadata is a list that others add to as well; ours is a dictionary with
// these entries.
static constexpr StringLiteral kFunction = "power.infeasible";
static constexpr StringLiteral kPeriod = "period_s";
static constexpr StringLiteral kShortestPeriod = "shortest_period_s";

void pfmlir::power::setInfeasibility(Diagnostic &diagnostic,
                                     const Infeasibility &infeasibility) {
  Builder builder(infeasibility.function.getContext());
  diagnostic.getMetadata().emplace_back(builder.getDictionaryAttr(
      {builder.getNamedAttr(kFunction, infeasibility.function),
       builder.getNamedAttr(kPeriod,
                            builder.getF64FloatAttr(infeasibility.periodS)),
       builder.getNamedAttr(
           kShortestPeriod,
           builder.getF64FloatAttr(infeasibility.shortestPeriodS))}));
}

std::optional<Infeasibility>
pfmlir::power::getInfeasibility(Diagnostic &diagnostic) {
  for (DiagnosticArgument &argument : diagnostic.getMetadata()) {
    if (argument.getKind() !=
        DiagnosticArgument::DiagnosticArgumentKind::Attribute)
      continue;
    auto entries = dyn_cast<DictionaryAttr>(argument.getAsAttribute());
    if (!entries || !entries.contains(kFunction))
      continue;
    auto number = [&](StringRef name) {
      return entries.getAs<FloatAttr>(name).getValueAsDouble();
    };
    return Infeasibility{entries.getAs<StringAttr>(kFunction), number(kPeriod),
                         number(kShortestPeriod)};
  }
  return std::nullopt;
}
