"""A bar that stays true."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from genstudio.ui.playing.binding import bind
from genstudio.ui.playing.outputs import ClockOutput
from genstudio.ui.playing.transport import Transport
from genstudio.ui.widgets.transport_bar import TransportBar
from tests.helpers.playing import Clock, scale


@pytest.fixture
def pair(qtbot):
    transport = Transport(ClockOutput(Clock()), threads=False)
    bar = TransportBar()
    qtbot.addWidget(bar)
    bind(bar, transport)
    transport.set_piece(scale())
    yield bar, transport
    transport.close()


def test_buttons_reach_the_transport_and_come_back(pair):
    bar, transport = pair
    bar.play.click()
    assert transport.playing
    assert bar.play.text() == "Pause"
    bar.metronome.click()
    bar.count_in.click()
    bar.volume.setValue(40)
    assert (transport.metronome, transport.count_in, transport.volume) == (True, 1, 0.4)
    bar.count_in.click()
    assert transport.count_in == 0
    bar.stop.click()
    assert not transport.playing
    assert bar.play.text() == "Play"


def test_what_the_transport_does_is_shown(pair):
    bar, transport = pair
    transport.set_volume(0.25)
    transport.set_metronome(True)
    transport.seek(1.5)
    assert bar.volume.value() == 25
    assert bar.metronome.isChecked()
    assert bar.place.text() == "Bar 1 · 4   0:01"
    assert bar.facts.text() == "♩ = 120   4/4"


def test_loop_takes_all_or_what_was_marked(pair):
    bar, transport = pair
    bar.loop.click()
    assert transport.loop == (0.0, 4.0)
    bar.loop.click()
    assert transport.loop is None
    transport.set_loop(1.0, 2.0)
    assert bar.loop.isChecked()
    bar.loop.click()
    assert transport.loop is None
    bar.loop.click()
    assert transport.loop == (1.0, 2.0)


def test_space_plays_in_the_roll(qtbot):
    transport = Transport(ClockOutput(Clock()), threads=False)
    place = QWidget()
    qtbot.addWidget(place)
    bar, roll = TransportBar(place), QWidget(place)
    bind(bar, transport, roll)
    transport.set_piece(scale())
    place.show()
    place.activateWindow()
    roll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    roll.setFocus()
    qtbot.waitUntil(roll.hasFocus)
    qtbot.keyClick(roll, Qt.Key.Key_Space)
    assert transport.playing
    qtbot.keyClick(roll, Qt.Key.Key_K)
    assert not transport.playing
    transport.close()
