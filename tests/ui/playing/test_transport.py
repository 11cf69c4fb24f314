"""What the panels hold: a piece or a sound, where it is, what it says."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media.notes import NOTE, Piece
from genstudio.media.synth import Mix, Renderer, limited
from genstudio.ui.playing.outputs import ClockOutput, NoSound
from genstudio.ui.playing.transport import Transport
from tests.helpers import fonts
from tests.helpers.playing import Clock, scale

RATE = 22050


class Player:
    """A transport without threads, its clock and what it said."""

    def __init__(self, font=None) -> None:  # type: ignore[no-untyped-def]
        self.clock = Clock()
        self.output = ClockOutput(self.clock, RATE)
        self.output.taken = []
        self.transport = Transport(self.output, threads=False)
        self.transport.set_font(font or fonts.font(presets=((0, 0), (128, 0))))
        self.moves: list[float] = []
        self.said: list[str] = []
        self.transport.moved.connect(self.moves.append)
        self.transport.failed.connect(self.said.append)
        self.transport.finished.connect(lambda: self.said.append("finished"))

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.02)):
            self.transport.engine.feed()
            while self.transport.engine.prepare():
                pass
            self.transport.poll()
            self.clock.now += 0.02

    def heard(self) -> np.ndarray:
        return np.concatenate(self.output.taken or [np.zeros((0, 2))])


@pytest.fixture
def player(qapp):
    found = Player()
    yield found
    found.transport.close()


def test_a_piece_is_heard_as_it_is_exported(player):
    player.transport.set_piece(scale())
    player.transport.play(1.0)
    player.run(1.0)
    found = player.heard()
    renderer = Renderer(scale(), RATE, player.transport._font)
    expected = limited(renderer.block(RATE, len(found)))
    assert np.abs(found - expected)[200:].max() < 1e-5
    assert player.moves == sorted(player.moves)
    assert player.transport.place == pytest.approx(2.0, abs=0.1)
    assert player.transport.tick == pytest.approx(1920, abs=100)
    assert player.transport.underruns == 0


def test_it_says_where_it_is_in_bars_and_time(player):
    player.transport.set_piece(scale().replaced(metres=((0, 3, 4),), tempos=((0, 60.0),)))
    assert player.transport.length == 8.0
    player.transport.seek(4.5)
    assert player.transport.where == "Bar 2 · 2   0:04"
    assert player.transport.facts == "♩ = 60   3/4"
    player.transport.seek_tick(480 * 7)
    assert player.transport.place == 7.0
    assert player.transport.where == "Bar 3 · 2   0:07"


def test_play_pause_and_stop(player):
    changes: list[bool] = []
    player.transport.changed.connect(lambda: changes.append(player.transport.playing))
    player.transport.set_piece(scale())
    player.transport.toggle()
    player.run(0.5)
    assert player.transport.playing
    player.transport.toggle()
    assert not player.transport.playing
    assert player.transport.place == pytest.approx(0.5, abs=0.1)
    player.transport.play()
    player.run(0.3)
    player.transport.stop()
    assert player.transport.place == 0.0
    assert changes[-1] is False
    assert True in changes


def test_it_finishes_by_itself(player):
    player.transport.set_piece(scale(1))
    player.transport.play()
    player.run(2.0)
    assert player.said == ["finished"]
    assert not player.transport.playing
    assert player.moves[-1] == 0.0
    assert not player.transport._timer.isActive()


def test_pausing_is_no_finish(player):
    player.transport.set_piece(scale())
    player.transport.play()
    player.run(0.3)
    player.transport.pause()
    player.run(0.3)
    assert player.said == []


def test_stop_goes_to_the_beginning_of_the_loop(player):
    player.transport.set_piece(scale())
    player.transport.set_loop(1.0, 2.0)
    player.transport.play(1.5)
    player.run(2.0)
    assert 1.0 <= player.transport.place < 2.0
    player.transport.stop()
    assert player.transport.place == 1.0
    assert player.transport.loop == (1.0, 2.0)
    player.transport.clear_loop()
    player.transport.stop()
    assert player.transport.place == 0.0


def test_an_edit_while_playing_is_heard_without_a_gap(player):
    player.transport.set_piece(Piece(np.zeros(0, NOTE)).replaced(notes=scale(16).notes))
    player.transport.play()
    player.run(1.0)
    player.transport.set_piece(Piece(scale(16).notes[:0]))
    player.run(1.2)
    assert player.transport.underruns == 0
    assert not player.heard()[round(1.9 * RATE) :].any(), "the new piece is silent"
    assert player.heard()[: round(1.2 * RATE)].any()


def test_muting_while_playing_is_heard(player):
    player.transport.set_piece(scale(16))
    player.transport.play()
    player.run(1.0)
    player.transport.set_mix(Mix(muted=frozenset({0})))
    player.run(1.5)
    assert not player.heard()[-RATE // 4 :].any()
    assert player.transport.place == pytest.approx(2.5, abs=0.1), "it goes on in silence"


def test_switches_are_remembered_and_told(player):
    told = []
    player.transport.changed.connect(lambda: told.append(1))
    player.transport.set_metronome(True)
    player.transport.set_count_in(2)
    player.transport.set_volume(1.7)
    assert (player.transport.metronome, player.transport.count_in) == (True, 2)
    assert player.transport.volume == 1.0
    assert len(told) == 3


def test_count_in_then_music(player):
    player.transport.set_piece(scale())
    player.transport.set_count_in(1)
    player.transport.play()
    player.run(1.0)
    assert player.transport.counting
    player.run(1.5)
    assert not player.transport.counting
    assert player.transport.place == pytest.approx(0.5, abs=0.1)


def test_a_sound_is_played_at_its_rate(player):
    samples = np.full(8000, 0.5, np.float32)
    player.transport.set_sound(samples, 8000)
    assert player.transport.length == 1.0
    assert player.transport.facts == "8 kHz"
    player.transport.play(0.25)
    player.run(0.5)
    assert player.transport.where == "0:00.7"
    assert player.transport.tick == 0
    player.run(2.0)
    assert player.said == ["finished"]
    assert len(player.heard()) / RATE == pytest.approx(0.75, abs=0.01)


def test_a_note_is_struck_beside_everything(player):
    player.transport.audition(69, 127)
    player.run(1.0)
    assert np.abs(player.heard()).max() > 0.1
    assert not player.transport.playing
    assert player.moves == []


def test_levels_are_told(player):
    levels: list[float] = []
    player.transport.levelled.connect(lambda left, right: levels.append(max(left, right)))
    player.transport.set_piece(scale(2))
    player.transport.play()
    player.run(3.0)
    assert max(levels) > 0.05
    assert levels[-1] == 0.0


def test_a_failure_is_told_in_a_sentence(player):
    def nothing() -> int:
        raise NoSound("No sound device was found", next_step="Plug one in.")

    player.output.open = nothing
    player.transport.set_piece(scale())
    player.transport.play()
    player.run(0.2)
    assert player.said[0].startswith("No sound device was found")
    assert not player.transport.playing


def test_nothing_to_play_is_no_trouble(player):
    player.transport.play()
    player.run(0.2)
    player.transport.set_piece(None)
    assert player.transport.length == 0.0
    assert not player.transport.playing
