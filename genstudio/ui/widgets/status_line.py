"""The line that tells the truth: what runs, how long still, the queue, the device and why."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from genstudio.ui.theme import color, font
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.painting import painting

HEIGHT = 44


class Elided(QLabel):
    """Text that ends in "…" where there is no room; the whole of it on hover.

    `whole`: others shrink first.
    """

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = False
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setFont(font(13, tabular=True))

    def minimumSizeHint(self) -> QSize:
        """It can shrink to almost nothing, unless it is to stay whole."""
        width = self.sizeHint().width() if self.whole else 24
        return QSize(width, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Room for all of it."""
        width = QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2
        return QSize(width, super().sizeHint().height())

    def setText(self, text: str) -> None:
        """Other words, read aloud whole."""
        super().setText(text)
        self.setToolTip(text)
        self.updateGeometry()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The text, cut to the room there is."""
        painter.setFont(self.font())
        painter.setPen(color("dim" if self.property("role") == "dim" else "text"))
        shown = QFontMetrics(self.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, shown)


class DeviceBadge(QWidget):
    """A dot and words. `state`: "gpu" green, "cpu" grey, "trouble" amber, always with a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = "cpu"
        self._dot = _Dot(self)
        self._words = Elided("dim")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._words)

    def set_device(self, text: str, state: str = "cpu", help_text: str = "") -> None:
        """For example "CPU · 1 thread — no CUDA driver found"."""
        self._state = state
        self._words.setText(text)
        self.setToolTip(help_text or text)
        self.setAccessibleName(f"Device: {text}")
        self._dot.token = {"gpu": "good", "trouble": "amber"}.get(state, "dim")
        self._dot.update()
        self.setVisible(bool(text))

    def text(self) -> str:
        """The words."""
        return self._words.text()


class _Dot(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.token = "dim"
        self.setFixedSize(8, 20)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self.token))
        painter.drawEllipse(QRectF(0, 6, 8, 8))


class StatusLine(QWidget):
    """`cancel_wanted`, `queue_wanted` when their buttons are pressed."""

    cancel_wanted = Signal()
    queue_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Status")
        self._bar = QProgressBar()
        self._bar.setFixedWidth(212)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the running job")
        self._text, self._left = Elided(), Elided("dim")
        self.queue = Button("Queue", "queue", kind="pill")
        self.queue.clicked.connect(self.queue_wanted)
        self.cancel = Button("Cancel", kind="pill", key="Esc")
        self.cancel.clicked.connect(self.cancel_wanted)
        self.device = DeviceBadge()
        self._memory = Elided("dim")
        self._memory.whole = True
        self._build()
        self.set_idle("Ready")
        self.set_memory("")
        self.set_queue(0, paused=False)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 16, 0)
        row.setSpacing(14)
        for widget in (self._bar, self._text, self._left, self.queue, self.cancel):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.device)
        row.addWidget(self._memory)

    def set_idle(self, text: str, detail: str = "") -> None:
        """Nothing runs; `text` says how the last thing ended."""
        self._left.whole = False
        self._bar.hide()
        self.cancel.hide()
        self._text.setText(text)
        self._left.setText(detail)

    def set_running(self, text: str, done: float = 0, total: float = 0, left: str = "") -> None:
        """`done` of `total` (0: unknown) and the time left in words."""
        self._bar.show()
        self.cancel.show()
        self._left.whole = True
        self._bar.setRange(0, 1000 if total > 0 else 0)
        if total > 0:
            self._bar.setValue(round(1000 * min(1.0, done / total)))
        self._text.setText(text)
        self._left.setText(left)
        self.setAccessibleDescription(f"{text}. {left}" if left else text)

    def set_stopping(self) -> None:
        """Said at once when a cancel was asked for."""
        self._left.setText("Stopping…")
        self.cancel.setEnabled(False)

    def set_cancel(self, words: str) -> None:
        """What the button does: "Cancel", or "Pause" where the work can be gone on with."""
        if words != self.cancel.text():
            self.cancel.set_text(words)
            self.cancel.set_key("Esc" if words == "Cancel" else "")

    def set_can_cancel(self, can: bool) -> None:
        """Allow cancelling again."""
        self.cancel.setEnabled(can)

    def set_queue(self, waiting: int, paused: bool, failed: int = 0) -> None:
        """How many wait, whether the queue is paused, how many failed."""
        words = []
        if waiting:
            words.append(f"{waiting} more in the queue")
        if failed:
            words.append(f"{failed} failed")
        if paused:
            words.append("paused")
        self.queue.set_text(" · ".join(words) or "Queue")
        self.queue.setVisible(bool(words))

    def set_memory(self, text: str) -> None:
        """Memory of the workers, for example "1.1 GB of 24 GB"."""
        self._memory.setText(text)
        self._memory.setVisible(bool(text))

    def text(self) -> str:
        """What it says runs."""
        return self._text.text()

    def detail(self) -> str:
        """The dim words behind it."""
        return self._left.text()
