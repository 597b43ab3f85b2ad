// Quantities of any size have one to three digits before the point, in columns: a
// µ takes one place.
// RUN: pf-translate --power-to-table %s | FileCheck %s --strict-whitespace

// CHECK:{{^}}  period        1.000 ms (1000.00 fps), active for 20.500 µs (2.1 %), then idle
// CHECK:{{^}}  energy        12.346 µJ a period, 12.346 mW on average
// CHECK:{{^}}  nominal         24.691 µJ  50.0 %
// CHECK-NEXT:{{^}}  twice            1.000 mJ  98.8 %
// CHECK:{{^}}  layer    core (V)         time       energy      dynamic      leakage{{$}}
// CHECK-NEXT:{{^}}  micro        0.90    20.000 µs     1.000 µJ   999.000 nJ     1.000 nJ{{$}}
// CHECK-NEXT:{{^}}  nano         0.90   500.000 ns     2.000 nJ     2.000 nJ          0 J{{$}}
power.target @t levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
}
func.func @net() attributes {power.target = @t} {
  power.layer "micro" costs <[0.9] -> 1.0e-6 J, 2.0e-5 s, 5.0e-5 W>
    state <[0.9], energy_j = 1.0e-6, time_s = 2.0e-5, leakage_w = 5.0e-5>
  power.layer "nano" costs <[0.9] -> 2.0e-9 J, 5.0e-7 s, 0.0 W>
    state <[0.9], energy_j = 2.0e-9, time_s = 5.0e-7, leakage_w = 0.0>
  return
}
power.schedule of @net on @t search "exact" period_s 1.0e-3 rails_v [0.9]
  energy_j 1.23456e-5 lower_bound_j 1.23456e-5 active_time_s 2.05e-5
  energy_split_j [1.0e-6, 1.0e-9, 0.0, 1.13446e-5] baselines_j {nominal = 2.46912e-5 : f64, twice = 1.0e-3 : f64}
