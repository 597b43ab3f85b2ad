# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the table of options that is made from Passes.td."""

import doctest
import inspect
import math

import pfmlir
import pytest
from pfmlir import _options, keywords
from pfmlir._mlir_libs import _pfmlirScheduler as scheduler
from pfmlir.command import main
from pfmlir.compile.options import ScheduleOptions, SweepOptions
from pfmlir.studies.systems import SystemOptions
from small import NET


def test_examples():
    assert doctest.testmod(_options).failed == 0


def test_every_option_has_a_keyword():
    for keyword, option in _options.OPTIONS.items():
        assert keyword == option.keyword and keyword.isidentifier()
    keywords = _options.PowerFlowOptions.__annotations__
    assert list(keywords) == list(_options.OPTIONS)
    by_pass = _options.SelectStatesOptions.__annotations__
    assert list(by_pass) == [
        *("fps", "period_s", "search", "time_limit_s", "gap", "memory_limit_bytes"),
        "threads",
    ]


def test_defaults_and_choices():
    options = _options.OPTIONS
    assert options["period_s"].default is None
    assert options["sleep"].default is True
    assert options["memory_limit_bytes"].default == 4_000_000_000
    assert options["search"].default == "exact"
    assert options["gating"].choices == ("none", "sram", "bank")
    for option in options.values():
        if option.choices and option.default is not None:
            assert option.default in option.choices
        if option.default is not None and not option.is_many:
            assert isinstance(option.default, option.type)


def test_python_takes_every_choice():
    for gating in _options.OPTIONS["gating"].choices:
        assert pfmlir.schedule(NET, gating=gating).is_optimal
    for search in _options.OPTIONS["search"].choices:
        assert pfmlir.schedule(NET, search=search).search == search


def test_functions_take_every_group():
    """All but the rate, of which every function has its own way."""
    of_pipeline = _options.PowerFlowOptions.__annotations__.keys()
    rate = _options.RateOptions.__annotations__.keys()
    corners = _options.CornersOptions.__annotations__.keys()
    assert ScheduleOptions.__annotations__.keys() | rate | corners == of_pipeline
    assert SystemOptions.__annotations__.keys() >= corners
    assert not ScheduleOptions.__annotations__.keys() & rate
    listed = inspect.signature(pfmlir.schedule).parameters
    assert of_pipeline - corners <= listed.keys()
    of_sweeps = {*SweepOptions.__annotations__, "max_rails", "search", "prove_bound"}
    assert of_sweeps == ScheduleOptions.__annotations__.keys()


def test_every_kind_has_a_reader():
    for option in _options.OPTIONS.values():
        if option.default not in (None, ()):
            assert keywords.read_value(option, option.default) == option.default
        with pytest.raises((TypeError, ValueError), match=f"^{option.keyword}: exp"):
            keywords.read_value(option, object())


def test_defaults_are_the_schedulers():
    listed = inspect.signature(pfmlir.solve).parameters
    for name in ("gap", "memory_limit_bytes", "threads"):
        assert listed[name].default == _options.OPTIONS[name].default
    text = scheduler.solve.__doc__ or ""
    assert f"memory_limit_bytes: int = {scheduler.DEFAULT_LABEL_BYTES}" in text
    assert f"time_limit_s: float = {math.inf}" in text


@pytest.mark.parametrize(
    "verb",
    [
        "schedule",
        "sensitivity",
        "sweep",
        "front",
        "rails",
        "system",
        "frames",
        "certify",
    ],
)
def test_the_command_has_the_options_of_its_function(verb, capsys):
    function = {
        "front": "pareto_front",
        "rails": "choose_rails",
        "system": "schedule_system",
        "frames": "plan_frames",
    }.get(verb, verb)
    listed = inspect.signature(getattr(pfmlir, function)).parameters
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    text = " ".join(capsys.readouterr().out.split())
    # A network of `rails` has its rate with it.
    has_rates = verb in ("rails", "system", "frames")
    rate = {"fps", "period_s"} if has_rates else set()
    for keyword, option in _options.OPTIONS.items():
        is_there = keyword in listed.keys() - rate
        assert (f"--{option.name}" in text.split("options:")[1]) == is_there, keyword
        if is_there and verb != "front":
            assert option.help in text
