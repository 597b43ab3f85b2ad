# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of replays: what is as scheduled passes, and what is not has a name."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pfmlir
import pytest
from pfmlir import ir
from pfmlir.running import (
    Write,
    format_writes,
    parse_writes,
    read_registers,
    read_writes,
    save_writes,
)
from pfmlir.running.accelerator import Accelerator
from pfmlir.running.expected import expect_writes, find_scheduled
from pfmlir.running.hardware import Hardware
from pfmlir.running.layer_costs import LayerCosts
from recorders import record

INPUTS = Path(__file__).parent.parent / "artifacts" / "Inputs"
FRAME = (INPUTS / "frame.mlir").read_text()
CHIP = (INPUTS / "chip.mlir").read_text()


def richer_target() -> str:
    """Return the reference target with all else that the accelerator's model has."""
    text = pfmlir.builtin_targets()["pf40"]
    for old, new in (
        (
            "levels_v [0.90, 0.95, 1.00, 1.05, 1.10, 1.15, 1.20, 1.25, 1.30]\n"
            "    max_rails 3\n    gating",
            "levels_v [0.9, 1.1, 1.3] max_rails 3 temperature_c 60.0\n"
            "    overlapping_ramps gating",
        ),
        (
            "power.transition energy_j 1.0e-10 time_s 1.5e-08",
            "power.transition energy_j 1.0e-10 time_s 1.5e-08\n"
            "power.transition of @sys energy_j [[0.0, 2.0e-10, 3.0e-10], "
            "[1.0e-10, 0.0, 2.0e-10], [1.0e-10, 1.0e-10, 0.0]] time_s 2.0e-08",
        ),
        (
            "power.sleep_state @off power_w 0.0",
            "power.sleep_state @off power_w 1.0e-06 entry_energy_j 1.0e-09 "
            "entry_time_s 1.0e-06 exit_energy_j 2.0e-09 exit_time_s 5.0e-06",
        ),
        (
            "power.domain @sys nominal_v",
            "power.clock @pll reference_hz 2.0e+09\n"
            "power.domain @sys clock @pll nominal_v",
        ),
        ("power.domain @feeder nominal_v", "power.domain @feeder clock @pll nominal_v"),
        (
            "leakage_w 6.452e-06",
            "leakage_w 6.452e-06 leakage_law #power.exponential_leakage<"
            "voltage_per_efold_v = 0.25, reference_c = 25.0, doubling_c = 20.0>",
        ),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


# Awake and asleep at the end; with what surrounds an accelerator; of functions with
# engines, modes, a regulator and an idle state; and networks with memories that keep
# what is needed, other work, groups and batches.
SCHEDULES: dict[str, Callable[[], pfmlir.Schedule]] = {
    "awake": lambda: on_pf40(),
    "asleep": lambda: on_pf40(period_s=1e-3),
    "surrounded": lambda: on_pf40(
        period_s=4e-4, dispatch_time_s=1e-6, awake_power_w=1e-3, margin=0.02
    ),
    "all banks": lambda: on_pf40(period_s=4e-4, gating="none"),
    "in fours": lambda: on_pf40(gating="sram", gating_granularity=4),
    "richer": lambda: pfmlir.schedule(FRAME, target=richer_target(), period_s=3.5e-4),
    "richer, asleep": lambda: pfmlir.schedule(
        FRAME, target=richer_target(), period_s=1e-3
    ),
    "functions": lambda: pfmlir.schedule(CHIP),
    "squeezenet": lambda: pfmlir.schedule("squeezenet", fps=60, target="pf40"),
    "mobilenet": lambda: pfmlir.schedule(
        "mobilenetv3_small", fps=30, target="pf40_keep"
    ),
}


def on_pf40(**options: Any) -> pfmlir.Schedule:
    """Schedule the frame on the published accelerator."""
    return pfmlir.schedule(FRAME, target="pf40", **options)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a schedule and what its header's loop writes, by name; made once."""
    known: dict[str, tuple[pfmlir.Schedule, list[Write]]] = {}

    def get(name: str) -> tuple[pfmlir.Schedule, list[Write]]:
        if name not in known:
            schedule = SCHEDULES[name]()
            known[name] = schedule, record(schedule, tmp_path_factory.mktemp("header"))
        return known[name]

    return get


def numbered(writes: list[Write]) -> list[Write]:
    return [replace(write, index=index) for index, write in enumerate(writes)]


def timed(schedule: pfmlir.Schedule, writes: list[Write]) -> list[Write]:
    """Return writes at the times at which the schedule has them."""
    layers = schedule.layers
    ends = [0.0, *(layers["start_s"] + layers["time_s"]).tolist()]
    starts, layer, found = layers["start_s"].tolist(), 0, []
    for write in writes:
        time_s = ends[layer]
        if write.name == "start":
            time_s = starts[layer]
            layer += 1
        if write.name == "tail":
            time_s = schedule.active_time_s
        found.append(replace(write, time_ns=time_s * 1e9))
    return found


def wrong(schedule: pfmlir.Schedule, writes: list[Write], **options: Any) -> str:
    """Return what a replay first finds wrong."""
    try:
        found = pfmlir.replay(schedule, numbered(writes), **options)
    except pfmlir.ReplayError as error:
        return str(error)
    with pytest.raises(pfmlir.ReplayError, match="not as scheduled"):
        found.check()
    assert not found.is_as_scheduled and found.status == "heuristic"
    return found.differences[0]


# -- as scheduled -------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEDULES)
def test_what_was_scheduled_was_run(name: str, recorded: Any) -> None:
    schedule, writes = recorded(name)
    for options, told in (
        ({}, writes),
        ({"is_timed": True}, timed(schedule, writes)),
    ):
        found = pfmlir.replay(schedule, told, **options)
        found.check()
        assert found.energy_j == pytest.approx(schedule.energy_j, rel=1e-9)
        assert found.active_time_s == pytest.approx(schedule.active_time_s, rel=1e-9)
        assert numpy.allclose(
            found.layers["start_s"], schedule.layers["start_s"], rtol=0, atol=1e-9
        )
        assert numpy.array_equal(found.rails_v, schedule.rails_v)
        assert found.keeps_deadline and found.is_optimal == schedule.is_optimal
        area_j = (numpy.diff(found.edges_s) * found.powers_w).sum()
        assert area_j == pytest.approx(found.energy_j, rel=1e-12)
        assert found.edges_s[-1] == pytest.approx(schedule.period_s, rel=1e-12)
    assert pfmlir.replay(schedule.module, writes) == pfmlir.replay(schedule, writes)


@pytest.mark.parametrize("name", ["asleep", "functions"])
def test_the_accelerator_knows_nothing_of_the_schedule(
    name: str, recorded: Any
) -> None:
    schedule, writes = recorded(name)
    # The same layers on the same target, before they are scheduled.
    module = (
        pfmlir.assign_target(pfmlir.import_model(FRAME), target="pf40")
        if name == "asleep"
        else ir.Module.parse(CHIP, ir.Context())
    )
    target, function = (
        next(op for op in module.body.operations if op.operation.name == kind)
        for kind in ("power.target", "func.func")
    )
    body = function.regions[0].blocks[0].operations
    layers = [op for op in body if op.operation.name == "power.layer"]
    assert all(layer.state is None for layer in layers)
    hardware = Hardware(target)
    run = Accelerator(
        hardware,
        read_registers(module),
        LayerCosts(hardware, layers),
        schedule.period_s,
    ).run(writes)
    assert run.energy_j == pytest.approx(schedule.energy_j, rel=1e-9)


def test_the_accelerator_shares_no_code() -> None:
    """What it imports is MLIR's bindings, and nothing that schedules or costs."""
    folder = Path(__file__).parents[2] / "python" / "pfmlir" / "running"
    models = ("accelerator", "array_model", "hardware", "layer_costs", "registers")
    allowed = {"", "dialects", "errors", "units", "writes", *models}
    for name in models:
        tree = ast.parse((folder / f"{name}.py").read_text())
        modules = {
            node.module or ""
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.level
        }
        assert modules <= allowed, name
        text = (folder / f"{name}.py").read_text()
        assert not re.search(r"power\.(problem|print_|run_passes)|\.state\b", text)


def test_what_is_drawn_around_the_accelerator(recorded: Any) -> None:
    schedule, writes = recorded("surrounded")
    found = pfmlir.replay(schedule, writes)
    assert found.dispatch_time_s == 1e-6
    assert found.latest_end_s == pytest.approx(4e-4 * 0.98)
    assert found.slack_s == pytest.approx(found.latest_end_s - found.busy_time_s)
    assert schedule.tail.kind == "sleep"
    asleep_s = schedule.tail.overhead_time_s
    assert found.busy_time_s == pytest.approx(schedule.active_time_s + asleep_s)


# -- not as scheduled ---------------------------------------------------------


def test_a_state_that_a_layer_has_not(recorded: Any) -> None:
    schedule, writes = recorded("functions")
    index = at(writes, "rail of a", 1)
    writes = [*writes[:index], replace(writes[index], value=1100), *writes[index + 1 :]]
    assert wrong(schedule, writes).splitlines()[1] == (
        f"write {at(writes, 'start')}: layer 1 'second' can't run in what is set: "
        "@a at 1.1 V, @b at 1.1 V, engine @cpu"
    )


def at(writes: list[Write], name: str, number: int = 1) -> int:
    """Return the index of a write of a name, by its number among these."""
    return [write.index for write in writes if name in write.name][number]


def test_a_wrong_rail(recorded: Any) -> None:
    schedule, writes = recorded("awake")
    index = at(writes, "rail of sys")
    writes = list(writes)
    writes[index] = replace(writes[index], value=writes[index].value ^ 1)
    text = wrong(schedule, writes)
    assert text.startswith(
        f"write {index}: expected 0x40000000 = 0x6 (rail of sys 1.2 V"
    )
    assert "but got 0x40000000 = 0x7 (rail of sys 1.25 V" in text
    found = pfmlir.replay(schedule, writes)
    assert found.energy_j > schedule.energy_j * (1 + 1e-4)
    assert "layer 1 'squeeze'" in found.differences[1]
    assert "the period takes" in found.differences[-1]


def test_a_rail_that_has_no_meaning(recorded: Any) -> None:
    schedule, writes = recorded("awake")
    index = at(writes, "rail of sys")
    writes = list(writes)
    writes[index] = replace(writes[index], value=0xF)
    text = wrong(schedule, writes)
    assert text.splitlines()[1] == (
        f"write {index}: rail of sys has no meaning for code 15"
    )


@pytest.mark.parametrize("name", ["awake", "asleep", "functions"])
def test_a_dropped_write(name: str, recorded: Any) -> None:
    schedule, writes = recorded(name)
    for index, write in enumerate(writes):
        text = wrong(schedule, [*writes[:index], *writes[index + 1 :]])
        assert text.startswith(f"write {index} is missing: {write.register}")


@pytest.mark.parametrize("name", ["awake", "asleep", "functions"])
def test_a_doubled_write(name: str, recorded: Any) -> None:
    schedule, writes = recorded(name)
    for index, write in enumerate(writes):
        doubled = [*writes[: index + 1], write, *writes[index + 1 :]]
        text = wrong(schedule, doubled)
        assert text.startswith(f"write {index + 1} is one too many: {write.register}")
        assert " again" in text


@pytest.mark.parametrize("name", ["awake", "asleep", "functions"])
def test_two_writes_exchanged(name: str, recorded: Any) -> None:
    schedule, writes = recorded(name)
    for index in range(len(writes) - 1):
        exchanged = list(writes)
        exchanged[index : index + 2] = exchanged[index : index + 2][::-1]
        text = wrong(schedule, exchanged)
        assert text.startswith(f"writes {index} and {index + 1} are exchanged: ")


def test_a_bank_too_few(recorded: Any) -> None:
    schedule, writes = recorded("awake")
    index = at(writes, "banks of ifmap", 0)
    writes = list(writes)
    # The second memory of the register.
    writes[index] = replace(writes[index], value=writes[index].value - (1 << 16))
    text = wrong(schedule, writes)
    assert text.startswith(f"write {index}: expected ")
    assert "banks of ofmap 2), but got " in text and "banks of ofmap 1)" in text
    found = pfmlir.replay(schedule, writes)
    assert "needs 2 banks of @ofmap, of which 1 are on" in found.differences[1]
    assert found.energy_j < schedule.energy_j


@pytest.mark.parametrize("name", ["awake", "functions"])
def test_a_layer_too_early(name: str, recorded: Any) -> None:
    schedule, writes = recorded(name)
    writes = timed(schedule, writes)
    index = at(writes, "start")
    started = writes[index]
    layers = schedule.layers
    transition_s = float(layers["transition_time_s"][1])
    assert transition_s > 0
    for early_s, what in (
        (
            0.9 * transition_s + schedule.dispatch_time_s,
            "what was set before it is done",
        ),
        (
            transition_s + schedule.dispatch_time_s + 2e-9,
            f"'{layers['name'][0]}' is done",
        ),
    ):
        early = list(writes)
        early[index] = replace(started, time_ns=started.time_ns - 1e9 * early_s)
        text = wrong(schedule, early, is_timed=True)
        assert text.startswith(f"write {index}: layer 1 '{layers['name'][1]}' starts ")
        assert text.endswith(what)


def test_a_switch_while_a_layer_runs(recorded: Any) -> None:
    schedule, writes = recorded("awake")
    writes = timed(schedule, writes)
    index = at(writes, "rail of sys")
    writes[index] = replace(writes[index], time_ns=writes[index].time_ns - 5.0)
    text = wrong(schedule, writes, is_timed=True)
    assert text == (
        f"write {index}: rail of sys changes 5 ns before layer 0 'conv, first' is done"
    )


def test_a_layer_too_late(recorded: Any) -> None:
    schedule, writes = recorded("awake")
    writes = timed(schedule, writes)
    index = at(writes, "start")
    writes[index] = replace(writes[index], time_ns=writes[index].time_ns + 5.0)
    text = wrong(schedule, writes, is_timed=True)
    assert text == f"layer 1 'squeeze' (write {index}) starts 5 ns too late"
    # What it leaves to the next layer's switch is as short.
    found = pfmlir.replay(schedule, writes, is_timed=True)
    assert "changes 5 ns before layer 1 'squeeze' is done" in found.differences[1]
    found = pfmlir.replay(schedule, writes, is_timed=True, start_tolerance_s=6e-9)
    found.check()
    assert found.energy_j > found.demanded_energy_j


def test_what_is_wrong_with_timed_writes(recorded: Any) -> None:
    schedule, writes = recorded("awake")
    writes = timed(schedule, writes)
    index = at(writes, "rail of sys")
    other = list(writes)
    other[index] = replace(other[index], value=5)
    text = wrong(schedule, other, is_timed=True)
    assert re.fullmatch(
        r"before write \d+ \(start 1\): expected rail of sys 1\.2 V, .*, but got "
        r"rail of sys 1\.15 V, .*",
        text,
    )
    del other[index]
    assert "but got no change" in wrong(schedule, other, is_timed=True)
    text = wrong(schedule, writes[:-1], is_timed=True)
    assert text.startswith(
        f"write {len(writes) - 1} is missing: 0x40000014 = 0x0 (tail"
    )


@pytest.mark.parametrize(
    ("place", "value", "text"),
    [
        ("0x40000018", 0, r"0x40000018 \(ready, done\) is read, and not written"),
        ("0x40000020", 0, "expected a register of the target's map, but got 0x4000002"),
        ("0x4000000c", 5, "layer 5 starts, but there are 5"),
        ("0x40000014", 1, "tail 1"),
        ("0x40000000", 1 << 12, "0x1000"),
    ],
)
def test_writes_without_a_meaning(
    place: str, value: int, text: str, recorded: Any
) -> None:
    schedule, writes = recorded("awake")
    extra = Write(0, 0.0, place, "", value)
    assert re.search(text, wrong(schedule, [writes[0], extra, *writes[1:]]))


def test_bits_that_a_register_has_not(recorded: Any) -> None:
    schedule, writes = recorded("awake")
    writes = [replace(writes[0], value=writes[0].value | 1 << 12), *writes[1:]]
    found = pfmlir.replay(schedule, writes)
    assert "0x1002 has bits that 0x40000000 (rail" in found.differences[1]


def test_layers_in_another_order(recorded: Any) -> None:
    schedule, writes = recorded("asleep")
    starts = [write.index for write in writes if write.name == "start"]
    writes = list(writes)
    one, other = writes[starts[1]], writes[starts[2]]
    writes[starts[1]] = replace(one, value=other.value)
    found = pfmlir.replay(schedule, writes)
    texts = "\n".join(found.differences)
    assert "layer 2 'expand' starts, but layer 1 'squeeze' comes next" in texts
    assert "layer 1 is finished, but layer 2 'expand' is running" in texts


def test_what_passes_between_layers_may_be_too_long(recorded: Any) -> None:
    schedule, writes = recorded("awake")
    found = pfmlir.replay(schedule, writes, dispatch_time_s=1e-7)
    found.check()
    assert found.active_time_s == pytest.approx(schedule.active_time_s + 5e-7)
    assert found.energy_j > found.demanded_energy_j
    most_s = found.longest_dispatch_time_s
    pfmlir.replay(schedule, writes, dispatch_time_s=most_s * (1 - 1e-9)).check()
    late = pfmlir.replay(schedule, writes, dispatch_time_s=1e-6)
    assert not late.keeps_deadline
    assert late.longest_dispatch_time_s == pytest.approx(most_s)
    assert late.differences[0].startswith("misses its deadline: it takes 333.4 µs")
    with pytest.raises(ValueError, match="dispatch_time_s: expected none"):
        pfmlir.replay(schedule, writes, dispatch_time_s=1e-7, is_timed=True)
    with pytest.raises(ValueError, match="dispatch_time_s: expected a finite"):
        pfmlir.replay(schedule, writes, dispatch_time_s=-1.0)


# -- what can't be replayed ---------------------------------------------------

UNMODELLED = {
    "supply @s has a converter": (
        "power.supply @s regulated slew_v_per_s 1.0e+04 settle_time_s 1.0e-05 "
        "converter #power.converter<fixed_loss_w = 1.0e-05, proportional_loss = 0.08, "
        "resistance_ohm = 0.05>",
        "on @s ",
        "",
        "costs <[0.9] -> 1.0e-06 J, 1.0e-05 s, 0.5 W>",
    ),
    "is costed by cost model #power.roofline, which the replay does not model": (
        "",
        "",
        'cost_model #power.roofline<domain = "core", macs_per_cycle = 1.0, '
        "mac_energy_j = 1.0e-12, bytes_per_cycle = 1.0, byte_energy_j = 1.0e-12>",
        "workload #power.matmul<m = 8, k = 8, n = 8>",
    ),
    "expected one way to run it without an engine, but it has 2": (
        "",
        "",
        "",
        "implementations {a = #power.cost_table<[0.9] -> 1.0e-06 J, 1.0e-05 s, 0.5 W>, "
        "b = #power.cost_table<[0.9] -> 2.0e-06 J, 1.0e-05 s, 0.5 W>}",
    ),
}


def one_layer(supply: str, on: str, model: str, layer: str, rail: str = "core") -> str:
    """Return a target with functions for registers, and a network of one layer."""
    return f"""
    power.target @t levels_v [0.9] max_rails 1 {model} {{
      {supply}
      power.domain @core {on} nominal_v 0.9 frequency_hz 1.0e+06
        law #power.frequency_table<voltage_v = [0.9], frequency_hz = [1.0e+06]>
        leakage_w 1.0e-03
      power.register_map levels_v [0.9] codes [1] {{
        power.field rail of @{rail} function "set_rail"
        power.field start function "start"
        power.field done function "is_done" value 1
        power.field tail function "wait"
      }}
    }}
    func.func @net() attributes {{power.period_s = 1.0e-02}} {{
      power.layer "only" {layer}
      return
    }}
    """


@pytest.mark.parametrize("what", UNMODELLED)
def test_what_is_not_modelled_is_an_error(what: str) -> None:
    parts = UNMODELLED[what]
    schedule = pfmlir.schedule(one_layer(*parts, rail="s" if parts[0] else "core"))
    scheduled = find_scheduled(schedule.module)
    with pytest.raises(pfmlir.UnmodelledError, match=re.escape(what)):
        writes = [
            Write(0, 0.0, "set_rail", "rail", 1),
            Write(1, 0.0, "start", "start", 0),
        ]
        pfmlir.replay(schedule, writes)
    assert scheduled.layers


def test_measured_tables_are_modelled() -> None:
    model = (
        "cost_model #power.measured<{only = #power.cost_table<"
        "[0.9] -> 1.0e-06 J, 1.0e-05 s, 0.05 W>}>"
    )
    schedule = pfmlir.schedule(one_layer("", "", model, ""))
    scheduled = find_scheduled(schedule.module)
    writes = expect_writes(
        scheduled, Hardware(scheduled.target), read_registers(schedule.module)
    )
    pfmlir.replay(schedule, writes).check()


def test_there_must_be_registers_and_a_schedule() -> None:
    schedule = on_pf40()
    text = re.sub(r"power\.register_map.*?\n    \}\n", "", schedule.ir, flags=re.DOTALL)
    module = ir.Module.parse(text, ir.Context())
    with pytest.raises(ValueError, match=r"@pf40: expected a power\.register_map"):
        pfmlir.replay(module, [])
    with pytest.raises(pfmlir.CompilationError):
        pfmlir.replay(ir.Module.parse(FRAME, ir.Context()), [])


# -- files --------------------------------------------------------------------


def test_writes_are_saved_and_read(recorded: Any, tmp_path: Path) -> None:
    _, writes = recorded("functions")
    writes = [replace(write, time_ns=write.time_ns / 3) for write in writes]
    path = tmp_path / "writes.csv"
    save_writes(writes, path)
    assert read_writes(path) == writes
    text = path.read_text()
    assert text == format_writes(writes)
    assert text.startswith("index,time_ns,register,name,value\n0,0,vendor_hand_over,")
    assert "vendor_set_rail(1),rail of core,1100\n" in text


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "writes:1: expected index,time_ns,register,name,value, but got $"),
        ("index,time\n", "writes:1: expected index,.* but got index,time$"),
        ("0,0,0x0,a\n", "writes:2: expected 5 values, but got 4"),
        ("0,0,0x0,a,1,2\n", "writes:2: expected 5 values, but got 6"),
        ("1,0,0x0,a,1\n", "writes:2: index: expected 0, but got '1'"),
        ("0,0,0x0,a,1\n0,0,0x0,a,1\n", "writes:3: index: expected 1, but got '0'"),
        ("0,soon,0x0,a,1\n", "writes:2: time_ns: expected .*, but got 'soon'"),
        ("0,-1,0x0,a,1\n", "writes:2: time_ns: expected .*, but got '-1'"),
        ("0,inf,0x0,a,1\n", "writes:2: time_ns: expected .*, but got 'inf'"),
        ("0,0,,a,1\n", "writes:2: register: expected .*, but got ''"),
        ("0,0,0x0,a,-1\n", "writes:2: value: expected a whole number, but got '-1'"),
        ("0,0,0x0,a,0x1\n", "writes:2: value: expected a whole number"),
        ('0,0,0x0,"a\n', "writes:2: "),
    ],
)
def test_files_of_something_else(text: str, error: str) -> None:
    whole = text
    if "," in text and not text.startswith("index"):
        whole = "index,time_ns,register,name,value\n" + text
    with pytest.raises(ValueError, match=error):
        parse_writes(whole)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "writes.csv"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="is not text"):
        read_writes(path)


# -- pictures -----------------------------------------------------------------


def test_the_picture_has_both_powers(recorded: Any) -> None:
    schedule, writes = recorded("awake")
    found = pfmlir.replay(schedule, writes)
    axes = found.plot().axes[0]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert "replayed 4.27 µJ" in labels
