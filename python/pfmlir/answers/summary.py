# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a schedule says of a whole network: its work, its memories, its operations."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

# What a layer can wait for; what becomes of operations: costed, free, or not costed.
BOUNDS = ("compute", "weights", "feeding", "other_work")
COSTED = ("layer", "vector")
FREE = ("in_passing", "padding", "view", "format", "ahead")
LISTED = ("listed",)


@dataclass(frozen=True)
class MemoryUse:
    """What a memory of the target has to hold at most.

    Attributes
    ----------
    peak_bytes : float
        Feature maps that are still needed, or all weights, where it is fullest.
    peak_layer : str
        The first layer where it is.
    capacity_bytes : int or None
        Its size; None where the target leaves that open.
    """

    peak_bytes: float
    peak_layer: str
    capacity_bytes: int | None = None


@dataclass(frozen=True)
class OperationCount:
    """What operations of one kind do, in all.

    Attributes
    ----------
    count : int
        How many they are.
    multiply_accumulates, operations : int
        Of products; elementary operations of all others.
    bytes : int
        Of the tensors that they read and write, in the types that the network has.
    unknown : int
        How many of them are of unknown shapes, and not in the last three.
    """

    count: int = 0
    multiply_accumulates: int = 0
    operations: int = 0
    bytes: int = 0
    unknown: int = 0

    def __add__(self, other: Self) -> "OperationCount":
        sums = (vars(self)[name] + value for name, value in vars(other).items())
        return OperationCount(*sums)


@dataclass(frozen=True)
class Summary:
    """What a schedule says of its whole network, as `Schedule.summary` returns it.

    Attributes
    ----------
    multiply_accumulates : int
        Of all products that depend on the input, whether they are scheduled or not.
    bytes : float
        Of all layers, in bytes: each tensor of a product once, and what other work
        reads and writes. NaN where the cost model doesn't say.
    time_by_bound_s : dict
        How much of the layers' time `compute`, `weights`, `feeding` (of feature maps)
        and `other_work` set the pace of, in seconds. NaN where the cost model doesn't
        say.
    other_work_energy_j : float
        Dynamic energy of what is no product, in joules; NaN likewise.
    unscheduled_operations : int
        How many operations no cost model speaks of.
    unscheduled_work, unscheduled_bytes : float
        Their part of all multiply-accumulates, and of the bytes of all operations
        that are not free; NaN where there is no account.
    memories : dict of MemoryUse
        By name, those that the cost model speaks of.
    account : dict of dict of OperationCount
        By what becomes of operations, and by what they are; empty where layers were
        not formed of operations. `COSTED` (`layer`, `vector`), `FREE` (`in_passing`,
        `padding`, `view`, `format`, `ahead`) and `LISTED` (`listed`) say which.

    Examples
    --------
    >>> import pfmlir
    >>> found = pfmlir.schedule(
    ...     '''func.func @net() {
    ...       power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
    ...       return
    ...     }''',
    ...     target="pf40_keep",
    ... )
    >>> found.summary.multiply_accumulates
    5120
    >>> found.summary.memories["rram"].peak_bytes
    5120.0
    """

    multiply_accumulates: int
    bytes: float
    time_by_bound_s: dict[str, float]
    other_work_energy_j: float
    unscheduled_operations: int
    unscheduled_work: float
    unscheduled_bytes: float
    memories: dict[str, MemoryUse]
    account: dict[str, dict[str, OperationCount]]

    @classmethod
    def from_schedule(cls, data: Mapping[str, Any]) -> Self:
        """Sum up the numbers of a schedule, as `docs/output.md` describes them."""
        layers = data["layers"]
        unscheduled = data.get("unscheduled", {})
        # Files of versions 1 and 2 have no more than this.
        operations = sum(data["uncosted"].values())
        account = {
            fate: {name: OperationCount(**entry) for name, entry in entries.items()}
            for fate, entries in data.get("account", {}).items()
        }
        listed = sum_of(account, LISTED).multiply_accumulates
        unknown = math.nan if operations and not account else 0.0
        return cls(
            sum(layer.get("multiply_accumulates", 0) for layer in layers) + listed,
            math.fsum(bytes_of(layer) for layer in layers),
            {
                bound: math.fsum(time_of(layer, bound) for layer in layers)
                for bound in BOUNDS
            },
            math.fsum(layer.get("other_work_energy_j", math.nan) for layer in layers),
            operations,
            unscheduled.get("share_of_multiply_accumulates", unknown),
            unscheduled.get("share_of_bytes", unknown),
            {
                name: MemoryUse(
                    float(use["peak_bytes"]),
                    use["peak_layer"],
                    use.get("capacity_bytes"),
                )
                for name, use in data.get("memories", {}).items()
            },
            account,
        )

    def sum_of(self, *fates: str) -> OperationCount:
        """Return what all operations do of which one of these becomes."""
        return sum_of(self.account, fates)


def sum_of(
    account: Mapping[str, Mapping[str, OperationCount]], fates: tuple[str, ...]
) -> OperationCount:
    """Return what all operations do of which one of these becomes."""
    entries = (each for fate in fates for each in account.get(fate, {}).values())
    return sum(entries, OperationCount())


def bytes_of(layer: Mapping[str, Any]) -> float:
    """Return the bytes of a layer; NaN where they aren't known."""
    return math.fsum(layer.get("bytes", {"unknown": math.nan}).values())


def time_of(layer: Mapping[str, Any], bound: str) -> float:
    """Return the time of a layer that this sets the pace of; NaN if it isn't known."""
    return float(layer.get("time_by_bound_s", {}).get(bound, math.nan))
