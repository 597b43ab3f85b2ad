# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""torch-mlir's own MLIR, which has no types that checkers can read."""

from typing import Any

import torch_mlir.dialects.torch
import torch_mlir.ir
import torch_mlir.passmanager

ir: Any = torch_mlir.ir
passmanager: Any = torch_mlir.passmanager
torch_dialect: Any = torch_mlir.dialects.torch
PassManager: Any = passmanager.PassManager
