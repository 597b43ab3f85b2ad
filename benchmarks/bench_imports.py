# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import and schedule many models, and count their work beside PyTorch's own count.

Each model runs in a process of its own, one after another. Of each: whether it is
scheduled, how many layers it has, their multiply-accumulates and what
`torch.utils.flop_counter` counts when the model runs, how much of the energy goes to
other work, seconds of CPU that the import takes, and how much memory it takes above the
model's.

Usage, after tools/setup.sh torch models:

    PYTHONPATH=build/python_packages \\
      .venv/bin/python -m benchmarks.bench_imports [NAME...]
"""

import argparse
import fnmatch
import importlib
import json
import multiprocessing
import resource
import time
from typing import Any

COLUMNS = (
    "model",
    "outcome",
    "layers",
    "MACs",
    "counted",
    "uncosted",
    "other work",
    "s",
    "MB",
    "",
)
# It costs all that a network does.
TARGET = "pf40_keep"


def peak_memory() -> int:
    """Return the most memory that this process had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(name: str) -> dict[str, Any]:
    """Import and schedule a model, here."""
    import pfmlir

    from testing.models import all_models, count_products

    model, inputs = all_models()[name].build()
    found: dict[str, Any] = {}
    # What models need once is none of a model's.
    before_bytes, before_s = peak_memory(), time.process_time()
    try:
        module = pfmlir.import_model(model, inputs)
        found["import_s"] = time.process_time() - before_s
        found["memory_bytes"] = peak_memory() - before_bytes
        schedule = pfmlir.schedule(module, target=TARGET)
        found["layers"] = len(schedule.layers)
        found["macs"] = int(schedule.layers["multiply_accumulates"].sum())
        found["uncosted"] = dict(schedule.uncosted)
        products = pfmlir.schedule(
            module, target=TARGET, period_s=schedule.period_s, list_vector_work=True
        )
        found["other_work"] = 1 - products.energy_j / schedule.energy_j
    except Exception as error:
        found["error"] = f"{type(error).__name__}: {error}"
    try:
        found["counted"] = count_products(model, inputs)
    except Exception as error:
        found["counter_error"] = f"{type(error).__name__}: {error}"
    return found


def prepare() -> None:
    """Import what all models need, once; processes that are forked have it."""
    import pfmlir  # noqa: F401
    import torch

    from testing.models import all_models

    # One process has one thread: seconds of CPU are then those of the import.
    torch.set_num_threads(1)
    importlib.import_module("pfmlir.compile.frontend.lowering")
    importlib.import_module("pfmlir.compile.frontend.trace")
    all_models()


def measure_apart(name: str) -> dict[str, Any]:
    """Import and schedule a model in a process of its own."""
    receiver, sender = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        with sender:
            sender.send(measure(name))

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    sender.close()
    try:
        found: dict[str, Any] = receiver.recv()
    except EOFError:
        found = {}
    process.join()
    return found or {"error": f"ended by itself: exit status {process.exitcode}"}


def row(name: str, found: dict[str, Any]) -> list[str]:
    """Return a line of the table."""
    macs, counted = found.get("macs"), found.get("counted")
    error = found.get("error", "")
    if error:
        outcome = "error"
    elif counted is None:
        outcome = "uncounted"
    else:
        outcome = "exact" if macs == counted else f"{macs / max(counted, 1):.4f}"
    calls = [each for each in found.get("uncosted", {}) if each.startswith("func.call")]
    return [
        name,
        outcome,
        str(found.get("layers", "")),
        str(macs or ""),
        str("" if counted is None else counted),
        str(sum(found.get("uncosted", {}).values())),
        f"{100 * found['other_work']:.1f} %" if "other_work" in found else "",
        f"{found['import_s']:.1f}" if "import_s" in found else "",
        f"{found['memory_bytes'] / 1e6:.0f}" if "memory_bytes" in found else "",
        error.splitlines()[0] if error else ", ".join(calls),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=["*"], help="names, or patterns")
    parser.add_argument("--json", help="also write all that was found to this file")
    options = parser.parse_args()
    prepare()
    from testing.models import all_models

    names = [
        name
        for name in all_models()
        if any(fnmatch.fnmatch(name, pattern) for pattern in options.models)
    ]
    results = {}
    print("\t".join(COLUMNS))
    for name in names:
        results[name] = measure_apart(name)
        print("\t".join(row(name, results[name])), flush=True)
        if options.json:
            with open(options.json, "w") as file:
                json.dump(results, file, indent=1)
    failed = sum("error" in each for each in results.values())
    exact = sum(
        each.get("macs", -1) == each.get("counted") for each in results.values()
    )
    print(
        f"{len(names)} models: {len(names) - failed} scheduled, {exact} counted exactly"
    )


if __name__ == "__main__":
    main()
