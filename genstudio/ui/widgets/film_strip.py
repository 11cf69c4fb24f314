"""Sheets of samples made at the same seeds over time, to be scrubbed through like a film.

Sheets are decoded by whoever owns the strip, beside the window's thread: the strip asks for
those it is about to show.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.number_edit import Slider
from genstudio.ui.widgets.panel_frame import label
from genstudio.ui.widgets.picture_tiles import Tiles

FRAME_MS = 220
KEPT = 96
_AHEAD = 3


class Shower(Protocol):
    """Shows one frame of a film at a time; a widget with the signals `opened` and `pointed`."""

    opened: Any
    pointed: Any

    def nothing(self) -> Any:
        """A frame that is not there."""
        ...

    def set_sheet(self, sheet: Any) -> None:
        """Show another frame."""
        ...

    def set_words(self, words: Sequence[str]) -> None:
        """What each sample was asked for; none where nothing was."""
        ...


class FilmStrip(QWidget):
    """`set_frames(names)` lays the film out; it stays at its end while new frames come.

    `set_loader(fn)`: `fn(index)` is asked for a frame's sheet; answer with `put(index, image)`.
    `tiles` shows them: pictures by default, or whatever else is a `Shower`.
    """

    frame_changed = Signal(int)
    opened = Signal(int)

    def __init__(self, title: str, tiles: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._place = -1
        self._sheets: OrderedDict[int, Any] = OrderedDict()
        self._asked: set[int] = set()
        self._loader: Callable[[int], object] = lambda _index: None
        self.title = label(title)
        self.words = QLabel()
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.at = QLabel()
        self.at.setFont(font(12, tabular=True))
        self.at.setProperty("role", "dim")
        self.tiles: Any = tiles or Tiles()
        self.tiles.opened.connect(lambda: self.opened.emit(self._place))
        self.tiles.pointed.connect(self._show_words)
        self.slider = Slider(self)
        self.slider.setAccessibleName(f"{title}: time")
        self.slider.setRange(0, 0)
        self.slider.setPageStep(5)
        self.slider.valueChanged.connect(self._scrubbed)
        self.play_button = Button("Play", "play", key=shortcuts.keys_text("play"))
        self.play_button.setFixedWidth(104)
        self.play_button.clicked.connect(self.toggle)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._next)
        shortcuts.bind(self, "play", self.toggle)
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.words, 1)
        head.addWidget(self.at)
        foot.setSpacing(12)
        foot.addWidget(self.play_button)
        foot.addWidget(self.slider, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.tiles)
        column.addLayout(foot)

    # ---- contents

    def set_loader(self, loader: Callable[[int], object]) -> None:
        """Who brings the sheets."""
        self._loader = loader

    def set_frames(self, names: Sequence[str]) -> None:
        """The film: one name ("step 8,000") a frame. What was decoded stays where names do."""
        before, at_end = self._names, self._place >= len(self._names) - 1
        self._names = list(names)
        same = 0
        while same < min(len(before), len(names)) and before[same] == names[same]:
            same += 1
        for place in [place for place in self._sheets if place >= same]:
            del self._sheets[place]
        self._asked = {place for place in self._asked if place < same and place in self._sheets}
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(names) - 1))
        self.slider.blockSignals(False)
        last = len(names) - 1
        self._place = last if at_end or self._place > last else self._place
        self._show()

    def set_words(self, words: Sequence[str]) -> None:
        """What each picture of every sheet was asked for: shown for the one under the mouse."""
        self.tiles.set_words(words)
        self._show_words("")

    def put(self, index: int, image: Any) -> None:
        """The sheet of frame `index`; an empty one counts as one that cannot be read."""
        if not 0 <= index < len(self._names):
            return
        self._sheets[index] = image
        self._sheets.move_to_end(index)
        while len(self._sheets) > KEPT:
            gone, _ = self._sheets.popitem(last=False)
            self._asked.discard(gone)
        if index == self._place:
            self._show()

    def count(self) -> int:
        """How many frames there are."""
        return len(self._names)

    def frame(self) -> int:
        """The frame in sight; -1 while there is none."""
        return self._place

    def sheet(self, index: int) -> Any:
        """A frame's sheet; an empty one while it is not there."""
        return self._sheets.get(index, self.tiles.nothing())

    def set_frame(self, place: int) -> None:
        """Go to a frame; places outside mean the nearest end."""
        if self._names:
            self._place = max(0, min(len(self._names) - 1, place))
            self._show()
            self.frame_changed.emit(self._place)

    # ---- playing

    def play(self) -> None:
        """From here, or from the start when it stands at the end."""
        if len(self._names) < 2:
            return
        if self._place == len(self._names) - 1:
            self.set_frame(0)
        self._timer.start()
        self._label("Pause", "pause")

    def pause(self) -> None:
        """Stay here."""
        self._timer.stop()
        self._label("Play", "play")

    def playing(self) -> bool:
        """Whether it runs."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing() else self.play()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: rest."""
        super().hideEvent(event)
        self.pause()

    def _label(self, text: str, icon: str) -> None:
        self.play_button.set_text(text)
        self.play_button.set_icon(icon)

    def _next(self) -> None:
        if self._place not in self._sheets:
            return  # still being decoded: the film waits instead of skipping
        self.set_frame(self._place + 1)
        if self._place == len(self._names) - 1:
            self.pause()

    def _scrubbed(self, place: int) -> None:
        if place != self._place:
            self.set_frame(place)

    # ---- showing

    def _show(self) -> None:
        for place in range(self._place, self._place + _AHEAD):
            self._ask(place)
        some = len(self._names) > 1
        self.slider.setEnabled(some)
        self.play_button.setEnabled(some)
        self.slider.blockSignals(True)
        self.slider.setValue(max(0, self._place))
        self.slider.blockSignals(False)
        name = self._names[self._place] if 0 <= self._place < len(self._names) else ""
        newest = " · newest" if some and self._place == len(self._names) - 1 else ""
        self.at.setText(f"{name}{newest}")
        self.slider.setAccessibleDescription(
            f"{name}, sheet {self._place + 1} of {len(self._names)}" if name else "no samples yet"
        )
        if self._place in self._sheets or not name:
            self.tiles.set_sheet(self.sheet(self._place))
        self.tiles.setAccessibleName(f"{self.title.text()}: {name or 'none yet'}")

    def _show_words(self, words: str) -> None:
        room = QFontMetrics(self.words.font())
        told = f"“{words}”" if words else ""
        self.words.setText(room.elidedText(told, Qt.TextElideMode.ElideRight, self.words.width()))

    def _ask(self, place: int) -> None:
        if 0 <= place < len(self._names) and place not in self._asked:
            self._asked.add(place)
            self._loader(place)
