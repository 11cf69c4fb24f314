"""Where the lines of a tree go: rows from top to bottom, branches in lanes beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Lanes:
    """One row: its dot stands in `lane`; `above` and `below` say whether a line goes on there.

    `out` are lanes of branches that leave the dot downwards, `through` those that pass by.
    """

    lane: int
    above: bool
    below: bool
    out: tuple[int, ...] = ()
    through: tuple[int, ...] = ()


def lanes(parents: Sequence[int]) -> list[Lanes]:
    """The lanes of rows by their parents' numbers (-1: the first); parents come before children.

    The first child goes on in its parent's lane, others get the next lane that is free for as
    long as theirs lasts.
    """
    children: list[list[int]] = [[] for _ in parents]
    for row, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(row)
    lane = [0] * len(parents)
    taken: list[tuple[int, int, int]] = []
    """(lane, first row, last row) of each line of first children."""
    for row, parent in enumerate(parents):
        first = parent < 0 or children[parent][0] == row
        if parent >= 0 and first:
            lane[row] = lane[parent]
            continue
        begin, last = max(parent, 0), _last(row, children)
        used = {number for number, a, b in taken if a <= last and b >= begin}
        lane[row] = next(number for number in range(len(parents) + 1) if number not in used)
        taken.append((lane[row], begin, last))
    passing = _passing(parents, lane)
    return [
        Lanes(
            lane=lane[row],
            above=parents[row] >= 0,
            below=bool(children[row]),
            out=tuple(lane[child] for child in children[row][1:]),
            through=tuple(sorted(passing[row] - {lane[row]})),
        )
        for row in range(len(parents))
    ]


def _passing(parents: Sequence[int], lane: Sequence[int]) -> list[set[int]]:
    """The lanes of lines that go by at each row: from below a parent to above its child."""
    begins: list[list[int]] = [[] for _ in range(len(parents) + 1)]
    ends: list[list[int]] = [[] for _ in range(len(parents) + 1)]
    for child, parent in enumerate(parents):
        if 0 <= parent < child - 1:
            begins[parent + 1].append(lane[child])
            ends[child].append(lane[child])
    found, now = [], Counter[int]()
    for row in range(len(parents)):
        now.update(begins[row])
        now.subtract(ends[row])
        found.append({number for number, count in now.items() if count > 0})
    return found


def _last(row: int, children: list[list[int]]) -> int:
    """The last row of the line that goes on in the same lane."""
    while children[row]:
        row = children[row][0]
    return row
