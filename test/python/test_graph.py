# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Test schedules as graphs for Model Explorer."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pfmlir
import pytest
from pfmlir.command import main
from pfmlir.plots.style import lighter, voltage_colors
from pfmlir.report.graph import schedule_graph

# What Model Explorer's loader takes, as its `Graph` and `GraphNode` are: of each
# field, whether it may be left out, and what it is; `...` stands for any name.
KEY_VALUES = [{"key": str, "value": str}]
METADATA = [{"id": str, "attrs": KEY_VALUES}]
GRAPHS = [
    {
        "id": str,
        "nodes": [
            {
                "id": str,
                "label": str,
                "namespace": str,
                "attrs?": KEY_VALUES,
                "incomingEdges?": [
                    {
                        "sourceNodeId": str,
                        "sourceNodeOutputId": str,
                        "targetNodeInputId": str,
                    }
                ],
                "outputsMetadata?": METADATA,
                "style?": {"backgroundColor": str, "borderColor": str},
            }
        ],
        "groupNodeAttributes?": {...: {...: str}},
    }
]


def check(value: Any, schema: Any, where: str = "graphs") -> None:
    """Fail where a value is not as a schema says."""
    if isinstance(schema, list):
        assert isinstance(value, list), where
        for i, each in enumerate(value):
            check(each, schema[0], f"{where}[{i}]")
    elif isinstance(schema, dict):
        assert isinstance(value, dict), where
        fields = {str(name).rstrip("?"): each for name, each in schema.items()}
        needed = {name for name in schema if name is not ... and name[-1] != "?"}
        assert needed <= value.keys(), where
        for name, each in value.items():
            kind = schema[...] if ... in schema else fields.get(name)
            assert kind is not None, f"{where}.{name} is unknown"
            check(each, kind, f"{where}.{name}")
    else:
        assert isinstance(value, schema), where


@pytest.fixture(scope="module")
def schedule() -> pfmlir.Schedule:
    return pfmlir.schedule("mobilenetv3_small", target="pf40_keep", fps=60)


@pytest.fixture(scope="module")
def graph(schedule: pfmlir.Schedule) -> dict[str, Any]:
    (found,) = json.loads(json.dumps(schedule_graph(schedule)))
    return dict(found)


def attributes(node: dict[str, Any]) -> dict[str, str]:
    return {each["key"]: each["value"] for each in node["attrs"]}


def layer_nodes(graph: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in graph["nodes"] if node["id"].startswith("layer ")]


@pytest.mark.parametrize("name", ["keyword_spotter", "small_transformer"])
def test_graphs_are_as_the_loader_takes_them(name: str) -> None:
    graphs = schedule_graph(pfmlir.schedule(name, target="pf40"))
    check(json.loads(json.dumps(graphs)), GRAPHS)


def test_edges_lead_from_outputs_of_earlier_nodes(graph: dict[str, Any]) -> None:
    outputs: dict[str, set[str]] = {}
    for node in graph["nodes"]:
        assert node["id"] not in outputs
        for edge in node["incomingEdges"]:
            assert edge["sourceNodeOutputId"] in outputs[edge["sourceNodeId"]]
        outputs[node["id"]] = {each["id"] for each in node["outputsMetadata"]}
    # Every layer is on a way from the input to the output.
    reached = {"output"}
    for node in reversed(graph["nodes"]):
        if node["id"] in reached:
            reached |= {edge["sourceNodeId"] for edge in node["incomingEdges"]}
    assert {node["id"] for node in layer_nodes(graph)} <= reached
    assert "input 0" in reached


def test_a_squeeze_excite_block_is_linked_by_its_data(graph: dict[str, Any]) -> None:
    nodes = {f"{n['namespace']}/{n['label']}": n for n in layer_nodes(graph)}
    by_id = {node["id"]: node for node in graph["nodes"]}
    second = nodes["features/1/block/1/fc2"]
    # What is weighed comes in twice: pooled and narrowed, and as it is.
    sources = [by_id[edge["sourceNodeId"]] for edge in second["incomingEdges"]]
    names = [f"{node['namespace']}/{node['label']}" for node in sources]
    assert sorted(names) == ["features/1/block/0/0", "features/1/block/1/fc1"]
    (source,) = nodes["features/1/block/2/0"]["incomingEdges"]
    assert by_id[source["sourceNodeId"]]["label"] == "fc2"


def test_nodes_have_the_schedules_numbers(
    graph: dict[str, Any], schedule: pfmlir.Schedule
) -> None:
    nodes = layer_nodes(graph)
    assert len(nodes) == len(schedule.layers)
    colors = voltage_colors(sorted({*schedule.voltages_v.ravel().tolist()}))
    for node, layer in zip(nodes, schedule.layers, strict=True):
        name = f"{node['namespace']}/{node['label']}".replace("/", ".")
        assert name == layer["name"]
        found = attributes(node)
        voltages = [f"{voltage:.2f} V" for voltage in layer["voltage_v"]]
        assert [found[f"{domain} voltage"] for domain in schedule.domains] == voltages
        energy, unit = found["energy"].split()
        factor = {"nJ": 1e-9, "µJ": 1e-6}[unit]
        assert math.isclose(float(energy) * factor, layer["energy_j"], rel_tol=1e-3)
        assert re.fullmatch(r"[\d.]+ [nµm]s", found["time"])
        color = colors[float(layer["voltage_v"][0])]
        assert node["style"] == {
            "backgroundColor": lighter(color, 0.6),
            "borderColor": color,
        }
    groups = graph["groupNodeAttributes"]
    assert groups[""]["proof"] == "proven optimal"
    block = schedule.layers[
        [name.startswith("features.1.") for name in schedule.layers["name"].tolist()]
    ]
    energy = float(groups["features/1"]["energy"].split()[0])
    assert math.isclose(energy * 1e-6, block["energy_j"].sum(), rel_tol=1e-3)


def test_layers_without_data_are_nodes_without_links() -> None:
    network = """
    func.func @net() {
      power.layer "a.b" workload #power.matmul<m = 1, k = 512, n = 10>
      power.layer "c" workload #power.matmul<m = 1, k = 512, n = 10>
      return
    }
    """
    (graph,) = schedule_graph(pfmlir.schedule(network, target="pf40", fps=60))
    assert [node["label"] for node in graph["nodes"]] == ["b", "c"]
    assert [node["namespace"] for node in graph["nodes"]] == ["a", ""]
    assert all(not node["incomingEdges"] for node in graph["nodes"])


def test_the_command_writes_graphs_of_schedules_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, written = tmp_path / "schedule.json", tmp_path / "net.graph.json"
    arguments = ["schedule", "keyword_spotter", "--target", "pf40", "--save"]
    graph = ["--format", "graph", "-o", str(written)]
    assert main([*arguments, str(saved), *graph]) == 0
    text = written.read_text(encoding="utf-8")
    assert json.loads(text)[0]["id"] == "keyword_spotter"
    assert main(["show", str(saved), "--format", "graph"]) == 0
    assert capsys.readouterr().out == text
    front = tmp_path / "front.json"
    tables = pfmlir.tabulate_costs("keyword_spotter", target="pf40")
    pfmlir.pareto_front(tables, fps=(10, 20), max_points=2).save(front)
    assert main(["show", str(front), "--format", "graph"]) == 1
    assert "format graph is of schedules" in capsys.readouterr().err
