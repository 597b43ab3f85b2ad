# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models that nobody here wrote, with random weights: what imports are tried on.

None of them is downloaded: they are built from their packages' classes. They need timm
and transformers; `tools/setup.sh torch models` installs them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Built = tuple[Any, tuple[Any, ...] | dict[str, Any]]


@dataclass(frozen=True)
class Model:
    """A model, what kind it is of, and how it and its inputs are made."""

    name: str
    kind: str
    build: Callable[[], Built]


def all_models() -> dict[str, Model]:
    """Return all models by name; nothing is built yet."""
    from . import language, quantised, recurrent, signals, timm_models, vision

    found: dict[str, Model] = {}
    for module in (timm_models, vision, language, signals, recurrent, quantised):
        for model in module.MODELS:
            if model.name in found:
                raise ValueError(f"two models are called {model.name}")
            found[model.name] = model
    return found


def count_products(model: Any, inputs: Any) -> int:
    """Return the multiply-accumulates that PyTorch counts when a model runs."""
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    # The counter's hooks fail on some views that gradients go through.
    model.requires_grad_(False)
    # Without fused kernels, which the counter doesn't know.
    with (
        torch.no_grad(),
        sdpa_kernel(SDPBackend.MATH),
        torch.backends.mkldnn.flags(enabled=False),
        FlopCounterMode(display=False) as counter,
    ):
        model(**inputs) if isinstance(inputs, dict) else model(*inputs)
    return counter.get_total_flops() // 2
