"""Words that may not be written, whatever tokens they would be made of.

A reference library bans rows of tokens and misses the same word in other pieces. Here the bytes
count: a token is left out where it would complete a banned text, together with what stands
before it, across the borders of tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genstudio.engine.vocabulary import Vocabulary


class Banned:
    """Masks of tokens that would complete one of `texts`; each also in capitals and small."""

    def __init__(self, vocabulary: Vocabulary, texts: Sequence[str]) -> None:
        spelt = {form for text in texts for form in _spellings(text)}
        self._parts: list[tuple[bytes, np.ndarray]] = []
        self._always = np.zeros(vocabulary.size, bool)
        for whole in sorted(form.encode() for form in spelt):
            self._always |= vocabulary.holding(whole)
            for cut in range(1, len(whole)):
                mask = vocabulary.starting(whole[cut:])
                if mask.any():
                    self._parts.append((whole[:cut], mask))
        self.reach = max((len(start) for start, _ in self._parts), default=0)
        """So many bytes before the next token decide."""

    def mask(self, tail: bytes) -> np.ndarray:
        """bool (v,): tokens that may not follow text that ends with `tail`."""
        found = self._always
        for start, mask in self._parts:
            if tail.endswith(start):
                found = found | mask
        return found


def _spellings(text: str) -> set[str]:
    return {text, text.lower(), text.upper(), text[:1].upper() + text[1:].lower()}
