"""The import sheet: what was found at the left, what the user says about it at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from genstudio.ui import shortcuts
from genstudio.ui.panels.data_report import ReportView
from genstudio.ui.panels.licence_edit import CONSENTS, LicenceEdit
from genstudio.ui.state.data_state import DataState
from genstudio.ui.state.data_words import many, things
from genstudio.ui.state.import_state import Fields
from genstudio.ui.state.words import number, size
from genstudio.ui.widgets.buttons import Button, PillRow, Select
from genstudio.ui.widgets.panel_frame import label, note, scrolled, title

WIDTH = 288
PLACES = (("refer", "Leave in place"), ("copy", "Copy"))
NEAR = (("keep", "Keep"), ("skip", "Skip"))


class AboutForm(QFrame):
    """Name, column, licence, credit, people, where the files stay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "true")
        self.setFixedWidth(WIDTH)
        self.name, self.column = QLineEdit(), Select()
        self.licence = LicenceEdit()
        self.attribution = QLineEdit()
        self.consent = Select(CONSENTS)
        self.place, self.near = PillRow(PLACES), PillRow(NEAR)
        self.place_note, self.near_note = note(""), note("")
        self._labels: dict[str, QLabel] = {}
        self._bytes = 0
        self._lay_out()
        self.place.changed.connect(lambda _v: self.show_place(self._bytes))

    def _lay_out(self) -> None:
        self.name.setMaxLength(120)
        self.attribution.setMaxLength(400)
        self.attribution.setPlaceholderText("Who made it, where it is from")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(6)
        for key, words, widgets in (
            ("name", "Name", [self.name]),
            ("column", "Take the texts from column", [self.column]),
            ("licence", "Licence", [self.licence]),
            ("attribution", "Credit", [self.attribution]),
            ("consent", "People in it", [self.consent]),
            ("place", "Files", [self.place, self.place_note]),
            ("near", "Near-duplicates", [self.near, self.near_note]),
        ):
            self._labels[key] = heading = label(words)
            heading.setContentsMargins(0, 6 if column.count() else 0, 0, 0)
            heading.setBuddy(widgets[0])
            column.addWidget(heading)
            for widget in widgets:
                column.addWidget(widget)
            if not widgets[0].accessibleName():
                widgets[0].setAccessibleName(words)
        column.addStretch(1)

    def show_place(self, total: int) -> None:
        """What referring or copying means; `total` in bytes (0: not known yet)."""
        self._bytes = total
        if self.place.value() == "copy":
            cost = f" ({size(total)})" if total else ""
            text = f"A copy{cost} is kept in GenStudio's own folder."
        else:
            text = "Files that are moved or deleted later are skipped in training."
        self.place_note.setText(text)

    def show_column(self, columns: tuple[str, ...], column: str) -> None:
        """Offer the columns of a table; none: there is nothing to choose."""
        self._labels["column"].setVisible(bool(columns))
        self.column.setVisible(bool(columns))
        whole = ("", "None: the file is one text")
        self.column.set_options([whole, *((name, name) for name in columns)])
        self.column.set_value(column)

    def show_near(self, kind: str, count: int) -> None:
        """Ask about near-duplicates where there are any."""
        for widget in (self._labels["near"], self.near, self.near_note):
            widget.setVisible(count > 0)
        text = f"{things(kind, count)} look nearly the same as another. Animations and "
        self.near_note.setText(text + f"pixel art have many; in photos such {many(kind)} repeat.")

    def fields(self) -> Fields:
        """What was filled in."""
        return Fields(
            title=self.name.text().strip(),
            copy=self.place.value() == "copy",
            licence=self.licence.text(),
            attribution=self.attribution.text().strip(),
            consent=self.consent.value(),
            skip_near=not self.near.isHidden() and self.near.value() == "skip",
        )

    def reset(self) -> None:
        """Empty, for other files."""
        self.name.clear()
        self.licence.set_text("")
        self.attribution.clear()
        self.consent.set_value("")
        self.place.set_value("refer")
        self.near.set_value("keep")
        self.show_column((), "")
        self.show_near("image", 0)
        self.show_place(0)


class ImportSheet(QWidget):
    """Follows the ImportState from the look to the adding."""

    def __init__(self, state: DataState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data, self._state = state, state.importing
        self._subject: tuple[object, ...] = ()
        self.head = title("")
        self.leave = Button("Cancel", kind="quiet")
        self.report, self.about = ReportView(), AboutForm()
        self.bar, self.said = QProgressBar(), note("")
        self.add = Button("Add", "", "primary", shortcuts.keys_text("generate"))
        self._lay_out()
        self._connect()
        self.show_state()

    def _lay_out(self) -> None:
        self.setAccessibleName("Add data")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Adding")
        self.bar.setFixedWidth(160)
        self.said.setWordWrap(False)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(20, 0, 20, 16)
        row.setSpacing(12)
        row.addWidget(self.report, 1)
        row.addWidget(self.about, 0, Qt.AlignmentFlag.AlignTop)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 8)
        head.addWidget(self.head, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 14)
        foot.setSpacing(12)
        foot.addWidget(self.bar)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(scrolled(page), 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        state = self._state
        state.changed.connect(self.show_state)
        state.progressed.connect(self._show_progress)
        state.preview_ready.connect(self.report.put_picture)
        self.about.column.chosen.connect(state.choose_column)
        self.about.near.changed.connect(lambda _v: self._show_button())
        self.report.again.clicked.connect(state.again)
        self.leave.clicked.connect(self._data.leave_import)
        self.add.clicked.connect(self.run)
        shortcuts.bind(self, "generate", self.run)

    def run(self) -> None:
        """Add what was found."""
        if self.add.isEnabled():
            self._data.add(self.about.fields())

    # ---- state -> widgets

    def show_state(self) -> None:
        """The phase, the report, the words that came with the data."""
        state = self._state
        if state.paths != self._subject:
            self._subject = state.paths
            self.about.reset()
        self.head.setText(f"Add {state.subject} as data")
        if state.phase == "checking":
            self.report.show_checking(state.subject)
        elif state.phase == "failed" and state.trouble is not None:
            self.report.show_failed(state.trouble)
        elif state.phase == "ready" and state.report is not None:
            self.report.show_report(state.report, state.pictures)
            self._fill_in()
        adding = state.phase == "adding"
        focus = QApplication.focusWidget()
        if adding and focus is not None and self.isAncestorOf(focus):
            self.leave.setFocus()  # what is switched off next would hand it to anything
        self.about.setEnabled(not adding)
        self.about.setVisible(state.phase != "failed")
        self.add.setVisible(state.phase != "failed")
        self.bar.setVisible(adding)
        self.bar.setRange(0, 0)
        self.said.setText("")
        self.leave.set_text("Stop" if adding else "Cancel")
        self._show_button()

    def _fill_in(self) -> None:
        """What the data say of themselves, where the user said nothing yet."""
        report, about = self._state.report, self.about
        if report is None:
            return
        if not about.name.text():
            about.name.setText(report.title or report.name)
        if not about.licence.text():
            about.licence.set_text(report.licence)
        if not about.attribution.text():
            about.attribution.setText(report.attribution)
            about.attribution.setCursorPosition(0)
        about.show_column(report.columns, self._state.column)
        about.show_near(report.kind, report.near)
        about.show_place(report.bytes)

    def _show_button(self) -> None:
        report, ready = self._state.report, self._state.phase == "ready"
        count = report.total if report else 0
        if report and self.about.fields().skip_near:
            count -= report.near
        self.add.setEnabled(ready and count > 0)
        words = f"Add {things(report.kind, count)}" if report and count else "Add"
        self.add.set_text("Adding…" if self._state.phase == "adding" else words)

    def _show_progress(self, done: float, total: float, text: str) -> None:
        if self._state.phase == "checking":
            self.report.show_progress(done, total, text)
            return
        self.bar.setRange(0, 1000 if total else 0)
        if total:
            self.bar.setValue(round(1000 * done / total))
        self.said.setText(f"{number(done)} of {number(total)}" if total else text.capitalize())
