# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The page: what was published, what the artifact finds, and ours, side by side."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pfmlir.files import write_atomically

from .catalogue import BY_NAME
from .output import CHECKS, DATA, FIGURES, read_results, write_checks
from .results import NOT_GIVEN, TOLERANCE, Experiment, table

Sections = dict[str, dict[str, Any]]


class PublishError(Exception):
    """A page can't be published, and why."""


INTRODUCTION = """\
# The experiments of PowerFlow-DNN, and some beyond

Every experiment of *PowerFlow-DNN: Compiler-Directed Fine-Grained Power Orchestration
for End-to-End Edge AI Inference* ([arXiv 2603.23882](https://arxiv.org/abs/2603.23882))
on this compiler, beside what was published. The page, its data and its figures are
written by

```sh
tools/reproduce.sh
```

and each experiment by itself by the command in its section.

**Published** is what the abstracts of the paper's two versions (v1, v2) say; its body
was not at hand. **Artifact** is what its public code finds in the same setting.
**Ours** is this run. Nothing was tuned towards published percentages: they rest on the
authors' internal characterisation of their chip, while the artifact's cost model, which
is used here, is public. Energies are those of one period: layers, transitions, and what
is left of the period asleep or idle. Every optimum is proven; a run in which one isn't
fails.
"""


def _contents(sections: Sections) -> str:
    """Return links to the sections."""
    titles = [BY_NAME[name].title for name in sections]
    links = [f"[{each}](#{each.lower().replace(' ', '-')})" for each in titles]
    return f"Experiments: {', '.join(links)}."


def _caution(sections: Sections) -> str:
    """Return which experiments were quick runs, if any."""
    quick = [BY_NAME[name].title for name in sections if sections[name]["is_quick"]]
    if not quick:
        return ""
    return (
        f"**Of a quick run,** with few rates, and all of the paper's networks from its "
        f"lists of shapes: {', '.join(quick)}."
    )


def _setting() -> str:
    """Return what experiments have in common."""
    rows = [
        ["accelerator", "the artifact's cost model, three power domains"],
        ["levels", "nine, 0.90 to 1.30 V; V3, V4 and V5 are of three, five and six"],
        ["rails", "at most three levels, chosen with the schedule"],
        ["gating", "banks that a layer doesn't need, one by one; the baselines say"],
        ["a transition", "100 pJ and 15 ns for each domain that changes its level"],
        ["asleep", "no power; entering and leaving switches three domains off and on"],
        ["rate", "in each section; `heuristic` and `pruning` have the artifact's"],
    ]
    return "\n\n".join(
        [
            "## Setting",
            table(["", "but for what an experiment varies"], rows, is_text=True),
        ]
    )


def _networks() -> str:
    """Return where the networks come from."""
    return "\n\n".join(
        [
            "## Networks",
            table(
                ["network", "from", "why"],
                [
                    [
                        "SqueezeNet 1.1, ResNet-18, MobileNetV3-Small",
                        "PyTorch, through torch-mlir",
                        "the layers are the paper's, without squeeze-excite blocks "
                        "and heads, which it leaves out; its SqueezeNet tells two "
                        "classes apart",
                    ],
                    [
                        "MobileViT-XXS",
                        "the paper's list of shapes",
                        "it has all heads of an attention as one product, as deep as "
                        "all of them together, which is not what the model computes",
                    ],
                    [
                        "MobileNetV2, DS-CNN, person detection; whole networks",
                        "PyTorch, through torch-mlir",
                        "beyond the paper",
                    ],
                ],
                is_text=True,
            ),
            "Numbers of memory banks, and ResNet-18's accumulation in chunks of 576, "
            "are the paper's; whole networks, and those beyond the paper, have "
            "memories as large as their largest layer needs. Quick runs take the "
            "paper's networks from its lists.",
        ]
    )


def _side_by_side(comparisons: Sequence[dict[str, Any]]) -> str:
    """Return comparisons as a table; measured lines say so."""
    return table(
        ["", "published", "artifact", "ours", "remark"],
        [
            [
                each["quantity"],
                each["published"],
                each["artifact"],
                each["ours"],
                each["remark"],
            ]
            for each in comparisons
        ],
        is_text=True,
    )


def _comparisons(section: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a section's comparisons, those of times last."""
    times = section["times"] or {"comparisons": []}
    return [*section["comparisons"], *times["comparisons"]]


def _summary(sections: Sections) -> str:
    """Return all that has a published number, or one of the artifact's."""
    given = [
        each
        for section in sections.values()
        for each in _comparisons(section)
        if (each["published"], each["artifact"]) != (NOT_GIVEN, NOT_GIVEN)
    ]
    return f"## Side by side\n\n{_side_by_side(given)}" if given else ""


def _agreement(sections: Sections) -> str:
    """Return how well numbers agree with the references."""
    checks = [check for section in sections.values() for check in section["checks"]]
    if not checks:
        return ""
    worst = max(checks, key=lambda check: check["deviation"])
    return (
        f"{len(checks)} [comparisons]({DATA}/{CHECKS}) are with exact references: "
        "proven optima of two independent solvers (also of lower bounds, where they "
        "are tight); cost tables, results and baselines of the public artifact, the "
        f"latter to ten digits. The largest deviation is {worst['deviation']:.1e} "
        f"({worst['what']}); a run with one above {TOLERANCE:g} fails."
    )


def _links(name: str, section: dict[str, Any], formats: Sequence[str]) -> str:
    """Return links to data and to figures that are not shown."""
    stems = [name, *([f"{name}-times"] if section["times"] else [])]
    links = [
        f"[{stem}.{ending}]({DATA}/{stem}.{ending})"
        for stem in stems
        for ending in formats
        if ending != "pdf"
    ]
    if "pdf" in formats:
        links += [f"[{f}.pdf]({FIGURES}/{f}.pdf)" for f in section["figures"]]
    return "Data: " + ", ".join(links)


def _section(
    experiment: Experiment, section: dict[str, Any], formats: Sequence[str]
) -> str:
    """Return an experiment's section."""
    name = experiment.name
    beyond = "" if experiment.is_from_paper else "*Beyond the paper.* "
    parts = [
        f"## {experiment.title}",
        f"{beyond}{experiment.description}",
        f"```sh\ntools/reproduce.sh {name}\n```",
        *section["findings"],
        *(section["times"]["findings"] if section["times"] else []),
    ]
    comparisons = _comparisons(section)
    if comparisons:
        parts.append(_side_by_side(comparisons))
    parts += [
        f"![{experiment.title}]({FIGURES}/{figure}.png)"
        for figure in section["figures"]
    ]
    parts.append(_links(name, section, formats))
    return "\n\n".join(parts)


def render(sections: Sections, formats: Sequence[str]) -> str:
    """Return the page on experiments, with links to files of some formats."""
    parts = [INTRODUCTION.strip(), _caution(sections), _contents(sections)]
    parts += [_summary(sections), _agreement(sections)]
    parts += [_setting(), _networks()]
    parts += [
        _section(BY_NAME[name], section, formats) for name, section in sections.items()
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def write_page(folder: Path) -> Path:
    """Write the page on all experiments that ran, now or before, in a folder."""
    path = folder / "index.md"
    sections = read_results(folder, BY_NAME)
    write_checks(folder, sections)
    write_atomically(path, render(sections, ("csv", "json", "pdf")))
    return path


def _check_complete(sections: Sections, source: Path, page: Path) -> None:
    """Raise PublishError where a page would say less than it should."""
    missing = [name for name in BY_NAME if name not in sections]
    if missing:
        raise PublishError(
            f"nothing is published: '{source}' has no results of {', '.join(missing)}; "
            "run these, too"
        )
    quick = [name for name, section in sections.items() if section["is_quick"]]
    if quick and page.exists():
        raise PublishError(
            f"nothing is published: '{page}' is there, and {', '.join(quick)} were "
            "quick runs; run these without --quick"
        )


def publish(source: Path, destination: Path) -> Path:
    """Copy the page, its CSV files and its PNG figures; return the new page.

    Raises
    ------
    PublishError
        Some experiment has no results, or was a quick run and a page is there.
    """
    sections = read_results(source, BY_NAME)
    path = destination / "README.md"
    _check_complete(sections, source, path)
    files = [f"{DATA}/{CHECKS}"]
    for name, section in sections.items():
        files.append(f"{DATA}/{name}.csv")
        if section["times"]:
            files.append(f"{DATA}/{name}-times.csv")
        files += [f"{FIGURES}/{figure}.png" for figure in section["figures"]]
    for file in files:
        (destination / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / file, destination / file)
    write_atomically(path, render(sections, ("csv",)))
    return path
