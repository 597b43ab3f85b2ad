# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models that nobody here wrote are scheduled, with the work that PyTorch counts.

Every operation of them is in the schedule's account, with what it does.
"""

import pfmlir
import pytest

from testing.audit import audit
from testing.models import all_models, count_products

# Of each, the operations that no function of torch-mlir's lowers.
CALLS = {
    "lcnet_050": set(),
    "levit_128s": set(),
    "mobilenetv3_detector": {"topk"},
    "gpt2_small_prefill": set(),
    "gpt2_small_masked": {"cumsum"},
    "gpt2_small_decode_growing": set(),
    "llama_small_decode": {"index_put"},
    "bert_small": set(),
    "fnet_small": {"fft_fftn"},
    "t5_small": set(),
    "whisper_small": set(),
    "wav2vec2_small": set(),
    "dinov2_small": set(),
    "keyword_spotter": set(),
    "bfloat16_convolutions": set(),
    "int8_exported": set(),
}


@pytest.mark.parametrize("name", CALLS)
def test_work_is_what_pytorch_counts(name):
    model, inputs = all_models()[name].build()
    module = pfmlir.import_model(model, inputs)
    found = pfmlir.schedule(module, target="pf40")
    assert found.is_optimal
    for each in (found, pfmlir.schedule(module, target="pf40_keep")):
        audit(module, each)
    listed = {each for each in found.uncosted if each.startswith("func.call")}
    assert listed == {f"func.call @torch.aten.{each}" for each in CALLS[name]}
    counted = count_products(model, inputs)
    assert counted > 0
    assert int(found.layers["multiply_accumulates"].sum()) == counted


def test_a_product_of_a_state_of_zeros_is_no_layer():
    model, inputs = all_models()["gru_cell_steps"].build()
    found = pfmlir.schedule(model, inputs, target="pf40")
    assert list(found.layers["name"][:3]) == ["cell", "cell[1]", "cell[2]"]
    # The first step's state is a constant, and so is its product with weights.
    first = 24 * 3 * 24
    work = int(found.layers["multiply_accumulates"].sum())
    assert work == count_products(model, inputs) - first
    assert found.summary.sum_of("ahead").multiply_accumulates == first
