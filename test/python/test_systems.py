# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of systems of networks, of dies that differ, and of periods that end early."""

import math
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import check_certificate
import numpy
import pfmlir
import pytest
from pfmlir.answers import Answer
from pfmlir.command import main
from pfmlir.plots.parts import period_parts, split_domains

from testing.certificates import change, check, sign, write
from testing.machines import enumerate_optimum, random_machine, with_exits
from testing.tables import to_tables

TARGET = """
power.target @t levels_v [0.8, 0.9, 1.0, 1.1] max_rails 1 {
  power.domain @core nominal_v 1.1
  power.sleep_state @off power_w 0.0
}
"""
CORNERS = """
  power.corner @slow speed 0.5 leakage 1.0 weight 0.25
  power.corner @typical speed 1.0 leakage 1.0 weight 0.75
}
"""
NET = """
func.func @net() {
  power.layer "first" costs <
    [0.8] -> 1.0 J, 2.0 s, 0.0 W, [0.9] -> 2.0 J, 1.5 s, 0.0 W,
    [1.0] -> 3.0 J, 1.0 s, 0.0 W, [1.1] -> 4.0 J, 0.5 s, 0.0 W>
  power.layer "second" costs <
    [0.8] -> 1.0 J, 2.0 s, 0.0 W, [0.9] -> 2.0 J, 1.5 s, 0.0 W,
    [1.0] -> 3.0 J, 1.0 s, 0.0 W, [1.1] -> 4.0 J, 0.5 s, 0.0 W>
  return
}
"""
ALONE = TARGET + NET


@pytest.fixture(scope="module")
def system() -> pfmlir.SystemSchedule:
    return pfmlir.schedule_system(
        {"slow": ALONE, "quick": ALONE}, period_s=[4.0, 2.0], shares={"slow": 0.5}
    )


# ---------------------------------------------------------------------------
# Systems
# ---------------------------------------------------------------------------


def test_networks_share_their_rails(system: pfmlir.SystemSchedule) -> None:
    assert system.names == ("slow", "quick")
    assert system.rails_v.tolist() == [1.0]
    assert system.energy_j.tolist() == [6.0, 6.0]
    assert system.power_w == 0.5 * 6 / 4 + 6 / 2
    assert system.is_optimal and system.status == "optimal"
    assert system.shares.tolist() == [0.5, 1.0]
    assert system.active_time_s.tolist() == [2.0, 2.0]
    assert "proven optimal" in repr(system)


def test_a_system_is_as_its_rails_are_chosen() -> None:
    networks = {"slow": ALONE, "quick": ALONE}
    found = pfmlir.schedule_system(networks, fps=[0.25, 0.4], max_rails=2)
    choice = pfmlir.choose_rails(
        list(networks.values()), fps=[0.25, 0.4], weights=[0.25, 0.4], max_rails=2
    )
    assert found.power_w == pytest.approx(choice.energy_j, rel=1e-12)
    assert found.rails_v.tolist() == choice.rails_v.tolist()


def test_each_network_has_a_schedule(system: pfmlir.SystemSchedule) -> None:
    slow = system.schedules["slow"]
    assert isinstance(slow, pfmlir.Schedule)
    assert (slow.function, slow.energy_j) == ("slow", 6.0)
    assert slow.voltages_v.tolist() == [[1.0], [1.0]]
    pfmlir.verify_schedule(slow.module)


def test_a_system_is_a_value(system: pfmlir.SystemSchedule, tmp_path: Path) -> None:
    assert pickle.loads(pickle.dumps(system)) == system
    system.save(tmp_path / "system.json")
    assert Answer.load(tmp_path / "system.json") == system
    text = (tmp_path / "system.json").read_text()
    (tmp_path / "other.json").write_text(
        text.replace('"power_w": 3.75', '"power_w": 3')
    )
    with pytest.raises(ValueError, match=r"power_w is 3 instead of 3\.75"):
        Answer.load(tmp_path / "other.json")
    rows = [(row["network"], row["name"]) for row in system.to_rows()]
    assert rows == [
        (network, layer)
        for network in ("slow", "quick")
        for layer in ("first", "second")
    ]
    assert system.to_text().startswith("System @system on @t")


def test_a_module_with_a_system_is_scheduled_as_it_is(
    system: pfmlir.SystemSchedule,
) -> None:
    again = pfmlir.schedule_system(system.ir)
    assert again.ir == system.ir
    with pytest.raises(pfmlir.CompilationError, match=r"schedule_system schedules all"):
        pfmlir.schedule(system.ir)


def test_systems_that_cannot_be_say_why() -> None:
    with pytest.raises(
        pfmlir.InfeasibleError, match=r"@quick can't run every"
    ) as error:
        pfmlir.schedule_system({"slow": ALONE, "quick": ALONE}, period_s=[4.0, 0.5])
    assert (error.value.period_s, error.value.fastest_time_s) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("networks", "options", "message"),
    [
        ({}, {"fps": []}, r"fps: expected one for each of the 0 networks"),
        (
            {"a": ALONE},
            {"fps": [1, 2]},
            r"fps: expected one for each of the 1 networks",
        ),
        ({"a": ALONE}, {}, r"expected one of fps and period_s"),
        ({"a": ALONE}, {"fps": [1], "shares": {"b": 1}}, r"shares: expected names of"),
        ({"a": ALONE}, {"fps": [1], "shares": {"a": 2}}, r"shares\['a'\]: expected at"),
        ({"a": ALONE}, {"fps": [1], "shares": {"a": 0}}, r"shares\['a'\]: expected a"),
        ({"a": ALONE}, {"fps": [1], "shares": [1]}, r"shares: expected a mapping"),
        (ALONE, {"fps": [1]}, r"fps: expected none with IR"),
        ({"t": ALONE}, {"fps": [1]}, r"expected its symbol @t to be free"),
        (
            {"a": NET + TARGET + NET.replace("@net", "@n")},
            {"fps": [1]},
            r"one function",
        ),
    ],
)
def test_what_is_no_system(networks: object, options: dict, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        pfmlir.schedule_system(networks, **options)  # type: ignore[arg-type]


def test_tables_are_no_networks_of_a_system() -> None:
    tables = pfmlir.tabulate_costs(ALONE)
    with pytest.raises(TypeError, match=r"expected a network, but got tables"):
        pfmlir.schedule_system({"a": tables}, fps=[1])  # type: ignore[dict-item]


def test_the_command_schedules_systems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], system: pfmlir.SystemSchedule
) -> None:
    path, out = tmp_path / "net.mlir", tmp_path / "system.mlir"
    path.write_text(ALONE)
    assert main(["system", f"{path}@0.25", "--format", "summary"]) == 0
    assert "1 networks on @t" in capsys.readouterr().out
    out.write_text(system.ir)
    assert main(["system", "--ir", str(out), "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("network,layer,start_s")
    assert main(["system", "--ir", str(out), "--format", "mlir"]) == 0
    assert capsys.readouterr().out == system.ir


# ---------------------------------------------------------------------------
# Dies
# ---------------------------------------------------------------------------


def test_one_schedule_for_all_dies_or_one_for_each() -> None:
    target = TARGET.replace("}\n", CORNERS, 1).replace("max_rails 1", "max_rails 2")
    # The slow dies are twice as slow: they need 1.0 V for what others do at 0.8 V.
    robust = pfmlir.schedule(target + NET, period_s=4.0)
    assert robust.energy_j == 6.0
    assert robust.to_dict()["slowest_corner"] == "slow"
    period = "power.period_s = 4.0 : f64"
    net = NET.replace("@net()", f"@net() attributes {{{period}}}")
    bins = pfmlir.schedule_system(target + net, by_corner=True)
    assert bins.corners == ("slow", "typical")
    assert bins.energy_j.tolist() == [6.0, 2.0]
    assert bins.power_w == (0.25 * 6 + 0.75 * 2) / 4
    assert bins.rails_v.tolist() == [0.8, 1.0]


# ---------------------------------------------------------------------------
# Periods that end early
# ---------------------------------------------------------------------------


def test_probabilities_are_an_option() -> None:
    target = TARGET.replace("max_rails 1", "max_rails 2")
    always = pfmlir.schedule(target + NET, period_s=3.0)
    seldom = pfmlir.schedule(target + NET, period_s=3.0, probabilities={"second": 0.25})
    assert always.energy_j == 4.0
    # The second is the one that has to be fast.
    assert seldom.voltages_v[0] < seldom.voltages_v[1]
    assert seldom.energy_j == 1.0 + 0.25 * 3.0
    assert seldom.early_tail == "off" and always.early_tail is None
    assert seldom.layers["probability"].tolist() == [1.0, 0.25]
    assert always.layers["probability"].tolist() == [1.0, 1.0]


SHAPES = """
func.func @net() {
  power.layer "first" workload #power.matmul<m = 64, k = 512, n = 64>
  power.layer "second" workload #power.matmul<m = 64, k = 512, n = 96>
  return
}
"""
SELDOM: dict[str, Any] = {"target": "pf40", "probabilities": {"second": 0.1}}


def test_what_asks_for_schedules_asks_for_means() -> None:
    """Of periods that may end early, as of others."""
    schedule = pfmlir.schedule(SHAPES, fps=700, **SELDOM)
    always = pfmlir.schedule(SHAPES, fps=700, target="pf40")
    assert schedule.energy_j < 0.6 * always.energy_j
    point = pfmlir.sweep(SHAPES, fps=700, **SELDOM)[0]
    assert point.energy_j == schedule.energy_j
    explained = pfmlir.explain(SHAPES, fps=700, **SELDOM)
    assert [reason.layer for reason in explained.reasons] == ["first", "second"]
    tables = pfmlir.tabulate_costs(SHAPES, **SELDOM)
    assert tables.probabilities.tolist() == [1.0, 0.1]
    assert tables.solve(fps=700).energy_j == pytest.approx(schedule.energy_j, rel=1e-12)
    asked = [change.what for change in pfmlir.sensitivity(tables, fps=700)]
    assert "a rail fewer" in asked and "no sleep" not in asked
    layers = pfmlir.form_layers(
        pfmlir.assign_target(pfmlir.import_model(SHAPES), "pf40"),
        probabilities={"second": 0.1},
    )
    explored = pfmlir.explore(layers, {"target.max_rails": [1, 3], "fps": [700]})
    assert explored.energy_j[1] == schedule.energy_j


@pytest.mark.parametrize("kind", ["timeline", "breakdown", "layers", "states"])
def test_periods_that_end_early_are_drawn(kind: str) -> None:
    schedule = pfmlir.schedule(SHAPES, fps=700, **SELDOM)
    assert schedule.plot(kind).axes
    parts = period_parts(schedule, split_domains([schedule]))
    assert sum(parts.values()) == pytest.approx(schedule.energy_j, rel=1e-12)


def test_neither_is_replayed() -> None:
    reference = pfmlir.builtin_targets()["pf40"].rstrip().removesuffix("}")
    target = reference + CORNERS.replace("speed 0.5", "speed 0.9")
    for schedule, message in (
        (pfmlir.schedule(SHAPES, fps=700, **SELDOM), r"periods that may end early"),
        (pfmlir.schedule(SHAPES, fps=700, target=target), r"power\.corner"),
    ):
        with pytest.raises(pfmlir.UnmodelledError, match=message):
            pfmlir.replay(schedule, [])


def test_dies_are_parameters_of_explorations() -> None:
    target = TARGET.replace("}\n", CORNERS, 1).replace("max_rails 1", "max_rails 2")
    found = pfmlir.explore(
        target + NET, {"target.corner.slow.speed": [0.5, 1.0], "period_s": [4.0]}
    )
    assert found.energy_j.tolist() == [6.0, 2.0]


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        ([1.0], r"expected one for each of the 2 layers"),
        ([0.5, 0.5], r"probabilities\[0\]: expected 1, but got 0.5"),
        ([1.0, 1.5], r"probabilities\[1\]: expected from 0 to 1.0, but got 1.5"),
        ([1.0, float("nan")], r"probabilities\[1\]: expected from 0 to 1.0"),
        ([1.0, 0.5], r"sleep_states: expected one for periods that end early"),
    ],
)
def test_what_are_no_probabilities(probabilities: list[float], message: str) -> None:
    ones = numpy.ones((2, 1))
    with pytest.raises(ValueError, match=message):
        pfmlir.solve(
            ones,
            ones,
            0 * ones,
            [[0]],
            period_s=4.0,
            max_rails=1,
            probabilities=probabilities,
        )


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        ([("second", 0.5)], r"probabilities: expected a mapping"),
        ({"sec ond": 0.5}, r"probabilities: expected the name of a layer"),
        ({"second": 1.5}, r"probabilities\['second'\]: expected at most 1"),
        ({"second": -1.0}, r"probabilities\['second'\]: expected"),
        ({"third": 0.5}, r"to name a layer, but got 'third'"),
    ],
)
def test_what_is_no_such_option(probabilities: object, message: str) -> None:
    errors = (TypeError, ValueError, pfmlir.CompilationError)
    with pytest.raises(errors, match=message):
        pfmlir.schedule(ALONE, period_s=4.0, probabilities=probabilities)  # type: ignore[arg-type]


def agrees(a: float, b: float) -> bool:
    """Return whether two energies are the same."""
    return math.isclose(a, b, rel_tol=1e-9)


def test_optima_with_early_ends_are_proven(tmp_path: Path) -> None:
    proven = refused = 0
    for seed in range(80):
        problem = with_exits(random_machine(seed), seed)
        if not problem.probabilities or problem.probabilities[-1] == 1:
            continue
        try:
            certificate = write(to_tables(problem), tmp_path, period_s=problem.period_s)
        except pfmlir.InfeasibleError:
            continue
        assert certificate["format"] == "pfmlir certificate 4"
        expected = enumerate_optimum(problem)
        assert check(certificate) == pytest.approx(expected, rel=1e-9), f"seed {seed}"
        proven += 1
        # Where the optimum with other probabilities is another, it is not proven.
        other = (*problem.probabilities[:-1], problem.probabilities[-1] / 2)
        if agrees(enumerate_optimum(replace(problem, probabilities=other)), expected):
            continue
        wrong = sign(change(certificate, ("problem", "probabilities"), list(other)))
        with pytest.raises(check_certificate.RefusedError):
            check(wrong)
        refused += 1
    assert proven > 30 and refused > 20


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("problem", "probabilities"), [1.0], r"expects a list of 2"),
        (("problem", "probabilities"), [0.5, 0.5], r"\[0\]: expects a number from 1"),
        (("problem", "probabilities", 1), 2.0, r"\[1\]: expects a number from 0 to 1"),
        (
            ("problem", "sleep_states"),
            [],
            r"expects a sleep state for periods that end",
        ),
        (("format",), "pfmlir certificate 3", r"problem: expects .* only"),
    ],
)
def test_changed_certificates_are_refused(
    tmp_path: Path, place: tuple, value: object, message: str
) -> None:
    module = pfmlir.import_model((TARGET + NET).replace("max_rails 1", "max_rails 2"))
    layers = pfmlir.form_layers(
        pfmlir.assign_target(module), probabilities={"second": 0.25}
    )
    certificate = write(layers, tmp_path, period_s=3.0)
    assert check(certificate) == 1.75
    with pytest.raises(check_certificate.RefusedError, match=message):
        check(sign(change(certificate, place, value)))


def test_certificates_have_their_problem_in_ir(tmp_path: Path) -> None:
    module = pfmlir.import_model((TARGET + NET).replace("max_rails 1", "max_rails 2"))
    path, ir_path = tmp_path / "certificate.json", tmp_path / "problem.mlir"
    pfmlir.certify(
        module,
        path,
        period_s=3.0,
        ir_path=ir_path,
        probabilities={"second": 0.25},
    )
    ir = (ir_path.read_bytes(), "problem.mlir")
    energy, _, _ = check_certificate.check(path.read_bytes(), ir=ir)
    assert energy == 1.75
    other = (ir[0].replace(b"probability 2.5", b"probability 3.5"), ir[1])
    assert other != ir
    with pytest.raises(check_certificate.RefusedError, match=r"expects probabilities"):
        check_certificate.check(path.read_bytes(), ir=other)
