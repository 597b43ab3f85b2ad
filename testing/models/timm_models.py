# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutional networks, transformers of images, MLP mixers and hybrids, of timm's."""

import functools

from . import Built, Model
from .torchvision_names import import_timm

NAMES = {
    "convolutional": """
        resnet50 resnext50_32x4d res2net50_26w_4s wide_resnet50_2 vgg11 densenet121
        dla34 efficientnet_b0 mobilenetv2_100 mobilenetv4_conv_small mnasnet_small
        lcnet_050 tinynet_e ghostnet_100 regnety_002 hrnet_w18_small inception_v3
        xception41 convnext_atto repvit_m0_9 mambaout_femto starnet_s1 cspresnet50
        nfnet_f0 gernet_s selecsls42 fastvit_t8 mobileone_s0 convmixer_768_32
    """,
    "vision transformer": """
        vit_tiny_patch16_224 deit_tiny_distilled_patch16_224
        swin_tiny_patch4_window7_224 swinv2_cr_tiny_ns_224 levit_128s
        maxvit_tiny_tf_224 coatnet_nano_rw_224 efficientformerv2_s0 edgenext_xx_small
        mobilevitv2_050 cait_xxs24_224 xcit_nano_12_p16_224 beit_base_patch16_224
        eva02_tiny_patch14_224 crossvit_tiny_240 pvt_v2_b0 twins_pcpvt_small
        focalnet_tiny_srf davit_tiny volo_d1_224 hiera_tiny_224 poolformer_s12
        tnt_s_legacy_patch16_224 visformer_tiny pit_ti_224 coat_tiny convit_tiny
        nest_tiny_jx naflexvit_base_patch16_gap
    """,
    "mixer": "mixer_s32_224 resmlp_12_224 gmlp_ti16_224 sequencer2d_s",
}


def _build(name: str) -> Built:
    import torch

    timm = import_timm()

    torch.manual_seed(0)
    model = timm.create_model(name).eval()
    size = getattr(model, "default_cfg", {}).get("input_size", (3, 224, 224))
    return model, (torch.randn(1, *size),)


def _build_features() -> Built:
    """Return a backbone with a feature pyramid and a head at each level."""
    import torch
    from torch import nn
    from torch.nn import functional

    timm = import_timm()

    class Detector(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.backbone = timm.create_model(
                "mobilenetv3_large_100", features_only=True
            )
            channels = self.backbone.feature_info.channels()[-3:]
            self.lateral = nn.ModuleList(nn.Conv2d(each, 64, 1) for each in channels)
            self.smooth = nn.ModuleList(nn.Conv2d(64, 64, 3, 1, 1) for _ in channels)
            self.scores = nn.Conv2d(64, 9 * 20, 3, 1, 1)
            self.boxes = nn.Conv2d(64, 9 * 4, 3, 1, 1)

        def forward(self, image: torch.Tensor) -> list[torch.Tensor]:
            found = []
            above = None
            features = self.backbone(image)[-3:]
            for feature, lateral, smooth in zip(
                features[::-1], self.lateral[::-1], self.smooth[::-1], strict=True
            ):
                x = lateral(feature)
                if above is not None:
                    x = x + functional.interpolate(above, x.shape[-2:])
                above = x
                x = smooth(x)
                scores = self.scores(x).sigmoid().flatten(1)
                best, where = scores.topk(100)
                found += [best, where, self.boxes(x)]
            return found

    torch.manual_seed(0)
    return Detector().eval(), (torch.randn(1, 3, 320, 320),)


MODELS = [
    *(
        Model(name, kind, functools.partial(_build, name))
        for kind, names in NAMES.items()
        for name in names.split()
    ),
    Model("mobilenetv3_detector", "detection", _build_features),
]
