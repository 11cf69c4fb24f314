"""The divergence curve: its ends, its symmetry, and that it sees what it should see."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.evaluation import text_likeness
from genstudio.evaluation.text_likeness import area, clusters, features, likeness, reduced
from tests.evaluation import lettered


def test_equal_histograms_fill_the_square_and_others_do_not() -> None:
    p = np.array([10.0, 20.0, 30.0])
    assert area(p, p) == pytest.approx(1.0, abs=1e-6)
    assert area(p, 3 * p) == pytest.approx(1.0, abs=0.01)
    apart = area(np.array([60.0, 0.0]), np.array([0.0, 60.0]))
    assert 0 < apart < 0.1
    assert area(p, p[::-1]) == pytest.approx(area(p[::-1], p), rel=1e-6)


def test_the_further_apart_the_smaller() -> None:
    base = np.array([50.0, 50.0])
    found = [area(base, np.array([50.0 + d, 50.0 - d])) for d in (0, 10, 25, 45)]
    assert found == sorted(found, reverse=True)


def test_features_know_words_and_letters_but_not_case() -> None:
    rows = features(["The king sat down", "the KING, sat down!", "zzz qqq", ""])
    assert np.allclose(rows[0], rows[1])
    assert np.dot(rows[0], rows[0]) == pytest.approx(2.0, rel=1e-5)
    assert np.dot(rows[0], rows[2]) < 0.5
    assert not rows[3].any()


def test_clusters_find_what_lies_apart() -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(c, 0.1, (20, 3)) for c in (-5, 0, 5)])
    found = clusters(points, 3, 1)
    assert [len(set(found[i : i + 20].tolist())) for i in (0, 20, 40)] == [1, 1, 1]
    assert len(set(found.tolist())) == 3
    assert len(set(clusters(np.zeros((6, 2)), 2, 0).tolist())) == 1


def test_reduced_keeps_nine_tenths_of_the_variance() -> None:
    rng = np.random.default_rng(2)
    points = rng.normal(size=(60, 8)) * np.array([9, 5, 3, 1, 0.1, 0.1, 0.1, 0.1])
    kept = reduced(points)
    assert kept.shape[1] <= 3
    assert kept.var(axis=0).sum() >= 0.9 * points.var(axis=0).sum()


def test_the_same_source_is_likelier_than_another() -> None:
    def texts(kind: str, seed: int) -> np.ndarray:
        whole = lettered.passages(kind, 12, seed)
        return features([one.text[i : i + 300] for one in whole for i in (0, 400, 800)])

    tales, again, storms = texts("tales", 1), texts("tales", 2), texts("storms", 3)
    near, (low, high) = likeness(tales, again)
    far, _ = likeness(tales, storms)
    assert far < 0.2 < 0.7 < near <= 1
    assert low <= near <= high
    assert likeness(tales, again) == likeness(tales, again)


def test_too_few_texts_give_no_score_and_enough_give_one() -> None:
    few = lettered.material(count=6)
    list(few.prepare())
    assert text_likeness.text_likeness(few) == []
    many = lettered.material(count=16)
    list(many.prepare())
    (score,) = text_likeness.text_likeness(many)
    assert 0 <= score.low <= score.value <= score.high <= 1
    assert score.value < score.floor
    assert "hashed" in score.settings["features"]
