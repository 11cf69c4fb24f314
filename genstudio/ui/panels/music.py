"""The Music panel: a piano roll in which a model composes along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from genstudio.core.errors import BadInput
from genstudio.core.piece_file import PieceFile
from genstudio.media.notes import Piece
from genstudio.studio.pieces import starter_path, to_piece
from genstudio.ui import shortcuts
from genstudio.ui.panels.music_ask import MusicAsk
from genstudio.ui.panels.music_drafting import MusicDrafting
from genstudio.ui.panels.music_export import MusicExport
from genstudio.ui.panels.music_notes import MusicNotes
from genstudio.ui.panels.music_page import MusicPage
from genstudio.ui.panels.music_playing import MusicPlaying
from genstudio.ui.panels.music_sounds import MusicSounds
from genstudio.ui.panels.music_tracks import MusicTracks
from genstudio.ui.panels.naming_sheet import NamingSheet
from genstudio.ui.panels.text_side import DOCUMENTS, Side
from genstudio.ui.panels.works_page import WorksPage
from genstudio.ui.state.midi_out import part_of
from genstudio.ui.state.music_asking import Question, fills, region_of, verb
from genstudio.ui.state.music_opening import SUFFIXES
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.state.words import several
from genstudio.ui.widgets.buttons import Button, Pill
from genstudio.ui.widgets.drag_pill import DragPill
from genstudio.ui.widgets.keys_stay import keys_stay_with
from genstudio.ui.widgets.panel_frame import Panel

SUGGEST = "Title and description…"
LEAST_TITLE, BAR_GAPS = 80, 80
DRAG = (
    "Drag it into another program: the selected notes, or all of the piece, as a MIDI file.\n"
    "A press copies the file."
)


class MusicPanel(Panel):
    """Binds asking side, page, sound and side to the MusicState."""

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__("Music", "", parent)
        self._all, self._state = state, state.music
        pieces = state.music.pieces
        self.asking = MusicAsk(self.ask, state.music, state.fast, self)
        self.page, self.side = MusicPage(), Side()
        self.pieces = WorksPage(pieces, "piece", _facts)
        self.side.add(DOCUMENTS, "Pieces", self.pieces)
        self.open_pieces = Pill("Pieces", icon="folder")
        self.likely = Pill("How likely")
        self.export = Pill("Export…", checkable=False, icon="export")
        self.out = DragPill("Drag MIDI", icon="external")
        roll = self.page.roll
        self.tracks = MusicTracks(self.asking.tracks, self.asking.add_track, roll, pieces, self)
        self.drafting = MusicDrafting(roll, self.page.cards, state.music, self)
        self.notes = MusicNotes(roll, self.page.strip, self.likely, state.music, self)
        self.playing = MusicPlaying(self.page.above, roll, state, self)
        self.sounds = MusicSounds(
            roll, pieces, state.row_sounds, lambda: self.drafting.apart,
            lambda words: state.said.emit(words, "", None), self,
        )  # fmt: skip
        self.sheet = MusicExport(state.music_export, self._saved, self._marked, self.answer)
        self.naming = NamingSheet(state.music.naming, pieces, self.content, self.answer)
        self.suggest = Button("", "wand", "quiet")
        self._place_later = QTimer(self)
        self._place_later.setSingleShot(True)
        self._place_later.timeout.connect(self._show_view)
        self._build()
        self._connect()
        self._open(pieces.current)
        if state.music.drafts:
            self.drafting.begin()
            self._show_drafts()

    def _build(self) -> None:
        self.likely.setToolTip("Colour the notes by how likely the model finds them")
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.page, 1)
        row.addWidget(self.side)
        self.answer.set_content(whole)
        self.suggest.setAccessibleName(SUGGEST)
        self.suggest.setToolTip(SUGGEST)
        self.answer.left.addWidget(self.suggest)
        self.answer.left.addWidget(self.open_pieces)
        self.answer.right.addWidget(self.page.drafts)
        self.answer.right.addWidget(self.likely)
        self.answer.right.addWidget(self.out)
        self.answer.right.addWidget(self.export)

    def _connect(self) -> None:
        state, pieces, roll = self._state, self._state.pieces, self.page.roll
        shortcuts.bind(self, "generate", self.write, window=True)
        shortcuts.bind(self, "export", self.sheet.open_for)
        shortcuts.bind(self, "draft_next", lambda: state.step(1))
        shortcuts.bind(self, "draft_before", lambda: state.step(-1))
        shortcuts.bind(self, "draft_keep", self.keep)
        self.asking.write_wanted.connect(self.write)
        self.asking.stop_wanted.connect(state.stop)
        self.open_pieces.toggled.connect(lambda _on: self._toggle_pieces())
        self.export.clicked.connect(self.sheet.open_for)
        self.suggest.clicked.connect(self._toggle_naming)
        self.out.setToolTip(DRAG)
        self.out.wanted.connect(self._make_midi)
        self.out.copied.connect(lambda path: self._all.said.emit(f"Copied {path.name}", "", None))
        self._all.midi_out.ready.connect(self.out.give)
        self._all.midi_out.problem.connect(lambda _problem: self.out.forget())
        self.side.turned.connect(lambda key: self.open_pieces.setChecked(key == DOCUMENTS))
        self.page.keep.clicked.connect(self.keep)
        self.page.drop.clicked.connect(self.drafting.drop)
        self.page.back.clicked.connect(lambda: state.step(-1))
        self.page.forth.clicked.connect(lambda: state.step(1))
        self.page.begin.file_wanted.connect(self._choose_file)
        self.page.begin.starter_wanted.connect(pieces.open_starter)
        roll.changed.connect(self._on_edit)
        roll.region_changed.connect(lambda *_place: self._show_verb())
        roll.seek.connect(lambda _tick: self._note_view())
        roll.canvas.horizontalScrollBar().valueChanged.connect(lambda _value: self._note_view())
        self.tracks.chosen.connect(lambda _number: self._show_verb())
        self.tracks.heard_changed.connect(lambda: self.playing.follow_mix())
        self.drafting.shown.connect(self._on_shown)
        self.drafting.finished.connect(self._show_drafts)
        self.notes.branch_wanted.connect(self._branch)
        pieces.bind(self.content)
        pieces.leaving.connect(self.drafting.drop)
        pieces.opened.connect(self._open)
        pieces.renamed.connect(self._show_title)
        pieces.tracks_changed.connect(self._show_verb)
        state.begun.connect(self._show_drafts)
        state.chosen_changed.connect(lambda _index: self._show_drafts())
        state.draft_changed.connect(lambda _index: self._show_drafts())
        state.running_changed.connect(self._show_drafts)
        state.ask.model_changed.connect(self._show_verb)
        state.ask.task_changed.connect(self._show_verb)
        state.ask.edited.connect(lambda _name: self._show_verb())
        self._all.closing.connect(self._close)
        keys_stay_with(roll, self._beside())

    def _beside(self) -> Iterator[Button]:
        """Buttons that one presses while working in the roll."""
        page, asking = self.page, self.asking
        yield from (page.keep, page.drop, page.back, page.forth)
        yield from (page.begin.open, page.begin.starter, *self.playing.bar.buttons())
        yield from (asking.add_track, asking.generate, asking.stop)
        yield from (self.likely, self.out, self.open_pieces)

    # ---- what the window calls

    def activated(self) -> None:
        """Shown: keys go to the roll."""
        self.playing.ready()
        if not self.asking.cards.hasFocus():
            self.page.roll.setFocus()
        QTimer.singleShot(0, self, self.sounds.ask_row)  # laid out by then

    def cancel(self) -> bool:
        """Esc: stop composing, then leave the sheet, drop the drafts, stop the sound."""
        if self._state.stop():
            return True
        for sheet in (self.sheet, self.naming):
            if sheet.isVisible():
                sheet.close_sheet()
                return True
        return self.drafting.drop() or self.playing.pause()

    def save_session(self) -> None:
        """Keep what stands in the roll."""
        self._note_view()
        if self.naming.isVisible():
            self.naming.keep()
        self._state.pieces.save()

    def _close(self) -> None:
        self.save_session()
        self.drafting.close()
        self.playing.close()

    # ---- asking

    def write(self) -> bool:
        """What the button says."""
        if self._state.running or self._state.task is None:
            return False
        if self.drafting.standing:
            self._decide()
        self._state.pieces.save()
        return self._state.compose(self._question())

    def _decide(self) -> None:
        """Keep the draft in sight; the marked bars, which the button named, stay marked."""
        roll, task = self.page.roll, self._state.task
        marked = None if self.drafting.apart else roll.region()
        if not self.keep():
            self.drafting.drop()
        if marked is not None and task is not None and fills(task):
            roll.set_region(*marked)

    def keep(self) -> bool:
        """The draft in sight becomes the piece."""
        chances = dict(self._state.draft.chances) if self._state.draft is not None else {}
        if not self.drafting.keep():
            return False
        self.notes.learn(chances)
        return True

    def _branch(self, question: Question) -> None:
        filling = next((task.name for task in self._state.tasks if fills(task)), "")
        if not self._state.running and filling:
            self._state.compose(question, filling)

    def _question(self) -> Question:
        roll, pieces = self.page.roll, self._state.pieces
        piece = roll.piece()
        first, end, tracks = roll.region() or (0, 0, frozenset())
        asked = tracks or range(len(piece.tracks))
        locked = pieces.locked_tracks()
        region = region_of(piece, first, end, asked, locked)
        return Question(piece, region, pieces.locks, self.tracks.current, locked)

    def _show_verb(self) -> None:
        state, task = self._state, self._state.task
        if task is None:
            self.asking.set_verb("Compose")
            return
        question = self._question()
        melody = self.tracks.name(self.tracks.current)
        self.asking.set_verb(verb(task, state.ask.values, question.region, melody))

    # ---- drafts

    def _on_shown(self, piece: Piece) -> None:
        """Another piece is to be heard: a draft that grows, or the open piece again."""
        apart = self.drafting.apart
        if apart != self.tracks.plain:
            self.playing.follow_mix(plain=apart)
        if apart or apart != self.tracks.plain:
            self.tracks.plain = apart
            self.tracks.show()
            self._show_title()
        self.playing.set_piece(piece)
        self.page.set_ready(self._ready())

    def _ready(self) -> bool:
        """Whether the draft in sight has something to be kept."""
        draft = self._state.draft
        return draft is not None and not draft.empty

    def _show_drafts(self) -> None:
        state = self._state
        draft, request = state.draft, state.request
        self.page.show_drafts(len(state.drafts), state.chosen, self._ready())
        self.page.hint.setText(self._keys() if draft is not None else "")
        facts = [state.title, f"seed {request.seed}"] if draft and request else []
        self.page.facts.setText(" · ".join(facts))
        self.tracks.show()
        self._show_title()
        self._show_begin()
        self._show_verb()

    def _keys(self) -> str:
        if self._state.running:
            return "Esc stops"
        kept, onward = (shortcuts.keys_text(name) for name in ("draft_keep", "draft_next"))
        words = f"{kept} keeps it · Esc drops it"
        return f"{words} · {onward} next draft" if len(self._state.drafts) > 1 else words

    # ---- pieces

    def content(self) -> Piece | None:
        """The piece in the roll; None while a draft stands there in its place."""
        return None if self.drafting.apart else self.page.roll.piece()

    def _open(self, kept: PieceFile) -> None:
        roll = self.page.roll
        try:
            piece = to_piece(kept)
        except BadInput as error:
            self._all.problem.emit(error.problem)
            return
        roll.set_piece(piece)
        roll.set_track(int(min(piece.notes["track"], default=0)))  # an empty one shows nothing
        roll.set_locked(kept.locks)
        if self._state.pieces.is_starter:
            bars = piece.bars()  # it shows what marked bars are for
            first, end = (int(bars[min(bar, len(bars) - 1)]) for bar in (2, 4))
            roll.set_region(first, end)
        self.notes.open()
        self.tracks.show()
        self.playing.set_piece(piece)
        self.playing.follow_mix()
        self._show_title()
        self._show_begin()
        self._show_verb()
        self._place_later.start(0)

    def _on_edit(self, piece: Piece, _what: str) -> None:
        if self.drafting.apart:
            self.playing.set_piece(self.drafting.piece())
            return
        pieces = self._state.pieces
        pieces.set_locks(frozenset(self.page.roll.locked()))
        pieces.touch()
        self.playing.set_piece(self.drafting.piece())
        self._show_begin()
        self._show_verb()

    def _show_begin(self) -> None:
        empty = not len(self.page.roll.piece().notes) and not self.drafting.standing
        self.page.show_begin(empty, starter_path().is_file())

    def _choose_file(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        path, _ = QFileDialog.getOpenFileName(self, "Open music", "", f"Music ({kinds})")
        if path:
            self._state.opening.open(Path(path))

    def _make_midi(self) -> None:
        """The selected notes, else all of the roll, as a file to be dragged out."""
        roll = self.page.roll
        if not len(roll.piece().notes):
            self.out.forget()
            self._all.said.emit("There are no notes yet", "", None)
            return
        part = part_of(roll.piece(), roll.selected())
        self._all.midi_out.make(part, self._saved(), self._all.music_export.level)

    def _saved(self) -> PieceFile:
        """The open piece with what stands in the roll now."""
        return self._state.pieces.saved_now()

    def _marked(self) -> tuple[int, int] | None:
        place = self.page.roll.region()
        return (place[0], place[1]) if place is not None else None

    def _show_view(self) -> None:
        """Where somebody was when they left it."""
        tick, scroll = self._state.pieces.view
        self.playing.go_to(tick)
        self.page.roll.canvas.horizontalScrollBar().setValue(scroll)

    def _note_view(self) -> None:
        if not self._place_later.isActive() and not self.drafting.apart:
            scroll = self.page.roll.canvas.horizontalScrollBar().value()
            self._state.pieces.look(self.playing.tick(), scroll)

    def _show_title(self) -> None:
        """The title, shortened to the room that the rest of the bar leaves."""
        alone = self.drafting.apart and self._state.whole
        whole = "New piece" if alone else self._state.pieces.current.title
        title = self.answer.title
        sides = (self.answer.left, self.answer.right)
        for side in sides:
            side.invalidate()  # what was hidden just now still counts in a size that was kept
        taken = sum(side.sizeHint().width() for side in sides)
        room = max(LEAST_TITLE, self.answer.width() - taken - BAR_GAPS)
        title.setText(title.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room))
        title.setToolTip(whole)
        title.setAccessibleName(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for more of the title."""
        super().resizeEvent(event)
        self._show_title()
        for sheet in (self.sheet, self.naming):
            if sheet.isVisible():
                sheet.place()

    def _toggle_naming(self) -> None:
        if self.naming.isVisible():
            self.naming.close_sheet()
        else:
            self.sheet.hide()
            self.naming.open_for()

    def _toggle_pieces(self) -> None:
        if self.open_pieces.isChecked() != (self.side.page() == DOCUMENTS):
            self.side.toggle(DOCUMENTS)


def _facts(head: object) -> str:
    return several(head.notes, "note")  # type: ignore[attr-defined]
