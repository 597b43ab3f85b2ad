# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of pfmlir.solve, against enumeration, and of what it is fed with."""

import csv
import itertools
import json
import math
import pickle
import random
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import pfmlir
import pytest

from testing.reference import FOLDER

INFINITY = math.inf
NAN = math.nan


# ---------------------------------------------------------------------------
# Enumeration, from the documentation of pfmlir.solve alone
# ---------------------------------------------------------------------------


@dataclass
class Instance:
    """A small problem in plain Python: lists by [layer][state]."""

    energy: list[list[float]]
    time: list[list[float]]
    leakage: list[list[float]]
    # [layer][state][domain], indices of levels.
    levels: list[list[tuple[int, ...]]]
    num_levels: int
    period: float
    max_rails: int
    # [domain][from][to].
    transition_energy: list[list[list[float]]]
    transition_time: list[list[list[float]]]
    sleeps: list[tuple[float, float, float]] = field(default_factory=list)

    def rails(self, states: tuple[int, ...]) -> set[int]:
        """Return the levels that a choice of states is on."""
        return {
            level
            for layer, state in enumerate(states)
            for level in self.levels[layer][state]
        }

    def active(self, states: tuple[int, ...]) -> tuple[float, float]:
        """Return energy and time of all layers and of the changes between them."""
        energies = [self.energy[i][s] for i, s in enumerate(states)]
        times = [self.time[i][s] for i, s in enumerate(states)]
        chain = [self.levels[i][s] for i, s in enumerate(states)]
        for before, after in itertools.pairwise(chain):
            for domain, (a, b) in enumerate(zip(before, after, strict=True)):
                energies.append(self.transition_energy[domain][a][b])
                times.append(self.transition_time[domain][a][b])
        if INFINITY in energies or INFINITY in times:
            return INFINITY, INFINITY
        return math.fsum(energies), math.fsum(times)

    def tails(self, states: tuple[int, ...], time_s: float) -> dict[int | None, float]:
        """Return what the ways to end the period cost; None is idling."""
        rest = max(self.period - time_s, 0.0)
        costs: dict[int | None, float] = {
            None: self.leakage[len(states) - 1][states[-1]] * rest
        }
        for i, (power, energy, needed) in enumerate(self.sleeps):
            if time_s + needed <= self.period * (1 + 1e-12):
                costs[i] = energy + power * max(rest - needed, 0.0)
        return costs

    def enumerate(self) -> tuple[float, float]:
        """Return the least energy within the period, and the least time at all."""
        least, fastest = INFINITY, INFINITY
        for states in itertools.product(*(range(len(row)) for row in self.energy)):
            if len(self.rails(states)) > self.max_rails:
                continue
            energy, time_s = self.active(states)
            fastest = min(fastest, time_s)
            if time_s <= self.period * (1 + 1e-12):
                least = min(least, energy + min(self.tails(states, time_s).values()))
        return least, fastest

    def solve(self, **changes: Any) -> pfmlir.Solution:
        """Solve it, with the keywords of pfmlir.solve."""
        return pfmlir.solve(
            **{
                "energy_j": self.energy,
                "time_s": self.time,
                "leakage_w": self.leakage,
                "states": numpy.array(self.levels, dtype=int),
                "period_s": self.period,
                "max_rails": self.max_rails,
                "transition_energy_j": self.transition_energy,
                "transition_time_s": self.transition_time,
                "sleep_states": self.sleeps,
                **changes,
            }
        )


def random_instance(seed: int) -> Instance:
    """Return the instance of a seed: ties, gaps and tight deadlines among them."""
    pick = random.Random(seed)
    num_levels = pick.randint(1, 4)
    num_domains = pick.randint(1, 3)
    num_layers = pick.randint(1, 5)
    grid = list(itertools.product(range(num_levels), repeat=num_domains))
    # At most some thousand schedules.
    num_states = min(len(grid), pick.choice([1, 2, 3, int(3000 ** (1 / num_layers))]))
    is_rounded = pick.random() < 0.6

    def number(scale: float) -> float:
        value = scale * pick.random()
        return round(8 * value) / 8 if is_rounded else value

    def numbers(scale: float) -> list[list[float]]:
        return [[number(scale) for _ in range(num_states)] for _ in range(num_layers)]

    common = sorted(pick.sample(grid, num_states))
    levels = [common] * num_layers
    if pick.random() < 0.5:
        levels = [pick.sample(grid, num_states) for _ in range(num_layers)]
    energy, time_s, leakage = numbers(4), numbers(2), numbers(0.5)
    if pick.random() < 0.4:
        for i, j in itertools.product(range(num_layers), range(num_states)):
            # Not every entry of a layer.
            if pick.random() < 0.3 and j != i % num_states:
                pick.choice([energy, time_s])[i][j] = INFINITY
    if pick.random() < 0.2:
        energy, time_s = [energy[0]] * num_layers, [time_s[0]] * num_layers
        levels = [levels[0]] * num_layers

    def matrices() -> list[list[list[float]]]:
        kind = pick.choice(["free", "one", "domain", "matrix", "matrices"])
        size = range(num_levels)

        def matrix(cost: float | None) -> list[list[float]]:
            def entry() -> float:
                return pick.choice([0.0, number(1)]) if cost is None else cost

            return [[0.0 if a == b else entry() for b in size] for a in size]

        if kind == "matrix":
            return [matrix(None)] * num_domains
        one = 0.0 if kind == "free" else number(1)
        costs = {"domain": number, "matrices": lambda _: None}
        get = costs.get(kind, lambda _: one)
        return [matrix(get(1)) for _ in range(num_domains)]

    instance = Instance(
        energy,
        time_s,
        leakage,
        levels,
        num_levels,
        1.0,
        pick.choice([1, 2, 2, 3, 9]),
        matrices(),
        matrices(),
        [
            (pick.choice([0.0, number(0.2)]), number(1), number(1))
            for _ in range(pick.randint(0, 2))
        ],
    )
    # The very time of some schedule, or about it, or too little.
    states = tuple(
        pick.choice([j for j in range(num_states) if energy[i][j] + time_s[i][j] < 1e9])
        for i in range(num_layers)
    )
    factor = pick.choice([1.0, 1.0, 1.1, 1.5, 3.0, 0.6])
    instance.period = max(instance.active(states)[1] * factor, 1e-3)
    return instance


def check_solution(instance: Instance, solution: pfmlir.Solution, where: str) -> None:
    """Check that a solution is what it says."""
    states = tuple(int(state) for state in solution.states)
    assert len(states) == len(instance.energy), where
    energy, time_s = instance.active(states)
    tails = instance.tails(states, time_s)
    assert solution.tail in tails, where
    assert solution.active_time_s == pytest.approx(time_s, rel=1e-12, abs=1e-15), where
    assert solution.active_time_s <= instance.period * (1 + 1e-12), where
    assert solution.energy_j == pytest.approx(
        energy + tails[solution.tail], rel=1e-12, abs=1e-12
    ), where
    rails = instance.rails(states)
    assert list(solution.rails) == sorted(rails), where
    assert len(rails) <= instance.max_rails, where
    assert solution.lower_bound_j <= solution.energy_j * (1 + 1e-12), where
    assert solution.gap >= -1e-12, where


@pytest.mark.parametrize("block", range(8))
def test_against_enumeration(block: int) -> None:
    outcomes = set()
    for seed in range(60 * block, 60 * (block + 1)):
        where = f"seed {seed}"
        instance = random_instance(seed)
        least, fastest = instance.enumerate()
        if least == INFINITY:
            outcomes.add("none" if fastest == INFINITY else "slow")
            for search in ("exact", "lambda-dp"):
                with pytest.raises(pfmlir.InfeasibleError) as caught:
                    instance.solve(search=search)
                assert caught.value.period_s == instance.period, where
                assert caught.value.fastest_time_s == pytest.approx(
                    fastest, rel=1e-12
                ), where
                again = pickle.loads(pickle.dumps(caught.value))
                assert str(again) == str(caught.value), where
                assert vars(again) == vars(caught.value), where
            # The period that it says could be had, can be had.
            if fastest < INFINITY:
                instance.period = caught.value.fastest_time_s
                check_solution(instance, instance.solve(), where)
            continue
        outcomes.add("solved")
        solution = instance.solve()
        assert solution.is_optimal, where
        assert solution.energy_j == pytest.approx(least, rel=1e-11, abs=1e-12), where
        assert solution.lower_bound_j == pytest.approx(least, rel=1e-11, abs=1e-12), (
            where
        )
        check_solution(instance, solution, where)
        for search in ("lambda-dp", "lambda-dp-unrefined"):
            heuristic = instance.solve(search=search)
            check_solution(instance, heuristic, where)
            assert heuristic.energy_j >= least * (1 - 1e-11) - 1e-12, where
            assert heuristic.lower_bound_j <= least * (1 + 1e-11) + 1e-12, where
            assert not heuristic.is_optimal, where
        assert instance.solve(threads=3) == solution, where
    assert outcomes >= {"solved", "slow"}, outcomes


def test_voltages_and_indices_agree() -> None:
    for seed in range(1000, 1080):
        where = f"seed {seed}"
        instance = random_instance(seed)
        used = sorted({v for row in instance.levels for state in row for v in state})
        volts = numpy.array([0.55 + 0.1 * i for i in range(instance.num_levels)])
        matrices = {
            f"transition_{name}": numpy.array(values)[:, used][:, :, used]
            for name, values in (
                ("energy_j", instance.transition_energy),
                ("time_s", instance.transition_time),
            )
        }
        try:
            by_index = instance.solve()
        except pfmlir.InfeasibleError as error:
            with pytest.raises(pfmlir.InfeasibleError) as caught:
                instance.solve(states=volts[numpy.array(instance.levels)], **matrices)
            assert caught.value.fastest_time_s == error.fastest_time_s, where
            continue
        by_voltage = instance.solve(
            states=volts[numpy.array(instance.levels)], **matrices
        )
        assert list(by_voltage.states) == list(by_index.states), where
        assert by_voltage.energy_j == by_index.energy_j, where
        assert list(by_voltage.rails) == list(volts[by_index.rails]), where


def test_shorthands_of_transitions() -> None:
    """One number, one a domain and one matrix say the same as all matrices do."""
    for seed in range(2000, 2040):
        instance = random_instance(seed)
        instance.period, instance.max_rails = instance.period + 20.0, 4
        domains, size = len(instance.transition_energy), instance.num_levels
        changes = 1 - numpy.eye(size)
        matrix = numpy.random.default_rng(seed).random((size, size)) * changes
        each = numpy.random.default_rng(seed).random(domains)
        for short, full in (
            (0.25, numpy.broadcast_to(0.25 * changes, (domains, size, size))),
            ([0.25], numpy.broadcast_to(0.25 * changes, (domains, size, size))),
            (each, each[:, None, None] * changes),
            (matrix, numpy.broadcast_to(matrix, (domains, size, size))),
        ):
            if numpy.ndim(short) == 1 and len(short) == 1 and domains > 1:
                short = short * domains
            names = ("transition_energy_j", "transition_time_s")
            got = instance.solve(**dict.fromkeys(names, short))
            expected = instance.solve(**dict.fromkeys(names, full))
            assert got == expected, f"seed {seed}, {short}"


def test_deadline_exactly_on_time() -> None:
    """Sums of decimal times are not exact; the deadline of their sum is kept."""
    for seed in range(200):
        pick = random.Random(seed)
        layers = pick.randint(2, 300)
        times = [[0.1 * pick.randint(1, 9), 0.1] for _ in range(layers)]
        energies = [[1.0, 2.0]] * layers
        leakages = [[0.0, 0.0]] * layers
        # In an order that no search adds them in.
        shuffled = [row[0] for row in times]
        pick.shuffle(shuffled)
        solution = pfmlir.solve(
            energies,
            times,
            leakages,
            [[0], [1]],
            period_s=sum(shuffled),
            max_rails=2,
        )
        assert solution.energy_j == layers, f"seed {seed}"


# ---------------------------------------------------------------------------
# What arrays may be
# ---------------------------------------------------------------------------

BASE: dict[str, Any] = {
    "energy_j": [[1.0, 2.0], [1.0, 1.5]],
    "time_s": [[4.0, 3.0], [4.0, 2.0]],
    "leakage_w": [[0.0, 0.0], [0.0, 0.0]],
    "states": [[0.9], [1.1]],
    "period_s": 6.5,
    "max_rails": 2,
}


def solve(**changes: Any) -> pfmlir.Solution:
    """Solve the example of the documentation, with changes."""
    return pfmlir.solve(**{**BASE, **changes})


def large_arrays(layers: int = 200, levels: int = 10) -> dict[str, Any]:
    """Return arguments with megabytes of costs."""
    random_cost = numpy.random.default_rng(7)
    states = numpy.array(list(itertools.product(range(levels), repeat=3)))
    shape = (layers, len(states))
    times = random_cost.integers(1, 9, shape).astype(float)
    return {
        "energy_j": random_cost.integers(1, 9, shape).astype(float),
        "time_s": times,
        "leakage_w": random_cost.integers(0, 3, shape).astype(float),
        "states": states,
        "period_s": 4.0 * layers,
        "max_rails": 2,
    }


COSTS = ("energy_j", "time_s", "leakage_w")


@pytest.mark.parametrize(
    "convert",
    [
        numpy.asfortranarray,
        lambda a: numpy.repeat(a, 2, axis=1)[:, ::2],
        lambda a: a[::-1].copy()[::-1],
        lambda a: a.astype(numpy.float32),
        lambda a: a.astype(numpy.float16),
        lambda a: a.astype(numpy.longdouble),
        lambda a: a.astype(">f8"),
        lambda a: a.astype(numpy.int64),
        lambda a: a.astype(numpy.uint8),
        lambda a: a.tolist(),
        lambda a: [tuple(row) for row in a],
        lambda a: a.astype(int).tolist(),
        lambda a: memoryview(a),
    ],
    ids=[
        "fortran",
        "strided",
        "reversed",
        "float32",
        "float16",
        "longdouble",
        "big-endian",
        "int64",
        "uint8",
        "list",
        "tuples",
        "integers",
        "memoryview",
    ],
)
def test_array_likes(convert: Any) -> None:
    arguments = large_arrays(20, 4)
    expected = pfmlir.solve(**arguments)
    for name in COSTS:
        got = pfmlir.solve(**{**arguments, name: convert(arguments[name])})
        assert got == expected, name
    for name in ("transition_energy_j", "transition_time_s"):
        matrix = 1.0 - numpy.eye(4)
        assert pfmlir.solve(
            **{**arguments, name: convert(matrix), "period_s": 200}
        ) == pfmlir.solve(**{**arguments, name: matrix, "period_s": 200})


@pytest.mark.parametrize(
    "convert",
    [
        numpy.asfortranarray,
        lambda a: a.astype(numpy.uint8),
        lambda a: a.astype(numpy.int32),
        lambda a: a.tolist(),
        lambda a: numpy.repeat(a, 2, axis=0)[::2],
        lambda a: numpy.broadcast_to(a, (20, *a.shape)),
    ],
    ids=["fortran", "uint8", "int32", "list", "strided", "by-layer"],
)
def test_states_may_be_any_integers(convert: Any) -> None:
    arguments = large_arrays(20, 4)
    expected = pfmlir.solve(**arguments)
    assert pfmlir.solve(**{**arguments, "states": convert(arguments["states"])}) == (
        expected
    )


def peak_bytes(**arguments: Any) -> int:
    """Return the most that Python and numpy allocate during a search."""
    tracemalloc.start()
    try:
        pfmlir.solve(**arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_contiguous_arrays_are_not_copied() -> None:
    arguments = large_arrays()
    size = arguments["energy_j"].nbytes
    in_place = peak_bytes(**arguments)
    copied = peak_bytes(
        **{**arguments, **{name: arguments[name].copy("F") for name in COSTS}}
    )
    # All three were copied in the one case, not even one in the other: indices of
    # states are as large as one, and levels are smaller.
    assert copied - in_place > 2.5 * size
    assert in_place < 2.5 * size


def test_arrays_are_only_read(tmp_path: Path) -> None:
    arguments = large_arrays(50, 6)
    expected = pfmlir.solve(**arguments)
    copies = {name: arguments[name].copy() for name in COSTS}
    mapped = {}
    for name in COSTS:
        arguments[name].flags.writeable = False
        numpy.save(tmp_path / f"{name}.npy", arguments[name])
        mapped[name] = numpy.load(tmp_path / f"{name}.npy", mmap_mode="r")
    assert pfmlir.solve(**arguments) == expected
    assert pfmlir.solve(**{**arguments, **mapped}) == expected
    for name in COSTS:
        assert (arguments[name] == copies[name]).all()


def test_solution_outlives_its_arrays() -> None:
    arguments = large_arrays(20, 4)
    solution = pfmlir.solve(**arguments)
    again = pickle.loads(pickle.dumps(solution))
    del arguments
    assert again == solution
    assert again.statistics == solution.statistics


# ---------------------------------------------------------------------------
# What arguments may not be
# ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([[NAN, 1], [1, 1]], ValueError),
        ([[-1, 1], [1, 1]], ValueError),
        ([[-INFINITY, 1], [1, 1]], ValueError),
        ([], ValueError),
        ([[]], ValueError),
        ([[], []], ValueError),
        (numpy.zeros((0, 2)), ValueError),
        ([1.0, 2.0], ValueError),
        (5.0, ValueError),
        ([[1.0], [2.0], [3.0]], ValueError),
        ([[[1.0, 2.0], [1.0, 2.0]]], ValueError),
        ([[1.0, 2.0], [3.0]], ValueError),
        (None, TypeError),
        ("x", TypeError),
        ({}, TypeError),
        ([["1", "2"], ["3", "4"]], TypeError),
        ([[True, False], [True, True]], TypeError),
        ([[1j, 1], [1, 1]], TypeError),
        ([[None, 1], [1, 1]], TypeError),
        (numpy.array([[1, 2], [3, 4]], dtype=object), TypeError),
        (numpy.zeros((2, 2), "M8[s]"), TypeError),
        (numpy.zeros((2, 2), [("a", float)]), TypeError),
    ],
)
def test_wrong_costs(name: str, value: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"(energy_j|time_s|leakage_w)\b") as caught:
        solve(**{name: value})
    # Where shapes differ, any of the three may be the one to blame.
    if "shape" not in str(caught.value):
        assert str(caught.value).startswith(name)


def test_place_of_wrong_costs() -> None:
    with pytest.raises(ValueError, match=r"^time_s\[1, 0\]: .* got -3"):
        solve(time_s=[[1, 1], [-3, NAN]])
    with pytest.raises(ValueError, match=r"^energy_j\[1\]: expected a finite entry"):
        solve(energy_j=[[1, 1], [INFINITY, INFINITY]])
    with pytest.raises(ValueError, match="finite entry"):
        solve(time_s=[[1, 1], [INFINITY, INFINITY]])


def test_infinite_leakage() -> None:
    with pytest.raises(ValueError, match=r"^leakage_w\[1, 0\]"):
        solve(leakage_w=[[0, 0], [INFINITY, 0]])


def test_infinite_leakage_after_an_absent_state() -> None:
    with pytest.raises(ValueError, match=r"1, (state )?1"):
        solve(
            energy_j=[[1, 1], [INFINITY, 1]],
            leakage_w=[[0, 0], [0, INFINITY]],
        )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([[0.9], [NAN]], ValueError),
        ([[0.9], [INFINITY]], ValueError),
        ([[-1], [2]], ValueError),
        ([[65535], [0]], ValueError),
        ([0.9, 1.1], ValueError),
        ([[0.9]], ValueError),
        ([[], []], ValueError),
        (numpy.zeros((2, 0)), ValueError),
        (numpy.zeros((3, 2, 1), int), ValueError),
        (numpy.zeros((1, 2, 2, 1), int), ValueError),
        ([[0.9], [1.1, 1.3]], ValueError),
        ([[2**62], [0]], ValueError),
        (None, TypeError),
        ("x", TypeError),
        ([[True], [False]], TypeError),
        ([["a"], ["b"]], TypeError),
        ([[1j], [2j]], TypeError),
        ([[None], [0]], TypeError),
    ],
)
def test_wrong_states(value: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^states: expected"):
        solve(states=value)


def test_large_indices_of_levels() -> None:
    solution = solve(states=[[0], [1000]])
    assert list(solution.rails) == [0, 1000]
    assert solution.energy_j == 2.5


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        *(
            (name, value, ValueError)
            for name in ("period_s", "time_limit_s")
            for value in (0, -1, -0.0, NAN, INFINITY, -INFINITY, numpy.float32(0))
        ),
        *(
            (name, value, TypeError)
            for name in ("period_s", "time_limit_s")
            for value in ("1", True, 1j, [1.0], numpy.array([1.0]))
        ),
        ("period_s", None, TypeError),
        *(
            (name, value, ValueError)
            for name in ("max_rails", "threads")
            for value in (0, -1, 2**31, 2**80, numpy.int64(0))
        ),
        *(
            (name, value, TypeError)
            for name in ("max_rails", "threads")
            for value in (1.0, "2", None, True, [1], NAN, 1j)
        ),
        *(("gap", value, ValueError) for value in (-1e-9, 1, 2.0, NAN, INFINITY)),
        *(("gap", value, TypeError) for value in ("0", None, True)),
        *(("memory_limit_bytes", value, ValueError) for value in (0, -1, 2**63)),
        *(("memory_limit_bytes", value, TypeError) for value in (1e9, "1", True)),
        *(
            ("search", value, ValueError)
            for value in ("", "Exact", "greedy", None, 5, b"exact", ["exact"])
        ),
        ("period_s", 10**400, ValueError),
        ("time_limit_s", 10**400, ValueError),
    ],
)
def test_wrong_numbers(name: str, value: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=f"^{name}: expected"):
        solve(**{name: value})


@pytest.mark.parametrize("name", ["transition_energy_j", "transition_time_s"])
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([1, 2], ValueError),
        ([], ValueError),
        ([[]], ValueError),
        ([[0]], ValueError),
        (numpy.zeros((3, 3)), ValueError),
        (numpy.zeros((2, 2, 2)), ValueError),
        (numpy.zeros((1, 1, 2, 2)), ValueError),
        ("x", TypeError),
        (None, TypeError),
        (True, TypeError),
        (1j, TypeError),
        ([[0, 1], [1]], ValueError),
        (-1, ValueError),
        (NAN, ValueError),
        (INFINITY, ValueError),
        ([[0, -1], [1, 0]], ValueError),
        ([[0, NAN], [1, 0]], ValueError),
        # Staying on a level costs nothing.
        ([[1, 1], [1, 1]], ValueError),
    ],
)
def test_wrong_transitions(name: str, value: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=f"^{name}"):
        solve(**{name: value})


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([()], ValueError),
        ([(1, 2, 3, 4)], ValueError),
        *(([(bad,)], ValueError) for bad in (NAN, -1, INFINITY)),
        *(([(0, bad, 0)], ValueError) for bad in (NAN, -1, INFINITY)),
        *(([(0, 0, bad)], ValueError) for bad in (NAN, -1, INFINITY)),
        (None, TypeError),
        (5, TypeError),
        ([0.1], TypeError),
        ((0.1, 0.0, 0.0), TypeError),
        ([None], TypeError),
        ([(1j,)], TypeError),
        (["abc"], (TypeError, ValueError)),
        ([(1, 2, "x")], (TypeError, ValueError)),
        ([(None,)], (TypeError, ValueError)),
        ([([1, 2],)], (TypeError, ValueError)),
    ],
)
def test_wrong_sleep_states(value: Any, kind: Any) -> None:
    with pytest.raises(kind, match=r"^sleep_states"):
        solve(sleep_states=value)


def test_sleep_states_may_be_any_iterable() -> None:
    leaky = {"leakage_w": [[1.0, 1.0], [1.0, 1.0]], "period_s": 100.0}
    expected = solve(**leaky, sleep_states=[pfmlir.SleepState(0.0, 0.25, 1.0)])
    assert expected.tail == 0
    assert expected.energy_j == 2.25
    assert solve(**leaky, sleep_states=[(0.0, 0.25, 1.0)]) == expected
    assert solve(**leaky, sleep_states=iter([[0, 0.25, 1]])) == expected
    assert solve(**leaky, sleep_states=numpy.array([[0, 0.25, 1]])) == expected
    assert solve(**leaky).tail is None


def test_too_many_domains() -> None:
    """Grids that no machine holds are refused, not tried."""
    with pytest.raises(ValueError, match="fewer rails"):
        solve(states=[[0] * 40, [1] * 40])


def test_more_rails_than_levels() -> None:
    assert solve(max_rails=1000) == solve()
    assert solve(max_rails=2**31 - 1) == solve()
    assert solve(max_rails=numpy.int8(2)) == solve()


def test_extreme_numbers() -> None:
    assert solve(period_s=1e60).energy_j == 2.0
    with pytest.raises(pfmlir.InfeasibleError):
        solve(period_s=1e-60)
    scaled = solve(
        time_s=1e-59 * numpy.array(BASE["time_s"]),
        energy_j=1e59 * numpy.array(BASE["energy_j"]),
        period_s=6.5e-59,
    )
    assert list(scaled.states) == [0, 1]
    zero = solve(energy_j=numpy.zeros((2, 2)), time_s=numpy.zeros((2, 2)))
    assert zero.energy_j == 0
    assert zero.gap == 0
    assert zero.is_optimal


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"period_s": 1e61}, "period_s: expected .* from 1e-60 to 1e60, but got"),
        ({"energy_j": [[1.0, 1e300], [1.0, 1.0]]}, "layer 0, state 1, energy_j: exp"),
        ({"time_s": [[1.0, 1.0], [1e-300, 1.0]]}, "layer 1, state 0, time_s: expect"),
    ],
)
def test_numbers_beyond_range(change: dict[str, Any], message: str) -> None:
    """Where quotients of energy and time would overflow, nothing is promised."""
    with pytest.raises(ValueError, match=message):
        solve(**change)


# ---------------------------------------------------------------------------
# Limits, threads, interruption
# ---------------------------------------------------------------------------

# Seventeen trillion rail sets: no search gets to the end of them, so that whatever is
# to end one does.
ENDLESS = """
import numpy, signal

# Which a shell that runs the tests in the background has set to be ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

def make_endless_problem(layers=20, levels=100, max_rails=10):
    random = numpy.random.default_rng(0)
    level = numpy.arange(levels)
    shape = (layers, levels)
    time_s = (1 + random.random(shape)) / (1 + level)
    changes = 1 - numpy.eye(levels)
    return dict(
        energy_j=(1 + random.random(shape)) * (1 + level),
        time_s=time_s,
        leakage_w=random.random(shape),
        states=level[:, None],
        period_s=float(3 * time_s[:, -1].sum()),
        max_rails=max_rails,
        transition_energy_j=random.random((levels, levels)) * changes,
        transition_time_s=1e-3 * random.random((levels, levels)) * changes,
    )
"""


@pytest.fixture(scope="module")
def endless_problem() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(ENDLESS, names)
    return names["make_endless_problem"]()


@pytest.fixture(scope="module")
def middling_problem() -> dict[str, Any]:
    """Return a problem where every number is awkward."""
    layers, levels = 40, 5
    random = numpy.random.default_rng(0)
    states = numpy.array(list(itertools.product(range(levels), repeat=3)))
    shape = (layers, len(states))
    time_s = random.random(shape) + 0.2
    changes = 1 - numpy.eye(levels)
    return {
        "energy_j": random.random(shape) + 1,
        "time_s": time_s,
        "leakage_w": random.random(shape) * 0.3,
        "states": states,
        "period_s": float(2.7 * time_s.min(axis=1).sum()),
        "max_rails": 3,
        "transition_energy_j": random.random((3, levels, levels)) * changes,
        "transition_time_s": random.random((3, levels, levels)) * changes,
    }


@pytest.mark.parametrize("limit_s", [1e-9, 1e-3, 0.1])
def test_time_limit(endless_problem: dict[str, Any], limit_s: float) -> None:
    solution = pfmlir.solve(**endless_problem, time_limit_s=limit_s)
    assert not solution.is_optimal
    assert 0 < solution.lower_bound_j < solution.energy_j
    assert 0 < solution.gap < 1


@pytest.mark.parametrize("limit_s", [1e-9, 1e-4, 1e-3, 1e-2])
def test_bounds_hold_wherever_a_time_limit_ends_the_search(
    middling_problem: dict[str, Any], limit_s: float
) -> None:
    optimum = pfmlir.solve(**middling_problem)
    assert optimum.is_optimal
    solution = pfmlir.solve(**middling_problem, time_limit_s=limit_s)
    assert solution.lower_bound_j <= optimum.energy_j * (1 + 1e-12)
    assert solution.energy_j >= optimum.energy_j * (1 - 1e-12)
    if solution.is_optimal:
        assert solution.energy_j == optimum.energy_j


def test_memory_limit(middling_problem: dict[str, Any]) -> None:
    solution = pfmlir.solve(**middling_problem, memory_limit_bytes=20_000)
    assert not solution.is_optimal
    assert 0 < solution.lower_bound_j < solution.energy_j
    again = pfmlir.solve(**middling_problem, memory_limit_bytes=20_000, threads=2)
    assert again == solution


@pytest.mark.parametrize("gap", [0.1, 1e-2, 1e-3])
def test_gap(middling_problem: dict[str, Any], gap: float) -> None:
    solution = pfmlir.solve(**middling_problem, gap=gap)
    assert solution.gap <= gap
    phases = ["fastest_path", "crude_bounds", "relaxation", "label_setting"]
    assert list(solution.profile_s) == phases
    assert all(seconds >= 0 for seconds in solution.profile_s.values())


def test_searches_at_once() -> None:
    instances = [random_instance(seed) for seed in range(3000, 3040)]
    for instance in instances:
        instance.period, instance.max_rails = instance.period + 20.0, 4
    expected = [instance.solve() for instance in instances]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            got = list(pool.map(lambda each: each.solve(threads=2), instances))
            assert got == expected


def test_searches_at_once_on_the_same_arrays() -> None:
    arguments = large_arrays(100, 8)
    expected = pfmlir.solve(**arguments)
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(pfmlir.solve, **arguments) for _ in range(12)]
        assert all(future.result() == expected for future in futures)


# Of a search that doesn't end as it should. Nothing else comes near it.
HANGS_S = 1200


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in another interpreter."""
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
    )


# Another thread works, for which it needs the interpreter's lock over and over, and
# then sends a signal: neither would come to an end if the search kept the lock. The
# delay makes it likely that the search is underway; if not, the outcome is the same.
INTERRUPT = """
import os, threading, time
import pfmlir

problem = make_endless_problem()
steps = []

def interrupt():
    time.sleep({delay})
    for step in range(10000):
        steps.append(step)
        time.sleep(0)
    os.kill(os.getpid(), signal.SIGINT)

try:
    threading.Thread(target=interrupt).start()
    pfmlir.solve(**problem, {keywords})
except KeyboardInterrupt:
    print("interrupted after", len(steps), "steps")
# Nothing is left behind.
small = pfmlir.solve([[1.0]], [[1.0]], [[0.0]], [[0]], period_s=1, max_rails=1)
print("then", small.energy_j)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize(
    ("delay", "keywords"),
    [(0.05, "threads=1"), (0.5, "threads=2"), (0.2, "search='lambda-dp'")],
)
def test_interrupt(delay: float, keywords: str) -> None:
    result = run_python(ENDLESS + INTERRUPT.format(delay=delay, keywords=keywords))
    assert result.returncode == 0, result.stderr
    assert result.stdout == "interrupted after 10000 steps\nthen 1.0\n"


HANDLER = """
import os, threading
import pfmlir

class Enough(Exception):
    pass

calls = []

# A handler that returns does not end the search.
def stop(*_):
    calls.append(None)
    if len(calls) == 3:
        raise Enough

def send():
    while len(calls) < 3:
        seen = len(calls)
        os.kill(os.getpid(), signal.SIGUSR1)
        while len(calls) == seen:
            pass

signal.signal(signal.SIGUSR1, stop)
problem = make_endless_problem()
try:
    threading.Thread(target=send).start()
    pfmlir.solve(**problem)
except Enough:
    print("enough")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_any_signal_handler_that_raises_ends_the_search() -> None:
    result = run_python(ENDLESS + HANDLER)
    assert result.stdout == "enough\n", result.stderr


MANY_THREADS = """
import os, resource
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy, pfmlir
random = numpy.random.default_rng(1)
shape = (30, 30)
energies = numpy.round(random.random(shape) * 4) + 1
times = numpy.round(random.random(shape) * 4) + 1
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
solution = pfmlir.solve(
    energies, times, 0 * energies, numpy.arange(30)[:, None],
    period_s=75, max_rails=5, threads=1500)
print(solution.is_optimal)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits address space")
def test_more_threads_than_can_be_started() -> None:
    result = run_python(MANY_THREADS)
    assert result.returncode in (0, 1), result.stderr
    assert "terminate called" not in result.stderr


# ---------------------------------------------------------------------------
# Solutions as values
# ---------------------------------------------------------------------------


def test_solutions_compare() -> None:
    assert solve() == solve()
    assert solve() != solve(period_s=10)
    assert solve() != "a solution"
    assert solve().states.dtype == numpy.int64
    assert isinstance(solve().energy_j, float)
    with pytest.raises(AttributeError):
        solve().energy_j = 0.0
    again = pickle.loads(pickle.dumps(solve()))
    assert again == solve()
    assert again.statistics == solve().statistics


# ---------------------------------------------------------------------------
# Voltage sweeps of the public artifact
# ---------------------------------------------------------------------------


def sweep_of(network: str) -> dict[str, Any]:
    """Return a reference table as the artifact writes it."""
    layers: dict[str, list[dict[str, float]]] = {}
    keys = {
        "v_sys": "v_sys",
        "v_rram": "v_weight",
        "v_feeder": "v_feeder",
        "energy_j": "energy_j",
        "time_s": "time_s",
        "Leakage_w": "leakage_w",
    }
    with open(FOLDER / "tables" / f"{network}.csv", newline="") as file:
        for row in csv.DictReader(file):
            layers.setdefault(row["layer"], []).append(
                {name: float(row[column]) for name, column in keys.items()}
            )
    return {
        "meta": {"v_sys_candidates": [0.9, 1.1, 1.3]},
        "layers": [
            {"name": f"layer{i}", "combinations": rows} for i, rows in layers.items()
        ],
    }


def results() -> list[dict[str, str]]:
    """Return the proven optima at the three levels of the tables."""
    with open(FOLDER / "results.csv", newline="") as file:
        return [row for row in csv.DictReader(file) if row["levels"] == "V3"]


@pytest.mark.parametrize("network", sorted({row["network"] for row in results()}))
def test_sweep_gives_the_proven_optimum(network: str, tmp_path: Path) -> None:
    path = tmp_path / "sweep.json"
    path.write_text(json.dumps(sweep_of(network)))
    rows = [row for row in results() if row["network"] == network]
    assert rows
    for row in rows:
        tables = pfmlir.read_voltage_sweep(
            path,
            max_rails=int(row["max_rails"]),
            transition_energy_j=float(row["transition_energy_j"]),
            transition_time_s=float(row["transition_time_s"]),
            sleep_power_w=float(row["sleep_power_w"]),
        )
        assert list(tables.levels_v) == [0.9, 1.1, 1.3]
        solution = tables.solve(fps=float(row["fps"]))
        assert solution.is_optimal
        assert solution.energy_j == pytest.approx(
            float(row["optimum_energy_j"]), rel=1e-9
        )
        assert solution.active_time_s <= 1 / float(row["fps"]) * (1 + 1e-12)
        assert (solution.tail is None) == (row["tail"] == "idle")


def tiny_sweep() -> dict[str, Any]:
    """Return a sweep of two layers and two states."""

    def combination(volts: float, energy: float, time_s: float) -> dict[str, float]:
        return {
            **dict.fromkeys(("v_sys", "v_rram", "v_feeder"), volts),
            **{"energy_j": energy, "time_s": time_s, "Leakage_w": 0.25},
        }

    return {
        "meta": {"v_sys_candidates": [0.9, 1.1]},
        "layers": [
            {
                "name": name,
                "combinations": [combination(0.9, 1, 4), combination(1.1, 2, 2)],
            }
            for name in ("conv", "fc")
        ],
    }


def read_text(tmp_path: Path, text: str | bytes, **keywords: Any) -> pfmlir.CostTables:
    path = tmp_path / "sweep.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return pfmlir.read_voltage_sweep(path, **keywords)


def test_sweep_layers_by_name(tmp_path: Path) -> None:
    sweep = tiny_sweep()
    tables = read_text(tmp_path, json.dumps(sweep))
    assert tables.layer_names == ("conv", "fc")
    assert tables.energy_j.tolist() == [[1, 2], [1, 2]]
    assert tables.states.tolist() == [[0, 0, 0], [1, 1, 1]]
    sweep["layers"] = {
        layer.pop("name"): layer for layer in json.loads(json.dumps(sweep["layers"]))
    }
    del sweep["meta"]
    by_name = read_text(tmp_path, json.dumps(sweep))
    assert by_name.layer_names == ("conv", "fc")
    assert by_name.solve(period_s=7.0) == tables.solve(period_s=7.0)
    # A state that a layer lacks is infinite, and stays out of schedules.
    del sweep["layers"]["fc"]["combinations"][0]
    gap = read_text(tmp_path, json.dumps(sweep))
    assert gap.energy_j.tolist() == [[1, 2], [INFINITY, 2]]
    assert list(gap.solve(period_s=100.0).states) == [0, 1]


def change(path: str, value: Any) -> str:
    """Return a sweep's text with something else at a path of keys."""
    sweep = tiny_sweep()
    *keys, last = (int(key) if key.isdigit() else key for key in path.split("."))
    where: Any = sweep
    for key in keys:
        where = where[key]
    if value is ...:
        del where[last]
    else:
        where[last] = value
    return json.dumps(sweep)


HERE = "layers.1.combinations.0"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[1, 2,]", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        ("[]", "sweep.json"),
        ("null", "sweep.json"),
        ("{}", "'layers'"),
        ('{"layers": 5}', "'layers'"),
        ('{"layers": []}', "at least one layer"),
        ('{"layers": {}}', "at least one layer"),
        ('{"layers": {"conv": 5}}', r"layers\[0\]"),
        (change("layers.1", 5), r"layers\[1\]"),
        (change("layers.1.combinations", ...), r"layers\[1\].*'combinations'"),
        (change("layers.1.combinations", []), r"layers\[1\].*combination"),
        (change("layers.1.combinations", {}), r"layers\[1\].*'combinations'"),
        (change(HERE, 7), r"layers\[1\], combinations\[0\]"),
        *(
            (
                change(f"{HERE}.{name}", value),
                rf"layers\[1\], combinations\[0\].*{what}",
            )
            for name, value, what in (
                ("v_rram", ..., "'v_rram'"),
                ("energy_j", ..., "'energy_j'"),
                ("energy_j", "1", "'energy_j'"),
                ("time_s", None, "'time_s'"),
                ("time_s", True, "'time_s'"),
                ("Leakage_w", [1], "'Leakage_w'"),
                ("energy_j", -1, "negative"),
                ("energy_j", NAN, "negative"),
                ("energy_j", INFINITY, "negative"),
            )
        ),
        (change(f"{HERE}.v_sys", 1.0), "v_sys_candidates"),
        (change("meta.v_sys_candidates", []), "v_sys_candidates"),
        (change("meta.v_sys_candidates", [None]), "v_sys_candidates"),
        *(
            (change("meta.v_sys_candidates", value), "v_sys_candidates")
            for value in ("x", ["a"], {"a": 1}, [10**400])
        ),
        (change(f"{HERE}.energy_j", 10**400), r"layers\[1\].*energy_j"),
        ("[" * 100_000, "is not JSON"),
        (
            change(
                "layers.1.combinations.1",
                tiny_sweep()["layers"][0]["combinations"][0],
            ),
            r"layers\[1\].*once",
        ),
    ],
)
def test_malformed_sweeps(text: str | bytes, place: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=place) as caught:
        read_text(tmp_path, text)
    assert "sweep.json" in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a device")
def test_sweeps_without_an_end() -> None:
    with pytest.raises(ValueError, match=r"'/dev/zero': expected at most \d+ bytes"):
        pfmlir.read_voltage_sweep("/dev/zero")


def test_unreadable_sweeps(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pfmlir.read_voltage_sweep(tmp_path / "none.json")
    with pytest.raises(IsADirectoryError):
        pfmlir.read_voltage_sweep(str(tmp_path))


def test_no_levels_at_all():
    solution = pfmlir.solve(
        energy_j=[[1.0, 2.0]],
        time_s=[[2.0, 1.0]],
        leakage_w=[[0.0, 0.0]],
        states=numpy.zeros((2, 0)),
        axes=[pfmlir.Axis("mode", ["slow", "fast"])],
        settings=[[0], [1]],
        period_s=1.5,
        max_rails=1,
    )
    assert solution.rails.size == 0 and solution.settings == {"mode": ("fast",)}
