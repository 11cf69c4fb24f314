"""Levels of probability, their words, and the legend."""

from __future__ import annotations

import pytest

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.chances import (
    MEANINGS,
    STEPS,
    WORDS,
    Legend,
    level_of,
    percent,
    visible,
)


def test_every_level_has_a_word_and_a_meaning():
    assert len(WORDS) == len(MEANINGS) == len(STEPS) + 1
    assert len(set(WORDS)) == len(WORDS)
    assert list(STEPS) == sorted(STEPS, reverse=True)


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_a_border_belongs_to_the_likelier_level(number):
    low = STEPS[number - 1]
    assert level_of(low) == number
    assert level_of(low - 1e-9) == number + 1


def test_levels_never_rise_with_the_probability():
    found = [level_of(place / 1000) for place in range(1001)]
    assert found == sorted(found, reverse=True)
    assert (found[0], found[-1]) == (5, 1)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.0, "under 0.1 %"),
        (0.00099, "under 0.1 %"),
        (0.001, "0.1 %"),
        (0.0994, "9.9 %"),
        (0.0995, "10 %"),
        (0.994, "99 %"),
        (0.995, "over 99 %"),
        (1.0, "over 99 %"),
    ],
)
def test_percent_at_its_borders(p, words):
    assert percent(p) == words


def test_no_percent_says_a_hundred_or_nothing():
    said = {percent(place / 10_000) for place in range(10_001)}
    assert "100 %" not in said
    assert "0 %" not in said
    assert "0.0 %" not in said
    assert "10.0 %" not in said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "(nothing)"),
        ("   ", "␣␣␣"),
        ("\n\n", "↵↵"),
        (" a b ", "␣a b␣"),
        ("\tx", "⇥x"),
        ("名前", "名前"),
        (" \n", "␣↵"),
    ],
)
def test_what_cannot_be_seen_is_shown(text, shown):
    assert visible(text) == shown


@pytest.fixture
def legend(qtbot):
    made = Legend()
    qtbot.addWidget(made)
    return made


def test_a_narrow_legend_is_higher(legend):
    wide = legend.sizeHint().width()
    heights = [legend.heightForWidth(width) for width in (wide, wide // 2, wide // 3, 1)]
    assert legend.hasHeightForWidth()
    assert heights == sorted(heights)
    assert heights[0] == legend.sizeHint().height()
    assert heights[-1] == len(WORDS) * heights[0]


def test_no_colour_of_the_legend_is_out_of_sight(legend):
    width = legend.sizeHint().width() // 2
    places = legend._places(width)
    assert len(set(places)) == len(WORDS)
    assert all(0 <= x < width for x, _row in places)
    assert [row for _x, row in places] == sorted(row for _x, row in places)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_legend_shows_all_five_colours(legend, name):
    theme().choose(name)
    legend.resize(legend.sizeHint())
    image = legend.grab().toImage()
    middles = [x + 6 for x, _row in legend._places(legend.width())]
    shown = [image.pixelColor(x, legend.height() // 2).name() for x in middles]
    assert shown == [color(f"chance_{level}").name() for level in range(1, len(WORDS) + 1)]
    assert len(set(shown)) == len(WORDS)


def test_the_legend_says_what_the_colours_mean(legend):
    said = legend.accessibleDescription()
    assert all(words in said and meaning in said for words, meaning in zip(WORDS, MEANINGS))
