# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which rails to build, for several networks at once."""

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Unpack

import numpy

from .._mlir_libs import _pfmlirScheduler
from ..answers.answer import floats
from ..answers.rails import RailChoice
from ..arguments import quantity, required_periods, sequence
from ..compile.options import CostOptions, read_options
from ..compile.scheduling import as_tables
from ..compile.sources import Network, Source, is_text, resolve
from ..errors import InfeasibleError, infeasible
from ..keywords import take, takes
from ..problem.solver import Limits, Prepared
from ..problem.tables import CostTables


class RailOptions(CostOptions, Limits, total=False):
    """What `choose_rails` takes besides the networks and their rates."""


def _name(network: Any, otherwise: str) -> str:
    """Return what a network is called: as it was given, if that was a name."""
    is_name = isinstance(network, str) and not is_text(network)
    return str(network) if is_name or isinstance(network, os.PathLike) else otherwise


def _one_each(name: str, values: Iterable[Any], number: int) -> list[Any]:
    """Return values as a list, one for each network."""
    found = sequence(name, values)
    if len(found) != number:
        raise ValueError(
            f"{name}: expected one for each of the {number} networks, but got "
            f"{len(found)}"
        )
    return found


def _check_levels(suite: Sequence[CostTables]) -> None:
    for i, network in enumerate(suite):
        if not numpy.array_equal(network.levels_v, suite[0].levels_v):
            raise ValueError(
                f"networks[{i}]: expected the levels of the first, "
                f"{[float(v) for v in suite[0].levels_v]} V, but got "
                f"{[float(v) for v in network.levels_v]} V"
            )


class Suite:
    """Networks with a period, a weight and a name each."""

    def __init__(
        self,
        networks: Iterable[Any],
        rate: str,
        periods_s: list[float],
        weights: Sequence[float] | None,
        names: Sequence[str] | None,
    ) -> None:
        """Check what is given; the rate is what errors call the periods."""
        self._networks = sequence("networks", networks)
        number = len(self._networks)
        if not number:
            raise ValueError("networks: expected at least one")
        self._places = [f"networks[{i}]" for i in range(number)]
        self.periods_s = _one_each(rate, periods_s, number)
        if weights is None:
            weights = [1.0] * number
        self.weights = [
            quantity(f"weights[{i}]", weight)
            for i, weight in enumerate(_one_each("weights", weights, number))
        ]
        if names is None:
            names = list(map(_name, self._networks, self._places))
        self.names = _one_each("names", names, number)

    def resolve(self, read: Mapping[str, Any]) -> Iterator[Network]:
        """Yield the networks as IR or tables."""
        for network, place in zip(self._networks, self._places, strict=True):
            source, inputs = network if isinstance(network, tuple) else (network, None)
            yield resolve(source, inputs, function=read.get("function"), name=place)

    def tabulate(self, read: Mapping[str, Any]) -> list[CostTables]:
        """Return what the networks cost with some options."""
        return [as_tables(network, read) for network in self.resolve(read)]


def _infeasible(
    prepared: Sequence[Prepared],
    max_rails: int,
    names: Sequence[str],
    least_slowdown: float,
) -> InfeasibleError:
    """Return why no rails serve the networks, and what would help."""
    for name, each in zip(names, prepared, strict=True):
        fastest_s = each.shortest_period_s
        if fastest_s > each.period_s:
            return infeasible(each.period_s, fastest_s, max_rails, name)
    message = (
        f"no set of {max_rails} rails lets all networks keep their rates, though each "
        "network could by itself"
    )
    if math.isfinite(least_slowdown):
        # Rounded to rates that are low enough.
        share = math.floor(1e4 / least_slowdown) / 1e4
        message += f"; with all rates times {share:.4f} there is one"
    period_s = prepared[0].period_s
    return InfeasibleError(message, period_s, period_s * least_slowdown)


@takes(RailOptions)
def choose_rails(
    networks: "Sequence[Source | tuple[Any, Sequence[Any]]]",
    *,
    fps: Sequence[float] | None = None,
    period_s: Sequence[float] | None = None,
    weights: Sequence[float] | None = None,
    names: Sequence[str] | None = None,
    **options: Unpack[RailOptions],
) -> RailChoice:
    """Choose the rails of least weighted energy for several networks, with proof.

    Rails are silicon: all networks share them, and each has its own schedule on them.

    Parameters
    ----------
    networks : sequence
        The networks, each as of `schedule`, or a model of PyTorch's with its inputs as
        a pair. All on the same levels.
    fps, period_s : sequence of float
        The rate of each network, in inferences a second, or its period in seconds.
    weights : sequence of float, optional
        What a joule of each network's period counts; 1 by default. With the rates as
        weights the sum is a power, of networks that all run at once; with shares of
        the time times the rates, that of networks that take turns.
    names : sequence of str, optional
        What to call the networks; by default paths and names as they are given, and
        else networks[0] and so on.
    **options
        The accelerator, and what-ifs of it, as of `schedule`; `max_rails` is how many
        rails to build, by default as many as the first network's target has. Of tables,
        `max_rails` only. And the limits of the search: at one of them it stops with the
        best rails that it has, and its bound.

    Raises
    ------
    InfeasibleError
        No set of rails lets every network keep its rate. Its times are those of a
        network that can't by itself; if each could, those of the first network, with
        all slowed down alike until a set of rails serves them.
    TypeError, ValueError
        An argument is not as described; the message names it.

    Examples
    --------
    >>> import pfmlir
    >>> def network(size):
    ...     return (
    ...         "func.func @net() {\\n  power.layer \\"fc\\" workload "
    ...         f"#power.matmul<m = {size}, k = 512, n = 64>\\n  return\\n}}"
    ...     )
    >>> choice = pfmlir.choose_rails(
    ...     [network(64), network(96)], fps=[1200, 700], max_rails=2
    ... )
    >>> choice.is_optimal, [float(rail) for rail in choice.rails_v]
    (True, [0.9, 0.95])
    """
    rate = "period_s" if fps is None else "fps"
    suite = Suite(networks, rate, required_periods(fps, period_s), weights, names)
    read = read_options(options)
    limits = take(read, Limits)
    return solve_jointly(suite.tabulate(read), suite, limits)


def solve_jointly(
    tables: Sequence[CostTables], suite: Suite, limits: Mapping[str, Any]
) -> RailChoice:
    """Return the best rails of networks that cost what tables say."""
    _check_levels(tables)
    max_rails = tables[0].max_rails
    prepared = [
        network.prepare(period_s=period, max_rails=max_rails)
        for network, period in zip(tables, suite.periods_s, strict=True)
    ]
    answer = _pfmlirScheduler.solve_jointly(
        [each.problem for each in prepared],
        weights=suite.weights,
        max_rails=max_rails,
        **limits,
    )
    if not answer["is_feasible"]:
        raise _infeasible(prepared, max_rails, suite.names, answer["least_slowdown"])
    return RailChoice(
        rails_v=tables[0].levels_v[numpy.array(answer["rails"], dtype=int)],
        solutions=tuple(
            each.describe(part)
            for each, part in zip(prepared, answer["solutions"], strict=True)
        ),
        energy_j=answer["energy_j"],
        lower_bound_j=answer["lower_bound_j"],
        is_optimal=answer["is_optimal"],
        names=tuple(suite.names),
        weights=floats(suite.weights),
        statistics=answer["statistics"],
    )
