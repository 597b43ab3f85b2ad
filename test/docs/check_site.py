# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check a built site: all links lead somewhere, and nothing is fetched from a network.

Usage: check_site.py FOLDER.
"""

import json
import os
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What the search should find, by the page that it is of.
WORDS = {
    "python.html": "choose_rails",
    "reference/command.html": "--max-rails",
    "reference/dialect.html": "power.sleep_state",
    "reference/passes.html": "-power-form-layers",
    "reference/python.html": "transition_energy_j",
    "gallery.html": "pareto_front",
    "tutorials/accelerator.html": "camera.mlir",
    "source/examples/out-of-tree/Roofline.td.html": "Roofline",
}


class Page(HTMLParser):
    """What a page has: names of places, links, and what is loaded with it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what is of interest of a tag."""
        values = {name: value or "" for name, value in attrs}
        self.places |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") not in ("canonical", "prev", "next"):
            self.loaded.append(values["href"])
        elif "src" in values:
            self.loaded.append(values["src"])


def main() -> None:
    """Check the folder."""
    folder = Path(sys.argv[1])
    pages = {path: Page(path) for path in sorted(folder.rglob("*.html"))}
    wrong, number = [], 0
    for path, page in pages.items():
        # The page of errors has links from the top, for any place.
        if path.name == "404.html":
            continue
        wrong += [f"{path}: loads {link}" for link in page.loaded if "//" in link]
        for link in [*page.links, *page.loaded]:
            parts = urlsplit(link)
            if parts.scheme or not link:
                continue
            number += 1
            name = os.path.normpath(path.parent / unquote(parts.path))
            target = Path(name) if parts.path else path
            fragment = unquote(parts.fragment)
            if not target.is_file() or (
                fragment and fragment not in pages[target].places
            ):
                wrong.append(f"{path}: {link}")
    index = json.loads((folder / "search" / "search_index.json").read_text())["docs"]
    for name, word in WORDS.items():
        of_page = (each for each in index if each["location"].split("#")[0] == name)
        if not any(word in each["title"] + each["text"] for each in of_page):
            wrong.append(f"{name}: the search doesn't find {word}")
    if wrong:
        raise SystemExit("\n".join(wrong))
    print(f"{len(pages)} pages, {number} links")


if __name__ == "__main__":
    main()
