"""What went wrong is told, and told once."""

from __future__ import annotations

from genstudio.core.errors import GenStudioError
from genstudio.ui.playing.troubles import Troubles


def test_the_oldest_first_and_each_once():
    troubles = Troubles()
    first, second = GenStudioError("one"), GenStudioError("two")
    troubles.tell(first)
    troubles.tell(second)
    assert [troubles.take(), troubles.take(), troubles.take()] == [first, second, None]


def test_the_same_is_told_again_only_after_all_was_well():
    troubles = Troubles()
    error = GenStudioError("no device")
    troubles.tell_once(error)
    troubles.tell_once(error)
    assert troubles.take() is error
    assert troubles.take() is None
    troubles.all_well()
    troubles.tell_once(error)
    assert troubles.take() is error
