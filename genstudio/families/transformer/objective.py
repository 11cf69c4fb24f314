"""What a transformer is trained for: the next token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core.stored import Json
from genstudio.families.transformer.memory import Growing
from genstudio.families.transformer.network import Transformer, TransformerConfig
from genstudio.training.next_token import NETWORK, NextToken
from genstudio.training.objective import Networks

FIELDS = (
    "vocabulary", "context", "width", "layers", "heads", "positions", "norm", "activation", "bias",
)  # fmt: skip


def networks(config: Mapping[str, Any], dropout: float = 0.0) -> dict[str, nn.Module]:
    """The network of a manifest config."""
    fields = {name: config[name] for name in FIELDS}
    return {NETWORK: Transformer(TransformerConfig(**fields, dropout=dropout))}


class TransformerObjective(NextToken):
    """See `training.next_token.NextToken`."""

    def logits(self, networks: Networks, tokens: Tensor) -> Tensor:
        found: Tensor = networks[NETWORK](tokens)
        return found

    def read(self, networks: Networks, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        network = networks[NETWORK]
        assert isinstance(network, Transformer)
        config = network.config
        shape = (len(tokens), config.layers, config.heads, 0, config.head)
        nothing = network.embedding.weight.new_zeros(shape)
        keys, values = (nothing, nothing) if state is None else state
        places = torch.tensor([keys.shape[3]], device=tokens.device)
        memory = Growing(config, keys, values, places)
        logits = network(tokens[:, None], memory, places)  # (b, 1, vocabulary)
        return logits[:, 0], memory.grown()


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> TransformerObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    dropout = float(str(options["dropout"]))
    return TransformerObjective(config, options, networks(config, dropout))
