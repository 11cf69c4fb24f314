"""Text as tokens and back: by characters, by bytes, or by pieces learned from texts (BPE).

Music is read here too (`note_tokens`): whoever opens a model need not know what it writes.

Every tokenizer counts its special tokens first: 0 ends a document, three mark a gap that is to
be filled, one stands for each class. Text never becomes a special token, whatever it says.
Reading builds everything from plain lists: no code or pattern of a file is ever run.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, Protocol

from genstudio.core.errors import BadInput, UsageError
from genstudio.media import byte_pairs, characters, note_tokens
from genstudio.media.special_tokens import (
    END,
    FORMAT,
    MARKS,
    MAX_CLASSES,
    MIDDLE,
    PREFIX,
    SUFFIX,
    class_token,
)

__all__ = ["END", "MIDDLE", "PREFIX", "SUFFIX", "Stream", "Tokenizer", "class_token", "read"]

Kind = Literal["chars", "bytes", "bpe", "notes"]
KINDS: tuple[Kind, ...] = ("chars", "bytes", "bpe")
"""The kinds that are learned from texts; "notes" is made by `note_tokens`."""
MAX_BYTES = 16 * 1024 * 1024
"""The largest tokenizer file that is read."""
MAX_TOKENS = 200_000
BYTES = 256


class Tokenizer(Protocol):
    """Text as numbers from 0 to `size` - 1, the special ones first."""

    @property
    def kind(self) -> Kind:
        """By characters, bytes or pieces of words, or notes."""
        ...

    @property
    def size(self) -> int:
        """Number of tokens, special ones included."""
        ...

    @property
    def specials(self) -> tuple[str, ...]:
        """Names of the special tokens 0, 1, …; END is 0."""
        ...

    def encode(self, text: str) -> list[int]:
        """The tokens of `text`, never special ones; what has no token is left out."""
        ...

    def decode(self, ids: Iterable[int]) -> str:
        """The text of tokens; special ones give nothing, broken UTF-8 gives U+FFFD."""
        ...

    def piece(self, token: int) -> bytes:
        """UTF-8 bytes of one token, perhaps part of a character; b"" for special ones."""
        ...

    def special(self, name: str) -> int | None:
        """The number of a special token, or None."""
        ...

    def unknown(self, text: str) -> list[str]:
        """Characters of `text` that would be left out, each once, in their order."""
        ...

    def to_bytes(self) -> bytes:
        """What `read` reads."""
        ...


class _Tokens:
    """Special tokens before `pieces`, the bytes of each other token."""

    def __init__(
        self,
        kind: Kind,
        specials: tuple[str, ...],
        pieces: list[bytes],
        cut: Callable[[str], list[int]],
        unknown: Callable[[str], list[str]],
        told: dict[str, object],
    ) -> None:
        self.kind, self.specials = kind, specials
        self._pieces = [b""] * len(specials) + pieces
        self._cut, self._unknown, self._told = cut, unknown, told
        self._numbers = {name: number for number, name in enumerate(specials)}

    @property
    def size(self) -> int:
        return len(self._pieces)

    def encode(self, text: str) -> list[int]:
        first = len(self.specials)
        return [first + piece for piece in self._cut(clean(text))]

    def decode(self, ids: Iterable[int]) -> str:
        return b"".join(map(self.piece, ids)).decode("utf-8", "replace")

    def piece(self, token: int) -> bytes:
        if not 0 <= token < len(self._pieces):
            raise BadInput(f"There is no token {token} among {len(self._pieces):,}")
        return self._pieces[token]

    def special(self, name: str) -> int | None:
        return self._numbers.get(name)

    def unknown(self, text: str) -> list[str]:
        return self._unknown(clean(text))

    def to_bytes(self) -> bytes:
        head = {"format": FORMAT, "kind": self.kind, "specials": list(self.specials)}
        return (json.dumps({**head, **self._told}, ensure_ascii=False) + "\n").encode()


class Stream:
    """Text out of tokens one at a time: a character comes when its last byte is there."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, token: int) -> str:
        """What the token completes; "" for special tokens and parts of characters."""
        return self._decoder.decode(self._tokenizer.piece(token))

    def end(self) -> str:
        """What was held back: U+FFFD for an unfinished character, else ""."""
        return self._decoder.decode(b"", final=True)


def clean(text: str) -> str:
    """`text` without lone surrogates, which no encoding has."""
    return text.encode("utf-8", "replace").decode()


def train(kind: Kind, texts: Iterable[str], size: int, classes: Sequence[str] = ()) -> Tokenizer:
    """A tokenizer of at most `size` tokens for `texts`, the same for the same texts.

    "chars" keeps the most frequent characters, "bpe" the most frequent pieces (Sennrich et al.
    2016, section 3.2, on bytes as Radford et al. 2019, section 2.2); "bytes" needs no texts and
    has its own size. Raises UsageError for a size or classes that do not fit.
    """
    specials = (*MARKS, *map(class_token, classes))
    if len(set(specials)) < len(specials) or len(classes) > MAX_CLASSES:
        raise UsageError(f"The classes must differ and be at most {MAX_CLASSES:,}")
    if kind == "bytes":
        return _build(kind, specials, None)
    room = size - len(specials)
    least = BYTES if kind == "bpe" else 1
    if not least <= room <= MAX_TOKENS:
        raise UsageError(
            f"{size:,} tokens do not fit: {least + len(specials):,} to {MAX_TOKENS:,} do",
            next_step="Choose another size of the vocabulary.",
        )
    cleaned = map(clean, texts)
    if kind == "chars":
        return _build(kind, specials, characters.most_frequent(cleaned, room))
    return _build(kind, specials, byte_pairs.learn(cleaned, room))


def read(data: bytes, name: str = "tokenizer.json") -> Tokenizer:
    """The tokenizer that `to_bytes` wrote; raises BadInput for anything else."""
    try:
        if len(data) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES // 1024 // 1024} MB")
        told = json.loads(data)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise ValueError("its format is not known")
        kind, specials = told.get("kind"), told.get("specials")
        if kind == note_tokens.NoteTokens.kind:
            return note_tokens.build(told)
        if kind not in KINDS:
            raise ValueError(f"its kind {kind!r} is not known")
        if not isinstance(specials, list) or not _fit(specials):
            raise ValueError("its special tokens are not valid")
        return _build(kind, tuple(specials), told.get(_PARTS[kind]))
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"{name} is no tokenizer that can be used here: {error}",
            next_step="Update GenStudio, or install the model again.",
        ) from error


_PARTS = {"chars": "characters", "bytes": "", "bpe": "merges"}


def _fit(specials: list[object]) -> bool:
    if not specials or specials[0] != END:
        return False
    short = all(isinstance(name, str) and 0 < len(name) <= 400 for name in specials)
    return short and len(set(specials)) == len(specials) <= MAX_CLASSES + 4


def _build(kind: Kind, specials: tuple[str, ...], part: object) -> Tokenizer:
    """The tokenizer of a kind from its part of the file; raises ValueError."""
    if kind == "bytes":
        every = [bytes([value]) for value in range(BYTES)]
        return _Tokens(kind, specials, every, lambda text: list(text.encode()), lambda _: [], {})
    if kind == "chars":
        table = characters.Table(part)
        pieces = [char.encode() for char in table.characters]
        told: dict[str, object] = {"characters": table.characters}
        return _Tokens(kind, specials, pieces, table.cut, table.unknown, told)
    pairs = byte_pairs.Pairs(part)
    told = {"merges": pairs.merges}
    return _Tokens(kind, specials, pairs.pieces, pairs.cut, lambda _: [], told)
