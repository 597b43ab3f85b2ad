# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Solvers in processes of their own, one each.

HiGHS and OR-Tools bring libraries with the same symbols, and don't load in one
process. What a solver leaves in memory does not slow the others down, either.
"""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from .search_instances import Answer, Instance


@dataclass(frozen=True)
class Run:
    """An answer, the seconds of building and of solving, and the rounding in it."""

    answer: Answer
    build_s: float
    seconds: float
    error_j: float = 0.0


def _run_highs(instance: Instance, limit_s: float, mps: Path | None) -> Run:
    from .search_highs import Program

    start = time.perf_counter()
    program = Program(instance)
    built = time.perf_counter()
    if mps is not None:
        program.write(mps / f"{instance.file_stem}.mps")
    begin = time.perf_counter()
    answer = program.solve(limit_s)
    return Run(answer, built - start, time.perf_counter() - begin)


def _run_cp_sat(instance: Instance, limit_s: float, _: Path | None) -> Run:
    from .search_cp_sat import Program

    start = time.perf_counter()
    program = Program(instance)
    built = time.perf_counter()
    answer = program.solve(limit_s)
    return Run(answer, built - start, time.perf_counter() - built, program.error_j)


RUNS = {"HiGHS": _run_highs, "CP-SAT": _run_cp_sat}


class Solvers:
    """The solvers that there are, as a context that ends their processes."""

    def __init__(self, names: list[str], mps: Path | None) -> None:
        self.names = names
        self.mps = mps
        self._pools = {name: self._start() for name in names}

    @staticmethod
    def _start() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    def __enter__(self) -> "Solvers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pool in self._pools.values():
            pool.shutdown(cancel_futures=True)

    def solve(self, name: str, instance: Instance, limit_s: float) -> Run | None:
        """Return how a solver does within a time; None if its process ends."""
        run = self._pools[name].submit(RUNS[name], instance, limit_s, self.mps)
        try:
            return run.result()
        except BrokenProcessPool:
            self._pools[name] = self._start()
            return None
