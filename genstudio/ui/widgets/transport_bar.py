"""The row over a roll or a waveform: play, stop, loop, metronome, place, volume, level."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.theme import font, text_width
from genstudio.ui.widgets.buttons import Button, Pill
from genstudio.ui.widgets.level_meter import LevelMeter
from genstudio.ui.widgets.number_edit import Slider

GAP = 8


class TransportBar(QWidget):
    """Says what is wanted and shows what it is told; it plays nothing itself."""

    play_wanted = Signal()
    """Play or pause."""
    stop_wanted = Signal()
    loop_wanted = Signal(bool)
    metronome_wanted = Signal(bool)
    count_in_wanted = Signal(int)
    """Bars: 1 or 0."""
    record_wanted = Signal()
    """Begin a take, or end it."""
    volume_wanted = Signal(float)
    """From 0 to 1."""

    def __init__(self, parent: QWidget | None = None, beats: bool = True) -> None:
        """Without `beats` (a recording) there is neither metronome nor count-in."""
        super().__init__(parent)
        self.play = Button("Play", "play", key=shortcuts.keys_text("play_sound"))
        self.stop = Button("Stop", "stop", "quiet")
        self.record = Button("Record", kind="quiet")
        self.loop = Pill("Loop", icon="loop")
        self.metronome = Pill("Metronome")
        self.count_in = Pill("Count-in")
        self.place, self.facts = QLabel(), QLabel()
        self._facts = ""
        self.volume, self.meter = Slider(), LevelMeter()
        self._name()
        self._lay_out(beats)
        self.play.clicked.connect(self.play_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        self.record.clicked.connect(self.record_wanted)
        self.loop.clicked.connect(self.loop_wanted)
        self.metronome.clicked.connect(self.metronome_wanted)
        self.count_in.clicked.connect(lambda on: self.count_in_wanted.emit(int(on)))
        self.volume.valueChanged.connect(lambda value: self.volume_wanted.emit(value / 100))
        shortcuts.bind(self, "play_sound", self.play_wanted.emit, window=True)
        shortcuts.bind(self, "stop_sound", self.stop_wanted.emit, window=True)
        if beats:
            shortcuts.bind(self, "metronome", self.metronome.click, window=True)
        self.set_playing(False)
        self.set_place("0:00", 0.0)

    def _name(self) -> None:
        stop, beat = shortcuts.keys_text("stop_sound"), shortcuts.keys_text("metronome")
        self.stop.setToolTip(f"Silence, and back to the beginning ({stop})")
        self.loop.setToolTip("Play the marked part, or all of it, again and again")
        self.metronome.setToolTip(f"A click on every beat ({beat})")
        self.count_in.setToolTip("A bar of clicks before it begins")
        self.volume.setAccessibleName("Volume")
        self.volume.setRange(0, 100)
        self.volume.setValue(100)
        self.place.setAccessibleName("Place")
        for words in (self.place, self.facts):
            words.setFont(font(12, tabular=True))
            words.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setMinimumWidth(text_width("Bar 888 · 8   88:88", 12) + 4)
        self.facts.setProperty("role", "dim")
        # The first to give way where there is little room.
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def _lay_out(self, beats: bool) -> None:
        # Wide enough for both words, so that nothing moves when it begins to play.
        words = max(text_width(word, 13, 600) for word in ("Play", "Pause"))
        self.play.setFixedWidth(words + text_width(shortcuts.keys_text("play_sound"), 12) + 68)
        self.volume.setMinimumWidth(60)
        self.volume.setMaximumWidth(120)
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for row in (self._first, self._second):
            row.setSpacing(GAP)
            rows.addLayout(row)
        self._fill(False)
        self.record.hide()
        for part in (self.metronome, self.count_in):
            part.setVisible(beats)

    def _fill(self, two: bool) -> None:
        """Everything in one row, or what can wait in a second one."""
        self._two = two
        self._second.setContentsMargins(0, 6 if two else 0, 0, 0)
        for part in (self.play, self.stop, self.record, self.loop):
            self._first.addWidget(part)
        later = self._second if two else self._first
        for part in (self.metronome, self.count_in):
            later.addWidget(part)
        self._first.addWidget(self.place, int(two))
        later.addWidget(self.facts, 1)
        later.addWidget(self.volume, 1)
        later.addWidget(self.meter)

    def _width(self, parts: Iterable[QWidget]) -> int:
        """What these parts need beside each other, those out of sight left out."""
        shown = [part for part in parts if not part.isHidden()]
        return sum(_least(part) + GAP for part in shown) - GAP

    def minimumSizeHint(self) -> QSize:
        """Two rows need less than one."""
        first = self._width((self.play, self.stop, self.record, self.loop, self.place))
        second = self._width((self.metronome, self.count_in, self.volume, self.meter))
        return QSize(max(first, second), super().minimumSizeHint().height())

    def buttons(self) -> tuple[Button, ...]:
        """All that can be pressed."""
        return self.play, self.stop, self.record, self.loop, self.metronome, self.count_in

    def set_playing(self, on: bool, counting: bool = False) -> None:
        """Whether it plays; `counting` while the count-in is heard."""
        words = ("Counting" if counting else "Pause") if on else "Play"
        if self.play.accessibleName() != words or on != self.play.property("playing"):
            self.play.set_text("Pause" if on else "Play")
            self.play.setAccessibleName(words)
            self.play.set_icon("pause" if on else "play")
            self.play.setProperty("playing", on)

    def offer_recording(self, keyboard: str) -> None:
        """Show the button; `keyboard` is what is plugged in, "" for nothing so far."""
        self.record.show()
        self._fit()
        self.record.setToolTip(f"Keep what is played on {keyboard or 'a MIDI keyboard'}")

    def set_recording(self, on: bool) -> None:
        """Whether a take is kept."""
        self.record.set_text("End take" if on else "Record")
        self._fit()

    def set_place(self, words: str, share: float) -> None:
        """Where it is, in words; `share` from 0 to 1 of the whole."""
        if words != self.place.text():
            self.place.setText(words)
            self.place.setAccessibleDescription(f"{round(share * 100)} %")

    def set_facts(self, words: str) -> None:
        """Tempo and metre, or rate and channels; where there is no room the place tells them."""
        self._facts = words
        self._show_facts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two rows where one has no room. Half of a number would be another number: all of the
        facts or none."""
        super().resizeEvent(event)
        self._fit()
        self._show_facts()

    def _fit(self) -> None:
        parts = (*self.buttons(), self.place, self.volume, self.meter)
        two = self.width() < self._width(parts) + GAP
        if two != self._two:
            self._fill(two)
            self.updateGeometry()

    def _show_facts(self) -> None:
        room = self.facts.width() >= self.facts.fontMetrics().horizontalAdvance(self._facts)
        self.facts.setText(self._facts if room else "")
        self.facts.setAccessibleName(self._facts)
        self.place.setToolTip(self._facts)

    def set_loop(self, on: bool) -> None:
        """Whether it loops."""
        self.loop.setChecked(on)

    def set_metronome(self, on: bool, bars: int) -> None:
        """Whether it clicks, and for how many bars before."""
        self.metronome.setChecked(on)
        self.count_in.setChecked(bars > 0)

    def set_volume(self, volume: float) -> None:
        """From 0 to 1, without saying so."""
        self.volume.blockSignals(True)
        self.volume.setValue(round(volume * 100))
        self.volume.blockSignals(False)
        self.volume.setToolTip(f"Volume {round(volume * 100)} %")

    def set_levels(self, left: float, right: float) -> None:
        """Shares of full, from 0 to 1."""
        self.meter.set_levels(left, right)


def _least(part: QWidget) -> int:
    return max(part.minimumWidth(), min(part.minimumSizeHint().width(), part.maximumWidth()))
