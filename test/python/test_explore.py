# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of designs, many at once, and of spaces of them."""

import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import dying
import numpy
import pfmlir
import pytest
from pfmlir import Designs, DesignStatus, ir
from pfmlir.command import main
from pfmlir.compile.scheduling import as_layers
from pfmlir.dialects import power
from pfmlir.plots import draw
from pfmlir.studies.explorations import chunks, executors
from pfmlir.studies.explorations.space import Space

NET = """
func.func @net() {
  power.layer "features.0" workload #power.conv2d<
    input = [3, 56, 56], output_channels = 64, kernel = [3, 3], strides = [2, 2]>
  power.layer "conv" workload #power.conv2d<
    input = [64, 27, 27], output_channels = 64, kernel = [3, 3]>
  power.layer "fc" workload #power.matmul<m = 16, k = 512, n = 100>
  return
}
"""
FPS = 60
IFMAP = "target.memory.ifmap.bank_bytes"
MAC = "target.cost_model.mac_energy_j"
# Small, quick, and with all kinds of ends.
SPACE: dict[str, Any] = {
    IFMAP: [8192, 32768],
    MAC: [1e-13, 2e-13, -1.0],
    "fps": [30, 60, 1e6],
}


@pytest.fixture(scope="module")
def layers() -> ir.Module:
    return as_layers(pfmlir.import_model(NET), {"target": "pf40"})


def explore(space: dict[str, Any] = SPACE, **options: Any) -> pfmlir.Exploration:
    options = {"target": "pf40", "executor": "threads", "workers": 1} | options
    return pfmlir.explore(NET, space, **options)


def found_of(exploration: pfmlir.Exploration) -> list[dict[str, Any]]:
    return exploration.to_rows()


# -- designs ---------------------------------------------------------------------------


def edit(module: ir.Module, changes: dict[str, Any]) -> ir.Module:
    """Return layers on a target with other attributes, set by MLIR's own bindings."""
    copy = ir.Module.parse(str(module), ir.Context())
    with copy.context, ir.Location.unknown():
        operations = {}
        for op in copy.body.operations:
            if isinstance(op, power.TargetOp):
                operations["target"] = op.operation
                for inner in op.block:
                    name = (
                        ir.StringAttr(inner.attributes["sym_name"]).value
                        if "sym_name" in inner.attributes
                        else "transition"
                    )
                    operations[name] = inner.operation
            elif "power.target" in op.attributes:
                for inner in op.regions[0].blocks[0].operations:
                    if isinstance(inner, power.LayerOp):
                        operations[ir.StringAttr(inner.attributes["name"]).value] = (
                            inner
                        )
        for place, text in changes.items():
            owner, _, attribute = place.rpartition("/")
            operations[owner].attributes[attribute] = ir.Attribute.parse(text)
    return copy


# By path, values, and the same by operation, attribute and text.
CHANGES: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {}),
    ({IFMAP: 16384}, {"ifmap/bank_bytes": "16384"}),
    ({"target.max_rails": 1}, {"target/max_rails": "1"}),
    (
        {"target.awake_power_w": 1e-4, "target.margin": 0.125},
        {"target/awake_power_w": "1.0e-4", "target/margin": "0.125"},
    ),
    (
        {"target.transition.energy_j": 3e-9, "target.sleep_state.off.power_w": 1},
        {"transition/energy_j": "3.0e-9", "off/power_w": "1.0"},
    ),
    (
        {"target.domain.sys.leakage_w": 1e-5, "target.memory.rram.banks": 400},
        {"sys/leakage_w": "1.0e-5", "rram/banks": "400"},
    ),
    ({"target.gating.mode": "sram"}, {"target/gating": "#power.gating<sram>"}),
    (
        {"target.domain.feeder.law.minimum_v": 1},
        {
            "feeder/law": "#power.delay_polynomial<coefficients = "
            "[4922.0, -11041.0, 8656.0, -2306.0], minimum_v = 1.0, maximum_v = 1.3>"
        },
    ),
    (
        {"layer.fc.workload.k": 1024, 'layer."features.0".workload.kernel.1': 5},
        {
            "fc/workload": "#power.matmul<m = 16, k = 1024, n = 100>",
            "features.0/workload": "#power.conv2d<input = [3, 56, 56], "
            "output_channels = 64, kernel = [3, 5], strides = [2, 2]>",
        },
    ),
]


def test_answers_are_those_of_schedule(layers: ir.Module) -> None:
    """To the last bit; at several rates, and whatever the number of threads."""
    rates = (20, FPS, 80)
    cases = list(itertools.product(CHANGES, rates))
    designs = Designs(layers)
    found = [
        designs.solve(
            [changes for (changes, _), _ in cases],
            [1 / fps for _, fps in cases],
            threads=threads,
        )
        for threads in (1, 3)
    ]
    for i, ((_, edits), fps) in enumerate(cases):
        for answers in found:
            try:
                alone = pfmlir.schedule(edit(layers, edits), fps=fps)
            except pfmlir.InfeasibleError as error:
                assert answers.shortest_period_s[i] == error.fastest_time_s
                assert answers.reasons[i]
                continue
            assert answers.energy_j[i] == alone.energy_j
            assert answers.lower_bound_j[i] == alone.lower_bound_j
            assert answers.active_time_s[i] == alone.active_time_s
            assert answers.rails_v[i] == tuple(alone.rails_v)
            assert answers.tails[i] == (alone.tail.state or "")
    # Nothing of a design is left for the next.
    again = designs.solve([{}], [1 / FPS])
    assert again.energy_j[0] == pfmlir.schedule(layers, fps=FPS).energy_j


def test_other_searches(layers: ir.Module) -> None:
    for search in ("lambda-dp", "greedy", "nominal"):
        found = Designs(layers).solve([{}], [1 / FPS], search=search)
        alone = pfmlir.schedule(layers, fps=FPS, search=search)
        assert (found.energy_j[0], found.lower_bound_j[0]) == (
            alone.energy_j,
            alone.lower_bound_j,
        )
        assert found.status[0] == DesignStatus.FEASIBLE


def test_values_of_all_kinds(layers: ir.Module) -> None:
    kinds: dict[str, Any] = {
        "target.levels_v": [0.9, 1.0, 1.1],
        "target.levels_v.0": 0.91,
        "target.overlapping_ramps": True,
        "target.domain.sys.law.coefficients.3": -2300,
        "target.domain.sys.law": "#power.frequency_table<voltage_v = [0.9, 1.3], "
        "frequency_hz = [3.0e+08, 7.0e+08]>",
        "target.gating": "#power.gating<none>",
        "target.sleep_state.off.entry_energy_j": None,
    }
    found = Designs(layers).solve(
        [{path: value} for path, value in kinds.items()], [0.1] * len(kinds)
    )
    assert [reason for reason in found.reasons if reason] == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({IFMAP: -1}, "bank_bytes"),
        ({IFMAP: 1.5}, "doesn't take 1.500000e+00 : f64 for 'target.memory.ifmap"),
        ({"target.max_rails": None}, "max_rails"),
        ({MAC: "[1.0]"}, "expects 'mac_energy_j' to be a number"),
        ({"target.gating.mode": "all"}, "expects 'mode' to be none, sram or bank"),
        ({"target.levels_v": [1.0, 0.9]}, "expects increasing levels"),
        ({"target.levels_v.0": "@sys"}, "expects a value like 9.0"),
        ({"target.domain.sys.law": None}, "law"),
        ({"target.domain.sys.leakage_law": 1.0}, "leakage_law"),
        ({"layer.fc.workload.k": 0}, "expects k to be at least 1"),
        ({"target.cost_model.other_work": {}}, "expected a number, a text"),
    ],
)
def test_what_is_no_target(changes: dict[str, Any], reason: str) -> None:
    """A row that says why, and nothing of it in the next."""
    (path,) = changes
    exploration = explore({path: [changes[path]]}, fps=FPS)
    assert exploration["status"].tolist() == ["invalid"]
    assert reason in exploration["reason"][0]
    assert numpy.isnan(exploration.energy_j[0])


def test_layers_are_for_a_model(layers: ir.Module) -> None:
    """What decides how layers are formed can't be changed behind their back."""
    other = str(pfmlir.builtin_targets()["pf40_keep"])
    model = other[other.index("#power.analytical") :]
    model = model[: model.index(">") + 1]
    found = Designs(layers).solve([{"target.cost_model": model}], [1 / FPS])
    assert found.status[0] == DesignStatus.INVALID
    assert "costs work other than products" in found.reasons[0]


def test_parameters(layers: ir.Module) -> None:
    found = pfmlir.parameters(NET, target="pf40")
    assert found[IFMAP] == "32768 : i64"
    assert found["target.awake_power_w"] == ""
    assert found["target.domain.sys.law.coefficients.0"].startswith("4.922")
    assert found['layer."features.0".workload.strides.1'] == "2 : i64"
    assert found["target.transition.time_s"].startswith("1.5")
    chip = pfmlir.parameters(NET, target="gap9")
    assert all(path.startswith(("target.", "layer.")) for path in chip)
    assert not any("sym_name" in path for path in chip)


# -- interruption ----------------------------------------------------------------------

# Seventeen trillion rail sets, in IR.
ENDLESS = """
import os, signal, sys, threading, time
import numpy, pfmlir
from pfmlir import Designs, DesignStatus
from pfmlir.compile.scheduling import as_layers

signal.signal(signal.SIGINT, signal.default_int_handler)
random = numpy.random.default_rng(0)
levels = numpy.round(0.5 + 0.01 * numpy.arange(100), 2)
changes = 1e-2 * random.random((100, 100)) * (1 - numpy.eye(100))
matrix = "[" + ", ".join(str(row.tolist()) for row in changes) + "]"
times = (1 + random.random((20, 100))) / (1 + numpy.arange(100))
def table(layer):
    return ", ".join(
        f"[{v}] -> {(1 + random.random()) * (1 + i)} J, {times[layer, i]} s, 1.0e-3 W"
        for i, v in enumerate(levels)
    )
net = "func.func @net() {" + "".join(
    f'power.layer "l{i}" costs <{table(i)}>\\n' for i in range(20)
) + "return }"
target = (
    f"power.target @t levels_v {levels.tolist()} max_rails 10 "
    "{ power.domain @d nominal_v 1.0\\n"
    f"power.transition energy_j {matrix} time_s 1.0e-5 }}"
)
module = as_layers(pfmlir.import_model(net), {"target": target})
period_s = float(3 * times[:, -1].sum())
steps = []

def interrupt():
    time.sleep(0.3)
    for step in range(10000):
        steps.append(step)
        time.sleep(0)
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt).start()
try:
    %s
except KeyboardInterrupt:
    print("interrupted after", len(steps), "steps")
"""
INTERRUPTED = {
    "schedule": "pfmlir.schedule(module, period_s=period_s)",
    "designs": "Designs(module).solve([{}, {}], [period_s] * 2)",
    "proof": "pfmlir.schedule(module, period_s=period_s, search='nominal', "
    "prove_bound=True)",
}
RETURNED = (
    "found = Designs(module).solve([{}, {}], [period_s] * 2, "
    "return_if_interrupted=True)\n"
    "    print((found.status == DesignStatus.SKIPPED).all())"
)


def run(code: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("name", INTERRUPTED)
def test_interrupt(name: str) -> None:
    """Other threads run meanwhile, and Ctrl-C ends it."""
    assert run(ENDLESS % INTERRUPTED[name]) == "interrupted after 10000 steps\n"


def test_return_if_interrupted() -> None:
    """Designs that are done are returned; here none is."""
    assert run(ENDLESS % RETURNED) == "True\n"


# -- spaces ----------------------------------------------------------------------------


def test_rows() -> None:
    found = explore()
    assert found.asked == (IFMAP, MAC, "fps")
    asked = list(itertools.product(*SPACE.values()))
    assert [tuple(found[name][i] for name in SPACE) for i in range(18)] == asked
    for i, (bank_bytes, mac, fps) in enumerate(asked):
        assert found.period_s[i] == 1 / fps
        if mac < 0:
            assert found["status"][i] == "invalid"
            assert "mac_energy_j" in found["reason"][i]
        elif fps > 100:
            assert found["status"][i] == "infeasible"
            assert found["shortest_period_s"][i] > 1 / fps
            assert "can't run every" in found["reason"][i]
        else:
            assert found["status"][i] == "optimal", (bank_bytes, mac, fps)
            assert found["power_w"][i] == found.energy_j[i] * fps
            assert found["num_rails"][i] == len(found.rails_v[i])
    assert found.is_optimal


def test_axes_of_all_kinds() -> None:
    space = {
        "corner": {
            "typical": {},
            "leaky": {
                "target.domain.sys.leakage_w": 1e-4,
                "target.sleep_state.off.power_w": 1e-5,
            },
        },
        "gating": ["none", "bank"],
        "max_rails": [1, 2],
        "search": ["exact", "greedy"],
        "period_s": [1 / 50],
    }
    found = explore(space)
    assert len(found) == 16
    for row in found_of(found):
        options: dict[str, Any] = {
            name: row[name] for name in ("gating", "max_rails", "search", "period_s")
        }
        if row["corner"] == "typical":
            alone = pfmlir.schedule(NET, target="pf40", **options)
            assert (row["energy_j"], row["status"]) == (alone.energy_j, alone.status)
    by_corner = [
        found.where({"corner": name}).energy_j.sum() for name in space["corner"]
    ]
    assert by_corner[0] < by_corner[1]


def test_none_is_what_the_target_says() -> None:
    """Whatever the designs beside it are."""
    # So many that each rail counts.
    fps = 1000
    found = explore({"max_rails": [1, None, 2]}, fps=fps)
    for row in found_of(found):
        options: dict[str, Any] = {"max_rails": row["max_rails"]}
        alone = pfmlir.schedule(NET, target="pf40", fps=fps, **options)
        assert row["energy_j"] == alone.energy_j, options
    assert len(set(found.energy_j)) == 3


def test_networks() -> None:
    found = pfmlir.explore(
        {"one": NET, "other": NET.replace("512", "1024")},
        {"target": ["pf40", "pf40_keep"], "fps": [30]},
        executor="threads",
    )
    assert found["network"].tolist() == ["one", "one", "other", "other"]
    assert len(set(found.energy_j)) == 4
    alone = pfmlir.schedule(NET, target="pf40_keep", fps=30)
    assert found.energy_j[1] == alone.energy_j


@pytest.mark.parametrize(
    ("space", "error", "message"),
    [
        ({"target.memory.ifmp.bank_bytes": [1]}, ValueError, f"did you mean {IFMAP}"),
        ({"layer.fc.workload.kk": [1]}, ValueError, "layer.fc.workload.k"),
        ({"max_rail": [1]}, ValueError, "did you mean max_rails"),
        ({"max_rails": 1}, TypeError, "max_rails: expected several values"),
        ({"max_rails": [0]}, ValueError, "max_rails: expected at least 1"),
        ({"max_rails": []}, ValueError, "max_rails: expected at least one value"),
        ({"fps": [10], "max_rails": [1]}, ValueError, "fps"),
        ({"corner": {"slow": 1}}, TypeError, "corner: expected a mapping"),
        ({"corner": {"slow": {"nothing": 1}}}, ValueError, "'nothing'"),
        (
            {"max_rails": [1], "corner": {"a": {"max_rails": 2}}},
            ValueError,
            "axis corner sets what axis max_rails does",
        ),
        (
            {"corner": {"slow": {"period_s": 0.1}, "fast": {}}},
            ValueError,
            "expected period_s in all of axis corner",
        ),
    ],
)
def test_what_is_no_space(
    space: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        explore(space, fps=FPS)


def test_no_rate_and_no_executor() -> None:
    with pytest.raises(
        ValueError, match="expected one of fps and period_s, but got ne"
    ):
        explore({"max_rails": [1]})
    with pytest.raises(TypeError, match="executor: expected one of"):
        explore(executor="cluster", workers=None)
    with pytest.raises(TypeError, match="workers: expected none"):
        explore(executor=multiprocessing)
    with pytest.raises(TypeError, match=r"got pfmlir\.CostTables"):
        pfmlir.explore(pfmlir.tabulate_costs(NET), SPACE)


# -- executors -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def expected() -> list[dict[str, Any]]:
    return found_of(explore())


def test_processes(expected: list[dict[str, Any]]) -> None:
    found = explore(executor="processes", workers=2, chunk=2)
    assert found_of(found) == expected


def test_futures(expected: list[dict[str, Any]]) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as pool:
        found = explore(executor=pool, workers=None, chunk=5)
    assert found_of(found) == expected


def explore_by_dask() -> pfmlir.Exploration:
    from dask.distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        return explore(executor=client, workers=None, chunk=4)


def test_dask(expected: list[dict[str, Any]]) -> None:
    assert found_of(explore_by_dask()) == expected


def test_joblib(expected: list[dict[str, Any]]) -> None:
    from joblib import Parallel

    found = explore(executor=Parallel(n_jobs=2), workers=None, chunk=4)
    assert found_of(found) == expected


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[int], None]:
    """Let workers die that get the first design, so many times."""

    def set_up(times: int) -> None:
        monkeypatch.setenv("DYING_FOLDER", str(tmp_path))
        monkeypatch.setenv("DYING_TIMES", str(times))
        monkeypatch.setattr(executors, "solve_chunk", dying.solve_chunk)

    return set_up


def test_a_worker_that_dies_loses_nothing(
    deadly: Callable[[int], None], expected: list[dict[str, Any]]
) -> None:
    deadly(2)
    found = explore(executor="processes", workers=2, chunk=3)
    assert found_of(found) == expected


def test_a_worker_of_dask_that_dies_loses_nothing(
    deadly: Callable[[int], None], tmp_path: Path, expected: list[dict[str, Any]]
) -> None:
    deadly(1)
    assert found_of(explore_by_dask()) == expected
    assert (tmp_path / "death-0").exists()


def test_a_design_that_kills_is_a_row(
    deadly: Callable[[int], None], expected: list[dict[str, Any]]
) -> None:
    deadly(100)
    found = explore(executor="processes", workers=1, chunk=1)
    assert found["status"][0] == "invalid"
    assert "died" in found["reason"][0]
    assert found_of(found)[1:] == expected[1:]


# -- on disk ---------------------------------------------------------------------------


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The number of designs of each chunk that is solved."""
    numbers: list[int] = []

    def count(chunk: chunks.Chunk, threads: int = 1) -> Any:
        numbers.append(len(chunk.numbers))
        return chunks.solve_chunk(chunk, threads)

    monkeypatch.setattr(executors, "solve_chunk", count)
    yield numbers


KILLED = """
import os, signal, sys
import pfmlir
from pfmlir.studies.explorations import exploring
from test_explore import NET, SPACE

exploring.SECONDS_BETWEEN_FILES = 0

def progress(designs):
    for design in designs:
        if design == 10:
            os.kill(os.getpid(), signal.SIGKILL)
        yield design

pfmlir.explore(NET, SPACE, target="pf40", executor=sys.argv[1], chunk=2,
               path=sys.argv[2], progress=progress)
"""


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_resume_after_a_kill(
    executor: str, tmp_path: Path, solved: list[int], expected: list[dict[str, Any]]
) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    # Its output ends when its workers have ended, too.
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, executor, str(tmp_path)],
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    on_disk = len(pfmlir.read_exploration(tmp_path))
    assert 8 <= on_disk < 18
    found = explore(path=tmp_path)
    assert sum(solved) == 18 - on_disk
    assert found_of(found) == expected
    # All of it is there now, in any order, and by any name of an axis.
    explore({"corner": {"one": {IFMAP: 8192, MAC: 2e-13}}, "fps": [60]}, path=tmp_path)
    assert sum(solved) == 18 - on_disk


def test_interrupted(
    tmp_path: Path, solved: list[int], expected: list[dict[str, Any]]
) -> None:
    def stop(designs: Any) -> Iterator[int]:
        for design in designs:
            if design == 7:
                raise KeyboardInterrupt
            yield design

    with pytest.raises(KeyboardInterrupt):
        explore(path=tmp_path, chunk=1, progress=stop)
    before = sum(solved)
    assert found_of(explore(path=tmp_path)) == expected
    assert sum(solved) == before + 18 - 7


def test_extend(tmp_path: Path, solved: list[int]) -> None:
    explore(path=tmp_path)
    larger = SPACE | {IFMAP: [8192, 16384, 32768], "fps": [30, 60, 90, 1e6]}
    found = explore(larger, path=tmp_path)
    assert sum(solved) == len(found) == 36
    assert found_of(found) == found_of(explore(larger))


def test_read_exploration(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    explore(path=tmp_path)
    explore({"max_rails": [1], "target.levels_v": [[0.9, 1.1]]}, fps=30, path=tmp_path)
    found = pfmlir.read_exploration(tmp_path)
    assert set(found.asked) == {IFMAP, MAC, "fps", "max_rails", "target.levels_v"}
    assert len(found) == 19
    kept = found.rows([levels is None for levels in found["target.levels_v"]])
    assert sorted(kept.feasible.energy_j) == sorted(
        row["energy_j"] for row in expected if row["energy_j"]
    )
    with pytest.raises(ValueError, match="expected an exploration's files"):
        pfmlir.read_exploration(tmp_path / "none")


def test_keys_are_of_all_that_is_asked() -> None:
    def keys(space: dict[str, Any], digest: str = "0", **fixed: Any) -> list[str]:
        return Space.read(space, ["net"], fixed).keys({"net": digest})

    one = keys({"max_rails": [1, 2], "fps": [30]})
    assert len(set(one)) == 2
    assert keys({"fps": [30]}, max_rails=1) == one[:1]
    assert keys({"fps": [30]}, max_rails=3)[0] not in one
    assert not set(keys({"max_rails": [1, 2], "fps": [30]}, "1")) & set(one)
    assert not set(keys({"max_rails": [1, 2], "period_s": [30]})) & set(one)


def test_memory_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MOST_DESIGNS_IN_A_CONTEXT", 4)
    assert found_of(explore(chunk=3)) == found_of(explore())


# -- tables ----------------------------------------------------------------------------


def test_pareto_is_what_nothing_dominates() -> None:
    random = numpy.random.default_rng(3)
    for width, number in itertools.product((1, 2, 3), (1, 40)):
        costs = random.integers(0, 6, (number, width)).astype(float)
        names = [f"c{i}" for i in range(width)]
        table = pfmlir.Exploration.make(
            {},
            {
                "status": ["optimal"] * number,
                **{name: costs[:, i] for i, name in enumerate(names)},
            },
        )
        kept = table.pareto(*names)
        best = [
            row
            for row in costs.tolist()
            if not ((costs <= row).all(1) & (costs < row).any(1)).any()
        ]
        rows = [tuple(kept[name][i] for name in names) for i in range(len(kept))]
        assert sorted(rows) == sorted(map(tuple, best))
        most = table.pareto(*names, maximise=names)
        assert most[names[0]].max() == costs[:, 0].max()


def test_best_and_where() -> None:
    found = explore()
    best = found.best(number=3)
    assert best.energy_j.tolist() == sorted(found.feasible.energy_j)[:3]
    small = found.where({IFMAP: 8192, "fps": (None, 60), MAC: [1e-13]})
    assert len(small) == 2
    assert len(found.where({"fps": (50, None)})) == 12
    with pytest.raises(ValueError, match="fps: expected a lowest and a highest"):
        found.where({"fps": (1, 2, 3)})
    with pytest.raises(KeyError, match="there is no column 'area'"):
        found.best("area")
    area = found.with_column("area_mm2", lambda table: table[IFMAP] / 1024)
    assert area.best("area_mm2")[IFMAP][0] == 8192
    with pytest.raises(ValueError, match="expected one value for each of 18"):
        found.with_column("area_mm2", [1])
    with pytest.raises(ValueError, match="maximise: expected some of"):
        found.pareto("energy_j", maximise=["fps"])


def test_forms(tmp_path: Path) -> None:
    found = explore()
    found.save(tmp_path / "found.json")
    loaded = pfmlir.Answer.load(tmp_path / "found.json")
    assert loaded == found
    assert isinstance(loaded, pfmlir.Exploration)
    frame = found.to_pandas()
    assert list(frame.columns[:3]) == list(SPACE)
    assert frame["energy_j"].isna().sum() == 10
    assert found.table.shape == frame.shape
    assert "8 optimal, 4 infeasible, 6 invalid" in repr(found)
    assert "8 optimal" in found._repr_html_()


def test_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    table = explore().table
    assert isinstance(table, numpy.ndarray)
    assert table["energy_j"].shape == (18,)


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(pfmlir.MissingDependencyError, match=r"pfmlir\[explore\]"):
        explore(path=tmp_path)


# -- pictures and the command ----------------------------------------------------------


def test_pictures() -> None:
    found = explore(SPACE | {"gating": ["none", "bank"]})
    figure = found.plot()
    dots, line = figure.axes[0].collections[0], figure.axes[0].lines[0]
    assert len(dots.get_offsets()) == len(found.feasible) == 16
    best = found.pareto("num_rails", "energy_j")
    assert line.get_xydata().tolist() == [
        [rails, energy]
        for rails, energy in zip(best["num_rails"], best.energy_j, strict=True)
    ]
    parallel = draw(found, "parallel")
    (lines,) = parallel.axes[0].collections
    assert len(lines.get_paths()) == 16
    # The best is drawn last, at the foot of the axis of energies.
    assert lines.get_paths()[-1].vertices[-1].tolist() == [4, 0]
    with pytest.raises(ValueError, match="or one of \\('front', 'parallel'\\)"):
        draw(found, "timeline")
    with pytest.raises(ValueError, match="found none"):
        draw(found.where({"status": "invalid"}))


def test_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: list[dict[str, Any]]
) -> None:
    net = tmp_path / "net.mlir"
    net.write_text(NET)
    arguments = ["explore", str(net), "--target", "pf40", "--executor", "threads"]
    vary = [f"--vary={name}={','.join(map(str, SPACE[name]))}" for name in SPACE]
    store = ["--store", str(tmp_path / "store")]
    saved = tmp_path / "found.json"
    assert main([*arguments, *vary, *store, "--save", str(saved)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 19
    assert IFMAP in printed[0]
    assert sum("infeasible: " in line for line in printed) == 4
    loaded = pfmlir.Answer.load(saved)
    assert [row["energy_j"] for row in loaded.to_rows()] == [
        row["energy_j"] for row in expected
    ]
    assert main([*arguments, *vary, *store, "--best", "1", "-f", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    picture = tmp_path / "parallel.pdf"
    assert main(["plot", str(saved), "--kind", "parallel", "-o", str(picture)]) == 0
    assert picture.stat().st_size > 1000
    assert main([*arguments, "--list"]) == 0
    assert f"{IFMAP} " in capsys.readouterr().out
    assert main([*arguments, "--vary=target.max_rial=1", "--fps=60"]) == 1
    assert "did you mean target.max_rails" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*arguments, "--vary=fps"])
