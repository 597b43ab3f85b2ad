# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of what a schedule says of each layer and of the whole network."""

import json
import math
from pathlib import Path

import numpy
import pfmlir
import pytest

NET = """
func.func @net() {
  power.layer "conv" workload #power.conv2d<input = [64, 32, 32],
      output_channels = 64, kernel = [3, 3], padding = [1, 1, 1, 1]>
      vector [#power.vector<operations = 9, reads = 4096, writes = 1024>]
  power.layer "each" workload #power.conv2d<input = [64, 32, 32],
      output_channels = 64, kernel = [3, 3], groups = 64>
  power.layer "scores" workload #power.matmul<m = 32, k = 64, n = 32, batch = 4,
      data_operands = 2, activation_bits = 16, weight_bits = 16, output_bits = 16>
  power.layer "fc" workload #power.matmul<m = 1, k = 8192, n = 10>
  return
}
"""
# Chips, and the reference accelerator: with and without gating, engines, reloading.
TARGETS = ("pf40_keep", "gap8", "gap9", "marsellus", "ndp120", "rk3588", "stm32n6")


@pytest.fixture(scope="module")
def found() -> pfmlir.Schedule:
    return pfmlir.schedule(NET, target="pf40_keep", fps=100)


def test_what_layers_are(found: pfmlir.Schedule) -> None:
    assert list(found.layers["operation"]) == [
        "conv2d",
        "depthwise_conv2d",
        "batch_matmul",
        "matmul",
    ]
    bits = [found.layers[f"{each}_bits"] for each in ("activation", "weight", "output")]
    assert numpy.transpose(bits).tolist() == [
        [8, 8, 32],
        [8, 8, 32],
        [16, 16, 16],
        [8, 8, 32],
    ]
    # Input, weights, outputs of four bytes, and other work.
    conv = 65536 + 64 * 64 * 9 + 4 * 65536 + 4096 + 1024
    assert found.layers["bytes"][0] == conv
    layers = found.to_dict()["layers"]
    assert layers[2]["shapes"] == {
        "input": [4, 32, 64],
        "second_input": [4, 64, 32],
        "output": [4, 32, 32],
    }
    assert layers[1]["shapes"]["weights"] == [64, 1, 3, 3]


@pytest.mark.parametrize("target", TARGETS)
def test_bounds_sum_up_to_the_time(target: str) -> None:
    layers = pfmlir.schedule(NET, target=target).layers
    bounds = ("compute", "weights", "feeding", "other_work")
    times = numpy.array([layers[f"{bound}_time_s"] for bound in bounds])
    assert numpy.allclose(times.sum(axis=0), layers["time_s"], rtol=1e-12, atol=0)
    assert [bounds[i] for i in times.argmax(axis=0)] == list(layers["bound"])
    assert (layers["other_work_time_s"] > 0).tolist() == [True, False, False, False]
    assert (layers["other_work_energy_j"] > 0).tolist() == [True, False, False, False]
    assert (layers["other_work_energy_j"] <= layers["dynamic_energy_j"]).all()


def test_shares_are_of_the_whole(found: pfmlir.Schedule) -> None:
    layers = found.layers
    assert layers["share_of_work"].sum() == pytest.approx(1)
    assert layers["share_of_bytes"].sum() == pytest.approx(1)
    time = layers["share_of_time"] * found.active_time_s
    assert numpy.allclose(time, layers["time_s"], rtol=1e-12)
    energy = layers["share_of_energy"] * found.energy_j
    assert numpy.allclose(energy, layers["energy_j"], rtol=1e-12)
    total = found.summary.bytes
    assert numpy.allclose(layers["share_of_bytes"] * total, layers["bytes"], rtol=1e-12)


def test_memories_hold_what_the_fullest_layer_needs(found: pfmlir.Schedule) -> None:
    memories = found.summary.memories
    assert memories["ifmap"] == pfmlir.MemoryUse(65536, "conv", None)
    assert memories["ofmap"] == pfmlir.MemoryUse(4 * 65536, "conv", None)
    weights = 64 * 64 * 9 + 64 * 9 + 8192 * 10
    assert memories["rram"] == pfmlir.MemoryUse(weights, "conv", None)
    chip = pfmlir.schedule(NET, target="gap9").summary.memories
    assert chip["l2"].capacity_bytes == 12 * 131072
    assert chip["mram"] == pfmlir.MemoryUse(weights, "conv", 2097152)


def test_what_no_model_speaks_of_is_unknown() -> None:
    text = """
    power.target @t levels_v [1.0] max_rails 1 {
      power.domain @core nominal_v 1.0
    }
    func.func @net() {
      power.layer "bare" costs <[1.0] -> 1.0 J, 1.0 s, 0.1 W>
          uncosted {linalg.softmax = 2 : i64}
      return
    }
    """
    found = pfmlir.schedule(text)
    layer = found.layers[0]
    assert (layer["operation"], layer["bound"], layer["weight_bits"]) == ("", "", 0)
    assert math.isnan(layer["bytes"]) and math.isnan(layer["share_of_bytes"])
    assert math.isnan(found.summary.time_by_bound_s["compute"])
    assert found.summary.unscheduled_operations == 2
    assert math.isnan(found.summary.unscheduled_work)
    assert found.summary.account == {} and found.summary.memories == {}
    assert next(iter(found.to_dict())) == "unscheduled"
    assert "2 operations that no model costs" in repr(found).splitlines()[1]


def test_files_without_these_numbers_load(
    found: pfmlir.Schedule, tmp_path: Path
) -> None:
    path = tmp_path / "schedule.json"
    found.save(path)
    data = json.loads(path.read_text()) | {"version": 2}
    del data["memories"]
    old = ("operation", "shapes", "bits", "bytes", "bound", "time_by_bound_s")
    for layer in data["layers"]:
        for name in (*old, "other_work_energy_j", "shares"):
            del layer[name]
    path.write_text(json.dumps(data))
    assert pfmlir.Schedule.load(path) == found
