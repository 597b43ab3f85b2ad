# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Configuration of the tests: lit, with FileCheck, GoogleTest and pytest."""

# ruff: noqa: F821  (lit provides config and lit_config)

import os
import shutil
import subprocess

import lit.formats

config.name = "pfmlir"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.pfmlir_binary_root, "test")

tools = os.path.join(config.pfmlir_binary_root, "bin")
config.environment["PATH"] = os.pathsep.join(
    [tools, config.llvm_tools_dir, os.environ["PATH"]]
)
packages = os.path.join(config.pfmlir_binary_root, "python_packages")
# The package; `testing`, `benchmarks` and `experiments`; and `check_certificate`.
config.environment["PYTHONPATH"] = os.pathsep.join(
    [
        packages,
        config.pfmlir_source_root,
        os.path.join(config.pfmlir_source_root, "tools"),
    ]
)
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"
config.environment["MPLBACKEND"] = "Agg"
plugin = os.path.join(config.pfmlir_binary_root, "lib", "PFMLIRPlugin.so")
config.substitutions += [
    ("%python", config.python_executable),
    ("%source", config.pfmlir_source_root),
    ("%binary", config.pfmlir_binary_root),
    ("%llvm_include", os.path.join(config.llvm_tools_dir, "..", "include")),
    (
        "pfmlir-capi-test",
        os.path.join(config.test_exec_root, "capi", "pfmlir-capi-test"),
    ),
    ("%plugin", f"--load-dialect-plugin={plugin} --load-pass-plugin={plugin}"),
    # Wherever it is the command; by itself, pf-opt verifies after the last pass.
    (r"(?:(?<=[^\w.] )|(?<=\bnot ))pf-opt(?= )", "pf-opt --verify-each"),
]


if config.links_libmlir:
    config.available_features.add("libmlir")

# A build without PFMLIR_ENABLE_PYTHON has no package.
if os.path.isdir(os.path.join(packages, "pfmlir")):
    config.available_features.add("bindings")


# Prints which modules Python finds. A module that is there but broken is a failure of
# the tests that need it.
FIND_MODULES = """
import importlib.util, sys
print(*(name for name in sys.argv[1:] if importlib.util.find_spec(name)))
"""
# `tools/test.sh` installs all of them; a build without them still has the rest.
modules = (
    "basedpyright distributed highspy joblib lit matplotlib mkdocstrings mypy "
    "nbclient onnx pandas pyarrow pytest ruff timm torch_mlir torchao transformers vcd"
)
# -P: the folder build/ in the current one is no module.
found = subprocess.run(
    [config.python_executable, "-P", "-c", FIND_MODULES, *modules.split()],
    capture_output=True,
    text=True,
    check=True,
)
config.available_features.update(found.stdout.split())

# What else reads what the compiler writes; `tools/setup.sh test` installs them.
readers = [
    "cc",
    "chromedriver",
    "chromium",
    "dtc",
    "iverilog",
    "ngspice",
    "qemu-system-riscv32",
    "tclsh",
    "verilator",
]
config.available_features.update(filter(shutil.which, readers))
