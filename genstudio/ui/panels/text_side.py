"""What stands beside a text: drafts to choose from, all documents, and what others hang in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from genstudio.ui.panels.works_page import WorksPage
from genstudio.ui.state.document_state import DocumentState
from genstudio.ui.state.words import several
from genstudio.ui.state.writing_state import WritingState
from genstudio.ui.state.written import Draft
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.draft_list import DraftCard, DraftList
from genstudio.ui.widgets.panel_frame import scrolled, title

WIDTH = 320
DRAFTS, DOCUMENTS = "drafts", "documents"


class Side(QWidget):
    """Pages of 320 px at the right of the text, one in sight, or none. `turned(key)`: another
    page is in sight, "" for none."""

    turned = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.heading, self.leave = title(""), Button("", "close", "quiet")
        self.leave.clicked.connect(self.close_page)
        self.stack = QStackedWidget()
        self._pages: dict[str, tuple[str, QWidget]] = {}
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 20, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.stack, 1)
        self.hide()

    def add(self, key: str, words: str, page: QWidget) -> QWidget:
        """One more page under a title; returns it."""
        self._pages[key] = (words, page)
        self.stack.addWidget(page)
        return page

    def page(self) -> str:
        """The page in sight, "" for none."""
        if self.isHidden():
            return ""
        current = self.stack.currentWidget()
        return next((key for key, (_w, page) in self._pages.items() if page is current), "")

    def show_page(self, key: str) -> None:
        """Bring a page into sight; raises KeyError."""
        words, page = self._pages[key]
        self.heading.setText(words)
        self.leave.setAccessibleName(f"Close: {words}")
        self.stack.setCurrentWidget(page)
        self.show()
        self.turned.emit(key)

    def toggle(self, key: str) -> None:
        """Show a page, or leave it when it is in sight."""
        self.close_page() if self.page() == key else self.show_page(key)

    def close_page(self) -> None:
        """Leave the text alone."""
        if not self.isHidden():
            self.hide()
            self.turned.emit("")


class DraftsPage(QWidget):
    """Follows the drafts of the WritingState."""

    def __init__(self, state: WritingState) -> None:
        super().__init__()
        self._state = state
        self.list = DraftList()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(_padded(self.list)))
        self.list.chosen.connect(state.choose)
        state.begun.connect(self.show_all)
        state.cleared.connect(self.show_all)
        state.chosen_changed.connect(self.list.set_current)
        state.grew.connect(lambda index, _text: self._show_one(index))
        state.void.connect(self._show_one)
        state.draft_changed.connect(self._show_one)
        self.show_all()

    def show_all(self) -> None:
        """A card for each draft."""
        self.list.set_cards([_card(draft) for draft in self._state.drafts], self._state.chosen)

    def _show_one(self, index: int) -> None:
        if index < len(self._state.drafts):
            draft = self._state.drafts[index]
            self.list.set_card(index, _card(draft), in_passing=draft.state == "writing")


class DocumentsPage(WorksPage):
    """The open document's name, a new one, and all others."""

    def __init__(self, state: DocumentState) -> None:
        super().__init__(state, "document", lambda head: several(head.words, "word"))


def _padded(widget: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 4, 0)
    column.addWidget(widget)
    column.addStretch(1)
    return page


def _card(draft: Draft) -> DraftCard:
    told = {"waiting": "waits", "writing": "", "stopped": "stopped", "failed": "failed"}
    parts = [several(len(draft.tokens), "token") if draft.tokens else "", told.get(draft.state, "")]
    facts = " · ".join(part for part in parts if part)
    return DraftCard(f"Draft {draft.index + 1}", draft.text, facts)
