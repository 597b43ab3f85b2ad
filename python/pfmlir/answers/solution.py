# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a search on bare numbers finds."""

import math
from dataclasses import dataclass, field
from typing import Any, Self

import numpy
from numpy.typing import NDArray

from ..units import with_prefix
from .answer import (
    Answer,
    Row,
    Status,
    describe_proof,
    floats,
    relative_gap,
    status_of,
)


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Answer):
    """What `solve` found; no IR comes with it.

    Attributes
    ----------
    states : ndarray of int, shape [layer]
        The state of each layer, an index into the axis of states.
    rails, levels : ndarray
        The levels in use, and all there are, increasing: in volts where the states were
        given in volts, else as indices.
    energy_j, lower_bound_j : float
        Energy of one period, and what no schedule costs less than, in joules.
    period_s, active_time_s : float
        From one inference to the next, and all layers and transitions, in seconds.
    tail : int or None
        Which sleep state ends the period; None for idling.
    is_optimal : bool
        Whether the schedule is proven to be one of least energy.
    search : str
        What searched.
    domains : tuple of str
        The power domains.
    layers : ndarray, shape [layer]
        Structured: `name`, `level` (per domain, as in `rails`), `time_s`, `energy_j`
        (leakage included, transitions not) and `leakage_w`.
    statistics : dict
        How much work it was: rail sets, shortest paths, labels.
    profile_s : dict
        Where the exact search's time went, in seconds: the fastest path, crude bounds
        of all rail sets, relaxations, label setting.
    settings : dict
        Of each axis besides domains, by its name, what it is set to in each layer.
    """

    FORMAT = "pfmlir solution"

    states: NDArray[numpy.int64]
    rails: NDArray[Any]
    levels: NDArray[Any]
    energy_j: float
    lower_bound_j: float
    period_s: float
    active_time_s: float
    tail: int | None
    is_optimal: bool
    search: str
    domains: tuple[str, ...]
    layers: NDArray[Any]
    statistics: dict[str, int] = field(default_factory=dict)
    profile_s: dict[str, float] = field(default_factory=dict)
    settings: dict[str, tuple[float | str, ...]] = field(default_factory=dict)

    @property
    def fps(self) -> float:
        """Inferences a second."""
        return 1 / self.period_s

    @property
    def power_w(self) -> float:
        """Power on average, in watts."""
        return self.energy_j / self.period_s

    @property
    def gap(self) -> float:
        """How far the energy can be above the optimum, relative to it."""
        return relative_gap(self.energy_j, self.lower_bound_j)

    @property
    def status(self) -> Status:
        """What is known of the schedule: whether it is proven, or why not."""
        return status_of(self.search, self.is_optimal)

    @property
    def rails_v(self) -> NDArray[numpy.float64]:
        """The levels in use, in volts.

        Raises
        ------
        ValueError
            The states were given as indices of levels, which are no volts.
        """
        return self._in_volts("rails", self.rails)

    @property
    def levels_v(self) -> NDArray[numpy.float64]:
        """All levels, in volts; as `rails_v`."""
        return self._in_volts("levels", self.levels)

    @property
    def voltages_v(self) -> NDArray[numpy.float64]:
        """The level of every domain in each layer in volts, as `rails_v`."""
        return self._in_volts("voltages", self.layers["level"])

    @staticmethod
    def _in_volts(name: str, levels: NDArray[Any]) -> NDArray[numpy.float64]:
        if levels.dtype.kind != "f":
            raise ValueError(
                f"{name}_v: expected states in volts, but they were given as indices"
            )
        return levels

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Solution):
            return NotImplemented
        # But for candidate levels that are not in use.
        mine, others = self.to_dict(), other.to_dict()
        return mine | {"levels": None} == others | {"levels": None}

    def to_dict(self) -> dict[str, Any]:
        """Return all but how it was found as plain numbers and texts."""
        settings = {name: list(column) for name, column in self.settings.items()}
        return ({"settings": settings} if settings else {}) | {
            "search": self.search,
            "period_s": self.period_s,
            "active_time_s": self.active_time_s,
            "energy_j": self.energy_j,
            "lower_bound_j": self.lower_bound_j,
            "is_optimal": self.is_optimal,
            "rails": self.rails.tolist(),
            "levels": self.levels.tolist(),
            "tail": self.tail,
            "domains": list(self.domains),
            "states": self.states.tolist(),
            # Column by column, which is shorter.
            "layers": {
                name: self.layers[name].tolist() for name in ("name", "level", *COSTS)
            },
        }

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        columns = content["layers"]
        layers = make_layers(
            columns["name"],
            numpy.asarray(columns["level"]),
            **{name: numpy.asarray(columns[name], float) for name in COSTS},
        )
        domains = tuple(content["domains"])
        states = numpy.asarray(content["states"], numpy.int64)
        if layers["level"].shape != (len(states), len(domains)):
            raise TypeError(
                f"expected levels of {len(states)} layers in {len(domains)} domains"
            )
        settings = {
            name: tuple(column) for name, column in content.get("settings", {}).items()
        }
        if any(len(column) != len(states) for column in settings.values()):
            raise TypeError(f"expected settings of {len(states)} layers")
        energy_j, lower_bound_j = content["energy_j"], content["lower_bound_j"]
        if content["is_optimal"] and not math.isclose(energy_j, lower_bound_j):
            raise ValueError(
                "expected the energy of what is said to be optimal at its bound, "
                f"{lower_bound_j} J, but got {energy_j} J"
            )
        return cls(
            **content
            | {
                "states": states,
                "rails": numpy.asarray(content["rails"]),
                "levels": numpy.asarray(content["levels"]),
                "domains": domains,
                "layers": layers,
                "settings": settings,
            }
        )

    def to_rows(self) -> list[Row]:
        """Return one dict a layer; the level of domain `sys` is `sys_v` or `sys`.

        Other axes go by their names.
        """
        unit = "_v" if self.rails.dtype.kind == "f" else ""
        return [
            {
                "name": str(layer["name"]),
                "state": int(state),
                **{
                    f"{domain}{unit}": level
                    for domain, level in zip(
                        self.domains, layer["level"].tolist(), strict=True
                    )
                },
                **{name: column[i] for name, column in self.settings.items()},
                **{name: float(layer[name]) for name in COSTS},
            }
            for i, (layer, state) in enumerate(
                zip(self.layers, self.states, strict=True)
            )
        ]

    def describe_rails(self) -> str:
        """Return the levels in use as text."""
        if self.rails.dtype.kind == "f":
            return ", ".join(f"{rail:.2f} V" for rail in self.rails)
        return "levels " + ", ".join(str(rail) for rail in self.rails)

    def _title(self) -> str:
        return f"Solution of {len(self.states)} layers, by search '{self.search}'"

    def _summary(self) -> list[tuple[str, str]]:
        tail = "idle" if self.tail is None else f"asleep in state {self.tail}"
        return [
            (
                "period",
                f"{with_prefix(self.period_s, 's')} ({self.fps:.4g} fps), active "
                f"{100 * self.active_time_s / self.period_s:.1f} %, then {tail}",
            ),
            ("rails", self.describe_rails()),
            (
                "energy",
                f"{with_prefix(self.energy_j, 'J')} a period "
                f"({describe_proof(self.status, self.gap)}), "
                f"{with_prefix(self.power_w, 'W')}",
            ),
        ]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        digits = ".2f" if self.rails.dtype.kind == "f" else "d"
        rows = [
            [
                str(layer["name"]),
                *(f"{level:{digits}}" for level in layer["level"]),
                *(str(column[i]) for column in self.settings.values()),
                with_prefix(layer["time_s"], "s"),
                with_prefix(layer["energy_j"], "J"),
            ]
            for i, layer in enumerate(self.layers)
        ]
        columns = ["layer", *self.domains, *self.settings, "time", "energy"]
        return f"{len(rows)} layers", columns, rows


COSTS = ("time_s", "energy_j", "leakage_w")


def make_layers(
    names: Any, levels: NDArray[Any], **costs: NDArray[numpy.float64]
) -> NDArray[Any]:
    """Return the array `layers`: levels [layer, domain], and COSTS [layer]."""
    width = max(len(name) for name in names)
    dtype = numpy.dtype(
        [
            ("name", f"U{width}"),
            ("level", levels.dtype, levels.shape[1:]),
            *((name, numpy.float64) for name in COSTS),
        ]
    )
    layers = numpy.zeros(len(names), dtype)
    layers["name"], layers["level"] = names, levels
    for name in COSTS:
        layers[name] = costs[name]
    return layers


class SolutionsAnswer(Answer):
    """An answer with a solution for each of several networks.

    Attributes
    ----------
    solutions : tuple of Solution
    """

    solutions: tuple[Solution, ...]

    @property
    def period_s(self) -> NDArray[numpy.float64]:
        """The networks' periods in seconds, shape [network]."""
        return floats([solution.period_s for solution in self.solutions])

    @property
    def fps(self) -> NDArray[numpy.float64]:
        """The networks' inferences a second, shape [network]."""
        return floats(1 / self.period_s)

    @property
    def active_time_s(self) -> NDArray[numpy.float64]:
        """The time of all layers and transitions, in seconds, shape [network]."""
        return floats([solution.active_time_s for solution in self.solutions])
