"""Scores side by side: what is compared, what is refused and why, stars and axes."""

from __future__ import annotations

import pytest

from genstudio.core.comparing import Table, outward, table, why_not
from genstudio.core.manifest import Score

WAY = {"data": "shapes", "data_sha256": "a" * 64, "split": "test", "seed": 0,
       "extractor": "fox", "extractor_sha256": "b" * 64}  # fmt: skip


def score(metric: str = "precision", value: float = 0.8, **more) -> Score:
    known = {"samples": 1000, "better": "higher", **more}
    known["settings"] = {**WAY, **more.get("settings", {})}
    return Score(metric=metric, value=value, **known)


def column(found: Table, metric: str) -> int:
    return [c.metric for c in found.columns].index(metric)


def test_metrics_stand_in_reading_order_whoever_has_them():
    found = table([("A", [score("zeal"), score("recall")]), ("B", [score("frechet"), score("x")])])
    assert [c.metric for c in found.columns] == ["frechet", "recall", "x", "zeal"]
    assert found.titles == ("A", "B")
    assert [cell.score is None for cell in found.cells[0]] == [True, False, True, False]
    assert found.cells[0][0].value == ""
    assert found.refused == ()


def test_nothing_gives_an_empty_table():
    assert table([]).columns == ()
    found = table([("A", []), ("B", [])])
    assert (found.columns, found.cells, found.axes) == ((), ((), ()), ())
    assert found.polygon(1) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"settings": {"data_sha256": "c" * 64, "split": "x"}}, "measured on other pictures"),
        ({"settings": {"split": "valid"}}, "another part of the pictures"),
        ({"settings": {"extractor_sha256": "d" * 64}}, "another judge"),
        ({"settings": {"neighbours": 5}}, "another number of neighbours"),
        ({"samples": 500}, "500 instead of 1,000 samples"),
        ({"unit": "ms"}, "in ms instead of no unit"),
    ],
)
def test_unlike_numbers_are_refused_and_say_why(change: dict, words: str):
    odd = score(**change)
    assert words in why_not(odd, score())
    found = table([("A", [score()]), ("B", [score(value=0.7)]), ("C", [odd])])
    cell = found.cells[2][0]
    assert words in cell.refused
    assert (cell.best, cell.axis) == (False, None)
    assert cell.value.startswith("0.8")
    assert found.refused == (f"C: Precision {cell.refused}.",)
    assert [row[0].refused for row in found.cells[:2]] == ["", ""]


def test_what_is_left_out_for_one_reason_is_one_sentence():
    odd = {"settings": {"data_sha256": "c" * 64}}
    known = [score("precision"), score("recall")]
    found = table([("A", known), ("B", [score("precision", **odd), score("recall", **odd)])])
    assert found.refused == ("B: Precision, Recall not compared (measured on other pictures).",)


def test_speed_depends_on_the_machine_and_nothing_else():
    def speed(samples: int = 320, **settings) -> Score:
        known = {"machine": "Box", "device": "CPU", "threads": 2, **settings}
        return score("speed", 9.0, unit="images/s", samples=samples, settings=known)

    assert why_not(speed(), speed(192, data_sha256="c" * 64, split="valid")) == ""
    assert why_not(speed(), speed(machine="Other")) == "another machine"
    assert why_not(speed(), speed(threads=1, device="CUDA")) == (
        "another device, another number of threads"
    )


def test_seeds_may_differ_and_older_scores_need_not_name_the_real_pictures():
    assert why_not(score(settings={"seed": 4}), score()) == ""
    newer = score(settings={"real": 900})
    assert why_not(newer, score()) == why_not(score(), newer) == ""
    assert why_not(newer, score(settings={"real": 25})) == (
        "measured with 900 instead of 25 real pictures"
    )


def test_the_larger_group_is_compared_and_among_equals_the_first():
    odd = {"settings": {"split": "valid"}}
    found = table([("A", [score(**odd)]), ("B", [score()]), ("C", [score(value=0.2)])])
    assert [bool(row[0].refused) for row in found.cells] == [True, False, False]
    found = table([("A", [score(**odd)]), ("B", [score()])])
    assert [bool(row[0].refused) for row in found.cells] == [False, True]
    assert not any(row[0].best for row in found.cells)
    assert "held-out pictures" in found.columns[0].way


@pytest.mark.parametrize(
    ("better", "values", "best"),
    [
        ("higher", (0.5, 0.9, 0.7), (False, True, False)),
        ("lower", (0.5, 0.9, 0.7), (True, False, False)),
        ("near", (0.5, 0.9, 1.4), (False, True, False)),
        ("near", (0.5, 3.0, 2.1), (True, False, False)),
        ("", (0.5, 0.9, 0.7), (False, False, False)),
    ],
)
def test_the_best_is_marked_in_its_direction(better: str, values: tuple, best: tuple):
    found = table([(str(v), [score(value=v, better=better)]) for v in values])
    assert tuple(row[0].best for row in found.cells) == best


def test_numbers_whose_intervals_meet_share_the_mark():
    rows = [(0.80, 0.78, 0.82), (0.81, 0.79, 0.83), (0.70, 0.68, 0.72)]
    found = table([(str(v), [score(value=v, low=a, high=b)]) for v, a, b in rows])
    assert [row[0].best for row in found.cells] == [True, True, False]
    assert found.cells[0][0].interval == "0.78 to 0.82"
    # On both sides of 1 it is the distance from 1 that counts.
    near = [(1.06, 1.03, 1.09), (0.95, 0.94, 0.96), (1.3, 1.2, 1.4)]
    found = table([(str(v), [score(value=v, low=a, high=b, better="near")]) for v, a, b in near])
    assert [row[0].best for row in found.cells] == [True, True, False]
    across = table(
        [
            ("wide", [score(value=0.9, low=0.7, high=1.2, better="near")]),
            ("exact", [score(value=1.0, low=1.0, high=1.0, better="near")]),
        ]
    )
    assert [row[0].best for row in across.cells] == [True, True]


def test_one_model_alone_is_never_the_best():
    found = table([("A", [score()])])
    assert not found.cells[0][0].best
    assert found.polygon(0) == (0.8,)


@pytest.mark.parametrize(
    ("known", "place"),
    [
        ({"value": 0.4, "floor": 0.8}, 0.5),
        ({"value": 0.9, "floor": 0.8}, 1.0),
        ({"value": 0.4}, 0.4),
        ({"value": 0.5, "better": "near"}, 0.5),
        ({"value": 2.0, "better": "near"}, 0.5),
        ({"value": 0.0, "better": "near"}, 0.0),
        ({"value": 0.3, "floor": 0.3, "better": "lower"}, 1.0),
        ({"value": 3.0, "floor": 0.3, "better": "lower"}, 0.5),
        ({"value": 30.0, "floor": 0.3, "better": "lower"}, 0.0),
        ({"value": 9e9, "floor": 0.3, "better": "lower"}, 0.0),
        ({"value": 0.0, "floor": 0.01, "better": "lower"}, 1.0),
        ({"value": 3.0, "better": "lower"}, None),
        ({"value": 30.0, "unit": "images/s"}, None),
        ({"value": 0.3, "floor": 0.3, "better": ""}, None),
    ],
)
def test_axes_turn_every_direction_outwards(known: dict, place: float | None):
    found = outward(score(**known))
    assert found is None if place is None else found == pytest.approx(place)


def test_differences_within_the_noise_do_not_move_an_axis():
    # Real pictures reach less than nothing, as an unbiased distance may.
    noisy = score("kernel", 0.001, floor=-0.002, low=-0.004, high=0.006, better="lower")
    assert outward(noisy) == 1.0
    clear = score("kernel", 0.5, floor=-0.002, low=0.495, high=0.505, better="lower")
    assert outward(clear) == pytest.approx(0.0)


def test_what_real_pictures_set_no_scale_for_is_measured_against_the_best():
    fast = {"unit": "images/s", "settings": {"machine": "Box"}}
    rows = [("A", [score("speed", 500.0, **fast)]), ("B", [score("speed", 50.0, **fast)])]
    found = table(rows)
    assert [row[0].axis for row in found.cells] == pytest.approx([1.0, 0.5])
    assert table(rows[:1]).axes == ()


def test_polygons_follow_the_axes():
    some = [score("precision", 0.4, floor=0.8), score("reconstruction", 0.1, better="lower")]
    found = table([("A", some), ("B", [score("recall", 0.6)])])
    assert found.axes == ("precision", "recall")
    assert found.polygon(0) == (0.5, None)
    assert found.polygon(1) == (None, 0.6)
    assert column(found, "reconstruction") == 2
    assert found.columns[0].floor == 0.8
    assert "1,000 samples" in found.columns[0].way


def test_texts_compare_across_tokens_where_the_measure_allows_it():
    way = {"data": "tales", "data_sha256": "d" * 64, "split": "valid", "seed": 0, "kind": "text"}

    def of_text(metric: str, **more: object) -> Score:
        return Score(metric=metric, value=2.0, samples=9, better="lower", settings={**way, **more})

    letters, pieces = ("chars 90", "bpe 4096")
    bits = of_text("bits_per_character", characters=900)
    assert why_not(bits, of_text("bits_per_character", characters=910)) == ""
    one = of_text("perplexity", tokenizer=letters)
    other = of_text("perplexity", tokenizer=pieces)
    assert why_not(one, other) == "measured with other tokens"
    audit = of_text("bias_tone", words_sha256="1", values={"temperature": 0.8})
    changed = of_text("bias_tone", words_sha256="2", values={"temperature": 1.2})
    assert "other word lists" in why_not(audit, changed)
    assert "other settings" in why_not(audit, changed)
    elsewhere = bits.model_copy(update={"settings": {**bits.settings, "data_sha256": "e" * 64}})
    assert why_not(bits, elsewhere) == "measured on other texts"
