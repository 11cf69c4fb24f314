"""Looking inside, beside the text: probabilities, what a word hangs on, copied passages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.ui.state.inside_state import (
    COPIES,
    SALIENCY,
    SCORE,
    Copied,
    InsideState,
    Weighed,
    work_of,
)
from genstudio.ui.state.words import several
from genstudio.ui.widgets.buttons import Button, Switch
from genstudio.ui.widgets.chances import Legend, percent, visible
from genstudio.ui.widgets.item_list import ItemList, Line
from genstudio.ui.widgets.panel_frame import label, note

STRONGEST = 6
WITHOUT = "Without one of these its log-probability changes:"
ALONE = "No earlier word speaks for it alone."
_NOTE = "Point at a word for others that could stand there; a click goes on from one."


class InsidePage(QWidget):
    """`look_wanted`, `weigh_wanted`, `copies_wanted` ask; `passage_chosen(number)` shows one."""

    colours_wanted = Signal(bool)
    look_wanted = Signal()
    weigh_wanted = Signal()
    clear_wanted = Signal()
    copies_wanted = Signal()
    passage_chosen = Signal(int)

    def __init__(self, state: InsideState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.colours = Switch("Colours by probability")
        self.legend, self.how = Legend(), note(_NOTE)
        self.look = Button("Look at the text", "search")
        self.told = note("")
        self.weigh, self.clear = (
            Button("Word at the cursor", "search"),
            Button("Clear", "", "quiet"),
        )
        self.weights = note("")
        self.find_copies = Button("Look for copies", "copy")
        self.copies_told, self.copies = note(""), ItemList()
        self.copies.setAccessibleName("Copied passages")
        self.copies.setMinimumHeight(120)
        self.copies.setViewportMargins(0, 0, 4, 0)
        self._lay_out()
        self._connect()
        self.show_state()

    def _lay_out(self) -> None:
        column = self.column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        parts: tuple[QWidget, ...] = (
            self.colours,
            self.legend,
            self.how,
            self.look,
            self.told,
            _spaced("What a word hangs on"),
            self.weigh,
            self.weights,
            self.clear,
            _spaced("Copied passages"),
            self.find_copies,
            self.copies_told,
        )
        for part in parts:
            column.addWidget(part)
        column.addWidget(self.copies, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        self.colours.toggled.connect(self.colours_wanted)
        self.look.clicked.connect(lambda: self._ask(SCORE, self.look_wanted))
        self.weigh.clicked.connect(lambda: self._ask(SALIENCY, self.weigh_wanted))
        self.clear.clicked.connect(self.clear_wanted)
        self.find_copies.clicked.connect(lambda: self._ask(COPIES, self.copies_wanted))
        self.copies.selection_changed.connect(self._choose)
        self._state.busy_changed.connect(self.show_state)

    def show_state(self) -> None:
        """What can be asked of the chosen model, and what is being answered."""
        state, busy = self._state, self._state.busy
        for button, task, words in (
            (self.look, SCORE, "Look at the text"),
            (self.weigh, SALIENCY, "Word at the cursor"),
            (self.find_copies, COPIES, "Look for copies"),
        ):
            button.setEnabled(state.able(task))  # while it looks, too: it would lose the focus
            button.set_text("Looking…" if busy == task else words)
        if not state.able(COPIES):
            self.copies_told.setText("This model carries no list of the texts it was trained on.")
        elif self.copies_told.text().startswith("This model carries"):
            self.copies_told.setText("")
        for told in (self.weights, self.told, self.copies_told):
            told.setVisible(bool(told.text()))
        self.clear.setVisible(bool(self.weights.text()))
        self.copies.setVisible(self.copies.count() > 0)

    def show_score(self, tokens: int, perplexity: float) -> None:
        """How likely the text was as a whole."""
        self.told.setText(
            f"Perplexity {perplexity:.1f} over {several(tokens, 'token')}: as unsure as between "
            f"{max(1, round(perplexity))} equal choices."
        )
        self.show_state()

    def show_weights(self, text: str, found: Weighed | None) -> None:
        """The words that the chosen one hangs on most; None clears them."""
        if found is None:
            self.weights.setText("")
        else:
            word = visible(text[found.start : found.end])
            best = sorted(found.weights, key=lambda weight: -weight[2])[:STRONGEST]
            lines = [f"{visible(text[a:b])}  −{w:.2f}" for a, b, w in best if w > 0]
            head, body = f"“{word}” had {percent(found.p)}.", "\n".join(lines)
            told = f"{WITHOUT}\n{body}" if lines else ALONE
            self.weights.setText(f"{head} {told}")
        self.show_state()

    def show_copies(self, text: str, found: Sequence[Copied], surely: int) -> None:
        """The passages that stand in the training's texts; `surely` 0: nobody has looked yet."""
        self.copies.set_lines([_copy_line(one, text) for one in found])
        share = several(len(found), "passage") if found else "Nothing"
        verb = "stand" if len(found) > 1 else "stands"
        told = f"{share} {verb} word for word in the training texts."
        tail = f" Runs of {surely} words or more are surely found." if surely else ""
        self.copies_told.setText(told + tail if found or surely else "")
        self.show_state()

    def _ask(self, task: str, wanted: SignalInstance) -> None:
        """Ask, unless that is being answered."""
        if self._state.busy != task:
            wanted.emit()

    def _choose(self) -> None:
        rows = self.copies.selected()
        if rows:
            self.passage_chosen.emit(rows[-1])


def _copy_line(one: Copied, text: str) -> Line:
    """The source has the line that is not shortened by anything beside it."""
    words, work = " ".join(text[one.start : one.end].split()), work_of(one.source)
    return Line(words, several(one.words, "word"), work, tip=f"{one.source}\n{words}")


def _spaced(words: str) -> QWidget:
    made = label(words)
    made.setContentsMargins(0, 12, 0, 0)
    return made
