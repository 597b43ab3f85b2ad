// A domain on a regulated supply, and one that picks a rail; layers that want other
// voltages of both.
power.target @regulated levels_v [0.9, 1.1] max_rails 2 awake_power_w 1.0e-03
    rail_power_w 1.0e-04 dispatch_time_s 1.0e-06
    cost_model #power.roofline<domain = "array", memory_domain = "memory",
      macs_per_cycle = 4.0, mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0,
      byte_energy_j = 2.0e-12> {
  power.supply @core regulated slew_v_per_s 1.0e+05 settle_time_s 1.0e-06
  power.domain @array on @core nominal_v 1.1 frequency_hz 2.0e+06
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+06, 2.0e+06]>
    leakage_w 1.0e-05
  power.domain @memory nominal_v 1.1 frequency_hz 2.0e+06
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+06, 2.0e+06]>
    leakage_w 2.0e-05
  power.transition energy_j 1.0e-09 time_s 1.0e-06
}
func.func @net() attributes {power.target = @regulated, power.period_s = 0.03} {
  power.layer "compute" workload #power.matmul<m = 32, k = 64, n = 32>
  power.layer "move" workload #power.matmul<m = 1, k = 64, n = 64>
  power.layer "compute again" workload #power.matmul<m = 32, k = 64, n = 32>
  return
}
