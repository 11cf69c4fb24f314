"""Colours by probability over the text of an editor, and the alternatives of a word.

Works on any QPlainTextEdit. Tokens are `Mark`s whose data is a `Chance`; they move with the text,
and a token that is typed into is forgotten. Positions are Qt's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from genstudio.ui import shortcuts
from genstudio.ui.widgets.alternatives import Alternatives
from genstudio.ui.widgets.chances import Chance, level_of
from genstudio.ui.widgets.marks import Mark, Marks
from genstudio.ui.widgets.text_places import units

LAYER = "chance"
TOKENS = "tokens"
HEAT = "heat"
HOVER_MS = 280
_LEVELS = 4


class TokenLayer(QObject):
    """`branch_wanted(start, end, text)`: go on from `text` in the place of start … end.

    `looked_at(start, end)`: the word whose alternatives are in sight, or (-1, -1).
    """

    branch_wanted = Signal(int, int, str)
    looked_at = Signal(int, int)

    def __init__(self, edit: QPlainTextEdit, marks: Marks) -> None:
        super().__init__(edit)
        self._edit, self._marks = edit, marks
        self._on = False
        self._popup: Alternatives | None = None
        self._open: Mark | None = None
        self._hovered: Mark | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(HOVER_MS)
        self._rest.timeout.connect(self._hover)
        view = edit.viewport()
        view.setMouseTracking(True)
        view.installEventFilter(self)
        edit.installEventFilter(self)
        edit.verticalScrollBar().valueChanged.connect(self.close_popup)
        shortcuts.bind(edit, "alternatives", self.open_at_cursor)

    # ---- tokens

    @property
    def on(self) -> bool:
        """Whether the colours are in sight."""
        return self._on

    def set_on(self, on: bool) -> None:
        """Show or hide the colours; what is known stays known."""
        self._on = on
        self._marks.provide(LAYER, self._coloured if on else None)
        if not on:
            self.close_popup()

    def set_tokens(self, tokens: Iterable[tuple[int, int, Chance]]) -> None:
        """All tokens that are known, as (start, end, what they are)."""
        self.close_popup()
        self._marks.set(TOKENS, [_mark(*token) for token in tokens])

    def add_tokens(self, start: int, chances: Sequence[Chance]) -> int:
        """Tokens that stand one behind the other from `start`; returns where they end."""
        made, place = [], start
        for chance in chances:
            end = place + units(chance.text)
            if end > place:
                made.append(_mark(place, end, chance))
            place = end
        self._marks.cut(TOKENS, start, place)
        self._marks.add(TOKENS, made)
        return place

    def tokens(self) -> list[tuple[int, int, Chance]]:
        """What is known, at the places where it stands now."""
        return [(m.start, m.end, m.data) for m in self._marks.of(TOKENS)]  # type: ignore[misc]

    def known(self, start: int, end: int) -> bool:
        """Whether any token between start and end is known."""
        return bool(self._marks.between(TOKENS, start, end))

    def covered(self, start: int, end: int) -> int:
        """How many of the characters start … end stand in known tokens."""
        marks = self._marks.between(TOKENS, start, end)
        return sum(min(mark.end, end) - max(mark.start, start) for mark in marks)

    def token_at(self, position: int) -> tuple[int, int, Chance] | None:
        """The token that holds the character at `position`."""
        mark = self._marks.at(TOKENS, position)
        return (mark.start, mark.end, mark.data) if mark else None  # type: ignore[return-value]

    def _coloured(self, start: int, end: int) -> list[Mark]:
        if self._marks.has(HEAT):
            return []  # one thing at a time
        found = []
        for mark in self._marks.between(TOKENS, start, end):
            chance = mark.data
            assert isinstance(chance, Chance)
            found.append(Mark(mark.start, mark.end, f"chance_{level_of(chance.p)}"))
        return found

    # ---- what a word hangs on

    def show_weights(
        self, chosen: tuple[int, int] | None, weights: Iterable[tuple[int, int, float]] = ()
    ) -> None:
        """Words in four shades by their weight (start, end, weight in nats); None clears them.

        Weights below a tenth of the largest are left blank, as are those that speak against it.
        """
        marks = [] if chosen is None else [Mark(*chosen, "chosen")]
        known = list(weights)
        most = max((weight for _, _, weight in known), default=0.0)
        for start, end, weight in known:
            shade = min(_LEVELS, int(weight / most * _LEVELS) + 1) if most > 0 else 0
            if end > start and shade and weight > 0.1 * most:
                marks.append(Mark(start, end, f"heat_{shade}"))
        self._marks.set(HEAT, marks)

    # ---- alternatives

    def popup(self) -> Alternatives | None:
        """The list while it is in sight."""
        return self._popup if self._popup is not None and self._popup.isVisible() else None

    def open_at_cursor(self) -> bool:
        """Show the alternatives of the word at the cursor; False where none are known."""
        cursor = self._edit.textCursor()
        place = cursor.selectionStart()
        mark = self._marks.at(TOKENS, place) or self._marks.at(TOKENS, place - 1)
        return mark is not None and self._show(mark)

    def close_popup(self) -> None:
        """Hide the list."""
        self._rest.stop()
        if self._popup is not None and self._popup.isVisible():
            self._popup.hide()
            self._open = None
            self.looked_at.emit(-1, -1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse rests on a word; keys go to the list while it is open."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and self._on:
            self._point(event.position().toPoint())
        elif kind == QEvent.Type.Leave:
            self._hovered = None
            self._rest.start()
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.Hide, QEvent.Type.FocusOut):
            self.close_popup()
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return watched is self._edit and self.popup() is not None and self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        """Arrows choose, Enter takes; everything else closes the list and goes on its way."""
        popup, key = self.popup(), event.key()
        assert popup is not None
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            popup.step(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and popup.take_current():
            return True
        if key not in (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt):
            self.close_popup()
        return key == Qt.Key.Key_Escape

    def _point(self, place: QPoint) -> None:
        mark = self._mark_below(place)
        if mark != self._hovered:
            self._hovered = mark
            self._rest.start()

    def _mark_below(self, place: QPoint) -> Mark | None:
        cursor = self._edit.cursorForPosition(place)
        near = (cursor.position(), cursor.position() - 1)
        # A cursor stands between characters: the nearer one may be either.
        for mark in (self._marks.at(TOKENS, position) for position in near):
            if mark is not None and self._rect(mark).contains(place):
                return mark
        return None

    def _hover(self) -> None:
        mark, popup = self._hovered, self.popup()
        over = QCursor.pos()
        if popup is not None and popup.rect().contains(popup.mapFromGlobal(over)):
            return
        if mark is None or not self._on:
            self.close_popup()
        elif mark != self._open:
            self._show(mark)

    def _show(self, mark: Mark) -> bool:
        chance = mark.data
        assert isinstance(chance, Chance)
        window = self._edit.window()
        if self._popup is None or self._popup.parent() is not window:
            self._popup = Alternatives(window)
            self._popup.taken.connect(self._take)
            self._popup.left.connect(self._rest.start)
        rect = self._rect(mark)
        corner = self._edit.viewport().mapTo(window, rect.topLeft())
        self._open = mark
        self._popup.open_at(chance, QRect(corner, rect.size()))
        self.looked_at.emit(mark.start, mark.end)
        return True

    def _take(self, text: str) -> None:
        mark, self._open = self._open, None
        if mark is not None:
            self.looked_at.emit(-1, -1)
            self.branch_wanted.emit(mark.start, mark.end, text)

    def _rect(self, mark: Mark) -> QRect:
        """Where the token stands in the viewport; its first line where it is broken."""
        first, last = QTextCursor(self._edit.document()), QTextCursor(self._edit.document())
        first.setPosition(mark.start)
        last.setPosition(mark.end)
        start, end = self._edit.cursorRect(first), self._edit.cursorRect(last)
        if end.top() != start.top():
            return QRect(start.left(), start.top(), 24, start.height())
        left, right = sorted((start.left(), end.left()))  # right to left, too
        return QRect(left, start.top(), max(4, right - left), start.height())


def _mark(start: int, end: int, chance: Chance) -> Mark:
    return Mark(start, end, "", chance)
