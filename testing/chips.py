# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A small chip as text, and what it can have besides: for tests."""

from dataclasses import dataclass, replace

LAYERS = """
func.func @net() {
  power.layer "conv" workload #power.conv2d<input = [16, 32, 32],
    output_channels = 32, kernel = [3, 3]>
  power.layer "point" workload #power.conv2d<input = [32, 32, 32],
    output_channels = 16, kernel = [1, 1]>
  power.layer "mid" workload #power.conv2d<input = [16, 32, 32],
    output_channels = 64, kernel = [3, 3], strides = [2, 2]>
  power.layer "product" workload #power.matmul<m = 64, k = 256, n = 256>
  power.layer "fc" workload #power.matmul<m = 1, k = 4096, n = 100>
  return
}
"""

SHORT_LAYERS = f"""
func.func @net() {{
  power.layer "point" workload #power.conv2d<input = [32, 32, 32],
    output_channels = 16, kernel = [1, 1]>
{LAYERS[LAYERS.index('  power.layer "product"') :]}"""


@dataclass(frozen=True)
class Chip:
    """Text to put into a target: its header, its domains, its body."""

    header: str = ""
    core: str = ""
    sram: str = ""
    memory: str = ""
    body: str = ""
    levels_v: str = "0.7, 0.8, 0.9, 1.1"
    transitions: str = "  power.transition energy_j 1.0e-8 time_s 2.0e-6\n"

    def text(self) -> str:
        """Return the target."""
        return f"""
power.target @chip levels_v [{self.levels_v}] max_rails 2 {self.header}
    gating <bank> cost_model #power.roofline<
      domain = "core", memory_domain = "sram", feature_memory = "maps",
      macs_per_cycle = 16.0, mac_energy_j = 2.0e-12,
      bytes_per_cycle = 8.0, byte_energy_j = 4.0e-12> {{
{self.body}{self.transitions}
  power.domain @core {self.core} nominal_v 1.1 frequency_hz 2.0e+08
    law #power.frequency_table<voltage_v = [0.7, 0.9, 1.1],
                               frequency_hz = [0.6e+08, 1.3e+08, 2.0e+08]>
    leakage_w 1.0e-03
  power.domain @sram {self.sram} nominal_v 0.9 frequency_hz 1.0e+08
    law #power.frequency_table<voltage_v = [0.7, 0.9, 1.1],
                               frequency_hz = [0.5e+08, 1.0e+08, 1.3e+08]>
    leakage_w 5.0e-04
  power.memory @maps in @sram bank_bytes 8192 bank_leakage_w 4.0e-05 {self.memory}
}}
"""

    def __or__(self, other: "Chip") -> "Chip":
        """Return a chip with what either has."""
        return replace(
            other,
            **{
                name: getattr(self, name) + " " + getattr(other, name)
                for name in ("header", "core", "sram", "memory", "body")
            },
        )


SLEEP = Chip(
    body="""  power.sleep_state @off power_w 1.0e-05 entry_energy_j 1.0e-07
    entry_time_s 1.0e-04 exit_energy_j 3.0e-07 exit_time_s 2.0e-04
"""
)
# What a chip can say, by name; headers in the order of their grammar.
PHYSICS = {
    "plain": Chip(),
    "awake": Chip(header="awake_power_w 2.0e-03") | SLEEP,
    "rail power": Chip(header="rail_power_w 8.0e-04") | SLEEP,
    "dispatch": Chip(header="dispatch_time_s 5.0e-05"),
    "margin": Chip(header="margin 0.07"),
    "overlapping ramps": Chip(header="overlapping_ramps"),
    "clock": Chip(core="clock @pll", sram="clock @pll", body="  power.clock @pll\n"),
    "dividers": Chip(
        core="clock @pll",
        sram="clock @pll",
        body="  power.clock @pll reference_hz 5.0e+08\n",
    ),
    "limits": Chip(core="", memory="minimum_v 0.8"),
    "regulated": Chip(
        core="on @buck",
        body="""  power.supply @buck regulated slew_v_per_s 1.0e+04
    settle_time_s 5.0e-06 output_f 1.0e-06
    converter #power.converter<fixed_loss_w = 1.0e-05, proportional_loss = 0.08,
                               resistance_ohm = 0.05>
""",
    ),
    "modes": Chip(
        body="""  power.mode @boost of @core frequency_factor 1.4 dynamic_factor 1.1
    leakage_factor 6.0 energy_j 2.0e-08 time_s 3.0e-06
  power.mode @low of @sram frequency_factor 0.8 leakage_factor 0.3
    energy_j 1.0e-08 time_s 1.0e-06
"""
    ),
    "wake banks": Chip(memory="volatile wake_energy_j 2.0e-09 wake_time_s 4.0e-06"),
    "engines": Chip(
        body="""  power.engine @cpu cost_model #power.roofline<
      domain = "core", macs_per_cycle = 2.0, mac_energy_j = 1.0e-12,
      bytes_per_cycle = 32.0, byte_energy_j = 5.0e-13>
    handover_energy_j 5.0e-08 handover_time_s 1.0e-05
"""
    ),
    "idle states": Chip(
        body="""  power.idle_state @parked voltages_v [0.7, 0.8] power_w 3.0e-04
  power.idle_state @ready voltages_v [0.9, 0.9] power_w 6.0e-04
"""
    ),
}


def all_at_once() -> Chip:
    """Return a chip with all of these, in the order of the header's grammar."""
    names = (
        "regulated",
        "awake",
        "rail power",
        "dispatch",
        "margin",
        "overlapping ramps",
        "clock",
        "modes",
        "wake banks",
        "engines",
        "idle states",
    )
    chip = Chip()
    for name in names:
        part = PHYSICS[name]
        # Both have sleep.
        if name == "rail power":
            part = replace(part, body="")
        chip = chip | part
    return chip
