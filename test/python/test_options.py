# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the table of options that is made from Passes.td."""

import doctest

import pfmlir
from pfmlir import _options
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
