# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writing files whole or not at all, and reading none that are too large."""

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

# Of a file that is read whole: sweeps and schedules have some megabytes. A device may
# have no end.
MOST_BYTES = 2**28


def _read_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"'{path}': expected at most {MOST_BYTES} bytes, but got more")
    return data


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    ValueError
        It is no UTF-8, or larger than `MOST_BYTES`.
    OSError
        It can't be read.
    """
    data = _read_bytes(path)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"'{path}' is not text: {error}") from None


def read_json(path: Path) -> Any:
    """Return what a file of JSON says.

    Raises
    ------
    ValueError
        It is no JSON, or larger than `MOST_BYTES`.
    OSError
        It can't be read.
    """
    return parse_json(_read_bytes(path), str(path))


def parse_json(data: bytes, name: str) -> Any:
    """Return what JSON of some name says; raise as `read_json` does."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"'{name}': expected at most {MOST_BYTES} bytes, but got more")
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"'{name}' is not JSON: {error}") from None


def _mode() -> int:
    """Return the mode of a new file, as the user wants them."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let errors name a file: a full disk's name none, and others a temporary one."""
    try:
        yield
    except OSError as error:
        if error.errno in (None, errno.EPIPE):
            raise
        raise type(error)(error.errno, error.strerror, str(path)) from None


def _beside(path: Path) -> IO[bytes]:
    """Open a new file in the same folder."""
    return tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    )


def write_with(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Let `write` fill a file, which appears only once it is whole.

    What a symbolic link points to is replaced, and not the link. A pipe or a device is
    written to.
    """
    path = path.resolve()
    with _naming(path):
        if path.exists() and not path.is_file():
            with path.open("wb") as device:
                write(device)
            return
        with _beside(path) as file:
            try:
                write(file)
                file.flush()
            except BaseException:
                os.unlink(file.name)
                raise
        os.chmod(file.name, _mode())
        os.replace(file.name, path)


def write_atomically(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    write_with(path, lambda file: file.write(text.encode()))
