"""Plays frames: play and pause, scrub, speed, loop."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button, Select
from genstudio.ui.widgets.image_view import ImageView
from genstudio.ui.widgets.number_edit import Slider

SPEEDS = (("0.25", "¼ ×"), ("0.5", "½ ×"), ("1", "1 ×"), ("2", "2 ×"), ("4", "4 ×"))


class AnimationPlayer(QWidget):
    """Frames at `fps` in an ImageView; space or K plays, comma and full stop step."""

    frame_changed = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: list[QImage] = []
        self._fps, self._speed, self._place, self._name = 24.0, 1.0, 0, "Animation"
        self.view = ImageView(self, "Animation")
        self.view.closed.connect(self.closed)
        self.view.stepped.connect(self.step)
        self._play = Button("Play", "play", key=shortcuts.keys_text("play"))
        self._play.setFixedWidth(104)
        self._play.clicked.connect(self.toggle)
        self._slider = Slider(self)
        self._slider.setAccessibleName("Frame")
        self._slider.valueChanged.connect(self._scrubbed)
        self._count = QLabel("0 of 0")
        self._count.setFont(font(12, tabular=True))
        self._count.setProperty("role", "dim")
        self._rate = Select(SPEEDS)
        self._rate.setAccessibleName("Speed")
        self._rate.setFixedWidth(92)
        self._rate.set_value("1")
        self._rate.chosen.connect(lambda value: self.set_speed(float(value)))
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.step(1))
        shortcuts.bind(self, "play", self.toggle)
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 12)
        row.setSpacing(12)
        row.addWidget(self._play)
        row.addWidget(self._slider, 1)
        row.addWidget(self._count)
        row.addWidget(self._rate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.view, 1)
        column.addLayout(row)

    def set_frames(self, frames: Sequence[QImage], fps: float, name: str = "Animation") -> None:
        """Other frames, at the first one; it does not start by itself."""
        self.pause()
        self._frames, self._fps, self._name = list(frames), max(0.1, fps), name
        self._slider.setRange(0, max(0, len(self._frames) - 1))
        self._place = 0
        self._show(keep=False)

    def count(self) -> int:
        """How many frames there are."""
        return len(self._frames)

    def play(self) -> None:
        """Go on from this frame, round and round."""
        if len(self._frames) > 1:
            self._timer.start(round(1000 / (self._fps * self._speed)))
            self._label("Pause", "pause")

    def pause(self) -> None:
        """Stop at this frame."""
        self._timer.stop()
        self._label("Play", "play")

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing() else self.play()

    def playing(self) -> bool:
        """Whether it runs."""
        return self._timer.isActive()

    def set_speed(self, factor: float) -> None:
        """1 is the animation's own pace."""
        self._speed = max(0.05, factor)
        if self.playing():
            self.play()

    def frame(self) -> int:
        """The place of the frame in sight."""
        return self._place

    def set_frame(self, place: int) -> None:
        """Show frame `place`, round the end."""
        if self._frames:
            self._place = place % len(self._frames)
            self._show(keep=True)

    def step(self, by: int) -> None:
        """The next or previous frame."""
        self.set_frame(self._place + by)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: rest."""
        super().hideEvent(event)
        self.pause()

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(480, 520)

    def _label(self, text: str, icon: str) -> None:
        self._play.set_text(text)
        self._play.set_icon(icon)

    def _scrubbed(self, place: int) -> None:
        if place != self._place:
            self.set_frame(place)

    def _show(self, keep: bool) -> None:
        image = self._frames[self._place] if self._frames else None
        self.view.set_image(image, self._name, keep=keep)
        self._slider.blockSignals(True)
        self._slider.setValue(self._place)
        self._slider.blockSignals(False)
        total = len(self._frames)
        self._count.setText(f"{self._place + 1 if total else 0} of {total}")
        self.frame_changed.emit(self._place)
