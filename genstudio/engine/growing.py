"""A text that grows token by token: what of it is sure, and when it has to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from genstudio.core.stored import Json
from genstudio.core.writing import BY_END, BY_STOP
from genstudio.engine.vocabulary import Vocabulary
from genstudio.media.tokens import Stream

_END = 0


@dataclass
class Piece:
    """Text that is sure now, with an entry for each of its tokens (`core.writing.TOKENS`)."""

    text: str = ""
    tokens: list[Json] = field(default_factory=list)


class Growing:
    """One draft. `text` is what was told so far, `count` its tokens, `ended` why it stopped ("").

    What might be the beginning of a stop text, or of a character, is held back until it is sure.
    `skip` characters at the beginning belong to the prompt.
    """

    def __init__(self, vocabulary: Vocabulary, stops: Sequence[str] = (), skip: int = 0) -> None:
        self._stream = Stream(vocabulary.tokenizer)
        self._stops = tuple(stop for stop in stops if stop)
        self._skip = skip
        self._held: list[tuple[str, float, list[Json]]] = []
        self._chance = 1.0
        self.text = ""
        self.count = 0
        self.ended = ""

    def take(self, token: int, chance: float = 1.0, top: Sequence[Json] = ()) -> Piece:
        """One more token, which came with `chance`; returns what became sure by it."""
        if token == _END:
            return self.end(BY_END)
        self.count += 1
        text = self._stream.feed(token)
        skipped = min(self._skip, len(text))
        self._skip -= skipped
        # The bytes of one character may be several tokens, which together have one chance.
        self._chance *= chance
        if text:
            if skipped < len(text):
                self._held.append((text[skipped:], round(self._chance, 6), list(top)))
            self._chance = 1.0
        return self._sure()

    def end(self, reason: str) -> Piece:
        """No more tokens: all that was held back is told."""
        self.ended = reason
        rest = self._stream.end()
        if rest and not self._skip:
            self._held.append((rest, self._chance, []))
        return self._told(len(self._held))

    def _sure(self) -> Piece:
        held = "".join(text for text, _, _ in self._held)
        found = [place for stop in self._stops if (place := held.find(stop)) >= 0]
        if found:
            self.ended = BY_STOP
            self._cut(min(found))
            return self._told(len(self._held))
        limit, count, length = len(held) - self._open(held), 0, 0
        for text, _, _ in self._held:
            length += len(text)
            if length > limit:
                break
            count += 1
        return self._told(count)

    def _open(self, held: str) -> int:
        """How many characters at the end may be the beginning of a stop text."""
        longest = 0
        for stop in self._stops:
            for size in range(min(len(stop) - 1, len(held)), longest, -1):
                if held.endswith(stop[:size]):
                    longest = size
                    break
        return longest

    def _cut(self, place: int) -> None:
        """Forget what is held from character `place` on."""
        kept = []
        for text, chance, top in self._held:
            if text[:place]:
                kept.append((text[:place], chance, top))
            place = max(0, place - len(text))
        self._held = kept

    def _told(self, count: int) -> Piece:
        ready, self._held = self._held[:count], self._held[count:]
        entries: list[Json] = [{"t": text, "p": chance, "top": top} for text, chance, top in ready]
        piece = Piece("".join(text for text, _, _ in ready), entries)
        self.text += piece.text
        return piece
