"""The sheet of a picture made elsewhere: what it says, and what of that can be used here."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.studio.looking import Looker
from genstudio.ui.panels import pictures
from genstudio.ui.panels.sheet import SIDE, Sheet
from genstudio.ui.state.foreign_state import ForeignState
from genstudio.ui.theme import RADIUS_PICTURE
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.facts import FactsView
from genstudio.ui.widgets.images import contain_rect, from_png, rounded, smooth_for
from genstudio.ui.widgets.panel_frame import label, note, scrolled, strong

PICTURE = 88
MOST_FACTS = 300
LOOKED_AT = 256
NOTHING_TAKES_IT = "No model here takes a prompt: the settings can be read, not used."


class ForeignSheet(Sheet):
    """Stands over whatever panel is in sight; every use can be undone from its toast."""

    def __init__(self, state: ForeignState, looker: Looker, parent: QWidget) -> None:
        super().__init__("Made elsewhere", parent)
        self._state, self._looker = state, looker
        self.picture = QLabel()
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName("The picture")
        self.name, self.origin = strong(""), note("")
        self.facts = FactsView()
        self.where, self.left_out = note(""), note("")
        self.prompt = Button("Use prompt", kind="primary")
        self.everything = Button("Use all that fits", "settings")
        self.input = Button("Use as picture", "image")
        self.copy = Button("Copy", "copy", kind="quiet")
        self.copy.setAccessibleName("Copy all settings as text")
        self._loader = pictures.Loader(self, threads=1)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.name)
        words.addWidget(self.origin)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.picture)
        head.addLayout(words, 1)
        self.column.addLayout(head)
        said = QHBoxLayout()
        said.addWidget(label("What it says"), 1)
        said.addWidget(self.copy)
        self.column.addLayout(said)
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addWidget(self.facts)
        inner.addStretch(1)
        self._scroll = scrolled(page)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName("Settings of the picture")
        for widget in (self._scroll, self.where, self.left_out, self.prompt):
            self.column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.everything, 1)
        row.addWidget(self.input, 1)
        self.column.addLayout(row)

    def _connect(self) -> None:
        state = self._state
        self.prompt.clicked.connect(lambda: state.use_prompt())
        self.everything.clicked.connect(lambda: state.use_all())
        self.input.clicked.connect(lambda: state.use_picture())
        self.copy.clicked.connect(self.facts.copy)
        self._loader.ready.connect(self._show_picture)
        state.used.connect(self._on_used)

    def show_file(self) -> None:
        """The file that the state names; the picture follows when it has been read."""
        found, path = self._state.found, self._state.path
        if found is None:
            return
        self.name.setText(path.name)
        self.origin.setText(f"Made with {found.software}. The file is only read.")
        self.facts.set_facts(found.facts())
        self.picture.setPixmap(QPixmap())
        self._loader.forget()
        self._loader.ask(path, lambda: from_png(self._looker.picture(path, LOOKED_AT)))
        self._show_fit()
        self.open_sheet(self.prompt if self.prompt.isEnabled() else self.leave)

    def close_loader(self) -> None:
        """Let the look under way end."""
        self._loader.close()

    def place(self) -> None:
        """As high as what it says, up to a part of the window."""
        width = self.width() - 2 * SIDE - 16
        form = self.facts.layout()
        wanted = (
            form.heightForWidth(width) if form.hasHeightForWidth() else form.sizeHint().height()
        )
        room = max(80, self.parentWidget().height() - 420)
        self._scroll.setFixedHeight(min(wanted + 8, MOST_FACTS, room))
        for words in (self.where, self.left_out, self.origin):
            words.setVisible(bool(words.text()))
        super().place()

    def _show_fit(self) -> None:
        fits, slot = self._state.fit(), self._state.slot()
        self.prompt.setEnabled(fits is not None and bool(fits.prompts))
        self.everything.setEnabled(fits is not None and fits.fits_more)
        self.input.setEnabled(slot is not None)
        self.input.setToolTip(slot.text if slot else "No model here takes a picture")
        self.where.setText(f"Fits {fits.place}." if fits else NOTHING_TAKES_IT)
        self.left_out.setText(" ".join(fits.left_out) if fits else "")
        self.place()

    def _on_used(self, what: str) -> None:
        if not self.isVisible():
            return
        if what == "all":
            self.close_sheet()
        else:
            self._show_fit()

    def _show_picture(self, path: object, image: object) -> None:
        if path != self._state.path or not isinstance(image, QImage):
            return
        room = self.picture.contentsRect().toRectF()
        side = contain_rect(image.size(), room).size().toSize()
        smooth = smooth_for(image, "auto")
        made = rounded(image, side, RADIUS_PICTURE, self.devicePixelRatioF(), smooth)
        self.picture.setPixmap(made)
