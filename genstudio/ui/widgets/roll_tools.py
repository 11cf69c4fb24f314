"""The row of tools that goes with a piano roll."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLayout, QSizePolicy, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.widgets.buttons import Pill, Select
from genstudio.ui.widgets.keys_stay import keys_stay_with
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.roll_canvas import ZOOM_STEP
from genstudio.ui.widgets.roll_grid import SNAPS

_TOOLS = (
    ("select", "Select", "cursor", "Select, move, lengthen. Double click draws a note."),
    ("draw", "Draw", "pencil", "Press to write a note, drag for its length."),
    ("erase", "Erase", "eraser", "Drag over the notes to erase."),
)
_GAP = 6
_SNAP_WORDS = {"bar": "bars", "1/8T": "1/8 T", "1/16T": "1/16 T"}
_SNAP_HELP = {"1/8T": "Triplets of eighths", "1/16T": "Triplets of sixteenths"}


class RollTools(QWidget):
    """Tools, raster, steps of undo, zoom, list, in one line; further commands in a menu.

    What has no room is left out, the last first: the menu has all of it.
    """

    def __init__(self, roll: PianoRoll, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roll = roll
        self.tools: dict[str, Pill] = {}
        self._group = QButtonGroup(self)
        for name, words, icon, help_text in _TOOLS:
            pill = Pill(words, icon=icon)
            pill.setToolTip(_with_key(help_text, f"roll_{name}"))
            pill.clicked.connect(lambda _on=False, tool=name: roll.set_tool(tool))
            self._group.addButton(pill)
            self.tools[name] = pill
        self.tools["select"].setChecked(True)
        self.snap = Select(
            [
                (name, f"Snap {_SNAP_WORDS.get(name, name)}", _SNAP_HELP.get(name, ""))
                for name in SNAPS
            ]
        )
        self.snap.setProperty("small", True)
        self.snap.setFixedWidth(128)
        self.snap.setAccessibleName("Raster that notes snap to")
        self.snap.setToolTip("The raster that notes snap to; Alt leaves it while dragging")
        self.snap.set_value(roll.snap())
        self.snap.chosen.connect(roll.set_snap)
        self.undo = self._pill("Undo", "undo", roll.undo)
        self.redo = self._pill("Redo", "redo", roll.redo)
        self.closer = self._pill("Closer", "zoom_in", lambda: roll.canvas.zoom_time(ZOOM_STEP))
        self.wider = self._pill("Wider", "zoom_out", lambda: roll.canvas.zoom_time(1 / ZOOM_STEP))
        self.whole = self._pill("Fit", "zoom_fit", roll.canvas.fit)
        self.list = Pill("List", icon="list")
        self.list.setToolTip(_with_key("The notes as a table", "roll_list"))
        self.list.clicked.connect(roll.show_list)
        self.more = Pill("Notes", checkable=False, icon="chevron-down")
        self.more.setToolTip("What can be done with the selected notes")
        self.more.clicked.connect(self._open_menu)
        self._line = (
            *self.tools.values(), self.snap, self.undo, self.redo, self.more, self.list,
            self.whole, self.closer, self.wider,
        )  # fmt: skip
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for widget in self._line:
            row.addWidget(widget)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.snap.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        keys_stay_with(roll, (one for one in self._line if isinstance(one, Pill)))
        self._connect()

    def sizeHint(self) -> QSize:
        """Everything in one line."""
        height = max(widget.sizeHint().height() for widget in self._line)
        return QSize(sum(_width(widget) + _GAP for widget in self._line) - _GAP, height)

    def minimumSizeHint(self) -> QSize:
        """The tools and their raster."""
        width = sum(_width(widget) + _GAP for widget in self._line[:4])
        return QSize(width, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        left = self.width()
        for widget in self._line:
            left -= _width(widget)
            widget.setVisible(left >= 0)
            left -= _GAP

    def _pill(self, words: str, key: str, act) -> Pill:  # type: ignore[no-untyped-def]
        pill = Pill(words, checkable=False)
        pill.setToolTip(_with_key(words, key))
        pill.clicked.connect(act)
        return pill

    def _connect(self) -> None:
        roll = self._roll
        roll.canvas.tool_changed.connect(lambda tool: self.tools[tool].setChecked(True))
        roll.model.snap_changed.connect(self.snap.set_value)
        roll.list_shown.connect(self._listed)
        roll.model.stepped.connect(self._show_steps)
        self._show_steps()

    def _show_steps(self) -> None:
        """The words of the step that would be taken back, or done again."""
        stack = self._roll.model.undo_stack
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        self.undo.setToolTip(_with_key(f"Undo: {stack.undoText()}".rstrip(": "), "undo"))
        self.redo.setToolTip(_with_key(f"Redo: {stack.redoText()}".rstrip(": "), "redo"))

    def _listed(self, listed: bool) -> None:
        self.list.setChecked(listed)
        for widget in (*self.tools.values(), self.closer, self.wider, self.whole):
            widget.setEnabled(not listed)

    def _open_menu(self) -> None:
        self._roll.open_menu(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))


def _width(widget: QWidget) -> int:
    return max(widget.minimumWidth(), min(widget.sizeHint().width(), widget.maximumWidth()))


def _with_key(words: str, name: str) -> str:
    key = shortcuts.keys_text(name)
    return f"{words}  ({key})" if key else words
