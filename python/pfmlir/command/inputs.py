# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the command reads."""

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

from .. import ir
from ..answers.schedule import Schedule
from ..compile.passes import assign_target, form_layers, import_model, tabulate_costs
from ..problem.tables import CostTables
from .options import target_keywords

# Those of pfmlir.compile.networks, which imports torch.
NETWORKS = ("squeezenet", "resnet18", "mobilenetv3_small", "mobilevit_xxs")


class CommandError(Exception):
    """The command can't do what it was asked for."""


def _call(name: str) -> tuple[Any, tuple[Any, ...]]:
    """Return the model and the inputs that MODULE:FUNCTION makes."""
    module_name, _, function_name = name.partition(":")
    # As `python -m` would find it.
    sys.path.insert(0, "")
    try:
        function = getattr(importlib.import_module(module_name), function_name)
    except ModuleNotFoundError as error:
        raise CommandError(f"no Python module '{error.name}'") from None
    except AttributeError:
        raise CommandError(
            f"Python module '{module_name}' has no '{function_name}'"
        ) from None
    made = function()
    if not (isinstance(made, tuple) and len(made) == 2 and isinstance(made[1], tuple)):
        raise CommandError(
            f"'{name}' should return a model and a tuple of inputs, but returned "
            f"{made!r:.80}"
        )
    return made


def load_network(
    name: str, function: str | None, with_weights: bool = False
) -> ir.Module:
    """Return an input of the command as a module."""
    if not Path(name).exists() and not name.endswith(".mlir"):
        if ":" in name:
            return import_model(
                *_call(name), function=function or "main", with_weights=with_weights
            )
        if name in NETWORKS:
            from ..compile.export import require_torch

            require_torch()
            from ..compile.networks import build

            return import_model(
                *build(name), function=function or name, with_weights=with_weights
            )
        raise CommandError(
            f"'{name}' is neither a file, nor MODULE:FUNCTION, nor one of the "
            f"reference networks {', '.join(NETWORKS)}"
        )
    return import_model(Path(name))


def load_schedule(path: str) -> Schedule:
    """Return a schedule from what `save` wrote, or from scheduled MLIR."""
    if path.endswith(".mlir"):
        return Schedule.from_module(import_model(Path(path)))
    return Schedule.load(path)


def form(name: str, options: argparse.Namespace) -> ir.Module:
    """Return a network's layers on the accelerator that the options describe."""
    network = load_network(name, getattr(options, "function", None))
    module = assign_target(network, **target_keywords(options))
    return form_layers(module, skip_vector_layers=options.skip_vector_layers)


def tabulate(name: str, options: argparse.Namespace) -> CostTables:
    """Return what a network costs on the accelerator that the options describe."""
    return tabulate_costs(form(name, options))
