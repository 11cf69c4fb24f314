"""What is held out: the same by content, whole ones of many, the end of few."""

from __future__ import annotations

import hashlib

import pytest

from genstudio.datasets.parting import MANY, parted


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def cut(word: str, share: float) -> tuple[str, str]:
    place = round(len(word) * (1 - share))
    return word[:place], word[place:]


def part(words: list[str], share: float, count: int | None = None):
    return parted(list(enumerate(words)), share, count or len(words), digest, cut)


def test_few_are_cut() -> None:
    assert part(["0123456789", "abcde"], 0.2) == (["01234567", "abcd"], ["89", "e"])


@pytest.mark.parametrize("share", [0.0, -1.0])
def test_nothing_is_held_out(share: float) -> None:
    assert part(["one", "two"], share) == (["one", "two"], [])


def test_the_first_of_many_rows_are_held_out() -> None:
    words = [f"w{n}" for n in range(MANY)]
    assert part(words, 0.1) == (words[5:], words[:5])
    kept, held = parted([(n, words[n]) for n in range(3, MANY, 3)], 0.1, MANY, digest, cut)
    assert held == ["w3"]
    assert len(kept) == len(range(3, MANY, 3)) - 1


def test_many_things_of_one_row_are_drawn_by_content() -> None:
    words = [f"w{n}" for n in range(MANY)]
    pool = [(0, word) for word in words]
    kept, held = parted(pool, 0.1, 1, digest, cut)
    assert len(held) == 5
    assert sorted([*kept, *held]) == sorted(words)
    assert held != words[:5]
    turned = parted(pool[::-1], 0.1, 1, digest, cut)
    assert set(turned[1]) == set(held)
    assert kept == [word for word in words if word not in held]
