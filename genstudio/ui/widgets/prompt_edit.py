"""The editor of a prompt: grows with the text, shows what a model understands, remembers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from genstudio.core.controls import Text
from genstudio.core.words import places
from genstudio.ui import shortcuts
from genstudio.ui.theme import theme
from genstudio.ui.widgets.prompt_marks import PromptReader
from genstudio.ui.widgets.prompt_paint import from_qt, select, selections
from genstudio.ui.widgets.prompt_popup import WordPopup

MOST_LINES = 6
AROUND = 22
"""Pixels above and below the lines: border, padding, the document's own margin."""
BEGUN = 2
ALL_WORDS, FEW_WORDS = 300, 8
_OPENING = " \n\t{|(,"


class PromptEdit(QPlainTextEdit):
    """`changed(text)` when the user edits, by key, history or completion; `marked` whenever
    the text or what is said about it may be another.
    """

    changed = Signal(str)
    marked = Signal()

    def __init__(self, control: Text, parent: QWidget | None = None, lines: int = 3) -> None:
        super().__init__(parent)
        self._control, self._lines, self._quiet = control, lines, False
        self._reader = PromptReader()
        self._history: list[str] = []
        self._back, self._draft = -1, ""
        self._popup: WordPopup | None = None
        self._offered_for = ""
        self._help = control.help
        self.setAccessibleName(control.label)
        self.setPlaceholderText(control.placeholder)
        self.setTabChangesFocus(True)
        self.setPlainText(control.default)
        self.textChanged.connect(self._on_text)
        self.cursorPositionChanged.connect(self._show_marks)
        theme().changed.connect(self._show_marks)
        shortcuts.bind(self, "prompt_older", lambda: self.step_history(1))
        shortcuts.bind(self, "prompt_newer", lambda: self.step_history(-1))
        shortcuts.bind(self, "prompt_words", self.show_words)
        self._show_marks()
        self._fit()

    # ---- text

    def text(self) -> str:
        """What is written."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another text without saying so; it can be taken back with undo."""
        if text != self.text():
            self._quiet = True
            self._replace(0, len(self.text()), text)
            self._quiet = False
        self._back = -1
        self._close_popup()

    def set_reader(self, reader: PromptReader) -> None:
        """What the model understands from now on."""
        self._reader = reader
        self._close_popup()
        self._show_marks()

    def summary(self) -> str:
        """The text in numbers: words, combinations, words that are not known."""
        return self._reader.summary(self.text(), self._writing())

    def take(self, text: str) -> None:
        """Write `text` as if it had been typed."""
        self._replace(0, len(self.text()), text)

    def _replace(self, start: int, end: int, text: str) -> None:
        cursor = select(self.textCursor(), (start, end))
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def _on_text(self) -> None:
        text = self.text()
        if len(text) > self._control.max_length:
            self._replace(self._control.max_length, len(text), "")
            return
        self._fit()
        self._show_marks()
        if self._quiet:
            return
        self._back = -1
        if self.hasFocus():
            self._complete()
        self.changed.emit(text)

    # ---- history

    def set_history(self, texts: Sequence[str]) -> None:
        """What was asked before, newest first."""
        self._history, self._back = list(texts), -1

    def step_history(self, by: int) -> None:
        """An older (1) or newer (-1) text; before the newest stands what was being written."""
        now = self.text()
        if self._back < 0:
            self._draft = now
        back = self._back + by
        while 0 <= back < len(self._history) and self._history[back] == now:
            back += by
        if not -1 <= back < len(self._history):
            return
        self._replace(0, len(now), self._history[back] if back >= 0 else self._draft)
        self._close_popup()
        self._back = back

    # ---- words

    def show_words(self) -> None:
        """Known words that fit to what is begun; all of them where nothing fits."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        begun = self._word_begun()
        found = self._reader.completions(begun, ALL_WORDS)
        begun = begun if found else ""
        self._offer(begun, found or self._reader.completions("", ALL_WORDS))

    def _word_begun(self) -> str:
        """The part of a word before the cursor."""
        end = self._here()
        before = self.text()[:end]
        return next((before[start:] for start, stop, _ in places(before) if stop == end), "")

    def _complete(self) -> None:
        begun = self._word_begun()
        enough = len(begun) >= BEGUN and begun.casefold() not in self._reader.words
        self._offer(begun, self._reader.completions(begun, FEW_WORDS) if enough else [])

    def _offer(self, begun: str, words: Sequence[str]) -> None:
        self._offered_for = begun
        if not words:
            self._close_popup()
            return
        if self._popup is None:
            self._popup = WordPopup(self.window())
            self._popup.taken.connect(self._take_word)
            self.destroyed.connect(self._popup.deleteLater)
        caret = self.cursorRect()
        corner = self.viewport().mapTo(self.window(), caret.topLeft())
        self._popup.open_at(words, QRect(corner, caret.size()))

    def _take_word(self, word: str) -> None:
        end = self._here()
        start = end - len(self._offered_for)
        before = self.text()[start - 1 : start] if start else ""
        gap = " " if not self._offered_for and before and before not in _OPENING else ""
        self._replace(start, end, gap + word)
        self._close_popup()

    def _close_popup(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    def _choosing(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    # ---- marks

    def _show_marks(self) -> None:
        found = selections(self.document(), self._reader, self._writing())
        self.setExtraSelections(found)
        self.setAccessibleDescription(f"{self._help} {self.summary()}".strip())
        self.marked.emit()

    def _writing(self) -> int:
        """The end of the word that is being written, -1 while nobody writes."""
        return self._here() if self.hasFocus() else -1

    def _here(self) -> int:
        """The character at the cursor."""
        return from_qt(self.text(), self.textCursor().position())

    def unknown_at(self, place: int) -> str:
        """The word at character `place` that the model does not know, or ""."""
        found = self._reader.unknown(self.text())
        return next((word for start, end, word in found if start <= place <= end), "")

    def tip_at(self, point: QPoint) -> str:
        """What is to be said about the word at `point` of the viewport; "" for nothing."""
        place = from_qt(self.text(), self.cursorForPosition(point).position())
        word = self.unknown_at(place)
        if not word:
            unread = self._reader.unread(self.text())
            if unread and place >= unread[0]:
                return f"This model reads {self._reader.most} words; the rest is left out."
            return ""
        near = self._reader.near(word)
        advice = f" Like it: {', '.join(near)}." if near else ""
        return f"“{word}” is no word that this model learnt; it is left out.{advice}"

    # ---- Qt

    def viewportEvent(self, event: QEvent) -> bool:
        """The tip of a marked word, else that of the field."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()) or self._help, self)
            return True
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keys that generate are not for the text; Esc is ours while words are offered."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self._choosing():
                event.accept()
                return True
            if _generates(event):
                event.ignore()
                return False
        tab = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab
        if tab and event.type() == QEvent.Type.KeyPress and self._choosing():
            return self._on_choosing(event)  # before Qt moves the focus
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the offered words, take one, or write on."""
        if not self._choosing() or not self._on_choosing(event):
            super().keyPressEvent(event)

    def _on_choosing(self, event: QKeyEvent) -> bool:
        popup, key, keys = self._popup, event.key(), Qt.Key
        assert popup is not None
        if key in (keys.Key_Down, keys.Key_Up):
            popup.step(1 if key == keys.Key_Down else -1)
        elif key == keys.Key_Escape:
            self._close_popup()
        elif key == keys.Key_Tab:
            self._take_word(popup.current_word() or popup.words()[0])
        elif key in (keys.Key_Return, keys.Key_Enter) and popup.current_word():
            self._take_word(popup.current_word())
        else:
            if key in (keys.Key_Left, keys.Key_Right, keys.Key_Home, keys.Key_End):
                self._close_popup()
            return False
        return True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The ordinary menu, with words like an unknown one first."""
        menu = self.createStandardContextMenu()
        place = from_qt(self.text(), self.cursorForPosition(event.pos()).position())
        word = self.unknown_at(place)
        first = menu.actions()[0] if menu.actions() else None
        for near in self._reader.near(word) if word else ():
            action = menu.addAction(f"Write “{near}”")
            action.triggered.connect(lambda _on=False, w=near: self._correct(place, w))
            menu.insertAction(first, action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def _correct(self, place: int, word: str) -> None:
        for start, end, _old in places(self.text()):
            if start <= place <= end:
                self._replace(start, end, word)
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The word at the cursor is being written: it is not marked."""
        super().focusInEvent(event)
        self._show_marks()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is offered to somebody who is elsewhere."""
        super().focusOutEvent(event)
        self._close_popup()
        self._show_marks()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another number of lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # A plain text document measures its height in lines.
        lines = round(self.document().size().height())
        lines = min(max(lines, self._lines), MOST_LINES)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + AROUND)


def _generates(event: QKeyEvent) -> bool:
    pressed = QKeySequence(event.keyCombination())
    table = shortcuts.shortcuts()
    names = ("generate", "generate_next")
    return any(QKeySequence(key) == pressed for name in names for key in table.keys(name))
