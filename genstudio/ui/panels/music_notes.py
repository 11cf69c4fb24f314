"""What the model thinks of single notes: colours, the chosen one's alternatives, branching."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from genstudio.media.notes import Piece
from genstudio.ui.state.music_asking import Question, fills, region_of
from genstudio.ui.state.music_drafts import Chance, Place
from genstudio.ui.state.music_state import MusicState
from genstudio.ui.widgets.buttons import Pill
from genstudio.ui.widgets.note_strip import NoteStrip
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.roll_names import drum_name, pitch_name

BRANCH = "press one to branch from here"
INSTEAD = "press one to take it instead"
UNKNOWN = "This model was not asked about this note yet: “How likely” asks it"
LEAST_BARS = 2
"""So many bars are made anew behind a note that was chosen otherwise, where none are marked."""


class MusicNotes(QObject):
    """Binds the roll, the strip below it and the pill "How likely". `branch_wanted(question)`:
    another pitch was chosen, what follows is to be made anew."""

    branch_wanted = Signal(object)

    def __init__(
        self, roll: PianoRoll, strip: NoteStrip, likely: Pill, state: MusicState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._roll, self._strip, self._likely, self._state = roll, strip, likely, state
        self.chances: dict[Place, Chance] = {}
        self._place: Place | None = None
        roll.note_clicked.connect(self.show_note)
        roll.changed.connect(lambda _piece, _what: self.refresh())
        roll.model.reset.connect(self._leave)
        roll.coloured_changed.connect(self._on_coloured)
        likely.toggled.connect(self._toggle)
        strip.taken.connect(self.take)
        state.scores.scored.connect(self._take_scores)
        state.ask.model_changed.connect(self._show_able)
        self._show_able()

    # ---- colours

    def open(self) -> None:
        """Another piece: nothing is known of it."""
        self.chances, self._place = {}, None
        self._state.scores.forget()  # an answer still on its way is about the piece before
        self.refresh()

    def learn(self, chances: dict[Place, Chance]) -> None:
        """More is known of some notes."""
        self.chances = self.chances | chances
        self.refresh()

    def refresh(self) -> None:
        """Colours and strip as far as something is known."""
        notes = self._roll.piece().notes
        found = [self.chances.get((n[0], n[2], n[4])) for n in notes.tolist()]
        p = np.array([one.p if one is not None else np.nan for one in found], np.float64)
        if len(p) and not np.isnan(p).all():
            self._roll.set_chances(p)
        self._show()

    def _show_able(self) -> None:
        self._likely.setEnabled(self._state.scores.able)

    def _toggle(self, on: bool) -> None:
        self._roll.set_coloured(on)
        if on and not self._known():
            self._state.scores.ask(self._roll.piece())

    def _on_coloured(self, on: bool) -> None:
        if on != self._likely.isChecked():
            self._likely.setChecked(on)

    def _known(self) -> bool:
        """Whether each note was asked about."""
        notes = self._roll.piece().notes.tolist()
        return all((n[0], n[2], n[4]) in self.chances for n in notes)

    def _take_scores(self, chances: dict[Place, Chance]) -> None:
        self.chances = dict(chances)
        self.refresh()

    # ---- the chosen note

    def show_note(self, index: int) -> None:
        """The note that was pressed."""
        notes = self._roll.piece().notes
        if 0 <= index < len(notes):
            row = notes[index].item()
            self._place = (row[0], row[2], row[4])
            self._show()

    def _show(self) -> None:
        """Its chance and the others, where they are known."""
        place = self._place
        if place is None or not self._there(place):
            self._place = None
            self._strip.clear()
            self._strip.hide()
            return
        self._strip.show()
        chance = self.chances.get(place)
        if chance is None:
            self._strip.show_words(f"{self._name(place[1], place[2])} · {UNKNOWN}")
            return
        others = [(pitch, self._name(pitch, place[2]), p) for pitch, p in chance.top]
        hint = BRANCH if self._filling() else INSTEAD
        name = self._name(place[1], place[2])
        self._strip.show_note(name, place[1], chance.p, others, hint)

    def _leave(self) -> None:
        """Other notes stand in the roll, such as a draft with tracks of its own."""
        self._place = None
        self._show()

    def _there(self, place: Place) -> bool:
        notes = self._roll.piece().notes
        same = (notes["start"] == place[0]) & (notes["pitch"] == place[1])
        return bool((same & (notes["track"] == place[2])).any())

    def _name(self, pitch: int, track: int) -> str:
        tracks = self._roll.piece().tracks
        drums = track < len(tracks) and tracks[track].drums
        return drum_name(pitch) if drums else pitch_name(pitch)

    def _filling(self) -> str:
        """Name of the task that makes a place anew, "" where the model has none."""
        return next((task.name for task in self._state.tasks if fills(task)), "")

    # ---- branching

    def take(self, pitch: int) -> None:
        """Another pitch for the note; what follows it in its track is made anew to fit."""
        place = self._place
        if place is None or not self._there(place):
            return
        piece = with_pitch(self._roll.piece(), place, pitch)
        self._roll.replace_piece(piece, "Another pitch")
        self._place = (place[0], pitch, place[2])
        self._show()
        if self._filling():
            self.branch_wanted.emit(self._question(piece, self._place))

    def _question(self, piece: Piece, place: Place) -> Question:
        """The bars from the note on: the marked ones, else a few; all up to the note stays."""
        marked = self._roll.region()
        bars = piece.bars()
        here = int(np.searchsorted(bars, place[0], "right")) - 1
        end = int(bars[min(here + LEAST_BARS, len(bars) - 1)])
        tracks = (place[2],)
        if marked is not None and marked[0] <= place[0] < marked[1]:
            end = marked[1]
            tracks = tuple(sorted(marked[2])) or tuple(range(len(piece.tracks)))
        locked = self._state.pieces.locked_tracks() - {place[2]}
        region = region_of(piece, int(bars[here]), end, tracks, locked)
        before = {
            (row[0], row[2], row[4])
            for row in piece.notes.tolist()
            if region.holds(row[0], row[4]) and row[0] <= place[0]
        }
        return Question(piece, region, self._state.pieces.locks | before)


def with_pitch(piece: Piece, place: Place, pitch: int) -> Piece:
    """`piece` with another pitch for the note at `place`."""
    notes = piece.notes.copy()
    same = (notes["start"] == place[0]) & (notes["pitch"] == place[1])
    notes["pitch"][same & (notes["track"] == place[2])] = pitch
    return piece.replaced(notes=notes)
