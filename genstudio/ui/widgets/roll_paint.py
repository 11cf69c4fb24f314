"""Drawing the roll: the ground with its lines, the region, notes, ghosts."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from genstudio.ui import icons
from genstudio.ui.theme import color, font
from genstudio.ui.widgets import roll_marks
from genstudio.ui.widgets.chances import level_of
from genstudio.ui.widgets.roll_grid import SNAPS
from genstudio.ui.widgets.roll_marks import mixed, voice
from genstudio.ui.widgets.roll_model import RollModel
from genstudio.ui.widgets.roll_names import is_black, pitch_name
from genstudio.ui.widgets.roll_view import RollView

MOST_ROUND = 1000
"""More notes in sight than this are drawn without round corners."""
LINE_GAP = 9
"""Pixels between lines that can still be told apart."""
FAINT, GOING, GONE = 0.3, 0.5, 0.16
"""How much of their colour is left to quiet notes, to those that a model will replace, and to
those that it is replacing."""
_RADIUS = 3.0
_NAMED_ROW, _NAMED_WIDTH = 13, 30


def paint_ground(painter: QPainter, model: RollModel, view: RollView, area: QRectF) -> None:
    """Rows of keys (or of drum sounds), lines of the raster, of beats and of bars."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(area, color("roll_white"))
    first = max(0, int(view.top // view.row))
    last = min(len(view.pitches) - 1, int((view.top + area.height()) // view.row))
    for row in range(first, last + 1):
        pitch, top = int(view.pitches[row]), row * view.row - view.top
        if row % 2 if view.hits else is_black(pitch):
            painter.fillRect(QRectF(0, top, area.width(), view.row), color("roll_black"))
        if not view.hits and pitch % 12 == 0:
            line = QRectF(0, top + view.row - 1, area.width(), 1)
            painter.fillRect(line, color("roll_beat"))
    _paint_lines(painter, model, view, area)
    end = float(view.x(model.grid.end))
    if end < area.right():
        painter.fillRect(QRectF(end, 0, area.right() - end, area.height()), color("roll_black"))


def _paint_lines(painter: QPainter, model: RollModel, view: RollView, area: QRectF) -> None:
    for x, token, share in lines(model, view, area.width()):
        ink = color(token) if share == 1 else mixed(token, "roll_white", share)
        painter.fillRect(QRectF(round(x), 0, 1, area.height()), ink)


def lines(model: RollModel, view: RollView, width: float) -> list[tuple[float, str, float]]:
    """(x, token, share of its colour) of the lines in sight, the faintest first."""
    grid, found = model.grid, []
    first, last = grid.bar_at(view.tick(0)), grid.bar_at(view.tick(width))
    bars = grid.bars[first : last + 2]
    every = _every(bars, view)
    beats = grid.beats[first : last + 1]
    step = SNAPS.get(model.snap, -1) * grid.ppq
    for bar, stop, beat in zip(bars[:-1], bars[1:], beats, strict=True):
        if step > 0 and step * view.scale >= LINE_GAP and step < beat:
            found += [(x, "roll_beat", 0.55) for x in _between(bar, stop, step, view)]
        if beat * view.scale >= LINE_GAP:
            found += [(x, "roll_beat", 1.0) for x in _between(bar, stop, float(beat), view)]
    numbers = np.arange(first, first + len(bars))
    shown = bars[numbers % every == 0]
    return found + [(float(x), "roll_bar", 1.0) for x in view.x(shown)]


def _every(bars: np.ndarray, view: RollView) -> int:
    """One bar line of how many can be drawn."""
    narrow, every = float(np.median(np.diff(bars))) * view.scale if len(bars) > 1 else 99.0, 1
    while narrow * every < LINE_GAP:
        every *= 2
    return every


def _between(bar: int, stop: int, step: float, view: RollView) -> list[float]:
    return [float(x) for x in view.x(np.arange(bar + step, stop, step))]


def paint_region(painter: QPainter, model: RollModel, view: RollView, height: float) -> None:
    """The part that a model is asked for: a wash and its two edges."""
    if model.region is None:
        return
    first, end, _tracks = model.region
    left, right = round(view.x(first)), round(view.x(end))
    wash = QColor(color("accent"))
    wash.setAlphaF(0.16)
    painter.fillRect(QRectF(left, 0, right - left, height), wash)
    for x in (left - 1, right - 1):
        painter.fillRect(QRectF(x, 0, 2, height), color("accent"))


def paint_notes(painter: QPainter, model: RollModel, view: RollView, size: QRectF) -> None:
    """All notes in sight, the track in hand and what is selected on top."""
    rows = model.shown()
    left, right, top = view.places(rows)
    seen = (right > 0) & (left < size.width()) & (top > -view.row) & (top < size.height())
    which = np.flatnonzero(seen & model.seen())
    if not len(which):
        return
    shares = _shares(model, rows)
    on_top = 2 * rows["selected"][which] + (rows["track"][which] == model.track)
    which = which[np.lexsort((rows["start"][which], on_top, shares[which]))]
    if len(which) > MOST_ROUND or view.row < 5:
        _paint_small(painter, model, view, size, which, shares)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(min(11, int(view.row) - 3), 600))
    for number, x, end, y in zip(
        which.tolist(), left[which].tolist(), right[which].tolist(), top[which].tolist(),
        strict=True,
    ):  # fmt: skip
        _paint_note(painter, model, view, rows[number], _box(view, x, end, y), shares[number])


def _shares(model: RollModel, rows: np.ndarray) -> np.ndarray:
    """How much of its colour each note keeps, 0 to 1."""
    shares = np.ones(len(rows))
    if model.drums():
        shares = 0.4 + 0.6 * rows["velocity"] / 127
    shares[model.going()] *= GONE if len(model.ghosts) else GOING
    for track in model.quiet_tracks:
        shares[rows["track"] == track] *= FAINT
    return shares


def _box(view: RollView, left: float, right: float, top: float) -> QRectF:
    """A note's drawn rectangle: a line of ground stays free below and behind it."""
    gap = 2 if view.row >= 12 else 1
    return QRectF(left, top + gap / 2, max(2.0, right - left - 1), view.row - gap)


def _fill(model: RollModel, row: np.void, share: float) -> QColor:
    if model.coloured and row["p"] >= 0:
        return color(f"chance_{level_of(float(row['p']))}")
    token = voice(int(row["track"]))
    return color(token) if share > 0.99 else mixed(token, "roll_white", share)


def _paint_note(
    painter: QPainter, model: RollModel, view: RollView, row: np.void, box: QRectF, share: float
) -> None:
    chance = model.coloured and row["p"] >= 0
    radius = min(_RADIUS, box.width() / 2, box.height() / 2)
    painter.setBrush(_fill(model, row, share))
    if row["selected"]:
        painter.setPen(QPen(color("text"), 2))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    elif chance:
        painter.setPen(QPen(color(voice(int(row["track"]))), 1.5))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, radius, radius)
    ink = "text" if chance or share < 0.7 else "on_voice"
    if row["locked"]:
        _paint_lock(painter, box, ink)
    if view.row >= _NAMED_ROW and box.width() >= _NAMED_WIDTH and not view.hits:
        painter.setPen(color(ink))
        place = box.adjusted(5, 0, -2, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, pitch_name(int(row["pitch"])))


def _paint_lock(painter: QPainter, box: QRectF, ink: str) -> None:
    """A small lock at the note's end, or a line where that has no room."""
    side = min(11.0, box.height() - 1)
    if side >= 7 and box.width() >= side + 4:
        corner = QPointF(box.right() - side - 2, box.center().y() - side / 2)
        icons.paint(painter, "lock", QRectF(corner.x(), corner.y(), side, side), ink)
    else:
        painter.fillRect(QRectF(box.left(), box.bottom() - 2, box.width(), 2), color(ink))


def _paint_small(
    painter: QPainter, model: RollModel, view: RollView, size: QRectF, which: np.ndarray,
    shares: np.ndarray,
) -> None:  # fmt: skip
    rows, ratio = model.shown()[which], painter.device().devicePixelRatioF()
    left, right, top = (edge * ratio for edge in view.places(rows))
    start, end = np.floor(left).astype(int), np.ceil(right - ratio).astype(int)
    height = max(1, round((view.row - 1) * ratio))
    image = roll_marks.runs(
        start, np.maximum(end, start + 1), np.floor(top).astype(int), height,
        _inks(model, rows, shares[which]),
        (round(size.width() * ratio), round(size.height() * ratio)),
    )  # fmt: skip
    image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(0, 0), image)


def _inks(model: RollModel, rows: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The colour of each note (n,) uint32: few different ones, so each is mixed once."""
    level = np.zeros(len(rows), int)
    if model.coloured:
        for number in range(5):
            low, high = (0, 0.01, 0.05, 0.2, 0.5, 1.1)[4 - number : 6 - number]
            level[(rows["p"] >= low) & (rows["p"] < high)] = number + 1
    share = np.rint(shares * 20).astype(int)
    keys = np.stack([rows["track"].astype(int), share, level, rows["selected"]], axis=1)
    kinds, place = np.unique(keys, axis=0, return_inverse=True)
    inks = [
        color("text") if selected else color(f"chance_{chance}") if chance
        else mixed(voice(track), "roll_white", part / 20)
        for track, part, chance, selected in kinds.tolist()
    ]  # fmt: skip
    return np.array([ink.rgba() for ink in inks], np.uint32)[place.reshape(-1)]


def paint_ghosts(painter: QPainter, model: RollModel, view: RollView, size: QRectF) -> None:
    """Notes of a draft: their track's colour, faint, with a dashed edge."""
    ghosts = model.ghosts
    left, right, top = view.places(ghosts)
    seen = (right > 0) & (left < size.width()) & (top > -view.row) & (top < size.height())
    pen = QPen(color("text"), 1.3, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3, 2])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    for number in np.flatnonzero(seen):
        box = _box(view, float(left[number]), float(right[number]), float(top[number]))
        painter.setBrush(mixed(voice(int(ghosts["track"][number])), "roll_white", 0.55))
        radius = min(_RADIUS, box.width() / 2)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_playhead(painter: QPainter, x: float, height: float) -> None:
    """Where it plays."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color("text"), 2))
    painter.drawLine(QLineF(x, 0, x, height))
