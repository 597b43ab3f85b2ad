# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A schedule as a value: numbers, pictures and IR."""

import copy
import importlib
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy
from numpy.typing import NDArray

from .. import ir
from ..dialects import power
from ..errors import CompilationError, translate_mlir_error
from ..files import write_atomically
from ..modules import print_module
from ..units import with_prefix
from .answer import Row, Status, describe_proof, floats, freeze, status_of
from .scheduled import ScheduledAnswer, read_numbers
from .summary import BOUNDS, Summary, bytes_of, time_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Tail:
    """How the period ends.

    Attributes
    ----------
    kind : {"idle", "sleep"}
        Waiting powered, or in a sleep state.
    state : str or None
        The sleep state, or an idle state of the target; None for waiting in the state
        of the last layer.
    time_s, energy_j : float
        From the last layer, or from where the idle state is entered, to the end of the
        period.
    power_w : float or None
        In that state, in watts; None without one.
    overhead_time_s, overhead_energy_j : float
        What it takes to enter and leave a sleep state, which are in the numbers above,
        or to enter an idle state, which are not.
    code : int or None
        What the power manager's `tail` is told; None where there is no such field.
    """

    kind: str
    state: str | None
    time_s: float
    energy_j: float
    power_w: float | None = None
    overhead_time_s: float = 0.0
    overhead_energy_j: float = 0.0
    code: int | None = None


class Schedule(ScheduledAnswer):
    """A schedule of a network on an accelerator, as `pfmlir.schedule` returns it.

    A value, as every `Answer` is: it doesn't change, and can be compared, pickled,
    saved and loaded.

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
        The same energy as `dynamic`, `leakage`, `transition` and `tail`; and where the
        target has either, as `awake` (the system around it) and `rails`.
    dispatch_time_s : float
        What passes before each layer until it starts, in seconds.
    layers : ndarray, shape [layer]
        Structured: `name`, `workload`, `operation`, `multiply_accumulates`, `start_s`,
        `time_s`, `transition_time_s`, `transition_energy_j`, `energy_j`,
        `dynamic_energy_j`, `leakage_energy_j`, `leakage_w`; per domain `voltage_v`,
        `dynamic_energy_by_domain_j`, `leakage_energy_by_domain_j`; the shares of the
        network `share_of_work` (multiply-accumulates), `share_of_bytes`,
        `share_of_time` (of `active_time_s`) and `share_of_energy` (of a period's); what
        it waits for most of its time, `bound`, and the times of all that it can wait
        for, `compute_time_s`, `weights_time_s`, `feeding_time_s` and
        `other_work_time_s`; and `activation_bits`, `weight_bits`, `output_bits`,
        `bytes` and `other_work_energy_j`. NaN, 0 bits and "" where the cost model
        doesn't know.
    modes, banks : dict
        Of each domain that is in a mode in some layer, that in each layer, "" for
        none; of each memory that costs something to wake, the powered banks.
    powered_banks : dict
        Of each memory, how many banks are powered in each layer, NaN where the layer's
        costs don't say; means where only part of the time.
    codes : tuple of dict
        By layer, what the power manager's registers hold while it runs: codes by kind
        of field ("rail", "mode", "banks") and what that is of, and of "engine". Empty
        where the target has no `power.register_map`, or can't be told.
    implementations : tuple of str
        By layer, the engine or other way in which it runs; "" where there is one way.
    tail : Tail
        How the period ends.
    early_tail : str or None
        The sleep state in which periods wait that end before the last layer; None where
        none do. Energies are those of a period in the mean.
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

    FORMAT = "pfmlir schedule"
    OPERATION = power.ScheduleOp
    VERSION = 3

    def __init__(self, data: Mapping[str, Any], ir: str) -> None:
        super().__init__(data, ir)
        self.function: str = data["function"]
        self.target: str = data["target"]
        self.search: str = data["search"]
        self.period_s = float(data["period_s"])
        self.active_time_s = float(data["active_time_s"])
        self.levels_v = floats(data["levels_v"])
        self.rails_v = floats(data["rails_v"])
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
        self.dispatch_time_s = float(data.get("dispatch_time_s", 0.0))
        self.modes: dict[str, tuple[str, ...]] = _read_choices(data, "modes", "")
        self.banks: dict[str, tuple[int, ...]] = _read_choices(data, "banks", 0)
        self.powered_banks: dict[str, tuple[float, ...]] = _read_choices(
            data, "powered_banks", math.nan
        )
        self.codes: tuple[dict[str, Any], ...] = tuple(
            copy.deepcopy(layer.get("codes", {})) for layer in data["layers"]
        )
        self.implementations: tuple[str, ...] = tuple(
            layer.get("implementation", "") for layer in data["layers"]
        )
        tail = data["tail"]
        self.tail = Tail(
            tail["kind"],
            tail.get("state"),
            float(tail["time_s"]),
            float(tail["energy_j"]),
            tail.get("power_w"),
            float(tail.get("overhead_time_s", 0.0)),
            float(tail.get("overhead_energy_j", 0.0)),
            tail.get("code"),
        )
        self.early_tail: str | None = data.get("early_tail")
        self._is_made = True

    # -- properties ---------------------------------------------------------

    @property
    def fps(self) -> float:
        """Inferences a second."""
        return 1 / self.period_s

    @cached_property
    def summary(self) -> Summary:
        """What it says of the whole network: work, memories, operations; made once."""
        return Summary.from_schedule(self._data)

    @property
    def voltages_v(self) -> NDArray[numpy.float64]:
        """The level of every domain in each layer in volts, shape [layer, domain]."""
        voltages: NDArray[numpy.float64] = self.layers["voltage_v"]
        return voltages

    @property
    def power_w(self) -> float:
        """Power on average, in watts."""
        return self.energy_j / self.period_s

    @property
    def is_optimal(self) -> bool:
        """Whether the schedule is proven to be one of least energy."""
        return self.gap == 0

    @property
    def status(self) -> Status:
        """What is known of the schedule: whether it is proven, or why not."""
        return status_of(self.search, self.is_optimal)

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

    # -- from and to elsewhere ----------------------------------------------

    @classmethod
    def from_module(cls, module: ir.Module, *, with_weights: bool = True) -> Self:
        """Read the schedule of a module that has one.

        Parameters
        ----------
        module
            The module.
        with_weights
            Whether to keep weights that it has, which become text.

        Raises
        ------
        CompilationError
            It has none.
        """
        data = read_numbers(module)
        if "system" in data:
            raise CompilationError(
                "expected one network, but the module has a power.system; "
                "pfmlir.schedule_system schedules all of it"
            )
        return cls(data, print_module(module, with_weights=with_weights))

    @classmethod
    def _from_version(cls, content: dict[str, Any], version: int) -> Self:
        return cls._from_ir(content, ADDED if version < 3 else frozenset())

    def to_artifact(self, name: str) -> str:
        """Return what the schedule is handed on as: `docs/artifacts.md` has all.

        Parameters
        ----------
        name : {"c-header", "verilog", "vcd", "perfetto", "spice", "device-tree", "upf"}
            Which; as `pf-translate` prints it.

        Raises
        ------
        CompilationError
            There is none of that name, or it can't be made.
        """
        try:
            return power.print_artifact(self.module.operation, name)
        except ir.MLIRError as error:
            raise translate_mlir_error(error, f"there is no {name}") from None

    def to_rows(self) -> list[Row]:
        """Return one dict a layer; the voltage of domain `sys` is `sys_v`."""
        return [
            dict(zip(columns, _flat(layer), strict=True))
            for columns in [self._columns()]
            for layer in self.layers
        ]

    def _columns(self) -> list[str]:
        """Return the names of columns, as in the CSV."""
        columns: list[str] = []
        for name in self.layers.dtype.names or ():
            if name not in BY_DOMAIN:
                columns.append(name)
                continue
            for domain in self.domains:
                key = f"{domain}_v" if name == "voltage_v" else f"{domain}_{name}"
                columns.append(key.replace("_by_domain", ""))
        return columns

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
        return super().plot(kind, baseline)

    def report(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        beside: Sequence["Schedule"] = (),
    ) -> str:
        """Return a page of HTML about the schedule, which needs nothing but itself.

        Parameters
        ----------
        path
            Where to write it, too; whole or not at all.
        beside
            Other schedules to put it side by side with.
        """
        # As pictures, pages know answers, and not the other way round.
        render = importlib.import_module("pfmlir.report").render_report
        page: str = render([self, *beside])
        if path is not None:
            write_atomically(Path(path), page)
        return page

    # -- as a value ---------------------------------------------------------

    def _title(self) -> str:
        return (
            f"Schedule of @{self.function} on @{self.target}, "
            f"{len(self.layers)} layers, by search '{self.search}'"
        )

    def _summary(self) -> list[tuple[str, str]]:
        rails = ", ".join(f"{rail:.2f} V" for rail in self.rails_v)
        tail = "asleep" if self.tail.kind == "sleep" else "idle"
        if self.tail.state:
            tail += f" in @{self.tail.state}"
        proof = describe_proof(self.status, self.gap)
        rows = self._summary_of_unscheduled()
        rows += [
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
        return rows

    def _summary_of_unscheduled(self) -> list[tuple[str, str]]:
        """Return what is not in all other numbers, if something is not."""
        found = self.summary
        if not found.unscheduled_operations:
            return []
        text = f"{found.unscheduled_operations} operations that no model costs"
        if found.account:
            text += (
                f": {100 * found.unscheduled_work:.1f} % of multiply-accumulates, "
                f"{100 * found.unscheduled_bytes:.1f} % of bytes"
            )
        return [("without", text)]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        domains = [f"{domain} (V)" for domain in self.domains]
        choices: dict[str, tuple[Any, ...]] = {
            **{f"{domain} mode": modes for domain, modes in self.modes.items()},
            **{f"{memory} (banks)": banks for memory, banks in self.banks.items()},
        }
        if any(self.implementations):
            choices["runs by"] = self.implementations
        rows = [
            [
                str(layer["name"]),
                *(f"{voltage:.2f}" for voltage in layer["voltage_v"]),
                *(str(column[i]) for column in choices.values()),
                with_prefix(layer["time_s"], "s"),
                with_prefix(layer["energy_j"], "J"),
            ]
            for i, layer in enumerate(self.layers)
        ]
        columns = ["layer", *domains, *choices, "time", "energy"]
        return f"{len(rows)} layers", columns, rows


def _read_choices(data: Mapping[str, Any], what: str, nothing: Any) -> dict[str, Any]:
    """Return by name what was chosen in each layer."""
    layers = [layer.get(what, {}) for layer in data["layers"]]
    names = sorted({name for layer in layers for name in layer})
    return {name: tuple(layer.get(name, nothing) for layer in layers) for name in names}


# What files of versions 1 and 2 don't have.
ADDED = frozenset(
    {
        "unscheduled",
        "memories",
        "account",
        "operation",
        "shapes",
        "bits",
        "bytes",
        "bound",
        "time_by_bound_s",
        "other_work_energy_j",
        "shares",
        "powered_banks",
        "codes",
        "code",
    }
)

NUMBERS = (
    "start_s",
    "time_s",
    "probability",
    "transition_time_s",
    "transition_energy_j",
    "energy_j",
    "dynamic_energy_j",
    "leakage_energy_j",
    "leakage_w",
)
SHARES = ("work", "bytes", "time", "energy")
BITS = {
    "activation_bits": "activations",
    "weight_bits": "weights",
    "output_bits": "outputs",
}
BY_DOMAIN = ("voltage_v", "dynamic_energy_by_domain_j", "leakage_energy_by_domain_j")


def _flat(layer: Any) -> list[Any]:
    """Return a layer's fields as plain values, one after the other."""
    values: list[Any] = []
    for value in layer:
        plain = value.tolist()
        values += plain if isinstance(plain, list) else [plain]
    return values


def _read_layers(
    layers: list[dict[str, Any]], domains: tuple[str, ...]
) -> NDArray[Any]:
    def width(key: str) -> int:
        return max(1, *(len(layer.get(key, "")) for layer in layers))

    dtype = numpy.dtype(
        [
            ("name", f"U{width('name')}"),
            ("workload", f"U{width('workload')}"),
            ("multiply_accumulates", numpy.int64),
            *((name, numpy.float64) for name in NUMBERS),
            *((name, numpy.float64, (len(domains),)) for name in BY_DOMAIN),
            ("operation", f"U{width('operation')}"),
            *((name, numpy.int64) for name in BITS),
            ("bytes", numpy.float64),
            ("bound", f"U{width('bound')}"),
            *((f"{bound}_time_s", numpy.float64) for bound in BOUNDS),
            ("other_work_energy_j", numpy.float64),
            *((f"share_of_{share}", numpy.float64) for share in SHARES),
        ]
    )
    array = numpy.zeros(len(layers), dtype)
    for row, layer in zip(array, layers, strict=True):
        row["name"] = layer["name"]
        row["workload"] = layer.get("workload", "")
        row["multiply_accumulates"] = layer.get("multiply_accumulates", 0)
        for name in NUMBERS:
            row[name] = layer.get(name, 1.0) if name == "probability" else layer[name]
        for name in BY_DOMAIN:
            by_domain = layer.get(name, {})
            row[name] = [by_domain.get(domain, math.nan) for domain in domains]
        _read_work(row, layer)
    return freeze(array)


def _read_work(row: Any, layer: dict[str, Any]) -> None:
    """Read what a layer is and what it waits for into its row, as far as is known."""
    row["operation"] = layer.get("operation", "")
    for name, tensor in BITS.items():
        row[name] = layer.get("bits", {}).get(tensor, 0)
    row["bytes"] = bytes_of(layer)
    row["bound"] = layer.get("bound", "")
    for bound in BOUNDS:
        row[f"{bound}_time_s"] = time_of(layer, bound)
    row["other_work_energy_j"] = layer.get("other_work_energy_j", math.nan)
    for share in SHARES:
        row[f"share_of_{share}"] = layer.get("shares", {}).get(share, math.nan)
