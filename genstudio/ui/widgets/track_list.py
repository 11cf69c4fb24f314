"""The tracks of a piece: colour, name, instrument, mute, solo, lock; one is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from genstudio.core import instruments
from genstudio.ui import icons
from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.roll_marks import voice

HEIGHT, DOT, PAD = 42, 10, 12
SWITCH = QSize(26, 26)
LETTERS = 200
MUTE, SOLO, LOCK = "muted", "solo", "locked"


@dataclass(frozen=True)
class TrackLine:
    """One track as it is shown."""

    name: str
    program: int = 0
    drums: bool = False
    muted: bool = False
    solo: bool = False
    locked: bool = False

    @property
    def instrument(self) -> str:
        """What plays it."""
        return instruments.DRUM_WORD if self.drums else instruments.name_of(self.program)


class _Switch(QAbstractButton):
    """A letter or an icon that is on or off."""

    def __init__(self, sign: str, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._sign, self._words = sign, words
        self.setCheckable(True)
        self.setFixedSize(SWITCH)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def say(self, track: str) -> None:
        """Tell whose switch it is."""
        self.setAccessibleName(f"{self._words.split(':')[0]} {track}")
        self.setToolTip(self._words.partition(": ")[2] or self._words)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if on or self.underMouse():
            painter.setPen(color("accent") if on else Qt.PenStyle.NoPen)
            painter.setBrush(color("wash" if on else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)
        token = "accent" if on else "dim"
        if len(self._sign) == 1:
            painter.setFont(font(11, 600))
            painter.setPen(color(token))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._sign)
        else:
            icons.paint(painter, self._sign if on else "unlock", QRect(5, 5, 16, 16), token)


class _Head(QAbstractButton):
    """Colour, name and instrument; a press chooses the track."""

    menu_wanted = Signal(QPoint)
    renaming = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line, self.token = TrackLine(""), "accent"
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        quiet = self.line.muted
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self.token))
        painter.setOpacity(0.4 if quiet else 1.0)
        painter.drawEllipse(QRectF(PAD, (self.height() - DOT) / 2, DOT, DOT))
        painter.setOpacity(1.0)
        left = PAD + DOT + 10
        room = QRect(left, 4, self.width() - left, 18)
        self._words(painter, room, self.line.name, 13, 600, "dim" if quiet else "text")
        self._words(painter, room.translated(0, 16), self.line.instrument, 12, 400, "dim")

    def _words(
        self, painter: QPainter, room: QRect, text: str, size: int, weight: int, token: str
    ) -> None:
        painter.setFont(font(size, weight))
        painter.setPen(color(token))
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Instrument, name, remove."""
        keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        where = self.mapToGlobal(QPoint(PAD, HEIGHT)) if keys else event.globalPos()
        self.menu_wanted.emit(where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 gives another name; up and down are the list's, not those of any button."""
        if event.key() == Qt.Key.Key_F2:
            self.renaming.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        """A press asks; the list says which track is chosen."""

    def mouseDoubleClickEvent(self, _event: object) -> None:
        """The same with the mouse."""
        self.renaming.emit()


class _Row(QFrame):
    def __init__(self, number: int, parent: TrackList) -> None:
        super().__init__(parent)
        self.number = number
        self.head = _Head(self)
        self.switches = {
            MUTE: _Switch("M", "Mute: do not play it", self),
            SOLO: _Switch("S", "Solo: play only this one", self),
            LOCK: _Switch("lock", "Lock: models leave it as it is", self),
        }
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 8, 0)
        line.setSpacing(1)
        line.addWidget(self.head, 1)
        for name, switch in self.switches.items():
            line.addWidget(switch)
            switch.clicked.connect(
                lambda on, what=name: parent.switched.emit(number, what, bool(on))
            )
        self.head.clicked.connect(lambda: parent.chosen.emit(number))
        self.head.menu_wanted.connect(lambda where: parent.open_menu(number, where))
        self.head.renaming.connect(lambda: parent.rename(number))

    def show_line(self, line: TrackLine, chosen: bool) -> None:
        said = f"{line.name}, {line.instrument}"
        states = [word for word in (MUTE, SOLO, LOCK) if getattr(line, word)]
        self.head.line, self.head.token = line, voice(self.number)
        self.head.setChecked(chosen)
        self.head.setAccessibleName(", ".join([said, *states]))
        self.head.setToolTip(f"{said}\nF2: another name. Menu key: its instrument.")
        for name, switch in self.switches.items():
            switch.setChecked(getattr(line, name))
            switch.say(line.name)
        self.head.update()
        self.update()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.head.isChecked()
        painter.setPen(color("accent" if chosen else "line"))
        painter.setBrush(color("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


class TrackList(QWidget):
    """`chosen(number)`; `switched(number, "muted"|"solo"|"locked", on)`; `renamed(number,
    name)`; `program_chosen(number, program)`, -1 for drums; `remove_wanted(number)`."""

    chosen = Signal(int)
    switched = Signal(int, str, bool)
    renamed = Signal(int, str)
    program_chosen = Signal(int, int)
    remove_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Tracks")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._rows: list[_Row] = []
        self._lines: list[TrackLine] = []
        self._current = 0

    def set_tracks(self, lines: Sequence[TrackLine], current: int) -> None:
        """Show these, one of them chosen."""
        while len(self._rows) > len(lines):
            gone = self._rows.pop()
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self._rows) < len(lines):
            row = _Row(len(self._rows), self)
            self._rows.append(row)
            self._column.addWidget(row)
        self._lines, self._current = list(lines), current
        for row, line in zip(self._rows, lines, strict=True):
            row.show_line(line, row.number == current)

    def tracks(self) -> list[TrackLine]:
        """What is shown."""
        return list(self._lines)

    def current(self) -> int:
        """The chosen track."""
        return self._current

    def head(self, number: int) -> QAbstractButton:
        """The part of a row that chooses it; raises IndexError."""
        return self._rows[number].head

    def switch(self, number: int, what: str) -> QAbstractButton:
        """A switch of a row; raises IndexError or KeyError."""
        return self._rows[number].switches[what]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        wanted = self._current + step
        if step and 0 <= wanted < len(self._rows):
            self._rows[wanted].head.setFocus(Qt.FocusReason.TabFocusReason)
            self.chosen.emit(wanted)
            return
        super().keyPressEvent(event)

    def open_menu(self, number: int, where: QPoint) -> QMenu:
        """Instrument, name, remove."""
        menu = self.menu(number)
        menu.popup(where)
        return menu

    def menu(self, number: int) -> QMenu:
        """The menu of a track; it goes when it is left."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Rename…", lambda: self.rename(number))
        kinds = menu.addMenu("Instrument")
        for place, family in enumerate(instruments.FAMILIES):
            group = kinds.addMenu(family)
            for program in range(place * 8, place * 8 + 8):
                group.addAction(
                    instruments.NAMES[program],
                    lambda program=program: self.program_chosen.emit(number, program),
                )
        kinds.addAction(
            instruments.DRUM_WORD, lambda: self.program_chosen.emit(number, instruments.DRUMS)
        )
        menu.addSeparator()
        remove = menu.addAction("Remove the track", lambda: self.remove_wanted.emit(number))
        remove.setEnabled(len(self._lines) > 1)
        return menu

    def rename(self, number: int) -> None:
        """Ask for another name."""
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Name of the track")
        dialog.setLabelText("Name")
        dialog.setTextValue(self._lines[number].name)
        dialog.textValueSelected.connect(
            lambda text: self.renamed.emit(number, " ".join(text.split())[:LETTERS])
        )
        dialog.open()
