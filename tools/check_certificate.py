#!/usr/bin/env python3
# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check that a schedule is one of least energy, without trusting the search.

Usage: check_certificate.py CERTIFICATE.json [--tolerance T]

Reads what `pfmlir.certify` wrote and nothing else, and needs numpy only. It proves that
the schedule is one, that it costs what is claimed, and that no schedule costs less than
that by more than the tolerance, relatively.

The proof, for each set of rails and each way (tail) in which a period can end:

    cost = E + e + p (r - A)    for a path of energy E and time A <= r,

where the tail draws p watts, costs e joules once, and leaves the layers r seconds. With
G = E - p A and any price of time >= 0,

    cost >= G + e + p r + price * (A - r)    because A <= r.

So the shortest path under G + price * A bounds all paths of the tail. The certificate
has the price (its multiplier plus p). Where that bound is not enough, paths are built
layer by layer, and one is dropped when the same bound on its completions says so, when
its fastest completion is late, or when another one in the same state has no more of
both A and G. If none is left after the last layer, no schedule of the tail costs less.

Every sum is rounded down (up, where it is subtracted), so that a bound is one in spite
of floating point. A price that is no good costs time, and never makes a false proof.
"""

import argparse
import itertools
import json
import math
import sys

import numpy as np

# How far a deadline may be exceeded, relatively: part of the problem's definition.
TIME_TOLERANCE = 1e-12


def down(x):
    """Return the next smaller doubles: what a rounded sum is at least."""
    return np.nextafter(x, -np.inf)


def up(x):
    """Return the next larger doubles."""
    return np.nextafter(x, np.inf)


class Problem:
    """The problem, with exact transition costs looked up by level."""

    def __init__(self, data):
        def numbers(name):
            table = [[math.inf if v is None else v for v in row] for row in data[name]]
            return np.array(table, dtype=float)

        self.energy, self.time = numbers("energy_j"), numbers("time_s")
        self.leakage = np.array(data["leakage_w"], dtype=float)
        self.levels = np.array(data["states"], dtype=int)
        self.transition_energy = np.array(data["transition_energy_j"], dtype=float)
        self.transition_time = np.array(data["transition_time_s"], dtype=float)
        self.sleeps = [tuple(state) for state in data["sleep_states"]]
        self.period, self.max_rails = data["period_s"], data["max_rails"]
        for table in (self.energy, self.time, self.leakage):
            if not (table >= 0).all():
                raise ValueError("a cost is negative or no number")
        # A state that a layer does not have costs more than anything.
        absent = ~(np.isfinite(self.energy) & np.isfinite(self.time))
        self.energy[absent], self.time[absent] = np.inf, 0.0

    def transitions(self, costs, states, rounded):
        """Return costs from state to state of a list, summed over domains."""
        total = np.zeros((len(states), len(states)))
        for domain, matrix in enumerate(costs):
            level = self.levels[states, domain]
            total = rounded(total + matrix[np.ix_(level, level)])
        return total


def add_up(problem, schedule):
    """Check that a schedule is one, and return its energy."""
    states = schedule["states"]
    rails = {level for s in states for level in problem.levels[s].tolist()}
    if len(states) != len(problem.energy) or len(rails) > problem.max_rails:
        raise ValueError("the schedule has other layers, or too many rails")
    energies = [problem.energy[i, s] for i, s in enumerate(states)]
    times = [problem.time[i, s] for i, s in enumerate(states)]
    for before, after in itertools.pairwise(states):
        for domain, (a, b) in enumerate(
            zip(problem.levels[before], problem.levels[after], strict=True)
        ):
            energies.append(problem.transition_energy[domain, a, b])
            times.append(problem.transition_time[domain, a, b])
    power, once, overhead = problem.leakage[-1, states[-1]], 0.0, 0.0
    if schedule["tail"] is not None:
        power, once, overhead = problem.sleeps[schedule["tail"]]
    active = math.fsum(times)
    if not active + overhead <= problem.period * (1 + TIME_TOLERANCE):
        raise ValueError("the schedule misses the deadline")
    rest = max(problem.period - active - overhead, 0.0)
    return math.fsum([*energies, once, power * rest])


class RailSet:
    """The states on some rails, layer by layer."""

    def __init__(self, problem, rails):
        self.problem = problem
        self.states = np.flatnonzero(np.isin(problem.levels, rails).all(axis=1))
        self.energy = problem.energy[:, self.states]
        self.time = problem.time[:, self.states]
        self.leakage = problem.leakage[-1, self.states]
        energy, time = problem.transition_energy, problem.transition_time
        self.step_energy = problem.transitions(energy, self.states, down)
        self.step_time = problem.transitions(time, self.states, down)
        self.step_time_at_most = problem.transitions(time, self.states, up)

    def sweep(self, costs, steps):
        """Return least costs from after each state to the end, [layer, state]."""
        to_go = np.zeros_like(costs)
        for layer in range(len(costs) - 2, -1, -1):
            onward = down(steps + down(costs[layer + 1] + to_go[layer + 1]))
            to_go[layer] = onward.min(axis=1)
        return to_go

    def tails(self):
        """Yield the name and the Tail of each way to end the period."""
        everywhere = np.ones(len(self.states), dtype=bool)
        period = self.problem.period
        for i, (power, energy, time) in enumerate(self.problem.sleeps):
            yield ("sleep", i), Tail(power, energy, period, time, everywhere)
        for i, state in enumerate(self.states):
            last = np.arange(len(self.states)) == i
            if np.isfinite(self.energy[-1, i]):
                tail = Tail(self.leakage[i], 0.0, period, 0.0, last)
                yield ("idle", int(state)), tail


class Tail:
    """A way to end the period: its power, its least cost, and the room it leaves."""

    def __init__(self, power, energy, period, time, last):
        # The states of the last layer that it may follow.
        self.power, self.last = power, last
        # The latest that layers may end, and what is drawn if they take no time.
        self.room = up(up(up(period * (1 + TIME_TOLERANCE)) - time))
        self.constant = down(energy + down(power * down(period - time)))


def prove_tail(rail_set, tail, price, target):
    """Return whether no path of a tail costs less than the target."""
    room, constant = tail.room, tail.constant
    time_at_least = rail_set.time.copy()
    time_at_least[-1, ~tail.last] = np.inf
    time_to_go = rail_set.sweep(time_at_least, rail_set.step_time)
    if down(time_at_least[0] + time_to_go[0]).min() > room:
        return True
    price = max(price, 0.0)
    work = down(rail_set.energy - up(tail.power * rail_set.time))
    work[-1, ~tail.last] = np.inf
    step = down(rail_set.step_energy - up(tail.power * rail_set.step_time_at_most))
    late = up(price * room)
    priced = down(work + down(price * rail_set.time))
    priced_step = down(step + down(price * rail_set.step_time))
    to_go = rail_set.sweep(priced, priced_step)
    start = down(priced[0] + to_go[0])
    if down(down(start + constant) - late).min() >= target:
        return True

    # Build paths: arrays of time and G, and the state that each is in.
    time, g = rail_set.time[0], work[0]
    state = np.arange(len(time))
    for layer in range(len(work)):
        if layer > 0:
            time = down(
                down(time[:, None] + rail_set.step_time[state]) + rail_set.time[layer]
            ).ravel()
            g = down(down(g[:, None] + step[state]) + work[layer]).ravel()
            state = np.tile(np.arange(len(rail_set.states)), len(state))
        bound = down(down(g + down(price * time)) + to_go[layer, state])
        keep = down(down(bound + constant) - late) < target
        keep &= down(time + time_to_go[layer, state]) <= room
        time, g, state = time[keep], g[keep], state[keep]
        # Of one state by increasing time, only those that have less G than all before.
        order = np.lexsort((g, time, state))
        time, g, state = time[order], g[order], state[order]
        keep = np.ones(len(g), dtype=bool)
        for first, end in spans(state):
            best = np.minimum.accumulate(g[first:end])
            keep[first + 1 : end] = g[first + 1 : end] < best[:-1]
        time, g, state = time[keep], g[keep], state[keep]
        if not len(time):
            return True
    return bool(down(g + constant).min() >= target)


def spans(state):
    """Return where runs of equal numbers begin and end."""
    edges = np.flatnonzero(np.diff(state)) + 1
    return itertools.pairwise([0, *edges.tolist(), len(state)])


def check(certificate, tolerance):
    """Check a certificate; raise ValueError for what is wrong."""
    if certificate.get("format") != "pfmlir certificate 1":
        raise ValueError("this is no certificate")
    problem = Problem(certificate["problem"])
    energy = add_up(problem, certificate["schedule"])
    if not math.isclose(energy, certificate["schedule"]["energy_j"], rel_tol=1e-11):
        raise ValueError(f"the schedule costs {energy} J, and not what is claimed")
    target = energy * (1 - tolerance)
    multipliers = certificate["multipliers"]
    known = {tuple(entry["rails"]): entry for entry in multipliers["rail_sets"]}
    levels = np.unique(problem.levels)
    number, proven = min(problem.max_rails, len(levels)), 0
    for rails in itertools.combinations(levels.tolist(), number):
        rail_set = RailSet(problem, rails)
        if not len(rail_set.states):
            continue
        if not np.isfinite(rail_set.energy).any(axis=1).all():
            continue
        entry = known.get(rails, {"sleep": [], "idle": []})
        prices = {("sleep", i): mu for i, mu in enumerate(entry["sleep"])}
        prices |= {("idle", state): mu for state, mu in entry["idle"]}
        for name, tail in rail_set.tails():
            price = prices.get(name, multipliers["elsewhere"]) + tail.power
            if not prove_tail(rail_set, tail, price, target):
                raise ValueError(f"rails {rails}, tail {name}: there may be better")
            proven += 1
    return energy, proven


def main():
    """Check a file, and say what was proven."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("certificate")
    parser.add_argument("--tolerance", type=float, default=1e-11)
    options = parser.parse_args()
    try:
        with (
            open(options.certificate, encoding="utf-8") as file,
            np.errstate(over="ignore"),
        ):
            energy, proven = check(json.load(file), options.tolerance)
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        print(f"NOT PROVEN: {error}", file=sys.stderr)
        return 1
    print(
        f"proven: {energy:.12e} J, and no schedule costs less by more than "
        f"{options.tolerance:g} of that ({proven} ends of periods on all rails)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
