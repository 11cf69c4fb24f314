"""What the roll shows: fitting, zoom, scrolling, playhead, pixels of ground and notes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from genstudio.media.notes import NOTE, notes_of
from genstudio.ui.theme import color, theme
from genstudio.ui.widgets import roll_ground, roll_marks, roll_paint, roll_rows
from genstudio.ui.widgets.roll_canvas import TURN, RollCanvas
from genstudio.ui.widgets.roll_marks import mixed, voice
from genstudio.ui.widgets.roll_model import RollModel
from tests.helpers.rolls import BAR, QUARTER, ground, many, middle, piece, shown

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def canvas(qtbot) -> RollCanvas:
    model = RollModel()
    made = RollCanvas(model)
    model.setParent(made)
    model.set_piece(piece())
    shown(made, qtbot, 900, 600)
    return made


def look(canvas) -> QImage:
    return canvas.viewport().grab().toImage()


def ink(canvas, at: QPoint) -> QColor:
    return look(canvas).pixelColor(at)


def wheel(canvas, turn: int, keys=NONE, at=(300, 200), across: int = 0) -> None:
    event = QWheelEvent(
        QPointF(*at), QPointF(*at), QPoint(), QPoint(across, turn),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas.viewport(), event)


# ---- the view


def test_a_new_piece_shows_eight_bars_and_all_its_pitches(canvas):
    width, height = canvas.viewport().width(), canvas.viewport().height()
    assert canvas.view.x(8 * BAR) == pytest.approx(width, abs=2)
    for pitch in (48, 76):
        assert 0 <= canvas.view.y(pitch) <= height - canvas.view.row


def test_what_nobody_touched_stays_fitted(canvas):
    canvas.resize(600, 400)
    assert canvas.view.x(8 * BAR) == pytest.approx(canvas.viewport().width(), abs=2)
    canvas.zoom_time(2)
    scale = canvas.view.scale
    canvas.resize(700, 500)
    assert canvas.view.scale == scale


def test_all_of_a_long_piece(canvas):
    canvas.model.set_piece(many(2000))
    canvas.fit()
    length = canvas.model.piece().length
    assert canvas.view.x(length) == pytest.approx(canvas.viewport().width(), abs=2)


@pytest.mark.parametrize("x", [50, 300, 700])
def test_zoom_keeps_the_time_under_the_mouse(canvas, x):
    canvas.zoom_time(6, 100)
    tick = canvas.view.tick(x)
    canvas.zoom_time(1.5, x)
    assert canvas.view.tick(x) == pytest.approx(tick, abs=2 / canvas.view.scale)


def test_zoom_keeps_the_pitch_under_the_mouse(canvas):
    pitch = canvas.view.pitch(200)
    canvas.zoom_pitch(1.5, 200)
    assert abs(canvas.view.pitch(200) - pitch) <= 1
    before = canvas.view.row
    canvas.zoom_pitch(1.01)
    assert canvas.view.row == before + 1, "each step is one that is seen"
    canvas.zoom_pitch(0.99)
    assert canvas.view.row == before


def test_the_wheel_scrolls_and_zooms(canvas):
    view = canvas.view
    canvas.zoom_time(8, 0)
    top, left, scale, row = view.top, view.left, view.scale, view.row
    wheel(canvas, -120)
    assert (view.top > top, view.left) == (True, left)
    wheel(canvas, -120, Qt.KeyboardModifier.ShiftModifier)
    assert view.left > left
    left = view.left
    wheel(canvas, 0, across=-120)
    assert view.left > left
    wheel(canvas, 120, Qt.KeyboardModifier.ControlModifier)
    assert view.scale > scale
    wheel(canvas, 120, Qt.KeyboardModifier.AltModifier)
    assert view.row > row


def test_what_is_out_of_sight_is_brought_in(canvas):
    canvas.zoom_time(10, 0)
    canvas.reveal(7 * BAR, 7 * BAR + 100, 100)
    assert 0 <= canvas.view.x(7 * BAR) < canvas.viewport().width()
    assert 0 <= canvas.view.y(100) < canvas.viewport().height()
    left = canvas.view.left
    canvas.reveal(7 * BAR, 7 * BAR + 100)
    assert canvas.view.left == left


def test_the_kit_is_shown_whole(canvas):
    canvas.model.set_track(2)
    assert canvas.view.hits
    assert canvas.view.height() <= canvas.viewport().height()
    canvas.model.set_track(0)
    assert len(canvas.view.pitches) == 128
    assert 0 <= canvas.view.y(76) <= canvas.viewport().height()


# ---- playing


def test_the_page_turns_where_the_playhead_leaves_it(canvas):
    canvas.zoom_time(8, 0)
    width = canvas.viewport().width()
    canvas.set_playhead(int(canvas.view.tick(width * TURN - 5)))
    assert canvas.view.left == 0
    canvas.set_playhead(int(canvas.view.tick(width * TURN + 5)))
    assert canvas.view.left > 0
    assert 0 < canvas.view.x(canvas.playhead()) < width / 2
    canvas.set_playhead(0)
    assert 0 <= canvas.view.x(0) < width


def test_without_following_the_view_stays(canvas):
    canvas.zoom_time(8, 0)
    canvas.set_playhead(6 * BAR, follow=False)
    assert canvas.view.left == 0


def test_the_playhead_is_drawn_and_goes(canvas):
    at = ground(canvas, 3 * BAR + 700, 60)
    before = ink(canvas, at)
    canvas.set_playhead(3 * BAR + 700)
    assert ink(canvas, QPoint(round(float(canvas.view.x(3 * BAR + 700))), at.y())) != before
    canvas.set_playhead(None)
    assert ink(canvas, at) == before


# ---- pixels


@pytest.mark.parametrize("name", ["dark", "light"])
def test_notes_have_the_colour_of_their_voice(canvas, name):
    theme().choose(name)
    for index, token in ((2, voice(0)), (1, voice(1))):
        assert ink(canvas, middle(canvas, index, 0.9)) == color(token)


def test_few_and_many_notes_look_alike(canvas, monkeypatch):
    few = [ink(canvas, middle(canvas, index, 0.9)) for index in range(6)]
    monkeypatch.setattr(roll_paint, "MOST_ROUND", 0)
    canvas.stale()
    assert [ink(canvas, middle(canvas, index, 0.9)) for index in range(6)] == few


@pytest.mark.parametrize("most", [0, 400])
def test_what_a_note_is_changes_its_colour(canvas, monkeypatch, most):
    monkeypatch.setattr(roll_paint, "MOST_ROUND", most)
    model, at = canvas.model, middle(canvas, 2, 0.85)
    plain = ink(canvas, at)
    model.set_quiet_tracks({0})
    assert ink(canvas, at) == mixed(voice(0), "roll_white", roll_paint.FAINT)
    model.set_quiet_tracks(())
    model.set_region((0, BAR, frozenset({0})))
    assert ink(canvas, at) not in (plain, color("roll_white"))
    model.set_locked_tracks({0})
    assert ink(canvas, at) == plain
    model.set_region(None)
    rows = model.rows().copy()
    rows["p"] = 0.004
    model.put_marks(rows)
    model.set_coloured(True)
    assert ink(canvas, at) == color("chance_5")


@pytest.mark.parametrize("p", [0.0, 0.005, 0.01, 0.03, 0.05, 0.1, 0.2, 0.4, 0.5, 0.9, 1.0])
def test_both_ways_of_drawing_know_the_same_levels(canvas, monkeypatch, p):
    rows = canvas.model.rows().copy()
    rows["p"] = p
    canvas.model.put_marks(rows)
    canvas.model.set_coloured(True)
    at = middle(canvas, 3, 0.9)
    one = ink(canvas, at)
    monkeypatch.setattr(roll_paint, "MOST_ROUND", 0)
    canvas.stale()
    assert ink(canvas, at) == one


def test_a_selected_note_has_an_edge(canvas):
    row = canvas.model.rows()[2]
    edge = QPoint(round(float(canvas.view.x(int(row["start"])))) + 12, middle(canvas, 2).y())
    top = next(
        y
        for y in range(edge.y() - 12, edge.y())
        if ink(canvas, QPoint(edge.x(), y)) == color(voice(0))
    )
    canvas.model.select([2])
    assert ink(canvas, QPoint(edge.x(), top)).lightness() > color(voice(0)).lightness()


@pytest.mark.parametrize("length", [40, 480])
def test_locks_are_seen(canvas, length):
    canvas.model.set_piece(piece([(0, length, 60, 80, 0)]))
    before = look(canvas)
    rows = canvas.model.rows().copy()
    rows["locked"] = True
    canvas.model.put_marks(rows)
    assert look(canvas) != before


def test_names_are_written_where_there_is_room(canvas):
    canvas.zoom_time(4, 0)
    canvas.view.set_row(20)
    canvas.stale()
    box = canvas.view.place(0, 480, 72)
    inks = {
        look(canvas).pixelColor(int(box.left()) + dx, int(box.center().y())).name()
        for dx in range(5, 24)
    }
    assert color("on_voice").name() in inks


def test_ghosts_lie_over_what_they_replace(canvas):
    canvas.model.set_region((0, BAR, frozenset({0})))
    old = ink(canvas, middle(canvas, 2, 0.9))
    canvas.model.set_ghosts(notes_of([(480, 480, 78, 80, 0)]))
    new = ground(canvas, 700, 78)
    assert ink(canvas, new) != color("roll_white")
    faded = ink(canvas, middle(canvas, 2, 0.9))
    assert faded != old
    canvas.model.set_ghosts(np.zeros(0, NOTE))
    assert ink(canvas, middle(canvas, 2, 0.9)) == old


def test_the_region_is_washed_with_two_edges(canvas):
    inside, outside = ground(canvas, 3 * BAR + 700, 60), ground(canvas, 5 * BAR + 700, 60)
    assert ink(canvas, inside) == ink(canvas, outside)
    canvas.model.set_region((3 * BAR, 4 * BAR, frozenset()))
    assert ink(canvas, inside) != ink(canvas, outside)
    edge = QPoint(round(float(canvas.view.x(3 * BAR))), inside.y())
    assert ink(canvas, edge) == color("accent")


def test_harder_hits_are_stronger(canvas):
    canvas.model.set_track(2)
    loud, soft = (
        ground(canvas, tick, pitch) + QPoint(3, 0) for tick, pitch in ((1920, 36), (2400, 38))
    )
    away = color("roll_white")

    def far(at) -> int:
        found = ink(canvas, at)
        return abs(found.red() - away.red()) + abs(found.green() - away.green())

    assert far(loud) > far(soft) > 10


def test_keys_bars_and_beats_are_told_apart(canvas):
    white, black = ground(canvas, 100, 60), ground(canvas, 100, 61)
    assert ink(canvas, white) == color("roll_white")
    assert ink(canvas, black) == color("roll_black")
    for tick, token in ((4 * BAR, "roll_bar"), (4 * BAR + QUARTER, "roll_beat")):
        at = QPoint(round(float(canvas.view.x(tick))), white.y())
        assert ink(canvas, at) == color(token)


def test_bar_lines_thin_out_when_there_are_too_many(canvas):
    canvas.model.set_piece(many(4000))
    canvas.fit()
    for factor in (1, 0.5, 0.2):
        canvas.view.set_scale(canvas.view.scale * factor)
        ticks, _ink = roll_ground.lines(canvas.model, canvas.view, 900)[-1]
        gaps = np.diff(canvas.view.x(ticks))
        assert len(gaps) == 0 or gaps.min() >= roll_ground.LINE_GAP


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_the_ground_is_sharp_at_every_scale(canvas, ratio):
    pixels = roll_ground.ground(canvas.model, canvas.view, 301, 201, ratio)
    assert pixels.shape == (round(201 * ratio), round(301 * ratio))
    bars = pixels == color("roll_bar").rgba()
    across = np.flatnonzero(bars.all(axis=0))
    assert len(across) % max(1, round(ratio)) == 0
    assert len(across) > 0


@pytest.mark.parametrize("most", [0, 400])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("row", [7, 13])
def test_notes_stand_in_their_rows_at_every_scale(canvas, monkeypatch, most, ratio, row):
    monkeypatch.setattr(roll_paint, "MOST_ROUND", most)
    view = canvas.view
    view.set_row(row)
    view.top = (127 - 76) * row - 3
    shape = (round(500 * ratio), round(900 * ratio))
    pixels = np.full(shape, color("window").rgba(), np.uint32)
    image = roll_marks.picture(pixels, ratio, opaque=True)
    painter = QPainter(image)
    roll_paint.paint_notes(painter, pixels, canvas.model, view, QRectF(0, 0, 900, 500))
    painter.end()
    for index in range(6):
        at = middle(canvas, index, 0.9)
        token = voice(int(canvas.model.rows()["track"][index]))
        assert image.pixelColor(round(at.x() * ratio), round(at.y() * ratio)) == color(token)


@pytest.mark.parametrize("top", [0, 5, 400])
def test_many_notes_leave_the_ground_at_corners_and_between_rows(canvas, monkeypatch, top):
    """Laid as pixels, they stand where they do when each is drawn, also at the edges."""
    view = canvas.view
    view.set_row(12)
    view.top = (127 - 76) * 12 - 3 + top
    found = []
    for most in (0, 400):
        monkeypatch.setattr(roll_paint, "MOST_ROUND", most)
        pixels = np.full((300, 900), color("window").rgba(), np.uint32)
        image = roll_marks.picture(pixels, 1.0, opaque=True)
        painter = QPainter(image)
        roll_paint.paint_notes(painter, pixels, canvas.model, view, QRectF(0, 0, 900, 300))
        painter.end()
        found.append(pixels != color("window").rgba())
    laid, drawn = found
    assert laid.sum() > 0 or top == 400
    assert (laid != drawn).mean() < 0.01


def test_ten_thousand_notes_are_drawn_as_pixels(canvas, monkeypatch):
    """One by one they would take longer than a frame: none is painted on its own."""
    monkeypatch.setattr(roll_paint, "_paint_note", None)
    canvas.model.set_piece(many(10_000))
    canvas.fit()
    inks = look(canvas)
    width, height = inks.width(), inks.height()
    found = {inks.pixelColor(x, y).name() for x in range(0, width, 7) for y in range(0, height, 5)}
    assert {color(voice(track)).name() for track in range(8)} <= found


def test_a_movement_of_all_notes_is_only_shown(canvas):
    canvas.model.set_piece(many(3000))
    rows = roll_rows.moved(roll_rows.alone(canvas.model.rows(), slice(None)), 120, 1)
    before = look(canvas)
    canvas.model.preview(rows)
    assert look(canvas) != before
    canvas.model.preview(None)
    assert look(canvas) == before


def test_the_keyboards_cursor_shows_while_the_pen_is_in_hand(canvas):
    canvas.setFocus()
    before = look(canvas)
    canvas.set_tool("draw")
    assert look(canvas) != before
    canvas.set_tool("select")
    assert look(canvas) == before
