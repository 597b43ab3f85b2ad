# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From PyTorch, ONNX and StableHLO to linalg on tensors.

What is here imports torch and torch-mlir; it is imported once they are found.
"""
