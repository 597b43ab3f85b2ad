# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The networks on the accelerator of the paper: layers, cost tables, schedules.

Everything is made once and kept, so that experiments can ask for what they need.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy
import pfmlir
from tqdm import tqdm

from benchmarks.search_instances import fastest_time_s
from testing.reference.shapes import load_networks, network_shapes

from .results import DisagreementError

# What the paper schedules; and where the layers of its lists are not those that the
# model has.
NETWORKS = ("squeezenet", "resnet18", "mobilenetv3_small", "mobilevit_xxs")
FROM_SHAPES = ("mobilevit_xxs",)

LABELS = {
    "squeezenet": "SqueezeNet 1.1",
    "resnet18": "ResNet-18",
    "mobilenetv3_small": "MobileNetV3-Small",
    "mobilevit_xxs": "MobileViT-XXS",
    "mobilenetv2": "MobileNetV2",
    "ds_cnn": "DS-CNN (keyword spotting)",
    "person_detection": "MobileNetV1-0.25 (person detection)",
}

LEVELS_V: dict[str, tuple[float, ...]] = {
    "V3": (0.9, 1.1, 1.3),
    "V4": (0.9, 1.0, 1.1, 1.2, 1.3),
    "V5": (0.9, 1.0, 1.1, 1.2, 1.25, 1.3),
    "nine": (0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3),
}
NOMINAL_V = 1.1
DOMAIN_LABELS = {"sys": "compute", "weight": "weight", "feeder": "feature map"}

# How far an optimum may be above its bound, relative.
PROVEN = 1e-11

Solved = TypeVar("Solved", pfmlir.Solution, pfmlir.Schedule)

# What a period costs by each of them; the searches have gating. In the order of
# figures and tables.
METHODS = {
    "nominal": "nominal",
    "nominal_gated": "nominal, gated",
    "greedy": "greedy",
    "greedy_gated": "greedy, gated",
    "lambda-dp": "lambda-DP",
    "exact": "optimum",
}


def energy_column(method: str) -> str:
    """Return what a method's energy is called in data."""
    return f"{method.replace('-', '_')}_j"


def percent(part: float, digits: int = 2) -> str:
    """Return a part of one as text."""
    return f"{100 * part + 0.0:.{digits}f} %".replace("-", "−")  # noqa: RUF001


class Setting:
    """Networks, their cost tables on pf40, and their schedules.

    Parameters
    ----------
    quick
        Few rates, and the paper's networks from shapes: for tests.
    """

    def __init__(self, quick: bool = False) -> None:
        self.quick = quick
        # Each asks for what others made; a cache by method would outlive the setting.
        for name in ("model", "layers", "tables", "highest_fps"):
            setattr(self, name, functools.cache(getattr(self, name)))

    def track(self, items: Iterable[Any], what: str) -> Iterable[Any]:
        """Show how far a loop has got."""
        return tqdm(list(items), desc=f"  {what}", leave=False, disable=None)

    def few(self, items: Sequence[Any], number: int) -> Sequence[Any]:
        """Return all items, or the last of them if it is to be quick."""
        return items[-number:] if self.quick else items

    # -- networks -----------------------------------------------------------

    def model(self, name: str) -> "pfmlir.ir.Module":
        """Return a network as torch-mlir lowers it."""
        # Here, as importing torch takes its time.
        from pfmlir.compile import networks

        from . import models

        source = networks if name in networks.NETWORKS else models
        with tqdm(desc=f"  importing {name}", total=1, leave=False, disable=None):
            return pfmlir.import_model(*source.build(name), function=name)

    def is_from_torch(self, name: str) -> bool:
        """Return whether the paper's network is made from PyTorch."""
        return not self.quick and name not in FROM_SHAPES

    def layers(self, name: str, **options: Any) -> "pfmlir.ir.Module":
        """Return the paper's layers of a network on pf40, with its memories.

        Parameters
        ----------
        name
            One of `NETWORKS`.
        options
            What-ifs of `pfmlir.assign_target`; sequences as tuples.
        """
        network = load_networks()[name]
        source = (
            self.model(name)
            if self.is_from_torch(name)
            else pfmlir.import_model(network_shapes(name))
        )
        on_target = pfmlir.assign_target(
            source,
            "pf40",
            banks=network["banks"],
            reduction_chunk=network["layers"][0].get("k_chunk"),
            **options,
        )
        return pfmlir.form_layers(on_target, skip_vector_layers=True)

    def whole_layers(self, name: str) -> "pfmlir.ir.Module":
        """Return all layers of a network from PyTorch, memories as large as needed."""
        return pfmlir.form_layers(pfmlir.assign_target(self.model(name), "pf40"))

    def tables(self, name: str, **options: Any) -> pfmlir.CostTables:
        """Return what `layers` cost in every state."""
        return pfmlir.tabulate_costs(self.layers(name, **options))

    # -- rates --------------------------------------------------------------

    def highest_fps(self, name: str) -> float:
        """Return the highest rate that some schedule keeps."""
        return 1 / fastest_time_s(self.tables(name))

    def nominal_fps(self, name: str) -> int:
        """Return the highest whole rate that nominal voltage keeps."""
        return int(1 / nominal_time_s(self.tables(name)))

    # -- schedules ----------------------------------------------------------

    def schedule(
        self, name: str, fps: float, search: str = "exact", **options: Any
    ) -> pfmlir.Schedule:
        """Return the schedule of a network at a rate."""
        return schedule(self.layers(name, **options), fps, search)

    def energies_j(self, name: str, fps: float) -> dict[str, float | None]:
        """Return the energy of a period by method; None where it is too slow."""
        return energies_j(self.layers(name), self.tables(name), fps)


def proven(found: Solved) -> Solved:
    """Return an exact search's answer.

    Raises
    ------
    DisagreementError
        It is not proven.
    """
    if not found.energy_j * (1 - PROVEN) <= found.lower_bound_j:
        raise DisagreementError(
            f"expected a proven optimum, but got {found.energy_j} J, and a bound of "
            f"{found.lower_bound_j} J"
        )
    return found


def schedule(
    layers: "pfmlir.ir.Module", fps: float, search: str = "exact"
) -> pfmlir.Schedule:
    """Return the schedule of layers on a target."""
    selected = pfmlir.select_states(layers, fps=fps, search=search)
    found = pfmlir.Schedule.from_module(pfmlir.insert_states(selected))
    return proven(found) if search == "exact" else found


def energies_j(
    layers: "pfmlir.ir.Module", tables: pfmlir.CostTables, fps: float
) -> dict[str, float | None]:
    """Return the energy of a period by method; None where it is too slow."""
    try:
        best = schedule(layers, fps)
    except pfmlir.InfeasibleError:
        return dict.fromkeys(METHODS)
    # Without gating, policies differ from the target.
    beside_j = {name: each["energy_j"] for name, each in best.references.items()}
    known_j = best.baselines_j | beside_j
    found = {method: known_j.get(method) for method in METHODS}
    found["exact"] = best.energy_j
    try:
        found["lambda-dp"] = tables.solve(fps=fps, search="lambda-dp").energy_j
    except pfmlir.InfeasibleError:
        found["lambda-dp"] = None
    return found


def single_state(tables: pfmlir.CostTables, voltage_v: float) -> int:
    """Return the state in which all domains are on one voltage."""
    (states,) = numpy.nonzero(numpy.isclose(tables.voltages_v, voltage_v).all(axis=1))
    return int(states[0])


def nominal_time_s(tables: pfmlir.CostTables) -> float:
    """Return the time of all layers at nominal voltage."""
    return float(tables.time_s[:, single_state(tables, NOMINAL_V)].sum())
