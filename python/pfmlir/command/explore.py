# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir explore: schedule on every design of a space."""

import argparse
import json
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from .._options import OPTIONS
from ..compile.options import ExploreOptions
from ..studies import explore
from ..studies.explorations.executors import NAMES
from ..studies.explorations.space import OPTION_NAMES, RATES
from .inputs import load_network
from .options import (
    Subparsers,
    add_answer_output,
    add_command,
    add_input,
    add_options,
    add_rate,
    keywords,
)
from .outputs import write_answer
from .values import count, values_of

VARY = """\
an axis: NAME is a rate (fps, period-s), an option of this command, or the path of a
parameter, such as target.memory.ifmap.bank_bytes, of which --list shows all; VALUES
are as of that option, or else numbers, words and MLIR attributes, separated by commas,
or one list in JSON. Several axes make a space; the last varies fastest
"""


def _read_value(text: str) -> Any:
    """Return a number where a text is one, True and False, or a text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _read_values(name: str, text: str) -> list[Any]:
    """Return the values of an axis."""
    keyword = name.replace("-", "_") if "." not in name else name
    if text.startswith("["):
        values = _read_value(text)
        if isinstance(values, list):
            return values
    if keyword in RATES or keyword in OPTION_NAMES:
        option = OPTIONS[keyword]
        if option.kind == "flag":
            return [_read_value(part) for part in text.split(",")]
        if option.is_many:
            raise ArgumentTypeError(
                f"expected a list of lists in JSON, but got '{text}'"
            )
        return values_of(option)(text)
    return [_read_value(part) for part in text.split(",")]


def _axis(text: str) -> tuple[str, list[Any]]:
    """Read NAME=VALUES."""
    name, equals, values = text.partition("=")
    if not equals:
        raise ArgumentTypeError(f"expected NAME=VALUES, but got '{text}'")
    keyword = name.replace("-", "_") if "." not in name else name
    return keyword, _read_values(name, values)


def _make_executor(options: argparse.Namespace) -> Any:
    """Return what the options name: an executor, or a scheduler of Dask's."""
    if options.dask is None:
        return options.executor
    from dask.distributed import Client

    return Client(options.dask)


def _run(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    network = load_network(options)
    if options.list:
        from ..studies import parameters

        found = parameters(network, **_cost_options(options))
        width = max(map(len, found))
        print("\n".join(f"{path:{width}}  {value}" for path, value in found.items()))
        return
    space: dict[str, Any] = {}
    for name, values in options.vary:
        space[name] = values
    exploration = explore(
        network,
        space,
        fps=options.fps,
        period_s=options.period_s,
        path=options.store,
        executor=_make_executor(options),
        workers=options.workers,
        chunk=options.chunk,
        # Only on a terminal.
        progress=lambda work: tqdm(work, unit="design", disable=None),
        **keywords(options),
    )
    if options.pareto:
        exploration = exploration.pareto(*options.pareto)
    if options.best is not None:
        exploration = exploration.best(number=options.best)
    write_answer(exploration, options)


def _cost_options(options: argparse.Namespace) -> dict[str, Any]:
    from ..compile.options import CostOptions

    return {
        name: value
        for name, value in keywords(options).items()
        if name in CostOptions.__annotations__
    }


def add_explore(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers, "explore", _run, "schedule on every design of a space"
    )
    add_input(command)
    command.add_argument(
        "--vary",
        type=_axis,
        action="append",
        default=[],
        metavar="NAME=VALUES",
        help=VARY,
    )
    command.add_argument(
        "--list", action="store_true", help="list all parameters with their values"
    )
    add_rate(command)
    command.add_argument(
        "--store",
        type=Path,
        metavar="FOLDER",
        help="keep results as Parquet files; what is there is not done again",
    )
    command.add_argument(
        "--executor",
        choices=NAMES,
        default=NAMES[0],
        help="%(choices)s of this machine",
    )
    command.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="a scheduler of Dask's, such as tcp://host:8786",
    )
    command.add_argument(
        "--workers", type=count, metavar="N", help="processes, or threads"
    )
    command.add_argument("--chunk", type=count, metavar="N", help="designs a task has")
    command.add_argument(
        "--pareto",
        type=lambda text: text.split(","),
        metavar="COLUMN,...",
        help="only designs that none is better than, in these columns",
    )
    command.add_argument(
        "--best", type=count, metavar="N", help="only the N of least energy"
    )
    add_answer_output(command)
    add_options(command, ExploreOptions)
