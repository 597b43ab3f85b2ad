# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Many designs of networks on an accelerator, in one table."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Unpack

import numpy

from ...answers.answer import status_of
from ...answers.explorations import FOUND, NUMBERS, Exploration
from ...arguments import count
from ...compile.designs import DesignAnswers, Designs, DesignStatus, unknown_path
from ...compile.options import CostOptions, ExploreOptions, read_options
from ...compile.scheduling import as_layers
from ...compile.sources import Source, resolve
from ...errors import PfmlirError
from ...keywords import takes
from ...problem.tables import CostTables
from .chunking import Chunking, Group, chunk_size
from .chunks import Chunk, base_of, write_network
from .executors import WAITING, Solved, run_chunks, workers_of
from .space import ROOTS, Space
from .store import Store

# What is done is on disk after so many seconds.
SECONDS_BETWEEN_FILES = 5.0

Progress = Callable[[Sequence[int]], Iterable[int]]


@takes(CostOptions)
def parameters(
    source: Source,
    inputs: Sequence[Any] | None = None,
    **options: Unpack[CostOptions],
) -> dict[str, str]:
    """Return what an exploration can vary of a network and its accelerator.

    Parameters
    ----------
    source, inputs
        The network; see `schedule`.
    **options
        The accelerator, and what-ifs of it, as of `schedule`.

    Returns
    -------
    dict of str to str
        By path, the value as MLIR writes it; empty where an optional one is absent.

    Examples
    --------
    >>> import pfmlir
    >>> network = (
    ...     'func.func @net() {\\n  power.layer "fc" workload '
    ...     "#power.matmul<m = 64, k = 512, n = 512>\\n  return\\n}"
    ... )
    >>> found = pfmlir.parameters(network, target="pf40")
    >>> found["target.memory.ifmap.bank_bytes"], found["layer.fc.workload.k"]
    ('32768 : i64', '512 : i64')
    """
    read = read_options(options)
    module = _module_of(resolve(source, inputs, function=read.get("function")))
    found = Designs(as_layers(module, read)).parameters
    return {path: "" if value is None else str(value) for path, value in found.items()}


def _module_of(network: Any) -> Any:
    if isinstance(network, CostTables):
        raise TypeError(
            "source: expected a network with IR, whose parameters can be varied, but "
            "got pfmlir.CostTables"
        )
    return network


def _read_networks(
    source: "Source | Mapping[str, Source]",
    inputs: Sequence[Any] | None,
    function: str | None,
) -> dict[str, bytes]:
    """Return networks by name, as bytecode."""
    if not isinstance(source, Mapping):
        name = source if isinstance(source, str) and "\n" not in source else "network"
        sources: Mapping[str, Any] = {name: source}
    else:
        sources = source
    if not sources:
        raise ValueError("source: expected at least one network")
    networks = {}
    for name, each in sources.items():
        network, its_inputs = each if isinstance(each, tuple) else (each, inputs)
        found = resolve(
            network, its_inputs, function=function, name=f"source[{name!r}]"
        )
        networks[name] = write_network(_module_of(found))
    return networks


def _check_paths(space: Space, groups: Sequence[Group]) -> None:
    """Raise ValueError for a path that no network on any of some targets has."""
    wanted = {
        name
        for axis in space.axes
        for settings in axis.settings
        for name in settings
        if name.startswith(ROOTS)
    } | {name for name in space.fixed if name.startswith(ROOTS)}
    known: dict[str, None] = {}
    seen = set()
    for group in groups:
        if not wanted - known.keys():
            return
        key = group.work.network, group.work.options
        if key in seen:
            continue
        seen.add(key)
        try:
            known |= dict.fromkeys(base_of(group.work).parameters)
        except PfmlirError:
            continue
    for path in sorted(wanted - known.keys()):
        if known:
            raise ValueError(f"space: {unknown_path(path, known)}")


class _Results:
    """What is found, by design of the space, and which of it is on disk."""

    def __init__(self, space: Space, keys: Sequence[str], store: Store | None) -> None:
        number = len(space)
        self._asked, self._keys, self._store = space.asked(), keys, store
        self.columns: dict[str, Any] = {
            name: numpy.full(number, numpy.nan) for name in ("period_s", *NUMBERS)
        }
        self.columns["num_rails"] = numpy.zeros(number, dtype=numpy.int64)
        for name, nothing in (
            ("status", ""),
            ("rails_v", ()),
            ("tail", ""),
            ("reason", ""),
        ):
            self.columns[name] = [nothing] * number
        self.is_done = numpy.zeros(number, dtype=bool)
        self._unsaved: list[int] = []
        self._saved_at = time.monotonic()

    def resume(self) -> None:
        """Take what is on disk."""
        if self._store is None:
            return
        keys, found = self._store.read_found()
        row_of = dict(zip(keys, range(len(keys)), strict=True))
        for number, key in enumerate(self._keys):
            row = row_of.get(key)
            if row is None:
                continue
            for name in FOUND:
                self.columns[name][number] = found[name][row]
            self.is_done[number] = True

    def add(self, chunk: Chunk, found: DesignAnswers) -> None:
        numbers = chunk.numbers
        columns = self.columns
        columns["period_s"][numbers] = chunk.period_s
        columns["energy_j"][numbers] = found.energy_j
        columns["lower_bound_j"][numbers] = found.lower_bound_j
        columns["power_w"][numbers] = found.energy_j / chunk.period_s
        columns["active_time_s"][numbers] = found.active_time_s
        columns["shortest_period_s"][numbers] = found.shortest_period_s
        columns["num_rails"][numbers] = [len(rails) for rails in found.rails_v]
        gapless = found.energy_j == found.lower_bound_j
        for i, number in enumerate(numbers.tolist()):
            status = int(found.status[i])
            columns["status"][number] = (
                status_of(chunk.work.search, bool(gapless[i]))
                if status in (DesignStatus.OPTIMAL, DesignStatus.FEASIBLE)
                else ("infeasible" if status == DesignStatus.INFEASIBLE else "invalid")
            )
            columns["rails_v"][number] = found.rails_v[i]
            columns["tail"][number] = found.tails[i]
            columns["reason"][number] = found.reasons[i]
        self.is_done[numbers] = True
        self._unsaved += numbers.tolist()
        if time.monotonic() - self._saved_at > SECONDS_BETWEEN_FILES:
            self.save()

    def save(self) -> None:
        """Write what is not on disk."""
        if self._store is not None and self._unsaved:
            rows = self._unsaved
            self._store.write(
                [self._keys[i] for i in rows],
                {
                    name: [column[i] for i in rows]
                    for name, column in self._asked.items()
                },
                {name: [self.columns[name][i] for i in rows] for name in FOUND},
            )
        self._unsaved = []
        self._saved_at = time.monotonic()

    def exploration(self) -> Exploration:
        return Exploration.make(
            self._asked, {name: self.columns[name] for name in FOUND}
        )


def _with_progress(
    solved: Iterator[Solved], number: int, progress: Progress
) -> Iterator[Solved]:
    """Let a progress bar advance by the designs that come."""
    bar = iter(progress(range(number)))
    for chunk, found in solved:
        for _ in chunk.numbers:
            next(bar, None)
        yield chunk, found
    for _ in bar:
        pass


@takes(ExploreOptions)
def explore(
    source: "Source | Mapping[str, Source]",
    space: Mapping[str, Any],
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    path: str | os.PathLike[str] | None = None,
    executor: Any = "processes",
    workers: int | None = None,
    chunk: int | None = None,
    progress: Progress = iter,
    **options: Unpack[ExploreOptions],
) -> Exploration:
    """Schedule networks on every design of a space.

    Layers are formed once for each network and target; a design is then a change of
    parameters, costed and searched in a millisecond or so. Energies are those that
    `schedule` finds for such a target, to the last bit.

    Parameters
    ----------
    source, inputs
        The network, see `schedule`; or a mapping from names to networks, which is then
        the first axis of the space, `network`.
    space : mapping
        The axes, of which every combination is a design, the last varying fastest. By
        name the values of

        - a rate: `fps`, in inferences a second, or `period_s`, in seconds;
        - an option of `schedule`, such as `max_rails`, `gating`, `target` or `search`;
        - a parameter of the target or of a layer, by its path in the IR:
          `target.memory.ifmap.bank_bytes`, `target.domain.sys.law.minimum_v`,
          `target.cost_model.mac_energy_j`, `layer.fc.workload.k`. `parameters` lists
          them. A value is a number, a list of numbers, True or False, a word, an
          attribute as MLIR writes it, or None for what is optional;
        - or what is varied together, such as corners: by any other name, a mapping from
          what the values are called to mappings of the above.
    fps, period_s : float, optional
        The rate, where it is no axis.
    path : optional
        A folder for the results, as Parquet files; needs pyarrow. What is there is not
        done again: an exploration that was killed goes on, and a larger space does the
        rest only.
    executor : optional
        Where chunks are solved: "processes" of this machine, "threads" of this process,
        anything with `submit` (an executor of `concurrent.futures`, a `Client` of
        Dask's), or a `joblib.Parallel`. Processes and threads that are started for this
        end with it.
    workers : int, optional
        How many processes or threads; by default one a processor.
    chunk : int, optional
        How many designs a task has; by default as many as leave some for every worker,
        but 25 at least and 250 at most.
    progress : callable
        Wraps the designs on the way, as `tqdm.tqdm` does.
    **options
        As of `schedule`: what all designs have in common.

    Returns
    -------
    Exploration
        A row for each design, in the order of the space. What has no schedule is a row
        that says why.

    Raises
    ------
    TypeError, ValueError
        An axis is none, or there is no such parameter; the message says what is near.
    MissingDependencyError
        `path` needs pyarrow.

    Notes
    -----
    Processes are started anew, so that a script that explores is to do so under
    `if __name__ == "__main__":`.

    Examples
    --------
    >>> import pfmlir
    >>> network = (
    ...     'func.func @net() {\\n  power.layer "fc" workload '
    ...     "#power.matmul<m = 64, k = 512, n = 512>\\n  return\\n}"
    ... )
    >>> found = pfmlir.explore(
    ...     network,
    ...     {
    ...         "target.memory.ifmap.bank_leakage_w": [1e-5, 2e-5],
    ...         "max_rails": [1, 2],
    ...         "fps": [10, 1000],
    ...     },
    ...     target="pf40",
    ...     executor="threads",
    ... )
    >>> len(found), found["status"].tolist()[:2]
    (8, ['optimal', 'infeasible'])
    >>> found.best()["target.memory.ifmap.bank_leakage_w"].tolist()
    [1e-05]
    """
    given_size = None if chunk is None else count("chunk", chunk)
    number = None if workers is None else count("workers", workers)
    given = {**options, "fps": fps, "period_s": period_s}
    fixed = {name: value for name, value in given.items() if value is not None}
    networks = _read_networks(source, inputs, options.get("function"))
    asked = Space.read(space, list(networks), fixed)
    digests = {
        name: blake2b(code, digest_size=16).hexdigest()
        for name, code in networks.items()
    }
    store = None if path is None else Store(path)
    results = _Results(asked, asked.keys(digests), store)
    results.resume()
    missing = ~results.is_done
    rest = int(missing.sum())
    chunking = Chunking(asked, networks)
    groups = chunking.groups(missing)
    _check_paths(asked, groups)
    tasks = WAITING * workers_of(executor, number)
    chunks = chunking.chunks(groups, given_size or chunk_size(rest, tasks))
    try:
        solved = run_chunks(chunks, executor, number)
        for each, found in _with_progress(solved, rest, progress):
            results.add(each, found)
    finally:
        results.save()
    return results.exploration()


def read_exploration(path: str | os.PathLike[str]) -> Exploration:
    """Read what `explore` keeps in a folder; needs pyarrow.

    Numbers that were asked for are floats, and what is neither a number nor a text is
    JSON. Rows are in the order of the files, and what a design was not asked is None.

    Raises
    ------
    ValueError
        There is no exploration in the folder.
    MissingDependencyError
        pyarrow is not installed.
    """
    asked, columns = Store(path).read()
    return Exploration.make(
        {name: columns[name] for name in asked},
        {name: columns[name] for name in FOUND},
    )
