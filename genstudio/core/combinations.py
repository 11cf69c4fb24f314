"""Held-out combinations: "blue hair + round glasses" means captions that say both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from genstudio.core.words import split


def says(caption: Sequence[str], phrase: str) -> bool:
    """True where the words of `phrase` stand in the caption (its words) one after the other."""
    return _stands(caption, tuple(split(phrase)))


def holds(captions: Iterable[str], combination: str) -> bool:
    """True where one of the captions of a picture says every phrase between the plus signs."""
    return any_held(captions, (combination,))


def any_held(captions: Iterable[str], combinations: Iterable[str]) -> bool:
    """True where the captions of a picture hold one of the combinations."""
    said = [split(caption) for caption in captions]
    return any(
        all(_stands(one, phrase) for phrase in phrases)
        for phrases in map(_phrases, combinations)
        if phrases
        for one in said
    )


@lru_cache(maxsize=2048)
def _phrases(combination: str) -> tuple[tuple[str, ...], ...]:
    """The words of each phrase; asked again for every picture of a set."""
    return tuple(tuple(split(phrase)) for phrase in combination.split("+") if phrase.strip())


def _stands(caption: Sequence[str], wanted: tuple[str, ...]) -> bool:
    if not wanted or wanted[0] not in caption:
        return False
    count = len(wanted)
    return any(tuple(caption[i : i + count]) == wanted for i in range(len(caption) - count + 1))
