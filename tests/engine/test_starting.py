"""From a text of the user to the tokens a model goes on from."""

import pytest

from genstudio.core.errors import UsageError
from genstudio.engine import starting
from genstudio.engine.ask import Ask
from genstudio.media import tokens
from tests.helpers import writers

LETTERS = "abcdefghijklmnopqrstuvwxyz .\n"


@pytest.fixture(scope="module")
def letters() -> tokens.Tokenizer:
    return tokens.train("chars", [LETTERS], 60, ("tales", "news"))


@pytest.fixture(scope="module")
def pieces() -> tokens.Tokenizer:
    return tokens.train("bpe", ["the cat then there the hat and then the end " * 30], 330)


def go_on(tokenizer, text: str, context: int = 64, config=None, **values):
    model = writers.model(tokenizer, **(config or {}))
    return starting.to_continue(model, Ask({"prompt": text, **values}), context)


def test_a_whole_text_begins_behind_the_end_of_another(letters):
    start = go_on(letters, "abc", length=10)
    assert start.tokens == [0, *letters.encode("abc")]
    assert (start.head, start.before, start.tail) == ((), "abc", b"abc")
    assert go_on(letters, "").tokens == [0]


def test_a_class_stands_in_front_and_stays(letters):
    start = go_on(letters, "abc", **{"class": "news", "length": 10})
    assert start.head == (letters.special(tokens.class_token("news")),)
    assert start.tokens == letters.encode("abc")
    assert go_on(letters, "", **{"class": "news"}).tokens == []


def test_a_hidden_class_is_the_end_of_another_text(letters):
    start = go_on(letters, "abc", config={"class_names": ["tales", "news"]}, **{"class": "any"})
    assert (start.head, start.tokens) == ((0,), letters.encode("abc"))


def test_a_long_text_leaves_room_for_what_is_written(letters):
    text = "abcdefgh" * 30
    assert go_on(letters, text, length=10).tokens == letters.encode(text)[-54:]
    assert go_on(letters, text, length=1000).tokens == letters.encode(text)[-32:]


def test_a_model_without_an_end_reads_so_much_and_no_more(letters):
    text = "abcdefgh" * 1000
    start = go_on(letters, text, context=10**9, length=48)
    assert len(start.tokens) == starting.READ - 48
    wide = go_on(letters, text, context=10**9, config={"context": 4000}, length=400)
    assert len(wide.tokens) == 3600


def test_characters_without_a_token_are_told(letters):
    assert go_on(letters, "aÄb€").unknown == tuple(letters.unknown("aÄb€"))
    assert "€" in go_on(letters, "aÄb€").unknown


def test_a_broken_off_word_may_be_written_otherwise(pieces):
    start = go_on(pieces, "and the")
    last = pieces.piece(pieces.encode("and the")[-1])
    assert start.forced == last
    assert start.tokens == [0, *pieces.encode("and the")[:-1]]
    assert start.skip == len(last.decode())
    assert start.tail == b"and the".removesuffix(last)


def test_tokens_that_nothing_else_begins_like_stay(pieces):
    text = "and \n"
    assert go_on(pieces, text).forced == b""
    assert go_on(pieces, text).tokens == [0, *pieces.encode(text)]


def test_parts_of_a_character_are_not_taken_off(pieces):
    start = go_on(pieces, "the 😀")
    assert start.forced == b""


def fill(tokenizer, before: str, after: str, context: int = 64, **values):
    model = writers.model(tokenizer, fim=True)
    return starting.to_fill(model, Ask({"before": before, "after": after, **values}), context)


def test_a_gap_stands_behind_both_of_its_sides(letters):
    start = fill(letters, "abc", "xyz", length=10)
    assert start.head == (0,)
    prefix, suffix, middle = (
        letters.special(name) for name in (tokens.PREFIX, tokens.SUFFIX, tokens.MIDDLE)
    )
    first, second = letters.encode("abc"), letters.encode("xyz")
    assert start.tokens == [prefix, *first, suffix, *second, middle]
    assert (start.before, start.after, start.tail, start.room) == ("abc", "xyz", b"abc", 10)


def test_a_space_before_a_gap_is_brought_by_what_fills_it(pieces, letters):
    start, plain = fill(pieces, "the ", " hat"), fill(pieces, "the", " hat")
    assert start.tokens == plain.tokens
    assert (start.forced, start.skip, start.before) == (b" ", 1, "the ")
    assert (start.tail, plain.forced) == (b"the", b"")
    assert fill(letters, "abc ", "x").forced == b"", "characters are whole pieces"


@pytest.mark.parametrize(("before", "after"), [(200, 200), (200, 5), (5, 200), (0, 300)])
def test_the_sides_of_a_gap_share_what_fits(letters, before, after):
    start = fill(letters, "ab" * before, "yz" * after, length=20)
    room = 64 - 20 - 1 - 3
    assert len(start.tokens) == room + 3
    split = start.tokens.index(letters.special(tokens.SUFFIX))
    first, second = start.tokens[1:split], start.tokens[split + 1 : -1]
    assert first == letters.encode("ab" * before)[-len(first) :] or not first
    assert second == letters.encode("yz" * after)[: len(second)]
    assert len(first) == min(2 * before, room - len(second))
    assert len(second) >= min(2 * after, room // 3)


def test_a_class_comes_before_the_gap(letters):
    start = fill(letters, "a", "b", **{"class": "tales", "length": 5})
    assert start.head == (letters.special(tokens.class_token("tales")),)


def test_a_context_that_is_too_small_says_so(letters):
    with pytest.raises(UsageError, match="too little"):
        fill(letters, "a", "b", context=6, length=3)
