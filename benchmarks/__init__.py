# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How fast the compiler and its searches are, and other solvers; README.md has results.

`python -m benchmarks.bench_search`, at the top of the repository, runs one of them.
"""

from pathlib import Path

ROOT = Path(__file__).parent.parent
