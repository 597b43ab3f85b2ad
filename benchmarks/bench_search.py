# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare searches: ours, the published heuristic, and general solvers.

All get the same doubles, and every schedule is added up anew in plain Python before
it counts. Instances: the four reference networks as torch-mlir writes them, at nine
and at three levels, three rails, target pf40's transitions, and several shares of
each network's highest rate; and small ones that enumeration can solve. Solvers:

- exact: `CostTables.solve`, one thread, median of some runs; arguments are checked
  and converted in that time;
- lambda-dp: the published heuristic in C++, with and without refinement. `solve`
  then also computes a lower bound, which is in its time;
- lambda-dp numpy: the same, refined, in numpy; it has to give the same energy;
- HiGHS: one mixed-integer program, one thread; seconds are its own, without building;
- CP-SAT: one constraint program over whole numbers, one worker, with linearization
  level 2, which serves it better than the default; likewise;
- enumeration: all choices of states, vectorised in numpy; of small instances only.

"gap" is the schedule's energy above the proven optimum, relative to it, and "x exact"
the time in units of ours in the same run. "bound" is how far below the optimum the
proof of a solver had got when the limit stopped it. Solvers that are not installed
are left out.

Usage, after tools/setup.sh torch, and pip install ortools:

    PYTHONPATH=build/python_packages .venv/bin/python -m benchmarks.bench_search
"""

import argparse
import importlib.util
import json
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pfmlir

from . import ROOT, search_enumeration, search_lambda_dp
from .search_instances import (
    GROUPS,
    NETWORKS,
    Answer,
    Instance,
    InvalidScheduleError,
    evaluate,
    form_layers,
    full_instances,
    quick_instances,
)
from .search_processes import Solvers

# Relative energy by which two optima may differ: HiGHS has tolerances of 1e-9 on
# numbers around one.
AGREEMENT = 1e-9
# What refinements in C++ and numpy may differ by: the order of sums.
SAME_HEURISTIC = 1e-12

EXACT = "exact"
LAMBDA_DP = "lambda-dp"
LAMBDA_DP_NUMPY = "lambda-dp numpy"
ENUMERATION = "enumeration"
# Solvers in processes of their own: what their modules need.
EXTERNAL = {"HiGHS": "highspy", "CP-SAT": "ortools"}
SOLVERS = (
    EXACT,
    LAMBDA_DP,
    "lambda-dp-unrefined",
    LAMBDA_DP_NUMPY,
    *EXTERNAL,
    ENUMERATION,
)


@dataclass
class Row:
    """How a solver did on an instance.

    Attributes
    ----------
    status : str
        "proven", "limit" (stopped by the time limit), "heuristic", "not run" (it
        crashed), or "wrong".
    energy_j : float or None
        Of its schedule, added up anew; None without any.
    gap : float or None
        That above the proven optimum, relative to it.
    bound_j : float or None
        What the solver says no schedule costs less than.
    rounding : float
        How far the energies that it works with can be off, relative to the optimum.
    seconds, least_s, most_s : float
        Median, least and most of `runs` runs.
    build_s : float
        To make the solver's program; not in `seconds`.
    ratio : float
        `seconds` in units of ours.
    """

    group: str
    instance: str
    layers: int
    solver: str
    status: str
    seconds: float
    least_s: float
    most_s: float
    runs: int = 1
    build_s: float = 0.0
    energy_j: float | None = None
    gap: float | None = None
    bound_j: float | None = None
    rounding: float = 0.0
    ratio: float | None = None
    note: str = ""


def timed(work: Callable[[], Any], repeat: int) -> tuple[list[float], Any]:
    """Return the seconds of some runs, and what the last one gave."""
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return seconds, result


def processor_s(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the processor seconds of a run, and what it gave."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def make_row(
    instance: Instance,
    solver: str,
    seconds: list[float],
    answer: Answer,
    unproven: str,
) -> Row:
    """Return the row of an answer, with its schedule added up anew."""
    row = Row(
        group=instance.group,
        instance=instance.name,
        layers=instance.layers,
        solver=solver,
        status="proven" if answer.is_proven else unproven,
        seconds=statistics.median(seconds),
        least_s=min(seconds),
        most_s=max(seconds),
        runs=len(seconds),
        bound_j=answer.bound_j if math.isfinite(answer.bound_j) else None,
    )
    if answer.states is not None:
        try:
            row.energy_j = evaluate(instance, answer.states).energy_j
        except InvalidScheduleError as error:
            row.status, row.note = "wrong", f"no schedule: {error}"
    elif answer.is_proven:
        row.status, row.note = "wrong", "found nothing"
    return row


def run_ours(instance: Instance, search: str, repeat: int, limit_s: float) -> Row:
    """Return how one of the package's searches does."""
    seconds, solution = timed(
        lambda: instance.costs.solve(
            period_s=instance.period_s, search=search, threads=1, time_limit_s=limit_s
        ),
        repeat,
    )
    answer = Answer(
        solution.states.tolist(),
        solution.is_optimal and search == EXACT,
        solution.lower_bound_j,
    )
    unproven = "limit" if search == EXACT else "heuristic"
    row = make_row(instance, search, seconds, answer, unproven)
    stated = evaluate(instance, solution.states)
    if not math.isclose(stated.energy_j, solution.energy_j, rel_tol=1e-12):
        row.status, row.note = "wrong", f"says {solution.energy_j} J"
    return row


def run_numpy(instance: Instance) -> Row:
    """Return how the heuristic in numpy does."""
    seconds, states = timed(lambda: search_lambda_dp.solve(instance), 1)
    answer = Answer(states, False, -math.inf)
    return make_row(instance, LAMBDA_DP_NUMPY, seconds, answer, "heuristic")


def run_enumeration(instance: Instance) -> Row:
    """Return how enumeration does."""
    seconds, answer = timed(lambda: search_enumeration.solve(instance), 1)
    return make_row(instance, ENUMERATION, seconds, answer, "limit")


def run_external(
    instance: Instance, solver: str, solvers: Solvers, limit_s: float
) -> Row:
    """Return how a solver in a process of its own does."""
    run = solvers.solve(solver, instance, limit_s)
    if run is None:
        nothing = Answer(None, False, -math.inf)
        row = make_row(instance, solver, [math.nan], nothing, "not run")
        row.note = "its process ended"
        return row
    row = make_row(instance, solver, [run.seconds], run.answer, "limit")
    row.build_s, row.rounding = run.build_s, run.error_j
    return row


def bound_note(row: Row, optimum_j: float) -> str:
    """Return how far a proof had got when the limit ended it."""
    if row.status != "limit" or row.bound_j is None:
        return ""
    if row.bound_j <= 0:
        return "no bound"
    return f"bound {row.bound_j / optimum_j - 1:+.3%}"


def compare(rows: list[Row]) -> None:
    """Fill in gaps and ratios of an instance's rows, and look for contradictions."""
    by_solver = {row.solver: row for row in rows}
    ours = by_solver[EXACT]
    proven = [r.energy_j for r in rows if r.status == "proven" and not r.rounding]
    optimum_j = min(proven, default=None)
    for row in rows:
        row.ratio = row.seconds / ours.seconds
        if optimum_j is None:
            continue
        row.note = row.note or bound_note(row, optimum_j)
        row.rounding /= optimum_j
        allowed = AGREEMENT + row.rounding
        if row.bound_j is not None and row.bound_j > optimum_j * (1 + allowed):
            row.status, row.note = "wrong", "its bound is above the optimum"
        if row.energy_j is None:
            continue
        row.gap = row.energy_j / optimum_j - 1
        if row.status == "proven" and row.gap > allowed:
            row.status, row.note = "wrong", "proves what is not optimal"
        elif row.gap < -AGREEMENT:
            ours.status, ours.note = "wrong", f"{row.solver} is better"
    in_numpy, in_cpp = by_solver[LAMBDA_DP_NUMPY], by_solver[LAMBDA_DP]
    if not math.isclose(in_numpy.energy_j, in_cpp.energy_j, rel_tol=SAME_HEURISTIC):
        in_numpy.status, in_numpy.note = "wrong", "not what C++ gives"


def run_instance(instance: Instance, solvers: Solvers, options: Any) -> list[Row]:
    """Return the rows of an instance."""
    rows = []

    def progress(solver: str) -> None:
        print(f"{instance.group}, {instance.name}: {solver}", file=sys.stderr)

    progress(EXACT)
    rows.append(run_ours(instance, EXACT, options.repeat, options.time_limit_s))
    for search in ("lambda-dp", "lambda-dp-unrefined"):
        rows.append(run_ours(instance, search, 3, options.time_limit_s))
    progress(LAMBDA_DP_NUMPY)
    rows.append(run_numpy(instance))
    limit_s = dict(options.limit_others).get(instance.group, options.time_limit_s)
    for solver in solvers.names:
        progress(solver)
        rows.append(run_external(instance, solver, solvers, limit_s))
    if instance.can_be_enumerated():
        progress(ENUMERATION)
        rows.append(run_enumeration(instance))
    compare(rows)
    return rows


# ---------------------------------------------------------------------------
# Text
# ---------------------------------------------------------------------------


def format_gap(row: Row) -> str:
    """Return a gap, "0" where it is within what optima may differ by."""
    if row.energy_j is None:
        return "none"
    if row.gap is None:
        return "?"
    return "0" if abs(row.gap) <= AGREEMENT else f"{row.gap:+.3%}"


def print_rows(rows: list[Row]) -> None:
    """Print an instance's rows."""
    for number, row in enumerate(rows):
        name = f"{row.instance} ({row.layers})" if number == 0 else ""
        spread = ""
        if row.runs > 1:
            spread = f"({row.least_s:.4f}, {row.most_s:.4f})"
        print(
            f"{name:37} {row.solver:20} {row.status:9} {format_gap(row):>9} "
            f"{row.seconds:9.4f} {spread:18} {row.ratio:9.3g}"
            f"{'  ' + row.note if row.note else ''}",
            flush=True,
        )


def print_header(group: str) -> None:
    """Print what a group's columns are."""
    print(
        f"\n{group}\n{'instance (layers)':37} {'solver':20} {'status':9} {'gap':>9} "
        f"{'seconds':>9} {'(least, most)':18} {'x exact':>9}"
    )


def summarise(rows: list[Row]) -> Iterator[str]:
    """Yield a line for each group and solver."""
    yield (
        f"{'group':13} {'solver':20} {'proven':>8} {'optimal':>8} {'largest gap':>12} "
        f"{'median s':>9} {'x exact, median (least, most)':>30}"
    )
    for group in GROUPS:
        for solver in SOLVERS:
            some = [
                row
                for row in rows
                if (row.group, row.solver) == (group, solver)
                and row.status != "not run"
            ]
            if not some:
                continue
            proven = sum(row.status == "proven" for row in some)
            gaps = [row.gap for row in some if row.gap is not None]
            best = sum(abs(gap) <= AGREEMENT for gap in gaps)
            nothing = sum(row.energy_j is None for row in some)
            largest = f"{max(gaps):.3%}" if gaps else "none"
            ratios = [row.ratio for row in some]
            middle = statistics.median(ratios)
            spread = f"{middle:.3g} ({min(ratios):.3g}, {max(ratios):.3g})"
            seconds = statistics.median(row.seconds for row in some)
            yield (
                f"{group:13} {solver:20} {proven:4}/{len(some):3} "
                f"{best:4}/{len(some):3} {largest:>12} {seconds:9.4f} {spread:>30}"
                f"{f'  no schedule: {nothing}' if nothing else ''}"
            )


def print_summary(rows: list[Row]) -> bool:
    """Print what came out of it all; return whether nothing is wrong."""
    print("\nAll instances\n" + "\n".join(summarise(rows)))
    wrong = [row for row in rows if row.status == "wrong"]
    proofs = sum(row.status == "proven" and row.solver != EXACT for row in rows)
    ours = sum(row.status == "proven" and row.solver == EXACT for row in rows)
    print(
        f"\n{ours} optima proven by exact, {proofs} proofs of others; "
        f"{len(wrong)} contradictions"
    )
    for row in wrong:
        print(f"WRONG: {row.group}, {row.instance}, {row.solver}: {row.note}")
    roundings = [row.rounding for row in rows if row.rounding]
    if roundings:
        print(
            f"CP-SAT's whole numbers are off by at most {max(roundings):.1e} of the "
            "energy; its schedules are charged in doubles"
        )
    return not wrong


# ---------------------------------------------------------------------------
# How far from reading the tables
# ---------------------------------------------------------------------------


def measure_tables(
    folder: Path | None, names: Iterable[str], repeat: int
) -> list[dict[str, Any]]:
    """Return, per network, what making nine levels' tables takes, and reading them."""
    rows = []
    for name in names:
        layers = form_layers(name, folder)
        tabulating, costs = timed(lambda m=layers: pfmlir.tabulate_costs(m), repeat)
        reading, _ = timed(
            lambda c=costs: (c.energy_j.sum(), c.time_s.sum(), c.leakage_w.sum()),
            repeat,
        )
        rows.append(
            {
                "network": name,
                "tabulate_s": statistics.median(tabulating),
                "read_once_s": statistics.median(reading),
            }
        )
    return rows


def print_tables(tables: list[dict[str, Any]], rows: list[Row]) -> None:
    """Print the time of tables beside that of the searches on them."""
    print(
        "\nMilliseconds at nine levels: to make the cost tables, to read them once,\n"
        "and the exact search, least and most of the medians at all rates\n"
    )
    for table in tables:
        some = [
            row.seconds
            for row in rows
            if (row.group, row.solver) == ("nine levels", EXACT)
            and row.instance.split()[0] == table["network"]
        ]
        print(
            f"{table['network']:18} {1e3 * table['tabulate_s']:7.2f} "
            f"{1e3 * table['read_once_s']:7.3f} {1e3 * min(some):8.2f} "
            f"{1e3 * max(some):8.2f}"
        )


# ---------------------------------------------------------------------------
# The command
# ---------------------------------------------------------------------------


def limit_of_group(text: str) -> tuple[str, float]:
    """Read a group of instances and its limit in seconds."""
    group, _, seconds = text.partition("=")
    if group not in GROUPS:
        raise ValueError(text)
    return group, float(seconds)


def parse_options() -> argparse.Namespace:
    """Return the command's options."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--plot", type=Path, help="draw times to this file")
    parser.add_argument(
        "--time-limit-s", type=float, help="of each run (60; 5 with --quick)"
    )
    parser.add_argument(
        "--limit-others",
        type=limit_of_group,
        action="append",
        default=[],
        metavar="GROUP=SECONDS",
        help="another limit for solvers from elsewhere on a group of instances; can be "
        "given again",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a few instances from bare shapes, without PyTorch",
    )
    parser.add_argument(
        "--mps", type=Path, help="write the mixed-integer programs to this folder"
    )
    parser.add_argument(
        "--repeat", type=int, default=7, help="runs of the exact search"
    )
    parser.add_argument("--exports", type=Path, default=ROOT / "build/benchmarks")
    options = parser.parse_args()
    if options.time_limit_s is None:
        options.time_limit_s = 5.0 if options.quick else 60.0
    return options


def installed() -> list[str]:
    """Return the solvers that are there, and say which are not."""
    found = []
    for solver, module in EXTERNAL.items():
        if importlib.util.find_spec(module) is None:
            print(f"no {solver}: {module} is not installed")
        else:
            found.append(solver)
    return found


def run_all(options: argparse.Namespace) -> list[Row]:
    """Run and print the comparison."""
    instances = quick_instances() if options.quick else full_instances(options.exports)
    rows, group = [], None
    with Solvers(installed(), options.mps) as solvers:
        for instance in instances:
            if instance.group != group:
                group = instance.group
                print_header(group)
            some = run_instance(instance, solvers, options)
            print_rows(some)
            rows += some
    return rows


def main() -> int:
    """Run the benchmark."""
    options = parse_options()
    print(
        f"{options.repeat} runs of exact, 3 of lambda-dp, 1 of others; at most "
        f"{options.time_limit_s:g} s each"
    )
    rows = run_all(options)
    tables = measure_tables(
        None if options.quick else options.exports,
        ("squeezenet",) if options.quick else NETWORKS,
        options.repeat,
    )
    print_tables(tables, rows)
    is_right = print_summary(rows)
    if options.json:
        figures = {
            "time_limit_s": options.time_limit_s,
            "tables": tables,
            "rows": [asdict(row) for row in rows],
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    if options.plot:
        from .search_plot import draw

        ran = [row for row in rows if row.status != "not run"]
        draw(ran, SOLVERS, options.time_limit_s, options.plot)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
