"""Scores of the next token: what settings do, and how one token is chosen."""

import numpy as np
import pytest

from genstudio.engine import logits
from genstudio.engine.logits import NEVER, Settings

SCORES = np.log(np.array([[0.5, 0.25, 0.15, 0.1], [0.1, 0.2, 0.3, 0.4]]))


def left(scores: np.ndarray) -> list[list[int]]:
    return [np.flatnonzero(np.isfinite(row)).tolist() for row in scores]


def test_settings_of_the_beginning_change_nothing():
    assert np.array_equal(logits.narrowed(SCORES, Settings()), SCORES)
    nothing = np.zeros(SCORES.shape, bool)
    assert np.array_equal(logits.penalised(SCORES, Settings(), nothing, nothing), SCORES)
    assert not Settings().looks_back
    assert not Settings().greedy


def test_each_narrowing_leaves_what_it_promises():
    assert left(logits.top_k(SCORES, 2)) == [[0, 1], [2, 3]]
    assert left(logits.top_p(SCORES, 0.7)) == [[0, 1], [2, 3]]
    assert left(logits.top_p(SCORES, 0.01)) == [[0], [3]]
    assert left(logits.min_p(SCORES, 0.45)) == [[0, 1], [1, 2, 3]]
    assert left(logits.typical(SCORES, 0.2)) == [[1], [2]]


def test_greedy_scores_stay_whole():
    assert np.array_equal(logits.narrowed(SCORES, Settings(temperature=0, top_k=1)), SCORES)


def test_presence_counts_once_and_frequency_each_time():
    written = np.array([[0, 1, 3, 0]])
    flat = np.zeros((1, 4))
    settings = Settings(presence=0.5, frequency=0.25)
    found = logits.penalised(flat, settings, written > 0, written)
    assert found.tolist() == [[0, -0.75, -1.25, 0]]
    assert settings.looks_back


def test_repetition_lowers_scores_of_either_sign():
    found = logits.penalised(
        np.array([[2.0, -2.0, 2.0]]),
        Settings(repetition=2.0),
        np.array([[True, True, False]]),
        np.zeros((1, 3)),
    )
    assert found.tolist() == [[1.0, -4.0, 2.0]]


def test_chances_and_their_logarithms():
    assert logits.softmax(np.array([[NEVER, 2.0, NEVER]])).tolist() == [[0, 1, 0]]
    assert logits.softmax(SCORES.astype(np.float32)).dtype == np.float32
    assert np.allclose(logits.softmax(SCORES), np.exp(SCORES))
    assert np.allclose(logits.log_softmax(SCORES + 7), SCORES)


@pytest.mark.parametrize(
    ("draw", "token"), [(0.0, 0), (0.49, 0), (0.51, 1), (0.76, 2), (0.9999, 3)]
)
def test_a_draw_is_a_place_among_the_chances(draw, token):
    assert logits.chosen(SCORES[:1], np.array([draw]), greedy=False).tolist() == [token]


def test_chosen_tokens_come_as_often_as_they_are_likely():
    draws = (np.arange(4000) + 0.5) / 4000
    found = logits.chosen(np.repeat(SCORES[:1], 4000, axis=0), draws, greedy=False)
    assert np.allclose(np.bincount(found) / 4000, np.exp(SCORES[0]), atol=1e-3)


def test_what_may_not_come_is_never_chosen():
    scores = np.array([[NEVER, 0.0, NEVER], [0.0, NEVER, 1.0]])
    for draw in (0.0, 0.5, 1.0):
        assert logits.chosen(scores, np.array([draw, draw]), greedy=False)[0] == 1
        assert logits.chosen(scores, np.array([draw, draw]), greedy=False)[1] in (0, 2)
    assert logits.chosen(scores, np.zeros(2), greedy=True).tolist() == [1, 2]
