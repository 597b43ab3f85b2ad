# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Simulate a schedule's supply currents with ngspice, and compare what the supplies
deliver over a period with the schedule's energy.

Usage: check_spice.py SCHEDULED FOLDER.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from schedules import translate

# Each supply's power, and the integral of all.
BENCH = """\
* Energy of a period
.include @netlist@
Xload @nodes@ 0 @name@_load
Xsupplies @measured@ 0 @name@_supplies
@meters@
* In microwatts, far above what ngspice calls zero.
Bpower power 0 V = 1e6 * (@powers@)
.tran @step@ @period@ 0 @step@
.control
run
set numdgt=12
meas tran energy integ v(power) from=0 to=@period@
.endc
.end
"""


def main() -> None:
    """Simulate one schedule."""
    path, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    text = translate(path, "spice")
    report = json.loads(translate(path, "json"))
    header = re.search(r"^\.subckt (\w+)_load (.*) gnd$", text, re.MULTILINE)
    assert header is not None
    nodes = header[2].split()
    (folder / "netlist.cir").write_text(text)
    words = {
        "netlist": str(folder / "netlist.cir"),
        "name": header[1],
        "nodes": " ".join(nodes),
        "measured": " ".join(f"{node}_in" for node in nodes),
        "meters": "\n".join(f"V{node} {node}_in {node} 0" for node in nodes),
        "powers": " + ".join(f"v({node})*i(V{node})" for node in nodes),
        "period": repr(report["period_s"]),
        # Short enough that no corner is overlooked.
        "step": repr(report["period_s"] / 2000),
    }
    bench = BENCH
    for word, value in words.items():
        bench = bench.replace(f"@{word}@", value)
    (folder / "bench.cir").write_text(bench)
    log = subprocess.run(
        ["ngspice", "-b", folder / "bench.cir"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"^energy *= *(\S+)", log.stdout, re.MULTILINE)
    assert found, log.stdout + log.stderr
    energy_j = float(found[1]) * 1e-6
    expected_j = report["energy_j"]
    assert abs(energy_j - expected_j) <= 1e-6 * expected_j, (energy_j, expected_j)
    print(f"{' '.join(nodes)} deliver {energy_j:.5g} J, as scheduled")


if __name__ == "__main__":
    main()
