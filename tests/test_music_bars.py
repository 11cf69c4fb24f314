"""setup/music_bars.py: what speaks for a bar line, parts of one metre, keys; odd scores, too."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest

SETUP = Path(__file__).resolve().parents[1] / "setup"


@pytest.fixture(scope="module")
def bars():
    sys.path.insert(0, str(SETUP))
    try:
        import music_bars
    finally:
        sys.path.remove(str(SETUP))
    return music_bars


def notes(*rows: tuple[float, float]) -> np.ndarray:
    """(start, duration) in eighths as ticks."""
    return np.array([(round(s * 240), round(n * 240)) for s, n in rows], np.int64)


def beats(count: int, period: int, phase: int = 0) -> np.ndarray:
    """Weights of bars of `period` eighths, without a doubt."""
    return (np.arange(count) % period == phase).astype(np.float64)


# ---- weights ---------------------------------------------------------------------------------


def test_long_notes_weigh_more_and_none_more_than_four_quarters(bars) -> None:
    found = bars.weight(notes((0, 1), (4, 2), (8, 8), (20, 40)))
    assert found[[0, 4, 8, 20]].tolist() == [0.5, 1.0, 4.0, 4.0]


def test_notes_held_across_speak_against_a_bar_line(bars) -> None:
    found = bars.weight(notes((0, 4), (2, 1)))
    assert found[:5].tolist() == [2.0, -0.5, 0.0, -0.5, 0.0]
    shifted = bars.weight(notes((0.5, 2), (8, 1)))  # off the beat: nothing begins, all is held
    assert shifted[:4].tolist() == [0.0, -0.5, -0.5, 0.0]


def test_notes_a_little_beside_an_eighth_begin_on_it(bars) -> None:
    near = np.array([(240 + 12, 200), (960 - 12, 12)])
    far = np.array([(240 + 13, 200), (960 - 13, 12)])
    assert bars.weight(near)[[1, 4]].tolist() == [200 / 480, 12 / 480]
    assert np.all(bars.weight(far) == 0)


def test_weights_add_up_over_voices(bars) -> None:
    one, two = notes((0, 2), (2, 2), (4, 4)), notes((0, 4), (4, 4))
    both = bars.weight(np.concatenate([one, two]))
    np.testing.assert_allclose(both, bars.weight(one) + bars.weight(two))


# ---- parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("period", [8, 6, 4, 3])
@pytest.mark.parametrize("phase", [0, 2])
def test_one_metre_is_one_part(bars, period: int, phase: int) -> None:
    (part,) = bars.parts(beats(241, period, phase), period)
    assert part == bars.Part(0, 241, period, phase)


@pytest.mark.parametrize("seed", range(4))
def test_parts_cover_a_piece_without_overlap(bars, seed: int) -> None:
    random = np.random.default_rng(seed)
    pieces = [
        beats(24 * int(random.integers(6, 14)), period, int(random.integers(period)))
        for period in random.permutation([8, 6, 4, 3]).tolist()
    ]
    weights = np.concatenate([*pieces, np.zeros(7)])
    found = bars.parts(weights, 8)
    assert found[0].start == 0
    assert found[-1].stop == len(weights)
    for part, behind in itertools.pairwise(found):
        assert part.stop == behind.start
        assert part.start < part.stop
    for part in found:
        assert part.period in bars.PERIODS
        assert 0 <= part.phase < part.period
    assert 3 <= len(found) <= 5


def test_what_the_score_tells_decides_where_nothing_else_does(bars) -> None:
    for told in bars.PERIODS:
        (part,) = bars.parts(np.zeros(240), told)
        assert (part.period, part.phase) == (told, 0)


def test_one_odd_block_is_no_change(bars) -> None:
    weights = beats(480, 8)
    weights[240:264] = beats(24, 6, 3)
    assert len(bars.parts(weights, 8)) == 1


def test_a_metre_that_is_not_looked_for_holds_in_short_music(bars) -> None:
    assert bars.parts(np.ones(bars.BLOCK - 1), 5) == [bars.Part(0, 23, 5, 0)]


# ---- upbeats ---------------------------------------------------------------------------------


def test_an_upbeat_needs_more_than_a_few_bars(bars) -> None:
    assert bars.upbeat(beats(80, 8, 3), 8) == 3
    weak = np.random.default_rng(1).normal(0, 1, 64)
    assert bars.upbeat(weak, 8) == 0


@pytest.mark.parametrize("count", [1, 2, 5, 7])
def test_music_shorter_than_a_bar_has_no_upbeat(bars, count: int) -> None:
    assert bars.upbeat(np.arange(count, dtype=np.float64), 8) == 0


@pytest.mark.parametrize("phase", range(6))
def test_compound_bars_are_told_wherever_they_begin(bars, phase: int) -> None:
    weights = 3 * beats(120, 6, phase) + 2 * beats(120, 6, (phase + 3) % 6)
    assert bars.is_compound(weights, bars.Part(0, 120, 6, phase))
    assert bars.is_compound(weights, bars.Part(24, 96, 6, phase))
    simple = 3 * beats(120, 6, phase) + 2 * beats(120, 2, phase % 2)
    assert not bars.is_compound(simple, bars.Part(0, 120, 6, phase))
    assert not bars.is_compound(simple, bars.Part(24, 96, 6, phase))


# ---- keys ------------------------------------------------------------------------------------

CADENCE = np.array([0, 4, 7, 0, 5, 9, 0, 7, 11, 2, 0, 4, 7]) + 48
LASTS = np.array([2, 1, 1, 2, 1, 1, 1, 2, 1, 1, 4, 2, 2])


@pytest.mark.parametrize("semitones", range(12))
def test_a_cadence_is_heard_in_every_key(bars, semitones: int) -> None:
    fifths, minor = bars.key(CADENCE + semitones, LASTS)
    assert not minor
    assert (7 * fifths - semitones) % 12 == 0
    assert -5 <= fifths <= 6
    assert bars.key(CADENCE + semitones + 24, LASTS * 240) == (fifths, minor)


def test_only_the_mode_is_heard_where_the_signature_is_told(bars) -> None:
    assert bars.key(CADENCE, LASTS, 0) == (0, False)
    assert bars.key(CADENCE + 9, LASTS, 0)[0] == 0
    assert bars.key(CADENCE, LASTS, 5)[0] == 5


@pytest.mark.parametrize("fifths", [None, -3, 4])
def test_music_that_speaks_for_no_key_has_the_one_that_is_told(bars, fifths: int | None) -> None:
    every = np.arange(60, 72)
    assert bars.key(every, np.ones(12), fifths) == (fifths or 0, False)
