# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time `pf-opt --powerflow-schedule` on the reference networks, from PyTorch.

Nine levels, three rails, one thread, at several shares of each network's highest
rate. In the same run: what part of it is the search, and how the proven optimum
compares with the published heuristic and with nominal voltage. Then, at three
levels, the time and energy of an integer program of the same problem (HiGHS, one
thread; where highspy is installed).

Usage, after tools/setup.sh torch:

    PYTHONPATH=build/python_packages .venv/bin/python -m benchmarks.bench_pipeline
"""

import argparse
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from testing.problems import JOULE, reference_problem
from testing.reference.shapes import network_options, network_shapes

from . import ROOT

NETWORKS = ("squeezenet", "resnet18", "mobilenetv3_small", "mobilevit_xxs")
SHARES = (0.50, 0.75, 0.90, 0.97)


def export(name: str, folder: Path) -> Path:
    """Return the exported network, exporting it if it is not there."""
    path = folder / f"{name}.mlir"
    if not path.exists():
        from pfmlir.compile.export import export_linalg
        from pfmlir.compile.networks import build
        from pfmlir.files import write_atomically

        folder.mkdir(parents=True, exist_ok=True)
        module, example_inputs = build(name)
        write_atomically(
            path, export_linalg(module, example_inputs, function_name=name)
        )
    return path


def run(pf_opt: Path, path: Path, options: str) -> subprocess.CompletedProcess:
    """Run the pipeline with timing."""
    command = [
        pf_opt,
        f"--powerflow-schedule={options}",
        "--mlir-disable-threading",
        "--mlir-timing",
        "--mlir-timing-display=list",
        path,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def highest_rate(pf_opt: Path, path: Path) -> float:
    """Return the highest rate in frames a second that the hardware can reach."""
    error = run(pf_opt, path, "target=pf40 fps=1e9").stderr
    return 1 / float(re.search(r"takes (\S+) s", error)[1])


def schedule_numbers(output: str) -> dict[str, float | None]:
    """Return energies of the power.schedule operation; None if it is too slow."""
    summary = output[output.index("power.schedule") :]
    numbers = {}
    for key in ("energy_j", "lower_bound_j", "nominal_gated"):
        found = re.search(rf"\b{key} (?:= )?([-+\d.Ee]+)", summary)
        numbers[key] = float(found[1]) if found else None
    return numbers


def measure(pf_opt: Path, path: Path, options: str, repeat: int) -> dict:
    """Return wall seconds of process and search, and what was found."""
    wall, search = [], []
    for _ in range(repeat):
        start = time.perf_counter()
        result = run(pf_opt, path, options)
        wall.append(time.perf_counter() - start)
        if result.returncode:
            raise SystemExit(result.stderr)
        phase = re.search(r"([\d.]+) \(.*?\)\s+SelectStates", result.stderr)
        search.append(float(phase[1]))
    return {
        "wall_s": statistics.median(wall),
        "wall_min_s": min(wall),
        "wall_max_s": max(wall),
        "select_states_s": statistics.median(search),
        **schedule_numbers(result.stdout),
    }


def compare_ilp(pf_opt: Path, repeat: int, limit_s: float) -> list[dict]:
    """Print and return how an integer program does on the same problems.

    Both get the reference networks' shapes at 0.9, 1.1 and 1.3 V, three rails: pf-opt
    as a process that also computes the costs, HiGHS with the published cost tables.
    """
    try:
        from testing.ilp import solve_within
    except ImportError:
        print("\nno integer program: highspy is not installed")
        return []

    print(
        "\nThree levels, three rails, in seconds: pf-opt's process (median), and\n"
        "HiGHS without the building of its programs; its energy relative to pf-opt's.\n"
    )
    print(
        f"{'network':18} {'fps':>7} {'pf-opt':>8} {'HiGHS':>8} {'ratio':>7} "
        f"{'energy':>9}"
    )
    rows = []
    for name, fps in (
        ("squeezenet", 50),
        ("resnet18", 10),
        ("mobilenetv3_small", 15),
        ("mobilevit_xxs", 10),
    ):
        options = (
            f"levels-v=0.9,1.1,1.3 max-rails=3 fps={fps} transition-energy-j=0 "
            f"transition-time-s=5e-9 sleep-power-w=0 {network_options(name)}"
        )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.mlir"
            path.write_text(network_shapes(name))
            row = measure(pf_opt, path, options, repeat)
        problem = reference_problem(name, 3, 1 / fps, 0.0, 5e-9, 0.0)
        start = time.perf_counter()
        solution = solve_within(problem, limit_s)
        row |= {
            "network": name,
            "fps": fps,
            "highs_s": solution.solver_s,
            "highs_with_building_s": time.perf_counter() - start,
            "highs_energy_j": solution.energy_j * JOULE,
            "highs_proven": solution.proven,
        }
        rows.append(row)
        found = "none"
        if math.isfinite(solution.energy_j):
            found = f"{row['highs_energy_j'] / row['energy_j'] - 1:+.1e}"
        print(
            f"{name:18} {fps:7.2f} {row['wall_s']:8.3f} {row['highs_s']:8.2f} "
            f"{row['highs_s'] / row['wall_s']:7.0f} {found:>9}"
            f"{'' if solution.proven else ' (time limit, not proven)'}",
            flush=True,
        )
    return rows


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pf-opt", type=Path, default=ROOT / "build/bin/pf-opt")
    parser.add_argument("--exports", type=Path, default=ROOT / "build/benchmarks")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--no-ilp", action="store_true", help="leave out HiGHS")
    parser.add_argument(
        "--ilp-time-limit", type=float, default=60, help="seconds for each network"
    )
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    print(
        "Milliseconds: median (least, most) of the whole process, and the median of\n"
        "power-select-states, which costs all layers and states and searches.\n"
        "Energies: proven optimum; heuristic and nominal relative to it.\n"
    )
    print(
        f"{'network':18} {'layers':>6} {'fps':>7} {'share':>6} {'process':>20} "
        f"{'select':>7} {'optimum':>10} {'lambda-dp':>10} {'nominal':>8}"
    )
    rows = []
    for name in NETWORKS:
        path = export(name, options.exports)
        top = highest_rate(options.pf_opt, path)
        for share in SHARES:
            rate = f"target=pf40 fps={top * share:.6f}"
            row = measure(options.pf_opt, path, rate, options.repeat)
            heuristic = measure(options.pf_opt, path, f"{rate} search=lambda-dp", 1)
            layers = subprocess.run(
                [options.pf_opt, "--power-form-layers", path],
                capture_output=True,
                text=True,
                check=True,
            ).stdout.count("power.layer ")
            row |= {"network": name, "layers": layers, "fps": top * share}
            row["lambda_dp_j"] = heuristic["energy_j"]
            rows.append(row)
            proven = row["energy_j"] == row["lower_bound_j"]
            nominal = "too slow"
            if row["nominal_gated"] is not None:
                nominal = f"{row['nominal_gated'] / row['energy_j'] - 1:+.1%}"
            spread = f"({1e3 * row['wall_min_s']:.0f}, {1e3 * row['wall_max_s']:.0f})"
            print(
                f"{name:18} {layers:6} {row['fps']:7.2f} {share:6.0%} "
                f"{1e3 * row['wall_s']:9.0f} {spread:>10} "
                f"{1e3 * row['select_states_s']:7.1f} "
                f"{1e6 * row['energy_j']:7.1f} µJ{' ' if proven else '?'}"
                f"{row['lambda_dp_j'] / row['energy_j'] - 1:+9.3%} "
                f"{nominal:>8}",
                flush=True,
            )
    slowest = max(rows, key=lambda row: row["wall_s"])
    print(
        f"\nslowest: {slowest['network']} at {slowest['fps']:.2f} fps, "
        f"{slowest['wall_s']:.3f} s"
    )
    programs = []
    if not options.no_ilp:
        programs = compare_ilp(options.pf_opt, options.repeat, options.ilp_time_limit)
    if options.json:
        figures = {"pipeline": rows, "ilp": programs}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
