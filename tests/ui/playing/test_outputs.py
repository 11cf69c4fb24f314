"""The clock that takes sound, and the device where there is one."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

from genstudio.ui.playing.outputs import BUFFER_SECONDS, ClockOutput, NoSound, SinkOutput
from tests.helpers.playing import Clock

RATE = 1000
ROOM = int(BUFFER_SECONDS * RATE)


def test_a_clock_takes_as_fast_as_it_runs():
    clock = Clock()
    output = ClockOutput(clock, RATE)
    assert output.open() == RATE
    output.start()
    assert output.free() == output.capacity() == ROOM
    output.write(np.zeros((ROOM, 2)))
    assert output.free() == 0
    clock.now += 0.1
    assert output.free() == 100
    clock.now += 0.1
    assert output.free() == 200


def test_time_without_sound_is_not_made_up():
    clock = Clock()
    output = ClockOutput(clock, RATE)
    output.start()
    output.write(np.zeros((100, 2)))
    clock.now += 5.0
    assert output.free() == ROOM
    output.write(np.zeros((100, 2)))
    assert output.free() == ROOM - 100
    clock.now += 0.0505
    assert output.free() == ROOM - 50


def test_stop_forgets_what_waits():
    clock = Clock()
    output = ClockOutput(clock, RATE)
    output.start()
    output.write(np.ones((100, 2)))
    output.stop()
    assert output.free() == ROOM


class Device:
    """A sound device of a fake QtMultimedia; `takes` are the (rate, kind) it supports."""

    def __init__(self, takes: set[tuple[int, str]], null: bool = False) -> None:
        self.takes, self.null = takes, null

    def isNull(self) -> bool:
        return self.null

    def isFormatSupported(self, form) -> bool:  # type: ignore[no-untyped-def]
        return (form.rate, form.kind) in self.takes

    def preferredFormat(self):  # type: ignore[no-untyped-def]
        return types.SimpleNamespace(sampleRate=lambda: 96000)

    def description(self) -> str:
        return "Box"


class Format:
    """QAudioFormat, as far as it is used."""

    SampleFormat = types.SimpleNamespace(Float="float", Int16="int16")

    def __init__(self) -> None:
        self.rate, self.kind, self.channels = 0, "", 0

    def setSampleRate(self, rate: int) -> None:
        self.rate = rate

    def setChannelCount(self, count: int) -> None:
        self.channels = count

    def setSampleFormat(self, kind: str) -> None:
        self.kind = kind

    def sampleRate(self) -> int:
        return self.rate


class Sink:
    """QAudioSink in push mode."""

    made: list[Sink] = []
    refuses = False

    def __init__(self, device: Device, form: Format) -> None:
        self.form, self.size, self.data, self.calls = form, 0, b"", []
        self.state, self.loud = "no", 1.0
        Sink.made.append(self)

    def setBufferSize(self, size: int) -> None:
        self.size = size

    def start(self):  # type: ignore[no-untyped-def]
        return None if Sink.refuses else self

    def write(self, data: bytes) -> None:
        self.data += data

    def error(self) -> str:
        return self.state

    def bufferSize(self) -> int:
        return self.size

    def bytesFree(self) -> int:
        return self.size - len(self.data)

    def setVolume(self, volume: float) -> None:
        self.loud = volume
        self.calls.append("volume")

    def reset(self) -> None:
        self.calls.append("reset")

    def stop(self) -> None:
        self.calls.append("stop")


@pytest.fixture
def multimedia(monkeypatch):
    """A fake QtMultimedia with one device that takes floats at 44,100."""
    fake = types.ModuleType("PySide6.QtMultimedia")
    errors = types.SimpleNamespace(NoError="no", IOError="io", FatalError="fatal")
    fake.QAudioFormat, fake.QAudioSink = Format, Sink
    fake.QtAudio = types.SimpleNamespace(Error=errors)
    fake.device = Device({(44100, "float")})
    fake.QMediaDevices = types.SimpleNamespace(defaultAudioOutput=lambda: fake.device)
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", fake)
    monkeypatch.setattr(Sink, "made", [])
    monkeypatch.setattr(Sink, "refuses", False)
    return fake


def test_a_device_gets_stereo_floats(multimedia):
    output = SinkOutput()
    assert output.open() == 44100
    output.start()
    (sink,) = Sink.made
    assert sink.form.channels == 2
    assert output.capacity() == int(BUFFER_SECONDS * 44100) == output.free()
    samples = np.array([[0.5, -0.5], [1.0, 0.0]], np.float32)
    output.write(samples)
    assert sink.data == samples.tobytes()
    assert output.free() == output.capacity() - 2
    output.close()
    assert sink.calls == ["reset", "stop"]


def test_a_device_without_floats_gets_integers_at_its_own_rate(multimedia):
    multimedia.device = Device({(96000, "int16")})
    output = SinkOutput()
    assert output.open() == 96000
    output.start()
    output.write(np.array([[1.0, -2.0]], np.float32))
    assert Sink.made[0].data == np.array([[32767, -32767]], "<i2").tobytes()
    assert output.free() == output.capacity() - 1
    output.close()


def test_no_device_a_strange_one_and_one_in_use_are_told(multimedia):
    multimedia.device = Device(set(), null=True)
    with pytest.raises(NoSound, match="No sound device was found"):
        SinkOutput().open()
    multimedia.device = Device(set())
    with pytest.raises(NoSound, match="Box takes no stereo"):
        SinkOutput().open()
    multimedia.device = Device({(48000, "float")})
    output = SinkOutput()
    assert output.open() == 48000
    Sink.refuses = True
    with pytest.raises(NoSound, match="Box could not be opened"):
        output.start()
    assert output.capacity() == output.free() == 0


def test_a_system_without_the_library_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    with pytest.raises(NoSound, match="cannot play sound"):
        SinkOutput().open()


def test_a_device_that_goes_away_is_told(multimedia):
    output = SinkOutput()
    output.open()
    output.start()
    Sink.made[0].state = "io"
    with pytest.raises(NoSound, match="went away"):
        output.free()
    output.close()


def test_volume_is_told_when_it_changes(multimedia):
    output = SinkOutput()
    output.set_volume(0.5)
    output.open()
    output.start()
    for volume in (0.5, 0.5, 0.25):
        output.set_volume(volume)
    (sink,) = Sink.made
    assert (sink.loud, sink.calls) == (0.25, ["volume", "volume"])
    output.close()
