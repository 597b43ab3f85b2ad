# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Test reports as a person sees them: in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pfmlir
import pytest
from pfmlir.report import render_report

from testing.browser import Browser

# Whoever takes text for markup loads a picture, says so in the console, or is bold.
EVIL = '<img src=x onerror="console.error(1)"></script><b>&amp;'
EVIL_NETWORK = f"""
func.func @"<i>net</i>"() {{
  power.layer "{EVIL.replace('"', chr(92) + '"')}"
      workload #power.matmul<m = 64, k = 512, n = 512>
  power.layer "plain" workload #power.matmul<m = 1, k = 512, n = 10>
  return
}}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as found:
        yield found


@pytest.fixture(scope="module")
def schedule() -> pfmlir.Schedule:
    return pfmlir.schedule("keyword_spotter", target="pf40_keep", fps=900)


@pytest.fixture(scope="module")
def pages(
    schedule: pfmlir.Schedule, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return pages of one schedule, of the largest, of several, and of evil names."""
    folder = tmp_path_factory.mktemp("pages")
    largest = pfmlir.schedule("mobilevit_xxs", target="pf40_keep", fps=14)
    others = [
        pfmlir.schedule("keyword_spotter", target=target, fps=100)
        for target in ("gap9", "rk3588")
    ]
    # As it is once a cost model says what layers wait for, and what memories keep.
    data = schedule.to_dict()
    for layer in data["layers"]:
        layer |= {"bound": "weights", "time_by_bound_s": {"weights": layer["time_s"]}}
    data["memories"] = {"ifmap": {"peak_bytes": 16000.0, "peak_layer": "fc"}}
    bounded = pfmlir.Schedule(data, schedule.ir)
    schedules = {
        "one": [schedule],
        "largest": [largest],
        "several": [schedule, *others],
        "evil": [pfmlir.schedule(EVIL_NETWORK, target="pf40", fps=100)],
        "bounded": [bounded],
    }
    paths = {name: folder / f"{name}.html" for name in schedules}
    for name, path in paths.items():
        path.write_text(render_report(schedules[name]))
    return paths


def texts(browser: Browser, selector: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)"
    found: list[str] = browser.run(script, selector)
    return found


def style_of(browser: Browser, selector: str, name: str) -> str:
    found: str = browser.run(
        "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]",
        selector,
        name,
    )
    return found


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours `rgb(...)`, as WCAG 2 defines it."""

    def luminance(color: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", ["one", "largest", "several", "evil", "bounded"])
def test_pages_fit_load_nothing_and_complain_of_nothing(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    for width in (320, 400, 1400):
        browser.resize(width)
        browser.open(pages[name])
        assert browser.run("return document.documentElement.scrollWidth") == width
    assert browser.console() == []
    assert browser.run("return performance.getEntriesByType('resource').length") == 0
    assert browser.run("return document.querySelectorAll('noscript').length") == 0


def test_the_answer_comes_first(
    browser: Browser, pages: dict[str, Path], schedule: pfmlir.Schedule
) -> None:
    browser.resize(1400)
    browser.open(pages["one"])
    assert texts(browser, "h1") == ["keyword_spotter on pf40_keep"]
    values = texts(browser, ".fact .value")
    (energy, *_) = values
    assert energy == f"{schedule.energy_j * 1e6:.3f} µJ"
    assert f"{100 * schedule.savings['nominal_gated']:.1f} %" in values
    assert "Proven optimal" in values
    rails = [f"{rail:.2f} V" for rail in schedule.rails_v]
    assert texts(browser, ".fact .chip") == rails


def test_layers_are_in_the_table_and_can_be_ordered(
    browser: Browser, pages: dict[str, Path], schedule: pfmlir.Schedule
) -> None:
    browser.resize(1400)
    browser.open(pages["one"])
    names = schedule.layers["name"].tolist()
    assert texts(browser, ".layers tbody td.name") == names
    browser.run("document.querySelector('[data-order=energy]').click()")
    energies = schedule.layers["energy_j"]
    ordered = sorted(range(len(names)), key=lambda i: (-energies[i], i))
    assert texts(browser, ".layers tbody td.name") == [names[i] for i in ordered]
    browser.run("document.querySelector('[data-order=layer]').click()")
    assert texts(browser, ".layers tbody td.name") == names


def place(browser: Browser, share: float) -> tuple[float, float]:
    """Return where in the window a share of the first timeline's period is."""
    left, top, width = browser.run(
        "document.querySelector('.tracks').scrollIntoView({block: 'center'});"
        "const box = document.querySelector('.tracks svg').getBoundingClientRect();"
        "return [box.left, box.top, box.width]"
    )
    return left + share * width, top + 100


def test_hovering_shows_a_layer(
    browser: Browser, pages: dict[str, Path], schedule: pfmlir.Schedule
) -> None:
    browser.resize(1000)
    browser.open(pages["one"])
    layer = schedule.layers[1]
    share = (layer["start_s"] + layer["time_s"] / 2) / schedule.period_s
    browser.hover(*place(browser, share))
    assert texts(browser, ".tip b") == [layer["name"]]
    (tip,) = texts(browser, ".tip")
    assert f"{layer['energy_j'] * 1e6:.3f} µJ" in tip
    tracks = browser.run("return document.querySelectorAll('.cursor').length")
    assert tracks >= 1 + len(schedule.domains)
    # It is inside the page, wherever the pointer is.
    for share in (0.001, 0.999):
        browser.hover(*place(browser, share))
        left, right = browser.run(
            "const box = document.querySelector('.tip').getBoundingClientRect();"
            "return [box.left, box.right]"
        )
        assert left >= 0 and right <= 1000
    browser.hover(5, 5)
    assert style_of(browser, ".tip", "display") == "none"


def test_keys_move_and_zoom(
    browser: Browser, pages: dict[str, Path], schedule: pfmlir.Schedule
) -> None:
    def value_text() -> str:
        script = "return document.activeElement.getAttribute('aria-valuetext')"
        found: str = browser.run(script)
        return found

    browser.resize(1000)
    browser.open(pages["one"])
    # Past the buttons that zoom.
    for _ in range(6):
        browser.press("Tab")
        if browser.run("return document.activeElement.className") == "tracks":
            break
    names = schedule.layers["name"].tolist()
    browser.press("ArrowRight", "ArrowRight")
    assert value_text().startswith(names[1])
    browser.press("ArrowLeft")
    assert value_text().startswith(names[0])
    browser.press("End")
    assert value_text().startswith(
        "Asleep" if schedule.tail.kind == "sleep" else "Idle"
    )
    whole = texts(browser, ".axis text")
    browser.press("Home", "+", "+")
    assert texts(browser, ".axis text") != whole
    # What is selected stays in sight.
    browser.press("+", "+", "+", "+", *["ArrowRight"] * 5)
    assert browser.run("return document.querySelectorAll('.cursor').length") > 0
    assert value_text().startswith(names[5])
    browser.press("0")
    assert texts(browser, ".axis text") == whole
    browser.press("Escape")
    assert style_of(browser, ".tip", "display") == "none"
    browser.run("document.querySelector('[aria-label=\"Zoom in\"]').click()")
    assert texts(browser, ".axis text") != whole
    browser.run("document.querySelector('[aria-label^=\"Show the whole\"]').click()")
    assert texts(browser, ".axis text") == whole
    assert browser.console() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_legible_in_the_dark_and_in_the_light(
    browser: Browser, pages: dict[str, Path], scheme: str
) -> None:
    browser.prefer(scheme)
    browser.open(pages["one"])
    paper = style_of(browser, "body", "backgroundColor")
    ink = style_of(browser, "body", "color")
    assert (contrast(paper, "rgb(0, 0, 0)") > 10) == (scheme == "light")
    assert contrast(paper, ink) > 10
    for selector in (".subtitle", ".note", ".good"):
        assert contrast(paper, style_of(browser, selector, "color")) > 4.5
    for i in range(browser.run("return document.querySelectorAll('.chip').length")):
        color, background = browser.run(
            "const chip = document.querySelectorAll('.chip')[arguments[0]];"
            "const style = getComputedStyle(chip);"
            "return [style.color, style.backgroundColor]",
            i,
        )
        assert contrast(color, background) > 3
    browser.prefer("light")


def test_printing_is_on_white_and_without_buttons(
    browser: Browser, pages: dict[str, Path]
) -> None:
    browser.prefer("dark")
    browser.open(pages["one"])
    assert style_of(browser, ".tools", "display") == "flex"
    browser.prefer("dark", media="print")
    assert style_of(browser, "body", "backgroundColor") == "rgb(255, 255, 255)"
    assert style_of(browser, ".tools", "display") == "none"
    browser.prefer("light")
    paper = browser.print()
    assert paper.startswith(b"%PDF-")
    assert 1 < len(re.findall(rb"/Type\s*/Page\b", paper)) < 10


def test_names_are_text(browser: Browser, pages: dict[str, Path]) -> None:
    browser.resize(1400)
    browser.open(pages["evil"])
    assert browser.run("return document.title").startswith("<i>net</i> on pf40")
    assert texts(browser, "h1") == ["<i>net</i> on pf40"]
    assert texts(browser, ".layers tbody td.name") == [EVIL, "plain"]
    assert browser.run("return document.querySelectorAll('img, i').length") == 0
    browser.hover(*place(browser, 0.1))
    assert EVIL in texts(browser, ".tip b")[0]
    assert browser.console() == []


def test_several_are_side_by_side(browser: Browser, pages: dict[str, Path]) -> None:
    browser.resize(1400)
    browser.open(pages["several"])
    names = texts(browser, "header tbody td.name")
    assert names == ["on pf40_keep, 900 fps", "on gap9, 100 fps", "on rk3588, 100 fps"]
    assert texts(browser, ".subtitle") == ["keyword_spotter"]
    assert len(texts(browser, ".tracks")) == 3
    # Bills beside each other, and what targets assume.
    tops = browser.run(
        "return [...document.querySelectorAll('section:nth-of-type(2) .panel')]"
        ".map(e => e.getBoundingClientRect().top)"
    )
    assert tops[0] == tops[1]
    (limits,) = texts(browser, "section:last-of-type")
    assert "What gap9 says of itself" in limits and "Good for:" in limits
    assert limits.count("Layers run one after the other") == 1


def test_what_limits_layers_is_shown_where_it_is_known(
    browser: Browser, pages: dict[str, Path]
) -> None:
    browser.resize(1400)
    heads: dict[str, Any] = {}
    for name in ("one", "bounded"):
        browser.open(pages[name])
        heads[name] = " ".join(texts(browser, "th"))
    assert "waits for" in heads["bounded"] and "most kept" in heads["bounded"]
    assert "waits for" in heads["one"] and "most kept" in heads["one"]
    assert "15.63 KiB" in texts(browser, "body")[0]
