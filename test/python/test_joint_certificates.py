# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of certificates of several networks on the same rails."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import check_certificate
import pfmlir
import pytest

from testing.certificates import DELETED, change, encode, refusal, run_program
from testing.machines import enumerate_optimum
from testing.systems import in_corner, least_power, random_system
from testing.tables import to_tables

NETWORK = """
func.func @net() {
  power.layer "fc" workload #power.matmul<m = 64, k = 512, n = 64>
  power.layer "last" workload #power.matmul<m = 16, k = 512, n = 64>
  return
}
"""


def write(networks: list[Any], path: Path, **keywords: Any) -> dict[str, Any]:
    """Return the certificate of networks."""
    pfmlir.certify_rails(networks, path, **keywords)
    return json.loads(path.read_text())


def prove(certificate: dict[str, Any]) -> float:
    """Return the weighted energy that a certificate proves."""
    return check_certificate.check_joint(encode(certificate))[0]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("joint") / "certificate.json"
    rates = {"fps": [1000, 1500], "levels_v": [0.9, 1.1, 1.3], "max_rails": 2}
    return write([NETWORK] * 2, path, weights=[1000, 1500], target="pf40", **rates)


def test_joint_optima_are_proven(certificate: dict[str, Any], tmp_path: Path) -> None:
    system = pfmlir.schedule_system(
        {"a": NETWORK, "b": NETWORK},
        fps=[1000, 1500],
        target="pf40",
        levels_v=[0.9, 1.1, 1.3],
        max_rails=2,
    )
    assert prove(certificate) == pytest.approx(system.power_w, rel=1e-12)
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(certificate))
    result = run_program(path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("proven for 2 networks on the same rails (@net, @n")
    assert "expects no --ir" in refusal(path, "--ir", str(path))


def test_random_systems_are_proven(tmp_path: Path) -> None:
    """Of networks on machines, and of dies that differ."""
    proven = 0
    for seed in range(60):
        system = random_system(seed, with_corners=seed % 2 == 1)
        networks = [
            in_corner(network, corner) if corner else network
            for network in system.networks
            for corner in system.corners or [None]
        ]
        weights = [1 / network.period_s for network in networks]
        tables = [to_tables(network) for network in networks]
        rates = {"period_s": [network.period_s for network in networks]}
        try:
            found = write(tables, tmp_path / "c.json", weights=weights, **rates)
        except pfmlir.InfeasibleError:
            continue
        expected = least_power(
            networks, [1.0] * len(networks), networks[0].max_rails, enumerate_optimum
        )
        assert prove(found) == pytest.approx(expected, rel=1e-9), f"seed {seed}"
        proven += 1
    assert proven > 20


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("format",), "pfmlir joint certificate 2", r"format: expects"),
        (("weights",), [1.0], r"weights: expects a list of 2"),
        (("weights", 0), -1.0, r"weights\[0\]: expects a number from 0"),
        (("weights", 0), 2000.0, r"energy_j: expects .*, the weighted sum"),
        (("energy_j",), 1.0, r"energy_j: expects .*, the weighted sum"),
        (("certificates",), [], r"certificates: expects a list of at least 1"),
        (("certificates", 1, "network"), 3, r"certificates\[1\]: network: expects"),
        (("certificates", 1, "network"), "b", r"certificates\[1\]\.problem_sha256"),
        (
            ("certificates", 1, "schedule", "energy_j"),
            1.0,
            r"certificates\[1\]\.schedule\.energy_j: expects",
        ),
        (("bounds", 1), DELETED, r"bounds: expects some of rails \[0, 2\]"),
        (("bounds", 1, "rails"), [0, 1], r"bounds\[1\]: expects rails \(0, 1\) once"),
        (("bounds", 1, "at_least_j", 0), 0.0, r"rails \[0, 2\]: expects bounds of"),
        (("bounds", 1, "at_least_j", 0), 1.0, r"rails \[0, 2\], .* there may be"),
        (("bounds", 1, "at_least_j", 0), None, r"rails \[0, 2\], .* there may be"),
    ],
)
def test_changed_certificates_are_refused(
    certificate: dict[str, Any], place: tuple, value: object, message: str
) -> None:
    with pytest.raises(check_certificate.RefusedError, match=message):
        prove(change(certificate, place, value))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rail_power_w": 1.0}, r"expects rails that draw nothing"),
        ({"max_rails": 1}, r"expects as many rails as the first"),
        ({"levels_v": [0.9, 1.1, 1.35]}, r"expects the levels of the first"),
    ],
)
def test_members_that_are_not_on_the_same_rails_are_refused(
    certificate: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    wrong = certificate
    for name, value in changes.items():
        wrong = change(wrong, ("certificates", 1, "problem", name), value)
    with pytest.raises(check_certificate.RefusedError, match=message):
        prove(wrong)


def test_schedules_on_too_many_rails_together_are_refused(tmp_path: Path) -> None:
    tables = pfmlir.tabulate_costs(NETWORK, target="pf40", levels_v=[0.9, 1.1, 1.3])
    one = replace(tables, max_rails=1)
    rates = {"period_s": [1e-2, 5.2e-4]}
    found = write([one, one], tmp_path / "c.json", **rates)
    assert prove(found) > 0
    # Each on its best rail, which is another one.
    for i, period_s in enumerate(rates["period_s"]):
        best = one.solve(period_s=period_s)
        schedule = {
            "states": best.states.tolist(),
            "tail": best.tail,
            "energy_j": best.energy_j,
        }
        found = change(found, ("certificates", i, "schedule"), schedule)
    with pytest.raises(check_certificate.RefusedError, match=r"at most 1 rails tog"):
        prove(found)


def test_rails_that_draw_power_are_not_certified(tmp_path: Path) -> None:
    tables = replace(pfmlir.tabulate_costs(NETWORK, target="pf40"), rail_power_w=1.0)
    with pytest.raises(ValueError, match=r"expected rails that draw nothing"):
        pfmlir.certify_rails([tables], tmp_path / "c.json", fps=[100])
    assert not (tmp_path / "c.json").exists()
