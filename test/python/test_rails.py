# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the choice of rails for several networks, against enumeration."""

import itertools
import math

import numpy
import pfmlir
import pytest

from testing.random_networks import random_network

INFINITY = math.inf


def enumerate_rails(
    networks: list[pfmlir.CostTables],
    fps: list[float],
    weights: list[float],
    max_rails: int,
) -> float:
    """Return the least weighted energy over all sets of rails."""
    num_levels = len(networks[0].levels_v)
    least = INFINITY
    for rails in itertools.combinations(range(num_levels), min(max_rails, num_levels)):
        total = 0.0
        for network, rate, weight in zip(networks, fps, weights, strict=True):
            allowed = numpy.isin(network.states, rails).all(axis=1)
            if not numpy.isfinite(network.energy_j[:, allowed]).any(axis=1).all():
                total = INFINITY
                break
            try:
                total += weight * (
                    pfmlir.solve(
                        network.energy_j[:, allowed],
                        network.time_s[:, allowed],
                        network.leakage_w[:, allowed],
                        network.states[allowed],
                        period_s=1 / rate,
                        max_rails=num_levels,
                        transition_energy_j=network.transition_energy_j,
                        transition_time_s=network.transition_time_s,
                        sleep_states=network.sleep_states,
                    ).energy_j
                )
            except pfmlir.InfeasibleError:
                total = INFINITY
                break
        least = min(least, total)
    return least


def random_suite(seed: int):
    """Return the networks, rates, weights and number of rails of a seed."""
    random = numpy.random.default_rng(seed)
    num_levels, num_domains = int(random.integers(2, 6)), int(random.integers(1, 3))
    pairs = [
        random_network(random, num_levels, num_domains)
        for _ in range(random.integers(1, 4))
    ]
    weights = [float(random.choice([0.0, 0.5, 1.0, 3.0])) for _ in pairs]
    networks, fps = (list(each) for each in zip(*pairs, strict=True))
    return networks, fps, weights, int(random.integers(1, 4))


def check_slowdown(
    error: pfmlir.InfeasibleError,
    networks: list[pfmlir.CostTables],
    fps: list[float],
    max_rails: int,
) -> None:
    """Check by how much all rates have to be lowered."""
    slowdown = error.fastest_time_s / error.period_s
    if slowdown == INFINITY:
        assert "all rates times" not in str(error)
        return
    share = float(str(error).split("all rates times ")[1].split()[0])
    assert share == pytest.approx(1 / slowdown, abs=1e-4)
    weights = [1.0] * len(fps)
    enough = [rate * share for rate in fps]
    assert enumerate_rails(networks, enough, weights, max_rails) < INFINITY
    too_fast = [rate / slowdown * (1 + 1e-9) for rate in fps]
    assert enumerate_rails(networks, too_fast, weights, max_rails) == INFINITY


@pytest.mark.parametrize("block", range(6))
def test_choice_is_the_enumerated_one(block: int) -> None:
    for seed in range(40 * block, 40 * (block + 1)):
        networks, fps, weights, max_rails = random_suite(seed)
        expected = enumerate_rails(networks, fps, weights, max_rails)
        try:
            choice = pfmlir.choose_rails(
                networks, fps=fps, weights=weights, max_rails=max_rails
            )
        except pfmlir.InfeasibleError as error:
            assert expected == INFINITY, f"seed {seed}"
            if "though each network could by itself" in str(error):
                check_slowdown(error, networks, fps, max_rails)
            continue
        assert choice.is_optimal and choice.gap == 0, f"seed {seed}"
        assert choice.energy_j == pytest.approx(expected, rel=1e-12), f"seed {seed}"
        assert len(choice.rails_v) <= max_rails
        total = 0.0
        for network, weight, solution in zip(
            networks, weights, choice.solutions, strict=True
        ):
            used = network.voltages_v[solution.states]
            assert numpy.isin(used, choice.rails_v).all(), f"seed {seed}"
            assert list(solution.rails) == list(numpy.unique(used))
            total += weight * solution.energy_j
        assert total == pytest.approx(choice.energy_j, rel=1e-12)


def test_one_network_is_a_schedule() -> None:
    networks, fps, _, _ = random_suite(3)
    for network, rate in zip(networks, fps, strict=True):
        alone = network.solve(fps=rate, max_rails=2)
        choice = pfmlir.choose_rails([network], fps=[rate], max_rails=2)
        assert choice.energy_j == pytest.approx(alone.energy_j, rel=1e-12)
        twice = pfmlir.choose_rails([network] * 2, fps=[rate] * 2, max_rails=2)
        assert twice.energy_j == pytest.approx(2 * alone.energy_j, rel=1e-12)


def test_threads_and_limits_do_not_change_a_finished_search() -> None:
    networks, fps, weights, max_rails = random_suite(5)
    keywords = {"fps": fps, "weights": weights, "max_rails": max_rails}
    choice = pfmlir.choose_rails(networks, **keywords)
    other = pfmlir.choose_rails(networks, **keywords, threads=3, time_limit_s=1e9)
    assert other == choice and other.statistics == choice.statistics
    assert other != pfmlir.choose_rails(networks[:1], fps=fps[:1], max_rails=1)


def test_a_limit_leaves_rails_and_a_bound() -> None:
    networks, fps, weights, _ = random_suite(7)
    best = pfmlir.choose_rails(networks, fps=fps, weights=weights, max_rails=2)
    rushed = pfmlir.choose_rails(
        networks, fps=fps, weights=weights, max_rails=2, time_limit_s=1e-9
    )
    assert rushed.lower_bound_j <= best.energy_j * (1 + 1e-12)
    assert rushed.energy_j >= best.energy_j * (1 - 1e-12)


def test_what_is_infeasible_is_named() -> None:
    networks, fps, _, _ = random_suite(3)
    fast = [*fps[:-1], 1e6]
    with pytest.raises(pfmlir.InfeasibleError, match=rf"networks\[{len(fps) - 1}\]"):
        pfmlir.choose_rails(networks, fps=fast, max_rails=2)
    # One network has states on one level only, and another on another.
    low, high = (
        pfmlir.CostTables(
            layer_names=("layer",),
            domains=("core",),
            levels_v=numpy.array([0.9, 1.1]),
            voltages_v=numpy.array([[0.9], [1.1]]),
            energy_j=numpy.array([energies]),
            time_s=numpy.array([[1.0, 1.0]]),
            leakage_w=numpy.zeros((1, 2)),
            max_rails=2,
            transition_energy_j=numpy.zeros((1, 2, 2)),
            transition_time_s=numpy.zeros((1, 2, 2)),
        )
        for energies in ([1.0, INFINITY], [INFINITY, 1.0])
    )
    assert pfmlir.choose_rails([low, high], fps=[1, 1], max_rails=2).energy_j == 2
    with pytest.raises(pfmlir.InfeasibleError, match="no set of 1 rails lets all"):
        pfmlir.choose_rails([low, high], fps=[1, 1], max_rails=1)


def test_bad_arguments_are_named() -> None:
    networks, fps, _, _ = random_suite(3)

    def choose(error: type[Exception], message: str, **changes) -> None:
        arguments = {"networks": networks, "fps": fps, "max_rails": 2, **changes}
        with pytest.raises(error, match=message):
            pfmlir.choose_rails(arguments.pop("networks"), **arguments)

    choose(ValueError, "networks: expected at least one", networks=[])
    choose(TypeError, "networks: expected a sequence", networks=networks[0])
    choose(TypeError, "fps: expected a sequence, but got 60", fps=60)
    choose(TypeError, "names: expected a sequence, but got 'ab'", names="ab")
    choose(TypeError, r"networks\[0\]: expected", networks=[3])
    choose(ValueError, "fps: expected one for each", fps=[*fps, 1.0])
    choose(ValueError, r"fps\[0\]: expected", fps=[0.0] * len(fps))
    choose(ValueError, "weights: expected one for each", weights=[1.0] * 9)
    choose(ValueError, r"weights\[0\]: expected", weights=[-1.0] * len(fps))
    choose(ValueError, "names: expected one for each", names=["network"] * 9)
    choose(ValueError, "max_rails: expected", max_rails=0)
    other, rate = random_network(numpy.random.default_rng(0), 7, 1)
    choose(
        ValueError,
        "expected the levels of the first",
        networks=[*networks, other],
        fps=[*fps, rate],
    )
