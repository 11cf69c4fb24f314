"""Graph of the attribute reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """reader(image (b, channels, size, size)) -> features (b, f), logits (b, answers)."""
    shape = (config["channels"], config["size"], config["size"])

    def example(count: int) -> dict[str, torch.Tensor]:
        return {"image": torch.rand(count, *shape) * 2 - 1}

    return [GraphSpec("reader", networks["reader"], example, ("features", "logits"))]
