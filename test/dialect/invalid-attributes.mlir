// RUN: pf-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{expects input to be [channels, height, width], but got 2 values}}
module attributes {a.a = #power.conv2d<input = [3, 8], output_channels = 4, kernel = [3, 3]>} {}

// -----

// expected-error@+1 {{expects kernel to be [height, width], but got 1 values}}
module attributes {a.a = #power.conv2d<input = [3, 8, 8], output_channels = 4, kernel = [3]>} {}

// -----

// expected-error@+1 {{expects output_channels to be at least 1, but got 0}}
module attributes {a.a = #power.conv2d<input = [3, 8, 8], output_channels = 0, kernel = [3, 3]>} {}

// -----

// expected-error@+1 {{expects strides to be at least 1, but got 0}}
module attributes {a.a = #power.conv2d<input = [3, 8, 8], output_channels = 4, kernel = [3, 3], strides = [0, 1]>} {}

// -----

// expected-error@+1 {{expects padding to be [top, bottom, left, right], but got 2 values}}
module attributes {a.a = #power.conv2d<input = [3, 8, 8], output_channels = 4, kernel = [3, 3], padding = [1, 1]>} {}

// -----

// expected-error@+1 {{expects groups to divide the channels, but got 2 groups of 3 input and 4 output channels}}
module attributes {a.a = #power.conv2d<input = [3, 8, 8], output_channels = 4, kernel = [3, 3], groups = 2>} {}

// -----

// expected-error@+1 {{expects the kernel to fit into the padded input, but got width 4 for a kernel that spans 5}}
module attributes {a.a = #power.conv2d<input = [3, 8, 2], output_channels = 4, kernel = [3, 3], padding = [0, 0, 1, 1], dilations = [1, 2]>} {}

// -----

// expected-error@+1 {{struct is missing required parameter: kernel}}
module attributes {a.a = #power.conv2d<input = [3, 8, 2], output_channels = 4>} {}

// -----

// expected-error@+1 {{expects padding to be at most 2147483648, but got 9223372036854775807}}
module attributes {a.a = #power.conv2d<input = [3, 8, 8], output_channels = 4, kernel = [3, 3], padding = [9223372036854775807, 1, 1, 1]>} {}

// -----

// expected-error@+1 {{expects at most 9007199254740992 multiply-accumulates, but got about 1.47573953e+20}}
module attributes {a.a = #power.conv2d<input = [2, 2147483648, 2147483648], output_channels = 16, kernel = [1, 1]>} {}

// -----

// expected-error@+1 {{expects input to be at most 2147483648, but got 2147483649}}
module attributes {a.a = #power.conv2d<input = [2147483649, 8, 8], output_channels = 16, kernel = [1, 1]>} {}

// -----

// expected-error@+1 {{expects at most 9007199254740992 multiply-accumulates, but got about 9.22337204e+18}}
module attributes {a.a = #power.matmul<m = 2147483648, k = 2, n = 2147483648>} {}

// -----

// expected-error@+1 {{expects k to be at least 1, but got -4}}
module attributes {a.a = #power.matmul<m = 1, k = -4, n = 2>} {}

// -----

// expected-error@+1 {{expects minimum_v not to exceed maximum_v, but got 1.3 and 0.9}}
module attributes {a.a = #power.delay_polynomial<coefficients = [1.0], minimum_v = 1.3, maximum_v = 0.9>} {}

// -----

// expected-error@+1 {{expects a positive delay, but it is -0.1 at 1.1 V}}
module attributes {a.a = #power.delay_polynomial<coefficients = [1.0, -1.0], minimum_v = 1.1, maximum_v = 1.3>} {}

// -----

// expected-error@+1 {{expects a delay that does not increase with the voltage}}
module attributes {a.a = #power.delay_polynomial<coefficients = [1.0, 1.0], minimum_v = 0.9, maximum_v = 1.3>} {}

// -----

// expected-error@+1 {{expects as many voltages as frequencies, at least one, but got 1 and 2}}
module attributes {a.a = #power.frequency_table<voltage_v = [1.0], frequency_hz = [1.0, 2.0]>} {}

// -----

// expected-error@+1 {{expects increasing voltages, but got 0.9 after 1}}
module attributes {a.a = #power.frequency_table<voltage_v = [1.0, 0.9], frequency_hz = [1.0, 2.0]>} {}

// -----

// expected-error@+1 {{expects frequencies that do not decrease, but got 1 after 2}}
module attributes {a.a = #power.frequency_table<voltage_v = [0.9, 1.0], frequency_hz = [2.0, 1.0]>} {}

// -----

// expected-error@+1 {{expects granularity to be at least 1, but got 0}}
module attributes {a.a = #power.gating<bank, granularity = 0>} {}

// -----

// expected-error@+1 {{expected ::pfmlir::power::GatingMode to be one of: none, sram, bank}}
module attributes {a.a = #power.gating<rram>} {} // expected-error {{failed to parse Power_GatingAttr}}

// -----

// expected-error@+1 {{expects energies to be finite and not negative, but got -1}}
module attributes {a.a = #power.cost_table<[1.0] -> -1.0 J, 1.0 s, 1.0 W>} {}

// -----

// expected-error@+1 {{expects times to be finite and not negative, but got nan}}
module attributes {a.a = #power.cost_table<[1.0] -> 1.0 J, 0x7FF8000000000000 s, 1.0 W>} {}

// -----

// expected-error@+1 {{expects leakage powers to be finite and not negative, but got inf}}
module attributes {a.a = #power.cost_table<[1.0] -> 1.0 J, 1.0 s, 0x7FF0000000000000 W>} {}

// -----

// expected-error@+1 {{expects one row a state, but got two at [1, 0.9] V}}
module attributes {a.a = #power.cost_table<[1.0, 0.9] -> 1.0 J, 1.0 s, 1.0 W, [1.0, 0.9] -> 2.0 J, 1.0 s, 1.0 W>} {}

// -----

// expected-error@+1 {{expects one voltage a domain in every row, but got 1 after rows of 2}}
module attributes {a.a = #power.cost_table<[1.0, 0.9] -> 1.0 J, 1.0 s, 1.0 W, [1.0] -> 2.0 J, 1.0 s, 1.0 W>} {}

// -----

// expected-error@+1 {{expected 'J'}}
module attributes {a.a = #power.cost_table<[1.0] -> 1.0 mJ, 1.0 s, 1.0 W>} {}

// -----

// expected-error@+1 {{expects a #power.cost_table for layer 'c', but got 1 : i64}}
module attributes {a.a = #power.measured<{c = 1 : i64}>} {}

// -----

// expected-error@+1 {{expects mac_energy_j to be finite and not negative, but got -1}}
module attributes {a.a = #power.analytical<
  array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
  input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
  mac_energy_j = -1.0, weight_buffer_write_energy_j = 1.0,
  weight_buffer_read_energy_j = 1.0, output_write_energy_j = 1.0,
  input_read_energy_j = 1.0, weight_memory_read_energy_j = 1.0,
  lane_write_energy_j = 1.0, lane_read_energy_j = 1.0,
  stagger_energy_j = 1.0, feeder_control_energy_j = 1.0,
  gate_control_energy_j = 1.0, dma_control_energy_j = 1.0,
  gate_controller_leakage_w = 1.0>} {}

// -----

// expected-error@+1 {{expects time_s to be finite and not negative, but got -1}}
module attributes {a.a = #power.state<[1.0], energy_j = 1.0, time_s = -1.0, leakage_w = 1.0>} {}

// -----

// expected-error@+3 {{unexpected decimal integer literal for a floating point value}}
// expected-note@+2 {{add a trailing dot to make the literal a float}}
// expected-error@+1 {{failed to parse Power_StateAttr parameter 'energy_j'}}
module attributes {a.a = #power.state<[1.0], energy_j = 1, time_s = 1.0, leakage_w = 1.0>} {}
