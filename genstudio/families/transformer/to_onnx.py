"""Graphs of a transformer: "step" with shared buffers, "portable" with a growing memory.

Both are called with whole texts first and single tokens after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.families.transformer.memory import Growing, Shared, positions
from genstudio.families.transformer.network import Adapter, Transformer, waves
from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec

OPSET = 23
"""The first with operators for attention and RMSNorm."""
STEP, PORTABLE = "step", "portable"
PROVEN = ("logits",)
"""They depend on all the rest, and the memory would be most of the probe."""


class Step(nn.Module):
    """tokens (b, t), lengths (b,), then the buffers (b, heads, room, head) of each layer."""

    def __init__(self, network: Transformer, adapter: Adapter | None) -> None:
        super().__init__()
        self.network, self.adapter = network, adapter
        config = network.config
        if config.positions == "rotary":
            cos, sin = waves(config, torch.arange(config.context))
            self.register_buffer("cos", cos)
            self.register_buffer("sin", sin)

    def forward(self, tokens: Tensor, lengths: Tensor, *buffers: Tensor) -> tuple[Tensor, ...]:
        config = self.network.config
        turns = (self.cos, self.sin) if config.positions == "rotary" else None
        memory = Shared(config, buffers, lengths, turns)  # type: ignore[arg-type]
        logits = self.network(tokens, memory, positions(lengths, tokens.shape[1]), self.adapter)
        return (logits, *memory.filled)


class Portable(nn.Module):
    """tokens (b, t), keys and values (b, layers, heads, past, head) -> logits and both, longer."""

    def __init__(self, network: Transformer, adapter: Adapter | None) -> None:
        super().__init__()
        self.network, self.adapter = network, adapter

    def forward(self, tokens: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, ...]:
        past = keys.shape[3]
        places = torch.arange(tokens.shape[1], device=tokens.device) + past  # (t,)
        memory = Growing(self.network.config, keys, values, places)
        return (self.network(tokens, memory, places, self.adapter), *memory.grown())


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """step(tokens, lengths, keys_0, values_0, …) -> logits (b, t, vocabulary) and the buffers;
    portable(tokens, keys, values) -> logits, keys, values."""
    network, adapter = networks["network"], networks.get("adapter")
    assert isinstance(network, Transformer)
    assert adapter is None or isinstance(adapter, Adapter)
    return [_step(network, adapter), _portable(network, adapter)]


def _step(network: Transformer, adapter: Adapter | None) -> GraphSpec:
    config = network.config
    names = [f"{kind}_{layer}" for layer in range(config.layers) for kind in ("keys", "values")]

    def example(count: int) -> dict[str, Tensor]:
        """Odd counts read a text into empty buffers, even ones a token after some others."""
        begins = count % 2 == 1  # few tokens: each is told in as many numbers as there are words
        room = 4 if begins else 5
        new = room - 1 if begins else 1
        lengths = torch.full((count,), new, dtype=torch.int32)
        if not begins:
            lengths += 1 + torch.arange(count, dtype=torch.int32) % 3
        shape = (count, config.heads, room, config.head)
        # What lies behind a row's tokens is not its own.
        own = torch.arange(room) < (lengths - new).unsqueeze(1)  # (count, room)
        buffers = {name: _some(shape) * own[:, None, :, None] for name in names}
        return {"tokens": _tokens(config.vocabulary, count, new), "lengths": lengths, **buffers}

    outputs = [f"new_{name}" for name in names]
    axes = {"tokens": {1: "time"}, "logits": {1: "time"}}
    axes |= {name: {2: "room"} for name in (*names, *outputs)}
    outputs = ["logits", *outputs]
    return GraphSpec(STEP, Step(network, adapter), example, tuple(outputs), axes, OPSET, PROVEN)


def _portable(network: Transformer, adapter: Adapter | None) -> GraphSpec:
    config = network.config

    def example(count: int) -> dict[str, Tensor]:
        shape = (count, config.layers, config.heads, count // 2 + 1, config.head)
        tokens = _tokens(config.vocabulary, count, 2 + count % 2)
        return {"tokens": tokens, "keys": _some(shape), "values": _some(shape)}

    grown = {name: {3: "total"} for name in ("new_keys", "new_values")}
    axes = {"tokens": {1: "time"}, "logits": {1: "time"}, **grown}
    axes |= {name: {3: "past"} for name in ("keys", "values")}
    outputs = ("logits", "new_keys", "new_values")
    return GraphSpec(PORTABLE, Portable(network, adapter), example, outputs, axes, OPSET, PROVEN)


def _tokens(vocabulary: int, count: int, length: int) -> Tensor:
    """Some tokens (count, length)."""
    return torch.randint(vocabulary, (count, length))


def _some(shape: tuple[int, ...]) -> Tensor:
    """Numbers for a memory: few different ones, so that a probe of them stays small."""
    return torch.randint(-2, 3, shape) / 2.0
