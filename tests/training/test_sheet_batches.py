"""Batches of music: whole bars, every bar told, holes told last, keys moved, by seed alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genstudio.core.errors import BadInput
from genstudio.core.recipe import TrainerSettings
from genstudio.media import note_tokens
from genstudio.media.notes import NOTE, Piece, Track, notes_of
from genstudio.training import sheet_batches
from genstudio.training.feeding import amount, feed
from genstudio.training.sheet_batches import SheetBatches, Sheets
from genstudio.training.token_batches import Windows
from tests.helpers.pieces import chorale, groove

CLASSES = ("old", "new")
PLAIN = note_tokens.make(voices=4)
NAMED = note_tokens.make(CLASSES, voices=4)


def data(
    *pieces: Piece,
    labels: tuple[int, ...] = (),
    context: int = 96,
    drop: float = 0.0,
    fill: float = 0.0,
) -> Sheets:
    kind = NAMED if labels else PLAIN
    cells = tuple(kind.cells(piece) for piece in pieces)
    windows = Windows(context, drop, fill)
    return Sheets(cells, kind, windows, labels, CLASSES if labels else ())


def words(row: torch.Tensor, kind: note_tokens.NoteTokens = PLAIN) -> list[str]:
    """The names of a row's tokens; END and classes are left out."""
    return kind.decode(row.tolist()).split()


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No piece is moved, and none begins more often than by chance."""
    monkeypatch.setattr(sheet_batches, "LOWEST", 0)
    monkeypatch.setattr(sheet_batches, "HIGHEST", 0)
    monkeypatch.setattr(sheet_batches, "_BEGUN", 0.0)


@pytest.mark.usefixtures("still")
def test_windows_are_bars_of_a_piece() -> None:
    piece = chorale(12, 2, 1)
    made = data(piece)
    batches = SheetBatches(made, None, 8, seed=1)
    (cells,) = made.pieces
    wholes = [PLAIN.window(cells, bar)[:90] for bar in range(cells.bars)]
    for row in batches.draw(0).tokens.tolist():
        assert row[0] == 0
        assert any(row[1:91] == whole for whole in wholes)


@pytest.mark.usefixtures("still")
def test_every_bar_is_told_in_an_epoch() -> None:
    pieces = [chorale(20, 2, 1), chorale(3, 2, 2), chorale(9, 2, 3)]
    made = data(*pieces)
    batches = SheetBatches(made, None, 1, seed=1)
    seen = {
        tuple(bar)
        for number in range(3 * batches.count)
        for bar in _bars(batches.draw(number).tokens[0])
    }
    for cells in made.pieces:
        for bar in _bars(torch.tensor(PLAIN.window(cells))):
            assert tuple(bar) in seen


def _bars(row: torch.Tensor) -> list[list[int]]:
    """The tokens of each bar of a row."""
    mark, found = PLAIN.table.token("Bar"), []
    for token in row.tolist():
        if token == mark:
            found.append([])
        elif found and token:
            found[-1].append(token)
    return found


def test_the_same_by_seed_and_number() -> None:
    made = data(chorale(30, 3, 1), chorale(5, 3, 2), fill=0.5)
    first, again = SheetBatches(made, None, 6, seed=1), SheetBatches(made, None, 6, seed=1)
    assert torch.equal(first.draw(5).tokens, again.draw(5).tokens)
    assert torch.equal(first.draw(5).weight, again.draw(5).weight)
    assert not torch.equal(first.draw(5).tokens, first.draw(6).tokens)
    assert not torch.equal(first.draw(5).tokens, SheetBatches(made, None, 6, seed=2).draw(5).tokens)
    several = SheetBatches(made, None, 6, seed=1, shards=3)
    parts = [several.shard(5, shard).tokens for shard in range(3)]
    assert torch.equal(torch.cat(parts), first.draw(5).tokens)


def test_rows_have_one_size_and_padding_counts_nothing() -> None:
    batches = SheetBatches(data(chorale(2, 1, 1), chorale(40, 4, 2), context=128), None, 16, seed=1)
    batch = batches.draw(0)
    assert batch.tokens.shape == (16, 129)
    assert batch.weight.shape == (16, 128)
    assert batch.tokens.dtype == torch.int64
    for row, weight in zip(batch.tokens.tolist(), batch.weight.tolist(), strict=True):
        assert row[0] == 0
        end = max(place for place, token in enumerate(row) if token)
        behind = weight[end + 1 :]
        assert not any(behind)  # padding; END itself stands at `end`
        assert all(weight[: end - 1])


def test_a_piece_that_ends_is_told_to_end() -> None:
    batch = SheetBatches(data(chorale(2, 1, 1), context=128), None, 1, seed=1).draw(0)
    row, weight = batch.tokens[0].tolist(), batch.weight[0].tolist()
    last = max(place for place, token in enumerate(row) if token)
    assert row[last + 1] == 0
    assert weight[last] == 1.0
    assert weight[last + 1] == 0.0


def test_classes_stand_first_or_are_hidden() -> None:
    pieces = [chorale(12, 2, n) for n in range(4)]
    firsts = {}
    for drop in (0.0, 0.5, 1.0):
        made = data(*pieces, labels=(0, 1, 0, -1), drop=drop)
        rows = SheetBatches(made, None, 64, seed=1).draw(0).tokens
        firsts[drop] = set(rows[:, 0].tolist())
    old, new = (NAMED.special(f"<|class:{name}|>") for name in CLASSES)
    assert firsts[0.0] == {0, old, new}
    assert firsts[0.5] == {0, old, new}
    assert firsts[1.0] == {0}


def test_holes_are_told_last_and_give_the_piece_back() -> None:
    piece = chorale(4, 3, 1)
    made = data(piece, fill=1.0, context=400)
    batches = SheetBatches(made, None, 12, seed=1)
    bar = PLAIN.table.token("Bar")
    for row, weight in zip(*(t.tolist() for t in _both(batches.draw(0))), strict=True):
        names = words(torch.tensor(row))
        holes = [name for name in names if name.startswith("Hole")]
        assert holes
        assert len(holes) % 2 == 0
        assert names.count("Next") == len(holes) // 2
        assert row.count(bar) == made.pieces[0].bars
        grammar = PLAIN.grammar()
        events = [e for token in row[1:] if token and (e := grammar.feed(token)) is not None]
        assert len(events) == len(piece.notes)
        given = {
            place
            for place, token in enumerate(row[1:])
            if PLAIN.table.kind_of(token) == "Hole" and token
        }
        assert not any(weight[place] for place in given)


def _both(batch):
    return batch.tokens, batch.weight


def test_what_is_given_does_not_count() -> None:
    batches = SheetBatches(data(chorale(3, 2, 1), fill=1.0, context=300), None, 4, seed=1)
    batch = batches.draw(0)
    table = PLAIN.table
    for row, weight in zip(batch.tokens.tolist(), batch.weight.tolist(), strict=True):
        kinds = [table.kind_of(token) for token in row]
        middle = row.index(PLAIN.special("<|middle|>"))
        for place, kind in enumerate(kinds[1:], 1):
            counts = weight[place - 1]
            if kind == "Hole":
                assert not counts
                asked = place + 1 if place > middle else place - 1
                assert kinds[asked] == "Track"
                assert not weight[asked - 1]
            elif kind in ("Pitch", "Dur", "Pos", "Next", "Bar"):
                assert counts


def test_long_bars_are_told_without_holes() -> None:
    rows = [(n * 40, 40, 40 + n % 40, 80, 0) for n in range(48)]
    piece = Piece(notes_of(rows), (Track(),))
    batches = SheetBatches(data(piece, context=32, fill=1.0), None, 4, seed=1)
    rows_ = batches.draw(0).tokens
    assert rows_.shape == (4, 33)
    assert all("Hole" not in " ".join(words(row)) for row in rows_)


def test_pieces_come_in_all_keys_and_stay_themselves() -> None:
    piece = chorale(2, 2, 1)
    batches = SheetBatches(data(piece, context=256), None, 64, seed=1)
    pitches = piece.notes["pitch"].astype(int)
    found = set()
    for row in batches.draw(0).tokens:
        told = PLAIN.decode_piece([token for token in row.tolist() if token])
        shift = int(told.notes["pitch"].min()) - int(pitches.min())
        found.add(shift)
        assert np.array_equal(told.notes["pitch"], pitches + shift)
        assert told.key_at(0) == piece.transposed(shift).key_at(0)
    assert found == set(range(-5, 7))


def test_notes_stay_within_the_range_and_drums_where_they_are() -> None:
    high = Piece(notes_of([(0, 480, 125, 80, 0), (480, 480, 2, 80, 0)]), (Track(),))
    batches = SheetBatches(data(high), None, 32, seed=1)
    pitches = {
        tuple(PLAIN.decode_piece(row.tolist()).notes["pitch"].tolist())
        for row in batches.draw(0).tokens
    }
    assert pitches == {(125 + n, 2 + n) for n in range(-2, 3)}
    kind = note_tokens.make(voices=1, drums="only", velocities=4, timing=4)
    cells = kind.cells(groove(2))
    drums = Sheets((cells,), kind, Windows(400), (), ())
    row = SheetBatches(drums, None, 1, seed=1).draw(0).tokens[0].tolist()
    told = kind.decode_piece([token for token in row if token])
    assert sorted(set(told.notes["pitch"].tolist())) == [36, 38, 42]


def test_held_out_bars_are_told_once_in_their_key() -> None:
    held = data(chorale(30, 3, 1), chorale(3, 3, 2), labels=(0, 1), context=80)
    batches = SheetBatches(held, held, 4, seed=1)
    rows = [row for batch in batches.held_out() for row in batch.tokens]
    assert len(rows) == batches.held_count
    bar = NAMED.table.token("Bar")
    assert sum(row.tolist().count(bar) for row in rows) == sum(c.bars for c in held.pieces)
    joined = [t for row in rows for t in row.tolist() if NAMED.table.kind_of(t) == "Pitch"]
    whole = [
        token
        for cells in held.pieces
        for token in NAMED.window(cells)
        if NAMED.table.kind_of(token) == "Pitch"
    ]
    assert joined == whole


def test_of_much_held_out_some_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_batches, "VALID_TOKENS", 300)
    held = data(chorale(60, 3, 1), context=100)
    batches = SheetBatches(held, held, 4, seed=1)
    rows = sum(batch.size for batch in batches.held_out())
    assert rows == 3 < batches.held_count


def test_samples_show_beginnings_of_held_out_pieces() -> None:
    train, held = data(chorale(9, 2, 1)), data(chorale(9, 2, 2), chorale(9, 2, 3))
    shown = SheetBatches(train, held, 4, seed=1).shown(4)
    assert shown.size == 4
    for place, row in enumerate(shown.tokens.tolist()):
        assert row[1:60] == PLAIN.window(held.pieces[place % 2])[:59]
    alone = SheetBatches(train, None, 4, seed=1)
    assert alone.held_count == 0
    assert not list(alone.held_out())
    assert alone.shown(1).tokens[0].tolist()[1:50] == PLAIN.window(train.pieces[0])[:49]


def test_silence_is_refused() -> None:
    with pytest.raises(BadInput, match="no music"):
        SheetBatches(Sheets((), PLAIN, Windows(16)), None, 4, seed=1)


def test_how_much_there_is_and_how_it_is_fed() -> None:
    made = data(chorale(20, 4, 1), chorale(4, 2, 2), context=64)
    much = amount(made)
    assert (much.pieces, much.tokens) == (2, made.total)
    assert much.windows == made.total // 64
    assert made.total == sum(
        len(PLAIN.window(cells, end=False)) - len(PLAIN.window(cells, 0, 0))
        for cells in made.pieces
    )
    fed = feed(made, None, TrainerSettings(batch=3), 1, "cpu")
    assert isinstance(fed, SheetBatches)
    assert (fed.batch, fed.held_count) == (3, 0)


def test_metres_that_change_hold_from_the_windows_first_bar() -> None:
    notes = np.array([(n * 480, 480, 60 + n % 5, 80, 0) for n in range(80)], NOTE)
    piece = Piece(notes, (Track(),), metres=((0, 4, 4), (16 * 480, 3, 4)))
    made = data(piece, context=48)
    batches = SheetBatches(made, None, 24, seed=1)
    rows = [words(row) for row in batches.draw(0).tokens]
    assert {row[1] for row in rows} == {"Metre:4/4", "Metre:3/4"}
