"""The left end of the bar over results: title, older and newer rounds, filter, way back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from genstudio.ui import shortcuts
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.panel_frame import AnsweringArea, note

FILTERS = (("all", "All"), ("starred", "Starred"))
MODES = (("slider", "Slider"), ("side", "Side by side"))


class RoundBar(QObject):
    """Widgets only; what they do is connected by their owner."""

    def __init__(self, answer: AnsweringArea, parent: QObject) -> None:
        super().__init__(parent)
        self._answer = answer
        self.back = Button("Back", "chevron-left", kind="quiet")
        self.back.setToolTip("Back to all results  (Esc)")
        self.canvas = Button("Canvas", "brush", key=shortcuts.keys_text("canvas"))
        self.canvas.setToolTip("Work on the picture this task starts from")
        self.older = _arrow("chevron-left", "Older results")
        self.newer = _arrow("chevron-right", "Newer results")
        self.filter = _pills(FILTERS, "Show", 132)
        self.modes = _pills(MODES, "Compare as", 176)
        self.caption = note("")
        self.caption.setWordWrap(False)
        widgets: tuple[QWidget, ...] = (
            self.older,
            self.newer,
            self.filter,
            self.modes,
            self.canvas,
            self.caption,
            self.back,
        )
        for widget in widgets:
            answer.left.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_title(self, title: str, caption: str) -> None:
        """What is in sight, and what the result in sight says about itself."""
        self._answer.title.setText(title)
        self.caption.setText(caption)
        self.caption.setVisible(bool(caption))

    def show_rounds(self, position: tuple[int, int], close_look: bool, sketch: bool) -> None:
        """`position` is (number from 1, how many); no walking while one looks closely."""
        number, count = position
        for button, able in ((self.older, number > 1), (self.newer, number < count)):
            button.setVisible(count > 1 and not close_look)
            button.setEnabled(able and not sketch)
        self.back.setVisible(close_look)


def _arrow(icon: str, name: str) -> Button:
    button = Button("", icon, kind="quiet")
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setFixedWidth(30)
    return button


def _pills(options: tuple[tuple[str, str], ...], name: str, width: int) -> PillRow:
    pills = PillRow(options)
    pills.setAccessibleName(name)
    pills.setFixedWidth(width)
    return pills
