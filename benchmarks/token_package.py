"""Packages of models of tokens with random weights, which cost as much as trained ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from genstudio import families
from genstudio.core.manifest import TOKENIZER, Manifest
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.training import package


def build(
    folder: Path,
    family: str,
    config: Mapping[str, Any],
    tokenizer: bytes,
    modality: str = "text",
    graphs: int = 1,
) -> dict[str, Any]:
    """A package in fp32 by the usual export with so many of its graphs (one: without the
    portable one of a transformer); its networks by name."""
    torch.manual_seed(0)
    networks = families.part(family, "objective").networks(config)
    settings = TrainerSettings(precision="fp32")
    recipe = Recipe(family=family, model="bench", data="none", settings=settings)

    def describe(**found: Any) -> Manifest:
        facts = {"id": "bench", "title": "Bench", "family": family, "modality": modality}
        return Manifest.model_validate({**facts, "config": dict(config), **found})

    def specs(nets: Any) -> Any:
        return families.part(family, "to_onnx").graphs(nets, config)[:graphs]

    package.build(folder, networks, specs, describe, recipe, b"", {TOKENIZER: tokenizer})
    return dict(networks)
