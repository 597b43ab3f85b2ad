# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network of PyTorch's, with its weights, on a schedule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import ir
from ..answers import Schedule
from ..compile.export import ImportSettings, Progress, require_torch
from ..compile.network_files import import_with_weights
from ..compile.passes import run_pass
from ..compile.reference_networks import REFERENCE_NETWORKS
from ..compile.sources import call_function
from ..modules import attach_weights, copy_module


@dataclass(frozen=True)
class Model:
    """A model of PyTorch's and its inputs.

    Attributes
    ----------
    model : torch.nn.Module or torch.export.ExportedProgram
    inputs : tuple or mapping
        Of its `forward`.
    """

    model: Any
    inputs: Any


def find_model(source: Any, inputs: Any) -> Model:
    """Return the model that a source is, and its inputs.

    Raises
    ------
    TypeError, ValueError
        It is none, or has no inputs; the message says what was expected.
    """
    require_torch()
    import torch

    if isinstance(source, str) and source in REFERENCE_NETWORKS:
        from ..compile.networks import build

        source, example_inputs = build(source)
        inputs = example_inputs if inputs is None else inputs
    elif isinstance(source, str) and re.fullmatch(r"[\w.]+:\w+", source):
        source, own = call_function(source)
        inputs = own if inputs is None else inputs
    if isinstance(source, torch.export.ExportedProgram):
        if inputs is None:
            arguments, keywords = source.example_inputs or ((), {})
            if keywords:
                raise ValueError(
                    "inputs: expected an exported program with positional inputs alone"
                )
            inputs = arguments
        return Model(source, inputs)
    if not isinstance(source, torch.nn.Module):
        raise TypeError(
            "model: expected a torch.nn.Module, a torch.export.ExportedProgram, "
            "MODULE:FUNCTION or the name of a reference network, with which results "
            f"can be compared, but got {source!r:.80}"
        )
    if inputs is None:
        raise TypeError("inputs: expected a tuple or a mapping of the model's inputs")
    return Model(source, inputs)


@dataclass(frozen=True)
class ScheduledModel:
    """A model on a schedule.

    Attributes
    ----------
    module : pfmlir.ir.Module
        Scheduled, with weights.
    schedule : Schedule
        The same without weights.
    """

    module: ir.Module
    schedule: Schedule


def schedule_model(
    model: Model,
    schedule: Schedule | None,
    options: Mapping[str, Any],
    progress: Progress = iter,
) -> ScheduledModel:
    """Schedule a model with its weights, or bring it on a schedule that there is.

    Parameters
    ----------
    model
        The model.
    schedule
        Of the same model; its weights are those of the model.
    options
        Of `powerflow-schedule`, as they were read; not with a schedule.
    progress
        Wraps the steps of the import.

    Raises
    ------
    ValueError
        The schedule is of another model.
    """
    import torch

    is_program = isinstance(model.model, torch.export.ExportedProgram)
    settings = ImportSettings(
        ir.Context(), options.get("function"), with_weights=True, progress=progress
    )
    inputs = None if is_program else model.inputs
    network, weights = import_with_weights(model.model, inputs, settings)
    if schedule is not None:
        scheduled = copy_module(schedule.module)
        try:
            attach_weights(scheduled, weights)
        except ValueError as error:
            raise ValueError(f"schedule: is of another network: {error}") from None
        return ScheduledModel(scheduled, schedule)
    scheduled = run_pass(
        network, "powerflow-schedule", options, "the network can't be scheduled"
    )
    return ScheduledModel(
        scheduled, Schedule.from_module(scheduled, with_weights=False)
    )
