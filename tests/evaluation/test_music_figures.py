"""Numbers of pieces: known ones, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.evaluation import music_figures as figures
from genstudio.media.notes import Piece, Track, notes_of
from tests.evaluation.musical import PPQ, beat, tune

CHORDS = ((60, 64, 67), (65, 69, 72), (67, 71, 74), (60, 64, 67))


def piece(*rows: tuple[int, int, int, int], tracks: int = 2, **more) -> Piece:
    """Notes as (quarter, quarters, pitch, track)."""
    notes = notes_of((round(s * PPQ), round(d * PPQ), p, 80, t) for s, d, p, t in rows)
    return Piece(notes=notes, tracks=tuple(Track() for _ in range(tracks)), **more)


def cadence(tonic: int = 60, minor: bool = False) -> Piece:
    rows = []
    for bar, chord in enumerate(CHORDS):
        third = 1 if minor and bar in (0, 1, 3) else 0
        pitches = (chord[0], chord[1] - third, chord[2])
        rows += [(4 * bar, 4, pitch + tonic - 60, 0) for pitch in pitches]
    return piece(*rows)


@pytest.mark.parametrize("tonic", range(55, 67))
@pytest.mark.parametrize("minor", [False, True])
def test_the_key_of_a_cadence_is_found(tonic: int, minor: bool) -> None:
    assert figures.key(cadence(tonic, minor)) == (tonic % 12, minor)


def test_nothing_speaks_for_a_key_without_pitches_or_with_all_alike() -> None:
    assert figures.key(beat(1)) is None
    assert figures.key(piece(*[(n, 1, 60 + n, 0) for n in range(12)])) is None
    assert figures.in_scale(beat(1)) is None
    assert not figures.steps_of_scale(beat(1)).any()


@pytest.mark.parametrize(
    ("fifths", "pitches", "share"),
    [
        (0, (60, 62, 71), 1.0),
        (1, (67, 66, 65), 2 / 3),
        (-3, (63, 68, 70, 60), 1.0),
        (6, (66, 65, 60), 2 / 3),
        (0, (61, 63), 0.0),
    ],
)
def test_notes_in_the_scale_of_a_signature(fifths: int, pitches, share: float) -> None:
    rows = [(n, 1, pitch, 0) for n, pitch in enumerate(pitches)]
    assert figures.in_key(piece(*rows), fifths) == pytest.approx(share)
    assert figures.in_key(beat(1), fifths) is None


def test_steps_of_the_scale_do_not_depend_on_the_key() -> None:
    wanted = figures.steps_of_scale(cadence(60))
    for tonic in (57, 63, 66):
        np.testing.assert_allclose(figures.steps_of_scale(cadence(tonic)), wanted)
    assert wanted[0] == 12  # C in three of four chords, F major among them
    assert wanted[[1, 3, 6, 8, 10]].sum() == 0


def test_notes_in_one_scale() -> None:
    assert figures.in_scale(tune(1)) == 1.0
    assert figures.in_scale(piece(*[(n, 1, 60 + n, 0) for n in range(12)])) == 7 / 12
    assert figures.in_scale(piece((0, 1, 60, 0), (1, 1, 61, 0), (2, 1, 62, 0))) == 2 / 3


def test_lengths_and_places_are_counted_in_twelfths() -> None:
    found = piece((0, 1, 60, 0), (1, 0.5, 60, 0), (4 + 1 / 3, 20, 60, 0), (4, 1, 40, 1))
    lengths, places = figures.lengths(found), figures.places(found)
    assert {n: int(c) for n, c in enumerate(lengths) if c} == {6: 1, 12: 2, 96: 1}
    assert {n: int(c) for n, c in enumerate(places) if c} == {0: 2, 4: 1, 12: 1}
    three = piece((0, 1, 60, 0), (3, 1, 60, 0), metres=((0, 3, 4),))
    assert figures.places(three)[0] == 2


def test_other_ticks_a_quarter_change_nothing() -> None:
    one, other = tune(4), tune(4).at_ppq(96)
    for histogram in (figures.lengths, figures.places, figures.leaps, figures.returns):
        np.testing.assert_allclose(histogram(one), histogram(other))
    assert figures.words(one, "a") == figures.words(other, "a")
    assert figures.polyphony(one) == pytest.approx(figures.polyphony(other))


def test_leaps_follow_the_upper_line_of_each_voice() -> None:
    found = figures.leaps(
        piece((0, 1, 60, 0), (0, 1, 55, 0), (1, 1, 64, 0), (2, 1, 30, 0), (0, 9, 40, 1))
    )
    assert {n - 12: int(c) for n, c in enumerate(found) if c} == {4: 1, -12: 1}
    assert figures.leaps(beat(1)).sum() == 0


def test_what_is_struck() -> None:
    found = figures.hits(beat(1, bars=2))
    assert found[36] == 8
    assert found.sum() == len(beat(1, bars=2).notes)
    assert figures.hits(tune(1)).sum() == 0


def test_divergence_is_a_distance_between_shares() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.random(30), rng.random(30)
    assert figures.divergence(a, a) == pytest.approx(0)
    assert figures.divergence(a, 7 * a) == pytest.approx(0)
    assert figures.divergence(a, b) == pytest.approx(figures.divergence(b, a))
    assert 0 < figures.divergence(a, b) < 1
    one, other = np.array([1.0, 0]), np.array([0, 1.0])
    assert figures.divergence(one, other) == pytest.approx(1)
    nothing = np.zeros(2)
    assert figures.divergence(nothing, nothing) == 0
    assert figures.divergence(one, nothing) == 1


@pytest.mark.parametrize(
    ("upper", "lower", "wanted"),
    [
        ((67, 69), (60, 62), (1, 1)),  # parallel fifths
        ((72, 74), (60, 62), (1, 1)),  # octaves
        ((60, 62), (60, 62), (1, 1)),  # unisons
        ((67, 69), (60, 60), (0, 0)),  # one voice stays
        ((64, 65), (60, 62), (0, 1)),  # thirds
        ((67, 74), (60, 55), (0, 1)),  # fifth and fifth, in contrary motion
        ((67, 74), (60, 62), (0, 1)),  # fifth, then octave
    ],
)
def test_parallels_of_two_voices(upper, lower, wanted) -> None:
    rows = [(n, 1, p, 0) for n, p in enumerate(upper)] + [(n, 1, p, 1) for n, p in enumerate(lower)]
    assert figures.parallels(piece(*rows)) == wanted
    assert figures.parallels(piece(*rows).transposed(5)) == wanted


def test_doubled_voices_are_no_faults() -> None:
    def octaves(count: int) -> Piece:
        line = [60, 62, 64, 65, 67, 69][: count + 1]
        rows = [(n, 1, p, 0) for n, p in enumerate(line)]
        rows += [(n, 1, p - 12, 1) for n, p in enumerate(line)]
        return piece(*rows, (9, 1, 60, 0), (9, 1, 57, 1), (10, 1, 62, 0), (10, 1, 59, 1))

    assert figures.parallels(octaves(1)) == (1, 3)
    assert figures.parallels(octaves(2)) == (2, 4)
    assert figures.parallels(octaves(figures.DOUBLED)) == (0, 2)
    assert figures.parallels(octaves(5)) == (0, 1)  # the last note stays
    # Notes that are struck again do not end the doubling.
    again = [(n, 1, p, 0) for n, p in enumerate((60, 60, 62, 62, 64, 64, 65))]
    again += [(n, 1, p - 12, 1) for n, p, *_ in [(s, q) for s, _, q, _ in again]]
    assert figures.parallels(piece(*again)) == (0, 0)


def test_a_voice_that_rests_makes_no_move() -> None:
    rows = [(0, 0.5, 67, 0), (1, 1, 69, 0), (0, 0.5, 60, 1), (2, 1, 62, 1)]
    assert figures.parallels(piece(*rows)) == (0, 0)
    assert figures.parallels(beat(2)) == (0, 0)


def test_a_bar_that_comes_again_is_found_at_its_lag() -> None:
    tunes = [tune(1, bars=1), tune(2, bars=1)]
    rows = []
    for bar in range(8):
        part = tunes[bar % 2].notes.copy()
        part["start"] += 4 * PPQ * bar
        rows.append(part)
    found = figures.returns(Piece(notes=np.concatenate(rows), tracks=tunes[0].tracks))
    assert found[1] == found[3] == found[5] == 1.0
    assert found[0] < 0.5
    assert np.isnan(figures.returns(tune(1, bars=3))[2:]).all()
    assert not np.isnan(figures.returns(tune(1, bars=3))[:2]).any()


def test_polyphony_counts_only_what_sounds() -> None:
    assert figures.polyphony(piece((0, 1, 60, 0), (4, 1, 60, 0))) == 1
    assert figures.polyphony(piece((0, 2, 60, 0), (0, 1, 64, 1))) == 1.5
    assert figures.polyphony(piece()) == 0


def test_words_are_the_same_in_every_key_and_other_for_other_tunes() -> None:
    assert figures.words(tune(1), "a") == figures.words(tune(1).transposed(3), "a")
    assert figures.words(tune(1), "a") != figures.words(tune(2), "a")
    assert figures.words(tune(1), "a") != figures.words(tune(1), "b")
    assert figures.words(tune(1), "a").split()[-1] == "endax1"
    # Drums are what they are: another drum is another word.
    higher = beat(1).replaced(notes=beat(1).notes.copy())
    higher.notes.flags.writeable = True
    moved = higher.notes.copy()
    moved["pitch"] += 1
    assert figures.words(beat(1), "a") != figures.words(beat(1).replaced(notes=moved), "a")


def test_pooled_histograms_are_one_row_a_piece() -> None:
    found = figures.pooled([tune(1), tune(2), beat(1)], figures.pitch_classes)
    assert found.shape == (3, 12)
    assert found[2].sum() == 0
