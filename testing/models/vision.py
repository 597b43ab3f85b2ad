# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models of images of transformers', that find, part or compare what is in them."""

import functools
from typing import Any

import torch

from . import Built, Model
from .language import make

SMALL = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 128,
}


def _image(config: str, model: str, size: int, **settings: Any) -> Built:
    return make(config, model, **settings), {
        "pixel_values": torch.randn(1, 3, size, size)
    }


def _clip() -> Built:
    text = {**SMALL, "vocab_size": 1000, "max_position_embeddings": 16}
    image = {**SMALL, "image_size": 64, "patch_size": 16}
    made = make("CLIPConfig", "CLIPModel", text_config=text, vision_config=image)
    tokens = torch.randint(0, 1000, (1, 16))
    return made, {"input_ids": tokens, "pixel_values": torch.randn(1, 3, 64, 64)}


MODELS = [
    *(
        Model(name, kind, functools.partial(_image, config, model, size, **settings))
        for name, kind, config, model, size, settings in (
            ("segformer_b0", "segmentation", "SegformerConfig",
             "SegformerForSemanticSegmentation", 256, {}),
            ("yolos_small", "detection", "YolosConfig", "YolosForObjectDetection", 128,
             {**SMALL, "image_size": [128, 128]}),
            ("dpt_small", "depth", "DPTConfig", "DPTForDepthEstimation", 128,
             {**SMALL, "num_hidden_layers": 4, "image_size": 128,
              "backbone_out_indices": [0, 1, 2, 3],
              "neck_hidden_sizes": [16, 32, 64, 64],
              "fusion_hidden_size": 32}),
            ("vit_mae_small", "vision transformer", "ViTConfig",
             "ViTForImageClassification", 64, {**SMALL, "image_size": 64}),
            ("convnextv2_atto", "convolutional", "ConvNextV2Config", "ConvNextV2Model",
             128, {"hidden_sizes": [40, 80, 160, 320], "depths": [2, 2, 6, 2]}),
            ("dinov2_small", "vision transformer", "Dinov2Config", "Dinov2Model", 56,
             {**SMALL, "image_size": 56}),
            ("swin2sr", "superresolution", "Swin2SRConfig",
             "Swin2SRForImageSuperResolution", 64,
             {"embed_dim": 32, "depths": [2, 2], "num_heads": [2, 2],
              "window_size": 8}),
            ("mobilevit_segmentation", "segmentation", "MobileViTConfig",
             "MobileViTForSemanticSegmentation", 256, {}),
        )
    ),
    Model("clip_small", "image and text", _clip),
]  # fmt: skip
