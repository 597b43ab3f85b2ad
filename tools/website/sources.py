# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Files of the repository as pages of the site."""

import os
import re
from pathlib import Path

# Pages outside of docs/, and where they are in the site.
ELSEWHERE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "benchmarks.md",
    "examples/README.md": "examples/README.md",
    "experiments/README.md": "experiments.md",
    "examples/pytorch_to_schedule.ipynb": "examples/pytorch_to_schedule.md",
}
LANGUAGES = {
    ".cpp": "cpp",
    ".c": "c",
    ".h": "cpp",
    ".td": "text",
    ".txt": "cmake",
    ".mlir": "mlir",
    ".py": "python",
    ".sh": "sh",
}
LINK = re.compile(r"(?<=\]\()([^)#:\s]+)(?=[)#])")


def page_of(path: str) -> str:
    """Return where a file or folder of the repository is in the site."""
    if path in ELSEWHERE:
        return ELSEWHERE[path]
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return f"source/{path}.md"


class Repository:
    """The repository's pages, and the sources that they link to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # Found as pages are read.
        self.linked: set[str] = set()

    def pages(self) -> list[str]:
        """Return the pages by their paths."""
        inside = (self.root / "docs").rglob("*.md")
        return [
            *(path for path in ELSEWHERE if path.endswith(".md")),
            *sorted(str(path.relative_to(self.root)) for path in inside),
        ]

    def read(self, path: str) -> str:
        """Return a page with the links that it has in the site."""
        text = (self.root / path).read_text()
        return LINK.sub(lambda link: self._place(path, link[1]), text)

    def _place(self, page: str, link: str) -> str:
        target = os.path.normpath(os.path.join(os.path.dirname(page), link))
        if not (self.root / target).exists():
            return link  # No link, or one that MkDocs complains of.
        if (self.root / target / "README.md").exists():
            target += "/README.md"
        if target not in ELSEWHERE and not target.startswith("docs/"):
            self._add(target)
        return os.path.relpath(page_of(target), os.path.dirname(page_of(page)))

    def _add(self, path: str) -> None:
        """Remember a source, and what is in it if it is a folder."""
        self.linked.add(path)
        if (self.root / path).is_dir():
            for each in sorted((self.root / path).iterdir()):
                self._add(f"{path}/{each.name}")

    def show(self, path: str) -> str:
        """Return a page that shows a source, or lists a folder."""
        place = self.root / path
        if place.is_dir():
            names = sorted(each.name for each in place.iterdir())
            items = "".join(f"- [{name}]({place.name}/{name}.md)\n" for name in names)
            return f"# {path}\n\n{items}"
        language = LANGUAGES.get(place.suffix, "text")
        return f"# {path}\n\n~~~~{language}\n{place.read_text()}~~~~\n"
