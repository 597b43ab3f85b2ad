# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Language models of transformers': encoders, and decoders that read or write."""

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from . import Built, Model


def _tokens(length: int, vocabulary: int = 1000) -> Tensor:
    return torch.randint(0, vocabulary, (1, length))


# ---------------------------------------------------------------------------
# Decoders
# ---------------------------------------------------------------------------

# Of each family: the configuration's class, the model's, and what the configuration
# says of a model of its real width and, for tests, of a small one.
SMALL = {"vocab_size": 1000}
SMALL_DECODER = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    **SMALL,
}
SMALL_GROUPED = {**SMALL_DECODER, "num_key_value_heads": 2}
DECODERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    # 124 million parameters.
    "gpt2": ("GPT2Config", "GPT2LMHeadModel", {}),
    "gpt2_small": (
        "GPT2Config",
        "GPT2LMHeadModel",
        {"n_layer": 2, "n_embd": 64, "n_head": 4, "n_positions": 128, **SMALL},
    ),
    "smollm_135m": (
        "LlamaConfig",
        "LlamaForCausalLM",
        {
            "hidden_size": 576,
            "intermediate_size": 1536,
            "num_hidden_layers": 30,
            "num_attention_heads": 9,
            "num_key_value_heads": 3,
            "vocab_size": 49152,
            "tie_word_embeddings": True,
        },
    ),
    "llama_small": (
        "LlamaConfig",
        "LlamaForCausalLM",
        SMALL_GROUPED,
    ),
    "qwen2_0.5b": (
        "Qwen2Config",
        "Qwen2ForCausalLM",
        {
            "hidden_size": 896,
            "intermediate_size": 4864,
            "num_hidden_layers": 24,
            "num_attention_heads": 14,
            "num_key_value_heads": 2,
            "tie_word_embeddings": True,
        },
    ),
    "qwen3_small": (
        "Qwen3Config",
        "Qwen3ForCausalLM",
        {**SMALL_GROUPED, "head_dim": 16},
    ),
    "opt_125m": ("OPTConfig", "OPTForCausalLM", {}),
    "pythia_70m": (
        "GPTNeoXConfig",
        "GPTNeoXForCausalLM",
        {
            "hidden_size": 512,
            "intermediate_size": 2048,
            "num_hidden_layers": 6,
            "num_attention_heads": 8,
        },
    ),
    "gemma_small": (
        "Gemma2Config",
        "Gemma2ForCausalLM",
        {**SMALL_GROUPED, "head_dim": 16},
    ),
    "phi_small": (
        "PhiConfig",
        "PhiForCausalLM",
        SMALL_DECODER,
    ),
    "mixtral_small": (
        "MixtralConfig",
        "MixtralForCausalLM",
        {
            **SMALL_GROUPED,
            "num_local_experts": 4,
            # Otherwise by an operation that sorts words by their experts.
            "experts_implementation": "batched_mm",
        },
    ),
    "mamba_small": (
        "MambaConfig",
        "MambaForCausalLM",
        {"hidden_size": 64, "num_hidden_layers": 2, **SMALL},
    ),
    "bloom_small": (
        "BloomConfig",
        "BloomForCausalLM",
        {"hidden_size": 64, "n_layer": 2, "n_head": 4, **SMALL},
    ),
}


def make(config: str, model: str, **settings: Any) -> nn.Module:
    """Return a model of transformers' with random weights."""
    import transformers

    torch.manual_seed(0)
    made = getattr(transformers, model)(getattr(transformers, config)(**settings))
    return made.eval()


def _decoder(family: str) -> nn.Module:
    config, model, settings = DECODERS[family]
    return make(config, model, **settings)


def _prefill(family: str, length: int) -> Built:
    """Return a model that reads a prompt."""
    return _decoder(family), {"input_ids": _tokens(length)}


def _decode(family: str, length: int) -> Built:
    """Return a model that writes a word, with room in its cache for `length`."""
    from transformers import StaticCache

    model: Any = _decoder(family)
    cache = StaticCache(config=model.config, max_cache_len=length)
    with torch.no_grad():
        model(input_ids=_tokens(length // 2), past_key_values=cache)
    return model, {"input_ids": _tokens(1), "past_key_values": cache}


def _decode_growing(family: str, length: int) -> Built:
    """Return a model that writes a word, whose cache of `length` words grows by one."""
    model = _decoder(family)
    with torch.no_grad():
        cache = model(input_ids=_tokens(length)).past_key_values
    return model, {"input_ids": _tokens(1), "past_key_values": cache}


def _masked() -> Built:
    """Return a decoder that is told which words of its prompt are filling."""
    made = _decoder("gpt2_small")

    class Masked(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = made

        def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
            position = (attention_mask.cumsum(-1) - 1).clamp(min=0)
            return self.model(
                input_ids=input_ids,
                attention_mask=attention_mask,
                position_ids=position,
                use_cache=False,
            ).logits

    inputs = {"input_ids": _tokens(16), "attention_mask": torch.ones(1, 16).long()}
    return Masked().eval(), inputs


# ---------------------------------------------------------------------------
# Encoders, and encoders with decoders
# ---------------------------------------------------------------------------


def _encoder(config: str, model: str, length: int, **settings: Any) -> Built:
    made = make(config, model, **settings)
    tokens = _tokens(length, 100)
    return made, {"input_ids": tokens, "attention_mask": torch.ones_like(tokens)}


def _seq2seq(config: str, model: str, **settings: Any) -> Built:
    made = make(config, model, use_cache=False, **settings)
    return made, {"input_ids": _tokens(16, 100), "decoder_input_ids": _tokens(8, 100)}


BERT = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 128,
    "vocab_size": 1000,
}
T5 = {"d_model": 64, "d_kv": 16, "d_ff": 128, "num_layers": 2, "num_heads": 4}
BART = {
    "d_model": 64,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 128,
    "decoder_ffn_dim": 128,
    "vocab_size": 1000,
}


def _model(name: str, kind: str, build: Callable[..., Built], *args: Any) -> Model:
    return Model(name, kind, functools.partial(build, *args))


MODELS = [
    *(
        _model(f"{family}_prefill", "decoder, prefill", _prefill, family, 32)
        for family in DECODERS
    ),
    *(
        _model(f"{family}_decode", "decoder, decode", _decode, family, 32)
        for family in DECODERS
        if family not in ("bloom_small", "mamba_small")
    ),
    *(
        _model(
            f"{family}_decode_growing", "decoder, decode", _decode_growing, family, 31
        )
        for family in ("gpt2_small", "llama_small")
    ),
    _model("gpt2_small_masked", "decoder, prefill", _masked),
    *(
        Model(
            name, "encoder", functools.partial(_encoder, config, model, 32, **settings)
        )
        for name, config, model, settings in (
            ("bert_base", "BertConfig", "BertModel", {}),
            ("bert_small", "BertConfig", "BertModel", BERT),
            (
                "distilbert",
                "DistilBertConfig",
                "DistilBertForSequenceClassification",
                {},
            ),
            ("roberta_small", "RobertaConfig", "RobertaModel", BERT),
            ("albert", "AlbertConfig", "AlbertModel", BERT),
            ("mobilebert", "MobileBertConfig", "MobileBertModel", {}),
            ("electra", "ElectraConfig", "ElectraModel", {}),
            ("deberta_v2_small", "DebertaV2Config", "DebertaV2Model", BERT),
            ("fnet_small", "FNetConfig", "FNetModel", BERT),
            (
                "modernbert_small",
                "ModernBertConfig",
                "ModernBertModel",
                {**BERT, "pad_token_id": 0},
            ),
        )
    ),
    Model(
        "t5_small",
        "encoder and decoder",
        functools.partial(_seq2seq, "T5Config", "T5ForConditionalGeneration", **T5),
    ),
    Model(
        "bart_small",
        "encoder and decoder",
        functools.partial(
            _seq2seq, "BartConfig", "BartForConditionalGeneration", **BART
        ),
    ),
]
