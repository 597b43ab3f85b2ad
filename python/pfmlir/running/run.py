# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a model of PyTorch's to a program that ran, with all that was checked."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

import numpy
from numpy.typing import NDArray

from ..answers import Replay, Schedule
from ..arguments import optional_period, positive
from ..compile.export import Progress
from ..compile.options import ScheduleOptions, read_options
from ..errors import WrongResultError
from ..keywords import takes
from ..units import with_prefix
from .compare import compare_layers, distance, first_difference
from .dispatch import Dispatch
from .execute import execute, read_tensor
from .lowering import OBSERVED
from .machines import Machine, find_machine
from .models import Model, ScheduledModel, find_model, schedule_model
from .program import Program, build, check_tools
from .record import Record, read_record
from .replay import replay
from .writes import Write

# Of results, relative to the largest, from 1 upwards.
TOLERANCE = 1e-5
# Of the processor that tells the power manager what to do.
CLOCK_HZ = 5e8


@dataclass(frozen=True)
class Run:
    """What `pfmlir.run` returns: a network that ran, and what it did.

    Attributes
    ----------
    machine : str
        What it ran on.
    schedule : Schedule
        What was run.
    results : tuple of numpy.ndarray
        What the network computed.
    difference : float
        How far that is from what PyTorch computes, relative to the largest, from 1
        upwards.
    change : float
        How far PyTorch's results for other inputs are from these; if it is as small as
        the difference may be, the comparison says nothing.
    writes : tuple of Write
        What the power manager was told.
    replay : Replay
        What an accelerator did that was told that: energy, times, and what is not as
        scheduled.
    dispatch : Dispatch or None
        What passed between layers; None on the host, where time is others', too.
    steps_s : dict of str to float
        What each step took, in seconds.
    program_bytes, weights_bytes : int
        Size of the program, and of the weights in it.
    """

    machine: str
    schedule: Schedule
    results: tuple[NDArray[Any], ...]
    difference: float
    change: float
    writes: tuple[Write, ...]
    replay: Replay
    dispatch: Dispatch | None
    steps_s: dict[str, float]
    program_bytes: int
    weights_bytes: int

    def rows(self) -> list[tuple[str, str]]:
        """Return what there is to say, as names and texts."""
        schedule, replayed = self.schedule, self.replay
        latest = float(
            numpy.abs(
                replayed.layers["start_s"] - replayed.layers["scheduled_start_s"]
            ).max(initial=0.0)
        )
        rows = [
            (
                "ran",
                f"{len(schedule.layers)} layers on {self.machine}, "
                f"{len(self.writes)} writes",
            ),
            (
                "result",
                f"within {self.difference:.1e} of PyTorch's; other inputs change it by "
                f"{self.change:.1e}",
            ),
            (
                "energy",
                f"{with_prefix(replayed.energy_j, 'J')} replayed, "
                f"{with_prefix(schedule.energy_j, 'J')} scheduled",
            ),
            (
                "time",
                f"{with_prefix(replayed.active_time_s, 's')} replayed, "
                f"{with_prefix(schedule.active_time_s, 's')} scheduled, layers within "
                f"{with_prefix(latest, 's')}",
            ),
        ]
        if self.dispatch is not None:
            rows.append(
                (
                    "between",
                    f"{with_prefix(self.dispatch.total_s, 's')} between layers, at "
                    f"most {with_prefix(self.dispatch.needed_s, 's')} before one",
                )
            )
        left_s = schedule.period_s - replayed.active_time_s
        rows.append(
            (
                "deadline",
                f"{with_prefix(schedule.period_s, 's')}, kept with "
                f"{with_prefix(left_s, 's')} to spare",
            )
        )
        return rows

    def __repr__(self) -> str:
        head = f"<Run of @{self.schedule.function} on {self.machine}"
        return (
            "\n".join([head, *(f"  {name:<9}{text}" for name, text in self.rows())])
            + ">"
        )


class _Runner:
    """A model on its way to a run."""

    def __init__(self, model: Model, machine: Machine, clock_hz: float) -> None:
        self.model = model
        self.machine = machine
        self.clock_hz = clock_hz
        self.scheduled: ScheduledModel
        self.program: Program
        self.results: list[NDArray[Any]] = []
        self.expected: list[NDArray[Any]] = []
        self.steps_s: dict[str, float] = {}

    def inputs(self) -> list[NDArray[Any]]:
        """Return the model's inputs as the program takes them."""
        from .reference import as_arrays

        return as_arrays(self.model.inputs)

    def build(self, folder: Path) -> None:
        self.program = build(self.scheduled.module, self.machine, folder)

    def execute(self) -> None:
        self.results = execute(self.program, self.inputs())

    def compare(self, tolerance: float) -> float:
        """Return how far results are from PyTorch's, or raise where that is too far."""
        from .reference import compute

        self.expected = compute(self.model.model, self.model.inputs)
        if len(self.expected) != len(self.results):
            raise WrongResultError(
                f"expected {len(self.expected)} results, as of PyTorch, but got "
                f"{len(self.results)}",
                "",
                numpy.inf,
            )
        differences = [
            distance(found.reshape(-1), expected.reshape(-1))
            for found, expected in zip(self.results, self.expected, strict=True)
        ]
        worst = max(differences, default=0.0)
        if worst > tolerance:
            raise self._wrong(worst, tolerance)
        return worst

    def _wrong(self, worst: float, tolerance: float) -> WrongResultError:
        """Return what to raise, with the first layer that differs."""
        message = (
            f"expected results within {tolerance:g} of PyTorch's, but got {worst:.3e}"
        )
        names = [str(name) for name in self.scheduled.schedule.layers["name"]]
        layer = self._find_layer(names, tolerance)
        if not layer:
            return WrongResultError(f"{message}; no layer's do", "", worst)
        return WrongResultError(f"{message}; the first is layer {layer}", layer, worst)

    def _find_layer(self, names: Sequence[str], tolerance: float) -> str:
        """Return the first layer whose results differ; "" for none."""
        import torch

        from .reference import trace_values

        if not isinstance(self.model.model, torch.nn.Module):
            return ""
        with tempfile.TemporaryDirectory() as folder:
            observed = build(
                self.scheduled.module, self.machine, Path(folder), OBSERVED
            )
            execute(observed, self.inputs())
            results = [
                [read_tensor(observed, tensor) for tensor in tensors]
                for tensors in observed.interface.layer_results
            ]
        made = trace_values(self.model.model, self.model.inputs)
        found = first_difference(compare_layers(names, results, made), tolerance)
        return found.name if found else ""

    def change(self) -> float:
        """Return how far PyTorch's results for other inputs are from these."""
        from .reference import change_inputs, compute

        other = compute(self.model.model, change_inputs(self.model.inputs))
        return max(
            (
                distance(found.reshape(-1), expected.reshape(-1))
                for found, expected in zip(other, self.expected, strict=True)
            ),
            default=0.0,
        )

    def record(self) -> Record:
        is_counted = self.machine.counts_instructions
        count_s = 1 / self.clock_hz if is_counted else 1e-9
        path = self.program.folder / "record.bin"
        return read_record(path, count_s, is_counted)

    def finish(self, difference: float, change: float) -> Run:
        """Replay what was recorded, check it, and return all of it."""
        schedule = self.scheduled.schedule
        record = self.record()
        writes = record.writes(self.program.registers)
        dispatch = None
        if self.machine.counts_instructions:
            dispatch = Dispatch(*record.dispatch_times_s(len(schedule.layers)))
        replayed = replay(schedule, writes)
        replayed.check()
        if dispatch is not None:
            dispatch.check(schedule, replayed.latest_end_s)
        return Run(
            machine=self.machine.name,
            schedule=schedule,
            results=tuple(self.results),
            difference=difference,
            change=change,
            writes=tuple(writes),
            replay=replayed,
            dispatch=dispatch,
            steps_s=self.steps_s,
            program_bytes=self.program.path.stat().st_size,
            weights_bytes=(self.program.folder / "weights.bin").stat().st_size,
        )


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Give a folder for a program's files: one to keep, or one that goes."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="pfmlir-") as folder:
        yield Path(folder)


@takes(ScheduleOptions)
def run(
    model: Any,
    inputs: Any = None,
    *,
    machine: str = "host",
    clock_hz: float = CLOCK_HZ,
    schedule: Schedule | None = None,
    fps: float | None = None,
    period_s: float | None = None,
    tolerance: float = TOLERANCE,
    keep: Path | None = None,
    progress: Progress | None = None,
    **options: Unpack[ScheduleOptions],
) -> Run:
    """Run a network on its schedule, and check all that it does.

    The network is scheduled, lowered and compiled, and runs for one period. Its results
    are compared with PyTorch's, and what it told the power manager is replayed into a
    model of the accelerator, which says what that costs.

    Parameters
    ----------
    model, inputs
        A model of PyTorch's, with its inputs; see `import_model`. An exported program,
        a reference network and `MODULE:FUNCTION` have their own.
    machine : {"host", "riscv32", "riscv64"}
        What it runs on: this computer, or a RISC-V processor that QEMU emulates.
    clock_hz
        Of the emulated processor, in hertz: an instruction takes a clock.
    schedule
        Of the same model; without, it is scheduled, as `pfmlir.schedule` does it.
    fps, period_s, target
        As of `pfmlir.schedule`; not with a schedule.
    tolerance
        How far results may be from PyTorch's, relative to the largest, from 1 upwards.
    keep
        A folder to keep the program and its files in.
    progress
        Wraps the list of steps, as `tqdm.tqdm` does.
    %(options)s

    Returns
    -------
    Run

    Raises
    ------
    WrongResultError
        Results are not PyTorch's; it names the first layer that differs.
    ReplayError
        What the power manager was told is not what the schedule says.
    DeadlineMissedError
        What passes between layers makes the schedule miss its deadline.
    MissingDependencyError
        torch, the compiler or QEMU is not installed; the message says which.
    CompilationError, InfeasibleError, UnsupportedOperationError
        As of `pfmlir.schedule`; or something of the network can't be lowered.

    Examples
    --------
    >>> run = pfmlir.run("squeezenet", fps=60, machine="riscv32")  # doctest: +SKIP
    >>> run.replay.energy_j, run.dispatch.needed_s                 # doctest: +SKIP
    (0.000176..., 2.2e-07)
    """
    read: dict[str, Any] = read_options(options)
    optional_period(fps, period_s)
    if schedule is not None and (read or fps is not None or period_s is not None):
        raise TypeError("schedule: expected none with options that make one")
    read |= read_options({"fps": fps, "period_s": period_s})
    runner = _Runner(
        find_model(model, inputs), find_machine(machine), positive("clock_hz", clock_hz)
    )
    tolerance = positive("tolerance", tolerance)
    # Before a model is imported, which takes seconds.
    check_tools(runner.machine)
    with _folder(keep) as folder:
        return _run(runner, schedule, read, tolerance, folder, progress or iter)


def _run(
    runner: _Runner,
    schedule: Schedule | None,
    read: dict[str, Any],
    tolerance: float,
    folder: Path,
    progress: Progress,
) -> Run:
    """Take all steps, and say how long each took."""
    found: dict[str, Any] = {}

    def plan() -> None:
        runner.scheduled = schedule_model(runner.model, schedule, read)

    def compare() -> None:
        found["difference"] = runner.compare(tolerance)
        found["change"] = runner.change()

    def finish() -> None:
        found["run"] = runner.finish(found["difference"], found["change"])

    steps: list[tuple[str, Callable[[], None]]] = [
        ("schedule", plan),
        ("build", lambda: runner.build(folder)),
        ("execute", runner.execute),
        ("compare", compare),
        ("replay", finish),
    ]
    for name, step in progress(steps):
        start = time.monotonic()
        step()
        runner.steps_s[name] = time.monotonic() - start
    done: Run = found["run"]
    return done
