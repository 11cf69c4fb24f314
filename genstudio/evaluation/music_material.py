"""What metrics of music work on: unseen pieces, and what the model composes in their place.

The music sibling of `Material`: same registry, same scores, same card. For each stretch of an
unseen piece the model is asked for as many bars of that kind, key, metre and tempo; what the
stretches are like is the measure.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar

from genstudio.core import composing, subjects
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Event, Log, Progress
from genstudio.core.stored import Json
from genstudio.engine.ask import Ask
from genstudio.engine.decoding import Stepper
from genstudio.engine.outputs import Music
from genstudio.evaluation.gathered import Gathered
from genstudio.evaluation.material import Sampler
from genstudio.evaluation.music_pieces import Row, Work, rows, told, windows
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece

MOST_NOTES = 8_000
"""Notes of unseen pieces that are foretold."""
STRETCH = 32
"""Bars of a stretch that is foretold: of long pieces some, so that many pieces have a say."""
MOST_PIECES = 64
"""Pieces that are composed, at most."""
FEW = 1_000
"""Unseen notes below which the numbers deserve a word."""
CHANCES = ("temperature", "top_p", "top_k", "bars")


@dataclass(frozen=True)
class Composed:
    """What the model composed, the stretch of an unseen piece it stands for, seconds of work."""

    piece: Piece
    real: Work
    seconds: float


@dataclass(kw_only=True)
class MusicMaterial(Gathered):
    """A model of music, pieces it learned from and pieces it never saw, and what it composed.

    `bars` are those of a composed piece; `values` of its task shape chance as in the panel.
    """

    KIND: ClassVar[str] = subjects.PIECES.kind

    stepper: Stepper | None
    compose: Sampler | None
    tokenizer: NoteTokens
    train: Sequence[Work]
    test: Sequence[Work]
    bars: int = 8
    values: Mapping[str, Json] = field(default_factory=dict)
    composed: tuple[Composed, ...] = ()

    def has(self, need: str) -> bool:
        """Whether something can be had: unseen pieces to foretell, pieces to compose …"""
        drums = [any(track.drums for track in one.piece.tracks) for one in self.windows]
        return {
            "unseen pieces": self.stepper is not None and bool(self.rows),
            "new pieces": self.compose is not None and bool(self.windows),
            "training pieces": bool(self.train),
            "pitches": not all(drums),
            "drums": any(drums),
            "several voices": any(len(one.piece.tracks) > 1 for one in self.windows),
        }.get(need, False)

    def needed_stepper(self) -> Stepper:
        """How the model is asked for tokens; only where `has` said so."""
        if self.stepper is None:
            raise GenStudioError(f"{self.model.manifest.title} cannot be asked for tokens")
        return self.stepper

    @cached_property
    def rows(self) -> list[Row]:
        """Stretches of unseen pieces as tokens, as many as are foretold."""
        some = windows(self.test, STRETCH, len(self.test) * MOST_NOTES, self.seed)
        return rows(some, self.tokenizer, MOST_NOTES, self.seed)

    @cached_property
    def windows(self) -> list[Work]:
        """Stretches of unseen pieces, as the tokens say them, that composed ones stand for."""
        return self._told(windows(self.test, self.bars, min(self.count, MOST_PIECES), self.seed))

    @cached_property
    def others(self) -> list[Work]:
        """As many stretches of pieces that were learnt from: what chance gives."""
        return self._told(windows(self.train, self.bars, len(self.windows), self.seed))

    def _told(self, works: Sequence[Work]) -> list[Work]:
        pairs = [(one, told(self.tokenizer, one.piece)) for one in works]
        return [replace(one, piece=piece) for one, piece in pairs if piece is not None]

    def pieces(self) -> tuple[list[Piece], list[Piece], list[Piece]]:
        """(composed pieces, real ones that were not seen, real ones that were)."""
        return (
            [one.piece for one in self.composed],
            [one.real.piece for one in self.composed],
            [one.piece for one in self.others],
        )

    def tokens_in_words(self) -> str:
        """The tokenizer for people, "notes 412"."""
        return f"{self.tokenizer.kind} {self.tokenizer.size}"

    def made(self) -> int:
        """Pieces that were composed."""
        return len(self.composed)

    def chances(self) -> dict[str, Json]:
        """What the panel calls surprise, and how long the pieces are."""
        return {name: self.values[name] for name in CHANCES if name in self.values}

    def ask(self, number: int) -> Ask:
        """The request for the piece that stands for window `number`."""
        window = self.windows[number]
        values: dict[str, Json] = {**self.values, "bars": self.bars, "count": 1}
        if window.label in self.model.class_names:
            values["class"] = window.label
        known = self.model.config.get("metres")
        metre = "/".join(map(str, window.piece.metre_at(0)))
        if isinstance(known, list) and metre in known:
            values["metre"] = metre
        found = window.piece.key_at(0)
        values["key"] = composing.key_word(*found) if found else composing.ANY
        values["tempo"] = min(300, round(window.piece.tempo_at(0)))
        return Ask(values, self.seed, number, 1)

    def remarks(self, asked: int) -> Iterator[Event]:
        """Too few unseen notes, fewer stretches than pieces that were asked for."""
        unseen = sum(len(one.piece.notes) for one in self.test)
        if not self.held_out:
            text = "No piece was kept from training: what is foretold here was learnt"
            yield Log(level="warning", text=text)
        elif unseen < FEW:
            text = f"Only {unseen:,} notes were kept from training: the intervals are wide"
            yield Log(level="warning", text=text)
        if len(self.windows) < min(asked, MOST_PIECES):
            count = len(self.windows)
            yield Log(text=f"{count:,} pieces are composed: there is no more unseen music")

    def prepare(self) -> Iterator[Progress]:
        """Let the model compose; progress counts pieces."""
        found, total = [], len(self.windows)
        for number, window in enumerate(self.windows):
            began = time.perf_counter()
            piece = self._composed(number)
            if piece is not None:
                found.append(Composed(piece, window, time.perf_counter() - began))
            yield Progress(done=number + 1, total=total, text=f"composing: {number + 1} of {total}")
        self.composed = tuple(found)

    def _composed(self, number: int) -> Piece | None:
        assert self.compose is not None, "asked for by registry.Metric.needs"
        done = None
        for output in self.compose(self.model, self.ask(number)):
            if isinstance(output, Music) and not output.passing:
                done = output.piece
        return done
