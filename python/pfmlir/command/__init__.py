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
from .certify import add_certify
from .front import add_front
from .import_network import add_import
from .options import EXIT_STATUS
from .plot import add_plot
from .rails import add_rails
from .schedule import add_schedule
from .sensitivity import add_sensitivity
from .show import add_show
from .sweep import add_sweep
from .system import add_system
from .targets import add_targets


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
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
        add_import,
        add_schedule,
        add_show,
        add_plot,
        add_targets,
        add_sweep,
        add_front,
        add_sensitivity,
        add_certify,
        add_rails,
        add_system,
    ):
        add(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    options = _make_parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except InfeasibleError as error:
        print(error, file=sys.stderr)
        return 3
    except BrokenPipeError:
        # Whoever reads has enough; Python would try once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"error: '{error.filename}': {error.strerror}", file=sys.stderr)
        return 1
    except (PfmlirError, TypeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0
