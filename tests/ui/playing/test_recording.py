"""Recording from the bar."""

from __future__ import annotations

import mido
import pytest

from genstudio.media.notes import Track
from genstudio.ui.playing.outputs import ClockOutput
from genstudio.ui.playing.recording import Recording, Wanted
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


def test_the_button_comes_and_goes_with_the_keyboard(desk, names):
    recording, bar, _ = desk
    assert bar.record.isHidden()
    recording.look()
    assert not bar.record.isHidden()
    assert "Keys" in bar.record.toolTip()
    names.remove("Keys")
    recording.look()
    assert bar.record.isHidden()


def test_a_take_goes_to_the_voice_that_was_wanted(desk):
    recording, bar, transport = desk
    takes: list = []
    recording.recorded.connect(takes.append)
    recording.look()
    bar.record.click()
    assert transport.playing
    assert bar.record.text() == "End take"
    recording.recorder._down(64, 100)
    recording.recorder._up(64)
    bar.record.click()
    assert bar.record.text() == "Record"
    assert takes[0]["track"].tolist() == [1]
    assert takes[0]["duration"].tolist() == [120]
