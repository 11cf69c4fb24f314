"""The queue, opened from the status line: reorder, pause, cancel, try again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from genstudio.ui.theme import RADIUS_BOX, color
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.panel_frame import scrolled, title

WIDTH, MOST_HEIGHT, ROW_HEIGHT = 460, 420, 56
_ROLES = {"failed": "red", "running": "good", "paused": "amber"}


@dataclass(frozen=True)
class QueueRow:
    """One job. `state` as in core.job; `text` says more; `share` 0–1 of its progress or -1."""

    id: str
    title: str
    state: str
    text: str = ""
    share: float = -1.0


class QueuePopup(QWidget):
    """Signals name the job; the owner acts and calls `set_rows` again."""

    move_wanted = Signal(str, int)
    cancel_wanted = Signal(str)
    retry_wanted = Signal(str)
    problem_wanted = Signal(str)
    pause_wanted = Signal(bool)
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Queue")
        self._rows: list[QueueRow] = []
        self._bars: dict[str, tuple[QProgressBar, QLabel]] = {}
        self._paused = False
        self._pause = Button("Pause", "pause")
        self._pause.clicked.connect(lambda: self.pause_wanted.emit(not self._paused))
        self._clear = Button("Clear")
        self._clear.clicked.connect(self.clear_wanted)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 4)
        head.addWidget(title("Queue"))
        head.addStretch(1)
        head.addWidget(self._pause)
        head.addWidget(self._clear)
        self._page = QWidget()
        self._list = QVBoxLayout(self._page)
        self._list.setContentsMargins(16, 0, 12, 8)
        self._list.setSpacing(2)
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(scrolled(self._page))

    def rows(self) -> list[QueueRow]:
        """What is shown."""
        return list(self._rows)

    def set_rows(self, rows: Sequence[QueueRow], paused: bool) -> None:
        """Show these jobs; only progress is changed in place while the jobs stay the same."""
        self._paused = paused
        self._pause.set_text("Go on" if paused else "Pause")
        self._pause.set_icon("play" if paused else "pause")
        before = [(r.id, r.state, r.title) for r in self._rows]
        self._rows = list(rows)
        self._clear.setEnabled(any(r.state in ("waiting", "paused") for r in rows))
        if before == [(r.id, r.state, r.title) for r in rows] and rows:
            for row in rows:
                self._show_progress(row)
            return
        self._rebuild()

    def open_above(self, anchor: QWidget) -> None:
        """Open with its foot on the top of `anchor`."""
        height = 66 + ROW_HEIGHT * max(1, len(self._rows))
        self.setFixedHeight(min(MOST_HEIGHT, height))
        self.move(anchor.mapToGlobal(QPoint(0, -self.height() - 8)))
        self.show()

    def _rebuild(self) -> None:
        self._bars = {}
        while self._list.count():
            widget = self._list.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not self._rows:
            empty = QLabel("Nothing waits.")
            empty.setProperty("role", "dim")
            self._list.addWidget(empty)
        waiting = [row.id for row in self._rows if row.state in ("waiting", "paused")]
        for row in self._rows:
            self._list.addWidget(self._make_row(row, waiting))

    def _make_row(self, row: QueueRow, waiting: list[str]) -> QWidget:
        widget = QWidget()
        widget.setFixedHeight(ROW_HEIGHT - 2)
        line = QHBoxLayout(widget)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        words = QVBoxLayout()
        words.setSpacing(2)
        name, state = QLabel(row.title), QLabel()
        for label in (name, state):
            label.setTextFormat(Qt.TextFormat.PlainText)
        name.setProperty("role", "strong")
        state.setProperty("role", _ROLES.get(row.state, "dim"))
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setAccessibleName(f"Progress of {row.title}")
        words.addStretch(1)
        for part in (name, state, bar):
            words.addWidget(part)
        words.addStretch(1)
        line.addLayout(words, 1)
        for button in self._buttons(row, waiting):
            line.addWidget(button)
        self._bars[row.id] = (bar, state)
        self._show_progress(row)
        return widget

    def _buttons(self, row: QueueRow, waiting: list[str]) -> list[Button]:
        made = []

        def add(text: str, name: str, action) -> None:  # type: ignore[no-untyped-def]
            button = Button(text, kind="quiet")
            button.setAccessibleName(f"{name} {row.title}")
            button.clicked.connect(action)
            made.append(button)

        if row.id in waiting:
            place = waiting.index(row.id)
            if place > 0:
                add("Up", "Move up:", lambda: self.move_wanted.emit(row.id, place - 1))
            if place < len(waiting) - 1:
                add("Down", "Move down:", lambda: self.move_wanted.emit(row.id, place + 1))
        if row.state in ("failed", "cancelled"):
            if row.state == "failed":
                add("Why?", "Why it failed:", lambda: self.problem_wanted.emit(row.id))
            add("Try again", "Try again:", lambda: self.retry_wanted.emit(row.id))
        elif row.state in ("waiting", "running", "paused"):
            add("Cancel", "Cancel", lambda: self.cancel_wanted.emit(row.id))
        return made

    def _show_progress(self, row: QueueRow) -> None:
        bar, state = self._bars[row.id]
        state.setText(row.text or row.state)
        state.setToolTip(row.text)
        bar.setVisible(row.state == "running")
        bar.setRange(0, 0 if row.share < 0 else 1000)
        if row.share >= 0:
            bar.setValue(round(1000 * row.share))

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """A raised box with round corners."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("line"))
        ground: QColor = color("panel")
        painter.setBrush(ground)
        shape = self.rect().adjusted(0, 0, -1, -1)
        painter.drawRoundedRect(shape, RADIUS_BOX, RADIUS_BOX)
