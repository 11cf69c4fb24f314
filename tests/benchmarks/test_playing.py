"""The benchmark of playing: its piece, its load, and when sound is heard."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Signal

from benchmarks import playing
from benchmarks.playing import Load, band, play


@pytest.mark.parametrize("seconds", [1.0, 2.5, 64.0])
def test_the_band_plays_as_long_as_it_says_on_all_its_tracks(seconds: float) -> None:
    piece = band(seconds)
    assert len(piece.tracks) == 8
    assert [track.drums for track in piece.tracks] == [False] * 7 + [True]
    assert set(piece.notes["track"].tolist()) == set(range(8))
    assert piece.seconds(piece.length) == pytest.approx(seconds, abs=0.3)
    assert int(piece.notes["pitch"].max()) < 128


def test_at_every_eighth_all_eight_begin() -> None:
    starts = band(2.0).notes["start"]
    assert len(starts) == 8 * 8
    assert all((starts == 240 * step).sum() == 8 for step in range(8))


class Process:
    """A program that ends when it is told to."""

    made: list[Process] = []

    def __init__(self, words: list[str], **more: object) -> None:
        self.words, self.code, self.waited = words, None, False
        Process.made.append(self)

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        self.code = -9

    def wait(self) -> None:
        assert self.code is not None, "nobody ended it"
        self.waited = True


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    monkeypatch.setattr(Process, "made", [])
    monkeypatch.setattr(playing.subprocess, "Popen", Process)
    return Process.made


def test_a_load_that_ended_begins_again_and_one_that_runs_does_not(processes, tmp_path) -> None:
    load = Load(tmp_path)
    load.keep()
    assert (load.started, len(processes)) == (1, 1)
    processes[0].code = 0
    load.keep()
    load.keep()
    assert (load.started, len(processes)) == (2, 2)
    load.close()
    assert processes[1].waited
    assert [process.code for process in processes] == [0, -9]


def test_the_load_is_this_program_making_pictures_into_its_folder(processes, tmp_path) -> None:
    Load(tmp_path / "out").close()
    words = processes[0].words
    assert words[:4] == [sys.executable, "-m", "genstudio", "generate"]
    assert words[4] == playing.MODEL
    assert Path(words[words.index("--out") + 1]) == tmp_path / "out"


class Playing(QObject):
    """A transport whose place moves, or never does."""

    moved = Signal(float)

    def __init__(self, *places: float) -> None:
        super().__init__()
        self.places, self.length = places, 0.0

    def set_piece(self, piece) -> None:
        self.length = piece.seconds(piece.length)

    def play(self) -> None:
        for place in self.places:
            self.moved.emit(place)


class Idle:
    """Nothing else runs."""

    def __init__(self) -> None:
        self.kept = 0

    def keep(self) -> None:
        self.kept += 1


@pytest.fixture
def application(qapp) -> QCoreApplication:
    return qapp


def test_sound_is_heard_when_the_place_first_moves(application) -> None:
    transport, load = Playing(0.0, 0.0, 0.1, 0.2), Idle()
    began, heard = play(application, transport, 0.01, load)
    assert began <= heard < float("inf")
    assert transport.length > 59  # it does not end before the measurement


@pytest.mark.parametrize("places", [(), (0.0, 0.0)])
def test_what_never_moves_is_never_heard(application, places) -> None:
    assert play(application, Playing(*places), 0.01, Idle())[1] == float("inf")


def test_the_figures_say_how_they_came_about(monkeypatch, processes, application) -> None:
    closed = []

    class Transport(Playing):
        underruns = 3

        def __init__(self, output) -> None:
            super().__init__(0.5)

        def close(self) -> None:
            closed.append(self)

    monkeypatch.setattr(playing, "Transport", Transport)
    monkeypatch.setattr(playing, "QUICK_SECONDS", 0.01)
    gaps, wait = playing.rows(quick=True)
    assert (gaps.value, gaps.bar, gaps.met) == (3, 0, False)
    assert playing.MODEL in gaps.note
    assert wait.bar is None
    assert len(closed) == 1
    assert all(process.waited for process in processes)
