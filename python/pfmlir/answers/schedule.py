# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A schedule as a value: numbers, pictures and IR."""

import html
import json
import math
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

from ..errors import translate_mlir_error
from ..files import read_json, write_atomically
from ..units import with_prefix

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure

    from .. import ir

FORMAT = "pfmlir schedule 1"


@dataclass(frozen=True)
class Tail:
    """How the period ends.

    Attributes
    ----------
    kind : {"idle", "sleep"}
        Waiting powered, or in a sleep state.
    state : str or None
        The sleep state.
    time_s, energy_j : float
        From the last layer to the end of the period.
    """

    kind: str
    state: str | None
    time_s: float
    energy_j: float


class Schedule:
    """A schedule of a network on an accelerator, as `pfmlir.schedule` returns it.

    It doesn't change, and can be compared, pickled, saved and loaded.

    Attributes
    ----------
    function, target : str
        Symbols of the network and of the accelerator.
    search : str
        What found the schedule.
    period_s, active_time_s : float
        From one inference to the next, and all layers and transitions, in seconds.
    levels_v, rails_v : ndarray
        Candidate levels, and those of them in use, in volts.
    domains : tuple of str
        The power domains.
    energy_j, lower_bound_j, gap : float
        Energy of one period in joules, what no schedule costs less than, and how far
        the first can be above the optimum, relative to it.
    energy_split_j : dict
        The same energy as `dynamic`, `leakage`, `transition` and `tail`.
    layers : ndarray, shape [layer]
        Structured: `name`, `workload`, `multiply_accumulates`, `start_s`, `time_s`,
        `transition_time_s`, `transition_energy_j`, `energy_j`, `dynamic_energy_j`,
        `leakage_energy_j`, `leakage_w`; and per domain `voltage_v`,
        `dynamic_energy_by_domain_j`, `leakage_energy_by_domain_j` (NaN where the cost
        model doesn't know).
    tail : Tail
        How the period ends.
    baselines_j : dict
        Energy of simpler policies that keep the deadline and the target's limits.
    references : dict
        Policies that keep the deadline, but not the target's limits: `energy_j`, and
        `differs_in`, a list of "gating", "levels" and "rails".
    uncosted : dict
        How many operations of each kind no cost model speaks of.
    ir : str
        The scheduled module as `pf-opt` prints it.
    """

    def __init__(self, data: dict[str, Any], ir: str) -> None:
        self._data = data
        self.ir = ir
        self.function: str = data["function"]
        self.target: str = data["target"]
        self.search: str = data["search"]
        self.period_s = float(data["period_s"])
        self.active_time_s = float(data["active_time_s"])
        self.levels_v = _frozen(data["levels_v"])
        self.rails_v = _frozen(data["rails_v"])
        self.energy_j = float(data["energy_j"])
        self.lower_bound_j = float(data["lower_bound_j"])
        self.gap = float(data["gap"])
        self.energy_split_j: dict[str, float] = {
            name: float(value) for name, value in data["energy_split_j"].items()
        }
        self.baselines_j: dict[str, float] = {
            name: float(value) for name, value in data["baselines_j"].items()
        }
        self.references: dict[str, dict[str, Any]] = dict(data.get("references", {}))
        self.uncosted: dict[str, int] = dict(data["uncosted"])
        self.domains: tuple[str, ...] = tuple(data["layers"][0]["voltage_v"])
        self.layers = _read_layers(data["layers"], self.domains)
        tail = data["tail"]
        self.tail = Tail(
            tail["kind"],
            tail.get("state"),
            float(tail["time_s"]),
            float(tail["energy_j"]),
        )
        self._is_made = True

    def __setattr__(self, name: str, value: Any) -> None:
        if self.__dict__.get("_is_made"):
            raise AttributeError(f"a Schedule doesn't change, nor does its {name!r}")
        super().__setattr__(name, value)

    # -- properties ---------------------------------------------------------

    @property
    def fps(self) -> float:
        """Inferences a second."""
        return 1 / self.period_s

    @property
    def power_w(self) -> float:
        """Power on average, in watts."""
        return self.energy_j / self.period_s

    @property
    def is_optimal(self) -> bool:
        """Whether the schedule is proven to be one of least energy."""
        return self.gap == 0

    @property
    def savings(self) -> dict[str, float]:
        """The part of each baseline's energy that the schedule saves."""
        return {
            name: (energy - self.energy_j) / energy
            for name, energy in self.baselines_j.items()
            if energy
        }

    @property
    def energy_by_domain_j(self) -> dict[str, dict[str, float]]:
        """Dynamic and leakage energy of all layers by domain.

        NaN where the cost model doesn't know.
        """
        return {
            domain: {
                kind: float(self.layers[f"{kind}_energy_by_domain_j"][:, i].sum())
                for kind in ("dynamic", "leakage")
            }
            for i, domain in enumerate(self.domains)
        }

    @cached_property
    def module(self) -> "ir.Module":
        """The scheduled module as IR, in a context of its own; made once."""
        from .. import ir

        return ir.Module.parse(self.ir, ir.Context())

    # -- from and to elsewhere ----------------------------------------------

    @classmethod
    def from_module(cls, module: "ir.Module") -> "Schedule":
        """Read the schedule of a module that has one.

        Raises
        ------
        CompilationError
            It has none.
        """
        from .. import ir
        from ..dialects import power

        try:
            text = power.print_schedule(module.operation, "json")
        except ir.MLIRError as error:
            raise translate_mlir_error(error, "there is no schedule") from None
        return cls(json.loads(text), _print(module))

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as `docs/output.md` describes them."""
        return json.loads(json.dumps(self._data))

    def to_text(self, format: str = "table") -> str:
        """Return the schedule as `pf-translate` prints it.

        Parameters
        ----------
        format : {"table", "json", "csv"}
            For people, or for programs; `docs/output.md` describes them.
        """
        from ..dialects import power

        if format not in ("table", "json", "csv"):
            raise ValueError(f"format: expected table, json or csv, but got {format!r}")
        from .. import ir

        try:
            return power.print_schedule(self.module.operation, format)
        except ir.MLIRError as error:
            raise translate_mlir_error(error, "there is no schedule") from None

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the schedule, numbers and IR, as JSON; whole or not at all."""
        data = {"format": FORMAT, **self._data, "ir": self.ir}
        write_atomically(Path(path), json.dumps(data, indent=1) + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Schedule":
        """Read what `save` wrote.

        Raises
        ------
        ValueError
            The file is something else.
        """
        path = Path(path)
        data = read_json(path)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            got = data.get("format") if isinstance(data, dict) else type(data).__name__
            raise ValueError(
                f"'{path}' is not a saved schedule: expected format {FORMAT!r}, but "
                f"got {got!r}"
            )
        try:
            text = data.pop("ir")
            del data["format"]
            return cls(data, text)
        except (AttributeError, KeyError, IndexError, TypeError) as error:
            raise ValueError(f"'{path}' is not a whole schedule: {error!r}") from None

    def to_pandas(self) -> "pandas.DataFrame":
        """Return one row a layer; needs pandas."""
        import pandas

        columns: dict[str, Any] = {}
        for name in self.layers.dtype.names or ():
            values = self.layers[name]
            if values.ndim == 1:
                columns[name] = values
                continue
            for i, domain in enumerate(self.domains):
                # voltage_v of sys is sys_v, as in the CSV.
                key = f"{domain}_v" if name == "voltage_v" else f"{domain}_{name}"
                columns[key.replace("_by_domain", "")] = values[:, i]
        return pandas.DataFrame(columns)

    # -- pictures -----------------------------------------------------------

    def plot(
        self, kind: str = "timeline", baseline: "Schedule | None" = None
    ) -> "Figure":
        """Draw the schedule; needs matplotlib.

        Parameters
        ----------
        kind : {"timeline", "breakdown", "layers", "states"}
            Power over the period; the energy by part; energy and time by layer; the
            state of every layer.
        baseline
            Another schedule to draw it against, of the same network and period.
        """
        from ..plots import draw

        return draw(self, kind, baseline)

    # -- as a value ---------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Schedule):
            return NotImplemented
        return self._data == other._data and self.ir == other.ir

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple:
        return type(self), (self._data, self.ir)

    def _summary(self) -> list[tuple[str, str]]:
        rails = ", ".join(f"{rail:.2f} V" for rail in self.rails_v)
        tail = f"asleep in @{self.tail.state}" if self.tail.state else "idle"
        proof = (
            "proven optimal"
            if self.is_optimal
            else f"at most {100 * self.gap:.4f} % above the optimum"
        )
        rows = [
            (
                "period",
                f"{with_prefix(self.period_s, 's')} ({self.fps:.4g} fps), active "
                f"{100 * self.active_time_s / self.period_s:.1f} %, then {tail}",
            ),
            ("rails", rails),
            (
                "energy",
                f"{with_prefix(self.energy_j, 'J')} a period ({proof}), "
                f"{with_prefix(self.power_w, 'W')}",
            ),
        ]
        if self.savings:
            rows.append(
                (
                    "saves",
                    ", ".join(
                        # Not "-0.0 %", where sums round otherwise.
                        f"{round(100 * saving, 1) + 0.0:.1f} % against "
                        f"{name.removesuffix('_gated')}"
                        for name, saving in self.savings.items()
                    ),
                )
            )
        if self.uncosted:
            number = sum(self.uncosted.values())
            rows.append(("without", f"{number} operations that no model costs"))
        return rows

    def __repr__(self) -> str:
        lines = [f"  {name:<8}{text}" for name, text in self._summary()]
        head = (
            f"<Schedule of @{self.function} on @{self.target}, "
            f"{len(self.layers)} layers, by search '{self.search}'"
        )
        return "\n".join([head, *lines]) + ">"

    def _repr_html_(self) -> str:
        """Return what notebooks show."""

        def row(cells: list[str], tag: str = "td") -> str:
            inner = "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)
            return f"<tr>{inner}</tr>"

        summary = "".join(row([name, text]) for name, text in self._summary())
        header = row(
            ["layer", *(f"{domain} (V)" for domain in self.domains), "time", "energy"],
            "th",
        )
        body = "".join(
            row(
                [
                    str(layer["name"]),
                    *(f"{voltage:.2f}" for voltage in layer["voltage_v"]),
                    with_prefix(layer["time_s"], "s"),
                    with_prefix(layer["energy_j"], "J"),
                ]
            )
            for layer in self.layers
        )
        return (
            f"<b>Schedule of @{html.escape(self.function)} on "
            f"@{html.escape(self.target)}</b>"
            f"<table>{summary}</table>"
            f"<details><summary>{len(self.layers)} layers</summary>"
            f"<table>{header}{body}</table></details>"
        )


def _print(module: "ir.Module") -> str:
    """Return a module's text as pf-opt prints it."""
    return f"{module.operation}\n"


def _frozen(values: Any) -> NDArray[numpy.float64]:
    array = numpy.asarray(values, dtype=numpy.float64)
    array.flags.writeable = False
    return array


NUMBERS = (
    "start_s",
    "time_s",
    "transition_time_s",
    "transition_energy_j",
    "energy_j",
    "dynamic_energy_j",
    "leakage_energy_j",
    "leakage_w",
)
BY_DOMAIN = ("voltage_v", "dynamic_energy_by_domain_j", "leakage_energy_by_domain_j")


def _read_layers(layers: list[dict[str, Any]], domains: tuple[str, ...]) -> NDArray:
    def width(key: str) -> int:
        return max(1, *(len(layer.get(key, "")) for layer in layers))

    dtype = numpy.dtype(
        [
            ("name", f"U{width('name')}"),
            ("workload", f"U{width('workload')}"),
            ("multiply_accumulates", numpy.int64),
            *((name, numpy.float64) for name in NUMBERS),
            *((name, numpy.float64, (len(domains),)) for name in BY_DOMAIN),
        ]
    )
    array = numpy.zeros(len(layers), dtype)
    for row, layer in zip(array, layers, strict=True):
        row["name"] = layer["name"]
        row["workload"] = layer.get("workload", "")
        row["multiply_accumulates"] = layer.get("multiply_accumulates", 0)
        for name in NUMBERS:
            row[name] = layer[name]
        for name in BY_DOMAIN:
            by_domain = layer.get(name, {})
            row[name] = [by_domain.get(domain, math.nan) for domain in domains]
    array.flags.writeable = False
    return array
