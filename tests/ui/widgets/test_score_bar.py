"""The bar of a score: a scale that fits, the interval, the mark of real pictures."""

from __future__ import annotations

import pytest

from genstudio.core.manifest import Score
from genstudio.ui.theme import color
from genstudio.ui.widgets.score_bar import DOT, LEAST_BAND, LINE_Y, ScoreBar, ends


def score(metric: str = "frechet", value: float = 0.81, **more) -> Score:
    return Score(metric=metric, value=value, **more)


@pytest.fixture
def bar(qtbot) -> ScoreBar:
    made = ScoreBar()
    qtbot.addWidget(made)
    made.resize(260, 36)
    made.show()
    return made


@pytest.mark.parametrize(
    ("found", "scale"),
    [
        (score("recall", 0.56, low=0.5, high=0.6, floor=0.84), (0.0, 1.0)),
        (score("frechet", 0.81, low=0.72, high=0.8975, floor=0.059), (0.0, 1.0)),
        (score("frechet", 5.5, low=2.3, high=8.7), (0.0, 10.0)),
        (score("nearest", 1.06, floor=1.0, better="near"), (0.0, 2.0)),
        (score("nearest", 3.3, floor=1.0, better="near"), (0.0, 4.0)),
        (score("speed", 579.4, high=682.1), (0.0, 800.0)),
        (score("copies", 0.003, high=0.0065, floor=0.01), (0.0, 0.012)),
        (score("frechet", 0.0), (0.0, 1.0)),
    ],
)
def test_scales_end_at_round_numbers_behind_all_marks(found, scale):
    assert ends(found) == pytest.approx(scale)


def test_a_scale_may_begin_below_nothing():
    first, last = ends(score("kernel", 0.005, low=-0.046, high=0.056, floor=-0.003))
    assert first < -0.046
    assert last == pytest.approx(0.08)


def test_a_share_beyond_its_scale_gets_another(bar):
    assert ends(score("recall", 1.2))[1] > 1.2


def test_places_follow_the_values(bar):
    bar.set_score(score("recall", 0.5, low=0.25, high=0.75))
    assert bar.x_of(0.0) == pytest.approx(DOT / 2)
    assert bar.x_of(1.0) == pytest.approx(260 - 1 - DOT / 2)
    assert bar.x_of(0.5) == pytest.approx((bar.x_of(0.0) + bar.x_of(1.0)) / 2)
    assert bar.x_of(7.0) == bar.x_of(1.0)
    assert bar.band().left() == pytest.approx(bar.x_of(0.25))
    assert bar.band().right() == pytest.approx(bar.x_of(0.75))


def test_a_narrow_interval_can_still_be_seen(bar):
    bar.set_score(score("recall", 0.5, low=0.4999, high=0.5001))
    assert bar.band().width() == pytest.approx(LEAST_BAND)
    bar.set_score(score("recall", 0.5))
    assert bar.band() is None


def test_the_words_say_what_the_bar_shows(bar):
    bar.set_score(score("recall", 0.5657, low=0.55, high=0.58, floor=0.84, better="higher"))
    assert bar.accessibleName() == (
        "Recall 0.5657, 95 % interval 0.55 to 0.58, real pictures 0.84, higher is better"
    )
    assert bar.toolTip() == bar.accessibleName()


def test_dot_band_and_mark_are_drawn(bar):
    bar.set_score(score("recall", 0.5, low=0.3, high=0.7, floor=0.9))
    drawn = bar.grab().toImage()
    assert drawn.pixelColor(round(bar.x_of(0.5)), LINE_Y) == color("accent")
    assert drawn.pixelColor(round(bar.x_of(0.9)), LINE_Y) == color("text")
    assert drawn.pixelColor(round(bar.x_of(0.1)), LINE_Y) == color("line")
    inside = drawn.pixelColor(round(bar.x_of(0.35)), LINE_Y)
    assert inside not in (color("line"), color("accent"))


def test_without_a_score_nothing_is_drawn(bar):
    drawn = bar.grab().toImage()
    middle = drawn.pixelColor(130, LINE_Y)
    assert middle == drawn.pixelColor(130, 34)
