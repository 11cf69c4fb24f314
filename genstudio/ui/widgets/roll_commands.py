"""What the roll can do with the selected notes besides moving them by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.roll_canvas import RollCanvas
from genstudio.ui.widgets.roll_grid import SNAPS

LOUDER = 8
"""What one press changes a velocity by."""


@dataclass(frozen=True)
class Command:
    """`name` in the table of keys, words for the menu; `needs` notes that are selected."""

    name: str
    words: str
    act: Callable[[], None]
    needs: bool = True


class RollCommands(QObject):
    """Everything by name: for keys, for the menu, for the panel around the roll."""

    def __init__(self, canvas: RollCanvas) -> None:
        super().__init__(canvas)
        self._canvas, self._model = canvas, canvas.model
        self.table = (
            Command("cut", "Cut", self.cut),
            Command("copy", "Copy", self.copy),
            Command("paste", "Paste", self.paste, needs=False),
            Command("duplicate", "Duplicate", self.duplicate),
            Command("delete", "Erase", self.erase),
            Command("quantise", "Quantise", self.quantise),
            Command("roll_lock", "Lock or unlock", self.toggle_lock),
            Command("louder", "Louder", lambda: self.louder(LOUDER)),
            Command("softer", "Softer", lambda: self.louder(-LOUDER)),
            Command("roll_region", "Mark the bars of the selection", self.mark),
            Command("roll_no_region", "Mark no bars", self.unmark, needs=False),
            Command("roll_loop", "Loop the marked bars", self.loop, needs=False),
            Command("select_all", "Select all", self.select_all, needs=False),
            Command("select_voice", "Select the voice", self.select_voice, needs=False),
            Command("select_none", "Select nothing", self.select_none, needs=False),
        )

    # ---- choosing

    def select_all(self) -> None:
        """All notes in sight of the view: the drums, or all else."""
        self._model.select(self._model.seen())

    def select_voice(self) -> None:
        """All notes of the track in hand."""
        self._model.select(self._model.rows()["track"] == self._model.track)

    def select_none(self) -> None:
        """Nothing."""
        self._model.select(np.zeros(0, int))

    # ---- clipboard

    def copy(self) -> None:
        """The selected notes to the clipboard; without any it is left as it is."""
        if len(self._model.chosen()):
            data = QMimeData()
            data.setData(roll_rows.MIME, roll_rows.copied(self._model.rows()))
            QGuiApplication.clipboard().setMimeData(data)

    def cut(self) -> None:
        """Copy and erase."""
        self.copy()
        self._erase("Cut notes")

    def paste(self) -> None:
        """Notes of the clipboard at the playhead, else behind the selection, else in view."""
        found = QGuiApplication.clipboard().mimeData()
        if found is None or not found.hasFormat(roll_rows.MIME):
            return
        data = bytes(found.data(roll_rows.MIME).data())
        new = roll_rows.pasted(data, self._place(), len(self._model.piece().tracks))
        self._add(new, "Paste notes")

    def duplicate(self) -> None:
        """The selected notes again, right behind themselves in whole steps of the raster."""
        rows = self._model.rows()
        chosen = rows[rows["selected"]]
        if not len(chosen):
            return
        first = int(chosen["start"].min())
        span = int((chosen["start"] + chosen["duration"]).max()) - first
        step = self._model.grid.step(self._model.snap, first)
        new = chosen.copy()
        new["start"] += -(-span // step) * step
        self._add(new, "Duplicate notes")

    def _add(self, new: np.ndarray, what: str) -> None:
        if len(new):
            self._model.apply(roll_rows.added(self._model.rows(), new), what)
            last = new[-1]
            self._canvas.reveal(int(new["start"].min()), int(last["start"]), int(last["pitch"]))

    def _place(self) -> int:
        playhead = self._canvas.playhead()
        if playhead is not None:
            return self._model.grid.rounded(playhead, self._model.snap)
        rows = self._model.rows()
        chosen = rows[rows["selected"]]
        if len(chosen):
            end = int((chosen["start"] + chosen["duration"]).max())
            snapped = self._model.grid.rounded(end, self._model.snap)
            return snapped if snapped >= end else end
        return self._model.grid.rounded(self._canvas.view.tick(0), self._model.snap)

    # ---- changing

    def erase(self) -> None:
        """The selected notes go."""
        self._erase("Erase notes")

    def _erase(self, what: str) -> None:
        rows = self._model.rows()
        if rows["selected"].any():
            self._model.apply(roll_rows.without(rows, rows["selected"]), what)

    def quantise(self, lengths: bool = False) -> None:
        """Selected notes (all of the voice where none is) begin on the raster's nearest line;
        with `lengths` they last whole steps as well."""
        model = self._model
        rows = model.rows().copy()
        if not rows["selected"].any():
            rows["selected"] = rows["track"] == model.track
        snap = model.snap if model.snap != "off" else "1/16"
        which = rows["selected"]
        starts = rows["start"][which]
        rows["start"][which] = model.grid.all_rounded(starts, snap)
        if lengths:
            step = model.grid.step(snap, int(starts.min(initial=0)))
            whole = np.maximum(1, np.rint(rows["duration"][which] / step))
            rows["duration"][which] = whole * step
        model.apply(rows, "Quantise")

    def transpose(self, semitones: int) -> None:
        """Selected notes (all but drums where none is) higher or lower."""
        model = self._model
        rows = model.rows()
        if not rows["selected"].any():
            drums = [n for n, track in enumerate(model.piece().tracks) if track.drums]
            rows = roll_rows.alone(rows, ~np.isin(rows["track"], drums))
        model.apply(roll_rows.moved(rows, 0, semitones), "Transpose")

    def louder(self, by: int) -> None:
        """Selected notes struck harder, or softer."""
        self._model.apply(roll_rows.louder(self._model.rows(), by), "Change velocities")

    def toggle_lock(self) -> None:
        """Lock the selected notes; where all are locked, unlock them."""
        rows = self._model.rows().copy()
        chosen = rows["selected"]
        if chosen.any():
            locks = not rows["locked"][chosen].all()
            rows["locked"][chosen] = locks
            self._model.apply(rows, "Lock notes" if locks else "Unlock notes")

    # ---- bars

    def mark(self) -> None:
        """The region becomes the bars and the voices of the selection."""
        rows = self._model.rows()
        chosen = rows[rows["selected"]]
        if len(chosen):
            end = int((chosen["start"] + chosen["duration"]).max())
            first, end = self._model.grid.around(int(chosen["start"].min()), end)
            tracks = frozenset(int(track) for track in np.unique(chosen["track"]))
            self._model.set_region((first, end, tracks))

    def unmark(self) -> None:
        """No region."""
        self._model.set_region(None)

    def loop(self) -> None:
        """Loop the region; no loop where there is one already, or nothing to loop."""
        region = self._model.region
        looped = self._model.loop
        wanted = region[:2] if region is not None else None
        self._model.set_loop(None if looped == wanted else wanted)

    def finer(self, by: int) -> None:
        """The next finer (1) or coarser (-1) raster."""
        names = list(SNAPS)
        place = names.index(self._model.snap) + by
        self._model.set_snap(names[max(0, min(place, len(names) - 1))])
