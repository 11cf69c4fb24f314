"""A store held to a number of bytes."""

from __future__ import annotations

from genstudio.media.kept import Kept


def test_what_was_not_used_for_longest_gives_way():
    kept = Kept[str](10, len)
    kept.put("a", "xxxx")
    kept.put("b", "yyyy")
    assert kept.get("a") == "xxxx"
    kept.put("c", "zzzz")
    assert kept.get("b") is None
    assert (kept.get("a"), kept.get("c"), len(kept)) == ("xxxx", "zzzz", 2)


def test_what_is_too_large_stays_alone():
    kept = Kept[str](3, len)
    kept.put("a", "x")
    kept.put("b", "yyyyyy")
    assert (kept.get("a"), kept.get("b")) == (None, "yyyyyy")


def test_a_thing_put_again_counts_once():
    kept = Kept[str](6, len)
    for _ in range(5):
        kept.put("a", "xxxx")
    kept.put("b", "yy")
    assert len(kept) == 2
