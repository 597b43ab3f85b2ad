# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What all answers have in common."""

import html
import importlib
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar, overload

import numpy
from numpy.typing import NDArray

from .._mlir_libs import _pfmlirScheduler
from .._version import __version__
from ..files import parse_json, read_json, write_atomically

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure

# Proven; stopped by a limit; of a search that proves nothing.
Status = Literal["optimal", "limit", "heuristic"]

# Of formats; and what a file has besides an answer.
PREFIX = "pfmlir "
HEAD = ("format", "version", "pfmlir_version")

# A dict, of plain numbers, texts and lists.
Row = dict[str, Any]


def freeze(values: Any) -> NDArray[Any]:
    """Return a view of an array that can't be written to."""
    array = numpy.asarray(values).view()
    array.flags.writeable = False
    return array


def floats(values: Any) -> NDArray[numpy.float64]:
    """Return numbers as an array that can't be written to."""
    return freeze(numpy.asarray(values, dtype=numpy.float64))


def relative_gap(energy_j: float, lower_bound_j: float) -> float:
    """Return how far an energy can be above the optimum, relative to it."""
    return (energy_j - lower_bound_j) / energy_j if energy_j else 0.0


def status_of(search: str, is_optimal: bool) -> Status:
    """Return what is known of what a search found."""
    if is_optimal:
        return "optimal"
    proves = {each.name for each in _pfmlirScheduler.searches() if each.proves_optimum}
    return "limit" if search in proves else "heuristic"


def joint_status(statuses: Iterable[Status]) -> Status:
    """Return what is known of several answers together: the least of any."""
    found = set(statuses)
    if "heuristic" in found:
        return "heuristic"
    return "limit" if "limit" in found else "optimal"


def describe_proof(status: Status, gap: float) -> str:
    """Return in words how good an answer is."""
    if status == "optimal":
        return "proven optimal"
    why = "; a limit stopped the search" if status == "limit" else ""
    return f"at most {100 * gap:.4f} % above the optimum{why}"


def _html_row(cells: Iterable[str], tag: str = "td") -> str:
    inner = "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)
    return f"<tr>{inner}</tr>"


class Answer(ABC):
    """What `schedule`, `solve` and the studies return.

    A value: it doesn't change, its arrays are read-only, and it can be compared,
    pickled, saved and loaded. All answers have these words:

    Attributes
    ----------
    energy_j, lower_bound_j, gap
        Energy of one period in joules, what no schedule costs less than, and how far
        the first can be above the optimum, relative to it.
    is_optimal : bool
        Whether all of it is proven.
    status : {"optimal", "limit", "heuristic"}
        Proven; or stopped by a limit: of time, memory or gap, or of what rounding lets
        tell apart; or found by a search that proves nothing.
    period_s, fps, active_time_s
        From one inference to the next in seconds, inferences a second, and the time of
        all layers and transitions in seconds.
    rails_v
        The levels in use, in volts.

    Where an answer has several parts (points, networks, changes), these are arrays with
    an entry for each, unless its class says otherwise.
    """

    # What files are called by, and the version of what is in them.
    FORMAT: ClassVar[str]
    VERSION: ClassVar[int] = 1
    # All kinds of answers, by format.
    _kinds: ClassVar[dict[str, type["Answer"]]] = {}

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "FORMAT" in vars(cls):
            Answer._kinds[cls.FORMAT] = cls

    def __post_init__(self) -> None:
        """Freeze arrays, of dataclasses."""
        for name, value in vars(self).items():
            if isinstance(value, numpy.ndarray):
                object.__setattr__(self, name, freeze(value))

    def __setstate__(self, state: dict[str, Any]) -> None:
        # numpy's arrays come out of a pickle as they please.
        vars(self).update(state)
        self.__post_init__()

    # -- proof --------------------------------------------------------------

    @property
    @abstractmethod
    def status(self) -> Status:
        """What is known of the answer."""

    # -- other forms --------------------------------------------------------

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dicts."""

    @abstractmethod
    def to_rows(self) -> list[Row]:
        """Return one dict a part (layer, point, network, change), of plain numbers."""

    def to_pandas(self) -> "pandas.DataFrame":
        """Return one row a part (layer, point, network, change); needs pandas."""
        import pandas

        return pandas.DataFrame(self.to_rows())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as JSON; whole or not at all.

        The file has a format, a version of that, and the version of pfmlir that wrote
        it.
        """
        head = dict(zip(HEAD, (self.FORMAT, self.VERSION, __version__), strict=True))
        text = json.dumps(head | self._to_file(), indent=1)
        write_atomically(Path(path), f"{text}\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote: an answer of this class, or any if it is `Answer`.

        Raises
        ------
        ValueError
            The file is something else, or of a version that isn't known, or what is in
            it contradicts itself.
        """
        return cls._from_json(Path(path), read_json(Path(path)))

    @classmethod
    def loads(cls, text: str | bytes) -> Self:
        """Read what is in a file that `save` wrote; as `load` does."""
        data = text.encode() if isinstance(text, str) else text
        return cls._from_json(Path("-"), parse_json(data, "-"))

    @classmethod
    def _from_json(cls, path: Path, json: Any) -> Self:
        """Return the answer of a file of JSON; of what is no object there is none."""
        data: dict[str, Any] = json if isinstance(json, dict) else {}
        kind = cls._kind_of(path, data)
        content = {key: value for key, value in data.items() if key not in HEAD}
        try:
            found = kind._from_version(dict(content), _version_of(data)[1])
            unknown = sorted(content.keys() - found._to_file().keys())
            if unknown:
                raise ValueError(f"expected no field {unknown[0]!r}, which is unknown")
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            lacks = "expected field " if isinstance(error, KeyError) else ""
            raise ValueError(
                f"'{path}' is not a whole {kind._what()}: {lacks}{error}"
            ) from None
        except ValueError as error:
            by = data.get("pfmlir_version", "of another version")
            raise ValueError(f"'{path}', written by pfmlir {by}: {error}") from None
        assert isinstance(found, cls)
        return found

    @classmethod
    def _what(cls) -> str:
        """Return what is in a file of this class."""
        return getattr(cls, "FORMAT", "schedule or other answer").removeprefix(PREFIX)

    @classmethod
    def _kind_of(cls, path: Path, data: dict[str, Any]) -> "type[Answer]":
        """Return the class of what is in a file, or raise ValueError."""
        known = {
            name: kind for name, kind in cls._kinds.items() if issubclass(kind, cls)
        }
        name, version = _version_of(data)
        if name not in known:
            raise ValueError(
                f"'{path}' is not a saved {cls._what()}: expected format "
                f"{' or '.join(map(repr, known))}, but got {data.get('format')!r}; "
                "save(), or --save of the command, writes one"
            )
        newest = known[name].VERSION
        if not 1 <= version <= newest:
            raise ValueError(
                f"'{path}': expected {name!r} of version {newest} or older, but got "
                f"version {version}, written by pfmlir "
                f"{data.get('pfmlir_version', '?')}"
            )
        return known[name]

    def _to_file(self) -> dict[str, Any]:
        """Return what goes into a file."""
        return self.to_dict()

    @classmethod
    def _from_version(cls, content: dict[str, Any], version: int) -> Self:
        """Return what `_to_file` of some version was called on, as `_from_file`."""
        return cls._from_file(content)

    @classmethod
    @abstractmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        """Return what `_to_file` was called on, or raise where it can't be.

        AttributeError, IndexError, KeyError and TypeError are for what is missing or of
        another kind, ValueError with what to say is for all else.
        """

    def plot(self, *arguments: Any, **keywords: Any) -> "Figure":
        """Draw it, as `pfmlir.plots.draw` does; needs matplotlib."""
        # Pictures know answers, and not the other way round: this is the one place
        # that asks for them, and only when it is called.
        plots = importlib.import_module("pfmlir.plots")
        figure: Figure = plots.draw(self, *arguments, **keywords)
        return figure

    # -- as a value ---------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    @abstractmethod
    def _title(self) -> str:
        """Return what it is, as a line."""

    @abstractmethod
    def _summary(self) -> list[tuple[str, str]]:
        """Return what it says, as names and texts."""

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        """Return what notebooks show of its parts: a name, a head, and cells."""
        return "", [], []

    def __repr__(self) -> str:
        lines = [f"  {name:<8}{text}" for name, text in self._summary()]
        return "\n".join([f"<{self._title()}", *lines]) + ">"

    def _repr_html_(self) -> str:
        """Return what notebooks show."""
        summary = "".join(_html_row([name, text]) for name, text in self._summary())
        text = f"<b>{html.escape(self._title())}</b><table>{summary}</table>"
        name, head, rows = self._table()
        if not rows:
            return text
        body = "".join(map(_html_row, rows))
        return (
            f"{text}<details><summary>{html.escape(name)}</summary>"
            f"<table>{_html_row(head, 'th')}{body}</table></details>"
        )


class PowerAnswer(Answer):
    """An answer of which the power in the mean is least.

    Attributes
    ----------
    power_w, lower_bound_w : float
        That power, and what nothing has less than, in watts.
    """

    power_w: float
    lower_bound_w: float

    @property
    def gap(self) -> float:
        """How far the power can be above the optimum, relative to it."""
        return max(relative_gap(self.power_w, self.lower_bound_w), 0.0)

    @property
    def is_optimal(self) -> bool:
        """Whether it is proven to take least power."""
        return self.gap == 0

    @property
    def status(self) -> Status:
        """What is known of the whole: whether it is proven, or why not."""
        return status_of("exact", self.is_optimal)


Part = TypeVar("Part")


class AnswerSequence(Answer, Sequence[Part]):
    """An answer that is the sequence of its parts."""

    @property
    @abstractmethod
    def _parts(self) -> tuple[Part, ...]:
        """The parts."""

    @overload
    def __getitem__(self, index: int) -> Part: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Part, ...]: ...

    def __getitem__(self, index: int | slice) -> Part | tuple[Part, ...]:
        return self._parts[index]

    def __len__(self) -> int:
        return len(self._parts)


def _version_of(data: dict[str, Any]) -> tuple[str, int]:
    """Return format and version of a file; the first schedules had both in one."""
    name = data.get("format")
    if name == "pfmlir schedule 1":
        return "pfmlir schedule", 1
    version = data.get("version")
    return str(name), version if isinstance(version, int) else 0
