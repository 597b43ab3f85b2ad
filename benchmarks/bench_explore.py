# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time designs: many at once in one call, and spaces of them on two cores.

1. Variants of the target's joules and bank sizes, for each network, in one native call
   on one thread: designs a second of processor time, tables included, beside as many
   single calls of `schedule` on the same targets.
2. A space of variants of SqueezeNet's target at nine levels, on two processes and on a
   local cluster of Dask's: seconds that pass, and seconds of processor time of all
   processes together, which is what counts on a machine that does other things, too.
3. The same, killed half way and resumed.

Usage, after tools/setup.sh explore:

    PYTHONPATH=build/python_packages .venv/bin/python -m benchmarks.bench_explore

or with files of networks in MLIR, the first of them the one whose space is explored; by
default the reference networks, which need tools/setup.sh torch.
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pfmlir
from pfmlir.compile.designs import Designs, DesignStatus
from pfmlir.compile.scheduling import as_layers

TARGET = "pf40"
WORKERS = 2
# Of the highest rate that a network has.
SHARE = 0.75
SINGLE_CALLS = 20


def variants(number: int) -> dict[str, list[Any]]:
    """Return a space of about so many variants of the target."""
    joules = numpy.linspace(1e-13, 3e-13, max(number // 1000, 1))
    return {
        "target.memory.ifmap.bank_bytes": [8192, 16384, 32768, 65536, 131072],
        "target.memory.rram.bank_leakage_w": [5e-6, 1e-5, 2e-5, 4e-5],
        "target.cost_model.mac_energy_j": joules.tolist(),
        "target.domain.feeder.leakage_w": numpy.linspace(2e-6, 1e-5, 10).tolist(),
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


def measure_space(
    network: Any, number: int, make_executor: Callable[[], Any], path: Path | None
) -> dict[str, Any]:
    """Return what a space takes with an executor, which is made and closed as well."""
    period_s = period_of(network)

    def explore() -> pfmlir.Exploration:
        executor = make_executor()
        try:
            return pfmlir.explore(
                network,
                variants(number),
                period_s=period_s,
                target=TARGET,
                executor=executor,
                workers=WORKERS if executor == "processes" else None,
                path=path,
            )
        finally:
            if executor != "processes":
                executor.close()
                executor.cluster.close()

    passed_s, used_s, found = timed(explore)
    return {
        "designs": len(found),
        "scheduled": len(found.feasible),
        "passed_s": passed_s,
        "processor_s": used_s,
    }


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


def measure_resumption(network: Any, number: int) -> dict[str, Any]:
    """Return what a space takes that is killed half way, and then goes on."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        source = Path(folder) / "network.mlir"
        source.write_text(str(network))
        arguments = [str(source), "--designs", str(number), "--killed", str(store)]
        began = processor_s()
        killed = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_explore", *arguments], check=False
        )
        before_s = processor_s() - began
        assert killed.returncode == -signal.SIGKILL
        on_disk = len(pfmlir.read_exploration(store))
        rest = measure_space(network, number, lambda: "processes", store)
    return {
        "on_disk_after_kill": on_disk,
        "killed_processor_s": before_s,
        "rest_passed_s": rest["passed_s"],
        "rest_processor_s": rest["processor_s"],
    }


def explore_and_die(network: Any, number: int, store: Path) -> None:
    """Explore, and be killed half way."""
    half = number // 2

    def progress(designs: Any) -> Any:
        for design in designs:
            if design == half:
                os.kill(os.getpid(), signal.SIGKILL)
            yield design

    pfmlir.explore(
        network,
        variants(number),
        period_s=period_of(network),
        target=TARGET,
        workers=WORKERS,
        path=store,
        progress=progress,
    )


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
            f" and core, {row['ratio']:.1f} times single calls"
        )
    results["processes"] = measure_space(
        first, options.designs, lambda: "processes", None
    )
    print("processes:", results["processes"])
    results["dask"] = measure_space(first, options.designs, make_dask, None)
    print("dask:", results["dask"])
    results["resumed"] = measure_resumption(first, options.designs)
    print("resumed:", results["resumed"])
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
