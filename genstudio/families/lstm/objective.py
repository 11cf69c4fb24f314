"""What a recurrent network is trained for: the next token, each passage from an empty state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from genstudio.core.stored import Json
from genstudio.families.lstm.network import Lstm, LstmConfig
from genstudio.training.next_token import NETWORK, NextToken
from genstudio.training.objective import Networks

FIELDS = ("vocabulary", "width", "layers")


def networks(config: Mapping[str, Any], dropout: float = 0.0) -> dict[str, nn.Module]:
    """The network of a manifest config."""
    fields = {name: config[name] for name in FIELDS}
    return {NETWORK: Lstm(LstmConfig(**fields, dropout=dropout))}


class LstmObjective(NextToken):
    """See `training.next_token.NextToken`."""

    def logits(self, networks: Networks, tokens: Tensor) -> Tensor:
        network = networks[NETWORK]
        found: Tensor = network(tokens, *network.empty(len(tokens)))[0]  # type: ignore[operator]
        return found

    def read(self, networks: Networks, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        network = networks[NETWORK]
        state = network.empty(len(tokens)) if state is None else state  # type: ignore[operator]
        logits, *state = network(tokens[:, None], *state)
        return logits[:, 0], state


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> LstmObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    dropout = float(str(options["dropout"]))
    return LstmObjective(config, options, networks(config, dropout))
