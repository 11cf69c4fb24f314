"""The dataset itself: its facts, and the words that can be changed: name, licence, credit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from genstudio.core.dataset import Dataset
from genstudio.ui.panels.licence_edit import CONSENTS, LicenceEdit
from genstudio.ui.state.data_words import dataset_facts
from genstudio.ui.widgets.buttons import Select
from genstudio.ui.widgets.facts import FactsView
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import label, note

CLASSES_TOLD = 40
FEW = "\nClasses are learnt once most of the data have one."


class AboutSide(QWidget):
    """`changed(field, value)` when one of the words was edited."""

    changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts, self.classes = FactsView(), note("")
        self.edit = Folded("Name, licence and credit")
        self.title, self.attribution = QLineEdit(), QLineEdit()
        self.licence, self.consent = LicenceEdit(), Select(CONSENTS)
        self._dataset: Dataset | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.facts)
        column.addWidget(self.classes)
        column.addWidget(self.edit)
        column.addStretch(1)
        for name, widget in (
            ("Name", self.title),
            ("Licence", self.licence),
            ("Credit", self.attribution),
            ("People in it", self.consent),
        ):
            heading = label(name)
            heading.setBuddy(widget)
            widget.setAccessibleName(name)
            self.edit.body.addWidget(heading)
            self.edit.body.addWidget(widget)
        self._connect()

    def _connect(self) -> None:
        self.title.editingFinished.connect(lambda: self._say("title", self.title.text()))
        self.attribution.editingFinished.connect(
            lambda: self._say("attribution", self.attribution.text())
        )
        self.licence.changed.connect(lambda: self._say("licence", self.licence.text()))
        self.consent.chosen.connect(lambda value: self._say("consent", value))

    def show_dataset(self, dataset: Dataset, classes: Sequence[str]) -> None:
        """All of one dataset; `classes` are all that its things have."""
        self._dataset = dataset
        self.facts.set_facts(dataset_facts(dataset))
        self.facts.setToolTip(dataset.source)
        told = ", ".join(classes[:CLASSES_TOLD])
        more = f" and {len(classes) - CLASSES_TOLD} more" if len(classes) > CLASSES_TOLD else ""
        few = "" if dataset.facts.classes else FEW
        self.classes.setText(f"{told}{more}{few}")
        self.classes.setVisible(bool(classes))
        self.title.setText(dataset.title or dataset.name)
        self.attribution.setText(dataset.attribution)
        self.attribution.setCursorPosition(0)
        self.licence.set_text(dataset.licence)
        if dataset.consent not in dict(_pairs()):
            self.consent.set_options((*CONSENTS, (dataset.consent, dataset.consent)))
        self.consent.set_value(dataset.consent)

    def _say(self, field: str, value: str) -> None:
        value = value.strip()
        if self._dataset is None or value == getattr(self._dataset, field):
            return
        if field == "title" and not value:
            self.title.setText(self._dataset.title or self._dataset.name)
            return
        self.changed.emit(field, value)


def _pairs() -> list[tuple[str, str]]:
    return [(option[0], option[1]) for option in CONSENTS]
