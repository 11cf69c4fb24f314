"""A stepper read beyond its context, and what shapes the choice of tokens."""

import numpy as np
import pytest

from genstudio.engine.banned import Banned
from genstudio.engine.decoding import Reader, Shaper
from genstudio.engine.logits import Settings
from genstudio.engine.vocabulary import Vocabulary
from genstudio.media import tokens
from tests.helpers import writers

SIZE = 12
TABLE = writers.table(SIZE)


def after(row: list[int]) -> np.ndarray:
    """What the table says behind these tokens."""
    return TABLE[row[-2] if len(row) > 1 else 0, row[-1]]


def test_rows_share_their_prompt_and_part_ways():
    stepper = writers.TableStepper(TABLE)
    reader = Reader(stepper)
    first = reader.begin([3, 4], 3)
    assert np.array_equal(first, np.stack([after([3, 4])] * 3))
    found = reader.step(np.array([5, 6, 7]))
    assert np.array_equal(found, np.stack([after([4, token]) for token in (5, 6, 7)]))
    reader.pick([2, 2])
    found = reader.step(np.array([1, 2]))
    assert np.array_equal(found, np.stack([after([7, 1]), after([7, 2])]))
    assert stepper.calls["begin"] == 1  # the prompt was read once for all


def test_picking_all_rows_in_order_asks_nothing():
    stepper = writers.TableStepper(TABLE)
    reader = Reader(stepper)
    reader.begin([1], 1)
    reader.pick([0])
    assert stepper.calls["pick"] == 0


@pytest.mark.parametrize("context", [2, 3, 8])
@pytest.mark.parametrize("head", [(), (9,)])
def test_a_full_context_slides_over_its_newer_half(context, head):
    stepper = writers.TableStepper(TABLE, context)  # it refuses to hold more
    reader = Reader(stepper, head)
    random, rows = np.random.default_rng(1), [[1], [1]]
    reader.begin(rows[0], 2)
    for _ in range(25):
        new = random.integers(1, SIZE, 2)
        found = reader.step(new)
        rows = [[*row, int(token)] for row, token in zip(rows, new)]
        for row, logits in zip(rows, found):
            # A context of two may hold nothing but the head and the last token.
            assert np.array_equal(logits, after(row)) or context - len(head) < 4
    assert stepper.calls["begin"] > 1
    assert stepper.calls["step"] < 25


def test_a_prompt_that_is_too_long_loses_its_beginning():
    stepper = writers.TableStepper(TABLE, 4)
    found = Reader(stepper, (9,)).begin([1, 2, 3, 4, 5, 6], 1)
    assert np.array_equal(found[0], after([5, 6]))


def test_a_head_alone_is_enough_to_begin_with():
    reader = Reader(writers.TableStepper(TABLE), (9,))
    assert np.array_equal(reader.begin([], 2)[1], after([9]))
    reader.pick([1])
    assert np.array_equal(reader.step(np.array([4])), [after([9, 4])])


def shaper(settings: Settings, banned: Banned | None = None) -> Shaper:
    never = np.zeros(SIZE, bool)
    never[1:4] = True
    made = Shaper(settings, never, banned)
    made.begin([5], b"", 2)
    return made


def test_what_never_comes_has_no_score():
    found = shaper(Settings()).scores(np.ones((2, SIZE), np.float32))
    assert np.isinf(found[:, 1:4]).all()
    assert (found[:, [0, *range(4, SIZE)]] == 1).all()


def test_penalties_remember_each_row_and_follow_it():
    made = shaper(Settings(repetition=2.0, frequency=1.0))
    flat = np.full((2, SIZE), 2.0, np.float32)
    made.wrote([6, 7], [b"", b""])
    made.wrote([6, 8], [b"", b""])
    found = made.scores(flat)
    assert found[0, 5] == found[1, 5] == 1.0  # stands in the prompt: repetition alone
    assert (found[0, 6], found[0, 7]) == (1.0 - 2, 2.0)
    assert (found[1, 7], found[1, 8]) == (0.0, 0.0)
    made.pick([1])
    assert np.array_equal(made.scores(flat[:1])[0], found[1])


def test_banned_words_follow_what_each_row_wrote():
    tokenizer = tokens.train("chars", ["abcdefgh"], 50)
    words = Vocabulary(tokenizer)
    a, b = tokenizer.encode("ab")
    ban = Banned(words, ["ab"])
    made = Shaper(Settings(), np.zeros(words.size, bool), ban)
    made.begin([a], b"a", 2)
    logits = np.zeros((2, words.size), np.float32)
    assert np.isinf(made.scores(logits)[:, b]).all()
    made.wrote([b, a], [b"b", b"a"])
    assert np.isinf(made.scores(logits)[:, b]).tolist() == [False, True]
    made.pick([1, 1, 0])
    assert np.isinf(made.scores(np.zeros((3, words.size)))[:, b]).tolist() == [True, True, False]
