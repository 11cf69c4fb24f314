"""Graphs of the matcher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from genstudio.core.words import FIRST, START
from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """picture(image (b, channels, size, size)) -> vector (b, f); text(tokens (b, l)) -> vector."""
    shape = (config["channels"], config["size"], config["size"])
    words, length = len(config["words"]) + FIRST, config["length"]

    def picture(count: int) -> dict[str, torch.Tensor]:
        return {"image": torch.rand(count, *shape) * 2 - 1}

    def text(count: int) -> dict[str, torch.Tensor]:
        tokens = torch.randint(0, words, (count, length))
        tokens[:, 0] = START
        return {"tokens": tokens}

    return [
        GraphSpec("picture", networks["picture"], picture, ("vector",)),
        GraphSpec("text", networks["text"], text, ("vector",)),
    ]
