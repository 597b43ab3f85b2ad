# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time designs: many at once in one call, and spaces of them on two cores.

1. Variants of the target's joules and bank sizes, for each network, in one native call
   on one thread: designs a second of processor time, tables included, beside as many
   single calls of `schedule` on the same targets.
2. A space of variants of SqueezeNet's target at nine levels, on two processes and on a
   local cluster of Dask's: seconds that pass, and seconds of processor time of all
   processes together, which is what counts on a machine that does other things, too;
   and which part of it solves designs, starts workers, and is none of these.
3. The same, killed half way and resumed: only the rest is to be done, and what is found
   to be the same.

Usage, after tools/setup.sh explore:

    PYTHONPATH=build/python_packages .venv/bin/python -m benchmarks.bench_explore

or with files of networks in MLIR, the first of them the one whose space is explored; by
default the reference networks.
"""

import argparse
import json
import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy
import pfmlir
from pfmlir.compile.designs import DesignAnswers, Designs, DesignStatus
from pfmlir.compile.scheduling import as_layers
from pfmlir.studies.explorations import executors, exploring
from pfmlir.studies.explorations.chunks import Chunk, solve_chunk

TARGET = "pf40"
WORKERS = 2
# Of the highest rate that a network has.
SHARE = 0.75
SINGLE_CALLS = 20
# Spaces are made of so many designs at a time.
LEAST = 100
# The variable that says where workers note what chunks take.
NOTES = "PFMLIR_BENCHMARK_NOTES"


def variants(number: int) -> dict[str, list[Any]]:
    """Return a space of about so many variants of the target, in hundreds."""
    hundreds = max(number // LEAST, 1)
    leaks = math.gcd(hundreds, 10)
    joules = numpy.linspace(1e-13, 3e-13, hundreds // leaks)
    return {
        "target.memory.ifmap.bank_bytes": [8192, 16384, 32768, 65536, 131072],
        "target.memory.rram.bank_leakage_w": [5e-6, 1e-5, 2e-5, 4e-5],
        "target.cost_model.mac_energy_j": joules.tolist(),
        "target.domain.feeder.leakage_w": numpy.linspace(2e-6, 1e-5, leaks).tolist(),
        "target.transition.energy_j": [1e-11, 1e-10, 1e-9, 1e-8, 1e-7],
    }


def processor_s() -> float:
    """Return the processor time of this process, and of those that it waited for."""
    used = [
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the seconds that pass, those of processors, and what comes of it."""
    began, began_processor = time.perf_counter(), processor_s()
    result = work()
    return (
        time.perf_counter() - began,
        processor_s() - began_processor,
        result,
    )


def period_of(network: Any) -> float:
    """Return a period that leaves a choice, in seconds."""
    tables = pfmlir.tabulate_costs(network, target=TARGET)
    return tables.prepare(period_s=1.0).shortest_period_s / SHARE


def measure_calls(source: Any, number: int) -> dict[str, Any]:
    """Return what designs of a network take in one call, and in single ones."""
    network = pfmlir.import_model(source)
    period_s = period_of(network)
    layers = as_layers(network, {"target": TARGET})
    axes = variants(number)
    random = numpy.random.default_rng(0)
    designs = [
        {path: values[random.integers(len(values))] for path, values in axes.items()}
        for _ in range(number)
    ]
    solver = Designs(layers)
    _, used_s, found = timed(lambda: solver.solve(designs, [period_s] * number))
    single_s = timed(
        lambda: [
            pfmlir.schedule(network, period_s=period_s, target=TARGET)
            for _ in range(SINGLE_CALLS)
        ]
    )[1]
    return {
        "network": str(source),
        "designs": number,
        "optimal": int((found.status == DesignStatus.OPTIMAL).sum()),
        "designs_a_second_and_core": number / used_s,
        "single_call_s": single_s / SINGLE_CALLS,
        "ratio": single_s / SINGLE_CALLS * number / used_s,
    }


def solve_and_note(chunk: Chunk) -> DesignAnswers:
    """Solve a chunk in a worker, and note what processor time it took."""
    began = time.process_time()
    found = solve_chunk(chunk)
    used_s = time.process_time() - began
    with (Path(os.environ[NOTES]) / str(os.getpid())).open("a") as file:
        file.write(f"{used_s}\n")
    return found


def explore_once(
    network: Any, number: int, make_executor: Callable[[], Any], **options: Any
) -> pfmlir.Exploration:
    """Explore with an executor, which is made and closed as well."""
    period_s = period_of(network)
    executor = make_executor()
    try:
        return pfmlir.explore(
            network,
            variants(number),
            period_s=period_s,
            target=TARGET,
            executor=executor,
            workers=WORKERS if executor == "processes" else None,
            **options,
        )
    finally:
        if executor != "processes":
            executor.close()
            executor.cluster.close()


@contextmanager
def notes() -> Iterator[Path]:
    """Have workers note what it takes them to solve chunks, in a folder."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, {NOTES: folder}),
        mock.patch.object(executors, "solve_chunk", solve_and_note),
    ):
        yield Path(folder)


def measure_space(
    network: Any, number: int, make_executor: Callable[[], Any]
) -> tuple[dict[str, Any], pfmlir.Exploration]:
    """Return what a space takes with an executor, and what is found.

    Of the processor time, what it takes to solve chunks, with what other threads of a
    worker do meanwhile, as Dask's have; to start, which is all but that in a space of
    one chunk each; and how much the rest is beside the first.
    """

    def measure(designs: int) -> tuple[float, float, float, pfmlir.Exploration]:
        with notes() as folder:
            passed_s, used_s, found = timed(
                lambda: explore_once(network, designs, make_executor)
            )
            noted = [note.read_text().split() for note in folder.iterdir()]
        solving_s = sum(float(used) for note in noted for used in note)
        return passed_s, used_s, solving_s, found

    _, few_s, solving_few_s, _ = measure(WORKERS * LEAST)
    passed_s, used_s, solving_s, found = measure(number)
    start_s = few_s - solving_few_s
    figures = {
        "designs": len(found),
        "scheduled": len(found.feasible),
        "passed_s": passed_s,
        "processor_s": used_s,
        "solving_s": solving_s,
        "start_s": start_s,
        "rest": (used_s - solving_s - start_s) / solving_s,
    }
    return figures, found


def make_processes() -> str:
    return "processes"


def make_dask() -> Any:
    from dask.distributed import Client, LocalCluster

    return Client(
        LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
        )
    )


def rows_of(store: Path) -> int:
    """Return how many rows there are on disk, among them those of equal designs."""
    from pyarrow import dataset

    return int(dataset.dataset(store).count_rows())


def measure_resumption(
    network: Any, number: int, expected: pfmlir.Exploration
) -> dict[str, Any]:
    """Return what a space takes that is killed half way, and then goes on.

    Raises
    ------
    SystemExit
        What was on disk was done again, or something else is found.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        source = Path(folder) / "network.mlir"
        source.write_text(str(network))
        # With the same locations, as the other process has.
        network = pfmlir.import_model(source)
        arguments = [str(source), "--designs", str(number), "--killed", str(store)]
        killed = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_explore", *arguments], check=False
        )
        if killed.returncode != -signal.SIGKILL:
            sys.exit(f"expected to be killed half way, but got {killed.returncode}")
        on_disk = rows_of(store)
        passed_s, used_s, found = timed(
            lambda: explore_once(network, number, make_processes, path=store)
        )
        done = rows_of(store) - on_disk
    if done != len(found) - on_disk:
        sys.exit(
            f"expected to do the {len(found) - on_disk} designs that were not on disk, "
            f"but {done} were done"
        )
    if found != expected:
        sys.exit("expected the answers of one that was not killed, but got others")
    return {
        "on_disk_after_kill": on_disk,
        "done_after_that": done,
        "rest_passed_s": passed_s,
        "rest_processor_s": used_s,
    }


def explore_and_die(network: Any, number: int, store: Path) -> None:
    """Explore, and be killed half way, once something is on disk."""
    # However small the space.
    exploring.SECONDS_BETWEEN_FILES = 0

    def progress(designs: Sequence[int]) -> Iterator[int]:
        for design in designs:
            if design >= len(designs) // 2 and any(store.glob("*.parquet")):
                os.kill(os.getpid(), signal.SIGKILL)
            yield design

    explore_once(network, number, make_processes, path=store, progress=progress)
    sys.exit("nothing was on disk before the end; ask for more --designs")


def show(name: str, figures: dict[str, Any]) -> None:
    """Print figures as they come."""
    shown = ", ".join(
        f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}"
        for key, value in figures.items()
    )
    print(f"{name}: {shown}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("networks", nargs="*", help="files of MLIR, or names")
    parser.add_argument("--designs", type=int, default=20_000, help="of the space")
    parser.add_argument("--calls", type=int, default=1000, help="designs of one call")
    parser.add_argument("--json", type=Path, help="write results")
    parser.add_argument("--killed", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    networks = options.networks or [
        "squeezenet",
        "resnet18",
        "mobilenetv3_small",
        "mobilevit_xxs",
    ]
    first = pfmlir.import_model(networks[0])
    if options.killed:
        explore_and_die(first, options.designs, options.killed)
        return
    results: dict[str, Any] = {"calls": []}
    for network in networks:
        row = measure_calls(network, options.calls)
        results["calls"].append(row)
        print(
            f"{row['network']}: {row['designs_a_second_and_core']:.0f} designs a second"
            f" and core, {row['ratio']:.1f} times single calls",
            flush=True,
        )
    for name, make in (("processes", make_processes), ("dask", make_dask)):
        results[name], found = measure_space(first, options.designs, make)
        show(name, results[name])
    results["resumed"] = measure_resumption(first, options.designs, found)
    show("resumed", results["resumed"])
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
