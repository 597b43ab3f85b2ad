# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What it takes to make programs of networks.

    PYTHONPATH=build/python_packages \\
      .venv/bin/python -m benchmarks.bench_programs [NAME...]

Seconds of processor time, with all that is called, to import a reference network with
its weights and schedule it, to lower it to LLVM IR, and to compile and link it, for
32-bit RISC-V; bytes of the IR, of the weights and of the program. Weights
are nowhere text. Needs torch-mlir, clang and lld.
"""

import argparse
import os
import tempfile
from pathlib import Path

from pfmlir.compile.sources import REFERENCE_NETWORKS
from pfmlir.running.lowering import RECORDED, lower
from pfmlir.running.machines import MACHINES
from pfmlir.running.models import find_model, schedule_model
from pfmlir.running.program import build

MACHINE = MACHINES["riscv32"]
FPS = 10


def processor_s() -> float:
    """Return what this process and its children took, in seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measure(name: str) -> dict[str, float]:
    """Return seconds and bytes of a network."""
    start = processor_s()
    scheduled = schedule_model(find_model(name, None), None, {"fps": FPS})
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
    names = parser.parse_args().names or REFERENCE_NETWORKS
    columns = ("import_s", "lower_s", "link_s")
    sizes = ("ir_bytes", "weights_bytes", "program_bytes")
    print(f"{'network':<18} " + " ".join(f"{each:>13}" for each in (*columns, *sizes)))
    for name in names:
        found = measure(name)
        seconds = " ".join(f"{found[each]:>13.2f}" for each in columns)
        bytes_ = " ".join(f"{found[each]:>13}" for each in sizes)
        print(f"{name:<18} {seconds} {bytes_}", flush=True)


if __name__ == "__main__":
    main()
