"""Labelled sheets: every picture at its place, words that fit."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import sheet
from genstudio.media.sheet import EMPTY, GAP, LEAST, PAPER, Labels, draw
from tests.helpers.making import picture

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30)]


def flat(colour: tuple[int, int, int], side: int = LEAST) -> np.ndarray:
    return np.full((side, side, 3), colour, np.uint8)


def labels(columns: int = 2, rows: int = 2, **more: str) -> Labels:
    return Labels(
        title=more.pop("title", "Model: Steps × Guidance"),
        x="Steps",
        columns=tuple(str(4 * (i + 1)) for i in range(columns)),
        y="Guidance" if rows else "",
        rows=tuple(str(i) for i in range(rows)),
        **more,
    )


def corner_of(page: np.ndarray, colour: tuple[int, int, int]) -> tuple[int, int]:
    """(top, left) of the part in exactly this colour, which must be one whole rectangle."""
    rows, columns = np.where((page == colour).all(axis=2))
    area = (rows.max() - rows.min() + 1) * (columns.max() - columns.min() + 1)
    assert len(rows) == area
    return int(rows.min()), int(columns.min())


def test_pictures_stand_row_by_row():
    page = draw([flat(colour) for colour in COLOURS], labels())
    assert page.dtype == np.uint8
    assert page.shape[2] == 3
    (top, left), (_, right), (low, _), _ = corners = [corner_of(page, c) for c in COLOURS]
    assert corners == [(top, left), (top, right), (low, left), (low, right)]
    assert right - left == low - top == LEAST + GAP
    assert tuple(page[0, 0]) == PAPER


def test_small_pictures_are_enlarged_by_whole_factors():
    pixels = picture(28, 28)
    page = draw([pixels], labels(1, 0))
    factor = -(-LEAST // 28)
    large = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(page, large.shape)[:, :, 0]
    assert any((window == large).all() for row in windows[40:, :60] for window in row)


def test_what_is_missing_leaves_its_place_empty():
    page = draw([flat(COLOURS[0]), None, None, flat(COLOURS[3])], labels())
    assert corner_of(page, COLOURS[0])[0] < corner_of(page, COLOURS[3])[0]
    empty = (page == EMPTY).all(axis=2).sum()
    assert empty == 2 * LEAST * LEAST


def test_pictures_of_other_kinds_and_sizes_stand_in_the_middle():
    grey = np.full((LEAST // 2, LEAST, 1), 7, np.uint8)
    clear = np.zeros((LEAST, LEAST, 4), np.uint8)
    page = draw([flat(COLOURS[0], 2 * LEAST), grey, clear, flat(COLOURS[3])], labels())
    top, _ = corner_of(page, COLOURS[0])
    low, _ = corner_of(page, COLOURS[3])
    assert low - top == 2 * LEAST + GAP + LEAST // 2
    # Transparency is laid over white.
    assert not (page == 0).all(axis=2).sum() > 2 * LEAST * LEAST


def test_words_are_drawn_and_never_leave_the_page():
    plain = draw([flat(COLOURS[0])], Labels("", "", ("",)))
    assert len(np.unique(plain.reshape(-1, 3), axis=0)) == 2
    long = "a very long label " * 20 + "x" * 400
    told = Labels(long, long, (long,), long, (long,), foot=long)
    page = draw([flat(COLOURS[0])], told)
    ink = (page.sum(axis=2) < 300) & ~(page == COLOURS[0]).all(axis=2)
    assert ink.any()
    rows, columns = np.where(ink)
    assert rows.min() >= sheet.MARGIN // 2
    assert rows.max() < page.shape[0] - sheet.MARGIN // 2
    assert columns.min() >= sheet.MARGIN // 2


def test_labels_in_any_script():
    page = draw([flat(COLOURS[0])] * 2, Labels("名前 ünï", "Größe", ("1", "²"), "", ()))
    assert page.shape[1] > 2 * LEAST


@pytest.mark.parametrize("pictures", [[], [None, None], [flat(COLOURS[0])]])
def test_sheets_without_pictures_are_refused(pictures):
    with pytest.raises(BadInput, match="no pictures"):
        draw(pictures, labels(2, 0))


def test_a_sheet_beyond_all_measure_is_refused():
    huge = np.zeros((5000, 5000, 3), np.uint8)
    with pytest.raises(BadInput, match="too many pixels"):
        draw([huge] * 100, labels(10, 10))
