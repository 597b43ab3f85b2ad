# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What pruning states saves the heuristic."""

import math
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pfmlir import CostTables

from benchmarks import search_lambda_dp
from benchmarks.search_instances import Instance, evaluate

from . import published
from .cases import Case, all_cases
from .domination import LoopingRailSet, count_pairs, prune
from .drawing import network_entries, network_style, stack
from .results import (
    Comparison,
    DisagreementError,
    Experiment,
    Result,
    Rows,
    table,
)
from .setting import LABELS, LEVELS_V, NETWORKS, Setting

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of the artifact. At nine levels a loop in Python takes long.
TIMED_LEVELS = ("V3", "V4", "V5")
RUNS = 5
LANGUAGES = {"python": "plain Python", "numpy": "numpy", "cpp": "C++"}
# Of the same schedule, added up in another order.
SAME_ENERGY = 1e-12


def _same(what: str, pruned_j: float, energy_j: float) -> float:
    """Return an energy that pruning must not change."""
    if not math.isclose(pruned_j, energy_j, rel_tol=SAME_ENERGY):
        raise DisagreementError(
            f"{what}: expected {energy_j} J with pruning, too, but got {pruned_j} J"
        )
    return pruned_j


def _row(case: Case) -> dict[str, Any]:
    """Return energies and numbers of pairs of states, without and with pruning."""
    pruned = prune(case.tables)
    energies_j = {}
    for column, search in (("optimum_j", "exact"), ("lambda_dp_j", "lambda-dp")):
        energies_j[column] = _same(
            f"{case.network} {case.level_set} {search}",
            pruned.solve(fps=case.fps, search=search).energy_j,
            case.tables.solve(fps=case.fps, search=search).energy_j,
        )
    pairs, pruned_pairs = count_pairs(case.tables), count_pairs(pruned)
    return {
        "network": case.network,
        "levels": case.level_set,
        "fps": case.fps,
        **energies_j,
        "pairs_of_states": pairs,
        "pruned_pairs_of_states": pruned_pairs,
        "ratio_of_pairs": pairs / pruned_pairs,
    }


def _heuristics(case: Case, tables: CostTables) -> dict[str, Callable[[], float]]:
    """Return the heuristic by language, each of which gives an energy.

    In C++ and in numpy, which go through a grid, and in plain Python, which goes from
    state to state.
    """
    instance = Instance("pruning", case.network, tables, 1 / case.fps)

    def loop() -> float:
        states = search_lambda_dp.solve(instance, kind=LoopingRailSet)
        return evaluate(instance, states or []).energy_j

    def sweep() -> float:
        return evaluate(instance, search_lambda_dp.solve(instance) or []).energy_j

    return {
        "cpp": lambda: tables.solve(fps=case.fps, search="lambda-dp").energy_j,
        "numpy": sweep,
        "python": loop,
    }


def _times(case: Case, runs: int) -> dict[str, Any]:
    """Return the heuristic's time without and with pruning, in seconds, as medians.

    Runs take turns, so that what slows the machine down slows both. The time to prune
    is not in it.
    """
    tables = {"all": case.tables, "pruned": prune(case.tables)}
    works = {kind: _heuristics(case, some) for kind, some in tables.items()}
    row: dict[str, Any] = {"network": case.network, "levels": case.level_set}
    for language in LANGUAGES:
        seconds: dict[str, list[float]] = {kind: [] for kind in tables}
        energies_j = {}
        for _ in range(runs):
            for kind in tables:
                start = time.perf_counter()
                energies_j[kind] = works[kind][language]()
                seconds[kind].append(time.perf_counter() - start)
        _same(
            f"{case.network} {case.level_set} in {LANGUAGES[language]}",
            energies_j["pruned"],
            energies_j["all"],
        )
        for kind in tables:
            row[f"{kind}_{language}_s"] = statistics.median(seconds[kind])
    return row


def _speedup(row: dict[str, Any], language: str) -> float:
    """Return the time without pruning in units of that with it."""
    return row[f"all_{language}_s"] / row[f"pruned_{language}_s"]


def _span(times: Rows, language: str) -> str:
    """Return the least and the largest speedup in a language."""
    speedups = [_speedup(row, language) for row in times]
    return f"{min(speedups):.2f} to {max(speedups):.2f} ({LANGUAGES[language]})"


def _apart(ratios: dict[str, float]) -> str:
    """Return how far ratios are from the published one."""
    least, most = (
        100 * (ratio / published.PRUNING_SPEEDUP - 1)
        for ratio in (min(ratios.values()), max(ratios.values()))
    )
    return f"{least:+.0f} to {most:+.0f} %".replace("-", "−")  # noqa: RUF001


def _comparisons(rows: Rows, times: Rows) -> list[Comparison]:
    """Return what the paper says, beside ours."""
    ratios = {
        level_set: max(r["ratio_of_pairs"] for r in rows if r["levels"] == level_set)
        for level_set in LEVELS_V
    }
    published_text = f"{published.PRUNING_SPEEDUP} in time"
    return [
        Comparison(
            "pairs of states without pruning / with it, at most",
            ", ".join(f"{ratio:.2f} ({name})" for name, ratio in ratios.items()),
            published_text,
            remark="counted: what a program that loops over pairs of states can save; "
            f"{_apart(ratios)} of the published time",
        ),
        Comparison(
            "time of lambda-DP without pruning / with it",
            ", ".join(_span(times, language) for language in LANGUAGES),
            published_text,
            remark="measured; same energies. The abstracts name neither language nor "
            "levels; what is not in loops over pairs doesn't get faster",
            is_measured=True,
        ),
    ]


def _draw(rows: Rows) -> "Figure":
    """Draw by how much pruning divides pairs of states."""

    def draw(axes: "Axes", _: int) -> None:
        for name in NETWORKS:
            ratios = [r["ratio_of_pairs"] for r in rows if r["network"] == name]
            axes.plot(list(LEVELS_V), ratios, clip_on=False, **network_style(name))
        axes.set_ylim(1)
        axes.set_ylabel("pairs, all / pruned")
        axes.set_xlabel("candidate levels")

    return stack([""], network_entries(NETWORKS), draw, height=84)


def run(setting: Setting) -> Result:
    """Prune states."""
    cases = all_cases(setting)
    rows = [_row(case) for case in setting.track(cases, "counts")]
    timed = [case for case in cases if case.level_set in TIMED_LEVELS]
    if setting.quick:
        timed = timed[:2]
    times = [
        _times(case, 1 if setting.quick else RUNS)
        for case in setting.track(timed, "times")
    ]
    lines = [
        [
            LABELS[name],
            *(f"{r['ratio_of_pairs']:.2f}" for r in rows if r["network"] == name),
        ]
        for name in NETWORKS
    ]
    measured = [
        [
            f"{LABELS[row['network']]}, {row['levels']} (measured)",
            *(f"{_speedup(row, language):.2f}" for language in LANGUAGES),
        ]
        for row in times
    ]
    head = f"measured: time without pruning / with it, medians of {RUNS}"
    return Result(
        rows=rows,
        findings=[
            table(["pairs of states, all / pruned", *LEVELS_V], lines),
            "Pruning leaves every energy as it is, the heuristic's and the optimum, "
            f"on all {len(rows)} instances; a run in which it doesn't fails. What it "
            "saves depends on how a program goes through states. The compiler's own "
            "searches, and the heuristic in numpy, sweep grids of rails and domains, "
            "where a missing state saves less, and have no such option.",
        ],
        figures={"pruning": _draw(rows)},
        comparisons=_comparisons(rows, times),
        times=times,
        time_findings=[table([head, *LANGUAGES.values()], measured)],
    )


EXPERIMENT = Experiment(
    "pruning",
    "Pruning",
    "Before it searches, the artifact drops each state that another of its layer "
    "dominates in energy, time and leakage power while using a subset of its voltages. "
    "The paper says how much faster that makes its heuristic.",
    run,
)
