"""The export sheet: format, size, metadata with its exact preview, folder. Never modal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QWidget,
)

from genstudio.core.artifact import Artifact
from genstudio.core.controls import Int
from genstudio.studio.timed_walks import key_pictures
from genstudio.ui.panels.export_preview import ExportPreview
from genstudio.ui.panels.sheet import MARGIN, TOP, Sheet
from genstudio.ui.panels.walk_sound_box import WalkSoundBox
from genstudio.ui.state.export_state import (
    BACKGROUNDS,
    LEVELS,
    SCALES,
    TOLERANCE,
    ExportState,
    levels_of,
)
from genstudio.ui.state.words import several
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.number_edit import NumberEdit
from genstudio.ui.widgets.panel_frame import label, note

GAP = 8
NOT_HERE = "has no transparency: choose PNG or WebP for a transparent background."
TOLERANCE_CONTROL = Int(
    name="tolerance",
    label="Tolerance",
    default=TOLERANCE,
    low=0,
    high=100,
    unit="%",
    help="How far a colour may differ from the border's and still count as background.",
)


class ExportSheet(Sheet):
    """A small window over the results; the panel goes on working under it."""

    def __init__(self, state: ExportState, parent: QWidget) -> None:
        super().__init__("Export", parent)
        self._state = state
        self._artifacts: list[Artifact] = []
        self.setObjectName("export")
        self.format, self.scale = PillRow(), PillRow()
        self.level = PillRow(LEVELS)
        self.pixels = note("")
        self.pixels.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.picture = ExportPreview()
        self.background = PillRow(BACKGROUNDS)
        self.tolerance = NumberEdit(TOLERANCE_CONTROL)
        self.clear = note("")
        self.sound = WalkSoundBox(state.sound)
        self.preview = QPlainTextEdit()
        self.folder = QLabel()
        self.choose = Button("Change…", "folder")
        self.go = Button("Export", "export", kind="primary")
        self._name_all()
        self._lay_out()
        self._connect()

    def _name_all(self) -> None:
        self.format.setAccessibleName("Format")
        self.scale.setAccessibleName("Enlarge, pixel-exact")
        self.background.setAccessibleName("Background")
        self.level.setAccessibleName("Metadata")
        self.preview.setAccessibleName("What is written into the file")
        self.preview.setReadOnly(True)
        self.preview.setFixedHeight(128)
        self.preview.setTabChangesFocus(True)
        self.folder.setAccessibleName("Folder")
        self.choose.setAccessibleName("Change the folder")

    def _lay_out(self) -> None:
        column = self.column
        self._scale_label = label("Enlarge, pixel-exact")
        self._ground_label, self._tolerance_label = label("Background"), note("Tolerance")
        self.shown = Folded("What is written into the file")
        self.shown.body.addWidget(self.preview)
        column.addWidget(self.picture)
        column.addWidget(label("Format"))
        column.addWidget(self.format)
        column.addLayout(_row(self._scale_label, self.pixels))
        column.addWidget(self.scale)
        column.addWidget(self._ground_label)
        column.addWidget(self.background)
        column.addLayout(_row(self._tolerance_label, self.tolerance))
        for widget in (self.clear, self.sound, label("Metadata"), self.level, self.shown):
            column.addWidget(widget)
        column.addWidget(label("Folder"))
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(self.choose)
        column.addLayout(place)
        column.addSpacing(4)
        column.addWidget(self.go)

    def _connect(self) -> None:
        state = self._state
        self.format.changed.connect(lambda ext: state.set_ext(self._output(), ext))
        self.scale.changed.connect(lambda value: state.set_scale(int(value)))
        self.background.changed.connect(state.set_background)
        self.tolerance.changed.connect(lambda value, _dragging: state.set_tolerance(int(value)))
        self.picture.told.connect(self._show_share)
        self.level.changed.connect(state.set_level)
        self.choose.clicked.connect(self._choose_folder)
        self.go.clicked.connect(self._run)
        self.shown.toggled.connect(lambda _open: self._show_written())
        self.sound.grew.connect(self._show_written)
        state.edited.connect(self._show)

    def open_for(self, artifacts: Sequence[Artifact]) -> None:
        """Offer to export these; those of another kind than the first are left out."""
        if not artifacts:
            return
        self._artifacts = [a for a in artifacts if a.output == artifacts[0].output]
        exts = self._state.formats(self._output())
        self.format.set_options([(ext, ext[1:].upper()) for ext in exts])
        self.level.set_options(levels_of(self._output()))
        if self._output() == "animation":
            self.sound.show_all(key_pictures(self._artifacts[0].provenance)[0])
        self._show()
        self.open_sheet(self.go)

    def place(self) -> None:
        """Top right of the parent, below its bar; without its picture where room is short."""
        parent = self.parentWidget()
        self.picture.setVisible(self._output() == "image")
        self.adjustSize()
        if self.height() > parent.height() - TOP - GAP:
            self.picture.hide()
            self.adjustSize()
        self.move(parent.width() - self.width() - MARGIN, TOP)

    def _output(self) -> str:
        return self._artifacts[0].output if self._artifacts else "image"

    def _show(self) -> None:
        if not self._artifacts:
            return
        state, first = self._state, self._artifacts[0]
        pictures = first.output in ("image", "animation")
        self.head.setText(f"Export {several(len(self._artifacts), 'result')}")
        self.format.set_value(state.ext(first.output))
        self.scale.set_options([(str(s), f"{s}×") for s in SCALES])
        self.scale.set_value(str(state.scale))
        for widget in (self._scale_label, self.scale, self.pixels):
            widget.setVisible(pictures)
        self.sound.setVisible(state.can_sound(first.output))
        self._show_background(first)
        side = f"{first.width * state.scale} × {first.height * state.scale} pixels"
        self.pixels.setText(f"{side}, edges stay sharp" if state.scale > 1 else side)
        self.level.set_value(state.level)
        self._show_written()
        self.folder.setText(_short(state.folder))
        self.folder.setToolTip(str(state.folder))
        self.go.set_text(f"Export {several(len(self._artifacts), 'file')}")

    def _show_background(self, first: Artifact) -> None:
        """Pictures are shown as they will be written; other results have nothing to clear."""
        state, image = self._state, first.output == "image"
        chosen = state.background_for(first.output)
        for widget in (self._ground_label, self.background):
            widget.setVisible(image)
        self.background.set_value(chosen)
        self.background.setEnabled(state.can_clear(first.output))
        for widget in (self._tolerance_label, self.tolerance):
            widget.setVisible(chosen != "keep")
        self.tolerance.set_value(state.tolerance)
        if image and not state.can_clear(first.output):
            self._show_share(f"{state.ext(first.output)[1:].upper()} {NOT_HERE}")
        elif chosen == "keep":
            self._show_share("")
        if image:
            self.picture.show_file(state.path(first), chosen, state.tolerance)

    def _show_share(self, words: str) -> None:
        self.clear.setText(words)
        self.clear.setVisible(bool(words))
        if self.isVisible():
            self.place()

    def close_loader(self) -> None:
        """Let the preview under way end."""
        self.picture.close_loader()

    def _show_written(self) -> None:
        """The exact text, only while it is unfolded (it needs Pillow)."""
        if self._artifacts and self.shown.is_open():
            from genstudio.ui.panels.written import written_text

            first, state = self._artifacts[0], self._state
            scale = state.scale if first.output in ("image", "animation") else 1
            text = written_text(first, state.ext(first.output), state.level, scale)
            self.preview.setPlainText(text)
        self.place()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export to", str(self._state.folder))
        if chosen:
            self._state.set_folder(Path(chosen))

    def _run(self) -> None:
        if self._state.run(self._artifacts):
            self.close_sheet()


def _row(words: QLabel, widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(words)
    row.addWidget(widget, 1)
    return row


def _short(folder: Path) -> str:
    """A folder in at most 36 letters, its end kept; `~` for the home folder."""
    text = str(folder)
    home = str(Path.home())
    if text.startswith(home):
        text = "~" + text[len(home) :]
    return text if len(text) <= 36 else "…" + text[-35:]
