"""The Record button of a bar, a keyboard and a transport, tied together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import GenStudioError
from genstudio.media.notes import Piece
from genstudio.ui.playing.midi_input import Keyboard, Recorder, ports
from genstudio.ui.playing.transport import Transport
from genstudio.ui.widgets.transport_bar import TransportBar


@dataclass(frozen=True)
class Wanted:
    """Where a take belongs: voice `track` of `piece`; starts and ends go to `raster` ticks."""

    piece: Piece
    track: int = 0
    raster: int = 0


class Recording(QObject):
    """Offers to record while a keyboard is plugged in; its keys are heard all the time."""

    recorded = Signal(object)
    """An array of NOTE, in ticks of the piece that was played."""

    def __init__(
        self, bar: TransportBar, transport: Transport, wanted: Callable[[], Wanted]
    ) -> None:
        """`wanted` is asked when a take begins."""
        super().__init__(bar)
        self._bar, self._wanted = bar, wanted
        self._keyboard = Keyboard(self)
        self.recorder = Recorder(self._keyboard, transport, self)
        self.recorder.recorded.connect(self.recorded)
        self.recorder.changed.connect(self._show)
        bar.record_wanted.connect(self._press)

    def look(self) -> None:
        """See what is plugged in (when the panel is shown)."""
        names = ports()
        if self._keyboard.name not in names:
            self._keyboard.close()
        if names and not self._keyboard.name:
            self._open(names)
        self._bar.offer_recording(self._keyboard.name)

    def close(self) -> None:
        """Let the keyboard go."""
        self._keyboard.close()

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
            return
        wanted = self._wanted()
        player = wanted.piece.tracks[min(wanted.track, len(wanted.piece.tracks) - 1)]
        self.recorder.set_instrument(player.program, player.drums)
        self.recorder.start(wanted.piece, wanted.track, wanted.raster)

    def _show(self) -> None:
        self._bar.set_recording(self.recorder.recording)
