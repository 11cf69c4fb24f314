"""Document: a text that somebody writes together with models, and who wrote which part of it.

Places are counted in characters (code points), as Python does.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field

from genstudio.core.spelling import sealed
from genstudio.core.stored import Json, Lasting, Name, Plain, Short, Stored, read_limited

MAX_CHARACTERS = 4_000_000
MAX_BYTES = 64 * 1024 * 1024
TITLE_LETTERS = 60
UNTITLED = "Untitled"
_BLANKS = [chr(code) for code in range(0x3001) if chr(code).isspace()]
_WIDE_BLANKS = [blank for blank in _BLANKS if not blank.isascii()]
_SHAPES = bytes(
    ord(" ") if chr(code) in _BLANKS and code < 128 else ord("w") for code in range(256)
)
"""What each byte of UTF-8 is to `words_in`: a blank or part of a word."""
Place = Annotated[int, Field(ge=0, le=MAX_CHARACTERS)]


class Token(Plain):
    """One step of a model: its text, its probability 0 … 1, the likeliest others, best first."""

    t: str
    p: float = 1.0
    top: tuple[tuple[str, float], ...] = ()


class Passage(Lasting):
    """What a model wrote in one go, as it wrote it. `values` leave out the texts it was given.

    `index` is the number of the draft: its noise comes from (seed, index).
    """

    number: Annotated[int, Field(ge=1)]
    model: Name
    title: Short = ""
    task: Short = ""
    values: dict[str, Json] = {}
    seed: int = 0
    index: int = 0
    artifact: Short = ""
    created: Short = ""
    tokens: tuple[Token, ...] = ()

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(token.t for token in self.tokens)


class Piece(Plain):
    """Characters `start` … `end` (not included) that come from a passage."""

    start: Place
    end: Place
    passage: Annotated[int, Field(ge=1)]


class Head(Plain):
    """What a list of documents shows."""

    id: Name
    title: Short = UNTITLED
    changed: Short = ""
    words: int = 0


class Document(Stored):
    """One file `documents/<id>.json`. A title that nobody gave follows the first line."""

    CHECKED: ClassVar[bool] = True

    id: Name
    title: Short = UNTITLED
    named: bool = False
    created: Short = ""
    changed: Short = ""
    text: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""
    pieces: tuple[Piece, ...] = ()
    passages: tuple[Passage, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and validate `path`; raises BadInput naming file, reason and next step."""
        return cls.from_bytes(read_limited(path, MAX_BYTES), path)

    def to_bytes(self) -> bytes:
        """Compact JSON: indented, the numbers of the tokens would fill most of the file."""
        value = self.model_dump(mode="json", exclude_defaults=True, exclude={"passages"})
        passages = [passage.spelled for passage in self.passages]
        value |= {"passages": passages} if passages else {}
        return sealed({**value, "format": self.format, "id": self.id})

    @property
    def head(self) -> Head:
        """What a list shows of it."""
        words = words_in(self.text)
        return Head(id=self.id, title=self.title, changed=self.changed, words=words)

    def passage(self, number: int) -> Passage | None:
        """The passage with that number."""
        return next((one for one in self.passages if one.number == number), None)

    def model_share(self) -> float:
        """The share 0 … 1 of its characters that models wrote."""
        written = sum(piece.end - piece.start for piece in self.pieces)
        return written / len(self.text) if self.text else 0.0


def words_in(text: str) -> int:
    """`len(text.split())` without making the words: a tenth of its time in a long text."""
    if not text.isascii():
        for blank in _WIDE_BLANKS:
            text = text.replace(blank, " ")
    shapes = b" " + text.encode("utf-8", "surrogatepass").translate(_SHAPES)
    return shapes.count(b" w")


def title_of(text: str) -> str:
    """The first line with words in it, shortened at a word; "Untitled" where there is none."""
    line = next((line for line in text[:4000].splitlines() if line.strip()), "")
    words = " ".join(line.strip(" \t#*_-").split())
    if len(words) <= TITLE_LETTERS:
        return words or UNTITLED
    cut = words[:TITLE_LETTERS]
    return (cut[: cut.rfind(" ")] if " " in cut else cut).rstrip(" ,.;:") + "…"


def aligned(passage: Passage, parts: Iterable[str]) -> list[list[tuple[int, int, Token]]]:
    """Which tokens stand in what is left of a passage: for each part (start, end, token) in it.

    `parts` are the texts of its pieces in their order; a part is looked for behind the one
    before. Tokens of which only a piece is left are cut; a part not found gives nothing.
    """
    whole, here = passage.text, 0
    found: list[list[tuple[int, int, Token]]] = []
    for part in parts:
        at = whole.find(part, here) if part else -1
        if at < 0:
            found.append([])
            continue
        found.append(_tokens_between(passage.tokens, at, at + len(part)))
        here = at + len(part)
    return found


def _tokens_between(
    tokens: tuple[Token, ...], first: int, last: int
) -> list[tuple[int, int, Token]]:
    found, place = [], 0
    for token in tokens:
        start, end = place, place + len(token.t)
        if end > first and start < last:
            found.append((max(start, first) - first, min(end, last) - first, token))
        place = end
        if place >= last:
            break
    return found
