# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The part of a program that is made for its network, in C."""

from collections.abc import Iterable, Mapping

from .interface import Interface, Tensor
from .lowering import ENTRY, Instrumentation
from .registers import Register

_HEAD = """\
/* Made by pfmlir: a network as main.c knows it. */
#include "network.h"
#include "platform.h"
#include "record.h"
"""


def _descriptor(rank: int) -> str:
    """Return the type of a tensor of some rank, as MLIR passes it."""
    members = "char *allocated, *aligned; intptr_t offset;"
    if rank:
        members += f" intptr_t sizes[{rank}], strides[{rank}];"
    return f"struct tensor_{rank} {{ {members} }};"


def _numbers(values: Iterable[int]) -> str:
    return "{" + ", ".join(map(str, values)) + "}"


def _define(tensor: Tensor) -> str:
    """Return the memory of an input or a result, and its descriptor."""
    name, rank = tensor.name, len(tensor.shape)
    sizes = f", {_numbers(tensor.shape)}, {_numbers(tensor.strides)}" if rank else ""
    return (
        f"static char {name}_data[{max(tensor.size, 1)}] "
        "__attribute__((aligned(64)));\n"
        f"static struct tensor_{rank} {name} = "
        f"{{{name}_data, {name}_data, 0{sizes}}};"
    )


def _list(what: str, tensors: Iterable[Tensor]) -> str:
    rows = [f'{{"{t.file}", {t.name}_data, {t.size}}}' for t in tensors]
    # C has no empty arrays.
    body = ", ".join(rows) or "{0, 0, 0}"
    return (
        f"const struct network_tensor network_{what}[] = {{{body}}};\n"
        f"const size_t network_num_{what} = {len(rows)};"
    )


def _call(interface: Interface, is_recorded: bool) -> str:
    tensors = (*interface.inputs, *interface.results)
    parameters = ", ".join("void *" for _ in tensors) or "void"
    arguments = ", ".join(f"&{tensor.name}" for tensor in tensors)
    # Twice: what is between the two is what recording itself takes.
    start = "record(RECORD_START, 0, 0); " * 2 if is_recorded else ""
    save = "record_save" if is_recorded else "0"
    return (
        f"void _mlir_ciface_{ENTRY}({parameters});\n"
        f"void network_run(void) {{ {start}_mlir_ciface_{ENTRY}({arguments}); }}\n"
        f"void (*const network_save_record)(void) = {save};"
    )


def _observe(tensor: Tensor) -> str:
    """Return what is called with what a layer makes."""
    name = tensor.name.removeprefix("layer_")
    rank = len(tensor.shape)
    return (
        f"void _mlir_ciface_{ENTRY}_observe_{name}(struct tensor_{rank} *x) {{\n"
        "  record_pause();\n"
        f'  platform_save("{tensor.file}", '
        f"x->aligned + x->offset * {tensor.dtype.itemsize}, {tensor.size});\n"
        "  record_resume();\n"
        "}"
    )


def _access_registers(bits: int) -> str:
    """Return what is called instead of accesses, which find what they wait for."""
    word = f"uint{bits}_t"
    return (
        f"void power_write(uintptr_t address, {word} value) {{\n"
        "  record(RECORD_WRITE, address, value);\n"
        "}\n"
        f"void power_wait(uintptr_t address, {word} mask, {word} value) {{\n"
        "  (void)mask;\n"
        "  record(RECORD_WAIT, address, value);\n"
        "}"
    )


def _define_functions(registers: Mapping[str, Register]) -> list[str]:
    """Return a vendor's functions; each place has its number among all."""
    texts: list[str] = []
    calls: dict[str, list[tuple[str, int]]] = {}
    for number, register in enumerate(registers.values()):
        if register.address is not None:
            continue
        name, _, argument = register.place.rstrip(")").partition("(")
        if register.fields[0].kind in ("ready", "done", "timer"):
            value = register.fields[0].value
            texts.append(
                f"uint32_t {name}(void) {{ record(RECORD_WAIT, {number}, {value}); "
                f"return {value}; }}"
            )
        else:
            calls.setdefault(name, []).append((argument, number))
    for name, places in calls.items():
        if not places[0][0]:
            texts.append(
                f"void {name}(uint32_t value) {{ "
                f"record(RECORD_WRITE, {places[0][1]}, value); }}"
            )
            continue
        cases = " ".join(
            f"if (argument == {argument}) record(RECORD_WRITE, {number}, value);"
            for argument, number in places
        )
        texts.append(f"void {name}(uint32_t argument, uint32_t value) {{ {cases} }}")
    return texts


def write_glue(
    interface: Interface, registers: Mapping[str, Register], how: Instrumentation
) -> str:
    """Return `network.c`.

    Parameters
    ----------
    interface
        What the network takes and gives.
    registers
        Of its target, by their places.
    how
        What the program says of itself.
    """
    tensors = (*interface.inputs, *interface.results)
    observed = [each for layer in interface.layer_results for each in layer]
    ranks = sorted({len(tensor.shape) for tensor in (*tensors, *observed)})
    parts = [_HEAD, *map(_descriptor, ranks), *map(_define, tensors)]
    parts += [_list("inputs", interface.inputs), _list("results", interface.results)]
    parts.append(_call(interface, how.is_recorded))
    if how.is_recorded:
        bits = {each.bits for each in registers.values() if each.address is not None}
        parts += map(_access_registers, bits)
        parts += _define_functions(registers)
    if how.is_observed:
        parts += map(_observe, observed)
    return "\n".join(parts) + "\n"
