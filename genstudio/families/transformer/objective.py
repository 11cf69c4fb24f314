"""What a transformer is trained for: the next token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core.stored import Json
from genstudio.families.transformer.memory import Growing
from genstudio.families.transformer.network import Adapter, Transformer, TransformerConfig
from genstudio.training.next_token import NETWORK, NextToken
from genstudio.training.objective import Networks

ADAPTER = "adapter"
FIELDS = (
    "vocabulary", "context", "width", "layers", "heads", "positions", "norm", "activation", "bias",
)  # fmt: skip


def networks(config: Mapping[str, Any], dropout: float = 0.0) -> dict[str, nn.Module]:
    """The network of a manifest config, and for an add-on what is laid over it."""
    shape = TransformerConfig(**{name: config[name] for name in FIELDS}, dropout=dropout)
    found: dict[str, nn.Module] = {NETWORK: Transformer(shape)}
    if rank := config.get("lora"):
        found[ADAPTER] = Adapter(shape, rank)
    return found


def merged(
    networks: Networks, config: Mapping[str, Json]
) -> tuple[dict[str, nn.Module], dict[str, Json]]:
    """The one network that an add-on and its base are together, and its config."""
    network, adapter = networks[NETWORK], networks[ADAPTER]
    assert isinstance(network, Transformer)
    assert isinstance(adapter, Adapter)
    adapter.merge(network)
    return {NETWORK: network}, {key: value for key, value in config.items() if key != "lora"}


class TransformerObjective(NextToken):
    """See `training.next_token.NextToken`. In an add-on the adapter alone learns: the network
    is the parent's (`laid_over`)."""

    def __init__(
        self,
        config: Mapping[str, Json],
        options: Mapping[str, Json],
        networks: dict[str, nn.Module],
    ) -> None:
        super().__init__(config, options, networks)
        self.laid_over: frozenset[str] = frozenset()
        self.fresh: frozenset[str] = frozenset()
        if ADAPTER in networks:
            self.moving, self.ema = (ADAPTER,), frozenset({ADAPTER})
            self.laid_over, self.fresh = frozenset({NETWORK}), frozenset({ADAPTER})

    def logits(self, networks: Networks, tokens: Tensor) -> Tensor:
        found: Tensor = networks[NETWORK](tokens, adapter=networks.get(ADAPTER))
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
        # (b, 1, vocabulary)
        logits = network(tokens[:, None], memory, places, networks.get(ADAPTER))
        return logits[:, 0], memory.grown()


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> TransformerObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    dropout = float(str(options["dropout"]))
    return TransformerObjective(config, options, networks(config, dropout))
