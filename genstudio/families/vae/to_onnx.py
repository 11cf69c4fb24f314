"""Graphs of a VAE: encoder, decoder and, where it was fitted, the prior."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from genstudio.families.vae.prior import ByChoice, ByClass
from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """encoder(image[, label]) -> mean, logvar (b, latent); decoder(z[, label]) -> image;
    prior(noise, label or choice (b, 1)) -> z (b, latent)."""
    classes, side = len(config["class_names"]), config["size"]

    def label(count: int) -> dict[str, torch.Tensor]:
        chosen = torch.arange(count) % max(1, classes)
        return {"label": torch.eye(classes)[chosen]} if classes else {}

    def image(count: int) -> dict[str, torch.Tensor]:
        shape = (count, config["channels"], side, side)
        return {"image": torch.rand(shape) * 2 - 1, **label(count)}

    def code(count: int) -> dict[str, torch.Tensor]:
        return {"z": torch.randn(count, config["latent"]), **label(count)}

    def drawn(count: int) -> dict[str, torch.Tensor]:
        noise = {"noise": torch.randn(count, config["latent"])}
        return noise | (label(count) if classes else {"choice": torch.rand(count, 1)})

    specs = [
        GraphSpec("encoder", networks["encoder"], image, ("mean", "logvar")),
        GraphSpec("decoder", networks["decoder"], code, ("image",)),
    ]
    if "prior" in networks:
        graph = (ByClass if classes else ByChoice)(networks["prior"])
        specs.append(GraphSpec("prior", graph, drawn, ("z",)))
    return specs
