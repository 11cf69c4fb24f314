"""What is heard of the open piece: the bar over the roll, playhead, loop, mix, struck notes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from genstudio.media.notes import Piece
from genstudio.media.row_sounds import Folder
from genstudio.media.soundfont import SoundFont
from genstudio.media.synth import Mix
from genstudio.ui.playing.binding import bind
from genstudio.ui.playing.recording import Recording, Wanted
from genstudio.ui.playing.transport import Transport
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.transport_bar import TransportBar


class MusicPlaying(QObject):
    """Binds Transport, TransportBar and PianoRoll; what plays may change while it plays."""

    def __init__(
        self, place: QVBoxLayout, roll: PianoRoll, state: StudioState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._roll, self._pieces = roll, state.music.pieces
        self._piece = roll.piece()
        self._font: SoundFont | None = None
        self.transport, self.bar = Transport(), TransportBar()
        place.addWidget(self.bar)
        self.binding = bind(self.bar, self.transport, roll)
        self.recording = Recording(self.bar, self.transport, self._wanted)
        self.recording.recorded.connect(self._take)
        self.recording.failed.connect(lambda words: state.said.emit(words, "", None))
        self._shelf, self._fonts, self._heard_of = state.studio.pieces, state.fonts, ""
        state.fonts.changed.connect(self._follow_font)
        state.fonts.restore()
        self._follow_font()
        self.transport.moved.connect(self._on_move)
        self.transport.changed.connect(self._follow_loop)
        self.transport.failed.connect(lambda words: state.said.emit(words, "", None))
        roll.seek.connect(self.go_to)
        roll.loop_changed.connect(self._loop)
        roll.heard.connect(self._strike)

    def set_piece(self, piece: Piece) -> None:
        """Play this from now on."""
        self._piece = piece
        if self._heard_of != self._pieces.current.id:
            name = self._heard_of = self._pieces.current.id
            path = self._shelf.sound_path
            self.transport.set_waves(Folder(lambda file: path(name, file)))
        self.transport.set_piece(piece)

    def ready(self) -> None:
        """Shown: Play is to be heard at once, and a keyboard to be found."""
        self.transport.warm()
        self.recording.look()

    def follow_mix(self, plain: bool = False) -> None:
        """Mute and solo of the tracks; all are heard with `plain`."""
        tracks = [] if plain else list(enumerate(self._pieces.tracks))
        self.transport.set_mix(
            Mix(
                muted=frozenset(number for number, track in tracks if track.muted),
                solo=frozenset(number for number, track in tracks if track.solo),
            )
        )

    def go_to(self, tick: int) -> None:
        """Play from this tick on."""
        self.transport.seek(self._piece.seconds(tick))
        self._roll.set_playhead(tick, follow=False)

    def tick(self) -> int:
        """Where it is."""
        return self.transport.tick

    def pause(self) -> bool:
        """Silence; False where nothing was playing."""
        if not self.transport.playing:
            return False
        self.transport.pause()
        return True

    def close(self) -> None:
        """Let the threads end."""
        self.recording.close()
        self.transport.close()

    # ---- recording

    def _wanted(self) -> Wanted:
        """A take goes to the chosen track of what stands in the roll, as it was played."""
        piece = self._roll.piece()
        return Wanted(piece, min(self._roll.track(), len(piece.tracks) - 1))

    def _take(self, notes: np.ndarray) -> None:
        """What was played lands in the roll, as one step of undo."""
        piece = self._roll.piece()
        notes = notes[notes["track"] < len(piece.tracks)]
        if len(notes):
            whole = piece.replaced(notes=np.concatenate([piece.notes, notes]))
            self._roll.replace_piece(whole, "Record a take")

    def _follow_font(self) -> None:
        """Another SoundFont plays."""
        if self._fonts.font is not self._font:
            self._font = self._fonts.font
            self.transport.set_font(self._font)

    def _on_move(self, seconds: float) -> None:
        self._roll.set_playhead(self._piece.ticks(seconds), follow=self.transport.playing)

    def _loop(self, first: int, end: int) -> None:
        if end > first:
            self.transport.set_loop(self._piece.seconds(first), self._piece.seconds(end))
        else:
            self.transport.clear_loop()

    def _follow_loop(self) -> None:
        """The loop was switched in the bar: the roll shows it."""
        loop, shown = self.transport.loop, self._roll.loop()
        if loop is None and shown is not None:
            self._roll.set_loop(0, 0)
        elif loop is not None and shown is None:
            first, end = (self._piece.ticks(second) for second in loop)
            self._roll.set_loop(first, end)

    def _strike(self, pitch: int, velocity: int, number: int) -> None:
        tracks = self._piece.tracks
        if not self.transport.playing and number < len(tracks):
            self.transport.strike(pitch, velocity, tracks[number])
