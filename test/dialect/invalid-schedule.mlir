// RUN: pf-opt %s -split-input-file -verify-diagnostics

func.func @f() {
  // expected-error@+1 {{'power.layer' op expects a name}}
  power.layer "" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}

// -----

func.func @f() {
  // expected-error@+1 {{expects 'probability' to be from 0 to 1, but got 1.5}}
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1> probability 1.5
  return
}

// -----

func.func @f() {
  // expected-error@+1 {{expects 'probability' to be from 0 to 1, but got nan}}
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1> probability 0x7FF8000000000000
  return
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @d nominal_v 1.0
  power.idle_state @i voltages_v [1.0] power_w 0.0
}
func.func @f() {
  return
}
// expected-error@+1 {{expects @t::@i to be a power.sleep_state of target @t}}
power.schedule of @f on @t search "x" period_s 1.0 rails_v [1.0] energy_j 1.0 lower_bound_j 1.0
  active_time_s 1.0 early_tail @t::@i energy_split_j [1.0, 0.0, 0.0, 0.0]

// -----

func.func @f() {
  // expected-error@+1 {{expects no results without a body, but got 1}}
  %0 = "power.layer"() <{name = "l", workload = #power.matmul<m = 1, k = 1, n = 1>}> ({}) : () -> i32
  return
}

// -----

func.func @f(%a: i32) {
  // expected-error@+1 {{expects the types of its results to be those that it yields, ('i32'), but got ('f32')}}
  %0 = power.layer "l" {
    // expected-note@+1 {{yielded here}}
    power.yield %a : i32
  } : f32
  return
}

// -----

func.func @f() {
  // expected-error@+1 {{expects a number of operations for uncosted 'pool', but got "two"}}
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1> uncosted {pool = "two"}
  return
}

// -----

func.func @f(%c: i1) {
  scf.if %c {
    // expected-error@+1 {{expects to be in a function, but is in 'scf.if'}}
    power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  }
  return
}

// -----

func.func @f() {
  // expected-error@+1 {{Invalid attribute `workload` in property conversion: 1 : i64}}
  "power.layer"() <{name = "l", workload = 1 : i64}> ({}) : () -> ()
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.memory @m in @a bank_bytes 64 bank_leakage_w 0.0 banks 4
  power.sleep_state @s power_w 0.0
}

func.func @count() {
  // expected-error@+1 {{expects one voltage for each symbol, at least one, but got 2 for 1}}
  power.set_state [@t::@a] to [0.9, 1.1]
  return
}

func.func @twice() {
  // expected-error@+1 {{expects each symbol once, but got @t::@a twice}}
  power.set_state [@t::@a, @t::@a] to [0.9, 1.1]
  return
}

func.func @negative() {
  // expected-error@+1 {{expects 'powered' to be finite and not negative, but got -1}}
  power.gate_banks [@t::@m] powered [-1.0]
  return
}

func.func @idle() {
  // expected-error@+1 {{expects 'time_s' to be finite and not negative, but got -1}}
  power.idle time_s -1.0
  return
}

func.func @sleep() {
  // expected-error@+1 {{expects 'time_s' to be finite and not negative, but got nan}}
  power.sleep @t::@s time_s 0x7FF8000000000000
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
}
func.func @f() {
  // expected-error@+1 {{expects @t::@b to be a power.domain}}
  power.set_state [@t::@b] to [0.9]
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
}
func.func @f() {
  // expected-error@+1 {{expects a level of target @t, but got 1 V}}
  power.set_state [@t::@a] to [1.0]
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.memory @m in @a bank_bytes 64 bank_leakage_w 0.0 banks 4
}
func.func @f() {
  // expected-error@+1 {{expects at most the 4 banks of @t::@m, but got 5}}
  power.gate_banks [@t::@m] powered [5.0]
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
}
func.func @f() {
  // expected-error@+1 {{expects @t::@a to be a power.sleep_state}}
  power.sleep @t::@a time_s 1.0
  return
}

// -----

// expected-error@+1 {{expects @f to be a function}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.0]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]

// -----

func.func @f() { return }
// expected-error@+1 {{expects @t to be a power.target}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.0]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]

// -----

func.func @f() { return }
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects rails at levels of target @t, but got 1 V}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.0]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]

// -----

func.func @f() { return }
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects @t::@s to be a power.idle_state or a power.sleep_state of target @t}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 tail @t::@s energy_split_j [1.0, 0.0, 0.0, 0.0]

// -----

// expected-error@+1 {{expects 'energy_split_j' to be [dynamic, leakage, transition, tail], or these and [awake, rails], but got 1 values}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0]

// -----

// expected-error@+1 {{expects 'energy_j' to be finite and not negative, but got -1}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j -1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]

// -----

// expected-error@+1 {{expects an energy in joules for baseline 'nominal', but got 1 : i64}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]
  baselines_j {nominal = 1 : i64}

// -----

// expected-error@+1 {{'power.period_s' expects a positive number of seconds (f64), but got 0.000000e+00 : f64}}
func.func @f() attributes {power.period_s = 0.0} { return }

// -----

// expected-error@+1 {{'power.account' expects a dictionary, but got 3 : i64}}
func.func @f() attributes {power.account = 3} { return }

// -----

// expected-error@+1 {{'power.account' expects dictionaries by layer, vector, in_passing, padding, view, format, ahead, listed, but got 'gone' = {}}}
func.func @f() attributes {power.account = {gone = {}}} { return }

// -----

// expected-error@+1 {{'power.account' expects numbers (i64) of 'linalg.matmul' by count, multiply_accumulates, operations, bytes, unknown, but got {count = -1 : i64}}}
func.func @f() attributes {power.account = {layer = {linalg.matmul = {count = -1}}}} { return }

// -----

// expected-error@+1 {{'power.target' expects the symbol of a power.target, but got 1 : i64}}
func.func @f() attributes {power.target = 1} { return }

// -----

// expected-error@+1 {{'power.target' expects to be on a function}}
module attributes {power.target = @t} {}

// -----

// expected-error@+1 {{unknown attribute 'power.deadline' of the power dialect}}
func.func @f() attributes {power.deadline = 1} { return }

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects 'energy_split_j' to be finite, but got nan}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0x7FF8000000000000, 0.0]

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects a number of operations for uncosted 'softmax', but got "many"}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]
  uncosted {softmax = "many"}

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects 'nominal' to be finite and not negative, but got -1}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]
  baselines_j {nominal = -1.0 : f64}

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects reference 'nominal' to be {differs_in = [...], energy_j = ...}, to differ in gating, levels or rails, but got 1.000000e+00 : f64}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]
  references {nominal = 1.0}

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects reference 'nominal' to be {differs_in = [...], energy_j = ...}, to differ in gating, levels or rails, but got {differs_in = [], energy_j = 1.000000e+00 : f64}}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]
  references {nominal = {differs_in = [], energy_j = 1.0}}

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects reference 'nominal' to be {differs_in = [...], energy_j = ...}, to differ in gating, levels or rails, but got {differs_in = ["size"], energy_j = 1.000000e+00 : f64}}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]
  references {nominal = {differs_in = ["size"], energy_j = 1.0}}

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects reference 'nominal' to be {differs_in = [...], energy_j = ...}, to differ in gating, levels or rails, but got {differs_in = ["gating"]}}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]
  references {nominal = {differs_in = ["gating"]}}

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects an energy in joules for baseline 'nominal', but got 1 : i64}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]
  references {nominal = {differs_in = ["gating"], energy_j = 1}}

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
// expected-error@+1 {{expects 'nominal' to be finite and not negative, but got -1}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 energy_split_j [1.0, 0.0, 0.0, 0.0]
  references {nominal = {differs_in = ["gating"], energy_j = -1.0}}

// -----

func.func @f() { return }
power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
power.target @u levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
  power.sleep_state @off power_w 0.0
}
// expected-error@+1 {{expects @u::@off to be a power.idle_state or a power.sleep_state of target @t}}
power.schedule of @f on @t search "exact" period_s 1.0 rails_v [1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 tail @u::@off energy_split_j [1.0, 0.0, 0.0, 0.0]

// -----

func.func @f() {
  power.layer "first" {
    // expected-error@+1 {{'power.idle' op expects to be in a function, but is in 'power.layer'}}
    power.idle time_s 1.0
  }
  return
}

// -----

power.target @t levels_v [1.1] max_rails 1 {
  power.domain @a nominal_v 1.1
}
func.func @f() {
  power.layer "first" {
    // expected-error@+1 {{'power.set_state' op expects to be in a function, but is in 'power.layer'}}
    power.set_state [@t::@a] to [1.1]
  }
  return
}

// -----

// expected-error@+1 {{'power.target' expects the symbol of a power.target, but got @f}}
func.func @f() attributes {power.target = @f} { return }

// -----

// expected-error@+1 {{'power.period_s' expects to be on a function, but is on its argument 1}}
func.func @f(%a: i32, %b: i32 {power.period_s = 1.0}) { return }

// -----

// expected-error@+1 {{'power.period_s' expects to be on a function, but is on its result 0}}
func.func @f(%a: i32) -> (i32 {power.period_s = 1.0}) { return %a : i32 }

// -----

ml_program.subgraph @f() {
  // expected-error@+1 {{'power.layer' op expects to be in a function that runs its operations in order, but is in 'ml_program.subgraph'}}
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  ml_program.output
}

// -----

// expected-error@+1 {{'power.period_s' expects to be on a function, but is on its argument 0}}
ml_program.func @f(%a: i32 {power.period_s = 1.0}) { ml_program.return }

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
  power.domain @b nominal_v 1.0
  power.mode @m of @a energy_j 0.0 time_s 0.0
}
func.func @f() {
  // expected-error@+1 {{expects a mode of @t::@b, but got @t::@m}}
  power.set_mode of @t::@b to @t::@m
  return
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
}
func.func @f() {
  // expected-error@+1 {{expects @t::@m to be a power.mode}}
  power.set_mode of @t::@a to @t::@m
  return
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
}
func.func @f() {
  // expected-error@+1 {{expects @t::@b to be a power.domain}}
  power.set_mode of @t::@b
  return
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
}
func.func @f() {
  // expected-error@+1 {{expects @t::@a to be a power.engine}}
  power.hand_over to @t::@a
  return
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @a nominal_v 1.0
}
func.func @f() {
  // expected-error@+1 {{expects @t::@a to be a power.idle_state}}
  power.idle @t::@a time_s 1.0
  return
}

// -----

func.func @f() {
  // expected-error@+1 {{expects 'costs' or 'implementations', but got both}}
  power.layer "l" costs #power.cost_table<[1.0] -> 1.0 J, 1.0 s, 0.0 W>
    implementations {a = #power.cost_table<[1.0] -> 1.0 J, 1.0 s, 0.0 W>}
  return
}

// -----

func.func @f() {
  // expected-error@+1 {{expects at least one of its implementations, but got none}}
  power.layer "l" implementations {}
  return
}

// -----

func.func @f() {
  // expected-error@+1 {{expects a #power.cost_table for implementation 'a', but got 1}}
  power.layer "l" implementations {a = 1 : i64}
  return
}
