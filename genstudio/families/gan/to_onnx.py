"""Graphs of a GAN: the generator. The critic is kept in the weights to train on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """generator(z (b, latent)[, label (b, classes)]) -> image (b, channels, size, size)."""
    classes = len(config["class_names"])

    def example(count: int) -> dict[str, torch.Tensor]:
        inputs = {"z": torch.randn(count, config["latent"])}
        if classes:
            inputs["label"] = torch.eye(classes)[torch.arange(count) % classes]
        return inputs

    return [GraphSpec("generator", networks["generator"], example, ("image",))]
