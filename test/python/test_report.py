# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Test what is on a report, and the verb that writes one."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pfmlir
import pytest
from pfmlir import ir
from pfmlir.answers.loads import peak_loads
from pfmlir.command import main
from pfmlir.dialects import power
from pfmlir.report import render_report
from pfmlir.report.content import report_content
from pfmlir.report.hardware import Hardware, read_remarks
from pfmlir.report.page import embed_json, name_schedules
from test_command import NET


@pytest.fixture(scope="module")
def schedule() -> pfmlir.Schedule:
    return pfmlir.schedule("keyword_spotter", target="pf40_keep", fps=1000)


def content_of(page: str) -> Any:
    """Return what a page has embedded."""
    start = page.index('id="data">') + len('id="data">')
    return json.loads(page[start : page.index("</script>", start)])


# ---------------------------------------------------------------------------
# What is on it
# ---------------------------------------------------------------------------


def test_a_page_has_the_schedules_numbers(schedule: pfmlir.Schedule) -> None:
    (found,) = content_of(schedule.report())["schedules"]
    assert found["energy_j"] == schedule.energy_j
    assert found["rails_v"] == schedule.rails_v.tolist()
    assert found["layers"]["energy_j"] == schedule.layers["energy_j"].tolist()
    parts_j = math.fsum(part["energy_j"] for part in found["parts"])
    assert math.isclose(parts_j, schedule.energy_j, rel_tol=1e-12)
    areas = numpy.diff(found["edges_s"]) * found["powers_w"]
    assert math.isclose(areas.sum(), schedule.energy_j, rel_tol=1e-12)
    savings = {entry["name"]: entry["saving"] for entry in found["savings"]}
    assert schedule.savings.items() <= savings.items()


def test_the_same_schedule_is_the_same_page(
    schedule: pfmlir.Schedule, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    page = schedule.report(path)
    assert path.read_text(encoding="utf-8") == page == schedule.report()
    schedule.save(tmp_path / "schedule.json")
    loaded = pfmlir.Schedule.load(tmp_path / "schedule.json")
    assert loaded.report() == page


def test_the_largest_network_is_on_a_small_page() -> None:
    largest = pfmlir.schedule("mobilevit_xxs", target="pf40_keep")
    assert len(largest.report().encode()) < 200_000


def test_a_page_names_nothing_outside(schedule: pfmlir.Schedule) -> None:
    page = schedule.report()
    # But for the name of SVG, which nobody loads.
    assert page.count("http") == page.count("http-equiv") + 1
    assert "http://www.w3.org/2000/svg" in page
    for word in ("src=", "@import", "fetch(", "url("):
        assert word not in page


def test_pages_need_no_matplotlib(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None; import pfmlir\n"
        f"pfmlir.schedule({NET!r}, fps=60).report({str(tmp_path / 'page.html')!r})"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert (tmp_path / "page.html").stat().st_size > 10_000


def test_embedded_text_ends_nothing() -> None:
    value = {"</script><!--": ["&amp;", "\u2028", "µ"]}
    text = embed_json(value)
    assert not set("<>&") & set(text) and text.isascii()
    assert json.loads(text) == value


def test_schedules_are_told_apart_by_what_differs() -> None:
    def names(*options: dict[str, Any]) -> list[str]:
        return name_schedules([pfmlir.schedule(NET, **each) for each in options])

    slow, fast = {"fps": 50, "target": "pf40"}, {"fps": 60, "target": "pf40"}
    keep = slow | {"target": "pf40_keep"}
    assert names(slow) == ["net, on pf40"]
    assert names(slow, fast) == ["50 fps", "60 fps"]
    assert names(slow, keep) == ["on pf40", "on pf40_keep"]
    assert names(slow, slow | {"search": "greedy"}) == ["exact", "greedy"]
    assert names(slow, slow) == ["net, on pf40 (1)", "net, on pf40 (2)"]


def test_reports_need_schedules_and_a_name_for_each(schedule: pfmlir.Schedule) -> None:
    with pytest.raises(ValueError, match="schedules: expected at least one"):
        render_report([])
    with pytest.raises(ValueError, match="names: expected 1, one a schedule, but got"):
        render_report([schedule], ["a", "b"])


# ---------------------------------------------------------------------------
# The accelerator
# ---------------------------------------------------------------------------


def test_operating_points_are_on_the_laws_curve(schedule: pfmlir.Schedule) -> None:
    content = report_content([schedule], ["it"])["schedules"][0]
    sys_points = content["points"][0]
    assert sys_points["domain"] == "sys"
    # 500 MHz at 1.1 V, and by the published gate delay elsewhere.
    domain = Hardware(schedule).domains[0]
    assert domain.frequency_hz(1.1) == 5e8
    delay = [4922 - 11041 * v + 8656 * v**2 - 2306 * v**3 for v in (1.1, 0.9)]
    assert math.isclose(domain.frequency_hz(0.9), 5e8 * delay[0] / delay[1])
    assert math.isnan(domain.frequency_hz(1.4))
    voltages = [point["voltage_v"] for point in sys_points["points"]]
    assert voltages == sorted({*schedule.voltages_v[:, 0].tolist()})
    times = math.fsum(point["time_s"] for point in sys_points["points"])
    assert math.isclose(times, schedule.layers["time_s"].sum())
    assert sys_points["curve"][0][0] == 0.9 and sys_points["curve"][-1][0] == 1.3


def test_what_is_no_law_has_no_frequency() -> None:
    with ir.Context():
        nothing = ir.UnitAttr.get()
        assert math.isnan(power.frequency_hz(nothing, 1.0, 1.1, 5e8))


def test_banks_are_those_that_the_ir_powers(schedule: pfmlir.Schedule) -> None:
    memories = {each.name: each for each in Hardware(schedule).memories()}
    assert list(memories) == ["ifmap", "ofmap", "rram"]
    assert memories["rram"].bank_bytes == 8192
    # 1.5 on for a convolution and 1 for a product; the classifier is one.
    assert memories["rram"].powered == (1.5,) * 9 + (1.0,)
    ungated = pfmlir.schedule(NET, target="pf40", fps=60, gating="none")
    (first, *_) = Hardware(ungated).memories()
    assert first.powered == (None, None)


def test_peaks_are_of_the_layer_that_draws_most(schedule: pfmlir.Schedule) -> None:
    loads = {load.name: load for load in peak_loads(schedule, {})}
    assert list(loads) == [f"{rail:.2f} V" for rail in schedule.rails_v]
    layers = schedule.layers
    by_domain = (
        layers["dynamic_energy_by_domain_j"] + layers["leakage_energy_by_domain_j"]
    ) / layers["time_s"][:, None]
    for rail in schedule.rails_v.tolist():
        drawn = numpy.where(layers["voltage_v"] == rail, by_domain, 0).sum(axis=1)
        load = loads[f"{rail:.2f} V"]
        assert math.isclose(load.peak_power_w, drawn.max())
        assert math.isclose(load.peak_current_a, drawn.max() / rail)
        assert load.power_layer == str(layers["name"][drawn.argmax()])


def test_domains_on_a_regulated_supply_draw_of_it_together() -> None:
    found = pfmlir.schedule("keyword_spotter", target="gap9", fps=100)
    hardware = Hardware(found)
    assert hardware.supplies == {"cluster": "core", "soc": "core"}
    (load,) = peak_loads(found, hardware.supplies)
    assert load.name == "core"
    energies = found.layers["energy_j"] / found.layers["time_s"]
    assert math.isclose(load.peak_power_w, energies.max(), rel_tol=1e-9)


def test_what_a_cost_model_does_not_split_has_no_peak() -> None:
    table = """
    power.target @tiny levels_v [0.9, 1.1] max_rails 2 {
      power.domain @a nominal_v 1.1
      power.domain @b nominal_v 1.1
    }
    func.func @net() {
      power.layer "bare" costs <[0.9, 0.9] -> 3.0e-06 J, 2.0e-03 s, 1.0e-04 W>
      return
    }
    """
    found = pfmlir.schedule(table, fps=10)
    (load,) = peak_loads(found, {})
    assert math.isnan(load.peak_power_w) and load.power_layer == ""
    (content,) = content_of(found.report())["schedules"]
    assert content["loads"][0]["peak_power_w"] is None
    assert content["points"] == [] and content["remarks"] == []


def test_limits_of_supplies_and_changes_are_said() -> None:
    gap9 = pfmlir.builtin_targets()["gap9"]
    limited = gap9.replace(
        "output_f 4.7e-06", "output_f 4.7e-06 maximum_current_a 1.0e-01"
    )
    found = Hardware(pfmlir.schedule("keyword_spotter", target=limited, fps=50))
    assert found.limits("core") == {"maximum_current_a": 0.1}
    assert found.is_changed()
    same = pfmlir.schedule("keyword_spotter", target="gap9", fps=50)
    assert not Hardware(same).is_changed()
    kinds = [(each.kind, bool(each.code)) for each in Hardware(same).remarks()]
    assert kinds[:3] == [("known", False), ("assumed", False), ("good for", False)]
    assert all(kind == ("assumed", True) for kind in kinds[3:]) and len(kinds) > 8


def test_remarks_are_read_of_comments() -> None:
    text = (
        "// A chip.\n//\n// Known: this,\n// and that.\n// Good for: all.\n//\n"
        "power.target @t {\n"
        "  // [1] 3 V. assumed: 2 V,\n  // as ordinary.\n  // [2] more.\n"
        "  power.domain @d nominal_v 2.0\n  // nothing\n}\n"
    )
    found = [(each.kind, each.text, each.code) for each in read_remarks(text)]
    assert found == [
        ("known", "this, and that.", ""),
        ("good for", "all.", ""),
        ("assumed", "2 V, as ordinary.", "power.domain @d nominal_v 2.0"),
    ]


# ---------------------------------------------------------------------------
# The verb
# ---------------------------------------------------------------------------


def test_the_verb_takes_networks_at_rates_on_targets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "net@work.mlir"
    path.write_text(NET)
    output = tmp_path / "report.html"
    arguments = [str(path), f"{path}@50", "--fps", "60", "--max-rails", "2"]
    targets = ["--target", "pf40", "--target", "pf40_keep"]
    assert main(["report", *arguments, *targets, "-o", str(output)]) == 0
    assert capsys.readouterr().out == ""
    found = content_of(output.read_text(encoding="utf-8"))["schedules"]
    assert [(each["target"], round(each["fps"])) for each in found] == [
        ("pf40", 60),
        ("pf40_keep", 60),
        ("pf40", 50),
        ("pf40_keep", 50),
    ]
    assert all(len(each["rails_v"]) <= 2 for each in found)


def test_the_verb_takes_what_is_scheduled(
    schedule: pfmlir.Schedule, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, scheduled = tmp_path / "schedule.json", tmp_path / "scheduled.mlir"
    schedule.save(saved)
    scheduled.write_text(schedule.ir)
    for path in (saved, scheduled):
        assert main(["report", str(path)]) == 0
        assert capsys.readouterr().out == schedule.report()
        assert main(["report", str(path), "--target", "pf40"]) == 1
        said = capsys.readouterr().err
        assert said == f"error: --target: expected none, as '{path}' is a schedule\n"
    assert main(["report", str(saved), "--fps", "3"]) == 1
    assert "--fps: expected none" in capsys.readouterr().err


def test_the_verb_refuses_other_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "front.json"
    pfmlir.pareto_front(NET, fps=(10, 20), max_points=2).save(path)
    assert main(["report", str(path)]) == 1
    assert "expected a schedule, but got a ParetoFront" in capsys.readouterr().err
    assert main(["report", "keyword_spotter@1e7", "-o", str(tmp_path / "no.html")]) == 3
    assert not (tmp_path / "no.html").exists()
