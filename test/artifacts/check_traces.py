# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Read a schedule's traces, and compare them with the schedule.

Usage: check_traces.py SCHEDULED. Of both formats: the integral of power is the energy
of the period, and in each layer the rails are those that the layer has.
"""

import io
import json
import sys
from bisect import bisect_right

from schedules import load, translate
from vcd.reader import TokenKind, tokenize

UNITS_S = {"fs": 1e-15, "ps": 1e-12, "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
# What is read: of each signal its changes as (seconds, value), in order.
Signals = dict[str, list[tuple[float, float | None]]]


def read_vcd(text: str) -> tuple[Signals, float]:
    """Return what pyvcd reads: the signals of a dump, and where it ends."""
    names: dict[str, str] = {}
    signals: Signals = {}
    now, unit_s = 0, 0.0
    for token in tokenize(io.BytesIO(text.encode())):
        if token.kind is TokenKind.TIMESCALE:
            scale = token.timescale
            unit_s = scale.magnitude * UNITS_S[scale.unit.value]
        elif token.kind is TokenKind.VAR:
            names[token.var.id_code] = token.var.reference
            signals[token.var.reference] = []
        elif token.kind is TokenKind.CHANGE_TIME:
            assert token.time_change >= now
            now = token.time_change
        elif token.kind is TokenKind.CHANGE_REAL:
            change = token.real_change
            signals[names[change.id_code]].append((now * unit_s, change.value))
        elif token.kind is TokenKind.CHANGE_VECTOR:
            change = token.vector_change
            number = change.value if isinstance(change.value, int) else None
            signals[names[change.id_code]].append((now * unit_s, number))
    return signals, now * unit_s


def read_trace(text: str) -> tuple[Signals, float, list[dict]]:
    """Return the counters of a JSON trace, where it ends, and its slices of layers."""
    signals: Signals = {}
    layers = []
    for event in json.loads(text)["traceEvents"]:
        if event["ph"] == "C":
            (value,) = event["args"].values()
            signals.setdefault(event["name"], []).append((event["ts"] * 1e-6, value))
        elif event["ph"] == "X" and event["tid"] == 1:
            layers.append(event)
    return signals, signals["power_w"][-1][0], layers


def integrate(changes, end: float) -> float:
    """Return the integral of a signal that stays until it changes."""
    ends = [time for time, _ in changes[1:]] + [end]
    return sum(
        value * (stop - start)
        for (start, value), stop in zip(changes, ends, strict=True)
    )


def value_at(changes, time_s: float) -> float | None:
    """Return what a signal is at a time."""
    return changes[bisect_right([time for time, _ in changes], time_s) - 1][1]


def check(report: dict, signals: Signals, end_s: float) -> None:
    """Compare energy, period and rails."""
    assert abs(end_s - report["period_s"]) <= 1e-15 + 1e-12 * end_s
    energy_j = integrate(signals["power_w"], end_s)
    assert abs(energy_j - report["energy_j"]) <= 1e-9 * report["energy_j"], energy_j
    for layer in report["layers"]:
        middle = layer["start_s"] + layer["time_s"] / 2
        for domain, voltage in layer["voltage_v"].items():
            assert value_at(signals[f"{domain}_v"], middle) == voltage


def main() -> None:
    """Check both traces of one schedule."""
    path = sys.argv[1]
    schedule, report = load(path)
    layers = report["layers"]

    signals, end_s = read_vcd(translate(path, "vcd"))
    check(report, signals, end_s)
    starts = [(time, n) for time, n in signals["layer"] if n is not None]
    assert [number for _, number in starts] == list(range(len(layers)))
    for (time_s, _), layer in zip(starts, layers, strict=True):
        assert abs(time_s - layer["start_s"]) <= 1e-15

    signals, end_s, slices = read_trace(translate(path, "perfetto"))
    check(report, signals, end_s)
    for event, layer in zip(slices, layers, strict=True):
        assert event["name"] == layer["name"]
        assert abs(event["ts"] * 1e-6 - layer["start_s"]) <= 1e-14
        assert abs(event["dur"] * 1e-6 - layer["time_s"]) <= 1e-14
    for memory in (field.of for field in schedule.fields if field.kind == "banks"):
        assert signals[f"{memory}_banks"]
    print(f"{len(layers)} layers, {len(signals)} signals, energy as scheduled")


if __name__ == "__main__":
    main()
