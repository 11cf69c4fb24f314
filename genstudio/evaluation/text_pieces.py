"""Texts cut for measuring: pieces that are foretold, beginnings that are gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from genstudio.media.tokens import Tokenizer, class_token
from genstudio.media.wording import wording

PIECE = 4000
"""Characters of a piece."""
PROMPT, ANSWER = 24, 80
"""Words that a beginning shows, and that are compared with what the model writes."""
LEAST_ANSWER = 12
MOST_SEARCHED = 2_000_000
"""Characters in which beginnings are looked for; of more, a part of each text."""
LEAST_SEARCHED = 4000
_END_TOKEN = 0


@dataclass(frozen=True)
class Passage:
    """A text or the unseen part of one: its words, its kind ("" where none is told), its name."""

    text: str
    label: str = ""
    name: str = ""


@dataclass(frozen=True)
class Piece:
    """Tokens, of which the first is given and the others are foretold.

    `first` takes the first place of every window: the kind of text. `characters` are those of the
    foretold tokens, `left_out` those that have no token.
    """

    tokens: tuple[int, ...]
    first: int | None
    characters: int
    left_out: int = 0


@dataclass(frozen=True)
class Opening:
    """A beginning and what really follows it."""

    prompt: str
    real: str
    label: str


def pieces(passages: Sequence[Passage], tokenizer: Tokenizer, most: int, seed: int) -> list[Piece]:
    """Pieces of about `most` characters in all, drawn by the seed from all passages."""
    cuts = [
        (number, start, stop)
        for number, one in enumerate(passages)
        for start, stop in _cuts(one.text)
    ]
    order = np.random.default_rng([seed, len(cuts)]).permutation(len(cuts))
    chosen, total = [], 0
    for place in order.tolist():
        if total >= most:
            break
        chosen.append(place)
        total += cuts[place][2] - cuts[place][1]
    found = []
    for place in sorted(chosen):
        number, start, stop = cuts[place]
        found.append(_piece(passages[number], start, stop, tokenizer))
    return [piece for piece in found if piece.characters]


def _cuts(text: str) -> list[tuple[int, int]]:
    """(start, stop) of pieces that end behind a space where there is one near."""
    found, start = [], 0
    while start < len(text):
        stop = start + PIECE
        if stop < len(text):
            space = max(text.rfind(" ", start, stop), text.rfind("\n", start, stop))
            stop = space if space > start + PIECE // 2 else stop
        found.append((start, min(stop, len(text))))
        start = stop
    return found


def _piece(one: Passage, start: int, stop: int, tokenizer: Tokenizer) -> Piece:
    kind = tokenizer.special(class_token(one.label)) if one.label else None
    ids = tokenizer.encode(one.text[start:stop])
    count = len(tokenizer.decode(ids))
    lost = max(0, stop - start - count)
    end = [_END_TOKEN] if stop == len(one.text) else []
    if start == 0 or not ids:  # a text stands behind its kind, or behind the end of another one
        return Piece((kind or _END_TOKEN, *ids, *end), kind, count, lost)
    # In mid-text nothing is known of what came before: the first token is given.
    given = len(tokenizer.decode(ids[:1]))
    return Piece((*ids, *end), kind, count - given, lost)


def openings(passages: Sequence[Passage], most: int, seed: int) -> list[Opening]:
    """Up to `most` beginnings with what follows them, drawn by the seed, none overlapping."""
    passages = _thinned(passages, seed)
    places = []
    for number, one in enumerate(passages):
        spans = wording(one.text)
        whole = PROMPT + ANSWER
        if len(spans) >= whole:
            starts = range(0, len(spans) - whole + 1, whole)
            places += [(number, spans, first, PROMPT, ANSWER) for first in starts]
        elif len(spans) >= 2 * LEAST_ANSWER:
            shown = len(spans) // 3
            places.append((number, spans, 0, shown, len(spans) - shown))
    order = np.random.default_rng([seed, len(places)]).permutation(len(places))[:most]
    found = []
    for place in np.sort(order).tolist():
        number, spans, first, shown, told = places[place]
        text = passages[number].text
        middle = int(spans.ends[first + shown - 1])
        prompt = text[int(spans.starts[first]) : middle]
        real = text[middle : int(spans.ends[first + shown + told - 1])]
        found.append(Opening(prompt, real, passages[number].label))
    return found


def _thinned(passages: Sequence[Passage], seed: int) -> list[Passage]:
    """The same passages, or the same share of each, from a place drawn by the seed."""
    total = sum(len(one.text) for one in passages)
    if total <= MOST_SEARCHED:
        return list(passages)
    draws = np.random.default_rng([seed, total]).random(len(passages))
    found = []
    for one, draw in zip(passages, draws.tolist(), strict=True):
        size = max(LEAST_SEARCHED, len(one.text) * MOST_SEARCHED // total)
        start = int(draw * max(0, len(one.text) - size))
        found.append(replace(one, text=one.text[start : start + size]))
    return found
