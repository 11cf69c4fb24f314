"""The ear and the roll: places, loops, mixes, struck notes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.media import sound_files
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.ui.panels.music_playing import MusicPlaying
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.piano_roll import PianoRoll
from tests.helpers import fonts
from tests.helpers.fake_studio import FakeBridge
from tests.helpers.pieces import chorale

BAR = 1920
PIECE = Piece(
    notes_of([(0, 480, 60, 80, 0), (3 * BAR, BAR, 64, 80, 1)]),
    (Track("Violin", 40), Track("Kit", 0, True)),
    tempos=((0, 60.0), (2 * BAR, 120.0)),
)
"""Two bars of four seconds, then bars of two."""


@pytest.fixture
def state(studio):
    made = StudioState(studio, FakeBridge())
    yield made
    made.close()


@pytest.fixture
def roll(shown) -> PianoRoll:
    made = shown(PianoRoll())
    made.set_piece(PIECE)
    return made


@pytest.fixture
def place(shown) -> QWidget:
    return shown(QWidget())


@pytest.fixture
def playing(place, roll, state):
    made = MusicPlaying(QVBoxLayout(place), roll, state, roll)
    made.set_piece(PIECE)
    yield made
    made.close()


def test_a_place_in_the_roll_is_a_second_of_the_ear(playing, roll):
    for tick, second in ((BAR, 4.0), (2 * BAR, 8.0), (3 * BAR, 10.0)):
        roll.seek.emit(tick)
        assert playing.transport.place == pytest.approx(second)
        assert playing.tick() == tick
        assert roll.canvas.playhead() == tick


def test_the_playhead_follows_the_ear_through_another_tempo(playing, roll):
    playing.transport.moved.emit(9.0)
    assert roll.canvas.playhead() == pytest.approx(2 * BAR + BAR // 2, abs=1)


def test_a_loop_of_the_roll_is_heard_and_its_end_ends_it(playing, roll):
    roll.set_loop(BAR, 3 * BAR)
    assert playing.transport.loop == pytest.approx((4.0, 10.0))
    roll.set_loop(0, 0)
    assert playing.transport.loop is None


def test_a_loop_that_the_bar_switches_is_seen(playing, roll):
    roll.set_loop(BAR, 2 * BAR)
    playing.bar.loop_wanted.emit(False)
    assert roll.loop() is None
    playing.bar.loop_wanted.emit(True)
    assert roll.loop() == (BAR, 2 * BAR), "the one that was there last"


def test_what_is_muted_or_solo_is_told_and_all_is_heard_of_a_draft(playing, state):
    state.music.pieces.new(PIECE, "Song")
    state.music.pieces.set_track(0, muted=True)
    state.music.pieces.set_track(1, solo=True, muted=True)
    playing.follow_mix()
    mix = playing.transport._mix
    assert (mix.muted, mix.solo) == ({0, 1}, {1})
    playing.follow_mix(plain=True)
    mix = playing.transport._mix
    assert (mix.muted, mix.solo) == (frozenset(), frozenset())


def test_struck_notes_sound_by_their_instrument_but_not_while_it_plays(playing, roll, monkeypatch):
    struck = []
    monkeypatch.setattr(playing.transport, "strike", lambda *how: struck.append(how))
    roll.heard.emit(60, 70, 0)
    roll.heard.emit(38, 90, 1)
    roll.heard.emit(60, 70, 2)
    assert struck == [(60, 70, PIECE.tracks[0]), (38, 90, PIECE.tracks[1])]
    monkeypatch.setattr(type(playing.transport), "playing", property(lambda _self: True))
    roll.heard.emit(60, 70, 0)
    assert len(struck) == 2


def test_another_piece_is_measured_by_its_own_tempo(playing, roll):
    playing.set_piece(chorale(bars=4))
    roll.seek.emit(BAR)
    assert playing.transport.place == pytest.approx(2.5)


def test_pause_says_whether_there_was_anything_to_silence(playing, monkeypatch):
    assert not playing.pause()
    paused = []
    monkeypatch.setattr(type(playing.transport), "playing", property(lambda _self: True))
    monkeypatch.setattr(playing.transport, "pause", lambda: paused.append(True))
    assert playing.pause()
    assert paused == [True]


def test_trouble_with_the_sound_device_is_told_in_the_window(playing, state, heard):
    said = heard(state.said)
    playing.transport.failed.emit("There is no sound device.")
    assert said == [("There is no sound device.", "", None)]


def test_the_bar_stands_in_its_place(playing, place):
    assert place.layout().itemAt(0).widget() is playing.bar


def test_shown_it_makes_ready_and_looks_for_a_keyboard(playing, qtbot, monkeypatch):
    warmed = []
    monkeypatch.setattr(playing.transport, "warm", lambda: warmed.append(True))
    with qtbot.waitSignal(playing.recording.looked):
        playing.ready()
    assert warmed == [True]


def test_a_take_is_one_step_of_undo_in_the_chosen_track(playing, roll):
    roll.set_track(1)
    wanted = playing._wanted()
    assert (wanted.track, len(wanted.piece.notes)) == (1, 2)
    playing.recording.recorded.emit(notes_of([(480, 240, 38, 90, 1), (0, 10, 36, 90, 9)]))
    assert (480, 240, 38, 90, 1) in roll.piece().notes.tolist()
    assert len(roll.piece().notes) == 3, "what belongs to no track is left out"
    roll.undo()
    assert len(roll.piece().notes) == 2


def test_why_nothing_is_recorded_is_told_in_the_window(playing, state, heard):
    said = heard(state.said)
    playing.recording.failed.emit("No MIDI keyboard is plugged in.")
    assert said == [("No MIDI keyboard is plugged in.", "", None)]


def test_another_soundfont_plays_as_soon_as_it_is_chosen(playing, state, tmp_path, qtbot):
    (tmp_path / "own.sf2").write_bytes(fonts.font_bytes())
    state.fonts.choose(tmp_path / "own.sf2")
    qtbot.waitUntil(lambda: state.fonts.font is not None)
    assert playing.transport._font is state.fonts.font
    state.fonts.reset()
    assert playing.transport._font is None


def test_recordings_are_looked_for_beside_the_open_piece(playing, state, studio):
    state.music.pieces.new(PIECE, "Song")
    playing.set_piece(PIECE)
    wave = (0.5 * np.sin(np.arange(2000) / 5)).astype(np.float32)
    name = state.music.pieces.current.id
    file = studio.pieces.add_sound(name, sound_files.write(wave, 8000))
    waves = playing.transport._waves
    assert len(waves(file, 8000)) == 2000
    state.music.pieces.new(PIECE, "Other")
    playing.set_piece(PIECE)
    assert playing.transport._waves(file, 8000) is None
