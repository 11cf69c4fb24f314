"""Graphs of a diffusion model: the U-Net and, where something guides it, the encoder of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """text(tokens) -> [context, ]pooled; unet(x, t[, pooled[, context]]) -> out (b, c, s, s)."""
    c = config
    specs = []

    def noisy(count: int) -> dict[str, Tensor]:
        inputs = {
            "x": torch.randn(count, c["channels"], c["size"], c["size"]),
            "t": torch.linspace(0, c["noise_steps"] - 1, count),
        }
        if c["condition"] != "none":
            with torch.no_grad():
                found = networks["text"](tokens(count)["tokens"])
            context, pooled = found if isinstance(found, tuple) else (None, found)
            inputs["pooled"] = pooled
            inputs |= {} if context is None else {"context": context}
        return inputs

    def tokens(count: int) -> dict[str, Tensor]:
        places = networks["text"].table.num_embeddings  # type: ignore[union-attr]
        found = torch.randint(1, int(places), (count, c["length"]))  # type: ignore[arg-type]
        if c["length"] > 1:
            found[0, c["length"] // 2 :] = 0
        return {"tokens": found}

    if c["condition"] != "none":
        outputs = ("context", "pooled") if c["condition"] == "text" else ("pooled",)
        specs.append(GraphSpec("text", networks["text"], tokens, outputs))
    specs.append(GraphSpec("unet", networks["unet"], noisy, ("out",)))
    return specs
