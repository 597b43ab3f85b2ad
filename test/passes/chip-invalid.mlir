// Networks that a chip can't run.
// RUN: pf-opt %s --powerflow-schedule -split-input-file -verify-diagnostics

power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", feature_memory = "m", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
  // expected-note@+1 {{memory declared here}}
  power.memory @m in @a bank_bytes 256 bank_leakage_w 1.0e-06 banks 3 volatile
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{needs 4 banks of 256 bytes of memory @m, but there are 3}}
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", weight_memory = "m", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
  // expected-note@+1 {{memory declared here}}
  power.memory @m in @a bank_bytes 256 bank_leakage_w 1.0e-06 banks 15 nonvolatile
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{needs 16 banks of 256 bytes of memory @m, but there are 15}}
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 gating <sram> cost_model #power.roofline<domain = "a", feature_memory = "m", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
  power.memory @m in @a bank_bytes 256 bank_leakage_w 1.0e-06 volatile wake_energy_j 1.0e-09 wake_time_s 1.0e-06
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{expects a cost model that says how many banks it needs, because powering those of memory @m has a cost}}
  power.layer "l" costs #power.cost_table<[1.1] -> 1.0e-06 J, 1.0e-03 s, 0.0 W>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2  {
  power.supply @s selected maximum_power_w 1.0
  power.domain @a on @s nominal_v 1.1
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{expects a cost model that tells domains apart, because a supply of target @t has a limit}}
  power.layer "l" costs #power.cost_table<[1.1] -> 1.0e-06 J, 1.0e-03 s, 0.0 W>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.supply @s selected maximum_power_w 1.0e-06
  power.domain @a on @s nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{has no state within the limits of power and current of target @t}}
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.supply @s selected maximum_current_a 1.0e-06
  power.domain @a on @s nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{has no state within the limits of power and current of target @t}}
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 maximum_power_w 1.0e-06 cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{has no state within the limits of power and current of target @t}}
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
  power.engine @cpu cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> handover_energy_j 0.0 handover_time_s 0.0
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{expects work that the cost model of target @t or of one of its engines can cost}}
  power.layer "l"
  return
}

// -----

// expected-error@+1 {{expects a combination of levels that its supplies, clocks and exclusions allow, but there is none}}
power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
  power.exclude [@a] at [[0.9, 1.1]]
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}

// -----

// expected-error@+1 {{expects a combination of levels that its supplies, clocks and exclusions allow, but there is none}}
power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.clock @c frequencies_hz [1.0e+09]
  power.domain @a clock @c nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2  {
  power.domain @a nominal_v 1.1
  power.exclude [@a] at [[0.9]]
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{expects a row of its cost table at the levels of target @t that its supplies, limits and exclusions allow, but there is none}}
  power.layer "l" costs #power.cost_table<[0.9] -> 1.0e-06 J, 1.0e-03 s, 0.0 W>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2  {
  power.domain @a nominal_v 1.1
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{expects the voltages of its cost table to be levels of target @t, but got 1 V}}
  power.layer "l" implementations {x = #power.cost_table<[1.0] -> 1.0e-06 J, 1.0e-03 s, 1.0 W>}
  return
}

// -----

// Formed for a target that costs vector work.
power.target @t levels_v [1.1] max_rails 1 cost_model #power.roofline<
    domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12,
    bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.domain @a nominal_v 1.1 frequency_hz 1.0e+08 law #power.frequency_table<voltage_v = [1.1], frequency_hz = [1.0e+08]> leakage_w 0.0
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  // expected-error@+1 {{has vector work, which its target's cost model does not cost}}
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64> vector [#power.vector<operations = 1, reads = 1, writes = 1>]
  return
}
