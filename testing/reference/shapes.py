# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Print a network of networks.json as a list of `power.layer` shapes.

Usage: python -m testing.reference.shapes NETWORK, at the top of the repository; or as a
module: ``network_shapes(name)``.
"""

import json
import subprocess
import sys

from . import FOLDER


def load_networks() -> dict:
    """Return networks.json: per network its `banks` and its `layers`."""
    return json.loads((FOLDER / "networks.json").read_text())


def layer_workload(layer: dict) -> str:
    """Return the workload attribute of one layer of networks.json."""
    if layer["kind"] == "matmul":
        return "#power.matmul<m = {m}, k = {k}, n = {n}>".format(**layer)
    groups = layer.get("repeats", 1)
    padding = [layer["padding"]] * 4
    return (
        f"#power.conv2d<input = [{layer['input_channels'] * groups}, "
        f"{layer['input_height']}, {layer['input_width']}], "
        f"output_channels = {layer['output_channels'] * groups}, "
        f"kernel = {[layer['kernel']] * 2}, strides = {[layer['stride']] * 2}, "
        f"padding = {padding}, groups = {groups}>"
    )


def network_shapes(name: str) -> str:
    """Return a network as MLIR: a function of layers that have no bodies."""
    layers = "\n".join(
        f'  power.layer "{layer["name"]}" workload {layer_workload(layer)}'
        for layer in load_networks()[name]["layers"]
    )
    return f"func.func @{name}() {{\n{layers}\n  return\n}}\n"


def network_options(name: str) -> str:
    """Return the options of `powerflow-schedule` that the paper's network needs."""
    network = load_networks()[name]
    banks = ",".join(f"{memory}:{count}" for memory, count in network["banks"].items())
    chunk = network["layers"][0].get("k_chunk")
    return f"target=pf40 banks={banks}" + (f" reduction-chunk={chunk}" if chunk else "")


def run_pf_opt(pf_opt: str, text: str, *options: str) -> str:
    """Return what pf-opt makes of a module; stop with its error if it fails."""
    result = subprocess.run(
        [pf_opt, *options], input=text, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SystemExit(result.stderr)
    return result.stdout


if __name__ == "__main__":
    print(network_shapes(sys.argv[1]))
