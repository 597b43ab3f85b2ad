# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Configuration of the unit tests: every GoogleTest is a test of lit's."""

# ruff: noqa: F821  (lit provides config and lit_config)

import os

import lit.formats

config.name = "pfmlir-unit"
config.suffixes = []
config.test_source_root = os.path.join(config.pfmlir_binary_root, "test", "unit")
config.test_exec_root = config.test_source_root
config.test_format = lit.formats.GoogleTest(".", "Tests")
if "PFMLIR_SEED" in os.environ:
    config.environment["PFMLIR_SEED"] = os.environ["PFMLIR_SEED"]
