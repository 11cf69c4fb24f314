"""The row of playing: what it asks for, what it shows, for hand, eye and ear."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from genstudio.ui.widgets.transport_bar import TransportBar


@pytest.fixture
def bar(qtbot):
    found = TransportBar()
    qtbot.addWidget(found)
    return found


def test_every_control_says_what_is_wanted(bar, qtbot):
    asked: list[object] = []
    bar.play_wanted.connect(lambda: asked.append("play"))
    bar.stop_wanted.connect(lambda: asked.append("stop"))
    bar.loop_wanted.connect(asked.append)
    bar.metronome_wanted.connect(asked.append)
    bar.count_in_wanted.connect(lambda bars: asked.append(("bars", bars)))
    bar.volume_wanted.connect(asked.append)
    for part in (bar.play, bar.stop, bar.loop, bar.metronome, bar.count_in):
        part.click()
    bar.volume.setValue(30)
    assert asked == ["play", "stop", True, True, ("bars", 1), 0.3]


def test_what_is_told_is_shown_and_asks_for_nothing(bar):
    asked: list[object] = []
    for signal in (bar.loop_wanted, bar.metronome_wanted, bar.count_in_wanted, bar.volume_wanted):
        signal.connect(asked.append)
    bar.set_loop(True)
    bar.set_metronome(True, 1)
    bar.set_volume(0.5)
    bar.set_facts("♩ = 96   3/4")
    bar.set_place("Bar 2 · 1   0:03", 0.25)
    assert asked == []
    assert bar.loop.isChecked()
    assert bar.metronome.isChecked()
    assert bar.count_in.isChecked()
    assert bar.volume.value() == 50
    assert bar.facts.text() == "♩ = 96   3/4"
    assert bar.place.text() == "Bar 2 · 1   0:03"
    assert bar.place.accessibleDescription() == "25 %"


def test_the_button_names_what_it_will_do(bar):
    width = bar.play.width()
    bar.set_playing(True)
    assert (bar.play.text(), bar.play.accessibleName()) == ("Pause", "Pause")
    bar.set_playing(True, counting=True)
    assert bar.play.accessibleName() == "Counting"
    bar.set_playing(False)
    assert bar.play.text() == "Play"
    assert bar.play.width() == width, "nothing moves"


def test_keys_play_stop_and_click(bar, qtbot):
    asked: list[str] = []
    bar.play_wanted.connect(lambda: asked.append("play"))
    bar.stop_wanted.connect(lambda: asked.append("stop"))
    bar.metronome_wanted.connect(lambda on: asked.append(f"metronome {on}"))
    bar.show()
    bar.activateWindow()
    bar.volume.setFocus()
    qtbot.waitUntil(bar.volume.hasFocus)
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(bar.volume, Qt.Key.Key_K)
    qtbot.keyClick(bar.volume, Qt.Key.Key_K, shift)
    qtbot.keyClick(bar.volume, Qt.Key.Key_M, shift | Qt.KeyboardModifier.ControlModifier)
    assert asked == ["play", "stop", "metronome True"]


def test_everything_has_a_name(bar):
    parts = (bar.play, bar.stop, bar.loop, bar.metronome, bar.count_in, bar.volume, bar.meter)
    assert [part.accessibleName() for part in parts] == [
        "Play", "Stop", "Loop", "Metronome", "Count-in", "Volume", "Level",
    ]  # fmt: skip


def test_a_recording_has_no_beats(qtbot):
    bar = TransportBar(beats=False)
    qtbot.addWidget(bar)
    bar.show()
    assert not bar.metronome.isVisible()
    assert not bar.count_in.isVisible()
    assert bar.play.isVisible()


@pytest.mark.parametrize("recording", [False, True])
def test_a_second_row_comes_where_one_has_no_room(qtbot, recording):
    host = QWidget()
    bar = TransportBar()
    bar.setParent(host)
    qtbot.addWidget(host)
    host.resize(1200, 200)
    if recording:
        bar.offer_recording("")
    host.show()
    parts = [*bar.buttons(), bar.place, bar.volume, bar.meter]
    shown = [part for part in parts if part.isVisible()]
    for width in (1100, 844, 524, 1100):
        for _again in range(2):  # the height follows the rows
            bar.resize(width, bar.sizeHint().height())
            QApplication.processEvents()
        places = [part.geometry() for part in shown]
        crossed = [a.intersects(b) for n, a in enumerate(places) for b in places[:n]]
        assert not any(crossed), width
        assert all(bar.rect().contains(place) for place in places), width
        below = bar.metronome.geometry().top() >= bar.play.geometry().bottom()
        assert below == (width == 524)
    assert bar.minimumSizeHint().width() <= 524


def test_it_fits_beside_the_asking_column(bar):
    assert bar.minimumSizeHint().width() <= 844, "1280 less rail, column and margins"
