"""The piano roll: bars above, keys or drum sounds at the left, velocities below, or a list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from genstudio.media.notes import NOTE, Piece
from genstudio.ui import shortcuts
from genstudio.ui.theme import font
from genstudio.ui.widgets.note_table import NoteTable
from genstudio.ui.widgets.roll_canvas import ZOOM_STEP, RollCanvas
from genstudio.ui.widgets.roll_commands import RollCommands
from genstudio.ui.widgets.roll_drops import RollDrops
from genstudio.ui.widgets.roll_frame import RollBox
from genstudio.ui.widgets.roll_keys import RollKeys
from genstudio.ui.widgets.roll_model import RollModel
from genstudio.ui.widgets.roll_ruler import RollRuler
from genstudio.ui.widgets.roll_side import RollSide
from genstudio.ui.widgets.velocity_lane import VelocityLane

ROW_SOUND = "Use a sound for this row…"
_APART = {"delete", "roll_lock", "softer", "roll_loop"}
"""Commands behind which the menu draws a line."""


class PianoRoll(QWidget):
    """Shows and edits a Piece.

    `changed(piece, what)` after every edit, undo and redo; `note_clicked(index)` is an index into
    `piece().notes`; `heard(pitch, velocity, track)` wants a note to sound; `region_changed` and
    `loop_changed` give ticks (0, 0 for none). Tracks are numbers of `piece().tracks`. Of a drum
    track: `sound_dropped(pitch, path)`, `row_menu(pitch, where)`, `row_sound_wanted(pitch)`.
    """

    changed = Signal(object, str)
    selection_changed = Signal()
    region_changed = Signal(int, int, object)
    loop_changed = Signal(int, int)
    seek = Signal(int)
    note_clicked = Signal(int)
    heard = Signal(int, int, int)
    track_changed = Signal(int)
    list_shown = Signal(bool)
    coloured_changed = Signal(bool)
    sound_dropped = Signal(int, str)
    row_menu = Signal(int, QPoint)
    row_sound_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RollModel(self)
        self.canvas = RollCanvas(self.model)
        self.commands = RollCommands(self.canvas)
        self.keys = RollKeys(self.canvas)
        self.ruler, self.side = RollRuler(self.canvas), RollSide(self.canvas)
        self.drops = RollDrops(self.canvas, self.side)
        self.lane, self.table = VelocityLane(self.canvas), NoteTable(self.model)
        self._lane_words = QLabel("Velocity")
        self._lane_words.setFont(font(11))
        self._lane_words.setProperty("role", "dim")
        self._lane_words.setIndent(5)
        self.pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._bind()
        self.setFocusProxy(self.canvas)

    def _lay_out(self) -> None:
        roll, velocities, listed = RollBox(), RollBox(), RollBox()
        bar = self.canvas.verticalScrollBar().sizeHint().width()
        roll.grid.addWidget(self.ruler, 0, 1)
        roll.grid.addWidget(self.side, 1, 0)
        roll.grid.addWidget(self.canvas, 1, 1, 1, 2)
        roll.grid.setColumnMinimumWidth(2, bar)
        roll.grid.setColumnStretch(1, 1)
        velocities.grid.addWidget(self._lane_words, 0, 0)
        velocities.grid.addWidget(self.lane, 0, 1)
        velocities.grid.setColumnMinimumWidth(2, bar)
        listed.grid.addWidget(self.table, 0, 0)
        drawn = QWidget()
        column = QVBoxLayout(drawn)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(roll, 1)
        column.addWidget(velocities)
        self.pages.addWidget(drawn)
        self.pages.addWidget(listed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)

    def _connect(self) -> None:
        model, canvas = self.model, self.canvas
        model.edited.connect(lambda what: self.changed.emit(model.piece(), what))
        model.selected.connect(self._selected)
        model.region_changed.connect(self.region_changed)
        model.loop_changed.connect(self.loop_changed)
        model.track_changed.connect(self.track_changed)
        canvas.note_clicked.connect(self.note_clicked)
        canvas.heard.connect(self.heard)
        canvas.menu_wanted.connect(self.open_menu)
        canvas.cursor_moved.connect(self._describe_cursor)
        canvas.viewed.connect(self._viewed)
        canvas.sound_dropped.connect(self.sound_dropped)
        self.side.row_menu.connect(self.row_menu)
        self.ruler.seek.connect(self.seek)
        self.table.went_to.connect(self.keys.go_to)

    def _bind(self) -> None:
        for command in self.commands.table:
            shortcuts.bind(self, command.name, command.act)
        for name, action in (
            ("undo", self.undo),
            ("redo", self.redo),
            ("roll_select", lambda: self.set_tool("select")),
            ("roll_draw", lambda: self.set_tool("draw")),
            ("roll_erase", lambda: self.set_tool("erase")),
            ("roll_list", lambda: self.show_list(not self.is_list())),
            ("chances", lambda: self.set_coloured(not self.model.coloured)),
            ("roll_from_here", self._play_from_here),
            ("row_sound", self.want_row_sound),
            ("snap_finer", lambda: self.commands.finer(1)),
            ("snap_coarser", lambda: self.commands.finer(-1)),
            ("zoom_fit", self.canvas.fit),
            ("zoom_in", lambda: self.canvas.zoom_time(ZOOM_STEP)),
            ("zoom_out", lambda: self.canvas.zoom_time(1 / ZOOM_STEP)),
            ("rows_taller", lambda: self.canvas.zoom_pitch(ZOOM_STEP)),
            ("rows_lower", lambda: self.canvas.zoom_pitch(1 / ZOOM_STEP)),
        ):
            shortcuts.bind(self, name, action)

    # ---- the piece

    def set_piece(self, piece: Piece) -> None:
        """Show another piece from its start; what could be undone is forgotten."""
        self.model.set_piece(piece)
        self.canvas.start_view()
        self._describe()

    def replace_piece(self, piece: Piece, what: str) -> None:
        """The same piece changed from outside (a draft that is kept): a step that can be undone;
        the view stays. `changed` is told."""
        self.model.replace_piece(piece, what)

    def piece(self) -> Piece:
        """The piece as it is now."""
        return self.model.piece()

    def undo(self) -> None:
        """Take back the last step."""
        self.canvas.hands.cancel()
        self.model.undo_stack.undo()

    def redo(self) -> None:
        """Do it again."""
        self.model.undo_stack.redo()

    # ---- what is chosen

    def selected(self) -> list[int]:
        """Indexes of the selected notes in `piece().notes`."""
        return [int(index) for index in self.model.chosen()]

    def select(self, indexes: Sequence[int]) -> None:
        """Select exactly these notes."""
        self.model.select(np.array(indexes, int))

    def track(self) -> int:
        """The track that is drawn in."""
        return self.model.track

    def set_track(self, track: int) -> None:
        """Draw in another track; drums are shown as a kit of named rows."""
        self.model.set_track(track)

    def region(self) -> tuple[int, int, frozenset[int]] | None:
        """(first tick, end tick, tracks, none meaning all) that is marked, or None."""
        return self.model.region

    def set_region(self, first: int, end: int, tracks: Collection[int] = ()) -> None:
        """Mark a part to be made anew; where it is empty, none."""
        region = (first, end, frozenset(tracks))
        self.model.set_region(region if end > first else None)

    def clear_region(self) -> None:
        """Mark nothing."""
        self.model.set_region(None)

    def loop(self) -> tuple[int, int] | None:
        """(first tick, end tick) that is played again and again, or None."""
        return self.model.loop

    def set_loop(self, first: int, end: int) -> None:
        """Loop a part; where it is empty, none."""
        self.model.set_loop((first, end) if end > first else None)

    # ---- locks, drafts, probabilities

    def locked(self) -> list[tuple[int, int, int]]:
        """(start, pitch, track) of the notes that are locked one by one."""
        rows = self.model.rows()
        rows = rows[rows["locked"]]
        return [tuple(key) for key in rows[["start", "pitch", "track"]].tolist()]

    def set_locked(self, keys: Iterable[Sequence[int]]) -> None:
        """Lock exactly these notes, each (start, pitch, track)."""
        wanted = {tuple(key) for key in keys}
        rows = self.model.rows().copy()
        keys = rows[["start", "pitch", "track"]].tolist()
        rows["locked"] = [key in wanted for key in keys]
        self.model.put_marks(rows)

    def set_locked_tracks(self, tracks: Collection[int]) -> None:
        """Voices that a model must leave alone."""
        self.model.set_locked_tracks(tracks)

    def set_quiet_tracks(self, tracks: Collection[int]) -> None:
        """Voices that do not sound: drawn faintly."""
        self.model.set_quiet_tracks(tracks)

    def set_ghosts(self, notes: np.ndarray) -> None:
        """Notes (n,) of NOTE of a draft, drawn with dashed edges over the piece; [] for none.

        What they would replace in the region is almost hidden while there are any.
        """
        self.model.set_ghosts(np.asarray(notes, NOTE))

    def set_chances(self, p: np.ndarray) -> None:
        """How likely a model found each note (n,), 0 to 1, NaN for unknown."""
        rows = self.model.rows().copy()
        rows["p"] = p
        self.model.put_marks(rows)

    def set_coloured(self, coloured: bool) -> None:
        """Colour notes by how likely they were."""
        if coloured != self.model.coloured:
            self.model.set_coloured(coloured)
            self.coloured_changed.emit(coloured)

    # ---- the view

    def set_playhead(self, tick: int | None, follow: bool = True) -> None:
        """Show where it plays (None: nowhere); with `follow` the view turns its pages."""
        self.canvas.set_playhead(tick, follow and not self.canvas.hands.busy())
        self.ruler.update()

    def set_tool(self, tool: str) -> None:
        """ "select", "draw" or "erase"."""
        self.canvas.set_tool(tool)

    def snap(self) -> str:
        """Name of the raster: one of `roll_grid.SNAPS`."""
        return self.model.snap

    def set_snap(self, snap: str) -> None:
        """Another raster."""
        self.model.set_snap(snap)

    def is_list(self) -> bool:
        """Whether the notes are listed as a table."""
        return self.pages.currentIndex() == 1

    def show_list(self, listed: bool) -> None:
        """The notes as a table, or drawn."""
        had = self.canvas.hasFocus() or self.table.hasFocus()
        self.pages.setCurrentIndex(int(listed))
        self.setFocusProxy(self.table if listed else self.canvas)
        if had:
            (self.table if listed else self.canvas).setFocus()
        self.list_shown.emit(listed)

    def open_menu(self, at: QPoint) -> None:
        """Everything that can be done with the selected notes, at a place of the screen."""
        menu = QMenu(self)
        chosen = bool(len(self.model.chosen()))
        for command in self.commands.table:
            entry = menu.addAction(f"{command.words}\t{shortcuts.keys_text(command.name)}")
            entry.setEnabled(chosen or not command.needs)
            entry.triggered.connect(command.act)
            if command.name in _APART:
                menu.addSeparator()
        menu.addSeparator()
        for name, words, action in (
            ("undo", "Undo", self.undo),
            ("redo", "Redo", self.redo),
            ("zoom_fit", "Fit the piece", self.canvas.fit),
            ("zoom_in", "Closer", lambda: self.canvas.zoom_time(ZOOM_STEP)),
            ("zoom_out", "Wider", lambda: self.canvas.zoom_time(1 / ZOOM_STEP)),
            ("roll_list", "As a list or drawn", lambda: self.show_list(not self.is_list())),
            *([("row_sound", ROW_SOUND, self.want_row_sound)] if self.model.drums() else []),
        ):
            menu.addAction(f"{words}\t{shortcuts.keys_text(name)}").triggered.connect(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def want_row_sound(self) -> None:
        """Ask for a sound for the row of the selected note, else of the cursor; drums alone."""
        if self.model.drums():
            self.row_sound_wanted.emit(self.row_in_hand())

    def row_in_hand(self) -> int:
        """The pitch of the first selected note of the track in hand, else of the cursor."""
        rows = self.model.rows()[self.model.chosen()]
        mine = rows["pitch"][rows["track"] == self.track()]
        return int(mine[0]) if len(mine) else self.canvas.cursor_at[1]

    def _play_from_here(self) -> None:
        """From the first selected note, else from the cursor."""
        chosen = self.model.chosen()
        here = self.canvas.cursor_at[0]
        self.seek.emit(int(self.model.rows()["start"][chosen[0]]) if len(chosen) else here)

    def _viewed(self) -> None:
        self._lane_words.setFixedWidth(self.side.sizeHint().width())

    # ---- read aloud

    def _selected(self) -> None:
        self._describe()
        self.selection_changed.emit()

    def _describe(self) -> None:
        self.canvas.tell(self.table.words_of_selection())

    def _describe_cursor(self, tick: int, pitch: int) -> None:
        self.canvas.tell(
            f"{self.table.name_of(pitch, self.track())}, {self.model.grid.words(tick)}"
        )
