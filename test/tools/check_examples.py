# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check that the examples of the dialect's reference page are what they show.

Usage: check_examples.py DIALECT_PAGE PF_OPT TARGET_FILE. Puts each example where
such an operation or attribute can be, and has it parsed, verified and printed
twice; TARGET_FILE declares what the examples of schedules refer to.
"""

import re
import subprocess
import sys
from pathlib import Path

# Where the examples go: {} is the example.
IN_TARGET = """
power.target @example levels_v [0.9, 1.1] max_rails 2 {{
  {others}
  {}
}}"""
IN_FUNCTION = """
func.func @example(%a: tensor<1x512xf32>, %b: tensor<512x10xf32>,
                   %c: tensor<1x10xf32>) {{
  {}
  return
}}"""
IN_LAYER = """
func.func @example(%0: tensor<1x10xf32>) {{
  %1 = power.layer "l" {{
    {}
  }} : tensor<1x10xf32>
  return
}}"""
MAIN = "func.func @main() {{ return }}\n{}"
DOMAIN = "power.domain @{0} nominal_v 1.1\n"

CHIP = """
power.target @chip levels_v [0.9, 1.1] max_rails 2 {
  power.domain @cluster nominal_v 1.1 frequency_hz 2.0e+08
    law #power.frequency_table<voltage_v = [0.9, 1.1],
                               frequency_hz = [1.0e+08, 2.0e+08]>
    leakage_w 1.0e-05
  power.mode @forward_bias of @cluster frequency_factor 1.3
    energy_j 1.0e-09 time_s 1.0e-06
  power.engine @cpu cost_model #power.roofline<
      domain = "cluster", macs_per_cycle = 1.0, mac_energy_j = 2.0e-11,
      bytes_per_cycle = 4.0, byte_energy_j = 1.0e-11>
    handover_energy_j 1.0e-09 handover_time_s 1.0e-06
}
"""

OPERATIONS = {
    "target": "{}",
    "supply": IN_TARGET.format("{}", others=DOMAIN.format("sys")),
    "clock": IN_TARGET.format("{}", others=DOMAIN.format("sys")),
    "mode": IN_TARGET.format("{}", others=""),
    "exclude": IN_TARGET.format("{}", others=""),
    "engine": IN_TARGET.format("{}", others=""),
    "idle_state": IN_TARGET.format("{}", others=""),
    "domain": IN_TARGET.format("{}", others=""),
    "memory": IN_TARGET.format("{}", others=""),
    "transition": IN_TARGET.format("{}", others=DOMAIN.format("sys")),
    "sleep_state": IN_TARGET.format("{}", others=DOMAIN.format("sys")),
    "corner": IN_TARGET.format("{}", others=DOMAIN.format("sys")),
    "register_map": IN_TARGET.format("{}", others=""),
    "field": IN_TARGET.format("{}", others=""),
    "layer": IN_FUNCTION.format("{}"),
    "yield": IN_LAYER.format("{}"),
    "set_state": IN_FUNCTION.format("{}"),
    "set_mode": IN_FUNCTION.format("{}"),
    "hand_over": IN_FUNCTION.format("{}"),
    "gate_banks": IN_FUNCTION.format("{}"),
    "idle": IN_FUNCTION.format("{}"),
    "sleep": IN_FUNCTION.format("{}"),
    "schedule": MAIN.format("{}"),
    "system": MAIN.format("{}"),
    "network": MAIN.format("power.system @example {{\n{}}}"),
}
ATTRIBUTE = "module attributes {{test.example = {}}} {{}}"


def examples(page: str) -> list[tuple[str, str]]:
    """Return each example with the heading that it stands under."""
    parts = re.split(r"^### (\S+)", page, flags=re.MULTILINE)[1:]
    return [
        (heading.strip("`").removeprefix("power."), example)
        for heading, text in zip(parts[::2], parts[1::2], strict=True)
        for example in re.findall(r"^ *```mlir\n(.*?)^ *```", text, re.M | re.S)
    ]


def print_ir(pf_opt: str, heading: str, text: str) -> str:
    """Return what pf-opt makes of a module."""
    result = subprocess.run(
        [pf_opt], input=text, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SystemExit(f"the example of {heading} is wrong:\n{result.stderr}{text}")
    return result.stdout


def main() -> None:
    """Check all examples."""
    page, pf_opt, target = sys.argv[1:4]
    declarations = Path(target).read_text() + CHIP
    found = examples(Path(page).read_text())
    for heading, example in found:
        if heading in OPERATIONS:
            text = OPERATIONS[heading].replace("{}", example)
            # Brackets that str.format would have taken for its own.
            text = text.replace("{{", "{").replace("}}", "}")
        else:
            text = ATTRIBUTE.format(example)
        printed = print_ir(pf_opt, heading, declarations + text)
        if print_ir(pf_opt, heading, printed) != printed:
            raise SystemExit(f"the example of {heading} changes when printed again")
    print(f"{len(found)} examples round-trip")


if __name__ == "__main__":
    main()
