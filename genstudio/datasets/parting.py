"""Texts and pieces in two parts: those to learn from, and those held out.

With many of them whole ones are held out, as of pictures; with few the end of each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from genstudio.datasets import items as listing

MANY = 50
"""From so many on whole ones are held out."""
_SEED = 0
Thing = TypeVar("Thing")


def parted(
    pool: Sequence[tuple[int, Thing]],
    share: float,
    count: int,
    digest: Callable[[Thing], str],
    cut: Callable[[Thing, float], tuple[Thing, Thing]],
) -> tuple[list[Thing], list[Thing]]:
    """(things to learn from, those held out) of `pool`, (row, thing) in dataset order.

    `count` files or rows there were in all; `share` of them is held out. `digest` gives the hash
    of a thing (hexadecimal SHA-256), `cut` its beginning and its end, `share` of it long.
    """
    things = [thing for _, thing in pool]
    if share <= 0:
        return things, []
    if count >= MANY:  # the first ones, as of pictures
        bound = listing.held_out(count, share)
        return [t for row, t in pool if row >= bound], [t for row, t in pool if row < bound]
    if len(things) >= MANY:
        ranks = [listing.rank(digest(thing), _SEED) for thing in things]
        order = sorted(range(len(things)), key=ranks.__getitem__)
        held = set(order[: listing.held_out(len(things), share)])
        train = [thing for place, thing in enumerate(things) if place not in held]
        return train, [things[place] for place in sorted(held)]
    pairs = [cut(thing, share) for thing in things]
    return [first for first, _ in pairs], [last for _, last in pairs]
