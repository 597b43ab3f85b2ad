# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Spaces of designs: any parameters of targets and networks, at any rates.

`space` is what is asked, `chunks` what one task of an executor does, `executors` where
that is, `store` what is kept on disk, and `exploring` all of it together.
"""

from .exploring import explore, parameters, read_exploration

__all__ = ["explore", "parameters", "read_exploration"]
