"""The box of the Models panel about a model's fast copy: what it gains, what it loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from genstudio.core.fast import LEAST_PSNR, MOST_CHANGE, MOST_PERPLEXITY, FastCopy
from genstudio.ui.state.fast_state import FastState, Making
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.panel_frame import box, note, strong

if TYPE_CHECKING:
    from genstudio.studio.library import Model

NONE_YET = (
    "The same model in 8-bit whole numbers: faster on the processor, a little less exact. It is "
    "made and measured on this computer, which takes some minutes, and is offered only where its "
)
PICTURES = (
    f"pictures keep {LEAST_PSNR:.0f} dB PSNR and lie at most {MOST_CHANGE * 100:.0f} % farther off "
    "(Fréchet distance)."
)
TEXTS = f"perplexity is at most {MOST_PERPLEXITY * 100:.0f} % higher."


class FastBox(QWidget):
    """Shows and makes the fast copy of one model; hidden for models that would gain nothing."""

    def __init__(self, state: FastState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._model: Model | None = None
        self.title, self.text = strong("Fast copy"), note("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the fast copy")
        self.make = Button("Make a fast copy")
        self.cancel = Button("Cancel")
        self.cancel.setAccessibleName("Cancel making the fast copy")
        self.remove = Button("Delete the copy", "trash")
        self._lay_out()
        self.make.clicked.connect(lambda: self._with_model(state.make))
        self.cancel.clicked.connect(lambda: self._with_model(state.cancel))
        self.remove.clicked.connect(lambda: self._with_model(state.remove))
        state.changed.connect(self._on_change)
        state.progressed.connect(self._on_change)

    def _lay_out(self) -> None:
        frame, column = box()
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.make, self.cancel, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def show_model(self, model: Model | None) -> None:
        """Another model."""
        self._model = model
        able = model is not None and self._state.able(model)
        self.setVisible(able)
        if model is None or not able:
            return
        work, found = self._state.making(model.id), self._state.copy(model)
        self.text.setText(_words(model, work, found))
        self.bar.setVisible(work is not None)
        self.cancel.setVisible(work is not None)
        self.make.setVisible(work is None)
        self.make.set_text("Make it again" if found else "Make a fast copy")
        self.remove.setVisible(work is None and found is not None and not found.refused)
        if work is not None:
            self.bar.setRange(0, 1000 if work.total else 0)
            self.bar.setValue(round(1000 * work.done / work.total) if work.total else 0)

    def _on_change(self, model_id: str) -> None:
        if self._model is not None and self._model.id == model_id:
            self.show_model(self._model)

    def _with_model(self, act) -> None:  # type: ignore[no-untyped-def]
        if self._model is not None:
            act(self._model.id)


def _words(model: Model, work: Making | None, found: FastCopy | None) -> str:
    writes = model.manifest.modality == "text"
    if work is not None:
        return work.text or "Waits for its turn in the queue"
    if found is None:
        return NONE_YET + (TEXTS if writes else PICTURES)
    if found.refused:
        return f"Not offered: {found.refused}. Measured: {found.in_words()}."
    panel = "Text" if writes else "Image"
    return f"{found.in_words()}. Switch it on in the {panel} panel under More."
