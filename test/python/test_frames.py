# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of frames of several networks on one accelerator."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy
import pfmlir
import pytest
from pfmlir.command import main
from pfmlir.studies.static_order import Frames

ONE = Fraction(1)
# One layer at 1 V: 1 J in 1 s, or at 2 V: 3 J in 0.5 s; asleep for nothing.
TABLES = pfmlir.CostTables(
    layer_names=("layer",),
    domains=("core",),
    levels_v=numpy.array([1.0, 2.0]),
    voltages_v=numpy.array([[1.0], [2.0]]),
    energy_j=numpy.array([[1.0, 3.0]]),
    time_s=numpy.array([[1.0, 0.5]]),
    leakage_w=numpy.zeros((1, 2)),
    max_rails=2,
    transition_energy_j=numpy.zeros((1, 2, 2)),
    transition_time_s=numpy.zeros((1, 2, 2)),
    sleep_states=(pfmlir.SleepState(0.0, 0.0, 0.0),),
)


def longer(factor: float) -> pfmlir.CostTables:
    """Return the same network with more to do."""
    return replace(
        TABLES, energy_j=factor * TABLES.energy_j, time_s=factor * TABLES.time_s
    )


# ---------------------------------------------------------------------------
# Orders
# ---------------------------------------------------------------------------


def test_a_hyperperiod_is_the_least_common_multiple() -> None:
    periods = [Fraction(1, 60), Fraction(1, 15), Fraction(1, 40)]
    frames = Frames.of_periods(periods, [0] * 3)
    assert frames.hyperperiod_s == 0.2
    assert frames.counts == (12, 3, 8)
    with pytest.raises(ValueError, match=r"at most 5000 frames .* got 1999999 in"):
        Frames.of_periods([Fraction("0.999999"), ONE], [0, 0])


def test_waiting_for_the_urgent_is_an_order() -> None:
    # The long one fits only between two of the short ones.
    frames = Frames.of_periods([ONE, 2 * ONE], [0.5, 0])
    assert frames.order([0.25, 0.75]) == [0, 1, 0]
    assert frames.starts([0, 1, 0], [0.25, 0.75]) == [0.0, 0.25, 1.0]
    assert frames.order([0.25, 1.0]) == [0, 1, 0]
    assert frames.order([0.25, 1.01]) is None
    assert frames.least_lateness([0.25, 1.25])[0] == pytest.approx(0.25, rel=1e-5)


def test_idle_time_may_be_left_for_what_comes() -> None:
    # At 1.0 s the third network could go on, but would be in the way of the first.
    frames = Frames.of_periods([2 * ONE, 4 * ONE, 4 * ONE], [0.5, 0, 0])
    assert frames.order([1.0, 1.0, 1.0]) == [0, 1, 0, 2]
    assert frames.order([0.5, 1.25, 1.25]) == [0, 1, 0, 2]
    assert frames.starts([0, 1, 0, 2], [0.5, 1.25, 1.25]) == [0.0, 0.5, 2.0, 2.5]
    frames = Frames.of_periods([ONE, 3 * ONE], [0.9, 0])
    assert frames.order([0.1, 0.9]) == [0, 1, 0, 0]
    assert frames.order([0.1, 0.91]) is None


# ---------------------------------------------------------------------------
# Plans
# ---------------------------------------------------------------------------


def test_frames_are_shorter_only_where_they_have_to_be() -> None:
    plan = pfmlir.plan_frames([TABLES, TABLES], period_s=[2.0, 4.0])
    assert plan.is_optimal and plan.power_w == 1 / 2 + 1 / 4
    assert [each.rails.tolist() for each in plan.solutions] == [[1.0], [1.0]]
    assert plan.frames["network"].tolist() == [0, 1, 0]
    assert plan.frames["start_s"].tolist() == [0.0, 1.0, 2.0]
    # Both slow would take 1 s and 3 s, and only 2 s are between two of the quick; to
    # have all of the quick ones faster costs more.
    plan = pfmlir.plan_frames([TABLES, longer(3)], period_s=[2.0, 8.0])
    assert plan.is_optimal
    assert plan.active_time_s.tolist() == [1.0, 1.5]
    assert plan.power_w == 1 / 2 + 9 / 8
    assert plan.energy_j.tolist() == [1.0, 9.0]


def test_networks_rest_together() -> None:
    sleep = (pfmlir.SleepState(0.125, 0.5, 0.25), pfmlir.SleepState(0.25, 0.0, 0.0))
    asleep = replace(TABLES, sleep_states=sleep)
    plan = pfmlir.plan_frames([asleep, asleep], period_s=[4.0, 4.0])
    assert plan.active_time_s.tolist() == [1.25, 1.25]
    assert plan.energy_j.tolist() == [1.5, 1.5]
    assert plan.power_w == pytest.approx((2 * 1.5 + 0.125 * 1.5) / 4, rel=1e-15)
    assert plan.resting_power_w == 0.125


def test_margins_are_kept_free() -> None:
    careful = replace(TABLES, margin=0.5)
    plan = pfmlir.plan_frames([careful, TABLES], period_s=[2.0, 2.0])
    assert plan.frames["due_s"].tolist() == [1.0, 2.0]
    assert plan.frames["network"].tolist() == [0, 1]


def test_who_is_late_and_by_how_much() -> None:
    with pytest.raises(
        pfmlir.InfeasibleError, match=r"^quick: one of its frames is 1\.0\d*e\+00 s"
    ) as error:
        pfmlir.plan_frames(
            [TABLES, longer(4)], period_s=[1.0, 4.0], names=["quick", "long"]
        )
    assert error.value.period_s == 1.0
    assert error.value.fastest_time_s == pytest.approx(2.0, rel=1e-5)
    with pytest.raises(
        pfmlir.InfeasibleError, match=r"^networks\[1\]: no frame takes .* too long"
    ) as error:
        pfmlir.plan_frames([TABLES, longer(4)], period_s=[1.0, 1.0])
    assert (error.value.period_s, error.value.fastest_time_s) == (1.0, 2.0)
    low = replace(TABLES, energy_j=numpy.array([[numpy.inf, 1.0]]))
    high = replace(TABLES, energy_j=numpy.array([[1.0, numpy.inf]]))
    with pytest.raises(pfmlir.InfeasibleError, match=r"no set of rails lets all"):
        pfmlir.plan_frames([low, high], period_s=[4.0, 4.0], max_rails=1)


@pytest.mark.parametrize(
    ("networks", "options", "message"),
    [
        ([], {"fps": []}, r"networks: expected at least one"),
        ([TABLES], {}, r"expected one of fps and period_s"),
        ([TABLES], {"fps": [1, 2]}, r"fps: expected one for each of the 1 networks"),
        ([TABLES], {"fps": [1], "tolerance": 1}, r"tolerance: expected at least 0"),
        (
            [replace(TABLES, sleep_states=())],
            {"fps": [1]},
            r"networks\[0\]: expected a sleep state",
        ),
        (
            [replace(TABLES, rail_power_w=1.0)],
            {"fps": [1]},
            r"networks\[0\]: expected rails that draw nothing",
        ),
        (
            [replace(TABLES, probabilities=numpy.array([0.5]))],
            {"fps": [1]},
            r"networks\[0\]: expected all frames to run all layers",
        ),
        (
            [
                TABLES,
                replace(TABLES, sleep_states=(pfmlir.SleepState(1.0, 0.0, 0.0),)),
            ],
            {"fps": [0.1, 0.1]},
            r"networks: expected the same power asleep.*0\.0 and 1\.0 W",
        ),
        (
            [TABLES, TABLES],
            {"fps": [0.0999999, 0.1]},
            r"expected periods with at most 5000 frames",
        ),
    ],
)
def test_what_is_no_plan(networks: list, options: dict, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        pfmlir.plan_frames(networks, **options)


def test_the_command_plans_frames(tmp_path, capsys) -> None:
    net = tmp_path / "net.mlir"
    net.write_text(
        'func.func @net() {\n  power.layer "fc" workload '
        "#power.matmul<m = 64, k = 512, n = 64>\n  return\n}\n"
    )
    assert main(["frames", f"{net}@400", f"{net}@200"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0].startswith("<FramePlan of 2 networks, 3 frames in 5 ms")
    assert len(table) == 10
    assert main(["frames", f"{net}@400", f"{net}@200", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["frame"] for row in found["frames"]] == [0, 0, 1]
    assert main(["frames", f"{net}@2000", f"{net}@1000"]) == 3
    assert "late" in capsys.readouterr().err
