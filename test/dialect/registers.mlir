// The registers of a power manager, or functions in their place.
// RUN: pf-opt %s | FileCheck %s
// RUN: pf-opt %s | pf-opt | FileCheck %s
// RUN: pf-opt %s --mlir-print-op-generic | pf-opt | FileCheck %s
// RUN: pf-opt %s --emit-bytecode | pf-opt | FileCheck %s

// CHECK-LABEL: power.target @registers
power.target @registers levels_v [0.9, 1.1] max_rails 2 {
  power.supply @core regulated slew_v_per_s 1.0e+04 settle_time_s 1.0e-05
  power.domain @a nominal_v 1.1
  power.domain @b on @core nominal_v 1.1
  power.mode @fast of @a energy_j 0.0 time_s 0.0
  power.memory @m in @a bank_bytes 64 bank_leakage_w 0.0
  // CHECK: power.register_map base 4096 register_bits 16 timer_hz 1.000000e+06 levels_v [9.000000e-01, 1.100000e+00] codes [0, 1] {
  power.register_map base 0x1000 register_bits 16 timer_hz 1.0e+06 levels_v [0.9, 1.1] codes [0, 1] {
    // CHECK-NEXT: power.field rail of @a offset 0 shift 0 width 1
    power.field rail of @a offset 0 shift 0 width 1
    // CHECK-NEXT: power.field rail of @core offset 0 shift 8 width 8 levels_v [9.000000e-01, 1.100000e+00] codes [90, 110]
    power.field rail of @core offset 0 shift 8 width 8 levels_v [0.9, 1.1] codes [90, 110]
    // CHECK-NEXT: power.field mode of @a offset 2 shift 0 width 1
    power.field mode of @a offset 2 shift 0 width 1
    // CHECK-NEXT: power.field banks of @m offset 4 shift 0 width 8 per_bank 2
    power.field banks of @m offset 4 shift 0 width 8 per_bank 2
    // CHECK-NEXT: power.field start offset 6 shift 0 width 8
    power.field start offset 6 shift 0 width 8
    // CHECK-NEXT: power.field finish offset 8 shift 0 width 8
    power.field finish offset 8 shift 0 width 8
    // CHECK-NEXT: power.field tail offset 10 shift 0 width 1
    power.field tail offset 10 shift 0 width 1
    // CHECK-NEXT: power.field ready offset 12 shift 0 width 1 value 1
    power.field ready offset 12 shift 0 width 1 value 1
    // CHECK-NEXT: power.field done offset 12 shift 1 width 1 value 1
    power.field done offset 12 shift 1 width 1 value 1
    // CHECK-NEXT: power.field timer offset 14 shift 0 width 16
    power.field timer offset 14 shift 0 width 16
  }
}

// CHECK-LABEL: power.target @functions
power.target @functions levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // CHECK: power.register_map {
  power.register_map {
    // CHECK-NEXT: power.field rail of @a function "set" argument 3 levels_v [9.000000e-01, 1.100000e+00] codes [900, 1100]
    power.field rail of @a function "set" argument 3 levels_v [0.9, 1.1] codes [900, 1100]
    // CHECK-NEXT: power.field start function "start"
    power.field start function "start"
    // CHECK-NEXT: power.field done function "done" value 1
    power.field done function "done" value 1
    // CHECK-NEXT: power.field tail function "tail"
    power.field tail function "tail"
  }
}
