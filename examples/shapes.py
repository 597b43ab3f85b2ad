# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedule a network that is known by its shapes alone, and ask how many rails pay.

Run: python examples/shapes.py
"""

from pathlib import Path

import pfmlir

NETWORK = Path(__file__).with_name("shapes.mlir")
FPS = 5000


def main() -> None:
    """Print the schedule, and the energy for each number of rails."""
    print(pfmlir.schedule(NETWORK, fps=FPS).to_text())
    print("Rails at most, and the energy of a frame:")
    found = pfmlir.sweep(NETWORK, fps=FPS, max_rails=[1, 2, 3, 4])
    for point, energy_j in zip(found, found.energy_j, strict=True):
        rails = ", ".join(f"{rail:.2f} V" for rail in point.rails_v)
        print(f"  {point.max_rails}: {1e6 * energy_j:.4f} µJ ({rails})")


if __name__ == "__main__":
    main()
