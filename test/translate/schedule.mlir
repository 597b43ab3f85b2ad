// A small schedule as JSON, CSV and a table.
// RUN: pf-translate --power-to-json %s | FileCheck %s --check-prefix=JSON
// RUN: pf-translate --power-to-json %s | %python -m json.tool > /dev/null
// RUN: pf-translate --power-to-csv %s | FileCheck %s --check-prefix=CSV
// RUN: pf-translate --power-to-table %s | FileCheck %s --check-prefix=TABLE
// RUN: sed -e '/^power.schedule/,$d' %s | not pf-translate --power-to-json 2>&1 | FileCheck %s --check-prefix=UNSCHEDULED
// RUN: sed -e 's/ state <.1.1.*//' %s | not pf-translate --power-to-table 2>&1 | FileCheck %s --check-prefix=STATELESS

// UNSCHEDULED: error: {{.*}}expects a power.schedule; power-select-states finds one
// STATELESS: error: {{.*}}expects a state; power-select-states finds one

// JSON:      "function": "net"
// JSON-NEXT: "target": "t"
// JSON-NEXT: "search": "exact"
// JSON-NEXT: "period_s": 20
// JSON-NEXT: "active_time_s": 6.5
// JSON-NEXT: "levels_v": [
// JSON:      ],
// JSON-NEXT: "rails_v": [
// JSON-NEXT:   0.90000000000000002,
// JSON-NEXT:   1.1000000000000001
// JSON-NEXT: ]
// JSON-NEXT: "energy_j": 5
// JSON-NEXT: "lower_bound_j": 4
// JSON-NEXT: "gap": 0.2{{0*}}
// JSON-NEXT: "energy_split_j": {
// JSON-NEXT:   "dynamic": 2.2{{0*[0-9]?}},
// JSON-NEXT:   "leakage": 0.8{{0*[0-9]?}},
// JSON-NEXT:   "transition": 0.5,
// JSON-NEXT:   "tail": 1.5
// JSON-NEXT: }
// JSON-NEXT: "baselines_j": {
// JSON-NEXT:   "nominal": 10
// JSON-NEXT: }
// JSON-NEXT: "references": {
// JSON-NEXT:   "greedy": {
// JSON-NEXT:     "energy_j": 4,
// JSON-NEXT:     "differs_in": [
// JSON-NEXT:       "gating",
// JSON-NEXT:       "levels",
// JSON-NEXT:       "rails"
// JSON-NEXT:     ]
// JSON-NEXT:   }
// JSON-NEXT: }
// JSON-NEXT: "uncosted": {
// JSON-NEXT:   "linalg.pooling_nchw_max": 3
// JSON-NEXT: }
// JSON-NEXT: "layers": [
// JSON:        "name": "first, of two"
// JSON-NEXT:   "workload": "#power.matmul<m = 2, k = 3, n = 4>"
// JSON-NEXT:   "multiply_accumulates": 24
// JSON-NEXT:   "voltage_v": {
// JSON-NEXT:     "core": 0.90000000000000002
// JSON-NEXT:   }
// JSON-NEXT:   "transition_time_s": 0,
// JSON-NEXT:   "transition_energy_j": 0,
// JSON-NEXT:   "start_s": 0,
// JSON-NEXT:   "time_s": 4
// JSON-NEXT:   "energy_j": 1,
// JSON-NEXT:   "dynamic_energy_j": 0.{{6|5999}}
// JSON-NEXT:   "leakage_energy_j": 0.4{{0*[0-9]?}}
// JSON-NEXT:   "leakage_w": 0.1{{0*[0-9]?}}
// JSON:        "name": "second"
// JSON-NOT:    workload
// JSON:        "transition_time_s": 0.5,
// JSON-NEXT:   "transition_energy_j": 0.5,
// JSON-NEXT:   "start_s": 4.5,
// JSON:      "tail": {
// JSON-NEXT:   "kind": "sleep",
// JSON-NEXT:   "time_s": 13.5,
// JSON-NEXT:   "energy_j": 1.5,
// JSON-NEXT:   "state": "nap",
// JSON-NEXT:   "power_w": 0.1{{0*[0-9]?}},
// JSON-NEXT:   "overhead_time_s": 3.5,
// JSON-NEXT:   "overhead_energy_j": 0.5

// CSV:      layer,start_s,time_s,transition_time_s,core_v,energy_j,dynamic_energy_j,leakage_energy_j,leakage_w,transition_energy_j
// CSV-NEXT: "first, of two",0,4,0,0.90000000000000002,1,
// CSV-NEXT: second,4.5,2,0.5,1.1000000000000001,2,

// TABLE:      Schedule of @net on @t, by search 'exact'
// TABLE:      period        20.000 s (0.05 fps), active for 6.500 s (32.5 %), then asleep in @nap
// TABLE-NEXT: rails         0.90 V, 1.10 V
// TABLE-NEXT: energy        5.000 J a period, 250.000 mW on average
// TABLE-NEXT: lower bound   4.000 J: at most 20.0000 % above the optimum
// TABLE-NEXT: dynamic       2.200 J (44.0 %)
// TABLE-NEXT: leakage       800.000 mJ (16.0 %)
// TABLE-NEXT: transitions   500.000 mJ (10.0 %)
// TABLE-NEXT: tail          1.500 J (30.0 %)
// TABLE:      Saving against
// TABLE-NEXT: nominal            10.000 J  50.0 %
// TABLE:      Saving against what the target does not allow
// TABLE-NEXT: greedy              4.000 J  -25.0 %  (all banks on, voltages that are no levels, more rails than allowed)
// TABLE:      layer            core (V)         time       energy      dynamic      leakage
// TABLE-NEXT: first, of two        0.90      4.000 s      1.000 J   600.000 mJ   400.000 mJ
// TABLE-NEXT: second               1.10      2.000 s      2.000 J      1.600 J   400.000 mJ
// TABLE:      Not costed, because no model speaks of them
// TABLE-NEXT: 3  linalg.pooling_nchw_max

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.transition energy_j 0.5 time_s 0.5
  power.sleep_state @nap power_w 0.1 entry_energy_j 0.2 entry_time_s 1.5 exit_energy_j 0.3 exit_time_s 2.0
}
func.func @net() {
  power.layer "first, of two" workload #power.matmul<m = 2, k = 3, n = 4> state <[0.9], energy_j = 1.0, time_s = 4.0, leakage_w = 0.1>
  power.layer "second" costs <[1.1] -> 2.0 J, 2.0 s, 0.2 W> state <[1.1], energy_j = 2.0, time_s = 2.0, leakage_w = 0.2>
  return
}
power.schedule of @net on @t search "exact" period_s 20.0 rails_v [0.9, 1.1]
  energy_j 5.0 lower_bound_j 4.0 active_time_s 6.5 tail @t::@nap
  energy_split_j [2.2, 0.8, 0.5, 1.5]
  baselines_j {nominal = 10.0 : f64}
  references {greedy = {differs_in = ["gating", "levels", "rails"], energy_j = 4.0}}
  uncosted {linalg.pooling_nchw_max = 3 : i64}
