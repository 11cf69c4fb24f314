"""A pill that hands a file to other programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from genstudio.ui.widgets import drag_pill
from genstudio.ui.widgets.drag_pill import DragPill

LEFT = Qt.MouseButton.LeftButton
FILE = Path("/tmp/Song.mid")


@pytest.fixture
def pill(qtbot):
    made = DragPill("Drag MIDI")
    qtbot.addWidget(made)
    made.show()
    yield made
    QGuiApplication.clipboard().clear()


@pytest.fixture
def dragged(monkeypatch):
    """The files of drags that were begun (a real one would wait for a mouse)."""
    found: list[Path] = []
    monkeypatch.setattr(drag_pill, "drag_out", lambda _pill, path: found.append(path))
    return found


def pull(pill: DragPill) -> None:
    """Press, and go far enough for a drag."""
    at = pill.rect().center()
    QTest.mousePress(pill, LEFT, pos=at)
    QTest.mouseMove(pill, at + QPoint(2, 0))
    QTest.mouseMove(pill, at + QPoint(60, 40))


def test_a_drag_asks_for_the_file_and_begins_when_it_is_there(pill, dragged, heard):
    wanted = heard(pill.wanted)
    pull(pill)
    assert len(wanted) == 1
    assert dragged == []
    pill.give(FILE)
    assert dragged == [FILE]


def test_a_press_copies_the_file(pill, dragged, heard):
    copied = heard(pill.copied)
    QTest.mouseClick(pill, LEFT)
    pill.give(FILE)
    assert copied == [FILE]
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [url.toLocalFile() for url in urls] == [str(FILE)]
    assert dragged == []


def test_a_key_does_the_same(pill, heard):
    copied = heard(pill.copied)
    pill.setFocus()
    QTest.keyClick(pill, Qt.Key.Key_Space)
    pill.give(FILE)
    assert copied == [FILE]


def test_who_lets_go_too_early_drags_nothing(pill, dragged, heard):
    copied = heard(pill.copied)
    pull(pill)
    QTest.mouseRelease(pill, LEFT, pos=QPoint(300, 300))
    pill.give(FILE)
    assert (dragged, copied) == ([], [])


def test_a_file_that_does_not_come_is_forgotten(pill, heard):
    copied = heard(pill.copied)
    QTest.mouseClick(pill, LEFT)
    pill.forget()
    pill.give(FILE)
    assert copied == []
