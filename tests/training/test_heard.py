"""Live samples of models that sound: which sounds, cut where, in which files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from genstudio.media import companding, sound_reading
from genstudio.training import heard

AUDIBLE = float(companding.LEVELS[companding.SILENCE + 2])
HARDLY = float(companding.LEVELS[companding.SILENCE + 1])


class Feed:
    """Gives a look at the data; counts."""

    def __init__(self) -> None:
        self.shows: list[int] = []

    def shown(self, count: int) -> str:
        self.shows.append(count)
        return "a look"


class Sounding:
    """Makes a sound of `seed` + number samples; remembers what it was asked."""

    def __init__(self, *names: str) -> None:
        self.names, self.calls = names, []

    def sounds(self, *told: Any) -> tuple[list[np.ndarray], int]:
        self.calls.append(told)
        _, _, count, seed = told
        return [np.full(seed + n, 0.5, np.float32) for n in range(count)], 3000

    def asked(self, batch: Any, count: int) -> list[str]:
        assert batch == "a look"
        return [self.names[n % len(self.names)] for n in range(count)] if self.names else []


def test_as_many_sounds_as_files_and_words() -> None:
    objective, feed = Sounding("a", "b", "c"), Feed()
    png, files, asked = heard.samples(objective, {"n": 1}, feed, 10)
    assert png.startswith(b"\x89PNG")
    assert list(files) == [f"-{n}.wav" for n in range(1, heard.COUNT + 1)]
    assert asked == ["a", "b", "c", "a", "b", "c", "a", "b"][: heard.COUNT]
    assert objective.calls == [({"n": 1}, "a look", heard.COUNT, 10)]
    assert set(feed.shows) == {1}
    for number, data in enumerate(files.values()):
        found = sound_reading.read(data)
        assert (found.rate, len(found.samples)) == (3000, 10 + number)


def test_the_same_seed_gives_the_same_files_and_without_classes_no_words() -> None:
    one, two = (heard.samples(Sounding(), {}, Feed(), 7) for _ in range(2))
    assert one == two
    assert one[2] == []
    assert heard.samples(Sounding(), {}, Feed(), 8)[1] != one[1]


def test_the_cover_is_the_sheet_of_such_sounds() -> None:
    objective = Sounding("a")
    assert heard.cover(objective, {}, Feed(), 5) == heard.samples(objective, {}, Feed(), 5)[0]
    assert len(objective.calls) == 2


@pytest.mark.parametrize(
    ("sound", "length"),
    [
        ([AUDIBLE] * 5, 5),
        ([AUDIBLE, 0, 0, -AUDIBLE, 0, 0], 4),
        ([0, 0, AUDIBLE], 3),
        ([-1.0, HARDLY, -HARDLY, 0], 1),
        ([0.0] * 9, 1),
        ([HARDLY] * 9, 1),
        ([], 0),
    ],
)
def test_silence_at_the_end_is_cut_off_and_nothing_else(sound: list[float], length: int) -> None:
    given = np.array(sound, np.float32)
    found = heard.trimmed(given)
    assert len(found) == length
    np.testing.assert_array_equal(found, given[:length])
