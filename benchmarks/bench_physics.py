# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What it costs to leave out a piece of a chip's physics.

    PYTHONPATH=build/python_packages .venv/bin/python -m benchmarks.bench_physics

A schedule is optimised for the plain pf40, and then runs on one of which something more
is true. Where it is late there, the plain target is given less time, as somebody would
who only sees that it is late, until it is not. Printed is what it then costs more than
the optimum of who knows. Needs no PyTorch: the networks are lists of shapes.
"""

import argparse
import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy
import pfmlir

from testing.reference.shapes import load_networks, network_shapes

from .pages import parse_parts, show
from .search_instances import NETWORKS, fastest_time_s

# Shares of the highest rate that a network can have on the plain target.
LOADS = {"tight": 0.9, "mid": 0.7, "half": 0.5, "relaxed": 0.2}
DOMAINS = ("sys", "weight", "feeder")
# How much less time the plain target is given, at most, until its schedule is in time,
# and how closely that is found.
LEAST_SHARE = 0.35
SHARE_TOLERANCE = 1e-4


@dataclass(frozen=True)
class Piece:
    """Something that is true of a chip, and left out of the plain target.

    Attributes
    ----------
    title : str
        What it is, with its numbers.
    change : Callable
        From the plain target's text to that of one with it.
    axis_of : dict
        Names of axes that domains are on, where these do not pick rails.
    base : Callable
        What is known of the chip, where that is more than the plain target: also from
        its text.
    before : str
        What a prototype of this found: median and worst network, and at which load.
    is_sized : bool
        Whether memories have the banks that the paper gives them; without, as many as
        a network needs.
    """

    title: str
    change: Callable[[str], str]
    axis_of: dict[str, str]
    base: Callable[[str], str] = str
    before: str = ""
    is_sized: bool = True


def plain_target() -> str:
    """Return pf40 without its power manager's registers, which other supplies lack."""
    text = pfmlir.builtin_targets()["pf40"]
    return re.sub(r"\n  power\.register_map .*?\n  }\n", "\n", text, flags=re.DOTALL)


def attributes(text: str) -> Callable[[str], str]:
    """Add attributes to a target."""
    return lambda target: target.replace("gating <bank>", f"{text} gating <bank>", 1)


def declarations(text: str) -> Callable[[str], str]:
    """Add declarations to a target."""
    return lambda target: target.rstrip().removesuffix("}") + text + "\n}\n"


def domains(clause: str, before: str, names: Sequence[str] = DOMAINS) -> Callable:
    """Add a clause to the declarations of domains, before another one."""

    def change(target: str) -> str:
        for name in names:
            start = target.index(f"power.domain @{name} ")
            at = target.index(before, start)
            target = f"{target[:at]}{clause.format(name=name)} {target[at:]}"
        return target

    return change


def after(text: str, names: Sequence[str]) -> Callable[[str], str]:
    """Add a clause at the end of memories' declarations."""

    def change(target: str) -> str:
        for name in names:
            start = target.index(f"power.memory @{name} ")
            end = target.index("\n", start)
            target = f"{target[:end]} {text}{target[end:]}"
        return target

    return change


def both(*changes: Callable[[str], str]) -> Callable[[str], str]:
    """Make one change after the other."""

    def change(target: str) -> str:
        for each in changes:
            target = each(target)
        return target

    return change


def without_sleep(target: str) -> str:
    return "\n".join(
        line for line in target.split("\n") if "power.sleep_state" not in line
    )


REGULATORS = "\n".join(
    f"power.supply @{name}_buck regulated slew_v_per_s 1.25e+04 "
    "settle_time_s 2.0e-05 output_f 2.2e-06"
    for name in DOMAINS
)
SLEEP = (
    "power.sleep_state @off power_w 0.0 entry_energy_j 3.0e-10 entry_time_s 4.5e-08 "
    "exit_energy_j 3.0e-10 exit_time_s 4.5e-08"
)
FEATURES = ("ifmap", "ofmap")


def wake(factor: float) -> Callable[[str], str]:
    return after(
        f"volatile wake_energy_j {factor * 1e-9:.1e} wake_time_s {factor * 1e-7:.1e}",
        FEATURES,
    )


def leakage(celsius: float) -> Callable[[str], str]:
    law = (
        "leakage_law #power.exponential_leakage<voltage_per_efold_v = 0.25, "
        "reference_c = 25.0, doubling_c = 10.0>"
    )

    def change(target: str) -> str:
        for name in DOMAINS:
            start = target.index(f"power.domain @{name} ")
            at = target.index("leakage_w", start)
            end = target.index("\n", at)
            target = f"{target[:end]} {law}{target[end:]}"
        return target

    return both(attributes(f"temperature_c {celsius}"), change)


regulators = both(
    lambda target: "\n".join(
        line
        for line in target.split("\n")
        if "power.sleep_state" not in line and "power.transition" not in line
    ),
    declarations(f"{REGULATORS}\n{SLEEP}"),
    domains("on @{name}_buck", "nominal_v"),
)
BUCKS = {name: f"{name}_buck" for name in DOMAINS}

PIECES = {
    "shared clock": Piece(
        "array and feeder share one clock",
        both(
            declarations("power.clock @shared"),
            domains("clock @shared", "nominal_v", ("sys", "feeder")),
        ),
        {},
        before="mid 32 / 44 %, half 32 / 56 %; at tight nothing helps",
    ),
    "dividers": Piece(
        "clocks are whole parts of one of 1 GHz",
        both(
            declarations(
                "power.clock @sys_clock reference_hz 1.0e+09\n"
                "power.clock @weight_clock reference_hz 1.0e+09\n"
                "power.clock @feeder_clock reference_hz 1.0e+09"
            ),
            domains("clock @{name}_clock", "nominal_v"),
        ),
        {},
        before="mid 17 / 25 %",
    ),
    "awake 10 mW": Piece(
        "the rest of the system draws 10 mW while it is awake",
        attributes("awake_power_w 1.0e-02"),
        {},
        before="half 6 / 15 %, relaxed 14 / 28 %",
    ),
    "awake 30 mW": Piece(
        "the rest of the system draws 30 mW while it is awake",
        attributes("awake_power_w 3.0e-02"),
        {},
        before="relaxed 50 / 72 %",
    ),
    "regulators": Piece(
        "each domain has a regulator: 12.5 kV/s, 20 µs, 2.2 µF",
        regulators,
        BUCKS,
        before="late by up to 38 %, then 2 to 39 %",
    ),
    "rails 1 mW": Piece(
        "each rail in use draws 1 mW",
        attributes("rail_power_w 1.0e-03"),
        {},
        before="7 to 17 %",
    ),
    "85 C": Piece(
        "leakage is exponential, at 85 °C",
        leakage(85.0),
        {},
        before="relaxed 1.4 %",
    ),
    "105 C": Piece(
        "leakage is exponential, at 105 °C",
        leakage(105.0),
        {},
        before="relaxed 7 / 14 %",
    ),
    "lowest voltage": Piece(
        "the feature-map memories need 1.0 V",
        after("minimum_v 1.0", FEATURES),
        {},
        before="up to all layers illegal",
    ),
    "margin 15 %": Piece(
        "15 % of the period must be left",
        attributes("margin 0.15"),
        {},
        before="late without it, with it at most 0.03 %",
    ),
    "ramps at once": Piece(
        "with such regulators, domains ramp at once",
        attributes("overlapping_ramps"),
        BUCKS,
        base=regulators,
        before="0.6 %, at most 4.1 %",
    ),
    "banks wake": Piece(
        "a bank takes 1 nJ and 0.1 µs to wake",
        wake(1.0),
        {},
        before="0.3 %",
        is_sized=False,
    ),
    "banks wake x10": Piece(
        "a bank takes 10 nJ and 1 µs to wake",
        wake(10.0),
        {},
        before="dear ones: 7 to 22 % on MobileNetV3",
        is_sized=False,
    ),
    "banks wake x100": Piece(
        "a bank takes 100 nJ and 10 µs to wake",
        wake(100.0),
        {},
        before="dear ones: 7 to 22 % on MobileNetV3",
        is_sized=False,
    ),
    "idle state": Piece(
        "no sleep, but an idle state at 0.9 V of 10 µW",
        both(
            without_sleep,
            declarations(
                "power.idle_state @parked voltages_v [0.9, 0.9, 0.9] power_w 1.0e-05"
            ),
        ),
        {},
        before="0.4 to 9.9 % at low load",
    ),
    "dispatch": Piece(
        "each layer waits 10 µs until it starts",
        attributes("dispatch_time_s 1.0e-05"),
        {},
    ),
}


@dataclass(frozen=True)
class Loss:
    """What a piece of physics costs who leaves it out.

    Attributes
    ----------
    late : float
        How much later than its deadline the plain schedule is, as a part of it.
    loss : float or None
        What it costs more than the optimum, in time; None if nothing makes it so.
    is_illegal : bool
        Whether some layer can't be as the plain schedule has it.
    """

    late: float
    loss: float | None
    is_illegal: bool


def tables(name: str, target: str, is_sized: bool = True) -> pfmlir.CostTables:
    """Return what a network's layers cost on a target."""
    network = load_networks()[name]
    options = {"banks": network["banks"]} if is_sized else {}
    if chunk := network["layers"][0].get("k_chunk"):
        options["reduction_chunk"] = chunk
    return pfmlir.tabulate_costs(network_shapes(name), target=target, **options)


def levels_of(costs: pfmlir.CostTables, axis_of: dict[str, str]) -> numpy.ndarray:
    """Return the voltage of each domain in each state, [state, domain]."""
    columns = []
    for domain in DOMAINS:
        if domain in costs.domains:
            columns.append(costs.voltages_v[:, costs.domains.index(domain)])
            continue
        names = [axis.name for axis in costs.axes]
        index = names.index(axis_of[domain])
        volts = numpy.array(costs.axes[index].settings, dtype=float)
        columns.append(volts[costs.settings[:, index]])
    return numpy.stack(columns, axis=1)


def keep(
    costs: pfmlir.CostTables, piece: Piece, chosen_v: numpy.ndarray
) -> pfmlir.CostTables | None:
    """Return tables in which each layer is at these voltages; None if it can't be.

    Of what the plain target does not know of, each layer has the least: no more banks
    than it needs, no idle state.
    """
    voltages = levels_of(costs, piece.axis_of)
    is_kept = (voltages[None] == chosen_v[:, None]).all(axis=2)
    is_kept &= numpy.isfinite(costs.energy_j)
    if not is_kept.any(axis=1).all():
        return None
    for index, axis in enumerate(costs.axes):
        if axis.name not in piece.axis_of.values():
            settings = numpy.where(
                is_kept, costs.settings[:, index], len(axis.settings)
            )
            is_kept &= settings == settings.min(axis=1, keepdims=True)
    return replace(costs, energy_j=numpy.where(is_kept, costs.energy_j, numpy.inf))


def least_j(costs: pfmlir.CostTables | None, period_s: float) -> float | None:
    """Return the least energy; None if nothing is in time, or there is nothing."""
    if costs is None:
        return None
    try:
        return costs.solve(period_s=period_s).energy_j
    except pfmlir.InfeasibleError:
        return None


def voltages_of(
    plain: pfmlir.CostTables, piece: Piece, period_s: float
) -> numpy.ndarray:
    """Return the voltage of each domain in each layer, by the plain target."""
    states = plain.solve(period_s=period_s).states
    return levels_of(plain, piece.axis_of)[states]


def lose(
    plain: pfmlir.CostTables, costs: pfmlir.CostTables, piece: Piece, period_s: float
) -> Loss | None:
    """Return what leaving out a piece costs; None where nobody is in time."""
    optimum_j = least_j(costs, period_s)
    if optimum_j is None:
        return None

    def energy_j(share: float) -> float | None:
        """With the plain schedule of a part of the period."""
        try:
            chosen_v = voltages_of(plain, piece, share * period_s)
        except pfmlir.InfeasibleError:
            return None
        return least_j(keep(costs, piece, chosen_v), period_s)

    kept = keep(costs, piece, voltages_of(plain, piece, period_s))
    if kept is None:
        return Loss(0.0, None, is_illegal=True)
    found = energy_j(1.0)
    if found is not None:
        return Loss(0.0, found / optimum_j - 1, is_illegal=False)
    late = fastest_time_s(kept) / period_s - 1
    # The longest part that is short enough.
    parts = numpy.linspace(1.0, LEAST_SHARE, 41)[1:]
    short = next((part for part in parts if energy_j(part) is not None), None)
    if short is None:
        return Loss(late, None, is_illegal=False)
    low, high = short, short + parts[0] - parts[1]
    while high - low > SHARE_TOLERANCE:
        middle = (low + high) / 2
        if energy_j(middle) is None:
            high = middle
        else:
            low = middle
    found = energy_j(low)
    assert found is not None
    return Loss(late, found / optimum_j - 1, is_illegal=False)


def describe(losses: list[Loss | None]) -> str:
    """Return the median and the worst of the networks."""
    known = [loss for loss in losses if loss is not None]
    paid = [loss.loss for loss in known if loss.loss is not None]
    parts = []
    if paid:
        parts.append(f"{statistics.median(paid):.1%} / {max(paid):.1%}")
    for words, count in (
        ("illegal", sum(loss.is_illegal for loss in known)),
        (
            "never in time",
            sum(loss.loss is None and not loss.is_illegal for loss in known),
        ),
        ("without any schedule", len(losses) - len(known)),
    ):
        if count:
            parts.append(f"{count} of {len(losses)} {words}")
    late = max((loss.late for loss in known), default=0.0)
    if late > 0:
        parts.append(f"late by {late:.0%}")
    return ", ".join(parts).replace("%", " %")


def rows(names: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table."""
    plain_text = plain_target()
    shortest_s = {name: fastest_time_s(tables(name, plain_text)) for name in NETWORKS}
    loads = [f"{load}, {share:.0%}".replace("%", " %") for load, share in LOADS.items()]
    yield "| left out | " + " | ".join(loads) + " | a prototype found |"
    yield "| --- |" + " --- |" * (len(LOADS) + 1)
    for key in names:
        piece = PIECES[key]
        plain, changed = (
            {name: tables(name, text, piece.is_sized) for name in NETWORKS}
            for text in (
                piece.base(plain_text),
                piece.change(piece.base(plain_text)),
            )
        )
        cells = [
            describe(
                [
                    lose(plain[name], changed[name], piece, shortest_s[name] / share)
                    for name in NETWORKS
                ]
            )
            for share in LOADS.values()
        ]
        yield f"| {piece.title} | " + " | ".join([*cells, piece.before]) + " |"


def main(arguments: list[str] | None = None) -> None:
    """Print the table, or put it into a page."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_physics",
        description=__doc__.split("\n")[0],
    )
    options = parse_parts(parser, "piece", PIECES, arguments)
    show(rows(options.parts), options.publish)


if __name__ == "__main__":
    main()
