// RUN: pf-opt %s -split-input-file --power-insert-states -verify-diagnostics

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
}
func.func @net() {
  // expected-error@+1 {{'power.layer' op expects a schedule; power-select-states finds one}}
  power.layer "first" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W>
  return
}

// -----

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
}
// expected-error@+1 {{'func.func' op expects a schedule; power-select-states finds one}}
func.func @net() {
  power.layer "first" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W> state <[0.9], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  return
}
