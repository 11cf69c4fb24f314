"""The tracks of a piece as a list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.track_list import LOCK, MUTE, SOLO, TrackLine, TrackList

LINES = [TrackLine("Soprano", 40, locked=True), TrackLine("Kit", drums=True, muted=True)]


@pytest.fixture
def tracks(qtbot) -> TrackList:
    made = TrackList()
    qtbot.addWidget(made)
    made.resize(288, 120)
    made.show()
    made.set_tracks(LINES, 0)
    return made


def test_each_track_says_its_name_its_instrument_and_its_switches(tracks):
    assert tracks.tracks() == LINES
    assert tracks.head(0).accessibleName() == "Soprano, Violin, locked"
    assert tracks.head(1).accessibleName() == "Kit, Drums, muted"
    assert tracks.switch(0, LOCK).accessibleName() == "Lock Soprano"
    assert tracks.switch(1, MUTE).isChecked()
    assert not tracks.switch(1, SOLO).isChecked()


def test_presses_say_what_is_wanted(tracks, heard):
    chosen, switched = heard(tracks.chosen), heard(tracks.switched)
    tracks.head(1).click()
    tracks.switch(0, SOLO).click()
    tracks.switch(0, LOCK).click()
    assert chosen == [1]
    assert switched == [(0, SOLO, True), (0, LOCK, False)]


def test_arrow_keys_walk(tracks, heard):
    chosen = heard(tracks.chosen)
    QTest.keyClick(tracks, Qt.Key.Key_Up)
    QTest.keyClick(tracks, Qt.Key.Key_Down)
    assert chosen == [1]


def test_tracks_come_and_go(tracks):
    tracks.set_tracks([*LINES, TrackLine("New")], 2)
    assert tracks.current() == 2
    assert tracks.head(2).isChecked()
    tracks.set_tracks(LINES[:1], 0)
    assert len(tracks.tracks()) == 1


def test_the_menu_knows_all_instruments_by_family(tracks, heard):
    chosen, removed = heard(tracks.program_chosen), heard(tracks.remove_wanted)
    menu = tracks.menu(1)
    kinds = next(action.menu() for action in menu.actions() if action.menu())
    families = [action.menu() for action in kinds.actions() if action.menu()]
    assert sum(len(family.actions()) for family in families) == 128
    next(a for a in families[5].actions() if a.text() == "Cello").trigger()
    kinds.actions()[-1].trigger()
    menu.actions()[-1].trigger()
    assert chosen == [(1, 42), (1, -1)]
    assert removed == [1]
    menu.deleteLater()


def test_the_last_track_cannot_be_removed(tracks):
    tracks.set_tracks(LINES[:1], 0)
    menu = tracks.menu(0)
    assert not menu.actions()[-1].isEnabled()
    menu.deleteLater()


def test_the_menu_opens_by_key(tracks, qtbot):
    menu = tracks.open_menu(0, tracks.mapToGlobal(QPoint(10, 10)))
    assert menu.isVisible()
    menu.close()


def test_f2_asks_for_another_name(tracks, heard, qtbot):
    renamed = heard(tracks.renamed)
    QTest.keyClick(tracks.head(0), Qt.Key.Key_F2)
    dialog = tracks.findChild(QInputDialog)
    assert dialog.textValue() == "Soprano"
    dialog.setTextValue("  First   voice ")
    dialog.accept()
    assert renamed == [(0, "First voice")]


@pytest.mark.parametrize("name", ["dark", "light"])
def test_colours_differ_and_muted_is_pale(tracks, name):
    theme().choose(name)
    dots = []
    for number in (0, 1):
        image = tracks.head(number).grab().toImage()
        dots.append(image.pixelColor(17, image.height() // 2))
    assert dots[0] == color("voice_1")
    assert dots[1] not in (color("voice_2"), color("raised"))
