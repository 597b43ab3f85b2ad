# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of what experiments compute by themselves, beside the compiler."""

import itertools
import math
from dataclasses import replace

import numpy
import pytest

from benchmarks.search_instances import Instance, random_costs
from benchmarks.search_lambda_dp import RailSet
from experiments import models
from experiments.domination import (
    LoopingRailSet,
    count_pairs,
    kept_states,
    pareto_states,
    prune,
)
from experiments.rails import evenly_spaced_v
from experiments.results import DisagreementError, agree
from experiments.setting import Setting
from experiments.space import space_power


@pytest.fixture(scope="module")
def tables():
    """Return SqueezeNet's costs at two levels."""
    return Setting(quick=True).tables("squeezenet", levels_v=(0.9, 1.3))


def test_kept_states_are_those_that_no_other_dominates(tables):
    kept = kept_states(tables)
    for layer in range(len(kept)):
        costs = list(
            zip(
                tables.energy_j[layer],
                tables.time_s[layer],
                tables.leakage_w[layer],
                strict=True,
            )
        )
        used = [set(row.tolist()) for row in tables.states]
        for b in range(len(costs)):
            dominated = any(
                used[a] <= used[b]
                and all(x <= y for x, y in zip(costs[a], costs[b], strict=True))
                and (costs[a] != costs[b] or used[a] != used[b] or a < b)
                for a in range(len(costs))
                if a != b
            )
            assert kept[layer, b] == (not dominated)
    assert 0 < kept.sum() < kept.size


def test_equal_states_keep_one(tables):
    same = replace(
        tables,
        energy_j=numpy.ones_like(tables.energy_j),
        time_s=numpy.ones_like(tables.time_s),
        leakage_w=numpy.ones_like(tables.leakage_w),
    )
    # All low, and all high: neither uses a subset of the other's voltages.
    assert kept_states(same).sum(axis=1).tolist() == [2] * len(same.layer_names)


def test_pareto_states_are_not_beaten(tables):
    front = pareto_states(tables, 0)
    points = list(zip(tables.energy_j[0], tables.time_s[0], strict=True))
    for state, (energy_j, time_s) in enumerate(points):
        beaten = any(
            e <= energy_j and t <= time_s and (e, t) != (energy_j, time_s)
            for e, t in points
        )
        assert front[state] == (not beaten)


def test_pairs_of_states_are_counted_by_rail_set(tables):
    # Two levels: sets {low}, {high} and {low, high}, with 1, 1 and 8 states.
    neighbours = len(tables.layer_names) - 1
    assert count_pairs(tables) == neighbours * (1 + 1 + 64)
    assert count_pairs(prune(tables)) < count_pairs(tables)


@pytest.mark.parametrize("seed", range(5))
def test_looping_finds_paths_as_cheap(seed):
    costs = prune(random_costs(seed, 5, 3))
    instance = Instance("test", "random", costs, 1.0)
    kept = numpy.arange(len(costs.states))
    for weights in ((1.0, 0.0), (0.0, 1.0), (1.0, 2e-3)):
        totals = []
        for kind in (RailSet, LoopingRailSet):
            rail_set = kind(instance, kept)
            energy_j, time_s = rail_set.without_tail(rail_set.shortest(*weights))
            totals.append(weights[0] * energy_j + weights[1] * time_s)
        assert math.isclose(*totals, rel_tol=1e-12)


@pytest.mark.parametrize(("levels", "rails"), [(2, 1), (3, 2), (3, 3), (4, 2)])
def test_space_is_what_enumeration_counts(levels, rails):
    schedules = itertools.product(range(levels), repeat=3 * 2)
    number = sum(len(set(schedule)) <= rails for schedule in schedules)
    assert math.isclose(space_power(2, levels, rails), math.log10(number))


def test_evenly_spaced_levels():
    assert evenly_spaced_v(1) == (1.1,)
    assert evenly_spaced_v(2) == (0.9, 1.3)
    assert evenly_spaced_v(3) == (0.9, 1.1, 1.3)
    assert evenly_spaced_v(5) == (0.9, 1.0, 1.1, 1.2, 1.3)


def test_disagreement_is_an_error():
    assert agree("energy", 1.0 + 1e-10, 1.0).deviation > 0
    for ours in (1.0 + 1e-8, None, math.nan):
        with pytest.raises(DisagreementError, match="energy: expected 1"):
            agree("energy", ours, 1.0)


@pytest.mark.parametrize(
    ("name", "parameters", "shape"),
    [
        ("mobilenetv2", 3_504_872, (1, 1000)),
        # Keras' MobileNet of a quarter's width has 213072 to train without a head; here
        # images have one channel, not three, and there is a head.
        ("person_detection", 213_072 - 2 * 72 + 2 * 257, (1, 2)),
        # MLPerf Tiny's has 24908, of which 64 in each of nine convolutions are biases,
        # and 128 each averages and variances.
        ("ds_cnn", 24_908 - 9 * (64 + 128), (1, 12)),
    ],
)
def test_models_are_as_large_as_others(name, parameters, shape):
    model, inputs = models.build(name)
    assert model(*inputs).shape == shape
    assert sum(p.numel() for p in model.parameters()) == parameters
