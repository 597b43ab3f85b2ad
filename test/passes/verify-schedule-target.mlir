// Two targets that call their parts alike: the schedule is one of @t, and a part of
// @u in its place is found.
// RUN: pf-opt %s --power-verify-schedule | FileCheck %s
// RUN: sed -e 's/set_state .@t/set_state [@u/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=DOMAIN
// RUN: sed -e 's/gate_banks .@t/gate_banks [@u/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=MEMORY
// RUN: sed -e 's/power.sleep @t/power.sleep @u/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=SLEEP

// CHECK: power.schedule of @net on @t
// DOMAIN: error: 'power.set_state' op expects a power.domain of target @t, on which the function runs, but got @u::@core
// MEMORY: error: 'power.gate_banks' op expects a power.memory of target @t, on which the function runs, but got @u::@ram
// SLEEP: error: 'power.sleep' op is not the end of the period that the schedule speaks of

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
  power.memory @ram in @core bank_bytes 8 bank_leakage_w 0.0 banks 2
  power.sleep_state @off power_w 0.0
}
power.target @u levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
  power.memory @ram in @core bank_bytes 8 bank_leakage_w 0.0 banks 2
  power.sleep_state @off power_w 9.0
}
func.func @net() attributes {power.target = @t} {
  power.set_state [@t::@core] to [0.9]
  power.gate_banks [@t::@ram] powered [1.0]
  power.layer "first" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W> state <[0.9], energy_j = 1.0, time_s = 4.0, leakage_w = 0.1>
  power.sleep @t::@off time_s 1.0
  return
}
power.schedule of @net on @t search "by hand" period_s 5.0 rails_v [0.9]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 4.0 tail @t::@off
  energy_split_j [0.6, 0.4, 0.0, 0.0]
