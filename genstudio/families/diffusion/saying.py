"""What is said to the network: captions or classes as tokens, changed and hidden while training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from genstudio.core.words import Words
from genstudio.training.objective import Batch


class Sayings:
    """Tokens (b, length) int64 of batches, or None where nothing guides the model.

    While training a caption is one of those given, its parts between commas come in any order and
    some are left out (`lose`), so that a prompt may say little and in its own order.
    """

    def __init__(self, config: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        self.kind, self.length = config["condition"], config["length"]
        self.words = Words(config["words"])
        self.names: list[str] = list(config["class_names"])
        self.classes = len(self.names)
        self.lose = float(options.get("lose", 0.0))
        self.prompts = [x for x in str(options.get("prompts", "")).splitlines() if x.strip()]

    def training(self, batch: Batch, drop: float) -> Tensor | None:
        """Tokens to train with; a share of `drop` says nothing."""
        if self.kind == "none":
            return None
        tokens = self.labels(batch) if self.kind == "classes" else self._changed(batch)
        hidden = torch.rand(batch.size, 1, device=batch.images.device) < drop
        return tokens.where(~hidden, self.nothing(batch.size, batch.images.device))

    def plain(self, batch: Batch) -> Tensor | None:
        """Tokens of the classes, or of the first captions as they are."""
        if self.kind == "none":
            return None
        if self.kind == "classes":
            return self.labels(batch)
        return self.tokens([said[0] if said else "" for said in _captions(batch)], batch)

    def shown(self, batch: Batch, count: int) -> Tensor | None:
        """Tokens for `count` sample pictures: the recipe's prompts, or the batch's captions."""
        if self.kind == "none":
            return None
        if self.kind == "classes":
            places = torch.arange(count, device=batch.images.device)
            return (places % self.classes + 1)[:, None]
        return self.tokens(self.asked(batch, count), batch)

    def asked(self, batch: Batch, count: int) -> list[str]:
        """The same in words; [] where nothing guides."""
        if self.kind == "none":
            return []
        said = self.names or self.prompts or [s[0] if s else "" for s in _captions(batch)]
        return [said[place % len(said)] for place in range(count)]

    def nothing(self, count: int, device: torch.device) -> Tensor:
        """Tokens that say nothing."""
        empty = [0] if self.kind == "classes" else self.words.tokens("", self.length)[0]
        return torch.tensor([empty] * count, device=device)

    def labels(self, batch: Batch) -> Tensor:
        """Class tokens (b, 1): a class's number + 1."""
        assert batch.labels is not None
        return batch.labels[:, None] + 1

    def tokens(self, texts: Sequence[str], batch: Batch) -> Tensor:
        """Tokens of texts, on the device of the batch."""
        numbers = [self.words.tokens(text, self.length)[0] for text in texts]
        return torch.tensor(numbers, device=batch.images.device)

    def _changed(self, batch: Batch) -> Tensor:
        chance = torch.rand(batch.size, 2).tolist()
        texts = []
        for said, (which, loses) in zip(_captions(batch), chance, strict=True):
            text = said[int(which * len(said))] if said else ""
            parts = [part for part in text.split(",") if part.strip()]
            if len(parts) > 1 and self.lose:
                # Sometimes much is left out, sometimes nothing.
                keep = torch.rand(len(parts)) >= self.lose * 2 * loses
                order = torch.randperm(len(parts)).tolist()
                parts = [parts[i] for i in order if keep[i]]
            texts.append(",".join(parts))
        return self.tokens(texts, batch)


def _captions(batch: Batch) -> Sequence[tuple[str, ...]]:
    return batch.captions or ((),) * batch.size
