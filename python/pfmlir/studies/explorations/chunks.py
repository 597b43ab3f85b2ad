# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A hundred designs or so: what one task of an executor is, and does.

Everything in here is plain data, so that it can be sent to other processes and
machines; what a worker makes of it, it keeps for the next chunk.
"""

import functools
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from ... import ir
from ...compile.designs import DesignAnswers, Designs, DesignStatus
from ...compile.options import CostOptions, ExploreOptions
from ...compile.scheduling import as_layers
from ...errors import PfmlirError
from ...keywords import select
from ...modules import parse_text
from ...problem.solver import DEFAULT_SEARCH
from .space import AS_PARAMETERS, NETWORK, Settings

# Values of parameters stay in a context until it goes; some kilobytes a design.
MOST_DESIGNS_IN_A_CONTEXT = 100_000


@dataclass(frozen=True)
class Work:
    """What designs have in common.

    Attributes
    ----------
    network : bytes
        A module, as bytecode.
    options : str
        What target it runs on and how its layers are formed, as JSON.
    search : str
    limits : dict
        Of each search.
    """

    network: bytes
    options: str
    search: str
    limits: dict[str, Any]


@dataclass(frozen=True)
class Chunk:
    """Designs to solve by one task.

    Attributes
    ----------
    work : Work
    numbers : ndarray of int
        Which designs of the space they are.
    changes : list of dict
        What each changes, by path.
    period_s : ndarray
    """

    work: Work
    numbers: NDArray[numpy.int64]
    changes: list[dict[str, Any]]
    period_s: NDArray[numpy.float64]

    def failed(self, reason: str) -> DesignAnswers:
        """Return answers that say why there are none."""
        number = len(self.numbers)
        unknown = numpy.full(number, numpy.nan)
        return DesignAnswers(
            status=numpy.full(number, DesignStatus.INVALID),
            energy_j=unknown,
            lower_bound_j=unknown,
            active_time_s=unknown,
            shortest_period_s=unknown,
            rails_v=[()] * number,
            tails=[""] * number,
            reasons=[reason] * number,
        )


def write_network(module: ir.Module) -> bytes:
    """Return a module as bytecode."""
    stream = io.BytesIO()
    module.operation.write_bytecode(stream)
    return stream.getvalue()


class _Base:
    """A network's layers on a target, and how many designs it has been asked for."""

    def __init__(self, network: bytes, options: str) -> None:
        module = parse_text(network, ir.Context(), "the network")
        self.designs = Designs(as_layers(module, json.loads(options)))
        self.asked = 0


@functools.lru_cache(maxsize=8)
def _base(network: bytes, options: str) -> _Base:
    return _Base(network, options)


def base_of(work: Work, number: int = 0) -> Designs:
    """Return what designs are made of, kept from chunk to chunk.

    Raises
    ------
    PfmlirError
        The network has no layers on such a target.
    """
    found = _base(work.network, work.options)
    found.asked += number
    if found.asked > MOST_DESIGNS_IN_A_CONTEXT:
        _base.cache_clear()
    return found.designs


def _wrong_changes(designs: Designs, changes: list[dict[str, Any]]) -> dict[int, str]:
    """Return which designs change what can't be changed so, and why."""
    reasons: dict[tuple[str, str], str] = {}
    wrong: dict[int, str] = {}
    for i, each in enumerate(changes):
        for path, value in each.items():
            key = path, repr(value)
            if key not in reasons:
                try:
                    designs.check(path, value)
                    reasons[key] = ""
                except (TypeError, ValueError) as error:
                    reasons[key] = str(error)
            if reasons[key]:
                wrong.setdefault(i, reasons[key])
    return wrong


def solve_chunk(chunk: Chunk, threads: int = 1) -> DesignAnswers:
    """Solve a chunk, in this process; what can't be solved says why."""
    work = chunk.work
    try:
        designs = base_of(work, len(chunk.numbers))
    except (PfmlirError, TypeError, ValueError) as error:
        return chunk.failed(str(error))
    wrong = _wrong_changes(designs, chunk.changes)
    limits: dict[str, Any] = work.limits | {"threads": threads}
    found = designs.solve(
        [{} if i in wrong else each for i, each in enumerate(chunk.changes)],
        chunk.period_s,
        search=work.search,
        **limits,
    )
    if not wrong:
        return found
    nothing = chunk.failed("")
    for i, reason in wrong.items():
        for name in ("status", "energy_j", "lower_bound_j", "active_time_s"):
            getattr(found, name)[i] = getattr(nothing, name)[i]
        found.shortest_period_s[i] = numpy.nan
        found.rails_v[i], found.tails[i], found.reasons[i] = (), "", reason
    return found


def _split(
    settings: Settings, networks: Mapping[str, bytes]
) -> tuple[Work, dict[str, Any], float]:
    """Return what designs have in common, what one changes, and its period."""
    changes = {
        AS_PARAMETERS.get(name, name): value
        for name, value in settings.items()
        if name in AS_PARAMETERS or "." in name
        if not (name in AS_PARAMETERS and value is None)
    }
    options = {
        name: value
        for name, value in select(settings, CostOptions).items()
        if name not in AS_PARAMETERS and value is not None
    }
    searching = {
        name: value
        for name, value in select(settings, ExploreOptions).items()
        if name not in CostOptions.__annotations__ and value is not None
    }
    search = searching.pop("search", DEFAULT_SEARCH)
    period_s = settings["period_s"] if "period_s" in settings else 1 / settings["fps"]
    work = Work(
        networks[settings[NETWORK]],
        json.dumps(options, sort_keys=True),
        search,
        searching,
    )
    return work, changes, period_s


def make_chunks(
    settings: Iterable[tuple[int, Settings]],
    networks: Mapping[str, bytes],
    size: int,
) -> Iterator[Chunk]:
    """Return designs, by their number in the space, in chunks.

    Those of a chunk have a network and a target in common, and those that differ only
    in their period are neighbours, whose costs are computed once.
    """
    groups: dict[str, tuple[Work, list[tuple[int, dict[str, Any], float]]]] = {}
    for number, each in settings:
        work, changes, period_s = _split(each, networks)
        key = json.dumps([each[NETWORK], work.options, work.search, work.limits])
        _, group = groups.setdefault(key, (work, []))
        group.append((number, changes, period_s))
    for work, group in groups.values():
        order: dict[str, int] = {}
        ranks = [
            order.setdefault(json.dumps(changes), len(order)) for _, changes, _ in group
        ]
        ranked = sorted(range(len(group)), key=ranks.__getitem__)
        for begin in range(0, len(group), size):
            part = [group[i] for i in ranked[begin : begin + size]]
            yield Chunk(
                work,
                numpy.array([number for number, _, _ in part], dtype=numpy.int64),
                [changes for _, changes, _ in part],
                numpy.array([period_s for _, _, period_s in part]),
            )
