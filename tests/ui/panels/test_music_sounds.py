"""Sounds of the user's in place of drums, from the file to the ear, and back by undo."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog

from genstudio.core.piece_file import PieceFile
from genstudio.media import sound_files
from genstudio.media.notes import Piece, RowSound, Track, notes_of
from genstudio.studio.pieces import to_piece
from genstudio.ui.panels.music_sounds import DRAFT_FIRST, FULL, GONE, MusicSounds
from genstudio.ui.state.row_sound_state import Taken
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.piano_roll import ROW_SOUND, PianoRoll
from tests.helpers.fake_studio import FakeBridge

KIT = Piece(
    notes_of([(0, 480, 60, 80, 0), (0, 60, 36, 90, 1)]), (Track("Lead"), Track("Kit", 0, True))
)


@pytest.fixture
def state(studio):
    made = StudioState(studio, FakeBridge())
    yield made
    made.close()


@pytest.fixture
def roll(shown) -> PianoRoll:
    return shown(PianoRoll())


@pytest.fixture
def desk(state, roll) -> SimpleNamespace:
    """What of the Music panel has to do with it: much less to build than all of it."""
    pieces, made = state.music.pieces, SimpleNamespace(busy=False)
    pieces.opened.connect(lambda kept: roll.set_piece(to_piece(kept)))
    pieces.bind(roll.piece)
    made.sounds = MusicSounds(
        roll, pieces, state.row_sounds, lambda: made.busy,
        lambda words: state.said.emit(words, "", None), roll,
    )  # fmt: skip
    pieces.new(KIT, "Song")
    roll.set_track(1)
    return made


@pytest.fixture
def wav(tmp_path):
    wave = (0.5 * np.sin(np.arange(2000) / 5)).astype(np.float32)
    path = tmp_path / "boom.wav"
    path.write_bytes(sound_files.write(wave, 8000))
    return path


def names(roll, track: int = 1) -> list[tuple[int, str]]:
    return [(one.pitch, one.name) for one in roll.piece().tracks[track].sounds]


def arrived(qtbot, roll, track: int = 1) -> None:
    qtbot.waitUntil(lambda: bool(names(roll, track)))


def test_a_dropped_sound_plays_its_row(desk, roll, wav, qtbot, state, heard):
    said = heard(state.said)
    struck = heard(roll.heard)
    roll.sound_dropped.emit(36, str(wav))
    arrived(qtbot, roll)
    assert names(roll) == [(36, "boom")]
    assert said == [("boom plays Kick now", "", None)]
    assert struck == [(36, 100, 1)]


def test_undo_takes_it_back_and_redo_brings_it_again(desk, roll, wav, qtbot):
    roll.sound_dropped.emit(36, str(wav))
    arrived(qtbot, roll)
    roll.undo()
    assert names(roll) == []
    roll.redo()
    assert names(roll) == [(36, "boom")]


def test_it_is_kept_with_the_piece(desk, roll, wav, qtbot, state, studio):
    roll.sound_dropped.emit(36, str(wav))
    arrived(qtbot, roll)
    state.music.pieces.touch()
    state.music.pieces.save()
    studio.pieces.flush()
    name = state.music.pieces.current.id
    again = to_piece(PieceFile.read(studio.pieces.path(name)))
    assert again.tracks[1].sounds == roll.piece().tracks[1].sounds


def test_a_file_is_chosen_for_a_row(desk, roll, wav, qtbot, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(wav), ""))
    roll.row_sound_wanted.emit(38)
    arrived(qtbot, roll)
    assert names(roll) == [(38, "boom")]


def test_a_dialog_that_was_left_changes_nothing(desk, roll, state, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: ("", ""))
    roll.row_sound_wanted.emit(38)
    state.row_sounds.wait()
    assert names(roll) == []


def test_the_menu_of_a_row_takes_a_sound_away(desk, roll, wav, qtbot):
    roll.row_menu.emit(36, QPoint(10, 10))
    assert [a.text().split("\t")[0] for a in desk.sounds.menu.actions()] == [ROW_SOUND]
    desk.sounds.menu.close()
    roll.sound_dropped.emit(36, str(wav))
    arrived(qtbot, roll)
    roll.row_menu.emit(36, QPoint(10, 10))
    _use, gone = desk.sounds.menu.actions()
    assert gone.text() == "Take “boom” away: Kick again"
    gone.trigger()
    desk.sounds.menu.close()
    assert names(roll) == []


def test_by_key_a_row_with_a_sound_asks_what_to_do_with_it(desk, roll, wav, qtbot, state, heard):
    roll.sound_dropped.emit(36, str(wav))
    arrived(qtbot, roll)
    said = heard(state.said)
    roll.row_sound_wanted.emit(36)
    _use, gone = desk.sounds.menu.actions()
    desk.busy = True
    gone.trigger()
    assert said[-1][0] == DRAFT_FIRST
    assert names(roll) == [(36, "boom")]
    desk.busy = False
    gone.trigger()
    desk.sounds.menu.close()
    assert names(roll) == []
    desk.sounds.remove(36)
    assert roll.model.undo_stack.undoText() == "Take a sound away", "once is enough"


def test_a_damaged_file_is_told_and_nothing_changes(desk, roll, tmp_path, state, qtbot, heard):
    problems = heard(state.problem)
    (tmp_path / "bad.wav").write_bytes(b"nothing")
    roll.sound_dropped.emit(36, str(tmp_path / "bad.wav"))
    qtbot.waitUntil(lambda: bool(problems))
    assert "bad.wav is damaged" in problems[0].sentence
    assert names(roll) == []


def offered(desk, state, path):
    """A sound of another panel; the menu that asks for its row."""
    state.row_sounds.offer(path)
    desk.sounds.ask_row()
    return desk.sounds.menu


def choose(menu, words: str) -> None:
    next(entry for entry in menu.actions() if entry.text() == words).trigger()
    menu.close()


def test_an_offered_sound_asks_for_its_row(desk, roll, wav, qtbot, state):
    roll.set_track(0)
    menu = offered(desk, state, wav)
    assert roll.track() == 1, "the drums are shown"
    choose(menu, "Snare")
    arrived(qtbot, roll)
    assert names(roll) == [(38, "boom")]
    desk.sounds.menu = None
    desk.sounds.ask_row()
    assert desk.sounds.menu is None, "it was offered once"


@pytest.mark.parametrize("pitch", [36, -1])
def test_a_sound_that_is_gone_is_told_and_asks_for_nothing(
    desk, roll, tmp_path, state, heard, pitch
):
    said, before = heard(state.said), roll.piece()
    roll.sound_dropped.emit(pitch, str(tmp_path / "gone.wav"))
    assert [words for words, *_rest in said] == [GONE.format("gone.wav")]
    assert roll.piece() is before, "no track of drums for nothing"


def test_over_other_tracks_the_row_is_asked_for_too(desk, roll, wav):
    roll.set_track(0)
    roll.sound_dropped.emit(-1, str(wav))
    assert desk.sounds.menu is not None
    desk.sounds.menu.close()
    assert roll.track() == 1


def test_a_piece_without_drums_gets_a_track_of_them(desk, roll, wav, qtbot, state):
    state.music.pieces.new(KIT.replaced(tracks=(Track("A"), Track("B"))), "No drums")
    choose(offered(desk, state, wav), "Kick")
    arrived(qtbot, roll, 2)
    assert roll.piece().tracks[2].drums
    assert names(roll, 2) == [(36, "boom")]


def test_without_room_for_drums_it_says_so(desk, wav, state, heard):
    full = Piece(notes_of([(0, 480, 60, 80, 0)]), (Track(),) * 16)
    state.music.pieces.new(full, "Full")
    said = heard(state.said)
    assert offered(desk, state, wav) is None
    assert said == [(FULL, "", None)]


def test_a_draft_is_decided_first(desk, roll, wav, state, heard):
    desk.busy = True
    said = heard(state.said)
    roll.sound_dropped.emit(36, str(wav))
    offered(desk, state, wav)
    assert said == [(DRAFT_FIRST, "", None)] * 2


def test_a_sound_for_a_piece_that_was_left_is_not_put_into_the_next(desk, roll, wav, state):
    roll.sound_dropped.emit(36, str(wav))
    state.music.pieces.new(KIT, "Another")
    roll.set_track(1)
    state.row_sounds.wait()
    other = state.music.pieces.current.id
    state.row_sounds.ready.emit(taken_for("left"))
    assert names(roll) == []
    state.row_sounds.ready.emit(taken_for(other, track=7))
    state.row_sounds.ready.emit(taken_for(other, track=0))
    assert names(roll) == names(roll, 0) == []


def taken_for(piece: str, track: int = 1):
    return Taken(piece, track, RowSound(36, "boom", "0" * 16))
