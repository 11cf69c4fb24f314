"""The Text panel: an editor in which a model goes on where the cursor is."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.core.document import Document
from genstudio.ui import shortcuts
from genstudio.ui.panels.text_ask import TextAsk
from genstudio.ui.panels.text_inside import TextInside
from genstudio.ui.panels.text_page import TextPage
from genstudio.ui.panels.text_side import DOCUMENTS, DRAFTS, DocumentsPage, DraftsPage, Side
from genstudio.ui.state.beginnings import beginnings
from genstudio.ui.state.document_state import Content
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.buttons import Pill
from genstudio.ui.widgets.panel_frame import Panel

LEAST_TITLE, BAR_GAPS = 80, 80


class TextPanel(Panel):
    """Binds asking side, page and side to the WritingState.

    `page.edit` is the editor, `page.above` room for a bar over it, `side.add` one more page
    beside it, `answer.left` and `answer.right` are the two ends of the bar.
    """

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__("Text", "", parent)
        self._all, self._state = state, state.writing
        self.asking = TextAsk(self.ask, state.writing, state.fast, self)
        self.page, self.side = TextPage(state.writing), Side()
        self.drafts = DraftsPage(state.writing)
        self.documents = DocumentsPage(state.writing.documents)
        self.side.add(DRAFTS, "Drafts", self.drafts)
        self.side.add(DOCUMENTS, "Documents", self.documents)
        self.open_documents = Pill("Documents", icon="folder")
        self.authors = Pill("Who wrote what")
        self.authors.setToolTip("Tint what models wrote")
        self.answer.left.addWidget(self.open_documents)
        self.answer.right.addWidget(self.authors)
        self._going_on = False
        self._place_later = QTimer(self)
        self._place_later.setSingleShot(True)
        self._place_later.timeout.connect(self._show_view)
        self._build()
        self._connect()
        self.inside = TextInside(self, state)
        self._open(self._state.documents.current)
        state.versions.open(self._state.documents.current)
        self.inside.colours.fill()
        self._show_drafts()
        self.inside.colours.redraw_draft()

    def _build(self) -> None:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.page, 1)
        row.addWidget(self.side)
        self.answer.set_content(whole)

    def _connect(self) -> None:
        state, documents, edit = self._state, self._state.documents, self.page.edit
        shortcuts.bind(self, "generate", self.write, window=True)
        self.asking.write_wanted.connect(self.write)
        self.asking.stop_wanted.connect(state.stop)
        self.page.selection.wanted.connect(self._on_selection)
        self.page.begin.chosen.connect(self._begin_with)
        self.open_documents.toggled.connect(lambda _on: self._toggle_documents())
        self.authors.toggled.connect(self.page.show_written)
        self.side.turned.connect(self._on_side)
        edit.edited.connect(documents.touch)
        edit.edited.connect(self._place_later.stop)
        edit.selectionChanged.connect(self._show_verb)
        edit.cursorPositionChanged.connect(self._note_view)
        edit.verticalScrollBar().valueChanged.connect(lambda _value: self._note_view())
        edit.step_wanted.connect(state.step)
        edit.accepted.connect(lambda *_place: state.keep(edit.text()))
        edit.dropped.connect(lambda _passage: state.drop())
        edit.loaded.connect(lambda: self._place_later.start(0))
        documents.bind(self.content)
        documents.leaving.connect(edit.accept_draft)
        documents.opened.connect(self._open)
        documents.renamed.connect(self._show_title)
        state.begun.connect(self._begin)
        state.grew.connect(self._grow)
        state.void.connect(self._void)
        state.chosen_changed.connect(lambda _index: self._show_chosen())
        state.draft_changed.connect(lambda _index: self.page.show_facts())
        state.ended.connect(self._on_end)
        state.cleared.connect(self._on_clear)
        state.ask.model_changed.connect(self._show_model)
        state.ask.task_changed.connect(self._show_verb)
        self._all.closing.connect(self.save_session)
        self._show_model()

    # ---- what the window calls

    def activated(self) -> None:
        """Shown: one can write at once."""
        if not self.asking.cards.hasFocus():
            self.page.edit.setFocus()

    def cancel(self) -> bool:
        """Esc: stop writing, then drop the draft, then leave what is open beside the text."""
        if self._state.stop() or self.inside.cancel() or self.page.selection.dismiss():
            return True
        return self.page.edit.drop_draft()

    def save_session(self) -> None:
        """Keep what stands in the editor."""
        self._note_view()
        self._state.documents.save()

    # ---- asking

    def write(self) -> bool:
        """What the button says: go on at the cursor, or write the selection anew."""
        if self._state.running:
            return False
        self._going_on = True  # the page of drafts stays: closed and opened, all would be laid anew
        self.page.edit.accept_draft()
        self._going_on = False
        start, end = self.page.edit.words_selected()
        begun = self._write(start, end)
        if not begun:
            self._close_drafts()
        return begun

    def write_with(self, task: str) -> bool:
        """Write at the cursor, whatever task is chosen."""
        start, end = self.page.edit.selection()
        return self._write(start, end, task)

    def _write(self, start: int, end: int, task: str = "") -> bool:
        edit = self.page.edit
        self.page.selection.dismiss()
        self._state.documents.save()
        before, after = edit.around(start, end)
        return self._state.write(edit.text(), (start, end), before, after, task)

    def _on_selection(self, name: str) -> None:
        edit, fill, onward = self.page.edit, self._state.filling(), self._state.continuing()
        start, end = edit.selection() if name == "onward" else edit.words_selected()
        if name == "fill" and fill is not None:
            self._write(start, end, fill.name)
        elif onward is not None:
            self._write(end if name == "onward" else start, end, onward.name)

    def _begin_with(self, text: str) -> None:
        edit = self.page.edit
        edit.replace_text(text)
        edit.select(edit.length())
        edit.setFocus()
        self.write()

    def _show_model(self) -> None:
        self.page.begin.set_texts(beginnings(self._state.ask.model))
        self.page.show_begin()
        self._show_verb()

    def _show_verb(self) -> None:
        state, (start, end) = self._state, self.page.edit.selection()
        drafts = state.ask.values.get("count") if state.task else 1
        verb = "Fill" if state.fills else "Rewrite selection" if end > start else "Continue"
        if state.fills and end > start:
            verb = "Fill selection"
        more = isinstance(drafts, int) and drafts > 1
        self.asking.set_verb(f"{verb} · {drafts} drafts" if more else verb)
        able = set() if self.page.edit.draft() or not state.task else {"rewrite", "onward"}
        self.page.selection.set_able(able | ({"fill"} if able and state.filling() else set()))

    # ---- drafts

    def _begin(self) -> None:
        state, edit = self._state, self.page.edit
        edit.begin_draft(*state.place, state.passage)
        edit.setFocus()
        self._show_drafts()

    def _show_drafts(self) -> None:
        """The chosen draft in the text, the others beside it."""
        state, edit = self._state, self.page.edit
        several = len(state.drafts) > 1
        edit.several = several
        if state.drafts and edit.draft() is None:
            edit.begin_draft(*state.place, state.passage)
        self._show_chosen()
        if several:
            self.side.show_page(DRAFTS)
        elif self.side.page() == DRAFTS:
            self.side.close_page()
        self._show_verb()
        self.page.show_begin()

    def _show_chosen(self) -> None:
        draft = self._state.draft
        if draft is not None and draft.text:
            self.page.edit.show_draft(draft.text)
        elif draft is not None and self.page.edit.draft() is not None:
            self.page.edit.show_draft("")
        self.page.show_facts()

    def _grow(self, index: int, text: str) -> None:
        if index == self._state.chosen:
            self.page.edit.grow(text)

    def _void(self, index: int) -> None:
        if index == self._state.chosen:
            self.page.edit.show_draft("")

    def _on_end(self) -> None:
        state = self._state
        if state.drafts and not any(draft.text for draft in state.drafts):
            failed = any(draft.state == "failed" for draft in state.drafts)
            stopped = any(draft.state == "stopped" for draft in state.drafts)
            self.page.edit.drop_draft()
            if not failed and not stopped:
                state.said.emit(f"{state.title} finds that the text ends here", "", None)
        self.page.show_facts()

    def _on_clear(self) -> None:
        self.page.edit.several = False
        if not self._going_on:
            self._close_drafts()
        self._show_verb()
        self.page.show_facts()
        self.page.show_begin()

    def _close_drafts(self) -> None:
        if self.side.page() == DRAFTS:
            self.side.close_page()

    # ---- documents

    def content(self) -> Content | None:
        """The text and who wrote what; None while a draft stands in it."""
        return None if self.page.edit.draft() is not None else self.page.edit.content()

    def _open(self, document: Document) -> None:
        spans = [(piece.start, piece.end, piece.passage) for piece in document.pieces]
        self.page.edit.set_content(document.text, spans)
        self.page.selection.dismiss()
        self.page.show_begin()
        self._show_title()

    def _show_view(self) -> None:
        """Where somebody was when they left it."""
        place, scroll = self._state.documents.view
        edit = self.page.edit
        if edit.draft() is None:
            edit.select(place)
            edit.verticalScrollBar().setValue(scroll)

    def _note_view(self) -> None:
        edit = self.page.edit
        if edit.draft() is None and not self._place_later.isActive() and not edit.is_loading():
            place, scroll = edit.textCursor().position(), edit.verticalScrollBar().value()
            self._state.documents.look(place, scroll)

    def _show_title(self) -> None:
        """The title, shortened to the room that the rest of the bar leaves."""
        whole, label = self._state.documents.current.title, self.answer.title
        taken = sum(side.sizeHint().width() for side in (self.answer.left, self.answer.right))
        room = max(LEAST_TITLE, self.answer.width() - taken - BAR_GAPS)
        label.setText(label.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room))
        label.setToolTip(whole)
        label.setAccessibleName(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for more of the title."""
        super().resizeEvent(event)
        self._show_title()

    def _toggle_documents(self) -> None:
        if self.open_documents.isChecked() != (self.side.page() == DOCUMENTS):
            self.side.toggle(DOCUMENTS)

    def _on_side(self, key: str) -> None:
        self.open_documents.setChecked(key == DOCUMENTS)
