"""The roll by keyboard: arrows walk notes or lead a cursor, commands have keys of their own."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent

from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.roll_canvas import RollCanvas
from genstudio.ui.widgets.roll_drags import VELOCITY

_SHIFT, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class RollKeys(QObject):
    """With the arrow in hand: Left and Right go to the next note, Up and Down to one that sounds
    above or below, Shift adds it. Alt and arrows move what is selected (Shift too: change its
    length, or an octave). With another tool they lead a cursor; Enter writes or erases there.
    Ctrl and Left or Right move the marked bars, with Shift they mark more or fewer.
    """

    def __init__(self, canvas: RollCanvas) -> None:
        super().__init__(canvas)
        self._canvas, self._model = canvas, canvas.model
        canvas.key_pressed.connect(self.press)

    def press(self, event: QKeyEvent) -> None:
        """Do what a key means here; the event is accepted where it means something."""
        key, keys = Qt.Key(event.key()), event.modifiers()
        if keys & Qt.KeyboardModifier.ControlModifier:
            if key not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                return
            self.mark(1 if key == Qt.Key.Key_Right else -1, bool(keys & _SHIFT))
        elif key in _ARROWS:
            self._arrow(*_ARROWS[key], keys)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not keys & _SHIFT:
            self.write()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._page(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._outer(key == Qt.Key.Key_End)
        else:
            return
        event.accept()

    def _arrow(self, across: int, up: int, keys: Qt.KeyboardModifier) -> None:
        if keys & _ALT:
            self._change(across, up, bool(keys & _SHIFT))
        elif self._canvas.tool == "select":
            self.walk(across, up, bool(keys & _SHIFT))
        else:
            self._lead(across, up)

    # ---- changing what is selected

    def _change(self, across: int, up: int, more: bool) -> None:
        model = self._model
        chosen = model.chosen()
        if not len(chosen):
            return
        first = int(model.rows()["start"][chosen].min())
        step = model.grid.step(model.snap if model.snap != "off" else "1/32", first)
        if across and more:
            least = min(step, max(1, model.grid.ppq // 8))
            model.apply(roll_rows.resized(model.rows(), across * step, least), "Change lengths")
            self._canvas.hands.length = int(model.rows()["duration"][model.chosen()[0]])
        else:
            steps = up * (12 if more and not model.drums() else 1)
            rows = roll_rows.moved(model.rows(), across * step, steps, model.ladder())
            model.apply(rows, "Move notes" if across else "Transpose")
        self._show_chosen(sound=bool(up))

    def _show_chosen(self, sound: bool = False) -> None:
        chosen = self._model.chosen()
        if not len(chosen):
            return
        row = self._model.rows()[chosen[0]]
        start, end = int(row["start"]), int(row["start"]) + int(row["duration"])
        self._canvas.reveal(start, end, int(row["pitch"]))
        if sound:
            self._sound(row)

    def _sound(self, row: np.void) -> None:
        self._canvas.heard.emit(int(row["pitch"]), int(row["velocity"]), int(row["track"]))

    # ---- walking from note to note

    def current(self) -> int:
        """The note that was gone to last, else the first selected; -1 for none."""
        chosen = self._model.chosen()
        if not len(chosen):
            return -1
        start, pitch = self._canvas.cursor_at
        rows = self._model.rows()[chosen]
        here = np.flatnonzero((rows["start"] == start) & (rows["pitch"] == pitch))
        return int(chosen[here[0]] if len(here) else chosen[0])

    def walk(self, across: int, up: int, more: bool = False) -> None:
        """Select the next note in time, or the next higher or lower one that sounds with it."""
        rows = self._model.rows()
        seen = np.flatnonzero(self._model.seen())
        if not len(seen):
            return
        now = self.current()
        if now < 0:
            left = self._canvas.view.tick(0)
            later = seen[rows["start"][seen] >= left]
            wanted = int(later[0] if len(later) else seen[-1])
        elif across:
            wanted = _next_in_time(rows, seen, now, across)
        else:
            wanted = _next_in_pitch(rows, seen, now, up)
        self.go_to(wanted, more)

    def go_to(self, index: int, more: bool = False) -> None:
        """Select a note (`more`: as well), scroll to it and let it sound."""
        row = self._model.rows()[index]
        self._canvas.cursor_at = (int(row["start"]), int(row["pitch"]))
        selected = self._model.rows()["selected"].copy() if more else np.zeros(0, bool)
        chosen = selected if more else np.array([index])
        if more:
            chosen[index] = True
        self._model.select(chosen)
        end = int(row["start"]) + int(row["duration"])
        self._canvas.reveal(int(row["start"]), end, int(row["pitch"]))
        self._sound(row)
        self._canvas.note_clicked.emit(index)

    def _outer(self, last: bool) -> None:
        seen = np.flatnonzero(self._model.seen())
        if len(seen) and self._canvas.tool == "select":
            self.go_to(int(seen[-1 if last else 0]))
        else:
            tick = self._model.piece().length if last else 0
            self._put_cursor(tick, self._canvas.cursor_at[1])

    def _page(self, by: int) -> None:
        grid = self._model.grid
        tick = self._canvas.cursor_at[0]
        bar = max(0, min(grid.bar_at(tick) + by, len(grid.bars) - 2))
        start = int(grid.bars[bar])
        if self._canvas.tool == "select":
            rows = self._model.rows()
            later = np.flatnonzero(self._model.seen() & (rows["start"] >= start))
            if len(later):
                self.go_to(int(later[0]))
        else:
            self._put_cursor(start, self._canvas.cursor_at[1])

    # ---- marking bars

    def mark(self, by: int, longer: bool) -> None:
        """Mark the bar that one is in; then move the mark by bars, or with `longer` its end."""
        model, grid, region = self._model, self._model.grid, self._model.region
        now = self.current()
        if region is None:
            tick = int(model.rows()["start"][now]) if now >= 0 else self._canvas.cursor_at[0]
            first, last, tracks = grid.bar_at(tick), grid.bar_at(tick), frozenset[int]()
        else:
            first, last, tracks = grid.bar_at(region[0]), grid.bar_at(region[1] - 1), region[2]
            most = len(grid.bars) - 2
            by = max(first - last if longer else -first, min(by, most - last))
            first, last = first if longer else first + by, last + by
        model.set_region((int(grid.bars[first]), int(grid.bars[last + 1]), tracks))
        self._canvas.reveal(*(int(grid.bars[bar]) for bar in (first, last + 1)))
        here = f"bar {first + 1}" if first == last else f"bars {first + 1} to {last + 1}"
        self._canvas.tell(f"Marked: {here}")

    # ---- the cursor of pen and eraser

    def _lead(self, across: int, up: int) -> None:
        grid, model = self._model.grid, self._model
        tick, pitch = self._canvas.cursor_at
        snap = model.snap if model.snap != "off" else "1/16"
        if across > 0:
            here = grid.floored(tick, snap)
            tick = grid.rounded(here + grid.step(snap, here), snap)
        elif across < 0:
            tick = grid.floored(max(0, tick - 1), snap)
        ladder = model.ladder()
        place = int(np.clip(np.searchsorted(ladder, pitch) + up, 0, len(ladder) - 1))
        self._put_cursor(min(tick, grid.end - 1), int(ladder[place]))

    def _put_cursor(self, tick: int, pitch: int) -> None:
        self._canvas.cursor_at = (tick, pitch)
        self._canvas.reveal(tick, tick, pitch)
        self._canvas.viewport().update()
        self._canvas.cursor_moved.emit(tick, pitch)

    def write(self) -> None:
        """Write a note at the cursor, or erase the one that is there; with the arrow in hand
        play the selected note and say that it was chosen."""
        canvas, model = self._canvas, self._model
        if canvas.tool == "select":
            if self.current() >= 0:
                self.go_to(self.current())
            return
        tick, pitch = canvas.cursor_at
        rows = model.rows()
        here = model.seen() & (rows["pitch"] == pitch) & (rows["start"] <= tick)
        here &= rows["start"] + rows["duration"] > tick
        if here.any():
            model.apply(roll_rows.alone(roll_rows.without(rows, here), []), "Erase a note")
        elif canvas.tool == "draw":
            snap = model.snap if model.snap != "off" else "1/16"
            length = canvas.hands.length or model.grid.step(snap, tick)
            new = roll_rows.one(tick, length, pitch, VELOCITY, model.track)
            model.apply(roll_rows.added(rows, new), "Draw a note")
            canvas.heard.emit(pitch, VELOCITY, model.track)
            self._put_cursor(min(tick + length, model.grid.end - 1), pitch)


def _next_in_time(rows: np.ndarray, seen: np.ndarray, now: int, by: int) -> int:
    """The note before or after in the order of the piece; the same at its ends."""
    place = int(np.searchsorted(seen, now)) + by
    return int(seen[max(0, min(place, len(seen) - 1))])


def _next_in_pitch(rows: np.ndarray, seen: np.ndarray, now: int, up: int) -> int:
    """The nearest note above or below that sounds while this one begins or lasts."""
    start, end = int(rows["start"][now]), int(rows["start"][now]) + int(rows["duration"][now])
    others = rows[seen]
    sounds = (others["start"] < end) & (others["start"] + others["duration"] > start)
    far = (others["pitch"].astype(int) - int(rows["pitch"][now])) * up
    found = seen[sounds & (far > 0)]
    if not len(found):
        return now
    away = np.abs(rows["pitch"][found].astype(int) - int(rows["pitch"][now]))
    early = np.abs(rows["start"][found].astype(np.int64) - start)
    return int(found[np.lexsort((early, away))[0]])
