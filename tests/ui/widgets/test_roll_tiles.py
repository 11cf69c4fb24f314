"""Samples of music as rolls: places, chosen by mouse and keys, what is heard, words for it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from genstudio.media.sound_reading import Recording
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.roll_tiles import GAP, USUAL, WIDE, RollTiles
from tests.helpers.pieces import chorale


def rolls(count: int = 3) -> list:
    found = []
    for place in range(count):
        image = QImage(48, 20, QImage.Format.Format_RGB32)
        image.fill(QColor(("red", "green", "blue", "black")[place]))
        found.append((image, chorale(2, 1, place)))
    return found


@pytest.fixture
def tiles(qtbot):
    made = RollTiles()
    qtbot.addWidget(made)
    made.resize(WIDE, 200)
    return made


def test_all_in_a_row_where_there_is_room(tiles):
    assert (tiles.across(WIDE), tiles.across(WIDE - 1)) == (USUAL, 2)
    tiles.set_sheet(rolls(4))
    assert tiles.heightForWidth(WIDE) < tiles.heightForWidth(WIDE - 1)
    first, second = tiles.room(0), tiles.room(1)
    assert second.left() - first.right() - 1 == GAP
    assert first.top() == second.top()
    tiles.resize(WIDE - 60, 400)
    assert tiles.room(2).top() > tiles.room(1).bottom()
    assert tiles.hasHeightForWidth()
    assert tiles.sizeHint().width() == WIDE
    assert tiles.minimumSizeHint().width() < WIDE


def test_places_stand_open_before_the_first_sample(tiles):
    assert list(tiles.sheet()) == list(tiles.nothing()) == []
    assert tiles.heightForWidth(WIDE) > 0
    assert not tiles.grab().isNull()
    assert tiles.place_at(tiles.room(0).center()) == -1
    QTest.keyClick(tiles, Qt.Key.Key_Return)
    assert tiles.playing() == -1


def test_the_mouse_says_what_to_hear(tiles, qtbot):
    tiles.set_sheet(rolls())
    with qtbot.waitSignal(tiles.wanted) as asked:
        QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.room(1).center())
    assert asked.args == [1]
    with qtbot.assertNotEmitted(tiles.wanted):
        QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.room(3).center())
        QTest.mouseClick(tiles, Qt.MouseButton.RightButton, pos=tiles.room(1).center())


def test_keys_do_the_same(tiles, qtbot):
    tiles.set_sheet(rolls())
    for key, place in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Right, 2),
                       (Qt.Key.Key_Left, 1)):  # fmt: skip
        QTest.keyClick(tiles, key)
        with qtbot.waitSignal(tiles.wanted) as asked:
            QTest.keyClick(tiles, Qt.Key.Key_Space)
        assert asked.args == [place]
    tiles.set_sheet(rolls(1))
    with qtbot.waitSignal(tiles.wanted) as asked:
        QTest.keyClick(tiles, Qt.Key.Key_Enter)
    assert asked.args == [0]


def test_it_says_what_it_shows(tiles):
    tiles.set_sheet(rolls(2))
    tiles.set_playing(1)
    one, two = tiles.accessibleDescription().split("; ")
    notes, bars = (len(chorale(2, 1, 0).notes), len(chorale(2, 1, 0).bars()) - 1)
    assert one == f"1: {notes} notes, {bars} bars, chosen"
    assert two.endswith("playing")
    sound = Recording(np.zeros((4000, 1), np.float32), 8000)
    tiles.set_sheet([(QImage(4, 4, QImage.Format.Format_RGB32), sound)])
    assert tiles.accessibleDescription().startswith("1: 0.5 seconds")


def test_samples_and_what_is_heard_are_seen(tiles):
    tiles.set_sheet(rolls())
    shown = tiles.grab().toImage()
    assert shown.pixelColor(tiles.room(0).center()) == QColor("red")
    assert shown.pixelColor(tiles.room(1).center()) == QColor("green")
    tiles.set_playing(0)
    assert tiles.grab().toImage() != shown
    before = tiles.grab().toImage()
    QTest.mouseMove(tiles, tiles.room(1).center())
    tiles._point(1)
    assert tiles.grab().toImage() != before
    QTest.mouseMove(tiles, QPoint(tiles.width() - 1, 0))
    tiles._point(-1)
    assert tiles.grab().toImage() == before


def test_it_may_only_show(qtbot):
    tiles = RollTiles(plays=False)
    qtbot.addWidget(tiles)
    tiles.resize(WIDE, 200)
    tiles.set_sheet(rolls())
    with qtbot.assertNotEmitted(tiles.wanted):
        QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.room(1).center())
    assert tiles.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert not tiles.toolTip()


def test_it_stands_in_a_film(qtbot):
    strip = FilmStrip("Samples", RollTiles())
    qtbot.addWidget(strip)
    strip.set_frames(["step 1", "step 2"])
    strip.put(1, rolls())
    assert len(strip.tiles.sheet()) == 3
    strip.set_words(["nothing"])
    strip.put(0, [])
    strip.set_frame(0)
    assert list(strip.tiles.sheet()) == []
