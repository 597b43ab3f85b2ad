# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A target and a network that a person can schedule."""

NET = """
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
}
func.func @net() attributes {power.period_s = 5.0} {
  power.layer "slow" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 2.0 J, 2.0 s, 0.2 W>
  return
}
"""
TARGET = NET[: NET.index("func.func")]
