# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models of sound, and of other signals."""

import functools
from typing import Any

import torch
from torch import Tensor, nn

from . import Built, Model
from .language import BART, make

WAVE = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 128,
    "conv_dim": [32] * 7,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
}
WHISPER = {
    **BART,
    "max_source_positions": 50,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 3,
    "use_cache": False,
}


def _wave(config: str, model: str, samples: int, **settings: Any) -> Built:
    return make(config, model, **settings), {"input_values": torch.randn(1, samples)}


def _whisper(settings: dict[str, Any], frames: int) -> Built:
    made = make("WhisperConfig", "WhisperForConditionalGeneration", **settings)
    words = torch.randint(0, 1000, (1, 4))
    return made, {
        "input_features": torch.randn(1, 80, frames),
        "decoder_input_ids": words,
    }


def _spectrogram() -> Built:
    made = make(
        "ASTConfig",
        "ASTForAudioClassification",
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        max_length=64,
    )
    return made, {"input_values": torch.randn(1, 64, 128)}


class Denoiser(nn.Module):
    """A short Fourier transform, a mask from its magnitudes, and the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Conv1d(129, 64, 3, padding=1)
        self.rnn = nn.GRU(64, 64, batch_first=True)
        self.mask = nn.Linear(64, 129)
        self.register_buffer("window", torch.hann_window(256), persistent=False)

    def forward(self, wave: Tensor) -> Tensor:
        spectrum = torch.stft(wave, 256, 128, window=self.window, return_complex=True)
        x = self.encoder(spectrum.abs().log1p()).relu()
        mask = self.mask(self.rnn(x.transpose(1, 2))[0]).sigmoid()
        cleaned = spectrum * mask.transpose(1, 2)
        return torch.istft(cleaned, 256, 128, window=self.window)


class AutoEncoder(nn.Module):
    """Down by strided convolutions, and up by transposed ones."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Sequential(
            nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU()
        )
        self.up = nn.Sequential(
            nn.ConvTranspose2d(32, 16, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(16, 1, 4, 2, 1),
        )

    def forward(self, image: Tensor) -> Tensor:
        return self.up(self.down(image))


class Clip(nn.Module):
    """Three-dimensional convolutions, of pictures one after another."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv3d(3, 8, 3, (1, 2, 2), 1),
            nn.BatchNorm3d(8),
            nn.ReLU(),
            nn.Conv3d(8, 16, 3, 2, 1),
        )
        self.head = nn.Linear(16, 10)

    def forward(self, clip: Tensor) -> Tensor:
        return self.head(self.body(clip).mean((2, 3, 4)))


def _denoiser() -> Built:
    return Denoiser().eval(), (torch.randn(1, 2048),)


def _autoencoder() -> Built:
    return AutoEncoder().eval(), (torch.randn(1, 1, 32, 32),)


def _clip() -> Built:
    return Clip().eval(), (torch.randn(1, 3, 8, 32, 32),)


MODELS = [
    Model(
        "wav2vec2_small",
        "audio",
        functools.partial(_wave, "Wav2Vec2Config", "Wav2Vec2ForCTC", 4000, **WAVE),
    ),
    Model(
        "hubert_small",
        "audio",
        functools.partial(_wave, "HubertConfig", "HubertModel", 4000, **WAVE),
    ),
    Model("whisper_small", "audio", functools.partial(_whisper, WHISPER, 100)),
    Model("spectrogram_transformer", "audio", _spectrogram),
    Model("fourier_denoiser", "audio", _denoiser),
    Model("autoencoder", "transposed convolutions", _autoencoder),
    Model("video_classifier", "3-D convolutions", _clip),
]
