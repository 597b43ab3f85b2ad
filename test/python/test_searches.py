# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the table of searches: in the C API, in Python, and of what it says."""

import ctypes
import math
from pathlib import Path

import numpy
import pfmlir
import pytest
from pfmlir._mlir_libs import _pfmlirScheduler as scheduler
from small import NET


class Text(ctypes.Structure):
    """MlirStringRef."""

    _fields_ = (("data", ctypes.c_void_p), ("length", ctypes.c_size_t))

    def __str__(self) -> str:
        return ctypes.string_at(self.data, self.length).decode()


class Search(ctypes.Structure):
    """PfmlirSearch."""

    _fields_ = (
        ("name", Text),
        ("description", Text),
        ("proves_optimum", ctypes.c_bool),
        ("is_complete", ctypes.c_bool),
        ("needs_nominal", ctypes.c_bool),
    )


def test_searches_of_the_c_api_are_the_schedulers():
    library = Path(scheduler.__file__).parent / "libPFMLIRPythonCAPI.so"
    api = ctypes.CDLL(str(library))
    api.pfmlirGetNumSearches.restype = ctypes.c_ssize_t
    api.pfmlirGetSearch.restype = Search
    api.pfmlirGetSearch.argtypes = [ctypes.c_ssize_t]
    searches = scheduler.searches()
    assert api.pfmlirGetNumSearches() == len(searches) > 1
    for i, search in enumerate(searches):
        found = api.pfmlirGetSearch(i)
        assert str(found.name) == search.name
        assert str(found.description) == search.description
        for name, kind in Search._fields_:
            if kind is ctypes.c_bool:
                assert getattr(found, name) == getattr(search, name)


def test_searches_do_what_they_say():
    costs = pfmlir.tabulate_costs(pfmlir.import_model(NET))
    for search in scheduler.searches():
        found = pfmlir.schedule(NET, search=search.name)
        assert found.is_optimal or not search.proves_optimum
        if not search.needs_nominal:
            assert costs.solve(period_s=5.0, search=search.name).energy_j == 1.1
            continue
        with pytest.raises(pfmlir.CompilationError, match="nominal voltage among"):
            pfmlir.schedule(NET, levels_v=[0.9], search=search.name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("best", "search: expected exact, .* or nominal, but got 'best'"),
        ("greedy", "search: 'greedy' needs nominal voltages"),
    ],
)
def test_searches_on_arrays(name, message):
    # One layer with one state.
    none = numpy.zeros((1, 1))
    problem = scheduler.Problem(
        layer_begin=numpy.array([0, 1]),
        settings=numpy.zeros((1, 1), dtype=numpy.uint16),
        energy_j=numpy.array([3.0]),
        time_s=numpy.array([1.0]),
        idle_power_w=numpy.array([0.0]),
        num_levels=1,
        max_rails=1,
        period_s=2.0,
        rails=[numpy.zeros(1, dtype=numpy.uint16)],
        transition_energy_j=[none],
        transition_time_s=[none],
        sleep_states=numpy.zeros((0, 3)),
        margin=0.0,
        rail_power_w=0.0,
        transition_power_w=0.0,
        overlapping_ramps=False,
    )
    with pytest.raises(ValueError, match=message):
        scheduler.solve(problem, name, math.inf, 0.0, 10**9, 1)
    found = scheduler.solve(problem, "lambda-dp", math.inf, 0.0, 10**9, 1)
    assert found["energy_j"] == 3.0
