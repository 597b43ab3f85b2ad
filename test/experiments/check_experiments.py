# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check what two quick runs of all experiments wrote, and the committed page.

Usage: check_experiments.py FIRST SECOND PAGE: the folders of two runs, and what the
first published.
"""

import csv
import json
import math
import re
import sys
from pathlib import Path

from experiments.catalogue import EXPERIMENTS
from experiments.results import TOLERANCE

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "paper"
# Experiments that a quick run does whole: their rows are those of the committed page.
WHOLE = (
    "breakdown",
    "states",
    "timeline",
    "networks",
    "rails",
    "layers",
    "heuristic",
    "pruning",
)
# And those of which it does a part: its rows are among those of the page. Not so of
# "whole", where lists of shapes have no operations without costs.
IN_PART = ("rates", "transitions", "gating", "tight", "more")
MEASURED = "-times."


def fail(text: str) -> None:
    """Stop with an error."""
    raise SystemExit(f"error: {text}")


def unmeasured(page: str) -> list[str]:
    """Return a page's lines but those of measured times."""
    return [line for line in page.splitlines() if "measured" not in line]


def check_same(first: Path, second: Path) -> int:
    """Check that all files but those of times are the same; return their number."""
    names = [
        {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
        for folder in (first, second)
    ]
    if names[0] != names[1]:
        fail(f"only one run wrote {sorted(names[0] ^ names[1])}")
    for name in sorted(names[0]):
        if MEASURED in name:
            continue
        if name == "index.md":
            texts = [(folder / name).read_text() for folder in (first, second)]
            if unmeasured(texts[0]) != unmeasured(texts[1]):
                fail("two runs wrote different pages")
        elif (first / name).read_bytes() != (second / name).read_bytes():
            fail(f"two runs wrote different {name}")
    return len(names[0])


def check_data(folder: Path) -> int:
    """Check every experiment's data; return how many energies have a reference."""
    checked = 0
    for experiment in EXPERIMENTS:
        content = json.loads((folder / "data" / f"{experiment.name}.json").read_text())
        with open(folder / "data" / f"{experiment.name}.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        if len(rows) != len(content["rows"]) or not rows:
            fail(f"{experiment.name}: {len(rows)} rows, not {len(content['rows'])}")
        if list(rows[0]) != list(content["rows"][0]):
            fail(f"{experiment.name}: CSV and JSON have other columns")
        for check in content["checks"]:
            if not math.isclose(check["ours"], check["expected"], rel_tol=TOLERANCE):
                fail(f"{experiment.name}: {check}")
        checked += len(content["checks"])
    return checked


def check_quick(folder: Path) -> None:
    """Check that the page says what is quick about a run."""
    text = (folder / "index.md").read_text()
    if "**Of a quick run,**" not in text:
        fail(f"{folder}/index.md does not say that the run was quick")
    if "**Of a quick run,**" in (COMMITTED / "README.md").read_text():
        fail("docs/paper is of a quick run")


def check_models(folder: Path) -> None:
    """Check that torch-mlir's DS-CNN has all its multiply-accumulates."""
    pixels, width = 25 * 5, 64
    stem = pixels * width * 10 * 4
    blocks = 4 * pixels * width * (3 * 3 + width)
    expected = stem + blocks + width * 12
    with open(folder / "data" / "more.csv", newline="") as file:
        found = {
            int(row["multiply_accumulates"])
            for row in csv.DictReader(file)
            if row["network"] == "ds_cnn"
        }
    if found != {expected}:
        fail(f"ds_cnn: expected {expected} multiply-accumulates, but got {found}")


def check_page(path: Path) -> int:
    """Check a page's sections and links; return how many links it has."""
    text = path.read_text()
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    for experiment in EXPERIMENTS:
        if experiment.title not in headings:
            fail(f"{path} has no section '{experiment.title}'")
        if f"tools/reproduce.sh {experiment.name}\n" not in text:
            fail(f"{path} has no command for {experiment.name}")
    links = re.findall(r"\]\(([^)]+)\)", text)
    for link in links:
        if link.startswith("#"):
            found = link[1:] in anchors
        else:
            found = link.startswith("https://") or (path.parent / link).is_file()
        if not found:
            fail(f"{path}: nothing is at {link}")
    return len(links)


def same_value(ours: str, theirs: str) -> bool:
    """Return whether two cells agree: as numbers within rounding, or as text."""
    try:
        return math.isclose(float(ours), float(theirs), rel_tol=1e-9, abs_tol=1e-15)
    except ValueError:
        return ours == theirs


def read_rows(path: Path) -> list[list[str]]:
    """Return a table's rows, the names of its columns first."""
    with open(path, newline="") as file:
        return list(csv.reader(file))


def check_committed(folder: Path) -> int:
    """Check that the committed data are what is computed now; return their number."""
    number = 0
    for name in (*WHOLE, *IN_PART):
        committed = COMMITTED / "data" / f"{name}.csv"
        ours, theirs = read_rows(folder / "data" / f"{name}.csv"), read_rows(committed)
        if name in WHOLE and len(ours) != len(theirs):
            fail(f"{committed} has another number of rows")
        for row in ours:
            if not any(all(map(same_value, row, other)) for other in theirs):
                fail(f"{committed} has no row {row}")
        number += len(ours) - 1
    return number


def main() -> None:
    """Check everything."""
    first, second, published = map(Path, sys.argv[1:4])
    files = check_same(first, second)
    print(f"{len(EXPERIMENTS)} experiments, {files} files, the same twice")
    print(f"{check_data(first)} numbers as in the references")
    check_quick(first)
    check_models(first)
    pages = (first / "index.md", published / "README.md", COMMITTED / "README.md")
    print(f"{sum(map(check_page, pages))} links of {len(pages)} pages resolve")
    print(f"{check_committed(first)} rows as in docs/paper")


if __name__ == "__main__":
    main()
