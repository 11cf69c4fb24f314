"""What is edited: a piece, what is selected, what can be undone. The views of it only show it."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from genstudio.media.notes import NOTE, Piece
from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.roll_grid import SNAPS, Grid
from genstudio.ui.widgets.roll_names import KIT

KEPT = 200
"""Steps that can be undone."""
Region = tuple[int, int, frozenset[int]]
"""From a tick to a tick, in these tracks (none named: in all)."""


class RollModel(QObject):
    """`edited(what)`: the piece is another one; `selected`: other notes are selected;
    `looked`: something else that is seen has changed; `reset`: another piece is shown;
    `stepped`: there are other steps to undo or to do again."""

    edited = Signal(str)
    selected = Signal()
    looked = Signal()
    reset = Signal()
    stepped = Signal()
    region_changed = Signal(int, int, object)
    loop_changed = Signal(int, int)
    track_changed = Signal(int)
    snap_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(KEPT)
        # Told on by the model: a stack that is being deleted says so once more to who listens.
        self.undo_stack.indexChanged.connect(self.stepped)
        self._piece = Piece(np.zeros(0, NOTE))
        self._rows = np.zeros(0, roll_rows.ROW)
        self._preview: np.ndarray | None = None
        self.grid = Grid(self._piece)
        self.snap = "1/16"
        self.track = 0
        self.region: Region | None = None
        self.loop: tuple[int, int] | None = None
        self.locked_tracks: frozenset[int] = frozenset()
        self.quiet_tracks: frozenset[int] = frozenset()
        self.ghosts = np.zeros(0, NOTE)
        self.coloured = False

    # ---- the piece

    def set_piece(self, piece: Piece) -> None:
        """Another piece: nothing selected, locked or to be undone."""
        self.undo_stack.clear()
        self.ghosts = np.zeros(0, NOTE)
        self.region = self.loop = None
        self.locked_tracks = self.quiet_tracks = frozenset()
        self.track = min(self.track, len(piece.tracks) - 1)
        self._take(piece, roll_rows.rows_of(piece.notes))
        self.reset.emit()
        self.looked.emit()
        self.selected.emit()

    def replace_piece(self, piece: Piece, what: str) -> None:
        """Another state of the same piece, as a step that can be undone.

        Notes that stand in both keep their locks and probabilities.
        """
        self._push(piece, _inherited(self._rows, roll_rows.rows_of(piece.notes)), what)

    def piece(self) -> Piece:
        """The piece as it is now."""
        return self._piece

    def rows(self) -> np.ndarray:
        """The rows of its notes, in the same order; not to be written to."""
        return self._rows

    def shown(self) -> np.ndarray:
        """The rows as they are to be seen: those of a movement under way, else `rows`."""
        return self._rows if self._preview is None else self._preview

    def preview(self, rows: np.ndarray | None) -> None:
        """Show rows without taking them; None ends it."""
        self._preview = rows
        self.looked.emit()

    def apply(self, rows: np.ndarray, what: str) -> None:
        """Take edited rows as one step; those that are selected count as edited."""
        self._preview = None
        rows = roll_rows.tidy(rows)
        if np.array_equal(roll_rows.notes_of(rows), roll_rows.notes_of(self._rows)) and (
            np.array_equal(rows["locked"], self._rows["locked"])
        ):
            self.select(rows["selected"])
            self.looked.emit()
            return
        piece = self._piece.replaced(notes=roll_rows.notes_of(rows))
        self._push(piece, rows, what)

    def _push(self, piece: Piece, rows: np.ndarray, what: str) -> None:
        step = _Step(self, (self._piece, self._rows), (piece, rows), what)
        self.undo_stack.push(step)  # Qt does the step while it takes it

    def _take(self, piece: Piece, rows: np.ndarray) -> None:
        self._piece, self._rows, self._preview = piece, rows, None
        self.track = min(self.track, len(piece.tracks) - 1)
        self._rows.flags.writeable = False
        self.grid = Grid(piece, self.loop[1] if self.loop else 0)

    def restore(self, piece: Piece, rows: np.ndarray, what: str) -> None:
        """Show a state that was pushed (used by undo and redo)."""
        self._take(piece, rows)
        self.edited.emit(what)
        self.selected.emit()

    # ---- what is chosen

    def select(self, chosen: np.ndarray) -> None:
        """Select exactly the rows of a mask or of indexes."""
        rows = roll_rows.alone(self._rows, chosen)
        if not np.array_equal(rows["selected"], self._rows["selected"]):
            rows.flags.writeable = False
            self._rows = rows
            self.selected.emit()

    def chosen(self) -> np.ndarray:
        """Indexes of the selected notes."""
        return np.flatnonzero(self._rows["selected"])

    def seen(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Mask of the rows (`rows()` when None) that a view shows: the drums, or all else."""
        return _in((self._rows if rows is None else rows)["track"], self.seen_tracks())

    def seen_tracks(self) -> frozenset[int]:
        """The tracks that are shown together with the one in hand."""
        drums = self.drums()
        tracks = enumerate(self._piece.tracks)
        return frozenset(number for number, track in tracks if track.drums == drums)

    def drums(self) -> bool:
        """Whether the track in hand is a drum kit."""
        return self._piece.tracks[self.track].drums

    def ladder(self) -> np.ndarray:
        """Pitches from low to high: all, or the sounds of the kit."""
        if not self.drums():
            return roll_rows.LADDER
        used = self._rows["pitch"][self.seen()]
        own = [one.pitch for one in self._piece.tracks[self.track].sounds]
        return np.unique(np.concatenate([np.array((*KIT, *own)), used])).astype(int)

    def set_track(self, track: int) -> None:
        """The track that is drawn in; the view shows the kit where that is one."""
        track = max(0, min(track, len(self._piece.tracks) - 1))
        if track != self.track:
            self.track = track
            self.track_changed.emit(track)
            self.looked.emit()

    def set_region(self, region: Region | None) -> None:
        """The part that a model is asked to make, or none."""
        if region != self.region:
            self.region = region
            self.region_changed.emit(*(region or (0, 0, frozenset())))
            self.looked.emit()

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """The part that is played again and again, or none."""
        if loop != self.loop:
            self.loop = loop
            self.loop_changed.emit(*(loop or (0, 0)))
            self.looked.emit()

    def set_locked_tracks(self, tracks: Collection[int]) -> None:
        """Voices that a model must leave as they are."""
        self.locked_tracks = frozenset(tracks)
        self.looked.emit()

    def set_quiet_tracks(self, tracks: Collection[int]) -> None:
        """Voices that do not sound."""
        self.quiet_tracks = frozenset(tracks)
        self.looked.emit()

    def set_ghosts(self, notes: np.ndarray) -> None:
        """Notes of a draft, shown over the piece."""
        self.ghosts = notes
        self.looked.emit()

    def set_coloured(self, coloured: bool) -> None:
        """Whether notes are coloured by probability."""
        self.coloured = coloured
        self.looked.emit()

    def put_marks(self, rows: np.ndarray) -> None:
        """Take locks and probabilities of the same rows; that is no step of undo."""
        rows.flags.writeable = False
        self._rows = rows
        self.looked.emit()

    def set_snap(self, snap: str) -> None:
        """Another raster, by its name."""
        if snap in SNAPS and snap != self.snap:
            self.snap = snap
            self.snap_changed.emit(snap)
            self.looked.emit()

    def going(self) -> np.ndarray:
        """Mask of the shown rows that a model will replace: in the region and not locked."""
        rows = self.shown()
        if self.region is None:
            return np.zeros(len(rows), bool)
        first, end, tracks = self.region
        inside = (rows["start"] >= first) & (rows["start"] < end) & ~rows["locked"]
        if tracks:
            inside &= _in(rows["track"], tracks)
        return inside & ~_in(rows["track"], self.locked_tracks)


class _Step(QUndoCommand):
    """From one state to another: both are kept, notes are small."""

    def __init__(
        self,
        model: RollModel,
        before: tuple[Piece, np.ndarray],
        after: tuple[Piece, np.ndarray],
        what: str,
    ) -> None:
        super().__init__(what)
        self._model, self._before, self._after = model, before, after

    def redo(self) -> None:
        """Do it."""
        self._model.restore(*self._after, self.text())

    def undo(self) -> None:
        """Take it back."""
        self._model.restore(*self._before, f"Undo: {self.text()}")


def _in(tracks: np.ndarray, wanted: Collection[int]) -> np.ndarray:
    table = np.zeros(256, bool)
    table[list(wanted)] = True
    return table[tracks]


def _inherited(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """`after` with the locks and probabilities of the equal notes of `before`."""
    keys = ["start", "duration", "pitch", "track"]
    marked = before[before["locked"] | (before["p"] >= 0)]
    known = dict(zip(marked[keys].tolist(), marked, strict=True))
    for number, key in enumerate(after[keys].tolist() if known else ()):
        if key in known:
            after["locked"][number], after["p"][number] = known[key]["locked"], known[key]["p"]
    return after
