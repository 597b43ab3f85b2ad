# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of what `solve` is told of a machine besides levels of domains."""

from dataclasses import replace
from typing import Any

import numpy
import pfmlir
import pytest

ENGINE = pfmlir.Axis("engine", ["", "cpu"], transition_energy_j=0.25)
# Two layers, at two levels or on a processor.
ARGUMENTS: dict[str, Any] = {
    "energy_j": [[1.0, 2.0, 0.5], [1.0, 1.5, 0.5]],
    "time_s": [[4.0, 3.0, 8.0], [4.0, 2.0, 4.0]],
    "leakage_w": numpy.zeros((2, 3)),
    "states": [[0.9], [1.1], [0.9]],
    "axes": [ENGINE],
    "settings": [[0], [0], [1]],
    "period_s": 8.5,
    "max_rails": 2,
}


def solve(**changes: Any) -> pfmlir.Solution:
    return pfmlir.solve(**ARGUMENTS | changes)


def test_what_each_keyword_does() -> None:
    plain = solve()
    assert (plain.energy_j, plain.settings) == (1.75, {"engine": ("", "cpu")})
    # The processor is used no more where there is less time, or it costs more.
    assert solve(margin=0.25).settings == {"engine": ("", "")}
    dear = pfmlir.Axis("engine", ["", "cpu"], transition_energy_j=9.0)
    assert solve(axes=[dear]).energy_j == 2.0
    # One rail draws as long as the period.
    assert solve(rail_power_w=0.5).energy_j == 1.75 + 8.5 * 0.5
    slow = pfmlir.Axis("engine", ["", "cpu"], transition_time_s=0.5)
    assert solve(axes=[slow], transition_power_w=0.125).energy_j == 1.5625
    # Of two changes the longer counts.
    changes = {"axes": [slow], "transition_time_s": 0.375}
    states = [[0.9], [1.1], [1.1]]
    assert solve(states=states, **changes).energy_j == 2.0
    assert solve(states=states, overlapping_ramps=True, **changes).energy_j == 1.5


def test_settings_need_rails() -> None:
    """A domain that can be off, beside one that is on."""
    axis = pfmlir.Axis("wing", ["off", 0.9, 1.1], rails=[None, 0.9, 1.1])
    changes = {"axes": [axis], "settings": [[0], [1], [2]], "period_s": 20.0}
    assert solve(**changes, max_rails=2).rails.tolist() == [0.9, 1.1]
    assert solve(**changes, max_rails=1).rails.tolist() == [0.9]
    indices = pfmlir.Axis("wing", ["off", "low", "top"], rails=[None, 0, 2])
    found = solve(states=[[0], [1], [0]], **changes | {"axes": [indices]})
    assert found.levels.tolist() == [0, 1, 2] and found.rails.tolist() == [0, 2]


def test_no_domain_is_needed() -> None:
    solution = solve(states=numpy.zeros((3, 0)))
    assert solution.energy_j == 1.75 and solution.rails.tolist() == []
    assert (solution.domains, solution.layers["level"].shape) == ((), (2, 0))


def test_states_with_the_same_settings_are_several() -> None:
    solution = solve(states=[[0.9]] * 3, settings=[[0]] * 3, period_s=12.0)
    assert solution.energy_j == 1.0 and solution.states.tolist() == [2, 2]


def test_settings_by_layer() -> None:
    settings = numpy.zeros((2, 3, 1), dtype=int)
    settings[1, 2] = 1
    assert solve(settings=settings).settings == {"engine": ("", "cpu")}


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"settings": None}, TypeError, "settings: expected with axes"),
        ({"settings": [[0], [1]]}, ValueError, r"settings: expected shape \[3, 1\]"),
        ({"settings": [[0.0], [0.0], [1.0]]}, TypeError, "settings: expected indices"),
        ({"settings": [[0], [0], [2]]}, ValueError, r"expected from 0 to 1, but got 2"),
        ({"settings": [[0], [0], [-1]]}, ValueError, r"settings\[..., 0\]: expected"),
        ({"axes": []}, ValueError, r"settings: expected shape \[3, 0\]"),
        ({"axes": 3}, TypeError, "axes: expected a sequence"),
        ({"axes": [3]}, TypeError, r"axes\[0\]: expected a pfmlir.Axis, but got 3"),
        (
            {"axes": [ENGINE, ENGINE], "settings": [[0, 0]] * 3},
            ValueError,
            r"axes\[1\]: expected another name than 'engine'",
        ),
        ({"margin": 1.0}, ValueError, "margin: expected at least 0 and less than 1"),
        ({"rail_power_w": -1.0}, ValueError, "rail_power_w: expected a finite number"),
        ({"transition_power_w": "1"}, TypeError, "transition_power_w: expected a num"),
        (
            {"states": numpy.zeros((3, 0)), "axes": []},
            ValueError,
            "at least one domain",
        ),
    ],
)
def test_what_is_wrong_is_named(
    changes: dict[str, Any], kind: type[Exception], message: str
) -> None:
    if changes.get("axes") == [] and "states" in changes:
        changes = changes | {"settings": None}
    with pytest.raises(kind, match=message):
        solve(**changes)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"settings": []}, ValueError, "settings of axis 'a': expected from 1 to 1024"),
        ({"rails": [1]}, ValueError, "rails of axis 'a': expected one for each of th"),
        (
            {"transition_energy_j": [1.0, 2.0]},
            ValueError,
            r"transition_energy_j of axis 'a': expected one number, or a matrix \[2, 2",
        ),
        (
            {"transition_time_s": [[1.0, 0.0], [0.0, 0.0]]},
            ValueError,
            "transition_time_s of axis 'a': expected staying on a level to cost 0",
        ),
        ({"transition_time_s": -1.0}, ValueError, "finite numbers that are not neg"),
        ({"transition_time_s": "x"}, TypeError, "transition_time_s of axis 'a': exp"),
    ],
)
def test_what_is_wrong_of_an_axis_is_named(
    arguments: dict[str, Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        pfmlir.Axis(**{"name": "a", "settings": ["x", "y"]} | arguments)


def test_axes_do_not_change() -> None:
    axis = pfmlir.Axis("a", ["x", "y"], 1.0)
    assert axis.transition_energy_j.tolist() == [[0, 1], [1, 0]]
    assert not axis.transition_energy_j.flags.writeable
    assert axis.rails == (None, None)
    assert replace(axis, rails=[None, 0.9]).rails == (None, 0.9)
    with pytest.raises(AttributeError):
        axis.name = "b"  # type: ignore[misc]
