"""The first question of the Train panel: which data. A card with a menu, or a place to drop."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from genstudio.core.dataset import Dataset
from genstudio.core.stored import Json
from genstudio.ui import icons
from genstudio.ui.state import data_words, words
from genstudio.ui.state.data_state import DataState
from genstudio.ui.widgets import images
from genstudio.ui.widgets.data_card import GRID, DataCard
from genstudio.ui.widgets.drop_zone import DropZone

SLOT = "card"
SIDE = 64
MAX_KEPT = 8
ICONS = {"image": "image", "text": "text", "music": "music", "sound": "music"}


class DataPart(QObject):
    """`widget` shows the chosen dataset with a few of its pictures; its menu lists the others."""

    def __init__(self, data: DataState, parent: QObject) -> None:
        super().__init__(parent)
        self._data = data
        self._sheets: dict[tuple[str, str], list[QImage]] = {}
        self.widget = QWidget()
        self.card = DataCard()
        self.drop = DropZone("Add your data", "Drop pictures, texts, a folder or a zip", many=True)
        self._stack = QStackedLayout(self.widget)
        self._stack.addWidget(self.drop)
        self._stack.addWidget(self.card)
        self.card.clicked.connect(self.open_menu)
        self.drop.dropped.connect(self._look)
        data.changed.connect(self.show_data)
        data.chosen.connect(lambda _name: self.show_data())
        self.show_data()

    def close(self) -> None:
        """Wait for no more pictures."""
        self._data.looks.forget(SLOT)

    def show_data(self) -> None:
        """The chosen dataset, or the place to drop the first one."""
        found = self._data.dataset
        shown = self.card if found else self.drop
        self._stack.setCurrentWidget(shown)
        self.widget.setFixedHeight(shown.sizeHint().height())
        if found is None:
            self._data.looks.forget(SLOT)
            return
        lines = (data_words.summary(found), skipped(found))
        self.card.set_data(found.title or found.name, lines, ICONS.get(found.kind, "folder"))
        self._show_pictures(found)

    def _show_pictures(self, found: Dataset) -> None:
        key = (found.name, found.sha256)
        self.card.set_pictures(self._sheets.get(key, []))
        if key in self._sheets or found.kind != "image":
            self._data.looks.forget(SLOT)
            return
        pictures: dict[int, QImage] = {}
        body: dict[str, Json] = {
            "name": found.name, "first": 0, "count": GRID * GRID, "side": SIDE,
            "text": "", "class": "", "which": "train",
        }  # fmt: skip
        self._data.looks.ask(
            SLOT,
            "browse",
            body,
            lambda _data: self._keep(key, pictures),
            lambda index, png: pictures.update({index: images.from_png(png)}),
        )

    def _keep(self, key: tuple[str, str], pictures: dict[int, QImage]) -> None:
        self._sheets[key] = [pictures[index] for index in sorted(pictures)]
        while len(self._sheets) > MAX_KEPT:
            del self._sheets[next(iter(self._sheets))]
        found = self._data.dataset
        if found is not None and (found.name, found.sha256) == key:
            self.card.set_pictures(self._sheets[key])

    # ---- choosing

    def open_menu(self) -> QMenu:
        """All datasets, and the way to more."""
        menu = QMenu(self.widget)
        menu.setAccessibleName("Data")
        for found in self._data.datasets():
            entry = menu.addAction(f"{found.title or found.name}\t{_count(found)}")
            entry.setCheckable(True)
            entry.setChecked(found.name == self._data.current)
            entry.triggered.connect(lambda _on=False, name=found.name: self._data.choose(name))
        menu.addSeparator()
        more = menu.addAction(icons.icon("plus"), "Add data, or a starter set…")
        more.triggered.connect(self._data.open_new)
        menu.setMinimumWidth(self.card.width())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.card.mapToGlobal(QPoint(0, self.card.height() + 4)))
        return menu

    def _look(self, paths: list[str]) -> None:
        self.drop.clear()
        self._data.look(paths)


def skipped(found: Dataset) -> str:
    """`3 skipped: 2 cannot be read, 1 exact copies of others`."""
    counts: dict[str, int] = {}
    for finding in found.findings:
        if finding.level == "skipped" and finding.why:
            counts[finding.why] = counts.get(finding.why, 0) + 1
    if not found.skipped:
        if found.kind in ("text", "music") and found.facts.count < data_words.FEW_TEXTS:
            return "the end of each is held out"
        return f"{words.number(found.valid_count)} held out" if found.valid_count else ""
    parts = [f"{words.number(count)} {_WHY.get(why, why)}" for why, count in counts.items()]
    told = ", ".join(parts[:2])
    return f"{words.number(found.skipped)} skipped" + (f": {told}" if told else "")


_WHY = {"duplicate": "double", "near-duplicate": "nearly double", "wrong type": "of other kinds"}


def _count(found: Dataset) -> str:
    return data_words.things(found.kind, found.facts.count)
