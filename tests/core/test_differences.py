"""Differences between texts, word by word."""

from __future__ import annotations

import pytest

from genstudio.core import differences as module
from genstudio.core.differences import differences


@pytest.mark.parametrize(
    ("before", "after", "chunks"),
    [
        ("", "", []),
        ("same", "same", [("same", "same")]),
        ("", "new", [("new", "new")]),
        ("old", "", [("gone", "old")]),
        (
            "the old fox ran far away",
            "the young fox ran away",
            [
                ("same", "the "),
                ("gone", "old"),
                ("new", "young"),
                ("same", " fox ran"),
                ("gone", " far"),
                ("same", " away"),
            ],
        ),
        ("wörd 😀", "wörd 😃", [("same", "wörd "), ("gone", "😀"), ("new", "😃")]),
    ],
)
def test_chunks(before, after, chunks):
    assert differences(before, after) == chunks


def test_both_texts_can_be_read_from_it():
    before, after = "a b c d e f", "b c x d f g"
    found = differences(before, after)
    assert "".join(text for kind, text in found if kind != "new") == before
    assert "".join(text for kind, text in found if kind != "gone") == after


def test_very_different_long_texts_are_one_difference(monkeypatch):
    monkeypatch.setattr(module, "MOST_WORDS", 3)
    assert differences("a b c d", "e f g h") == [("gone", "a b c d"), ("new", "e f g h")]
