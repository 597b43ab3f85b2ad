// What a chip can't be.
// RUN: pf-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{expects 'awake_power_w' to be finite and not negative, but got -1}}
power.target @t levels_v [1.1] max_rails 1 awake_power_w -1.0 {
  power.domain @a nominal_v 1.1
}

// -----

// expected-error@+1 {{expects 'rail_power_w' to be finite and not negative, but got -1}}
power.target @t levels_v [1.1] max_rails 1 rail_power_w -1.0 {
  power.domain @a nominal_v 1.1
}

// -----

// expected-error@+1 {{expects 'dispatch_time_s' to be finite and not negative, but got -1}}
power.target @t levels_v [1.1] max_rails 1 dispatch_time_s -1.0 {
  power.domain @a nominal_v 1.1
}

// -----

// expected-error@+1 {{expects 'maximum_power_w' to be positive, but got 0}}
power.target @t levels_v [1.1] max_rails 1 maximum_power_w 0.0 {
  power.domain @a nominal_v 1.1
}

// -----

// expected-error@+1 {{expects 'margin' to be at least 0 and less than 1, but got 1}}
power.target @t levels_v [1.1] max_rails 1 margin 1.0 {
  power.domain @a nominal_v 1.1
}

// -----

// expected-error@+1 {{expects 'temperature_c' to be above -273.15, but got -300}}
power.target @t levels_v [1.1] max_rails 1 temperature_c -300.0 {
  power.domain @a nominal_v 1.1
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects to be either selected or regulated}}
  power.supply @s
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects to be either selected or regulated}}
  power.supply @s selected regulated slew_v_per_s 1.0 settle_time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'slew_v_per_s' to be finite and positive, but got 0}}
  power.supply @s regulated slew_v_per_s 0.0 settle_time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'settle_time_s' to be finite and not negative, but got -1}}
  power.supply @s regulated slew_v_per_s 1.0 settle_time_s -1.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'output_f' to be finite and not negative, but got -1}}
  power.supply @s regulated slew_v_per_s 1.0 settle_time_s 0.0 output_f -1.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'maximum_power_w' to be finite and positive, but got 0}}
  power.supply @s selected maximum_power_w 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'maximum_current_a' to be finite and positive, but got 0}}
  power.supply @s selected maximum_current_a 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{invalid kind of attribute specified}}
  power.supply @s selected converter #power.gating<bank>
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  // expected-error@+1 {{expects @s to be a power.supply of its target}}
  power.domain @a on @s nominal_v 1.1
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.supply @s regulated slew_v_per_s 1.0 settle_time_s 0.0
  power.domain @a on @s nominal_v 1.1
  // expected-error@+1 {{expects a domain that picks a rail by itself, but got @a, which is on regulated supply @s}}
  power.transition of @a energy_j 0.0 time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  // expected-error@+1 {{expects a level at which all of its domains can be, but none is}}
  power.supply @s regulated slew_v_per_s 1.0 settle_time_s 0.0
  power.domain @a on @s nominal_v 1.1 minimum_v 1.0
  power.domain @b on @s nominal_v 0.9 maximum_v 1.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.supply @s regulated slew_v_per_s 1.0 settle_time_s 0.0
  power.domain @a on @s nominal_v 1.1
  // expected-error@+1 {{expects entry and exit costs, because domain @a is on a regulated supply, which does not say what switching it off costs}}
  power.sleep_state @off power_w 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'frequencies_hz' or 'reference_hz', but got both}}
  power.clock @c frequencies_hz [1.0] reference_hz 1.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects at least one frequency, but got none}}
  power.clock @c frequencies_hz []
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'frequencies_hz' to be finite and positive, but got 0}}
  power.clock @c frequencies_hz [0.0]
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects increasing frequencies, but got 1 after 2}}
  power.clock @c frequencies_hz [2.0, 1.0]
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'reference_hz' to be finite and positive, but got 0}}
  power.clock @c reference_hz 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  // expected-error@+1 {{expects @c to be a power.clock of its target}}
  power.domain @a clock @c nominal_v 1.1 frequency_hz 2.0 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0, 2.0]>
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.clock @c
  // expected-error@+1 {{expects a 'frequency_hz' with its 'law' beside its clock}}
  power.domain @a clock @c nominal_v 1.1
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  // expected-error@+1 {{expects 'minimum_v' to be finite and positive, but got 0}}
  power.domain @a nominal_v 1.1 minimum_v 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  // expected-error@+1 {{expects 'maximum_v' to be finite and positive, but got 0}}
  power.domain @a nominal_v 1.1 maximum_v 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  // expected-error@+1 {{expects 'minimum_v' not to exceed 'maximum_v', but got 1.1 and 0.9}}
  power.domain @a nominal_v 1.1 minimum_v 1.1 maximum_v 0.9
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  // expected-error@+1 {{expects a 'leakage_w' with its 'leakage_law'}}
  power.domain @a nominal_v 1.1 leakage_law #power.exponential_leakage<voltage_per_efold_v = 1.0>
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  // expected-error@+1 {{invalid kind of attribute specified}}
  power.domain @a nominal_v 1.1 leakage_w 1.0 leakage_law #power.gating<bank>
}

// -----

// expected-error@+1 {{expects a level at which domain @b can be, by its limits, its voltage-frequency law and its memories, but none is}}
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-note@+1 {{domain declared here}}
  power.domain @b nominal_v 1.1 minimum_v 1.2
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'dynamic_factor' to be finite and not negative, but got -1}}
  power.mode @m of @a dynamic_factor -1.0 energy_j 0.0 time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'leakage_factor' to be finite and not negative, but got -1}}
  power.mode @m of @a leakage_factor -1.0 energy_j 0.0 time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'frequency_factor' to be finite and positive, but got 0}}
  power.mode @m of @a frequency_factor 0.0 energy_j 0.0 time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'energy_j' to be finite and not negative, but got -1}}
  power.mode @m of @a energy_j -1.0 time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'time_s' to be finite and not negative, but got -1}}
  power.mode @m of @a energy_j 0.0 time_s -1.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects @b to be a power.domain of its target}}
  power.mode @m of @b energy_j 0.0 time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects one list of voltages for each domain, at least one, but got 0 for 0}}
  power.exclude [] at []
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects one list of voltages for each domain, at least one, but got 0 for 1}}
  power.exclude [@a] at []
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects each domain once, but got @a twice}}
  power.exclude [@a, @a] at [[0.9], [0.9]]
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects at least one voltage of each domain}}
  power.exclude [@a] at [[]]
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects @b to be a power.domain of its target}}
  power.exclude [@b] at [[0.9]]
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects levels of its target, but got 1 V}}
  power.exclude [@a] at [[1.0]]
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects to be volatile or nonvolatile, but got both}}
  "power.memory"() {sym_name = "m", domain = @a, bank_bytes = 1 : i64, bank_leakage_w = 0.0 : f64, is_volatile, is_nonvolatile} : () -> ()
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects to say whether it is volatile or nonvolatile, because waking its banks has a cost}}
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0 wake_energy_j 0.0 wake_time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'bank_retention_w' or costs of waking, but got both}}
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0 volatile bank_retention_w 0.0 wake_energy_j 0.0 wake_time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'minimum_v' to be finite and positive, but got 0}}
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0 minimum_v 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'bank_retention_w' to be finite and not negative, but got -1}}
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0 volatile bank_retention_w -1.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'reload_energy_j' to be finite and not negative, but got -1}}
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0 nonvolatile reload_energy_j -1.0 reload_time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'reload_time_s' to be finite and not negative, but got -1}}
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0 nonvolatile reload_energy_j 0.0 reload_time_s -1.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'wake_energy_j' to be finite and not negative, but got -1}}
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0 volatile wake_energy_j -1.0 wake_time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'wake_time_s' to be finite and not negative, but got -1}}
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0 volatile wake_energy_j 0.0 wake_time_s -1.0
}

// -----

// expected-error@+1 {{expects a level at which domain @b can be, by its limits, its voltage-frequency law and its memories, but none is}}
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-note@+1 {{domain declared here}}
  power.domain @b nominal_v 1.1
  power.memory @m in @b bank_bytes 1 bank_leakage_w 0.0 minimum_v 1.2
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1 frequency_hz 2.0 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0, 2.0]> leakage_w 0.0
  // expected-error@+1 {{expects 'handover_energy_j' to be finite and not negative, but got -1}}
  power.engine @e cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0> handover_energy_j -1.0 handover_time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1 frequency_hz 2.0 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0, 2.0]> leakage_w 0.0
  // expected-error@+1 {{expects 'handover_time_s' to be finite and not negative, but got -1}}
  power.engine @e cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0> handover_energy_j 0.0 handover_time_s -1.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  // expected-error@+1 {{expects a 'frequency_hz' with its 'law', and a 'leakage_w', which the cost model needs}}
  power.domain @a nominal_v 1.1
  power.engine @e cost_model #power.roofline<domain = "a", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0> handover_energy_j 0.0 handover_time_s 0.0
}

// -----

// expected-error@+1 {{expects a power.domain @b, which its cost model speaks of}}
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1 frequency_hz 2.0 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0, 2.0]> leakage_w 0.0
  power.engine @e cost_model #power.roofline<domain = "b", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0> handover_energy_j 0.0 handover_time_s 0.0
}

// -----

// expected-error@+1 {{expects a power.memory @m, which its cost model speaks of}}
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1 frequency_hz 2.0 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0, 2.0]> leakage_w 0.0
  power.engine @e cost_model #power.roofline<domain = "a", feature_memory = "m", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0> handover_energy_j 0.0 handover_time_s 0.0
}

// -----

// expected-error@+1 {{expects its cost model to name different memories, but got 'm' twice}}
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1 frequency_hz 2.0 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0, 2.0]> leakage_w 0.0
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0
  power.engine @e cost_model #power.roofline<domain = "a", feature_memory = "m", weight_memory = "m", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0> handover_energy_j 0.0 handover_time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1 frequency_hz 2.0 law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0, 2.0]> leakage_w 0.0
  // expected-error@+1 {{expects no costs of waking, because it holds weights, whose banks are powered one after the other within a layer}}
  power.memory @m in @a bank_bytes 1 bank_leakage_w 0.0 nonvolatile wake_energy_j 1.0 wake_time_s 0.0
  power.engine @e cost_model #power.roofline<domain = "a", weight_memory = "m", macs_per_cycle = 1.0, mac_energy_j = 0.0, bytes_per_cycle = 1.0, byte_energy_j = 0.0> handover_energy_j 0.0 handover_time_s 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'power_w' to be finite and not negative, but got -1}}
  power.idle_state @i voltages_v [0.9] power_w -1.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects one voltage for each of the 1 domains, but got 2}}
  power.idle_state @i voltages_v [0.9, 0.9] power_w 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects a level at which domain @a can be, but got 1 V}}
  power.idle_state @i voltages_v [1.0] power_w 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.supply @s regulated slew_v_per_s 1.0 settle_time_s 0.0
  power.domain @a on @s nominal_v 1.1
  power.domain @b on @s nominal_v 1.1
  // expected-error@+1 {{expects one voltage for all domains on regulated supply @s, but got 0.9 V and 1.1 V}}
  power.idle_state @i voltages_v [0.9, 1.1] power_w 0.0
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'slew_v_per_s' and 'settle_time_s', because it is regulated}}
  "power.supply"() {sym_name = "s", regulated} : () -> ()
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects no 'slew_v_per_s', 'settle_time_s' or 'output_f', because it is selected}}
  "power.supply"() {sym_name = "s", selected, output_f = 1.0 : f64} : () -> ()
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects to be volatile, because it has a 'bank_retention_w'}}
  "power.memory"() {sym_name = "m", domain = @a, bank_bytes = 1 : i64, bank_leakage_w = 0.0 : f64, bank_retention_w = 0.0 : f64} : () -> ()
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects to be nonvolatile, because it has a 'reload_energy_j'}}
  "power.memory"() {sym_name = "m", domain = @a, bank_bytes = 1 : i64, bank_leakage_w = 0.0 : f64, is_volatile, reload_energy_j = 0.0 : f64, reload_time_s = 0.0 : f64} : () -> ()
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'reload_energy_j' and 'reload_time_s' together}}
  "power.memory"() {sym_name = "m", domain = @a, bank_bytes = 1 : i64, bank_leakage_w = 0.0 : f64, is_nonvolatile, reload_time_s = 0.0 : f64} : () -> ()
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'wake_energy_j' and 'wake_time_s' together}}
  "power.memory"() {sym_name = "m", domain = @a, bank_bytes = 1 : i64, bank_leakage_w = 0.0 : f64, is_volatile, wake_time_s = 0.0 : f64} : () -> ()
}
