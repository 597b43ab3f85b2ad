# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare the layers formed from PyTorch with the paper's lists, and schedule them.

Usage: check_networks.py PF_OPT. Exports every reference network with torch-mlir
and checks that the layers are exactly those of networks.json plus the
squeeze-excite blocks and heads, which the paper leaves out; that an option
leaves them out, too; that what is formed has a proven schedule; that the
Python package makes the same of the model, byte for byte; and that the files
of all reference networks in the package are what PyTorch's models come to.
leaves them out, too; that what is formed has a proven schedule; and that the
Python package makes the same of the model, byte for byte, with an account of every
operation.
"""

import re
import sys

import pfmlir
from pfmlir.compile.export import export_linalg
from pfmlir.compile.networks import NETWORKS, build
from pfmlir.compile.reference_networks import (
    REFERENCE_NETWORKS,
    print_reference,
    read_reference,
)

from testing.audit import audit
from testing.reference.shapes import load_networks, run_pf_opt

LAYER = re.compile(r'power\.layer "([^"]+)" workload #power\.(\w+)<(.*?)>')

# What the paper's lists leave out: heads, and squeeze-excite blocks.
EXTRA = {
    "squeezenet": [],
    "resnet18": ["fc"],
    "mobilenetv3_small": [
        *(
            f"features.{i}.block.{1 if i == 1 else 2}.fc{j}"
            for i in (1, 4, 5, 6, 7, 8, 9, 10, 11)
            for j in (1, 2)
        ),
        "classifier.0",
        "classifier.3",
    ],
    "mobilevit_xxs": ["head.fc"],
}


def parse_fields(text: str) -> dict:
    """Return the fields of a workload attribute, lists as tuples."""
    fields = {}
    for name, array, number in re.findall(r"(\w+) = (?:\[([^\]]*)\]|(\d+))", text):
        fields[name] = tuple(map(int, array.split(","))) if array else int(number)
    return fields


def formed_layers(text: str) -> list[tuple[str, tuple]]:
    """Return name and shape of each formed layer."""
    layers = []
    for name, kind, body in LAYER.findall(text):
        fields = parse_fields(body)
        if kind == "conv2d":
            shape = (
                fields["input"],
                fields["output_channels"],
                fields["kernel"],
                fields.get("strides", (1, 1)),
                fields.get("padding", (0, 0, 0, 0)),
                fields.get("groups", 1),
                fields.get("batch", 1),
            )
        else:
            shape = (fields["m"], fields["k"], fields["n"], fields.get("batch", 1))
        layers.append((name, shape))
    return layers


def expected_layers(name: str) -> list[tuple[str, tuple]]:
    """Return name and shape of the layers of networks.json.

    The paper multiplies all heads of an attention as one long product; its real
    products are `heads` times as many, each a share as deep.
    """
    heads = 4
    layers = []
    for layer in load_networks()[name]["layers"]:
        if layer["kind"] == "matmul":
            m, k, n, batch = layer["m"], layer["k"], layer["n"], 1
            label = layer["name"]
            if label.endswith("matmul_qk"):
                label = label.removesuffix(".matmul_qk")
                m, k, batch = n, k // heads, m // n * heads
            elif label.endswith("matmul_av"):
                label = label.removesuffix(".matmul_av") + "[1]"
                m, n, batch = k, n // heads, m // k * heads
            layers.append((label, (m, k, n, batch)))
            continue
        groups = layer.get("repeats", 1)
        shape = (
            (
                layer["input_channels"] * groups,
                layer["input_height"],
                layer["input_width"],
            ),
            layer["output_channels"] * groups,
            (layer["kernel"],) * 2,
            (layer["stride"],) * 2,
            (layer["padding"],) * 4,
            groups,
            1,
        )
        layers.append((layer["name"], shape))
    return layers


def check_files() -> None:
    """Check that the files of all reference networks are current."""
    if tuple(NETWORKS) != REFERENCE_NETWORKS:
        raise SystemExit(f"expected networks {[*NETWORKS]}, got {REFERENCE_NETWORKS}")
    for name in REFERENCE_NETWORKS:
        if print_reference(name) != read_reference(name):
            raise SystemExit(f"{name}: run tools/export_networks.py, it has changed")
    print(f"{len(REFERENCE_NETWORKS)} files are current")


def main() -> None:
    """Check all networks."""
    check_files()
    pf_opt = sys.argv[1]
    for name in load_networks():
        module, example_inputs = build(name)
        text = export_linalg(module, example_inputs)
        formed = formed_layers(run_pf_opt(pf_opt, text, "--power-form-layers"))
        expected = expected_layers(name)
        extra = [layer for layer, _ in formed if layer in EXTRA[name]]
        if sorted(extra) != sorted(EXTRA[name]):
            raise SystemExit(f"{name}: expected {EXTRA[name]}, but got {extra}")
        trimmed = [layer for layer in formed if layer[0] not in EXTRA[name]]
        skipped = formed_layers(
            run_pf_opt(pf_opt, text, "--power-form-layers=skip-vector-layers=true")
        )
        for what, layers in (("formed", trimmed), ("skipping vectors", skipped)):
            for ours, theirs in zip(layers, expected, strict=True):
                if ours != theirs:
                    raise SystemExit(f"{name} {what}: expected {theirs}, got {ours}")
        scheduled = run_pf_opt(pf_opt, text, "--powerflow-schedule")
        threaded = run_pf_opt(pf_opt, text, "--powerflow-schedule=threads=2")
        if scheduled != threaded:
            raise SystemExit(f"{name}: another number of threads, another schedule")
        bound = re.search(r" energy_j (\S+) lower_bound_j (\S+)", scheduled)
        if bound[1] != bound[2]:
            raise SystemExit(f"{name}: no proven optimum: {bound[0]}")
        ours = pfmlir.schedule(module, example_inputs)
        if ours.ir != scheduled or not ours.is_optimal:
            raise SystemExit(f"{name}: pfmlir.schedule and pf-opt differ")
        if f"{ours.energy_j:.17g}" != f"{float(bound[1]):.17g}":
            raise SystemExit(f"{name}: {ours.energy_j} J is not {bound[1]} J")
        audit(pfmlir.import_model(text), ours)
        print(
            f"{name}: {len(expected)} layers of the paper and {len(extra)} more, "
            f"proven {float(bound[1]):.6e} J at nominal speed"
        )


if __name__ == "__main__":
    main()
