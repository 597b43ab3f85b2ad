// pf-opt verifies what it reads, and once what the passes made of it.
// RUN: pf-opt %s --cse --mlir-print-ir-after-all 2>&1 | FileCheck %s --check-prefix=EACH
// RUN: env pf-opt %s --cse --mlir-print-ir-after-all 2>&1 | FileCheck %s --check-prefix=LAST
// RUN: env pf-opt %s --mlir-print-ir-after-all 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: env pf-opt %s --convert-scf-to-cf --verify-each=false | FileCheck %s --check-prefix=INVALID
// RUN: not env pf-opt %s --convert-scf-to-cf --cse 2>&1 | FileCheck %s
// RUN: not env pf-opt %s --convert-scf-to-cf --cse 2> %t | count 0
// RUN: env pf-opt --list-passes | FileCheck %s --check-prefix=LIST
// RUN: env pf-opt --show-dialects | FileCheck %s --check-prefix=DIALECTS
// RUN: not env pf-opt %t.nowhere 2>&1 | FileCheck %s --check-prefix=NOWHERE
// RUN: not env pf-opt %s -o %t.nowhere/x 2>&1 | FileCheck %s --check-prefix=NOWHERE

// EACH: IR Dump After CSE
// EACH-NOT: IR Dump
// LAST: IR Dump After CSE
// LAST: IR Dump After {{.*}} (verify-ir)
// NONE-NOT: IR Dump

// A layer is one block; before it is cut into several, it is to be inlined.
// INVALID: cf.cond_br
// CHECK: error: 'power.layer' op expects region #0 to have 0 or 1 blocks

// LIST: verify-ir
// DIALECTS: power
// NOWHERE: nowhere
func.func @f(%c: i1, %x: memref<i1>) attributes {power.period_s = 1.0e-3} {
  power.layer "l" {
    scf.if %c {
      memref.store %c, %x[] : memref<i1>
    }
  }
  return
}
