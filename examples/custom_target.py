# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Describe an accelerator in a few lines, and ask which rails are worth building.

Run: python examples/custom_target.py
"""

import pfmlir
from pfmlir import ir
from pfmlir.dialects import power

FPS = 900
NETWORK = """
func.func @net() {
  power.layer "stem" workload #power.conv2d<input = [3, 96, 96],
      output_channels = 16, kernel = [3, 3], strides = [2, 2]>
  power.layer "body" workload #power.conv2d<input = [16, 47, 47],
      output_channels = 64, kernel = [3, 3], strides = [2, 2]>
  power.layer "head" workload #power.matmul<m = 1, k = 1024, n = 10>
  return
}
"""


def make_target() -> ir.Module:
    """Return a module with an accelerator of three power domains.

    The numbers are invented; yours come from synthesis and the memory compiler.
    """
    # How fast all three can be clocked.
    law = power.FrequencyTableAttr.get(
        voltage_v=[0.7, 0.8, 0.9, 1.0, 1.1],
        frequency_hz=[60e6, 100e6, 140e6, 175e6, 200e6],
    )
    # What plays which part, and what it costs at nominal voltage.
    model = power.AnalyticalAttr.get(
        array_domain="logic",
        weight_domain="weights",
        feeder_domain="logic_sram",
        input_memory="inputs",
        output_memory="outputs",
        weight_memory="flash",
        mac_energy_j=2.0e-13,
        weight_buffer_write_energy_j=1.5e-10,
        weight_buffer_read_energy_j=1.5e-11,
        output_write_energy_j=2.5e-11,
        input_read_energy_j=2.5e-11,
        weight_memory_read_energy_j=9.0e-11,
        lane_write_energy_j=1.5e-13,
        lane_read_energy_j=1.5e-13,
        stagger_energy_j=8.0e-12,
        feeder_control_energy_j=8.0e-12,
        gate_control_energy_j=2.0e-12,
        dma_control_energy_j=1.0e-12,
        gate_controller_leakage_w=1.0e-6,
    )
    module = ir.Module.create()
    with ir.InsertionPoint(module.body):
        target = power.target(
            "mine",
            levels_v=[0.7, 0.8, 0.9, 1.0, 1.1],
            max_rails=2,
            gating="bank",
            cost_model=model,
        )
    with ir.InsertionPoint(target.block):
        for name, leakage_w in (
            ("logic", 4.0e-6),
            ("weights", 1.0e-6),
            ("logic_sram", 2.0e-6),
        ):
            power.domain(
                name,
                nominal_v=1.1,
                frequency_hz=200e6,
                law=law,
                leakage_w=leakage_w,
            )
        for name, domain, bank_bytes in (
            ("inputs", "logic_sram", 16384),
            ("outputs", "logic_sram", 32768),
            ("flash", "weights", 65536),
        ):
            power.memory(name, domain, bank_bytes, bank_leakage_w=1.0e-5)
        power.transition(energy_j=5.0e-10, time_s=2.0e-8)
        power.sleep_state("off", power_w=2.0e-7)
    module.operation.verify()
    return module


def main() -> None:
    """Print the target, and the energy for every pair of rails."""
    with ir.Context(), ir.Location.unknown():
        target = make_target()
        print(target)
    best = pfmlir.schedule(NETWORK, target=target, fps=FPS)
    print(best)

    print("\nWorth building:", " and ".join(f"{rail} V" for rail in best.rails_v))
    print("Energy of a frame when these are the rails:")
    levels = [float(level) for level in best.levels_v]
    for i, low in enumerate(levels):
        for high in levels[i + 1 :]:
            try:
                found = pfmlir.schedule(
                    NETWORK, target=target, fps=FPS, levels_v=[low, high]
                )
            except pfmlir.InfeasibleError as error:
                fastest = 1 / error.fastest_time_s
                print(f"  {low} V, {high} V: too slow, {fastest:.0f} fps at most")
                continue
            unused = sorted({low, high} - {float(rail) for rail in found.rails_v})
            note = "".join(f", {rail} V unused" for rail in unused)
            print(f"  {low} V, {high} V: {1e6 * found.energy_j:.3f} µJ{note}")


if __name__ == "__main__":
    main()
