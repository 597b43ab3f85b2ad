#!/usr/bin/env python3
# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check that a schedule is one of least energy, without trusting the search.

Usage: check_certificate.py CERTIFICATE.json [--ir MODULE.mlir] [--tolerance T]

Reads what `pfmlir.certify` wrote, and needs numpy only. It proves that the schedule is
one, that it costs what is claimed, and that no schedule costs less than that by more
than the tolerance, relatively. That is so for the problem in the certificate, which a
digest names. With --ir it also makes the problem of IR, as `pfmlir.certify` writes it:
of the layers' tables, and of all that the target declares. It checks that it is the one
certified. Of what `pfmlir.certify_rails` wrote, it proves the same for several networks
together, of all rails that they could share.

exit status:
  0  proven; a line says what
  1  not proven, or a file was refused; one line of standard error says where and why
  2  the command was wrong
"""

import argparse
import json
import re
import sys
from typing import NoReturn

from certificate_checker.joint import JOINT_FORMAT, prove_joint, read_joint
from certificate_checker.module import read_module
from certificate_checker.problem import Problem, RefusedError, first_difference
from certificate_checker.proof import prove
from certificate_checker.reading import read
from certificate_checker.values import parse, read_bytes


def check(
    data: bytes, tolerance: float = 1e-11, ir: tuple[bytes, str] | None = None
) -> tuple[float, int, Problem]:
    """Check a certificate, given as bytes; of IR, its bytes and its path.

    Returns the energy in joules, the number of tails that it was proven for, and the
    problem; raises RefusedError for what is wrong.
    """
    certificate = read(data)
    problem = certificate.problem
    digest = problem.digest()
    if certificate.sha256 != digest:
        raise RefusedError(
            f"problem_sha256: expects {digest}, which the problem has, but got another"
        )
    if ir is not None:
        difference = first_difference(problem, read_module(*ir))
        if difference:
            raise RefusedError(f"the IR is not of the problem certified: {difference}")
    return *prove(certificate, tolerance), problem


def check_joint(
    data: bytes, tolerance: float = 1e-11
) -> tuple[float, int, list[Problem]]:
    """Check a certificate of several networks on the same rails, given as bytes.

    Returns the weighted energy, the number of tails that something was proven for, and
    the problems; raises RefusedError for what is wrong.
    """
    return prove_joint(read_joint(parse(data)), tolerance)


def is_joint(data: bytes) -> bool:
    """Return whether a certificate is of several networks."""
    content = parse(data)
    return isinstance(content, dict) and content.get("format") == JOINT_FORMAT


def symbol(name: str | None) -> str:
    """Return a name as IR has it, in one line."""
    if name is None:
        return "without a name"
    if re.fullmatch(r"[A-Za-z_][\w$.]*", name, re.ASCII):
        return f"@{name}"
    return f"@{json.dumps(name)}"


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command."""
        self.exit(2, f"error: {message}\n")


def parse_options() -> argparse.Namespace:
    """Return the command's options."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = Parser(
        description=summary,
        epilog=rest[rest.index("exit status") :],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("certificate")
    parser.add_argument("--ir", metavar="MODULE", help="the problem as IR")
    parser.add_argument(
        "--tolerance",
        type=float,
        default=1e-11,
        help="what part of the energy a schedule may cost less (1e-11)",
    )
    options = parser.parse_args()
    if not 0 <= options.tolerance < 1:
        parser.error(
            "--tolerance: expects at least 0 and less than 1, but got "
            f"{options.tolerance}"
        )
    return options


def print_joint(data: bytes, options: argparse.Namespace) -> int:
    """Check a certificate of several networks, and say what was proven."""
    if options.ir is not None:
        raise RefusedError(
            "the certificate: expects no --ir, being of several networks"
        )
    energy, proven, problems = check_joint(data, options.tolerance)
    names = ", ".join(symbol(problem.network) for problem in problems)
    print(
        f"proven for {len(problems)} networks on the same rails ({names}): "
        f"{energy:.12e} together, weighted, and no rails and schedules cost less by "
        f"more than {options.tolerance:g} of that ({proven} ends of periods on all "
        "rails)"
    )
    return 0


def main() -> int:
    """Check a file, and say what was proven."""
    options = parse_options()
    try:
        data = read_bytes(options.certificate)
        if is_joint(data):
            return print_joint(data, options)
        ir = (read_bytes(options.ir), options.ir) if options.ir is not None else None
        energy, proven, problem = check(data, options.tolerance, ir)
    except (RefusedError, OSError) as error:
        print(f"NOT PROVEN: {error}", file=sys.stderr)
        return 1
    except MemoryError:
        print("NOT PROVEN: expects more memory than there is", file=sys.stderr)
        return 1
    print(
        f"proven for network {symbol(problem.network)} on target "
        f"{symbol(problem.target)}, digest {problem.digest()}"
        f"{', as in ' + ascii(options.ir) if options.ir is not None else ''}: "
        f"{energy:.12e} J, and no schedule costs less by more than "
        f"{options.tolerance:g} of that ({proven} ends of periods on all rails)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
