"""What is heard of the open piece: the bar over the roll, playhead, loop, mix, struck notes."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from genstudio.media.notes import Piece
from genstudio.media.synth import Mix
from genstudio.ui.playing.binding import bind
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
        self.transport, self.bar = Transport(), TransportBar()
        place.addWidget(self.bar)
        self.binding = bind(self.bar, self.transport, roll)
        self.transport.moved.connect(self._on_move)
        self.transport.changed.connect(self._follow_loop)
        self.transport.failed.connect(lambda words: state.said.emit(words, "", None))
        roll.seek.connect(self.go_to)
        roll.loop_changed.connect(self._loop)
        roll.heard.connect(self._strike)

    def set_piece(self, piece: Piece) -> None:
        """Play this from now on."""
        self._piece = piece
        self.transport.set_piece(piece)

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
        self.transport.close()

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
            track = tracks[number]
            self.transport.audition(pitch, velocity, track.program, track.drums)
