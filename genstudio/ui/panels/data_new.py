"""The data page before there is data: a place to drop, and the starters that ship."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from genstudio.ui.state.data_state import DataState
from genstudio.ui.state.data_words import things
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.drop_area import DropArea
from genstudio.ui.widgets.images import rounded, smooth_for
from genstudio.ui.widgets.panel_frame import label, note, scrolled, strong

PICTURE = QSize(236, 132)
WIDEST = 1080


class StarterCard(QFrame):
    """One starter: its pictures, what it is, who made it, a button."""

    wanted = Signal(str)

    def __init__(self, starter: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "true")
        self.starter = starter
        self._image = QImage(str(starter.preview))
        self.picture = QLabel()
        self.picture.setFixedHeight(PICTURE.height())
        self.picture.setMinimumWidth(1)  # cut at its sides where the window is narrow
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(f"Pictures of {starter.title}")
        self.button = Button("Add", "plus")
        self.button.clicked.connect(lambda: self.wanted.emit(starter.name))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(f"Adding {starter.title}")
        self.setAccessibleName(starter.title)
        self._lay_out(starter)
        self._draw()

    def _lay_out(self, starter: Any) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        column.addWidget(self.picture)
        column.addSpacing(4)
        column.addWidget(strong(starter.title))
        column.addWidget(note(starter.text))
        facts = QLabel(f"{things(starter.kind, starter.count)} · {starter.licence}")
        facts.setProperty("role", "small")
        facts.setWordWrap(True)
        facts.setToolTip(starter.attribution)
        column.addWidget(facts)
        column.addStretch(1)
        column.addWidget(self.bar)
        column.addWidget(self.button)

    def show_state(self, there: bool, adding: bool) -> None:
        """Whether it is a dataset already, or on its way to be one."""
        self.bar.setVisible(adding)
        self.bar.setRange(0, 0)
        self.button.setEnabled(not adding)
        self.button.set_icon("" if there or adding else "plus")
        self.button.set_text("Adding…" if adding else "Open" if there else "Add")
        self.button.setAccessibleName(f"{self.button.text()} {self.starter.title}")

    def show_progress(self, done: float, total: float) -> None:
        """How far the adding is."""
        self.bar.setRange(0, 1000 if total else 0)
        if total:
            self.bar.setValue(round(1000 * done / total))

    def changeEvent(self, event: QEvent) -> None:
        """The checkerboard behind transparent pictures follows the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "picture"):
            self._draw()

    def _draw(self) -> None:
        if not self._image.isNull():
            smooth = smooth_for(self._image, "auto")
            dpr = self.devicePixelRatioF()
            self.picture.setPixmap(rounded(self._image, PICTURE, 8, dpr, smooth))


class NewPage(QWidget):
    """Where data comes from."""

    def __init__(self, state: DataState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.cards: dict[str, StarterCard] = {}
        self.head = QLabel("Bring your own data")
        self.head.setProperty("role", "hero")
        self.back = Button("Back", "chevron-left", kind="quiet")
        self.under_way = Button("", kind="plain")
        self.area = DropArea(
            "Drop a folder, a zip or files anywhere on this window",
            "Pictures, class folders, captions beside them, npz and idx files; "
            "texts, MIDI and MusicXML, wav and flac are taken too. Nothing is uploaded.",
        )
        self._row = QHBoxLayout()
        self._row.setSpacing(16)
        self.broken = note("")
        self._lay_out()
        self._connect()
        self.show_starters()

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 4, 20, 20)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self.head)
        head.addStretch(1)
        head.addWidget(self.under_way)
        head.addWidget(self.back)
        column.addLayout(head)
        column.addWidget(note("A model learns from examples. A few hundred make a start."))
        column.addSpacing(4)
        column.addWidget(self.area)
        column.addSpacing(8)
        self._starter_label = label("Or begin with a small set that came with GenStudio")
        column.addWidget(self._starter_label)
        column.addLayout(self._row)
        column.addWidget(self.broken)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.setMaximumWidth(WIDEST + 40)
        outer.addWidget(scrolled(page))

    def _connect(self) -> None:
        state = self._state
        self.area.dropped.connect(state.look)
        self.back.clicked.connect(state.close_new)
        self.under_way.clicked.connect(state.show_import)
        state.changed.connect(self.show_state)
        state.importing.changed.connect(self.show_state)
        state.starter_progressed.connect(self._show_progress)

    def show_starters(self) -> None:
        """A card for each starter that ships."""
        starters = self._state.starters()
        for starter in starters:
            card = StarterCard(starter)
            card.wanted.connect(self._state.add_starter)
            self.cards[starter.name] = card
            self._row.addWidget(card, 1)
        self._starter_label.setVisible(bool(starters))
        self.show_state()

    def show_state(self) -> None:
        """Which starters are there, and the ways to go elsewhere."""
        state = self._state
        names = state.names()
        for name, card in self.cards.items():
            card.show_state(name in names, state.adding_starter(name))
        dataset = state.dataset
        self.back.setVisible(dataset is not None)
        if dataset is not None:
            self.back.set_text(f"Back to {dataset.title or dataset.name}")
        importing = state.importing
        self.under_way.setVisible(importing.active)
        self.under_way.set_text(f"Show {importing.subject}")
        self._show_broken()

    def _show_broken(self) -> None:
        problems = self._state.problems()
        self.broken.setVisible(bool(problems))
        self.broken.setText("\n".join(f"Cannot be used: {p.sentence}" for p in problems))

    def _show_progress(self, name: str, done: float, total: float) -> None:
        if name in self.cards:
            self.cards[name].show_progress(done, total)
