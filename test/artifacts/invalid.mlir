// What can't be commanded is an error at its place, and nothing is written.
// RUN: pf-translate --power-to-c-header %s -split-input-file -verify-diagnostics

// expected-error@+1 {{expects a power.register_map, which says how its power manager is told what to do}}
power.target @t levels_v [0.9, 1.1] max_rails 2 {
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

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9] codes [0] {
    // expected-note@+1 {{for this field}}
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}
func.func @net() attributes {power.period_s = 4.0, power.target = @t} {
  // expected-error@+1 {{expects a code for 1.1 V in the power.register_map of its target, but there is none}}
  power.set_state [@t::@a] to [1.1]
  power.layer "l" costs <[1.1] -> 2.0 J, 1.0 s, 1.0 W> state <[1.1], energy_j = 2.0, time_s = 1.0, leakage_w = 1.0>
  power.idle time_s 3.0
  return
}
power.schedule of @net on @t search "exact" period_s 4.0 rails_v [1.1]
  energy_j 5.0 lower_bound_j 0.0 active_time_s 1.0 energy_split_j [1.0, 1.0, 0.0, 3.0]

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.memory @m in @a bank_bytes 64 bank_leakage_w 0.0
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
    // expected-note@+1 {{for this field}}
    power.field banks of @m offset 4 shift 0 width 4
  }
}
func.func @net() attributes {power.period_s = 4.0, power.target = @t} {
  power.set_state [@t::@a] to [1.1]
  // expected-error@+1 {{expects banks in steps of 1, which is what its target's power manager can be told, but got 1.5}}
  power.gate_banks [@t::@m] powered [1.5]
  power.layer "l" costs <[1.1] -> 2.0 J, 1.0 s, 1.0 W> state <[1.1], energy_j = 2.0, time_s = 1.0, leakage_w = 1.0>
  power.idle time_s 3.0
  return
}
power.schedule of @net on @t search "exact" period_s 4.0 rails_v [1.1]
  energy_j 5.0 lower_bound_j 0.0 active_time_s 1.0 energy_split_j [1.0, 1.0, 0.0, 3.0]

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.memory @m in @a bank_bytes 64 bank_leakage_w 0.0
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
    // expected-note@+1 {{which has 4 bits}}
    power.field banks of @m offset 4 shift 0 width 4
  }
}
func.func @net() attributes {power.period_s = 4.0, power.target = @t} {
  power.set_state [@t::@a] to [1.1]
  // expected-error@+1 {{expects a code that fits into its field, but got 16}}
  power.gate_banks [@t::@m] powered [16.0]
  power.layer "l" costs <[1.1] -> 2.0 J, 1.0 s, 1.0 W> state <[1.1], energy_j = 2.0, time_s = 1.0, leakage_w = 1.0>
  power.idle time_s 3.0
  return
}
power.schedule of @net on @t search "exact" period_s 4.0 rails_v [1.1]
  energy_j 5.0 lower_bound_j 0.0 active_time_s 1.0 energy_split_j [1.0, 1.0, 0.0, 3.0]

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}
func.func @net() attributes {power.period_s = 4.0, power.target = @t} {
  power.set_state [@t::@a] to [1.1]
  power.layer "l" costs <[1.1] -> 2.0 J, 1.0 s, 1.0 W> state <[1.1], energy_j = 2.0, time_s = 1.0, leakage_w = 1.0>
  power.idle time_s 3.0
  return
}
// expected-error@+1 {{says the energy is 6 J, but it is 5 J}}
power.schedule of @net on @t search "exact" period_s 4.0 rails_v [1.1]
  energy_j 6.0 lower_bound_j 0.0 active_time_s 1.0 energy_split_j [1.0, 1.0, 0.0, 3.0]

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 timer_hz 64.0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
    // expected-error@+1 {{expects a period of 1 to 255 of its counts, but that of the schedule has 256}}
    power.field timer offset 28 shift 0 width 8
  }
}
func.func @net() attributes {power.period_s = 4.0, power.target = @t} {
  power.set_state [@t::@a] to [1.1]
  power.layer "l" costs <[1.1] -> 2.0 J, 1.0 s, 1.0 W> state <[1.1], energy_j = 2.0, time_s = 1.0, leakage_w = 1.0>
  power.idle time_s 3.0
  return
}
power.schedule of @net on @t search "exact" period_s 4.0 rails_v [1.1]
  energy_j 5.0 lower_bound_j 0.0 active_time_s 1.0 energy_split_j [1.0, 1.0, 0.0, 3.0]
