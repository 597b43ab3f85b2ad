# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command `pfmlir`: one verb a file."""

import argparse
import os
import sys
from collections.abc import Sequence

from .._version import LLVM_VERSION, __version__
from ..errors import InfeasibleError, PfmlirError
from .battery import add_battery
from .certify import add_certify
from .completion import add_completion
from .demo import add_demo
from .explain import add_explain
from .explore import add_explore
from .frames import add_frames
from .front import add_front
from .import_network import add_import
from .options import EXIT_STATUS
from .outputs import spell_with_what_there_is
from .parser import CommandParser
from .plot import add_plot
from .rails import add_rails
from .report import add_report
from .run import add_run
from .schedule import add_schedule
from .sensitivity import add_sensitivity
from .show import add_show
from .sweep import add_sweep
from .system import add_system
from .targets import add_targets


def _make_parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        prog="pfmlir",
        description="Schedule the power of a network on an accelerator, with proof.",
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"%(prog)s {__version__}, LLVM {LLVM_VERSION}",
    )
    subparsers = parser.add_subparsers(metavar="command", required=True)
    # In the order of the help.
    for add in (
        add_demo,
        add_import,
        add_schedule,
        add_show,
        add_plot,
        add_report,
        add_targets,
        add_sweep,
        add_front,
        add_explore,
        add_sensitivity,
        add_explain,
        add_certify,
        add_rails,
        add_system,
        add_frames,
        add_battery,
        add_run,
    ):
        add(subparsers)
    add_completion(subparsers, _make_parser)
    return parser


def _leave_standard_output() -> None:
    """Let Python, which writes what is left at its end, do so to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    spell_with_what_there_is(sys.stdout, sys.stderr)
    options = _make_parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except InfeasibleError as error:
        print(error, file=sys.stderr)
        return 3
    except BrokenPipeError:
        # Whoever reads has enough.
        _leave_standard_output()
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.filename is None:
            _leave_standard_output()
        name = error.filename or "standard output"
        print(f"error: '{name}': {error.strerror}", file=sys.stderr)
        return 1
    except (PfmlirError, TypeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0
