# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Test why schedules are as they are, and what is said to change them."""

import math
from pathlib import Path

import numpy
import pfmlir
import pytest
from pfmlir.command import main

# Two layers of which either can be slow, and a deadline that lets one of them.
TARGET = """
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.transition energy_j 0.125 time_s 0.25
}
"""
NET = f"""
{TARGET}
func.func @net() {{
  power.layer "large" costs <[0.9] -> 4.0 J, 4.0 s, 0.0 W, [1.1] -> 6.0 J, 2.0 s, 0.0 W>
  power.layer "small" costs <[0.9] -> 1.0 J, 4.0 s, 0.0 W, [1.1] -> 2.0 J, 2.0 s, 0.0 W>
  return
}}
"""


def test_reasons_have_transitions_in_them() -> None:
    found = pfmlir.explain(NET, period_s=7.0)
    large, small = found
    assert found.energy_j == 6.125 and found.slack_s == 0.75
    assert (large.layer, large.state, large.instead) == ("large", "0.90 V", "")
    assert (small.state, small.instead) == ("1.10 V", "0.90 V")
    # A joule of its own, and the transition that is not needed then.
    assert small.saved_energy_j == 1.125
    assert small.extra_time_s == 1.75
    assert found.first_to_change == (small,)


def test_what_a_deadline_costs_is_of_two_schedules() -> None:
    found = pfmlir.explain("keyword_spotter", fps=1000, target="pf40")
    slower, faster, *others = found.changes
    assert (slower.what, faster.what) == ("2 % slower", "2 % faster")
    again = pfmlir.schedule("keyword_spotter", period_s=1.02e-3, target="pf40")
    assert slower.energy_j == again.energy_j
    cost = (found.energy_j - again.energy_j) / 2e-5
    assert math.isclose(found.energy_for_time(slower) or 0, cost, rel_tol=1e-9)
    assert (faster.energy_j or 0) > found.energy_j
    by_name = {change.what: change for change in others}
    more = pfmlir.schedule("keyword_spotter", fps=1000, target="pf40", max_rails=4)
    assert by_name["a rail more"].energy_j == more.energy_j
    assert found.energy_for_time(by_name["a rail more"]) is None
    assert "twice as many banks gated together" in by_name
    assert found.is_optimal and found.status == "optimal"


def test_no_layer_would_rather_be_elsewhere() -> None:
    found = pfmlir.explain("keyword_spotter", fps=900, target="pf40_keep")
    tables = pfmlir.tabulate_costs("keyword_spotter", target="pf40_keep")
    used = numpy.isin(tables.voltages_v, found.rails_v).all(axis=1)
    for i, reason in enumerate(found):
        # Where nothing is said, its energy is the least on these rails.
        if not reason.instead:
            energy_j = found.before.layers["energy_j"][i]
            assert tables.energy_j[i, used].min() >= energy_j * (1 - 1e-12)
        else:
            # Or else it would fit.
            assert reason.saved_energy_j > 0
            assert reason.extra_time_s > found.slack_s


def test_tables_are_explained_alike() -> None:
    tables = pfmlir.tabulate_costs("keyword_spotter", target="pf40")
    of_tables = pfmlir.explain(tables, fps=1000)
    of_network = pfmlir.explain("keyword_spotter", fps=1000, target="pf40")
    assert of_tables.reasons == of_network.reasons
    assert isinstance(of_tables.before, pfmlir.Solution)
    fewer = pfmlir.explain(tables, fps=1000, max_rails=2)
    assert len(fewer.rails_v) == 2


def test_what_else_is_set_is_named() -> None:
    found = pfmlir.explain("keyword_spotter", fps=500, target="gap9")
    assert {reason.state for reason in found} <= {"core 0.65", "core 0.7", "core 0.8"}


def test_it_is_a_value(tmp_path: Path) -> None:
    found = pfmlir.explain(NET, period_s=7.0)
    found.save(tmp_path / "why.json")
    loaded = pfmlir.Answer.load(tmp_path / "why.json")
    assert loaded == found and isinstance(loaded, pfmlir.Explanation)
    assert loaded.to_rows()[1]["saved_energy_j"] == 1.125
    assert "small: 0.90 V would save 1.125 J and take 1.75 s more" in repr(found)


def test_what_can_not_be_kept_has_levers_with_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    narrow = TARGET.replace("max_rails 2", "max_rails 1")
    network = NET.replace(TARGET, narrow).replace("[1.1] -> 6.0 J, 2.0 s, 0.0 W", "")
    network = network.replace("0.0 W, >", "0.0 W>")
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        pfmlir.explain(network, period_s=7.0)
    assert caught.value.fastest_time_s == 8.0
    said = str(caught.value).splitlines()
    start = said.index("what could be changed:")
    assert said[start + 1 :] == [
        "  a rail more: keeps it, for 6.125 J a period",
        "  transitions of half the time: at most 0.125 fps",
    ]
    assert main(["explain", "keyword_spotter", "--fps", "1e6"]) == 3
    assert "a rail more: at most" in capsys.readouterr().err


def test_searches_need_tables() -> None:
    with pytest.raises(ValueError, match=r"search: expected one of exact, .*'nominal'"):
        pfmlir.explain(NET, period_s=7.0, search="nominal")


def test_the_command_prints_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["explain", "keyword_spotter", "--fps", "1000", "--target", "pf40"]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    found = pfmlir.explain("keyword_spotter", fps=1000, target="pf40")
    assert "best other state on these rails" in said
    for reason in found:
        assert reason.layer in said
    assert "With more time, these would change first: " in said
    assert "for a millisecond" in said
    assert main([*arguments, "--format", "csv"]) == 0
    header = capsys.readouterr().out.splitlines()[0]
    assert header == "layer,state,instead,saved_energy_j,extra_time_s"
