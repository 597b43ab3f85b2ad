# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where chunks are solved: in processes of this machine, by whatever has `submit`, or
by joblib.

All of them are generators of chunks with their answers, in the order in which they
come.
A worker that dies loses nothing: its chunks are solved again, and one that kills its
worker each time is a failure of its designs.
"""

import functools
import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from itertools import islice
from typing import Any, TypeAlias

from ...compile.designs import DesignAnswers
from .chunks import Chunk, solve_chunk

Solved: TypeAlias = tuple[Chunk, DesignAnswers]

# Executors that are known by name.
NAMES = ("processes", "threads")

# How many chunks wait at each worker: enough that none is idle.
WAITING = 3

# How often a chunk by itself may cost its worker's life.
MOST_DEATHS = 2
DIED = f"the process that solved it died, {MOST_DEATHS} times out of {MOST_DEATHS}"


def count_cpus() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _in_worker() -> None:
    """Leave Ctrl-C to the process that waits, which ends the workers.

    One that is killed can't. Workers would wait for it forever, with its output open.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


class _Processes:
    """A pool of processes that is made anew when one of them dies."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if self._pool is None:
            # Not by fork: the parent's MLIR has threads.
            self._pool = ProcessPoolExecutor(
                self.workers, multiprocessing.get_context("spawn"), _in_worker
            )
        return self._pool.submit(function, *arguments)

    def renew(self) -> None:
        """Have new processes, instead of a pool that is broken."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None

    def close(self) -> None:
        if self._pool is None:
            return
        # Nobody waits for what they do.
        for process in list((self._pool._processes or {}).values()):
            process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)


class _Submitter:
    """Hands chunks to an executor, a few at a time, and gives back what comes."""

    def __init__(
        self,
        submit: Callable[..., Any],
        in_flight: int,
        renew: Callable[[], None] | None = None,
    ) -> None:
        self._submit_to, self._in_flight, self._renew = submit, in_flight, renew
        self._done: queue.SimpleQueue[tuple[Chunk, Any]] = queue.SimpleQueue()
        self._pending: dict[int, Any] = {}
        # By id: how often a chunk's worker died, and how often while it was alone.
        self._deaths: dict[int, int] = {}
        self._suspects: deque[Chunk] = deque()

    def _submit(self, chunk: Chunk) -> None:
        try:
            future = self._submit_to(solve_chunk, chunk)
        except BrokenExecutor:
            if self._renew is None:
                raise
            self._renew()
            future = self._submit_to(solve_chunk, chunk)
        self._pending[id(chunk)] = future
        future.add_done_callback(lambda done: self._done.put((chunk, done)))

    def _next(self) -> tuple[Chunk, Any]:
        """Return a future that is done; Ctrl-C is heard meanwhile."""
        while True:
            chunk, future = self._done.get()
            # Of a pool that was given up, others may come as well.
            if self._pending.get(id(chunk)) is future:
                del self._pending[id(chunk)]
                return chunk, future

    def _settle(
        self, chunk: Chunk, future: Any, was_alone: bool
    ) -> DesignAnswers | None:
        """Return a chunk's answers; None if it is to be solved again."""
        try:
            found: DesignAnswers = future.result()
        except Exception as error:
            is_broken = isinstance(error, BrokenExecutor)
            # Dask gives up by itself, after several workers.
            if type(error).__name__ == "KilledWorker":
                return chunk.failed(str(error))
            if not is_broken or self._renew is None:
                raise
        else:
            # Another chunk may get its id.
            self._deaths.pop(id(chunk), None)
            return found
        if was_alone:
            self._deaths[id(chunk)] = self._deaths.get(id(chunk), 0) + 1
        if self._deaths.get(id(chunk), 0) >= MOST_DEATHS:
            return chunk.failed(DIED)
        self._suspects.append(chunk)
        return None

    def run(self, chunks: Iterable[Chunk]) -> Iterator[Solved]:
        waiting = iter(chunks)
        try:
            while True:
                # One of those that were lost may have been what killed a worker.
                if self._suspects and not self._pending:
                    self._submit(self._suspects.popleft())
                elif not self._suspects:
                    free = self._in_flight - len(self._pending)
                    for chunk in islice(waiting, free):
                        self._submit(chunk)
                if not self._pending:
                    return
                was_alone = len(self._pending) == 1
                chunk, future = self._next()
                found = self._settle(chunk, future, was_alone)
                if found is not None:
                    yield chunk, found
        finally:
            for future in self._pending.values():
                future.cancel()


def _is_of(executor: Any, package: str) -> bool:
    """Whether an executor is of a package, which is not imported."""
    return type(executor).__module__.split(".")[0] == package


def workers_of(executor: Any, workers: int | None = None) -> int:
    """Return how many workers an executor has, as far as it says."""
    if workers is not None:
        return workers
    if _is_of(executor, "distributed"):
        return max(int(sum(executor.nthreads().values())), 1)
    own = getattr(executor, "_max_workers", None) or getattr(executor, "n_jobs", None)
    return int(own) if own and own > 0 else count_cpus()


def _run_in_processes(chunks: Iterable[Chunk], workers: int) -> Iterator[Solved]:
    pool = _Processes(workers)
    try:
        yield from _Submitter(pool.submit, WAITING * workers, pool.renew).run(chunks)
    finally:
        pool.close()


def _run_in_threads(chunks: Iterable[Chunk], workers: int) -> Iterator[Solved]:
    for chunk in chunks:
        yield chunk, solve_chunk(chunk, threads=workers)


def _run_by_joblib(chunks: Iterable[Chunk], parallel: Any) -> Iterator[Solved]:
    from joblib import delayed

    waiting = iter(chunks)
    # A block at a time, so that what is done is kept.
    while block := list(islice(waiting, WAITING * 2 * max(count_cpus(), 1))):
        yield from zip(
            block, parallel(delayed(solve_chunk)(each) for each in block), strict=True
        )


def run_chunks(
    chunks: Iterable[Chunk], executor: Any = None, workers: int | None = None
) -> Iterator[Solved]:
    """Solve chunks by an executor, as `explore` takes it."""
    number = workers_of(executor, workers)
    if executor is None or executor == "processes":
        return _run_in_processes(chunks, number)
    if executor == "threads":
        return _run_in_threads(chunks, number)
    if workers is not None:
        raise TypeError("workers: expected none with an executor that has its own")
    if hasattr(executor, "submit"):
        submit = executor.submit
        if _is_of(executor, "distributed"):
            # A result is asked for once; there is no need to know it again.
            submit = functools.partial(submit, pure=False)
        return _Submitter(submit, WAITING * workers_of(executor)).run(chunks)
    if _is_of(executor, "joblib"):
        return _run_by_joblib(chunks, executor)
    raise TypeError(
        f"executor: expected one of {NAMES}, something with submit (an executor of "
        "concurrent.futures, a Client of Dask's), or a joblib.Parallel, but got "
        f"{executor!r}"
    )
