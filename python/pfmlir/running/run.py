# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a model of PyTorch's to a program that ran, with all that was checked."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Unpack

import numpy
from numpy.typing import NDArray

from ..answers import Schedule
from ..arguments import one_of, optional_period, positive
from ..compile.export import Progress
from ..compile.options import ScheduleOptions, read_options
from ..compile.scheduling import schedule_network
from ..compile.sources import resolve_ir
from ..errors import WrongResultError
from ..keywords import takes
from .compare import compare_layers, distance, first_difference
from .dispatch import Dispatch
from .execute import execute, read_tensor
from .lowering import OBSERVED
from .machines import MACHINE_NAMES, MACHINES, SEQUENCER, Machine
from .models import Model, ScheduledModel, find_model, schedule_model
from .outcome import Run
from .program import Program, build, check_tools
from .record import Record, read_record
from .replay import replay
from .sequencer import Sequencer, check_simulator, late_s

# Of results, relative to the largest, from 1 upwards.
TOLERANCE = 1e-5
# Of the processor that tells the power manager what to do.
CLOCK_HZ = 5e8


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
    clock_hz: float | None = None,
    schedule: Schedule | None = None,
    fps: float | None = None,
    period_s: float | None = None,
    tolerance: float | None = None,
    keep: Path | None = None,
    progress: Progress | None = None,
    **options: Unpack[ScheduleOptions],
) -> Run:
    """Run a network on its schedule, and check all that it does.

    The network is scheduled, lowered and compiled, and runs for one period. Its results
    are compared with PyTorch's, and what it told the power manager is replayed into a
    model of the accelerator, which says what that costs.

    The sequencer computes nothing: Verilator simulates it for a period, and what it
    tells the power manager is replayed at its own times, each layer at most two cycles
    late.

    Parameters
    ----------
    model, inputs
        A model of PyTorch's, with its inputs; see `import_model`. An exported program,
        a reference network and `MODULE:FUNCTION` have their own. On the sequencer, all
        that `pfmlir.schedule` takes, or a schedule.
    machine : {"host", "riscv32", "riscv64", "sequencer"}
        What it runs on: this computer, a RISC-V processor that QEMU emulates, or a
        sequencer of the schedule.
    clock_hz
        Of the emulated processor, in hertz: an instruction takes a clock; 5e8 by
        default. The sequencer's is the register map's `timer_hz`.
    schedule
        Of the same model; without, it is scheduled, as `pfmlir.schedule` does it. Not
        on the sequencer.
    fps, period_s, target
        As of `pfmlir.schedule`; not with a schedule.
    tolerance
        How far results may be from PyTorch's, relative to the largest, from 1 upwards;
        1e-5 by default. Not on the sequencer.
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
        torch, the compiler, QEMU or Verilator is not installed; the message says which.
    CompilationError, InfeasibleError, UnsupportedOperationError
        As of `pfmlir.schedule`; or something of the network can't be lowered.

    Examples
    --------
    >>> run = pfmlir.run("squeezenet", fps=60, machine="riscv32")  # doctest: +SKIP
    >>> run.replay.energy_j, run.dispatch.needed_s                 # doctest: +SKIP
    (0.000221..., 2.2e-07)
    """
    read: dict[str, Any] = read_options(options)
    optional_period(fps, period_s)
    has_options = bool(read) or fps is not None or period_s is not None
    read |= read_options({"fps": fps, "period_s": period_s})
    if one_of("machine", machine, MACHINE_NAMES) == SEQUENCER:
        for name, given in (
            ("clock_hz", clock_hz),
            ("schedule", schedule),
            ("tolerance", tolerance),
        ):
            if given is not None:
                raise TypeError(f"{name}: expected none on the sequencer")
        schedule = model if isinstance(model, Schedule) else None
    if schedule is not None and has_options:
        raise TypeError("schedule: expected none with options that make one")
    progress = progress or iter
    if machine == SEQUENCER:
        check_simulator()
        with _folder(keep) as folder:
            return _run_sequencer(model, inputs, read, folder, progress)
    runner = _Runner(
        find_model(model, inputs),
        MACHINES[machine],
        positive("clock_hz", CLOCK_HZ if clock_hz is None else clock_hz),
    )
    tolerance = positive("tolerance", TOLERANCE if tolerance is None else tolerance)
    # Before a model is imported, which takes seconds.
    check_tools(runner.machine)
    with _folder(keep) as folder:
        return _run_program(runner, schedule, read, tolerance, folder, progress)


Steps = Sequence[tuple[str, Callable[[], None]]]


def _take(steps: Steps, progress: Progress, steps_s: dict[str, float]) -> None:
    """Take all steps, and note how long each took, in seconds."""
    for name, step in progress(steps):
        start = time.monotonic()
        step()
        steps_s[name] = time.monotonic() - start


def _run_program(
    runner: _Runner,
    schedule: Schedule | None,
    read: dict[str, Any],
    tolerance: float,
    folder: Path,
    progress: Progress,
) -> Run:
    """Run a network's program."""
    found: dict[str, Any] = {}

    def plan() -> None:
        runner.scheduled = schedule_model(runner.model, schedule, read)

    def compare() -> None:
        found["difference"] = runner.compare(tolerance)
        found["change"] = runner.change()

    def finish() -> None:
        found["run"] = runner.finish(found["difference"], found["change"])

    steps: Steps = [
        ("schedule", plan),
        ("build", lambda: runner.build(folder)),
        ("execute", runner.execute),
        ("compare", compare),
        ("replay", finish),
    ]
    _take(steps, progress, runner.steps_s)
    done: Run = found["run"]
    return done


def _run_sequencer(
    model: Any,
    inputs: Any,
    read: dict[str, Any],
    folder: Path,
    progress: Progress,
) -> Run:
    """Run a schedule's sequencer."""
    found: dict[str, Any] = {}
    steps_s: dict[str, float] = {}

    def plan() -> None:
        if isinstance(model, Schedule):
            found["schedule"] = model
        else:
            function = read.get("function")
            network = resolve_ir(model, inputs, function=function, name="model")
            found["schedule"] = schedule_network(network, None, None, read)

    def build_sequencer() -> None:
        found["sequencer"] = Sequencer(found["schedule"], folder)

    def execute_it() -> None:
        found["writes"] = found["sequencer"].simulate()

    def finish() -> None:
        found["replay"] = replay(
            found["schedule"],
            found["writes"],
            is_timed=True,
            start_tolerance_s=late_s(found["schedule"]),
        )
        found["replay"].check()

    steps: Steps = [
        ("schedule", plan),
        ("build", build_sequencer),
        ("execute", execute_it),
        ("replay", finish),
    ]
    _take(steps, progress, steps_s)
    return Run(
        machine=SEQUENCER,
        schedule=found["schedule"],
        results=(),
        difference=None,
        change=None,
        writes=tuple(found["writes"]),
        replay=found["replay"],
        dispatch=None,
        steps_s=steps_s,
        program_bytes=0,
        weights_bytes=0,
    )
