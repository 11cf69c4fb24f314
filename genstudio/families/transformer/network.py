"""A decoder-only transformer, and the low-rank adapter that can be laid over it.

- Vaswani et al. 2017 (section 3.2): multi-head attention; here each token sees itself and what
  stands before it.
- Radford et al. 2019, GPT-2 (section 2.3): normalisation before each part, and first weights of
  what is added to the stream divided by the root of the number of additions.
- Su et al. 2021 (section 3.2.2): rotary positions; a pair of numbers lies half a head apart.
- Zhang, Sennrich 2019 (equation 4): RMSNorm. Shazeer 2020 (equation 6): SwiGLU.
- Press, Wolf 2017: the embedding is the matrix of the answers, too.
- Hu et al. 2022 (section 4.1): low-rank adaptation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Attend = Callable[[int, Tensor], Tensor]
"""(number of the layer, its queries, keys and values side by side (b, t, 3 * width)) -> what each
token finds among those it may see (b, t, width). Memory of earlier tokens is its affair."""

BASE = 10_000.0
"""Of the rotary wave lengths."""
START = 0.02
SCALE = 2.0
"""Of what an adapter adds (alpha over rank)."""


@dataclass(frozen=True)
class TransformerConfig:
    """Everything needed to build the network; dropout matters in training only."""

    vocabulary: int = 256
    context: int = 256  # most tokens that it can see at once
    width: int = 384
    layers: int = 6
    heads: int = 6
    positions: Literal["rotary", "learned"] = "rotary"
    norm: Literal["rms", "layer"] = "rms"
    activation: Literal["gelu", "swiglu"] = "swiglu"
    bias: bool = False
    dropout: float = 0.0

    def __post_init__(self) -> None:
        parts = 16 if self.positions == "rotary" else 8
        if self.width % self.heads or self.head % parts:
            raise ValueError(f"a head must be a multiple of {parts} numbers wide")

    @property
    def head(self) -> int:
        """Numbers in a head."""
        return self.width // self.heads

    @property
    def hidden(self) -> int:
        """Width inside the dense part; SwiGLU has three matrices instead of two."""
        return 4 * self.width if self.activation == "gelu" else -(-self.width * 8 // 96) * 32


class Dense(nn.Module):
    """What each token thinks by itself: (b, t, width) -> (b, t, width)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.gated = config.activation == "swiglu"
        inner = config.hidden * (2 if self.gated else 1)
        self.up = nn.Linear(config.width, inner, bias=config.bias)
        self.down = nn.Linear(config.hidden, config.width, bias=config.bias)

    def forward(self, x: Tensor, more: Change | None = None) -> Tensor:
        x = linear(self.up, x, more, "up")  # (b, t, hidden), or twice that
        if self.gated:
            half = x.shape[-1] // 2
            x = F.silu(x[..., :half]) * x[..., half:]  # (b, t, hidden)
        else:
            x = F.gelu(x, approximate="tanh")
        return linear(self.down, x, more, "down")


class Block(nn.Module):
    """Attention and a dense part, each added to the stream: (b, t, width) -> (b, t, width)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        kind = nn.RMSNorm if config.norm == "rms" else nn.LayerNorm
        self.first = kind(config.width, eps=1e-5)
        self.qkv = nn.Linear(config.width, 3 * config.width, bias=config.bias)
        self.out = nn.Linear(config.width, config.width, bias=config.bias)
        self.second = kind(config.width, eps=1e-5)
        self.dense = Dense(config)
        self.drop = nn.Dropout(config.dropout)

    def forward(
        self, x: Tensor, attend: Callable[[Tensor], Tensor], more: Change | None = None
    ) -> Tensor:
        found = attend(linear(self.qkv, self.first(x), more, "qkv"))  # (b, t, width)
        x = x + self.drop(linear(self.out, found, more, "out"))
        return x + self.drop(self.dense(self.second(x), more))


class Transformer(nn.Module):
    """tokens (b, t) int64 -> logits (b, t, vocabulary): [i, j] of what follows token [i, j]."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        if config.positions == "learned":
            self.places = nn.Embedding(config.context, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        kind = nn.RMSNorm if config.norm == "rms" else nn.LayerNorm
        self.norm = kind(config.width, eps=1e-5)
        self.drop = nn.Dropout(config.dropout)
        self.apply(_start)
        for block in self.blocks:
            for layer in (block.out, block.dense.down):  # type: ignore[union-attr]
                nn.init.normal_(layer.weight, std=START / math.sqrt(2 * config.layers))  # type: ignore[arg-type]

    def forward(
        self,
        tokens: Tensor,
        attend: Attend | None = None,
        positions: Tensor | None = None,
        adapter: Adapter | None = None,
    ) -> Tensor:
        """Without `attend` the tokens are a whole text; `positions` (b, t) or (t,) int64."""
        if positions is None:
            positions = torch.arange(tokens.shape[1], device=tokens.device)
        if attend is None:
            attend = Causal(self.config, positions)
        x = self.embedding(tokens)  # (b, t, width)
        if self.config.positions == "learned":
            x = x + self.places(positions)
        x = self.drop(x)
        for layer, block in enumerate(self.blocks):
            more = None if adapter is None else adapter.changes[layer]
            x = block(x, lambda qkv, layer=layer: attend(layer, qkv), more)
        return F.linear(self.norm(x), self.embedding.weight)  # (b, t, vocabulary)


class Causal:
    """Attention within a whole text: each token sees itself and all before it."""

    def __init__(self, config: TransformerConfig, positions: Tensor) -> None:
        self.config = config
        self.waves = waves(config, positions) if config.positions == "rotary" else None

    def __call__(self, layer: int, qkv: Tensor) -> Tensor:
        q, k, v = heads(qkv, self.config)  # 3 x (b, heads, t, head)
        if self.waves is not None:
            q, k = rotate(q, *self.waves), rotate(k, *self.waves)
        return joined(F.scaled_dot_product_attention(q, k, v, is_causal=True))


def heads(qkv: Tensor, config: TransformerConfig) -> tuple[Tensor, ...]:
    """(b, t, 3 * width) -> queries, keys and values (b, heads, t, head)."""
    parts = qkv.unflatten(-1, (3, config.heads, config.head))  # (b, t, 3, heads, head)
    return tuple(part.transpose(1, 2) for part in parts.unbind(2))


def joined(found: Tensor) -> Tensor:
    """(b, heads, t, head) -> (b, t, width)."""
    return found.transpose(1, 2).flatten(2)


def waves(config: TransformerConfig, positions: Tensor) -> tuple[Tensor, Tensor]:
    """Cosines and sines (…, t, head / 2) of positions (…, t)."""
    steps = torch.arange(0, config.head, 2, device=positions.device)
    speed = BASE ** (-steps.float() / config.head)  # (head / 2,)
    angles = positions.float().unsqueeze(-1) * speed  # (…, t, head / 2)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn each pair of numbers of (b, heads, t, head) by the angle of its token."""
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]  # 2 x (b, heads, t, head / 2)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)


def linear(layer: nn.Linear, x: Tensor, more: Change | None, name: str) -> Tensor:
    """`layer` of x, and what an adapter adds to it.

    In a graph both become one matrix, which the runtime computes once, while loading.
    """
    if more is not None and torch.compiler.is_exporting():
        return F.linear(x, layer.weight + more.whole(name), layer.bias)
    found: Tensor = layer(x)
    return found if more is None else found + more(name, x)


class Change(nn.Module):
    """What an adapter adds to one block: for each matrix B A x, scaled."""

    def __init__(self, config: TransformerConfig, rank: int, scale: float) -> None:
        super().__init__()
        self.scale = scale
        self.down, self.up = nn.ParameterDict(), nn.ParameterDict()
        for name, (wide, long) in shapes(config).items():
            # B begins at zero, so that the adapted network begins as the network itself.
            self.down[name] = nn.Parameter(torch.randn(rank, long) / math.sqrt(long))
            self.up[name] = nn.Parameter(torch.zeros(wide, rank))

    def forward(self, name: str, x: Tensor) -> Tensor:
        return F.linear(F.linear(x, self.down[name]), self.up[name]) * self.scale

    def whole(self, name: str) -> Tensor:
        """The change as a matrix, of the shape of the one that it is added to."""
        return self.up[name] @ self.down[name] * self.scale


class Adapter(nn.Module):
    """Low-rank changes of all matrices of all blocks."""

    def __init__(self, config: TransformerConfig, rank: int, scale: float = SCALE) -> None:
        super().__init__()
        self.changes = nn.ModuleList(Change(config, rank, scale) for _ in range(config.layers))

    @torch.no_grad()
    def merge(self, network: Transformer) -> None:
        """Add the changes to the matrices of `network`, which then needs no adapter."""
        for block, change in zip(network.blocks, self.changes, strict=True):
            for name, layer in layers(block).items():  # type: ignore[arg-type]
                layer.weight += change.whole(name)  # type: ignore[operator]


def shapes(config: TransformerConfig) -> dict[str, tuple[int, int]]:
    """Rows and columns of the matrices of a block, by the names that `Change` knows."""
    found = layers(Block(config))
    return {name: (layer.out_features, layer.in_features) for name, layer in found.items()}


def layers(block: Block) -> dict[str, nn.Linear]:
    """The matrices of a block by those names."""
    dense = block.dense
    return {"qkv": block.qkv, "out": block.out, "up": dense.up, "down": dense.down}


def _start(module: nn.Module) -> None:
    """First weights: small normal numbers, no biases."""
    if isinstance(module, (nn.Linear, nn.Embedding)):
        nn.init.normal_(module.weight, std=START)
    if isinstance(module, nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
