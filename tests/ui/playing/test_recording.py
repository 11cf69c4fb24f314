"""Recording from the bar."""

from __future__ import annotations

import sys

import mido
import pytest

from genstudio.media.notes import Track
from genstudio.ui.playing import midi_input
from genstudio.ui.playing.outputs import ClockOutput
from genstudio.ui.playing.recording import NONE_FREE, Recording, Wanted
from genstudio.ui.playing.transport import Transport
from genstudio.ui.widgets.transport_bar import TransportBar
from tests.helpers.playing import Clock, scale


class Port:
    """A port of mido, plugged in."""

    def close(self) -> None:
        """Unplugged."""


@pytest.fixture
def names(monkeypatch):
    """What is plugged in; "Busy" belongs to another program."""
    found = ["Busy", "Keys"]

    def open_input(name: str, callback) -> Port:  # type: ignore[no-untyped-def]
        if name == "Busy":
            raise OSError("in use")
        return Port()

    monkeypatch.setattr(mido, "get_input_names", lambda: list(found), raising=False)
    monkeypatch.setattr(mido, "open_input", open_input, raising=False)
    return found


@pytest.fixture
def desk(qtbot, names):
    transport = Transport(ClockOutput(Clock()), threads=False)
    bar = TransportBar()
    qtbot.addWidget(bar)
    piece = scale().replaced(tracks=(Track(), Track("", 40)))
    transport.set_piece(piece)
    recording = Recording(bar, transport, lambda: Wanted(piece, 1, 120))
    yield recording, bar, transport
    recording.close()
    transport.close()


def look(qtbot, recording: Recording) -> None:
    with qtbot.waitSignal(recording.looked):
        recording.look()


def test_the_button_is_there_and_names_the_keyboard(desk, names, qtbot):
    recording, bar, _ = desk
    assert not bar.record.isHidden()
    assert "a MIDI keyboard" in bar.record.toolTip()
    look(qtbot, recording)
    assert "Keys" in bar.record.toolTip()
    names.remove("Keys")
    look(qtbot, recording)
    assert "a MIDI keyboard" in bar.record.toolTip()


def test_an_answer_that_comes_after_the_end_opens_nothing(desk, qtbot, heard):
    recording, bar, _ = desk
    answers = heard(recording._answers.came)
    recording.look()
    recording.close()
    qtbot.waitUntil(lambda: answers == [(["Busy", "Keys"], "")])
    assert "a MIDI keyboard" in bar.record.toolTip(), "it was left alone"


def test_a_take_goes_to_the_voice_that_was_wanted(desk, qtbot):
    recording, bar, transport = desk
    takes: list = []
    recording.recorded.connect(takes.append)
    look(qtbot, recording)
    bar.record.click()
    assert transport.playing
    assert bar.record.text() == "End take"
    recording.recorder._down(64, 100)
    recording.recorder._up(64)
    bar.record.click()
    assert bar.record.text() == "Record"
    assert takes[0]["track"].tolist() == [1]
    assert takes[0]["duration"].tolist() == [120]


def test_a_press_looks_for_a_keyboard_that_was_plugged_in_since(desk, qtbot):
    recording, bar, transport = desk
    with qtbot.waitSignal(recording.looked):
        bar.record.click()
    assert transport.playing
    assert recording.recorder.recording


def test_a_keyboard_of_another_program_is_told(desk, names, qtbot):
    recording, bar, transport = desk
    names[:] = ["Busy"]
    with qtbot.waitSignal(recording.failed) as told:
        bar.record.click()
    assert told.args == [NONE_FREE]
    assert not transport.playing


def test_only_a_press_is_answered_with_a_sentence(desk, names, qtbot):
    recording, _bar, _ = desk
    names.clear()
    said: list[str] = []
    recording.failed.connect(said.append)
    look(qtbot, recording)
    assert said == []


@pytest.fixture
def rtmidi(monkeypatch):
    """The extra is installed."""
    monkeypatch.setitem(sys.modules, "rtmidi", sys)


def test_without_a_keyboard_a_press_says_to_plug_one_in(desk, names, rtmidi, qtbot):
    recording, bar, _ = desk
    names.clear()
    with qtbot.waitSignal(recording.failed) as told:
        bar.record.click()
    assert told.args[0].startswith("No MIDI keyboard is plugged in.")


def test_without_the_extra_it_says_what_to_install(names, monkeypatch):
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    assert midi_input.why_none().startswith("Recording needs the extra")
    assert "pip install genstudio[midi]" in midi_input.why_none()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert midi_input.why_none().startswith("This build records nothing")


def test_a_system_that_cannot_be_asked_is_told(rtmidi, monkeypatch):
    def broken() -> list[str]:
        raise OSError("no sequencer")

    monkeypatch.setattr(mido, "get_input_names", broken, raising=False)
    assert midi_input.ports() == []
    assert midi_input.why_none().endswith("cannot be asked: no sequencer")
