// What a sequencer can't be made of.
// RUN: pf-translate --power-to-verilog %s -split-input-file -verify-diagnostics

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects a 'timer_hz', which a sequencer is clocked at}}
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
power.schedule of @net on @t search "exact" period_s 4.0 rails_v [1.1]
  energy_j 5.0 lower_bound_j 0.0 active_time_s 1.0 energy_split_j [1.0, 1.0, 0.0, 3.0]

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects a period of less than 2^62 counts of its timer}}
  power.register_map base 0 timer_hz 1.0e+19 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
    power.field timer offset 28 shift 0 width 32
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

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.memory @"m-1" in @a bank_bytes 64 bank_leakage_w 0.0
  power.memory @m_1 in @a bank_bytes 64 bank_leakage_w 0.0
  power.register_map base 0 timer_hz 1.0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
    power.field banks of @m_1 offset 4 shift 0 width 4
    // expected-error@+1 {{expects a name of its own in Verilog, but 'banks_m_1' is another's, too}}
    power.field banks of @"m-1" offset 8 shift 0 width 4
    power.field timer offset 28 shift 0 width 32
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
