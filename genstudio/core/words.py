"""Words of captions and prompts: how text becomes the numbers that a text encoder reads.

Whole words, not pieces: a model that is trained on a few thousand captions knows a few hundred
words, and says which words of a prompt it does not know.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

NOTHING, START, FIRST = 0, 1, 2
"""Numbers of an empty place and of the start; words follow from FIRST on."""
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("'s", "ings", "ing", "ed", "es", "s", "e", "y")


def split(text: str) -> list[str]:
    """Words in lower case, in order; hyphens, underscores and punctuation part them."""
    return _WORD.findall(text.casefold())


def places(text: str) -> list[tuple[int, int, str]]:
    """(start, end, word as `split` gives it) of every word as it stands in `text`."""
    return [(m.start(), m.end(), m.group().casefold()) for m in _WORD.finditer(text)]


def vocabulary(captions: Iterable[str], limit: int = 8192, at_least: int = 2) -> list[str]:
    """The words of all captions that stand in at least so many, the most frequent `limit` first.

    A caption that says a word twice counts once; words of equal number are sorted by name.
    """
    counts = Counter(word for caption in captions for word in set(split(caption)))
    known = [word for word, number in counts.items() if number >= at_least]
    return sorted(known, key=lambda word: (-counts[word], word))[:limit]


class Words:
    """A vocabulary in use."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._numbers = {word: place for place, word in enumerate(words, start=FIRST)}
        self._stems = {stem(word): place for word, place in reversed(self._numbers.items())}

    def __len__(self) -> int:
        """How many numbers there are, with those of no word."""
        return len(self._numbers) + FIRST

    def find(self, word: str) -> int | None:
        """The number of `word`, or of a known form of it ("haired": "hair"); None: not known."""
        return self._numbers.get(word, self._stems.get(stem(word)))

    def forms(self, words: Iterable[str]) -> dict[str, str]:
        """Of words that are not known themselves: the known one that each is a form of."""
        found = {word: self.find(word) for word in words if word not in self._numbers}
        return {word: self._words[n - FIRST] for word, n in found.items() if n is not None}

    def tokens(self, text: str, length: int) -> tuple[list[int], list[str]]:
        """(`length` numbers: START, the known words, then NOTHING; words that were left out).

        Unknown words are left out, and so are those that find no place.
        """
        found, ignored = [START], []
        for word in split(text):
            number = self.find(word)
            if number is None or len(found) == length:
                ignored.append(word)
            else:
                found.append(number)
        return found + [NOTHING] * (length - len(found)), list(dict.fromkeys(ignored))


def stem(word: str) -> str:
    """The word without a common English ending: smiles, smiling and smile are all "smil"."""
    for ending in _ENDINGS:
        short = word.removesuffix(ending)
        if short != word and len(short) > 2 and not (ending == "s" and short[-1] == "s"):
            double = len(short) > 3 and short[-1] == short[-2] and short[-1] not in "sl"
            return short[:-1] if double else short  # "grinning": "grin"
    return word
