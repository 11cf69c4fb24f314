"""A table of characters: what is unknown is written with what is known."""

from __future__ import annotations

import pytest

from genstudio.media.characters import Table, most_frequent


def test_the_most_frequent_in_the_order_of_their_codes() -> None:
    assert most_frequent(["zzza", "zyyx"], 2) == "yz"
    assert most_frequent(["ba"], 10) == "ab"
    assert most_frequent(["cba"], 2) == "ab"  # alike: the first codes


@pytest.mark.parametrize(
    ("char", "known", "written"),
    [("é", "e", "e"), ("ﬁ", "fi", "fi"), ("—", "-", "--"), ("ß", "s", "ss"), ("\u2003", " ", " "),
     ("½", "1⁄2", "1⁄2"), ("\t", "a ", " ")],
)  # fmt: skip
def test_written_alike(char: str, known: str, written: str) -> None:
    table = Table(known)
    assert [table.characters[i] for i in table.cut(char)] == list(written)
    assert table.unknown(char) == []


@pytest.mark.parametrize("char", ["猫", "é", "\t", "—"])
def test_left_out_where_nothing_is_alike(char: str) -> None:
    assert Table("xyz").cut(f"x{char}y") == [0, 1]
    assert Table("xyz").unknown(f"{char}x{char}") == [char]


@pytest.mark.parametrize("char", ["\r", "\ufeff", "\u200b", "\u00ad"])
def test_nobody_misses_marks(char: str) -> None:
    assert Table("x ").cut(f"x{char}") == [0]
    assert Table("x ").unknown(char) == []


def test_a_known_character_stays_itself() -> None:
    assert Table("e\té").cut("é\te") == [2, 1, 0]
