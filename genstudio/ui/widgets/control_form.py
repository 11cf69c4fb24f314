"""A form built from controls: one table says which widget edits which kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from genstudio.core.controls import Choice, Control, Float, Seed, Text, is_input
from genstudio.core.errors import UsageError
from genstudio.core.stored import Json
from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button, PillRow, Select, Switch
from genstudio.ui.widgets.drop_zone import PICTURES, DropZone
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.mask_slot import MaskSlot
from genstudio.ui.widgets.number_edit import NumberEdit
from genstudio.ui.widgets.prompt_edit import PromptEdit
from genstudio.ui.widgets.seed_edit import SeedEdit
from genstudio.ui.widgets.strength_edit import StrengthEdit

LABEL_WIDTH = 92
PILLS_AT_MOST = 4
BESIDE_WIDTH = 184
BELOW_WIDTH = 286
LABEL_MOST = 108
FIELD_MOST = 157
"""What a label and its field may need to stand side by side in a column with a scroll bar."""


@dataclass(frozen=True)
class Field:
    """How the form talks to one widget; `wide` ones stand below their label."""

    widget: QWidget
    get: Callable[[], Any]
    put: Callable[[Any], None]
    wide: bool = False


Emit = Callable[[Any, bool], None]


def _number(control: Any, emit: Emit) -> Field:
    edit = NumberEdit(control)
    edit.changed.connect(emit)
    return Field(edit, edit.value, edit.set_value)


def _real(control: Float, emit: Emit) -> Field:
    if control.role != "noise":
        return _number(control, emit)
    edit = StrengthEdit(control)
    edit.changed.connect(emit)
    return Field(edit, edit.value, edit.set_value, wide=True)


def _switch(control: Any, emit: Emit) -> Field:
    switch = Switch()
    switch.setChecked(control.default)
    switch.toggled.connect(lambda on: emit(on, False))
    return Field(switch, switch.isChecked, switch.setChecked)


def _choice(control: Choice, emit: Emit) -> Field:
    options = [(o.value, o.label, o.help) for o in control.options]
    metrics = QFontMetrics(font(13))
    lengths = [metrics.horizontalAdvance(label) for _, label, _ in options]
    room = sum(length + 30 for length in lengths)
    if len(options) <= PILLS_AT_MOST and room <= BELOW_WIDTH:
        pills = PillRow(options)
        pills.set_value(control.default)
        pills.changed.connect(lambda value: emit(value, False))
        return Field(pills, pills.value, pills.set_value, wide=room > BESIDE_WIDTH)
    select = Select(options)
    select.set_value(control.default)
    select.chosen.connect(lambda value: emit(value, False))
    wide = max(lengths) + 44 > BESIDE_WIDTH
    return Field(select, select.value, select.set_value, wide=wide)


def _text(control: Text, emit: Emit) -> Field:
    if control.role:
        prompt = PromptEdit(control, lines=2)
        prompt.changed.connect(lambda text: emit(text, False))
        return Field(prompt, prompt.text, prompt.set_text, wide=True)
    if control.multiline:
        area = QPlainTextEdit(control.default)
        area.setPlaceholderText(control.placeholder)
        area.setTabChangesFocus(True)
        area.setFixedHeight(76)
        area.textChanged.connect(lambda: emit(area.toPlainText(), False))
        return Field(area, area.toPlainText, _quietly(area.toPlainText, area.setPlainText), True)
    line = QLineEdit(control.default)
    line.setPlaceholderText(control.placeholder)
    line.setMaxLength(control.max_length)
    line.textEdited.connect(lambda text: emit(text, False))
    return Field(line, line.text, _quietly(line.text, line.setText), wide=True)


def _quietly(get: Callable[[], str], put: Callable[[str], None]) -> Callable[[str], None]:
    """`put` only what is not there already: setting a text takes the cursor away."""
    return lambda text: put(text) if get() != text else None


def _seed(control: Any, emit: Emit) -> Field:
    edit = SeedEdit(name=control.label)
    edit.changed.connect(lambda seed: emit(seed, False))
    return Field(edit, edit.seed, edit.set_seed)


WIDGETS: dict[str, Callable[[Any, Emit], Field]] = {
    "int": _number,
    "float": _real,
    "switch": _switch,
    "choice": _choice,
    "text": _text,
    "seed": _seed,
}
"""Control kind -> widget. Inputs (files) have places of their own, see `ControlForm`."""


class ControlForm(QWidget):
    """Fields from top to bottom in the controls' order; those marked `more` are folded away."""

    changed = Signal(str, object, bool)
    input_changed = Signal(str, str)
    mask_requested = Signal(str)
    mask_again = Signal(str)

    def __init__(
        self,
        controls: Sequence[Control] = (),
        parent: QWidget | None = None,
        help_button: bool = True,
    ) -> None:
        super().__init__(parent)
        self._with_help = help_button
        self._controls: tuple[Control, ...] = ()
        self._fields: dict[str, Field] = {}
        self._zones: dict[str, DropZone] = {}
        self._masks: dict[str, MaskSlot] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None
        self._open = False
        self.set_controls(controls)

    def controls(self) -> tuple[Control, ...]:
        """What the form asks."""
        return self._controls

    def set_controls(self, controls: Sequence[Control]) -> None:
        """Ask something else; fields start with their defaults."""
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._controls = tuple(controls)
        self._fields, self._zones, self._masks = {}, {}, {}
        self._body = self._build()
        self._column.addWidget(self._body)

    # ---- values

    def values(self) -> dict[str, Json]:
        """Every value by name; seeds and inputs are asked for apart."""
        return {
            c.name: self._fields[c.name].get()
            for c in self._controls
            if c.name in self._fields and not isinstance(c, Seed)
        }

    def set_values(self, values: Mapping[str, Json]) -> list[str]:
        """Show values without saying so; returns the names that could not be used."""
        refused = []
        kinds = {c.name: c for c in self._controls}
        for name, value in values.items():
            control, field = kinds.get(name), self._fields.get(name)
            if control is None or field is None:
                refused.append(name)
                continue
            try:
                checked = control.check(value)  # type: ignore[union-attr]
            except (UsageError, ValueError, OverflowError):
                refused.append(name)
                continue
            self._put(field, checked)
        return refused

    def reset(self) -> None:
        """All fields back to their defaults."""
        for control in self._controls:
            if control.name in self._fields:
                self._put(self._fields[control.name], control.default)  # type: ignore[union-attr]

    def field(self, name: str) -> QWidget:
        """The widget of control `name`; raises KeyError."""
        return self._fields[name].widget if name in self._fields else self._zones[name]

    def _put(self, field: Field, value: Any) -> None:
        field.widget.blockSignals(True)
        field.put(value)
        field.widget.blockSignals(False)

    # ---- seed

    def _seed_edit(self) -> SeedEdit | None:
        widgets = (self._fields[c.name].widget for c in self._controls if isinstance(c, Seed))
        return next((w for w in widgets if isinstance(w, SeedEdit)), None)

    def seed(self) -> int | None:
        """The locked seed, or None: draw one."""
        edit = self._seed_edit()
        return edit.seed() if edit else None

    def set_seed(self, seed: int | None, lock: bool | None = None) -> None:
        """Show a seed, locked unless told otherwise."""
        edit = self._seed_edit()
        if edit:
            edit.set_seed(seed, lock)

    def show_drawn_seed(self, seed: int) -> None:
        """Show which seed was drawn."""
        edit = self._seed_edit()
        if edit:
            edit.show_drawn(seed)

    # ---- inputs

    def inputs(self) -> dict[str, str]:
        """Path by input name, only those that are filled."""
        places = {**self._zones, **self._masks}
        return {name: place.path() for name, place in places.items() if place.path()}

    def set_input(self, name: str, path: str, image: QImage | None = None) -> None:
        """Show a file in its place; unknown names are ignored."""
        place = self._zones.get(name) or self._masks.get(name)
        if place is not None:
            place.set_file(path, image)
        self._show_start(name, image)

    def clear_input(self, name: str) -> None:
        """Empty a place."""
        place = self._zones.get(name) or self._masks.get(name)
        if place is not None:
            place.clear()
        self._show_start(name, None)

    def offer_former(self, name: str, there: bool) -> None:
        """Whether an empty place for a mask offers the last one again."""
        if name in self._masks:
            self._masks[name].offer_former(there)

    def set_schedule(self, schedule: str) -> None:
        """How the model noises pictures, "cosine" or "linear": for fields that show it."""
        for edit in self._strengths():
            edit.set_schedule(schedule)

    def _strengths(self) -> list[StrengthEdit]:
        widgets = [field.widget for field in self._fields.values()]
        return [widget for widget in widgets if isinstance(widget, StrengthEdit)]

    def _show_start(self, name: str, image: QImage | None) -> None:
        """The first picture is the one that is noised."""
        if name == next(iter(self._zones), ""):
            for edit in self._strengths():
                edit.set_picture(image)

    # ---- building

    def _build(self) -> QWidget:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._rows([c for c in self._controls if not c.more]))
        folded = [c for c in self._controls if c.more]
        if folded:
            more = Folded("More", self._open)
            more.body.addLayout(self._rows(folded))
            more.toggled.connect(self._remember_open)
            column.addWidget(more)
        if self._with_help and any(c.help for c in self._controls):
            self._add_help(column, more if folded else None)
        return body

    def _add_help(self, column: QVBoxLayout, more: Folded | None) -> None:
        """A "Help" button: on the line of "More", or on its own below the fields."""
        button = Button("Help", "help", kind="fold")
        button.setAccessibleName("What these settings mean")
        button.clicked.connect(self.show_help)
        if more is not None:
            more.head.addWidget(button)
        else:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)

    def _remember_open(self, open: bool) -> None:
        self._open = open

    def show_help(self) -> None:
        """A page with one sentence on every setting."""
        from genstudio.ui.widgets.help_sheet import HelpSheet

        HelpSheet([(c.label, c.help) for c in self._controls if c.help], self).open_near()

    def _rows(self, controls: Sequence[Control]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        for control in controls:
            row = grid.rowCount()
            if is_input(control):
                grid.addWidget(self._place(control), row, 0, 1, 2)
            else:
                self._add_field(grid, row, control)
        return grid

    def _add_field(self, grid: QGridLayout, row: int, control: Any) -> None:
        def emit(value: Any, dragging: bool = False, name: str = control.name) -> None:
            self.changed.emit(name, value, dragging)

        field = WIDGETS[control.kind](control, emit)
        self._fields[control.name] = field
        label = QLabel(control.label)
        label.setProperty("role", "dim")
        label.setToolTip(control.help)
        label.setBuddy(field.widget)
        self._describe(field.widget, control)
        long = QFontMetrics(font(13)).horizontalAdvance(control.label) > LABEL_MOST
        if long and isinstance(field.widget, Switch):
            line = QHBoxLayout()
            line.addWidget(label, 1)
            line.addWidget(field.widget)
            grid.addLayout(line, row, 0, 1, 2)
        elif field.wide or long or field.widget.minimumSizeHint().width() > FIELD_MOST:
            grid.addWidget(label, row, 0, 1, 2)
            grid.addWidget(field.widget, row + 1, 0, 1, 2)
        else:
            grid.addWidget(label, row, 0)
            grid.addWidget(field.widget, row, 1)

    def _describe(self, widget: QWidget, control: Any) -> None:
        widget.setToolTip(control.help)
        if not isinstance(widget, (SeedEdit, NumberEdit, StrengthEdit)):
            widget.setAccessibleName(control.label)
            widget.setAccessibleDescription(control.help)
        if isinstance(widget, PillRow):
            for option in control.options:
                widget.pill(option.value).setAccessibleName(f"{control.label}: {option.label}")

    def _place(self, control: Any) -> QWidget:
        if control.kind == "mask":
            slot = MaskSlot(control.help)
            slot.painted.connect(lambda: self.mask_requested.emit(control.name))
            slot.removed.connect(lambda: self.input_changed.emit(control.name, ""))
            slot.again_wanted.connect(lambda: self.mask_again.emit(control.name))
            self._masks[control.name] = slot
            return slot
        picture = control.kind == "image"
        hint = "Drop a picture, or press to choose" if picture else "Drop a file, or press"
        zone = DropZone(control.label, hint, PICTURES if picture else control.suffixes)
        zone.setToolTip(control.help)
        zone.dropped.connect(lambda paths: self._take(control.name, paths[0]))
        zone.cleared.connect(lambda: self.input_changed.emit(control.name, ""))
        self._zones[control.name] = zone
        return zone

    def _take(self, name: str, path: str) -> None:
        self._zones[name].set_file(path)
        self.input_changed.emit(name, path)
