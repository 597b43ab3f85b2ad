// The reference accelerator of PowerFlow-DNN, @pf40, with memories that must keep
// what is still needed. Of the feature-map memories, banks stay powered for a
// layer's own input and output and for every value that is alive across it; the
// RRAM keeps all weights of the network without power. The published arithmetic,
// which is @pf40's, powers the banks that a layer by itself works on.
//
// It also costs what is no product of data with weights, which the published
// arithmetic leaves out, by the published energies of its feature-map ports.
//
// All numbers are @pf40's.
power.target @pf40_keep
    levels_v [0.90, 0.95, 1.00, 1.05, 1.10, 1.15, 1.20, 1.25, 1.30]
    max_rails 3
    gating <bank>
    cost_model #power.analytical<
      array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
      input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
      mac_energy_j = 1.833619e-13,
      weight_buffer_write_energy_j = 1.91e-10,
      weight_buffer_read_energy_j = 1.6e-11,
      output_write_energy_j = 3.1e-11,
      input_read_energy_j = 3.5e-11,
      weight_memory_read_energy_j = 6.4e-11,
      lane_write_energy_j = 1.798701e-13,
      lane_read_energy_j = 1.798701e-13,
      stagger_energy_j = 9.734584e-12,
      feeder_control_energy_j = 9.822556e-12,
      gate_control_energy_j = 2.579131e-12,
      dma_control_energy_j = 1.316180e-12,
      gate_controller_leakage_w = 1.62e-06, other_work = "traffic"> {
  // The systolic array and control.
  power.domain @sys nominal_v 1.1 frequency_hz 5.0e+08
    law #power.delay_polynomial<coefficients = [4922.0, -11041.0, 8656.0, -2306.0],
                                minimum_v = 0.9, maximum_v = 1.3>
    leakage_w 2.32e-06
  // The RRAM weight memory, its DMA and the write port of the weight buffer.
  power.domain @weight nominal_v 1.1 frequency_hz 1.0e+08
    law #power.delay_polynomial<coefficients = [4922.0, -11041.0, 8656.0, -2306.0],
                                minimum_v = 0.9, maximum_v = 1.3>
    leakage_w 6.452e-06
  // The feature-map memories and the activation feeder.
  power.domain @feeder nominal_v 1.1 frequency_hz 5.0e+08
    law #power.delay_polynomial<coefficients = [4922.0, -11041.0, 8656.0, -2306.0],
                                minimum_v = 0.9, maximum_v = 1.3>
    leakage_w 5.71e-06

  power.memory @ifmap in @feeder bank_bytes 32768 bank_leakage_w 2.0e-05 volatile
  power.memory @ofmap in @feeder bank_bytes 65536 bank_leakage_w 1.0e-05 volatile
  power.memory @rram in @weight bank_bytes 8192 bank_leakage_w 2.0e-05
    nonvolatile

  power.transition energy_j 1.0e-10 time_s 1.5e-08
  power.sleep_state @off power_w 0.0

  // The power manager: rails by level, banks (of the weight memory in halves: its
  // next bank is on half of the time), and commands. Its timer counts at 100 MHz.
  power.register_map base 0x40000000 timer_hz 1.0e+08
      levels_v [0.90, 0.95, 1.00, 1.05, 1.10, 1.15, 1.20, 1.25, 1.30]
      codes [0, 1, 2, 3, 4, 5, 6, 7, 8] {
    power.field rail of @sys offset 0 shift 0 width 4
    power.field rail of @weight offset 0 shift 4 width 4
    power.field rail of @feeder offset 0 shift 8 width 4
    power.field banks of @ifmap offset 4 shift 0 width 16
    power.field banks of @ofmap offset 4 shift 16 width 16
    power.field banks of @rram offset 8 shift 0 width 24 per_bank 2
    power.field start offset 12 shift 0 width 16
    power.field finish offset 16 shift 0 width 16
    power.field tail offset 20 shift 0 width 1
    power.field ready offset 24 shift 0 width 1 value 1
    power.field done offset 24 shift 1 width 1 value 1
    power.field timer offset 28 shift 0 width 32
  }
}
