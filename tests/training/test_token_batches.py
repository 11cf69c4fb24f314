"""Batches of tokens: all are told, in an order of the seed's; classes, gaps, held-out text."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genstudio.core.errors import BadInput
from genstudio.media import tokens
from genstudio.training import token_batches
from genstudio.training.token_batches import TokenBatches, Tokens, Windows

BYTES = tokens.train("bytes", [], 0, ("tales", "poems"))
PLAIN = tokens.train("bytes", [], 0)
FIRST = len(BYTES.specials)
END, PREFIX, SUFFIX, MIDDLE, TALES, POEMS = range(6)


def data(
    *texts: str,
    labels: tuple[int, ...] = (),
    context: int = 8,
    drop: float = 0.0,
    fill: float = 0.0,
) -> Tokens:
    kind = BYTES if labels else PLAIN
    made = tuple(np.array(kind.encode(text), np.int32) for text in texts)
    classes = ("tales", "poems") if labels else ()
    return Tokens(made, kind, Windows(context, drop, fill), labels, classes)


def text(row: torch.Tensor, kind: tokens.Tokenizer = PLAIN) -> str:
    """A row in words; # is END, others by their first letter."""
    marks = {END: "#", PREFIX: "<", SUFFIX: "|", MIDDLE: ">", TALES: "T", POEMS: "P"}
    specials = len(kind.specials)
    return "".join(marks[t] if t < specials else kind.decode([t]) for t in row.tolist())


LONG = "".join(chr(ord("a") + i % 26) + str(i % 10) for i in range(100))


@pytest.fixture(autouse=True)
def _without_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_batches, "_BEGUN", 0.0)


def test_an_epoch_tells_everything_once() -> None:
    batches = TokenBatches(data(LONG), None, 4, seed=3)
    windows = batches.count
    assert windows == 200 // 8
    rows = torch.cat([batches.draw(n).tokens for n in range(windows // 4 + 1)])[:windows]
    assert rows.shape == (windows, 9)
    assert rows.dtype == torch.int64
    joined = sorted("".join(text(row[1:]) for row in rows))
    ring = sorted(LONG + "#")
    assert len(joined) == len(ring) - 1
    assert not set(joined) - set(ring)
    assert len({text(row) for row in rows}) == windows


def test_the_end_joins_the_beginning() -> None:
    batches = TokenBatches(data(LONG), None, 25, seed=3)
    rows = [text(row) for row in batches.draw(0).tokens]
    assert all(row in LONG + "#" + LONG for row in rows)
    assert any("#" in row[:-1] for row in rows)


def test_epochs_cut_elsewhere_and_come_in_another_order() -> None:
    batches = TokenBatches(data(LONG), None, 25, seed=3)
    first, second = ({text(row) for row in batches.draw(n).tokens} for n in (0, 1))
    assert first != second
    again = TokenBatches(data(LONG), None, 25, seed=3).draw(1).tokens
    assert torch.equal(again, batches.draw(1).tokens)
    assert not torch.equal(again, TokenBatches(data(LONG), None, 25, seed=4).draw(1).tokens)


def test_shards_are_pieces_of_the_whole() -> None:
    made = data(LONG, LONG[::-1], labels=(0, 1), drop=0.5, fill=0.5, context=30)
    alone = TokenBatches(made, None, 6, seed=1)
    parts = TokenBatches(made, None, 6, seed=1, shards=3)
    assert parts.size == 2
    whole = alone.draw(5)
    for name in ("tokens", "weight"):
        pieces = torch.cat([getattr(parts.shard(5, n), name) for n in range(3)])
        assert torch.equal(pieces, getattr(whole, name))


def test_without_classes_all_tokens_count_alike() -> None:
    batch = TokenBatches(data("one two", "three"), None, 3, seed=0).draw(0)
    assert batch.weight is None
    assert batch.size == 3
    assert [part.size for part in batch.split(2)] == [2, 1]


def test_documents_begin_with_their_class_and_so_do_windows_inside() -> None:
    made = data("A" * 30, "b" * 30, labels=(0, 1))
    batches = TokenBatches(made, None, batches_of := 7, seed=2)
    assert batches.count == batches_of
    for row, weight in zip(batches.draw(0).tokens, batches.draw(0).weight, strict=True):
        words = text(row, BYTES)
        kind = "T" if words.lstrip("#TP")[:1] == "A" else "P"
        assert words.lstrip("#")[0] == kind
        told = [int(t) not in (TALES, POEMS) for t in row[1:]]
        assert weight.tolist() == [float(t) for t in told]


def test_a_hidden_class_is_the_end_of_what_stood_before() -> None:
    made = data("A" * 30, "b" * 30, labels=(0, 1), drop=1.0)
    batch = TokenBatches(made, None, 7, seed=2).draw(0)
    assert not torch.isin(batch.tokens, torch.tensor([TALES, POEMS])).any()
    assert (batch.tokens[:, 0] == END).all()
    shown = TokenBatches(made, None, 7, seed=2).draw(0).weight
    assert shown is not None
    assert float(shown.sum()) >= 7 * 8 - 2  # nobody has to tell where a class stood


def test_a_document_without_a_class_begins_with_an_end() -> None:
    made = data("A" * 30, "b" * 30, labels=(-1, 1))
    rows = [text(row, BYTES) for row in TokenBatches(made, None, 7, seed=2).draw(0).tokens]
    assert any(row.startswith("#AAA") for row in rows)
    assert not any("T" in row for row in rows)


def test_some_windows_without_classes_begin_with_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_batches, "_BEGUN", 0.5)
    batches = TokenBatches(data(LONG), None, 200, seed=2)
    begun = int((batches.draw(0).tokens[:, 0] == END).sum())
    assert 60 < begun < 140
    assert not (TokenBatches(data(LONG), data(LONG), 2, 2).shown(5).tokens == END).any()


@pytest.mark.parametrize("context", [30, 100])
def test_gaps_keep_every_letter_but_the_last_few(context: int) -> None:
    made = data(LONG, context=context, fill=1.0)
    plain = TokenBatches(data(LONG, context=context), None, 40, seed=5).draw(0).tokens
    cuts = set()
    for row, whole in zip(TokenBatches(made, None, 40, seed=5).draw(0).tokens, plain, strict=True):
        words, before = text(row), text(whole)
        assert len(words) == len(before)
        start, stop = words.index("<"), words.rindex("#") if before[-1] != "#" else len(words)
        head, piece = words[:start], words[start:stop].split("#")[0]
        front, rest = piece[1:].split("|")
        back, middle = rest.split(">")
        cuts.add((len(front), len(middle)))
        assert head + front + middle + back in before
    assert len(cuts) > 20


def test_a_gap_inside_a_document_that_ends_here_needs_no_second_end() -> None:
    made = data("abcdefghijklmnopqrstuvwxyz", context=26, fill=1.0)
    ring = token_batches._Ring(made)
    row = ring.cut(np.array([0]))[0]
    assert text(torch.tensor(row)) == "abcdefghijklmnopqrstuvwxyz#"
    assert text(torch.tensor(ring.with_gap(row, 0.25, 0.5))) == "<abcdef|mnopqrstuvw>ghijkl#"
    assert text(torch.tensor(ring.with_gap(row, 0.5, 0.25))) == "<abcdef|mnopqrstuvw>ghijkl#"


def test_the_gap_is_cut_into_the_longest_piece_and_never_over_a_class() -> None:
    made = data("a" * 5, "b" * 40, labels=(0, 1), context=30, fill=1.0)
    row = token_batches._Ring(made).cut(np.array([0]))[0]
    gapped = token_batches._Ring(made).with_gap(row, 0.3, 0.6)
    assert text(torch.tensor(row), BYTES) == "TaaaaaAAA".replace("A", "") + "#P" + "b" * 23
    assert text(torch.tensor(gapped), BYTES) == "Taaaaa#P<bbbbbb|bbbbbbb>bbbbbb#"


def test_short_pieces_stay_whole() -> None:
    made = data(*["abcdefg"] * 8, context=30, fill=1.0)
    assert PREFIX not in TokenBatches(made, None, 8, seed=5).draw(0).tokens


def test_held_out_text_comes_whole_and_in_order() -> None:
    held = data(LONG, labels=(1,), drop=1.0, fill=1.0, context=20)
    batches = TokenBatches(held, held, 2, seed=0)
    assert batches.held_count == 201 // 20
    rows = torch.cat([batch.tokens for batch in batches.held_out()])
    assert rows.shape == (10, 21)
    assert "".join(text(row[1:], BYTES) for row in rows) == LONG[:200]
    assert text(rows[0], BYTES)[0] == "P"
    assert (rows[:, 0] == POEMS).all()


def test_a_great_deal_of_held_out_text_is_only_looked_at_here_and_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(token_batches, "VALID_TOKENS", 48)
    monkeypatch.setattr(token_batches, "VALID_BATCH", 16)
    batches = TokenBatches(data(LONG), data(LONG), 2, seed=0)
    found = [text(row) for batch in batches.held_out() for row in batch.tokens]
    assert [batch.size for batch in batches.held_out()] == [2, 2, 2]
    assert found[0] == LONG[:9]
    assert len(set(found)) == 6
    assert found[-1] == (LONG + "#")[192:201]


def test_shown_ones_are_the_same_and_differ_among_each_other() -> None:
    batches = TokenBatches(data("x" * 99), data(LONG), 2, seed=0)
    shown = batches.shown(4).tokens
    assert torch.equal(shown, batches.shown(4).tokens)
    assert len({text(row) for row in shown}) == 4
    assert text(shown[0]) == LONG[:9]
    assert TokenBatches(data("x" * 99), None, 2, seed=0).shown(40).size == 40


def test_a_text_shorter_than_a_window_is_one_window() -> None:
    batches = TokenBatches(data("short", context=64), data("ab", context=64), 3, seed=0)
    assert (batches.count, batches.held_count) == (1, 1)
    assert batches.draw(0).tokens.shape == (3, 6)
    (held,) = batches.held_out()
    assert text(held.tokens[0]) == "ab#"


@pytest.mark.parametrize("texts", [(), ("",)])
def test_there_must_be_text(texts: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match="no text"):
        TokenBatches(data(*texts), None, 3, seed=0)


def test_nothing_held_out() -> None:
    batches = TokenBatches(data(LONG), data(""), 3, seed=0)
    assert batches.held_count == 0
    assert list(batches.held_out()) == []


def test_amounts() -> None:
    made = data("abc", "defgh")
    assert (made.count, made.total) == (2, 8)
