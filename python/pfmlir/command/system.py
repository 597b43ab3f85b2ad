# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir system: schedule several networks on the same rails."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..studies.systems import SystemOptions, schedule_system
from .formats import FORMATS
from .inputs import load_networks
from .options import (
    Subparsers,
    add_answer_output,
    add_command,
    add_networks,
    add_options,
    keywords,
)
from .outputs import write_answer


def _names(sources: Sequence[str]) -> list[str]:
    """Return what to call networks: as their files, and each another name."""
    names: list[str] = []
    for source in sources:
        name = Path(source).stem if Path(source).is_file() else source
        number = sum(name in (other, other.rpartition("_")[0]) for other in names)
        names.append(f"{name}_{number + 1}" if number else name)
    return names


def _run(options: argparse.Namespace) -> None:
    if options.ir:
        found = schedule_system(options.ir, **keywords(options))
    else:
        sources, networks, rates = load_networks(options)
        found = schedule_system(
            dict(zip(_names(sources), networks, strict=True)),
            fps=rates,
            **keywords(options),
        )
    write_answer(found, options)


def add_system(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers, "system", _run, "schedule several networks on the same rails"
    )
    networks = command.add_mutually_exclusive_group(required=True)
    add_networks(networks, nargs="*", default=[])
    networks.add_argument(
        "--ir", metavar="FILE", help="MLIR with a power.system, which says all that"
    )
    add_answer_output(command, (*FORMATS, "mlir"))
    add_options(command, SystemOptions, but=())
