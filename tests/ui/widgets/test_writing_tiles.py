"""Samples of text as cards: laid out in one column or two, given words dim, others not."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from genstudio.ui.theme import color
from genstudio.ui.widgets import writing_tiles
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.writing_tiles import GAP, NARROW, USUAL, WritingTiles, page

SAMPLES = (("Once upon ", "a time."), ("The cat\n", "sat."), ("", "مرحبا 😀"))


@pytest.fixture
def tiles(qtbot):
    made = WritingTiles()
    qtbot.addWidget(made)
    return made


def shades(image: QImage) -> np.ndarray:
    """How far each pixel is from the background: (height, width) int."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    view = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), -1)
    ground = QColor(color("raised")).lightness()
    return abs(view[:, : grey.width()].astype(int) - ground)


def test_two_columns_where_there_is_room(tiles):
    assert (tiles.across(NARROW), tiles.across(NARROW - 1)) == (2, 1)
    tiles.set_sheet(SAMPLES)
    assert tiles.shown(NARROW) == 3
    assert tiles.shown(NARROW - 1) == 2
    one, two = tiles.heightForWidth(NARROW - 1), tiles.heightForWidth(NARROW)
    assert one == two == 2 * tiles.high + GAP
    heights = []
    for rows in (1, 2, 3, 4):
        tiles.set_rows(rows)
        heights.append(tiles.heightForWidth(NARROW))
    assert heights == sorted(heights)
    assert heights[0] < heights[1] < heights[2] == heights[3]
    assert tiles.minimumSizeHint().height() <= tiles.heightForWidth(NARROW)
    assert tiles.sizeHint().width() == 2 * NARROW


def test_places_stand_open_before_the_first_sample(tiles):
    assert list(tiles.sheet()) == list(tiles.nothing()) == []
    assert tiles.shown(NARROW) == USUAL
    tiles.resize(NARROW, 300)
    assert not tiles.grab().isNull()


def test_it_says_what_it_shows(tiles):
    tiles.set_sheet(SAMPLES)
    assert tiles.accessibleDescription().startswith("1: Once upon a time.\n2: The cat")
    tiles.set_sheet([("x" * 5000, "y")])
    assert len(tiles.accessibleDescription()) == writing_tiles.LETTERS


def test_a_double_click_opens(tiles, qtbot):
    tiles.show()
    with qtbot.waitSignal(tiles.opened):
        QTest.mouseDClick(tiles, Qt.MouseButton.LeftButton)


def test_given_words_are_dimmer(qtbot):
    given, written = shades(page(("many words here", ""))), shades(page(("", "many words here")))
    assert 0 < given.max() < written.max()


def test_line_ends_start_lines(qtbot):
    def lowest(sample: tuple[str, str]) -> int:
        return int(np.flatnonzero((shades(page(sample)) > 20).any(axis=1)).max())

    assert lowest(("", "a\na")) - lowest(("", "a")) == writing_tiles.LINE
    assert lowest(("\n\n\na", "")) == lowest(("a", ""))
    assert lowest(("", "a\n" * 50)) < 96


@pytest.mark.parametrize("sample", [("", ""), ("\n", ""), ("\ud800", "\udc00 a"), SAMPLES[2]])
def test_odd_samples_do_no_harm(qtbot, sample):
    assert not page(sample).isNull()


def test_a_film_of_texts(qtbot):
    film = FilmStrip("Samples", WritingTiles())
    qtbot.addWidget(film)
    asked: list[int] = []
    film.set_loader(asked.append)
    film.set_frames(["step 1", "step 2"])
    assert asked == [1]
    assert list(film.sheet(1)) == []
    film.put(1, SAMPLES)
    assert film.tiles.sheet() == SAMPLES
    film.set_frame(0)
    film.put(0, SAMPLES[:1])
    assert film.tiles.sheet() == SAMPLES[:1]
    assert film.tiles.accessibleName() == "Samples: step 1"
