"""What unseen pieces cost: checked against sums by hand, whatever the windows are."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from genstudio.evaluation import music_likelihood as likelihood
from genstudio.evaluation.music_likelihood import costs, parts
from genstudio.evaluation.music_pieces import Work, row
from genstudio.media import note_tokens
from tests.evaluation.musical import Counting, material, tune, works


@pytest.mark.parametrize("room", [1, 7, 20, 64, 1000])
@pytest.mark.parametrize("seed", range(4))
def test_windows_tell_each_bar_once_and_fit_where_a_bar_does(room: int, seed: int) -> None:
    lengths = np.random.default_rng(seed).integers(1, 30, 17)
    found = parts(lengths, room)
    told = [bar for _, fresh, last in found for bar in range(fresh, last)]
    assert told == list(range(17))
    for first, fresh, last in found:
        assert 0 <= first <= fresh < last
        assert lengths[first:last].sum() <= room or (first == fresh == last - 1)
    if room < lengths.sum():
        begun = [lengths[a:b].sum() for a, b, c in found[1:] if lengths[b:c].sum() < room // 2]
        assert all(size <= room // 2 for size in begun)


def test_a_piece_in_one_window_costs_what_its_tokens_cost() -> None:
    tokenizer = note_tokens.make(voices=2)
    made = row(tokenizer, Work(tune(1)))
    ids = tokenizer.window(made.cells, end=False)
    stepper = Counting(tokenizer.size, [ids], context=4096)
    found = costs(stepper, tokenizer, made)
    count = int(made.lengths.sum())
    assert len(found) == count
    by_hand = [-stepper.table[a, b] for a, b in itertools.pairwise(ids)][-count:]
    np.testing.assert_allclose(found, by_hand, rtol=1e-5)
    (read,) = stepper.seen
    assert read[0, 0] == made.lead
    assert read.shape[1] == len(ids)  # the last token is told, and nothing stands behind it


@pytest.mark.parametrize("context", [80, 99, 150, 300])
def test_short_contexts_give_the_same_where_only_the_last_token_counts(context: int) -> None:
    tokenizer = note_tokens.make(voices=2)
    made = row(tokenizer, Work(tune(1)))
    ids = tokenizer.window(made.cells, end=False)
    wide = costs(Counting(tokenizer.size, [ids], 4096), tokenizer, made)
    narrow = costs(Counting(tokenizer.size, [ids], context), tokenizer, made)
    np.testing.assert_allclose(narrow, wide, rtol=1e-5)


def test_every_window_begins_with_the_kind_and_what_holds_there() -> None:
    tokenizer = note_tokens.make(("calm",), voices=2)
    piece = tune(1).replaced(metres=((0, 4, 4), (4 * 4 * 480, 3, 4)))
    made = row(tokenizer, Work(piece, "calm"))
    stepper = Counting(tokenizer.size, [], 80)
    assert len(costs(stepper, tokenizer, made)) == int(made.lengths.sum())
    assert len(stepper.seen) > 3
    assert {int(read[0, 0]) for read in stepper.seen} == {made.lead}
    three = tokenizer.head(tokenizer.head_of(made.cells, 6))
    assert stepper.seen[-1][0, 1 : 1 + len(three)].tolist() == three
    assert stepper.seen[0][0, 1 : 1 + len(three)].tolist() != three


def test_bits_are_nats_over_what_is_counted() -> None:
    found = material(test=works(3))
    (per_note,) = likelihood.bits_per_note(found)
    (per_quarter,) = likelihood.bits_per_quarter(found)
    nats = sum(costs(found.needed_stepper(), found.tokenizer, one).sum() for one in found.rows)
    assert per_note.value == pytest.approx(nats / math.log(2) / (3 * 64), rel=1e-5)
    assert per_quarter.value == pytest.approx(2 * per_note.value, rel=1e-5)
    assert per_note.low < per_note.value < per_note.high
    assert per_note.settings["notes"] == 192
    assert per_note.settings["counted"] == "stretches"
    assert "values" not in per_note.settings


def test_what_was_counted_is_cheaper_than_what_was_not() -> None:
    tokenizer = note_tokens.make(voices=2)
    known, other = row(tokenizer, Work(tune(1))), row(tokenizer, Work(tune(2)))
    stepper = Counting(tokenizer.size, [tokenizer.encode_piece(tune(1))], 512)
    assert costs(stepper, tokenizer, known).sum() < costs(stepper, tokenizer, other).sum()
