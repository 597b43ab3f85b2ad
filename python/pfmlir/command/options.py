# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Options that several subcommands have, and the keywords that they mean."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..compile.options import GATINGS, READERS
from ..compile.sources import REFERENCE_NETWORKS
from .formats import FORMATS
from .values import bank, count, fraction, numbers, positive

EXIT_STATUS = """\
exit status:
  0  done
  1  the input was refused; standard error says where and why
  2  the command was wrong
  3  no schedule keeps the deadline; standard error says what could
"""
INPUT = f"""\
an MLIR file (linalg on tensors, or power.layer operations); a reference network
({", ".join(REFERENCE_NETWORKS)}); or MODULE:FUNCTION, a Python function without
arguments that returns a torch.nn.Module and a tuple of its inputs, or a
pfmlir.CostTables
"""
SAVED = "what --save wrote, or scheduled MLIR"


# What argparse's add_subparsers returns; it has no public name.
Subparsers = Any


def add_command(
    subparsers: Subparsers,
    name: str,
    run: Callable[[argparse.Namespace], None],
    help: str,
) -> argparse.ArgumentParser:
    """Add a subcommand, and return its parser."""
    command: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=help,
        description=help[0].upper() + help[1:] + ".",
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def keywords(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options that were given of those that functions take as keywords."""
    given = {name: getattr(options, name, None) for name in READERS}
    given["banks"] = dict(options.bank) if options.bank else None
    # Every verb has its own way to say a rate.
    rate = ("fps", "period_s")
    return {
        name: value
        for name, value in given.items()
        if value is not None and name not in rate
    }


def add_output(parser: argparse.ArgumentParser, formats: Sequence[str] = ()) -> None:
    """Add where to write, and as what."""
    if formats:
        parser.add_argument(
            "-f", "--format", choices=formats, default=formats[0], help="%(choices)s"
        )
    parser.add_argument(
        "-o", "--output", type=Path, help="file; standard output if not given"
    )


def add_answer_output(
    parser: argparse.ArgumentParser, formats: Sequence[str] = FORMATS[:-1]
) -> None:
    """Add where and as what to write an answer; to keep it, and to draw it."""
    add_output(parser, formats)
    parser.add_argument(
        "--save", type=Path, metavar="FILE", help="keep the answer, for show and plot"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw it: .pdf, .png or .svg"
    )


def add_rate(parser: argparse.ArgumentParser, required: bool = False) -> None:
    """Add the rate."""
    rate = parser.add_mutually_exclusive_group(required=required)
    rate.add_argument("--fps", type=positive, help="inferences a second")
    rate.add_argument(
        "--period-s",
        type=positive,
        metavar="S",
        help="seconds from one inference to the next",
    )


def add_target_options(parser: argparse.ArgumentParser) -> None:
    """Add what describes the accelerator."""
    group = parser.add_argument_group("accelerator")
    group.add_argument("--target", help="built-in name, symbol in the input, or file")
    group.add_argument(
        "--levels-v",
        type=numbers(float),
        metavar="V,...",
        help="candidate supply levels in volts, instead of the target's; also "
        "FIRST:LAST:STEP",
    )
    group.add_argument("--gating", choices=GATINGS, help="memory banks to gate")
    group.add_argument(
        "--gating-granularity", type=count, metavar="N", help="banks gated together"
    )
    group.add_argument(
        "--transition-energy-j",
        type=float,
        metavar="J",
        help="joules for a domain to change its level",
    )
    group.add_argument(
        "--transition-time-s",
        type=float,
        metavar="S",
        help="seconds for a domain to change its level",
    )
    group.add_argument(
        "--sleep-power-w",
        type=float,
        metavar="W",
        help="watts drawn asleep; replaces the target's sleep states",
    )
    group.add_argument(
        "--no-sleep",
        dest="sleep",
        action="store_const",
        const=False,
        help="never sleep",
    )
    group.add_argument(
        "--bank",
        type=bank,
        action="append",
        metavar="MEMORY:NUMBER",
        help="banks of a memory; can be given again",
    )
    group.add_argument(
        "--reduction-chunk",
        type=count,
        metavar="N",
        help="longest accumulation that the weight buffer holds, in elements",
    )


def add_input(parser: argparse.ArgumentParser) -> None:
    """Add a network to read."""
    parser.add_argument("input", help=INPUT)
    parser.add_argument(
        "--function",
        help="what to call a PyTorch model's function; of MLIR with several, the one "
        "to schedule",
    )


def add_threads(parser: argparse.ArgumentParser) -> None:
    """Add the number of threads."""
    parser.add_argument(
        "--threads",
        type=count,
        metavar="N",
        help="threads of the exact search; don't change the result",
    )


def add_max_rails(parser: argparse.ArgumentParser) -> None:
    """Add the number of rails."""
    parser.add_argument(
        "--max-rails", type=count, metavar="N", help="how many levels may become rails"
    )


def add_skip_vector_layers(parser: argparse.ArgumentParser) -> None:
    """Add whether to leave out layers of a single position."""
    parser.add_argument(
        "--skip-vector-layers",
        action="store_const",
        const=True,
        help="leave layers that compute a single position uncosted",
    )


def add_search(parser: argparse.ArgumentParser) -> None:
    """Add what schedules take besides rate and rails."""
    add_skip_vector_layers(parser)
    parser.add_argument(
        "--time-limit-s",
        type=positive,
        metavar="S",
        help="when the exact search stops with the best schedule it has",
    )
    parser.add_argument(
        "--gap",
        type=fraction,
        help="how close to the optimum it has to come, relative to the energy",
    )
    parser.add_argument(
        "--memory-limit-bytes",
        type=count,
        metavar="N",
        help="memory that it may take for partial schedules",
    )
    add_threads(parser)
