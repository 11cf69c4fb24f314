"""Beam search beside a plain look at every text there is."""

import itertools

import numpy as np
import pytest

from genstudio.engine.beams import Beam, Search
from genstudio.engine.decoding import Reader, Shaper
from genstudio.engine.logits import Settings, log_softmax
from tests.helpers import writers

SIZE, LENGTH = 4, 4


def search(table, width: int, penalty: float = 1.0, ends=lambda row: row[-1] == 0) -> Search:
    size = table.shape[0]
    reader, shaper = Reader(writers.TableStepper(table)), Shaper(Settings(), np.zeros(size, bool))
    first = reader.begin([1], 1)
    shaper.begin([1], b"", 1)
    made = Search(width, LENGTH, penalty)
    counted = list(made.run(reader, shaper, first, ends, [b""] * size))
    assert counted == list(range(1, len(counted) + 1))
    return made


def everything(table, penalty: float) -> list[tuple[float, tuple[int, ...]]]:
    """All texts that end or are as long as they may be, best first."""
    logs = log_softmax(table)
    found = []
    for length in range(1, LENGTH + 1):
        for row in itertools.product(range(SIZE), repeat=length):
            whole = row[-1] == 0 or length == LENGTH
            if not whole or 0 in row[:-1]:
                continue
            chain = [0, 1, *row]
            total = sum(logs[a, b, c] for a, b, c in zip(chain, chain[1:], chain[2:]))
            found.append((total / length**penalty, row))
    return sorted(found, reverse=True)


@pytest.mark.parametrize("seed", range(4))
def test_with_beams_for_all_texts_the_best_is_found(seed):
    table = writers.table(SIZE, seed)
    # A reward of 0: a text can only become worse, so the search may end when it does.
    made = search(table, SIZE**LENGTH, penalty=0.0)
    wanted = everything(table, 0.0)
    assert [beam.tokens for beam in made.best[:10]] == [row for _, row in wanted[:10]]
    assert np.allclose([beam.total for beam in made.best[:10]], [score for score, _ in wanted[:10]])


def test_one_beam_takes_the_likeliest_token_each_time():
    table = writers.table(SIZE, 7)
    row = [0, 1]
    while len(row) < LENGTH + 2 and (len(row) == 2 or row[-1] != 0):
        row.append(int(table[row[-2], row[-1]].argmax()))
    assert search(table, 1).best[0].tokens == tuple(row[2:])


def test_chances_of_the_tokens_are_told():
    beam = search(writers.table(SIZE, 2), 3).best[0]
    assert len(beam.chances) == len(beam.tokens)
    assert np.isclose(np.log(beam.chances).sum(), beam.total)


def test_texts_end_where_they_are_told_to():
    made = search(writers.table(SIZE, 3), 4, ends=lambda row: row[-1] in (0, 2))
    assert all(2 not in beam.tokens[:-1] for beam in made.best)
    assert any(beam.tokens[-1] == 2 for beam in made.best)


def test_the_reward_for_length_divides():
    assert Beam((1, 2), -4.0).score(1.0) == -2.0
    assert Beam((1, 2), -4.0).score(0.0) == -4.0
