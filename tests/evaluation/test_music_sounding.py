"""How composed pieces sound: numbers of known sounds, what counts as usual, how fast they come."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from genstudio.evaluation import music_sounding
from genstudio.evaluation.music_likeness import LOOKS, apart, compared, form, numbers, summed
from genstudio.evaluation.music_material import Composed
from genstudio.evaluation.music_sounding import NUMBERS, QUIETEST, ROOM, sounding, usual
from genstudio.media.notes import Piece, Track, notes_of
from tests.evaluation.musical import PPQ, composed, material, tune, works

REAL = np.array([[-20.0, 0.1, 40.0, 70.0, 2.0], [-18.0, 0.2, 42.0, 75.0, 3.0]] * 20)


def chord(*pitches: int, velocity: int = 80, length: int = PPQ) -> Piece:
    rows = [(0, length, pitch, velocity, 0) for pitch in pitches]
    return Piece(notes_of(rows), (Track(),), PPQ)


# ---- numbers ---------------------------------------------------------------------------------


def test_silence_has_numbers_of_its_own() -> None:
    assert sounding(Piece(notes_of([]))).tolist() == [QUIETEST, 1.0, 0.0, 0.0, 0.0]


def test_range_and_voices_are_those_of_the_notes() -> None:
    found = dict(zip(NUMBERS, sounding(chord(48, 60, 67)), strict=True))
    assert (found["lowest"], found["highest"], found["voices at once"]) == (48, 67, 3)
    assert QUIETEST < found["loudness dB"] < 0
    assert found["silence"] < 0.5


def test_louder_notes_are_louder_and_rests_are_silence() -> None:
    soft, loud = sounding(chord(60, velocity=20)), sounding(chord(60, velocity=120))
    assert loud[0] > soft[0] + 10
    late = Piece(notes_of([(0, PPQ, 60, 80, 0), (12 * PPQ, PPQ, 60, 80, 0)]), ppq=PPQ)
    assert sounding(late)[1] > sounding(chord(60))[1] + 0.3


def test_of_long_pieces_the_beginning_is_played(monkeypatch) -> None:
    asked = []

    def render(piece, rate, seconds):
        asked.append(seconds)
        return np.zeros((10, 2), np.float32)

    monkeypatch.setattr(music_sounding.synth, "render", render)
    assert sounding(chord(60, length=1000 * PPQ))[0] == QUIETEST
    sounding(chord(60, length=2 * PPQ))
    assert asked == [music_sounding.SECONDS, pytest.approx(1.0)]


# ---- usual -----------------------------------------------------------------------------------


def test_real_rows_are_usual_and_so_is_what_lies_between() -> None:
    assert usual(REAL, REAL).all()
    assert usual(REAL[:2].mean(axis=0)[None], REAL).all()


@pytest.mark.parametrize("number", range(len(NUMBERS)))
@pytest.mark.parametrize("side", [-1, 1])
def test_one_number_outside_its_room_is_enough(number: int, side: int) -> None:
    edge = REAL.min(axis=0) if side < 0 else REAL.max(axis=0)
    rows = np.repeat(REAL[:1], 2, axis=0)
    rows[0, number] = edge[number] + side * ROOM[number] * 0.99
    rows[1, number] = edge[number] + side * ROOM[number] * 1.01
    assert usual(rows, REAL).tolist() == [True, False]


def test_one_odd_real_piece_of_many_is_not_usual() -> None:
    odd = np.array([[-80.0, 0.9, 0.0, 127.0, 16.0]])
    assert not usual(odd, np.concatenate([REAL, odd])).any()


# ---- speed -----------------------------------------------------------------------------------


def test_speed_is_music_over_work_without_the_first_piece() -> None:
    made = material()
    made.model.device = SimpleNamespace(name="CPU", threads=3)
    (real,) = works(1)
    seconds = (100.0, 4.8, 2.4)  # eight bars at 100 quarters a minute play 19.2 seconds
    made.composed = tuple(Composed(tune(n), real, took) for n, took in enumerate(seconds))
    (score,) = music_sounding.composing_speed(made)
    assert score.value == pytest.approx((4.0 + 8.0) / 2)
    assert (score.samples, score.settings["threads"]) == (2, 3)
    assert score.low >= 0
    made.composed = made.composed[:1]
    (alone,) = music_sounding.composing_speed(made)
    assert alone.value == pytest.approx(0.192)


# ---- likeness --------------------------------------------------------------------------------


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_looks_have_words_and_names_of_their_own(look) -> None:
    assert [one.name for one in LOOKS].count(look.name) == 1
    assert look.help.endswith(".")
    assert look.title


def test_distances_are_none_from_oneself_and_whole_from_the_other() -> None:
    one, other = np.array([[4.0, 0, 0], [2, 0, 0]]), np.array([[0.0, 3, 5]])
    assert summed(one, one) == pytest.approx(0, abs=1e-9)
    assert summed(one, other) == pytest.approx(1)
    assert summed(one, other) == pytest.approx(summed(other, one))
    assert summed(10 * one, other) == pytest.approx(summed(one, other))


def test_what_is_no_number_has_no_say() -> None:
    nan = float("nan")
    assert apart(np.array([[1.0, nan], [3.0, nan]]), np.array([[1.0, 7.0]])) == 1.0
    assert apart(np.array([[nan, nan]]), np.array([[1.0, 7.0]])) == 0.0
    assert numbers([chord(60), chord(61)], lambda piece: None).shape == (0,)


@pytest.mark.parametrize(("made", "real"), [(1, 5), (5, 1), (1, 1)])
def test_of_one_piece_nothing_is_known_of_chance(made: int, real: int) -> None:
    rows = np.random.default_rng(0).random((5, 3))
    value, (low, high) = compared(rows[:made], rows[-real:], summed)
    assert low == value == high


def test_the_interval_is_around_the_value() -> None:
    rows = np.random.default_rng(0).random((40, 3))
    value, (low, high) = compared(rows[:20], rows[20:], summed)
    assert low < value < high


def test_form_tells_each_lag_that_there_is() -> None:
    bar = tune(3, bars=1)
    again = np.concatenate([bar.notes] * 8)
    again["start"] += np.repeat(np.arange(8) * 4 * PPQ, len(bar.notes)).astype(np.int32)
    (score,) = form(composed(composes=[bar.replaced(notes=again)]))
    assert set(score.settings["by_lag"].values()) == {1.0}
    assert sorted(score.settings["by_lag"]) == [str(n) for n in range(1, 8)]
    assert max(score.settings["by_lag_real"].values()) < 1
    assert score.value > score.floor
