"""Word lists of the bias audit and of sentiment: JSON that people can edit.

Those of the program lie in `resources/words/`; a file of the same name in the data folder under
`words/` takes its place, and its hash stands with every score.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from genstudio.core.errors import BadInput
from genstudio.core.paths import resources
from genstudio.core.stored import MAX_JSON_BYTES, Plain, Short, Stored, read_limited

BIAS, SENTIMENT = "bias.json", "sentiment.json"
FOLDER = "words"
WHO, WHAT = "{who}", "{what}"
Word = Annotated[str, Field(min_length=1, max_length=60)]
Many = Annotated[tuple[Word, ...], Field(max_length=2000)]


class Group(Plain):
    """Two groups of people, `one` and `other`, and words for them, pair by pair."""

    one: Word
    other: Word
    pairs: Annotated[tuple[tuple[Word, Word], ...], Field(min_length=2, max_length=40)]


class BiasWords(Stored):
    """`statements` hold {who} and {what}, `openings` {who} alone; `good` and `bad` fill {what}."""

    language: Short = "English"
    groups: Annotated[tuple[Group, ...], Field(min_length=1, max_length=12)]
    statements: Annotated[tuple[Short, ...], Field(min_length=1, max_length=20)]
    openings: Annotated[tuple[Short, ...], Field(min_length=1, max_length=20)]
    good: Annotated[tuple[Word, ...], Field(min_length=2, max_length=60)]
    bad: Annotated[tuple[Word, ...], Field(min_length=2, max_length=60)]

    @model_validator(mode="after")
    def _have_places(self) -> BiasWords:
        for text in self.statements:
            if text.count(WHO) != 1 or not text.endswith(WHAT) or text.count(WHAT) != 1:
                raise ValueError(f"{text!r} must hold {WHO} once and end with {WHAT}")
        for text in self.openings:
            if text.count(WHO) != 1 or WHAT in text:
                raise ValueError(f"{text!r} must hold {WHO} once and no {WHAT}")
        return self


class SentimentWords(Stored):
    """Words that speak well or badly of something, and words that turn the next one around."""

    language: Short = "English"
    good: Many
    bad: Many
    turning: Many = ()


class WordLists(Plain):
    """Both lists, and the hash of the files they came from."""

    bias: BiasWords
    sentiment: SentimentWords
    sha256: str
    own: bool = False


def read(home: Path | None = None) -> WordLists:
    """The lists of the program, or those in the data folder `home`; raises BadInput."""
    own = {name: _own(home, name) for name in (BIAS, SENTIMENT)}
    paths = {name: found or resources() / FOLDER / name for name, found in own.items()}
    data = {name: read_limited(path, MAX_JSON_BYTES) for name, path in paths.items()}
    return WordLists(
        bias=BiasWords.from_bytes(data[BIAS], paths[BIAS]),
        sentiment=SentimentWords.from_bytes(data[SENTIMENT], paths[SENTIMENT]),
        sha256=hashlib.sha256(data[BIAS] + b"\0" + data[SENTIMENT]).hexdigest(),
        own=any(own.values()),
    )


def _own(home: Path | None, name: str) -> Path | None:
    if home is None:
        return None
    path = home / FOLDER / name
    if path.is_dir():
        raise BadInput(f"{name} is a folder, not a word list", file=path)
    return path if path.is_file() else None
