# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The power dialect: power-managed accelerators and the schedules they run.

Operations, generated from their definitions in ODS, and attributes. Where an
operation takes a quantity or a list of them, plain numbers will do:

>>> from pfmlir.dialects import power
>>> from pfmlir.ir import Context, InsertionPoint, Location, Module
>>> with Context(), Location.unknown():
...     module = Module.create()
...     with InsertionPoint(module.body):
...         target = power.target("tiny", levels_v=[0.9, 1.1], max_rails=2)
...     with InsertionPoint(target.block):
...         _ = power.domain("core", nominal_v=1.1)
...         _ = power.transition(energy_j=1e-10, time_s=1.5e-8)
...     print(module)
module {
  power.target @tiny levels_v [9.000000e-01, 1.100000e+00] max_rails 2 {
    power.domain @core nominal_v 1.100000e+00
    power.transition energy_j 1.000000e-10 time_s 1.500000e-08
  }
}
<BLANKLINE>
"""

from collections.abc import Sequence
from typing import Any

from .._mlir_libs._mlir import register_operation
from .._mlir_libs._pfmlirPower import *  # noqa: F403
from .._mlir_libs._pfmlirPower import (
    CostTableAttr as CostTableAttr,
    GatingAttr as GatingAttr,
    StateAttr as StateAttr,
)
from ..ir import (
    ArrayAttr,
    Attribute,
    Block,
    Context,
    DenseElementsAttr,
    F64Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    Location,
    Type,
    register_attribute_builder,
)
from . import _power_ops_gen as _generated

# All but what is made anew below, one by one: a type checker holds on to the first of
# two definitions of a name.
from ._power_ops_gen import (
    ClockOp as ClockOp,
    CornerOp as CornerOp,
    DomainOp as DomainOp,
    EngineOp as EngineOp,
    ExcludeOp as ExcludeOp,
    FieldOp as FieldOp,
    GateBanksOp as GateBanksOp,
    HandOverOp as HandOverOp,
    IdleOp as IdleOp,
    IdleStateOp as IdleStateOp,
    MemoryOp as MemoryOp,
    ModeOp as ModeOp,
    NetworkOp as NetworkOp,
    ScheduleOp as ScheduleOp,
    SetModeOp as SetModeOp,
    SetStateOp as SetStateOp,
    SleepOp as SleepOp,
    SleepStateOp as SleepStateOp,
    SupplyOp as SupplyOp,
    SystemOp as SystemOp,
    TransitionOp as TransitionOp,
    YieldOp as YieldOp,
    clock as clock,
    corner as corner,
    domain as domain,
    engine as engine,
    exclude as exclude,
    field as field,
    gate_banks as gate_banks,
    hand_over as hand_over,
    idle as idle,
    idle_state as idle_state,
    memory as memory,
    mode as mode,
    network as network,
    schedule as schedule,
    set_mode as set_mode,
    set_state as set_state,
    sleep as sleep,
    sleep_state as sleep_state,
    supply as supply,
    system as system,
    transition as transition,
    yield_ as yield_,
)


def _number(value: float, context: Context) -> FloatAttr:
    return FloatAttr.get(F64Type.get(context), float(value), Location.unknown(context))


@register_attribute_builder("Power_Numbers")
def _numbers(values: Sequence[float], context: Context) -> ArrayAttr:
    return ArrayAttr.get([_number(value, context) for value in values], context)


@register_attribute_builder("Power_NumberOrMatrix")
def _number_or_matrix(values: Any, context: Context) -> Attribute:
    import numpy

    array = numpy.asarray(values)
    if array.dtype.kind not in "fiu":
        raise TypeError(f"expected a number or a matrix of them, but got {values!r}")
    if array.ndim == 0:
        return _number(float(array), context)
    # What numpy calls a buffer only from Python 3.12 on.
    buffer: Any = numpy.ascontiguousarray(array, dtype=numpy.float64)
    return DenseElementsAttr.get(buffer, type=F64Type.get(context), context=context)


@register_attribute_builder("Power_GatingAttr")
def _gating(mode: str, context: Context) -> GatingAttr:
    return GatingAttr.get(mode=mode, context=context)


def _first_block(op: Any) -> Block:
    block: Block = op.regions[0].blocks[0]
    return block


# In the order of their numbers.
FIELD_KINDS = (
    "rail",
    "mode",
    "banks",
    "engine",
    "start",
    "finish",
    "tail",
    "ready",
    "done",
    "timer",
)


@register_attribute_builder("Power_FieldKind")
def _field_kind(kind: str, context: Context) -> IntegerAttr:
    if kind not in FIELD_KINDS:
        raise ValueError(
            f"expected a kind among {', '.join(FIELD_KINDS)}, but got {kind!r}"
        )
    return IntegerAttr.get(
        IntegerType.get_signless(32, context=context), FIELD_KINDS.index(kind)
    )


@register_operation(_generated._Dialect, replace=True)
class RegisterMapOp(_generated.RegisterMapOp):
    __doc__ = _generated.RegisterMapOp.__doc__

    def __init__(
        self,
        *,
        base: int | None = None,
        register_bits: int | None = None,
        timer_hz: float | None = None,
        levels_v: Sequence[float] | None = None,
        codes: Sequence[int] | None = None,
        loc: Location | None = None,
        ip: Any = None,
    ) -> None:
        super().__init__(
            base=base,
            register_bits=register_bits,
            timer_hz=timer_hz,
            levels_v=levels_v,
            codes=codes,
            loc=loc,
            ip=ip,
        )
        self.regions[0].blocks.append()

    @property
    def block(self) -> Block:
        """Where fields are declared."""
        return _first_block(self)


def register_map(**keywords: Any) -> RegisterMapOp:
    """Build a power.register_map; see RegisterMapOp."""
    return RegisterMapOp(**keywords)


@register_operation(_generated._Dialect, replace=True)
class TargetOp(_generated.TargetOp):
    __doc__ = _generated.TargetOp.__doc__

    def __init__(
        self,
        sym_name: str,
        levels_v: Sequence[float],
        max_rails: int,
        *,
        awake_power_w: float | None = None,
        rail_power_w: float | None = None,
        maximum_power_w: float | None = None,
        dispatch_time_s: float | None = None,
        margin: float | None = None,
        temperature_c: float | None = None,
        overlapping_ramps: bool = False,
        gating: GatingAttr | str | None = None,
        cost_model: Attribute | None = None,
        loc: Location | None = None,
        ip: Any = None,
    ) -> None:
        super().__init__(
            sym_name,
            levels_v,
            max_rails,
            awake_power_w=awake_power_w,
            rail_power_w=rail_power_w,
            maximum_power_w=maximum_power_w,
            dispatch_time_s=dispatch_time_s,
            margin=margin,
            temperature_c=temperature_c,
            overlapping_ramps=overlapping_ramps,
            gating=gating,
            cost_model=cost_model,
            loc=loc,
            ip=ip,
        )
        self.regions[0].blocks.append()

    @property
    def block(self) -> Block:
        """Where domains, memories and all else are declared."""
        return _first_block(self)


def target(*arguments: Any, **keywords: Any) -> TargetOp:
    """Build a power.target; see TargetOp."""
    return TargetOp(*arguments, **keywords)


@register_operation(_generated._Dialect, replace=True)
class LayerOp(_generated.LayerOp):
    __doc__ = _generated.LayerOp.__doc__

    def __init__(
        self,
        name: str,
        *,
        workload: Attribute | None = None,
        costs: CostTableAttr | None = None,
        implementations: Attribute | None = None,
        state: StateAttr | None = None,
        uncosted: Attribute | None = None,
        results: Sequence[Type] = (),
        loc: Location | None = None,
        ip: Any = None,
    ) -> None:
        super().__init__(
            list(results),
            name,
            workload=workload,
            costs=costs,
            implementations=implementations,
            state=state,
            uncosted=uncosted,
            loc=loc,
            ip=ip,
        )


def layer(*arguments: Any, **keywords: Any) -> LayerOp:
    """Build a power.layer; see LayerOp."""
    return LayerOp(*arguments, **keywords)
