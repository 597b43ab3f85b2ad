# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every function that takes a network takes it in every form, and a rate either way."""

import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pfmlir
import pytest
from pfmlir import ir
from pfmlir.command import main
from pfmlir.compile import sources

torch = pytest.importorskip("torch")
fx = pytest.importorskip("torch_mlir.fx")

FPS = 2000.0
INPUTS = (torch.zeros(1, 3, 12, 12),)


def make() -> tuple[Any, tuple[Any, ...]]:
    """Return a model and its inputs, as MODULE:FUNCTION does."""
    torch.manual_seed(0)
    layers = (torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU(), torch.nn.Conv2d(8, 8, 3))
    return torch.nn.Sequential(*layers).eval(), INPUTS


def make_tables() -> pfmlir.CostTables:
    """Return what the same model costs."""
    return pfmlir.tabulate_costs(*make())


@pytest.fixture(scope="module")
def module() -> ir.Module:
    return pfmlir.import_model(*make())


@pytest.fixture(scope="module")
def tables() -> pfmlir.CostTables:
    return make_tables()


@pytest.fixture
def folder(tmp_path: Path, module: ir.Module, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the network in files, and as a Python module."""
    text = module.operation.get_asm(enable_debug_info=True)
    (tmp_path / "net.mlir").write_text(text)
    with (tmp_path / "net.mlirbc").open("wb") as file:
        module.operation.write_bytecode(file)
    (tmp_path / "my_network.py").write_text(
        "from test_sources import make, make_tables\n"
        "def module():\n"
        "    import pfmlir\n"
        "    return pfmlir.import_model(*make())\n"
        "def exported():\n"
        "    import torch\n"
        "    return torch.export.export(*make())\n"
    )
    monkeypatch.syspath_prepend(Path(__file__).parent)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    # What is done with its name is the same, in less time.
    monkeypatch.setattr(
        sources, "load_reference", lambda *arguments: pfmlir.import_model(*make())
    )
    return tmp_path


SOURCES: dict[str, Callable[[ir.Module, Path], tuple[Any, ...]]] = {
    "model": lambda module, folder: make(),
    "exported program": lambda module, folder: (torch.export.export(*make()),),
    "torch-mlir's module": lambda module, folder: (
        fx.export_and_import(make()[0], *INPUTS, output_type="linalg-on-tensors"),
    ),
    "module": lambda module, folder: (module,),
    "text": lambda module, folder: (str(module),),
    "path": lambda module, folder: (folder / "net.mlir",),
    "name of a file": lambda module, folder: ("net.mlir",),
    "bytecode": lambda module, folder: ("net.mlirbc",),
    "reference network": lambda module, folder: ("squeezenet",),
    "MODULE:FUNCTION": lambda module, folder: ("my_network:make",),
    "MODULE:FUNCTION of a module": lambda module, folder: ("my_network:module",),
    "MODULE:FUNCTION of a program": lambda module, folder: ("my_network:exported",),
    "MODULE:FUNCTION of tables": lambda module, folder: ("my_network:make_tables",),
    "tables": lambda module, folder: (make_tables(),),
}

Rate = dict[str, Any]


def _pair(source: tuple[Any, ...]) -> Any:
    return source if len(source) == 2 else source[0]


def _certify(source: tuple[Any, ...], rate: Rate, folder: Path) -> Any:
    path = folder / "certificate.json"
    found = pfmlir.certify(source[0], path, *source[1:], **rate)
    assert json.loads(path.read_text())["schedule"]["energy_j"] == found.energy_j
    return found


def _each(rate: Rate, number: int) -> Rate:
    return {name: [value] * number for name, value in rate.items()}


# What is asked of a source at a rate; all of them have the least energy there.
FUNCTIONS: dict[str, Callable[[tuple[Any, ...], Rate, Path], Any]] = {
    "schedule": lambda source, rate, folder: pfmlir.schedule(*source, **rate),
    "tabulate_costs": lambda source, rate, folder: pfmlir.tabulate_costs(*source).solve(
        **rate
    ),
    "pareto_front": lambda source, rate, folder: pfmlir.pareto_front(
        *source, **_each(rate, 2)
    ).solutions[0],
    "choose_rails": lambda source, rate, folder: pfmlir.choose_rails(
        [_pair(source)], **_each(rate, 1)
    ),
    "sensitivity": lambda source, rate, folder: pfmlir.sensitivity(*source, **rate),
    "certify": _certify,
    "sweep": lambda source, rate, folder: pfmlir.sweep(*source, **rate)[0],
}


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", SOURCES)
def test_every_function_takes_every_source(
    kind: str, function: str, module: ir.Module, tables: pfmlir.CostTables, folder: Path
) -> None:
    source = SOURCES[kind](module, folder)
    before = str(module)
    found = FUNCTIONS[function](source, {"fps": FPS}, folder)
    expected = tables.solve(fps=FPS)
    assert found.energy_j == pytest.approx(expected.energy_j, rel=1e-12)
    assert found.is_optimal and found.status == "optimal"
    assert list(found.rails_v)[: len(expected.rails)] == list(expected.rails)
    assert found.active_time_s == pytest.approx(expected.active_time_s, rel=1e-12)
    assert str(module) == before


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", ["module", "tables"])
def test_a_period_is_a_rate(
    kind: str, function: str, module: ir.Module, folder: Path
) -> None:
    source = SOURCES[kind](module, folder)
    by_rate = FUNCTIONS[function](source, {"fps": FPS}, folder)
    by_period = FUNCTIONS[function](source, {"period_s": 1 / FPS}, folder)
    assert by_rate.energy_j == pytest.approx(by_period.energy_j, rel=1e-12)
    with pytest.raises(ValueError, match="fps, period_s: expected one of them"):
        FUNCTIONS[function](source, {"fps": FPS, "period_s": 1 / FPS}, folder)
    # A module may say its own, and a front is of all.
    if function == "pareto_front" or (function, kind) == ("schedule", "module"):
        return
    with pytest.raises(TypeError, match="expected one of fps and period_s, but got ne"):
        FUNCTIONS[function](source, {}, folder)


def test_bare_arrays_take_a_rate_too(tables: pfmlir.CostTables) -> None:
    arrays = (tables.energy_j, tables.time_s, tables.leakage_w, tables.states)
    found = pfmlir.solve(*arrays, fps=FPS, max_rails=3)
    assert found == pfmlir.solve(*arrays, period_s=1 / FPS, max_rails=3)


COMMANDS = {
    "schedule": ["schedule", "{}", "--fps", "2000"],
    "sensitivity": ["sensitivity", "{}", "--period-s", "5e-4"],
    "front": ["front", "{}", "--fps", "1000", "2000"],
    "certify": ["certify", "{}", "--period-s", "5e-4", "-o", "out.json"],
    "rails": ["rails", "{}@2000"],
    "sweep": ["sweep", "{}", "--period-s", "5e-4,1e-3"],
}


@pytest.mark.parametrize("verb", COMMANDS)
@pytest.mark.parametrize(
    "name",
    [
        "net.mlir",
        "net.mlirbc",
        "squeezenet",
        "my_network:make",
        "my_network:make_tables",
    ],
)
def test_every_verb_takes_every_name(
    verb: str, name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(name) for argument in COMMANDS[verb]]) == 0
    assert re.search(r"\d [µun]J", capsys.readouterr().out)


def test_a_reference_network_is_called_by_its_name() -> None:
    module = pfmlir.import_model("squeezenet")
    (function,) = (op for op in module.body.operations if op.name != "ml_program")
    assert function.name.value == "squeezenet"


# ---------------------------------------------------------------------------
# What is none
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error, message, source",
    [
        (
            ValueError,
            r"'squeeznet' is neither a file.*mean 'squeezenet'\?",
            "squeeznet",
        ),
        (ValueError, r"did you mean 'net\.mlir'", "net.mlr"),
        (
            ValueError,
            r"nor one of the reference networks squeezenet, .*transformer$",
            "x",
        ),
        (ValueError, "no Python module 'nosuch'", "nosuch:make"),
        (ValueError, "Python module 'my_network' has no 'nosuch'", "my_network:nosuch"),
        (ValueError, "'os:getcwd' should return a model and a tuple", "os:getcwd"),
        (FileNotFoundError, "nosuch.mlir", "nosuch.mlir"),
        (TypeError, "source: expected a torch.nn.Module, .* but got <class 'int'>", 3),
        (ValueError, "source: expected a network, but got ''", ""),
    ],
)
@pytest.mark.parametrize(
    "function",
    ["schedule", "tabulate_costs", "pareto_front", "sensitivity", "sweep"],
)
def test_what_is_no_source_is_named(
    error: type[Exception], message: str, source: Any, function: str, folder: Path
) -> None:
    rate = {} if function in ("tabulate_costs", "pareto_front") else {"fps": 1.0}
    with pytest.raises(error, match=message):
        getattr(pfmlir, function)(source, **rate)


def test_a_network_of_several_is_named() -> None:
    with pytest.raises(TypeError, match=r"^networks\[1\]: expected a torch"):
        pfmlir.choose_rails([make(), 3], fps=[1, 1])
    with pytest.raises(ValueError, match="'squeeznet' is neither"):
        pfmlir.choose_rails(["squeeznet"], fps=[1])


def test_a_name_goes_before_a_file_of_that_name(folder: Path) -> None:
    (folder / "squeezenet").write_text("not MLIR")
    assert pfmlir.schedule("squeezenet", fps=FPS).is_optimal
    with pytest.raises(pfmlir.CompilationError):
        pfmlir.schedule("./squeezenet", fps=FPS)


def test_tables_are_no_ir(tables: pfmlir.CostTables) -> None:
    with pytest.raises(TypeError, match=r"has IR, but got pfmlir\.CostTables"):
        pfmlir.import_model(tables)


@pytest.mark.parametrize(
    "options",
    [
        {"gating": "none"},
        {"levels_v": [0.9]},
        {"target": "pf40"},
        {"sleep": False},
        {"skip_vector_layers": True},
        {"function": "main"},
    ],
)
def test_tables_are_costs_on_a_target(
    tables: pfmlir.CostTables, options: dict[str, Any], tmp_path: Path
) -> None:
    (name,) = options
    for ask in (
        lambda: pfmlir.schedule(tables, fps=FPS, **options),
        lambda: pfmlir.tabulate_costs(tables, **options),
        lambda: pfmlir.pareto_front(tables, **options),
        lambda: pfmlir.choose_rails([tables], fps=[FPS], **options),
        lambda: pfmlir.sensitivity(tables, fps=FPS, **options),
        lambda: pfmlir.certify(tables, tmp_path / "out", fps=FPS, **options),
        lambda: pfmlir.sweep(tables, fps=FPS, **options),
    ):
        with pytest.raises(TypeError, match=f"^{name}: expected none with"):
            ask()
    assert not list(tmp_path.iterdir())


def test_tables_take_rails_and_searches(tables: pfmlir.CostTables) -> None:
    one = pfmlir.schedule(tables, fps=FPS, max_rails=1, search="lambda-dp")
    assert isinstance(one, pfmlir.Solution)
    assert len(one.rails) == 1 and one.search == "lambda-dp"
    assert pfmlir.tabulate_costs(tables, max_rails=1).max_rails == 1
    assert pfmlir.tabulate_costs(tables) is tables
    with pytest.raises(ValueError, match="search: expected one of"):
        pfmlir.schedule(tables, fps=FPS, search="greedy")
    names = {change.what for change in pfmlir.sensitivity(tables, fps=FPS)}
    assert {"a rail fewer", "a rail more", "no sleep"} <= names
    assert "transitions of ten times the time" in names


def test_what_tables_are_worth_is_what_modules_are(
    module: ir.Module, tables: pfmlir.CostTables
) -> None:
    by_table = {change.what: change for change in pfmlir.sensitivity(tables, fps=FPS)}
    by_module = {change.what: change for change in pfmlir.sensitivity(module, fps=FPS)}
    # Where a target says no more, to sleep costs transitions, which a table has apart.
    same = [what for what in by_table if "energy" not in what and what in by_module]
    assert {"a rail fewer", "no sleep", "transitions of half the time"} <= set(same)
    for what in same:
        expected = by_module[what].energy_j
        assert by_table[what].energy_j == pytest.approx(expected, rel=1e-12), what


# ---------------------------------------------------------------------------
# Options
# ---------------------------------------------------------------------------


def test_what_ifs_reach_every_study(module: ir.Module, tmp_path: Path) -> None:
    options: Any = {"levels_v": [0.9, 1.1, 1.3], "gating": "none", "max_rails": 2}
    expected = pfmlir.schedule(module, fps=FPS, **options)
    rate = {"fps": FPS}
    for found in (
        pfmlir.tabulate_costs(module, **options).solve(fps=FPS),
        pfmlir.pareto_front(module, fps=(FPS, FPS), **options).solutions[0],
        pfmlir.choose_rails([module], fps=[FPS], **options),
        pfmlir.sensitivity(module, **rate, **options),
        pfmlir.certify(module, tmp_path / "out.json", **rate, **options),
        pfmlir.sweep(module, **rate, **options)[0],
    ):
        assert found.energy_j == pytest.approx(expected.energy_j, rel=1e-12)
    assert expected.energy_j != pfmlir.schedule(module, fps=FPS).energy_j


@pytest.mark.parametrize(
    "name",
    [
        "assign_target",
        "certify",
        "choose_rails",
        "pareto_front",
        "plan_frames",
        "schedule",
        "schedule_system",
        "select_states",
        "sensitivity",
        "sweep",
        "tabulate_costs",
    ],
)
def test_options_are_listed_and_others_refused(name: str) -> None:
    function = getattr(pfmlir, name)
    parameters = inspect.signature(function).parameters
    assert "options" not in parameters
    # Those of its docstring, or of what that refers to.
    assert {"search" if name == "select_states" else "levels_v"} <= set(parameters)
    with pytest.raises(TypeError, match=rf"{name}\(\) got an unexpected .* 'fsp'"):
        function(3, fsp=1)


def test_every_option_is_described() -> None:
    text = inspect.getdoc(pfmlir.schedule) or ""
    for name in inspect.signature(pfmlir.schedule).parameters:
        assert name in text, name
