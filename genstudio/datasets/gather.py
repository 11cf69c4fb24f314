"""Look through a source and tell what dataset it makes; writes nothing by itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from genstudio.core.dataset import DataFacts, DataKind, FitPolicy
from genstudio.core.errors import BadInput
from genstudio.core.events import Event
from genstudio.datasets import about, captions, classes, documents, known, personal, pictures
from genstudio.datasets.array_sets import read_arrays
from genstudio.datasets.findings import TYPE, Findings
from genstudio.datasets.items import Item, common_hash, held_out, ordered
from genstudio.datasets.kinds import Sorting, sort_out
from genstudio.datasets.pictures import Keep, NearPolicy
from genstudio.datasets.sources import Source

SPLIT_SEED = 0
_FEW = 500


@dataclass(frozen=True)
class Wishes:
    """What the user says about the reading: class names, the column of a text table, and whether
    near-duplicates are left out."""

    classes: Sequence[str] = ()
    column: str = ""
    near: NearPolicy = "note"


@dataclass
class Gathered:
    """Everything needed to write a dataset; `items` or `images` is filled, in dataset order.

    `captions` belong to `images`; items carry their own.
    """

    kind: DataKind = "image"
    items: list[Item] = field(default_factory=list)
    images: np.ndarray | None = None
    labels: np.ndarray | None = None
    captions: list[str] = field(default_factory=list)
    class_names: tuple[str, ...] = ()
    hashes: list[str] = field(default_factory=list)
    tests: list[bool] = field(default_factory=list)
    size: int = 0
    channels: int = 0
    known: known.Known | None = None
    about: about.About = field(default_factory=about.About)
    columns: list[str] = field(default_factory=list)
    column: str = ""

    @property
    def licence(self) -> str:
        """The licence of a known set, else what the words beside the data say."""
        return self.known.licence if self.known else self.about.licence

    @property
    def attribution(self) -> str:
        """Whom to name, likewise."""
        return self.known.attribution if self.known else self.about.attribution

    @property
    def test_count(self) -> int:
        """Items of the test split that came with the data."""
        return sum(self.tests)

    @property
    def count(self) -> int:
        """Items for training and validation."""
        return len(self.tests) - self.test_count

    @property
    def words(self) -> list[str]:
        """Captions of all items, "" for none."""
        return self.captions or [item.caption for item in self.items]

    def name_of(self, place: int) -> str:
        """What the user calls an item; pictures of arrays have numbers."""
        if not self.items:
            return f"#{place}"
        return self.items[place].name or self.items[place].path

    def valid_count(self, share: float) -> int:
        """How many of `count` are held out."""
        return held_out(self.count, share)

    def class_counts(self) -> dict[str, int]:
        """Training items of each class."""
        if self.labels is None:
            return {}
        pairs = zip(self.labels.tolist(), self.tests, strict=True)
        amounts = Counter(label for label, test in pairs if label >= 0 and not test)
        return {name: amounts[label] for label, name in enumerate(self.class_names)}

    def facts(self) -> DataFacts:
        """What families need."""
        long = sum(i.length for i, test in zip(self.items, self.tests, strict=False) if not test)
        return DataFacts(
            count=self.count,
            characters=int(long) if self.kind == "text" else 0,
            size=self.size,
            channels=self.channels,
            classes=self.class_names,
            captions=any(self.words),
        )

    def sha256(self) -> str:
        """Hash of the whole dataset."""
        labels = [-1] * len(self.hashes) if self.labels is None else self.labels.tolist()
        names = [self.class_names[n] if 0 <= n < len(self.class_names) else "" for n in labels]
        words = self.words or [""] * len(names)
        told = [described(name, caption) for name, caption in zip(names, words, strict=True)]
        return common_hash(self.hashes, told, self.tests)

    def content(self) -> str:
        """Hash of the files alone."""
        return common_hash(self.hashes, [""] * len(self.hashes), self.tests)


def described(name: str, caption: str) -> str:
    """Class and caption of an item, as they go into the hash of a dataset."""
    return f"{name}\t{caption}" if caption else name


def fitted_hash(sha256: str, fit: FitPolicy) -> str:
    """Hash of a dataset whose pictures meet the square by `fit`: "cover" leaves it as it is."""
    if fit == "cover":
        return sha256
    return hashlib.sha256(f"{sha256} {fit}".encode()).hexdigest()


def gather(
    source: Source,
    findings: Findings,
    keep: Keep,
    wishes: Wishes = Wishes(),
    write_row: Callable[[bytes], None] = lambda line: None,
) -> Generator[Event, None, Gathered]:
    """Yield Progress and Logs, return the data; raises BadInput where nothing usable is found.

    `keep`: see pictures.Keep; `write_row` takes the lines of documents.ROWS_FILE.
    """
    sorting = sort_out(source)
    for name in sorting.strays:
        why = pictures.why_not(name, sorting.kind, source.faults)
        yield findings.skip(name, why, TYPE)
    if sorting.arrays:
        data = yield from _from_arrays(source, sorting, findings, wishes)
    else:
        data = yield from _from_files(source, sorting, findings, keep, wishes, write_row)
    for place, words in enumerate(data.words):
        if words:
            yield from findings.suspect(data.name_of(place), personal.suspects(words))
    data.about = about.read(source)
    if data.about.file and not data.known:
        yield findings.note(f"licence and credit are what {data.about.file} says")
    yield from _remarks(data, findings)
    return data


def _from_files(
    source: Source,
    sorting: Sorting,
    findings: Findings,
    keep: Keep,
    wishes: Wishes,
    write_row: Callable[[bytes], None],
) -> Generator[Event, None, Gathered]:
    found: list[Item] = []
    columns = documents.columns_of(source, sorting.wanted) if sorting.kind == "text" else []
    column = wishes.column or documents.usual_column(sorting.wanted, columns)
    if column and not wishes.column:
        yield findings.note(f"texts are what stands in the column {column!r} of each row")
    wishes = replace(wishes, column=column)
    for said in _examined(source, sorting, findings, keep, wishes, write_row, columns):
        if isinstance(said, Item):
            found.append(said)
        else:
            yield said
    if not found:
        raise _nothing(findings, sorting.kind)
    result = classes.sort(found, source, wishes.classes)
    result = classes.unless_few(result)
    for note in result.notes:
        yield findings.note(note)
    order = ordered([i.sha256 for i in result.items], [i.test for i in result.items], SPLIT_SEED)
    items, notes = captions.give([result.items[place] for place in order], source, sorting.asides)
    for note in notes:
        yield findings.note(note)
    channels = Counter(item.channels for item in items)
    if channels[4]:
        yield findings.note(f"{channels[4]:,} pictures are partly see-through; white lies behind")
    sides = Counter(min(item.width, item.height) for item in items)
    colours = 3 if channels[3] + channels[4] else 1
    return Gathered(
        kind=sorting.kind,
        items=items,
        labels=np.array([item.label for item in items], np.int64) if result.classes else None,
        class_names=result.classes,
        hashes=[item.sha256 for item in items],
        tests=[item.test for item in items],
        size=sides.most_common(1)[0][0],
        channels=colours if sorting.kind == "image" else 0,
        columns=[one.name for one in columns],
        column=column,
    )


def _examined(
    source: Source,
    sorting: Sorting,
    findings: Findings,
    keep: Keep,
    wishes: Wishes,
    write_row: Callable[[bytes], None],
    columns: list[documents.Column],
) -> Iterator[Event | Item]:
    """Items and what is said on the way, by the kind of data."""
    if sorting.kind == "image":
        return pictures.examine(source, sorting.wanted, findings, keep, wishes.near)
    if not wishes.column:
        return documents.examine(sorting.kind, source, sorting.wanted, findings, keep)
    if wishes.column not in [column.name for column in columns]:
        known_ones = ", ".join(column.name for column in columns) or "none"
        raise BadInput(
            f"there is no column {wishes.column!r} in these data",
            next_step=f"Columns with words are: {known_ones}.",
        )
    return documents.examine_rows(source, sorting.wanted, wishes.column, findings, write_row)


def _from_arrays(
    source: Source, sorting: Sorting, findings: Findings, wishes: Wishes
) -> Generator[Event, None, Gathered]:
    read = yield from read_arrays(source, sorting.wanted, findings, wishes.near)
    found = known.recognise(source)
    labels, names = read.labels, tuple(wishes.classes) or read.classes
    if labels is not None:
        names = names or (found.classes if found else ())
        names = classes.given_names(source, names, int(labels.max()) + 1)
    order = ordered(read.hashes, read.tests, SPLIT_SEED)
    words = [read.captions[place] for place in order] if read.captions else []
    return Gathered(
        images=read.images[order],
        labels=labels[order] if labels is not None else None,
        captions=words,
        class_names=names if labels is not None else (),
        hashes=[read.hashes[place] for place in order],
        tests=[read.tests[place] for place in order],
        size=min(read.images.shape[1:3]),
        channels=read.images.shape[3],
        known=found,
    )


def _remarks(data: Gathered, findings: Findings) -> Iterator[Event]:
    if data.count < _FEW and data.kind == "image":
        yield findings.warn(
            f"only {data.count} pictures to learn from: expect results close to copies"
        )
    amounts = {name: count for name, count in data.class_counts().items() if count}
    least, most = min(amounts.values(), default=0), max(amounts.values(), default=0)
    if most > 10 * least:
        rare = min(amounts, key=lambda name: amounts[name])
        yield findings.warn(f"classes differ a lot in size: {rare} has {least}, the largest {most}")


def _nothing(findings: Findings, kind: DataKind) -> BadInput:
    reasons = "; ".join(f"{f.file}: {f.what}" for f in findings.kept[:3])
    words = {"image": "pictures", "text": "texts", "music": "pieces of music", "sound": "sounds"}
    return BadInput(
        f"no usable {words[kind]} were found" + (f" ({reasons})" if reasons else ""),
        next_step="Add a folder, zip or tar of pictures, texts, MIDI or sound files, idx files, "
        "or an npz with images.",
    )
