"""Settings: on the left what can be chosen, on the right what follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from genstudio.core import files
from genstudio.core.artifact import Artifact, Provenance
from genstudio.core.controls import Control
from genstudio.core.errors import GenStudioError
from genstudio.core.request import Request
from genstudio.ui import data_folder
from genstudio.ui.panels.font_box import FontBox
from genstudio.ui.state import words
from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button, SureButton
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.facts import FactsView
from genstudio.ui.widgets.panel_frame import Panel, box, note, scrolled, strong

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Look", ("theme", "motion")),
    ("Machine", ("device", "threads", "memory_mb")),
    ("Files", ("metadata", "keep_unfinished", "trash_days")),
)
"""Headings with the settings below them; settings named nowhere come last."""

WIDEST = 920
OFFLINE = "Works offline: nothing is downloaded, nothing is sent."


def grouped(controls: tuple[Control, ...]) -> list[tuple[str, list[Control]]]:
    """The controls under their headings, none lost."""
    by_name = {control.name: control for control in controls}
    groups = [
        (title, [by_name.pop(name) for name in names if name in by_name]) for title, names in GROUPS
    ]
    if by_name:
        groups.append(("More", list(by_name.values())))
    return [(title, members) for title, members in groups if members]


class SettingsPanel(Panel):
    """Every change holds at once and is kept at once; there is no OK."""

    def __init__(self, state: Any, parent: QWidget | None = None) -> None:
        super().__init__("Settings", "This studio", parent)
        self._state = state
        self._home = state.studio.home
        self._forms: list[ControlForm] = []
        for title, controls in grouped(state.settings.controls):
            self._forms.append(self._form(title, controls))
        help_button = Button("Help", "help", kind="fold")
        help_button.setAccessibleName("What these settings mean")
        help_button.clicked.connect(self._show_help)
        self.ask.add(help_button)
        page = QWidget()
        page.setMaximumWidth(WIDEST)
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 0, 20, 20)
        column.setSpacing(12)
        boxes = (self._data_box, self._font_box, self._written_box, self._keys_box, self._about_box)
        for make in boxes:
            column.addWidget(make())
        column.addStretch(1)
        self.answer.set_content(scrolled(page))
        self._measurer = data_folder.Measurer(self._home, self)
        self._measurer.measured.connect(self._show_parts)
        state.settings.changed.connect(lambda *_: self._refresh())
        self._refresh()

    def activated(self) -> None:
        """Measure anew at each showing."""
        self._measurer.start()
        self._refresh()

    def _form(self, title: str, controls: list[Control]) -> ControlForm:
        form = ControlForm(controls, help_button=False)
        form.changed.connect(self._changed)
        self.ask.add(form, title)
        return form

    def _show_help(self) -> None:
        from genstudio.ui.widgets.help_sheet import HelpSheet

        HelpSheet([(c.label, c.help) for c in self._state.settings.controls], self).open_near()

    def _changed(self, name: str, value: object, dragging: bool) -> None:
        if not dragging and not self._state.settings.change(name, value):
            self._refresh()

    def _refresh(self) -> None:
        values = self._state.settings.values.model_dump(mode="json")
        for form in self._forms:
            names = {control.name for control in form.controls()}
            form.set_values({name: values[name] for name in names})
        self._level.setText(
            {
                "full": "Full: the settings, the model and the AI label.",
                "label": "Label only: that AI made it, and nothing else.",
                "bare": "Bare pixels: nothing.",
            }.get(values["metadata"], "")
        )
        self._written.setPlainText(self._what_is_written(values["metadata"]))

    # ---- data folder

    def _data_box(self) -> QFrame:
        frame, column = box()
        column.addWidget(strong("Data folder"))
        self._facts = FactsView()
        column.addWidget(self._facts)
        row = QHBoxLayout()
        show = Button("Open in the file manager", "folder")
        show.clicked.connect(self._open_folder)
        other = Button("Use another folder…")
        other.setToolTip("Holds from the next start; nothing is moved or copied")
        other.clicked.connect(self._choose_folder)
        for button in (show, other):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._next = note("")
        self._next.hide()
        column.addWidget(self._next)
        self._sizes = QGridLayout()
        self._sizes.setContentsMargins(0, 8, 0, 0)
        self._sizes.setVerticalSpacing(4)
        self._sizes.setHorizontalSpacing(16)
        self._sizes.setColumnStretch(2, 1)
        column.addLayout(self._sizes)
        self._rows: dict[str, tuple[QLabel, SureButton | None]] = {}
        for number, (key, title, _folder, clean) in enumerate(data_folder.parts_of(self._home)):
            self._add_row(number, key, title, clean)
        return frame

    def _add_row(self, number: int, key: str, title: str, clean: str) -> None:
        name, size = QLabel(title), QLabel("…")
        name.setProperty("role", "dim")
        size.setFont(font(13, tabular=True))
        self._sizes.setRowMinimumHeight(number, 28)
        self._sizes.addWidget(name, number, 0)
        self._sizes.addWidget(size, number, 1)
        button = None
        if clean:
            question = "Delete for good?" if key == "trash" else "Really clear?"
            button = SureButton(clean, question)
            button.setProperty("kind", "pill")
            button.setAccessibleName(f"{clean}: {title}")
            button.sure.connect(lambda: self._clean(key))
            self._sizes.addWidget(button, number, 3)
        self._rows[key] = (size, button)

    def _show_parts(self, parts: list[data_folder.Part]) -> None:
        for part in parts:
            size, button = self._rows[part.key]
            size.setText(words.size(part.bytes))
            if button is not None:
                button.setEnabled(part.bytes > 0)
        total = sum(part.bytes for part in parts)
        free = files.free_bytes(self._home.root)
        self._facts.set_facts(
            [
                ("Place", str(self._home.root)),
                ("Holds", words.size(total)),
                ("Free there", words.size(free)),
            ]
        )

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._home.root)))

    def _choose_folder(self) -> None:
        start = str(self._home.root)
        chosen = QFileDialog.getExistingDirectory(self, "Data folder from the next start", start)
        if chosen:
            self.use_folder(Path(chosen))

    def use_folder(self, folder: Path) -> None:
        """Take `folder` from the next start on."""
        try:
            data_folder.choose_for_next_start(folder)
        except GenStudioError as error:
            self._state.problem.emit(error.problem)
            return
        self._next.setText(f"From the next start: {folder}. What is here stays here.")
        self._next.show()
        self._state.said.emit(f"The next start uses {folder.name}", "Undo", self._keep_folder)

    def _keep_folder(self) -> None:
        data_folder.forget_choice()
        self._next.hide()

    def _clean(self, key: str) -> None:
        try:
            self._state.said.emit(data_folder.clean(self._state.studio, key), "", None)
        except GenStudioError as error:
            self._state.problem.emit(error.problem)
        self._measurer.start()

    # ---- what exports write

    def _written_box(self) -> QFrame:
        frame, column = box()
        column.addWidget(strong("What an exported picture says about itself"))
        self._level = note("")
        column.addWidget(self._level)
        self._written = QPlainTextEdit()
        self._written.setReadOnly(True)
        self._written.setFont(font(12))
        self._written.setFixedHeight(190)
        self._written.setTabChangesFocus(True)
        self._written.setAccessibleName("Exactly what is written besides the pixels")
        column.addWidget(self._written)
        return frame

    def _what_is_written(self, level: str) -> str:
        """Written into a sample file and read back, for the newest result or an example."""
        from genstudio.ui.panels.written import written_text

        return written_text(self._sample(), ".png", level)  # type: ignore[arg-type]

    def _sample(self) -> Artifact:
        try:
            newest = self._state.studio.gallery.list(limit=1)
        except GenStudioError:
            newest = []
        return newest[0] if newest else example()

    # ---- music

    def _font_box(self) -> QFrame:
        frame, column = box()
        column.addWidget(strong("Instruments of music"))
        column.addWidget(FontBox(self._state.fonts))
        return frame

    # ---- keys and about

    def _keys_box(self) -> QFrame:
        frame, column = box()
        column.addWidget(strong("Keys"))
        column.addWidget(note("Every command has a key; each can be changed."))
        button = Button("Show and change keys", "keyboard")
        button.clicked.connect(self._show_keys)
        column.addLayout(_left(button))
        return frame

    def _show_keys(self) -> None:
        from genstudio.ui.widgets.key_sheet import KeySheet

        KeySheet(self.window()).show()

    def _about_box(self) -> QFrame:
        frame, column = box()
        column.addWidget(strong("About"))
        column.addWidget(note(OFFLINE))
        button = Button("About and licences", "info")
        button.clicked.connect(self._show_about)
        column.addLayout(_left(button))
        return frame

    def _show_about(self) -> None:
        from genstudio.ui.widgets.about import About

        About(self.window()).show()


def _left(button: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(button)
    row.addStretch(1)
    return row


def example() -> Artifact:
    """A result as it might be, shown while the gallery is empty."""
    request = Request(model="example", task="sample", values={"count": 16}, seed=42)
    provenance = Provenance(request=request, app="GenStudio", title="Example", family="example")
    return Artifact(id="example", file="example.png", created="", provenance=provenance)
