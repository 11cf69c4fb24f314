"""What looks inside a text, hung into the Text panel: its pages, its bars, its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from genstudio.core.document import Document
from genstudio.core.errors import GenStudioError
from genstudio.ui import shortcuts
from genstudio.ui.panels.inside_page import InsidePage
from genstudio.ui.panels.templates_page import TemplatesPage
from genstudio.ui.panels.text_colours import TextColours
from genstudio.ui.panels.text_export import TextExport
from genstudio.ui.panels.versions_page import VersionsPage
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.buttons import Pill
from genstudio.ui.widgets.find_bar import FindBar
from genstudio.ui.widgets.passages import written_by
from genstudio.ui.widgets.text_places import in_characters

if TYPE_CHECKING:
    from genstudio.ui.panels.text import TextPanel

VERSIONS, INSIDE, TEMPLATES = "versions", "inside", "templates"
_WORDS = {VERSIONS: "Versions", INSIDE: "Inside", TEMPLATES: "Templates"}
_AUTHORS = 3
"""Place in the page: below the legend, before the buttons."""


class TextInside(QObject):
    """Binds pages to the panel and to the states; `colours` looks after the text itself."""

    def __init__(self, panel: TextPanel, state: StudioState) -> None:
        super().__init__(panel)
        self._panel, self._writing, self._session = panel, state.writing, state.session
        self._versions, self._tables = state.versions, state.tables
        self._edit = panel.page.edit
        self.find = FindBar(self._edit, self._edit.marks)
        self.find.format = written_by(0)
        self.versions = VersionsPage(self._versions)
        self.inside = InsidePage(state.inside)
        self.templates = TemplatesPage(self._tables)
        self.colours = TextColours(panel, self.inside, state.inside, self._versions)
        self.layer = self.colours.layer
        self.pills = {key: Pill(words) for key, words in _WORDS.items()}
        self.export = Pill("Export…", checkable=False, icon="export")
        self.sheet = TextExport(state.text_export, self._saved, self._selected, panel.answer)
        self._hang_in()
        self._connect()
        self._restore(self._session.get("text.inside", {}))
        self._session.part("text.inside", self._snapshot)

    def _hang_in(self) -> None:
        panel, pages = self._panel, (self.versions, self.inside, self.templates)
        panel.page.above.addWidget(self.find)
        for (key, pill), page in zip(self.pills.items(), pages, strict=True):
            panel.side.add(key, _WORDS[key], page)
            panel.answer.right.addWidget(pill)
            pill.toggled.connect(lambda _on, key=key: self._toggle(key))
        panel.answer.right.addWidget(self.export)
        self.inside.column.insertWidget(_AUTHORS, panel.authors)

    def _connect(self) -> None:
        panel = self._panel
        panel.side.turned.connect(self._on_side)
        self.find.found.connect(panel.page.selection.dismiss)
        self.export.clicked.connect(self._open_export)
        self._versions.bind(panel.content)
        self._edit.edited.connect(self.versions.text_changed)
        self.templates.write_wanted.connect(self.write_template)
        self.templates.insert_wanted.connect(lambda: self.insert_template())
        self.inside.weigh_wanted.connect(self.show_inside)
        self.inside.colours_wanted.connect(lambda _on: self._session.touch())
        for name, call in (
            ("find", self._find),
            ("replace", lambda: self._find(replace=True)),
            ("chances", self.inside.colours.toggle),
            ("hangs_on", self.inside.weigh.click),
            ("export", self._open_export),
        ):
            shortcuts.bind(panel, name, call)

    # ---- what is open

    def cancel(self) -> bool:
        """Esc: leave what is open over the text; False where nothing is."""
        if self.layer.popup() is not None:
            self.layer.close_popup()
        elif self.sheet.isVisible():
            self.sheet.close_sheet()
        elif self.find.isVisible():
            self.find.close_bar()
        else:
            return False
        return True

    def _find(self, replace: bool = False) -> None:
        self._panel.page.selection.dismiss()  # it would stand before the words looked for
        self.find.open_bar(replace=replace)

    def _open_export(self) -> None:
        self._panel.page.selection.dismiss()
        self.sheet.open_for()

    def show_inside(self) -> None:
        """Bring the page that looks inside into sight."""
        self._panel.side.show_page(INSIDE)

    def _toggle(self, key: str) -> None:
        if self.pills[key].isChecked() != (self._panel.side.page() == key):
            self._panel.side.toggle(key)

    def _on_side(self, page: str) -> None:
        if page in self.pills:
            self._panel.page.selection.dismiss()
        for key, pill in self.pills.items():
            pill.setChecked(key == page)
        self._session.touch()

    def _snapshot(self) -> dict[str, Any]:
        page = self._panel.side.page()
        return {"colours": self.layer.on, "page": page if page in self.pills else ""}

    def _restore(self, saved: object) -> None:
        kept = saved if isinstance(saved, dict) else {}
        self.inside.colours.setChecked(kept.get("colours") is True)
        if kept.get("page") in self.pills:
            self._panel.side.show_page(str(kept["page"]))

    # ---- the document as others need it

    def _saved(self) -> Document:
        """The open document with what stands in the editor now."""
        self._edit.accept_draft()
        self._writing.documents.save()
        return self._writing.documents.current

    def _selected(self) -> tuple[int, int] | None:
        start, end = self._edit.selection()
        if start == end:
            return None
        ((first, last, _n),) = in_characters(self._edit.text(), [(start, end, 0)])
        return first, last

    # ---- templates

    def insert_template(self) -> bool:
        """The filled template at the cursor; in a text that has begun on a line of its own."""
        try:
            text, _values = self._tables.filled()
        except GenStudioError as error:
            self._tables.problem.emit(error.problem)
            return False
        edit = self._edit
        edit.accept_draft()
        start, end = edit.selection()
        before, _after = edit.around(start, end)
        missing = 2 - (len(before) - len(before.rstrip("\n"))) if before else 0
        edit.insert_passage(start, end, "\n" * max(0, missing) + text, 0)
        edit.setFocus()
        return True

    def write_template(self) -> None:
        """Write from the filled template: on the empty page, else in a new document."""
        try:
            _text, values = self._tables.filled()
        except GenStudioError as error:
            self._tables.problem.emit(error.problem)
            return
        if self._edit.text().strip():
            self._writing.documents.new()
        if self.insert_template():
            ask, onward = self._writing.ask, self._writing.continuing()
            before = dict(ask.values)
            ask.set_values({**before, **values})
            self._panel.write_with(onward.name if onward else "")
            ask.set_values(before)
