"""Scale, key and voice leading of composed pieces, counted by hand; copies by name."""

from __future__ import annotations

import math

import numpy as np
import pytest

from genstudio.evaluation import music_copies, music_rules
from genstudio.evaluation.music_pieces import Work
from genstudio.media.notes import Piece, Track, notes_of
from tests.evaluation.musical import PPQ, beat, composed, tune, works

MAJOR = (60, 62, 64, 65, 67, 69, 71, 72)


def line(*voices: tuple[int, ...], fifths: int | None = 0) -> Piece:
    """Voices in quarters."""
    rows = [
        (place * PPQ, PPQ, pitch, 80, voice)
        for voice, pitches in enumerate(voices)
        for place, pitch in enumerate(pitches)
    ]
    keys = () if fifths is None else ((0, fifths, False),)
    return Piece(notes_of(rows), tuple(Track() for _ in voices), PPQ, keys=keys)


def scored(measure, pieces: list[Piece], **more):
    """The one score of pieces that were composed."""
    found = measure(composed(composes=pieces, **more))
    assert len(found) == 1
    return found[0]


def test_a_scale_is_in_a_scale_and_twelve_tones_in_seven_of_twelve() -> None:
    assert scored(music_rules.in_scale, [line(MAJOR * 4)]).value == 1.0
    every = tuple(range(60, 72))
    found = scored(music_rules.in_scale, [line(every * 2)])
    assert found.value == pytest.approx(7 / 12)
    assert found.floor == 1.0
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_the_key_is_that_of_the_stretch_not_that_of_the_answer() -> None:
    away = line(tuple(pitch + 6 for pitch in MAJOR * 4), fifths=6)
    found = scored(music_rules.key_asked, [away])
    assert found.value == pytest.approx(2 / 7, abs=0.05)  # F sharp major shares two steps with C
    assert found.floor == 1.0
    assert scored(music_rules.in_scale, [away]).value == 1.0


def test_stretches_without_a_key_do_not_count() -> None:
    unkeyed = works(6, 100, key=False)
    assert music_rules.key_asked(composed(test=unkeyed)) == []
    some = [*works(3, 100, key=False), *works(3, 103)]
    found = scored(music_rules.key_asked, [line(MAJOR * 4)], test=some)
    assert 0 < found.samples < 6


def test_parallels_in_a_hundred_moves() -> None:
    bad = line((67, 69, 71, 69), (60, 62, 64, 65))  # two fifths, then a third
    good = line((64, 65, 67, 69), (60, 62, 64, 65))  # all in thirds
    faults, moves = music_rules.counted([bad, good])
    assert faults.tolist() == [2, 0]
    assert moves.tolist() == [3, 3]
    found = scored(music_rules.parallels, [bad, good])
    assert found.value == pytest.approx(100 * 2 / 6, abs=1e-3)
    assert found.samples == 3 * 6


def test_pieces_in_which_no_two_voices_move_have_no_faults_to_count() -> None:
    alone = line(MAJOR)
    faults, moves = music_rules.counted([alone, beat(1)])
    assert (faults.shape, moves.shape) == ((0,), (0,))
    assert music_rules.parallels(composed(composes=[alone])) == []


def test_a_key_far_away_is_not_kept_and_drums_have_none() -> None:
    shares = music_rules._shares([(line(MAJOR), 0), (line(MAJOR), 6), (beat(1), 0)])
    assert len(shares) == 2
    assert shares[0] == 1.0
    assert shares[1] < 0.5


# ---- copies ----------------------------------------------------------------------------------


def test_a_copy_is_named_with_its_source_and_length() -> None:
    source = tune(7)
    learnt = [Work(tune(1), "", "one"), Work(source, "", "seven"), Work(tune(2), "", "two")]
    found = scored(music_copies.note_for_note, [source.transposed(3)], train=learnt)
    assert found.value > 0.95  # the first step of a voice has none before it
    assert found.settings["longest_source"] == "seven"
    assert found.settings["longest_run"] > 20
    assert found.settings["pieces_with_copies"] > 0
    assert found.floor < 0.5


def test_new_music_is_no_copy() -> None:
    leaps = np.random.default_rng(5).integers(40, 90, (2, 32))
    new = line(*(tuple(row) for row in leaps.tolist()))
    found = scored(music_copies.note_for_note, [new])
    assert found.value == 0
    assert found.settings["longest_run"] == 0
    assert found.settings["longest_source"] == ""


def test_short_and_silent_pieces_copy_nothing() -> None:
    silent = Piece(notes_of([]))
    short = tune(0).within(0, 4 * PPQ)
    found = scored(music_copies.note_for_note, [silent, short])
    assert found.value == 0
    assert math.isfinite(found.high)


def test_where_nothing_was_kept_apart_there_is_no_floor() -> None:
    assert scored(music_copies.note_for_note, [tune(50)], held_out=False).floor is None
    assert scored(music_copies.note_for_note, [tune(50)]).floor is not None
