// What no pass, and no printer, takes for a schedule.
// RUN: pf-opt %s -split-input-file --power-insert-states -verify-diagnostics
// RUN: pf-opt %s -split-input-file --power-verify-schedule -verify-diagnostics
// RUN: pf-translate %s -split-input-file --power-to-table -verify-diagnostics

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
}
// expected-error@+1 {{'func.func' op expects a power.schedule; power-select-states finds one}}
func.func @net() {
  power.layer "first" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W> state <[0.9], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  return
}

// -----

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
}
func.func @net() {
  // expected-error@+1 {{'power.layer' op expects a state; power-select-states finds one}}
  power.layer "first" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W>
  return
}
power.schedule of @net on @t search "exact" period_s 5.0 rails_v [0.9]
  energy_j 1.4 lower_bound_j 1.4 active_time_s 1.0 energy_split_j [0.9, 0.1, 0.0, 0.4]

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 0.9
  power.domain @b nominal_v 0.9
}
func.func @net() {
  // expected-error@+1 {{'power.layer' op expects its state to have one voltage for each of the 2 domains of target @t, but got 1}}
  power.layer "first" costs <[0.9, 0.9] -> 1.0 J, 1.0 s, 0.1 W> state <[0.9], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  return
}
power.schedule of @net on @t search "exact" period_s 5.0 rails_v [0.9]
  energy_j 1.4 lower_bound_j 1.4 active_time_s 1.0 energy_split_j [0.9, 0.1, 0.0, 0.4]

// -----

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
}
func.func @net() {
  // expected-error@+1 {{'power.layer' op expects its state to be at levels of target @t, but got 1 V}}
  power.layer "first" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W> state <[1.0], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  return
}
power.schedule of @net on @t search "exact" period_s 5.0 rails_v [0.9]
  energy_j 1.4 lower_bound_j 1.4 active_time_s 1.0 energy_split_j [0.9, 0.1, 0.0, 0.4]

// -----

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
}
power.target @u levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
  power.sleep_state @off power_w 0.0
}
func.func @net() attributes {power.target = @t} {
  power.layer "first" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W> state <[0.9], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  return
}
// expected-error@+1 {{'power.schedule' op is for target @u, but the function runs on @t}}
power.schedule of @net on @u search "exact" period_s 5.0 rails_v [0.9]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 tail @u::@off energy_split_j [0.9, 0.1, 0.0, 0.0]

// -----

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
}
func.func @net() {
  power.layer "first" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W> state <[0.9], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  return
}
// expected-note@+1 {{another is here}}
power.schedule of @net on @t search "exact" period_s 5.0 rails_v [0.9]
  energy_j 1.4 lower_bound_j 1.4 active_time_s 1.0 energy_split_j [0.9, 0.1, 0.0, 0.4]
// expected-error@+1 {{'power.schedule' op expects to be the only one of @net}}
power.schedule of @net on @t search "exact" period_s 5.0 rails_v [0.9]
  energy_j 9.4 lower_bound_j 1.4 active_time_s 1.0 energy_split_j [8.9, 0.1, 0.0, 0.4]

// -----

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
}
// expected-error@+1 {{'func.func' op expects a body of one block, but got 2}}
func.func @net() {
  power.layer "first" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W>
  cf.br ^next
^next:
  power.layer "second" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W>
  return
}
