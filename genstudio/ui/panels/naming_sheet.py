"""The sheet in which a text model suggests titles and descriptions for the open piece."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from genstudio.media.notes import Piece
from genstudio.studio import piece_words
from genstudio.studio.piece_words import COUNT, Suggestion
from genstudio.ui.panels.sheet import Sheet
from genstudio.ui.state.naming_state import NO_MODEL, NamingState
from genstudio.ui.state.piece_state import PieceState
from genstudio.ui.widgets.buttons import Button, Select
from genstudio.ui.widgets.panel_frame import label, note, strong


class SuggestionCard(QFrame):
    """A title, its description, and the way to take both."""

    def __init__(self, take: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("box", "true")
        self.title, self.words = strong(""), note("")
        self.title.setWordWrap(True)
        self.take = Button("Take", "check")
        self.take.clicked.connect(lambda: take())
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(12, 8, 8, 10)
        column.setSpacing(4)
        row.addWidget(self.title, 1)
        row.addWidget(self.take, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(self.words)

    def show_one(self, found: Suggestion) -> None:
        """What can be taken here."""
        self.title.setText(found.title)
        self.words.setText(found.tale)
        self.take.setAccessibleName(f"Take: {found.title}")


class NamingSheet(Sheet):
    """`piece()` gives the notes that are open, None while a draft stands in their place."""

    def __init__(
        self,
        state: NamingState,
        pieces: PieceState,
        piece: Callable[[], Piece | None],
        parent: QWidget,
    ) -> None:
        super().__init__("Title and description", parent)
        self._state, self._pieces, self._piece = state, pieces, piece
        self.now = QLabel("")
        self.description = QPlainTextEdit()
        self.model = Select()
        self.told = note("")
        self.hint = note("")
        self.go = Button("Suggest", "wand", kind="primary")
        self.stop = Button("Stop", kind="plain")
        self.cards = [SuggestionCard(partial(state.take, number)) for number in range(COUNT)]
        self._lay_out()
        self.description.installEventFilter(self)
        self.model.chosen.connect(state.set_model)
        self.go.clicked.connect(self._suggest)
        self.stop.clicked.connect(lambda: state.stop())
        self.closed.connect(self.keep)
        state.changed.connect(lambda: self._show() if self.isVisible() else None)
        pieces.renamed.connect(self._show_piece)
        pieces.leaving.connect(self._leave)

    def _lay_out(self) -> None:
        self.now.setTextFormat(Qt.TextFormat.PlainText)
        self.now.setWordWrap(True)
        self.description.setAccessibleName("Description of the piece")
        self.description.setPlaceholderText("No description yet")
        self.description.setFixedHeight(76)
        self.description.setTabChangesFocus(True)
        self.model.setAccessibleName("Text model that suggests")
        row = QHBoxLayout()
        row.addWidget(self.stop)
        row.addWidget(self.go, 1)
        parts = (self.now, self.description, label("Suggested by"), self.model, self.told)
        for widget in parts:
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self.column.addWidget(self.hint)
        for card in self.cards:
            self.column.addWidget(card)

    def open_for(self) -> None:
        """Show what the piece is called, and offer to ask."""
        self.model.set_options([(model.id, model.title) for model in self._state.models])
        self._show_words()
        self._show()
        self.open_sheet(self.go)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A description typed by hand is kept when the focus leaves it."""
        if watched is self.description and event.type() == QEvent.Type.FocusOut:
            self.keep()
        return super().eventFilter(watched, event)

    def keep(self) -> None:
        """Keep the description as it stands here."""
        self._state.describe(self.description.toPlainText())

    def _leave(self) -> None:
        """Another piece comes: words in hand belong to the one before."""
        if self.isVisible():
            self.keep()

    def _show_piece(self) -> None:
        """The piece is called otherwise, or it is another one and stands in the roll by now."""
        self._show_words()
        if self.isVisible():
            self._show()

    def _show_words(self) -> None:
        kept = self._pieces.current
        self.now.setText(f"Now: {kept.title}")
        if self.description.toPlainText() != kept.description:
            self.description.setPlainText(kept.description)

    def _show(self) -> None:
        state, model, piece = self._state, self._state.model, self._piece()
        there = model is not None and piece is not None and len(piece.notes) > 0
        self.model.set_value(model.id if model is not None else "")
        self.model.setEnabled(model is not None)
        self.told.setText(_told(piece) if model is not None else NO_MODEL)
        self._show_buttons(there)
        self.hint.setText(state.hint)
        self.hint.setVisible(bool(state.hint))
        found = state.suggestions
        for number, card in enumerate(self.cards):
            card.setVisible(number < len(found))
            if number < len(found):
                card.show_one(found[number])
        if self.isVisible():
            self.place()

    def _show_buttons(self, there: bool) -> None:
        """The focus goes along: a button that goes must not leave it to what lies below."""
        running, first = self._state.running, self.cards[0]
        focus = self.go.hasFocus() or self.stop.hasFocus()
        self.go.set_text("Writing…" if running else "Suggest")
        if running:
            self.stop.show()
            if focus:
                self.stop.setFocus()
        self.go.setEnabled(there and not running)
        if not running:
            first.setVisible(bool(self._state.suggestions))
            if focus:
                (self.go if first.isHidden() else first.take).setFocus()
            self.stop.hide()

    def _suggest(self) -> None:
        piece = self._piece()
        if piece is not None:
            self._state.suggest(piece)


def _told(piece: Piece | None) -> str:
    if piece is None:
        return "Keep or drop the draft first: a title belongs to the piece."
    if not len(piece.notes):
        return "There are no notes to be named yet."
    return f"It goes on with: “{piece_words.beginning(piece)} …”"
