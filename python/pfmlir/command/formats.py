# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Answers as text: for people, or for programs."""

import csv
import functools
import io
import json
import math
from collections.abc import Iterable
from typing import Any

import numpy

from ..answers import (
    Answer,
    BatteryPlan,
    Explanation,
    Exploration,
    FramePlan,
    ParetoFront,
    RailChoice,
    Schedule,
    Sensitivity,
    Solution,
    Sweep,
    SystemSchedule,
)
from ..answers.answer import describe_proof
from ..answers.explanations import describe_change, describe_reason
from ..answers.fronts import describe_gap
from ..answers.sensitivities import describe_saving
from ..report.graph import print_graph
from ..units import with_prefix

# Of all answers; and of schedules only.
FORMATS = ("table", "summary", "json", "csv")
SCHEDULE_FORMATS = (*FORMATS, "mlir", "graph")


def format_answer(answer: Answer, kind: str) -> str:
    """Return an answer in one of FORMATS, or a schedule in one of SCHEDULE_FORMATS."""
    if kind == "summary":
        return f"{answer!r}\n"
    if isinstance(answer, SystemSchedule) and kind == "mlir":
        return answer.ir
    if isinstance(answer, SystemSchedule) and kind != "graph":
        return answer.to_text(kind)
    if isinstance(answer, Schedule):
        return _format_schedule(answer, kind)
    if kind not in FORMATS:
        raise ValueError(
            f"format {kind} is of schedules, but this is a {type(answer).__name__}"
        )
    if kind == "json":
        return json.dumps(_as_json(answer), indent=2) + "\n"
    if kind == "csv":
        return format_csv(answer.to_rows())
    return _as_table(answer)


def _format_schedule(schedule: Schedule, kind: str) -> str:
    if kind == "mlir":
        return schedule.ir
    return print_graph(schedule) if kind == "graph" else schedule.to_text(kind)


def format_csv(rows: list[dict[str, Any]]) -> str:
    """Return rows of the same names; rails are separated by spaces."""
    stream = io.StringIO()
    if rows:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(row[name]) for name in row} for row in rows)
    return stream.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(map(repr, value))
    return json.dumps(value) if isinstance(value, dict) else value


def _amounts(energy_j: float, power_w: float, rails_v: Iterable[float]) -> str:
    """Return the last columns of tables."""
    energy, power = with_prefix(energy_j, "J"), with_prefix(power_w, "W")
    rails = ", ".join(f"{rail:.2f}" for rail in rails_v)
    return f"{energy:>11} {power:>11}  {rails} V"


# -- JSON -------------------------------------------------------------------


@functools.singledispatch
def _as_json(answer: Answer) -> Any:
    return answer.to_dict()


@_as_json.register
def _(sweep: Sweep) -> Any:
    return sweep.to_rows()


@_as_json.register
def _(front: ParetoFront) -> Any:
    return {"tolerance": front.tolerance, "points": front.to_rows()}


def _is_power(choice: RailChoice) -> bool:
    """Whether the weights are the rates, so that the sum is a power."""
    return bool(numpy.allclose(choice.weights, choice.fps, rtol=1e-12))


@_as_json.register
def _(plan: FramePlan) -> Any:
    return {
        "rails_v": plan.rails_v.tolist(),
        "power_w": plan.power_w,
        "lower_bound_w": plan.lower_bound_w,
        "gap": plan.gap,
        "hyperperiod_s": plan.hyperperiod_s,
        "frames": plan.to_rows(),
    }


@_as_json.register
def _(choice: RailChoice) -> Any:
    unit = "w" if _is_power(choice) else "j"
    return {
        "rails_v": choice.rails_v.tolist(),
        "power_w" if unit == "w" else "energy_j": choice.energy_j,
        f"lower_bound_{unit}": choice.lower_bound_j,
        "gap": choice.gap,
        "networks": choice.to_rows(),
    }


# -- tables -----------------------------------------------------------------


@functools.singledispatch
def _as_table(answer: Answer) -> str:
    return f"{answer!r}\n"


@_as_table.register
def _(solution: Solution) -> str:
    rows = solution.to_rows()
    names = [*solution.domains, "time", "energy"]
    width = max(5, *(len(row["name"]) for row in rows))
    head = f"{'layer':{width}} " + " ".join(f"{name:>10}" for name in names)
    lines = [repr(solution), "", head]
    for row, layer in zip(rows, solution.layers, strict=True):
        cells = [
            *(f"{level:g}" for level in layer["level"].tolist()),
            with_prefix(row["time_s"], "s"),
            with_prefix(row["energy_j"], "J"),
        ]
        lines.append(
            f"{row['name']:{width}} " + " ".join(f"{cell:>10}" for cell in cells)
        )
    return "\n".join(lines) + "\n"


@_as_table.register
def _(sweep: Sweep) -> str:
    lines = [f"{'search':<20} {'rails':>5} {'fps':>9} {'energy':>11} {'power':>11}  at"]
    for point in sweep:
        head = f"{point.search:<20} {point.max_rails or '-':>5} {point.fps:>9.4g} "
        if point.energy_j is None or point.power_w is None:
            least = point.fastest_time_s or math.inf
            lines.append(f"{head}{'-':>11} {'-':>11}  at most {1 / least:.4g} fps")
            continue
        lines.append(head + _amounts(point.energy_j, point.power_w, point.rails_v))
    return "\n".join(lines) + "\n"


@_as_table.register
def _(front: ParetoFront) -> str:
    rows = front.to_rows()
    lines = [
        f"{'period':>12} {'fps':>9} {'above optimum':>14} {'energy':>11} {'power':>11}"
        "  rails"
    ]
    for row in rows:
        # A front is steep where it begins.
        period = with_prefix(row["period_s"], "s", digits=7)
        amounts = _amounts(row["energy_j"], row["power_w"], row["rails_v"])
        gap = describe_gap(row)
        lines.append(f"{period:>12} {row['fps']:>9.4g} {gap:>14} {amounts}")
    within = f"{100 * front.tolerance:.2g} %"
    lines.append(
        f"{len(rows)} points, {front.describe_proof()}; in between known within "
        f"{within}"
    )
    return "\n".join(lines) + "\n"


@_as_table.register
def _(plan: BatteryPlan) -> str:
    rows = plan.to_rows()
    lines = [
        repr(plan),
        "",
        f"{'start':>10} {'harvested':>11} {'used':>11} {'fps':>9} {'stored then':>12}",
    ]
    for row in rows:
        powers = [with_prefix(row[name], "W") for name in ("harvested_w", "power_w")]
        lines.append(
            f"{row['start_s']:>8.6g} s {powers[0]:>11} {powers[1]:>11} "
            f"{row['fps']:>9.4g} {with_prefix(row['stored_j'], 'J'):>12}"
        )
    return "\n".join(lines) + "\n"


@_as_table.register
def _(plan: FramePlan) -> str:
    rows = plan.to_rows()
    width = max(7, *(len(name) for name in plan.names))
    lines = [
        repr(plan),
        "",
        f"{'network':{width}} {'frame':>5} {'start':>12} {'end':>12} {'due':>12}",
    ]
    for row in rows:
        times = " ".join(
            f"{with_prefix(row[name], 's') if row[name] else '0 s':>12}"
            for name in ("start_s", "end_s", "due_s")
        )
        lines.append(f"{row['network']:{width}} {row['frame']:>5} {times}")
    return "\n".join(lines) + "\n"


@_as_table.register
def _(choice: RailChoice) -> str:
    rows = choice.to_rows()
    proof = describe_proof(choice.status, choice.gap)
    rails = ", ".join(f"{rail:.2f} V" for rail in choice.rails_v)
    total = (
        f"power  {with_prefix(choice.energy_j, 'W')} together"
        if _is_power(choice)
        else f"energy {with_prefix(choice.energy_j, 'J')}, weighted"
    )
    width = max(7, *(len(row["network"]) for row in rows))
    lines = [
        f"rails  {rails}",
        f"{total} ({proof})",
        "",
        f"{'network':{width}} {'fps':>9} {'energy':>11} {'power':>11}  uses",
    ]
    for row in rows:
        amounts = _amounts(row["energy_j"], row["power_w"], row["rails_v"])
        lines.append(f"{row['network']:{width}} {row['fps']:>9.4g} {amounts}")
    return "\n".join(lines) + "\n"


@_as_table.register
def _(sensitivity: Sensitivity) -> str:
    width = max(9, *(len(change.what) for change in sensitivity))
    before = with_prefix(sensitivity.energy_j, "J")
    lines = [f"{'as it is':{width}} {before:>11}"]
    for change in sensitivity:
        saving = describe_saving(change)
        if change.energy_j is None:
            lines.append(f"{change.what:{width}} {saving:>11}")
            continue
        energy = with_prefix(change.energy_j, "J")
        lines.append(f"{change.what:{width}} {energy:>11} {saving:>11}")
    return "\n".join(lines) + "\n"


@_as_table.register
def _(explanation: Explanation) -> str:
    names = max(5, *(len(reason.layer) for reason in explanation))
    states = max(5, *(len(reason.state) for reason in explanation))
    slack = with_prefix(explanation.slack_s, "s")
    lines = [
        f"{with_prefix(explanation.energy_j, 'J')} a period, "
        f"{describe_proof(explanation.before.status, explanation.gap)}; "
        f"{slack} left to the deadline",
        "",
        f"{'layer':{names}}  {'state':{states}}  best other state on these rails",
    ]
    for reason in explanation:
        other = describe_reason(reason)
        lines.append(f"{reason.layer:{names}}  {reason.state:{states}}  {other}")
    first = [reason.layer for reason in explanation.first_to_change[:3]]
    if first:
        lines += ["", f"With more time, these would change first: {', '.join(first)}"]
    proof = "each proven" if explanation.is_optimal else "not all proven"
    lines += ["", f"What next, by other searches, {proof}"]
    lines += [f"  {describe_change(explanation, each)}" for each in explanation.changes]
    return "\n".join(lines) + "\n"


@_as_table.register
def _(exploration: Exploration) -> str:
    asked = exploration.asked
    cells = [[str(value) for value in exploration[name]] for name in asked]
    widths = [
        max(len(name), *map(len, column))
        for name, column in zip(asked, cells, strict=True)
    ]
    head = [f"{name:>{width}}" for name, width in zip(asked, widths, strict=True)]
    lines = [" ".join([*head, f"{'energy':>11} {'power':>11}  rails"])]
    for i, row in enumerate(exploration.to_rows()):
        line = " ".join(
            f"{column[i]:>{width}}" for column, width in zip(cells, widths, strict=True)
        )
        if row["energy_j"] is None:
            lines.append(f"{line} {row['status']}: {row['reason']}")
            continue
        amounts = _amounts(row["energy_j"], row["power_w"], row["rails_v"])
        lines.append(f"{line} {amounts}")
    return "\n".join(lines) + "\n"
