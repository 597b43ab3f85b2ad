//===- PowerOps.cpp - Assembly of the power operations ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/PropertiesBytecode.h"
#include "pfmlir/Dialect/Power.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// custom<Numbers>: [double, double, ...]
//===----------------------------------------------------------------------===//

static ParseResult parseNumbers(OpAsmParser &parser, ArrayAttr &numbers) {
  FailureOr<DenseF64ArrayAttr> parsed = parseQuantities(parser);
  if (failed(parsed))
    return failure();
  numbers = parser.getBuilder().getF64ArrayAttr(*parsed);
  return success();
}

static void printNumbers(OpAsmPrinter &printer, Operation *,
                         ArrayAttr numbers) {
  printQuantities(printer, readNumbers(numbers));
}

//===----------------------------------------------------------------------===//
// custom<NumberLists>: [[double, ...], [double, ...], ...]
//===----------------------------------------------------------------------===//

static ParseResult parseNumberLists(OpAsmParser &parser, ArrayAttr &lists) {
  SmallVector<Attribute> parsed;
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                     [&]() -> ParseResult {
                                       ArrayAttr numbers;
                                       if (parseNumbers(parser, numbers))
                                         return failure();
                                       parsed.push_back(numbers);
                                       return success();
                                     }))
    return failure();
  lists = parser.getBuilder().getArrayAttr(parsed);
  return success();
}

static void printNumberLists(OpAsmPrinter &printer, Operation *op,
                             ArrayAttr lists) {
  printer << "[";
  llvm::interleaveComma(lists, printer, [&](Attribute numbers) {
    printNumbers(printer, op, cast<ArrayAttr>(numbers));
  });
  printer << "]";
}

//===----------------------------------------------------------------------===//
// custom<NumberOrMatrix>: a double, or [[row], [row], ...]
//===----------------------------------------------------------------------===//

static ParseResult parseNumberOrMatrix(OpAsmParser &parser, Attribute &attr) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<double> values;
  int64_t rows = 0, columns = 0;
  auto parseElement = [&] { return parser.parseFloat(values.emplace_back()); };
  auto parseRow = [&]() -> ParseResult {
    size_t before = values.size();
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                       parseElement))
      return failure();
    int64_t inRow = values.size() - before;
    if (rows++ == 0)
      columns = inRow;
    if (inRow != columns || inRow == 0)
      return parser.emitError(loc)
             << "expects rows of the same length, but got " << inRow
             << " after " << columns;
    return success();
  };

  if (succeeded(parser.parseOptionalLSquare())) {
    if (parser.parseCommaSeparatedList(parseRow) || parser.parseRSquare())
      return failure();
    auto type = RankedTensorType::get({rows, columns},
                                      parser.getBuilder().getF64Type());
    attr = DenseElementsAttr::get(type, ArrayRef<double>(values));
    return success();
  }
  FailureOr<FloatAttr> number = parseQuantity(parser);
  if (failed(number))
    return failure();
  attr = *number;
  return success();
}

static void printNumberOrMatrix(OpAsmPrinter &printer, Operation *,
                                Attribute attr) {
  if (auto number = dyn_cast<FloatAttr>(attr))
    return printer.printFloat(number.getValue());
  auto matrix = cast<DenseElementsAttr>(attr);
  auto values = matrix.getValues<double>();
  int64_t rows = matrix.getType().getDimSize(0);
  int64_t columns = matrix.getType().getDimSize(1);
  printer << "[";
  llvm::interleaveComma(llvm::seq(rows), printer, [&](int64_t row) {
    auto begin = values.begin() + row * columns;
    printQuantities(printer, SmallVector<double>(begin, begin + columns));
  });
  printer << "]";
}

//===----------------------------------------------------------------------===//
// custom<LayerBody>: a region, or nothing
//===----------------------------------------------------------------------===//

static ParseResult parseLayerBody(OpAsmParser &parser, Region &body) {
  OptionalParseResult result = parser.parseOptionalRegion(body);
  if (!result.has_value())
    return success();
  if (failed(*result))
    return failure();
  LayerOp::ensureTerminator(body, parser.getBuilder(),
                            parser.getEncodedSourceLoc(parser.getNameLoc()));
  return success();
}

static void printLayerBody(OpAsmPrinter &printer, LayerOp layer, Region &body) {
  if (body.empty())
    return;
  printer << " ";
  printer.printRegion(body, /*printEntryBlockArgs=*/false,
                      /*printBlockTerminators=*/layer.getNumResults() != 0);
}

#define GET_OP_CLASSES
#include "pfmlir/Dialect/PowerOps.cpp.inc"
