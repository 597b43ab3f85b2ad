# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of certificates, and of the program that checks them."""

import copy
import dataclasses
import json
from pathlib import Path
from typing import Any

import check_certificate
import numpy
import pfmlir
import pytest
from certificate_checker import proof, reading
from certificate_checker.problem import RefusedError

from testing.certificates import (
    SMALL,
    change,
    check,
    check_ir,
    encode,
    layers_of,
    refusal,
    run_program,
    sign,
    write,
)
from testing.random_networks import random_network
from testing.reference.shapes import network_shapes

NAN = float("nan")


@pytest.fixture(scope="module")
def squeezenet() -> pfmlir.ir.Module:
    return layers_of(network_shapes("squeezenet"))


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
    path = tmp_path / "module.mlir"
    certificate = write(
        layers_of(network_shapes(name)), tmp_path, fps=fps, ir_path=path
    )
    shapes = network_shapes(name)
    expected = pfmlir.schedule(shapes, fps=fps, target="pf40").energy_j
    module = (path.read_bytes(), "module.mlir")
    energy, _, problem = check_certificate.check(encode(certificate), ir=module)
    assert energy == pytest.approx(expected, rel=1e-12)
    assert (problem.network, problem.target) == (name, "pf40")


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
        read = reading.read(encode(certificate))
        best = certificate["schedule"]
        for layer, state in numpy.ndindex(len(costs.energy_j), len(costs.states)):
            for tail in (None, *range(len(costs.sleep_states))):
                states = [*best["states"]]
                states[layer] = state
                schedule = reading.Schedule(states, tail, 0.0)
                try:
                    energy = proof.add_up(read.problem, schedule)
                except RefusedError:
                    continue
                if best["energy_j"] * (1 + 1e-9) < energy < float("inf"):
                    schedule = dataclasses.replace(schedule, energy_j=energy)
                    other = dataclasses.replace(read, schedule=schedule)
                    with pytest.raises(RefusedError, match="there may be better"):
                        proof.prove(other, 1e-11)
                    # Such bounds are no numbers, which proves nothing.
                    other = dataclasses.replace(other, price=NAN, prices={})
                    with pytest.raises(RefusedError, match="there may be better"):
                        proof.prove(other, 1e-11)
                    refused += 1
    assert refused > 50


def test_multipliers_do_not_make_a_proof(tmp_path: Path) -> None:
    """Wrong ones cost time, and neither prove nor disprove anything."""
    random = numpy.random.default_rng(1)
    costs, fps = random_network(random, 4, 1)
    certificate = write(costs, tmp_path, fps=fps, max_rails=2)
    for value in (0.0, 1e3, -1e3, 1e130, -1e130):
        other = copy.deepcopy(certificate)
        other["multipliers"] = {"elsewhere": value, "rail_sets": []}
        assert check(other) == check(certificate)
        other["schedule"]["energy_j"] *= 1.001
        with pytest.raises(RefusedError, match="and not what is claimed"):
            check(other)


@pytest.mark.parametrize(
    "place, value, message",
    [
        (
            ("format",),
            "something",
            "format: expects pfmlir certificate 4, pfmlir certificate 3 or",
        ),
        (("schedule", "energy_j"), 1e-4, "and not what is claimed"),
        (("schedule", "states", 0), 728, "too many rails|not what|misses"),
        (("problem", "period_s"), 1e-3, "misses the deadline"),
        (("problem", "energy_j", 3, 0), 1e-9, "there may be better"),
        (("problem", "max_rails"), 2, "too many rails"),
        (("problem", "time_s", 3, 0), -1.0, "expects a number from 0 to 1e"),
    ],
)
def test_what_was_changed_is_noticed(
    squeezenet: pfmlir.ir.Module, tmp_path: Path, place: Any, value: Any, message: str
) -> None:
    certificate = write(squeezenet, tmp_path, fps=80)
    assert check(certificate) > 0
    changed = change(certificate, place, value)
    with pytest.raises(RefusedError, match=message):
        check(sign(changed))
    if place[0] == "problem" and value > 0:
        with pytest.raises(RefusedError, match=r"problem_sha256: expects \w{64}"):
            check(changed | {"problem_sha256": "0" * 64})


def test_the_program(squeezenet: pfmlir.ir.Module, tmp_path: Path) -> None:
    path, module = tmp_path / "certificate.json", tmp_path / "module.mlir"
    solution = pfmlir.certify(squeezenet, path, fps=80, threads=2, ir_path=module)
    assert solution == pfmlir.tabulate_costs(squeezenet).solve(fps=80)
    first = path.read_bytes()
    pfmlir.certify(squeezenet, path, fps=80)
    assert path.read_bytes() == first
    digest = json.loads(first)["problem_sha256"]

    result = run_program(path)
    start = f"proven for network @squeezenet on target @pf40, digest {digest}"
    assert result.returncode == 0
    assert result.stdout.startswith(f"{start}: 2.1")
    result = run_program(path, "--ir", str(module))
    assert result.returncode == 0
    assert result.stdout.startswith(f"{start}, as in '{module}': 2.1")

    # An attribute of the target that this version knows nothing of.
    text = module.read_text()
    module.write_text(text.replace("max_rails 3", "max_rails 3 weight_w 0.1"))
    assert "but got 'weight_w 0.1 gating <bank> " in refusal(path, "--ir", str(module))
    module.write_text(text.replace("max_rails 3", "max_rails 2"))
    assert "expects max_rails 3, but got max_rails 2" in refusal(
        path, "--ir", str(module)
    )
    assert "--tolerance: expects at least 0 and less than 1" in refusal(
        path, "--tolerance", "nan", status=2
    )
    path.write_bytes(first.replace(b'"max_rails": 3', b'"max_rails": 2'))
    assert "problem_sha256: expects" in refusal(path)
    path.write_text('{"format": "pfmlir certificate 1"}')
    assert "certify again" in refusal(path)
    path.write_text("[")
    assert "the certificate: expects JSON" in refusal(path)
    assert "'/dev/zero': expects at most 268435456 bytes" in refusal(Path("/dev/zero"))
    assert "No such file" in refusal(tmp_path / "none")


def test_tables_are_of_no_network(tmp_path: Path) -> None:
    costs, fps = random_network(numpy.random.default_rng(1), 3, 1)
    certificate = write(costs, tmp_path, fps=fps)
    assert certificate["network"] is None and certificate["target"] is None
    result = run_program(tmp_path / "certificate.json")
    assert result.stdout.startswith("proven for network without a name on target wi")
    with pytest.raises(TypeError, match="ir_path: expected only with"):
        write(costs, tmp_path, fps=fps, ir_path=tmp_path / "module.mlir")
    with pytest.raises(TypeError, match=r"^source: expected a torch"):
        write(3, tmp_path, fps=fps)


def test_rails_and_period_are_in_the_ir(tmp_path: Path) -> None:
    path = tmp_path / "module.mlir"
    module = layers_of(network_shapes("squeezenet"))
    before = str(module)
    certificate = write(module, tmp_path, fps=60, max_rails=2, ir_path=path)
    assert str(module) == before
    check_ir(certificate, path.read_text())
    again = pfmlir.schedule(path)
    assert again.energy_j == certificate["schedule"]["energy_j"]
    assert len(again.rails_v) == 2


def test_a_module_without_a_target_is_given_one(tmp_path: Path) -> None:
    """As every function does: its own, or the reference accelerator."""
    own = write(pfmlir.import_model(SMALL), tmp_path, fps=60)
    assert own == write(layers_of(SMALL), tmp_path, fps=60)
    module = pfmlir.import_model(network_shapes("squeezenet"))
    assert write(module, tmp_path, fps=60)["target"] == "pf40_keep"


def test_a_module_without_a_network_has_no_certificate(tmp_path: Path) -> None:
    for text in ("module {}", "func.func @net() { return }"):
        with pytest.raises(pfmlir.CompilationError):
            write(pfmlir.import_model(text), tmp_path, fps=60)
    assert not list(tmp_path.iterdir())


def test_without_a_schedule_there_is_no_certificate(
    squeezenet: pfmlir.ir.Module, tmp_path: Path
) -> None:
    with pytest.raises(pfmlir.InfeasibleError):
        pfmlir.certify(squeezenet, tmp_path / "none.json", fps=1000)
    assert not list(tmp_path.iterdir())
