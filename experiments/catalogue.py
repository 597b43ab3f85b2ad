# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""All experiments, in the order of the page."""

from . import (
    breakdown,
    gating,
    heuristic,
    layers,
    more,
    networks,
    pruning,
    rails,
    rates,
    states,
    tight,
    timeline,
    transitions,
    whole,
)
from .results import Experiment

EXPERIMENTS: tuple[Experiment, ...] = tuple(
    module.EXPERIMENT
    for module in (
        breakdown,
        states,
        timeline,
        rates,
        networks,
        rails,
        layers,
        heuristic,
        pruning,
        transitions,
        gating,
        # Beyond the paper.
        tight,
        whole,
        more,
    )
)
BY_NAME = {experiment.name: experiment for experiment in EXPERIMENTS}
