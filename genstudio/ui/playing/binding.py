"""A bar and a transport, tied together."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from genstudio.ui import shortcuts
from genstudio.ui.playing.transport import Transport
from genstudio.ui.widgets.transport_bar import TransportBar


class Binding(QObject):
    """Keeps the bar true; a child of the bar, so it lives as long."""

    def __init__(self, bar: TransportBar, transport: Transport) -> None:
        super().__init__(bar)
        self._bar, self._transport = bar, transport
        bar.play_wanted.connect(transport.toggle)
        bar.stop_wanted.connect(transport.stop)
        bar.loop_wanted.connect(self._loop)
        bar.metronome_wanted.connect(transport.set_metronome)
        bar.count_in_wanted.connect(transport.set_count_in)
        bar.volume_wanted.connect(transport.set_volume)
        transport.changed.connect(self._show)
        transport.moved.connect(self._move)
        transport.levelled.connect(bar.set_levels)
        self._marked: tuple[float, float] | None = None
        self._show()

    def _loop(self, on: bool) -> None:
        """The part that was marked last, else all of it."""
        if not on:
            self._transport.clear_loop()
            return
        first, last = self._marked or (0.0, self._transport.length)
        self._transport.set_loop(first, last)

    def _show(self) -> None:
        bar, transport = self._bar, self._transport
        self._marked = transport.loop or self._marked
        bar.set_playing(transport.playing, transport.counting)
        bar.set_loop(transport.loop is not None)
        bar.set_metronome(transport.metronome, transport.count_in)
        bar.set_volume(transport.volume)
        bar.set_facts(transport.facts)
        if not transport.playing:
            bar.meter.rest()
        self._move(transport.place)

    def _move(self, place: float) -> None:
        transport = self._transport
        self._bar.set_playing(transport.playing, transport.counting)
        share = min(1.0, place / transport.length) if transport.length else 0.0
        self._bar.set_place(transport.where, share)


def bind(bar: TransportBar, transport: Transport, roll: QWidget | None = None) -> Binding:
    """Tie them; with `roll`, Space in it plays and pauses too."""
    if roll is not None:
        shortcuts.bind(roll, "play_roll", transport.toggle)
    return Binding(bar, transport)
