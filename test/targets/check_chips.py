# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check docs/chips.md: its tables are what the targets say, and its chip is one.

Usage: check_chips.py PAGE. Prints the rows that the tables should have, and stops at
the first that is not in the page.
"""

import re
import sys
from pathlib import Path

import pfmlir

INPUTS = Path(__file__).parent / "Inputs"
NETWORKS = {
    "ic": "image_classification",
    "vww": "visual_wake_words",
    "kws": "keyword_spotting",
    "ad": "anomaly_detection",
}

# MLPerf Tiny v1.0, closed division: median throughput (inferences a second) and median
# energy (joules an inference), by target, voltage and network.
PUBLISHED = {
    ("gap9", 0.65): {
        "ic": (1043.769, 27.711e-6),
        "vww": (577.979, 40.801e-6),
        "kws": (1368.176, 18.561e-6),
        "ad": (3682.970, 5.252e-6),
    },
    ("gap9", 0.80): {
        "ic": (1607.976, 40.356e-6),
        "vww": (890.551, 58.356e-6),
        "kws": (2107.926, 26.659e-6),
        "ad": (5681.280, 7.294e-6),
    },
    ("ndp120", 0.9): {
        "ic": (62.267, 101.833e-6),
        "vww": (78.088, 71.711e-6),
        "kws": (227.204, 31.537e-6),
    },
    ("ndp120", 1.1): {
        "ic": (195.027, 139.367e-6),
        "vww": (241.080, 97.164e-6),
        "kws": (664.507, 43.802e-6),
    },
}
FITTED = {"gap9": ("ic", "vww"), "ndp120": ("ic", "vww", "kws")}

# Watts while a network runs, by target and voltage, and where that is from.
PUBLISHED_POWER = {
    ("gap8", 1.0): (6.05e-3 / 193e-3, "6.05 mJ in 193 ms"),
    ("gap8", 1.2): (7.29e-3 / 92e-3, "7.29 mJ in 92 ms"),
    ("marsellus", 0.5): (136 / 12.4e3, "136 GOPS at 12.4 TOPS/W"),
    ("max78000", 1.1): (0.09e-3 / 1.4e-3, "0.09 mJ in 1.4 ms"),
    ("stm32n6", 0.89): (600 / 3e3, "600 GOPS at 3 TOPS/W"),
}


def run(network: str, target: str, voltage_v: float) -> tuple[float, float]:
    """Return seconds and joules of all layers at one voltage.

    At the nominal one, which the default period needs throughout, or at the lowest,
    which a long period leads to.
    """
    text = (INPUTS / f"{network}.mlir").read_text()
    for period_s in (None, 1.0):
        schedule = pfmlir.schedule(text, target=target, period_s=period_s)
        layers = schedule.layers
        if (layers["voltage_v"] == voltage_v).all():
            return layers["time_s"].sum(), layers["energy_j"].sum()
    raise SystemExit(f"{target}: {network} does not run at {voltage_v} V")


def measured_rows() -> list[str]:
    """Return the rows of the table of networks."""
    rows = []
    for (target, voltage_v), networks in PUBLISHED.items():
        for name, (throughput, energy_j) in networks.items():
            time_s, target_j = run(NETWORKS[name], target, voltage_v)
            fitted = "yes" if name in FITTED[target] else "no"
            rows.append(
                f"| `{target}` | `{name}` | {voltage_v:.2f} | "
                f"{1e3 / throughput:.3f} | {1e3 * time_s:.3f} | "
                f"{time_s * throughput:.2f} | "
                f"{1e6 * energy_j:.1f} | {1e6 * target_j:.1f} | "
                f"{target_j / energy_j:.2f} | {fitted} |"
            )
    return rows


def power_rows() -> list[str]:
    """Return the rows of the table of power at full speed."""
    rows = []
    for (target, voltage_v), (published_w, source) in PUBLISHED_POWER.items():
        time_s, energy_j = run("compute_bound", target, voltage_v)
        power_w = energy_j / time_s
        rows.append(
            f"| `{target}` | {voltage_v:.2f} | {source} | {1e3 * published_w:.1f} | "
            f"{1e3 * power_w:.1f} | {power_w / published_w:.2f} |"
        )
    return rows


def described_chip(page: str) -> str:
    """Return the target that the steps of the page make."""
    return "".join(re.findall(r"^```mlir\n(.*?)^```", page, re.M | re.S))


def main() -> None:
    """Check the page."""
    page = Path(sys.argv[1]).read_text()
    for row in measured_rows() + power_rows():
        print(row)
        if f"{row}\n" not in page:
            raise SystemExit(f"the page does not have the row above: {sys.argv[1]}")
    network = (INPUTS / "image_classification.mlir").read_text()
    schedule = pfmlir.schedule(network, target=described_chip(page), fps=100)
    if not schedule.is_optimal:
        raise SystemExit("the schedule on the chip of the page has no proof")
    tables = pfmlir.tabulate_costs(network, target="gap8")
    if len(tables.layer_names) != len(tables.energy_j):
        raise SystemExit(f"gap8: expected a name for each layer: {tables.layer_names}")
    named = re.findall(r"^\*\*`(\w+)`\*\*", page, re.M)
    chips = [name for name in pfmlir.builtin_targets() if not name.startswith("pf40")]
    if sorted(named) != sorted(chips):
        raise SystemExit(f"expected the page to speak of {chips}, but got {named}")
    print(f"the chip of the page is scheduled, with tail {schedule.tail.kind}")


if __name__ == "__main__":
    main()
