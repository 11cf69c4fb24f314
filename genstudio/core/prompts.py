"""Alternatives in a prompt: `a {blue|red} hat` asks for one of them, another for each picture.

The choice is a function of (seed, index), so picture 7 made alone has the words that picture 7
of a batch has. Consecutive pictures walk through all combinations before one comes again: the
order is a permutation made by a Feistel network with cycle walking (Black & Rogaway, "Ciphers
with Arbitrary Finite Domains", 2002, section 4), which needs no list of the combinations.

`{a|b|c}` may hold further braces; an alternative may be empty. Braces without `|` are plain
text, and so are those behind a backslash: `\\{`, `\\|`, `\\}`.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\\[{}|\\]|[{}|]|[^{}|\\]+|\\", re.DOTALL)
_ROUNDS = 4
_DEEPEST = 40
"""Braces deeper than this are plain text: nobody writes them, and the reader is recursive."""


@dataclass(frozen=True)
class Group:
    """One `{a|b}`: its alternatives (each a sequence of text and groups) and where it stands.

    `marks` are the places of its own `{`, `|` and `}` in the text, in order.
    """

    options: tuple[tuple[str | Group, ...], ...]
    marks: tuple[int, ...]

    @property
    def size(self) -> int:
        """In how many ways it can be written out."""
        return sum(_ways(option) for option in self.options)


Part = str | Group


def parse(text: str) -> tuple[Part, ...]:
    """The prompt as plain text and groups, in order."""
    tokens = [(match.group(), match.start()) for match in _TOKEN.finditer(text)]
    return _sequence(tokens, _partners(tokens), 0, len(tokens))


def groups(text: str) -> tuple[Group, ...]:
    """The outermost groups of the prompt, from left to right."""
    return tuple(part for part in parse(text) if isinstance(part, Group))


def marks(text: str) -> list[int]:
    """Places of every brace and bar that means something, for an editor to show."""
    return sorted(place for group in _all_groups(parse(text)) for place in group.marks)


def sizes(text: str) -> tuple[int, ...]:
    """The number of ways of each outermost group: (3, 2) for `{a|b|c} {d|e}`."""
    return tuple(group.size for group in groups(text))


def combinations(text: str) -> int:
    """How many different prompts the text stands for, at least 1 (nested ones counted once)."""
    return _ways(parse(text))


def expand(text: str, seed: int, index: int) -> str:
    """The prompt of picture `index` (0, 1, …) of `seed`: every group replaced by a choice.

    Text without groups comes back as it is but for its backslashes before braces.
    """
    parts = parse(text)
    ways = _ways(parts)
    if ways == 1:  # a group has at least two
        return "".join(part for part in parts if isinstance(part, str))
    block, place = divmod(index, ways)
    return nth(parts, _shuffled(place, ways, f"{seed}/{block}"))


def nth(parts: Sequence[Part], number: int) -> str:
    """Combination `number` of 0 … combinations - 1, with spaces tidied where words were empty."""
    written = _write(parts, number)
    return re.sub(r"[ \t]{2,}", " ", written).strip()


def _write(parts: Sequence[Part], number: int) -> str:
    words = []
    for part in parts:
        if isinstance(part, str):
            words.append(part)
            continue
        number, choice = divmod(number, part.size)
        for option in part.options:
            if choice < _ways(option):
                words.append(_write(option, choice))
                break
            choice -= _ways(option)
    return "".join(words)


def _ways(parts: Sequence[Part]) -> int:
    return math.prod(part.size for part in parts if isinstance(part, Group))


def _all_groups(parts: Sequence[Part]) -> Iterator[Group]:
    for part in parts:
        if isinstance(part, Group):
            yield part
            for option in part.options:
                yield from _all_groups(option)


# ---- reading

Token = tuple[str, int]


def _partners(tokens: Sequence[Token]) -> dict[int, tuple[int, list[int]]]:
    """For each `{` with a partner and bars of its own: the number of its `}`, and of its bars."""
    found: dict[int, tuple[int, list[int]]] = {}
    waiting: list[tuple[int, list[int]]] = []
    for number, (token, _) in enumerate(tokens):
        if token == "{":
            waiting.append((number, []))
        elif token == "|" and waiting:
            waiting[-1][1].append(number)
        elif token == "}" and waiting:
            depth = len(waiting)
            first, bars = waiting.pop()
            if bars and depth <= _DEEPEST:
                found[first] = (number, bars)
    return found


def _sequence(
    tokens: Sequence[Token], partners: dict[int, tuple[int, list[int]]], first: int, end: int
) -> tuple[Part, ...]:
    """Parts of the tokens `first` … `end` - 1."""
    parts: list[Part] = []
    number = first
    while number < end:
        token = tokens[number][0]
        if number in partners:
            close, bars = partners[number]
            edges = [number, *bars, close]
            options = tuple(
                _sequence(tokens, partners, a + 1, b) for a, b in itertools.pairwise(edges)
            )
            parts.append(Group(options, tuple(tokens[edge][1] for edge in edges)))
            number = close
        else:
            plain = token[1:] if len(token) == 2 and token[0] == "\\" else token
            if parts and isinstance(parts[-1], str):
                parts[-1] += plain
            else:
                parts.append(plain)
        number += 1
    return tuple(parts)


# ---- choosing


def _shuffled(place: int, count: int, key: str) -> int:
    """Where a permutation of 0 … count - 1 named `key` sends `place`."""
    half = max(1, math.ceil((count - 1).bit_length() / 2))
    while True:
        place = _feistel(place, half, key)
        if place < count:
            return place


def _feistel(value: int, half: int, key: str) -> int:
    """A permutation of the numbers of 2 * `half` bits."""
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for turn in range(_ROUNDS):
        digest = hashlib.blake2b(f"{key}/{turn}/{right}".encode(), digest_size=8).digest()
        left, right = right, left ^ (_wide(digest, half) & mask)
    return (left << half) | right


def _wide(digest: bytes, bits: int) -> int:
    """The digest repeated until it has at least `bits` bits."""
    return int.from_bytes(digest * (bits // 64 + 1), "big")
