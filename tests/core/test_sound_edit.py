"""What may be changed about a sound."""

import pytest

from genstudio.core.sound_edit import SoundEdit


def test_a_fresh_edit_changes_nothing():
    assert not SoundEdit().changes


@pytest.mark.parametrize("values", [{"first": 0.1}, {"last": 2.0}, {"normalise": True}])
def test_each_part_counts(values):
    assert SoundEdit(**values).changes


@pytest.mark.parametrize(
    "values",
    [{"first": -1}, {"first": 2, "last": 1}, {"last": float("nan")}, {"first": 1, "last": 1}],
)
def test_nonsense_is_refused(values):
    with pytest.raises(ValueError, match="value"):
        SoundEdit(**values)
