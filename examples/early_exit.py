# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedule a network with an early exit, and see what it is worth to know of it.

Run: python examples/early_exit.py
"""

import pfmlir
import torch
from torch import nn

FPS = 4500
# Of ten frames nine are easy enough for the first exit.
GOES_ON = 0.1


class TwoExits(nn.Module):
    """A stem with an answer of its own, and a larger part for hard inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.ReLU(),
        )
        self.exit1 = nn.Linear(32 * 8 * 8, 10)
        self.block2 = nn.Sequential(
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
        )
        self.exit2 = nn.Linear(64 * 8 * 8, 10)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return both answers; who runs it takes the first where that is sure."""
        features = self.stem(image)
        early = self.exit1(features.flatten(1))
        return early, self.exit2(self.block2(features).flatten(1))


def main() -> None:
    """Print both schedules, and the voltages of the array in each."""
    network = pfmlir.import_model(TwoExits().eval(), (torch.zeros(1, 3, 32, 32),))
    always = pfmlir.schedule(network, fps=FPS, target="pf40")
    seldom = pfmlir.schedule(
        network, fps=FPS, target="pf40", probabilities={"block2.0": GOES_ON}
    )
    print(f"All frames to the end: {1e6 * always.energy_j:.3f} µJ")
    print(f"One in ten: {1e6 * seldom.energy_j:.3f} µJ a frame in the mean")
    print("layer      runs in  array then  array if all did")
    for layer, other in zip(seldom.layers, always.layers, strict=True):
        print(
            f"{layer['name']:<10} {layer['probability']:>7.0%} "
            f"{layer['voltage_v'][0]:>9.2f} V {other['voltage_v'][0]:>15.2f} V"
        )


if __name__ == "__main__":
    main()
