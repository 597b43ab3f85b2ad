// Corners and systems, round trip: text, generic text and bytecode.
// RUN: pf-opt %s | pf-opt | FileCheck %s
// RUN: pf-opt %s --mlir-print-op-generic | pf-opt | FileCheck %s
// RUN: pf-opt %s --emit-bytecode | pf-opt | FileCheck %s

// CHECK-LABEL: power.target @t
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.sleep_state @off power_w 0.0
  // CHECK: power.corner @slow speed 8.500000e-01 leakage 4.000000e-01 weight 2.500000e-01
  power.corner @slow speed 0.85 leakage 0.4 weight 0.25
  // CHECK: power.corner @fast speed 1.100000e+00 leakage 2.000000e+00 weight 7.500000e-01
  power.corner @fast speed 1.1 leakage 2.0 weight 0.75
}

// CHECK: func.func @a() attributes {power.corner = @slow, power.target = @t}
func.func @a() attributes {power.corner = @slow, power.target = @t} {
  // CHECK: power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1> probability 5.000000e-01{{$}}
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1> probability 0.5
  return
}
func.func @b() {
  return
}

// CHECK: power.system @s on @t rails_v [9.000000e-01, 1.100000e+00] power_w 2.000000e+00 lower_bound_w 1.500000e+00 {
// CHECK-NEXT: power.network @a period_s 2.000000e-02 share 5.000000e-01
// CHECK-NEXT: power.network @b
// CHECK-NEXT: }
power.system @s on @t rails_v [0.9, 1.1] power_w 2.0 lower_bound_w 1.5 {
  power.network @a period_s 2.0e-2 share 0.5
  power.network @b
}

// CHECK: early_tail @t::@off energy_split_j
power.schedule of @a on @t search "exact" period_s 1.0 rails_v [0.9]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 tail @t::@off early_tail @t::@off
  energy_split_j [1.0, 0.0, 0.0, 0.0]

module {
  func.func @c() {
    return
  }
  // CHECK: power.system @not_yet {
  power.system @not_yet {
    power.network @c
  }
}
