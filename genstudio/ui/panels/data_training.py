"""What training sees of a dataset's pictures: how they are cropped, how they are augmented."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from genstudio.core.dataset import Dataset
from genstudio.studio import trainer_controls
from genstudio.ui.state.augment_state import SAMPLES, VARIANTS, AugmentState, FitState
from genstudio.ui.state.browse_state import Row
from genstudio.ui.state.training_look import SIZES
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.images import from_png
from genstudio.ui.widgets.panel_frame import label, note
from genstudio.ui.widgets.picture_groups import PictureGroups

FITS = (
    ("cover", "Fill", "The middle of each picture; edges are cut off"),
    ("contain", "Whole", "The whole picture with bars at its sides"),
    ("stretch", "Stretch", "The whole picture, pressed into the square"),
)
_HELPS = "Small data gain most: the model cannot learn single pictures by heart."
_FIT_WORDS = {
    "cover": "The middle square is kept and what lies beyond it is cut off. Right for most.",
    "contain": "Nothing is cut off; bars fill the square. For sprites, letters, logos.",
    "stretch": "Nothing is cut off, but shapes are pressed. For textures and maps.",
}


class FitSide(QWidget):
    """Chooses the policy and the size to look at."""

    fit_chosen = Signal(str)
    size_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fit, self.sizes = PillRow(FITS), PillRow([(str(s), f"{s}") for s in SIZES])
        self.words = note("")
        self.fit.setAccessibleName("How pictures meet the square")
        self.sizes.setAccessibleName("Size to look at")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (
            label("Networks learn from squares"),
            self.fit,
            self.words,
            label("Look at it in pixels"),
            self.sizes,
            note("The size itself is chosen with the model."),
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self.fit.changed.connect(self._choose)
        self.sizes.changed.connect(lambda value: self.size_chosen.emit(int(value)))

    def show_fit(self, fit: str, size: int) -> None:
        """What is in force."""
        self.fit.set_value(fit)
        self.sizes.set_value(str(size))
        self.words.setText(_FIT_WORDS.get(fit, ""))

    def _choose(self, fit: str) -> None:
        self.words.setText(_FIT_WORDS.get(fit, ""))
        self.fit_chosen.emit(fit)


class FitView(PictureGroups):
    """Pictures as they are, and as training crops them."""

    def __init__(self, state: FitState, parent: QWidget | None = None) -> None:
        super().__init__("Pictures before and after cropping", ("As it is", "In training"), parent)
        self._state = state
        state.before_ready.connect(lambda index, png: self.put(2 * index, from_png(png)))
        state.after_ready.connect(lambda index, png: self.put(2 * index + 1, from_png(png)))

    def show_from(self, first: int, rows: Sequence[Row], fit: str, size: int) -> None:
        """The pictures from place `first` on."""
        shown = rows[first : first + SAMPLES]
        self.lay_out(len(shown), 2, [row.name for row in shown])
        if shown:
            self._state.show(first, fit, size)


class AugmentSide(QWidget):
    """Sliders; the pictures follow at once, training takes them when told to."""

    def __init__(self, state: AugmentState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.form = ControlForm(trainer_controls.AUGMENTATION, help_button=False)
        self.again = Button("Draw again", "dice")
        self.none = Button("None", kind="quiet")
        self.use = Button("Use in training")
        self.none.setAccessibleName("No augmentation")
        self.none.setToolTip("Pictures are shown to the model as they are")
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addWidget(self.none)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label("Each time the model sees a picture"))
        column.addWidget(self.form)
        column.addLayout(row)
        column.addWidget(note(_HELPS))
        column.addWidget(self.use)
        column.addStretch(1)
        self.form.changed.connect(lambda name, value, _drag: state.set_value(name, value))
        self.again.clicked.connect(state.draw_again)
        self.none.clicked.connect(state.clear)
        self.use.clicked.connect(state.choose)
        state.changed.connect(self.show_values)
        self.show_values()

    def show_values(self) -> None:
        """What is in force, and whether training does just this."""
        state = self._state
        policies = state.look.policies
        extra = (policies.model_copy(update={"name": "policy"}),) if policies else ()
        wanted = (*trainer_controls.AUGMENTATION, *extra)
        if wanted != self.form.controls():
            self.form.set_controls(wanted)
        self.form.set_values(state.values)
        self.none.setEnabled(not state.plain)
        if state.in_use and self.use.hasFocus():
            self.again.setFocus()
        self.use.setEnabled(not state.in_use)
        self.use.set_text("Used in training" if state.in_use else "Use in training")
        self.use.set_icon("check" if state.in_use else "")


class AugmentView(PictureGroups):
    """Pictures as they are, and some of what training will see of them."""

    def __init__(self, state: AugmentState, parent: QWidget | None = None) -> None:
        heads = ("As it is", "What training sees")
        super().__init__("Pictures before and after augmentation", heads, parent)
        self._state = state
        state.ready.connect(lambda index, png: self.put(index, from_png(png)))
        state.asked.connect(self._lay_out)
        self._names: list[str] = []

    def show_rows(self, dataset: Dataset, rows: Sequence[Row]) -> None:
        """Take these pictures as samples."""
        self._names = [row.name for row in rows]
        self._state.show(dataset.name, [row.row for row in rows])

    def _lay_out(self, pictures: int) -> None:
        self.lay_out(pictures, VARIANTS + 1, self._names[:pictures])
