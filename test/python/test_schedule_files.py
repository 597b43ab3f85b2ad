# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attacks on files of schedules: what was edited is not loaded."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pfmlir
import pytest

NET = """
func.func @net() {
  power.layer "conv" workload #power.conv2d<input = [64, 32, 32],
      output_channels = 64, kernel = [3, 3]>
  power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
  return
}
"""


@pytest.fixture(scope="module")
def schedule() -> pfmlir.Schedule:
    return pfmlir.schedule(NET, fps=400)


@pytest.fixture
def path(schedule: pfmlir.Schedule, tmp_path: Path) -> Path:
    schedule.save(tmp_path / "schedule.json")
    return tmp_path / "schedule.json"


def edit(path: Path, **fields: Any) -> None:
    """Write other fields into a file."""
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def numbers(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return where all numbers of a value of JSON are."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from numbers(each, (*place, name))
    elif isinstance(value, list):
        for i, each in enumerate(value):
            yield from numbers(each, (*place, i))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place


def spell(place: tuple[Any, ...]) -> str:
    """Return a place as errors name it."""
    parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    return "".join(parts).removeprefix(".")


def refuse(path: Path, message: str) -> None:
    """Check that a file is not loaded."""
    with pytest.raises(ValueError, match=message) as caught:
        pfmlir.Schedule.load(path)
    assert str(path) in str(caught.value)


def test_what_a_file_says(path: Path, schedule: pfmlir.Schedule) -> None:
    data = json.loads(path.read_text())
    assert list(data)[:3] == ["format", "version", "pfmlir_version"]
    assert (data["format"], data["version"]) == ("pfmlir schedule", 3)
    assert data["pfmlir_version"] == pfmlir.__version__
    assert data["ir"] == schedule.ir
    assert pfmlir.Schedule.load(path) == schedule


def test_files_from_before_there_were_codes(
    path: Path, schedule: pfmlir.Schedule
) -> None:
    data = json.loads(path.read_text())
    for layer in data["layers"]:
        del layer["powered_banks"], layer["codes"]
    del data["tail"]["code"]
    edit(path, version=2, layers=data["layers"], tail=data["tail"])
    assert pfmlir.Schedule.load(path) == schedule
    data["layers"][0]["codes"] = {}
    edit(path, layers=data["layers"])
    refuse(path, r"layers\[0\]\.codes\.rail is missing")
    del data["layers"][0]["codes"]
    edit(path, version=3, layers=data["layers"])
    refuse(path, r"layers\[0\]\.powered_banks is missing")


def test_what_the_power_manager_is_told(schedule: pfmlir.Schedule) -> None:
    assert schedule.tail.code == (1 if schedule.tail.kind == "sleep" else 0)
    for layer, codes in zip(schedule.layers, schedule.codes, strict=True):
        levels = [round((volts - 0.9) / 0.05) for volts in layer["voltage_v"].tolist()]
        assert list(codes["rail"].values()) == levels
    for memory, powered in schedule.powered_banks.items():
        steps = 2 if memory == "rram" else 1
        codes = [layer["banks"][memory] for layer in schedule.codes]
        assert codes == [steps * banks for banks in powered]


def test_every_number_is_compared(path: Path) -> None:
    data = json.loads(path.read_text())
    places = [place for place in numbers(data) if place[0] != "version"]
    assert len(places) > 60
    for place in places:
        edited = copy.deepcopy(data)
        part = edited
        for key in place[:-1]:
            part = part[key]
        part[place[-1]] = 1.001 * part[place[-1]] + (part[place[-1]] == 0)
        path.write_text(json.dumps(edited))
        refuse(path, f"but {re.escape(spell(place))} is .* instead of")


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"energy_j": 1e-9}, r"but energy_j is 1e-09 instead of \d"),
        ({"gap": 0.5}, "but gap is 0.5 instead of 0"),
        ({"energy_j": "much"}, "but energy_j is 'much' instead of"),
        ({"energy_j": None}, "but energy_j is None instead of"),
        ({"energy_j": float("nan")}, "but energy_j is nan instead of"),
        ({"function": "other"}, "but function is 'other' instead of 'net'"),
        ({"layers": []}, "but layers has 0 entries instead of 2"),
        ({"layers": 3}, "but layers is 3 instead of"),
        ({"tail": {}}, r"but tail\.kind is missing"),
        ({"mine": 1}, "but mine is unknown"),
        ({"ir": ""}, "is not a whole schedule: expected a power.schedule in its IR"),
        ({"ir": "module {}"}, "is not a whole schedule: expected a power.schedule"),
        ({"ir": 3}, "is not a whole schedule"),
        ({"ir": "power.nosuch"}, r"its IR is not valid MLIR\n-:1:1: error"),
    ],
)
def test_other_content_is_refused(
    path: Path, fields: dict[str, Any], message: str
) -> None:
    edit(path, **fields)
    refuse(path, message)


def test_a_difference_names_its_layer(path: Path) -> None:
    layers = json.loads(path.read_text())["layers"]
    layers[1]["voltage_v"]["weight"] = 1.3
    edit(path, layers=layers)
    refuse(path, r"but layers\[1\]\.voltage_v\.weight is 1\.3 instead of 0\.9")


@pytest.mark.parametrize(
    "name, value",
    [("energy_j", "1.0e-09"), ("active_time_s", "1.0e-03"), ("rails_v", "[1.3]")],
)
def test_ir_that_was_edited_does_not_verify(
    path: Path, schedule: pfmlir.Schedule, name: str, value: str
) -> None:
    """Also where the numbers are edited to be those of the edited IR."""
    start = schedule.ir.index("power.schedule of")
    pattern = rf"\b{name} (\[[^]]*\]|\S+)"
    tail = re.sub(pattern, f"{name} {value}", schedule.ir[start:], count=1)
    edited = schedule.ir[:start] + tail
    assert edited != schedule.ir
    edit(path, ir=edited)
    refuse(path, r"its schedule is wrong\n.*error")
    # Written by hand, as `save` would.
    module = pfmlir.ir.Module.parse(edited, pfmlir.ir.Context())
    pfmlir.Schedule.from_module(module).save(path)
    refuse(path, r"its schedule is wrong\n.*error")


def test_ir_of_another_version_is_refused_when_it_is_loaded(
    path: Path, schedule: pfmlir.Schedule
) -> None:
    text = schedule.ir.replace("power.schedule of", "power.schedule_v0 of")
    edit(path, ir=text, pfmlir_version="0.0.1")
    refuse(path, r"written by pfmlir 0\.0\.1: its IR is not valid MLIR\n-:\d+:\d+: err")


def test_the_first_version_is_converted(path: Path, schedule: pfmlir.Schedule) -> None:
    """It had format and version in one, and nothing of who wrote it."""
    data = json.loads(path.read_text())
    del data["version"], data["pfmlir_version"]
    first = {"format": "pfmlir schedule 1"} | {
        name: value for name, value in data.items() if name != "format"
    }
    path.write_text(json.dumps(first))
    assert pfmlir.Schedule.load(path) == schedule
    path.write_text(json.dumps(first | {"energy_j": 1e-9}))
    refuse(path, "written by pfmlir of another version: .* energy_j is 1e-09")


def test_a_newer_version_says_who_wrote_it(path: Path) -> None:
    edit(path, version=4, pfmlir_version="9.1")
    refuse(path, r"of version 3 or older, but got version 4, written by pfmlir 9\.1")


def test_rounding_is_no_edit(path: Path, schedule: pfmlir.Schedule) -> None:
    """As another program may print numbers; what counts are those of the IR."""
    edit(path, energy_j=schedule.energy_j * (1 + 1e-12))
    assert pfmlir.Schedule.load(path).energy_j == schedule.energy_j


def test_weights_stay_in_a_file(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("torch_mlir")
    model = torch.nn.Linear(64, 32).eval()
    inputs = (torch.zeros(4, 64),)
    found = pfmlir.schedule(model, inputs, fps=100, with_weights=True)
    found.save(tmp_path / "whole.json")
    loaded = pfmlir.Schedule.load(tmp_path / "whole.json")
    assert loaded == found
    digits = model.weight.detach().numpy().tobytes().hex().upper()
    assert digits in loaded.ir and digits in str(loaded.module)
