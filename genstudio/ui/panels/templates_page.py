"""Templates beside the text: fields to fill in, and a table with one text for each row."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from genstudio.core.stored import first_fault
from genstudio.core.template import Template, plain_fields
from genstudio.studio.tables import TABLES
from genstudio.ui.state.table_state import MOST_HERE, TableState
from genstudio.ui.state.words import several, short_path
from genstudio.ui.widgets.buttons import Button, Select
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.drop_zone import DropZone
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import label, note, scrolled

REVEAL_MS = 300
"""While the words above the button find their lines, it is kept in sight."""


class TemplatesPage(QWidget):
    """`write_wanted` writes the filled template, `insert_wanted` only puts it into the text."""

    write_wanted = Signal()
    insert_wanted = Signal()

    def __init__(self, state: TableState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: Template | None = None
        self._dropped = False
        self.pick, self.form = Select(), ControlForm()
        self.help, self.learned = note(""), note("")
        self.switch = Button("")
        self.write = Button("Write", "text")
        self.insert = Button("Only insert", kind="quiet")
        self.zone = DropZone("A table", ".csv with a column for each field", TABLES)
        self.told, self.place = note(""), note("")
        self.elsewhere = Button("Change…", "folder", "quiet")
        self.all = Button("Write all rows", "queue")
        self.own = Folded("A template of your own")
        self.name, self.text = QLineEdit(), QPlainTextEdit()
        self.keep, self.remove = Button("Keep"), Button("Remove", "trash", "quiet")
        self._name_all()
        self._lay_out()
        self._connect()
        self.show_state()

    def _name_all(self) -> None:
        names: dict[QWidget, str] = {
            self.pick: "Template",
            self.elsewhere: "Write the table elsewhere",
            self.name: "Name of the template",
            self.text: "Text of the template",
            self.keep: "Keep the template",
            self.remove: "Remove this template",
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)
        self.name.setPlaceholderText("Name")
        self.name.setMaxLength(60)
        self.text.setPlaceholderText("Dear {name},\nthank you for {gift}.")
        self.text.setFixedHeight(96)
        self.text.setTabChangesFocus(True)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        parts: tuple[QWidget, ...] = (self.pick, self.help, self.form, self.learned, self.switch)
        for part in parts:
            column.addWidget(part)
        column.addLayout(_row(self.write, self.insert))
        head = label("One text for each row")
        head.setContentsMargins(0, 12, 0, 0)
        for part in (head, self.zone, self.told):
            column.addWidget(part)
        column.addLayout(_row(self.place, self.elsewhere))
        column.addWidget(self.all)
        self.own.body.addWidget(note("Words in braces become fields: {name}."))
        for part in (self.name, self.text):
            self.own.body.addWidget(part)
        self.own.body.addLayout(_row(self.keep, self.remove))
        column.addWidget(self.own)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = scrolled(page)
        outer.addWidget(self._area)
        self._reveal = QTimer(self)
        self._reveal.setSingleShot(True)
        self._reveal.setInterval(REVEAL_MS)
        self._reveal.timeout.connect(self._show_button)
        self._area.verticalScrollBar().rangeChanged.connect(self._on_range)

    def _connect(self) -> None:
        state = self._state
        self.pick.chosen.connect(state.choose)
        self.form.changed.connect(lambda name, value, _drag: state.set_value(name, str(value)))
        self.write.clicked.connect(self.write_wanted)
        self.insert.clicked.connect(self.insert_wanted)
        self.switch.clicked.connect(state.use_learner)
        self.zone.dropped.connect(self._take_table)
        self.zone.cleared.connect(lambda: state.set_source(None))
        self.elsewhere.clicked.connect(self._choose_target)
        self.all.clicked.connect(lambda: state.begin())
        self.keep.clicked.connect(self._keep)
        self.remove.clicked.connect(state.remove)
        self.own.toggled.connect(lambda _open: self._offer_own())
        state.changed.connect(self.show_state)

    def show_state(self) -> None:
        """Template, fields, table."""
        state, template = self._state, self._state.template
        self.pick.set_options([(one.id, one.name, one.help) for one in state.templates])
        if template is not None:
            self.pick.set_value(template.id)
            self.help.setText(template.help)
            if template != self._shown:
                self._shown = template
                self.form.set_controls(template.controls())
                self.form.set_values({**state.values})
        self.learned.setText(
            "" if state.learned else "The chosen model did not learn this form: expect the unusual."
        )
        self.learned.setVisible(bool(self.learned.text()))
        learner = state.learner
        self.switch.set_text(f"Use {learner.title}" if learner else "")
        self.switch.setVisible(learner is not None)
        self.remove.setEnabled(state.own)
        self._show_table()

    def _show_table(self) -> None:
        state, source = self._state, self._state.source
        self.zone.set_file(str(source.path) if source else "")
        self.told.setText(state.told())
        self.told.setVisible(bool(self.told.text()))
        rows = state.rows()
        self.place.setText(f"To {short_path(state.target, 30)}" if state.target else "")
        self.all.setEnabled(0 < rows <= MOST_HERE)
        if rows and self._dropped and self.isVisible():
            self._dropped = False
            self._reveal.start()
        for widget in (self.place, self.elsewhere, self.all):
            widget.setVisible(source is not None)
        self.all.set_text(f"Write {several(rows, 'text')}" if rows else "Write all rows")

    def _take_table(self, paths: list[str]) -> None:
        self._dropped = True
        self._state.set_source(Path(paths[0]))

    def _on_range(self, _least: int, _most: int) -> None:
        if self._reveal.isActive():
            self._show_button()

    def _show_button(self) -> None:
        self._area.ensureWidgetVisible(self.all, 0, 16)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is scrolled out of sight."""
        self._reveal.stop()
        super().hideEvent(event)

    def _choose_target(self) -> None:
        start = str(self._state.target or "")
        path, _ = QFileDialog.getSaveFileName(self, "Write the table to", start, "Tables (*.csv)")
        if path:
            self._state.set_target(Path(path))

    def _offer_own(self) -> None:
        template = self._state.template
        if self.own.is_open() and template is not None and not self.text.toPlainText():
            self.name.setText(template.name if self._state.own else "")
            self.text.setPlainText(template.text)

    def _keep(self) -> None:
        text = self.text.toPlainText()
        try:
            made = Template(name=self.name.text(), text=text, fields=plain_fields(text))
        except ValidationError as error:
            self.keep.setToolTip(first_fault(error))
            self.name.setFocus() if not self.name.text().strip() else self.text.setFocus()
            return
        self._state.keep(made)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for place, widget in enumerate(widgets):
        row.addWidget(widget, int(place == 0))
    return row
