"""Variety of texts: known values, edges, invariances, and what the scores say."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.evaluation import text_variety
from genstudio.evaluation.text_variety import BLOCK, distinct, grams, repetition, self_bleu
from tests.evaluation import lettered


def test_grams_are_all_runs_in_order() -> None:
    assert grams(["a", "b", "c"], 2) == [("a", "b"), ("b", "c")]
    assert grams(["a"], 2) == []


def test_distinct_counts_pairs_across_all_texts() -> None:
    assert distinct([["a", "b", "a", "b"]], 2).tolist() == pytest.approx([2 / 3])
    assert distinct([["a", "b"], ["a", "b"]], 1).tolist() == [0.5]
    assert distinct([], 2).tolist() == [0.0]
    assert distinct([["a"]], 2).tolist() == [0.0]


def test_distinct_does_not_fall_as_a_text_grows() -> None:
    rng = np.random.default_rng(0)
    said = [str(n) for n in rng.integers(0, 400, 12 * BLOCK)]
    short, long = distinct([said[:BLOCK]], 2), distinct([said], 2)
    assert len(short) == 1
    assert len(long) == 12
    assert long.mean() == pytest.approx(short.mean(), abs=0.02)


def test_self_bleu_is_one_for_the_same_and_small_for_strangers() -> None:
    same = [list("abcdefg")] * 3
    assert self_bleu(same).tolist() == pytest.approx([1.0] * 3)
    strangers = [[f"{t}{i}" for i in range(8)] for t in range(3)]
    assert (self_bleu(strangers) < 0.05).all()


def test_self_bleu_agrees_with_a_slow_one_written_from_the_paper() -> None:
    rng = np.random.default_rng(1)
    texts = [[str(n) for n in rng.integers(0, 6, int(size))] for size in (9, 12, 7, 15)]

    def slow(place: int) -> float:
        mine, others = texts[place], [t for i, t in enumerate(texts) if i != place]
        logs = 0.0
        for n in range(1, 5):
            have = grams(mine, n)
            hits = sum(
                min(have.count(g), max(grams(o, n).count(g) for o in others)) for g in set(have)
            )
            logs += np.log((hits or 0.1) / len(have)) / 4
        near = min((abs(len(o) - len(mine)), len(o)) for o in others)[1]
        return float(np.exp(logs + min(0.0, 1 - near / len(mine))))

    assert self_bleu(texts).tolist() == pytest.approx([slow(i) for i in range(4)])


def test_self_bleu_leaves_out_what_is_too_short() -> None:
    assert len(self_bleu([["a", "b"], list("abcd")])) == 0
    assert len(self_bleu([list("abcd"), list("abce"), ["x"]])) == 2
    assert len(self_bleu([list("abcd")] * 9, most=4)) == 4


def test_repetition_of_loops_and_of_plain_text() -> None:
    assert repetition([list("abcdefgh")]).tolist() == [0.0]
    loop = repetition([list("abcd" * 10)])[0]
    assert loop == pytest.approx(1 - 4 / 37)
    assert repetition([["a", "b"], []]).tolist() == [0.0, 0.0]


def test_scores_name_real_texts_as_their_floor() -> None:
    material = lettered.material()
    list(material.prepare())
    (pairs,) = text_variety.different(material)
    (alike,) = text_variety.alike(material)
    (looped,) = text_variety.repeated(material)
    for score in (pairs, alike, looped):
        assert score.low <= score.value <= score.high
        assert 0 <= score.floor <= 1
        assert score.samples == 12
        assert score.settings["kind"] == "text"
        assert score.settings["values"] == {"temperature": 0.8}
    assert set(pairs.settings["by_length"]) == {"1 words", "2 words", "3 words"}
    assert looped.settings["looping"] == 0
