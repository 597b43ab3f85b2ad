# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What changes of the hardware are worth to a network."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .. import ir
from ..answers.schedule import Schedule
from ..compile.passes import LIMITS, assign_target, find_targets, import_model, schedule
from ..dialects import power
from ..errors import CompilationError, InfeasibleError


@dataclass(frozen=True)
class Change:
    """A change of the hardware, and what it is worth.

    Attributes
    ----------
    what : str
        The change, in words.
    options : dict
        The options of `schedule` that make it.
    energy_j : float or None
        Energy of one period after it; None if no schedule keeps the deadline then.
    saving : float or None
        The part of the energy before that it saves; negative where it costs some.
    rails_v : tuple of float
        The levels in use after it, in volts.
    is_optimal : bool
        Whether both energies are proven, so that the saving is.
    """

    what: str
    options: dict[str, Any]
    energy_j: float | None
    saving: float | None
    rails_v: tuple[float, ...]
    is_optimal: bool


def _find_target(module: ir.Module) -> power.TargetOp:
    """Return the target that `assign_target` chose."""
    targets = find_targets(module)
    for op in module.body.operations:
        if "power.target" in op.attributes:
            return targets[ir.FlatSymbolRefAttr(op.attributes["power.target"]).value]
    raise CompilationError("no function runs on a target")


def _rails(target: power.TargetOp) -> Iterator[tuple[str, dict[str, Any]]]:
    rails = ir.IntegerAttr(target.max_rails).value
    if rails > 1:
        yield "a rail fewer", {"max_rails": rails - 1}
    if rails < len(target.levels_v):
        yield "a rail more", {"max_rails": rails + 1}


def _levels(target: power.TargetOp) -> Iterator[tuple[str, dict[str, Any]]]:
    levels = [ir.FloatAttr(level).value for level in target.levels_v]
    for low, high in pairwise(levels):
        middle = round((low + high) / 2, 6)
        yield (
            f"a level more, {middle:g} V",
            {"levels_v": sorted([*levels, middle])},
        )


def _transitions(target: power.TargetOp) -> Iterator[tuple[str, dict[str, Any]]]:
    found = [op for op in target.block if isinstance(op, power.TransitionOp)]
    # Those of one number, which is what the options can say.
    if len(found) != 1:
        return
    for name, attribute in (("energy", "energy_j"), ("time", "time_s")):
        value = found[0].attributes[attribute]
        if not isinstance(value, ir.FloatAttr):
            return
        for factor, words in ((0.5, "half"), (10.0, "ten times")):
            yield (
                f"transitions of {words} the {name}",
                {f"transition_{attribute}": factor * value.value},
            )


def _gating(target: power.TargetOp) -> Iterator[tuple[str, dict[str, Any]]]:
    gating = target.gating
    mode = gating.mode if gating is not None else "none"
    granularity = gating.granularity if gating is not None else 1
    for other in ("none", "sram", "bank"):
        if other != mode:
            yield f"gating {other} instead of {mode}", {"gating": other}
    if mode != "none":
        if granularity > 1:
            yield (
                "half as many banks gated together",
                {"gating_granularity": granularity // 2},
            )
        yield (
            "twice as many banks gated together",
            {"gating_granularity": 2 * granularity},
        )


def _sleep(target: power.TargetOp) -> Iterator[tuple[str, dict[str, Any]]]:
    if any(isinstance(op, power.SleepStateOp) for op in target.block):
        yield "no sleep", {"sleep": False}


def sensitivity(
    source: Any,
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    **keywords: Any,
) -> tuple[Schedule, list[Change]]:
    """Tell what single changes of the hardware are worth to a network.

    One rail more or fewer, one candidate level more between two others, transitions of
    half or ten times the energy or time, other gating, no sleep.

    Parameters
    ----------
    source, inputs
        The network; see `import_model`. It is imported once.
    fps, period_s : float
        Inferences a second, or seconds from one to the next.
    **keywords
        Passed on to `schedule`: the hardware as it is.

    Returns
    -------
    Schedule
        Before any change.
    list of Change
        Those that the target can be asked for, the most valuable first.

    Examples
    --------
    >>> import pfmlir
    >>> network = '''
    ... func.func @net() {
    ...   power.layer "conv" workload #power.conv2d<input = [64, 32, 32],
    ...       output_channels = 64, kernel = [3, 3]>
    ...   power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
    ...   return
    ... }
    ... '''
    >>> schedule, changes = pfmlir.sensitivity(network, fps=900)
    >>> all(change.saving <= 0 for change in changes if change.what == "no sleep")
    True
    """
    if (fps is None) == (period_s is None):
        raise TypeError("sensitivity() expects one of fps and period_s")
    module = import_model(source, inputs, function=keywords.get("function") or "main")
    rate = {"fps": fps, "period_s": period_s}
    before = schedule(module, **rate, **keywords)
    target_options = {
        name: value
        for name, value in keywords.items()
        if name not in ("skip_vector_layers", "search", *LIMITS)
    }
    # The target lives as long as its module.
    assigned = assign_target(module, **target_options)
    target = _find_target(assigned)
    changes = []
    for part in (_rails, _levels, _transitions, _gating, _sleep):
        for what, options in part(target):
            try:
                after = schedule(module, **rate, **{**keywords, **options})
            except InfeasibleError:
                changes.append(Change(what, options, None, None, (), True))
                continue
            except CompilationError:
                # The target's laws or tables don't speak of such a level.
                continue
            saving = (before.energy_j - after.energy_j) / before.energy_j
            changes.append(
                Change(
                    what,
                    options,
                    after.energy_j,
                    saving,
                    tuple(float(rail) for rail in after.rails_v),
                    before.is_optimal and after.is_optimal,
                )
            )
    changes.sort(
        key=lambda change: math.inf if change.saving is None else -change.saving
    )
    return before, changes
