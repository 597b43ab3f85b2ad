# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tutorials run, and show what they print."""

from pathlib import Path

import pfmlir
import pytest

from testing.tutorials import BLOCK, PAGES, render

# Of the build that is tested.
PREFIX = Path(pfmlir.__path__[0]).parent.parent


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_tutorial_shows_what_it_prints(page):
    text = page.read_text()
    kinds = {block["kind"] for block in BLOCK.finditer(text)}
    assert {"sh", "text"} <= kinds <= {"sh", "text", "python", "mlir"}
    assert render(page, PREFIX) == text
