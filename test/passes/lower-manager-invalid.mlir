// RUN: pf-opt %s --power-lower-manager -split-input-file -verify-diagnostics

// expected-error@+1 {{expects a power.register_map, which says how its power manager is told what to do}}
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
func.func @net() attributes {power.period_s = 4.0, power.target = @t} {
  power.set_state [@t::@a] to [1.1]
  power.layer "l" costs <[1.1] -> 2.0 J, 1.0 s, 1.0 W> state <[1.1], energy_j = 2.0, time_s = 1.0, leakage_w = 1.0>
  power.idle time_s 3.0
  return
}
power.schedule of @net on @t search "exact" period_s 4.0 rails_v [1.1]
  energy_j 5.0 lower_bound_j 0.0 active_time_s 1.0 energy_split_j [1.0, 1.0, 0.0, 3.0]

// -----

power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [1.1] codes [0] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 4 shift 0 width 1
    power.field done offset 8 shift 0 width 1 value 1
    power.field tail offset 12 shift 0 width 1
  }
}
// expected-error@+1 {{expects another name, because @power_write is what accesses the power manager}}
func.func private @power_write()
func.func @net() attributes {power.period_s = 4.0, power.target = @t} {
  power.set_state [@t::@a] to [1.1]
  power.layer "l" costs <[1.1] -> 2.0 J, 1.0 s, 1.0 W> state <[1.1], energy_j = 2.0, time_s = 1.0, leakage_w = 1.0>
  power.idle time_s 3.0
  return
}
power.schedule of @net on @t search "exact" period_s 4.0 rails_v [1.1]
  energy_j 5.0 lower_bound_j 0.0 active_time_s 1.0 energy_split_j [1.0, 1.0, 0.0, 3.0]
