"""A MIDI keyboard, where one is plugged in (the extra "midi": python-rtmidi), and recording it.

rtmidi calls back in a thread of its own; signals bring what it says to the window's.
"""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import GenStudioError
from genstudio.media.notes import Piece
from genstudio.media.take import Take
from genstudio.ui.playing.transport import Transport


class NoKeyboard(GenStudioError):
    """There is none, it is in use, or the extra is not installed."""


def ports() -> list[str]:
    """Names of the keyboards that are plugged in; [] where the extra is not installed."""
    try:
        import mido

        return list(dict.fromkeys(mido.get_input_names()))
    except Exception:  # rtmidi raises its own kinds, and what the system's drivers raise
        return []


def why_none() -> str:
    """A sentence on why `ports` finds nothing, with what to do."""
    try:
        import mido
        import rtmidi  # noqa: F401  (mido asks it, and says less well that it is missing)
    except ImportError:
        if getattr(sys, "frozen", False):
            return "This build records nothing; one from pip install genstudio[midi] does."
        return "Recording needs the extra “midi”: pip install genstudio[midi], then start again."
    try:
        mido.get_input_names()
    except Exception as error:  # see `ports`
        return f"The MIDI system of this computer cannot be asked: {error}"
    return "No MIDI keyboard is plugged in. Plug one in, then press Record again."


class Keyboard(QObject):
    """One open port."""

    down = Signal(int, int)
    """Pitch and velocity of a key that is struck."""
    up = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port: Any = None
        self.name = ""

    def open(self, name: str) -> None:
        """Listen to port `name`. Raises NoKeyboard."""
        self.close()
        try:
            import mido

            self._port = mido.open_input(name, callback=self.hear)
        except Exception as error:  # see `ports`
            raise NoKeyboard(
                f"The keyboard {name} could not be opened: {error}",
                next_step="Plug it in again, and close other programs that use it.",
            ) from error
        self.name = name

    def hear(self, message: Any) -> None:
        """A message of mido, in the port's thread."""
        if message.type == "note_on" and message.velocity > 0:
            self.down.emit(message.note, message.velocity)
        elif message.type in ("note_on", "note_off"):
            self.up.emit(message.note)

    def close(self) -> None:
        """Listen no more."""
        if self._port is not None:
            self._port.close()
        self._port, self.name = None, ""


class Recorder(QObject):
    """Records a keyboard while the transport plays; keys are heard at once, recorded or not."""

    recorded = Signal(object)
    """An array of NOTE, in ticks of the piece that was played."""
    changed = Signal()

    def __init__(
        self, keyboard: Keyboard, transport: Transport, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._transport = transport
        self._piece: Piece | None = None
        self._take: Take | None = None
        self._track = self._raster = self._program = 0
        self._drums = False
        keyboard.down.connect(self._down)
        keyboard.up.connect(self._up)
        transport.changed.connect(self._follow)

    @property
    def recording(self) -> bool:
        """Whether what is played is kept."""
        return self._take is not None

    def set_instrument(self, program: int, drums: bool) -> None:
        """What the keys sound like."""
        self._program, self._drums = program, drums

    def start(self, piece: Piece, track: int, raster: int = 0) -> None:
        """Play `piece` from where it is, and keep what is played with it for voice `track`."""
        self._piece, self._track, self._raster = piece, track, raster
        self._take = Take()
        self._transport.set_endless(True)
        if not self._transport.playing:
            self._transport.play()
        self.changed.emit()

    def stop(self) -> None:
        """Silence; hand out what was played, if anything."""
        take, piece, place = self._take, self._piece, self._transport.place
        self._take = None
        if take is None or piece is None:
            return
        self._transport.set_endless(False)
        self._transport.pause()
        if len(take):
            self.recorded.emit(take.notes(piece, self._track, place, self._raster))
        self.changed.emit()

    def _down(self, pitch: int, velocity: int) -> None:
        if self._take is not None and not self._transport.counting:
            self._take.down(pitch, velocity, self._transport.place)
        self._transport.audition(pitch, velocity, self._program, self._drums)

    def _up(self, pitch: int) -> None:
        if self._take is not None:
            self._take.up(pitch, self._transport.place)

    def _follow(self) -> None:
        """Whoever pauses while it records has ended the take."""
        if self._take is not None and not self._transport.playing:
            self.stop()
