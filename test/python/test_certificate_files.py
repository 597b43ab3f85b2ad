# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of what is no certificate, or not about the IR that it is given with."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import check_certificate
import pfmlir
import pytest
from certificate_checker.module import read_module
from certificate_checker.problem import RefusedError

from testing.certificates import (
    DELETED,
    SMALL,
    change,
    check,
    check_ir,
    encode,
    layers_of,
    refusal,
    write,
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """Return a certificate, and its problem as IR."""
    folder = tmp_path_factory.mktemp("small")
    path = folder / "module.mlir"
    certificate = write(layers_of(SMALL), folder, fps=240, ir_path=path)
    return certificate, path.read_text()


NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("problem", "layers"), ["a", "b", "c"], r"energy_j: expects a list of 3"),
        (("problem", "leakage_w"), [[0.0] * 3], r"leakage_w: expects a list of 2"),
        (("problem", "energy_j", 1, 2), DELETED, r"energy_j\[1\]: expects a list of 3"),
        (("problem", "states", 0), DELETED, r"energy_j\[0\]: expects a list of 2"),
        (("problem", "states", 0, 0), -1, r"states\[0\]\[0\]: expects a whole number"),
        (
            ("problem", "states", 0, 0),
            2,
            r"expects a whole number from 0 to 1, but got 2",
        ),
        (("problem", "states", 0, 0), 0.0, r"expects a whole number .*, but got 0.0"),
        (("problem", "states", 0, 0), True, r"expects a whole number .*, but got true"),
        (("problem", "energy_j", 0), [None] * 3, r"time_s\[0\]\[0\]: expects null, as"),
        (("problem", "energy_j", 0, 1), 1.0, r"time_s\[0\]\[1\]: expects a number, as"),
        (("problem", "leakage_w", 0, 1), 1.0, r"leakage_w\[0\]\[1\]: expects null"),
        (("problem", "energy_j", 0, 0), NAN, r"expects finite numbers, but got NaN"),
        (("problem", "energy_j", 0, 0), INFINITY, r"finite numbers, but got Infinity"),
        (("problem", "energy_j", 0, 0), 1e61, r"\[0\]\[0\]: expects a number from 0"),
        (("problem", "energy_j", 0, 0), 10**400, r"but got 10000"),
        (("problem", "energy_j", 0, 0), "1", r'expects a number .*, but got "1"'),
        (("problem", "levels_v"), [1.1, 0.9], r"levels_v: expects volts that increase"),
        (("problem", "period_s"), 0, r"period_s: expects a number from 1e-60"),
        (("problem", "max_rails"), 0, r"max_rails: expects a whole number from 1 on"),
        (("problem", "layers", 0), 3, r"layers\[0\]: expects a string, but got 3"),
        (("problem", "transition_time_s", 0, 1, 1), 1.0, r"\[0\]\[1\]\[1\]: expects 0"),
        (("problem", "sleep_states", 0), [1.0], r"\[0\]: expects a list of 3"),
        (("problem", "other"), 1, r'problem: expects .* only, but got "other"'),
        (("problem", "time_s"), DELETED, r"problem: expects time_s, but there is none"),
        (("problem",), [], r"problem: expects an object, but got a list of 0"),
        (("schedule", "states"), [0], r"schedule.states: expects a list of 2"),
        (("schedule", "states", 1), -1, r"states\[1\]: expects a whole number from 0"),
        (("schedule", "states", 1), 0, r"states\[1\]: expects a state that the layer"),
        (("schedule", "tail"), -1, r"tail: expects a whole number from 0 to 0"),
        (("schedule", "tail"), 1, r"tail: expects a whole number from 0 to 0"),
        (("multipliers", "elsewhere"), NAN, r"expects finite numbers, but got NaN"),
        (("multipliers", "elsewhere"), 1e131, r"elsewhere: expects a number from -1e"),
        (("multipliers", "rail_sets", 0, "rails"), [1, 0], r"levels that increase"),
        (("multipliers", "rail_sets", 0, "sleep"), [], r"sleep: expects a list of 1"),
        (("multipliers", "rail_sets", 0, "idle", 0), [0], r"expects a list of 2"),
        (("multipliers", "rail_sets", 0, "idle", 0), [-3, 0.0], r"expects a whole"),
        (("network",), "", r'network: expects a name or null, but got ""'),
        (("network",), "another", r"problem_sha256: expects"),
        (("target",), None, r"problem_sha256: expects"),
        (("problem_sha256",), 3, r"problem_sha256: expects a string"),
        ((), [], r"the certificate: expects an object, but got a list of 0"),
        ((), 3, r"the certificate: expects an object, but got 3"),
    ],
)
def test_what_is_wrong_is_named(
    small: tuple[dict[str, Any], str], place: Any, value: Any, message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        check(change(small[0], place, value))


def test_every_layer_has_a_state(small: tuple[dict[str, Any], str]) -> None:
    certificate = small[0]
    for table in ("energy_j", "time_s", "leakage_w"):
        certificate = change(certificate, ("problem", table, 1), [None] * 3)
    with pytest.raises(RefusedError, match=r"energy_j\[1\]: expects a state that is"):
        check(certificate)


def test_a_member_is_there_once(small: tuple[dict[str, Any], str]) -> None:
    text = encode(small[0]).replace(b'"tail":', b'"tail": null, "tail":')
    with pytest.raises(RefusedError, match='expects member "tail" once'):
        check_certificate.check(text)


def places(content: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where something is in a certificate."""
    yield before
    members: Any = ()
    if isinstance(content, dict):
        members = content.items()
    elif isinstance(content, list):
        members = enumerate(content)
    for key, value in members:
        yield from places(value, (*before, key))


def nested(depth: int) -> Any:
    """Return a list in lists."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def mutated(pick: random.Random, certificate: dict[str, Any]) -> bytes:
    """Return the bytes of a certificate in which something is another."""
    place = pick.choice(list(places(certificate)))
    here: Any = certificate
    for key in place:
        here = here[key]
    values = [
        *(None, True, False, "", "text", [], {}, [here], {"a": here}, [[]] * 3),
        *(0, -1, 1, 2, 10**5, -(10**5), 10**400, -(10**30), 2**63),
        *(0.5, -0.0, -1e-30, 1e-300, 1e59, 1e300, -1e300, NAN, INFINITY, -INFINITY),
        nested(300),
    ]
    if isinstance(here, float):
        values += [here * 2, here * (1 + 1e-6), -here, str(here)]
    if isinstance(here, list):
        values += [here[1:], here[:-1], here * 2, here[::-1], tuple(here)]
    if place:
        values += [DELETED] * 5
    data = encode(change(certificate, place, pick.choice(values)))
    kind = pick.random()
    if kind < 0.1:
        return data[: pick.randrange(len(data))]
    if kind < 0.2:
        changed = bytearray(data)
        changed[pick.randrange(len(data))] = pick.randrange(256)
        return bytes(changed)
    return data


@pytest.mark.parametrize("block", range(8))
def test_mutations_are_refused_in_one_line_or_say_the_same(
    small: tuple[dict[str, Any], str], block: int
) -> None:
    certificate = small[0]
    digest, energy = certificate["problem_sha256"], check(certificate)
    refused = 0
    for seed in range(200 * block, 200 * (block + 1)):
        data = mutated(random.Random(seed), certificate)
        try:
            proven, _, problem = check_certificate.check(data)
        except RefusedError as error:
            message = str(error)
            assert message.isprintable() and len(message) < 500, f"seed {seed}"
            refused += 1
        else:
            # Such as another multiplier, which proves nothing else.
            assert problem.digest() == digest, f"seed {seed}"
            assert proven == energy, f"seed {seed}"
            assert (problem.network, problem.target) == ("a net", "small")
    assert refused > 100


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"\x00" * 100,
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 100_000,
        b'"' + b"\\" * 99,
        b'{"format": "\\ud800"}',
    ],
)
def test_bytes_of_nothing(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_bytes(data)
    assert "the certificate: expects" in refusal(path)


# ---------------------------------------------------------------------------
# What a certificate is about
# ---------------------------------------------------------------------------


def test_the_problem_is_found_in_ir(small: tuple[dict[str, Any], str]) -> None:
    certificate, text = small
    check_ir(certificate, text)
    # However often it is printed, and whatever else is in the module.
    module = pfmlir.ir.Module.parse(text, pfmlir.ir.Context())
    check_ir(certificate, module.operation.get_asm(enable_debug_info=True))
    scheduled = pfmlir.select_states(pfmlir.import_model(text))
    check_ir(certificate, str(scheduled))
    check_ir(certificate, text.replace("  func.func", "  // power.layer\n  func.func"))
    # Minus zero is zero.
    plus, minus = (
        read_module(text.replace("_w 2.000000e-06", f"_w {zero}").encode(), "module")
        for zero in ("0.0", "-0.0")
    )
    assert plus.sleep_states[0][0] == 0 and plus.digest() == minus.digest()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "2.000000e-10",
            "3.000000e-10",
            r'domain "memory": expects transition 0 1 2e-',
        ),
        ("of @memory", "of @core", r'domain "core": expects transition'),
        ("3.000000e-06 J", "3.100000e-06 J", r"conv.* expects state 0,0 3e-06"),
        ("1.000000e-04 W", "2.000000e-04 W", r"expects state 0,0"),
        ("max_rails 2", "max_rails 1", r"expects max_rails 2, but got max_rails 1"),
        ('@"a net"', "@another", r'expects network "a net", but got network "another"'),
        ('"fc"', '"fd"', r'expects layer "fc", but got layer "fd"'),
        ("[9.000000e-01, 1.100000e+00]", "[0.9, 1.2]", r"line 11: expects costs at le"),
        ("levels_v [9.0", "levels_v [8.0", r"expects costs at levels|levels_v"),
        ("-> 4.000000e-06", "-> 4.0e-06 J, 1.0e-03", r"line \d+: expects costs of"),
        ("power.period_s", "power.period_h", r"line \d+: expects power.period_s"),
        ("power.target = ", "power.target_ = ", r"expects one function .*, but got 0"),
        ("power.target @small", "power.target @large", r"expects target 'small' in"),
        ("costs <", "costs_ <", r"line \d+: expects only .* but got 'costs_ <"),
        ("costs <", "state <", r"line \d+: expects costs of the layer; power-tab"),
        ("3.000000e-06 J", "-3.000000e-06 J", r"expects a number from 0 to 1e\+60"),
        ("3.000000e-06 J", "3_0.0e-06 J", r"expects a number from"),
        ("3.000000e-06 J", "0x7FF0000000000000 J", r"line \d+: expects"),
        ("3.000000e-06 J", "1.1.1 J", r"line \d+: expects a number"),
        ("power.domain @core", "power.clock @core", r"line 3: expects only 'frequen"),
        (
            "sleep_state @retention",
            "sleep_state margin",
            r"line 7: expects a symbol in",
        ),
        ('power.layer "fc"', "power.layer(fc)", r"expects a layer on a line of its"),
        ("    return\n  }\n}", "    return", r"line \d+: expects the function to end"),
        ("levels_v [", "levels_v [,", r"line 2: expects a number"),
        ("max_rails 2", "max_rails " + "9" * 5000, r"line 2: expects a whole number"),
        ("[[0.000000e+00,", "[[1.0, 0.0,", r"expects a matrix of 2 by 2 numbers"),
        (
            "time_s 1.500000e-08\n",
            "time_s 1.500000e-08 {a = 1}\n",
            r"expects only 'of' in",
        ),
        ("\\C3\\A9", "\\C3", r"line \d+: expects UTF-8, but got byte 0xc3"),
    ],
)
def test_another_problem_in_ir_is_refused(
    small: tuple[dict[str, Any], str], old: str, new: str, message: str
) -> None:
    certificate, text = small
    assert old in text
    with pytest.raises(RefusedError, match=message) as caught:
        check_ir(certificate, text.replace(old, new, 1))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x00" * 99, b"module {\n}\n"])
def test_ir_of_nothing(small: tuple[dict[str, Any], str], data: bytes) -> None:
    with pytest.raises(RefusedError, match=r"module\.mlir: expects"):
        check_ir(small[0], data)


def test_default_costs_of_sleep_are_those_of_transitions(tmp_path: Path) -> None:
    """At one level there are no transitions, and yet they have costs."""
    text = SMALL.replace(
        """
    entry_energy_j 1.0e-09 entry_time_s 1.0e-06
    exit_energy_j 2.0e-09 exit_time_s 5.0e-06""",
        "",
    ).replace("[[0.0, 2.0e-10], [1.0e-10, 0.0]]", "3.0e-10")
    path = tmp_path / "module.mlir"
    certificate = write(layers_of(text), tmp_path, fps=240, ir_path=path)
    assert certificate["problem"]["sleep_states"][0][1] == 2e-10 + 6e-10
    check_ir(certificate, path.read_text())
    # Where they differ, there are none; the compiler refuses that, too.
    matrix = path.read_text().replace("3.000000e-10", "[[0.0, 1.0], [1.0, 0.0]]")
    with pytest.raises(RefusedError, match="expects entry and exit costs"):
        check_ir(certificate, matrix)
