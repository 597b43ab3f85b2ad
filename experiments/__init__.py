# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every experiment of PowerFlow-DNN (arXiv 2603.23882), and some beyond it.

`python -m experiments` runs them; README.md says which they are.
"""

from pathlib import Path

ROOT = Path(__file__).parent.parent
