# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A schedule checked by replaying what the power manager was told."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .. import ir
from ..answers import Replay, Schedule
from ..answers.answer import Row, floats
from ..answers.replay import layer_array
from ..arguments import quantity
from ..errors import ReplayError, UnmodelledError
from ..units import with_prefix
from .accelerator import Accelerator, LayerRun, Part, Run
from .expected import (
    Scheduled,
    expect_writes,
    find_difference,
    find_difference_between_layers,
    find_scheduled,
)
from .hardware import Hardware
from .layer_costs import LayerCosts
from .registers import Register, registers_of
from .writes import Difference, Write

# How far the replayed energy may be from the schedule's, relative, and the start of a
# layer, in seconds.
ENERGY_TOLERANCE = 1e-9
START_TOLERANCE_S = 1e-9


def replay(
    schedule: Schedule | ir.Module,
    writes: Iterable[Write],
    *,
    is_timed: bool = False,
    dispatch_time_s: float | None = None,
    start_tolerance_s: float = START_TOLERANCE_S,
) -> Replay:
    """Replay what a power manager was told, and hold it against its schedule.

    The writes drive a model of the accelerator that shares no code with the compiler's
    cost models and searches. It knows the target's declarations and the layers'
    workloads, and nothing of the schedule.

    Parameters
    ----------
    schedule
        What should have been run, on a target with a `power.register_map`.
    writes
        All writes of one period, in order.
    is_timed
        Whether they happen when they say, as those of a sequencer do. If not, as of a
        processor that waits for `ready` and `done`, each takes effect as soon as the
        power manager has done what it was told before; their times don't count.
    dispatch_time_s
        What passes before each layer until it starts, in seconds, where it was
        measured; without, what the target says. Not with `is_timed`.
    start_tolerance_s
        How far from its time a layer may start, in seconds; of timed writes, also how
        much earlier something may happen than what it has to wait for.

    Returns
    -------
    Replay
        Energy, times, power over the period, and what is not as scheduled;
        `check()` raises an error if anything is not.

    Raises
    ------
    ReplayError
        A write has no meaning, or tells to run what can't be run.
    UnmodelledError
        The target or a layer has what the replay has no model of.
    ValueError
        The target has no register map, or there is no schedule.
    """
    if dispatch_time_s is not None:
        if is_timed:
            raise ValueError("dispatch_time_s: expected none for writes that are timed")
        quantity("dispatch_time_s", dispatch_time_s)
    start_tolerance_s = quantity("start_tolerance_s", start_tolerance_s)
    answer = schedule
    if isinstance(answer, ir.Module):
        answer = Schedule.from_module(answer)
    replayer = _Replayer(answer, list(writes))
    return replayer.replay(is_timed, dispatch_time_s, start_tolerance_s)


def layer_times(
    schedule: Schedule, writes: Iterable[Write]
) -> list[tuple[float, float]]:
    """Return what a layer's transition takes, and the layer itself, in seconds."""
    run = _Replayer(schedule, list(writes)).run(False, None)
    return [
        (
            math.fsum(
                part.end_s - part.start_s
                for part in run.parts
                if part.kind == "transition" and part.layer == index
            ),
            layer.cost.time_s,
        )
        for index, layer in enumerate(run.layers)
    ]


class _Replayer:
    """A schedule with the writes that were made for it."""

    def __init__(self, schedule: Schedule, writes: Sequence[Write]) -> None:
        if schedule.early_tail:
            raise UnmodelledError(
                "the schedule is of periods that may end early, which the replay does "
                "not model"
            )
        self._schedule = schedule
        self._writes = writes
        self._scheduled: Scheduled = find_scheduled(schedule.module)
        self._registers: dict[str, Register] = registers_of(self._scheduled.target)
        self._hardware = Hardware(self._scheduled.target)

    def run(
        self, is_timed: bool, dispatch_time_s: float | None, early_s: float = 0.0
    ) -> Run:
        """Drive an accelerator with the writes."""
        return Accelerator(
            self._hardware,
            self._registers,
            LayerCosts(self._hardware, self._scheduled.layers),
            self._schedule.period_s,
            is_timed=is_timed,
            early_s=early_s,
            dispatch_time_s=dispatch_time_s,
        ).run(self._writes)

    def replay(
        self, is_timed: bool, dispatch_time_s: float | None, start_tolerance_s: float
    ) -> Replay:
        """Return what the writes made the accelerator do."""
        wrong = self._wrong_writes(is_timed)
        try:
            run = self.run(is_timed, dispatch_time_s, start_tolerance_s)
        except ReplayError as error:
            # What it comes of is what was told.
            if wrong and not isinstance(error, UnmodelledError):
                raise ReplayError(f"{wrong.text}\n{error}") from None
            raise
        # What was told, as it is without machines that take time for it.
        is_ideal = not is_timed and dispatch_time_s is None
        demanded = run if is_ideal else self.run(False, None)
        edges_s, powers_w = _steps(run.parts)
        if dispatch_time_s is None:
            dispatch_time_s = self._hardware.dispatch_time_s
        found = Replay(
            schedule=self._schedule,
            energy_j=run.energy_j,
            demanded_energy_j=demanded.energy_j,
            active_time_s=run.active_time_s,
            busy_time_s=run.busy_time_s,
            latest_end_s=self._schedule.period_s * (1 - self._hardware.margin),
            dispatch_time_s=dispatch_time_s,
            rails_v=floats(sorted(run.rails_v)),
            layers=layer_array([self._row(layer) for layer in run.layers]),
            edges_s=floats(edges_s),
            powers_w=floats(powers_w),
            differences=(),
        )
        starts = run.layers if is_timed else demanded.layers
        differences = [
            *([wrong] if wrong else []),
            *run.faults,
            *self._wrong_layers(starts, start_tolerance_s),
        ]
        differences.sort(key=lambda difference: difference.write)
        texts = [difference.text for difference in differences]
        texts += [*self._wrong_energy(demanded.energy_j), *_missed_deadline(found)]
        return replace(found, differences=tuple(texts))

    def _row(self, ran: LayerRun) -> Row:
        planned = self._schedule.layers[ran.layer]
        return {
            "name": str(planned["name"]),
            "write": ran.write,
            "start_s": ran.start_s,
            "scheduled_start_s": float(planned["start_s"]),
            "time_s": ran.cost.time_s,
            "scheduled_time_s": float(planned["time_s"]),
            "energy_j": ran.cost.energy_j,
            "scheduled_energy_j": float(planned["energy_j"]),
        }

    # -- what is not as scheduled -------------------------------------------------

    def _wrong_writes(self, is_timed: bool) -> Difference | None:
        """Return what is wrong with the first write that is not as scheduled."""
        find = find_difference_between_layers if is_timed else find_difference
        expected = expect_writes(self._scheduled, self._hardware, self._registers)
        return find(self._writes, expected, self._registers)

    def _wrong_layers(
        self, layers: Sequence[LayerRun], start_tolerance_s: float
    ) -> Iterator[Difference]:
        """Yield how the first layer that starts or takes otherwise does."""
        for ran in layers:
            row = self._row(ran)
            texts = list(_compare_layer(row, start_tolerance_s))
            if texts:
                where = f"layer {ran.layer} '{row['name']}' (write {ran.write})"
                yield Difference(ran.write, f"{where} {' and '.join(texts)}")
                return

    def _wrong_energy(self, energy_j: float) -> Iterator[str]:
        planned_j = self._schedule.energy_j
        if not math.isclose(energy_j, planned_j, rel_tol=ENERGY_TOLERANCE):
            yield (
                f"the period takes {energy_j:.10g} J instead of {planned_j:.10g} J "
                f"({100 * (energy_j / planned_j - 1):+.2g} %)"
            )


def _compare_layer(row: Row, start_tolerance_s: float) -> Iterator[str]:
    late_s = row["start_s"] - row["scheduled_start_s"]
    if abs(late_s) > start_tolerance_s:
        late = "late" if late_s > 0 else "early"
        yield f"starts {with_prefix(abs(late_s), 's')} too {late}"
    for name, unit in (("time_s", "s"), ("energy_j", "J")):
        found, planned = row[name], row[f"scheduled_{name}"]
        if not math.isclose(found, planned, rel_tol=ENERGY_TOLERANCE):
            yield f"takes {found:.10g} {unit} instead of {planned:.10g} {unit}"


def _missed_deadline(found: Replay) -> Iterator[str]:
    if not found.keeps_deadline:
        yield (
            f"misses its deadline: it takes {with_prefix(found.busy_time_s, 's')}, "
            f"{with_prefix(-found.slack_s, 's')} too long, with "
            f"{with_prefix(found.dispatch_time_s, 's')} before each layer; at most "
            f"{found.longest_dispatch_time_s:.4g} s would keep it"
        )


def _steps(parts: Iterable[Part]) -> tuple[list[float], list[float]]:
    """Return the edges in seconds of steps, and their powers in watts.

    What takes energy and no time is drawn with what comes next, or at the end with the
    last.
    """
    edges_s, energies_j, left_j = [0.0], [], 0.0
    for part in parts:
        left_j += part.energy_j
        if part.end_s > edges_s[-1]:
            edges_s.append(part.end_s)
            energies_j.append(left_j)
            left_j = 0.0
    if energies_j:
        energies_j[-1] += left_j
    return edges_s, [
        energy_j / (end_s - start_s)
        for energy_j, (start_s, end_s) in zip(
            energies_j, pairwise(edges_s), strict=True
        )
    ]
