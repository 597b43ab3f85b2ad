# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of what all answers have in common: words, files, pictures, as values."""

import ast
import copy
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pfmlir
import pytest
from pfmlir.command import main
from pfmlir.running import read_registers
from pfmlir.running.expected import expect_writes, find_scheduled
from pfmlir.running.hardware import Hardware

NET = """
func.func @net() {
  power.layer "conv1" workload #power.conv2d<
    input = [3, 56, 56], output_channels = 64, kernel = [3, 3], strides = [2, 2]>
  power.layer "<conv2>" workload #power.conv2d<
    input = [64, 27, 27], output_channels = 64, kernel = [3, 3]>
  power.layer "fc" workload #power.matmul<m = 16, k = 512, n = 100>
  return
}
"""
FPS = 250.0
# As words, and how many parts each answer has.
MAKERS: dict[str, Callable[[], pfmlir.Answer]] = {
    "Schedule": lambda: pfmlir.schedule(NET, fps=FPS),
    "Solution": lambda: pfmlir.tabulate_costs(NET).solve(fps=FPS),
    "ParetoFront": lambda: pfmlir.pareto_front(NET, tolerance=0.05),
    "RailChoice": lambda: pfmlir.choose_rails(
        [NET, NET], fps=[FPS, 100], names=["a", "<b>"]
    ),
    "SystemSchedule": lambda: pfmlir.schedule_system(
        {"a": NET, "<b>": NET}, fps=[FPS, 100], shares={"a": 0.5}
    ),
    "FramePlan": lambda: pfmlir.plan_frames(
        [NET, NET], fps=[FPS, 100], names=["a", "<b>"]
    ),
    "Sensitivity": lambda: pfmlir.sensitivity(NET, fps=FPS),
    "Sweep": lambda: pfmlir.sweep(
        NET, fps=[100, FPS, 1e6], search=["exact", "nominal"]
    ),
    "Exploration": lambda: pfmlir.explore(
        NET,
        {"target.max_rails": [1, 2], "gating": ["none", "bank"], "fps": [FPS, 1e6]},
        executor="threads",
    ),
}


def replay_of_net() -> pfmlir.Replay:
    """Return a replay of what the schedule asks for."""
    schedule = pfmlir.schedule(NET, fps=FPS)
    scheduled = find_scheduled(schedule.module)
    registers = read_registers(schedule.module)
    return pfmlir.replay(
        schedule, expect_writes(scheduled, Hardware(scheduled.target), registers)
    )


MAKERS["Replay"] = replay_of_net
WORDS = ("energy_j", "lower_bound_j", "gap", "active_time_s", "period_s", "fps")


@pytest.fixture(scope="module", params=MAKERS)
def answer(request: pytest.FixtureRequest) -> pfmlir.Answer:
    found = MAKERS[request.param]()
    assert type(found).__name__ == request.param
    return found


def arrays(answer: Any) -> list[numpy.ndarray]:
    """Return all arrays that an answer gives."""
    names = [name for name in dir(answer) if not name.startswith("_")]
    values = [getattr(answer, name) for name in names]
    values += [each for value in values if isinstance(value, tuple) for each in value]
    return [value for value in values if isinstance(value, numpy.ndarray)]


def test_all_have_the_same_words(answer: Any) -> None:
    for word in (*WORDS, "rails_v", "is_optimal", "status"):
        assert hasattr(answer, word), word
    assert isinstance(answer.is_optimal, bool)
    values = {word: numpy.asarray(getattr(answer, word)) for word in WORDS}
    feasible = ~numpy.isnan(values["energy_j"])
    # Of several networks there may be one gap, of all together.
    gaps = numpy.broadcast_to(values["gap"], values["energy_j"].shape)
    assert (gaps[feasible] >= 0).all()
    assert (values["lower_bound_j"] <= values["energy_j"])[feasible].all()
    assert values["fps"] == pytest.approx(1 / values["period_s"], rel=1e-12)
    if values["active_time_s"].shape == values["energy_j"].shape:
        kept = values["active_time_s"] <= values["period_s"] * (1 + 1e-12)
        assert kept[feasible].all()


def test_none_of_them_changes(answer: Any) -> None:
    with pytest.raises(AttributeError):
        answer.energy_j = 0.0
    with pytest.raises(TypeError, match="unhashable"):
        hash(answer)
    for other in (answer, pickle.loads(pickle.dumps(answer)), copy.deepcopy(answer)):
        assert other == answer
        assert arrays(other)
        for array in arrays(other):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0


def test_equal_questions_have_equal_answers(answer: Any) -> None:
    again = MAKERS[type(answer).__name__]()
    assert again == answer
    others = [make() for name, make in MAKERS.items() if name != type(answer).__name__]
    assert all(other != answer for other in others)
    assert answer != "an answer"


def test_what_was_saved_is_loaded(answer: Any, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    answer.save(path)
    data = json.loads(path.read_text())
    assert data["format"] == type(answer).FORMAT
    assert data["version"] == type(answer).VERSION
    assert data["pfmlir_version"] == pfmlir.__version__
    for kind in (type(answer), pfmlir.Answer):
        found = kind.load(path)
        assert type(found) is type(answer) and found == answer
        assert repr(found) == repr(answer)
        assert len(arrays(found)) == len(arrays(answer))
    first = path.read_bytes()
    MAKERS[type(answer).__name__]().save(path)
    assert path.read_bytes() == first
    other = pfmlir.Sweep if isinstance(answer, pfmlir.Schedule) else pfmlir.Schedule
    with pytest.raises(ValueError, match=r"is not a saved (sweep|schedule): exp"):
        other.load(path)


def test_a_file_lacks_nothing(answer: Any, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    answer.save(path)
    data = json.loads(path.read_text())
    for name in data:
        path.write_text(json.dumps({k: v for k, v in data.items() if k != name}))
        if name == "pfmlir_version":
            assert type(answer).load(path) == answer
            continue
        with pytest.raises(ValueError, match=r"answer\.json'"):
            type(answer).load(path)
    for version in (0, type(answer).VERSION + 1, "1", None, 1.5):
        path.write_text(json.dumps(data | {"version": version}))
        with pytest.raises(ValueError, match="or older, but got version"):
            pfmlir.Answer.load(path)
    path.write_text(json.dumps(data | {"unknown": 1}))
    with pytest.raises(ValueError, match="unknown"):
        type(answer).load(path)


def test_other_forms(answer: Any) -> None:
    pandas = pytest.importorskip("pandas")
    json.dumps(answer.to_dict())
    rows = answer.to_rows()
    json.dumps(rows)
    frame = answer.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert len(frame) == len(rows) > 0 and list(frame) == list(rows[0])


def test_they_show_themselves(answer: Any) -> None:
    text = repr(answer)
    assert text.startswith(f"<{type(answer).__name__} ") and text.endswith(">")
    assert "J" in text and "uJ" not in text
    html = answer._repr_html_()
    assert html.count("<tr>") > 3
    assert "<conv2>" not in html and "<b>" not in html[3:]


def test_they_draw_themselves(answer: Any, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from pfmlir.plots import draw, save_figure

    save_figure(answer.plot(), tmp_path / "a.svg")
    save_figure(draw(answer), tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    if isinstance(answer, pfmlir.Schedule):
        return
    with pytest.raises(ValueError, match="kind: expected none for a"):
        answer.plot("timeline")
    with pytest.raises(ValueError, match="baseline: expected none for a"):
        answer.plot(baseline=answer)


def test_they_are_shown_and_drawn_from_files(
    answer: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    path, picture = str(tmp_path / "answer.json"), tmp_path / "picture.svg"
    answer.save(path)
    for name in ("table", "summary", "json", "csv"):
        assert main(["show", path, "-f", name]) == 0
        text = capsys.readouterr().out
        assert text.endswith("\n")
        if name == "json":
            json.loads(text)
        if name == "csv":
            assert len(text.splitlines()) == 1 + len(answer.to_rows())
        if name == "summary":
            assert text == f"{answer!r}\n"
    status = main(["show", path, "-f", "mlir"])
    has_ir = isinstance(answer, pfmlir.Schedule | pfmlir.SystemSchedule)
    assert status == (0 if has_ir else 1)
    assert main(["plot", path, "-o", str(picture)]) == 0
    assert picture.stat().st_size > 1000


# ---------------------------------------------------------------------------
# What is known of them
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status, options",
    [
        ("optimal", {}),
        ("limit", {"gap": 0.9}),
        ("heuristic", {"search": "lambda-dp"}),
        ("heuristic", {"search": "nominal"}),
    ],
)
def test_an_answer_says_why_it_is_not_proven(
    status: str, options: dict[str, Any]
) -> None:
    tables = pfmlir.tabulate_costs(NET)
    # So tight that the searches have something to do; what is nominal is slower.
    slower = 1.5 if options.get("search") == "nominal" else 1.02
    rate = {"period_s": slower * pfmlir.pareto_front(NET).period_s[0]}
    found: list[Any] = [
        pfmlir.schedule(NET, **rate, **options),
        pfmlir.sensitivity(NET, **rate, **options),
    ]
    if options.get("search") != "nominal":
        found.append(pfmlir.schedule(tables, **rate, **options))
    for answer in found:
        assert answer.status == status
        assert answer.is_optimal == (status == "optimal")
        text = repr(answer)
        assert ("proven optimal" in text) == (status == "optimal")
        assert ("above the optimum" in text) == (status != "optimal")
        assert ("a limit stopped the search" in text) == (status == "limit")


def test_a_sweep_is_as_good_as_its_points() -> None:
    found = pfmlir.sweep(NET, fps=[FPS, 1e6], search=["exact", "lambda-dp", "nominal"])
    assert [point.status for point in found][::2] == ["optimal", *["heuristic"] * 2]
    assert not found.is_optimal and found.status == "heuristic"
    proven = pfmlir.sweep(NET, fps=[FPS, 1e6])
    assert proven.is_optimal and proven.status == "optimal"
    assert numpy.isnan(proven.energy_j).tolist() == [False, True]
    assert len(proven) == 2 and proven[1:] == (proven[1],)
    assert list(proven) == [proven[0], proven[1]]
    nothing = pfmlir.sweep(NET, fps=1e6)
    assert "0 of them with a schedule" in repr(nothing)


def test_indices_are_no_volts(tmp_path: Path) -> None:
    found = pfmlir.solve(
        [[1.0, 2.0]], [[4.0, 3.0]], [[0.0, 0.0]], [[0], [2]], fps=0.2, max_rails=1
    )
    assert found.rails.tolist() == [0] and found.levels.tolist() == [0, 1, 2]
    for name in ("rails_v", "levels_v", "voltages_v"):
        with pytest.raises(ValueError, match=f"{name}: expected states in volts"):
            getattr(found, name)
    found.save(tmp_path / "found.json")
    assert pfmlir.Solution.load(tmp_path / "found.json") == found
    assert found.to_rows()[0] | {"domain 0": 0} == found.to_rows()[0]
    assert "levels 0" in repr(found) and "<td>0</td>" in found._repr_html_()


def test_a_solution_says_its_layers() -> None:
    tables = pfmlir.tabulate_costs(NET)
    found = tables.solve(fps=FPS)
    at = (numpy.arange(3), found.states)
    for name in ("energy_j", "time_s", "leakage_w"):
        assert (found.layers[name] == getattr(tables, name)[at]).all()
    assert tuple(found.layers["name"]) == tables.layer_names
    assert (found.voltages_v == tables.voltages_v[found.states]).all()
    assert found.domains == tables.domains and found.fps == pytest.approx(FPS)
    assert (found.levels_v == tables.levels_v).all()


def test_a_solution_that_was_edited_is_not_optimal(tmp_path: Path) -> None:
    path = tmp_path / "solution.json"
    pfmlir.tabulate_costs(NET).solve(fps=FPS).save(path)
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"energy_j": 0.9 * data["energy_j"]}))
    with pytest.raises(ValueError, match="said to be optimal at its bound"):
        pfmlir.Solution.load(path)


def test_a_saved_sensitivity_keeps_its_schedule(tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    for source in (NET, pfmlir.tabulate_costs(NET)):
        found = pfmlir.sensitivity(source, fps=FPS)
        found.save(path)
        loaded = pfmlir.Sensitivity.load(path)
        assert loaded.before == found.before and loaded.changes == found.changes
    assert (numpy.diff(found.savings) <= 0).all()


# ---------------------------------------------------------------------------
# Arrows between folders
# ---------------------------------------------------------------------------

# What each may import of the package, besides what lies beside the folders.
MAY_IMPORT = {
    "answers": set(),
    "problem": {"answers"},
    "compile": {"answers", "problem"},
    "studies": {"answers", "problem", "compile"},
    "running": {"answers", "problem", "compile"},
    "plots": {"answers"},
    "report": {"answers", "plots"},
    "command": {
        "answers",
        "problem",
        "compile",
        "studies",
        "running",
        "plots",
        "report",
    },
}


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_arrows_point_one_way(folder: str) -> None:
    top = Path(__file__).parent.parent.parent / "python" / "pfmlir"
    files = sorted((top / folder).glob("*.py"))
    assert len(files) > 2
    for path in files:
        imported = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and node.level == 2
            for name in ([node.module] if node.module else [a.name for a in node.names])
        }
        assert imported & set(MAY_IMPORT) <= MAY_IMPORT[folder], path
