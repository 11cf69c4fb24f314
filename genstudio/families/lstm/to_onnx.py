"""The graph of a recurrent network: a few tokens further, with the state going in and out.

The exporter takes the width from the state it is given and so arranges the weights anew at each
call, which costs more than the recurrence itself; here they are arranged once, while loading.
Operator: https://onnx.ai/onnx/operators/onnx__LSTM.html (its gates are input, output, forget,
cell; PyTorch's are input, forget, cell, output).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.families.lstm.network import Lstm
from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec

STEP = "step"
OPSET = 14


class Step(nn.Module):
    """tokens (b, t), h and c (b, layers, width) -> logits (b, t, vocabulary), h, c."""

    def __init__(self, network: Lstm) -> None:
        super().__init__()
        self.network = network

    def forward(self, tokens: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        if not torch.compiler.is_exporting():
            found: tuple[Tensor, Tensor, Tensor] = self.network(tokens, h, c)
            return found
        x = self.network.embedding(tokens).transpose(0, 1)  # (t, b, width)
        ends: list[tuple[Tensor, Tensor]] = []
        for layer in range(self.network.config.layers):
            x, *end = self._layer(layer, x, h[:, layer], c[:, layer])
            ends.append((end[0][0], end[1][0]))  # 2 x (b, width)
        logits = self.network.answers(x.transpose(0, 1))  # (b, t, vocabulary)
        new_h, new_c = (torch.stack(part, dim=1) for part in zip(*ends, strict=True))
        return logits, new_h, new_c

    def _layer(self, layer: int, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(t, b, width) -> (t, b, width), h and c (1, b, width) after it."""
        width, lstm = self.network.config.width, self.network.lstm
        weights = [
            _arranged(getattr(lstm, f"{name}_l{layer}"), width)
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        ]
        bias = torch.cat(weights[2:]).unsqueeze(0)  # (1, 8 * width)
        inputs = (x, weights[0].unsqueeze(0), weights[1].unsqueeze(0), bias, None)
        found, h, c = torch.onnx.ops.symbolic_multi_out(
            "LSTM",
            (*inputs, h.unsqueeze(0), c.unsqueeze(0)),
            {"hidden_size": width},
            dtypes=(x.dtype,) * 3,
            shapes=((x.shape[0], 1, *x.shape[1:]), (1, *h.shape), (1, *c.shape)),
            version=OPSET,
        )
        return found[:, 0], h, c


def _arranged(weight: Tensor, width: int) -> Tensor:
    """Gates (4 * width, …) in the operator's order."""
    parts = (0, 3, 1, 2)
    return torch.cat([weight[part * width : (part + 1) * width] for part in parts])


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """step(tokens (b, t), h, c (b, layers, width)) -> logits (b, t, vocabulary), new_h, new_c."""
    network = networks["network"]
    assert isinstance(network, Lstm)
    shape = network.config.layers, network.config.width

    def example(count: int) -> dict[str, Tensor]:
        tokens = torch.randint(network.config.vocabulary, (count, count + 4))
        return {"tokens": tokens, "h": torch.randn(count, *shape), "c": torch.randn(count, *shape)}

    axes = {"tokens": {1: "time"}, "logits": {1: "time"}}
    return [GraphSpec(STEP, Step(network), example, ("logits", "new_h", "new_c"), axes)]
