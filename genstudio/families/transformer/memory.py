"""What a transformer remembers of the tokens read before: keys and values, kept in two ways.

`Growing` lays new ones behind the old ones (any runtime can do that); `Shared` writes them into
buffers that have room for all, through onnxruntime's GroupQueryAttention, whose input and output
may be one and the same memory: a step then costs what it reads, not what it copies.
Operator: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from genstudio.families.transformer.network import (
    TransformerConfig,
    heads,
    joined,
    rotate,
    waves,
)

OPERATOR = "com.microsoft::GroupQueryAttention"


class Growing:
    """Old keys and values (b, layers, heads, past, head), maybe past = 0; `grown` has all."""

    def __init__(
        self, config: TransformerConfig, keys: Tensor, values: Tensor, positions: Tensor
    ) -> None:
        self.config, self.keys, self.values = config, keys, values
        self.waves = waves(config, positions) if config.positions == "rotary" else None
        places = torch.arange(keys.shape[3] + positions.shape[-1], device=keys.device)
        self.seen = places <= positions.unsqueeze(-1)  # (t, past + t)
        self._grown: list[tuple[Tensor, Tensor]] = []

    def __call__(self, layer: int, qkv: Tensor) -> Tensor:
        q, k, v = heads(qkv, self.config)  # 3 x (b, heads, t, head)
        if self.waves is not None:
            q, k = rotate(q, *self.waves), rotate(k, *self.waves)
        k = torch.cat([self.keys[:, layer], k], dim=2)  # (b, heads, past + t, head)
        v = torch.cat([self.values[:, layer], v], dim=2)
        self._grown.append((k, v))
        return joined(F.scaled_dot_product_attention(q, k, v, attn_mask=self.seen))

    def grown(self) -> tuple[Tensor, Tensor]:
        """Keys and values (b, layers, heads, past + t, head) after all layers."""
        keys, values = zip(*self._grown, strict=True)
        return torch.stack(keys, dim=1), torch.stack(values, dim=1)


class Shared:
    """Buffers (b, heads, room, head), keys and values of each layer in turn; `filled` has them.

    `lengths` (b,) int32 counts the tokens of each row with the t new ones. `cos` and `sin`
    (context, head / 2) are the rotary waves, or None. Several new tokens must be the first ones.
    """

    def __init__(
        self,
        config: TransformerConfig,
        buffers: tuple[Tensor, ...],
        lengths: Tensor,
        waves: tuple[Tensor, Tensor] | None,
    ) -> None:
        self.config, self.buffers, self.lengths, self.waves = config, buffers, lengths, waves
        self.filled: list[Tensor] = []

    def __call__(self, layer: int, qkv: Tensor) -> Tensor:
        keys, values = self.buffers[2 * layer : 2 * layer + 2]
        way = self._operator if torch.compiler.is_exporting() else self._plainly
        found, keys, values = way(qkv, keys, values)
        self.filled += [keys, values]
        return found

    def _operator(self, qkv: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, ...]:
        shape = (*qkv.shape[:2], self.config.width)
        facts = {"num_heads": self.config.heads, "kv_num_heads": self.config.heads}
        inputs = (qkv, None, None, keys, values, self.lengths - 1, self.lengths.amax(0))
        return torch.onnx.ops.symbolic_multi_out(  # type: ignore[return-value]
            OPERATOR,
            (*inputs, *(self.waves or ())),
            {**facts, "do_rotary": int(self.waves is not None)},
            dtypes=(qkv.dtype,) * 3,
            shapes=(shape, keys.shape, values.shape),
            version=1,
        )

    def _plainly(self, qkv: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, ...]:
        """What the operator computes."""
        q, k, v = heads(qkv, self.config)  # 3 x (b, heads, t, head)
        places = positions(self.lengths, q.shape[2])  # (b, t)
        if self.waves is not None:
            cos, sin = (wave[places].unsqueeze(1) for wave in self.waves)  # (b, 1, t, head / 2)
            q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        where = places[:, None, :, None].expand_as(k)  # (b, heads, t, head)
        keys, values = keys.scatter(2, where, k), values.scatter(2, where, v)
        room = torch.arange(keys.shape[2], device=keys.device)
        seen = (room <= places.unsqueeze(-1)).unsqueeze(1)  # (b, 1, t, room)
        found = joined(F.scaled_dot_product_attention(q, keys, values, attn_mask=seen))
        return found, keys, values


def positions(lengths: Tensor, new: int) -> Tensor:
    """Places (b, new) int64 of the last `new` tokens of rows that hold `lengths` (b,)."""
    return lengths.long().unsqueeze(1) - new + torch.arange(new, device=lengths.device)
