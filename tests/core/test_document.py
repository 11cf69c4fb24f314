"""Documents: what is kept of a text and of who wrote it."""

from __future__ import annotations

import json

import pytest

from genstudio.core.document import (
    MAX_CHARACTERS,
    Document,
    Passage,
    Piece,
    Token,
    aligned,
    title_of,
)
from genstudio.core.errors import BadInput


def passage(*texts: str, number: int = 1) -> Passage:
    tokens = tuple(Token(t=text, p=0.5, top=((text, 0.5), (" the", 0.25))) for text in texts)
    return Passage(number=number, model="stories", seed=7, index=2, tokens=tokens)


def document(**changes) -> Document:
    values = {
        "id": "2026-11-21-a",
        "text": "Once upon a 😀 time",
        "pieces": (Piece(start=5, end=18, passage=1),),
        "passages": (passage("upon", " a", " 😀", " time"),),
    }
    return Document(**{**values, **changes})


def test_a_file_gives_back_the_same_document(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(document(named=True, title="Fox").to_bytes())
    assert Document.read(path) == document(named=True, title="Fox")


def test_numbers_of_tokens_do_not_fill_the_file_with_line_ends():
    assert document().to_bytes().count(b"\n") == 0
    assert len(document().to_bytes()) < 900


def test_a_flipped_letter_is_noticed(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(document().to_bytes().replace(b"upon a", b"upon b"))
    with pytest.raises(BadInput, match="damaged"):
        Document.read(path)


def test_a_text_beyond_all_measure_is_refused(tmp_path):
    path = tmp_path / "a.json"
    value = json.loads(document().to_bytes()) | {"text": "a" * (MAX_CHARACTERS + 1)}
    value.pop("check")
    path.write_bytes(json.dumps(value).encode())
    with pytest.raises(BadInput):
        Document.read(path)


def test_head_and_share_of_models():
    head = document(title="Fox").head
    assert (head.id, head.title, head.words) == ("2026-11-21-a", "Fox", 5)
    assert document().model_share() == pytest.approx(13 / 18)
    assert document(text="", pieces=()).model_share() == 0.0
    assert document().passage(1).text == "upon a 😀 time"
    assert document().passage(2) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", "Untitled"),
        ("\n\n   \n", "Untitled"),
        ("# The fox\nand more", "The fox"),
        ("\n  A   day \nmore", "A day"),
        ("word " * 40, "word word word word word word word word word word word word…"),
        ("x" * 80, "x" * 60 + "…"),
    ],
)
def test_a_title_is_the_first_line_with_words(text, title):
    assert title_of(text) == title


def test_tokens_of_an_untouched_passage():
    found = aligned(passage("One", " fine", " day"), ["One fine day"])
    assert [(a, b, token.t) for a, b, token in found[0]] == [
        (0, 3, "One"),
        (3, 8, " fine"),
        (8, 12, " day"),
    ]


def test_tokens_of_what_is_left_of_a_passage():
    one, two = aligned(passage("One", " fine", " day"), ["One f", "day"])
    assert [(a, b, token.t) for a, b, token in one] == [(0, 3, "One"), (3, 5, " fine")]
    assert [(a, b, token.t) for a, b, token in two] == [(0, 3, " day")]


def test_parts_are_looked_for_in_their_order_and_strangers_give_nothing():
    found = aligned(passage(" la", " la", " la"), [" la", " la", "other", "", " la"])
    assert [len(part) for part in found] == [1, 1, 0, 0, 1]
