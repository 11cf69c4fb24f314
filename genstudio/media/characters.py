"""A table of characters, and how characters outside of it are written with those inside."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

_ALIKE = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "′": "'", "“": '"', "”": '"',
    "„": '"', "«": '"', "»": '"', "″": '"', "–": "-", "—": "--", "―": "--", "‐": "-", "‑": "-",
    "−": "-", "…": "...", "\t": " ", "•": "-", "·": ".", "ß": "ss", "æ": "ae", "Æ": "AE",
    "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
}  # fmt: skip
_SILENT = frozenset("\r\ufeff\u200b\u200c\u200d\u2060\u00ad")
"""Characters that nobody misses: parts of line ends, marks of byte order, places to break."""


def most_frequent(texts: Iterable[str], size: int) -> str:
    """The `size` most frequent characters of `texts`, in the order of their code points."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    chosen = sorted(counts, key=lambda char: (-counts[char], char))[:size]
    return "".join(sorted(chosen))


class Table:
    """Characters by number. What is not in it is written with what is, where that can be."""

    def __init__(self, characters: object) -> None:
        """Raises ValueError where `characters` is no text of different characters."""
        if not isinstance(characters, str) or len(set(characters)) != len(characters):
            raise ValueError("its characters are not valid")
        characters.encode()  # UnicodeEncodeError is a ValueError: no lone surrogates
        self.characters = characters
        self._numbers = {char: [number] for number, char in enumerate(characters)}
        self._other: dict[str, list[int] | None] = {}

    def cut(self, text: str) -> list[int]:
        """A number for each character; others by what is like them, or left out."""
        found: list[int] = []
        for char in text:
            found.extend(self._numbers.get(char) or self._written(char) or ())
        return found

    def unknown(self, text: str) -> list[str]:
        """Characters that are left out and would be missed, each once."""
        others = dict.fromkeys(char for char in text if char not in self._numbers)
        return [c for c in others if self._written(c) is None and c not in _SILENT]

    def _written(self, char: str) -> list[int] | None:
        """An unknown character in known ones (é as e, “ as "), or None where none are like it."""
        if char not in self._other:
            if len(self._other) > 10_000:
                self._other.clear()
            self._other[char] = self._look(char)
        return self._other[char]

    def _look(self, char: str) -> list[int] | None:
        for tried in (_ALIKE.get(char, ""), unicodedata.normalize("NFKD", char)):
            plain = [c for c in tried if not unicodedata.combining(c)]
            if plain and all(c in self._numbers for c in plain):
                return [number for c in plain for number in self._numbers[c]]
        if char.isspace() and char not in _SILENT and " " in self._numbers:
            return self._numbers[" "]
        return None
