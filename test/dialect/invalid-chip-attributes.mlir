// What attributes of chips can't be.
// RUN: pf-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{expects voltage_per_efold_v to be finite and positive, but got 0}}
module attributes {test.attribute = #power.exponential_leakage<voltage_per_efold_v = 0.0>} {}

// -----

// expected-error@+1 {{expects 'reference_c' and 'doubling_c' together}}
module attributes {test.attribute = #power.exponential_leakage<voltage_per_efold_v = 1.0, reference_c = 25.0>} {}

// -----

// expected-error@+1 {{expects doubling_c to be finite and positive, but got 0}}
module attributes {test.attribute = #power.exponential_leakage<voltage_per_efold_v = 1.0, reference_c = 25.0, doubling_c = 0.0>} {}

// -----

// expected-error@+1 {{expects 'reference_c' to be finite, but got inf}}
module attributes {test.attribute = #power.exponential_leakage<voltage_per_efold_v = 1.0, reference_c = 0x7FF0000000000000, doubling_c = 1.0>} {}

// -----

// expected-error@+1 {{expects fixed_loss_w to be finite and not negative, but got -1}}
module attributes {test.attribute = #power.converter<fixed_loss_w = -1.0, proportional_loss = 0.0, resistance_ohm = 0.0>} {}

// -----

// expected-error@+1 {{expects proportional_loss to be finite and not negative, but got -1}}
module attributes {test.attribute = #power.converter<fixed_loss_w = 0.0, proportional_loss = -1.0, resistance_ohm = 0.0>} {}

// -----

// expected-error@+1 {{expects resistance_ohm to be finite and not negative, but got -1}}
module attributes {test.attribute = #power.converter<fixed_loss_w = 0.0, proportional_loss = 0.0, resistance_ohm = -1.0>} {}

// -----

// expected-error@+1 {{expects as many voltages as efficiencies, at least one, but got 0 and 0}}
module attributes {test.attribute = #power.efficiency_table<voltage_v = [], efficiency = []>} {}

// -----

// expected-error@+1 {{as many}}
module attributes {test.attribute = #power.efficiency_table<voltage_v = [1.0], efficiency = [0.5, 0.6]>} {}

// -----

// expected-error@+1 {{increasing}}
module attributes {test.attribute = #power.efficiency_table<voltage_v = [1.0, 0.9], efficiency = [0.5, 0.6]>} {}

// -----

// expected-error@+1 {{expects efficiencies above 0 and at most 1, but got 1.1}}
module attributes {test.attribute = #power.efficiency_table<voltage_v = [1.0], efficiency = [1.1]>} {}

// -----

// expected-error@+1 {{expects macs_per_cycle to be finite and positive, but got 0}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 0.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0>} {}

// -----

// expected-error@+1 {{expects bytes_per_cycle to be finite and positive, but got 0}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 0.0, byte_energy_j = 0.0>} {}

// -----

// expected-error@+1 {{expects mac_energy_j to be finite and not negative, but got -1}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = -1.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0>} {}

// -----

// expected-error@+1 {{expects byte_energy_j to be finite and not negative, but got -1}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = -1.0>} {}

// -----

// expected-error@+1 {{expects activation_bits to be from 1 to 64, but got 65}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0, activation_bits = 65>} {}

// -----

// expected-error@+1 {{expects weight_bits to be from 1 to 64, but got 65}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0, weight_bits = 65>} {}

// -----

// expected-error@+1 {{expects output_bits to be from 1 to 64, but got 65}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0, output_bits = 65>} {}

// -----

// expected-error@+1 {{expects the symbol of a mode for domain 'a', but got 1}}
module attributes {test.attribute = #power.state<[1.0], energy_j = 1.0, time_s = 1.0, leakage_w = 0.0, modes = {a = 1 : i64}>} {}

// -----

// expected-error@+1 {{expects a number of banks for memory 'm', but got 1.5}}
module attributes {test.attribute = #power.state<[1.0], energy_j = 1.0, time_s = 1.0, leakage_w = 0.0, banks = {m = 1.5}>} {}

// -----

// expected-error@+1 {{expects a number of banks for memory 'm', but got -1}}
module attributes {test.attribute = #power.state<[1.0], energy_j = 1.0, time_s = 1.0, leakage_w = 0.0, banks = {m = -1 : i64}>} {}

// -----

// expected-error@+1 {{expects activation_bits to be from 1 to 64, but got 0}}
module attributes {test.attribute = #power.matmul<m = 1, k = 1, n = 1, activation_bits = 0>} {}

// -----

// expected-error@+1 {{expects weight_bits to be from 1 to 64, but got 0}}
module attributes {test.attribute = #power.matmul<m = 1, k = 1, n = 1, weight_bits = 0>} {}

// -----

// expected-error@+1 {{expects output_bits to be from 1 to 64, but got 0}}
module attributes {test.attribute = #power.matmul<m = 1, k = 1, n = 1, output_bits = 0>} {}

// -----

// expected-error@+1 {{expects weight_bits to be from 1 to 64, but got 65}}
module attributes {test.attribute = #power.conv2d<input = [1, 1, 1], output_channels = 1, kernel = [1, 1], weight_bits = 65>} {}

// -----

// expected-error@+1 {{expects data_operands to be 1 or 2, but got 3}}
module attributes {test.attribute = #power.matmul<m = 1, k = 1, n = 1, data_operands = 3>} {}

// -----

// expected-error@+1 {{expects operations not to be negative, but got -1}}
module attributes {test.attribute = #power.vector<operations = -1, reads = 1, writes = 1>} {}

// -----

// expected-error@+1 {{expects reads not to be negative, but got -1}}
module attributes {test.attribute = #power.vector<operations = 1, reads = -1, writes = 1>} {}

// -----

// expected-error@+1 {{expects writes not to be negative, but got -1}}
module attributes {test.attribute = #power.vector<operations = 1, reads = 1, writes = -1>} {}

// -----

// expected-error@+1 {{expects bits to be from 1 to 64, but got 65}}
module attributes {test.attribute = #power.vector<operations = 1, reads = 1, writes = 1, bits = 65>} {}

// -----

// expected-error@+1 {{expects operations_per_cycle and operation_energy_j together}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0, operations_per_cycle = 1.0>} {}

// -----

// expected-error@+1 {{expects operations_per_cycle to be finite and positive, but got 0}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0, operations_per_cycle = 0.0, operation_energy_j = 1.0>} {}

// -----

// expected-error@+1 {{expects operation_energy_j to be finite and not negative, but got -1}}
module attributes {test.attribute = #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0, operations_per_cycle = 1.0, operation_energy_j = -1.0>} {}

// -----

// expected-error@+1 {{expects other_work to be "traffic", but got "all"}}
module attributes {test.attribute = #power.analytical<array_domain = "a", weight_domain = "b", feeder_domain = "c", input_memory = "d", output_memory = "e", weight_memory = "f", mac_energy_j = 1.0, weight_buffer_write_energy_j = 1.0, weight_buffer_read_energy_j = 1.0, output_write_energy_j = 1.0, input_read_energy_j = 1.0, weight_memory_read_energy_j = 1.0, lane_write_energy_j = 1.0, lane_read_energy_j = 1.0, stagger_energy_j = 1.0, feeder_control_energy_j = 1.0, gate_control_energy_j = 1.0, dma_control_energy_j = 1.0, gate_controller_leakage_w = 1.0, other_work = "all">} {}
