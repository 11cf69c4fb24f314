"""Objective of all models of tokens: say what comes next, and write a little now and then.

Models of music write notes: the grammar of their tokens forbids what is no music.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.core import text_options
from genstudio.core.stored import Json
from genstudio.media.note_grammar import Grammar
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece
from genstudio.media.tokens import Tokenizer, class_token
from genstudio.training.doctor import Detector
from genstudio.training.objective import Networks, Phase, Sequences, StepInfo, Written

NETWORK = "network"
TEMPERATURE = 0.8
WRITTEN = 160
"""Tokens of a live sample, its beginning included."""
GIVEN = 12
"""Tokens of a held-out text that a live sample begins with."""
COMPOSED, BARS = 400, 8
"""Tokens and bars of a live sample of music, at most."""


class NextToken(ABC):
    """See `training.objective.Objective`. A family says how its network reads.

    `tokenizer` is set by whoever prepares the training; without it no live samples are written.
    """

    best: tuple[str, str] | None = ("loss", "lower")
    ema: frozenset[str] = frozenset({NETWORK})
    moving: tuple[str, ...] = (NETWORK,)

    def __init__(
        self,
        config: Mapping[str, Json],
        options: Mapping[str, Json],
        networks: dict[str, nn.Module],
    ) -> None:
        self.config: dict[str, Any] = dict(config)
        self.options: dict[str, Any] = dict(options)
        self.networks = networks
        self.tokenizer: Tokenizer | NoteTokens | None = None

    @abstractmethod
    def logits(self, networks: Networks, tokens: Tensor) -> Tensor:
        """What follows each of the tokens (b, t), read from nothing: (b, t, vocabulary)."""

    @abstractmethod
    def read(self, networks: Networks, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        """One token (b,) further than `state` (None before the first): logits (b, vocabulary)
        and the new state."""

    def phases(self) -> list[Phase]:
        return [Phase("text", self.moving)]

    def loss(
        self, phase: str, batch: Sequences, step: StepInfo
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Mean negative log-likelihood of a token, in nats."""
        return self._told(self.networks, batch), {}

    def validate(self, networks: Networks, batch: Sequences) -> dict[str, Tensor]:
        """The same of held-out text."""
        return {"loss": self._told(networks, batch)}

    def preview(self, networks: Networks, batch: Sequences, count: int, seed: int) -> None:
        """No pictures."""
        return

    def samples(self, networks: Networks, batch: Sequences, count: int, seed: int) -> None:
        """No pictures."""
        return

    def asked(self, batch: Sequences, count: int) -> list[str]:
        return []

    def detectors(self) -> list[Detector]:
        return []

    def finish(self, networks: Networks, batches: Iterator[Sequences], seed: int) -> None:
        return

    def writes(self, networks: Networks, batch: Sequences, count: int, seed: int) -> list[Written]:
        """`count` texts from the beginnings of the recipe, else from those of the batch.

        The chance comes from `seed` alone; the generators of the training are left alone.
        """
        if self.tokenizer is None:
            return []
        given = self._beginnings(batch, count)
        rows = self._continued(networks, given, batch.tokens.device, seed, WRITTEN)
        found = []
        for begin, row in zip(given, rows, strict=True):
            ended = row.index(0) if 0 in row else len(row)  # the token of a text's end
            prompt = self.tokenizer.decode(begin[1:])
            found.append(Written(prompt, self.tokenizer.decode(row[:ended])))
        return found

    def composes(self, networks: Networks, batch: Sequences, count: int, seed: int) -> list[Piece]:
        """`count` pieces behind the heads (class, tempo, key, metre, voices) of the batch.

        The chance comes from `seed` alone, as of texts.
        """
        tokenizer = self.tokenizer
        assert isinstance(tokenizer, NoteTokens)
        bar = tokenizer.table.token("Bar")
        given, grammars = [], []
        for place in range(count):
            row = batch.tokens[place % batch.size].tolist()
            given.append(row[: row.index(bar)])
            grammar = tokenizer.grammar()
            for token in given[-1]:
                grammar.feed(token)
            grammar.limit(BARS)
            grammars.append(grammar)
        device = batch.tokens.device
        rows = self._continued(networks, given, device, seed, COMPOSED, grammars)
        return [
            tokenizer.decode_piece([*begin, *row]) for begin, row in zip(given, rows, strict=True)
        ]

    def _told(self, networks: Networks, batch: Sequences) -> Tensor:
        tokens = batch.tokens
        logits = self.logits(networks, tokens[:, :-1])  # (b, n, vocabulary)
        each = F.cross_entropy(
            logits.float().flatten(0, 1), tokens[:, 1:].flatten(), reduction="none"
        )
        if batch.weight is None:
            return each.mean()
        weight = batch.weight.flatten()  # (b * n,)
        return (each * weight).sum() / weight.sum().clamp(min=1.0)

    def _beginnings(self, batch: Sequences, count: int) -> list[list[int]]:
        """For each text its first tokens, a kind or the mark between texts before all others."""
        assert self.tokenizer is not None
        lines = text_options.beginnings(self.options["prompts"])
        if lines:
            given = [self.tokenizer.encode(lines[i % len(lines)]) for i in range(count)]
        else:
            specials = len(self.tokenizer.specials)
            rows = [batch.tokens[i % batch.size].tolist() for i in range(count)]
            ends = [self._asked(batch, i % batch.size) or GIVEN for i in range(count)]
            given = [
                [t for t in row[1 : end + 1] if t >= specials]
                for row, end in zip(rows, ends, strict=True)
            ]
        most = min(int(self.config["context"]), WRITTEN) // 2
        return [[self._first(i), *tokens[:most]] for i, tokens in enumerate(given)]

    def _asked(self, batch: Sequences, row: int) -> int:
        """Tokens of the question that a row begins with, 0 where rows are no questions."""
        if not self.options.get("answer") or batch.weight is None:
            return 0
        return int((batch.weight[row] >= 1).int().argmax())

    def _first(self, place: int) -> int:
        """The kinds in turn; 0 is the mark between texts."""
        assert self.tokenizer is not None
        names = self.config["class_names"]
        if not names:
            return 0
        return self.tokenizer.special(class_token(names[place % len(names)])) or 0

    def _continued(
        self,
        networks: Networks,
        given: list[list[int]],
        device: torch.device,
        seed: int,
        most: int,
        grammars: Sequence[Grammar] = (),
    ) -> list[list[int]]:
        """What is written behind each beginning: all rows side by side, token by token, up to
        `most` of them. `grammars` stand where the rows end and say what may follow."""
        generator = torch.Generator().manual_seed(seed)
        state, rows = None, [list(row) for row in given]
        for place in range(min(int(self.config["context"]), most) - 1):
            tokens = torch.tensor([row[place] for row in rows], device=device)
            logits, state = self.read(networks, tokens, state)
            logits = logits.float().cpu() / TEMPERATURE
            for number, grammar in enumerate(grammars):
                logits[number, torch.from_numpy(~grammar.allowed())] = -torch.inf
            drawn = torch.multinomial(logits.softmax(dim=-1), 1, generator=generator)[:, 0].tolist()
            for number, (row, token) in enumerate(zip(rows, drawn, strict=True)):
                if len(row) == place + 1:
                    row.append(token)
                    if grammars:
                        grammars[number].feed(token)
            if grammars and all(grammar.done for grammar in grammars):
                break
        return [row[len(begin) :] for row, begin in zip(rows, given, strict=True)]
