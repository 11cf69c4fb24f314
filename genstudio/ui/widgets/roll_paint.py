"""Drawing what lies on the roll's ground: the region, notes, ghosts, the playhead."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from genstudio.ui import icons
from genstudio.ui.theme import color, font
from genstudio.ui.widgets import roll_dense
from genstudio.ui.widgets.chances import level_of
from genstudio.ui.widgets.roll_marks import mixed, voice
from genstudio.ui.widgets.roll_model import RollModel
from genstudio.ui.widgets.roll_names import pitch_name
from genstudio.ui.widgets.roll_view import RollView

MOST_ROUND = 400
"""More notes in sight than this are drawn without round corners."""
FAINT, GOING, GONE = 0.3, 0.5, 0.16
"""How much of their colour is left to quiet notes, to those that a model will replace, and to
those that it is replacing."""
_RADIUS = 3.0
_NAMED_ROW, _NAMED_WIDTH = 13, 30


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


def paint_notes(
    painter: QPainter, pixels: np.ndarray, model: RollModel, view: RollView, size: QRectF
) -> None:
    """All notes in sight, the track in hand and what is selected on top.

    `pixels` (h, w) uint32 are those that `painter` draws on: many notes are laid there at once.
    """
    rows = model.shown()
    left, right, top = view.places(rows)
    seen = (right > 0) & (left < size.width()) & (top > -view.row) & (top < size.height())
    which = np.flatnonzero(seen & model.seen(rows))
    if not len(which):
        return
    shares = _shares(model, rows)
    on_top = 2 * rows["selected"][which] + (rows["track"][which] == model.track)
    rank = np.rint(shares[which] * 16).astype(np.int16) * 4 + on_top
    which = which[np.argsort(rank, kind="stable")]
    if len(which) > MOST_ROUND or view.row < 5:
        sides = (left[which], right[which], top[which])
        ratio = painter.device().devicePixelRatioF()
        roll_dense.lay(pixels, ratio, model, view, rows.take(which), sides, shares[which])
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
        line = round(box.bottom()) - 3  # within the note: at its edge it would only look lower
        painter.fillRect(QRectF(box.left(), line, box.width(), 1), color(ink))


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
