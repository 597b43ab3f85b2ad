# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A worker that dies of the first design of a space, a number of times."""

import os
from pathlib import Path

from pfmlir.compile.designs import DesignAnswers
from pfmlir.studies.explorations import chunks


def solve_chunk(chunk: chunks.Chunk) -> DesignAnswers:
    folder = Path(os.environ["DYING_FOLDER"])
    deaths = len(list(folder.glob("death-*")))
    if 0 in chunk.numbers and deaths < int(os.environ["DYING_TIMES"]):
        (folder / f"death-{deaths}").touch()
        os._exit(1)
    return chunks.solve_chunk(chunk)
