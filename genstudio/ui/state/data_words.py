"""Words about data: what its things are called, and what a report says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genstudio.core.dataset import Dataset, Finding
from genstudio.core.stored import Json
from genstudio.ui.state.words import number, several

_THINGS = {
    "image": ("picture", "pictures"),
    "text": ("text", "texts"),
    "music": ("piece", "pieces"),
    "sound": ("sound", "sounds"),
}
KINDS = {"image": "Pictures", "text": "Texts", "music": "Music", "sound": "Sounds"}
COLOURS = {1: "grey", 2: "grey with transparency", 3: "colour", 4: "colour with transparency"}
LONGEST_PATH = 26
FEW_TEXTS = 50
"""Below it the end of each text or piece is held out (`datasets.parting.MANY`)."""
# Words of the data package -> (what people read, in the plural where it counts)
WHYS = {
    "broken": "cannot be read",
    "too small": "too small",
    "duplicate": "the same as others",
    "near-duplicate": "nearly the same as others",
    "wrong type": "of another kind",
    "empty": "empty",
}
PERSONAL = {
    "mail address": "mail addresses",
    "phone number": "phone numbers",
    "name": "names of people",
    "place of the picture": "places where pictures were taken",
}


def things(kind: str, count: int) -> str:
    """`1 picture`, `500 texts`."""
    one, many = _THINGS.get(kind, ("item", "items"))
    return several(count, one, many)


def thing(kind: str) -> str:
    """`picture`, `text`, `piece`, `sound`."""
    return _THINGS.get(kind, ("item", "items"))[0]


def many(kind: str) -> str:
    """`pictures`, `texts`, `pieces`, `sounds`."""
    return _THINGS.get(kind, ("item", "items"))[1]


def why_words(why: str) -> str:
    """What a reason for skipping means."""
    return WHYS.get(why, why or "other reasons")


def personal_words(why: str) -> str:
    """What sort of personal data was found."""
    return PERSONAL.get(why, why or "personal data")


def length_words(kind: str, length: float) -> str:
    """`1,204 letters`, `0:03 min`, `412 notes`; "" where it is not known."""
    if length <= 0:
        return ""
    if kind == "text":
        return several(round(length), "letter")
    if kind == "music":
        return several(round(length), "note")
    if kind == "sound":
        if length < 60:
            return f"{length:.1f} s"
        return f"{int(length) // 60}:{int(length) % 60:02d} min"
    return ""


def letters(count: int) -> str:
    """`812 letters`, `1.1 million letters`."""
    return f"{count / 1e6:.1f} million letters" if count >= 1e6 else several(count, "letter")


def summary(dataset: Dataset) -> str:
    """`4,000 pictures · 10 classes · captions`: one line for a card."""
    facts = dataset.facts
    parts = [things(dataset.kind, facts.count + dataset.test_count - dataset.excluded)]
    if facts.characters:
        parts.append(letters(facts.characters))
    if facts.classes:
        parts.append(several(len(facts.classes), "class", "classes"))
    if facts.captions:
        parts.append("captions")
    return " · ".join(parts)


def dataset_facts(dataset: Dataset) -> list[tuple[str, str]]:
    """All that is known of a dataset as (label, words)."""
    facts, kind = dataset.facts, dataset.kind
    split = f"{number(facts.count - dataset.valid_count)} to learn from"
    if kind in ("text", "music") and facts.count < FEW_TEXTS:
        split = f"{number(facts.count)} to learn from, the end of each held out"
    elif dataset.valid_count:
        split += f", {number(dataset.valid_count)} held out (seed {dataset.split_seed})"
    if dataset.test_count:
        split += f", {number(dataset.test_count)} for tests"
    size = f"{facts.size} px, {COLOURS.get(facts.channels, '')}" if facts.size else ""
    where = "copied into GenStudio" if dataset.copied else _end_of(dataset.source)
    return [
        ("Kind", KINDS.get(kind, kind)),
        ("Count", things(kind, facts.count + dataset.test_count)),
        ("Length", letters(facts.characters) if facts.characters else ""),
        ("Excluded", number(dataset.excluded) if dataset.excluded else ""),
        ("Split", split),
        ("Shortest side", size.rstrip(", ")),
        ("Classes", several(len(facts.classes), "class", "classes") if facts.classes else ""),
        ("Captions", "yes" if facts.captions else ""),
        ("Skipped", number(dataset.skipped) if dataset.skipped else ""),
        ("Licence", dataset.licence or "not stated"),
        ("Attribution", dataset.attribution),
        ("Consent", dataset.consent),
        ("From", "" if dataset.source else dataset.origin),
        ("Files", where),
        ("Hash", dataset.sha256[:16]),
    ]


def _end_of(path: str) -> str:
    """The last letters of a long path: the end tells more than the beginning."""
    return path if len(path) <= LONGEST_PATH else "…" + path[1 - LONGEST_PATH :]


@dataclass(frozen=True)
class Example:
    """One of the first things found."""

    name: str = ""
    caption: str = ""
    label: str = ""
    excerpt: str = ""


@dataclass(frozen=True)
class Report:
    """What `check_dataset` found, with every field of the right type."""

    kind: str = "image"
    count: int = 0
    valid_count: int = 0
    test_count: int = 0
    size: int = 0
    channels: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    captions: int = 0
    skipped: int = 0
    skipped_by: dict[str, int] = field(default_factory=dict)
    near: int = 0
    findings: tuple[Finding, ...] = ()
    personal: dict[str, int] = field(default_factory=dict)
    known: str = ""
    licence: str = ""
    attribution: str = ""
    columns: tuple[str, ...] = ()
    column: str = ""
    examples: tuple[Example, ...] = ()
    bytes: int = 0
    name: str = ""
    title: str = ""

    @property
    def total(self) -> int:
        """All that would be added."""
        return self.count + self.test_count

    def files(self, why: str, level: str = "skipped") -> list[Finding]:
        """The findings of one sort."""
        return [f for f in self.findings if f.level == level and f.why == why]

    def remarks(self) -> list[Finding]:
        """Warnings and facts that belong to no group of skipped or personal things."""
        return [f for f in self.findings if f.level in ("warning", "info") and f.what]


def report_of(data: Mapping[str, Json]) -> Report:
    """A Report from the data of a Done event; what is missing or odd is left out."""
    d: Any = data
    names = [str(name) for name in d.get("classes") or []]
    counts = _counts(d.get("class_counts"))
    classes = {name: counts.get(name, 0) for name in names} or counts
    numbers: dict[str, Any] = {key: _int(d.get(key)) for key in _NUMBERS}
    words: dict[str, Any] = {key: str(d.get(key) or "") for key in _WORDS}
    return Report(
        kind=str(d.get("kind") or "image"),
        classes=classes,
        skipped_by=_counts(d.get("skipped_by")),
        findings=tuple(_findings(d.get("findings"))),
        personal=_counts(d.get("personal")),
        columns=tuple(str(name) for name in d.get("columns") or []),
        examples=tuple(_examples(d.get("examples"))),
        name=str(d.get("suggested_name") or ""),
        title=str(d.get("suggested_title") or ""),
        **numbers,
        **words,
    )


_WORDS = ("known", "licence", "attribution", "column")
_NUMBERS = (
    "count", "valid_count", "test_count", "size", "channels", "captions", "skipped", "near",
    "bytes",
)  # fmt: skip


def _int(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) else 0


def _counts(value: object) -> dict[str, int]:
    return {str(k): _int(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _findings(value: object) -> list[Finding]:
    found = []
    for entry in value if isinstance(value, list) else []:
        try:
            found.append(Finding.model_validate(entry))
        except ValueError:
            continue
    return found


def _examples(value: object) -> list[Example]:
    entries = [e for e in value if isinstance(e, dict)] if isinstance(value, list) else []
    return [
        Example(*(str(e.get(key) or "") for key in ("name", "caption", "class", "excerpt")))
        for e in entries
    ]
