# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Certificates in tests: writing, changing and checking them."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import check_certificate
import numpy
import pfmlir
from certificate_checker import reading

PROGRAM = Path(__file__).parent.parent / "tools" / "check_certificate.py"
# Of `change`: what is to be left out.
DELETED = object()

# A network and a target with all that a problem can have, and names to escape.
SMALL = """
power.target @small levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.domain @memory nominal_v 1.1
  power.transition energy_j 1.0e-10 time_s 1.5e-08
  power.transition of @memory
    energy_j [[0.0, 2.0e-10], [1.0e-10, 0.0]] time_s 1.5e-08
  power.sleep_state @retention power_w 2.0e-06
    entry_energy_j 1.0e-09 entry_time_s 1.0e-06
    exit_energy_j 2.0e-09 exit_time_s 5.0e-06
}
func.func @"a net"() {
  power.layer "\\"conv\\" // \u00e9 \\\\" costs <
    [0.9, 0.9] -> 3.0e-06 J, 2.0e-03 s, 1.0e-04 W,
    [1.1, 0.9] -> 4.0e-06 J, 1.5e-03 s, 1.2e-04 W>
  power.layer "fc" costs <[0.9, 1.1] -> 3.0e-06 J, 2.0e-03 s, 1.0e-04 W,
                          [1.1, 0.9] -> 4.0e-06 J, 1.5e-03 s, 1.2e-04 W>
  return
}
"""


def write(
    network: pfmlir.CostTables | pfmlir.ir.Module, folder: Path, **keywords: Any
) -> dict[str, Any]:
    """Return the certificate of a problem."""
    path = folder / "certificate.json"
    pfmlir.certify(network, path, **keywords)
    return json.loads(path.read_text())


def encode(certificate: Any) -> bytes:
    """Return the file of a certificate."""
    return json.dumps(certificate).encode()


def sign(certificate: dict[str, Any]) -> dict[str, Any]:
    """Return a certificate with the digest of the problem that it now has."""
    problem = reading.read(encode(certificate)).problem
    return certificate | {"problem_sha256": problem.digest()}


def check(certificate: dict[str, Any]) -> float:
    """Return the energy that a certificate proves."""
    return check_certificate.check(encode(certificate))[0]


def layers_of(text: str) -> pfmlir.ir.Module:
    """Return layers on the module's own target, or on the published accelerator."""
    target = None if "power.target" in text else "pf40"
    module = pfmlir.assign_target(pfmlir.import_model(text), target)
    return pfmlir.form_layers(module)


def change(content: Any, place: tuple[Any, ...], value: Any) -> Any:
    """Return content with another value, or none (DELETED), at a place."""
    if not place:
        return value
    copied = copy.copy(content)
    if len(place) == 1 and value is DELETED:
        del copied[place[0]]
    else:
        here = content[place[0]] if place[1:] else None
        copied[place[0]] = change(here, place[1:], value)
    return copied


def run_program(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program without this package: only numpy is on the path."""
    return subprocess.run(
        [sys.executable, "-S", str(PROGRAM), str(path), *arguments],
        env={"PYTHONPATH": str(Path(numpy.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(path: Path, *arguments: str, status: int = 1) -> str:
    """Return the one line with which the program refuses something."""
    result = run_program(path, *arguments)
    assert result.returncode == status
    assert not result.stdout
    assert result.stderr.startswith("NOT PROVEN: " if status == 1 else "error: ")
    assert result.stderr.count("\n") == 1 and result.stderr.endswith("\n")
    return result.stderr


def check_ir(certificate: dict[str, Any], text: str | bytes) -> None:
    """Check a certificate and the problem as IR."""
    data = text.encode() if isinstance(text, str) else text
    check_certificate.check(encode(certificate), ir=(data, "module.mlir"))
