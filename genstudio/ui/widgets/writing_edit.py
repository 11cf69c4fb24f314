"""The editor of a text that people and models write together.

What a model is writing is a draft: it stands in the text, streams in, can be exchanged for
another one, and becomes text when it is accepted; one undo takes all of it back.
Places are Qt's positions (UTF-16 units); `content` and `set_content` count characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.theme import font
from genstudio.ui.widgets.known_text import KnownText
from genstudio.ui.widgets.marks import Mark, Marks
from genstudio.ui.widgets.passages import Passages, Span, written_by
from genstudio.ui.widgets.text_loading import Loading
from genstudio.ui.widgets.text_places import common, in_characters, in_units, parted, units
from genstudio.ui.widgets.writing_layout import WritingLayout

MEASURE = 720
"""Widest line in pixels: longer ones are hard to read."""
LETTERS = 16
LEAST_MARGIN = 24
GHOST = "ghost"
_KEEP = QTextCursor.MoveMode.KeepAnchor
_Keys = Qt.Key
_STEPS = {_Keys.Key_Down: 1, _Keys.Key_Right: 1, _Keys.Key_Up: -1, _Keys.Key_Left: -1}
_EMOJI = "\ufe0f\u20e3\u200d"
"""What makes an emoji of a plain sign, or joins two."""
_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


@dataclass
class _Draft:
    """Where a draft stands. `touched`: the document was changed for it."""

    start: int
    end: int
    passage: int
    was: tuple[int, int]
    touched: bool = False


class WritingEdit(QPlainTextEdit):
    """`edited`: the text is another (drafts on their way do not count). `accepted(passage, start,
    end)` and `dropped(passage)` end a draft, by key or by call; `step_wanted(-1 | 1)` asks for
    another draft.
    """

    edited = Signal()
    accepted = Signal(int, int, int)
    dropped = Signal(int)
    step_wanted = Signal(int)
    loaded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("writing")
        self.setAccessibleName("Text")
        self.setFont(font(LETTERS))
        self.setProperty("ring", "caret")  # the caret shows where the focus is
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout = WritingLayout(self.document())
        self.document().setDocumentLayout(self._layout)
        self.passages = Passages(self.document())
        self.marks = Marks(self)
        self._draft: _Draft | None = None
        self._own = False
        self._known = KnownText(self.document())
        self._loading = Loading(self, self.passages)
        self._loading.done.connect(self.loaded)
        self.several = False
        """Whether arrow keys choose between drafts."""
        self.document().contentsChange.connect(self._on_change)

    # ---- the whole text

    def text(self) -> str:
        """All that stands there, drafts too."""
        return self._known.text() + self._loading.rest()

    def length(self) -> int:
        """Qt's length of the text."""
        return self.document().characterCount() - 1

    def content(self) -> tuple[str, list[Span]]:
        """The text and who wrote what, counted in characters."""
        text = self.text()
        spans = [*self.passages.spans(), *self._loading.spans()]
        return text, [(a, b, n) for (a, b, n) in in_characters(text, spans)]

    def set_content(self, text: str, spans: Sequence[Span] = ()) -> None:
        """Another document: nothing of the one before can be undone. Spans in characters.

        What is in sight stands there at once, the rest of a long text follows in idle moments.
        """
        self._draft = None
        self.marks.set(GHOST)
        self._own = True
        self._loading.begin(text, in_units(text, spans))
        self._own = False

    def replace_text(self, text: str, spans: Sequence[Span] | None = None) -> None:
        """The same document with other text, as one step that can be undone.

        Only what differs is touched. `spans` (in characters) say who wrote what in the new text;
        without them what is kept keeps its writers.
        """
        self.accept_draft()
        self._loading.finish()
        before = self.text()
        start, tail = common(before, text)
        cursor = self._selected(units(before[:start]), units(before[: len(before) - tail]))
        cursor.beginEditBlock()
        cursor.insertText(text[start : len(text) - tail], written_by(0))
        if spans is not None:
            self.passages.lay([(0, units(text), 0)], cursor)
            self.passages.lay(in_units(text, spans), cursor)
        cursor.endEditBlock()

    def insert_passage(self, start: int, end: int, text: str, passage: int) -> None:
        """Put what a model wrote in place of start … end, as one step that can be undone."""
        self.accept_draft()
        cursor = self._selected(start, end)
        cursor.insertText(text, written_by(passage))
        self.setTextCursor(cursor)

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The text before start and the text behind end, a draft between them or not."""
        return parted(self.text(), start, end)

    def is_loading(self) -> bool:
        """True while a long text is still being put in."""
        return self._loading.running()

    def selection(self) -> tuple[int, int]:
        """What is selected; twice the cursor's place where nothing is."""
        cursor = self.textCursor()
        return cursor.selectionStart(), cursor.selectionEnd()

    def words_selected(self) -> tuple[int, int]:
        """What is selected but for the blanks at its end, which part it from what comes behind:
        a double click or a hurried hand takes them along."""
        start, end = self.selection()
        text = self.textCursor().selectedText()
        return start, end - (len(text) - len(text.rstrip())) if text.strip() else end

    def select(self, start: int, end: int | None = None) -> None:
        """Put the cursor there, or select start … end."""
        self.setTextCursor(self._selected(start, start if end is None else end))

    def show_caret(self) -> None:
        """Scroll to the cursor, with its whole line in sight: Qt stops short of our room below."""
        self.ensureCursorVisible()
        if self.cursorRect().bottom() > self.viewport().rect().bottom():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + 1)

    # ---- drafts

    def draft(self) -> tuple[int, int] | None:
        """Where a draft stands that is neither accepted nor dropped."""
        return (self._draft.start, self._draft.end) if self._draft else None

    def begin_draft(self, start: int, end: int, passage: int) -> None:
        """A draft comes in place of start … end; a former one is accepted."""
        self.accept_draft()
        self._loading.finish()
        self._draft = _Draft(start, start, passage, (start, end))
        self.select(start)
        if end > start:
            self._write(start, end, "")

    def grow(self, text: str) -> None:
        """More text behind the draft."""
        draft = self._draft
        if draft is not None and text:
            self._write(draft.end, draft.end, text)

    def show_draft(self, text: str) -> None:
        """Another draft in the place of the one that stands there."""
        draft = self._draft
        if draft is not None and (text or draft.end > draft.start):
            self._write(draft.start, draft.end, text)

    def accept_draft(self) -> bool:
        """The draft is text from now on; False where there is none."""
        draft, self._draft = self._draft, None
        if draft is None:
            return False
        self.marks.set(GHOST)
        self.accepted.emit(draft.passage, draft.start, draft.end)
        self.edited.emit()
        return True

    def drop_draft(self) -> bool:
        """Everything is as it was before the draft; False where there is none."""
        draft, self._draft = self._draft, None
        if draft is None:
            return False
        self.marks.set(GHOST)
        if draft.touched:
            self._own = True
            self.undo()
            self._own = False
        self.select(*draft.was)
        self.dropped.emit(draft.passage)
        return True

    def _write(self, start: int, end: int, text: str) -> None:
        draft = self._draft
        assert draft is not None
        follow = self._in_sight(draft.end)
        cursor = self._selected(start, end)
        # The whole draft is one step of undo, whatever comes and goes in it.
        cursor.joinPreviousEditBlock() if draft.touched else cursor.beginEditBlock()
        self._own = True
        cursor.insertText(text, written_by(draft.passage))
        cursor.endEditBlock()
        self._own = False
        draft.touched, draft.end = True, cursor.position()
        self.marks.set(GHOST, [Mark(draft.start, draft.end, GHOST)])
        if follow:
            self.setTextCursor(cursor)
            self.show_caret()

    def _in_sight(self, place: int) -> bool:
        return self.viewport().rect().intersects(self.cursorRect(self._selected(place, place)))

    def _selected(self, start: int, end: int) -> QTextCursor:
        last = self.length()
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(end, last), _KEEP)
        return cursor

    def _on_change(self, _position: int, removed: int, added: int) -> None:
        if self._own or self._loading.running() or not (removed or added):
            return
        if self._draft is not None:
            self._settle()
        self.edited.emit()

    def _settle(self) -> None:
        """Somebody changed the text from a menu: what is left of the draft is text now."""
        assert self._draft is not None
        passage, self._draft = self._draft.passage, None
        self.marks.set(GHOST)
        found = [(a, b) for a, b, number in self.passages.spans() if number == passage]
        if found:
            self.accepted.emit(passage, found[0][0], found[-1][1])
        else:
            self.dropped.emit(passage)

    # ---- writing by hand: what is typed is the user's, also inside a passage

    def event(self, event: QEvent) -> bool:
        """Keys that generate are not for the text."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and _generates(event):
            event.ignore()
            return False
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab accepts a draft; without one it goes to the next field."""
        return False if self._draft is not None and forward else super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A draft is accepted, exchanged or dropped by key; writing on accepts it."""
        if self._draft is not None and self._on_draft_key(event):
            event.accept()
            return
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.key() == _Keys.Key_Backspace and self._erase_emoji():
            event.accept()
            return
        text = _typed(event)
        if text and not self.isReadOnly():
            self.accept_draft()
            cursor = self.textCursor()
            cursor.insertText(text, written_by(0))
            self.setTextCursor(cursor)
            self.show_caret()
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_draft_key(self, event: QKeyEvent) -> bool:
        key, plain = event.key(), not event.modifiers() & _MODIFIERS
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == _Keys.Key_Tab and plain:
            return self.accept_draft()
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.drop_draft()
        if key in _STEPS and plain and not shifted and self.several:
            self.step_wanted.emit(_STEPS[_Keys(key)])
            return True
        changes = (QKeySequence.StandardKey.Cut, QKeySequence.StandardKey.Paste)
        removes = key in (_Keys.Key_Backspace, _Keys.Key_Delete)
        if removes or any(event.matches(change) for change in changes):
            self.accept_draft()
        return False

    def _erase_emoji(self) -> bool:
        """Take away the whole emoji before the cursor: a flag or a family is one sign to the eye,
        and Qt would take its last character only. Of letters with accents that is as it should be.
        """
        cursor = self.textCursor()
        if cursor.hasSelection() or self.isReadOnly():
            return False
        cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, _KEEP)
        sign = cursor.selectedText()
        if len(sign) < 2 or not any(one > "\uffff" or one in _EMOJI for one in sign):
            return False
        cursor.removeSelectedText()
        self.setTextCursor(cursor)
        self.show_caret()
        return True

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted and dropped text is the user's."""
        if source.hasText():
            self.accept_draft()
            cursor = self.textCursor()
            cursor.insertText(source.text().replace("\r\n", "\n"), written_by(0))
            self.setTextCursor(cursor)
            self.show_caret()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """So is what an input method writes."""
        if event.commitString():
            self.accept_draft()
            cursor = self.textCursor()
            cursor.removeSelectedText()
            cursor.setCharFormat(written_by(0))
            self.setTextCursor(cursor)
        super().inputMethodEvent(event)

    # ---- the page

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide window gets wide margins, not long lines."""
        side = max(LEAST_MARGIN, (self.width() - MEASURE) // 2)
        self.setViewportMargins(side, 8, side, 8)
        super().resizeEvent(event)


def _typed(event: QKeyEvent) -> str:
    """The text that a key writes, "" for keys that do something else."""
    if event.key() in (_Keys.Key_Return, _Keys.Key_Enter):
        return "" if event.modifiers() & _MODIFIERS else "\n"
    text, held = event.text(), event.modifiers() & _MODIFIERS
    control = Qt.KeyboardModifier.ControlModifier
    alt_gr = control | Qt.KeyboardModifier.AltModifier
    if not text or (held & control and held != alt_gr):
        return ""
    # Joiners are no printable characters, but scripts and emoji are written with them.
    return text if text.isprintable() or unicodedata.category(text[0]) == "Cf" else ""


def _generates(event: QKeyEvent) -> bool:
    """Shift and Enter alone begin a line, as in every editor."""
    pressed = QKeySequence(event.keyCombination())
    table, names = shortcuts.shortcuts(), ("generate", "generate_next")
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    bound = any(QKeySequence(key) == pressed for name in names for key in table.keys(name))
    return bound and not plain
