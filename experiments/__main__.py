# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run experiments, write their data and figures, and the page on all of them.

From the top of the repository, after tools/setup.sh torch plot:

    PYTHONPATH=build/python_packages .venv/bin/python -m experiments [NAME ...]
"""

import argparse
import sys
import time
from pathlib import Path

from tqdm import tqdm

from . import ROOT
from .catalogue import BY_NAME, EXPERIMENTS
from .output import write_result
from .page import publish, write_page
from .results import DisagreementError
from .setting import Setting


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the command's options."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "experiments",
        nargs="*",
        metavar="NAME",
        help="which to run; all of them if there is none",
    )
    parser.add_argument("--list", action="store_true", help="list their names")
    parser.add_argument(
        "--output",
        type=Path,
        default=ROOT / "build" / "experiments",
        metavar="FOLDER",
        help="where files go (build/experiments)",
    )
    parser.add_argument(
        "--publish",
        type=Path,
        metavar="FOLDER",
        help="then copy page, data and figures that a repository should have there",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="few rates, and the paper's networks from lists of shapes",
    )
    options = parser.parse_args(arguments)
    unknown = [name for name in options.experiments if name not in BY_NAME]
    if unknown:
        parser.error(
            f"expected experiments among {', '.join(BY_NAME)}, but got "
            f"{', '.join(unknown)}"
        )
    return options


def main() -> int:
    """Run the command."""
    options = parse_options()
    if options.list:
        for experiment in EXPERIMENTS:
            beyond = "" if experiment.is_from_paper else " (beyond the paper)"
            print(f"{experiment.name:12} {experiment.title}{beyond}")
        return 0
    chosen = [
        experiment
        for experiment in EXPERIMENTS
        if not options.experiments or experiment.name in options.experiments
    ]
    setting = Setting(options.quick)
    start = time.perf_counter()
    with tqdm(chosen, unit="experiment", disable=None) as bar:
        for experiment in bar:
            bar.set_description(experiment.name)
            try:
                result = experiment.run(setting)
            except DisagreementError as error:
                bar.close()
                print(f"error: {experiment.name}: {error}", file=sys.stderr)
                return 1
            write_result(options.output, experiment, result, options.quick)
    page = write_page(options.output)
    seconds = time.perf_counter() - start
    print(f"{len(chosen)} experiments in {seconds:.0f} s: {page}")
    if options.publish:
        print(publish(options.output, options.publish))
    return 0


if __name__ == "__main__":
    sys.exit(main())
