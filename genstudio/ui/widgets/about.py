"""What this program is, that it stays offline, and the licences of all it ships."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

import genstudio
from genstudio.core.paths import resources
from genstudio.ui import icons
from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button, Select
from genstudio.ui.widgets.panel_frame import label, note

OFFLINE = (
    "GenStudio works on this computer alone. It never opens a network connection: nothing is "
    "downloaded, nothing is sent, no usage is counted. Your data stay in your data folder."
)


def licence_files() -> dict[str, str]:
    """Name -> text of every licence that ships with the program."""
    folders = [resources() / "licences", resources() / "fonts", resources().parent]
    found: dict[str, str] = {}
    for folder in folders:
        for path in sorted(folder.glob("*")) if folder.is_dir() else []:
            plain = path.suffix.lower() in ("", ".txt", ".md")
            ours = folder.name in ("licences", "fonts") or path.name == "LICENSE"
            if path.is_file() and plain and ours and path.stat().st_size < 2_000_000:
                name = {"LICENSE": "GenStudio", "OFL": "Inter (font)"}.get(path.stem, path.stem)
                found[name] = path.read_text(encoding="utf-8", errors="replace")
    return found


class About(QDialog):
    """Non-modal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About GenStudio")
        self.resize(560, 560)
        self._licences = licence_files()
        sign = QLabel()
        sign.setPixmap(icons.app_icon().pixmap(56, 56))
        name = QLabel(f"GenStudio {genstudio.__version__}")
        name.setProperty("role", "hero")
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(sign)
        words = QVBoxLayout()
        words.addWidget(name)
        words.addWidget(note("Train and use generative models on your own machine."))
        head.addLayout(words, 1)
        self._select = Select([(key, key) for key in self._licences])
        self._select.setAccessibleName("Licence of")
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(font(12))
        self._text.setAccessibleName("Licence text")
        self._text.setTabChangesFocus(True)
        self._select.currentIndexChanged.connect(lambda _i: self._show())
        close = Button("Close")
        close.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(note(OFFLINE))
        column.addWidget(label("Licences"))
        column.addWidget(self._select)
        column.addWidget(self._text, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self._show()

    def _show(self) -> None:
        self._text.setPlainText(self._licences.get(self._select.value(), ""))
