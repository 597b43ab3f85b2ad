# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A schedule as a graph, for Model Explorer.

Its loader of JSON takes a list of graphs. Nodes are what depends on the network's
inputs; they are linked by their data, and grouped by the submodules that layers are
called after.
"""

import json
from collections.abc import Iterator
from typing import Any

from .. import ir
from ..answers import Schedule
from ..answers.answer import describe_proof
from ..dialects import power
from ..plots.style import lighter, voltage_colors
from ..units import with_prefix
from .hardware import Hardware

Node = dict[str, Any]


def _operands(op: ir.Operation) -> Iterator[Any]:
    """Yield what an operation uses, and what those in it use."""
    yield from op.operands
    for region in op.regions:
        for block in region:
            for nested in block:
                yield from _operands(nested.operation)


def _attributes(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


class _Graph:
    """The nodes of a schedule's network, in the order of the program."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._colors = voltage_colors(sorted({*schedule.voltages_v.ravel().tolist()}))
        self._memories = Hardware(schedule).memories()
        # Of values that depend on the network's inputs: node, and number of result.
        self._sources: dict[Any, tuple[str, int]] = {}
        self._layers = 0
        self.nodes: list[Node] = []
        # By namespace, joules and seconds of the layers in it.
        self.groups: dict[str, list[float]] = {}
        block = Hardware(schedule).function_block()
        for i, argument in enumerate(block.arguments):
            self._add(f"input {i}", "input", [], [argument])
        for op in block:
            self._visit(op.operation)

    def _visit(self, op: ir.Operation) -> None:
        used = [value for value in _operands(op) if value in self._sources]
        if isinstance(op.opview, power.LayerOp):
            self._add_layer(op, used)
        elif used and op.name == "func.return":
            self._add("output", "output", used, [])
        elif used:
            node = self._add(
                f"operation {len(self.nodes)}", op.name, used, list(op.results)
            )
            node["attrs"] = _attributes({"cost": "in no layer"})

    def _add(
        self, identity: str, label: str, used: list[Any], results: list[Any]
    ) -> Node:
        """Add a node that uses values, and has results."""
        sources = dict.fromkeys(self._sources[value] for value in used)
        node: Node = {
            "id": identity,
            "label": label,
            "namespace": "",
            "incomingEdges": [
                {
                    "sourceNodeId": source,
                    "sourceNodeOutputId": str(result),
                    "targetNodeInputId": str(i),
                }
                for i, (source, result) in enumerate(sources)
            ],
            "outputsMetadata": [
                {"id": str(i), "attrs": _attributes({"tensor": str(result.type)})}
                for i, result in enumerate(results)
            ],
        }
        self._sources |= {value: (identity, i) for i, value in enumerate(results)}
        self.nodes.append(node)
        return node

    def _add_layer(self, op: ir.Operation, used: list[Any]) -> None:
        i = self._layers
        layer = self._schedule.layers[i]
        *groups, label = str(layer["name"]).split(".")
        node = self._add(f"layer {i}", label or "layer", used, list(op.results))
        node["namespace"] = "/".join(groups)
        node["attrs"] = _attributes(self._facts(i))
        color = self._colors[float(layer["voltage_v"][0])]
        # Labels are dark.
        node["style"] = {"backgroundColor": lighter(color, 0.6), "borderColor": color}
        for depth in range(1, len(groups) + 1):
            sums = self.groups.setdefault("/".join(groups[:depth]), [0.0, 0.0])
            sums[0] += float(layer["energy_j"])
            sums[1] += float(layer["time_s"])
        self._layers += 1

    def _facts(self, i: int) -> dict[str, str]:
        """Return what is shown of a layer."""
        schedule = self._schedule
        layer = schedule.layers[i]
        share = float(layer["energy_j"]) / schedule.energy_j if schedule.energy_j else 0
        facts = {
            "energy": with_prefix(float(layer["energy_j"]), "J"),
            "share of energy": f"{100 * share:.2f} %",
            "time": with_prefix(float(layer["time_s"]), "s"),
            "start": with_prefix(float(layer["start_s"]), "s"),
        }
        for domain, voltage in zip(
            schedule.domains, layer["voltage_v"].tolist(), strict=True
        ):
            facts[f"{domain} voltage"] = f"{voltage:.2f} V"
        for memory in self._memories:
            if memory.powered[i] is not None:
                facts[f"{memory.name} banks"] = f"{memory.powered[i]:g}"
        if layer["workload"]:
            facts["workload"] = str(layer["workload"])
            facts["multiply-accumulates"] = str(layer["multiply_accumulates"])
        return facts


def schedule_graph(schedule: Schedule) -> list[dict[str, Any]]:
    """Return a schedule as Model Explorer's loader takes it: a list of one graph.

    Layers have the colour of the first domain's voltage, as in pictures, and energy,
    time, voltages and powered banks as attributes. Operations between layers are nodes
    without a colour; what depends on weights alone is none.

    Examples
    --------
    >>> import pfmlir
    >>> (graph,) = schedule_graph(pfmlir.schedule("keyword_spotter"))
    >>> [node["label"] for node in graph["nodes"]][:2]
    ['input', '0']
    """
    graph = _Graph(schedule)
    rails = ", ".join(f"{rail:.2f} V" for rail in schedule.rails_v)
    whole = {
        "energy": with_prefix(schedule.energy_j, "J"),
        "proof": describe_proof(schedule.status, schedule.gap),
        "period": with_prefix(schedule.period_s, "s"),
        "rails": rails or "none",
        "accelerator": schedule.target,
    }
    groups = {
        name: {"energy": with_prefix(energy, "J"), "time": with_prefix(time, "s")}
        for name, (energy, time) in graph.groups.items()
    }
    return [
        {
            "id": schedule.function,
            "nodes": graph.nodes,
            "groupNodeAttributes": {"": whole, **groups},
        }
    ]


def print_graph(schedule: Schedule) -> str:
    """Return `schedule_graph` as JSON."""
    return json.dumps(schedule_graph(schedule), indent=1, ensure_ascii=False) + "\n"
