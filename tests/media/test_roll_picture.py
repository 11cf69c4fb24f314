"""The picture of a roll: notes where they are, in the colours that are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.media import reading, roll_picture
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers.pieces import chorale, groove


def rgb(colour: str) -> list[int]:
    return list(bytes.fromhex(colour))


def where(picture: np.ndarray, colour: str) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of all pixels of a colour."""
    rows, columns = np.nonzero((picture == rgb(colour)).all(axis=2))
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def test_notes_lie_where_they_sound() -> None:
    rows = [(0, 960, 72, 100, 0), (960, 960, 60, 100, 1)]
    picture = roll_picture.pixels(Piece(notes_of(rows), (Track(), Track())), 400, 240)
    first, second = roll_picture.VOICES[:2]
    left, top, right, bottom = where(picture, first)
    assert (left, right) == (0, 198)
    other = where(picture, second)
    assert (other[0], other[2]) == (200, 398)
    assert bottom < other[1], "higher notes are above"
    assert 5 <= bottom - top + 1 <= 10


def test_a_short_note_is_seen() -> None:
    rows = [(0, 1, 60, 127, 0), (480 * 400, 480, 60, 127, 0)]
    picture = roll_picture.pixels(Piece(notes_of(rows)), 64, 48)
    assert (picture[:, 0] == rgb(roll_picture.VOICES[0])).all(axis=1).any()


def test_soft_notes_are_paler() -> None:
    rows = [(0, 960, 60, 1, 0), (960, 960, 60, 127, 0)]
    picture = roll_picture.pixels(Piece(notes_of(rows)), 400, 240)
    row = where(picture, roll_picture.VOICES[0])[1] + 2
    assert picture[row, 100].sum() > picture[row, 300].sum()


def test_colours_are_arguments() -> None:
    names = {name: "102030" for name in roll_picture.COLOURS}
    picture = roll_picture.pixels(chorale(), 300, 200, **names)
    assert set(map(tuple, picture.reshape(-1, 3).tolist())) == {(16, 32, 48)}
    ground = roll_picture.pixels(chorale(), 300, 200, roll_white="aabbcc")
    assert (ground == rgb("aabbcc")).all(axis=2).any()


@pytest.mark.parametrize("colours", [{"sky": "aabbcc"}, {"voice_1": "red"}, {"voice_1": "#aabbc"}])
def test_colours_that_are_none(colours: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="no such colour"):
        roll_picture.pixels(chorale(), 30, 30, **colours)


def test_lines_only_where_there_is_room() -> None:
    def drawn(name: str, width: int) -> bool:
        picture = roll_picture.pixels(groove(8), width, 100)
        return bool((picture == rgb(roll_picture.COLOURS[name])).all(axis=2).any())

    assert drawn("roll_bar", 800)
    assert drawn("roll_beat", 800)
    assert drawn("roll_bar", 60)
    assert not drawn("roll_beat", 60)


@pytest.mark.parametrize(
    "piece",
    [Piece(notes_of([])), chorale(1, 7), Piece(notes_of([(0, 9, 0, 9, 0), (0, 9, 127, 9, 0)]))],
)
@pytest.mark.parametrize("size", [(8, 8), (512, 384), (3, 2)])
def test_any_piece_at_any_size(piece: Piece, size: tuple[int, int]) -> None:
    picture = roll_picture.pixels(piece, *size)
    assert picture.shape == (max(size[1], 8), max(size[0], 8), 3)
    assert picture.dtype == np.uint8


def test_png_opens_again() -> None:
    data = roll_picture.png(chorale(), 96, 64)
    assert np.array_equal(reading.read(data), roll_picture.pixels(chorale(), 96, 64))
