"""The graph of a recurrent network: a few tokens further, with the state going in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from genstudio.families.lstm.network import Lstm
from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec

STEP = "step"


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """step(tokens (b, t), h, c (b, layers, width)) -> logits (b, t, vocabulary), new_h, new_c."""
    network = networks["network"]
    assert isinstance(network, Lstm)
    shape = network.config.layers, network.config.width

    def example(count: int) -> dict[str, Tensor]:
        tokens = torch.randint(network.config.vocabulary, (count, count + 4))
        return {"tokens": tokens, "h": torch.randn(count, *shape), "c": torch.randn(count, *shape)}

    axes = {"tokens": {1: "time"}, "logits": {1: "time"}}
    return [GraphSpec(STEP, network, example, ("logits", "new_h", "new_c"), axes)]
