"""The comparison of distances: what is compared with what, under the same conditions."""

from __future__ import annotations

import sys

import pytest

from benchmarks import likeness
from genstudio.core.manifest import Score


def score(metric: str, value: float, floor: float | None = None) -> Score:
    return Score(metric=metric, value=value, low=value - 1, high=value + 1, floor=floor)


class Fake(likeness.Bench):
    """A bench that knows its scores beforehand."""

    asked: list[tuple[str, int, dict]]

    def __init__(self, *_) -> None:
        self.asked = []

    def scores(self, model, samples, **values):
        self.asked.append((model, samples, values))
        steps = values.get("steps", 0)
        distance = {"peer": 12.0, "student": 7.0}.get(model, {250: 5.0, 20: 5.4}.get(steps, 6.0))
        recall = 0.4 if model == "peer" else 0.6
        return {"frechet": score("frechet", distance, 2.0), "recall": score("recall", recall)}


def test_distance_and_recall_against_real_pictures_and_peers():
    bench = Fake()
    floor, distance, recall = bench.against_real("mine", ["peer"], 800)
    assert (floor.value, floor.met) == (3.0, True)
    assert (distance.value, distance.met) == (0.5, True)
    assert (recall.value, recall.wanted) == (pytest.approx(1.5), "at least")
    assert bench.asked == [("mine", 800, {}), ("peer", 800, {})]


def test_few_and_distilled_steps_against_many():
    bench = Fake()
    few, distilled = bench.by_steps("mine", "student", 300)
    assert (few.value, few.met) == (pytest.approx(1.08), True)
    assert (distilled.value, distilled.met) == (pytest.approx(1.4), False)
    assert bench.asked == [
        ("mine", 300, {"sampler": "ddpm", "steps": 250}),
        ("mine", 300, {"sampler": "dpm", "steps": 20}),
        ("student", 300, {}),
    ]


def test_without_a_student_only_steps_are_compared():
    assert len(list(Fake().by_steps("mine", "", 300))) == 1


def test_a_missed_bar_is_the_exit_code(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(likeness, "Bench", Fake)
    words = ["likeness", "--home", str(tmp_path), "--model", "mine", "--peers"]
    monkeypatch.setattr(sys, "argv", words)
    assert likeness.main() == 0
    monkeypatch.setattr(sys, "argv", [*words, "--student", "student"])
    assert likeness.main() == 1
    assert "MISSED" in capsys.readouterr().out


def test_scores_come_from_the_programs_own_evaluation(tiny_home, capsys):
    bench = likeness.Bench(likeness.Home(tiny_home), "shapes", 1)
    found = bench.scores("tiny-vae", 16)
    assert set(found) == {"frechet", "recall"}
    assert found["frechet"].floor is not None
    assert found["frechet"].samples == 16
