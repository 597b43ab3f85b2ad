# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Options that several subcommands have, and the keywords that they mean.

Those of passes are made from the table of options: each subcommand has those of the
function that it calls, in the same words.
"""

import argparse
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from .._options import OPTIONS, FunctionOptions, Option, RateOptions
from ..compile.reference_networks import REFERENCE_NETWORKS
from .formats import FORMATS
from .values import network_at_rate, positive, value_of

EXIT_STATUS = """\
exit status:
  0  done
  1  the input was refused; standard error says where and why
  2  the command was wrong
  3  no schedule keeps the deadline; standard error says what could
"""
INPUT = f"""\
an MLIR file (linalg on tensors, or power.layer operations), or - for standard input;
a reference network ({", ".join(REFERENCE_NETWORKS)}); or
MODULE:FUNCTION, a Python function without arguments that returns a torch.nn.Module and
a tuple of its inputs, or a pfmlir.CostTables
"""
SAVED = "what --save wrote, or scheduled MLIR; - is standard input"


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
    given = {name: getattr(options, name, None) for name in OPTIONS}
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
    parser: argparse.ArgumentParser, formats: Sequence[str] = FORMATS
) -> None:
    """Add where and as what to write an answer; to keep it, and to draw it."""
    add_output(parser, formats)
    parser.add_argument(
        "--save", type=Path, metavar="FILE", help="keep the answer, for show and plot"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw it: .pdf, .png or .svg"
    )


# What stands for a value in help, by kind.
METAVARS = {
    "text": "NAME",
    "positive": "X",
    "not_negative": "X",
    "fraction": "X",
    "count": "N",
    "bank_count": "MEMORY:NUMBER",
    "layer_probability": "LAYER:NUMBER",
}


def describe(option: Option) -> str:
    """Return an option's help, as argparse takes it."""
    text = option.help
    if option.kind == "search":
        text += ": " + ", ".join(option.choices)
    if option.is_many and option.type is float:
        text += "; also FIRST:LAST:STEP"
    if option.default not in (None, (), ""):
        default = option.default
        said = ("yes" if default else "no") if option.kind == "flag" else default
        text += f"; by default {said}"
    return text.replace("%", "%%")


def add_option(parser: Any, name: str, help: str | None = None, **changes: Any) -> None:
    """Add an option of passes to a parser or to a group of one.

    Changes are arguments of argparse's `add_argument` instead of what the table makes.
    """
    option = OPTIONS[name]
    settings: dict[str, Any]
    if option.kind == "flag":
        settings = {"action": argparse.BooleanOptionalAction}
    elif option.choices and "type" not in changes:
        settings = {"choices": option.choices}
    else:
        several = ",..." if option.is_many else ""
        metavar = METAVARS.get(option.kind, option.name.upper())
        settings = {"type": value_of(option), "metavar": metavar + several}
    settings |= {"help": help or describe(option)} | changes
    parser.add_argument(f"--{option.name}", **settings)


def add_options(
    parser: argparse.ArgumentParser,
    kind: Any,
    but: Collection[str] = tuple(FunctionOptions.__annotations__),
) -> None:
    """Add the options of a kind, a typed dictionary, but for some, group by group."""
    groups: dict[str, Any] = {}
    for name in kind.__annotations__:
        if name not in but:
            title = OPTIONS[name].group
            if title not in groups:
                groups[title] = parser.add_argument_group(title)
            add_option(groups[title], name)


def add_rate(parser: argparse.ArgumentParser, required: bool = False) -> None:
    """Add the rate."""
    rate = parser.add_mutually_exclusive_group(required=required)
    for name in RateOptions.__annotations__:
        add_option(rate, name)


def add_front_rates(parser: Any) -> None:
    """Add the range of rates of a front to a parser or to a group of one."""
    parser.add_argument(
        "--fps",
        type=value_of(OPTIONS["fps"]),
        nargs=2,
        metavar=("LOW", "HIGH"),
        help="range of rates; by default all that make a difference",
    )


def add_front_tolerance(parser: argparse.ArgumentParser) -> None:
    """Add how far a front may be from its points."""
    parser.add_argument(
        "--tolerance",
        type=positive,
        default=0.01,
        metavar="X",
        help="how far the front may be from its points and between them; %(default)s",
    )


def add_networks(parser: Any, **changes: Any) -> None:
    """Add networks at rates, at least one, to a parser or to a group of one."""
    settings = {"nargs": "+"} | changes
    parser.add_argument(
        "networks",
        type=network_at_rate,
        metavar="INPUT@FPS",
        help="a network and its rate; " + INPUT,
        **settings,
    )


def add_input(parser: argparse.ArgumentParser) -> None:
    """Add a network to read."""
    parser.add_argument("input", help=INPUT)
    for name in FunctionOptions.__annotations__:
        add_option(
            parser, name, f"{describe(OPTIONS[name])}; what to call a PyTorch model's"
        )
