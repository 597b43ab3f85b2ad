# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Optima with what is needed to check them without the search.

`tools/check_certificate.py` does that; it shares no code with this package.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy

from ._mlir_libs import _pfmlirScheduler
from .arguments import positive
from .costs import CostTables
from .errors import infeasible
from .files import write_atomically
from .solver import Solution, as_limits

FORMAT = "pfmlir certificate 1"


def _finite(array: numpy.ndarray) -> list[Any]:
    """Return nested lists, with None for what is infinite."""
    return [
        [value if numpy.isfinite(value) else None for value in row]
        for row in array.tolist()
    ]


def certify(
    costs: CostTables,
    path: str | os.PathLike[str],
    *,
    fps: float,
    max_rails: int | None = None,
    threads: int = 1,
) -> Solution:
    """Find the schedule of least energy, and write a certificate that it is one.

    The certificate is a JSON file with the whole problem, the schedule, its energy, and
    for each set of rails the Lagrange multipliers at which the search bounded it.
    Whoever computes the bounds at these multipliers has most of the proof; the rest is
    to enumerate the partial schedules that the bounds leave.

    Parameters
    ----------
    costs
        What the network costs; see `tabulate_costs`.
    path
        The file.
    fps : float
        Inferences a second.
    max_rails : int, optional
        How many levels may become rails, instead of the target's number.
    threads : int
        Threads of the search. They change neither result nor file.

    Returns
    -------
    Solution
        As `costs.solve` returns it.

    Raises
    ------
    InfeasibleError
        No schedule keeps the deadline; nothing is written.

    Examples
    --------
    >>> import pfmlir
    >>> layers = pfmlir.import_model('''
    ... func.func @net() {
    ...   power.layer "fc" workload #power.matmul<m = 64, k = 512, n = 64>
    ...   return
    ... }
    ... ''')
    >>> costs = pfmlir.tabulate_costs(pfmlir.assign_target(layers))
    >>> pfmlir.certify(costs, "/dev/null", fps=1000).is_optimal
    True
    """
    period_s = 1 / positive("fps", fps)
    most = costs.max_rails if max_rails is None else max_rails
    prepared = costs.prepare(period_s=period_s, max_rails=most)
    answer = _pfmlirScheduler.solve(
        prepared.problem,
        search="exact",
        **as_limits(time_limit_s=None, threads=threads),
    )
    if not answer["is_feasible"]:
        raise infeasible(period_s, answer["fastest_time_s"], most)
    solution = prepared.describe(answer)
    multipliers = answer["multipliers"]
    certificate = {
        "format": FORMAT,
        "problem": {
            "layers": list(costs.layer_names),
            "domains": list(costs.domains),
            "levels_v": costs.levels_v.tolist(),
            "period_s": period_s,
            "max_rails": most,
            # [state][domain], indices of levels; [layer][state].
            "states": costs.states.tolist(),
            "energy_j": _finite(costs.energy_j),
            "time_s": _finite(costs.time_s),
            "leakage_w": costs.leakage_w.tolist(),
            # [domain][from][to].
            "transition_energy_j": costs.transition_energy_j.tolist(),
            "transition_time_s": costs.transition_time_s.tolist(),
            # Power, energy and time of each.
            "sleep_states": [list(state) for state in costs.sleep_states],
        },
        "schedule": {
            "states": solution.states.tolist(),
            "tail": solution.tail,
            "energy_j": solution.energy_j,
        },
        "multipliers": {
            "elsewhere": multipliers["elsewhere"],
            "rail_sets": [
                {
                    "rails": entry["rails"],
                    "sleep": entry["sleep"],
                    "idle": [
                        [int(prepared.positions[state]), multiplier]
                        for state, multiplier in entry["idle"]
                    ],
                }
                for entry in multipliers["rail_sets"]
            ],
        },
    }
    write_atomically(Path(path), json.dumps(certificate) + "\n")
    return solution
