"""Which SoundFont plays music: its name, another one, back to the bundled one, the licence."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from genstudio.ui.state.font_state import ABOUT, SUFFIXES, FontState, licence_path
from genstudio.ui.state.words import short_path
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import note

HELP = "Music is played, and exported as sound, with these instruments."


class FontBox(QWidget):
    """Binds a FontState; every choice holds at once."""

    def __init__(self, state: FontState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.name, self.about = QLabel(""), note("")
        self.name.setAccessibleName("SoundFont that plays music")
        self.choose = Button("Choose another…", "folder")
        self.choose.setToolTip("A SoundFont of yours, .sf2 or .sf3; it stays where it is")
        self.choose.setAccessibleName("Choose another SoundFont")
        self.reset = Button("Use the bundled one", kind="quiet")
        self.licence = Folded("Licence of the bundled instruments")
        self.words = QPlainTextEdit()
        self._lay_out()
        self.choose.clicked.connect(self._ask)
        self.reset.clicked.connect(state.reset)
        self.licence.toggled.connect(self._show_licence)
        state.changed.connect(self._show)
        state.restore()
        self._show()

    def _lay_out(self) -> None:
        self.words.setReadOnly(True)
        self.words.setFixedHeight(190)
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName("Licence of the bundled instruments")
        self.licence.body.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.choose)
        row.addWidget(self.reset)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(note(HELP))
        column.addWidget(self.name)
        column.addWidget(self.about)
        column.addLayout(row)
        column.addWidget(self.licence)

    def _show(self) -> None:
        state = self._state
        own, lost = state.path, state.lost
        self.name.setText("Reading…" if state.busy else state.name)
        self.name.setToolTip(str(own) if own is not None else "")
        self.about.setText(_about(own, lost))
        self.choose.setEnabled(not state.busy)
        self.reset.setVisible(own is not None or lost is not None)

    def _show_licence(self, open_: bool) -> None:
        if open_ and not self.words.toPlainText():
            try:
                self.words.setPlainText(licence_path().read_text("utf-8", "replace"))
            except OSError as error:
                self.words.setPlainText(f"{licence_path().name} cannot be read: {error.strerror}")

    def _ask(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        path, _ = QFileDialog.getOpenFileName(
            self, "Choose a SoundFont", "", f"SoundFonts ({kinds})"
        )
        if path:
            self._state.choose(Path(path))


def _about(own: Path | None, lost: Path | None) -> str:
    if lost is not None:
        return (
            f"{lost} cannot be read now. The bundled one plays; sound cannot be exported until you "
            "bring it back, choose another or use the bundled one."
        )
    return ABOUT if own is None else short_path(own.parent)
