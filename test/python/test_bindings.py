# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of MLIR's bindings under pfmlir, and of the power dialect among them."""

import importlib
import importlib.util
import json
import pkgutil
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy
import pfmlir
import pfmlir.dialects
import pytest
from pfmlir import ir, passmanager, rewrite
from pfmlir.dialects import arith, func, power

PACKAGE = Path(pfmlir.__path__[0])

NAN = float("nan")
INFINITY = float("inf")

NETWORK = """
func.func @net() {
  power.layer "conv1" workload #power.conv2d<
    input = [3, 224, 224], output_channels = 64, kernel = [3, 3], strides = [2, 2]>
  power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
  return
}
"""

has_torch_mlir = importlib.util.find_spec("torch_mlir") is not None
needs_torch_mlir = pytest.mark.skipif(not has_torch_mlir, reason="needs torch-mlir")


@pytest.fixture
def context() -> Any:
    """Everything is built in here."""
    with ir.Context() as context, ir.Location.unknown():
        yield context


def run_python(code: str) -> str:
    """Return what code prints in an interpreter of its own."""
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


# ---------------------------------------------------------------------------
# Modules
# ---------------------------------------------------------------------------

DIALECTS = sorted(
    name
    for _, name, _ in pkgutil.iter_modules(pfmlir.dialects.__path__)
    if not name.startswith("_")
)


@pytest.mark.parametrize("name", DIALECTS)
def test_dialect_imports(name: str) -> None:
    module = importlib.import_module(f"pfmlir.dialects.{name}")
    assert module.__name__ == f"pfmlir.dialects.{name}"


def test_dialects_are_there() -> None:
    wanted = "affine arith bufferization func linalg math memref power scf tensor tosa"
    assert set(wanted.split()) <= set(DIALECTS)


@pytest.mark.parametrize(
    "name",
    [
        *("ir", "passmanager", "rewrite", "extras.types", "extras.meta"),
        *("dialects.linalg.passes", "dialects.linalg.opdsl.lang"),
    ],
)
def test_module_imports(name: str) -> None:
    try:
        importlib.import_module(f"pfmlir.{name}")
    except ModuleNotFoundError as error:
        # The definitions of linalg's operations are read from YAML.
        if error.name != "yaml":
            raise


def test_import_is_light() -> None:
    code = (
        "import sys, pfmlir, pfmlir.ir, pfmlir.passmanager, pfmlir.rewrite\n"
        "from pfmlir.dialects import power\n"
        "names = 'torch torch_mlir matplotlib pandas IPython'.split()\n"
        "print([name for name in names if name in sys.modules])\n"
    )
    assert run_python(code) == "[]\n"


def test_stubs_are_there() -> None:
    assert (PACKAGE / "py.typed").is_file()
    libraries = PACKAGE / "_mlir_libs"
    for name in (
        *("_mlir/__init__.pyi", "_mlir/ir.pyi", "_mlir/passmanager.pyi"),
        *("_mlir/rewrite.pyi", "_pfmlirPower.pyi", "_pfmlirScheduler.pyi"),
    ):
        assert (libraries / name).is_file(), name
        compile((libraries / name).read_text(), name, "exec")
    stub = (libraries / "_pfmlirPower.pyi").read_text()
    for name in ATTRIBUTES:
        assert f"class {name}(" in stub
    assert "def print_schedule(" in stub


@pytest.mark.skipif(shutil.which("nm") is None, reason="needs nm")
def test_only_the_c_api_is_exported() -> None:
    """Two copies of LLVM in one process must not find each other's symbols."""
    (library,) = (PACKAGE / "_mlir_libs").glob("libPFMLIRPythonCAPI.so*")
    result = subprocess.run(
        ["nm", "-D", "--defined-only", str(library)],
        capture_output=True,
        text=True,
        check=True,
    )
    names = [line.split()[-1] for line in result.stdout.splitlines()]
    assert "mlirContextCreate" in names
    assert [name for name in names if not name.startswith(("mlir", "pfmlir"))] == []
    # What is ours has our prefix.
    assert "pfmlirPowerAttrGetChecked" in names
    assert [name for name in names if re.match("mlir.*power", name, re.I)] == []


# ---------------------------------------------------------------------------
# Attributes
# ---------------------------------------------------------------------------

PRICES = dict.fromkeys(
    (
        *("mac_energy_j", "weight_buffer_write_energy_j"),
        *("weight_buffer_read_energy_j", "output_write_energy_j"),
        *("input_read_energy_j", "weight_memory_read_energy_j"),
        *("lane_write_energy_j", "lane_read_energy_j", "stagger_energy_j"),
        *("feeder_control_energy_j", "gate_control_energy_j"),
        *("dma_control_energy_j", "gate_controller_leakage_w"),
    ),
    1.5e-12,
)

# By class: what it needs, and what it can do without: its other values.
ATTRIBUTES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Conv2DAttr": (
        {"input": [4, 9, 8], "output_channels": 6, "kernel": [3, 2]},
        {
            **{"strides": [2, 1], "padding": [1, 0, 2, 1], "dilations": [1, 2]},
            **{"groups": 2, "batch": 3},
            **{"activation_bits": 16, "weight_bits": 4, "output_bits": 32},
        },
    ),
    "MatmulAttr": (
        {"m": 1, "k": 512, "n": 10},
        {
            **{"batch": 4, "data_operands": 2},
            **{"activation_bits": 16, "weight_bits": 4, "output_bits": 32},
        },
    ),
    "VectorAttr": ({"operations": 3, "reads": 2, "writes": 1}, {"bits": 8}),
    "RooflineAttr": (
        {
            **{"domain": "array", "macs_per_cycle": 8.0, "mac_energy_j": 1e-12},
            **{"bytes_per_cycle": 4.0, "byte_energy_j": 2e-12},
        },
        {
            **{"activation_bits": 16, "weight_bits": 4, "output_bits": 32},
            **{"memory_domain": "sram", "feature_memory": "a", "weight_memory": "b"},
            **{"operations_per_cycle": 2.0, "operation_energy_j": 1e-12},
        },
    ),
    "ExponentialLeakageAttr": (
        {"voltage_per_efold_v": 0.25},
        {"reference_c": 25.0, "doubling_c": 10.0},
    ),
    "ConverterAttr": (
        {"fixed_loss_w": 1e-5, "proportional_loss": 0.1, "resistance_ohm": 0.05},
        {},
    ),
    "EfficiencyTableAttr": (
        {"voltage_v": [0.8, 1.0], "efficiency": [0.8, 0.9]},
        {},
    ),
    "DelayPolynomialAttr": (
        {
            "coefficients": [4922.0, -11041.0, 8656.0, -2306.0],
            **{"minimum_v": 0.9, "maximum_v": 1.3},
        },
        {},
    ),
    "FrequencyTableAttr": (
        {"voltage_v": [0.8, 1.0, 1.2], "frequency_hz": [1e8, 2e8, 2.6e8]},
        {},
    ),
    "GatingAttr": ({"mode": "bank"}, {"granularity": 4}),
    "CostTableAttr": (
        {
            "voltages_v": [[0.9, 0.9], [1.1, 0.9], [1.1, 1.1]],
            "energy_j": [1e-6, 1.3e-6, 2e-6],
            "time_s": [2e-3, 1.5e-3, 1e-3],
            "leakage_w": [0.0, 1.2e-4, 0.1],
        },
        {},
    ),
    "MeasuredAttr": ({"tables": {}}, {}),
    "AnalyticalAttr": (
        {
            **{"array_domain": "sys", "weight_domain": "weight"},
            **{"feeder_domain": "feeder", "input_memory": "ifmap"},
            **{"output_memory": "ofmap", "weight_memory": "rram"},
            **PRICES,
        },
        {"reduction_chunk": 576, "other_work": "traffic"},
    ),
    "StateAttr": (
        {"voltages_v": [0.9, 1.1], "energy_j": 5e-6, "time_s": 0.1, "leakage_w": 0.0},
        {"implementation": "cpu"},
    ),
}
OWN_DEFAULTS = {
    "RooflineAttr": {"activation_bits": 8, "weight_bits": 8, "output_bits": 8}
}
DEFAULTS = {"groups": 1, "batch": 1, "granularity": 1, "data_operands": 1}


def values_of(attribute: Any, names: Any) -> dict[str, Any]:
    """Return properties, arrays as lists."""
    values = {}
    for name in names:
        value = getattr(attribute, name)
        if isinstance(value, numpy.ndarray):
            assert value.dtype == numpy.float64
            value = value.tolist()
        elif isinstance(value, ir.DictAttr):
            value = {each.name: each.attr for each in value}
        values[name] = value
    return values


def build(kind: str, **changes: Any) -> Any:
    """Return an attribute with the values above, but for some."""
    needed, _ = ATTRIBUTES[kind]
    return getattr(power, kind).get(**{**needed, **changes})


@pytest.mark.parametrize("kind", ATTRIBUTES)
def test_attribute(kind: str, context: ir.Context) -> None:
    cls = getattr(power, kind)
    needed, optional = ATTRIBUTES[kind]
    least, most = build(kind), build(kind, **optional)
    defaults = DEFAULTS | OWN_DEFAULTS.get(kind, {})
    absent = {name: defaults.get(name) for name in optional}
    assert values_of(least, needed | optional) == needed | absent
    assert values_of(most, needed | optional) == needed | optional
    assert (least == most) == (not optional)
    assert least == build(kind, **dict.fromkeys(optional))
    assert least == build(kind, context=context)
    for attribute in (least, most):
        assert type(attribute) is cls
        parsed = ir.Attribute.parse(str(attribute))
        assert type(parsed) is cls
        assert parsed == attribute
        assert hash(parsed) == hash(attribute)
        assert type(cls(ir.Attribute.parse(str(attribute)))) is cls
        # From one context to another, by its text.
        other = ir.Attribute.parse(str(attribute), ir.Context())
        assert str(other) == str(attribute)
        assert other != attribute
    with pytest.raises((ValueError, TypeError)):
        cls(ir.UnitAttr.get())
    with pytest.raises(AttributeError):
        setattr(least, next(iter(needed)), 1)


@pytest.mark.parametrize("kind", ATTRIBUTES)
def test_keywords_of_attributes(kind: str, context: ir.Context) -> None:
    cls = getattr(power, kind)
    needed, _ = ATTRIBUTES[kind]
    for name in needed:
        rest = {other: value for other, value in needed.items() if other != name}
        with pytest.raises(TypeError, match=rf"{kind}\.get\(\): missing '{name}'"):
            cls.get(**rest)
        with pytest.raises(TypeError, match=f"missing '{name}'"):
            cls.get(**rest, **{name: None})
        with pytest.raises(TypeError, match=f"'{name}' to be .* but got <object"):
            build(kind, **{name: object()})
    with pytest.raises(TypeError, match="unexpected keyword argument 'nonsense'"):
        build(kind, nonsense=1)
    with pytest.raises(TypeError):
        cls.get(*needed.values())
    # As ever, without a context there is nowhere to put it.
    with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError, match="Context"):
        pool.submit(build, kind).result()


def test_measured_tables(context: ir.Context) -> None:
    table = build("CostTableAttr")
    measured = build("MeasuredAttr", tables={"fc": table, "conv 1": table})
    assert isinstance(measured.tables, ir.DictAttr)
    assert len(measured.tables) == 2
    assert type(measured.tables["conv 1"]) is power.CostTableAttr
    assert ir.Attribute.parse(str(measured)) == measured


def test_measured_tables_of_measured_tables(context: ir.Context) -> None:
    measured = build("MeasuredAttr", tables={"fc": build("CostTableAttr")})
    assert build("MeasuredAttr", tables=measured.tables) == measured


def test_arrays_of_attributes(context: ir.Context) -> None:
    """Arrays are copies, of any layout; integers may come from numpy."""
    volts = numpy.array([[0.9, 1.1, 1.1], [0.9, 0.9, 1.1]])
    table = build("CostTableAttr", voltages_v=numpy.asfortranarray(volts).T)
    assert table == build("CostTableAttr", voltages_v=volts.T.tolist())
    got = table.voltages_v
    assert got.shape == (3, 2)
    got[:] = 7
    assert table.voltages_v.tolist() == volts.T.tolist()
    del table
    assert got.sum() == 42
    assert build("MatmulAttr", m=numpy.int64(1)) == build("MatmulAttr")
    kernel = numpy.array([3, 2])
    assert build("Conv2DAttr", kernel=kernel) == build("Conv2DAttr", kernel=(3, 2))


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("MatmulAttr", {"m": 0}, "m to be at least 1, but got 0"),
        ("MatmulAttr", {"batch": -1}, "batch to be at least 1"),
        ("Conv2DAttr", {"input": [3, 8]}, "input to be"),
        ("Conv2DAttr", {"input": []}, "input to be"),
        ("Conv2DAttr", {"kernel": [30, 30]}, "fit into the padded input"),
        ("Conv2DAttr", {"strides": [0, 1]}, "strides to be at least 1"),
        ("Conv2DAttr", {"padding": [1, 1]}, "padding to be"),
        ("Conv2DAttr", {"groups": 0}, "groups to be at least 1"),
        ("GatingAttr", {"mode": "off"}, "'mode' to be none, sram or bank"),
        ("GatingAttr", {"granularity": 0}, "granularity to be at least 1"),
        ("CostTableAttr", {"time_s": [1.0]}, "for every state"),
        ("CostTableAttr", {"energy_j": []}, "at least one state"),
        ("CostTableAttr", {"energy_j": [1, 2, NAN]}, "finite and not negative"),
        ("CostTableAttr", {"time_s": [1, 2, -1]}, "finite and not negative"),
        ("CostTableAttr", {"voltages_v": [1] * 3 + [INFINITY] * 3}, "finite"),
        ("CostTableAttr", {"voltages_v": numpy.ones((3, 2))}, "one row a state"),
        ("CostTableAttr", {"voltages_v": numpy.ones((3, 0))}, "for every state"),
        ("StateAttr", {"energy_j": NAN}, "energy_j to be finite"),
        ("StateAttr", {"voltages_v": []}, "volt"),
        ("FrequencyTableAttr", {"voltage_v": [1.0, 0.9, 0.8]}, "increas"),
        ("FrequencyTableAttr", {"frequency_hz": [1e8]}, "voltage"),
        ("DelayPolynomialAttr", {"coefficients": []}, "positive delay"),
        ("DelayPolynomialAttr", {"minimum_v": 1.4}, "minimum_v"),
        ("AnalyticalAttr", {"mac_energy_j": -1.0}, "mac_energy_j"),
        ("AnalyticalAttr", {"reduction_chunk": 0}, "reduction_chunk"),
    ],
)
def test_invalid_attributes(
    kind: str, changes: dict[str, Any], message: str, context: ir.Context
) -> None:
    with pytest.raises(ir.MLIRError, match=message):
        build(kind, **changes)


def test_shape_of_voltages(context: ir.Context) -> None:
    """Two states by three domains are not three states by two."""
    volts = [[0.9, 1.1, 0.8], [1.1, 0.9, 0.7]]
    with pytest.raises((TypeError, ValueError, ir.MLIRError)):
        build("CostTableAttr", voltages_v=volts)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("MatmulAttr", {"m": "one"}),
        ("MatmulAttr", {"m": [1]}),
        ("MatmulAttr", {"m": 1j}),
        ("MatmulAttr", {"m": 2**63}),
        ("MatmulAttr", {"m": 1.5}),
        ("MatmulAttr", {"m": "1"}),
        ("MatmulAttr", {"m": b"1"}),
        ("Conv2DAttr", {"input": 5}),
        ("Conv2DAttr", {"input": [[3, 8, 8]]}),
        ("Conv2DAttr", {"input": [3, 8, 2**63]}),
        ("Conv2DAttr", {"input": [3.5, 8.5, 8.5]}),
        ("Conv2DAttr", {"input": "388"}),
        ("GatingAttr", {"mode": 5}),
        ("GatingAttr", {"mode": b"bank"}),
        ("StateAttr", {"energy_j": "much"}),
        ("StateAttr", {"energy_j": [1.0]}),
        ("StateAttr", {"energy_j": 1j}),
        ("StateAttr", {"energy_j": 10**400}),
        ("StateAttr", {"energy_j": "5"}),
        ("CostTableAttr", {"energy_j": "x"}),
        ("CostTableAttr", {"energy_j": [1j, 2, 3]}),
        ("CostTableAttr", {"voltages_v": [[1, 2], [3]]}),
        ("CostTableAttr", {"energy_j": ["1", "2", "3"]}),
        ("MeasuredAttr", {"tables": []}),
        ("MeasuredAttr", {"tables": {"conv": 5}}),
        ("MeasuredAttr", {"tables": {"conv": None}}),
        ("MeasuredAttr", {"tables": {5: None}}),
        ("AnalyticalAttr", {"array_domain": 5}),
        ("MatmulAttr", {"context": 5}),
        ("StateAttr", {"context": "here"}),
    ],
)
def test_wrong_types_in_attributes(
    kind: str, changes: dict[str, Any], context: ir.Context
) -> None:
    with pytest.raises(TypeError, match=rf"{kind}\.get\(\).*'{next(iter(changes))}'"):
        build(kind, **changes)


# ---------------------------------------------------------------------------
# Operations
# ---------------------------------------------------------------------------


def build_target(max_rails: int = 2) -> power.TargetOp:
    """Build a target of two domains at the insertion point."""
    target = power.target("tiny", levels_v=[0.9, 1.1], max_rails=max_rails)
    with ir.InsertionPoint(target.block):
        power.domain("array", nominal_v=1.1)
        power.domain("buffer", nominal_v=1.1)
        power.transition(energy_j=0.25, time_s=0.0)
        power.transition(
            domain="buffer", energy_j=[[0, 0.5], [0.125, 0]], time_s=[[0, 0], [0, 0]]
        )
        power.sleep_state(
            "off",
            power_w=0.0,
            **dict.fromkeys(("entry_energy_j", "exit_energy_j"), 0.0),
            **dict.fromkeys(("entry_time_s", "exit_time_s"), 0.0),
        )
    return target


def build_layers(costs: list[tuple[list[float], list[float]]]) -> func.FuncOp:
    """Build a function of layers, each of energies and times in two states."""
    network = func.FuncOp("net", ([], []))
    with ir.InsertionPoint(network.add_entry_block()):
        for i, (energy, time_s) in enumerate(costs):
            power.layer(
                f"layer{i}",
                costs=power.CostTableAttr.get(
                    voltages_v=[[0.9, 0.9], [1.1, 1.1]],
                    energy_j=energy,
                    time_s=time_s,
                    leakage_w=[0.0, 0.0],
                ),
            )
        func.ReturnOp([])
    return network


def build_module() -> ir.Module:
    module = ir.Module.create()
    with ir.InsertionPoint(module.body):
        build_target()
        build_layers([([1.0, 2.0], [4.0, 3.0]), ([1.0, 1.5], [4.0, 2.0])])
    return module


def test_build_and_schedule(context: ir.Context) -> None:
    module = build_module()
    assert module.operation.verify()
    assert ir.Module.parse(str(module)).operation.verify()
    target = module.body.operations[0]
    assert isinstance(target, power.TargetOp)
    assert [op.operation.name for op in target.block] == [
        *("power.domain", "power.domain", "power.transition", "power.transition"),
        "power.sleep_state",
    ]
    layer = next(iter(module.body.operations[1].regions[0].blocks[0]))
    assert isinstance(layer, power.LayerOp)
    assert layer.costs.time_s.tolist() == [4.0, 3.0]

    before = str(module)
    schedule = pfmlir.schedule(module, period_s=6.5)
    assert str(module) == before
    assert schedule.layers["voltage_v"].tolist() == [[0.9, 0.9], [1.1, 1.1]]
    # Two layers, and what both domains pay to change their levels.
    assert schedule.energy_j == pytest.approx(1.0 + 1.5 + 0.25 + 0.5)
    assert schedule.domains == ("array", "buffer")
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        pfmlir.schedule(module, period_s=4.5)
    assert caught.value.fastest_time_s == pytest.approx(5.0)


def test_register_map(context: ir.Context) -> None:
    module = ir.Module.create()
    with ir.InsertionPoint(module.body):
        target = power.target("tiny", levels_v=[0.9, 1.1], max_rails=2)
    with ir.InsertionPoint(target.block):
        power.domain("array", nominal_v=1.1)
        registers = power.register_map(base=4096, levels_v=[0.9, 1.1], codes=[0, 1])
    with ir.InsertionPoint(registers.block):
        power.field("rail", of="array", offset=0, shift=0, width=1)
        power.field("start", offset=4, shift=0, width=8)
        power.field("done", offset=8, shift=0, width=1, value=1)
        power.field("tail", offset=12, shift=0, width=1)
        with pytest.raises(ValueError, match=r"among rail, .*, but got 'rails'"):
            power.field("rails")
    assert module.operation.verify()
    assert "power.field rail of @array offset 0 shift 0 width 1" in str(module)


def test_problem_of_a_module(context: ir.Context) -> None:
    module = build_module()
    parts = power.problem(module.operation)
    assert parts["layer_begin"] == [0, 2, 4]
    assert parts["settings"].tolist() == [[0, 0], [1, 1]] * 2
    assert parts["energy_j"].tolist() == [1.0, 2.0, 1.0, 1.5]
    first, second = parts["axes"]
    assert second["transition_energy_j"].tolist() == [[0, 0.5], [0.125, 0]]
    assert first["kind"] == "levels" and first["rails"] == [0, 1]
    assert parts["max_rails"] == 2
    arrays = [value for value in parts.values() if isinstance(value, numpy.ndarray)]
    assert not any(array.flags.writeable for array in arrays)
    # The arrays live longer than all that they came from.
    energy = parts["energy_j"]
    del parts, arrays, module
    assert energy.sum() == 5.5


INVALID = """
import pfmlir
from pfmlir import ir
from pfmlir.dialects import func, power

with ir.Context(), ir.Location.unknown():
    module = ir.Module.create()
    with ir.InsertionPoint(module.body):
        target = power.target("t", [0.9, 1.1], 2)
        network = func.FuncOp("net", ([], []))
    with ir.InsertionPoint(target.block):
        power.domain("d", nominal_v=1.1)
        power.transition(energy_j={energy}, time_s=0.0)
        power.sleep_state("off", power_w=0.0)
    with ir.InsertionPoint(network.add_entry_block()):
        costs = power.CostTableAttr.get(
            voltages_v=[[0.9]], energy_j=[1], time_s=[1], leakage_w=[0])
        power.layer("l", costs=costs)
        func.ReturnOp([])
    for call in (
        lambda: power.problem(module.operation),
        lambda: pfmlir.tabulate_costs(module),
    ):
        try:
            call()
        except (ir.MLIRError, pfmlir.CompilationError):
            print("refused")
        else:
            print("taken")
"""


@pytest.mark.parametrize(
    "energy", ["[[0, 1], [1, 0]]", "[1.0, 2.0]", "[[0, 1, 2]] * 3", "-1.0"]
)
def test_problem_of_an_invalid_module(energy: str) -> None:
    """A module that was built in Python has not been verified yet."""
    assert run_python(INVALID.format(energy=energy)) == "refused\nrefused\n"


def test_layer_with_a_body(context: ir.Context) -> None:
    module = ir.Module.create()
    kind = ir.RankedTensorType.get([2], ir.F32Type.get())
    with ir.InsertionPoint(module.body):
        network = func.FuncOp("net", ([kind], [kind]))
        entry = network.add_entry_block()
        with ir.InsertionPoint(entry):
            layer = power.layer("add", results=[kind])
            block = layer.regions[0].blocks.append()
            with ir.InsertionPoint(block):
                total = arith.AddFOp(entry.arguments[0], entry.arguments[0])
                power.YieldOp([total.result])
            func.ReturnOp(layer.results)
    assert module.operation.verify()
    assert 'power.layer "add"' in str(module)


@pytest.mark.parametrize(
    ("arguments", "keywords"),
    [
        ((5, [0.9], 1), {}),
        (("x", "volts", 1), {}),
        (("x", None, 1), {}),
        (("x", [[0.9]], 1), {}),
        (("x", [0.9], "1"), {}),
        (("x", [0.9], 1.5), {}),
        (("x", [0.9], 2**70), {}),
        (("x", [0.9], 1), {"gating": 5}),
        (("x", [0.9], 1), {"gating": "off"}),
        (("x", [0.9], 1), {"cost_model": 5}),
        (("x", [0.9]), {}),
        (("x", [0.9], 1), {"nonsense": 1}),
    ],
)
def test_wrong_targets(
    arguments: tuple[Any, ...], keywords: dict[str, Any], context: ir.Context
) -> None:
    module = ir.Module.create()
    with (
        ir.InsertionPoint(module.body),
        pytest.raises((TypeError, ValueError, ir.MLIRError)),
    ):
        power.target(*arguments, **keywords)
    assert not list(module.body.operations)


@pytest.mark.parametrize(
    ("levels_v", "max_rails"), [([], 1), ([NAN], 1), ([1.1, 0.9], 1), ([0.9], 0)]
)
def test_targets_that_do_not_verify(
    levels_v: list[float], max_rails: int, context: ir.Context
) -> None:
    module = ir.Module.create()
    with ir.InsertionPoint(module.body):
        power.target("x", levels_v, max_rails)
    with pytest.raises(ir.MLIRError, match=r"'power\.target' op"):
        module.operation.verify()
    # Printing and scheduling what is invalid is safe.
    assert "power.target" in str(module)
    with pytest.raises(pfmlir.PfmlirError):
        pfmlir.schedule(module, fps=1)


def test_operation_without_a_function(context: ir.Context) -> None:
    idle = power.IdleOp(1.0)
    with pytest.raises(ir.MLIRError, match="in a function, but has no parent"):
        idle.operation.verify()


def test_transition_without_a_number(context: ir.Context) -> None:
    module = ir.Module.create()
    with ir.InsertionPoint(module.body):
        target = power.target("x", [0.9], 1)
    with ir.InsertionPoint(target.block), pytest.raises((TypeError, ValueError)):
        power.transition(energy_j=None, time_s=0.0)


def test_schedules_are_printed(context: ir.Context) -> None:
    module = pfmlir.schedule(build_module(), period_s=6.5).module
    for form in ("json", "csv", "table"):
        assert "layer0" in power.print_schedule(module.operation, form)
    with pytest.raises(ir.MLIRError, match="json, csv or table, but got 'xml'"):
        power.print_schedule(module.operation, "xml")
    with pytest.raises(TypeError):
        power.print_schedule(module.operation, None)
    for wrong in (None, 5, "module", module.body):
        with pytest.raises(TypeError):
            power.print_schedule(wrong, "json")
        with pytest.raises(TypeError):
            power.problem(wrong)
    network = next(op for op in module.body.operations if isinstance(op, func.FuncOp))
    for call in (
        lambda: power.print_schedule(build_module().operation, "json"),
        lambda: power.print_schedule(ir.Module.create().operation, "json"),
        lambda: power.print_schedule(network, "json"),
        lambda: power.problem(ir.Module.create().operation),
        lambda: power.problem(network),
    ):
        with pytest.raises(ir.MLIRError):
            call()


def test_builtin_targets(context: ir.Context) -> None:
    for name, text in power.builtin_targets().items():
        module = ir.Module.parse(text)
        assert module.operation.verify()
        target = module.body.operations[0]
        assert isinstance(target, power.TargetOp)
        assert target.sym_name.value == name
        is_analytical = isinstance(target.cost_model, power.AnalyticalAttr)
        assert is_analytical == name.startswith("pf40")
        assert is_analytical or isinstance(target.cost_model, power.RooflineAttr)


# ---------------------------------------------------------------------------
# Passes and rewriting
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("power-assign-target", "power-form-layers", "power-select-states"),
        *("power-insert-states", "power-verify-schedule", "powerflow-schedule"),
        "power-inline-layers",
        *("canonicalize", "cse", "symbol-dce", "inline"),
    ],
)
def test_passes_are_registered(name: str, context: ir.Context) -> None:
    manager = passmanager.PassManager.parse(f"builtin.module({name})")
    assert name == "powerflow-schedule" or name in str(manager)


def test_steps_are_the_pipeline(context: ir.Context) -> None:
    whole = ir.Module.parse(NETWORK)
    passmanager.PassManager.parse("builtin.module(powerflow-schedule{fps=100})").run(
        whole.operation
    )
    steps = ir.Module.parse(NETWORK)
    manager = passmanager.PassManager("builtin.module")
    for name in (
        *("power-assign-target", "power-form-layers", "power-select-states{fps=100}"),
        "power-insert-states",
    ):
        manager.add(name)
    manager.run(steps.operation)
    one, other = (
        power.print_schedule(module.operation, "json") for module in (whole, steps)
    )
    assert one == other
    assert one == power.print_schedule(
        pfmlir.schedule(NETWORK, fps=100).module.operation, "json"
    )


def test_way_out(context: ir.Context) -> None:
    module = ir.Module.parse("""
        func.func @net(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>) -> tensor<1x4xf32> {
          %y = linalg.matmul ins(%x, %w : tensor<1x4xf32>, tensor<4x4xf32>)
                             outs(%x : tensor<1x4xf32>) -> tensor<1x4xf32>
          return %y : tensor<1x4xf32>
        }""")

    def run(step: str) -> str:
        passmanager.PassManager.parse(f"builtin.module({step})").run(module.operation)
        return str(module)

    run("powerflow-schedule{fps=100 target=pf40}")
    schedule = json.loads(power.print_schedule(module.operation, "json"))
    buffers = run("one-shot-bufferize{bufferize-function-boundaries}")
    assert "power.layer" in buffers and "tensor<" not in buffers
    # What is alive is known of tensors only.
    assert schedule["memories"]
    schedule["memories"] = {}
    assert json.loads(power.print_schedule(module.operation, "json")) == schedule
    inlined = run("power-inline-layers{strip=true}")
    assert "linalg.matmul ins(%arg0" in inlined and "power." not in inlined


@pytest.mark.parametrize(
    "pipeline",
    [
        *("", "builtin.module", "builtin.module(", "builtin.module(nonsense)"),
        "builtin.module(powerflow-schedule{fps=fast})",
        "builtin.module(powerflow-schedule{nonsense=1})",
        "builtin.module(powerflow-schedule{fps=-1})",
        "builtin.module(powerflow-schedule{search=nonsense})",
    ],
)
def test_wrong_pipelines(pipeline: str, context: ir.Context) -> None:
    module = ir.Module.parse(NETWORK)
    with pytest.raises(ValueError):
        passmanager.PassManager.parse(pipeline).run(module.operation)
    with pytest.raises(ValueError):
        pfmlir.run_pipeline(module, pipeline)


def test_failing_passes(context: ir.Context) -> None:
    module = ir.Module.parse(NETWORK)
    for option in ("fps=1 period-s=1", "banks=nothing:3", "target=nowhere"):
        manager = passmanager.PassManager.parse(
            f"builtin.module(powerflow-schedule{{{option}}})"
        )
        with pytest.raises(ir.MLIRError) as caught:
            manager.run(module.operation)
        assert caught.value.error_diagnostics
    with pytest.raises(ir.MLIRError):
        passmanager.PassManager.parse("builtin.module(cse)").run(
            next(iter(module.body.operations)).operation
        )


def test_rewriting_in_python(context: ir.Context) -> None:
    """A pattern in Python changes the workload of layers."""
    module = ir.Module.parse(NETWORK)
    context.load_all_available_dialects()
    seen = []

    def shrink(op: Any, rewriter: rewrite.PatternRewriter) -> bool:
        workload = op.attributes["workload"]
        seen.append(type(op))
        if not isinstance(workload, power.MatmulAttr) or workload.n == 5:
            return True
        with rewriter.ip:
            new = power.layer(
                op.attributes["name"].value,
                workload=power.MatmulAttr.get(m=workload.m, k=workload.k, n=5),
                loc=op.location,
            )
        rewriter.replace_op(op, new)
        return False

    patterns = rewrite.RewritePatternSet()
    patterns.add(power.LayerOp, shrink)
    rewrite.apply_patterns_and_fold_greedily(module, patterns.freeze())
    assert set(seen) == {power.LayerOp}
    assert "n = 5" in str(module)
    assert "n = 10" not in str(module)
    assert module.operation.verify()


# ---------------------------------------------------------------------------
# Lifetimes and contexts
# ---------------------------------------------------------------------------

LIFETIMES = """
import gc, random
import pfmlir
from pfmlir import ir, passmanager
from pfmlir.dialects import power

NETWORK = {network!r}

def make(seed):
    context = ir.Context()
    module = ir.Module.parse(NETWORK, context)
    things = dict(context=context, module=module, operation=module.operation)
    things["body"] = module.body
    things["function"] = module.body.operations[0]
    things["block"] = things["function"].regions[0].blocks[0]
    things["layer"] = things["block"].operations[0]
    things["attributes"] = things["layer"].attributes
    things["workload"] = things["layer"].attributes["workload"]
    things["location"] = things["layer"].location
    with context, ir.Location.unknown():
        things["matmul"] = power.MatmulAttr.get(m=1, k=2, n=3)
        things["table"] = power.CostTableAttr.get(
            voltages_v=[[0.9]], energy_j=[1], time_s=[1], leakage_w=[0])
        things["measured"] = power.MeasuredAttr.get(tables=dict(a=things["table"]))
        things["tables"] = things["measured"].tables
        things["manager"] = passmanager.PassManager.parse("builtin.module(cse)")
        things["detached"] = power.layer("alone", workload=things["matmul"])
        things["array"] = things["table"].voltages_v
    assigned = pfmlir.form_layers(pfmlir.assign_target(module))
    things["assigned"] = assigned
    things["problem"] = power.problem(assigned.operation)
    things["energies"] = things["problem"]["energy_j"]
    return things

for seed in range(60):
    pick = random.Random(seed)
    things = make(seed)
    names = sorted(things)
    pick.shuffle(names)
    # What MLIR's bindings hand out of a module does not keep the module.
    inner = ["operation", "body", "function", "block", "layer", "attributes"]
    keepers = ["assigned"] if seed % 2 else ["assigned", "context"]
    names = [name for name in names if name not in [*inner, "module", *keepers]]
    names.insert(pick.randint(0, len(names)), "module")
    for name in [*inner, *keepers]:
        last = names.index("module") if name in inner else len(names)
        names.insert(pick.randint(0, last), name)
    assert sorted(names) == sorted(things)
    for name in names:
        del things[name]
        if pick.random() < 0.5:
            gc.collect()
        # What is left still works.
        for each in things.values():
            str(each)
        if "layer" in things:
            things["layer"].attributes["workload"]
        if "measured" in things:
            things["measured"].tables["a"].energy_j.sum()
        if "energies" in things:
            things["energies"].sum()
    gc.collect()
print("done")
"""


def test_any_order_of_deletion() -> None:
    assert run_python(LIFETIMES.format(network=NETWORK)) == "done\n"


def test_leaving_everything_to_the_end() -> None:
    """The interpreter may end in the midst of a context."""
    code = (
        "from pfmlir import ir\n"
        "from pfmlir.dialects import power\n"
        "ir.Context().__enter__()\n"
        "ir.Location.unknown().__enter__()\n"
        "module = ir.Module.create()\n"
        "ir.InsertionPoint(module.body).__enter__()\n"
        "target = power.target('x', [0.9], 1)\n"
        "attribute = power.MatmulAttr.get(m=1, k=1, n=1)\n"
        "print('done')\n"
    )
    assert run_python(code) == "done\n"


def test_the_power_dialect_has_all_its_operations() -> None:
    """They are listed one by one, so that type checkers find the right ones."""
    generated = importlib.import_module("pfmlir.dialects._power_ops_gen")
    names = [
        name
        for name, value in vars(generated).items()
        if not name.startswith("_")
        and getattr(value, "__module__", None) == generated.__name__
    ]
    assert len(names) >= 24
    for name in names:
        assert hasattr(power, name), name
        made_anew = ("TargetOp", "LayerOp", "RegisterMapOp")
        if name not in (*made_anew, "target", "layer", "register_map"):
            assert getattr(power, name) is getattr(generated, name)


@pytest.mark.xfail(strict=True, reason="MLIR lets go of the stack without the GIL")
def test_threads_that_leave_a_context_entered() -> None:
    code = (
        "import threading\n"
        "from pfmlir import ir\n"
        "def work():\n"
        "    ir.Context().__enter__()\n"
        "thread = threading.Thread(target=work)\n"
        "thread.start()\n"
        "thread.join()\n"
        "print('done')\n"
    )
    assert run_python(code) == "done\n"


def test_contexts_do_not_mix() -> None:
    one, other = ir.Context(), ir.Context()
    module = ir.Module.parse(NETWORK, one)
    with other:
        manager = passmanager.PassManager.parse("builtin.module(cse)")
    with pytest.raises((ir.MLIRError, ValueError)):
        manager.run(module.operation)
    # A target of another context is copied.
    with other, ir.Location.unknown():
        foreign = ir.Module.create()
        with ir.InsertionPoint(foreign.body):
            target = power.target("x", [0.9], 1)
            with ir.InsertionPoint(target.block):
                power.domain("d", nominal_v=0.9)
    assigned = pfmlir.assign_target(module, target)
    assert assigned.context == one
    del foreign, target, other, manager
    assert assigned.operation.verify()
    assert pfmlir.import_model(module, context=ir.Context()).operation.verify()


def test_tables_of_another_context() -> None:
    with ir.Context():
        table = build("CostTableAttr")
    with ir.Context(), pytest.raises((TypeError, ValueError, ir.MLIRError)):
        power.MeasuredAttr.get(tables={"conv": table})


def test_threads() -> None:
    """Every thread has modules of its own, and one reads what another made."""
    expected = pfmlir.schedule(NETWORK, fps=100)
    shared = pfmlir.assign_target(pfmlir.import_model(NETWORK))
    text = str(shared)

    def work(i: int) -> bool:
        with ir.Context(), ir.Location.unknown():
            module = build_module()
            passmanager.PassManager.parse("builtin.module(cse)").run(module.operation)
            energy = pfmlir.schedule(module, period_s=6.5).energy_j
        mine = pfmlir.schedule(NETWORK, fps=100)
        return mine == expected and energy == 3.25 and str(shared) == text

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(work, range(48)))


def test_modules_move_between_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        modules = list(pool.map(lambda _: pfmlir.import_model(NETWORK), range(12)))
        layers = list(
            pool.map(lambda m: pfmlir.form_layers(pfmlir.assign_target(m)), modules)
        )
        del modules
        tables = list(pool.map(pfmlir.tabulate_costs, layers))
        del layers
    for table in tables:
        assert (table.energy_j == tables[0].energy_j).all()


# ---------------------------------------------------------------------------
# Beside torch-mlir, another MLIR in the same process
# ---------------------------------------------------------------------------

BESIDE = """
import gc
{imports}

for _ in range(3):
    theirs = torch_mlir.ir.Context()
    mine = pfmlir.ir.Context()
    with theirs, torch_mlir.ir.Location.unknown():
        a = torch_mlir.ir.Module.parse("func.func private @f(tensor<4xf32>)")
        with mine, pfmlir.ir.Location.unknown():
            b = pfmlir.ir.Module.parse("func.func private @f(tensor<4xf32>)")
            assert str(power.MatmulAttr.get(m=1, k=2, n=3)).startswith("#power.matmul")
        c = torch_mlir.ir.IntegerAttr.get(torch_mlir.ir.IntegerType.get_signless(8), 1)
    assert str(a) == str(b)
    assert type(a) is not type(b)
    torch_mlir.passmanager.PassManager.parse(
        "builtin.module(canonicalize)", theirs).run(a.operation)
    pfmlir.passmanager.PassManager.parse(
        "builtin.module(canonicalize)", mine).run(b.operation)
    schedule = pfmlir.schedule({network!r}, fps=100)
    assert schedule.is_optimal
    try:
        torch_mlir.ir.Module.parse("func.func @f(", theirs)
    except torch_mlir.ir.MLIRError as error:
        assert not isinstance(error, pfmlir.ir.MLIRError)
    else:
        raise SystemExit("expected an error")
    try:
        pfmlir.import_model("func.func @f(")
    except pfmlir.CompilationError:
        pass
    else:
        raise SystemExit("expected an error")
    assert str(pfmlir.import_model(a)) == str(a)
    del theirs, mine, a, b, c
    gc.collect()
print("done")
"""

IMPORTS = [
    "import torch_mlir, torch_mlir.ir, torch_mlir.passmanager",
    "import pfmlir, pfmlir.ir, pfmlir.passmanager\nfrom pfmlir.dialects import power",
]


@needs_torch_mlir
@pytest.mark.parametrize("order", [1, -1], ids=["torch_mlir first", "pfmlir first"])
def test_beside_torch_mlir(order: int) -> None:
    imports = "\n".join(IMPORTS[::order])
    assert run_python(BESIDE.format(imports=imports, network=NETWORK)) == "done\n"


FOREIGN = """
import torch_mlir.ir as theirs
import pfmlir
from pfmlir import ir, passmanager
from pfmlir.dialects import power

context = theirs.Context()
module = theirs.Module.parse("func.func private @f()", context)
unit = theirs.UnitAttr.get(context)
mine = ir.Context()
matmul = dict(m=1, k=1, n=1)

def scope():
    with context:
        power.MatmulAttr.get(**matmul)

for call in (
    lambda: power.print_schedule(module.operation, "json"),
    lambda: power.problem(module.operation),
    lambda: power.problem(module),
    lambda: pfmlir.form_layers(module),
    lambda: pfmlir.run_pipeline(module, "builtin.module(cse)"),
    lambda: pfmlir.assign_target(ir.Module.parse("module {}", mine), module),
    lambda: pfmlir.import_model(module, context=context),
    lambda: power.MatmulAttr.get(**matmul, context=context),
    scope,
    lambda: power.MatmulAttr(unit),
    lambda: power.MeasuredAttr.get(tables=dict(a=unit), context=mine),
    lambda: power.layer("x", workload=unit, loc=ir.Location.unknown(mine)),
    lambda: power.register_dialects(theirs.DialectRegistry()),
    lambda: ir.Module.parse("module {}", context),
    lambda: ir.Module.create(loc=theirs.Location.unknown(context)),
    lambda: ir.Module._CAPICreate(module._CAPIPtr),
    lambda: ir.Attribute._CAPICreate(unit._CAPIPtr),
    lambda: passmanager.PassManager.parse("builtin.module(cse)", mine).run(
        module.operation),
):
    try:
        call()
    except Exception as error:
        print(type(error).__name__)
    else:
        raise SystemExit("expected an error")
"""


@needs_torch_mlir
def test_objects_of_torch_mlir_are_refused() -> None:
    names = run_python(FOREIGN).split()
    assert len(names) == 18
    assert set(names) <= {"TypeError", "ValueError", "RuntimeError"}
