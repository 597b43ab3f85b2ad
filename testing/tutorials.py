# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run the tutorials: what they show is what their snippets print.

Of a page's code blocks, in order: one with a title is a file of that name; `python` is
run, all blocks of a page in one namespace; so is `sh`, by bash; and `text` is what the
snippet before it prints. `python -m testing.tutorials` writes into the pages what they
print now.
"""

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(
    r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$', re.M | re.S
)


@contextlib.contextmanager
def _folder(prefix: Path) -> Iterator[Path]:
    """Change to a new folder, with the commands of what is installed in `prefix`."""
    before, path, modules = Path.cwd(), os.environ["PATH"], set(sys.modules)
    with tempfile.TemporaryDirectory() as name:
        command = Path(name) / "bin" / "pfmlir"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -m pfmlir "$@"\n')
        command.chmod(0o755)
        places = (command.parent, prefix / "bin", path)
        os.environ["PATH"] = os.pathsep.join(map(str, places))
        work = Path(name) / "work"
        work.mkdir()
        os.chdir(work)
        sys.path.insert(0, str(work))
        try:
            yield work
        finally:
            os.chdir(before)
            os.environ["PATH"] = path
            sys.path.remove(str(work))
            # A page's own modules, which another page may have by the same name.
            for module in set(sys.modules) - modules:
                if str(getattr(sys.modules[module], "__file__", "")).startswith(name):
                    del sys.modules[module]


def _run_shell(script: str, prefix: Path) -> str:
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        env=os.environ | {"prefix": str(prefix)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ValueError(f"exit status {done.returncode} of:\n{script}{done.stdout}")
    return done.stdout


def _run_python(script: str, names: dict[str, Any]) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(script, "<snippet>", "exec"), names)
    return output.getvalue()


def render(page: Path, prefix: Path) -> str:
    """Return a page with what its snippets print, with the tools of `prefix`/bin."""
    names: dict[str, Any] = {"__name__": "__main__"}
    printed: str | None = None

    def run(block: re.Match[str]) -> str:
        nonlocal printed
        kind, title, body = block["kind"], block["title"], block["body"]
        if title:
            Path(title).write_text(body)
        elif kind == "text":
            if printed is None:
                raise ValueError(f"{page.name}: expected a snippet before:\n{body}")
            lines = (line.rstrip() for line in printed.splitlines())
            body, printed = "".join(f"{line}\n" for line in lines), None
            return f"```text\n{body}```"
        elif kind == "sh":
            printed = _run_shell(body, prefix)
        elif kind == "python":
            printed = _run_python(body, names)
        return block[0]

    with _folder(prefix):
        return BLOCK.sub(run, page.read_text())


def main() -> None:
    """Renew all tutorials."""
    for page in PAGES:
        page.write_text(render(page, ROOT / "build"))


if __name__ == "__main__":
    main()
