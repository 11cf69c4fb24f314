"""PieceState: the piece of music that is open, saved by itself, and the list of all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import GenStudioError
from genstudio.core.piece_file import MOST_MADE, KeptTrack, Lock, Made, PieceFile
from genstudio.media.notes import Piece
from genstudio.studio.pieces import mark_of, of_piece, starter, touched
from genstudio.ui.state.open_state import OpenState

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

Content = Piece
"""What is bound gives the piece that stands in the roll."""


class PieceState(OpenState):
    """Beside the notes it keeps how tracks are listened to, locks, and what models made.

    `tracks_changed`: another mute, solo or lock of a track; `locks_changed`: other locked notes.
    """

    tracks_changed = Signal()
    locks_changed = Signal()

    THING = "The piece"
    current: PieceFile

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(studio.pieces, parent)
        self.locks: frozenset[Lock] = frozenset()
        self.made: tuple[Made, ...] = ()
        self.alone: tuple[str, ...] = ()
        self._starter = ""
        self.tracks: tuple[KeptTrack, ...] = self.current.tracks

    # ---- another piece

    def new(
        self,
        piece: Piece | None = None,
        title: str = "",
        made: tuple[Made, ...] = (),
        alone: tuple[str, ...] = (),
    ) -> None:
        """Begin another piece; an empty one without a name is used again. `made` and `alone`: what
        models have to do with it, as in a PieceFile."""
        self._leave()
        if piece is None and not title and self._is_blank():
            self._show(self.current)
            return
        fresh = self._shelf.new(title or (piece.title if piece is not None else ""))
        if piece is not None:
            fresh = of_piece(piece, fresh.model_copy(update={"made": made, "alone": alone}))
        self._show(fresh)
        if piece is not None:
            self.touch()

    def _is_blank(self) -> bool:
        return super()._is_blank() and not self.current.notes

    def _first(self) -> PieceFile:
        """A first start shows a piece that can be heard and changed."""
        found, fresh = starter(), self._shelf.new()
        if found is None:
            return fresh  # type: ignore[no-any-return]
        self._starter = fresh.id
        update = {"id": fresh.id, "created": fresh.created, "changed": fresh.changed}
        return found.model_copy(update=update)

    def open_starter(self) -> None:
        """Begin with the piece that came with the program."""
        self._leave()
        self._show(self._first())
        self.touch()

    def _taken(self, work: PieceFile) -> None:
        self.locks, self.made, self.tracks = frozenset(work.locks), work.made, work.tracks
        self.alone = work.alone

    # ---- saving

    def _updated(self, content: Piece) -> PieceFile:
        update = {"tracks": self.tracks, "locks": tuple(sorted(self.locks))}
        update |= {"made": self.made, "alone": self.alone}
        return touched(of_piece(content, self.current.model_copy(update=update)))

    @property
    def is_starter(self) -> bool:
        """Whether the piece that came with the program is open, and nobody touched it yet."""
        return self.current.id == self._starter and self.fresh

    @property
    def fresh(self) -> bool:
        """Whether nothing of the open piece was ever kept."""
        return not self._shelf.has(self.current.id)

    def saved_now(self) -> PieceFile:
        """The open piece with what stands in the panel, kept on the shelf."""
        self.save(force=self.fresh)
        return self.current

    # ---- words

    def tell(self, title: str, description: str, by: Made | None = None) -> bool:
        """Give the open piece a title and a description; False when it could not be kept."""
        self.save(force=True)
        try:
            self.current = self._shelf.tell(self.current.id, title, description, by)
        except GenStudioError as error:  # a draft stands there and nothing was ever kept
            self.problem.emit(error.problem)
            return False
        self.renamed.emit()
        self.refresh()
        return True

    # ---- tracks and locks

    def track(self, number: int) -> KeptTrack:
        """How a track is listened to; a fresh one where none is known."""
        return self.tracks[number] if 0 <= number < len(self.tracks) else KeptTrack()

    def set_track(self, number: int, **changes: bool) -> None:
        """Mute, solo or lock a track."""
        known = list(self.tracks) + [KeptTrack()] * (number + 1 - len(self.tracks))
        known[number] = known[number].model_copy(update=changes)
        self.set_tracks(tuple(known))

    def set_tracks(self, tracks: tuple[KeptTrack, ...]) -> None:
        """How all of them are listened to; the locked notes are the roll's to tell."""
        if tracks != self.tracks:
            self.tracks = tracks
            self.tracks_changed.emit()
            self.touch()

    def remove_track(self, number: int) -> None:
        """The piece lost a track: those behind it move up."""
        self.tracks = (*self.tracks[:number], *self.tracks[number + 1 :])
        self.locks = frozenset(
            (start, pitch, track - (track > number))
            for start, pitch, track in self.locks
            if track != number
        )
        self.tracks_changed.emit()
        self.locks_changed.emit()
        self.touch()

    def locked_tracks(self) -> frozenset[int]:
        """Numbers of the tracks that models leave alone."""
        return frozenset(n for n, track in enumerate(self.tracks) if track.locked)

    def silent_tracks(self, count: int) -> frozenset[int]:
        """Numbers below `count` of the tracks that are not heard: muted, or others are solo."""
        solo = any(track.solo for track in self.tracks[:count])
        return frozenset(
            n for n in range(count) if self.track(n).muted or (solo and not self.track(n).solo)
        )

    def set_locks(self, locks: frozenset[Lock]) -> None:
        """Other notes must stay."""
        if locks != self.locks:
            self.locks = locks
            self.locks_changed.emit()
            self.touch()

    def of_models(self, piece: Piece) -> bool:
        """Whether models wrote every note of `piece`, which is the open one or was; one without
        notes has none of a person's."""
        return not len(piece.notes) or mark_of(piece) in self.alone

    def keep_made(self, made: Made, alone: tuple[str, ...] = ()) -> None:
        """Remember what a model made, and the mark of notes that models wrote `alone`; the oldest
        is forgotten where there is too much."""
        self.made = (*self.made, made)[-MOST_MADE:]
        self.alone = (*self.alone, *alone)[-MOST_MADE:]
        self.touch()
