"""Text as tokens: there and back, whatever it holds; files of tokenizers good and bad."""

from __future__ import annotations

import json

import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.media import tokens

LINES = ["The cat sat on the mat.\n", "The dog sat on the log.\n", "naïve café — “so” 猫 😀\n"] * 5
WILD = "Zürich\t\r\n  \n\n“猫” 👩‍👩‍👧 العربية \x00\u2028 def f(x):\n        return x  \n"
END = tokens.END


def made(kind: tokens.Kind, classes: tuple[str, ...] = ()) -> tokens.Tokenizer:
    return tokens.train(kind, LINES, 300, classes)


@pytest.mark.parametrize("kind", tokens.KINDS)
def test_its_own_texts_come_back(kind: tokens.Kind) -> None:
    tokenizer = made(kind)
    for line in LINES[:3]:
        assert tokenizer.decode(tokenizer.encode(line)) == line
    assert tokenizer.kind == kind
    assert tokenizer.encode("") == []
    assert tokenizer.unknown("".join(LINES)) == []


@pytest.mark.parametrize("kind", ["bytes", "bpe"])
def test_any_text_comes_back(kind: tokens.Kind) -> None:
    tokenizer = made(kind)
    assert tokenizer.decode(tokenizer.encode(WILD)) == WILD
    assert tokenizer.unknown(WILD) == []


@pytest.mark.parametrize("kind", tokens.KINDS)
def test_read_gives_what_was_written(kind: tokens.Kind) -> None:
    tokenizer = made(kind, ("tales", "poems"))
    again = tokens.read(tokenizer.to_bytes())
    assert again.to_bytes() == tokenizer.to_bytes()
    assert (again.kind, again.size, again.specials) == (
        tokenizer.kind, tokenizer.size, tokenizer.specials,
    )  # fmt: skip
    assert again.encode(LINES[0] + LINES[2]) == tokenizer.encode(LINES[0] + LINES[2])


@pytest.mark.parametrize("kind", tokens.KINDS)
def test_specials_come_first_and_never_out_of_text(kind: tokens.Kind) -> None:
    tokenizer = made(kind, ("tales",))
    assert tokenizer.specials == (
        END, tokens.PREFIX, tokens.SUFFIX, tokens.MIDDLE, "<|class:tales|>",
    )  # fmt: skip
    assert tokenizer.special(END) == 0
    assert tokenizer.special(tokens.class_token("tales")) == 4
    assert tokenizer.special("<|class:novels|>") is None
    assert tokenizer.piece(4) == b""
    ids = tokenizer.encode(f"{END} The cat <|class:tales|>")
    assert min(ids) >= len(tokenizer.specials)
    assert tokenizer.decode([0, *tokenizer.encode("The cat"), 0]) == "The cat"


@pytest.mark.parametrize("kind", tokens.KINDS)
def test_lone_surrogates_do_no_harm(kind: tokens.Kind) -> None:
    tokenizer = tokens.train(kind, ["what? \udc80"], 300)
    assert tokenizer.decode(tokenizer.encode("so\udcff?")).endswith("?")


def test_the_same_texts_give_the_same_tokenizer() -> None:
    assert made("bpe").to_bytes() == made("bpe").to_bytes()


def test_pieces_are_words_and_fewer_than_letters() -> None:
    tokenizer = made("bpe")
    ids = tokenizer.encode(LINES[0])
    assert len(ids) < len(LINES[0])
    assert b" sat" in {tokenizer.piece(token) for token in ids}
    assert b"".join(map(tokenizer.piece, ids)).decode() == LINES[0]


def test_the_size_is_the_most_there_are() -> None:
    assert tokens.train("bpe", LINES, 262).size == 262
    assert tokens.train("chars", LINES, 12).size == 12
    assert tokens.train("bytes", [], 0).size == 260
    few = tokens.train("chars", ["abab"], 100)
    assert few.size == 6


def test_the_rarest_characters_are_left_out() -> None:
    tokenizer = tokens.train("chars", ["aaabbbccd"], 7)
    assert tokenizer.decode(tokenizer.encode("abcd")) == "abc"
    assert tokenizer.unknown("abcdde") == ["d", "e"]


def test_characters_are_written_with_those_that_are_known() -> None:
    tokenizer = tokens.train("chars", ["cafe 'so' -.\n"], 100)
    assert tokenizer.decode(tokenizer.encode("café ‘so’ – …\r\n")) == "cafe 'so' - ...\n"
    assert tokenizer.unknown("café ‘so’ – …\r\n") == []
    assert tokenizer.decode(tokenizer.encode("c\u00a0f")) == "c f"
    assert tokenizer.unknown("“猫猫”") == ["“", "猫", "”"]


def test_a_character_comes_with_its_last_byte() -> None:
    tokenizer = made("bytes")
    stream = tokens.Stream(tokenizer)
    assert [stream.feed(token) for token in tokenizer.encode("é猫!")] == [
        "",
        "é",
        "",
        "",
        "猫",
        "!",
    ]
    assert stream.end() == ""


def test_an_unfinished_character_is_told_at_the_end() -> None:
    tokenizer = made("bytes")
    stream = tokens.Stream(tokenizer)
    first, second, *_ = tokenizer.encode("猫")
    assert stream.feed(first) + stream.feed(0) + stream.feed(second) == ""
    assert stream.end() == "\ufffd"
    assert tokenizer.decode([first]) == "\ufffd"


def test_there_are_no_tokens_outside() -> None:
    tokenizer = made("bytes")
    for token in (-1, tokenizer.size):
        with pytest.raises(BadInput, match=f"no token {token}"):
            tokenizer.piece(token)


@pytest.mark.parametrize(
    ("kind", "size", "classes"),
    [("bpe", 200, ()), ("chars", 4, ()), ("bpe", 10**9, ()), ("bytes", 0, ("a", "a"))],
)
def test_sizes_and_classes_that_do_not_fit(
    kind: tokens.Kind, size: int, classes: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError):
        tokens.train(kind, LINES, size, classes)


SPECIALS = [END, tokens.PREFIX, tokens.SUFFIX, tokens.MIDDLE]


@pytest.mark.parametrize(
    "told",
    [
        [],
        {"format": 2, "kind": "bytes", "specials": SPECIALS},
        {"format": 1, "kind": "words", "specials": SPECIALS},
        {"format": 1, "kind": "bytes", "specials": []},
        {"format": 1, "kind": "bytes", "specials": ["a"]},
        {"format": 1, "kind": "bytes", "specials": [END, END]},
        {"format": 1, "kind": "bytes", "specials": [END, 3]},
        {"format": 1, "kind": "bytes", "specials": "<|end|>"},
        {"format": 1, "kind": "chars", "specials": SPECIALS, "characters": "aba"},
        {"format": 1, "kind": "chars", "specials": SPECIALS, "characters": ["a"]},
        {"format": 1, "kind": "chars", "specials": SPECIALS, "characters": "\ud800"},
        {"format": 1, "kind": "chars", "specials": SPECIALS},
        {"format": 1, "kind": "bpe", "specials": SPECIALS},
        {"format": 1, "kind": "bpe", "specials": SPECIALS, "merges": ["ab c"]},
        {"format": 1, "kind": "bpe", "specials": SPECIALS, "merges": ["a b c"]},
        {"format": 1, "kind": "bpe", "specials": SPECIALS, "merges": [["a", "b"]]},
        {"format": 1, "kind": "bpe", "specials": SPECIALS,
         "merges": [f"{'a' * 2**i} {'a' * 2**i}" for i in range(20)]},
    ],
)  # fmt: skip
def test_files_that_are_no_tokenizer(told: object) -> None:
    with pytest.raises(BadInput, match="no tokenizer that can be used"):
        tokens.read(json.dumps(told).encode())


@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 100_000, b" " * (tokens.MAX_BYTES + 1)])
def test_bytes_that_are_no_tokenizer(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"^tokenizer\.json"):
        tokens.read(data)
