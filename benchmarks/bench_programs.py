# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What it takes to make programs of networks.

    PYTHONPATH=build/python_packages \\
      .venv/bin/python -m benchmarks.bench_programs [--run] [NAME...]

Seconds of processor time, with all that is called, to import a reference network with
its weights and schedule it, to lower it to LLVM IR, and to compile and link it, for
32-bit RISC-V; bytes of the IR, of the weights and of the program. Weights
are nowhere text. With --run also seconds to run it under QEMU, and how far its results
are from PyTorch's, and another input's from its own. Needs torch-mlir, clang and lld.
"""

import argparse
import os
import tempfile
from pathlib import Path

from pfmlir.compile.sources import REFERENCE_NETWORKS
from pfmlir.running.compare import distance
from pfmlir.running.execute import execute
from pfmlir.running.lowering import RECORDED, lower
from pfmlir.running.machines import MACHINES
from pfmlir.running.models import Model, schedule_model
from pfmlir.running.program import Program, build
from pfmlir.running.reference import as_arrays, change_inputs, compute

from testing.runnable import calibrate, make_input

MACHINE = MACHINES["riscv32"]
FPS = 10
RUN_COLUMNS = ("run_s", "difference", "change")
# What is printed, and how.
COLUMNS = {
    "import_s": ".2f",
    "lower_s": ".2f",
    "link_s": ".2f",
    "ir_bytes": "d",
    "weights_bytes": "d",
    "program_bytes": "d",
    "run_s": ".2f",
    "difference": ".1e",
    "change": ".1e",
}


def processor_s() -> float:
    """Return what this process and its children took, in seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def calibrated(name: str) -> Model:
    """Return a reference network of full size, whose results depend on its input."""
    from pfmlir.compile.networks import build as build_network

    model, inputs = build_network(name)
    _, *shape = inputs[0].shape
    if len(shape) != 3:
        return Model(model, inputs)
    return Model(calibrate(model, *shape), (make_input(*shape),))


def run(program: Program, model: Model) -> dict[str, float]:
    """Return seconds of a run, and how far results are from PyTorch's and others."""
    start = processor_s()
    results = execute(program, as_arrays(model.inputs))
    run_s = processor_s() - start
    expected = compute(model.model, model.inputs)
    other = compute(model.model, change_inputs(model.inputs))
    return {
        "run_s": run_s,
        "difference": max(map(distance, results, expected)),
        "change": max(map(distance, other, expected)),
    }


def measure(name: str, with_run: bool) -> dict[str, float]:
    """Return seconds and bytes of a network."""
    model = calibrated(name)
    start = processor_s()
    scheduled = schedule_model(model, None, {"fps": FPS})
    imported = processor_s()
    with tempfile.TemporaryDirectory() as folder:
        lower(scheduled.module, MACHINE, RECORDED, Path(folder))
        lowered = processor_s()
    with tempfile.TemporaryDirectory() as folder:
        program = build(scheduled.module, MACHINE, Path(folder))
        built = processor_s()

        def size(file: str) -> int:
            return (program.folder / file).stat().st_size

        lower_s = lowered - imported
        return {
            "import_s": imported - start,
            "lower_s": lower_s,
            # Which lowers once more.
            "link_s": built - lowered - lower_s,
            "ir_bytes": size("network.ll"),
            "weights_bytes": size("weights.bin"),
            "program_bytes": size("program"),
            **(run(program, model) if with_run else {}),
        }


def main() -> None:
    """Measure, and print a line a network."""
    parser = argparse.ArgumentParser(description="Time making programs of networks.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"of {', '.join(REFERENCE_NETWORKS)}; all of them if not given",
    )
    parser.add_argument("--run", action="store_true", help="run them, too, under QEMU")
    options = parser.parse_args()
    columns = [each for each in COLUMNS if options.run or each not in RUN_COLUMNS]
    print(f"{'network':<18} " + " ".join(f"{each:>13}" for each in columns))
    for name in options.names or REFERENCE_NETWORKS:
        found = measure(name, options.run)
        row = " ".join(f"{found[each]:>13{COLUMNS[each]}}" for each in columns)
        print(f"{name:<18} {row}", flush=True)


if __name__ == "__main__":
    main()
