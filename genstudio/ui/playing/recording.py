"""The Record button of a bar, a keyboard and a transport, tied together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from genstudio.core.errors import GenStudioError
from genstudio.media.notes import Piece
from genstudio.ui.playing.midi_input import Keyboard, Recorder, ports, why_none
from genstudio.ui.playing.transport import Transport
from genstudio.ui.widgets.transport_bar import TransportBar

NONE_FREE = "Another program uses the keyboard. Close it, then press Record again."


@dataclass(frozen=True)
class Wanted:
    """Where a take belongs: voice `track` of `piece`; starts and ends go to `raster` ticks."""

    piece: Piece
    track: int = 0
    raster: int = 0


class Recording(QObject):
    """Offers to record from a keyboard; its keys are heard all the time it is plugged in.

    Ports are looked for in a thread: to ask the system's MIDI may take its time.
    """

    recorded = Signal(object)
    """An array of NOTE, in ticks of the piece that was played."""
    failed = Signal(str)
    """Why nothing can be recorded, in a sentence."""
    looked = Signal()
    """It is known what is plugged in."""

    def __init__(
        self, bar: TransportBar, transport: Transport, wanted: Callable[[], Wanted]
    ) -> None:
        """`wanted` is asked when a take begins."""
        super().__init__(bar)
        self._bar, self._wanted = bar, wanted
        self._keyboard = Keyboard(self)
        self._pressed = self._closed = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._answers = _Answers(self)
        self._answers.came.connect(self._found)
        self.recorder = Recorder(self._keyboard, transport, self)
        self.recorder.recorded.connect(self.recorded)
        self.recorder.changed.connect(self._show)
        bar.record_wanted.connect(self._press)
        bar.offer_recording("")

    def look(self) -> None:
        """See what is plugged in (when the panel is shown)."""
        self._pool.start(_Look(self._answers))

    def wait(self) -> None:
        """Let a look under way end (at closing, and in tests)."""
        self._pool.waitForDone()

    def close(self) -> None:
        """Let the keyboard go; an answer that is on its way opens it no more."""
        self._closed = True
        self.wait()
        self._keyboard.close()

    def _found(self, names: list[str], why: str) -> None:
        if self._closed:
            return
        if self._keyboard.name not in names:
            self._keyboard.close()
        if names and not self._keyboard.name:
            self._open(names)
        self._bar.offer_recording(self._keyboard.name)
        pressed, self._pressed = self._pressed, False
        if pressed and self._keyboard.name:
            self._begin()
        elif pressed:
            self.failed.emit(why or NONE_FREE)
        self.looked.emit()

    def _open(self, names: list[str]) -> None:
        """The first that is not in use by another program."""
        for name in names:
            try:
                self._keyboard.open(name)
            except GenStudioError:
                continue
            return

    def _press(self) -> None:
        if self.recorder.recording:
            self.recorder.stop()
        elif self._keyboard.name:
            self._begin()
        else:  # it may have been plugged in since
            self._pressed = True
            self.look()

    def _begin(self) -> None:
        wanted = self._wanted()
        player = wanted.piece.tracks[min(wanted.track, len(wanted.piece.tracks) - 1)]
        self.recorder.set_instrument(player.program, player.drums)
        self.recorder.start(wanted.piece, wanted.track, wanted.raster)

    def _show(self) -> None:
        self._bar.set_recording(self.recorder.recording)


class _Answers(QObject):
    came = Signal(object, str)


class _Look(QRunnable):
    def __init__(self, answers: _Answers) -> None:
        super().__init__()
        self._answers = answers

    def run(self) -> None:
        """The names, or why there are none."""
        names = ports()
        self._answers.came.emit(names, "" if names else why_none())
