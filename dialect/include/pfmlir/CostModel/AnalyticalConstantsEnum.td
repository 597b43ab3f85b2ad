//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The constants of the analytical cost model as a C++ enum, for llvm-tblgen
// -gen-searchable-tables. Plain C++: the cost model knows nothing of MLIR.
//
//===----------------------------------------------------------------------===//

include "llvm/TableGen/SearchableTable.td"
include "pfmlir/CostModel/AnalyticalConstants.td"

class Enumerator<string text, int number> {
  string name = text;
  int value = number;
}

foreach i = !range(AnalyticalConstants) in
  def : Enumerator<AnalyticalConstants[i].enumerator, i>;
def : Enumerator<"NumConstants", !size(AnalyticalConstants)>;

def Constant : GenericEnum {
  let FilterClass = "Enumerator";
  let NameField = "name";
  let ValueField = "value";
}
