# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Mistakes that people make, and what they are told.

Each message has one to five lines, says what was expected and how to go on, and is no
traceback.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pfmlir
import pytest
from pfmlir.command import main

from testing.tutorials import ROOT

NET = """
func.func @net() {
  power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
  return
}
"""
MODELS = """
import torch

def make():
    raise RuntimeError("no weights here")

def one():
    return 3

def needs(path):
    return path

number = 3

class Broken(torch.nn.Module):
    def forward(self, x):
        raise RuntimeError("this model is broken")

def broken():
    return Broken().eval(), (torch.zeros(1),)

def shape():
    return torch.nn.Linear(3, 4).eval(), (torch.zeros(1, 5),)

def training():
    return torch.nn.Linear(3, 4), (torch.zeros(1, 3),)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a network, its schedule, and much that is neither."""
    path = tmp_path_factory.mktemp("mistakes")
    files = {
        "net.mlir": NET,
        "broken.mlir": NET.replace("return", "retrun"),
        "empty.mlir": "",
        "target.mlir": "power.target @t levels_v [1.0] max_rails 1 {\n}",
        "other.json": '{"name": "x"}',
        "cut.json": '{"name": ',
        "text.onnx": "hello",
        "cut.pt2": "PK\3\4abc",
        "models_here.py": MODELS,
        "cut_here.py": "def make(:\n",
        "import_here.py": "import nowhere_to_be_found\n",
    }
    for name, text in files.items():
        (path / name).write_text(text)
    (path / "folder").mkdir()
    (path / "folder.mlir").mkdir()
    schedule = pfmlir.schedule(NET, fps=100)
    schedule.save(path / "schedule.json")
    edited = json.loads((path / "schedule.json").read_text()) | {"energy_j": 1.0}
    (path / "edited.json").write_text(json.dumps(edited))
    return path


@pytest.fixture(autouse=True)
def in_folder(folder, monkeypatch):
    """Be in it, with its modules known for one test only."""
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    yield
    for name in ("models_here", "cut_here", "import_here"):
        sys.modules.pop(name, None)


# A command, its exit status, and what it is to say.
COMMANDS = [
    # Commands.
    ("shedule net.mlir", 2, "got 'shedule'; did you mean 'schedule'"),
    ("", 2, "arguments are required: command"),
    ("schedule", 2, "arguments are required: input"),
    # Options.
    ("schedule net.mlir --fpss 60", 2, "did you mean '--fps'"),
    ("schedule net.mlir --fps", 2, "--fps: expected one argument"),
    ("schedule net.mlir --fps 60 --period-s 1", 2, "not allowed with argument --fps"),
    ("sweep net.mlir", 2, "one of the arguments --fps --period-s is required"),
    ("certify net.mlir --fps 60", 2, "required: -o/--output"),
    ("rails", 2, "required: INPUT@FPS"),
    # Values.
    ("schedule net.mlir --search exat", 2, "expected one of .*; did you mean 'exact'"),
    ("schedule net.mlir --gating banks", 2, "did you mean 'bank'"),
    ("schedule net.mlir --format tabel", 2, "did you mean 'table'"),
    ("schedule net.mlir --fps 60,30", 2, "expected a number, but got '60,30'"),
    ("schedule net.mlir --fps -5", 2, "expected a finite number above 0, but got -5"),
    ("schedule net.mlir --max-rails 2.5", 2, "expected a whole number, but got '2.5'"),
    ("schedule net.mlir --levels-v 0.9:1.1", 2, "such as 0.9:1.3:0.1, but got '0.9:1"),
    ("schedule net.mlir --banks ifmap=3", 2, "such as ifmap:25, but got 'ifmap=3'"),
    ("sweep net.mlir --fps 1 --search gredy", 2, "got 'gredy'; did you mean 'greedy'"),
    ("sweep net.mlir --fps 9:1:1", 2, "expected a step above 0 and the lower first"),
    ("front net.mlir --fps 10", 2, "--fps: expected 2 arguments"),
    ("front net.mlir --fps 100 10", 1, r"expected the lower first, but got \[100.0, 1"),
    ("rails net.mlir", 2, "expected INPUT@FPS, such as squeezenet@30"),
    ("plot schedule.json --kind timelin -o x.png", 2, "did you mean 'timeline'"),
    ("plot schedule.json -o x.bmp", 1, r"known are .pdf, .png, .svg"),
    # Networks.
    ("schedule squezenet", 1, "did you mean 'squeezenet'"),
    ("schedule nett.mlir", 1, "'nett.mlir': No such file.*; did you mean 'net.mlir'"),
    ("schedule net.tflite", 1, "neither a file, nor MLIR.*; did you mean 'net.mlir'"),
    ("schedule folder", 1, "'folder' is a folder; expected one of its files"),
    ("schedule folder.mlir", 1, "'folder.mlir': Is a directory"),
    ("schedule empty.mlir", 1, "expects a function with power.layer or linalg"),
    ("schedule broken.mlir", 1, r"broken.mlir:4:3: error: custom op 'retrun' is unkno"),
    ("schedule schedule.json", 1, "expected a network, but got JSON; 'pfmlir show'"),
    ("schedule text.onnx", 1, "'text.onnx' is not valid ONNX"),
    ("schedule cut.pt2", 1, "'cut.pt2' is not a program that torch.export.save wrote"),
    ("schedule net.mlir --function nett", 1, "expects a function @nett, but there is"),
    ("schedule net.mlir --fps 1e9", 3, "can't run every .*the shortest period is"),
    # Models.
    ("schedule nowhere_here:make", 1, "no Python module 'nowhere_here'"),
    ("schedule import_here:make", 1, "No module named 'nowhere_to_be_found'.*:1: here"),
    ("schedule cut_here:make", 1, "SyntaxError: .*cut_here.py:1: here"),
    ("schedule models_here:mkae", 1, "has no 'mkae'; did you mean 'make'"),
    ("schedule models_here:make", 1, "RuntimeError: no weights here.*_here.py:5: here"),
    ("schedule models_here:one", 1, "should return a model and .*, but returned 3"),
    ("schedule models_here:needs", 1, "called without arguments, raised TypeError"),
    ("schedule models_here:number", 1, "expected a function, but got 3"),
    ("schedule models_here:broken", 1, "models_here.py:17: error: RuntimeError: this"),
    ("schedule models_here:shape", 1, "torch.export failed on the model"),
    ("schedule models_here:training", 1, r"call its eval\(\) first"),
    # Targets.
    ("schedule net.mlir --target pf4", 1, "expects .*; did you mean 'pf40'"),
    ("schedule net.mlir --target net.mlir", 1, "expects one power.target, but got 0"),
    ("schedule net.mlir --target target.mlir", 1, "target.mlir:1:1: error: .*expects"),
    ("schedule net.mlir --levels-v 2.0", 1, "expects levels at which .*, but got 2 V"),
    ("schedule net.mlir --banks imap:3", 1, "expects .* a memory, but got 'imap'"),
    ("targets pf41", 1, "there are pf40, .*; did you mean 'pf40'"),
    # Files.
    ("show nowhere.json", 1, "'nowhere.json': No such file or directory"),
    ("show other.json", 1, "is not a saved schedule or other answer: .*--save"),
    ("show cut.json", 1, "'cut.json' is not JSON: .* line 1 column 10"),
    ("show edited.json", 1, "expected the numbers of its IR, but energy_j is 1.0"),
    ("show net.mlir", 1, "power-assign-target adds one"),
    ("schedule net.mlir --save nowhere/x.json", 1, "nowhere/x.json': No such file or"),
    ("schedule net.mlir -o folder", 1, "/folder': Is a directory"),
    ("schedule net.mlir -o /dev/full", 1, "'/dev/full': No space left on device"),
    ("schedule net.mlir --save /dev/full", 1, "'/dev/full': No space left on device"),
]


def check_text(text: str) -> None:
    """Check that a message is short, and no traceback."""
    assert 1 <= len(text.splitlines()) <= 5, text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("command", "status", "message"), COMMANDS, ids=lambda value: str(value)[:60]
)
def test_the_command_says_what_is_wrong(command, status, message, capfd):
    try:
        assert main(command.split()) == status
    except SystemExit as end:
        assert end.code == status
    output, error = capfd.readouterr()
    assert output == ""
    check_text(error)
    assert re.search(message, error, re.DOTALL), error


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line, in which `pfmlir` is the command."""
    command = command.replace("pfmlir", f"{sys.executable} -m pfmlir")
    return subprocess.run(
        ["bash", "-c", command],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_reader_that_has_enough_is_no_mistake():
    done = run("set -o pipefail; pfmlir targets rk3588 | head -n 1")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_behind_standard_output():
    done = run("pfmlir schedule net.mlir > /dev/full")
    assert done.returncode == 1
    assert done.stderr == "error: 'standard output': No space left on device\n"


def test_a_terminal_of_few_letters():
    done = run("pfmlir schedule net.mlir", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert " nJ a period" in done.stdout and " us (" in done.stdout


# Options of pf-opt, and what it is to say.
OPTIONS = [
    ("--powerflow-schedule=fsp=60 net.mlir", "no such option fsp"),
    ("--powerflow-schedule=fps=fast net.mlir", "above 0, but got 'fast'"),
    ("--powerflow-schedule=search=exat net.mlir", "expects exact, .* but got 'exat'"),
    ("--powerflow-schedule=target=pf4 net.mlir", "did you mean 'pf40'"),
    ("--powerflow-shedule net.mlir", "Unknown command line argument .*--help"),
    ("--powerflow-schedule nowhere.mlir", "'nowhere.mlir': No such file"),
    ("--power-form-layers broken.mlir", "broken.mlir:4:3: error: custom op 'retrun'"),
    ("--power-form-layers net.mlir -o nowhere/x", "'nowhere/x': No such file"),
    ("--load-pass-plugin=x.so net.mlir", "load the plugin into mlir-opt"),
]


@pytest.mark.parametrize(("options", "message"), OPTIONS, ids=lambda value: value[:40])
def test_pf_opt_says_what_is_wrong(options, message):
    done = run(f"pf-opt {options}")
    assert done.returncode == 1 and done.stdout == ""
    check_text(done.stderr)
    assert re.search(message, done.stderr, re.DOTALL), done.stderr


# Arguments of functions, and what they say.
ARGUMENTS = [
    (pfmlir.schedule, {"max_rail": 2}, "'max_rail'; did you mean 'max_rails'"),
    (pfmlir.sweep, {"level_v": [1.0], "fps": [1]}, "did you mean 'levels_v'"),
    (pfmlir.schedule, {"search": "exat"}, "got 'exat'; did you mean 'exact'"),
    (pfmlir.schedule, {"fps": "60"}, "fps: expected a number, but got '60'"),
    (pfmlir.schedule, {"target": "pf4"}, "did you mean 'pf40'"),
    (pfmlir.sweep, {"fps": ["a"]}, r"expected a number, but got 'a'"),
    (pfmlir.certify, {"path": "x.json"}, "expected one of fps and period_s"),
]


@pytest.mark.parametrize(("function", "arguments", "message"), ARGUMENTS)
def test_functions_say_what_is_wrong(function, arguments, message):
    with pytest.raises((TypeError, ValueError, pfmlir.PfmlirError)) as caught:
        function("net.mlir", **arguments)
    check_text(str(caught.value))
    assert re.search(message, str(caught.value))


def test_the_readme_shows_the_error_that_there_is():
    text = (ROOT / "README.md").read_text()
    (shown,) = re.findall(r"```\n(error: .*?)```", text, re.DOTALL)
    (target,) = re.findall(r"on target @(\w+)", shown)
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        pfmlir.schedule("squeezenet", fps=200, target=target)
    said = re.sub(r"^.*?: (?=error|note)", "", str(caught.value), flags=re.M)
    assert " ".join(shown.split()) == " ".join(said.split())


def test_forty_of_them():
    assert len(COMMANDS) + len(OPTIONS) + len(ARGUMENTS) + 3 >= 40
    assert Path(ROOT / "README.md").is_file()
