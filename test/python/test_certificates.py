# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of certificates, and of the program that checks them."""

import copy
import dataclasses
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import check_certificate
import numpy
import pfmlir
import pytest
from certificate_checker import proof, reading
from certificate_checker.problem import RefusedError

from testing.random_networks import random_network
from testing.reference.shapes import network_shapes

ROOT = Path(__file__).parents[2]


def write(
    network: pfmlir.CostTables | pfmlir.ir.Module, folder: Path, **keywords: Any
) -> dict[str, Any]:
    """Return the certificate of a problem."""
    path = folder / "certificate.json"
    pfmlir.certify(network, path, **keywords)
    return json.loads(path.read_text())


def encode(certificate: Any) -> bytes:
    """Return the file of a certificate."""
    return json.dumps(certificate).encode()


def sign(certificate: dict[str, Any]) -> dict[str, Any]:
    """Return a certificate with the digest of the problem that it now has."""
    problem = reading.read(encode(certificate)).problem
    return certificate | {"problem_sha256": problem.digest()}


def check(certificate: dict[str, Any]) -> float:
    """Return the energy that a certificate proves."""
    return check_certificate.check(encode(certificate))[0]


def layers_of(text: str) -> pfmlir.ir.Module:
    """Return layers on the reference target."""
    return pfmlir.form_layers(pfmlir.assign_target(pfmlir.import_model(text)))


@pytest.fixture(scope="module")
def squeezenet() -> pfmlir.ir.Module:
    return layers_of(network_shapes("squeezenet"))


@pytest.mark.parametrize(
    "name, fps",
    [
        ("squeezenet", 60),
        ("squeezenet", 105),
        ("resnet18", 18),
        ("mobilenetv3_small", 30),
        ("mobilevit_xxs", 15),
    ],
)
def test_optima_of_networks_are_proven(name: str, fps: float, tmp_path: Path) -> None:
    """Nine levels, three rails, the reference accelerator."""
    path = tmp_path / "module.mlir"
    certificate = write(
        layers_of(network_shapes(name)), tmp_path, fps=fps, ir_path=path
    )
    expected = pfmlir.schedule(network_shapes(name), fps=fps).energy_j
    module = (path.read_bytes(), "module.mlir")
    energy, _, problem = check_certificate.check(encode(certificate), ir=module)
    assert energy == pytest.approx(expected, rel=1e-12)
    assert (problem.network, problem.target) == (name, "pf40")


@pytest.mark.parametrize("block", range(5))
def test_random_optima_are_proven(block: int, tmp_path: Path) -> None:
    for seed in range(30 * block, 30 * (block + 1)):
        random = numpy.random.default_rng(seed)
        costs, fps = random_network(
            random, int(random.integers(2, 6)), int(random.integers(1, 3))
        )
        max_rails = int(random.integers(1, 4))
        try:
            certificate = write(costs, tmp_path, fps=fps, max_rails=max_rails)
        except pfmlir.InfeasibleError:
            continue
        assert check(certificate) == pytest.approx(
            certificate["schedule"]["energy_j"], rel=1e-12
        ), f"seed {seed}"


def test_a_dearer_schedule_is_not_proven(tmp_path: Path) -> None:
    """Whatever else keeps the deadline, at its own true energy."""
    refused = 0
    for seed in range(60):
        random = numpy.random.default_rng(seed)
        costs, fps = random_network(random, 3, 1)
        try:
            certificate = write(costs, tmp_path, fps=fps, max_rails=2)
        except pfmlir.InfeasibleError:
            continue
        read = reading.read(encode(certificate))
        best = certificate["schedule"]
        for layer, state in numpy.ndindex(len(costs.energy_j), len(costs.states)):
            for tail in (None, *range(len(costs.sleep_states))):
                states = [*best["states"]]
                states[layer] = state
                schedule = reading.Schedule(states, tail, 0.0)
                try:
                    energy = proof.add_up(read.problem, schedule)
                except RefusedError:
                    continue
                if best["energy_j"] * (1 + 1e-9) < energy < float("inf"):
                    schedule = dataclasses.replace(schedule, energy_j=energy)
                    other = dataclasses.replace(read, schedule=schedule)
                    with pytest.raises(RefusedError, match="there may be better"):
                        proof.prove(other, 1e-11)
                    # Such bounds are no numbers, which proves nothing.
                    other = dataclasses.replace(other, price=NAN, prices={})
                    with pytest.raises(RefusedError, match="there may be better"):
                        proof.prove(other, 1e-11)
                    refused += 1
    assert refused > 50


def test_multipliers_do_not_make_a_proof(tmp_path: Path) -> None:
    """Wrong ones cost time, and neither prove nor disprove anything."""
    random = numpy.random.default_rng(1)
    costs, fps = random_network(random, 4, 1)
    certificate = write(costs, tmp_path, fps=fps, max_rails=2)
    for value in (0.0, 1e3, -1e3, 1e130, -1e130):
        other = copy.deepcopy(certificate)
        other["multipliers"] = {"elsewhere": value, "rail_sets": []}
        assert check(other) == check(certificate)
        other["schedule"]["energy_j"] *= 1.001
        with pytest.raises(RefusedError, match="and not what is claimed"):
            check(other)


@pytest.mark.parametrize(
    "place, value, message",
    [
        (("format",), "something", "format: expects pfmlir certificate 2, but got"),
        (("schedule", "energy_j"), 1e-4, "and not what is claimed"),
        (("schedule", "states", 0), 728, "too many rails|not what|misses"),
        (("problem", "period_s"), 1e-3, "misses the deadline"),
        (("problem", "energy_j", 3, 0), 1e-9, "there may be better"),
        (("problem", "max_rails"), 2, "too many rails"),
        (("problem", "time_s", 3, 0), -1.0, "expects a number from 0 to 1e"),
    ],
)
def test_what_was_changed_is_noticed(
    squeezenet: pfmlir.ir.Module, tmp_path: Path, place: Any, value: Any, message: str
) -> None:
    certificate = write(squeezenet, tmp_path, fps=80)
    assert check(certificate) > 0
    changed = change(certificate, place, value)
    with pytest.raises(RefusedError, match=message):
        check(sign(changed))
    if place[0] == "problem" and value > 0:
        with pytest.raises(RefusedError, match=r"problem_sha256: expects \w{64}"):
            check(changed | {"problem_sha256": "0" * 64})


def test_the_program(squeezenet: pfmlir.ir.Module, tmp_path: Path) -> None:
    path, module = tmp_path / "certificate.json", tmp_path / "module.mlir"
    solution = pfmlir.certify(squeezenet, path, fps=80, threads=2, ir_path=module)
    assert solution == pfmlir.tabulate_costs(squeezenet).solve(fps=80)
    first = path.read_bytes()
    pfmlir.certify(squeezenet, path, fps=80)
    assert path.read_bytes() == first
    digest = json.loads(first)["problem_sha256"]

    result = run_program(path)
    start = f"proven for network @squeezenet on target @pf40, digest {digest}"
    assert result.returncode == 0
    assert result.stdout.startswith(f"{start}: 2.1")
    result = run_program(path, "--ir", str(module))
    assert result.returncode == 0
    assert result.stdout.startswith(f"{start}, as in '{module}': 2.1")

    # An attribute of the target that this version knows nothing of.
    text = module.read_text()
    module.write_text(text.replace("max_rails 3", "max_rails 3 margin 0.1"))
    assert "line 2: expects gating and cost_model of the" in refusal(
        path, "--ir", str(module)
    )
    module.write_text(text.replace("max_rails 3", "max_rails 2"))
    assert "expects max_rails 3, but got max_rails 2" in refusal(
        path, "--ir", str(module)
    )
    assert "--tolerance: expects at least 0 and less than 1" in refusal(
        path, "--tolerance", "nan", status=2
    )
    path.write_bytes(first.replace(b'"max_rails": 3', b'"max_rails": 2'))
    assert "problem_sha256: expects" in refusal(path)
    path.write_text('{"format": "pfmlir certificate 1"}')
    assert "certify again" in refusal(path)
    path.write_text("[")
    assert "the certificate: expects JSON" in refusal(path)
    assert "'/dev/zero': expects at most 268435456 bytes" in refusal(Path("/dev/zero"))
    assert "No such file" in refusal(tmp_path / "none")


def run_program(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program without this package: only numpy is on the path."""
    program = ROOT / "tools" / "check_certificate.py"
    return subprocess.run(
        [sys.executable, "-S", str(program), str(path), *arguments],
        env={"PYTHONPATH": str(Path(numpy.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(path: Path, *arguments: str, status: int = 1) -> str:
    """Return the one line with which the program refuses something."""
    result = run_program(path, *arguments)
    assert result.returncode == status
    assert not result.stdout
    assert result.stderr.startswith("NOT PROVEN: " if status == 1 else "error: ")
    assert result.stderr.count("\n") == 1 and result.stderr.endswith("\n")
    return result.stderr


# ---------------------------------------------------------------------------
# What is no certificate
# ---------------------------------------------------------------------------

SMALL = """
power.target @small levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.domain @memory nominal_v 1.1
  power.transition energy_j 1.0e-10 time_s 1.5e-08
  power.transition of @memory
    energy_j [[0.0, 2.0e-10], [1.0e-10, 0.0]] time_s 1.5e-08
  power.sleep_state @retention power_w 2.0e-06
    entry_energy_j 1.0e-09 entry_time_s 1.0e-06
    exit_energy_j 2.0e-09 exit_time_s 5.0e-06
}
func.func @"a net"() {
  power.layer "\\"conv\\" // \u00e9 \\\\" costs <
    [0.9, 0.9] -> 3.0e-06 J, 2.0e-03 s, 1.0e-04 W,
    [1.1, 0.9] -> 4.0e-06 J, 1.5e-03 s, 1.2e-04 W>
  power.layer "fc" costs <[0.9, 1.1] -> 3.0e-06 J, 2.0e-03 s, 1.0e-04 W,
                          [1.1, 0.9] -> 4.0e-06 J, 1.5e-03 s, 1.2e-04 W>
  return
}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """Return a certificate, and its problem as IR."""
    folder = tmp_path_factory.mktemp("small")
    path = folder / "module.mlir"
    certificate = write(layers_of(SMALL), folder, fps=240, ir_path=path)
    return certificate, path.read_text()


def change(content: Any, place: tuple[Any, ...], value: Any) -> Any:
    """Return content with another value, or none (DELETED), at a place."""
    if not place:
        return value
    copied = copy.copy(content)
    if len(place) == 1 and value is DELETED:
        del copied[place[0]]
    else:
        here = content[place[0]] if place[1:] else None
        copied[place[0]] = change(here, place[1:], value)
    return copied


DELETED = object()
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


def check_ir(certificate: dict[str, Any], text: str | bytes) -> None:
    """Check a certificate and the problem as IR."""
    data = text.encode() if isinstance(text, str) else text
    check_certificate.check(encode(certificate), ir=(data, "module.mlir"))


def test_the_problem_is_found_in_ir(small: tuple[dict[str, Any], str]) -> None:
    certificate, text = small
    check_ir(certificate, text)
    # However often it is printed, and whatever else is in the module.
    module = pfmlir.ir.Module.parse(text, pfmlir.ir.Context())
    check_ir(certificate, module.operation.get_asm(enable_debug_info=True))
    scheduled = pfmlir.select_states(pfmlir.import_model(text))
    check_ir(certificate, str(scheduled))
    check_ir(certificate, text.replace("  func.func", "  // power.layer\n  func.func"))


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
        ("costs <", "costs_ <", r"line \d+: expects costs of the layer; power-tab"),
        ("3.000000e-06 J", "-3.000000e-06 J", r"expects a number from 0 to 1e\+60"),
        ("3.000000e-06 J", "3_0.0e-06 J", r"expects a number from"),
        ("3.000000e-06 J", "0x7FF0000000000000 J", r"line \d+: expects"),
        ("3.000000e-06 J", "1.1.1 J", r"line \d+: expects a number"),
        ("power.domain @core", "power.clock @core", r"line 3: expects a domain, mem"),
        ("sleep_state @retention", "sleep_state margin", r"expects a domain, memory"),
        ('power.layer "fc"', "power.layer(fc)", r"expects a layer on a line of its"),
        ("    return\n  }\n}", "    return", r"line \d+: expects the function to end"),
        ("levels_v [", "levels_v [,", r"line 2: expects a number"),
        ("max_rails 2", "max_rails " + "9" * 5000, r"line 2: expects gating and"),
        ("[[0.000000e+00,", "[[1.0, 0.0,", r"expects a matrix of 2 by 2 numbers"),
        ("time_s 1.500000e-08\n", "time_s 1.500000e-08 {a = 1}\n", r"expects a domain"),
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


def test_tables_are_of_no_network(tmp_path: Path) -> None:
    costs, fps = random_network(numpy.random.default_rng(1), 3, 1)
    certificate = write(costs, tmp_path, fps=fps)
    assert certificate["network"] is None and certificate["target"] is None
    result = run_program(tmp_path / "certificate.json")
    assert result.stdout.startswith("proven for network without a name on target wi")
    with pytest.raises(TypeError, match="ir_path: expected only with"):
        write(costs, tmp_path, fps=fps, ir_path=tmp_path / "module.mlir")
    with pytest.raises(TypeError, match=r"network: expected a pfmlir\.ir\.Module or"):
        write(3, tmp_path, fps=fps)


def test_rails_and_period_are_in_the_ir(tmp_path: Path) -> None:
    path = tmp_path / "module.mlir"
    module = layers_of(network_shapes("squeezenet"))
    before = str(module)
    certificate = write(module, tmp_path, fps=60, max_rails=2, ir_path=path)
    assert str(module) == before
    check_ir(certificate, path.read_text())
    again = pfmlir.schedule(path)
    assert again.energy_j == certificate["schedule"]["energy_j"]
    assert len(again.rails_v) == 2


def test_a_module_without_a_target_has_no_certificate(tmp_path: Path) -> None:
    module = pfmlir.import_model(SMALL)
    with pytest.raises(pfmlir.PfmlirError, match="expected one function on a target"):
        write(module, tmp_path, fps=60)
    module = pfmlir.import_model(network_shapes("squeezenet"))
    with pytest.raises(pfmlir.CompilationError, match=r"expects a power\.target"):
        write(module, tmp_path, fps=60)
    assert not list(tmp_path.iterdir())


def test_without_a_schedule_there_is_no_certificate(
    squeezenet: pfmlir.ir.Module, tmp_path: Path
) -> None:
    with pytest.raises(pfmlir.InfeasibleError):
        pfmlir.certify(squeezenet, tmp_path / "none.json", fps=1000)
    assert not list(tmp_path.iterdir())
