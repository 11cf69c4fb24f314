"""Byte pairs: the pieces of parts are those of the whole, the numbers those of the library."""

from __future__ import annotations

import pytest
from tokenizers import models, trainers

from genstudio.media import byte_pairs

TEXT = "The cat sat on the mat.\n\n  The dog,\tnaïve, sat  \non the log 😀.\n" * 40


def test_every_byte_has_a_letter_of_its_own() -> None:
    assert set(byte_pairs.LETTERS) == set(range(256))
    assert len(set(byte_pairs.LETTERS.values())) == 256
    assert byte_pairs.LETTERS[ord(" ")] == "Ġ"


def test_parts_give_the_pieces_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = byte_pairs.Pairs(byte_pairs.learn([TEXT], 320))
    whole = pairs.cut(TEXT)
    monkeypatch.setattr(byte_pairs, "_STRETCH", 10)
    assert len(list(byte_pairs._stretches(TEXT))) > 50
    assert "".join(byte_pairs._stretches(TEXT)) == TEXT
    assert pairs.cut(TEXT) == whole


def test_a_text_without_lines_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_pairs, "_STRETCH", 10)
    assert list(byte_pairs._stretches("a" * 50)) == ["a" * 50]


def test_numbers_are_those_that_the_library_gave() -> None:
    tokenizer = byte_pairs._tokenizer(models.BPE())
    letters = sorted(byte_pairs.LETTERS.values())
    tokenizer.train_from_iterator(
        [TEXT], trainers.BpeTrainer(vocab_size=320, show_progress=False, initial_alphabet=letters)
    )
    ours = byte_pairs.Pairs(byte_pairs.learn([TEXT], 320))
    theirs = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    assert len(ours.pieces) == len(theirs)
    assert ["".join(byte_pairs.LETTERS[b] for b in piece) for piece in ours.pieces] == theirs
    assert ours.cut(TEXT) == tokenizer.encode(TEXT).ids


def test_two_ways_to_one_piece_share_a_number() -> None:
    pairs = byte_pairs.Pairs(["a b", "b c", "ab c", "a bc"])
    assert pairs.pieces[256:] == [b"ab", b"bc", b"abc"]
    assert pairs.cut("abc") == [258]
