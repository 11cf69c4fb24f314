"""A recurrent network that says what token follows.

- Hochreiter, Schmidhuber 1997; Gers et al. 2000 (section 3): LSTM with forget gates.
- Zaremba et al. 2014 (section 3.1): dropout between the layers, never within the recurrence.
- Press, Wolf 2017: the embedding is the matrix of the answers, too.
- Jozefowicz et al. 2015 (section 3.3): forget gates that begin open.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class LstmConfig:
    """Everything needed to build the network; dropout matters in training only."""

    vocabulary: int = 256
    width: int = 512
    layers: int = 2
    dropout: float = 0.0


class Lstm(nn.Module):
    """tokens (b, t) int64, state h and c (b, layers, width) -> logits (b, t, vocabulary), h, c."""

    def __init__(self, config: LstmConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        between = config.dropout if config.layers > 1 else 0.0
        self.lstm = nn.LSTM(
            config.width, config.width, config.layers, batch_first=True, dropout=between
        )
        self.last = nn.Linear(config.width, config.width)
        self.bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.drop = nn.Dropout(config.dropout)
        nn.init.normal_(self.embedding.weight, std=config.width**-0.5)
        for name, bias in self.lstm.named_parameters():
            if name.startswith("bias_ih"):
                with torch.no_grad():  # input, forget, cell, output gates in turn
                    bias[config.width : 2 * config.width] = 1.0

    def forward(self, tokens: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.drop(self.embedding(tokens))  # (b, t, width)
        state = h.transpose(0, 1).contiguous(), c.transpose(0, 1).contiguous()
        # Not every processor has a recurrent layer in 16 bits; GPUs do.
        with torch.autocast("cpu", enabled=False):
            x = x.float() if x.device.type == "cpu" else x
            x, (h, c) = self.lstm(x, state)  # (b, t, width), 2 x (layers, b, width)
        return self.answers(x), h.transpose(0, 1), c.transpose(0, 1)

    def answers(self, x: Tensor) -> Tensor:
        """What the last layer says (b, t, width) -> logits (b, t, vocabulary)."""
        x = self.last(self.drop(x))  # (b, t, width)
        return F.linear(x, self.embedding.weight, self.bias)

    def empty(self, count: int) -> tuple[Tensor, Tensor]:
        """The state (count, layers, width) twice, before anything was read."""
        shape = (count, self.config.layers, self.config.width)
        nothing = self.embedding.weight.new_zeros(shape)
        return nothing, nothing
