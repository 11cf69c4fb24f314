"""A text that grows: what is told, what is held back, where it stops."""

import pytest

from genstudio.core.writing import BY_END, BY_LENGTH, BY_STOP
from genstudio.engine.growing import Growing
from genstudio.engine.vocabulary import Vocabulary
from genstudio.media import tokens

WORDS = Vocabulary(tokens.train("bytes", [], 300))


def grow(text: str, stops=(), skip: int = 0) -> tuple[Growing, list[str], list[dict]]:
    """The draft after all bytes of `text`, what each told, and all entries."""
    draft = Growing(WORDS, stops, skip)
    told, entries = [], []
    for token in WORDS.tokenizer.encode(text):
        if draft.ended:
            break
        piece = draft.take(token, 0.5, [["x", 0.5]])
        told.append(piece.text)
        entries += piece.tokens
    if not draft.ended:
        piece = draft.end(BY_LENGTH)
        told.append(piece.text)
        entries += piece.tokens
    return draft, told, entries


def test_plain_text_is_told_at_once():
    draft, told, entries = grow("abc")
    assert told == ["a", "b", "c", ""]
    assert (draft.text, draft.count, draft.ended) == ("abc", 3, BY_LENGTH)
    assert entries[1] == {"t": "b", "p": 0.5, "top": [["x", 0.5]]}


def test_bytes_of_a_character_are_one_entry_with_their_chances_multiplied():
    draft, told, entries = grow("aü😀")
    assert told == ["a", "", "ü", "", "", "", "😀", ""]
    assert [entry["t"] for entry in entries] == ["a", "ü", "😀"]
    assert [entry["p"] for entry in entries] == [0.5, 0.25, 0.0625]
    assert draft.count == 7


def test_an_unfinished_character_is_told_as_such_at_the_end():
    draft = Growing(WORDS)
    draft.take(WORDS.tokenizer.encode("ü")[0])
    assert draft.end(BY_LENGTH).text == "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("text", "stops", "kept"),
    [
        ("one two three", ["two"], "one "),
        ("one two three", ["three", "ne"], "o"),
        ("aaab", ["aab"], "a"),
        ("x\n\ny", ["\n\n"], "x"),
        ("abcabd", ["abd"], "abc"),
        ("süß", ["ß"], "sü"),
        ("nothing of it", ["zz", ""], "nothing of it"),
    ],
)
def test_stop_texts_end_it_and_are_left_out(text, stops, kept):
    draft, told, entries = grow(text, stops)
    assert draft.text == "".join(told) == kept
    assert "".join(entry["t"] for entry in entries) == kept
    assert draft.ended == (BY_LENGTH if kept == text else BY_STOP)


def test_what_may_become_a_stop_text_waits():
    _, told, _ = grow("abcabd!", ["abx"])
    assert told == ["", "", "abc", "", "", "abd", "!", ""]


def test_the_end_token_tells_what_waited():
    draft = Growing(WORDS, ["ab"])
    assert draft.take(WORDS.tokenizer.encode("a")[0]).text == ""
    assert draft.take(0).text == "a"
    assert draft.ended == BY_END


def test_what_belongs_to_the_prompt_is_skipped():
    draft, told, entries = grow("the end", skip=4)
    assert draft.text == "".join(told) == "end"
    assert [entry["t"] for entry in entries] == ["e", "n", "d"]
