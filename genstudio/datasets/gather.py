"""Look through a source and tell what dataset it makes; writes nothing by itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

import numpy as np

from genstudio.core.dataset import DataFacts
from genstudio.core.errors import BadInput
from genstudio.core.events import Event, Progress
from genstudio.datasets import arrays, classes, known
from genstudio.datasets.items import Item, common_hash, held_out, ordered
from genstudio.datasets.pictures import Findings, examine
from genstudio.datasets.sources import Source

SPLIT_SEED = 0
_FEW = 500


@dataclass
class Gathered:
    """Everything needed to write a dataset; `items` or `images` is filled, in dataset order."""

    items: list[Item] = field(default_factory=list)
    images: np.ndarray | None = None
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    hashes: list[str] = field(default_factory=list)
    tests: list[bool] = field(default_factory=list)
    size: int = 0
    channels: int = 0
    known: known.Known | None = None

    @property
    def test_count(self) -> int:
        """Pictures of the test split that came with the data."""
        return sum(self.tests)

    @property
    def count(self) -> int:
        """Pictures for training and validation."""
        return len(self.tests) - self.test_count

    def valid_count(self, share: float) -> int:
        """How many of `count` are held out."""
        return held_out(self.count, share)

    def facts(self) -> DataFacts:
        """What families need."""
        return DataFacts(
            count=self.count, size=self.size, channels=self.channels, classes=self.class_names
        )

    def sha256(self) -> str:
        """Hash of the whole dataset."""
        labels = [-1] * len(self.hashes) if self.labels is None else self.labels.tolist()
        words = [self.class_names[n] if 0 <= n < len(self.class_names) else "" for n in labels]
        return common_hash(self.hashes, words, self.tests)


Keep = Callable[[str, bytes], str]


def gather(
    source: Source, findings: Findings, keep: Keep, names: Sequence[str] = ()
) -> Generator[Event, None, Gathered]:
    """Yield Progress and Logs, return the data; raises BadInput where nothing usable is found.

    `names`: class names given by the user; `keep`: see pictures.examine.
    """
    files = source.names()
    if any(arrays.is_idx_name(name) or arrays.is_numpy_name(name) for name in files):
        return (yield from _from_arrays(source, findings, names))
    return (yield from _from_pictures(source, findings, keep, names))


def _from_pictures(
    source: Source, findings: Findings, keep: Keep, names: Sequence[str]
) -> Generator[Event, None, Gathered]:
    found: list[Item] = []
    for said in examine(source, findings, keep):
        if isinstance(said, Item):
            found.append(said)
        else:
            yield said
    if not found:
        raise _nothing(findings)
    result = classes.sort(found, source, names)
    for note in result.notes:
        yield findings.note(note)
    order = ordered([i.sha256 for i in result.items], [i.test for i in result.items], SPLIT_SEED)
    items = [result.items[place] for place in order]
    sides = Counter(min(item.width, item.height) for item in items)
    channels = Counter(item.channels for item in items)
    if channels[4]:
        yield findings.note(f"{channels[4]:,} pictures are partly see-through; white lies behind")
    data = Gathered(
        items=items,
        labels=np.array([item.label for item in items], np.int64) if result.classes else None,
        class_names=result.classes,
        hashes=[item.sha256 for item in items],
        tests=[item.test for item in items],
        size=sides.most_common(1)[0][0],
        channels=3 if channels[3] + channels[4] else 1,
    )
    yield from _remarks(data, findings)
    return data


def _from_arrays(
    source: Source, findings: Findings, names: Sequence[str]
) -> Generator[Event, None, Gathered]:
    found = known.recognise(source)
    yield Progress(done=0, total=3, text="reading arrays")
    parts = [part for part in arrays.parts_of(source) if len(part.images)]
    if not parts:
        raise _nothing(findings)
    shape = parts[0].images.shape[1:]
    for part in parts[1:]:
        if part.images.shape[1:] != shape:
            raise BadInput(f"{part.file}: pictures of {part.images.shape[1:]} beside {shape}")
    yield Progress(done=1, total=3, text="hashing pictures")
    images = np.concatenate([part.images for part in parts])
    tests = np.concatenate([np.full(len(part.images), part.test) for part in parts]).tolist()
    labels = _joined(parts)
    hashes = [hashlib.sha256(picture).hexdigest() for picture in images]
    order = ordered(hashes, tests, SPLIT_SEED)
    if labels is not None:
        names = tuple(names) or (found.classes if found else ())
        names = classes.given_names(source, names, int(labels.max()) + 1)
    yield Progress(done=2, total=3, text="sorting pictures")
    data = Gathered(
        images=images[order],
        labels=labels[order] if labels is not None else None,
        class_names=tuple(names) if labels is not None else (),
        hashes=[hashes[place] for place in order],
        tests=[tests[place] for place in order],
        size=min(shape[:2]),
        channels=shape[2],
        known=found,
    )
    copies = len(hashes) - len(set(hashes))
    if copies:
        yield findings.note(f"{copies:,} pictures are exact copies of others and stay in")
    yield from _remarks(data, findings)
    yield Progress(done=3, total=3, text="sorting pictures")
    return data


def _joined(parts: list[arrays.Part]) -> np.ndarray | None:
    """Labels of all parts, or None where any part has none."""
    if any(part.labels is None for part in parts):
        return None
    return np.concatenate([part.labels for part in parts if part.labels is not None])


def _remarks(data: Gathered, findings: Findings) -> Generator[Event, None, None]:
    if data.count < _FEW:
        yield findings.warn(
            f"only {data.count} pictures to learn from: expect results close to copies"
        )
    if data.labels is None:
        return
    amounts = Counter(
        n for n, test in zip(data.labels.tolist(), data.tests, strict=True) if n >= 0 and not test
    )
    least, most = min(amounts.values(), default=0), max(amounts.values(), default=0)
    if least and most > 10 * least:
        rare = min(amounts, key=lambda label: amounts[label])
        name = data.class_names[rare]
        yield findings.warn(f"classes differ a lot in size: {name} has {least}, the largest {most}")


def _nothing(findings: Findings) -> BadInput:
    reasons = "; ".join(f"{f.file}: {f.what}" for f in findings.kept[:3])
    return BadInput(
        "no usable pictures were found" + (f" ({reasons})" if reasons else ""),
        next_step="Add a folder or zip of pictures, idx files, or an npz with images.",
    )
