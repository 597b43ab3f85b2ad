# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Files that experiments write: data as CSV and JSON, and figures."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pfmlir.files import write_atomically
from pfmlir.plots import save_figure

from .results import Experiment, Result, Rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DATA, FIGURES = "data", "figures"
FORMAT = "pfmlir experiment 1"
FIGURE_FORMATS = (".png", ".pdf")
CHECKS = "checks.csv"
# Of pictures that are made of pixels; print has the others.
SCREEN_DPI = 200


class ResultsError(Exception):
    """A file of an earlier run can't be read, and which."""


def write_csv(path: Path, rows: Rows) -> None:
    """Write rows under the names of their columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomically(path, text.getvalue())


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write an object."""
    write_atomically(path, json.dumps(content, indent=1) + "\n")


def write_figures(folder: Path, figures: "Mapping[str, Figure]") -> None:
    """Write figures in all formats."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        for suffix in FIGURE_FORMATS:
            save_figure(figure, folder / f"{name}{suffix}", dpi=SCREEN_DPI)


def _in_words(result: Result, is_measured: bool) -> dict[str, Any]:
    """Return what the page says of a result: what is measured, or all else."""
    return {
        "findings": list(result.time_findings if is_measured else result.findings),
        "comparisons": [
            asdict(each)
            for each in result.comparisons
            if each.is_measured == is_measured
        ],
    }


def write_result(
    folder: Path, experiment: Experiment, result: Result, is_quick: bool
) -> None:
    """Write all files of an experiment, and whether it was a quick run.

    Measured times are in files of their own, so that all others are the same in
    every run.
    """
    data = folder / DATA
    data.mkdir(parents=True, exist_ok=True)
    write_csv(data / f"{experiment.name}.csv", result.rows)
    write_json(
        data / f"{experiment.name}.json",
        {
            "format": FORMAT,
            "experiment": experiment.name,
            "is_quick": is_quick,
            **_in_words(result, is_measured=False),
            "checks": [
                asdict(check) | {"deviation": check.deviation}
                for check in result.checks
            ],
            "figures": list(result.figures),
            "rows": result.rows,
        },
    )
    if result.times:
        write_csv(data / f"{experiment.name}-times.csv", result.times)
        write_json(
            data / f"{experiment.name}-times.json",
            {
                "experiment": experiment.name,
                **_in_words(result, is_measured=True),
                "rows": result.times,
            },
        )
    write_figures(folder / FIGURES, result.figures)


def read_results(folder: Path, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what was written of each experiment that has run.

    What another version of this program wrote is left out.
    """
    found = {}
    for name in names:
        path = folder / DATA / f"{name}.json"
        if not path.exists():
            continue
        content = _read_json(path)
        if content.get("format") != FORMAT:
            continue
        found[name] = content
        times = folder / DATA / f"{name}-times.json"
        found[name]["times"] = _read_json(times) if times.exists() else None
    return found


def _read_json(path: Path) -> dict[str, Any]:
    """Return an object that was written."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ResultsError(f"'{path}' is damaged, remove it: {error}") from None


def write_checks(folder: Path, sections: Mapping[str, Mapping[str, Any]]) -> None:
    """Write all comparisons with exact references to a file of their own."""
    checks = [
        {"experiment": name, **check}
        for name, section in sections.items()
        for check in section["checks"]
    ]
    if checks:
        write_csv(folder / DATA / CHECKS, checks)
