"""Held-out combinations: "blue hair + round glasses" means captions that say both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from genstudio.core.words import split


def says(caption: Sequence[str], phrase: str) -> bool:
    """True where the words of `phrase` stand in the caption (its words) one after the other."""
    wanted = split(phrase)
    count = len(wanted)
    return any(list(caption[i : i + count]) == wanted for i in range(len(caption) - count + 1))


def holds(captions: Iterable[str], combination: str) -> bool:
    """True where one of the captions of a picture says every phrase between the plus signs."""
    phrases = [phrase for phrase in combination.split("+") if phrase.strip()]
    words = [split(caption) for caption in captions]
    return bool(phrases) and any(all(says(one, p) for p in phrases) for one in words)


def any_held(captions: Iterable[str], combinations: Iterable[str]) -> bool:
    """True where the captions of a picture hold one of the combinations."""
    said = list(captions)
    return any(holds(said, combination) for combination in combinations)
