# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Configuration of a suite of which one test can't run, for skips.test."""

# ruff: noqa: F821  (lit provides config)

import lit.formats

config.name = "example"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".test"]
