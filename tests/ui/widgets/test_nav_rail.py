"""The rail while something is dragged over it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from genstudio.ui.widgets import nav_rail
from genstudio.ui.widgets.nav_rail import NavRail, RailButton

COPY, NONE = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class OwnDrag(QDragEnterEvent):
    """A drag that began in this window."""

    def source(self) -> object:
        return self


@pytest.fixture
def files() -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/a.wav")])
    return data


@pytest.fixture
def rail(qtbot, monkeypatch):
    monkeypatch.setattr(nav_rail, "HOVER_MS", 0)
    made = NavRail([("sound", "Sound", "sound"), ("music", "Music", "music"), ("s", "S", "sound")])
    qtbot.addWidget(made)
    made.show()
    return made


def button(rail: NavRail, key: str) -> RailButton:
    return rail._buttons[key]


def test_what_is_held_over_an_area_shows_it(rail, files, qtbot):
    event = OwnDrag(QPoint(5, 5), COPY, files, LEFT, NONE)
    with qtbot.waitSignal(rail.chosen) as told:
        button(rail, "music").dragEnterEvent(event)
    assert event.isAccepted()
    assert told.args == ["music"]


def test_what_goes_on_or_is_let_go_shows_nothing(rail, files, heard, qapp):
    chosen, target = heard(rail.chosen), button(rail, "music")
    target.dragEnterEvent(OwnDrag(QPoint(5, 5), COPY, files, LEFT, NONE))
    target.dragLeaveEvent(QDragLeaveEvent())
    qapp.processEvents()
    target.dragEnterEvent(OwnDrag(QPoint(5, 5), COPY, files, LEFT, NONE))
    drop = QDropEvent(QPointF(5, 5), COPY, files, LEFT, NONE)
    target.dropEvent(drop)
    qapp.processEvents()
    assert chosen == []
    assert not drop.isAccepted()


def test_files_of_another_program_are_the_windows(rail, files, heard, qapp):
    chosen = heard(rail.chosen)
    event = QDragEnterEvent(QPoint(5, 5), COPY, files, LEFT, NONE)
    QApplication.sendEvent(button(rail, "music"), event)
    qapp.processEvents()
    assert not event.isAccepted()
    assert chosen == []
