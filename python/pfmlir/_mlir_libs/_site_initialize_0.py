# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What every new Context knows; MLIR's own `_mlir_libs` looks for this module."""

from ._pfmlirPower import register_dialects as register_dialects
