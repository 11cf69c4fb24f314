"""Key pictures on the beats: where they stand, how the walk goes between them, what is shown."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.media import beats
from genstudio.media.notes import Piece, notes_of
from genstudio.numerics import latents
from tests.helpers.pieces import PPQ, chorale


def piece(bars: int = 2, tempos=((0, 120.0),), metre=(4, 4)) -> Piece:
    """One note for each bar."""
    bar = PPQ * 4 * metre[0] // metre[1]
    rows = [(number * bar, bar, 60, 80, 0) for number in range(bars)]
    return Piece(notes_of(rows), ppq=PPQ, tempos=tempos, metres=((0, *metre),))


@pytest.mark.parametrize(
    ("every", "keys"),
    [
        ("beat", [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]),
        ("bar", [0, 2, 4]),
        ("two bars", [0, 4]),
    ],
)
def test_keys_by_beat_and_bar(every, keys):
    found = beats.timing(piece(), every)
    np.testing.assert_allclose(found.keys, keys)
    assert (found.start, found.music, found.seconds) == (0.0, 4.0, 5.0)


def test_keys_follow_the_tempo_map():
    faster = piece(2, ((0, 60.0), (PPQ * 4, 120.0)))
    keys = beats.timing(faster, "beat").keys
    np.testing.assert_allclose(np.diff(keys), [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5])


def test_compound_metres_are_counted_in_dotted_beats():
    keys = beats.timing(piece(1, metre=(6, 8)), "beat").keys
    np.testing.assert_allclose(keys, [0, 0.75, 1.5])


def test_chosen_bars_begin_at_zero():
    found = beats.timing(piece(5), "bar", first=2, last=3)
    np.testing.assert_allclose(found.keys, [0, 2, 4])
    assert found.start == 2.0
    assert beats.timing(piece(5), "bar", first=4).keys.tolist() == [0, 2, 4], "0 is the last bar"
    odd = beats.timing(piece(5), "two bars", first=2)
    np.testing.assert_allclose(odd.keys, [0, 4, 8])


@pytest.mark.parametrize("bars", [(0, 1), (3, 2), (1, 3), (9, 0)])
def test_bars_that_are_not_there(bars):
    with pytest.raises(UsageError, match="the piece has 2"):
        beats.timing(piece(), "beat", *bars)


def test_pieces_without_notes_or_without_end_are_refused():
    with pytest.raises(UsageError, match="no notes"):
        beats.timing(Piece(notes_of([])))
    with pytest.raises(UsageError, match="minutes"):
        beats.timing(piece(700, ((0, 60.0),)))
    with pytest.raises(UsageError, match="every"):
        beats.timing(piece(), "note")  # type: ignore[arg-type]


@pytest.mark.parametrize("eased", [True, False])
def test_a_whole_number_stands_at_every_key(eased):
    timing = beats.timing(piece(), "beat")
    passed = beats.places(timing, 24.0, eased)
    assert len(passed) == 5 * 24
    np.testing.assert_allclose(passed[: 4 * 24 + 1 : 12], np.arange(9), atol=1e-6)
    assert (np.diff(passed) >= -1e-9).all(), "it never turns back"
    assert (passed[4 * 24 :] == 8).all(), "the last picture stands while the sound dies away"


def test_easing_rests_at_the_keys_and_hurries_between():
    timing = beats.timing(piece(), "bar")
    even, eased = (beats.places(timing, 24.0, how) for how in (False, True))
    np.testing.assert_allclose(even[:48], np.arange(48) / 48)
    assert eased[4] < even[4]
    assert np.diff(eased)[0] < np.diff(eased)[23] / 5
    assert eased[24] == pytest.approx(0.5)


def test_keys_that_no_frame_meets_are_passed_in_time():
    timing = beats.timing(piece(4, ((0, 133.0),)), "beat")
    passed = beats.places(timing, 24.0)
    for number, key in enumerate(timing.keys):
        frame = int(np.ceil(key * 24 - 1e-6))
        assert passed[frame] == pytest.approx(number, abs=0.03)


def test_a_loop_goes_on_round_and_round_as_the_walk_does():
    points = np.arange(4.0)[:, None]
    walk = latents.walk(points, 48, loop=True, method="lerp")[:, 0]
    stops = beats.frames_at(np.arange(9.0), 48, 4, loop=True)
    np.testing.assert_allclose(walk[stops.astype(int)], [0, 1, 2, 3, 0, 1, 2, 3, 0])
    uneven = beats.frames_at(np.arange(6.0), 48, 5, loop=True)
    np.testing.assert_allclose(uneven, [0, 9.6, 19.2, 28.8, 38.4, 0])


def test_another_walk_goes_there_and_back():
    points = np.arange(3.0)[:, None]
    walk = latents.walk(points, 21, loop=False, method="lerp")[:, 0]
    stops = beats.frames_at(np.arange(7.0), 21, 3, loop=False)
    np.testing.assert_allclose(walk[stops.astype(int)], [0, 1, 2, 1, 0, 1, 2])
    assert stops.max() == 20


def test_pictures_between_frames_are_mixed():
    frames = np.zeros((3, 2, 2, 3), np.uint8)
    frames[1], frames[2] = 100, 200
    assert beats.shown(frames, 1.0, False) is not None
    np.testing.assert_array_equal(beats.shown(frames, 1.0, False), frames[1])
    assert (beats.shown(frames, 0.25, False) == 25).all()
    assert (beats.shown(frames, 2.5, True) == 100).all(), "the last leads to the first"
    assert (beats.shown(frames, 2.0, False) == 200).all()


def test_real_music_gives_rising_keys():
    keys = beats.timing(chorale(bars=4), "beat").keys
    assert (np.diff(keys) > 0).all()
    assert len(keys) >= 17
