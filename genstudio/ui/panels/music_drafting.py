"""Drafts in the roll: one drawn over the piece, all of them as cards, the best is kept."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.media.notes import Piece, notes_of
from genstudio.studio.pieces import mark_of
from genstudio.ui.state.music_drafts import Chance, MusicDraft, Place, Region
from genstudio.ui.state.music_state import MusicState
from genstudio.ui.state.words import several
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.piece_cards import PieceCard, PieceCards

DRAW_MS = 60
"""Notes that come are drawn so often; each drawing looks through all of them."""

Marked = tuple[int, int, frozenset[int]] | None
"""What is marked in the roll: first tick, end tick, tracks."""


class MusicDrafting(QObject):
    """`shown(piece)`: another piece is to be heard. `finished`: there are no drafts any more.

    A draft that changes the open piece is drawn over it; one that has tracks of its own (a new
    piece) stands in the roll by itself, and the open piece comes back when it is dropped.
    """

    shown = Signal(object)
    finished = Signal()

    def __init__(
        self, roll: PianoRoll, cards: PieceCards, state: MusicState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._roll, self._cards, self._state = roll, cards, state
        self.chances: dict[Place, Chance] = {}
        self._apart: Piece | None = None
        self._standing: Piece | None = None
        self._marked: Marked = None
        self._making: Marked = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DRAW_MS)
        self._later.timeout.connect(self._draw)
        cards.chosen.connect(state.choose)
        state.begun.connect(self.begin)
        state.grew.connect(self._on_growth)
        state.draft_changed.connect(lambda index: self._show_card(index))
        state.chosen_changed.connect(lambda _index: self.show())
        state.ended.connect(self._on_end)

    @property
    def standing(self) -> bool:
        """Whether a draft is in sight."""
        return bool(self._state.drafts)

    @property
    def apart(self) -> bool:
        """Whether the roll shows a draft that is a piece of its own."""
        return self._apart is not None

    def piece(self) -> Piece:
        """What is to be heard: the chosen draft, else the piece."""
        draft = self._state.draft
        if draft is None or draft.empty or (self.apart and draft.finished is not None):
            return self._roll.piece()
        return draft.piece

    def close(self) -> None:
        """Nothing is drawn any more."""
        self._later.stop()

    # ---- showing

    def begin(self) -> None:
        """Drafts were asked for."""
        self._marked = self._making = self._roll.region()
        question = self._state.question
        if question is not None and not self._state.whole:
            self._mark(question.region)
        self.show()

    def _mark(self, region: Region) -> None:
        """Show what is made anew."""
        self._roll.set_region(region.start, region.end, region.tracks)
        self._making = self._roll.region()

    def show(self) -> None:
        """The chosen draft in the roll, all of them as cards."""
        drafts = self._state.drafts
        self._cards.set_cards([self._card(draft) for draft in drafts], self._state.chosen)
        self._draw()

    def _on_growth(self, index: int) -> None:
        if index == self._state.chosen and not self._later.isActive():
            self._later.start()
        self._show_card(index)

    def _on_end(self) -> None:
        self._later.stop()
        drafts = self._state.drafts
        if drafts and all(draft.empty and not draft.artifact for draft in drafts):
            self._state.drop()
            self._leave()
            return
        self._draw()

    def _draw(self) -> None:
        """The chosen draft as it is now."""
        draft = self._state.draft
        if draft is None:
            return
        if self.apart or self._own_tracks(draft.base):
            self._show_apart(draft)
        else:
            if draft.place is not None:
                self._mark(draft.place)  # less than was asked: a melody that is harmonised stays
            self._roll.set_ghosts(draft.new_notes())
        self.shown.emit(self.piece())

    def _show_apart(self, draft: MusicDraft) -> None:
        """A draft with tracks of its own: it grows as ghosts, and is a piece once it is done."""
        if self._apart is None:
            self._apart = self._roll.piece()
        whole = draft.finished if draft.finished is not None else draft.base
        if self._standing is not whole:
            self._standing = whole
            self._roll.set_piece(whole)
        if draft.finished is None:
            self._roll.set_ghosts(draft.new_notes())
            for start, duration, pitch, _velocity, _track in draft.rows[-1:]:
                self._roll.canvas.reveal(start, start + duration, pitch)

    def _own_tracks(self, base: Piece) -> bool:
        open_piece = self._apart or self._roll.piece()
        return self._state.whole or base.tracks != open_piece.tracks or base.ppq != open_piece.ppq

    # ---- cards

    def _show_card(self, index: int) -> None:
        if index < len(self._state.drafts):
            self._cards.set_card(index, self._card(self._state.drafts[index]))

    def _card(self, draft: MusicDraft) -> PieceCard:
        told = {"waiting": "waits", "stopped": "stopped", "failed": "failed"}.get(draft.state, "")
        notes = draft.new_notes()
        facts = told or (several(len(notes), "note") if len(notes) else "")
        if draft.empty:
            return PieceCard(f"Draft {draft.index + 1}", facts)
        return PieceCard(f"Draft {draft.index + 1}", facts, draft.piece.notes, self._span(draft))

    def _span(self, draft: MusicDraft) -> tuple[int, int]:
        question = self._state.question
        if question is None or self._state.whole:
            return 0, max(1, draft.piece.length)
        region = question.region
        return region.start, max(region.end, region.start + 1)

    # ---- deciding

    def keep(self) -> bool:
        """The chosen draft becomes the piece, as a step that can be undone."""
        draft, whole = self._state.draft, self._state.whole
        if draft is None or draft.empty:
            return False
        self._later.stop()
        chances = dict(draft.chances)
        models = whole or self._of_models()
        kept = self._state.keep(None if self.apart else self._roll.piece())
        if kept is None:
            return False
        piece, made = kept
        pieces, alone = self._state.pieces, (mark_of(piece),) if models else ()
        if self.apart and draft.finished is not None:
            piece = self._roll.piece()  # it may have been edited where it stood
        before, self._apart, self._standing = self._apart, None, None
        self._roll.set_ghosts(notes_of(()))
        if before is not None:
            self._roll.set_piece(before)
        self.chances = chances if whole else self.chances | chances
        if whole and (before is None or len(before.notes)):
            pieces.new(piece, made=(made,), alone=alone)
        else:
            self._roll.replace_piece(piece, "Keep a draft")
            pieces.keep_made(made, alone)
        self._roll.clear_region()
        self._close()
        return True

    def _of_models(self) -> bool:
        """Whether what the draft changes has no note of a person: neither what the model was given,
        nor what it became since."""
        question, pieces = self._state.question, self._state.pieces
        given = question is not None and pieces.of_models(question.piece)
        return given and pieces.of_models(self._apart or self._roll.piece())

    def drop(self) -> bool:
        """None of the drafts is wanted; False where there are none."""
        if not self._state.drafts:
            return False
        self._state.drop()
        self._leave()
        return True

    def _leave(self) -> None:
        """The piece as it was before."""
        self._later.stop()
        self._roll.set_ghosts(notes_of(()))
        before, self._apart, self._standing = self._apart, None, None
        if before is not None:
            self._roll.set_piece(before)
        if self._roll.region() == self._making:  # nobody marked other bars meanwhile
            self._roll.model.set_region(self._marked)
        self._close()

    def _close(self) -> None:
        self._cards.set_cards([], -1)
        self.shown.emit(self._roll.piece())
        self.finished.emit()
