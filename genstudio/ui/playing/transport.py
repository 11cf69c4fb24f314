"""Play, pause, seek, loop: what the panels of music and sound hold of the engine."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.media.notes import NOTE, Piece, Track
from genstudio.media.row_sounds import Waves
from genstudio.media.soundfont import SoundFont
from genstudio.media.synth import Mix
from genstudio.ui.playing.engine import Engine, Maker
from genstudio.ui.playing.hands import Hands
from genstudio.ui.playing.material import PieceMaterial, SoundMaterial
from genstudio.ui.playing.outputs import ClockOutput, Output, SinkOutput

POLL_MS = 33
_STRUCK_TICKS = 240


class Transport(QObject):
    """Plays a piece or a sound. Every method returns at once; places are in seconds."""

    moved = Signal(float)
    """The second that is heard, about 30 times a second while it plays, and after a seek."""
    changed = Signal()
    """It plays or not, loops or not, or another switch was set."""
    finished = Signal()
    """It came to its end by itself."""
    levelled = Signal(float, float)
    """Peaks of left and right from 0 to 1."""
    failed = Signal(str)
    """A sentence for the user: no device, a damaged font. Playing silently goes on if it can."""

    def __init__(
        self, output: Output | None = None, parent: QObject | None = None, threads: bool = True
    ) -> None:
        """Without `threads` somebody else calls `engine.prepare` and `engine.feed` (a test)."""
        super().__init__(parent)
        self.engine = Engine(output or SinkOutput(), ClockOutput() if output is None else None)
        self._hands = Hands(self.engine) if threads else None
        self._piece: Piece | None = None
        self._bars = np.zeros(0, np.int64)
        self._facts = ""
        self._mix = Mix()
        self._font: SoundFont | None = None
        self._waves: Waves | None = None
        self._length = 0.0
        self._loop: tuple[float, float] | None = None
        self._metronome, self._count_in, self._volume = False, 0, 1.0
        self._was_playing = False
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    # What plays.

    def set_piece(self, piece: Piece | None) -> None:
        """Play `piece` from now on; while playing, what was changed is heard soon after."""
        self._piece = piece
        self._length = piece.seconds(piece.length) if piece is not None else 0.0
        self._bars = piece.bars() if piece is not None else np.zeros(0, np.int64)
        self._facts = ""
        self._load_piece()

    def set_mix(self, mix: Mix) -> None:
        """Mute, solo and volumes of the tracks."""
        self._mix = mix
        self._load_piece()

    def set_font(self, font: SoundFont | None) -> None:
        """Another SoundFont; None for the one that ships with the program."""
        self._font = font
        self._load_piece()

    def set_waves(self, waves: Waves | None) -> None:
        """Where the recordings of tracks are read (called where nobody waits)."""
        self._waves = waves
        self._load_piece()

    def set_sound(self, samples: np.ndarray, rate: int) -> None:
        """Play a recording (n,) or (n, channels) instead of a piece."""
        self._piece = None
        self._length = len(samples) / rate
        self._facts = f"{rate / 1000:g} kHz"
        self._load(lambda to: SoundMaterial(samples, rate, to))

    def warm(self) -> None:
        """Make ready what was set, so that Play is heard at once (when a panel is shown)."""
        self.engine.warm()
        if self._hands is not None and self.engine.busy:
            self._hands.wake()

    # How it plays.

    def play(self, place: float | None = None) -> None:
        """From `place`, or from where it was; from the beginning at its end."""
        self._was_playing = True
        self.engine.play(place)
        self._busy()
        self.changed.emit()

    def pause(self) -> None:
        """Silence; it stays where it is."""
        self.engine.pause()
        self._was_playing = False
        self._show()

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing else self.play()

    def stop(self) -> None:
        """Silence, and back to the beginning (of the loop where there is one)."""
        self.engine.pause()
        self.engine.seek(self._loop[0] if self._loop else 0.0)
        self._was_playing = False
        self._show()

    def seek(self, place: float) -> None:
        """Go to second `place`."""
        self.engine.seek(max(0.0, place))
        self.moved.emit(self.place)

    def seek_tick(self, tick: int) -> None:
        """Go to a tick of the piece."""
        if self._piece is not None:
            self.seek(self._piece.seconds(tick))

    def set_loop(self, first: float, last: float) -> None:
        """Play what lies between two seconds again and again."""
        self._loop = (first, last)
        self.engine.set_loop(self._loop)
        self.changed.emit()

    def clear_loop(self) -> None:
        """Play on to the end."""
        self._loop = None
        self.engine.set_loop(None)
        self.changed.emit()

    def set_metronome(self, on: bool) -> None:
        """Clicks on the beats."""
        self._metronome = on
        self.engine.set_metronome(on)
        self.changed.emit()

    def set_count_in(self, bars: int) -> None:
        """Bars of clicks before it begins; 0 for none."""
        self._count_in = bars
        self.engine.set_count_in(bars)
        self.changed.emit()

    def set_volume(self, volume: float) -> None:
        """From 0 to 1."""
        self._volume = min(1.0, max(0.0, volume))
        self.engine.set_volume(self._volume)
        self.changed.emit()

    def set_endless(self, on: bool) -> None:
        """Go on behind the end, while somebody records."""
        self.engine.set_endless(on)

    def audition(
        self, pitch: int, velocity: int = 90, program: int = 0, drums: bool = False
    ) -> None:
        """Let one note be heard, beside what plays."""
        self.strike(pitch, velocity, Track("", program, drums))

    def strike(self, pitch: int, velocity: int, track: Track) -> None:
        """The same by the instrument, or a recording, of a track."""
        note = np.array([(0, _STRUCK_TICKS, pitch, velocity, 0)], NOTE)
        piece = Piece(note, (track,))
        font, waves = self._font, self._waves
        self.engine.strike(lambda to: PieceMaterial(piece, to, None, font, waves))
        self._busy()

    # Where it is.

    @property
    def playing(self) -> bool:
        """Whether it plays or counts in."""
        return self.engine.running

    @property
    def counting(self) -> bool:
        """Whether the count-in is heard."""
        return self.engine.counting

    @property
    def place(self) -> float:
        """The second that is heard."""
        return self.engine.place

    @property
    def tick(self) -> int:
        """The same in ticks of the piece; 0 for a sound."""
        return self._piece.ticks(self.place) if self._piece is not None else 0

    @property
    def where(self) -> str:
        """The same in words: "Bar 3 · 2   0:05"."""
        place = self.place
        clock = f"{int(place) // 60}:{int(place) % 60:02}"
        if self._piece is None:
            return f"{clock}.{int(place * 10) % 10}"
        tick = self.tick
        bar = max(0, int(np.searchsorted(self._bars, tick, "right")) - 1)
        _, lower = self._piece.metre_at(tick)
        beat = (tick - int(self._bars[bar])) * lower // (4 * self._piece.ppq)
        return f"Bar {bar + 1} · {beat + 1}   {clock}"

    @property
    def facts(self) -> str:
        """Tempo and metre where it is, or the rate of a sound."""
        if self._piece is None:
            return self._facts
        upper, lower = self._piece.metre_at(self.tick)
        return f"♩ = {round(self._piece.tempo_at(self.tick))}   {upper}/{lower}"

    @property
    def length(self) -> float:
        """Seconds until the last note is let go."""
        return self._length

    @property
    def loop(self) -> tuple[float, float] | None:
        """What is played again and again."""
        return self._loop

    @property
    def metronome(self) -> bool:
        """Whether it clicks."""
        return self._metronome

    @property
    def count_in(self) -> int:
        """Bars of the count-in."""
        return self._count_in

    @property
    def volume(self) -> float:
        """From 0 to 1."""
        return self._volume

    @property
    def underruns(self) -> int:
        """Gaps since the program began."""
        return self.engine.underruns

    def close(self) -> None:
        """Silence; its threads have ended when it returns."""
        self._timer.stop()
        if self._hands is not None:
            self._hands.close()
        else:
            self.engine.close()

    def poll(self) -> None:
        """Tell what has changed since (called by its timer)."""
        while (failure := self.engine.take_failure()) is not None:
            self.failed.emit(failure.problem.sentence)
        if self._was_playing and not self.playing:
            self._was_playing = False
            self._show()
            self.finished.emit()
        elif self.playing:
            self.moved.emit(self.place)
        self.levelled.emit(*self.engine.levels)
        if not self.engine.busy:
            self._timer.stop()

    def _load_piece(self) -> None:
        piece, mix, font, waves = self._piece, self._mix, self._font, self._waves
        if piece is not None:
            self._load(lambda to: PieceMaterial(piece, to, mix, font, waves))
        else:
            self._load(None)

    def _load(self, maker: Maker | None) -> None:
        self.engine.load(maker)
        if self.playing:
            self._busy()
        self.changed.emit()

    def _busy(self) -> None:
        self._timer.start()
        if self._hands is not None:
            self._hands.wake()

    def _show(self) -> None:
        self.moved.emit(self.place)
        self.changed.emit()
