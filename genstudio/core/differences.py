"""What is different between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

from genstudio.core.versions import splice

Kind = Literal["same", "gone", "new"]
Chunk = tuple[Kind, str]
MOST_WORDS = 3000
"""Words on either side that are compared one by one; longer differences are told as one."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def differences(before: str, after: str) -> list[Chunk]:
    """`before` turned into `after`: chunks that stay, go, or are new, in order."""
    at, cut, put = splice(before, after)
    old = before[at : at + cut]
    start, end = before[:at], before[at + cut :]
    found: list[Chunk] = [("same", start), *_between(old, put), ("same", end)]
    return [chunk for chunk in found if chunk[1]]


def _between(old: str, new: str) -> list[Chunk]:
    one, other = _WORDS.findall(old), _WORDS.findall(new)
    if not one or not other or max(len(one), len(other)) > MOST_WORDS:
        return [("gone", old), ("new", new)]
    found: list[Chunk] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(one[a:b])))
        else:
            found += [("gone", "".join(one[a:b])), ("new", "".join(other[c:d]))]
    return found
