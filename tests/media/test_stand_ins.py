"""Who plays for whom."""

from __future__ import annotations

from genstudio.media.stand_ins import stand_ins


def test_everybody_plays_for_itself_first_and_a_piano_can_always_help():
    for program in range(128):
        order = stand_ins(program)
        assert order[0] == program
        assert 0 in order
        assert len(set(order)) == len(order)
        assert set(order) <= set(range(128))


def test_the_family_comes_before_strangers():
    assert set(stand_ins(50)[:8]) == set(range(48, 56))
