# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How many schedules there are."""

import math


def space_power(layers: int, levels: int, rails: int) -> float:
    """Return how many powers of ten of schedules there are with so many rails.

    Three domains choose for each layer among `levels`, of which at most `rails` are in
    use.
    """

    def exactly(used: int) -> int:
        # Choices of `used` levels, all of them in use: inclusion and exclusion.
        return sum(
            (-1) ** (used - k) * math.comb(used, k) * k ** (3 * layers)
            for k in range(1, used + 1)
        )

    count = sum(
        math.comb(levels, used) * exactly(used)
        for used in range(1, min(rails, levels) + 1)
    )
    return math.log10(count)
