"""How notes are written: letters that follow the key, lengths in few signs."""

from __future__ import annotations

import pytest

from genstudio.media import note_spelling


@pytest.mark.parametrize(
    ("pitch", "fifths", "found"),
    [
        (60, 0, ("C", 0, 4)),
        (61, 0, ("C", 1, 4)),
        (63, 0, ("E", -1, 4)),
        (61, -4, ("D", -1, 4)),
        (59, -5, ("C", -1, 4)),
        (65, 6, ("E", 1, 4)),
        (60, 7, ("B", 1, 3)),
        (0, 0, ("C", 0, -1)),
    ],
)
def test_spelling_follows_the_key(pitch: int, fifths: int, found: tuple) -> None:
    assert note_spelling.spelled(pitch, fifths) == found


def test_every_pitch_is_spelled_as_it_sounds() -> None:
    steps = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11)))
    for fifths in range(-7, 8):
        for pitch in range(128):
            step, alter, octave = note_spelling.spelled(pitch, fifths)
            assert (octave + 1) * 12 + steps[step] + alter == pitch
            assert abs(alter) <= 2


def test_lengths_need_few_signs() -> None:
    for parts in range(1, 400):
        signs = note_spelling.split(parts)
        assert sum(sign.parts for sign in signs) == parts
        assert len(signs) <= 4 + parts // 144
    assert [sign.name for sign in note_spelling.split(60)] == ["half", "eighth"]
    assert [sign.name for sign in note_spelling.split(36)] == ["quarter"]
