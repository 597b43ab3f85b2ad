# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The proof that schedules of several networks on the same rails cost least together.

On each set of rails every network costs something at least, which is proven as of one
network; the sum of that, each times its weight, is no less than what is claimed. Where
one of them has no schedule in time on a set of rails, there is nothing else to prove.
"""

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from .problem import Problem, RefusedError
from .proof import ENERGY_TOLERANCE, RailSet, add_up, down, prove_tail
from .reading import Certificate, read_content, read_rails
from .values import read_items, read_members, read_number, refused

JOINT_FORMAT = "pfmlir joint certificate 1"
JOINT_CERTIFICATE = ("format", "weights", "energy_j", "certificates", "bounds")


@dataclass(frozen=True)
class JointCertificate:
    """What a certificate of several networks on the same rails says.

    Attributes
    ----------
    members : list of Certificate
        What each network's schedule is said to be; it need not be an optimum.
    weights : list of float
        What a joule of each counts.
    energy_j : float
        The sum of their energies, each times its weight, as claimed.
    bounds : dict
        By rails, what each member costs at least on these, in joules; None where it has
        no schedule.
    """

    members: list[Certificate]
    weights: list[float]
    energy_j: float
    bounds: dict[tuple[int, ...], list[float | None]]


def read_joint(content: Any) -> JointCertificate:
    """Return what the certificate of several networks says, from its JSON."""
    form, weights, energy_j, certificates, bounds = read_members(
        content, "the certificate", JOINT_CERTIFICATE
    )
    if form != JOINT_FORMAT:
        raise refused("format", JOINT_FORMAT, form)
    members = []
    for i, member in enumerate(read_items(certificates, "certificates")):
        try:
            members.append(read_content(member))
        except RefusedError as error:
            raise RefusedError(f"certificates[{i}]: {error}") from None
    read_weights = [
        read_number(weight, f"weights[{i}]")
        for i, weight in enumerate(read_items(weights, "weights", len(members)))
    ]
    count = len(members[0].problem.levels_v)
    found = {}
    for i, entry in enumerate(read_items(bounds, "bounds")):
        where = f"bounds[{i}]"
        levels, least = read_members(entry, where, ("rails", "at_least_j"))
        rails = read_rails(levels, f"{where}.rails", count)
        if rails in found:
            raise RefusedError(f"{where}: expects rails {rails} once")
        found[rails] = [
            None if item is None else read_number(item, f"{where}.at_least_j[{k}]")
            for k, item in enumerate(
                read_items(least, f"{where}.at_least_j", len(members))
            )
        ]
    return JointCertificate(
        members, read_weights, read_number(energy_j, "energy_j"), found
    )


def _check_members(certificate: JointCertificate) -> None:
    """Check that members are on the same levels, as many of them, and as they say."""
    first = certificate.members[0].problem
    for i, member in enumerate(certificate.members):
        problem, where = member.problem, f"certificates[{i}]"
        if not np.array_equal(problem.levels_v, first.levels_v):
            raise RefusedError(f"{where}: expects the levels of the first")
        if problem.max_rails != first.max_rails:
            raise RefusedError(f"{where}: expects as many rails as the first")
        if problem.rail_power_w:
            raise RefusedError(f"{where}: expects rails that draw nothing themselves")
        if member.sha256 != problem.digest():
            raise RefusedError(f"{where}.problem_sha256: expects {problem.digest()}")
        energy = add_up(problem, member.schedule)
        if not math.isclose(energy, member.schedule.energy_j, rel_tol=ENERGY_TOLERANCE):
            raise RefusedError(
                f"{where}.schedule.energy_j: expects {energy} J, which the schedule "
                "costs"
            )


def _check_rails(certificate: JointCertificate) -> None:
    """Check that all schedules are on as many rails as there may be."""
    used: set[int] = set()
    for member in certificate.members:
        of_states = member.problem.rails()
        used.update(*(of_states[state] for state in member.schedule.states))
    most = certificate.members[0].problem.max_rails
    if len(used) > most:
        raise RefusedError(
            f"certificates: expects at most {most} rails together, but got {len(used)}"
        )


def _prove_member(
    member: Certificate,
    rails: tuple[int, ...],
    of_states: list[set[int]],
    least: float,
) -> int:
    """Prove that a network costs at least so much on rails; return for how many tails.

    Infinitely much is to have no schedule there.
    """
    rail_set = RailSet(member.problem, rails, of_states)
    if not rail_set.has_schedules():
        return 0
    proven = 0
    for name, tail in rail_set.tails():
        price = member.prices.get((rails, name), member.price)
        if not prove_tail(rail_set, tail, price + tail.power, least):
            raise RefusedError(
                f"network {member.problem.network}, rails {list(rails)}, {name[0]} "
                f"{name[1]}: there may be schedules of less than {least} J"
            )
        proven += 1
    return proven


@np.errstate(over="ignore")
def prove_joint(
    certificate: JointCertificate, tolerance: float
) -> tuple[float, int, list[Problem]]:
    """Prove that no rails cost less, up to a relative tolerance.

    Returns the weighted energy, of how many tails something was proven, and the
    problems; raises RefusedError if it can't be proven.
    """
    _check_members(certificate)
    _check_rails(certificate)
    members = certificate.members
    of_states = [member.problem.rails() for member in members]
    energy = math.fsum(
        weight * member.schedule.energy_j
        for weight, member in zip(certificate.weights, members, strict=True)
    )
    if not math.isclose(energy, certificate.energy_j, rel_tol=ENERGY_TOLERANCE):
        raise RefusedError(f"energy_j: expects {energy}, the weighted sum")
    levels = sorted(set().union(*(rails for each in of_states for rails in each)))
    most = min(members[0].problem.max_rails, len(levels))
    proven = 0
    for rails in combinations(levels, most):
        if rails not in certificate.bounds:
            raise RefusedError(f"bounds: expects some of rails {list(rails)}")
        bounds = certificate.bounds[rails]
        if None in bounds:
            late = bounds.index(None)
            proven += _prove_member(members[late], rails, of_states[late], math.inf)
            continue
        # Half of the tolerance is for the rounding of each bound.
        least = [bound * (1 - tolerance / 2) for bound in bounds if bound is not None]
        total = 0.0
        for weight, each in zip(certificate.weights, least, strict=True):
            total = float(down(total + down(weight * each)))
        if total < energy * (1 - tolerance):
            raise RefusedError(
                f"rails {list(rails)}: expects bounds of {energy} together, but got "
                f"{total}"
            )
        for member, each, states in zip(members, least, of_states, strict=True):
            proven += _prove_member(member, rails, states, each)
    return energy, proven, [member.problem for member in members]
