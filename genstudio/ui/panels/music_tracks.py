"""The tracks of the open piece: their list at the left, the roll and the ear follow it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from genstudio.core.piece_file import KeptTrack
from genstudio.media.notes import Piece
from genstudio.ui.state import track_edits
from genstudio.ui.state.piece_state import PieceState
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.track_list import LOCK, TrackLine, TrackList

REMOVE = "Remove a track"


class MusicTracks(QObject):
    """Binds TrackList, PianoRoll and PieceState. `heard_changed`: others are muted or solo."""

    heard_changed = Signal()
    chosen = Signal(int)

    def __init__(
        self, tracks: TrackList, add: Button, roll: PianoRoll, pieces: PieceState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._list, self._add, self._roll, self._pieces = tracks, add, roll, pieces
        self.plain = False
        """Whether the roll shows a draft of its own: how the open piece is heard does not count."""
        self._gone: list[tuple[int, KeptTrack]] = []
        self._back: list[int] = []
        """Removed tracks, and those that came back, in the order of the steps of undo."""
        tracks.chosen.connect(roll.set_track)
        tracks.switched.connect(self._switch)
        tracks.renamed.connect(self._rename)
        tracks.program_chosen.connect(self._play_by)
        tracks.remove_wanted.connect(self._remove)
        add.clicked.connect(self.add)
        roll.track_changed.connect(self._on_track)
        roll.changed.connect(self._follow)
        pieces.tracks_changed.connect(self.show)

    @property
    def current(self) -> int:
        """The chosen track."""
        return min(self._roll.track(), len(self._roll.piece().tracks) - 1)

    def name(self, number: int) -> str:
        """What a track is called."""
        return track_edits.track_name(self._roll.piece(), number)

    def show(self) -> None:
        """The list, and in the roll what is locked and what is quiet."""
        piece, pieces = self._roll.piece(), self._pieces
        count = len(piece.tracks)
        kept = [KeptTrack() if self.plain else pieces.track(number) for number in range(count)]
        lines = [_line(piece, number, one) for number, one in enumerate(kept)]
        self._list.set_tracks(lines, self.current)
        self._list.setEnabled(not self.plain)
        self._add.setEnabled(track_edits.can_add(piece) and not self.plain)
        self._roll.set_locked_tracks(() if self.plain else pieces.locked_tracks())
        self._roll.set_quiet_tracks(() if self.plain else pieces.silent_tracks(count))

    def add(self) -> None:
        """One more track, chosen."""
        piece = track_edits.added(self._roll.piece())
        self._roll.replace_piece(piece, "Add a track")
        self._roll.set_track(len(piece.tracks) - 1)

    def _on_track(self, number: int) -> None:
        self.show()
        self.chosen.emit(number)

    def _switch(self, number: int, what: str, on: bool) -> None:
        self._pieces.set_track(number, **{what: on})
        if what != LOCK:
            self.heard_changed.emit()

    def _rename(self, number: int, name: str) -> None:
        piece = self._roll.piece()
        if name != piece.tracks[number].name:
            self._roll.replace_piece(track_edits.renamed(piece, number, name), "Rename a track")

    def _play_by(self, number: int, program: int) -> None:
        piece = track_edits.played_by(self._roll.piece(), number, program)
        self._roll.replace_piece(piece, "Another instrument")

    def _remove(self, number: int) -> None:
        self._gone.append((number, self._pieces.track(number)))
        self._back = []
        self._pieces.remove_track(number)
        piece = track_edits.removed(self._roll.piece(), number)
        self._roll.replace_piece(piece, REMOVE)

    def _follow(self, _piece: Piece, what: str) -> None:
        """The roll changed; a track that comes back, or goes again, has its mute, solo and lock."""
        kept = list(self._pieces.tracks)
        if what == f"Undo: {REMOVE}" and self._gone:
            number, track = self._gone.pop()
            kept += [KeptTrack()] * (number - len(kept))
            kept.insert(number, track)
            self._back.append(number)
        elif what == REMOVE and self._back:
            number = self._back.pop()
            self._gone.append((number, self._pieces.track(number)))
            del kept[number : number + 1]
        self._pieces.set_tracks(tuple(kept))
        self.show()
        if what.endswith(REMOVE):
            self.heard_changed.emit()


def _line(piece: Piece, number: int, kept: KeptTrack) -> TrackLine:
    track = piece.tracks[number]
    return TrackLine(
        track_edits.track_name(piece, number),
        track.program,
        track.drums,
        kept.muted,
        kept.solo,
        kept.locked,
    )
