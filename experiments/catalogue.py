# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""All experiments, in the order of the page."""

from . import heuristic
from .results import Experiment

EXPERIMENTS: tuple[Experiment, ...] = (heuristic.EXPERIMENT,)
BY_NAME = {experiment.name: experiment for experiment in EXPERIMENTS}
