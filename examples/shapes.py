# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedule a network that is known by its shapes alone.

Run: python examples/shapes.py
"""

from pathlib import Path

import pfmlir


def main() -> None:
    """Print the schedule, and what each rail more would save."""
    network = Path(__file__).with_name("shapes.mlir")
    rate = 1 / pfmlir.schedule(network).period_s
    schedule = pfmlir.schedule(network, fps=rate)
    print(schedule.to_text())
    for point in pfmlir.sweep(network, fps=[rate], max_rails=[1, 2, 3]):
        rails = ", ".join(f"{rail:.2f} V" for rail in point.rails_v)
        print(f"{point.max_rails} rails: {1e6 * point.energy_j:.4f} uJ ({rails})")


if __name__ == "__main__":
    main()
