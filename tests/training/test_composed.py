"""Live samples of music: MIDI files, a sheet of rolls, a cover."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import numpy as np
from PIL import Image

from genstudio.media import midi, note_tokens
from genstudio.training import composed
from tests.helpers.pieces import chorale, same


def composer(*pieces: Any) -> Any:
    return SimpleNamespace(
        composes=lambda networks, batch, count, seed: pieces, tokenizer=note_tokens.make()
    )


class Shown:
    """Batches whose samples nobody looks at."""

    def shown(self, count: int) -> int:
        return count


def shown(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as page:
        return np.asarray(page.convert("RGB"))


PIECES = [chorale(2, 2, n) for n in range(3)]


def test_models_of_music_are_told_from_others() -> None:
    assert composed.makes(composer())
    assert not composed.makes(SimpleNamespace(tokenizer=None))
    assert not composed.makes(SimpleNamespace())


def test_each_sample_is_a_file() -> None:
    png, files = composed.samples(composer(*PIECES), {}, Shown(), 0)
    assert sorted(files) == ["-1.mid", "-2.mid", "-3.mid"]
    for name, piece in zip(sorted(files), PIECES, strict=True):
        assert same(midi.read(files[name]), piece)
        assert midi.read_label(files[name]).endswith("trainedAlgorithmicMedia")
    assert png == composed.sheet(PIECES)


def test_a_sheet_has_two_across() -> None:
    page = shown(composed.sheet(PIECES))
    wide, high, gap = composed.WIDTH, composed.HEIGHT, composed.GAP
    assert page.shape == (2 * high + gap, 2 * wide + gap, 3)
    last = page[high + gap :, wide + gap :]
    assert np.all(last == 255)
    first = page[:high, :wide]
    assert len(np.unique(first.reshape(-1, 3), axis=0)) > 4
    assert np.all(page[:, wide : wide + gap] == 255)


def test_the_cover_shows_the_fullest() -> None:
    long = chorale(8, 4, 1)
    page = shown(composed.cover(composer(PIECES[0], long), {}, Shown(), 0))
    assert page.shape == (composed.SIDE, composed.SIDE, 3)
    alone = shown(composed.cover(composer(long), {}, Shown(), 0))
    assert np.array_equal(page, alone)
