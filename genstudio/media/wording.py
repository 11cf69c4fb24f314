"""Text as words with their places, and hashes of several words in a row.

Case, punctuation and line breaks do not count, so that a passage copied with other quotation marks
is still known. In scripts that put no space between words each character is a word.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

import numpy as np

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’][^\W_{_UNSPACED}]+)*")
_BASE = np.uint64(0x9E3779B97F4A7C15)
"""An odd multiplier without structure (2^64 divided by the golden ratio)."""


@dataclass(frozen=True)
class Wording:
    """`hashes` uint64 (n,): one number for each word; `starts`, `ends` int64 (n,): its characters.

    Equal words have equal numbers, on every machine; different ones differ but for 1 in 2^32.
    """

    hashes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        return len(self.hashes)


def words(text: str) -> list[str]:
    """The words in lower case: "Don't panic!" gives ["don't", "panic"]."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def wording(text: str) -> Wording:
    """The words of a text as numbers, and where they stand in it."""
    places = np.array([match.span() for match in _WORD.finditer(text)], np.int64).reshape(-1, 2)
    return Wording(hashes(text), places[:, 0], places[:, 1])


def hashes(text: str) -> np.ndarray:
    """The words of a text as numbers, uint64 (n,)."""
    found = _WORD.findall(text)
    return np.fromiter(map(_Known().__getitem__, found), np.uint64, len(found))


class _Known(dict[str, int]):
    """The number of each word, computed once: most words of a text come many times."""

    def __missing__(self, word: str) -> int:
        plain = word.lower().replace("’", "'")
        self[word] = zlib.crc32(plain.encode("utf-8", "surrogatepass"))
        return self[word]


def runs(numbers: np.ndarray, length: int) -> np.ndarray:
    """One number for each run of `length` words: uint64 (max(0, n - length + 1),).

    A polynomial over the words (Karp, Rabin 1987), mixed so that all bits depend on all words.
    """
    count = len(numbers) - length + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    found = np.zeros(count, np.uint64)
    for place in range(length):
        found = found * _BASE + _mixed(numbers[place : place + count])
    return _mixed(found)


def _mixed(values: np.ndarray) -> np.ndarray:
    """The finaliser of MurmurHash3: every bit in changes half of the bits out."""
    found = values ^ (values >> np.uint64(33))
    found = found * np.uint64(0xFF51AFD7ED558CCD)
    found = found ^ (found >> np.uint64(33))
    found = found * np.uint64(0xC4CEB9FE1A85EC53)
    return found ^ (found >> np.uint64(33))
