"""Many notes laid as pixels: gaps, corners, edges of what is selected, lines of what is locked."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.ui.theme import color
from genstudio.ui.widgets import roll_dense
from genstudio.ui.widgets.roll_marks import voice
from genstudio.ui.widgets.roll_model import RollModel
from genstudio.ui.widgets.roll_view import RollView
from tests.helpers.rolls import piece

GROUND = 7
HEIGHT, WIDTH = 100, 300


def ink(token: str) -> int:
    return color(token).rgba()


@pytest.fixture
def model(qapp) -> RollModel:
    return RollModel()


def laid(
    model, rows, ratio=1.0, row=8.0, left=0.0, top=0.0, order=None, selected=(), edge=GROUND,
    **marks
) -> np.ndarray:  # fmt: skip
    """The pixels of notes: a tick is a pixel, pitch 127 stands in the first row."""
    model.set_piece(piece(rows))
    changed = model.rows().copy()
    for name, values in marks.items():
        changed[name] = values
    model.put_marks(changed)
    model.select(np.array(selected, int))
    view = RollView()
    view.scale, view.row, view.left, view.top = 1.0, row, left, top
    pixels = np.full((round(HEIGHT * ratio), round(WIDTH * ratio)), GROUND, np.uint32)
    for line in range(round(ratio)):  # the line of the ground below each row
        pixels[round(row * ratio) - 1 - line :: round(row * ratio)] = edge
    shown = model.shown()[np.array(order or range(len(rows)))]
    roll_dense.lay(pixels, ratio, model, view, shown, view.places(shown), np.ones(len(rows)))
    return pixels


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("start", [10, 10.4, 10.9])
def test_ground_stays_free_behind_each_note(model, ratio, start):
    pixels = laid(model, [(0, 40, 120, 80, 0), (40, 40, 120, 80, 0)], ratio, left=-start)
    middle = pixels[round((7 * 8 + 4) * ratio)]
    used = np.flatnonzero(middle != GROUND)
    gaps = np.diff(used)
    assert gaps[gaps > 1].tolist() == [1 + max(1, round(ratio))]


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize(("row", "above", "below"), [(8, 0, 1), (14, 1, 1)])
def test_ground_stays_free_between_rows(model, ratio, row, above, below):
    pixels = laid(model, [(0, 40, 126, 80, 0)], ratio, row)
    used = np.flatnonzero(pixels[:, round(20 * ratio)] != GROUND)
    if row == 8 and ratio == 2:
        above, below = 0.5, 0.5
    assert used[0] == (row + above) * ratio
    assert used[-1] == (2 * row - below) * ratio - 1


@pytest.mark.parametrize(("ratio", "lost"), [(1.0, 1), (2.0, 3)])
def test_corners_are_as_round_on_every_screen(model, ratio, lost):
    pixels = laid(model, [(10, 40, 127, 80, 0)], ratio, row=13)
    used = np.argwhere(pixels != GROUND)
    (y, x), (bottom, right) = used.min(0), used.max(0) + 1
    size = round(3 * ratio)
    box = pixels[y:bottom, x:right]
    for corner in (box[:size, :size], box[:size, -size:], box[-size:, :size], box[-size:, -size:]):
        assert (corner == GROUND).sum() == lost


def test_what_lies_under_another_note_makes_no_holes_in_it(model):
    rows = [(10, 200, 127, 80, 0), (40, 60, 127, 80, 1)]
    pixels = laid(model, rows, row=10, order=[1, 0])
    assert (pixels[4, 10:209] == ink(voice(0))).all()
    inside = pixels[0:9, 12:207]
    assert (inside == ink(voice(0))).all()


def test_notes_cut_by_the_edges_of_the_view_have_no_corners_there(model):
    rows = [(-20 + 40, 60, 124, 80, 0), (300, 80, 124, 80, 0)]
    pixels = laid(model, rows, row=12, left=40, top=3 * 12 + 4)
    assert (pixels[0:6, 0] == ink(voice(0))).all(), "it goes on to the left and above"
    assert (pixels[0:6, WIDTH - 1] == ink(voice(0))).all(), "it goes on to the right"
    assert pixels[6, 38] == GROUND, "its lower right corner is in sight"


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_selected_note_keeps_its_colour_within_an_edge(model, ratio):
    rows = [(10, 40, 126, 80, 0), (80, 40, 126, 80, 0)]
    pixels = laid(model, rows, ratio, row=14, selected=[0])
    y = round(21 * ratio)
    assert pixels[y, round(30 * ratio)] == ink(voice(0))
    assert pixels[y, round(10 * ratio)] == pixels[y, round(48 * ratio)] == ink("text")
    for at in (15, 26):
        assert pixels[round(at * ratio), round(30 * ratio)] == ink("text")
        assert pixels[round(at * ratio), round(100 * ratio)] == ink(voice(0))


def test_a_selected_note_too_low_for_an_edge_is_all_in_its_colour(model):
    pixels = laid(model, [(10, 40, 126, 80, 0)], row=4, selected=[0])
    assert set(np.unique(pixels).tolist()) == {GROUND, ink("text")}


def test_a_selected_note_that_goes_on_out_of_sight_has_no_edge_there(model):
    pixels = laid(model, [(0, 400, 126, 80, 0)], row=14, left=20, selected=[0])
    assert pixels[21, 0] == pixels[21, WIDTH - 1] == ink(voice(0))


@pytest.mark.parametrize(("row", "at"), [(14, 25), (4, 6)])
def test_locks_are_seen(model, row, at):
    rows = [(10, 40, 126, 80, 0), (80, 40, 126, 80, 1)]
    pixels = laid(model, rows, row=row, locked=[True, False])
    assert (pixels[at, 12:47] == ink("on_voice")).all()
    assert (pixels[at, 82:117] == ink(voice(1))).all()
    assert (pixels[at - 1, 12:47] == ink(voice(0))).all()
    assert pixels[at + 1, 30] == (ink(voice(0)) if row == 14 else GROUND), "a line within it"


def test_a_pale_note_has_a_light_lock(model):
    model.set_coloured(True)
    pixels = laid(model, [(10, 40, 126, 80, 0)], row=14, locked=[True], p=[0.001])
    assert pixels[25, 30] == ink("text")
    assert pixels[20, 30] == ink("chance_5")


@pytest.mark.parametrize("selected", [(), (0,)])
@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("row", [8.0, 14.0])
def test_the_line_below_a_row_goes_on_beside_notes(model, ratio, row, selected):
    pixels = laid(
        model, [(0, 40, 127, 80, 0), (100, 40, 125, 80, 0)], ratio, row, selected=selected, edge=9
    )
    free = pixels[:, round(70 * ratio)]
    lines = np.arange(len(free)) % round(row * ratio) >= round((row - 1) * ratio)
    assert (free == np.where(lines, 9, GROUND)).all()
    behind = pixels[: round(row * ratio), round(20 * ratio)]  # of a note in this row
    assert behind[-1] == 9
    assert (behind[: round((row - 2) * ratio)] != GROUND).sum() >= round((row - 4) * ratio)
