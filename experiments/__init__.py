# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every experiment of PowerFlow-DNN (arXiv 2603.23882), and some beyond it.

`python -m experiments` runs them; README.md says which they are.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

# The published numbers and shapes that the tests have, and the heuristic in numpy.
for folder in ("test/reference", "benchmarks"):
    sys.path.insert(0, str(ROOT / folder))
