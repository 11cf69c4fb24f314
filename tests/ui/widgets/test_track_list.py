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


# ---- keys where the focus really is


def test_arrow_keys_walk_from_the_track_that_has_the_focus(tracks, heard):
    chosen = heard(tracks.chosen)
    tracks.chosen.connect(lambda number: tracks.set_tracks(LINES, number))
    tracks.activateWindow()
    tracks.head(0).setFocus()
    QTest.keyClick(tracks.head(0), Qt.Key.Key_Down)
    assert chosen == [1]
    assert tracks.head(1).hasFocus()
    QTest.keyClick(tracks.head(1), Qt.Key.Key_Down)
    assert chosen == [1], "there is none below"
    QTest.keyClick(tracks.head(1), Qt.Key.Key_Up)
    assert chosen == [1, 0]
    assert tracks.head(0).hasFocus()


def test_a_press_on_the_chosen_track_leaves_it_chosen(tracks, heard):
    chosen = heard(tracks.chosen)
    tracks.head(0).click()
    assert chosen == [0]
    assert tracks.head(0).isChecked()
    assert tracks.current() == 0


def test_space_chooses_and_switches(tracks, heard):
    chosen, switched = heard(tracks.chosen), heard(tracks.switched)
    QTest.keyClick(tracks.head(1), Qt.Key.Key_Space)
    QTest.keyClick(tracks.switch(1, MUTE), Qt.Key.Key_Space)
    assert chosen == [1]
    assert switched == [(1, MUTE, False)]


def test_the_menu_key_opens_the_menu_below_its_track(tracks, monkeypatch):
    from PySide6.QtGui import QContextMenuEvent

    wanted = []
    monkeypatch.setattr(tracks, "open_menu", lambda number, where: wanted.append((number, where)))
    head = tracks.head(1)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    head.contextMenuEvent(event)
    ((number, where),) = wanted
    assert number == 1
    assert head.mapFromGlobal(where).y() == head.height()
    at = QPoint(700, 300)
    head.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(3, 3), at))
    assert wanted[1] == (1, at)


# ---- names


def test_a_double_click_asks_for_another_name_and_escape_leaves_the_old_one(tracks, heard):
    renamed = heard(tracks.renamed)
    QTest.mouseDClick(tracks.head(1), Qt.MouseButton.LeftButton)
    dialog = tracks.findChild(QInputDialog)
    assert dialog.textValue() == "Kit"
    dialog.setTextValue("Other")
    dialog.reject()
    assert renamed == []


def test_a_name_is_cut_where_it_is_too_long(tracks, heard):
    renamed = heard(tracks.renamed)
    tracks.rename(0)
    dialog = tracks.findChild(QInputDialog)
    dialog.setTextValue("la " * 200)
    dialog.accept()
    ((number, name),) = renamed
    assert number == 0
    assert len(name) == 200
    assert name.startswith("la la")


def test_a_track_says_all_that_is_on(tracks):
    tracks.set_tracks([TrackLine("Alto", 41, muted=True, solo=True, locked=True)], 0)
    assert tracks.head(0).accessibleName() == "Alto, Viola, muted, solo, locked"
    assert tracks.head(0).toolTip().startswith("Alto, Viola")
    for what in (MUTE, SOLO, LOCK):
        assert tracks.switch(0, what).isChecked()
    tracks.set_tracks([TrackLine("Alto", 41)], 0)
    assert tracks.head(0).accessibleName() == "Alto, Viola"
    assert not any(tracks.switch(0, what).isChecked() for what in (MUTE, SOLO, LOCK))


def test_a_switch_says_what_it_does(tracks):
    assert tracks.switch(0, MUTE).toolTip() == "do not play it"
    assert tracks.switch(1, SOLO).accessibleName() == "Solo Kit"


def test_the_chosen_track_has_a_frame_of_its_own(tracks):
    before = tracks.grab().toImage()
    tracks.set_tracks(LINES, 1)
    assert tracks.grab().toImage() != before
    assert [tracks.head(n).isChecked() for n in (0, 1)] == [False, True]


def test_a_switch_that_is_on_looks_on(tracks):
    lock = tracks.switch(0, LOCK)
    on = lock.grab().toImage()
    tracks.set_tracks([TrackLine("Soprano", 40), LINES[1]], 0)
    assert lock.grab().toImage() != on


def test_rows_that_are_not_there_are_told(tracks):
    for ask in (lambda: tracks.head(2), lambda: tracks.switch(2, MUTE)):
        with pytest.raises(IndexError):
            ask()
    with pytest.raises(KeyError):
        tracks.switch(0, "loud")
