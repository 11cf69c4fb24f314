"""Texts cut into pieces and beginnings: nothing lost, nothing twice, kinds in front."""

from __future__ import annotations

import pytest

from genstudio.evaluation import text_pieces
from genstudio.evaluation.text_pieces import (
    ANSWER,
    LEAST_ANSWER,
    PIECE,
    PROMPT,
    Passage,
    openings,
    pieces,
)
from genstudio.media import tokens
from tests.evaluation.lettered import TALE


@pytest.fixture(scope="module")
def tokenizer() -> tokens.Tokenizer:
    return tokens.train("chars", [TALE + "\n"], 200, ("tales",))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_cuts_cover_a_text_once_and_end_behind_words(size: int) -> None:
    text = (TALE * 90)[:size]
    cuts = text_pieces._cuts(text)
    assert "".join(text[a:b] for a, b in cuts) == text
    assert all(text[b].isspace() for _, b in cuts[:-1])
    assert all(b - a <= PIECE for a, b in cuts)


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    assert len(text_pieces._cuts("x" * (2 * PIECE + 1))) == 3


def test_pieces_tell_every_character_and_the_end(tokenizer) -> None:
    text = TALE * 60
    found = pieces([Passage(text, "tales")], tokenizer, 10**9, 0)
    kind = tokenizer.special(tokens.class_token("tales"))
    assert [piece.first for piece in found] == [kind] * len(found)
    assert found[0].tokens[0] == kind
    assert found[-1].tokens[-1] == 0
    # In mid-text the first token of a piece is given and not told.
    assert sum(piece.characters for piece in found) == len(text) - (len(found) - 1)
    assert sum(len(piece.tokens) - 1 for piece in found) == len(text) - (len(found) - 1) + 1


def test_a_kind_that_the_model_does_not_know_is_the_end_of_another_text(tokenizer) -> None:
    (piece,) = pieces([Passage("the king", "storms")], tokenizer, 100, 0)
    assert piece.first is None
    assert piece.tokens[0] == 0
    assert piece.tokens == (0, *tokenizer.encode("the king"), 0)
    assert piece.characters == len("the king")
    assert piece.left_out == 0


def test_characters_without_a_token_are_counted(tokenizer) -> None:
    (piece,) = pieces([Passage("the 王 king 王")], tokenizer, 100, 0)
    assert piece.left_out == 2
    assert piece.characters == len("the  king ")


def test_enough_is_drawn_from_all_texts_and_by_the_seed(tokenizer) -> None:
    many = [Passage(TALE * 60, name=str(number)) for number in range(5)]
    few = pieces(many, tokenizer, 2 * PIECE, 1)
    assert 2 <= len(few) <= 3
    assert few == pieces(many, tokenizer, 2 * PIECE, 1)
    assert few != pieces(many, tokenizer, 2 * PIECE, 2)
    assert pieces([], tokenizer, 100, 0) == []
    assert pieces([Passage("\x00")], tokenizer, 100, 0) == []


def test_openings_are_followed_by_what_really_follows() -> None:
    text = TALE * 12
    found = openings([Passage(text, "tales")], 100, 0)
    assert len(found) == len(text.split()) // (PROMPT + ANSWER)
    for one in found:
        assert one.prompt + one.real in text
        assert len(one.prompt.split()) == PROMPT
        assert len(one.real.split()) == ANSWER
        assert one.label == "tales"
    assert len({one.prompt for one in openings([Passage(TALE * 12)], 2, 3)}) == 2


def test_short_texts_show_a_third_and_shorter_ones_nothing() -> None:
    said = TALE.split()[: 2 * LEAST_ANSWER + 6]
    (one,) = openings([Passage(" ".join(said))], 9, 0)
    assert len(one.prompt.split()) == 10
    assert one.prompt + one.real == " ".join(said)
    assert openings([Passage(" ".join(said[: 2 * LEAST_ANSWER - 1]))], 9, 0) == []
    assert openings([], 9, 0) == []


def test_of_very_much_text_a_part_of_each_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Passage(TALE * 60, name=str(number)) for number in range(4)]
    whole = sum(len(one.text) for one in many)
    monkeypatch.setattr(text_pieces, "MOST_SEARCHED", whole // 2)
    thin = text_pieces._thinned(many, 1)
    assert [one.name for one in thin] == ["0", "1", "2", "3"]
    assert all(part.text in one.text for part, one in zip(thin, many, strict=True))
    assert sum(len(one.text) for one in thin) == pytest.approx(whole / 2, rel=0.01)
    assert len({one.text[:40] for one in thin}) > 1
    assert thin == text_pieces._thinned(many, 1)
    assert len(openings(many, 1000, 1)) < len(openings(many[:3], 1000, 1))
