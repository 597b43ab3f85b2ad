// RUN: pf-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{'power.target' op expects at least one level, but got none}}
power.target @t levels_v [] max_rails 1 {
  power.domain @a nominal_v 1.0
}

// -----

// expected-error@+1 {{'power.target' op expects increasing levels, but got 0.9 after 1.1}}
power.target @t levels_v [1.1, 0.9] max_rails 1 {
  power.domain @a nominal_v 1.0
}

// -----

// expected-error@+1 {{expects 'levels_v' to be finite and positive, but got nan}}
power.target @t levels_v [0x7FF8000000000000] max_rails 1 {
  power.domain @a nominal_v 1.0
}

// -----

// expected-error@+1 {{attribute 'max_rails' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
power.target @t levels_v [1.0] max_rails 0 {
  power.domain @a nominal_v 1.0
}

// -----

// expected-error@+1 {{expects at least one power.domain, but got none}}
power.target @t levels_v [1.0] max_rails 1 {
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  // expected-note@+1 {{see existing symbol definition here}}
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{redefinition of symbol named 'a'}}
  power.domain @a nominal_v 1.0
}

// -----

// expected-error@+1 {{expects levels at which some domain can be, by its limits, its voltage-frequency law and its memories, but got 1.4 V}}
power.target @t levels_v [1.0, 1.4] max_rails 1 {
  power.domain @a nominal_v 1.0 frequency_hz 1.0e8 law #power.delay_polynomial<coefficients = [1.0], minimum_v = 0.9, maximum_v = 1.3>
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects only supplies, clocks, domains, modes, memories, engines, transitions, exclusions, idle states, sleep states, corners and a register map in a power.target}}
  %0 = arith.constant 1 : i32
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  // expected-error@+1 {{expects 'nominal_v' to be finite and positive, but got 0}}
  power.domain @a nominal_v 0.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  // expected-error@+1 {{expects 'leakage_w' to be finite and not negative, but got -1}}
  power.domain @a nominal_v 1.0 leakage_w -1.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  // expected-error@+1 {{expects 'frequency_hz' to be finite and positive}}
  power.domain @a nominal_v 1.0 frequency_hz -1.0e8 law #power.delay_polynomial<coefficients = [1.0], minimum_v = 0.9, maximum_v = 1.3>
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  // expected-error@+1 {{expects 'nominal_v' between 0.9 V and 1.3 V, where its law holds, but got 0.8 V}}
  power.domain @a nominal_v 0.8 frequency_hz 1.0e8 law #power.delay_polynomial<coefficients = [1.0], minimum_v = 0.9, maximum_v = 1.3>
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  // expected-error@+1 {{expects 'frequency_hz' to be what its law gives at 'nominal_v'}}
  power.domain @a nominal_v 1.0 frequency_hz 1.0e8 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [2.0e8, 3.0e8]>
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  // expected-error@+1 {{expects 'frequency_hz' and 'law' together}}
  "power.domain"() <{sym_name = "a", nominal_v = 1.0 : f64, frequency_hz = 1.0e8 : f64}> : () -> ()
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects @b to be a power.domain of its target}}
  power.memory @m in @b bank_bytes 1024 bank_leakage_w 1.0e-5
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects 'bank_leakage_w' to be finite and not negative, but got -1}}
  power.memory @m in @a bank_bytes 1024 bank_leakage_w -1.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{attribute 'bank_bytes' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  power.memory @m in @a bank_bytes 0 bank_leakage_w 1.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects 'energy_j' to be finite and not negative, but got -1}}
  power.transition energy_j -1.0 time_s 0.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects @b to be a power.domain of its target}}
  power.transition of @b energy_j 1.0 time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects 'time_s' to be zero from a level to itself, but got 3 for level 1}}
  power.transition energy_j 1.0 time_s [[0.0, 1.0], [2.0, 3.0]]
}

// -----

power.target @t levels_v [0.9, 1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects a matrix of 2 x 2, from level to level, but got 1 x 1}}
  power.transition energy_j [[0.0]] time_s 1.0
}

// -----

power.target @t levels_v [0.9, 1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects rows of the same length, but got 1 after 2}}
  power.transition energy_j [[0.0, 1.0], [1.0]] time_s 1.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-note@+1 {{another is here}}
  power.transition energy_j 1.0 time_s 0.0
  // expected-error@+1 {{expects to be the only transition cost of its domain}}
  power.transition energy_j 2.0 time_s 0.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects 'power_w' to be finite and not negative, but got -1}}
  power.sleep_state @s power_w -1.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects 'exit_time_s' to be finite and not negative, but got inf}}
  power.sleep_state @s power_w 1.0 entry_energy_j 0.0 entry_time_s 0.0 exit_energy_j 0.0 exit_time_s 0x7FF0000000000000
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{expects all four of the entry and exit costs, or none}}
  "power.sleep_state"() <{sym_name = "s", power_w = 1.0 : f64, entry_energy_j = 1.0 : f64}> : () -> ()
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  power.transition energy_j [[0.0]] time_s 0.0
  // expected-error@+1 {{expects entry and exit costs, because domain @a has a matrix of transition costs}}
  power.sleep_state @s power_w 1.0
}

// -----

// expected-error@+1 {{expects one voltage a domain (1) in the cost table of layer 'c', but got 2}}
power.target @t levels_v [1.0] max_rails 1 cost_model #power.measured<{c = #power.cost_table<[1.0, 1.0] -> 1.0 J, 1.0 s, 1.0 W>}> {
  power.domain @a nominal_v 1.0
}

// -----

// expected-error@+1 {{expects the voltages in the cost table of layer 'c' to be among its levels, but got 1.1 V}}
power.target @t levels_v [1.0] max_rails 1 cost_model #power.measured<{c = #power.cost_table<[1.1] -> 1.0 J, 1.0 s, 1.0 W>}> {
  power.domain @a nominal_v 1.0
}

// -----

// expected-error@+1 {{Invalid attribute `cost_model` in property conversion: 1 : i64}}
"power.target"() <{sym_name = "t", levels_v = [1.0], max_rails = 1 : i64, cost_model = 1 : i64}> ({
  power.domain @a nominal_v 1.0
}) : () -> ()

// -----

#model = #power.analytical<
  array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
  input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
  mac_energy_j = 1.0, weight_buffer_write_energy_j = 1.0,
  weight_buffer_read_energy_j = 1.0, output_write_energy_j = 1.0,
  input_read_energy_j = 1.0, weight_memory_read_energy_j = 1.0,
  lane_write_energy_j = 1.0, lane_read_energy_j = 1.0,
  stagger_energy_j = 1.0, feeder_control_energy_j = 1.0,
  gate_control_energy_j = 1.0, dma_control_energy_j = 1.0,
  gate_controller_leakage_w = 1.0>
// expected-error@+1 {{expects a power.domain @sys, which its cost model speaks of}}
power.target @t levels_v [1.0] max_rails 1 cost_model #model {
  power.domain @a nominal_v 1.0
}

// -----

#law = #power.frequency_table<voltage_v = [1.0], frequency_hz = [1.0]>
#model = #power.analytical<
  array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
  input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
  mac_energy_j = 1.0, weight_buffer_write_energy_j = 1.0,
  weight_buffer_read_energy_j = 1.0, output_write_energy_j = 1.0,
  input_read_energy_j = 1.0, weight_memory_read_energy_j = 1.0,
  lane_write_energy_j = 1.0, lane_read_energy_j = 1.0,
  stagger_energy_j = 1.0, feeder_control_energy_j = 1.0,
  gate_control_energy_j = 1.0, dma_control_energy_j = 1.0,
  gate_controller_leakage_w = 1.0>
power.target @t levels_v [1.0] max_rails 1 cost_model #model {
  power.domain @sys nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  // expected-error@+1 {{expects a 'frequency_hz' with its 'law', and a 'leakage_w', which the cost model needs}}
  power.domain @weight nominal_v 1.0
}

// -----

#law = #power.frequency_table<voltage_v = [1.0], frequency_hz = [1.0]>
#model = #power.analytical<
  array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
  input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
  mac_energy_j = 1.0, weight_buffer_write_energy_j = 1.0,
  weight_buffer_read_energy_j = 1.0, output_write_energy_j = 1.0,
  input_read_energy_j = 1.0, weight_memory_read_energy_j = 1.0,
  lane_write_energy_j = 1.0, lane_read_energy_j = 1.0,
  stagger_energy_j = 1.0, feeder_control_energy_j = 1.0,
  gate_control_energy_j = 1.0, dma_control_energy_j = 1.0,
  gate_controller_leakage_w = 1.0>
// expected-error@+1 {{expects a power.memory @ofmap, which its cost model speaks of}}
power.target @t levels_v [1.0] max_rails 1 cost_model #model {
  power.domain @sys nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  power.domain @weight nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  power.domain @feeder nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  power.memory @ifmap in @feeder bank_bytes 1 bank_leakage_w 1.0
}

// -----

func.func @f() {
  // expected-error@+1 {{expects parent op 'builtin.module'}}
  power.target @t levels_v [1.0] max_rails 1 {
    power.domain @a nominal_v 1.0
  }
  return
}

// -----

#law = #power.frequency_table<voltage_v = [1.0], frequency_hz = [1.0]>
#model = #power.analytical<
  array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
  input_memory = "rram", output_memory = "ofmap", weight_memory = "rram",
  mac_energy_j = 1.0, weight_buffer_write_energy_j = 1.0,
  weight_buffer_read_energy_j = 1.0, output_write_energy_j = 1.0,
  input_read_energy_j = 1.0, weight_memory_read_energy_j = 1.0,
  lane_write_energy_j = 1.0, lane_read_energy_j = 1.0,
  stagger_energy_j = 1.0, feeder_control_energy_j = 1.0,
  gate_control_energy_j = 1.0, dma_control_energy_j = 1.0,
  gate_controller_leakage_w = 1.0>
// expected-error@+1 {{expects its cost model to name different memories, but got 'rram' twice}}
power.target @t levels_v [1.0] max_rails 1 cost_model #model {
  power.domain @sys nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  // expected-error@+1 {{attribute 'energy_j' failed to satisfy constraint: number or matrix of f64}}
  "power.transition"() {energy_j = dense<0.0> : vector<1x1xf64>, time_s = 0.0 : f64} : () -> ()
}
