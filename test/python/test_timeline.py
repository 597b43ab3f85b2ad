# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the timeline picture, on a schedule written by hand."""

import json

import pytest
from pfmlir import timeline


def make_schedule(**changes) -> dict:
    """Return two layers with a slow transition between them, then sleep."""
    schedule = {
        "function": "net",
        "target": "t",
        "search": "exact",
        "period_s": 10e-3,
        "active_time_s": 6.5e-3,
        "rails_v": [0.9, 1.1],
        "energy_j": 8e-6,
        "gap": 0.0,
        "layers": [
            {
                "name": "first",
                "voltage_v": {"core": 0.9, "io": 0.9},
                "transition_time_s": 0.0,
                "transition_energy_j": 0.0,
                "start_s": 0.0,
                "time_s": 4e-3,
                "energy_j": 2e-6,
            },
            {
                "name": "second",
                "voltage_v": {"core": 1.1, "io": 0.9},
                "transition_time_s": 0.5e-3,
                "transition_energy_j": 1e-6,
                "start_s": 4.5e-3,
                "time_s": 2e-3,
                "energy_j": 4e-6,
            },
        ],
        "tail": {"kind": "sleep", "time_s": 3.5e-3, "energy_j": 1e-6},
    }
    return schedule | changes


def test_power_integrates_to_the_energy():
    pieces = timeline.segments(make_schedule())
    total = sum((end - start) * power for start, end, power in pieces)
    assert total == pytest.approx(8e-6, rel=1e-12)
    starts = [start for start, *_ in pieces]
    ends = [end for _, end, _ in pieces]
    assert starts[1:] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(10e-3)


def test_switches_are_where_a_rail_changes():
    assert timeline.switches(make_schedule()) == [4.5e-3]


def test_a_voltage_has_one_colour():
    figure = timeline.draw_timeline(make_schedule())
    power, rails = figure.axes
    slow, fast = (bar.get_facecolor() for bar in power.patches[:2])
    assert slow == timeline.rail_color(0.9)
    assert fast == timeline.rail_color(1.1)
    rows = [bar.get_facecolor() for bar in rails.patches[:4]]
    assert rows == [slow, fast, slow, slow]


def test_deadline_and_tail_are_marked():
    figure = timeline.draw_timeline(make_schedule(), make_schedule())
    power = figure.axes[0]
    words = [text.get_text() for text in power.texts]
    assert words == ["sleep", "deadline 10.00 ms (100 fps)"]
    deadlines = [line for line in power.lines if list(line.get_xdata()) == [10.0, 10.0]]
    assert len(deadlines) == 1


def test_a_narrow_tail_has_no_word():
    tail = {"kind": "idle", "time_s": 1e-5, "energy_j": 0.0}
    figure = timeline.draw_timeline(make_schedule(tail=tail, active_time_s=9.99e-3))
    assert len(figure.axes[0].texts) == 1


@pytest.mark.parametrize("suffix", timeline.SUFFIXES)
def test_the_same_schedule_gives_the_same_bytes(tmp_path, suffix):
    source = tmp_path / "schedule.json"
    source.write_text(json.dumps(make_schedule()))
    pictures = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for picture in pictures:
        arguments = [str(source), "--baseline", str(source), "-o", str(picture)]
        assert timeline.main(arguments) == 0
    first, second = (picture.read_bytes() for picture in pictures)
    assert first == second
    assert len(first) > 5000
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [source.name, *(picture.name for picture in pictures)]
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "can't read a schedule"),
        ("not JSON", "can't read a schedule"),
        ("[]", "is not a schedule"),
        ('{"layers": []}', "is not a schedule"),
    ],
)
def test_what_is_no_schedule_is_an_error(tmp_path, content, message):
    source = tmp_path / "schedule.json"
    if content is not None:
        source.write_text(content)
    with pytest.raises(SystemExit, match=message):
        timeline.main([str(source), "-o", str(tmp_path / "picture.png")])
    assert not (tmp_path / "picture.png").exists()


def test_an_unknown_kind_of_picture_is_an_error(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        timeline.main(["schedule.json", "-o", str(tmp_path / "picture.gif")])
    assert stopped.value.code == 2
    assert "expects an output that ends in one of" in capsys.readouterr().err
