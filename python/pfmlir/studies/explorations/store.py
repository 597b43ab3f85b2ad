# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Explorations on disk: a folder of Parquet files, each of which appears once whole.

A row is known by a key that is made of all that was asked of its design. Any reader of
Parquet takes the folder as one table; columns that were asked for are numbers (of
64-bit floating point, so that they are in all files), texts, or else JSON.
"""

import json
import os
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...answers.explorations import FOUND, NUMBERS
from ...errors import MissingDependencyError
from ...files import write_with

if TYPE_CHECKING:
    import pyarrow

KEY = "key"
# Which columns were asked for; in the metadata of a file's schema.
ASKED = b"pfmlir_asked"
# Files by this name; others in the folder are left alone.
PATTERN = "part-*.parquet"

TEXTS = ("status", "tail", "reason")


def _import_pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise MissingDependencyError(
            "to keep an exploration needs pyarrow: pip install 'pfmlir[explore]'"
        ) from error
    return pyarrow


def _as_asked(values: Sequence[Any]) -> list[Any]:
    """Return values as a column of numbers, of truth values or of texts."""
    kinds = set(map(type, values))
    if kinds <= {bool}:
        return list(values)
    if kinds <= {int, float}:
        return [float(value) for value in values]
    return [value if isinstance(value, str) else json.dumps(value) for value in values]


class Store:
    """A folder of results.

    Raises
    ------
    MissingDependencyError
        pyarrow is not installed.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._pyarrow = _import_pyarrow()
        self.path = Path(path)

    def _tables(self) -> "list[pyarrow.Table]":
        read = self._pyarrow.parquet.ParquetFile
        return [read(file).read() for file in sorted(self.path.glob(PATTERN))]

    def read_found(self) -> tuple[list[str], dict[str, list[Any]]]:
        """Return the keys of all rows, and what was found of them, by column."""
        keys: list[str] = []
        found: dict[str, list[Any]] = {name: [] for name in FOUND}
        for table in self._tables():
            keys += table.column(KEY).to_pylist()
            for name in FOUND:
                found[name] += table.column(name).to_pylist()
        found["rails_v"] = [tuple(rails) for rails in found["rails_v"]]
        return keys, found

    def read(self) -> tuple[list[str], dict[str, list[Any]]]:
        """Return what was asked for, and all columns; each key once.

        What some rows were not asked is None there.

        Raises
        ------
        ValueError
            There is no exploration in the folder.
        """
        tables = self._tables()
        if not tables:
            raise ValueError(f"'{self.path}': expected an exploration's files")
        asked: dict[str, None] = {}
        for table in tables:
            metadata = table.schema.metadata or {}
            asked |= dict.fromkeys(json.loads(metadata.get(ASKED, b"[]")))
        columns: dict[str, list[Any]] = {name: [] for name in (*asked, *FOUND)}
        seen: set[str] = set()
        for table in tables:
            keys = table.column(KEY).to_pylist()
            kept = []
            for i, key in enumerate(keys):
                if key not in seen:
                    kept.append(i)
                    seen.add(key)
            for name, column in columns.items():
                if name in table.column_names:
                    values = table.column(name).to_pylist()
                    column += [values[i] for i in kept]
                else:
                    column += [None] * len(kept)
        columns["rails_v"] = [tuple(rails) for rails in columns["rails_v"]]
        return list(asked), columns

    def write(
        self,
        keys: Sequence[str],
        asked: Mapping[str, Sequence[Any]],
        found: Mapping[str, Sequence[Any]],
    ) -> None:
        """Add rows, as a file of their own."""
        pyarrow = self._pyarrow
        kinds = dict.fromkeys(("period_s", *NUMBERS), pyarrow.float64())
        kinds |= dict.fromkeys(TEXTS, pyarrow.string())
        kinds |= {
            "num_rails": pyarrow.int64(),
            "rails_v": pyarrow.list_(pyarrow.float64()),
        }
        columns = {KEY: pyarrow.array(keys, pyarrow.string())}
        columns |= {
            name: pyarrow.array(_as_asked(values)) for name, values in asked.items()
        }
        columns |= {
            name: pyarrow.array(found[name], kinds[name], from_pandas=False)
            for name in FOUND
        }
        table = pyarrow.table(columns).replace_schema_metadata(
            {ASKED: json.dumps(list(asked))}
        )
        self.path.mkdir(parents=True, exist_ok=True)
        name = blake2b("".join(keys).encode(), digest_size=8).hexdigest()
        write_with(
            self.path / f"part-{name}.parquet",
            lambda file: pyarrow.parquet.write_table(table, file),
        )
