# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of which one is skipped, for skips.test."""

import pytest


def test_runs() -> None:
    pass


@pytest.mark.xfail(reason="as an example", strict=True)
def test_fails_as_expected() -> None:
    raise AssertionError


def test_skips() -> None:
    pytest.skip("as an example")
