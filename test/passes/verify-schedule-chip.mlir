// What a schedule on a chip says wrongly. The right one is that of chip.mlir.
// RUN: pf-opt %s --power-verify-schedule -split-input-file -verify-diagnostics

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  // expected-error@+1 {{expects a power.set_mode of domain @a before it}}
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a to @t::@fast
  // expected-error@+1 {{says the mode of domain @a is none, but it is @fast}}
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  // expected-error@+1 {{says the mode of domain @a is @fast, but it is none}}
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, modes = {a = @fast}, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  // expected-error@+1 {{expects its state to have a mode of domain @b of target @t, but got @fast}}
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, modes = {b = @fast}, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  // expected-error@+1 {{expects a power.hand_over before it}}
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.set_state [@t::@a] to [9.000000e-01]
  // expected-error@+1 {{says its engine is @cpu, but it is none}}
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  // expected-error@+1 {{expects its state to name a way in which target @t can run it}}
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "gpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  // expected-error@+1 {{says domain @b is at 0.9 V, but it is at 1.1 V}}
  power.idle @t::@parked time_s 1.193750e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  // expected-error@+1 {{says its time is 11 s, but it is 11.875 s}}
  power.idle @t::@parked time_s 1.100000e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  // expected-error@+1 {{is not the end of the period that the schedule speaks of}}
  power.idle time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
// expected-error@+1 {{says the energy of what is awake is 15 J, but it is 16 J}}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.500000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
// expected-error@+1 {{says the energy of rails is 15 J, but it is 16 J}}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.500000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
// expected-error@+1 {{says the energy of what is awake is 0 J, but it is 16 J}}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 7.500000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 1.100000e+00] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
// expected-error@+1 {{misses its deadline: it takes 4.125 s of a period of 16 s, of which 0.75 must be left}}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}

// -----

power.target @t levels_v [9.000000e-01, 1.100000e+00] max_rails 2 awake_power_w 1.000000e+00 rail_power_w 5.000000e-01 dispatch_time_s 2.500000e-01 margin 1.000000e-01 {
  power.domain @a nominal_v 1.100000e+00
  power.mode @fast of @a energy_j 5.000000e-01 time_s 1.250000e-01
  power.engine @cpu cost_model #power.roofline<domain = "b", macs_per_cycle = 1.000000e+00, mac_energy_j = 0.000000e+00, bytes_per_cycle = 1.000000e+00, byte_energy_j = 0.000000e+00> handover_energy_j 2.000000e+00 handover_time_s 5.000000e-01
  power.domain @b nominal_v 1.100000e+00 frequency_hz 1.000000e+00 law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [1.000000e+00, 1.000000e+00]> leakage_w 0.000000e+00
  power.transition energy_j 2.500000e-01 time_s 6.250000e-02
  power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.250000e-01
}
func.func @net() attributes {power.period_s = 1.600000e+01 : f64, power.target = @t} {
  power.hand_over
  power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
  power.set_mode of @t::@a
  // expected-error@+1 {{is in a state that its costs don't speak of}}
  power.layer "first" implementations {x = #power.cost_table<[1.100000e+00, 9.000000e-01] -> 4.000000e+00 J, 1.000000e+00 s, 5.000000e-01 W>} state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
  power.hand_over to @t::@cpu
  power.set_state [@t::@a] to [9.000000e-01]
  power.layer "second" implementations {cpu = #power.cost_table<[9.000000e-01, 1.100000e+00] -> 3.000000e+00 J, 2.000000e+00 s, 2.500000e-01 W>} state <[9.000000e-01, 1.100000e+00], energy_j = 3.000000e+00, time_s = 2.000000e+00, leakage_w = 2.500000e-01, implementation = "cpu">
  power.set_state [@t::@b] to [9.000000e-01]
  power.idle @t::@parked time_s 1.187500e+01
  return
}
power.schedule of @net on @t search "exact" period_s 1.600000e+01 rails_v [9.000000e-01, 1.100000e+00] energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01] baselines_j {greedy = 44.421875 : f64}
