# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the pages about Python speak of exists."""

import ast
import importlib
import re
from pathlib import Path

import pfmlir
import pytest
from pfmlir.command import _make_parser

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_names_exist(page):
    for name in set(re.findall(r"(?<!-)\bpfmlir((?:\.[a-z_]\w*)+)", page.read_text())):
        place: object = pfmlir
        path = "pfmlir"
        for part in name[1:].split("."):
            path += f".{part}"
            if not hasattr(place, part):
                importlib.import_module(path)
            place = getattr(place, part)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_is_python(page):
    for block in blocks(page, "python"):
        ast.parse(block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_known(page):
    parser = _make_parser()
    for block in blocks(page, "sh"):
        for line in re.findall(r"^pfmlir (.*)$", block, re.M):
            parser.parse_args(line.split())


def test_the_properties_of_a_schedule_exist():
    network = 'func.func @f() { power.layer "l" workload #power.matmul<m=1, k=2, n=3>\n'
    schedule = pfmlir.schedule(network + "return }", fps=1)
    text = (ROOT / "docs" / "python.md").read_text()
    table = text[text.index("A `Schedule` is a value") : text.index("`pfmlir.sweep(")]
    names = re.findall(r"`(\w+)[`(]", "".join(re.findall(r"^\| `.*", table, re.M)))
    assert len(names) > 20
    kinds = {"timeline", "breakdown", "layers", "states"}
    for name in set(names) - kinds:
        assert hasattr(schedule, name), name


def test_the_words_of_all_answers_exist():
    text = (ROOT / "docs" / "python.md").read_text()
    end = text.index("A `Schedule` or a `Solution` is")
    rows = re.findall(r"^\| (`.*?) \|", text[text.index("## Answers") : end], re.M)
    words = {word for row in rows for word in re.findall(r"`(\w+)[`(]", row)}
    assert len(words) > 12
    answers = (pfmlir.Solution, pfmlir.ParetoFront, pfmlir.RailChoice)
    for kind in (*answers, pfmlir.Sensitivity, pfmlir.Sweep):
        assert words <= {*dir(kind), *kind.__dataclass_fields__}, kind


def test_links_lead_somewhere():
    for page in [*PAGES, ROOT / "CONTRIBUTING.md"]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
