"""Sheets of samples over time: laid out in rows, scrubbed, played, decoded by somebody else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.ui.theme import color
from genstudio.ui.widgets.film_strip import KEPT, FilmStrip
from genstudio.ui.widgets.picture_tiles import GAP, SIDE, Tiles, tiles_of


def sheet(colour="#336699", side=8, rows=4) -> QImage:
    image = QImage(side * 10, side * rows, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def names(count):
    return [f"step {number * 100:,}" for number in range(1, count + 1)]


# ---- tiles


def test_a_sheet_is_cut_in_reading_order():
    image = sheet(side=4, rows=2)
    image.setPixelColor(4, 0, QColor("#ffffff"))
    image.setPixelColor(0, 4, QColor("#ff0000"))
    tiles = tiles_of(image)
    assert len(tiles) == 20
    assert tiles[1].pixelColor(0, 0).name() == "#ffffff"
    assert tiles[10].pixelColor(0, 0).name() == "#ff0000"
    assert tiles[0].size().toTuple() == (4, 4)


def test_no_sheet_has_no_tiles():
    assert tiles_of(QImage()) == []
    assert tiles_of(QImage(5, 5, QImage.Format.Format_RGB32)) == []


@pytest.fixture
def tiles(qtbot):
    made = Tiles(rows=2)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("width", [300, 520, 800, 912, 1200, 1600])
def test_places_fill_the_width_evenly(tiles, width):
    tiles.set_sheet(sheet())
    across, side = tiles.across(width), tiles.side(width)
    assert width - across < across * (side + GAP) - GAP <= width
    assert side >= min(SIDE, (width - 3 * GAP) // 4)
    assert tiles.heightForWidth(width) == tiles.rows(width) * (side + GAP) - GAP
    missing = -40 % across
    assert missing <= 3 or across <= 7


def test_a_picture_tells_what_it_was_asked_for(tiles):
    told = []
    tiles.pointed.connect(told.append)
    tiles.set_sheet(sheet())
    tiles.resize(912, tiles.heightForWidth(912))
    tiles.set_words([f"cat {place}" for place in range(39)])
    across, step = tiles.across(912), tiles.side(912) + GAP
    assert tiles.words_at(QPoint(5, 5)) == "cat 0"
    assert tiles.words_at(QPoint(2 * step + 5, step + 5)) == f"cat {across + 2}"
    assert tiles.words_at(QPoint(5, 5000)) == tiles.words_at(QPoint(-3, 5)) == ""
    assert tiles.accessibleDescription().startswith("1: cat 0; 2: cat 1;")
    at, none = QPointF(step + 5, 5), Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(tiles, move)
    assert told[-1] == "cat 1"
    leave = QEvent(QEvent.Type.Leave)
    QApplication.sendEvent(tiles, leave)
    assert told[-1] == ""
    tiles.set_words([])
    assert tiles.words_at(QPoint(5, 5)) == tiles.accessibleDescription() == ""


def test_the_strip_shows_the_words_beside_its_title(qtbot):
    strip = FilmStrip("Samples")
    qtbot.addWidget(strip)
    strip.resize(900, 300)
    strip.set_frames(names(1))
    strip.put(0, sheet())
    strip.set_words(["a red hat"] * 40)
    with qtbot.waitExposed(strip):
        strip.show()
    strip.tiles.pointed.emit("a red hat")
    assert strip.words.text() == "“a red hat”"
    strip.tiles.pointed.emit("very " * 200)
    assert strip.words.text().endswith("…")
    strip.set_words([])
    assert strip.words.text() == ""


def test_no_more_rows_than_there_are_pictures(tiles):
    tiles.set_rows(9)
    tiles.set_sheet(sheet(rows=1))
    assert tiles.rows(912) == 1
    tiles.set_sheet(sheet(rows=4))
    assert tiles.rows(912) == 4
    tiles.resize(912, 600)
    assert tiles.shown() == 40


def test_small_pictures_keep_their_pixels(tiles):
    image = sheet(side=8)
    image.setPixelColor(0, 0, QColor("#ffffff"))
    tiles.set_sheet(image)
    tiles.resize(912, tiles.heightForWidth(912))
    shot = tiles.grab().toImage()
    middle = shot.pixelColor(20, 30).name()
    assert middle == "#336699"
    # One pixel of the sample is a sharp square: no colour in between along the edge.
    seen = {shot.pixelColor(x, 8).name() for x in range(2, 30)} - {"#336699", "#ffffff"}
    assert not seen


def test_empty_places_are_shown_while_there_is_nothing(tiles):
    tiles.resize(912, tiles.heightForWidth(912))
    assert tiles.grab().toImage().pixelColor(30, 30).name() == color("raised").name()


def test_a_double_click_opens(tiles, heard):
    opened = heard(tiles.opened)
    tiles.show()
    QTest.mouseDClick(tiles, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(tiles, Qt.MouseButton.LeftButton)
    assert len(opened) == 1


# ---- the strip


@pytest.fixture
def strip(qtbot):
    made = FilmStrip("Samples")
    qtbot.addWidget(made)
    made.resize(900, 260)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def asked(strip):
    found: list[int] = []
    strip.set_loader(found.append)
    return found


def test_nothing_yet(strip):
    assert strip.frame() == -1
    assert not strip.slider.isEnabled()
    assert not strip.play_button.isEnabled()
    assert strip.at.text() == ""
    strip.set_frame(3)
    strip.play()
    assert strip.frame() == -1
    assert not strip.playing()
    assert "none yet" in strip.tiles.accessibleName()


def test_it_begins_at_the_newest_and_asks_for_it(strip, asked):
    strip.set_frames(names(5))
    assert strip.frame() == 4
    assert asked == [4]
    assert strip.at.text() == "step 500 · newest"
    strip.put(4, sheet("#aa0000"))
    assert strip.tiles.sheet().pixelColor(0, 0).name() == "#aa0000"
    assert strip.slider.accessibleDescription() == "step 500, sheet 5 of 5"


def test_it_stays_at_the_end_while_frames_come(strip, asked):
    strip.set_frames(names(3))
    strip.set_frames(names(4))
    assert strip.frame() == 3
    strip.set_frame(1)
    strip.set_frames(names(6))
    assert strip.frame() == 1
    assert strip.at.text() == "step 200"
    assert strip.slider.maximum() == 5


def test_arrows_on_the_slider_walk(strip, asked, heard):
    strip.set_frames(names(5))
    changed = heard(strip.frame_changed)
    strip.slider.setFocus()
    QTest.keyClick(strip.slider, Qt.Key.Key_Left)
    assert strip.frame() == 3
    QTest.keyClick(strip.slider, Qt.Key.Key_Home)
    assert strip.frame() == 0
    QTest.keyClick(strip.slider, Qt.Key.Key_Right)
    assert changed == [3, 0, 1]


def test_frames_outside_mean_the_ends(strip, asked):
    strip.set_frames(names(5))
    strip.set_frame(99)
    assert strip.frame() == 4
    strip.set_frame(-3)
    assert strip.frame() == 0


def test_each_sheet_is_asked_for_once_and_the_next_ahead(strip, asked):
    strip.set_frames(names(9))
    strip.set_frame(2)
    assert asked == [8, 2, 3, 4]
    strip.set_frame(3)
    assert asked == [8, 2, 3, 4, 5]
    strip.set_frame(2)
    assert asked == [8, 2, 3, 4, 5]


def test_the_picture_in_sight_stays_until_the_next_is_there(strip, asked):
    strip.set_frames(names(3))
    strip.put(2, sheet("#aa0000"))
    strip.set_frame(0)
    assert strip.tiles.sheet().pixelColor(0, 0).name() == "#aa0000"
    strip.put(0, sheet("#00aa00"))
    assert strip.tiles.sheet().pixelColor(0, 0).name() == "#00aa00"
    strip.put(1, sheet("#0000aa"))
    assert strip.tiles.sheet().pixelColor(0, 0).name() == "#00aa00"
    strip.put(17, sheet())
    assert strip.sheet(17).isNull()


def test_a_film_that_was_cut_is_asked_for_anew(strip, asked):
    strip.set_frames(names(3))
    for place in range(3):
        strip.put(place, sheet())
    # Back to a checkpoint at step 100, other steps follow.
    strip.set_frames(["step 100", "step 150"])
    assert strip.frame() == 1
    assert not strip.sheet(0).isNull()
    assert strip.sheet(1).isNull()
    assert asked[-1] == 1
    strip.set_frames([])
    assert strip.frame() == -1
    assert strip.tiles.sheet().isNull()


def test_old_sheets_are_let_go(strip, asked):
    strip.set_frames(names(KEPT + 5))
    for place in range(KEPT + 5):
        strip.put(place, sheet(side=2))
    assert strip.sheet(0).isNull()
    assert not strip.sheet(KEPT + 4).isNull()
    strip.set_frame(0)
    assert asked.count(0) == 1


def test_playing_from_the_end_begins_anew_and_stops_there(strip, asked, qtbot, monkeypatch):
    strip._timer.setInterval(1)
    strip.set_frames(names(4))
    for place in range(4):
        strip.put(place, sheet())
    strip.play_button.click()
    assert strip.playing()
    assert strip.frame() == 0
    assert strip.play_button.text() == "Pause"
    qtbot.waitUntil(lambda: not strip.playing())
    assert strip.frame() == 3
    assert strip.play_button.text() == "Play"


def test_the_film_waits_for_a_sheet_instead_of_skipping(strip, asked, qtbot):
    strip._timer.setInterval(1)
    strip.set_frames(names(3))
    strip.put(0, sheet())
    strip.set_frame(0)
    strip.toggle()
    qtbot.waitUntil(lambda: strip.frame() == 1)
    qtbot.wait(20)
    assert strip.frame() == 1
    assert strip.playing()
    strip.put(1, sheet())
    qtbot.waitUntil(lambda: strip.frame() == 2)


def test_the_key_plays_and_pauses(strip, asked):
    strip.set_frames(names(3))
    strip.slider.setFocus()
    QTest.keyClick(strip.slider, Qt.Key.Key_K)
    assert strip.playing()
    QTest.keyClick(strip.slider, Qt.Key.Key_K)
    assert not strip.playing()


def test_it_rests_while_nobody_looks(strip, asked):
    strip.set_frames(names(3))
    strip.play()
    strip.hide()
    assert not strip.playing()


def test_a_look_at_the_whole_sheet(strip, asked, heard):
    strip.set_frames(names(3))
    opened = heard(strip.opened)
    QTest.mouseDClick(strip.tiles, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(strip.tiles, Qt.MouseButton.LeftButton)
    assert opened == [2]
