# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of certificates with the IR of targets that say more than domains.

For each kind of declaration, a certificate is proven for its IR, and refused for IR
that declares something else.
"""

import dataclasses
import functools
import random
import re
import tempfile
from pathlib import Path
from typing import Any

import check_certificate
import pfmlir
import pytest
from certificate_checker.module import read_module
from certificate_checker.problem import RefusedError

from testing.certificates import check_ir, encode, write
from testing.chips import PHYSICS, SHORT_LAYERS, SLEEP, Chip
from testing.random_chips import random_chip

# What cost tables can't speak of, and power-tabulate-costs refuses.
NOT_IN_TABLES = ("modes", "wake banks")
CORNERS = """power.corner @slow speed 0.8 leakage 0.5 weight 0.25
  power.corner @typical speed 1.0 leakage 1.0 weight 0.75
"""
CHIPS = {name: chip for name, chip in PHYSICS.items() if name not in NOT_IN_TABLES} | {
    "maximum power": Chip(header="maximum_power_w 7.0e-03"),
    "efficiencies": Chip(
        sram="on @ldo",
        body="""  power.supply @ldo regulated slew_v_per_s 2.0e+04 settle_time_s 0.0
    output_f 1.0e-06 converter #power.efficiency_table<
      voltage_v = [0.75, 1.0], efficiency = [0.7, 0.9]>
""",
    ),
    "one regulator": Chip(
        core="on @buck",
        sram="on @buck",
        body="""  power.supply @buck regulated slew_v_per_s 1.0e+04
    settle_time_s 5.0e-06
  power.idle_state @parked voltages_v [0.8, 0.8] power_w 1.0e-05
""",
    )
    | SLEEP,
    "selected": Chip(
        core="on @rails",
        body="""  power.supply @rails selected converter
    #power.converter<fixed_loss_w = 1.0e-05, proportional_loss = 0.1,
                     resistance_ohm = 0.0>
""",
    ),
    "corners and power": Chip(header="maximum_power_w 7.0e-03", body=CORNERS),
    "idle and regulated": PHYSICS["regulated"]
    | PHYSICS["idle states"]
    | PHYSICS["awake"]
    | PHYSICS["overlapping ramps"],
}

# Layers that bring tables of their own, on a target that tables say nothing of.
TABLES = """
power.target @small levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.domain @memory nominal_v 1.1
  power.transition energy_j 1.0e-10 time_s 1.5e-08
  power.sleep_state @off power_w 1.0e-06
  <BODY>
}
func.func @net() attributes {<ATTRIBUTES>power.period_s = 5.0e-03 : f64,
                             power.target = @small} {
  power.layer "conv" costs <[0.9, 0.9] -> 3.0e-06 J, 1.9e-03 s, 1.0e-04 W,
                            [1.1, 0.9] -> 4.0e-06 J, 1.5e-03 s, 1.2e-04 W>
  power.layer "fc" implementations {
    small_tiles = #power.cost_table<[0.9, 1.1] -> 3.0e-06 J, 2.0e-03 s, 1.0e-04 W>,
    "large tiles" = #power.cost_table<[0.9, 1.1] -> 3.5e-06 J, 1.0e-03 s, 1.0e-04 W,
                                      [1.1, 0.9] -> 4.0e-06 J, 1.5e-03 s, 1.2e-04 W>}
    <LAYER>
  return
}
"""
OF_TABLES = {
    "ways": {},
    "modes": {
        "body": "power.mode @low of @core energy_j 2.0e-09 time_s 1.0e-06\n"
        "  power.mode @high of @core energy_j 1.0e-09 time_s 3.0e-06"
    },
    "corners": {"body": CORNERS},
    "one corner": {"body": CORNERS, "attributes": "power.corner = @slow, "},
    "probabilities": {"layer": "probability 0.25"},
    "exclusions": {"body": "power.exclude [@core, @memory] at [[1.1], [1.1]]"},
    "waking without gating": {
        "body": "power.memory @sram in @memory bank_bytes 64 bank_leakage_w 1.0e-06 "
        "banks 2 volatile wake_energy_j 1.0e-09 wake_time_s 1.0e-06"
    },
}


def of_tables(body: str = "", attributes: str = "", layer: str = "") -> str:
    """Return a module of tables, with something more in it."""
    return (
        TABLES.replace("<BODY>", body)
        .replace("<ATTRIBUTES>", attributes)
        .replace("<LAYER>", layer)
    )


@functools.cache
def certified(name: str) -> tuple[dict[str, Any], str]:
    """Return a certificate, and its problem as IR."""
    with tempfile.TemporaryDirectory() as folder:
        if name in OF_TABLES:
            module = pfmlir.import_model(of_tables(**OF_TABLES[name]))
            return write(module, Path(folder), period_s=0.005), str(module)
        path = Path(folder) / "module.mlir"
        module = pfmlir.import_model(CHIPS[name].text() + SHORT_LAYERS)
        certificate = write(module, Path(folder), period_s=0.005, ir_path=path)
        return certificate, path.read_text()


@pytest.mark.parametrize("name", [*CHIPS, *OF_TABLES])
def test_certificates_are_proven_for_their_ir(name: str) -> None:
    certificate, text = certified(name)
    data = (text.encode(), "module.mlir")
    energy, _, problem = check_certificate.check(encode(certificate), ir=data)
    assert energy == pytest.approx(certificate["schedule"]["energy_j"], rel=1e-12)
    assert read_module(*data).digest() == problem.digest()


# For each kind of declaration: where, a pattern of the IR, what is in its place, and
# what is refused of that.
CHANGED = [
    ("awake", r"awake_power_w 2\.0", "awake_power_w 2.1", r"transition_power_w 0.002,"),
    ("awake", r"entry_time_s 1\.0", "entry_time_s 1.1", r"expects sleep_state 1e-05 "),
    ("awake", r"exit_energy_j 3\.0", "exit_energy_j 3.1", r"expects sleep_state 1e-05"),
    ("rail power", r"rail_power_w 8", "rail_power_w 9", r"rail_power_w 0.0008, but go"),
    ("rail power", r"rail_power_w \S+", "", r"expects rail_power_w 0.0008, but got do"),
    ("dispatch", r"time_s 5\.0", "time_s 5.000001", r'layer "point": expects state 0,'),
    ("dispatch", r"dispatch_time_s \S+", "", r'layer "point": expects state 0,0'),
    ("margin", r"margin 7\.0", "margin 7.1", r"expects margin 0.07, but got margin 0"),
    ("overlapping ramps", "overlapping_ramps", "", r"overlapping_ramps, but got domai"),
    ("plain", "max_rails 2", "max_rails 2 overlapping_ramps", r"but got overlapping_r"),
    ("maximum power", "power_w 7", "power_w 6", r"layer .*: expects state"),
    ("maximum power", r"maximum_power_w 7", "maximum_power_w 0", r"within maximum_pow"),
    ("limits", r"minimum_v 8", "minimum_v 9", r'layer "point": expects state 0,1 '),
    ("plain", r"nominal_v 1.1\S*", r"\g<0> maximum_v 1.0", r"state 3,0 .*, but got la"),
    ("plain", r"nominal_v 1.1\S*", r"\g<0> minimum_v 0.8", r"expects state 0,0 .*1,0"),
    ("plain", r"voltage_v = \[\S+ \S+", "voltage_v = [0.8,", r"expects state 0,0 "),
    ("plain", r"(?m)^ *power.domain @sram", r"    power.exclude [@core, @sram] at "
     r"[[0.7, 0.8], [0.8]]\n\g<0>", r"expects state 0,1 "),
    ("regulated", r"slew_v_per_s 1\.0", "slew_v_per_s 1.01", r'axis "buck".* transit'),
    ("regulated", r"settle_time_s 5\.0", "settle_time_s 4.0", r'axis "buck".* transi'),
    ("regulated", r"output_f 9\.99999", "output_f 9.9", r'axis "buck" 4: exp'),
    ("regulated", r"output_f \S+ ", "", r'axis "buck" 4: exp'),
    ("regulated", r"loss_w = 1\.0", "loss_w = 1.1", r'axis "buck" 4: exp'),
    ("regulated", r"nal_loss = 8", "nal_loss = 7", r'axis "buck" 4: exp'),
    ("regulated", r"_ohm = 5\.0", "_ohm = 5.1", r'axis "buck" 4: exp'),
    ("regulated", " on @buck", "", r'expects domain "sram", but got domain "core"'),
    ("regulated", "@sram nom", "@sram on @buck nom", r'domain "sram", but got axis "b'),
    ("regulated", "@buck", "@ldo", r'expects axis "buck" 4, but got axis "ldo" 4'),
    ("efficiencies", r"efficiency = \[\S+", "efficiency = [0.69,", r'axis "ldo" 4: e'),
    ("efficiencies", r"efficiency_table<voltage_v = \[7\.5", "efficiency_table<voltage"
     "_v = [7.4", r'axis "ldo" 4: exp'),
    ("selected", " selected ", " regulated slew_v_per_s 1.0 settle_time_s 0.0 ",
     r'expects domain "core", but got domain "sram"'),
    ("one regulator", r"settle_time_s 5", "settle_time_s 6", r'axis "buck" 4: exp'),
    ("one regulator", r"power_w 1\.0(\S+)\n", r"power_w 1.1\1\n", r'"fc": expects st'),
    ("engines", r"handover_energy_j 5", "handover_energy_j 6", r'axis "engine" 2: exp'),
    ("engines", r"handover_time_s 1", "handover_time_s 2", r'axis "engine" 2: exp'),
    ("engines", "engine @cpu", "engine @dsp", r'layer "point": expects state \d,\d,'),
    ("engines", r" *power.engine .*\n", "", r'axis "engine" 2, but got sleep|layer'),
    ("idle states", r"\[0\.69\S+ 8\S+ power", "[0.8, 0.8] power", r"expects rail 1 0,"),
    ("idle states", r"power_w 3\.0", "power_w 3.1", r'layer "fc": expects state 0,0,1'),
    ("idle states", r" *power.idle_state @ready.*\n", "", r'"idle state" 3, but got'),
    ("idle and regulated", r"awake_power_w 2", "awake_power_w 3", r"transition_power_"),
    ("idle and regulated", r"settle_time_s 5", "settle_time_s 6", r'axis "buck" 4: e'),
    ("plain", r"transition energy_j \S+", "transition energy_j 1.1", r'domain "core":'),
    ("modes", r"of @core energy_j 2", "of @core energy_j 3", r'axis "core mode" 3: e'),
    ("modes", r"time_s 9\.99999", "time_s 9.9", r'axis "core mode" 3: exp'),
    ("modes", "@high of @core", "@high of @memory", r'axis "core mode" 3, but got axi'),
    ("corners", "speed 8", "speed 7", r'layer "conv": expects state 0,0 '),
    ("corners", "leakage 5", "leakage 6", r'layer "conv": expects state 0,0 '),
    ("corners", "weight 2.5", "weight 3.5", r'layer "conv": expects state 0,0 '),
    ("corners and power", "speed 8", "speed 7", r'layer "point": expects state 0,0 '),
    ("corners and power", "power_w 7", "power_w 8", r"layer .*: expects .*, but got s"),
    ("one corner", "corner = @slow", "corner = @typical", r'layer "conv": expects sta'),
    ("one corner", "corner = @slow", "corner = @fast", r"expects corner 'fast' in th"),
    ("one corner", "power.corner = @slow, ", "", r'layer "conv": expects state 0,0 '),
    ("probabilities", "probability 2.5", "probability 3.5", r"expects probabilities 1"),
    ("exclusions", r"\[1.1\S+\]\]", "[0.9]]", r'layer "conv": expects state 1,0'),
    ("ways", ", small_tiles = [^}]*", "", r'layer "fc": expects state 0,1 3e-06'),
    ("ways", '"large tiles"', "large tiles", r"line \d+: expects costs of the layer"),
    ("ways", "power.sleep_state @off", "power.sleep_state @core", r"'core' once"),
    ("ways", r"\[9.0\S+ 9.0\S+\]", "[0.9]", r"expects a voltage for each domain, but"),
    ("ways", r" costs <(.*?W), ", r" costs <\1, \1, ", r"expects state .* once"),
    ("ways", r" *power\.(domain|transition) .*\n", "", r"a domain in the target"),
    ("limits", "(?m)^    power.domain @core", "    power.idle_state @i voltages_v "
     "[0.7, 0.7] power_w 0.0\n\\g<0>", r"expects levels that the domains can be at"),
    ("regulated", "(?m)^    power.domain @core", "    power.sleep_state @s power_w 0.0"
     "\n\\g<0>", r"expects entry and exit costs .* whose domain 'core' does not say"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message"), CHANGED)
def test_another_declaration_is_refused(
    name: str, old: str, new: str, message: str
) -> None:
    certificate, text = certified(name)
    changed = re.sub(old, new, text)
    assert changed != text
    with pytest.raises(RefusedError, match=message) as caught:
        check_ir(certificate, changed)
    assert str(caught.value).isprintable()


# Of what a target can be given besides: a line of its body, and what is refused.
ADDED = [
    ("power.supply @s selected maximum_power_w 1.0", r"no maximum_power_w of a supply"),
    ("power.supply @s selected maximum_current_a 1.0", r"no maximum_current_a of a su"),
    ("power.supply @s converter #other.converter<x>", r"#power.converter or #power.ef"),
    ("power.supply @s", r"line 3: expects either selected or regulated in power.suppl"),
    ("power.supply @s regulated", r"expects slew_v_per_s and settle_time_s where it"),
    ("power.supply @s regulated slew_v_per_s 0.0 settle_time_s 0.0", r"number from 1"),
    ("power.supply @s selected selected", r"expects only 'regulated', .*'selected'"),
    ("power.domain @d on @s nominal_v 1.0", r"line 2: expects supply 's' in it"),
    ("power.domain @d nominal_v 1.0 law #other.law<x>", r"#power.frequency_table or #"),
    ("power.domain @d", r"line 3: expects nominal_v in power.domain, but got ''"),
    ("power.mode @m of @d energy_j 0.0 time_s 0.0", r"expects domain 'd' in it"),
    ("power.mode @m of @core energy_j 0.0", r"expects time_s in power.mode"),
    ("power.exclude [@core, @d] at [[0.7], [0.7]]", r"expects domain 'd' in it"),
    ("power.exclude [@core, @sram] at [[0.7]]", r"expects voltages for each domain"),
    ("power.transition of @d energy_j 0.0 time_s 0.0", r"expects domain 'd' in it"),
    ("power.transition energy_j 0.0 time_s 0.0", r"expects one transition of its doma"),
    ("power.idle_state @i voltages_v [0.7] power_w 0.0", r"a level of the target for"),
    ("power.idle_state @i voltages_v [0.7, 0.75] power_w 0.0", r"a level of the targe"),
    ("power.sleep_state @i power_w 0.0 entry_time_s 0.0", r"expects all of entry and"),
    ("power.memory @m in @d bank_bytes 1 bank_leakage_w 0.0", r"expects domain 'd' in"),
    ("power.memory @m in @sram bank_bytes 1 bank_leakage_w 0.0 wake_energy_j 1.0 "
     "wake_time_s 0.0", r"line 2: expects no memory that costs something to wake and"),
    ("power.mode @m of @core energy_j 1.0 time_s 0.0", r'layer "point", but got axis'),
    ("power.corner @c speed 0.5 leakage 1.0 weight 1.0", r'"point": expects stat'),
    ("power.corner @c speed 0.0 leakage 1.0 weight 1.0", r"a number from 1e-60"),
    ("power.register_map {\n    power.fuse @f\n    }", r"line 4: expects a field of"),
    ("power.fuse @f", r"line 3: expects a domain, memory, .* but got 'power.fuse @f'"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), ADDED)
def test_one_more_declaration_is_refused(line: str, message: str) -> None:
    certificate, text = certified("plain")
    changed = re.sub(r"(power\.target @.*\n)", rf"\1    {line}\n", text)
    assert changed != text
    with pytest.raises(RefusedError, match=message) as caught:
        check_ir(certificate, changed)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("dividers", r"reference_hz 5", "reference_hz 6"),
        ("dividers", " clock @pll", ""),
        ("plain", r"mac_energy_j = 2", "mac_energy_j = 3"),
        ("plain", r"bank_leakage_w 4", "bank_leakage_w 5"),
        ("plain", "(?m)^    power.domain @core", "    power.clock @c\n\\g<0>"),
        ("modes", r"of @core energy", "of @core frequency_factor 1.3 energy"),
    ],
)
def test_what_tables_tell_need_not_be_computed(name: str, old: str, new: str) -> None:
    """The compiler asks no cost model of a layer that brings a table."""
    certificate, text = certified(name)
    changed = re.sub(old, new, text)
    assert changed != text
    check_ir(certificate, changed)


HIDDEN = 'power.layer "x" costs <[9.0e-01, 9.0e-01] -> 1.0 J, 1.0 s, 1.0 W>'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "    return",
            f"    {HIDDEN}\n    return",
            r'expects no more, but got layer "x"',
        ),
        (" W>\n", f" W> {HIDDEN}\n", r"expects a layer on a line of its own"),
        (" W>\n", f" W> : index {HIDDEN}\n", r"expects a layer on a line of its own"),
        ("    return", f"  return {HIDDEN}", r"expects a layer on a line of its own"),
        (" W>\n", f" W> {{\n  }}\n  {HIDDEN}\n", r'layer "fc", but got layer "x"'),
        (" W>\n", f" W> {{\n  }} {HIDDEN}\n", r"expects a layer on a line of its own"),
        (
            "    return",
            '    "power.layer"() <{}> : () -> ()',
            r"operations as they are",
        ),
        (
            "    return",
            '    "power\\\\2Elayer" () : () -> ()',
            r"operations as they are",
        ),
        ("    return", '    "power.layer"\n() : () -> ()', r"operations as they are"),
        ("  func", "  // }\n  func", None),
        ("  func", "  power.target @other weight_w 1.0 {\n  }\n  func", None),
        ("    return", '    "other.power"() {a = "}"} : () -> ()\n    return', None),
        (r"\{power.period", '{a = "power.target = @b {", power.period', None),
        ("  func", '  "f.f"() {power.target = @a} : () -> ()\n  func', r"but got 2"),
        (r"\) attributes ", ")\n attributes ", r"a function that begins on one line"),
    ],
)
def test_layers_can_not_hide(old: str, new: str, message: str | None) -> None:
    """What the compiler would read, however it is written."""
    certificate, text = certified("ways")
    changed = re.sub(old, new, text, count=1)
    assert changed != text
    if message is None:
        check_ir(certificate, changed)
        return
    with pytest.raises(RefusedError, match=message):
        check_ir(certificate, changed)


def test_layers_without_tables_are_refused_with_the_reason() -> None:
    certificate, _ = certified("plain")
    for name, message in (
        ("plain", r"power-tabulate-costs writes them$"),
        ("modes", r"power-tabulate-costs writes them, but not of .* has modes$"),
        ("wake banks", r"expects no memory that costs something to wake and is gated"),
    ):
        module = pfmlir.import_model(PHYSICS[name].text() + SHORT_LAYERS)
        text = str(pfmlir.assign_target(module))
        text = text.replace("{power.t", "{power.period_s = 5.0e-03 : f64, power.t")
        with pytest.raises(RefusedError, match=message):
            check_ir(certificate, text)


def test_no_ir_is_written_of_what_tables_can_not_speak_of(tmp_path: Path) -> None:
    module = pfmlir.import_model(PHYSICS["modes"].text() + SHORT_LAYERS)
    with pytest.raises(pfmlir.CompilationError, match="but has modes"):
        write(module, tmp_path, period_s=0.005, ir_path=tmp_path / "module.mlir")
    # Converters take their losses of what corners make of the layers.
    chip = Chip(body=CORNERS) | PHYSICS["regulated"]
    module = pfmlir.import_model(chip.text() + SHORT_LAYERS)
    with pytest.raises(pfmlir.CompilationError, match="but has corners"):
        write(module, tmp_path, period_s=0.005, ir_path=tmp_path / "module.mlir")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", sorted(pfmlir.builtin_targets()))
def test_chips_that_come_with_pfmlir(name: str, tmp_path: Path) -> None:
    path = tmp_path / "module.mlir"
    keywords: dict[str, Any] = {"target": name, "fps": 2, "ir_path": path}
    if name == "marsellus":
        with pytest.raises(pfmlir.CompilationError, match="but has modes"):
            write("keyword_spotter", tmp_path, **keywords)
        return
    certificate = write("keyword_spotter", tmp_path, **keywords)
    check_ir(certificate, path.read_bytes())


@pytest.mark.parametrize("block", range(4))
def test_random_targets_are_read_to_the_last_bit(block: int, tmp_path: Path) -> None:
    """As the compiler makes a problem of them."""
    compared = 0
    for seed in range(50 * block, 50 * (block + 1)):
        chip = random_chip(seed)
        # All that tables can speak of.
        chip = dataclasses.replace(
            chip,
            modes=[],
            memories=[dataclasses.replace(m, wake=None) for m in chip.memories],
            supplies=[
                dataclasses.replace(s, maximum_power_w=None, maximum_current_a=None)
                for s in chip.supplies
            ],
        )
        path = tmp_path / "module.mlir"
        try:
            module = pfmlir.import_model(chip.text())
            certificate = write(module, tmp_path, period_s=1.0, ir_path=path)
        except pfmlir.PfmlirError:
            continue
        problem = read_module(path.read_bytes(), "module.mlir")
        assert problem.digest() == certificate["problem_sha256"], f"seed {seed}"
        compared += 1
    assert compared > 30


WORD = re.compile(r"[A-Za-z_.]+|-?[0-9][0-9.eE+-]*|(?s:.)")
NUMBERS = ("1e300", "-1.0", "0.0", "1e-300", "9" * 400, "1e60")


@pytest.mark.parametrize("name", ["idle and regulated", "engines", "modes", "corners"])
def test_mutations_are_refused_in_one_line_or_are_a_problem(name: str) -> None:
    _, text = certified(name)
    words = WORD.findall(text[:6000])
    refused = 0
    for seed in range(300):
        pick = random.Random(seed)
        mutated = list(words)
        place = pick.randrange(len(mutated))
        mutated[place] = pick.choice(["", pick.choice(words), *NUMBERS, *'"[]<>{}@\n'])
        data = ("".join(mutated) + text[6000:]).encode()
        try:
            read_module(data, "module.mlir")
        except RefusedError as error:
            message = str(error)
            assert message.isprintable() and len(message) < 500, f"seed {seed}"
            refused += 1
    assert refused > 100
