"""Notes as they are written: which letter a key of the piano has, which signs a length needs.

Source of the spelling: the line of fifths (Temperley 2001, "The Cognition of Basic Musical
Structures", chapter 5): a pitch takes the name that lies nearest to those of its key.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

PARTS = 24
"""Parts of a quarter that lengths are written in: 32nds, and triplets down to 64ths."""
_LINE = "FCGDAEB"
_FLATTEST = 3  # so many fifths below the tonic of the major key, nine above it at most
_PLAIN = (
    (96, "whole"), (48, "half"), (24, "quarter"), (12, "eighth"), (6, "16th"), (3, "32nd"),
)  # fmt: skip


class Length(NamedTuple):
    """A length that has a sign: `parts` of a quarter, its `name`, dotted, in a triplet."""

    parts: int
    name: str
    dotted: bool = False
    triplet: bool = False


def spelled(pitch: int, fifths: int) -> tuple[str, int, int]:
    """(letter, sharps or minus flats, octave) of a pitch in a key of so many sharps."""
    first = fifths - _FLATTEST
    place = first + (pitch * 7 - first) % 12
    alter = (place + 1) // 7
    return _LINE[(place + 1) % 7], alter, (pitch - alter) // 12 - 1


def lengths() -> tuple[Length, ...]:
    """All lengths that have one sign, the longest first."""
    found = [Length(parts, name) for parts, name in _PLAIN]
    found += [Length(parts * 3 // 2, name, dotted=True) for parts, name in _PLAIN[:-1]]
    found += [Length(parts * 2 // 3, name, triplet=True) for parts, name in _PLAIN]
    found.append(Length(1, "64th", triplet=True))
    return tuple(sorted(found, reverse=True))


@cache
def split(parts: int) -> tuple[Length, ...]:
    """The fewest signs that make up `parts`, the longest first; ties join them."""
    longest = lengths()[0]
    if parts > longest.parts:
        return (*(longest,) * (parts // longest.parts), *split(parts % longest.parts))
    best: list[tuple[Length, ...]] = [()]
    for total in range(1, parts + 1):
        options = [(one, *best[total - one.parts]) for one in lengths() if one.parts <= total]
        # Of several the plainest: without triplets, then with the longest sign first.
        best.append(min(options, key=_plainness))
    return best[parts]


def _plainness(signs: tuple[Length, ...]) -> tuple[int, int, list[int]]:
    return len(signs), sum(sign.triplet for sign in signs), [-sign.parts for sign in signs]
