# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a program recorded: accesses to the power manager, and when work was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy
from numpy.typing import NDArray

from ..errors import PfmlirError
from .registers import Register
from .writes import Write

# As in firmware/record.h.
_EVENT = numpy.dtype(
    [("count", "<u8"), ("place", "<u8"), ("value", "<u8"), ("kind", "<u8")]
)
WRITE, WAIT, BEGIN, END, START = range(5)
# Instructions of an access that is made and not recorded: two operands, a call, a load
# or a store, a return.
_ACCESS = 5


@dataclass(frozen=True)
class Record:
    """What a program did in a period, in order.

    Attributes
    ----------
    events : numpy.ndarray
        `count`, `place`, `value` and `kind` of each, as in firmware/record.h; counts
        are of instructions or, on the host, of nanoseconds.
    count_s : float
        What one count takes, in seconds.
    is_instructions : bool
        Whether counts are of instructions.
    """

    events: NDArray[numpy.void]
    count_s: float
    is_instructions: bool

    def writes(self, registers: Mapping[str, Register]) -> list[Write]:
        """Return all writes; times are from when the network was called.

        Parameters
        ----------
        registers
            Of the power manager, by their places.
        """
        by_address = {each.address: each for each in registers.values()}
        by_number = dict(enumerate(registers.values()))
        found: list[Write] = []
        is_write = self.events["kind"] == WRITE
        counts = self.counts()[is_write]
        for event, count in zip(self.events[is_write], counts, strict=True):
            place = int(event["place"])
            register = by_address.get(place) or by_number[place]
            time_ns = float(count) * self.count_s * 1e9
            found.append(
                Write(
                    len(found),
                    time_ns,
                    register.place,
                    register.name,
                    int(event["value"]),
                )
            )
        return found

    def counts(self) -> NDArray[numpy.int64]:
        """Return when each event was, from the call of the network, in counts.

        That is without what recording takes: an access counts as one that is made.
        """
        counts: NDArray[numpy.int64] = self.events["count"].astype(numpy.int64)
        since: NDArray[numpy.int64] = counts - counts[0]
        if not self.is_instructions:
            return since
        kinds = self.events["kind"]
        taken = numpy.full(len(counts), counts[1] - counts[0])
        taken[(kinds == WRITE) | (kinds == WAIT)] -= _ACCESS
        # What an event takes is before what comes next.
        since -= numpy.cumsum(taken) - taken
        return since

    def dispatch_times_s(self, num_layers: int) -> tuple[NDArray[numpy.float64], float]:
        """Return what passes before each layer, and after the last, in seconds.

        What the program does between layers but for work that no layer has: what
        tells the power manager what to do, and hands layers their data.
        """
        counts = self.counts()
        kinds = self.events["kind"]
        # What is before each event belongs to it, unless it ends work.
        spent = numpy.diff(counts, prepend=counts[0])
        spent[kinds == END] = 0
        begins = (kinds == BEGIN) & (self.events["place"] < num_layers)
        # To which layer it leads.
        layer = numpy.concatenate([[0], numpy.cumsum(begins)[:-1]])
        totals = numpy.bincount(layer, spent, num_layers + 1) * self.count_s
        times_s: NDArray[numpy.float64] = totals.astype(numpy.float64)
        return times_s[:num_layers], float(times_s[num_layers])


def read_record(path: Path, count_s: float, is_instructions: bool) -> Record:
    """Read what a program left.

    Raises
    ------
    PfmlirError
        It did more than it can keep.
    """
    data = path.read_bytes()
    number = int.from_bytes(data[:8], "little")
    events = numpy.frombuffer(data, _EVENT, offset=8)
    if len(events) != number:
        raise PfmlirError(
            f"expected a program of at most {len(events)} accesses and calls, but got "
            f"{number}"
        )
    return Record(events, count_s, is_instructions)
