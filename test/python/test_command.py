# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the command `pfmlir`, without PyTorch but for one."""

import csv
import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pfmlir
import pytest
from pfmlir.command import main

NET = """
func.func @net() {
  power.layer "conv" workload #power.conv2d<input = [64, 32, 32],
      output_channels = 64, kernel = [3, 3]>
  power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
  return
}
"""


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "net.mlir"
    path.write_text(NET)
    return str(path)


@pytest.fixture
def saved(net, tmp_path, capsys):
    path = str(tmp_path / "schedule.json")
    assert main(["schedule", net, "--fps", "60", "--save", path]) == 0
    capsys.readouterr()
    return path


def test_the_version_is_that_of_pyproject(capsys):
    with (Path(__file__).parents[2] / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    assert pfmlir.__version__ == version
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith(f"pfmlir {version}, LLVM 22.")


def test_schedule_prints_every_format(net, capsys):
    schedule = pfmlir.schedule(NET, fps=60)
    expected = {
        "table": schedule.to_text("table"),
        "json": schedule.to_text("json"),
        "csv": schedule.to_text("csv"),
        "mlir": schedule.ir,
        "summary": f"{schedule!r}\n",
    }
    for name, text in expected.items():
        assert main(["schedule", net, "--fps", "60", "--format", name]) == 0
        assert capsys.readouterr().out == text


def test_options_reach_the_scheduler(net, tmp_path, capsys):
    path = tmp_path / "out.json"
    arguments = (
        "--period-s 0.02 --max-rails 1 --levels-v 0.9:1.1:0.1 --gating sram "
        "--gating-granularity 2 --transition-energy-j 1e-9 --transition-time-s 1e-8 "
        "--sleep-power-w 1e-6 --banks ifmap:30,ofmap:20 --search lambda-dp "
        f"--target pf40 --format json -o {path}"
    )
    assert main(["schedule", net, *arguments.split()]) == 0
    assert capsys.readouterr().out == ""
    expected = pfmlir.schedule(
        NET,
        period_s=0.02,
        max_rails=1,
        levels_v=[0.9, 1.0, 1.1],
        gating="sram",
        gating_granularity=2,
        transition_energy_j=1e-9,
        transition_time_s=1e-8,
        sleep_power_w=1e-6,
        banks={"ifmap": 30, "ofmap": 20},
        search="lambda-dp",
        target="pf40",
    )
    assert json.loads(path.read_text()) == expected.to_dict()


def test_flags_can_be_said_either_way(net, capsys):
    def energy_j(*flags):
        assert main(["schedule", net, "--fps", "60", "-f", "json", *flags]) == 0
        return json.loads(capsys.readouterr().out)["energy_j"]

    asleep = pfmlir.schedule(NET, fps=60).energy_j
    awake = pfmlir.schedule(NET, fps=60, sleep=False).energy_j
    assert energy_j("--sleep") == energy_j() == asleep < awake
    assert energy_j("--no-sleep") == awake
    assert energy_j("--prove-bound", "--no-skip-vector-layers") == asleep


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fps", "0"], "--fps: expected a finite number above 0, but got 0.0"),
        (["--fps", "fast"], "--fps: expected a number, but got 'fast'"),
        (["--threads", "2.5"], "--threads: expected a whole number, but got '2.5'"),
        (
            ["--levels-v", "1:2"],
            "--levels-v: expected FIRST:LAST:STEP, such as 0.9:1.3:0.1, but got '1:2'",
        ),
        (["--banks", "m:no"], "--banks: expected a whole number, but got 'no'"),
    ],
)
def test_wrong_values_say_what_was_expected(arguments, message, capsys):
    with pytest.raises(SystemExit):
        main(["schedule", "x", *arguments])
    assert f"argument {message}\n" in capsys.readouterr().err


def test_show_reads_what_was_saved_and_mlir(saved, tmp_path, capsys):
    mlir = str(tmp_path / "schedule.mlir")
    assert main(["show", saved, "--format", "mlir", "-o", mlir]) == 0
    assert main(["show", saved]) == 0
    first = capsys.readouterr().out
    assert main(["show", mlir]) == 0
    assert capsys.readouterr().out == first
    assert "proven optimal" in first


@pytest.mark.parametrize("kind", ["timeline", "breakdown", "layers", "states"])
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_plot_draws(saved, tmp_path, kind, suffix):
    pytest.importorskip("matplotlib")
    path = tmp_path / f"{kind}.{suffix}"
    assert main(["plot", saved, "--kind", kind, "-o", str(path)]) == 0
    assert path.stat().st_size > 1000


def test_targets(capsys):
    assert main(["targets"]) == 0
    names = "pf40 pf40_keep gap8 gap9 marsellus max78000 ndp120 rk3588 stm32n6"
    assert capsys.readouterr().out.split() == names.split()
    assert main(["targets", "pf40"]) == 0
    assert capsys.readouterr().out == pfmlir.builtin_targets()["pf40"]


def test_sweep(net, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "rates.svg"
    arguments = ["sweep", net, "--fps", "100,400,100000", "--max-rails", "1:3:2"]
    arguments += ["--search", "exact,nominal"]
    assert main([*arguments, "--format", "json", "--plot", str(picture)]) == 0
    points = json.loads(capsys.readouterr().out)
    assert len(points) == 12 and picture.stat().st_size > 1000
    for point in points:
        if point["fps"] == 100000:
            assert point["energy_j"] is None and point["fastest_time_s"] > 1e-5
        else:
            expected = pfmlir.schedule(
                NET,
                fps=point["fps"],
                max_rails=point["max_rails"],
                search=point["search"],
            )
            assert point["energy_j"] == expected.energy_j
    assert main([*arguments, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["energy_j"] or "nan") for row in rows] == pytest.approx(
        [point["energy_j"] or float("nan") for point in points], nan_ok=True
    )
    assert main(arguments) == 0
    table = capsys.readouterr().out
    assert table.count("at most") == 4 and len(table.splitlines()) == 13


def test_rails(net, capsys):
    assert main(["rails", f"{net}@400", f"{net}@100", "--max-rails", "1"]) == 0
    table = capsys.readouterr().out
    assert "proven optimal" in table and len(table.splitlines()) == 6
    arguments = ["rails", f"{net}@400", f"{net}@100", "--gating", "none"]
    assert main([*arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    layers = pfmlir.assign_target(pfmlir.import_model(NET), gating="none")
    costs = pfmlir.tabulate_costs(layers)
    choice = pfmlir.choose_rails(
        [costs, costs], fps=[400, 100], weights=[400, 100], max_rails=3
    )
    assert found["power_w"] == choice.energy_j
    assert [row["fps"] for row in found["networks"]] == [400, 100]


def test_battery(net, capsys):
    arguments = ["--battery-j", "100", "--harvested-w", "2x0,0.1", "--step-s", "60"]
    assert main(["battery", net, *arguments, "--resting-power-w", "0"]) == 0
    table = capsys.readouterr().out
    assert "<BatteryPlan of 3 steps of 60 s on 100 J" in table
    assert len(table.splitlines()) == 10
    starving = ["--first-j", "0", "--fps", "50", "60"]
    assert main(["battery", net, *arguments, *starving]) == 3
    assert "step 0 can have 0 W at most" in capsys.readouterr().err


def test_sensitivity(net, capsys):
    assert main(["sensitivity", net, "--fps", "400"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0].startswith("as it is") and len(table) > 10
    arguments = ["sensitivity", net, "--fps", "400", "--max-rails", "2"]
    assert main([*arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["energy_j"] == pfmlir.schedule(NET, fps=400, max_rails=2).energy_j
    for change in found["changes"]:
        options = {"max_rails": 2} | change["options"]
        if change["energy_j"] is None:
            with pytest.raises(pfmlir.InfeasibleError):
                pfmlir.schedule(NET, fps=400, **options)
            continue
        expected = pfmlir.schedule(NET, fps=400, **options)
        assert change["energy_j"] == expected.energy_j
        saving = 1 - expected.energy_j / found["energy_j"]
        assert change["saving"] == pytest.approx(saving, abs=1e-12)


def test_certify(net, tmp_path, capsys):
    path, module = tmp_path / "certificate.json", tmp_path / "module.mlir"
    arguments = ["certify", net, "--fps", "400", "--max-rails", "2", "--gating", "sram"]
    assert main([*arguments, "-o", str(path), "--ir", str(module)]) == 0
    assert "a period; the certificate is in" in capsys.readouterr().out
    certificate = json.loads(path.read_text())
    found = certificate["schedule"]["energy_j"]
    expected = pfmlir.schedule(NET, fps=400, max_rails=2, gating="sram")
    assert found == pytest.approx(expected.energy_j, rel=1e-12)
    assert (certificate["network"], certificate["target"]) == ("net", "pf40_keep")
    assert pfmlir.schedule(module).energy_j == found


def test_import_prints_mlir(net, capsys):
    assert main(["import", net]) == 0
    text = capsys.readouterr().out
    assert pfmlir.schedule(text, fps=60) == pfmlir.schedule(NET, fps=60)


def test_a_model_of_ones_own(tmp_path, monkeypatch, capsys):
    pytest.importorskip("torch_mlir")
    (tmp_path / "my_model.py").write_text(
        "import torch\n"
        "def make():\n"
        "    return torch.nn.Linear(8, 4).eval(), (torch.zeros(2, 8),)\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert main(["schedule", "my_model:make", "--fps", "10", "-f", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["layers"]) == 1


@pytest.mark.parametrize(
    "status, message, arguments",
    [
        (1, "'nosuch.mlir': No such file", ["schedule", "nosuch.mlir"]),
        (1, "neither a file", ["schedule", "nosuch"]),
        (1, "no Python module 'nosuch'", ["schedule", "nosuch:f"]),
        (1, "has no 'f'", ["schedule", "json:f"]),
        (1, "should return a model", ["schedule", "os:getcwd"]),
        (1, "not a saved schedule", ["show", "{net}.json"]),
        (1, "no known suffix", ["plot", "{saved}", "-o", "{net}.txt"]),
        (1, "no built-in target", ["targets", "nosuch"]),
        (1, "'/no/such/folder': No", ["import", "{net}", "-o", "/no/such/folder"]),
        (1, "nosuch", ["schedule", "{net}", "--target", "nosuch"]),
        (3, "s too long", ["schedule", "{net}", "--fps", "1e9"]),
        (3, "net.mlir: no schedule takes at most", ["rails", "{net}@10", "{net}@1e9"]),
    ],
)
def test_errors_have_a_status_and_say_what(
    net, saved, capsys, status, message, arguments
):
    with open(f"{net}.json", "w") as file:
        file.write("{}")
    names = {"net": net, "saved": saved}
    arguments = [argument.format(**names) for argument in arguments]
    assert main(arguments) == status
    captured = capsys.readouterr()
    assert message in captured.err and captured.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nosuch"],
        ["schedule"],
        ["schedule", "x", "--fps", "1", "--period-s", "1"],
        ["schedule", "x", "--levels-v", "a"],
        ["schedule", "x", "--levels-v", "0.9:1.1"],
        ["schedule", "x", "--levels-v", "0.9,-1"],
        ["schedule", "x", "--banks", "ifmap"],
        ["schedule", "x", "--banks", "ifmap:0"],
        ["schedule", "x", "--gap", "1"],
        ["schedule", "x", "--gating", "all"],
        ["schedule", "x", "--transition-time-s", "-1"],
        ["sweep", "x", "--fps", "10:1:1"],
        ["sweep", "x", "--fps", "1:10:0"],
        ["plot", "x"],
        ["rails", "x"],
        ["rails", "x@fast"],
        ["schedule", "x", "--fps", "0"],
        ["schedule", "x", "--threads", "0"],
        ["schedule", "x", "--time-limit-s", "-1"],
        ["sweep", "x", "--fps", "0,1"],
        ["sweep", "x", "--fps", "1", "--search", "exact,best"],
    ],
)
def test_wrong_commands_are_usage_errors(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "import",
        "schedule",
        "show",
        "plot",
        "targets",
        "sweep",
        "rails",
        "battery",
        "certify",
        "sensitivity",
    ],
)
def test_help(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert "exit status" in capsys.readouterr().out


def test_as_a_program(net):
    result = subprocess.run(
        [sys.executable, "-m", "pfmlir", "schedule", net, "--fps", "1e9"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 3
    assert "Traceback" not in result.stderr
    # A reader that has enough is no error.
    program = f"{sys.executable} -m pfmlir schedule {net} --fps 60 | true"
    result = subprocess.run(
        ["sh", "-c", program], capture_output=True, text=True, check=False
    )
    assert result.stderr == ""


@pytest.mark.parametrize("verb", ["import", "schedule", "sweep", "front", "rails"])
def test_a_network_from_standard_input(verb, net, monkeypatch, capsys):
    rate = ["--fps", "100"] if verb in ("schedule", "sweep") else []
    at = "@100" if verb == "rails" else ""

    def run(name):
        # An operand that begins with - and is more than that comes after --.
        assert main([verb, *rate, "--", f"{name}{at}"]) == 0
        return capsys.readouterr().out

    expected = run(net)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(NET.encode())))
    found = run("-")
    if verb == "rails":
        assert found.split()[-7:] == expected.split()[-7:]
    elif verb == "import":
        # Locations are of the file.
        assert pfmlir.schedule(found, fps=60) == pfmlir.schedule(expected, fps=60)
    else:
        assert found == expected


@pytest.mark.parametrize("form", ["json", "mlir"])
def test_an_answer_from_standard_input(form, saved, monkeypatch, capsys):
    assert main(["show", saved]) == 0
    expected = capsys.readouterr().out
    schedule = pfmlir.Schedule.load(saved)
    text = Path(saved).read_text() if form == "json" else schedule.ir
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["show", "-"]) == 0
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_knows_verbs_and_options(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for word in ("sensitivity", "--max-rails", "lambda-dp"):
        assert word in script


def test_bash_completes(tmp_path, capsys):
    path = tmp_path / "completion.bash"
    assert main(["completion", "bash", "-o", str(path)]) == 0
    script = f"""
        source {path}
        COMP_WORDS=(pfmlir sched) COMP_CWORD=1
        $(complete -p pfmlir | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        echo "${{COMPREPLY[@]}}"
        COMP_WORDS=(pfmlir schedule x --max-r) COMP_CWORD=3
        $(complete -p pfmlir | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["schedule", "--max-rails"], done.stderr
