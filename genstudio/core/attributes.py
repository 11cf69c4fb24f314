"""Attributes of captions: what a text says about hair, skin, glasses …, as numbers.

A slot is one attribute with the values it may have. It is written as a line of text:

    hair: blue, dark brown; {} hair | {} * hair
    glasses: round glasses | round spectacles, square glasses

After the name come values between commas; "|" stands between several ways to say one value, the
first of which names it. After ";" come the phrases in which values stand, "{}" being the value and
"*" up to three words of the same clause. Lines that begin with "#" are remarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from genstudio.core.errors import BadInput, UsageError
from genstudio.core.stored import Json, Plain
from genstudio.core.words import split

NONE = "none"
"""What a caption says that names no value of a slot."""
MOST_SLOTS, MOST_VALUES = 64, 4000
GAP = 3
"""Words that "*" may stand for, at most; none will do."""
_CLAUSES = re.compile(r"[,;:.!?()\n]+")
_Words = tuple[str, ...]


class Slot(Plain):
    """One attribute. `phrases[i]` are the ways to say `values[i]`, each a text of plain words."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    values: Annotated[tuple[str, ...], Field(min_length=1)]
    phrases: tuple[tuple[str, ...], ...]

    def word(self, label: int) -> str:
        """Name of a label: NONE for 0, then the values."""
        return self.values[label - 1] if label else NONE


def parse(text: str) -> tuple[Slot, ...]:
    """The slots of a recipe option, one a line; raises UsageError naming the line."""
    lines = [line.strip() for line in text.splitlines()]
    slots = tuple(_slot(line) for line in lines if line and not line.startswith("#"))
    names = [slot.name for slot in slots]
    double = next((name for name in names if names.count(name) > 1), "")
    if double:
        raise UsageError(f"two lines of the attributes are called {double!r}")
    if len(slots) > MOST_SLOTS or size(slots) > MOST_VALUES:
        raise UsageError(f"there may be {MOST_SLOTS} attributes with {MOST_VALUES} values in all")
    return slots


def of_words(words: Iterable[str], most: int = 32) -> tuple[Slot, ...]:
    """A slot for each of the first `most` words that say something: it is said, or it is not."""
    telling = [word for word in words if len(word) > 2 and word not in _SMALL]
    return tuple(
        Slot(name=word, values=(word,), phrases=((word,),)) for word in telling[:most]
    )  # fmt: skip


def of_config(config: Mapping[str, Json]) -> tuple[Slot, ...]:
    """The slots kept in a manifest (`to_json`); () where there are none. Raises BadInput."""
    try:
        return TypeAdapter(tuple[Slot, ...]).validate_python(config.get("slots") or ())
    except ValidationError as error:
        raise BadInput("the attributes of the model are not written as they should be") from error


def to_json(slots: Iterable[Slot]) -> list[Json]:
    """Slots as a manifest keeps them."""
    return [slot.model_dump(mode="json") for slot in slots]


def size(slots: Iterable[Slot]) -> int:
    """Number of answers of all slots together: their values, and NONE for each."""
    return sum(len(slot.values) + 1 for slot in slots)


class Labels:
    """Reads captions. Many are read again and again: each is looked through once."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = tuple(slots)
        self._starts = [_starts(slot) for slot in slots]
        self._known: dict[tuple[str, ...], tuple[int, ...]] = {}

    def of(self, captions: tuple[str, ...]) -> tuple[int, ...]:
        """A label for each slot: 0 for NONE, else 1 + the place of the value.

        `captions` say the same in different ways: the first that names a value of a slot counts.
        Where phrases stand in each other ("brown skin" in "dark brown skin") the longest counts.
        """
        found = self._known.get(captions)
        if found is None:
            texts = [_text(caption) for caption in captions]
            found = tuple(
                next(filter(None, (_label(words, starts) for words in texts)), 0)
                for starts in self._starts
            )
            self._known[captions] = found
        return found


_Starts = dict[str, list[tuple[_Words, int]]]
"""From the first word of a phrase to (its words, its label)."""


def _label(words: _Words, starts: _Starts) -> int:
    best, length = 0, 0
    for place, word in enumerate(words):
        for phrase, label in starts.get(word, ()):
            literal = len(phrase) - phrase.count("*")
            if literal > length and _stands(words[place:], phrase):
                best, length = label, literal
    return best


def _stands(words: _Words, phrase: _Words) -> bool:
    """True where `words` begin with the phrase; "," ends a clause and is never skipped."""
    if not phrase:
        return True
    if phrase[0] != "*":
        return bool(words) and words[0] == phrase[0] and _stands(words[1:], phrase[1:])
    for skipped in range(GAP + 1):
        if _stands(words[skipped:], phrase[1:]):
            return True
        if skipped >= len(words) or words[skipped] == ",":
            return False
    return False


def _text(caption: str) -> _Words:
    """The words of a caption, with "," between its clauses."""
    return tuple(word for clause in _CLAUSES.split(caption) for word in (*split(clause), ","))


def _starts(slot: Slot) -> _Starts:
    found: _Starts = {}
    for label, phrases in enumerate(slot.phrases, start=1):
        for phrase in phrases:
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((words, label))
    return found


def _slot(line: str) -> Slot:
    name, colon, rest = line.partition(":")
    listed, _, after = rest.partition(";")
    values = [[way.strip() for way in value.split("|")] for value in listed.split(",")]
    values = [[way for way in ways if split(way)] for ways in values]
    if not colon or not name.strip() or not any(values):
        raise UsageError(f"{line[:60]!r} is no attribute: write a line such as hair: blue, red")
    forms = [form.strip() for form in after.split("|") if form.strip()] or ["{}"]
    if not all(form.count("{}") == 1 for form in forms):
        raise UsageError(f"{line[:60]!r}: phrases after ; must hold {{}} for the value")
    ways = [ways for ways in values if ways]
    phrases = tuple(tuple(_phrase(form, way) for form in forms for way in some) for some in ways)
    seen: dict[str, str] = {}
    for value, said in zip(ways, phrases, strict=True):
        for phrase in said:
            if seen.setdefault(phrase, value[0]) != value[0] or not phrase.strip("* "):
                raise UsageError(f"{line[:60]!r}: {phrase!r} stands for two values")
    names = tuple(value[0] for value in ways)
    return Slot(name=name.strip()[:60], values=names, phrases=phrases)


def _phrase(form: str, value: str) -> str:
    """Plain words with "*" kept; a "*" at an end says nothing and is left out."""
    words = [
        word
        for part in form.replace("{}", value).split()
        for word in (("*",) if part == "*" else split(part))
    ]
    return " ".join(words).strip("* ")


_SMALL = frozenset(
    split(
        "and the with for from into onto over under its his her their this that are was has have "
        "not but who which there"
    )
)
