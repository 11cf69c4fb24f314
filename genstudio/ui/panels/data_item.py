"""What is selected in a dataset: a look at it, its class, its caption, whether it is used."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from genstudio.ui.state import data_words as words
from genstudio.ui.state.browse_state import Row
from genstudio.ui.widgets.buttons import Select, Switch
from genstudio.ui.widgets.images import contain_rect, rounded, smooth_for
from genstudio.ui.widgets.note_edit import NoteEdit
from genstudio.ui.widgets.panel_frame import label, note, strong

PICTURE = 208
SPLITS = {"train": "to learn from", "valid": "held out", "test": "for tests"}


class ClassEdit(Select):
    """A class of the list, or a new name typed in; `wanted(name)` when it is to be given."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((), parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName("Class")
        self._shown = ""
        self._line = QLineEdit()
        self.setLineEdit(self._line)
        self._line.setMaxLength(100)
        self._line.setAccessibleName("Class")
        self._line.editingFinished.connect(self._finish)
        self.activated.connect(lambda _index: self._finish())

    def show_label(self, classes: Sequence[str], label: str, placeholder: str) -> None:
        """Offer these classes, with one in force."""
        self._shown = label
        with QSignalBlocker(self):
            self.set_options([(name, name) for name in classes])
            self.setCurrentIndex(self.findData(label))
            self.setEditText(label)
        self._line.setPlaceholderText(placeholder)

    def _finish(self) -> None:
        text = self.currentText().strip()
        if text != self._shown:
            self._shown = text
            self.wanted.emit(text)


class ItemSide(QWidget):
    """Edits apply to everything that is selected."""

    label_wanted = Signal(str)
    caption_wanted = Signal(str)
    excluded_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture, self.name, self.facts = QLabel(), strong(""), note("")
        self.excerpt = note("")
        self.label, self.caption = ClassEdit(), NoteEdit("Caption")
        self.used = Switch("Use for training")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedHeight(PICTURE)
        self.name.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._class_label, self._caption_label = label("Class"), label("Caption")
        self._class_label.setBuddy(self.label)
        self._caption_label.setBuddy(self.caption)
        parts: list[QWidget] = [self.picture, self.name, self.facts, self.excerpt]
        parts += [self._class_label, self.label, self._caption_label, self.caption]
        for widget in parts:
            column.addWidget(widget)
        column.addSpacing(4)
        column.addWidget(self.used)
        column.addStretch(1)
        self.label.wanted.connect(self.label_wanted)
        self.caption.finished.connect(self.caption_wanted)
        self.used.toggled.connect(lambda on: self.excluded_wanted.emit(not on))

    def show_rows(self, rows: Sequence[Row], kind: str, classes: Sequence[str]) -> None:
        """These are selected (at least one)."""
        one = rows[0] if len(rows) == 1 else None
        self.name.setText(one.name if one else words.things(kind, len(rows)))
        self.facts.setText(facts_text(one, kind) if one else "Edits apply to all of them.")
        self.excerpt.setText(one.excerpt if one else "")
        self.excerpt.setVisible(bool(one and one.excerpt))
        labels, captions = {row.label for row in rows}, {row.caption for row in rows}
        same = next(iter(labels)) if len(labels) == 1 else ""
        self.label.show_label(classes, same, "None" if len(labels) == 1 else "Different ones")
        text = next(iter(captions)) if len(captions) == 1 else ""
        self.caption.show_text(text, "None yet" if len(captions) == 1 else "Different ones")
        with QSignalBlocker(self.used):
            self.used.setChecked(not all(row.excluded for row in rows))

    def show_picture(self, image: QImage | None) -> None:
        """The picture of what is selected; None where there is none."""
        self.picture.setVisible(image is not None)
        if image is None or image.isNull():
            return
        side = QSize(PICTURE, PICTURE)
        room = contain_rect(image.size(), self.picture.rect().toRectF()).size().toSize()
        dpr, smooth = self.devicePixelRatioF(), smooth_for(image, "auto")
        self.picture.setPixmap(rounded(image, room.boundedTo(side), 8, dpr, smooth))
        self.picture.setAccessibleName(f"Picture of {self.name.text()}")


def facts_text(row: Row, kind: str) -> str:
    """`64 × 64 px · to learn from`."""
    parts = [f"{row.width} × {row.height} px" if row.width else ""]
    parts.append(words.length_words(kind, row.length))
    parts.append("excluded" if row.excluded else SPLITS.get(row.split, row.split))
    return " · ".join(part for part in parts if part)
