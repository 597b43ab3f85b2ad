// Engines, modes, a regulated supply, dispatch times and an idle state; of the
// power manager there are functions.
power.target @chip levels_v [0.9, 1.1] max_rails 2 awake_power_w 1.0
    rail_power_w 0.5 dispatch_time_s 0.25e-06 margin 0.1 {
  power.supply @core regulated slew_v_per_s 4.0e+05 settle_time_s 1.0e-07
  power.domain @a nominal_v 1.1
  power.mode @fast of @a energy_j 0.5e-06 time_s 0.125e-06
  power.engine @cpu cost_model #power.roofline<
      domain = "b", macs_per_cycle = 1.0, mac_energy_j = 0.0,
      bytes_per_cycle = 1.0, byte_energy_j = 0.0>
    handover_energy_j 2.0e-06 handover_time_s 0.5e-06
  power.domain @b on @core nominal_v 1.1 frequency_hz 1.0e+06
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+06, 1.0e+06]>
    leakage_w 0.0
  power.transition energy_j 0.25e-06 time_s 0.0625e-06
  power.idle_state @parked voltages_v [0.9, 0.9] power_w 0.125
  power.register_map timer_hz 1.0e+08 levels_v [0.9, 1.1] codes [900, 1100] {
    power.field rail of @a function "vendor_set_rail" argument 0
    power.field rail of @core function "vendor_set_rail" argument 1
    power.field mode of @a function "vendor_set_mode"
    power.field engine function "vendor_hand_over"
    power.field start function "vendor_start"
    power.field tail function "vendor_wait"
    power.field done function "vendor_is_done" value 1
    power.field timer function "vendor_ticks"
  }
}
func.func @net() attributes {power.target = @chip, power.period_s = 16.0e-06} {
  power.layer "first" implementations {x = #power.cost_table<[1.1, 1.1] -> 4.0e-06 J, 1.0e-06 s, 0.5 W>}
  power.layer "second" implementations {cpu = #power.cost_table<[0.9, 1.1] -> 3.0e-06 J, 2.0e-06 s, 0.25 W>}
  return
}
