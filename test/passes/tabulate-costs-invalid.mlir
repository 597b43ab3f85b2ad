// What a cost table has no place for.
// RUN: pf-opt %s --power-tabulate-costs -split-input-file -verify-diagnostics

// expected-error@+1 {{expects nothing that a cost table can't speak of, but has modes}}
power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
  // expected-note@+1 {{declared here}}
  power.mode @x of @a energy_j 0.0 time_s 0.0
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}

// -----

// expected-error@+1 {{expects nothing that a cost table can't speak of, but has a memory that costs something to wake}}
power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", feature_memory = "m", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
  // expected-note@+1 {{declared here}}
  power.memory @m in @a bank_bytes 256 bank_leakage_w 1.0e-06 volatile wake_energy_j 1.0e-09 wake_time_s 1.0e-06
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}

// -----

// expected-error@+1 {{expects nothing that a cost table can't speak of, but has a supply with a limit}}
power.target @t levels_v [0.9, 1.1] max_rails 2 cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12> {
  // expected-note@+1 {{declared here}}
  power.supply @s selected maximum_power_w 1.0
  power.domain @a on @s nominal_v 1.1 frequency_hz 2.0e+08 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]> leakage_w 1.0e-03
}
func.func @net() attributes {power.target = @t, power.period_s = 1.0} {
  power.layer "l" workload #power.matmul<m = 8, k = 64, n = 64>
  return
}
