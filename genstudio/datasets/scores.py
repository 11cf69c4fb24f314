"""Pieces of music of a dataset, read and ready for training and for measuring.

With many pieces whole ones are held out, as of pictures; with few the last bars of each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from genstudio.core.dataset import Dataset
from genstudio.core.errors import UsageError
from genstudio.datasets import contents, parting, store, unchanged
from genstudio.datasets import items as listing
from genstudio.datasets.store import Split
from genstudio.media import scores
from genstudio.media.notes import Piece

MAX_NOTES = 2**25


@dataclass(frozen=True)
class Score:
    """A piece. `label` is the place of its class, -1 for none; `name` what the user calls the
    file."""

    piece: Piece
    label: int = -1
    name: str = ""


@dataclass(frozen=True)
class Scores:
    """The pieces of a split, in dataset order; none without notes. `skipped` names those that are
    gone, have changed since they were added or cannot be read."""

    scores: tuple[Score, ...]
    class_names: tuple[str, ...] = ()
    sha256: str = ""
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def notes(self) -> int:
        """Of all pieces together."""
        return sum(len(score.piece.notes) for score in self.scores)


def open_scores(folder: Path, split: Split = "train", holdout: float | None = None) -> Scores:
    """The pieces of "train", "valid" or "test" of the dataset in `folder`.

    `holdout`: the share for validation, from 0 to 0.5; None is 0.05. Excluded pieces are left
    out. Raises BadInput, UsageError.
    """
    if split not in ("train", "valid", "test"):
        raise UsageError(f"a dataset has train, valid and test pieces, not {split!r}")
    return open_all(folder, holdout)[("train", "valid", "test").index(split)]


def open_all(folder: Path, holdout: float | None = None) -> tuple[Scores, Scores, Scores]:
    """The pieces to learn from, those held out and those for tests, each file read once.

    See `open_scores`.
    """
    dataset = store.open_dataset(folder)
    if dataset.kind != "music":
        raise UsageError(f"{dataset.name} holds no music but {dataset.kind}")
    store.verify(folder)
    rows = contents.load(folder, dataset)
    count, skipped, kept = dataset.facts.count, [], []
    for row, name, piece in _pieces(folder, dataset, rows):
        if piece is None:
            skipped.append(name)
            continue
        label = int(rows.labels[row]) if rows.learnable else -1
        kept.append((row, Score(piece, label, name)))
    share = listing.HOLDOUT if holdout is None else holdout
    pool = [(row, score) for row, score in kept if row < count]
    parts = [*parting.parted(pool, share, count, _digest, _cut)]
    parts.append([score for row, score in kept if row >= count])
    told = rows.learnable, dataset.sha256, tuple(skipped)
    train, valid, test = (
        Scores(tuple(score for score in part if len(score.piece.notes)), *told) for part in parts
    )
    return train, valid, test


def _pieces(
    folder: Path, dataset: Dataset, rows: contents.Contents
) -> Iterator[tuple[int, str, Piece | None]]:
    """(row, name, piece) of all that are not excluded; None for what cannot be read any more."""
    found = unchanged.each(folder, dataset, rows, scores.read_any)
    size = lambda piece: len(piece.notes)  # noqa: E731
    return unchanged.few_enough(found, size, MAX_NOTES, dataset, "notes", "pieces")


def _digest(score: Score) -> str:
    return hashlib.sha256(score.piece.notes.tobytes()).hexdigest()


def _cut(score: Score, share: float) -> tuple[Score, Score]:
    """The first bars and the last ones, `share` of them; a piece of one bar is not held out."""
    bars = score.piece.bars()
    place = max(1, int((len(bars) - 1) * (1 - share)))
    parts = (
        score.piece.within(0, int(bars[place])),
        score.piece.within(int(bars[place]), int(bars[-1])),
    )
    return replace(score, piece=parts[0]), replace(score, piece=parts[1])
