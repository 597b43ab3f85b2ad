# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir certify: write a proof that a schedule is one of least energy."""

import argparse
from pathlib import Path

from ..studies.certificates import CertifyOptions, certify
from ..units import with_prefix
from .inputs import load_network
from .options import (
    Subparsers,
    add_command,
    add_input,
    add_options,
    add_rate,
    keywords,
)


def _run(options: argparse.Namespace) -> None:
    solution = certify(
        load_network(options),
        options.output,
        fps=options.fps,
        period_s=options.period_s,
        ir_path=options.ir,
        **keywords(options),
    )
    energy = with_prefix(solution.energy_j, "J")
    print(f"{energy} a period; the certificate is in {options.output}")


def add_certify(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "certify",
        _run,
        "write a proof that a schedule is one of least energy",
    )
    add_input(command)
    add_rate(command, required=True)
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        help="JSON, which tools/check_certificate.py checks",
    )
    command.add_argument(
        "--ir",
        type=Path,
        metavar="FILE",
        help="write the problem as MLIR, too, for check_certificate.py --ir",
    )
    add_options(command, CertifyOptions)
