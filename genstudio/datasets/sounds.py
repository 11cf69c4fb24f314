"""Sounds of a dataset, read and ready for training and for measuring.

Whole sounds are held out, as of pictures; of very few the end of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genstudio.core.dataset import Dataset
from genstudio.core.errors import UsageError
from genstudio.datasets import contents, parting, store, unchanged
from genstudio.datasets import items as listing
from genstudio.datasets.store import Split
from genstudio.media import sound_reading
from genstudio.media.sound_reading import Recording

FEW = 8
"""Below so many sounds the end of each is held out."""
MAX_SAMPLES = 2**28
"""Of all sounds together: about nine hours at 8,000 a second."""


@dataclass(frozen=True)
class Clip:
    """Samples float32 (n,) from -1 to 1. `label` is the place of its class, -1 for none; `name`
    what the user calls the file, `digest` its SHA-256."""

    samples: np.ndarray
    label: int = -1
    name: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Sounds:
    """The clips of a split at `rate` samples a second, in dataset order. `skipped` names those
    that are gone, have changed since they were added or cannot be read."""

    clips: tuple[Clip, ...]
    rate: int
    class_names: tuple[str, ...] = ()
    sha256: str = ""
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.clips)

    @property
    def samples(self) -> int:
        """Of all clips together."""
        return sum(len(clip.samples) for clip in self.clips)


def open_sounds(
    folder: Path, split: Split = "train", holdout: float | None = None, rate: int = 0
) -> Sounds:
    """The clips of "train", "valid" or "test" of the dataset in `folder`, as one channel.

    `holdout`: the share for validation, from 0 to 0.5; None is 0.05. `rate` 0: that of most
    files. Excluded sounds are left out. Raises BadInput, UsageError.
    """
    if split not in ("train", "valid", "test"):
        raise UsageError(f"a dataset has train, valid and test sounds, not {split!r}")
    return open_all(folder, holdout, rate)[("train", "valid", "test").index(split)]


def open_all(
    folder: Path, holdout: float | None = None, rate: int = 0
) -> tuple[Sounds, Sounds, Sounds]:
    """The sounds to learn from, those held out and those for tests, each file read once.

    See `open_sounds`.
    """
    dataset = store.open_dataset(folder)
    if dataset.kind != "sound":
        raise UsageError(f"{dataset.name} holds no sounds but {dataset.kind}")
    store.verify(folder)
    rows = contents.load(folder, dataset)
    found = list(_recordings(folder, dataset, rows))
    skipped = tuple(name for _, name, recording in found if recording is None)
    rate = rate or usual_rate([r for _, _, r in found if r is not None])
    assert rows.items is not None
    kept = [
        (row, Clip(_mono(recording, rate), label, name, rows.items[row].sha256))
        for row, name, recording in found
        if recording is not None
        for label in [int(rows.labels[row]) if rows.learnable else -1]
    ]
    count = dataset.facts.count
    pool = [(row, clip) for row, clip in kept if row < count]
    share = listing.HOLDOUT if holdout is None else holdout
    parts = [*_parted(pool, share, count)]
    parts.append([clip for row, clip in kept if row >= count])
    told = rate, rows.learnable, dataset.sha256, skipped
    train, valid, test = (
        Sounds(tuple(clip for clip in part if len(clip.samples)), *told) for part in parts
    )
    return train, valid, test


def _parted(
    pool: list[tuple[int, Clip]], share: float, count: int
) -> tuple[list[Clip], list[Clip]]:
    """(clips to learn from, those held out): the ends of short sounds would be mere silence."""
    clips = [clip for _, clip in pool]
    if share <= 0 or count >= parting.MANY or len(clips) < FEW:
        return parting.parted(pool, share, count, _digest, _cut)
    ranks = [listing.rank(_digest(clip), 0) for clip in clips]
    order = sorted(range(len(clips)), key=ranks.__getitem__)
    held = set(order[: max(1, listing.held_out(len(clips), share))])
    train = [clip for place, clip in enumerate(clips) if place not in held]
    return train, [clips[place] for place in sorted(held)]


def usual_rate(recordings: list[Recording]) -> int:
    """The rate of most recordings, the lower of two; 8000 without any."""
    rates = Counter(recording.rate for recording in recordings)
    return min(rates, key=lambda rate: (-rates[rate], rate), default=8000)


def _recordings(
    folder: Path, dataset: Dataset, rows: contents.Contents
) -> Iterator[tuple[int, str, Recording | None]]:
    """(row, name, sound) of all that are not excluded; None for what cannot be read any more."""
    found = unchanged.each(folder, dataset, rows, _one_channel)
    size = lambda recording: len(recording.samples)  # noqa: E731
    return unchanged.few_enough(found, size, MAX_SAMPLES, dataset, "samples", "sounds")


def _one_channel(data: bytes, name: str) -> Recording:
    recording = sound_reading.read(data, name)
    return Recording(recording.mono()[:, None], recording.rate)


def _mono(recording: Recording, rate: int) -> np.ndarray:
    return recording.at(rate).samples[:, 0].clip(-1, 1)


def _digest(clip: Clip) -> str:
    return clip.digest  # of the file: the same sounds are held out at every rate


def _cut(clip: Clip, share: float) -> tuple[Clip, Clip]:
    place = int(len(clip.samples) * (1 - share))
    parts = clip.samples[:place], clip.samples[place:]
    return replace(clip, samples=parts[0]), replace(clip, samples=parts[1])
