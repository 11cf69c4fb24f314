"""The chosen note: how likely the model found it, and what else could have stood there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from genstudio.ui.widgets.buttons import Pill
from genstudio.ui.widgets.chances import percent
from genstudio.ui.widgets.panel_frame import label, note

HEIGHT = 54
SHOWN = 5


class NoteStrip(QFrame):
    """`taken(pitch)`: go on from here with another pitch."""

    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "true")
        self.setAccessibleName("This note")
        self.setFixedHeight(HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(8)
        self._row.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(label("This note"))
        self._pills: list[Pill] = []
        self._others: list[tuple[int, str, float]] = []
        self.words = note("")
        self.words.setWordWrap(False)
        self._row.addStretch(1)
        self._row.addWidget(self.words)

    def show_note(
        self, name: str, pitch: int, p: float, others: Sequence[tuple[int, str, float]], hint: str
    ) -> None:
        """A note called `name` of chance `p`; `others` are (pitch, name, chance), best first."""
        self.clear()
        known = [one for one in others if one[0] != pitch][: SHOWN - 1]
        self._add(pitch, f"{name} {percent(p)}", own=True)
        for other, words, chance in known:
            self._add(other, f"{words} {percent(chance)}", own=False)
        self._others = known
        self.words.setText(hint if known else "")

    def show_words(self, words: str) -> None:
        """Nothing is known of the note: say why."""
        self.clear()
        self.words.setText(words)

    def clear(self) -> None:
        """No note is chosen."""
        for pill in self._pills:
            self._row.removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        self._pills, self._others = [], []
        self.words.setText("")

    def others(self) -> list[tuple[int, str, float]]:
        """What is offered."""
        return list(self._others)

    def pills(self) -> list[Pill]:
        """The note itself, then what is offered."""
        return list(self._pills)

    def _add(self, pitch: int, words: str, own: bool) -> None:
        pill = Pill(words, parent=self)
        pill.setChecked(own)
        pill.setAccessibleName(f"{words}, as it is" if own else f"Branch with {words}")
        if own:
            pill.clicked.connect(lambda: pill.setChecked(True))
        else:
            pill.clicked.connect(lambda: self.taken.emit(pitch))
        self._row.insertWidget(1 + len(self._pills), pill, 0, Qt.AlignmentFlag.AlignVCenter)
        pill.show()
        self._pills.append(pill)
