# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the way from a network to its schedule, without PyTorch."""

import doctest
import gc
import importlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import numpy
import pfmlir
import pytest
from pfmlir import ir
from pfmlir.dialects import power

from testing.reference.shapes import network_options, network_shapes

NET = """
func.func @net() {
  power.layer "conv1" workload #power.conv2d<input = [3, 32, 32],
      output_channels = 64, kernel = [3, 3], padding = [1, 1, 1, 1]>
  power.layer "conv2" workload #power.conv2d<input = [64, 32, 32],
      output_channels = 64, kernel = [3, 3], strides = [2, 2]>
  power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
  return
}
"""
TARGET = """
power.target @small levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.transition energy_j 1.0e-10 time_s 1.5e-08
  power.sleep_state @off power_w 0.0
}
"""
BARE = """
func.func @bare() {
  power.layer "a" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 2.0 J, 3.0 s, 0.2 W>
  power.layer "b" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 1.5 J, 2.0 s, 0.2 W>
  return
}
"""


def run_tool(tool: str, *arguments: str, text: str) -> str:
    """Return what a tool of the build makes of a text."""
    path = shutil.which(tool)
    if path is None:
        pytest.skip(f"there is no {tool}")
    return subprocess.run(
        [path, *arguments], input=text, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture(scope="module")
def schedule() -> pfmlir.Schedule:
    return pfmlir.schedule(NET, fps=60)


# ---------------------------------------------------------------------------
# Documentation
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "studies.certificates",
        "answers.summary",
        "compile.scheduling",
        "compile.sources",
        "compile.targets",
        "dialects.power",
        "studies.fronts",
        "studies.rails",
        "studies.sensitivities",
        "problem.solver",
        "studies.sweeps",
        "units",
    ],
)
def test_examples_in_docstrings(name):
    module = importlib.import_module(f"pfmlir.{name}")
    results = doctest.testmod(module)
    assert results.attempted and not results.failed


def test_everything_public_is_documented():
    for name in pfmlir.__all__:
        assert getattr(pfmlir, name).__doc__, name


def test_the_version_is_the_distributions():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert pfmlir.__version__ == project["project"]["version"]


# ---------------------------------------------------------------------------
# Schedules
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["squeezenet", "resnet18", "mobilenetv3_small", "mobilevit_xxs"]
)
def test_networks_are_scheduled_as_pf_opt_does(name):
    text = network_shapes(name)
    options = dict(part.split("=") for part in network_options(name).split())
    banks = dict(bank.split(":") for bank in options["banks"].split(","))
    banks = {memory: int(number) for memory, number in banks.items()}
    chunk = int(options.get("reduction-chunk", 0))
    ours = pfmlir.schedule(
        text,
        target=options["target"],
        banks=banks,
        reduction_chunk=chunk or None,
        levels_v=[0.9, 1.1, 1.3],
    )
    flags = f"target={options['target']} banks={options['banks']} levels-v=0.9,1.1,1.3"
    if chunk:
        flags += f" reduction-chunk={chunk}"
    theirs = run_tool("pf-opt", f"--powerflow-schedule={flags}", text=text)
    assert ours.ir == theirs
    assert ours.to_text("table") == run_tool(
        "pf-translate", "--power-to-table", text=theirs
    )
    assert json.loads(ours.to_text("json")) == ours.to_dict()


def test_numbers_agree_with_each_other(schedule):
    layers = schedule.layers
    assert list(layers["name"]) == ["conv1", "conv2", "fc"]
    assert layers["voltage_v"].shape == (3, 3)
    split = schedule.energy_split_j
    total = layers["energy_j"].sum() + split["transition"] + split["tail"]
    assert total == pytest.approx(schedule.energy_j, rel=1e-12)
    assert sum(split.values()) == pytest.approx(schedule.energy_j, rel=1e-12)
    for kind in ("dynamic", "leakage"):
        by_domain = layers[f"{kind}_energy_by_domain_j"].sum(axis=1)
        assert by_domain == pytest.approx(layers[f"{kind}_energy_j"], rel=1e-12)
        parts = schedule.energy_by_domain_j
        assert list(parts) == ["sys", "weight", "feeder"]
        assert sum(part[kind] for part in parts.values()) == pytest.approx(
            split[kind], rel=1e-12
        )
    assert set(numpy.unique(layers["voltage_v"])) == set(schedule.rails_v)
    assert schedule.is_optimal and schedule.gap == 0
    assert schedule.fps == pytest.approx(60)
    assert schedule.power_w == pytest.approx(schedule.energy_j * 60)
    assert schedule.tail.kind == "sleep" and schedule.tail.state == "off"
    assert 0 < schedule.savings["nominal_gated"] < 1
    assert schedule.uncosted == {}


def test_a_layer_without_a_model_has_no_split():
    found = pfmlir.schedule(BARE, target=TARGET, period_s=6.5)
    assert numpy.isnan(found.layers["dynamic_energy_by_domain_j"]).all()
    assert found.energy_j == pytest.approx(2.5 + 1e-10)


def test_a_schedule_is_a_value(schedule, tmp_path):
    again = pfmlir.schedule(NET, fps=60)
    assert schedule == again and schedule != pfmlir.schedule(NET, fps=61)
    assert pickle.loads(pickle.dumps(schedule)) == schedule
    path = tmp_path / "schedule.json"
    schedule.save(path)
    first = path.read_bytes()
    assert pfmlir.Schedule.load(path) == schedule
    again.save(path)
    assert path.read_bytes() == first
    assert [each.name for each in path.parent.iterdir()] == ["schedule.json"]
    with pytest.raises(ValueError, match="read-only"):
        schedule.layers["energy_j"][0] = 0
    with pytest.raises(ValueError, match="read-only"):
        schedule.rails_v[0] = 0


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "is not JSON"),
        ("[]", "is not a saved schedule"),
        ("{}", "is not a saved schedule"),
        ('{"format": "pfmlir schedule 1"}', "is not a whole schedule"),
        ('{"format": "pfmlir schedule 1", "ir": "", "layers": 3}', "is not a whole"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_other_files_are_refused(tmp_path, text, message):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        pfmlir.Schedule.load(path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a device")
def test_files_without_an_end_are_refused():
    with pytest.raises(ValueError, match=r"'/dev/zero': expected at most \d+ bytes"):
        pfmlir.Schedule.load("/dev/zero")


def test_it_shows_itself(schedule):
    text = repr(schedule)
    assert "@net on @pf40" in text and "proven optimal" in text
    html = schedule._repr_html_()
    assert html.count("<tr>") >= 6 and "conv2" in html


def test_names_are_escaped_in_notebooks():
    text = NET.replace('"fc"', '"<script>"')
    assert "<script>" not in pfmlir.schedule(text, fps=60)._repr_html_()


def test_pandas(schedule):
    pytest.importorskip("pandas")
    frame = schedule.to_pandas()
    assert list(frame["name"]) == ["conv1", "conv2", "fc"]
    assert "sys_v" in frame and "sys_dynamic_energy_j" in frame
    costs = pfmlir.tabulate_costs(pfmlir.form_layers(pfmlir.assign_target(parse(NET))))
    assert len(costs.to_pandas()) == 3 * 729


# ---------------------------------------------------------------------------
# Steps
# ---------------------------------------------------------------------------


def parse(text: str) -> ir.Module:
    """Return a module in a context of its own."""
    return ir.Module.parse(text, ir.Context())


def test_the_steps_are_the_whole(schedule):
    module = pfmlir.import_model(NET)
    targeted = pfmlir.assign_target(module, "pf40_keep")
    layers = pfmlir.form_layers(targeted)
    costs = pfmlir.tabulate_costs(layers)
    assert costs.energy_j.shape == (3, 729)
    assert costs.layer_names == ("conv1", "conv2", "fc")
    solution = costs.solve(fps=60)
    chosen = pfmlir.select_states(layers, fps=60)
    whole = pfmlir.insert_states(chosen)
    pfmlir.verify_schedule(whole)
    found = pfmlir.Schedule.from_module(whole)
    assert found == schedule
    assert solution.energy_j == pytest.approx(found.energy_j, rel=1e-12)
    assert list(solution.rails) == list(found.rails_v)
    picked = costs.voltages_v[solution.states]
    assert (picked == found.layers["voltage_v"]).all()
    # None of them has changed what it was given.
    assert "power.target" not in str(module)
    assert "power.schedule" not in str(layers)
    assert "power.set_state" not in str(chosen)


def test_costs_with_tables_of_different_states():
    text = BARE.replace(", [1.1] -> 2.0 J, 3.0 s, 0.2 W", "")
    costs = pfmlir.tabulate_costs(pfmlir.assign_target(parse(text), TARGET))
    assert costs.energy_j.tolist() == [[1.0, numpy.inf], [1.0, 1.5]]
    assert costs.solve(period_s=6.5).states.tolist() == [0, 1]


def test_pipelines():
    module = parse(NET)
    scheduled = pfmlir.run_pipeline(
        module, "builtin.module(canonicalize,powerflow-schedule{fps=60},cse)"
    )
    assert pfmlir.Schedule.from_module(scheduled).is_optimal
    with pytest.raises(ValueError, match="no-such-pass"):
        pfmlir.run_pipeline(module, "builtin.module(no-such-pass)")


def test_targets(tmp_path, schedule):
    path = tmp_path / "my target.mlir"
    path.write_text(TARGET)
    by_path = pfmlir.schedule(BARE, target=path, period_s=6.5)
    by_text = pfmlir.schedule(BARE, target=TARGET, period_s=6.5)
    module = parse(TARGET)
    by_module = pfmlir.schedule(BARE, target=module, period_s=6.5)
    by_op = pfmlir.schedule(BARE, target=module.body.operations[0], period_s=6.5)
    energies = {each.energy_j for each in (by_path, by_text, by_module, by_op)}
    assert len(energies) == 1
    assert by_text == by_op
    text = pfmlir.builtin_targets()["pf40_keep"]
    assert pfmlir.schedule(NET, fps=60, target=text).energy_j == schedule.energy_j
    # What is there by the same name is replaced.
    other = parse(TARGET.replace("0.9", "0.8") + BARE)
    assert pfmlir.schedule(other, target=TARGET, period_s=6.5).levels_v[0] == 0.9


def test_what_ifs(schedule):
    def energy(**options):
        return pfmlir.schedule(NET, fps=60, **options).energy_j

    best = schedule.energy_j
    assert energy(gating="none", sleep=False) > best
    assert energy(transition_energy_j=1e-6) >= best
    assert energy(sleep_power_w=1.0) > best
    assert energy(levels_v=(0.9, 1.1)) >= best
    assert energy(gating_granularity=8) >= best
    assert energy(banks={"ifmap": 50}) >= best
    assert energy(search="nominal") > best
    assert energy(threads=2) == best
    assert energy(time_limit_s=1e9) == best
    assert energy(gap=0.5) <= best * 2
    assert energy(memory_limit_bytes=10**9) == best
    assert pfmlir.schedule(NET, fps=60, max_rails=1).rails_v.shape == (1,)
    assert pfmlir.schedule(NET, fps=60, skip_vector_layers=True) == schedule


def test_bounds_are_proven_if_asked():
    found = pfmlir.schedule(NET, fps=60, search="nominal", prove_bound=True)
    assert found.lower_bound_j < found.energy_j
    pfmlir.verify_schedule(found.module, prove_bound=True)
    start = found.ir.index("power.schedule of")
    bound = re.sub(
        r"lower_bound_j \S+", f"lower_bound_j {found.energy_j!r}", found.ir[start:]
    )
    edited = pfmlir.import_model(found.ir[:start] + bound)
    pfmlir.verify_schedule(edited)
    with pytest.raises(pfmlir.CompilationError, match="says no schedule costs less"):
        pfmlir.verify_schedule(edited, prove_bound=True)


def test_sensitivity_asks_what_the_target_can_be_asked():
    changes = pfmlir.sensitivity(NET, fps=400)
    before = changes.before
    words = {change.what for change in changes}
    assert {"a rail fewer", "a rail more", "no sleep"} <= words
    assert "a level more, 0.925 V" in words
    assert "gating none instead of bank" in words
    assert all(change.is_optimal for change in changes)
    savings = [change.saving for change in changes]
    assert savings == sorted(savings, reverse=True)
    assert before == pfmlir.schedule(NET, fps=400)
    # A table of costs has no states at other levels.
    few = pfmlir.sensitivity(BARE, target=TARGET, period_s=6.5)
    assert all(change.saving == 0 for change in few if "level" in change.what)
    slower = next(change for change in few if change.what == "a rail fewer")
    assert slower.options == {"max_rails": 1} and slower.energy_j == pytest.approx(3.5)
    with pytest.raises(TypeError, match="one of fps and period_s"):
        pfmlir.sensitivity(NET)


def test_sources(tmp_path, schedule):
    path = tmp_path / "net.mlir"
    path.write_text(NET)
    module = parse(NET)
    for source in (path, str(path), module, NET):
        assert pfmlir.schedule(source, fps=60) == schedule
    assert "power.schedule" not in str(module)
    context = ir.Context()
    assert pfmlir.import_model(module, context=context).context is context


# ---------------------------------------------------------------------------
# Errors
# ---------------------------------------------------------------------------


def test_an_infeasible_deadline_says_what_could():
    with pytest.raises(pfmlir.InfeasibleError, match="s too long") as caught:
        pfmlir.schedule(NET, fps=1e5)
    error = caught.value
    assert error.period_s == 1e-5 and error.fastest_time_s > 1e-5
    assert pfmlir.schedule(NET, period_s=error.fastest_time_s).is_optimal
    copy = pickle.loads(pickle.dumps(error))
    assert copy.fastest_time_s == error.fastest_time_s and str(copy) == str(error)


def test_no_schedule_at_any_rate():
    text = BARE.replace("[1.1] -> 1.5 J, 2.0 s, 0.2 W", "[1.1] -> 1.5 J, 2.0 s, 0.2 W")
    text = text.replace("[0.9] -> 1.0 J, 4.0 s, 0.1 W, ", "", 1)
    text = text.replace(", [1.1] -> 1.5 J, 2.0 s, 0.2 W", "")
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        pfmlir.schedule(text, target=TARGET, period_s=100, max_rails=1)
    assert caught.value.fastest_time_s == numpy.inf


def test_errors_have_their_place(tmp_path):
    path = tmp_path / "net.mlir"
    path.write_text("func.func @f() {\n  power.layer 3\n}\n")
    with pytest.raises(pfmlir.CompilationError) as caught:
        pfmlir.schedule(path)
    assert f"{path}:2:15: error: " in str(caught.value)
    assert len(caught.value.diagnostics) == 1
    path.write_text(NET.replace('"conv2" workload', '"conv2" state'))
    with pytest.raises(pfmlir.CompilationError, match=r"net\.mlir:5:"):
        pfmlir.schedule(path)


def test_notes_are_part_of_the_message():
    measured = TARGET.replace(
        "max_rails 2", "max_rails 2 cost_model #power.measured<{}>"
    )
    with pytest.raises(pfmlir.CompilationError, match="note: target declared here"):
        pfmlir.schedule(NET, target=measured, fps=1)


def test_tables_of_levels_stay_in_memory():
    """Of states and of transitions; a measured table has as many as it has rows."""
    levels = [0.9 + i / 4000 for i in range(1025)]
    with pytest.raises(pfmlir.CompilationError, match="at most 1024 levels, but got"):
        pfmlir.schedule(NET, fps=1, levels_v=levels)
    with pytest.raises(pfmlir.CompilationError, match="900 levels in each domain make"):
        pfmlir.schedule(NET, fps=1, levels_v=levels[:900])
    many = ", ".join(str(level) for level in levels[:900])
    measured = f"""
        power.target @many levels_v [{many}] max_rails 1 {{
          power.domain @core nominal_v 0.9
          power.domain @memory nominal_v 0.9
          power.domain @io nominal_v 0.9
        }}
        func.func @net() {{
          power.layer "fc" costs <[0.9, 0.9, 0.9] -> 1.0 J, 1.0 s, 1.0 W>
          return
        }}"""
    assert pfmlir.schedule(measured, period_s=1).energy_j == 1


@pytest.mark.parametrize(
    "error, message, options",
    [
        (ValueError, "fps: expected a finite number above 0", {"fps": 0}),
        (ValueError, "fps: expected a finite number above 0", {"fps": -1}),
        (ValueError, "fps: expected a finite number above 0", {"fps": float("nan")}),
        (TypeError, "fps: expected a number", {"fps": "60"}),
        (ValueError, "expected one of them", {"fps": 1, "period_s": 1}),
        (ValueError, "period_s: expected a finite", {"period_s": float("inf")}),
        (ValueError, "max_rails: expected at least 1", {"max_rails": 0}),
        (TypeError, "max_rails: expected a whole", {"max_rails": 2.5}),
        (ValueError, "gating: expected one of", {"gating": "all"}),
        (ValueError, "search: expected one of", {"search": "best"}),
        (ValueError, "levels_v: expected finite", {"levels_v": []}),
        (TypeError, "levels_v: expected numbers", {"levels_v": ["a"]}),
        (ValueError, "threads: expected at least 1", {"threads": 0}),
        (ValueError, "time_limit_s: expected", {"time_limit_s": 0}),
        (TypeError, "banks", {"banks": {"ifmap": 1.5}}),
        (ValueError, "sleep_power_w", {"sleep_power_w": -1.0}),
        (TypeError, "target: expected a name", {"target": 3}),
        (pfmlir.CompilationError, "nosuch", {"target": "nosuch"}),
        (pfmlir.CompilationError, "levels", {"levels_v": [7.0]}),
        (pfmlir.CompilationError, "nosuch", {"banks": {"nosuch": 1}}),
        (pfmlir.CompilationError, "nosuch", {"function": "nosuch"}),
        (ValueError, "quotes", {"function": "a\nb"}),
        (TypeError, "inputs: expected only with", {"inputs": ()}),
    ],
)
def test_bad_options_are_named(error, message, options):
    with pytest.raises(error, match=message):
        pfmlir.schedule(NET, **options)


def test_bad_sources_are_named():
    with pytest.raises(TypeError, match=r"expected a torch\.nn\.Module"):
        pfmlir.schedule(3)
    with pytest.raises(FileNotFoundError):
        pfmlir.schedule("nosuch.mlir")
    with pytest.raises(TypeError, match="module: expected"):
        pfmlir.form_layers("module {}")
    with pytest.raises(TypeError, match="context: expected"):
        pfmlir.import_model(NET, context=3)
    with pytest.raises(pfmlir.CompilationError, match=r"power\.schedule"):
        pfmlir.Schedule.from_module(pfmlir.assign_target(parse(NET)))
    with pytest.raises(pfmlir.CompilationError):
        pfmlir.tabulate_costs(parse("module {}"))
    with pytest.raises(pfmlir.PfmlirError, match=r"one power\.target, but got 0"):
        pfmlir.assign_target(parse(NET), parse("module {}"))


def test_a_schedule_edited_by_hand_does_not_verify(schedule):
    edited = re.sub(r"active_time_s \S+", "active_time_s 1.0e-03", schedule.ir)
    with pytest.raises(pfmlir.CompilationError, match="active"):
        pfmlir.verify_schedule(parse(edited))


def test_without_torch_the_message_says_what_to_install():
    program = (
        "import sys; sys.modules['torch_mlir'] = None; import pfmlir.compile.export\n"
        "pfmlir.compile.export.export_linalg(None)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "MissingDependencyError" in result.stderr
    assert "install pfmlir with its extra [torch]" in result.stderr


# ---------------------------------------------------------------------------
# Lives of contexts and modules
# ---------------------------------------------------------------------------


def test_modules_outlive_what_made_them():
    module = pfmlir.form_layers(pfmlir.assign_target(pfmlir.import_model(NET)))
    gc.collect()
    target = module.body.operations[0]
    del module
    gc.collect()
    assert isinstance(target, power.TargetOp)
    costs = pfmlir.tabulate_costs(
        pfmlir.form_layers(pfmlir.assign_target(pfmlir.import_model(NET)))
    )
    gc.collect()
    assert numpy.isfinite(costs.energy_j).all() and costs.energy_j.sum() > 0


def test_threads(schedule):
    found = []

    def work():
        found.append(pfmlir.schedule(NET, fps=60))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [schedule] * 8


# ---------------------------------------------------------------------------
# What a reader tripped over
# ---------------------------------------------------------------------------


def test_costs_are_those_of_the_function_that_is_scheduled():
    text = BARE + BARE.replace("@bare", "@other").replace('"b"', '"c"')
    module = pfmlir.assign_target(parse(text), TARGET, function="other")
    costs = pfmlir.tabulate_costs(module)
    assert costs.layer_names == ("a", "c") and costs.energy_j.shape == (2, 2)
    pytest.importorskip("pandas")
    assert len(costs.to_pandas()) == 4


def test_many_domains_keep_their_voltages():
    domains = "\n".join(f"power.domain @d{i} nominal_v 1.1" for i in range(45))
    target = (
        f"power.target @many levels_v [0.9, 1.0, 1.1] max_rails 1 {{\n{domains}\n}}"
    )
    rows = ", ".join(
        f"[{', '.join([level] * 45)}] -> 1.0 J, 1.0 s, 0.0 W"
        for level in ("0.9", "1.1")
    )
    network = f'func.func @net() {{\n  power.layer "a" costs <{rows}>\n  return\n}}\n'
    costs = pfmlir.tabulate_costs(pfmlir.assign_target(parse(network), target))
    assert costs.voltages_v.tolist() == [[0.9] * 45, [1.1] * 45]


def test_values_do_not_change(schedule):
    with pytest.raises(AttributeError, match="doesn't change"):
        schedule.energy_j = 5
    costs = pfmlir.tabulate_costs(pfmlir.assign_target(parse(NET)))
    with pytest.raises(ValueError, match="read-only"):
        costs.energy_j[0, 0] = 5


def test_files_are_written_as_tools_do(schedule, tmp_path):
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    schedule.save(link)
    assert link.is_symlink() and pfmlir.Schedule.load(target) == schedule
    mask = os.umask(0o077)
    try:
        schedule.save(tmp_path / "private.json")
    finally:
        os.umask(mask)
    assert (tmp_path / "private.json").stat().st_mode & 0o777 == 0o600
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = threading.Thread(target=pipe.read_bytes)
    reader.start()
    schedule.save(pipe)
    reader.join()
    assert pipe.is_fifo()
    with pytest.raises(FileNotFoundError):
        schedule.save(tmp_path / "nowhere" / "schedule.json")


def test_what_is_not_costed_is_said():
    text = NET.replace("return", "%0 = tensor.empty() : tensor<4xf32>\n  return")
    found = pfmlir.schedule(text, fps=60)
    assert "without" not in repr(found)
    data = found.to_dict() | {"uncosted": {"linalg.softmax": 2, "tensor.concat": 1}}
    assert "3 operations that no model costs" in repr(pfmlir.Schedule(data, found.ir))


def test_a_sweep_takes_single_values():
    (point,) = pfmlir.sweep(NET, fps=numpy.int64(60), max_rails=numpy.int64(2))
    assert json.dumps(point.fps) == "60.0" and json.dumps(point.max_rails) == "2"
    (point,) = pfmlir.sweep(NET, fps=[60], search="nominal")
    assert point.search == "nominal"


@pytest.mark.parametrize(
    "error, message, options",
    [
        (ValueError, "target: expected", {"target": ""}),
        (TypeError, "sleep: expected True or False", {"sleep": "no"}),
        (ValueError, "banks: expected the name", {"banks": {"x}": 3}}),
        (ValueError, "at least 1 and at most 2147483647", {"threads": 3 * 10**9}),
        (ValueError, "sleep_power_w: .* not negative", {"sleep_power_w": -1}),
    ],
)
def test_more_bad_options_are_named(error, message, options):
    with pytest.raises(error, match=message):
        pfmlir.schedule(NET, **options)


def test_one_line_is_a_target_too():
    line = " ".join(TARGET.split())
    assert pfmlir.schedule(BARE, target=line, period_s=6.5).target == "small"
    with pytest.raises(ValueError, match="expected a network"):
        pfmlir.schedule("")


def test_a_target_is_not_printed_with_its_error():
    with pytest.raises(pfmlir.CompilationError) as caught:
        pfmlir.schedule(NET, levels_v=[5, 6])
    assert "power.domain" not in str(caught.value)
    assert len(str(caught.value)) < 500
