"""Graphs of a diffusion model: the U-Net and, where something guides it, the encoder of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """text(tokens) -> [context, ]pooled[, sketch]; unet(x, t[, pooled[, context[, sketch]]]) -> out
    (b, c, s, s)."""
    c = config
    specs = []
    said: tuple[str, ...] = ("pooled",)
    if c["condition"] == "text":
        said = ("context", "pooled", "sketch") if c.get("sketch") else ("context", "pooled")

    def noisy(count: int) -> dict[str, Tensor]:
        inputs = {
            "x": torch.randn(count, c["channels"], c["size"], c["size"]),
            "t": torch.linspace(0, c["noise_steps"] - 1, count),
        }
        if c["condition"] != "none":
            with torch.no_grad():
                found = networks["text"](tokens(count)["tokens"])
            parts = found if isinstance(found, tuple) else (found,)
            meant = dict(zip(said, parts, strict=True))
            # In the order in which the network takes them.
            inputs |= {name: meant[name] for name in ("pooled", *said) if name in meant}
        return inputs

    def tokens(count: int) -> dict[str, Tensor]:
        places = networks["text"].table.num_embeddings  # type: ignore[union-attr]
        found = torch.randint(1, int(places), (count, c["length"]))  # type: ignore[arg-type]
        if c["length"] > 1:
            found[0, c["length"] // 2 :] = 0
        return {"tokens": found}

    if c["condition"] != "none":
        specs.append(GraphSpec("text", networks["text"], tokens, said))
    specs.append(GraphSpec("unet", networks["unet"], noisy, ("out",)))
    return specs
