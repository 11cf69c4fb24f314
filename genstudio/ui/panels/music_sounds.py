"""Sounds of the user's in place of drums: dropped on a row, chosen for it, taken away again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QFileDialog, QMenu

from genstudio.core import instruments
from genstudio.media.notes import RowSound
from genstudio.media.sound_reading import SUFFIXES
from genstudio.ui import shortcuts
from genstudio.ui.state import track_edits
from genstudio.ui.state.piece_state import PieceState
from genstudio.ui.state.row_sound_state import RowSoundState, Taken
from genstudio.ui.widgets.piano_roll import ROW_SOUND, PianoRoll
from genstudio.ui.widgets.roll_names import drum_name

FULL = "There is no room for a drum track: remove a track first."
DRAFT_FIRST = "Keep or drop the draft first."
GONE = "{} is not there any more: take it from where it lies now."


class MusicSounds(QObject):
    """Binds PianoRoll, PieceState and RowSoundState. `busy()`: a draft stands in the piece's
    place; `say(words)` tells the user something in passing."""

    def __init__(
        self,
        roll: PianoRoll,
        pieces: PieceState,
        state: RowSoundState,
        busy: Callable[[], bool],
        say: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._roll, self._pieces, self._state = roll, pieces, state
        self._busy, self._say = busy, say
        self.menu: QMenu | None = None
        roll.sound_dropped.connect(self._dropped)
        roll.row_sound_wanted.connect(self._by_key)
        roll.row_menu.connect(self.open_menu)
        state.ready.connect(self._take)

    def use(self, path: Path, pitch: int) -> None:
        """Let a sound file play a row of the track in hand."""
        if self._busy():
            self._say(DRAFT_FIRST)
            return
        self._pieces.save(force=self._pieces.fresh)  # its folder has it before its sounds
        self._state.take(path, self._pieces.current.id, self._roll.track(), pitch)

    def choose(self, pitch: int) -> None:
        """Choose a file for a row."""
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        title = f"A sound in place of {drum_name(pitch)}"
        path, _ = QFileDialog.getOpenFileName(self._roll, title, "", f"Sounds ({kinds})")
        if path:
            self.use(Path(path), pitch)

    def remove(self, pitch: int) -> None:
        """The kit plays the row again."""
        if self._busy():
            self._say(DRAFT_FIRST)
            return
        piece, number = self._roll.piece(), self._roll.track()
        if self._own(pitch) is not None:
            changed = track_edits.without_sound(piece, number, pitch)
            self._roll.replace_piece(changed, "Take a sound away")

    def open_menu(self, pitch: int, where: QPoint) -> None:
        """What can be done with a row."""
        menu = self._menu()
        key = shortcuts.keys_text("row_sound")
        menu.addAction(f"{ROW_SOUND}\t{key}").triggered.connect(lambda: self.choose(pitch))
        own = self._own(pitch)
        if own is not None:
            gone = menu.addAction(f"Take “{own.name}” away: {drum_name(pitch)} again")
            gone.triggered.connect(lambda: self.remove(pitch))
        menu.popup(where)

    def _own(self, pitch: int) -> RowSound | None:
        """The sound that a row of the track in hand has already."""
        return self._roll.piece().tracks[self._roll.track()].sound_of(pitch)

    def _by_key(self, pitch: int) -> None:
        """A row without a sound is given one; of another the menu opens, to take it away, too."""
        if self._own(pitch) is None:
            self.choose(pitch)
            return
        side, view = self._roll.side, self._roll.canvas.view
        self.open_menu(pitch, side.mapToGlobal(QPoint(side.width(), round(float(view.y(pitch))))))

    def ask_row(self) -> None:
        """A sound was offered by another panel: ask which row it is for."""
        path = self._state.take_offered()
        if path is not None:
            self._ask_row(path)

    def _dropped(self, pitch: int, path: str) -> None:
        """Over a row of drums, or over other tracks: then the row is asked for."""
        if not Path(path).is_file():
            self._say(GONE.format(Path(path).name))
        elif pitch >= 0:
            self.use(Path(path), pitch)
        else:
            self._ask_row(Path(path))

    def _ask_row(self, path: Path) -> None:
        if self._busy():
            self._say(DRAFT_FIRST)
            return
        if not self._drums_in_hand():
            self._say(FULL)
            return
        menu = self._menu()
        menu.addAction(f"Play “{self._state.called(path)}” in place of").setEnabled(False)
        for pitch in reversed(self._roll.model.ladder().tolist()):
            entry = menu.addAction(drum_name(int(pitch)))
            entry.triggered.connect(lambda _on=False, row=int(pitch): self.use(path, row))
        side = self._roll.side
        menu.popup(side.mapToGlobal(QPoint(side.width(), 0)))

    def _drums_in_hand(self) -> bool:
        """A drum track is chosen, a new one if need be; False where there is no room for one."""
        piece = self._roll.piece()
        number = track_edits.drums_of(piece, self._roll.track())
        if number is None:
            if not track_edits.can_add(piece):
                return False
            number = len(piece.tracks)
            piece = track_edits.played_by(track_edits.added(piece), number, instruments.DRUMS)
            self._roll.replace_piece(piece, "Add a track")
        self._roll.set_track(number)
        return True

    def _take(self, taken: Taken) -> None:
        """It lies beside the piece: one step of undo puts it into its row."""
        piece, number = self._roll.piece(), taken.track
        if taken.piece != self._pieces.current.id or number >= len(piece.tracks):
            return
        if self._busy() or not piece.tracks[number].drums:
            return
        changed = track_edits.with_sound(piece, number, taken.sound)
        self._roll.replace_piece(changed, "Use a sound")
        self._roll.heard.emit(taken.sound.pitch, 100, number)
        self._say(f"{taken.sound.name} plays {drum_name(taken.sound.pitch)} now")

    def _menu(self) -> QMenu:
        """One at a time; it goes when it is closed."""
        menu = QMenu(self._roll)
        menu.aboutToHide.connect(menu.deleteLater)
        self.menu = menu
        return menu
