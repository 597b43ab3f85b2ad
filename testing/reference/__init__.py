# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What was published, as data: the compiler's numbers are compared with it.

`networks.json` has the layers of the paper's networks, `tables` what each of them costs
in every state, `results.csv` proven optima; `published` what the public artifact finds.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
