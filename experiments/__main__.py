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
from .output import ResultsError, write_result
from .page import PublishError, publish, write_page
from .results import DisagreementError, Experiment
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
        help="then copy page, data and figures that a repository should have there; "
        "of all experiments, which this run or an earlier one wrote",
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


def report(number: int, count: int, experiment: Experiment) -> None:
    """Say what comes next where no bar shows it."""
    if not sys.stderr.isatty():
        print(f"[{number}/{count}] {experiment.title}", file=sys.stderr, flush=True)


def run_all(
    chosen: list[Experiment], setting: Setting, folder: Path
) -> dict[str, DisagreementError]:
    """Run experiments and write their results; return those that disagree."""
    failed = {}
    with tqdm(chosen, unit="experiment", disable=None) as bar:
        for number, experiment in enumerate(bar, 1):
            bar.set_description(experiment.name)
            report(number, len(chosen), experiment)
            try:
                result = experiment.run(setting)
            except DisagreementError as error:
                failed[experiment.name] = error
                continue
            write_result(folder, experiment, result, setting.quick)
    return failed


def run(options: argparse.Namespace) -> int:
    """Run what was asked for; return the exit code."""
    chosen = [
        experiment
        for experiment in EXPERIMENTS
        if not options.experiments or experiment.name in options.experiments
    ]
    for folder in filter(None, (options.output, options.publish)):
        folder.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    failed = run_all(chosen, Setting(options.quick), options.output)
    page = write_page(options.output)
    seconds = time.perf_counter() - start
    number = "1 experiment" if len(chosen) == 1 else f"{len(chosen)} experiments"
    print(f"{number} in {seconds:.0f} s: {page}")
    for name, error in failed.items():
        print(f"error: {name}: {error}", file=sys.stderr)
    if options.publish and not failed:
        print(publish(options.output, options.publish))
    return 1 if failed else 0


def main() -> int:
    """Run the command."""
    options = parse_options()
    if options.list:
        for experiment in EXPERIMENTS:
            beyond = "" if experiment.is_from_paper else " (beyond the paper)"
            print(f"{experiment.name:12} {experiment.title}{beyond}")
        return 0
    try:
        return run(options)
    except (OSError, PublishError, ResultsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
