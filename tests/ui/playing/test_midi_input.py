"""A keyboard that is not there, one that is, and what is recorded of it."""

from __future__ import annotations

import mido
import pytest

from genstudio.ui.playing import midi_input
from genstudio.ui.playing.midi_input import Keyboard, NoKeyboard, Recorder
from genstudio.ui.playing.outputs import ClockOutput
from genstudio.ui.playing.transport import Transport
from tests.helpers import fonts
from tests.helpers.playing import Clock, scale

RATE = 8000


class Port:
    """A port of mido."""

    def __init__(self, callback) -> None:  # type: ignore[no-untyped-def]
        self.callback, self.closed = callback, False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def plugged(monkeypatch):
    """Two keyboards of the same name, and the ports that were opened."""
    opened: list[Port] = []

    def open_input(name: str, callback) -> Port:  # type: ignore[no-untyped-def]
        if name != "Keys":
            raise OSError("unknown port")
        opened.append(Port(callback))
        return opened[-1]

    monkeypatch.setattr(mido, "get_input_names", lambda: ["Keys", "Pads", "Keys"], raising=False)
    monkeypatch.setattr(mido, "open_input", open_input, raising=False)
    return opened


def test_ports_are_listed_once(plugged):
    assert midi_input.ports() == ["Keys", "Pads"]


def test_without_the_extra_there_are_none(monkeypatch):
    def missing() -> list[str]:
        raise ModuleNotFoundError("rtmidi")

    monkeypatch.setattr(mido, "get_input_names", missing, raising=False)
    assert midi_input.ports() == []


def test_a_port_that_cannot_be_opened_is_told(plugged, qapp):
    with pytest.raises(NoKeyboard, match="The keyboard Pads could not be opened"):
        Keyboard().open("Pads")


def test_keys_are_told_as_they_go(plugged, qapp):
    keyboard = Keyboard()
    keyboard.open("Keys")
    heard: list[tuple[int, ...]] = []
    keyboard.down.connect(lambda pitch, velocity: heard.append((pitch, velocity)))
    keyboard.up.connect(lambda pitch: heard.append((pitch,)))
    for kind, velocity in (("note_on", 90), ("note_on", 0), ("note_off", 0)):
        plugged[0].callback(mido.Message(kind, note=60, velocity=velocity))
    plugged[0].callback(mido.Message("control_change", control=1, value=5))
    assert heard == [(60, 90), (60,), (60,)]
    keyboard.open("Keys")
    assert plugged[0].closed
    keyboard.close()
    assert plugged[1].closed
    assert keyboard.name == ""


class Desk:
    """A recorder over a transport that a test moves."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.transport = Transport(ClockOutput(self.clock, RATE), threads=False)
        self.transport.set_font(fonts.font())
        self.transport.set_piece(scale(2))
        self.keyboard = Keyboard()
        self.recorder = Recorder(self.keyboard, self.transport)
        self.takes: list = []
        self.recorder.recorded.connect(self.takes.append)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.02)):
            self.transport.engine.feed()
            while self.transport.engine.prepare():
                pass
            self.clock.now += 0.02
        self.transport.engine.feed()


@pytest.fixture
def desk(qapp):
    found = Desk()
    yield found
    found.transport.close()


def test_what_is_played_lands_where_it_was_heard(desk):
    desk.recorder.start(scale(2), 1)
    desk.run(0.5)
    desk.keyboard.down.emit(60, 90)
    desk.run(0.5)
    desk.keyboard.up.emit(60)
    desk.run(2.0)
    assert desk.transport.playing, "it goes on behind the end of the piece"
    desk.recorder.stop()
    (take,) = desk.takes
    (start, duration, pitch, velocity, track) = take[0].tolist()
    assert (start, duration) == (pytest.approx(480, abs=60), pytest.approx(480, abs=60))
    assert (pitch, velocity, track) == (60, 90, 1)
    assert not desk.transport.playing
    assert not desk.recorder.recording


def test_pausing_ends_the_take(desk):
    desk.recorder.start(scale(2), 0)
    desk.run(0.2)
    desk.keyboard.down.emit(72, 80)
    desk.run(0.5)
    desk.transport.pause()
    assert len(desk.takes) == 1
    assert not desk.recorder.recording


def test_a_take_of_nothing_says_nothing(desk):
    desk.recorder.start(scale(2), 0)
    desk.run(0.2)
    desk.recorder.stop()
    desk.recorder.stop()
    assert desk.takes == []


def test_keys_are_heard_without_recording(desk):
    desk.recorder.set_instrument(0, False)
    desk.keyboard.down.emit(72, 80)
    assert desk.transport.engine.busy
    desk.keyboard.up.emit(72)
    desk.run(1.0)
    assert desk.takes == []


def test_a_raster_is_kept(desk):
    desk.recorder.start(scale(2), 0, raster=240)
    desk.run(0.6)
    desk.keyboard.down.emit(60, 90)
    desk.run(0.1)
    desk.keyboard.up.emit(60)
    desk.recorder.stop()
    assert desk.takes[0]["start"][0] % 240 == 0
    assert desk.takes[0]["duration"][0] == 240
