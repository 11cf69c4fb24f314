"""How well a model foretells pieces that it never saw: bits per note and per quarter.

Each bar is told from what stands before it: the kind, tempo, key, metre and voices, which are
given, and at least half a window of earlier bars where the piece is that long. A bar costs what
all of its tokens cost, those that say where a bar or a voice begins too. Finer grids and more
voices say more of a note, so only models of the same tokens are compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from genstudio.core.manifest import Score
from genstudio.engine.decoding import Stepper
from genstudio.engine.logits import log_softmax
from genstudio.evaluation import intervals
from genstudio.evaluation.music_material import MusicMaterial
from genstudio.evaluation.music_pieces import Row
from genstudio.evaluation.registry import metric
from genstudio.media.note_tokens import NoteTokens

WINDOW = 1024
"""Tokens that are read together, at most; models of short contexts read less."""


def parts(lengths: np.ndarray, room: int) -> list[tuple[int, int, int]]:
    """(first bar, first new bar, one behind the last) of windows of whole bars that cover them.

    Each has at most `room` tokens, where a single bar is not longer; each but the first begins
    with about half a window of bars that were told before.
    """
    ends = np.concatenate([[0], np.cumsum(lengths)])
    found, done = [], 0
    while done < len(lengths):
        first = int(np.searchsorted(ends, ends[done] - room // 2)) if done else 0
        while first < done and ends[done + 1] - ends[first] > room:
            first += 1  # a long bar needs the room itself
        last = max(done + 1, int(np.searchsorted(ends, ends[first] + room, "right")) - 1)
        found.append((first, done, last))
        done = last
    return found


def costs(stepper: Stepper, tokenizer: NoteTokens, row: Row) -> np.ndarray:
    """-ln p of each token of the bars of a piece, float64 (n,), in nats."""
    size = min(stepper.context, WINDOW)
    head = len(_head(tokenizer, row, 0))
    found = []
    for first, fresh, last in parts(row.lengths, max(1, size + 1 - head)):
        before = _head(tokenizer, row, first)
        whole = [row.lead, *tokenizer.window(row.cells, first, last, end=False)]
        count = int(row.lengths[fresh:last].sum()) if fresh > first else len(whole) - len(before)
        found.append(_told(stepper, whole, len(before), count, size))
    return np.concatenate(found)


def _head(tokenizer: NoteTokens, row: Row, bar: int) -> list[int]:
    """What stands before a window that begins with `bar`."""
    return [row.lead, *tokenizer.head(tokenizer.head_of(row.cells, bar))]


def _told(stepper: Stepper, tokens: Sequence[int], head: int, count: int, size: int) -> np.ndarray:
    """-ln p of the last `count` of `tokens`; too many of them are read in several windows, each
    behind the same head."""
    done, found = len(tokens) - count, []
    while done < len(tokens):
        room = max(2, size + 1 - head)
        start = max(head, min(done - room // 2, len(tokens) - room)) if done > head else head
        start = head if len(tokens) - head <= room else start
        window = np.array([*tokens[:head], *tokens[start : start + room]], np.int64)
        first = head + done - start
        logs = log_softmax(stepper.begin(window[None, :-1])[0, first - 1 :])
        found.append(-logs[np.arange(len(window) - first), window[first:]])
        done += len(window) - first
    return np.concatenate(found)


def sums(stepper: Stepper, tokenizer: NoteTokens, rows: Sequence[Row]) -> np.ndarray:
    """Nats of each piece, (n,)."""
    return np.array([costs(stepper, tokenizer, row).sum() for row in rows])


def ratio(nats: np.ndarray, units: np.ndarray) -> tuple[float, float, float]:
    """(bits a unit over all pieces, its 95 % interval) from nats and units of each."""
    value, low, high = intervals.of_ratio(nats, units)
    return value / math.log(2), low / math.log(2), high / math.log(2)


def _bits(material: MusicMaterial, name: str, units: list[float], thing: str) -> list[Score]:
    tokenizer = material.tokenizer
    nats = material.cached(
        "nats", lambda: sums(material.needed_stepper(), tokenizer, material.rows)
    )
    value, low, high = ratio(nats, np.array(units))
    tokens = sum(int(row.lengths.sum()) for row in material.rows)
    return [
        material.score(
            name,
            value,
            len(material.rows),
            low=max(0.0, low),
            high=high,
            unit="bits",
            better="lower",
            wrote=False,
            counted="stretches",
            help=f"Negative log2 likelihood of unseen pieces, per {thing}",
            settings={
                "notes": sum(row.notes for row in material.rows),
                "loss": round(float(nats.sum()) / tokens, 4),
                "tokenizer": material.tokens_in_words(),
            },
        )
    ]


@metric(
    "bits_per_note",
    "Bits per note",
    "What a note of unseen pieces costs: how well the music is foretold.",
    "unseen pieces",
)
def bits_per_note(material: MusicMaterial) -> list[Score]:
    """-log2 p of unseen pieces divided by their notes."""
    return _bits(material, "bits_per_note", [row.notes for row in material.rows], "note")


@metric(
    "bits_per_quarter",
    "Bits per quarter",
    "What a quarter of unseen pieces costs, all voices together.",
    "unseen pieces",
)
def bits_per_quarter(material: MusicMaterial) -> list[Score]:
    """-log2 p of unseen pieces divided by the quarters that they last."""
    return _bits(material, "bits_per_quarter", [row.quarters for row in material.rows], "quarter")
