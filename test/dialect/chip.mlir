// Chips as they are built: every declaration, in text and in bytecode, the same.
// RUN: pf-opt %s > %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: pf-opt %t.mlir | diff %t.mlir -
// RUN: pf-opt --mlir-print-op-generic %s | pf-opt | diff %t.mlir -
// RUN: pf-opt %s --emit-bytecode -o %t.mlirbc
// RUN: pf-opt %t.mlirbc | diff %t.mlir -
// RUN: not grep -a "#power" %t.mlirbc
//
// A file of the version that is written now, made as bytecode.mlir says:
// RUN: pf-opt %S/Inputs/version-2.mlirbc | diff %t.mlir -

// CHECK-LABEL: power.target @chip
// CHECK-SAME: max_rails 2 awake_power_w 1.000000e-03 rail_power_w 1.000000e-04 maximum_power_w 1.000000e+00
// CHECK-SAME: dispatch_time_s 1.000000e-05 margin 5.000000e-02 temperature_c 8.500000e+01 overlapping_ramps gating <sram>
// CHECK-SAME: cost_model #power.roofline<domain = "array", memory_domain = "sram", feature_memory = "ifmap", weight_memory = "flash",
// CHECK-SAME: activation_bits = 16, weight_bits = 4, output_bits = 16, operations_per_cycle = 2.000000e+00, operation_energy_j = 2.500000e-11>
power.target @chip levels_v [0.9, 1.0, 1.1] max_rails 2
    awake_power_w 1.0e-03 rail_power_w 1.0e-04 maximum_power_w 1.0
    dispatch_time_s 1.0e-05 margin 0.05 temperature_c 85.0 overlapping_ramps
    gating <sram>
    cost_model #power.roofline<
      domain = "array", memory_domain = "sram", feature_memory = "ifmap",
      weight_memory = "flash", macs_per_cycle = 8.0, mac_energy_j = 2.5e-11,
      bytes_per_cycle = 4.0, byte_energy_j = 2.5e-11, activation_bits = 16,
      weight_bits = 4, output_bits = 16, operations_per_cycle = 2.0,
      operation_energy_j = 2.5e-11> {
  // CHECK: power.supply @rails selected converter #power.efficiency_table<voltage_v = [9.000000e-01, 1.100000e+00], efficiency = [8.000000e-01, 9.000000e-01]> maximum_power_w 5.000000e-01 maximum_current_a 5.000000e-01
  power.supply @rails selected
    converter #power.efficiency_table<voltage_v = [0.9, 1.1], efficiency = [0.8, 0.9]>
    maximum_power_w 0.5 maximum_current_a 0.5
  // CHECK: power.supply @buck regulated slew_v_per_s 1.000000e+04 settle_time_s 1.000000e-05 output_f 1.000000e-05 converter #power.converter<fixed_loss_w = 1.000000e-05, proportional_loss = 8.000000e-02, resistance_ohm = 5.000000e-02>
  power.supply @buck regulated slew_v_per_s 1.0e+04 settle_time_s 1.0e-05
    output_f 1.0e-05
    converter #power.converter<fixed_loss_w = 1.0e-05, proportional_loss = 0.08,
                               resistance_ohm = 0.05>
  // CHECK: power.clock @any{{$}}
  power.clock @any
  // CHECK: power.clock @list frequencies_hz [1.000000e+08, 2.000000e+08]
  power.clock @list frequencies_hz [1.0e+08, 2.0e+08]
  // CHECK: power.clock @divided reference_hz 1.000000e+09
  power.clock @divided reference_hz 1.0e+09
  // CHECK: power.domain @array on @rails clock @list nominal_v 1.100000e+00 minimum_v 9.000000e-01 maximum_v 1.100000e+00
  // CHECK-SAME: leakage_law #power.exponential_leakage<voltage_per_efold_v = 2.500000e-01, reference_c = 2.500000e+01, doubling_c = 2.000000e+01>
  power.domain @array on @rails clock @list nominal_v 1.1 minimum_v 0.9 maximum_v 1.1
    frequency_hz 2.5e+08
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.5e+08, 2.5e+08]>
    leakage_w 1.0e-03
    leakage_law #power.exponential_leakage<
      voltage_per_efold_v = 0.25, reference_c = 25.0, doubling_c = 20.0>
  // CHECK: power.domain @sram on @buck clock @divided
  power.domain @sram on @buck clock @divided nominal_v 1.1 frequency_hz 2.5e+08
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.5e+08, 2.5e+08]>
    leakage_w 1.0e-03
    leakage_law #power.exponential_leakage<voltage_per_efold_v = 0.25>
  // CHECK: power.mode @fast of @array frequency_factor 1.200000e+00 dynamic_factor 1.100000e+00 leakage_factor 4.000000e+00 energy_j 1.000000e-10 time_s 1.000000e-05
  power.mode @fast of @array frequency_factor 1.2 dynamic_factor 1.1
    leakage_factor 4.0 energy_j 1.0e-10 time_s 1.0e-05
  // CHECK: power.mode @plain of @array energy_j 0.000000e+00 time_s 0.000000e+00
  power.mode @plain of @array energy_j 0.0 time_s 0.0
  // CHECK: power.exclude [@array, @sram] at {{\[\[}}9.000000e-01], [1.000000e+00, 1.100000e+00]]
  power.exclude [@array, @sram] at [[0.9], [1.0, 1.1]]
  // CHECK: power.memory @ifmap in @sram bank_bytes 4096 bank_leakage_w 1.000000e-05 banks 64 minimum_v 9.000000e-01 volatile bank_retention_w 1.000000e-05
  power.memory @ifmap in @sram bank_bytes 4096 bank_leakage_w 1.0e-05 banks 64
    minimum_v 0.9 volatile bank_retention_w 1.0e-05
  // CHECK: power.memory @woken in @sram bank_bytes 4096 bank_leakage_w 1.000000e-05 volatile wake_energy_j 1.000000e-10 wake_time_s 1.000000e-05
  power.memory @woken in @sram bank_bytes 4096 bank_leakage_w 1.0e-05 volatile
    wake_energy_j 1.0e-10 wake_time_s 1.0e-05
  // CHECK: power.memory @flash in @sram bank_bytes 4096 bank_leakage_w 1.000000e-05 banks 8 nonvolatile reload_energy_j 2.500000e-11 reload_time_s 1.000000e-10
  power.memory @flash in @sram bank_bytes 4096 bank_leakage_w 1.0e-05 banks 8
    nonvolatile reload_energy_j 2.5e-11 reload_time_s 1.0e-10
  // CHECK: power.engine @cpu cost_model #power.roofline<domain = "sram", macs_per_cycle = 1.000000e+00, mac_energy_j = 2.500000e-11, bytes_per_cycle = 4.000000e+00, byte_energy_j = 2.500000e-11> handover_energy_j 1.000000e-10 handover_time_s 1.000000e-05
  power.engine @cpu cost_model #power.roofline<
      domain = "sram", macs_per_cycle = 1.0, mac_energy_j = 2.5e-11,
      bytes_per_cycle = 4.0, byte_energy_j = 2.5e-11>
    handover_energy_j 1.0e-10 handover_time_s 1.0e-05
  power.transition energy_j 1.0e-10 time_s 1.0e-05
  // CHECK: power.idle_state @parked voltages_v [9.000000e-01, 9.000000e-01] power_w 1.000000e-05
  power.idle_state @parked voltages_v [0.9, 0.9] power_w 1.0e-05
}

// CHECK-LABEL: func.func @net
func.func @net() attributes {power.target = @chip} {
  // CHECK: power.hand_over to @chip::@cpu
  power.hand_over to @chip::@cpu
  // CHECK: power.set_mode of @chip::@array to @chip::@fast
  power.set_mode of @chip::@array to @chip::@fast
  // CHECK: power.layer "a" implementations {large = #power.cost_table<[9.000000e-01, 9.000000e-01] -> 1.000000e+00 J, 1.000000e+00 s, 0.000000e+00 W>, small = #power.cost_table<[9.000000e-01, 9.000000e-01] -> 2.000000e+00 J, 5.000000e-01 s, 0.000000e+00 W>}
  // CHECK-SAME: state <[9.000000e-01, 9.000000e-01], energy_j = 1.000000e+00, time_s = 1.000000e+00, leakage_w = 0.000000e+00, modes = {array = @fast}, banks = {woken = 3 : i64}, implementation = "large">
  power.layer "a" implementations {
      small = #power.cost_table<[0.9, 0.9] -> 2.0 J, 0.5 s, 0.0 W>,
      large = #power.cost_table<[0.9, 0.9] -> 1.0 J, 1.0 s, 0.0 W>}
    state <[0.9, 0.9], energy_j = 1.0, time_s = 1.0, leakage_w = 0.0,
           modes = {array = @fast}, banks = {woken = 3 : i64},
           implementation = "large">
  // CHECK: power.hand_over{{$}}
  power.hand_over
  // CHECK: power.set_mode of @chip::@array{{$}}
  power.set_mode of @chip::@array
  // CHECK: power.layer "formats" workload #power.conv2d<input = [3, 8, 8], output_channels = 4, kernel = [3, 3], activation_bits = 8, weight_bits = 4, output_bits = 32> vector [#power.vector<operations = 1, reads = 2, writes = 3>, #power.vector<operations = 1, reads = 2, writes = 3, bits = 8>]
  power.layer "formats" workload #power.conv2d<
      input = [3, 8, 8], output_channels = 4, kernel = [3, 3],
      activation_bits = 8, weight_bits = 4, output_bits = 32>
    vector [#power.vector<operations = 1, reads = 2, writes = 3>,
            #power.vector<operations = 1, reads = 2, writes = 3, bits = 8>]
  // CHECK: power.layer "attention" workload #power.matmul<m = 1, k = 2, n = 3, data_operands = 2, activation_bits = 16, weight_bits = 16, output_bits = 16>
  power.layer "attention" workload #power.matmul<
      m = 1, k = 2, n = 3, data_operands = 2, activation_bits = 16,
      weight_bits = 16, output_bits = 16>
  // CHECK: power.idle @chip::@parked time_s 1.000000e+00
  power.idle @chip::@parked time_s 1.0
  return
}

// CHECK: power.schedule of @net on @chip
// CHECK-SAME: tail @chip::@parked energy_split_j [1.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 2.000000e+00, 3.000000e+00]
power.schedule of @net on @chip search "exact" period_s 2.0 rails_v [0.9]
  energy_j 6.0 lower_bound_j 6.0 active_time_s 1.0 tail @chip::@parked
  energy_split_j [1.0, 0.0, 0.0, 0.0, 2.0, 3.0]
