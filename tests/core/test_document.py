"""Documents: what is kept of a text and of who wrote it."""

from __future__ import annotations

import itertools
import json

import pytest
from pydantic import ValidationError

from genstudio.core.document import (
    MAX_CHARACTERS,
    Document,
    Passage,
    Piece,
    Token,
    aligned,
    title_of,
    words_in,
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


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../up"},
        {"id": ""},
        {"id": "A B"},
        {"title": "x" * 401},
        {"pieces": ({"start": -1, "end": 3, "passage": 1},)},
        {"pieces": ({"start": 0, "end": MAX_CHARACTERS + 1, "passage": 1},)},
        {"pieces": ({"start": 0, "end": 3, "passage": 0},)},
        {"passages": ({"number": 0, "model": "m"},)},
        {"surprise": 1},
    ],
)
def test_what_is_no_document_is_refused(change):
    value = {"id": "a", "text": "abc", **change}
    with pytest.raises(ValidationError):
        Document.model_validate(value)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not valid JSON"),
        (b"[]", "one JSON object"),
        (b'{"id": "a"}', "no known format"),
        (b'{"format": 2, "id": "a"}', "format 2"),
        (b'{"format": 1, "id": "a", "check": "0"}', "damaged"),
        (b'{"format": 1, "id": "a"}', "damaged"),
        (b"[" * 100_000, "not valid JSON"),
    ],
)
def test_a_file_that_is_no_document_is_named(tmp_path, content, why):
    path = tmp_path / "tale.json"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=why) as refused:
        Document.read(path)
    assert "tale.json" in str(refused.value)


@pytest.mark.parametrize("text", ["", "ünï 名前 😀\r\n\x00\u2028", "a" * 100_000, "\u0301"])
def test_any_text_comes_back_letter_by_letter(tmp_path, text):
    path = tmp_path / "a.json"
    made = document(text=text, pieces=(), passages=())
    path.write_bytes(made.to_bytes())
    assert Document.read(path).text == text


def test_a_passage_is_found_by_its_number():
    made = document(passages=(passage("a", number=3), passage("b", number=7)))
    found = made.passage(7)
    assert found is not None
    assert found.text == "b"
    assert made.passage(1) is None


def test_an_empty_document_is_nobodys():
    made = document(text="", pieces=())
    assert made.model_share() == 0.0
    assert made.head.words == 0


@pytest.mark.parametrize("length", [59, 60, 61, 200])
def test_titles_are_never_too_long(length):
    for text in ("x" * length, "word " * (length // 5), "名" * length):
        assert len(title_of(text)) <= 61


def test_every_token_lies_where_its_letters_stand():
    tokens = ("On", "ce", " up", "on", " a", " 😀", " time")
    one = passage(*tokens)
    for start in range(len(one.text)):
        for end in range(start + 1, len(one.text) + 1):
            (found,) = aligned(one, [one.text[start:end]])
            assert found[0][0] == 0
            assert found[-1][1] == end - start
            assert all(a[1] == b[0] for a, b in itertools.pairwise(found))


def test_an_empty_part_has_no_tokens():
    assert aligned(passage("a", "b"), ["", "b"])[0] == []
    assert aligned(passage(), ["a"]) == [[]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "one",
        " two words\n",
        "a\u00a0b\u3000c\u2028d",
        "naïve 🙂 x\x1cy\x85z",
        "\ud800 half",
    ],
)
def test_words_are_counted_as_split_would(text):
    assert words_in(text) == len(text.split())


def test_every_blank_parts_words():
    blanks = [chr(code) for code in range(0x110000) if chr(code).isspace()]
    assert all(words_in(f"a{blank}b") == 2 for blank in blanks)
