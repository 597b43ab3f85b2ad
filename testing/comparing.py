# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What comparisons with independent solvers have in common."""

import math
import re
import subprocess
from collections.abc import Mapping

TOLERANCE = 1e-9


def agree(a: float, b: float) -> bool:
    """Return whether two optima are the same."""
    return a == b or abs(a - b) <= TOLERANCE * max(abs(a), abs(b))


def compile_all(
    pf_opt: str, option: str, modules: Mapping[int, str], answer: str, late: str
) -> dict[int, tuple[float, float]]:
    """Return the optimum and the bound of each module; infinite where there is none.

    Parameters
    ----------
    option
        Of pf-opt, which runs all modules at once.
    modules
        By seed.
    answer, late
        What finds seed, optimum and bound in the output, and the seeds without an
        optimum in the errors.
    """
    result = subprocess.run(
        [pf_opt, option, "--split-input-file"],
        input="\n// -----\n".join(modules.values()),
        capture_output=True,
        text=True,
        check=False,
    )
    found = {
        int(seed): (float(optimum), float(bound))
        for seed, optimum, bound in re.findall(answer, result.stdout)
    }
    for seed in re.findall(late, result.stderr):
        found[int(seed)] = (math.inf, math.inf)
    missing = modules.keys() - found.keys()
    if missing:
        raise SystemExit(f"no answer for seeds {sorted(missing)}: {result.stderr}")
    return found
