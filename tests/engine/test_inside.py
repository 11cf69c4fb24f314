"""How likely tokens are and what they hang on, with models small enough to reckon by hand."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.engine import inside
from genstudio.media import tokens


class Copier:
    """Finds the last token's follower in what it read before: sure of it, else of nothing.

    Row [i, j] favours the token that stood behind the last earlier place of tokens[i, j].
    """

    def __init__(self, size, context=64):
        self.size, self.context, self.read = size, context, []

    def begin(self, rows):
        assert rows.shape[1] <= self.context
        self.read.append(rows.copy())
        logits = np.zeros((*rows.shape, self.size), np.float32)
        for row, line in enumerate(rows):
            for place in range(len(line)):
                earlier = [k for k in range(place) if line[k] == line[place]]
                if earlier:
                    logits[row, place, line[earlier[-1] + 1]] = 10.0
        return logits


def drained(working):
    steps = []
    while True:
        try:
            steps.append(next(working))
        except StopIteration as end:
            return end.value, steps


@pytest.fixture
def letters():
    return tokens.train("chars", ["abcdefgh "], 20)


@pytest.fixture
def raw():
    return tokens.train("bytes", [], 0)


def test_what_was_seen_before_is_likely(letters):
    data, steps = drained(inside.score(Copier(letters.size), letters, "abcab"))
    told = data["tokens"]
    assert [entry["t"] for entry in told] == list("abcab")
    assert [entry["start"] for entry in told] == [0, 1, 2, 3, 4]
    even = 1 / letters.size
    assert [entry["p"] for entry in told[:4]] == pytest.approx([even] * 4)
    assert told[4]["p"] > 0.99  # b stood behind the a before
    assert told[4]["top"][0][0] == "b"
    assert told[4]["top"][0][1] == pytest.approx(told[4]["p"])
    mean = -np.mean([np.log(entry["p"]) for entry in told])
    assert data["loss"] == pytest.approx(mean)
    assert data["perplexity"] == pytest.approx(np.exp(mean))
    assert (steps[-1].done, steps[-1].total) == (6, 6)


def test_special_tokens_are_no_alternatives(letters):
    data, _ = drained(inside.score(Copier(letters.size), letters, "a"))
    assert all(word for word, _p in data["tokens"][0]["top"])


def test_long_texts_are_read_in_windows_each_place_once(letters):
    model = Copier(letters.size, context=8)
    data, steps = drained(inside.score(model, letters, "abcdefgh" * 4))
    assert "".join(entry["t"] for entry in data["tokens"]) == "abcdefgh" * 4
    assert len(model.read) == len(steps) - 1 > 3
    assert all(rows.shape[1] <= 8 for rows in model.read)


@pytest.mark.parametrize(("length", "size"), [(1, 8), (8, 8), (9, 8), (33, 8), (100, 7), (5, 2)])
def test_windows_cover_every_place_once(length, size):
    covered = []
    for start, fresh in inside.windows(length, size):
        assert 0 <= start <= fresh
        assert start == 0 or fresh - start >= size // 2
        covered += range(fresh, min(length, start + size))
    assert covered == list(range(length))


def test_characters_without_a_token_keep_the_places_of_the_others(letters):
    data, _ = drained(inside.score(Copier(letters.size), letters, "a☃b"))
    assert [(entry["t"], entry["start"]) for entry in data["tokens"]] == [("a", 0), ("b", 2)]


def test_parts_of_characters_are_one_place(raw):
    data, _ = drained(inside.score(Copier(raw.size), raw, "aé😀"))
    told = data["tokens"]
    assert len(told) == 7
    assert "".join(entry["t"] for entry in told) == "aé😀"
    assert [entry["start"] for entry in told] == [0, 1, 1, 2, 2, 2, 2]


def test_no_text_is_refused(letters):
    with pytest.raises(UsageError, match="no text"):
        drained(inside.score(Copier(letters.size), letters, "☃"))


def test_a_word_hangs_on_what_it_was_copied_from(letters):
    data, steps = drained(inside.saliency(Copier(letters.size), letters, "gabcda"))
    assert data["token"] == {"t": "a", "p": pytest.approx(1 / letters.size), "start": 5}
    data, _ = drained(inside.saliency(Copier(letters.size), letters, "gabcdab", 6))
    assert data["token"]["t"] == "b"
    assert data["token"]["p"] > 0.99
    weights = {entry["start"]: entry["weight"] for entry in data["weights"]}
    assert sorted(weights) == [0, 1, 2, 3, 4, 5]
    strong = {place for place, weight in weights.items() if weight > 1}
    assert strong == {1, 2, 5}  # the a and b that were copied, and the a before it
    assert abs(weights[0]) < 1e-6
    assert steps[-1].done == 5


def test_a_place_within_a_character_is_its_token(letters):
    data, _ = drained(inside.saliency(Copier(letters.size), letters, "ab☃c", 2))
    assert data["token"]["start"] == 1


def test_saliency_goes_as_far_as_the_model_can_hold(letters):
    model = Copier(letters.size, context=6)
    data, _ = drained(inside.saliency(model, letters, "abcdefgh" * 3))
    assert len(data["weights"]) == 5
    assert max(rows.shape[1] for rows in model.read) == 6


def test_without_a_lead_something_is_read_all_the_same(letters):
    data, _ = drained(inside.saliency(Copier(letters.size), letters, "ab", lead=()))
    assert len(data["weights"]) == 1


@pytest.mark.parametrize("text", ["a", ""])
def test_the_first_word_hangs_on_nothing(letters, text):
    with pytest.raises(UsageError, match="Nothing stands before"):
        drained(inside.saliency(Copier(letters.size), letters, text))


def test_log_softmax_does_not_overflow():
    logs = inside.log_softmax(np.array([1e4, 1e4, -1e4], np.float32))
    assert logs[:2] == pytest.approx([-np.log(2)] * 2)
    assert np.isfinite(logs).all()
