# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Frames of several networks in a static order, each of them whole.

All periods begin together. What is left to do depends on how many frames of each
network are done and on the time alone, and less time is never worse: of all orders with
the same frames done, only the one that has done them first goes on. So the search is
complete, though it looks at few orders.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

# How many frames a hyperperiod may have.
MOST_FRAMES = 5000
# Of a deadline: as the searches of schedules grant.
TOLERANCE = 1e-12


@dataclass(frozen=True)
class Frames:
    """When frames may start, and have to be done.

    Attributes
    ----------
    period_s, deadline_s : list of float
        Of each network, in seconds; deadlines are from the start of a period.
    counts : tuple of int
        The frames of each network in a hyperperiod.
    hyperperiod_s : float
        The least time that is a whole number of all periods.
    """

    period_s: list[float]
    deadline_s: list[float]
    counts: tuple[int, ...]
    hyperperiod_s: float

    @classmethod
    def of_periods(
        cls, periods: Sequence[Fraction], margins: Sequence[float]
    ) -> "Frames":
        """Return the frames of periods in seconds, of which margins are kept free."""
        # The least common multiple of fractions.
        hyperperiod = Fraction(
            math.lcm(*(period.numerator for period in periods)),
            math.gcd(*(period.denominator for period in periods)),
        )
        counts = tuple(int(hyperperiod / period) for period in periods)
        if sum(counts) > MOST_FRAMES:
            raise ValueError(
                f"expected periods with at most {MOST_FRAMES} frames until they begin "
                f"together again, but got {sum(counts)} in {float(hyperperiod):.6g} s"
            )
        return cls(
            [float(period) for period in periods],
            [
                float(period) * (1 - margin)
                for period, margin in zip(periods, margins, strict=True)
            ],
            counts,
            float(hyperperiod),
        )

    def release_s(self, network: int, frame: int) -> float:
        """Return when a frame may start at the earliest."""
        return frame * self.period_s[network]

    def due_s(self, network: int, frame: int) -> float:
        """Return when a frame has to be done."""
        due_s = self.release_s(network, frame) + self.deadline_s[network]
        return due_s * (1 + TOLERANCE)

    def order(self, slot_s: Sequence[float], late_s: float = 0.0) -> list[int] | None:
        """Return the networks in an order that keeps all deadlines; None without any.

        Parameters
        ----------
        slot_s
            How long a frame of each network takes, in seconds.
        late_s
            How late frames may be.
        """
        # By what is done: when, and after which network. A step is a frame.
        reached: dict[tuple[int, ...], float] = {(0,) * len(slot_s): 0.0}
        steps: list[dict[tuple[int, ...], int]] = []
        for _ in range(sum(self.counts)):
            following: dict[tuple[int, ...], float] = {}
            last: dict[tuple[int, ...], int] = {}
            for done, now_s in reached.items():
                for network, end_s in self._next(done, now_s, slot_s, late_s):
                    then = (*done[:network], done[network] + 1, *done[network + 1 :])
                    if end_s < following.get(then, math.inf):
                        following[then], last[then] = end_s, network
            if not following:
                return None
            reached = following
            steps.append(last)
        order = []
        at = self.counts
        for last in reversed(steps):
            network = last[at]
            order.append(network)
            at = (*at[:network], at[network] - 1, *at[network + 1 :])
        return order[::-1]

    def _next(
        self,
        done: tuple[int, ...],
        now_s: float,
        slot_s: Sequence[float],
        late_s: float,
    ) -> list[tuple[int, float]]:
        """Return which networks may have the next frame, and when that ends.

        None where some frame is late already.
        """
        found = []
        for network, frame in enumerate(done):
            if frame == self.counts[network]:
                continue
            start_s = max(now_s, self.release_s(network, frame))
            end_s = start_s + slot_s[network]
            if end_s > self.due_s(network, frame) + late_s:
                return []
            found.append((network, end_s))
        return found

    def number(self, order: Sequence[int]) -> list[tuple[int, int]]:
        """Return the network of each frame of an order, and which of its frames."""
        done, numbered = [0] * len(self.counts), []
        for network in order:
            numbered.append((network, done[network]))
            done[network] += 1
        return numbered

    def starts(self, order: Sequence[int], slot_s: Sequence[float]) -> list[float]:
        """Return when each frame of an order starts, as early as it can."""
        now_s, starts = 0.0, []
        for network, frame in self.number(order):
            starts.append(max(now_s, self.release_s(network, frame)))
            now_s = starts[-1] + slot_s[network]
        return starts

    def least_lateness(self, slot_s: Sequence[float]) -> tuple[float, int]:
        """Return how late a frame is at least in any order, and of which network.

        Both bounds of the time in seconds are within a millionth of each other.
        """
        low_s, high_s = (
            0.0,
            sum(count * slot for count, slot in zip(self.counts, slot_s, strict=True)),
        )
        while high_s - low_s > 1e-6 * high_s:
            middle_s = (low_s + high_s) / 2
            if self.order(slot_s, middle_s) is None:
                low_s = middle_s
            else:
                high_s = middle_s
        order = self.order(slot_s, high_s) or []
        starts_s = self.starts(order, slot_s)
        lateness = [
            (start_s + slot_s[network] - self.due_s(network, frame), network)
            for (network, frame), start_s in zip(
                self.number(order), starts_s, strict=True
            )
        ]
        return low_s, max(lateness, default=(-math.inf, 0))[1]
