"""What an editor shows of a prompt: words not understood, alternatives, numbers in words."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import lru_cache

from genstudio.core import prompts
from genstudio.core.words import Words, places, split

Span = tuple[int, int]
MANY = 1_000_000
NEAR = 3
UNNAMED = 2
"""More unknown words than this are counted, not named: one line has no room."""


class PromptReader:
    """Knows the words of a model, the most frequent first; without words all is understood.

    `most`: how many words are read at most, 0 for no limit.
    """

    def __init__(self, words: Sequence[str] = (), most: int = 0) -> None:
        self.words, self.most = tuple(words), most
        self._known = Words(self.words)

    def knows(self, word: str) -> bool:
        """Whether `word` (in lower case) means something; single letters are let pass."""
        return not self.words or len(word) < 2 or self._known.find(word) is not None

    def unknown(self, text: str, writing: int = -1) -> list[tuple[int, int, str]]:
        """(start, end, word) of the words that will be left out, in order.

        The word that ends at `writing` is just being written: it is not counted.
        """
        return [p for p in places(text) if p[1] != writing and not self.knows(p[2])]

    def unread(self, text: str) -> Span | None:
        """The end of the text that is too far behind to be read; None with alternatives."""
        if not self.most or prompts.groups(text):
            return None
        read = [p for p in places(text) if not self.words or self._known.find(p[2]) is not None]
        return (read[self.most][0], len(text)) if len(read) > self.most else None

    def near(self, word: str) -> list[str]:
        """Known words that are written much like `word`."""
        return difflib.get_close_matches(word.casefold(), self.words, NEAR, 0.7)

    def completions(self, begun: str, most: int) -> list[str]:
        """Known words that begin so, the most frequent first; not the word itself."""
        begun = begun.casefold()
        found = (w for w in self.words if w.startswith(begun) and w != begun)
        return [word for word, _ in zip(found, range(most), strict=False)]

    def summary(self, text: str, writing: int = -1) -> str:
        """`7 words · 3 × 2 = 6 combinations · 1 not known`; "" for no words."""
        count = _longest(prompts.parse(text))
        if not count:
            return ""
        unread = f"only {self.most} words are read" if self.unread(text) else ""
        words = f"{count} word{'s' * (count != 1)}"
        parts = [words, unread, ways(text), self._unknown(text, writing)]
        return " · ".join(part for part in parts if part)

    def _unknown(self, text: str, writing: int) -> str:
        unknown = list(dict.fromkeys(word for _, _, word in self.unknown(text, writing)))
        if not unknown:
            return ""
        few = len(unknown) <= UNNAMED and not prompts.sizes(text)
        return f"not known: {', '.join(unknown)}" if few else f"{len(unknown)} not known"


def ways(text: str) -> str:
    """`3 × 2 = 6 combinations`, `3 alternatives`, or "" for a plain text."""
    sizes, number = prompts.sizes(text), prompts.combinations(text)
    if not sizes:
        return ""
    if len(sizes) == 1:
        return f"{number} alternatives"
    total = f"{number:,}" if number <= MANY else "over a million"
    product = " × ".join(str(size) for size in sizes)
    return f"{product} = {total} combinations" if len(sizes) <= 4 else f"{total} combinations"


@lru_cache(maxsize=8)
def reader(words: tuple[str, ...], most: int) -> PromptReader:
    """A reader, made once for the same words."""
    return PromptReader(words, most)


def _longest(parts: Sequence[prompts.Part]) -> int:
    """Words of the longest way to write a prompt out."""
    return sum(
        len(split(part)) if isinstance(part, str) else max(_longest(o) for o in part.options)
        for part in parts
    )
