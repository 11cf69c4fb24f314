"""What the matcher is trained for: each caption finds its picture in the batch, and back.

InfoNCE in both directions: Radford et al. 2021 (figure 3), after van den Oord et al. 2018
(equation 4). Pictures whose caption is the same count as right for each other. Of several ways to
say the same one is drawn for each picture and step, and some words are hidden.

Validation chooses the model by how often a caption finds its picture among ten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core.errors import UsageError
from genstudio.core.stored import Json
from genstudio.core.words import NOTHING, START, Words
from genstudio.families.matcher.network import MatcherConfig, build
from genstudio.training.doctor import Detector
from genstudio.training.objective import Batch, Networks, Phase, StepInfo

FIELDS = ("size", "channels", "width", "features", "text_width")
AMONG = 10
"""Pictures of which a caption should find its own."""


def networks(config: Mapping[str, Any]) -> dict[str, nn.Module]:
    """The encoders of a manifest config."""
    fields = {name: config[name] for name in FIELDS}
    return build(MatcherConfig(words=len(Words(config["words"])), **fields))


class MatcherObjective:
    """See `training.objective.Objective`. `options` are checked recipe options."""

    best = ("matched", "higher")
    ema = frozenset({"picture", "text"})

    def __init__(self, config: Mapping[str, Json], options: Mapping[str, Json]) -> None:
        self.config: dict[str, Any] = dict(config)
        self.options: dict[str, Any] = dict(options)
        self.networks = networks(self.config)
        self._words = Words(self.config["words"])
        self._known: dict[str, list[int]] = {}

    def phases(self) -> list[Phase]:
        return [Phase("match", ("picture", "text"))]

    def loss(self, phase: str, batch: Batch, step: StepInfo) -> tuple[Tensor, dict[str, Tensor]]:
        rows, said = self._said(batch, draw=True)
        hidden = torch.rand(said.shape, device=said.device) < self.options["word_dropout"]
        tokens = said.masked_fill(hidden & (said != START), NOTHING)
        logits = self._logits(self.networks, batch.images[rows], tokens)
        return contrast(logits, alike(said)), {"matched": matched(logits, alike(said))}

    def validate(self, networks: Networks, batch: Batch) -> dict[str, Tensor]:
        """The share (0 to 1) of captions that find their picture among ten, and the loss, nats."""
        rows, said = self._said(batch, draw=False)
        logits = self._logits(networks, batch.images[rows], said)
        same = alike(said)
        return {"matched": matched(logits, same), "loss": contrast(logits, same)}

    def finish(self, networks: Networks, batches: Iterator[Batch], seed: int) -> None:
        """Nothing is measured afterwards."""

    def preview(self, networks: Networks, batch: Batch, count: int, seed: int) -> None:
        """A judge makes no pictures."""
        return None

    def samples(self, networks: Networks, batch: Batch, count: int, seed: int) -> None:
        """Nor does it draw any."""
        return None

    def asked(self, batch: Batch, count: int) -> list[str]:
        """Nobody asks for anything."""
        return []

    def detectors(self) -> list[Detector]:
        """The general signs are all there is to see."""
        return []

    def _logits(self, networks: Networks, images: Tensor, tokens: Tensor) -> Tensor:
        return networks["text"](tokens) @ networks["picture"](images).T  # (texts, pictures)

    def _said(self, batch: Batch, draw: bool) -> tuple[Tensor, Tensor]:
        """(rows with a caption (n,), their tokens int64 (n, length)); raises UsageError.

        `draw` takes one of several ways to say it by chance, else the first.
        """
        if batch.captions is None:
            raise UsageError("a matcher needs pictures with captions")
        places = torch.rand(batch.size).tolist() if draw else [0.0] * batch.size
        rows, tokens = [], []
        for row, (said, place) in enumerate(zip(batch.captions, places, strict=True)):
            if said:
                rows.append(row)
                tokens.append(self._tokens(said[int(place * len(said))]))
        shape, device = (len(rows), self.config["length"]), batch.images.device
        found = torch.tensor(tokens, dtype=torch.int64, device=device).reshape(shape)
        return torch.tensor(rows, dtype=torch.int64, device=device), found

    def _tokens(self, caption: str) -> list[int]:
        if caption not in self._known:
            self._known[caption] = self._words.tokens(caption, self.config["length"])[0]
        return self._known[caption]


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> MatcherObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    return MatcherObjective(config, options)


def alike(tokens: Tensor) -> Tensor:
    """bool (n, n): which rows of tokens (n, length) say the same."""
    return (tokens[:, None] == tokens[None]).all(dim=2)


def contrast(logits: Tensor, same: Tensor) -> Tensor:
    """InfoNCE of logits (n, n), both directions, in nats; `same` (n, n) are the right pairs."""
    if not len(logits):
        return logits.sum()
    right = same / same.sum(dim=1, keepdim=True)
    ways = (logits.log_softmax(dim=1), logits.T.log_softmax(dim=1))
    return -sum((right * way).sum(dim=1).mean() for way in ways) / 2  # type: ignore[return-value]


def matched(logits: Tensor, same: Tensor) -> Tensor:
    """Share of captions that find their picture before the next nine that say something else."""
    count = len(logits)
    if not count:
        return logits.sum()
    own = logits.diagonal()
    first = torch.ones(count, dtype=torch.bool, device=logits.device)
    here = torch.arange(count, device=logits.device)
    for step in range(1, min(AMONG, count)):
        rival = (here + step) % count
        first &= same[here, rival] | (logits[here, rival] < own)
    return first.float().mean()
