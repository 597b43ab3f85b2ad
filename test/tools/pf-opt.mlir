// pf-opt verifies what it reads, and once what the passes made of it.
// RUN: pf-opt %s --cse --mlir-print-ir-after-all 2>&1 | FileCheck %s --check-prefix=EACH
// RUN: env pf-opt %s --cse --mlir-print-ir-after-all 2>&1 | FileCheck %s --check-prefix=LAST
// RUN: env pf-opt %s --mlir-print-ir-after-all 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: env pf-opt %s --convert-func-to-llvm --verify-each=false | FileCheck %s --check-prefix=INVALID
// RUN: not env pf-opt %s --convert-func-to-llvm --cse 2>&1 | FileCheck %s
// RUN: not env pf-opt %s --convert-func-to-llvm --cse 2> %t | count 0
// RUN: env pf-opt --list-passes | FileCheck %s --check-prefix=LIST
// RUN: env pf-opt --show-dialects | FileCheck %s --check-prefix=DIALECTS
// RUN: not env pf-opt %t.nowhere 2>&1 | FileCheck %s --check-prefix=NOWHERE
// RUN: not env pf-opt %s -o %t.nowhere/x 2>&1 | FileCheck %s --check-prefix=NOWHERE

// EACH: IR Dump After CSE
// EACH-NOT: IR Dump
// LAST: IR Dump After CSE
// LAST: IR Dump After {{.*}} (verify-ir)
// NONE-NOT: IR Dump

// INVALID: llvm.func
// CHECK: error: 'power.period_s' expects to be on a func.func

// LIST: verify-ir
// DIALECTS: power
// NOWHERE: nowhere
func.func @f() attributes {power.period_s = 1.0e-3} {
  return
}
