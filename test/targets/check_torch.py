# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedule a reference network, as PyTorch has it, on chips that hold it, and not."""

import pfmlir

for target in ("gap9", "stm32n6", "rk3588", "marsellus"):
    schedule = pfmlir.schedule("squeezenet", target=target, fps=3)
    print(f"{target}: {schedule.search}, gap {schedule.gap:g}, {schedule.tail.kind}")
for target in ("gap8", "max78000"):
    try:
        pfmlir.schedule("squeezenet", target=target, fps=3)
    except pfmlir.CompilationError as error:
        print(f"{target}: {error}")
