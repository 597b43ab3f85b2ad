# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of certificates, and of the program that checks them."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import check_certificate
import numpy
import pfmlir
import pytest

from testing.random_networks import random_network
from testing.reference.shapes import network_shapes

ROOT = Path(__file__).parents[2]

TOLERANCE = 1e-11


def write(costs: pfmlir.CostTables, folder: Path, **keywords: Any) -> dict[str, Any]:
    """Return the certificate of a problem."""
    path = folder / "certificate.json"
    pfmlir.certify(costs, path, **keywords)
    return json.loads(path.read_text())


def check(certificate: dict[str, Any]) -> float:
    """Return the energy that a certificate proves."""
    with numpy.errstate(over="ignore"):
        return check_certificate.check(certificate, TOLERANCE)[0]


@pytest.fixture(scope="module")
def squeezenet() -> pfmlir.CostTables:
    module = pfmlir.assign_target(pfmlir.import_model(network_shapes("squeezenet")))
    return pfmlir.tabulate_costs(module)


@pytest.mark.parametrize(
    "name, fps",
    [
        ("squeezenet", 60),
        ("squeezenet", 105),
        ("resnet18", 18),
        ("mobilenetv3_small", 30),
        ("mobilevit_xxs", 15),
    ],
)
def test_optima_of_networks_are_proven(name: str, fps: float, tmp_path: Path) -> None:
    """Nine levels, three rails, the reference accelerator."""
    module = pfmlir.assign_target(pfmlir.import_model(network_shapes(name)))
    costs = pfmlir.tabulate_costs(module)
    certificate = write(costs, tmp_path, fps=fps)
    expected = pfmlir.schedule(network_shapes(name), fps=fps).energy_j
    assert check(certificate) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("block", range(5))
def test_random_optima_are_proven(block: int, tmp_path: Path) -> None:
    for seed in range(30 * block, 30 * (block + 1)):
        random = numpy.random.default_rng(seed)
        costs, fps = random_network(
            random, int(random.integers(2, 6)), int(random.integers(1, 3))
        )
        max_rails = int(random.integers(1, 4))
        try:
            certificate = write(costs, tmp_path, fps=fps, max_rails=max_rails)
        except pfmlir.InfeasibleError:
            continue
        assert check(certificate) == pytest.approx(
            certificate["schedule"]["energy_j"], rel=1e-12
        ), f"seed {seed}"


def test_a_dearer_schedule_is_not_proven(tmp_path: Path) -> None:
    """Whatever else keeps the deadline, at its own true energy."""
    refused = 0
    for seed in range(60):
        random = numpy.random.default_rng(seed)
        costs, fps = random_network(random, 3, 1)
        try:
            certificate = write(costs, tmp_path, fps=fps, max_rails=2)
        except pfmlir.InfeasibleError:
            continue
        problem = check_certificate.Problem(certificate["problem"])
        best = certificate["schedule"]
        for layer, state in numpy.ndindex(len(costs.energy_j), len(costs.states)):
            for tail in (None, *range(len(costs.sleep_states))):
                other = copy.deepcopy(certificate)
                schedule = other["schedule"]
                schedule["states"][layer], schedule["tail"] = state, tail
                try:
                    energy = check_certificate.add_up(problem, schedule)
                except ValueError:
                    continue
                schedule["energy_j"] = energy
                if best["energy_j"] * (1 + 1e-9) < energy < float("inf"):
                    with pytest.raises(ValueError, match="there may be better"):
                        check(other)
                    refused += 1
    assert refused > 50


def test_multipliers_do_not_make_a_proof(tmp_path: Path) -> None:
    """Wrong ones cost time, and neither prove nor disprove anything."""
    random = numpy.random.default_rng(1)
    costs, fps = random_network(random, 4, 1)
    certificate = write(costs, tmp_path, fps=fps, max_rails=2)
    for value in (0.0, 1e3, -1e3):
        other = copy.deepcopy(certificate)
        other["multipliers"] = {"elsewhere": value, "rail_sets": []}
        assert check(other) == check(certificate)
        other["schedule"]["energy_j"] *= 1.001
        with pytest.raises(ValueError, match="and not what is claimed"):
            check(other)


@pytest.mark.parametrize(
    "place, value, message",
    [
        (("format",), "something", "no certificate"),
        (("schedule", "energy_j"), 1e-4, "and not what is claimed"),
        (("schedule", "states", 0), 728, "too many rails|not what|misses"),
        (("problem", "period_s"), 1e-3, "misses the deadline"),
        (("problem", "energy_j", 3, 0), 1e-9, "there may be better"),
        (("problem", "max_rails"), 2, "too many rails"),
        (("problem", "time_s", 3, 0), -1.0, "negative"),
    ],
)
def test_what_was_changed_is_noticed(
    squeezenet: pfmlir.CostTables, tmp_path: Path, place: Any, value: Any, message: str
) -> None:
    certificate = write(squeezenet, tmp_path, fps=80)
    assert check(certificate) > 0
    part = certificate
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    with pytest.raises(ValueError, match=message):
        check(certificate)


def test_the_program(squeezenet: pfmlir.CostTables, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    solution = pfmlir.certify(squeezenet, path, fps=80, threads=2)
    assert solution == squeezenet.solve(fps=80)
    first = path.read_bytes()
    pfmlir.certify(squeezenet, path, fps=80)
    assert path.read_bytes() == first
    program = [sys.executable, "-S", str(ROOT / "tools" / "check_certificate.py")]
    # Without this package: only numpy is on the path.
    numpy_folder = str(Path(numpy.__file__).parent.parent)

    def run() -> subprocess.CompletedProcess:
        return subprocess.run(
            [*program, str(path)],
            env={"PYTHONPATH": numpy_folder},
            capture_output=True,
            text=True,
            check=False,
        )

    result = run()
    assert result.returncode == 0 and result.stdout.startswith("proven: 2.1")
    path.write_text(path.read_text().replace('"max_rails": 3', '"max_rails": 2'))
    result = run()
    assert result.returncode == 1 and result.stderr.startswith("NOT PROVEN")
    path.write_text("[")
    assert run().returncode == 1


def test_without_a_schedule_there_is_no_certificate(
    squeezenet: pfmlir.CostTables, tmp_path: Path
) -> None:
    with pytest.raises(pfmlir.InfeasibleError):
        pfmlir.certify(squeezenet, tmp_path / "none.json", fps=1000)
    assert not list(tmp_path.iterdir())
