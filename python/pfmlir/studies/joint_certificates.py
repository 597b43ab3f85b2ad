# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Optima of several networks on the same rails, with what is needed to check them.

On each set of rails every network has a bound, and the bounds together are no less than
the optimum. What is left above the optimum on rails that are worse is taken off the
bounds, which makes them easy to prove.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any, Unpack

import numpy

from .. import ir
from .._options import ThreadsOptions
from ..answers.rails import RailChoice
from ..arguments import required_periods
from ..compile.options import read_options
from ..compile.scheduling import as_layers, as_tables
from ..compile.sources import Source
from ..errors import InfeasibleError
from ..files import write_atomically
from ..keywords import take, takes
from ..problem.axes import NO_RAIL
from ..problem.tables import CostTables
from .certificates import (
    CertifyOptions,
    Names,
    certificate_of,
    multipliers_of,
    names_of,
)
from .rails import Suite, solve_jointly

FORMAT = "pfmlir joint certificate 1"


@dataclass(frozen=True)
class _Member:
    """A network with the rails that each of its states needs, as bits."""

    names: Names
    costs: CostTables
    period_s: float
    rails: tuple[int, ...]

    @classmethod
    def of(cls, names: Names, costs: CostTables, period_s: float) -> "_Member":
        """Return a network that costs what tables say."""
        columns = [*costs.states.T]
        for axis, settings in zip(costs.axes, costs.settings.T, strict=True):
            columns.append(axis.rail_indices(costs.levels_v)[settings])
        rails = tuple(
            sum(1 << rail for rail in {int(r) for r in row if r != NO_RAIL})
            for row in zip(*columns, strict=True)
        )
        return cls(names, costs, period_s, rails)

    def on(self, rails: Sequence[int]) -> CostTables:
        """Return what the network costs on some rails."""
        allowed = sum(1 << rail for rail in rails)
        is_off = numpy.array([needed & ~allowed != 0 for needed in self.rails])
        energy_j = numpy.where(is_off, numpy.inf, self.costs.energy_j)
        return replace(self.costs, energy_j=energy_j, max_rails=max(len(rails), 1))

    def bound(
        self, rails: Sequence[int], limits: dict[str, Any]
    ) -> tuple[float | None, dict[str, Any] | None]:
        """Return the least energy on rails, and multipliers; None if there is none."""
        costs = self.on(rails)
        if not numpy.isfinite(costs.energy_j).any(axis=1).all():
            return None, None
        prepared = costs.prepare(period_s=self.period_s)
        try:
            answer = prepared.solve("exact", limits)
        except InfeasibleError:
            return None, None
        found = multipliers_of(answer["multipliers"], prepared.flat.positions)
        entries = found["rail_sets"]
        # All that it can be on is a part of these rails.
        entry = entries[0] | {"rails": list(rails)} if entries else None
        return answer["lower_bound_j"], entry


@takes(CertifyOptions)
def certify_rails(
    networks: "Sequence[Source | tuple[Any, Sequence[Any]]]",
    path: str | os.PathLike[str],
    *,
    fps: Sequence[float] | None = None,
    period_s: Sequence[float] | None = None,
    weights: Sequence[float] | None = None,
    names: Sequence[str] | None = None,
    **options: Unpack[CertifyOptions],
) -> RailChoice:
    """Choose the rails of several networks, and write a certificate that they are best.

    The certificate is a JSON file with a certificate of each network, whose schedule is
    the one on common rails, and for each set of rails what each network costs at least
    there. `tools/check_certificate.py` proves these bounds, and that they are no less
    than what is claimed.

    Parameters
    ----------
    networks, fps, period_s, weights, names
        As of `choose_rails`. With shares times rates as weights, it is the optimum of
        `schedule_system`.
    path
        The file.
    **options
        The accelerator, and what-ifs of it, as of `schedule`; of tables, `max_rails`
        only. And `threads`, which change neither result nor file.

    Returns
    -------
    RailChoice
        As `choose_rails` returns it.

    Raises
    ------
    InfeasibleError
        No rails let every network keep its rate; nothing is written.
    ValueError
        Rails draw power by themselves, or an argument is not as described.

    Examples
    --------
    >>> import pfmlir
    >>> network = '''
    ... func.func @net() {
    ...   power.layer "fc" workload #power.matmul<m = 64, k = 512, n = 64>
    ...   return
    ... }
    ... '''
    >>> pfmlir.certify_rails([network] * 2, "/dev/null", fps=[1000, 500]).is_optimal
    True
    """
    rate = "period_s" if fps is None else "fps"
    suite = Suite(networks, rate, required_periods(fps, period_s), weights, names)
    read = read_options(options)
    limits = take(read, ThreadsOptions)
    members = []
    for network, period in zip(suite.resolve(read), suite.periods_s, strict=True):
        called, costs = Names(), network
        if isinstance(network, ir.Module):
            layers = as_layers(network, read)
            called, costs = names_of(layers), as_tables(layers, {})
        else:
            costs = as_tables(network, read)
        if costs.rail_power_w:
            raise ValueError("networks: expected rails that draw nothing by themselves")
        members.append(_Member.of(called, costs, period))
    max_rails = members[0].costs.max_rails
    members = [
        replace(member, costs=replace(member.costs, max_rails=max_rails))
        for member in members
    ]
    choice = solve_jointly([member.costs for member in members], suite, limits)
    certificate = _certificate(members, choice, limits)
    write_atomically(Path(path), json.dumps(certificate, allow_nan=False) + "\n")
    return choice


def _certificate(
    members: Sequence[_Member], choice: RailChoice, limits: dict[str, Any]
) -> dict[str, Any]:
    """Return what goes into the file."""
    weights = choice.weights.tolist()
    used = numpy.bitwise_or.reduce([bits for each in members for bits in each.rails])
    levels = [
        level for level in range(int(used).bit_length()) if int(used) >> level & 1
    ]
    bounds = []
    entries: list[list[dict[str, Any]]] = [[] for _ in members]
    for rails in combinations(levels, min(members[0].costs.max_rails, len(levels))):
        least = []
        for member, own in zip(members, entries, strict=True):
            energy_j, entry = member.bound(rails, limits)
            least.append(energy_j)
            if entry is not None:
                own.append(entry)
        bounds.append(
            {"rails": list(rails), "at_least_j": _enough(least, weights, choice)}
        )
    return {
        "format": FORMAT,
        "weights": weights,
        "energy_j": choice.energy_j,
        "certificates": [
            certificate_of(
                member.costs,
                solution,
                member.names,
                {"elsewhere": 0.0, "rail_sets": own},
            )
            for member, solution, own in zip(
                members, choice.solutions, entries, strict=True
            )
        ],
        "bounds": bounds,
    }


def _enough(
    least: Sequence[float | None], weights: Sequence[float], choice: RailChoice
) -> list[float | None]:
    """Return as much of bounds as makes the optimum together."""
    known = [energy for energy in least if energy is not None]
    if len(known) < len(least):
        return [None if energy is None else 0.0 for energy in least]
    total = sum(w * energy for w, energy in zip(weights, known, strict=True))
    share = min(choice.energy_j / total, 1.0) if total else 1.0
    return [share * energy for energy in known]
