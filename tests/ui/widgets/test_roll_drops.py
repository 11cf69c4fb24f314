"""Sounds that are dropped on the roll, and rows that tell of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from genstudio.media.notes import Piece, RowSound, Track, notes_of
from genstudio.ui.widgets.piano_roll import ROW_SOUND, PianoRoll
from genstudio.ui.widgets.roll_drops import is_sound

KIT = Track("Kit", 0, True, (RowSound(36, "boom", "0" * 16),))
PIECE = Piece(notes_of([(0, 480, 60, 80, 0), (0, 60, 38, 80, 1)]), (Track("Lead"), KIT))
COPY, NONE = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def roll(qtbot):
    made = PianoRoll()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    made.set_piece(PIECE)
    made.set_track(1)
    return made


def files(*names: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(f"/tmp/{name}") for name in names])
    return data


def row(roll: PianoRoll, pitch: int) -> QPointF:
    """The middle of a row."""
    view = roll.canvas.view
    return QPointF(40, float(view.y(pitch)) + view.row / 2)


def send(widget, kind, at: QPointF, data: QMimeData) -> bool:
    """A drag event; whether it was accepted."""
    place = at if kind is QDropEvent else at.toPoint()
    event = kind(place, COPY, data, LEFT, NONE)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_names_of_sounds():
    assert is_sound("/a/Kick.WAV")
    assert is_sound("b.flac")
    assert not is_sound("c.mid")


def test_a_sound_over_a_row_is_shown_and_taken(roll, heard):
    dropped = heard(roll.sound_dropped)
    ground, data = roll.canvas.viewport(), files("note.txt", "kick.wav")
    assert send(ground, QDragEnterEvent, row(roll, 38), data)
    assert roll.canvas.over_row == 38
    assert send(ground, QDragMoveEvent, row(roll, 42), data)
    assert roll.canvas.over_row == 42
    roll.grab()
    assert send(ground, QDropEvent, row(roll, 42), data)
    assert dropped == [(42, "/tmp/kick.wav")]
    assert roll.canvas.over_row == -1


def test_the_names_at_the_left_take_it_too(roll, heard):
    dropped = heard(roll.sound_dropped)
    assert send(roll.side, QDragEnterEvent, row(roll, 36), files("a.flac"))
    assert send(roll.side, QDropEvent, row(roll, 36), files("a.flac"))
    assert dropped == [(36, "/tmp/a.flac")]


def test_a_sound_that_goes_on_leaves_nothing(roll):
    send(roll.side, QDragEnterEvent, row(roll, 38), files("a.wav"))
    QApplication.sendEvent(roll.side, QDragLeaveEvent())
    assert roll.canvas.over_row == -1


def test_other_files_are_not_for_rows(roll, heard):
    dropped = heard(roll.sound_dropped)
    assert not send(roll.canvas.viewport(), QDragEnterEvent, row(roll, 38), files("a.mid"))
    assert dropped == []


def test_over_other_tracks_no_row_is_named(roll, heard):
    dropped = heard(roll.sound_dropped)
    roll.set_track(0)
    ground = roll.canvas.viewport()
    assert send(ground, QDragEnterEvent, QPointF(50, 50), files("a.wav"))
    assert roll.canvas.over_row == -1
    assert send(ground, QDropEvent, QPointF(50, 50), files("a.wav"))
    assert dropped == [(-1, "/tmp/a.wav")]


def test_a_row_with_a_recording_stays_in_sight_and_is_called_by_it(roll):
    own = Track("Kit", 0, True, (RowSound(70, "x", "1"),))
    roll.set_piece(PIECE.replaced(tracks=(PIECE.tracks[0], own)))
    roll.set_track(1)
    assert 70 in roll.model.ladder().tolist(), "no note is there and the kit has it not"
    assert roll.table.name_of(70, 1) == "Maracas (x)"
    assert roll.table.name_of(38, 1) == "Snare"


def test_hovering_says_what_sounds_in_a_row(roll, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, words, _widget: told.append(words))
    for pitch in (36, 38):
        at = row(roll, pitch).toPoint()
        QApplication.sendEvent(roll.side, QHelpEvent(QEvent.Type.ToolTip, at, at))
    assert told[0].startswith("Kick: boom\n")
    assert told[1].startswith("Snare\n")


def test_a_row_has_a_menu_and_a_key(roll, heard):
    menus, wanted = heard(roll.row_menu), heard(roll.row_sound_wanted)
    at = row(roll, 38).toPoint()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(roll.side, QContextMenuEvent(reason, at, QPoint(5, 6)))
    assert menus == [(38, QPoint(5, 6))]
    roll.select([1])
    roll.canvas.setFocus()
    QTest.keyClick(roll.canvas, Qt.Key.Key_U)
    assert wanted == [38]
    roll.canvas.cursor_at = (0, 46)
    roll.select([0])  # of another track
    roll.want_row_sound()
    assert wanted == [38, 46]


def test_without_drums_there_is_no_such_thing(roll, heard):
    wanted, menus = heard(roll.row_sound_wanted), heard(roll.row_menu)
    roll.set_track(0)
    roll.want_row_sound()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(roll.side, QContextMenuEvent(reason, QPoint(5, 50), QPoint(5, 6)))
    assert (wanted, menus) == ([], [])


@pytest.mark.parametrize(("track", "there"), [(0, False), (1, True)])
def test_the_menu_of_notes_offers_it_for_drums(roll, track, there, qtbot):
    from PySide6.QtWidgets import QMenu

    roll.set_track(track)
    roll.open_menu(QPoint(10, 10))
    menu = roll.findChildren(QMenu)[-1]
    found = any(action.text().startswith(ROW_SOUND) for action in menu.actions())
    menu.close()
    assert found == there
