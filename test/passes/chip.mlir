// Everything that a schedule decides on a chip, on numbers that add up by hand.
// RUN: pf-opt %s --powerflow-schedule | FileCheck %s
// RUN: pf-opt %s --powerflow-schedule | pf-opt --power-verify-schedule="prove-bound" -o /dev/null
// RUN: pf-opt %s --powerflow-schedule | pf-translate --power-to-table | FileCheck %s --check-prefix=TABLE
// RUN: pf-opt %s --powerflow-schedule | pf-translate --power-to-csv | FileCheck %s --check-prefix=CSV
// RUN: pf-opt %s --powerflow-schedule | pf-translate --power-to-json | FileCheck %s --check-prefix=JSON

power.target @t levels_v [0.9, 1.1] max_rails 2 awake_power_w 1.0
    rail_power_w 0.5 dispatch_time_s 0.25 margin 0.1 {
  power.domain @a nominal_v 1.1
  power.mode @fast of @a energy_j 0.5 time_s 0.125
  power.engine @cpu cost_model #power.roofline<
      domain = "b", macs_per_cycle = 1.0, mac_energy_j = 0.0,
      bytes_per_cycle = 1.0, byte_energy_j = 0.0>
    handover_energy_j 2.0 handover_time_s 0.5
  power.domain @b nominal_v 1.1 frequency_hz 1.0
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0, 1.0]>
    leakage_w 0.0
  power.transition energy_j 0.25 time_s 0.0625
  power.idle_state @parked voltages_v [0.9, 0.9] power_w 0.125
}
func.func @net() attributes {power.target = @t, power.period_s = 16.0} {
  power.layer "first" implementations {x = #power.cost_table<[1.1, 1.1] -> 4.0 J, 1.0 s, 0.5 W>}
  power.layer "second" implementations {cpu = #power.cost_table<[0.9, 1.1] -> 3.0 J, 2.0 s, 0.25 W>}
  return
}

// The engine changes, @a goes down by 0.2 V, and @b for idling.
// CHECK-LABEL: func.func @net
// CHECK-NEXT: power.hand_over{{$}}
// CHECK-NEXT: power.set_state [@t::@a, @t::@b] to [1.100000e+00, 1.100000e+00]
// CHECK-NEXT: power.set_mode of @t::@a{{$}}
// CHECK-NEXT: power.layer "first"
// CHECK-SAME:   state <[1.100000e+00, 1.100000e+00], energy_j = 4.000000e+00, time_s = 1.000000e+00, leakage_w = 5.000000e-01, implementation = "x">
// CHECK-NEXT: power.hand_over to @t::@cpu
// CHECK-NEXT: power.set_state [@t::@a] to [9.000000e-01]
// CHECK-NEXT: power.layer "second"
// CHECK-SAME:   implementation = "cpu">
// CHECK-NEXT: power.set_state [@t::@b] to [9.000000e-01]
// CHECK-NEXT: power.idle @t::@parked time_s 1.187500e+01
//
// Active are 1 + 2 s of layers, 2 x 0.25 s of dispatch, 0.5 s of handing over and
// 2 x 0.0625 s of transitions. Leakage is also that of dispatch; transitions are
// 2 J and 2 x 0.25 J; awake is 1 W for 16 s, and two rails are 0.5 W each.
// CHECK: power.schedule of @net on @t
// CHECK-SAME: energy_j 43.171875 lower_bound_j 43.171875 active_time_s 4.125000e+00 tail @t::@parked
// CHECK-SAME: energy_split_j [6.000000e+00, 1.187500e+00, 2.500000e+00, 1.484375, 1.600000e+01, 1.600000e+01]

// TABLE: then idle in @parked
// TABLE: rails         0.90 V, 1.10 V
// TABLE: tail          1.484 J (3.4 %)
// TABLE: awake         16.000 J (37.1 %)
// TABLE: rail power    16.000 J (37.1 %)
// TABLE: layer {{.*}} choices
// TABLE: first {{.*}} x
// TABLE: second {{.*}} cpu

// CSV: layer,start_s,{{.*}},transition_energy_j,choices
// CSV-NEXT: first,0.25,1,0,{{.*}},x
// CSV-NEXT: second,2.0625,2,0.5625,{{.*}},2.25,cpu

// JSON: "dispatch_time_s": 0.25
// JSON: "energy_split_j": {
// JSON: "awake": 16,
// JSON-NEXT: "rails": 16
// JSON: "implementation": "cpu"
// JSON: "tail": {
// JSON-NEXT: "kind": "idle",
// JSON-NEXT: "time_s": 11.875,
// JSON-NEXT: "energy_j": 1.484375,
// JSON-NEXT: "state": "parked",
// JSON-NEXT: "power_w": 0.125,
// JSON-NEXT: "overhead_time_s": 0.0625,
// JSON-NEXT: "overhead_energy_j": 0.25
