"""What metrics of text work on: unseen text cut into pieces, and what the model writes instead.

The text sibling of `Material`: same registry, same scores, same card. Everything is made once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np

from genstudio.core import subjects
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Event, Log, Progress
from genstudio.core.stored import Json
from genstudio.engine.decoding import Stepper
from genstudio.engine.logits import Settings
from genstudio.evaluation import text_writing
from genstudio.evaluation.gathered import Gathered
from genstudio.evaluation.text_pieces import Opening, Passage, Piece, openings, pieces
from genstudio.evaluation.word_lists import WordLists
from genstudio.media.tokens import Tokenizer, class_token
from genstudio.media.wording import wording

__all__ = ["Opening", "Passage", "Piece", "TextMaterial", "Written"]
MOST_TEXTS = 200
"""Texts that are written, at most: each costs as much as a page in the panel."""
MOST_CHARACTERS = 60_000
"""Characters of unseen text that are foretold."""
FEW = 5_000
"""Characters of unseen text below which the numbers deserve a word."""


@dataclass(frozen=True)
class Written:
    """What the model wrote behind a beginning, and what really stands there; of equal length."""

    prompt: str
    text: str
    real: str
    label: str


@dataclass(kw_only=True)
class TextMaterial(Gathered):
    """A model of text, texts it learned from and texts it never saw, and what it wrote.

    At most `length` tokens are written behind a beginning, by `settings` as in the panel.
    """

    KIND: ClassVar[str] = subjects.TEXTS.kind

    stepper: Stepper | None
    tokenizer: Tokenizer
    train: Sequence[Passage]
    test: Sequence[Passage]
    length: int
    settings: Settings = field(default_factory=Settings)
    lists: WordLists | None = None
    written: tuple[Written, ...] = ()

    def has(self, need: str) -> bool:
        """Whether something can be had: beginnings to go on with, unseen text to foretell …"""
        return {
            "beginnings": self.stepper is not None and bool(self.openings),
            "unseen text": self.stepper is not None and bool(self.pieces),
            "training text": bool(self.train),
            "word lists": self.stepper is not None and self.lists is not None,
            "kinds of text": len({one.label for one in self.train if one.label}) > 1,
        }.get(need, False)

    def needed_stepper(self) -> Stepper:
        """How the model is asked for tokens; only where `has` said so."""
        if self.stepper is None:
            raise GenStudioError(f"{self.model.manifest.title} cannot be asked for tokens")
        return self.stepper

    @cached_property
    def pieces(self) -> list[Piece]:
        """Unseen text as tokens, as much as is foretold."""
        return pieces(self.test, self.tokenizer, MOST_CHARACTERS, self.seed)

    @cached_property
    def openings(self) -> list[Opening]:
        """Beginnings that the model goes on with."""
        return openings(self.test, min(self.count, MOST_TEXTS), self.seed)

    def tokens_in_words(self) -> str:
        """The tokenizer for people, "bpe 4096"."""
        return f"{self.tokenizer.kind} {self.tokenizer.size}"

    def lead(self, label: str = "") -> int:
        """The token a text begins with: its kind where the model knows it, else the end of
        another text."""
        found = self.tokenizer.special(class_token(label)) if label else None
        return found if found is not None else text_writing.END_TOKEN

    def made(self) -> int:
        """Texts that were written."""
        return len(self.written)

    def chances(self) -> dict[str, Json]:
        """The settings that do something."""
        return shaped(self.settings)

    def remarks(self, asked: int) -> Iterator[Event]:
        """Too little unseen text, fewer beginnings than were asked for."""
        unseen = sum(len(one.text) for one in self.test)
        if not self.held_out:
            text = "No text was kept from training: what is foretold here was learnt"
            yield Log(level="warning", text=text)
        elif unseen < FEW:
            text = f"Only {unseen:,} characters were kept from training: the intervals are wide"
            yield Log(level="warning", text=text)
        count = len(self.openings)
        if not count:
            text = "No text is written: unseen texts are too short to go on with"
            yield Log(level="warning", text=text)
        elif count < min(asked, MOST_TEXTS):
            yield Log(text=f"{count:,} texts are written: there are no more unseen beginnings")

    def prepare(self) -> Iterator[Progress]:
        """Let the model write; progress counts texts."""
        asked = self.openings
        prompts = [[self.lead(one.label), *self.tokenizer.encode(one.prompt)] for one in asked]
        size = _usual([len(prompt) for prompt in prompts])
        # Prompts of one length are read together; the newest tokens say the most.
        prompts = [[p[0], *p[1:][-(size - 1) :]] if size > 1 else p[:1] for p in prompts]
        found: dict[int, Written] = {}
        for number, text in text_writing.written(
            self.needed_stepper(), self.tokenizer, prompts, self.length, self.settings, self.seed
        ):
            one = asked[number]
            made, real = _same_length(text, one.real)
            found[number] = Written(one.prompt, made, real, one.label)
            words = f"writing: {len(found)} of {len(asked)}"
            yield Progress(done=len(found), total=len(asked), text=words)
        self.written = tuple(found[number] for number in sorted(found))


def settings_of(values: Mapping[str, Json]) -> Settings:
    """Settings of chance out of the values of a task."""
    names = {name: values[name] for name in Settings.__dataclass_fields__ if name in values}
    numbers = {k: v for k, v in names.items() if isinstance(v, (int, float))}
    return Settings(**numbers)  # type: ignore[arg-type]


def shaped(settings: Settings) -> dict[str, Json]:
    """The settings that do something, by name."""
    usual = asdict(Settings())
    return {name: value for name, value in asdict(settings).items() if value != usual[name]}


def _usual(sizes: list[int]) -> int:
    """A length that nine of ten have at least."""
    return int(np.percentile(sizes, 10)) if sizes else 1


def _same_length(made: str, real: str) -> tuple[str, str]:
    """Both texts cut to the words of the shorter one."""
    ends = [wording(text).ends for text in (made, real)]
    count = min(len(found) for found in ends)
    if not count:
        return "", ""
    return made[: int(ends[0][count - 1])], real[: int(ends[1][count - 1])]
