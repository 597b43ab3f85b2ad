# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Hooks of MkDocs: pages that don't lie in docs/, and pages that are made.

Links stay as they are in the repository, where a forge shows them. Here those to other
pages are made relative to where the pages are in the site, and those to sources lead to
pages that show the source.
"""

import importlib.util
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(Path(__file__).parent))

import gallery  # noqa: E402
import mlir_lexer  # noqa: E402
import notebooks  # noqa: E402
import reference  # noqa: E402
import sources  # noqa: E402

NOTEBOOK = "examples/pytorch_to_schedule.ipynb"
ASSETS = ("iframe-worker.js", "site.css")


def on_config(config: Any) -> None:
    """Say what is missing, and let MLIR have colours."""
    if importlib.util.find_spec("pfmlir") is None:
        raise SystemExit(
            "error: expected the package pfmlir in PYTHONPATH; "
            "'ninja -C build site' builds it, and then the site"
        )
    mlir_lexer.register()


def on_files(files: Any, config: Any) -> Any:
    """Add all pages that MkDocs doesn't find by itself, and put links right."""
    from mkdocs.structure.files import File

    def add(uri: str, content: str | bytes) -> None:
        if old := files.get_file_from_path(uri):
            files.remove(old)
        files.append(File.generated(config, uri, content=content))

    repository = sources.Repository(ROOT)
    for path in repository.pages():
        add(sources.page_of(path), repository.read(path))
    for uri, content in notebooks.convert(ROOT / NOTEBOOK).items():
        add(uri, content)
    for path in sorted(repository.linked):
        add(sources.page_of(path), repository.show(path))
    binary_dir = ROOT / config.extra["binary_dir"]
    for name, content in reference.pages(binary_dir).items():
        add(f"reference/{name}.md", content)
    for uri, content in gallery.pages(ROOT).items():
        add(uri, content)
    for name in ASSETS:
        add(f"assets/{name}", (Path(__file__).parent / name).read_bytes())
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Leave out the list of a chapter's pages where there is one page."""
    if page.parent is None:
        page.meta["hide"] = ["navigation"]
    return markdown
