# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What an exploration asks: axes, and the designs that they make."""

import difflib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from ..._options import OPTIONS, RateOptions
from ..._version import __version__
from ...arguments import positive
from ...compile.options import ExploreOptions
from ...compile.sources import is_text
from ...keywords import read_value

# What paths begin with.
ROOTS = ("target.", "layer.")

RATES = tuple(RateOptions.__annotations__)
OPTION_NAMES = tuple(ExploreOptions.__annotations__)

# Options that are nothing but parameters of the target, which need no pass.
AS_PARAMETERS = {
    name: f"target.{name}"
    for name in (
        "max_rails",
        "awake_power_w",
        "rail_power_w",
        "dispatch_time_s",
        "margin",
    )
}

# The axis of networks.
NETWORK = "network"

# What a value of an axis sets: options, rates and parameters, by name.
Settings = Mapping[str, Any]


@dataclass(frozen=True)
class SpaceAxis:
    """What is varied together: how its values are called, and what each sets."""

    name: str
    labels: tuple[Any, ...]
    settings: tuple[Settings, ...]

    def __post_init__(self) -> None:
        if not self.labels:
            raise ValueError(f"{self.name}: expected at least one value")


def _read_target(name: str, value: Any) -> str | None:
    """Return a target as a name or a text, which other machines can read."""
    if value is None:
        return None
    if isinstance(value, os.PathLike):
        return Path(value).read_text()
    if not isinstance(value, str):
        return f"{value}\n"
    if not is_text(value) and Path(value).is_file():
        return Path(value).read_text()
    return value


def _read_setting(name: str, value: Any) -> Any:
    """Return a value of an option, a rate or a parameter, as plain data."""
    if isinstance(value, numpy.generic):
        value = value.item()
    if name == "target":
        return _read_target(name, value)
    if name in RATES:
        return positive(name, value)
    if name in OPTIONS:
        return None if value is None else read_value(OPTIONS[name], value)
    if isinstance(value, numpy.ndarray):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


def is_setting(name: str) -> bool:
    """Whether a name is one of an option, a rate or a parameter."""
    return name in RATES or name in OPTION_NAMES or name.startswith(ROOTS)


def _unknown(name: str) -> ValueError:
    known = [*RATES, *OPTION_NAMES]
    near = difflib.get_close_matches(name, known, 2)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return ValueError(
        f"space: expected the name of an option of schedule, a rate, a path that "
        f"begins with {' or '.join(ROOTS)}, or an axis of named settings, but got "
        f"{name!r}{hint}"
    )


def _read_axis(name: str, values: Any) -> SpaceAxis:
    if isinstance(values, Mapping):
        settings = []
        for label, bundle in values.items():
            if not isinstance(bundle, Mapping):
                raise TypeError(
                    f"{name}: expected a mapping from names to settings, but got "
                    f"{bundle!r} of {label!r}"
                )
            for each in bundle:
                if not is_setting(each):
                    raise _unknown(each)
            settings.append({k: _read_setting(k, v) for k, v in bundle.items()})
        return SpaceAxis(name, tuple(values), tuple(settings))
    if not is_setting(name):
        raise _unknown(name)
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"{name}: expected several values, but got {values!r}")
    read = [_read_setting(name, value) for value in values]
    labels = [
        str(value) if name == "target" and isinstance(value, os.PathLike) else each
        for value, each in zip(values, read, strict=True)
    ]
    return SpaceAxis(name, tuple(labels), tuple({name: value} for value in read))


@dataclass(frozen=True)
class Space:
    """The product of some axes, and what all of its designs have in common."""

    axes: tuple[SpaceAxis, ...]
    fixed: Settings = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        space: Mapping[str, Any],
        networks: Sequence[str],
        fixed: Mapping[str, Any],
    ) -> "Space":
        """Return a space as it was asked for.

        Raises
        ------
        TypeError, ValueError
            An axis is none, or two axes set the same; the message names it.
        """
        if not isinstance(space, Mapping):
            raise TypeError(f"space: expected a mapping, but got {space!r}")
        axes = [_read_axis(name, values) for name, values in space.items()]
        if len(networks) > 1:
            names = tuple({NETWORK: name} for name in networks)
            axes.insert(0, SpaceAxis(NETWORK, tuple(networks), names))
        read = {name: _read_setting(name, value) for name, value in fixed.items()}
        if len(networks) == 1:
            read[NETWORK] = networks[0]
        made = cls(tuple(axes), read)
        made._check()
        return made

    def _check(self) -> None:
        owner = dict.fromkeys(self.fixed, "an argument")
        for axis in self.axes:
            names = {name for settings in axis.settings for name in settings}
            for name in sorted(names):
                if name in owner:
                    raise ValueError(
                        f"space: expected {name} once, but axis {axis.name} sets what "
                        f"{owner[name]} does"
                    )
                owner[name] = f"axis {axis.name}"
            for name in names.intersection(RATES):
                if not all(name in settings for settings in axis.settings):
                    raise ValueError(
                        f"space: expected {name} in all of axis {axis.name}, but got "
                        "some without"
                    )
        rates = [name for name in RATES if name in owner]
        if len(rates) != 1:
            got = " and ".join(rates) or "neither"
            raise ValueError(
                f"space: expected one of {' and '.join(RATES)}, but got {got}"
            )

    def __len__(self) -> int:
        number = 1
        for axis in self.axes:
            number *= len(axis.labels)
        return number

    def positions(self) -> list[NDArray[numpy.int64]]:
        """By axis, which of its values each design has; the last varies fastest."""
        sizes = [len(axis.labels) for axis in self.axes]
        if not sizes:
            return []
        return list(numpy.unravel_index(numpy.arange(len(self)), sizes))

    def asked(self) -> dict[str, list[Any]]:
        """By axis, what each design has of it."""
        return {
            axis.name: [axis.labels[i] for i in position.tolist()]
            for axis, position in zip(self.axes, self.positions(), strict=True)
        }

    def keys(self, digests: Mapping[str, str]) -> list[str]:
        """What each design is known by: a digest of all that was asked, and of whom.

        `digests` are those of the networks, by name. An axis, or how its values are
        called, makes no difference; what they set does.
        """

        def parts(settings: Settings) -> list[bytes]:
            return [
                json.dumps(
                    [name, digests[value] if name == NETWORK else value], sort_keys=True
                ).encode()
                for name, value in settings.items()
            ]

        # Another version may find other answers.
        fixed = [__version__.encode(), *parts(self.fixed)]
        by_axis = [[parts(each) for each in axis.settings] for axis in self.axes]
        keys = []
        for row in zip(*map(numpy.ndarray.tolist, self.positions()), strict=True):
            found = list(fixed)
            for axis, index in zip(by_axis, row, strict=True):
                found += axis[index]
            keys.append(_digest(sorted(found)))
        return keys if self.axes else [_digest(sorted(fixed))]


def _digest(parts: Sequence[bytes]) -> str:
    return blake2b(b"\n".join(parts), digest_size=16).hexdigest()
