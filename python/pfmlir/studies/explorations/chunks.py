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
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from ... import ir
from ...compile.designs import DesignAnswers, Designs, ParameterChange
from ...compile.scheduling import as_layers
from ...errors import PfmlirError
from ...modules import parse_text

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
    changes : list of (str, object)
        Paths and values that designs change, each once.
    of : list of tuple of int
        By design, which of these changes are its own.
    period_s : ndarray
    """

    work: Work
    numbers: NDArray[numpy.int64]
    changes: list[ParameterChange]
    of: list[tuple[int, ...]]
    period_s: NDArray[numpy.float64]

    def failed(self, reason: str) -> DesignAnswers:
        """Return answers that say why there are none."""
        return DesignAnswers.of_none([reason] * len(self.numbers))


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


def solve_chunk(chunk: Chunk, threads: int = 1) -> DesignAnswers:
    """Solve a chunk, in this process; what can't be solved says why."""
    work = chunk.work
    try:
        designs = base_of(work, len(chunk.numbers))
    except (PfmlirError, TypeError, ValueError) as error:
        return chunk.failed(str(error))
    limits: dict[str, Any] = work.limits | {"threads": threads}
    return designs.solve_changes(
        chunk.changes, chunk.of, chunk.period_s, search=work.search, **limits
    )
