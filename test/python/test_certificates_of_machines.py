# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of certificates of problems with more than domains that change one by one."""

import dataclasses
import random
from pathlib import Path
from typing import Any

import check_certificate
import numpy
import pfmlir
import pytest
from certificate_checker import proof, reading
from certificate_checker.problem import RefusedError

from testing.certificates import DELETED, change, check, encode, sign, write
from testing.chips import PHYSICS, SHORT_LAYERS, all_at_once
from testing.machines import enumerate_optimum, random_machine
from testing.tables import to_tables

# At fewer levels, of which the checker takes all pairs of states.
ALL = dataclasses.replace(all_at_once(), levels_v="0.7, 0.8, 0.9")
CHIPS = PHYSICS | {"all at once": ALL}
PERIOD_S = 0.005


@pytest.mark.parametrize("name", CHIPS)
def test_optima_of_chips_are_proven(name: str, tmp_path: Path) -> None:
    module = pfmlir.import_model(CHIPS[name].text() + SHORT_LAYERS)
    certificate = write(module, tmp_path, period_s=PERIOD_S)
    energy, _, problem = check_certificate.check(encode(certificate))
    assert (problem.network, problem.target) == ("net", "chip")
    expected = pfmlir.schedule(module, period_s=PERIOD_S).energy_j
    assert energy == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("block", range(5))
def test_random_optima_are_proven(block: int, tmp_path: Path) -> None:
    proven = 0
    for seed in range(40 * block, 40 * (block + 1)):
        problem = random_machine(seed)
        try:
            certificate = write(to_tables(problem), tmp_path, period_s=problem.period_s)
        except pfmlir.InfeasibleError:
            continue
        expected = enumerate_optimum(problem)
        assert check(certificate) == pytest.approx(expected, rel=1e-9), f"seed {seed}"
        proven += 1
    assert proven > 25


def test_a_dearer_schedule_is_not_proven(tmp_path: Path) -> None:
    """Whatever else keeps the deadline, at its own true energy."""
    refused = 0
    for seed in range(60):
        problem = random_machine(seed)
        tables = to_tables(problem)
        try:
            certificate = write(tables, tmp_path, period_s=problem.period_s)
        except pfmlir.InfeasibleError:
            continue
        read = reading.read(encode(certificate))
        best = certificate["schedule"]
        for layer, state in numpy.argwhere(
            read.problem.energy_j < float("inf")
        ).tolist():
            for tail in (None, *range(len(tables.sleep_states))):
                states = [*best["states"]]
                states[layer] = state
                schedule = reading.Schedule(states, tail, 0.0)
                try:
                    energy = proof.add_up(read.problem, schedule)
                except RefusedError:
                    continue
                if energy > best["energy_j"] * (1 + 1e-9):
                    schedule = dataclasses.replace(schedule, energy_j=energy)
                    other = dataclasses.replace(read, schedule=schedule)
                    with pytest.raises(RefusedError, match="there may be better"):
                        proof.prove(other, 1e-11)
                    refused += 1
    assert refused > 100


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the certificate of a problem with all that there can be, ending idle."""
    module = pfmlir.import_model(CHIPS["all at once"].text() + SHORT_LAYERS)
    return write(module, tmp_path_factory.mktemp("rich"), period_s=0.0041)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("problem", "margin"), 0.9, r"misses the deadline"),
        (("problem", "rail_power_w"), 1e-3, r"not what is claimed"),
        (("problem", "rail_power_w"), 0.0, r"not what is claimed"),
        (("problem", "settings", 0), [0] * 5, r"settings\[0\]: expects a list of 6"),
        (
            ("problem", "settings", 0, 0),
            9,
            r"\[0\]: expects a whole number from 0 to 2",
        ),
        (("problem", "settings"), [], r"settings: expects a list of"),
        (("problem", "margin"), 1.0, r"margin: expects a number from 0 to 1, but got"),
        (("problem", "margin"), DELETED, r"expects margin, but there is none"),
        (("problem", "overlapping_ramps"), 1, r"expects true or false, but got 1"),
        (("problem", "axes"), {}, r"axes: expects a list, but got an object"),
        (("problem", "axes"), [], r"settings\[0\]: expects a list of 0"),
        (("problem", "axes", 0, "rails"), [], r"rails: expects a list of at least 1"),
        (("problem", "axes", 0, "rails", 1), 3, r"rails\[1\]: expects a whole number"),
        (("problem", "axes", 0, "name"), 3, r"axes\[0\].name: expects a string"),
        (("problem", "axes", 0, "kind"), 3, r"axes\[0\]: expects name, .* only"),
        (
            ("problem", "axes", 0, "transition_time_s", 1, 1),
            1.0,
            r"axes\[0\].transition_time_s\[1\]\[1\]: expects 0, but got 1",
        ),
        (("problem", "axes", 0, "transition_energy_j", 0), [0.0], r"expects a list of"),
        (("format",), "pfmlir certificate 2", r"problem: expects .* only"),
    ],
)
def test_what_was_changed_is_noticed(
    rich: dict[str, Any], place: Any, value: Any, message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        check(sign(change(rich, place, value)))


def test_another_problem_is_refused(rich: dict[str, Any]) -> None:
    """With a digest of its own, what is cheaper in it is found, or what is dearer."""
    refused = 0
    for seed in range(40):
        pick = random.Random(seed)
        problem = rich["problem"]
        axis = pick.randrange(len(problem["axes"]))
        place: tuple[Any, ...] = ("problem", "axes", axis)
        size = len(problem["axes"][axis]["rails"])
        what = pick.choice(["rails", "transition_energy_j", "energy_j", "settings"])
        value: Any
        if what == "rails":
            place = (*place, what, pick.randrange(size))
            value = pick.choice([None, 0, 1, 2])
        elif what == "transition_energy_j":
            a, b = pick.sample(range(size), 2)
            place, value = (*place, what, a, b), pick.choice([0.0, 1e-9, 1e-3])
        elif what == "settings":
            state = pick.randrange(len(problem["settings"]))
            place, value = ("problem", what, state, axis), pick.randrange(size)
        else:
            layer = pick.randrange(len(problem["layers"]))
            states = [i for i, e in enumerate(problem[what][layer]) if e is not None]
            state = pick.choice(states)
            place = ("problem", what, layer, state)
            value = problem[what][layer][state] * pick.choice([0.1, 1.5])
        changed = change(rich, place, value)
        if changed == rich:
            continue
        with pytest.raises(RefusedError, match="problem_sha256"):
            check(changed)
        try:
            energy, _, read = check_certificate.check(encode(sign(changed)))
        except RefusedError as error:
            assert str(error).isprintable()
            refused += 1
        else:
            # Something that the optimum does not touch.
            assert energy == pytest.approx(rich["schedule"]["energy_j"], rel=1e-11)
            assert read.digest() != rich["problem_sha256"]
    assert refused > 5


def test_certificates_of_the_older_format_are_read(tmp_path: Path) -> None:
    module = pfmlir.import_model(CHIPS["plain"].text() + SHORT_LAYERS)
    certificate = write(module, tmp_path, period_s=PERIOD_S)
    older = certificate | {
        "format": reading.OLDER_FORMAT,
        "problem": {
            name: value
            for name, value in certificate["problem"].items()
            if name not in reading.MACHINE
        },
    }
    assert check(older) == check(certificate)
    with pytest.raises(RefusedError, match="expects axes, but there is none"):
        check(older | {"format": reading.FORMAT})
