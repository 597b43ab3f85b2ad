# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a layer does on the reference accelerator, worked out from its shape.

The formulas are those of docs/cost-model.md, written anew: what the compiler's cost
model says is checked by code that is not the compiler's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..dialects import power

# The array, what a memory moves in a cycle, and accumulations between two refills.
ROWS = COLUMNS = 8
PORT_BITS = 64
MOST_FILL = 72

# Bits of an element, where a workload says nothing.
ACTIVATION_BITS, WEIGHT_BITS, OUTPUT_BITS = 8, 8, 32


@dataclass
class Work:
    """What a layer does, each number for all its repetitions but where it says.

    Attributes
    ----------
    stages : list of (count, feeder, array, weight)
        So often, three parts work at once for these cycles.
    is_paced : bool
        Whether a stage takes whole cycles of the array.
    before : (feeder, array, weight)
        Cycles of what comes one after the other, of a repetition.
    repeats : int
        How often all that is done.
    array_j, weight_j, feeder_j : float
        Dynamic energy by part at nominal voltage, without gate control.
    vector_cycles : (feeder, array)
        Of other work, once.
    bytes : (input, output, weight)
        What the memories hold for one repetition.
    all_bytes : (input, output, weight)
        And for all.
    weight_banks : float
        Banks of weights that are powered while the layer runs.
    """

    stages: list[tuple[int, float, float, float]]
    before: tuple[float, float, float]
    repeats: int
    bytes: tuple[float, float, float]
    all_bytes: tuple[float, float, float]
    weight_banks: float
    is_paced: bool = False
    array_j: float = 0.0
    weight_j: float = 0.0
    feeder_j: float = 0.0
    vector_cycles: tuple[float, float] = field(default=(0.0, 0.0))

    def time_s(self, array_hz: float, weight_hz: float, feeder_hz: float) -> float:
        """Return how long the layer takes."""
        total_s = 0.0
        for count, feeder, array, weight in self.stages:
            stage_s = max(feeder / feeder_hz, array / array_hz, weight / weight_hz)
            if self.is_paced:
                stage_s = round(stage_s * array_hz) / array_hz
            total_s += count * stage_s
        feeder, array, weight = self.before
        total_s += feeder / feeder_hz + array / array_hz + weight / weight_hz
        read, written = self.vector_cycles
        return self.repeats * total_s + read / feeder_hz + written / array_hz


def ceil_div(number: int, by: int) -> int:
    """Return a quotient of whole numbers, rounded up."""
    return -(-number // by)


def work_of(layer: power.LayerOp, model: Any) -> Work | None:
    """Return what a layer does by a `#power.analytical`; None of no product's."""
    workload = layer.workload
    costs_other = model.other_work == "traffic"
    if isinstance(workload, power.Conv2DAttr):
        work = _convolution(workload, model)
    elif isinstance(workload, power.MatmulAttr):
        work = _product(workload, model, costs_other)
    else:
        return None
    if "vector" in layer.attributes:
        if not costs_other:
            return None
        operations: Any = layer.attributes["vector"]
        _add_other_work(work, operations, model)
    return work


def _bits_of(workload: Any) -> tuple[int, int, int]:
    def given(bits: int | None, default: int) -> int:
        return default if bits is None else int(bits)

    return (
        given(workload.activation_bits, ACTIVATION_BITS),
        given(workload.weight_bits, WEIGHT_BITS),
        given(workload.output_bits, OUTPUT_BITS),
    )


def _add_other_work(work: Work, vectors: Iterable[Any], model: Any) -> None:
    """Feature maps pass the ports of their memories once more."""
    read = written = 0
    for vector in vectors:
        bits = ACTIVATION_BITS if vector.bits is None else vector.bits
        read += vector.reads * bits
        written += vector.writes * bits
    work.vector_cycles = ceil_div(read, PORT_BITS), ceil_div(written, PORT_BITS)
    work.feeder_j += read / PORT_BITS * model.input_read_energy_j
    work.array_j += written / PORT_BITS * model.output_write_energy_j


# -- convolution --------------------------------------------------------------


def _outputs(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size + padding - dilation * (kernel - 1) - 1) // stride + 1


def _words_of_a_row(conv: Any, stride: int, dilation: int, bits: int) -> float:
    """Return what words one kernel row of a tile spans, on average over alignments."""
    span = (conv.kernel[1] - 1) * dilation + 1 + (ROWS - 1) * stride
    in_word = max(PORT_BITS // bits, 1)
    return sum(ceil_div(span + at, in_word) for at in range(in_word)) / in_word


def _chunks(reduction: int, most: int | None) -> list[int]:
    """Return the lengths that an accumulation is cut into."""
    if most is None or reduction <= most:
        return [reduction]
    whole, rest = divmod(reduction, most)
    return [most] * whole + [rest] * (rest > 0)


def _chunk_cycles(chunk: int) -> int:
    fill = max(d for d in range(1, min(chunk, MOST_FILL) + 1) if chunk % d == 0)
    return chunk + (ROWS - 1) + (ROWS - 1) + COLUMNS + 2 * (chunk // fill) + 1


def _convolution(conv: Any, model: Any) -> Work:
    """Return what all groups and images of a convolution do."""
    channels, height, width = conv.input
    strides = conv.strides or [1, 1]
    dilations = conv.dilations or [1, 1]
    top, bottom, left, right = conv.padding or [0, 0, 0, 0]
    activation, weight, output = _bits_of(conv)
    high = _outputs(height, conv.kernel[0], strides[0], top + bottom, dilations[0])
    wide = _outputs(width, conv.kernel[1], strides[1], left + right, dilations[1])
    inputs, outputs = channels // conv.groups, conv.output_channels // conv.groups
    reduction = inputs * conv.kernel[0] * conv.kernel[1]
    column_tiles = ceil_div(outputs, COLUMNS)
    tiles = ceil_div(wide, ROWS) * high

    chunks = _chunks(reduction, model.reduction_chunk)
    chunk_bits = [chunk * COLUMNS * weight for chunk in chunks]
    array_cycles = sum(map(_chunk_cycles, chunks))
    weight_cycles = sum(ceil_div(bits, PORT_BITS) for bits in chunk_bits)
    partial_bits = (len(chunks) - 1) * tiles * COLUMNS * output
    words = _words_of_a_row(conv, strides[1], dilations[1], activation)
    fetches = round(words * (tiles * inputs * conv.kernel[0]))

    weight_words = column_tiles * sum(chunk_bits) / PORT_BITS
    result_bits = high * wide * outputs * output
    array_j = (
        high * wide * outputs * reduction * model.mac_energy_j
        + weight_words * high * model.weight_buffer_read_energy_j
        + (column_tiles * partial_bits + result_bits)
        / PORT_BITS
        * model.output_write_energy_j
        + array_cycles * tiles * column_tiles * model.stagger_energy_j
    )
    weight_j = weight_words * (
        model.weight_memory_read_energy_j + model.weight_buffer_write_energy_j
    ) + (column_tiles * weight_cycles * model.dma_control_energy_j)
    passes = reduction * column_tiles * high
    feeder_j = (
        (fetches + column_tiles * partial_bits / PORT_BITS) * model.input_read_energy_j
        + passes * activation * (model.lane_write_energy_j + model.lane_read_energy_j)
        + passes * model.feeder_control_energy_j
    )
    repeats = conv.groups * conv.batch
    once = (
        height * width * inputs * activation / 8,
        result_bits / 8,
        reduction * outputs * weight / 8,
    )
    feeder_cycles = fetches + tiles + ceil_div(2 * partial_bits, PORT_BITS)
    return Work(
        stages=[(column_tiles, feeder_cycles, array_cycles * tiles, weight_cycles)],
        is_paced=True,
        before=(0, 0, ceil_div(chunk_bits[0], PORT_BITS)),
        repeats=repeats,
        array_j=array_j * repeats,
        weight_j=weight_j * repeats,
        feeder_j=feeder_j * repeats,
        bytes=once,
        # Images of a batch share the weights.
        all_bytes=(once[0] * repeats, once[1] * repeats, once[2] * conv.groups),
        weight_banks=1.5,
    )


# -- matrix product -----------------------------------------------------------


def _product(product: Any, model: Any, costs_other: bool) -> Work:
    """Return what all products of a batch do."""
    m, k, n = product.m, product.k, product.n
    activation, weight, output = _bits_of(product)
    is_data = costs_other and product.data_operands == 2
    stages: list[tuple[int, float, float, float]] = []
    for count, columns in ((n // COLUMNS, COLUMNS), (1, n % COLUMNS)):
        if count and columns:
            array = (k + (columns - 1) + (ROWS - 1) + COLUMNS + 1) * m
            stages.append((count, 0, array, ceil_div(k * columns * weight, PORT_BITS)))

    weight_words = k * n * weight / PORT_BITS
    array_cycles = sum(count * array for count, _, array, _ in stages)
    array_j = (
        m * k * n * model.mac_energy_j
        + weight_words * model.weight_buffer_read_energy_j
        + (m * k * activation + m * n * output)
        / PORT_BITS
        * model.output_write_energy_j
        + array_cycles * model.stagger_energy_j
    )
    weight_j = (
        weight_words * model.weight_buffer_write_energy_j
        + ceil_div(k * n * weight, PORT_BITS) * model.dma_control_energy_j
    )
    feeder_j = (
        m * k * activation / PORT_BITS * model.input_read_energy_j
        + m * ceil_div(n, COLUMNS) * k * model.feeder_control_energy_j
    )
    # Data come from the input memory.
    if is_data:
        feeder_j += weight_words * model.input_read_energy_j
    else:
        weight_j += weight_words * model.weight_memory_read_energy_j
    inputs, weights = m * k * activation / 8, k * n * weight / 8
    once = (
        inputs + (weights if is_data else 0),
        m * n * output / 8,
        0 if is_data else weights,
    )
    repeats = product.batch
    return Work(
        stages=stages,
        before=(
            ceil_div(m * k * activation, PORT_BITS),
            ceil_div(m * n * output, PORT_BITS),
            0,
        ),
        repeats=repeats,
        array_j=array_j * repeats,
        weight_j=weight_j * repeats,
        feeder_j=feeder_j * repeats,
        bytes=once,
        all_bytes=(once[0] * repeats, once[1] * repeats, once[2] * repeats),
        weight_banks=0.0 if is_data else 1.0,
    )
