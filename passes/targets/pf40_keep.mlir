// The reference accelerator of PowerFlow-DNN, @pf40, with memories that must keep
// what is still needed. Of the feature-map memories, banks stay powered for a
// layer's own input and output and for every value that is alive across it; the
// RRAM keeps all weights of the network without power. The published arithmetic,
// which is @pf40's, powers the banks that a layer by itself works on.
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
      gate_controller_leakage_w = 1.62e-06> {
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
}
