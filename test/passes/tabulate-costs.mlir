// RUN: pf-opt %s --power-tabulate-costs | FileCheck %s
// RUN: pf-opt %s --power-tabulate-costs | pf-opt --power-select-states="period-s=200" | FileCheck %s --check-prefix=SCHEDULE
// RUN: pf-opt %s --power-select-states="period-s=200" | FileCheck %s --check-prefix=SCHEDULE

// A product of 1 x 8 with 8 x 8 takes 8 + 7 + 16 array cycles, 8 weight cycles
// meanwhile, 1 feeder cycle before and 4 array cycles after; at half the
// frequency twice as long. 64 multiply-accumulates at 1 J, or at a quarter of it;
// leakage of 1 W in each domain, or half of it.
// CHECK: power.layer "product" workload {{.*}} costs
// CHECK-SAME: <[5.000000e-01, 5.000000e-01, 5.000000e-01] -> 1.240000e+02 J, 7.200000e+01 s, 1.500000e+00 W,
// CHECK-SAME: [1.000000e+00, 1.000000e+00, 1.000000e+00] -> 1.720000e+02 J, 3.600000e+01 s, 3.000000e+00 W>
// A table that is there stays.
// CHECK: power.layer "measured" costs <[1.000000e+00, 5.000000e-01, 5.000000e-01] -> 3.000000e+00 J, 2.000000e+00 s, 0.000000e+00 W>

// SCHEDULE: power.schedule of @net {{.*}} energy_j 1.270000e+02
#law = #power.frequency_table<voltage_v = [0.5, 1.0], frequency_hz = [0.5, 1.0]>
#model = #power.analytical<
  array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
  input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
  mac_energy_j = 1.0, weight_buffer_write_energy_j = 0.0,
  weight_buffer_read_energy_j = 0.0, output_write_energy_j = 0.0,
  input_read_energy_j = 0.0, weight_memory_read_energy_j = 0.0,
  lane_write_energy_j = 0.0, lane_read_energy_j = 0.0,
  stagger_energy_j = 0.0, feeder_control_energy_j = 0.0,
  gate_control_energy_j = 0.0, dma_control_energy_j = 0.0,
  gate_controller_leakage_w = 0.0>
power.target @t levels_v [0.5, 1.0] max_rails 2 cost_model #model {
  power.domain @sys nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  power.domain @weight nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  power.domain @feeder nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  power.memory @ifmap in @feeder bank_bytes 64 bank_leakage_w 0.0
  power.memory @ofmap in @feeder bank_bytes 64 bank_leakage_w 0.0
  power.memory @rram in @weight bank_bytes 64 bank_leakage_w 0.0
  power.sleep_state @off power_w 0.0
}
func.func @net() {
  power.layer "product" workload #power.matmul<m = 1, k = 8, n = 8>
  power.layer "measured" costs <[1.0, 0.5, 0.5] -> 3.0 J, 2.0 s, 0.0 W>
  return
}
