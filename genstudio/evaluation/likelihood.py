"""How well a model foretells text that it never saw: perplexity, bits per character.

Each token is told from what stands before it, at least half a window where the text is that long.
Perplexity depends on how text is cut into tokens; bits per character do not, and can be compared
between models of characters and of pieces of words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genstudio.core.manifest import Score
from genstudio.engine.decoding import Stepper
from genstudio.evaluation import intervals
from genstudio.evaluation.registry import metric
from genstudio.evaluation.text_material import Piece, TextMaterial

WINDOW = 512
"""Tokens that are read together, at most; models of short contexts read less."""


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Natural logarithms of the probabilities along the last axis, float32."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def costs(stepper: Stepper, tokens: Sequence[int], first: int | None = None) -> np.ndarray:
    """-ln p of tokens[1:], each told from those before it: float32 (n - 1,), in nats.

    `first` takes the place of the first token of every window: the class, as in training.
    """
    row = np.asarray(tokens, np.int64)
    size = min(stepper.context, WINDOW)
    found = np.empty(len(row) - 1, np.float32)
    done = 0
    while done < len(found):
        start = max(0, done - size // 2) if done else 0
        window = row[start : start + size].copy()
        if first is not None:
            window[0] = first
        told = row[start + 1 : start + 1 + len(window)]
        logs = log_softmax(stepper.begin(window[None])[0, : len(told)])
        taken = -logs[np.arange(len(told)), told]
        found[done : start + len(told)] = taken[done - start :]
        done = start + len(told)
    return found


def row_costs(stepper: Stepper, rows: Sequence[Sequence[int]], batch: int = 16) -> list[np.ndarray]:
    """-ln p of the tokens behind the first of each row, rows no longer than the context.

    Shorter rows are filled up behind their end, which what stands before cannot see.
    """
    found: list[np.ndarray] = [np.zeros(0, np.float32)] * len(rows)
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
    for start in range(0, len(order), batch):
        some = order[start : start + batch]
        longest = max(len(rows[place]) for place in some)
        filled = np.zeros((len(some), longest), np.int64)
        for line, place in enumerate(some):
            filled[line, : len(rows[place])] = rows[place]
        logs = log_softmax(stepper.begin(filled))
        for line, place in enumerate(some):
            told = np.asarray(rows[place][1:], np.int64)
            found[place] = -logs[line, np.arange(len(told)), told]
    return found


@dataclass(frozen=True)
class Told:
    """Sums over each piece of text, (p,): nats, tokens, characters."""

    nats: np.ndarray
    tokens: np.ndarray
    characters: np.ndarray


def told(stepper: Stepper, pieces: Sequence[Piece]) -> Told:
    """How the pieces were foretold."""
    sums = [float(costs(stepper, piece.tokens, piece.first).sum()) for piece in pieces]
    return Told(
        np.array(sums),
        np.array([len(piece.tokens) - 1 for piece in pieces]),
        np.array([piece.characters for piece in pieces]),
    )


def _told(material: TextMaterial) -> Told:
    return material.cached("told", lambda: told(material.needed_stepper(), material.pieces))


@metric(
    "perplexity",
    "Perplexity",
    "Between how many tokens the model wavers on unseen text; depends on its tokens.",
    "unseen text",
)
def perplexity(material: TextMaterial) -> list[Score]:
    """exp of the mean of -ln p over tokens; the loss itself stands in the settings."""
    found = _told(material)
    loss, low, high = intervals.of_ratio(found.nats, found.tokens)
    return [
        material.score(
            "perplexity",
            math.exp(min(loss, 50.0)),
            int(found.tokens.sum()),
            low=math.exp(min(max(low, 0.0), 50.0)),
            high=math.exp(min(high, 50.0)),
            better="lower",
            counted="tokens",
            wrote=False,
            help="exp of the mean loss over tokens of unseen text",
            settings={"loss": round(loss, 4), "tokenizer": material.tokens_in_words()},
        )
    ]


@metric(
    "bits_per_character",
    "Bits per character",
    "What an unseen character costs: how well the text is foretold, however it is cut.",
    "unseen text",
)
def bits_per_character(material: TextMaterial) -> list[Score]:
    """-log2 p of the text divided by its characters.

    The pieces are the same whatever the tokens, so that models of other tokens compare; "left_out"
    counts characters that the tokens do not know, which cost nothing here.
    """
    found = _told(material)
    value, low, high = intervals.of_ratio(found.nats / math.log(2), found.characters)
    return [
        material.score(
            "bits_per_character",
            value,
            len(found.characters),
            low=max(0.0, low),
            high=high,
            unit="bits",
            better="lower",
            counted="passages",
            wrote=False,
            help="Negative log2 likelihood of unseen text, per character",
            settings={
                "characters": int(found.characters.sum()),
                "left_out": sum(piece.left_out for piece in material.pieces),
            },
        )
    ]
