"""Pages on the answering side where one works on the input picture: mask, frame to extend."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.ui.widgets.extend_editor import ExtendEditor
from genstudio.ui.widgets.mask_editor import MaskEditor
from genstudio.ui.widgets.panel_frame import note

PAINT = (
    "Paint over what is to be made anew; it counts at once. Shift draws straight lines, the right "
    "button changes the tool, the wheel zooms, space or the middle button moves the picture."
)
EXTEND = (
    "Pull the frame at its sides and corners, or move the picture in it; it counts at once. "
    "Arrows extend, Shift and arrows take back; a double click on a side folds it."
)


class CanvasPage(QWidget):
    """An editor with a sentence below it; what is done in it counts at once."""

    def __init__(self, editor: QWidget, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = note(words)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 16)
        column.setSpacing(12)
        column.addWidget(editor, 1)
        column.addWidget(self.words)


class MaskPage(CanvasPage):
    """Painting which part to make anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.editor = MaskEditor()
        super().__init__(self.editor, PAINT, parent)


class ExtendPage(CanvasPage):
    """Saying how far the picture is to go on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.editor = ExtendEditor()
        super().__init__(self.editor, EXTEND, parent)
