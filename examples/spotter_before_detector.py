# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedule a cascade: a person detector that runs only when a keyword was heard.

How often that is, is counted on sample inputs. Then the same two networks as neighbours
on one accelerator, each at a rate of its own.

Run: python examples/spotter_before_detector.py
"""

import pfmlir
import torch
from torch import nn

FPS = 1000
# What the spotter has to say for the detector to run.
THRESHOLD = 0.15


def separable(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """Return a depthwise and a pointwise convolution."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride, padding=1, groups=inputs),
        nn.ReLU(),
        nn.Conv2d(inputs, outputs, 1),
        nn.ReLU(),
    )


def keyword_spotter() -> nn.Sequential:
    """Return a small network on a second of sound, as 49 frames of 10 coefficients."""
    return nn.Sequential(
        nn.Conv2d(1, 64, (10, 4), stride=2, padding=(4, 1)),
        nn.ReLU(),
        separable(64, 64),
        separable(64, 64),
        nn.Flatten(),
        nn.Linear(64 * 24 * 5, 12),
    )


def person_detector() -> nn.Sequential:
    """Return a larger network on an image of 96 times 96 pixels."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        separable(16, 64, 2),
        separable(64, 128, 2),
        separable(128, 256, 2),
        nn.Flatten(),
        nn.Linear(256 * 6 * 6, 2),
    )


class Cascade(nn.Module):
    """Both networks, one after the other: what a frame runs at most."""

    def __init__(self) -> None:
        super().__init__()
        self.spotter = keyword_spotter()
        self.detector = person_detector()

    def forward(
        self, sound: torch.Tensor, image: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return both answers; who runs it stops after the first where that is no."""
        return self.spotter(sound), self.detector(image)


def count_keywords(spotter: nn.Module) -> float:
    """Return in which part of the samples the spotter hears a keyword.

    The samples are noise, of which some are loud, and the spotter is not trained; yours
    are recordings.
    """
    sounds = torch.randn(200, 1, 49, 10)
    sounds[::20] *= 30
    heard = spotter(sounds).amax(dim=1) > THRESHOLD
    return float(heard.double().mean())


@torch.no_grad()
def main() -> None:
    """Print what it is worth to know how often the detector runs."""
    torch.manual_seed(0)
    cascade = Cascade().eval()
    inputs = (torch.zeros(1, 1, 49, 10), torch.zeros(1, 1, 96, 96))
    probability = count_keywords(cascade.spotter)
    network = pfmlir.import_model(cascade, inputs)
    always = pfmlir.schedule(network, fps=FPS, target="pf40")
    first = next(
        name for name in always.layers["name"] if str(name).startswith("detector")
    )
    seldom = pfmlir.schedule(
        network, fps=FPS, target="pf40", probabilities={str(first): probability}
    )
    print(f"A keyword in {probability:.0%} of the samples; from {first} on")
    print(f"All frames to the end: {1e6 * always.energy_j:.2f} µJ")
    print(f"As often as counted: {1e6 * seldom.energy_j:.2f} µJ a frame in the mean")

    plan = pfmlir.plan_frames(
        [(cascade.spotter, inputs[:1]), (cascade.detector, inputs[1:])],
        fps=[400, 100],
        names=["spotter", "detector"],
        target="pf40",
    )
    print(plan)
    for frame in plan.to_rows()[:3]:
        print(f"{frame['network']} from {1e3 * frame['start_s']:.2f} ms")


if __name__ == "__main__":
    main()
