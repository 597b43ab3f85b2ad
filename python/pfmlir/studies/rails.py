# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which rails to build, for several networks at once."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy
from numpy.typing import NDArray

from .._mlir_libs import _pfmlirScheduler
from ..arguments import count, positive, quantity, sequence
from ..errors import InfeasibleError, infeasible
from ..problem.solver import Prepared, Solution, as_limits, relative_gap
from ..problem.tables import CostTables


@dataclass(frozen=True)
class RailChoice:
    """Rails that serve several networks, as `choose_rails` finds them.

    Attributes
    ----------
    rails_v : ndarray
        The rails in volts, increasing.
    solutions : tuple of Solution
        The optimum of each network on these rails, with the rails that it uses.
    energy_j, lower_bound_j : float
        The sum of the networks' energies, each times its weight, and what no set of
        rails has less than.
    is_optimal : bool
        Whether the choice is proven to be one of least weighted energy.
    statistics : dict
        How many sets of rails there are, and how many had to be looked at closely.
    """

    rails_v: NDArray[numpy.float64]
    solutions: tuple[Solution, ...]
    energy_j: float
    lower_bound_j: float
    is_optimal: bool
    statistics: dict[str, int] = field(repr=False, default_factory=dict)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RailChoice):
            return NotImplemented
        return (
            numpy.array_equal(self.rails_v, other.rails_v)
            and self.solutions == other.solutions
            and self.energy_j == other.energy_j
            and self.lower_bound_j == other.lower_bound_j
            and self.is_optimal == other.is_optimal
        )

    @property
    def gap(self) -> float:
        """How far the energy can be above the optimum, relative to it."""
        return relative_gap(self.energy_j, self.lower_bound_j)


def _check_suite(networks: Iterable[CostTables]) -> list[CostTables]:
    networks = sequence("networks", networks)
    if not networks:
        raise ValueError("networks: expected at least one")
    for i, network in enumerate(networks):
        if not isinstance(network, CostTables):
            raise TypeError(
                f"networks[{i}]: expected pfmlir.CostTables, but got {type(network)!r}"
            )
        if not numpy.array_equal(network.levels_v, networks[0].levels_v):
            raise ValueError(
                f"networks[{i}]: expected the levels of the first, "
                f"{[float(v) for v in networks[0].levels_v]} V, but got "
                f"{[float(v) for v in network.levels_v]} V"
            )
    return networks


def _infeasible(
    prepared: Sequence[Prepared],
    max_rails: int,
    names: Sequence[str],
    least_slowdown: float,
) -> InfeasibleError:
    """Return why no rails serve the networks, and what would help."""
    for name, each in zip(names, prepared, strict=True):
        fastest_s = _pfmlirScheduler.fastest_time_s(each.problem)
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


def choose_rails(
    networks: Sequence[CostTables],
    *,
    fps: Sequence[float],
    max_rails: int,
    weights: Sequence[float] | None = None,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    memory_limit_bytes: int | None = None,
    threads: int = 1,
    names: Sequence[str] | None = None,
) -> RailChoice:
    """Choose the rails of least weighted energy for several networks, with proof.

    Rails are silicon: all networks share them, and each has its own schedule on them.

    Parameters
    ----------
    networks : sequence of CostTables
        What each network costs; see `tabulate_costs`. All on the same levels.
    fps : sequence of float
        The rate of each network, in inferences a second.
    max_rails : int
        How many rails to build.
    weights : sequence of float, optional
        What a joule of each network's period counts; 1 by default. With the rates as
        weights the sum is a power, of networks that all run at once; with shares of
        the time times the rates, that of networks that take turns.
    time_limit_s : float, optional
        When the search stops with the best rails it has and its bound.
    gap, memory_limit_bytes
        See `pfmlir.solve`.
    threads : int
        Threads that a network's search uses. They do not change the result.
    names : sequence of str, optional
        What errors call the networks; by default networks[0] and so on.

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
    >>> def costs(size):
    ...     layers = pfmlir.import_model(
    ...         "func.func @net() {\\n  power.layer \\"fc\\" workload "
    ...         f"#power.matmul<m = {size}, k = 512, n = 64>\\n  return\\n}}"
    ...     )
    ...     return pfmlir.tabulate_costs(pfmlir.assign_target(layers))
    >>> choice = pfmlir.choose_rails(
    ...     [costs(64), costs(96)], fps=[1200, 700], max_rails=2
    ... )
    >>> choice.is_optimal, [float(rail) for rail in choice.rails_v]
    (True, [0.9, 0.95])
    """
    networks = _check_suite(networks)
    rates = [positive(f"fps[{i}]", rate) for i, rate in enumerate(sequence("fps", fps))]
    if weights is None:
        weights = [1.0] * len(networks)
    joules = [
        quantity(f"weights[{i}]", weight)
        for i, weight in enumerate(sequence("weights", weights))
    ]
    if names is None:
        names = [f"networks[{i}]" for i in range(len(networks))]
    names = sequence("names", names)
    for name, values in (("fps", rates), ("weights", joules), ("names", names)):
        if len(values) != len(networks):
            raise ValueError(
                f"{name}: expected one for each of the {len(networks)} networks, but "
                f"got {len(values)}"
            )
    max_rails = count("max_rails", max_rails)
    prepared = [
        network.prepare(period_s=1 / rate, max_rails=max_rails)
        for network, rate in zip(networks, rates, strict=True)
    ]
    answer = _pfmlirScheduler.solve_jointly(
        [each.problem for each in prepared],
        weights=joules,
        max_rails=max_rails,
        **as_limits(
            time_limit_s=time_limit_s,
            gap=gap,
            memory_limit_bytes=memory_limit_bytes,
            threads=threads,
        ),
    )
    if not answer["is_feasible"]:
        raise _infeasible(prepared, max_rails, names, answer["least_slowdown"])
    return RailChoice(
        rails_v=networks[0].levels_v[numpy.array(answer["rails"])],
        solutions=tuple(
            each.describe(part)
            for each, part in zip(prepared, answer["solutions"], strict=True)
        ),
        energy_j=answer["energy_j"],
        lower_bound_j=answer["lower_bound_j"],
        is_optimal=answer["is_optimal"],
        statistics=answer["statistics"],
    )
