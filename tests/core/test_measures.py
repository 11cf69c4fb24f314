"""Every number has a title, a meaning and a place; sentences hold all that is known."""

from __future__ import annotations

import pytest

from genstudio.core import measures
from genstudio.core.manifest import Score


def score(metric: str = "frechet", value: float = 0.81, **more) -> Score:
    return Score(metric=metric, value=value, **more)


def test_names_are_keys_and_groups_exist():
    assert all(name == measure.name for name, measure in measures.MEASURES.items())
    assert {m.group for m in measures.MEASURES.values()} <= set(measures.GROUPS)


@pytest.mark.parametrize("measure", measures.MEASURES.values(), ids=lambda m: m.name)
def test_each_meaning_is_one_short_sentence(measure):
    assert measure.meaning[0].isupper()
    assert measure.meaning.endswith(".")
    assert measure.meaning.count(". ") == 0
    assert len(measure.meaning) <= 100


def test_an_unknown_metric_is_shown_under_its_own_name():
    odd = measures.of(score("heart_rate", help="Beats a minute"))
    assert (odd.title, odd.meaning, odd.group) == ("Heart rate", "Beats a minute", "other")
    assert measures.named("heart_rate").title == "Heart rate"
    assert measures.named("recall") is measures.MEASURES["recall"]


def test_endless_words_of_a_foreign_package_are_cut():
    odd = measures.of(score("x" * 10_000, help="y" * 10_000))
    assert (len(odd.title), len(odd.meaning)) == (60, 300)


def test_scores_stand_in_groups_in_reading_order():
    names = ("speed", "zeal", "recall", "copies", "kernel", "frechet")
    groups = measures.in_order(tuple(score(name) for name in names))
    assert [heading for heading, _ in groups] == [
        "How real",
        "How varied",
        "Own work or copies",
        "How fast",
        "More",
    ]
    assert [s.metric for s in groups[0][1]] == ["frechet", "kernel"]
    assert measures.in_order(()) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.810457, "0.8105"),
        (0.0, "0"),
        (-0.000223911, "-0.00022"),
        (0.00001, "0.000010"),
        (2e-8, "2.0e-08"),
        (12345.6, "12,346"),
        (999.94, "999.9"),
        (1.0, "1"),
    ],
)
def test_numbers_have_four_digits(value, text):
    assert measures.number(value) == text


def test_a_sentence_says_all_that_is_known():
    full = score(low=0.72, high=0.9, floor=0.0587, better="lower")
    assert measures.sentence(full) == (
        "Fréchet distance 0.81, 95 % interval 0.72 to 0.9, real pictures 0.0587, lower is better"
    )
    assert measures.sentence(score("speed", 579.4, unit="images/s")) == "Speed 579.4 images/s"


def test_how_it_was_measured():
    settings = {
        "data": "fashion-mnist",
        "split": "test",
        "seed": 3,
        "extractor": "fashion-judge",
        "extractor_sha256": "e240c13115910ce45b",
    }
    assert measures.measured(score(samples=10_000, settings=settings)) == (
        "10,000 samples · seed 3 · test pictures of fashion-mnist · "
        "judge fashion-judge (e240c13115)"
    )
    held_out = score(samples=75, settings={**settings, "split": "valid"})
    assert measures.measured_parts(held_out)[:3] == [
        "75 samples",
        "seed 3",
        "held-out pictures of fashion-mnist",
    ]
    few = score(settings={"data": "cells", "split": "valid", "real": 1200})
    assert measures.measured(few) == "1,200 held-out pictures of cells"
    assert measures.measured(score()) == ""
    assert measures.measured(score(settings={"extractor": "mine"})) == "judge mine"


TEXT = {"kind": "text"}


def test_texts_are_compared_with_texts():
    one = score("perplexity", 9.5, floor=4.25, settings=TEXT)
    assert measures.things(one) == "texts"
    assert measures.floor_name(one) == "real texts"
    assert "real texts 4.25" in measures.sentence(one)


def test_a_floor_may_have_a_name_of_its_own():
    assert measures.floor_name(score(settings={"floor": "chance"})) == "chance"
    assert measures.floor_name(score(settings={"floor": 7})) == "real pictures"
    endless = measures.floor_name(score(settings={"floor": "x" * 9999}))
    assert len(endless) == measures.MOST_TITLE


def test_what_was_counted_is_said():
    counted = score(samples=1200, settings={**TEXT, "counted": "texts", "seed": 0})
    assert measures.measured_parts(counted) == ["1,200 texts", "seed 0"]
    endless = measures.measured_parts(score(samples=1, settings={"counted": "y" * 999}))[0]
    assert endless == "1 " + "y" * measures.MOST_TITLE


def test_parts_of_the_data_in_words():
    said = {
        split: measures.measured(score(settings={**TEXT, "data": "tales", "split": split}))
        for split in ("test", "valid", "train", "unseen", "odd")
    }
    assert said == {
        "test": "test texts of tales",
        "valid": "held-out texts of tales",
        "train": "training texts of tales",
        "unseen": "unseen texts of tales",
        "odd": "odd texts of tales",
    }


def test_half_an_interval_is_not_told():
    assert measures.sentence(score(low=0.1)) == "Fréchet distance 0.81"
    assert measures.sentence(score(high=0.9)) == "Fréchet distance 0.81"


def test_titles_are_told_apart():
    titles = [measure.title for measure in measures.MEASURES.values()]
    assert len(set(titles)) == len(titles)
    assert all(len(title) <= measures.MOST_TITLE for title in titles)


def test_every_direction_has_words():
    for way in ("lower", "higher", "near"):
        assert measures.sentence(score(better=way)).endswith("is better")


def test_scores_of_one_metric_keep_their_order():
    twins = (score(value=0.2), score(value=0.1))
    assert measures.in_order(twins)[0][1] == list(twins)


@pytest.mark.parametrize("value", [1e-7, -3.3e-5, 0.25, 7.0, 123.4, 98765.4, -1e9])
def test_a_number_can_be_read_back(value):
    said = float(measures.number(value).replace(",", ""))
    assert said == pytest.approx(value, rel=0.05)
