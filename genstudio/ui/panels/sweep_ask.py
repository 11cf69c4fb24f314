"""Asking for many at once: a sweep of two settings, or a list; stands below the form."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from genstudio.core.controls import Choice, Switch, Text
from genstudio.core.sweep import AxisControl, hint
from genstudio.studio.lists import LISTS
from genstudio.ui.state.list_state import PICTURES, PROMPTS
from genstudio.ui.state.sweep_state import (
    ACROSS,
    DOWN,
    LIST,
    ONCE,
    SWEEP,
    Draft,
    SweepState,
)
from genstudio.ui.widgets.axis_edit import AxisEdit, AxisWords
from genstudio.ui.widgets.buttons import PillRow
from genstudio.ui.widgets.drop_zone import DropZone
from genstudio.ui.widgets.panel_frame import label

_MODES = {
    ONCE: ("Once", "What the form says"),
    SWEEP: ("Sweep", "Vary one or two settings and compare the pictures in a labelled grid"),
    LIST: ("List", "The same for every prompt of a list, or every picture of a folder"),
}
_KINDS = {PROMPTS: "Prompts", PICTURES: "Folder of pictures"}
_REST_MS = 150


class FolderZone(DropZone):
    """A drop zone for one folder."""

    def choose(self) -> None:
        """Let the user pick a folder."""
        path = QFileDialog.getExistingDirectory(self, self.text(), "")
        if path:
            self.dropped.emit([path])

    def accepts(self, paths: list[str]) -> bool:  # type: ignore[override]
        """One folder."""
        return len(paths) == 1 and Path(paths[0]).is_dir()


class SweepAsk(QWidget):
    """Pills that say how often, and the fields of a sweep or of a list."""

    def __init__(self, state: SweepState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.modes, self.kinds = PillRow(), PillRow()
        self.axes = {ACROSS: AxisEdit("Across"), DOWN: AxisEdit("Down")}
        self.prompts = QPlainTextEdit(state.list.text)
        self.file = DropZone("A file of prompts", ".txt, .csv; or type them above", LISTS)
        self.folder = FolderZone("A folder of pictures", "Drop it, or press to choose")
        self._options: tuple[str, ...] = ()
        # Typing must not wait for a hundred cells to be checked.
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(lambda: state.list.set_text(self.prompts.toPlainText()))
        self._reveal = QTimer(self)
        self._reveal.setSingleShot(True)
        self._reveal.timeout.connect(self._show_whole)
        self._name_all()
        self._lay_out()
        self._connect()
        self.show_state()

    def close_asking(self) -> None:
        """No timer is left running."""
        self._rest.stop()
        self._reveal.stop()

    def _name_all(self) -> None:
        self.modes.setAccessibleName("How often")
        self.kinds.setAccessibleName("A list of")
        self.prompts.setAccessibleName("Prompts, one a line")
        self.prompts.setPlaceholderText("One prompt a line")
        self.prompts.setTabChangesFocus(True)
        self.prompts.setFixedHeight(96)
        self.prompts.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        head = label("Make")
        head.setBuddy(self.modes)
        widgets: tuple[QWidget, ...] = (
            head,
            self.modes,
            *self.axes.values(),
            self.kinds,
            self.prompts,
            self.file,
            self.folder,
        )
        for widget in widgets:
            column.addWidget(widget)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        state = self._state
        state.changed.connect(self.show_state)
        self.modes.changed.connect(self._choose_mode)
        self.kinds.changed.connect(state.list.set_kind)
        for which, edit in self.axes.items():
            edit.changed.connect(lambda which=which: self._take_axis(which))
        self.prompts.textChanged.connect(self._rest.start)
        for zone in (self.file, self.folder):
            zone.dropped.connect(lambda paths: state.list.set_source(Path(paths[0])))
            zone.cleared.connect(lambda: state.list.set_source(None))

    # ---- state -> widgets

    def show_state(self) -> None:
        """Everything as the state says."""
        state = self._state
        modes = state.modes
        if modes != self._options:
            self._options = modes
            self.modes.set_options([(mode, *_MODES[mode]) for mode in modes])
        self.modes.set_value(state.mode)
        self.setVisible(len(modes) > 1)
        for which, edit in self.axes.items():
            edit.setVisible(state.mode == SWEEP)
            if state.mode == SWEEP:
                self._show_axis(which, edit)
        self._show_list()

    def _show_axis(self, which: str, edit: AxisEdit) -> None:
        state = self._state
        settings = [(control.name, control.label) for control in state.controls]
        edit.set_settings([*([("", "Nothing")] if which == DOWN else []), *settings])
        draft, control = state.draft(which), state.control(which)
        edit.show_words(AxisWords(draft.name, draft.values, draft.find))
        if control is None:
            edit.show_kind("")
        else:
            edit.show_kind(hint(control), _options(control), isinstance(control, Text))
        edit.say(*state.told(which))

    def _show_list(self) -> None:
        on, state = self._state.mode == LIST, self._state.list
        kind = state.kind
        kinds = state.kinds
        if on and len(kinds) > 1:
            self.kinds.set_options([(name, _KINDS[name]) for name in kinds])
            self.kinds.set_value(kind)
        self.kinds.setVisible(on and len(kinds) > 1)
        self.prompts.setVisible(on and kind == PROMPTS)
        self.file.setVisible(on and kind == PROMPTS)
        self.folder.setVisible(on and kind == PICTURES)
        if self.prompts.toPlainText() != state.text and not self._rest.isActive():
            self.prompts.setPlainText(state.text)
            self._rest.stop()
        for zone, name in ((self.file, PROMPTS), (self.folder, PICTURES)):
            source = state.sources.get(name)
            zone.set_file(str(source.path) if source else "")

    # ---- widgets -> state

    def _choose_mode(self, mode: str) -> None:
        self._state.set_mode(mode)
        first = {SWEEP: self.axes[ACROSS].values, LIST: self.prompts}.get(mode)
        if first is not None and first.isVisible():
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reveal.start()

    def _show_whole(self) -> None:
        """Scroll the column until its end is in sight, once the fields are laid out."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(self, 0, 16)

    def _take_axis(self, which: str) -> None:
        words = self.axes[which].words()
        self._state.set_draft(which, Draft(words.name, words.values, words.find))


def _options(control: AxisControl) -> list[tuple[str, str]]:
    """What can be picked: options of a choice, off and on."""
    if isinstance(control, Choice):
        return [(option.value, option.label) for option in control.options]
    return [("off", "Off"), ("on", "On")] if isinstance(control, Switch) else []
