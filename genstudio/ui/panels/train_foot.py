"""The foot of the Train panel: start a training, or pause, resume and end the one in sight."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.state.run_state import RunState
from genstudio.ui.state.training_state import TrainingState
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.panel_frame import AskingColumn, note

Mode = Literal["ask", "runs", "paused"]
GOING = ("waiting", "running", "pausing")
RESTING = ("paused", "interrupted", "failed")


class TrainFoot(QObject):
    """`show(page)` after anything changed; `act` is what Ctrl+Enter does."""

    def __init__(
        self, column: AskingColumn, training: TrainingState, run: RunState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._training, self._run = training, run
        self._page = ""
        self._edited = False
        key = shortcuts.keys_text("generate")
        self.hint = note("")
        self.train = Button("Train", kind="primary", key=key)
        self.resume = Button("Resume", kind="primary", key=key)
        self.pause, self.another = Button("Pause"), Button("Train this next", "plus")
        self.keep, self.keep_paused = Button("Stop and keep", kind="primary"), Button("Keep")
        self.keep_paused.set_text("Stop and keep")
        self.pause.setToolTip("Saves a checkpoint and gives the device free; it can be resumed")
        for keep in (self.keep, self.keep_paused):
            keep.setToolTip("Ends here: the best state so far becomes the model")
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self._row = (self.pause, self.keep_paused, self.keep, self.resume, self.train)
        for button in self._row:
            line.addWidget(button, 1)
        column.set_foot(self.hint, self.another, row)
        self._connect()

    def _connect(self) -> None:
        training, run = self._training, self._run
        self.train.clicked.connect(self.start)
        self.another.clicked.connect(self.start)
        self.pause.clicked.connect(run.pause)
        self.resume.clicked.connect(run.resume)
        self.keep.clicked.connect(run.keep)
        self.keep_paused.clicked.connect(run.keep)
        training.chosen.connect(self._on_edit)
        training.planned.connect(self.refresh)
        training.changed.connect(self.refresh)
        run.changed.connect(self.refresh)

    # ---- acting

    def start(self) -> None:
        """Train what the column asks for; pressed again before that happens: do not."""
        if self._training.launch.coming or self._training.take_back():
            return
        self._training.start()
        self._edited = False
        self.refresh()

    def act(self) -> None:
        """What the primary button does; ending a training is left to the mouse and Tab."""
        mode = self.mode()
        if mode == "ask" and self.train.isEnabled():
            self.start()
        elif mode == "paused":
            self._run.resume()
        elif mode == "runs" and self._edited:
            self.start()

    # ---- showing

    def mode(self) -> Mode:
        """What the foot is for: the run in sight, or the training that is asked for."""
        if self._page == "run" and self._run.phase in GOING:
            return "runs"
        if self._page == "run" and self._run.phase in RESTING:
            return "paused"
        return "ask"

    def show_page(self, page: str) -> None:
        """Another page is in sight."""
        if page != self._page:
            self._page, self._edited = page, False
        self.refresh()

    def refresh(self) -> None:
        """Buttons and the sentence above them; a focus does not leave the row with its button."""
        held = next((button for button in self._row if button.hasFocus()), None)
        self._show_buttons()
        if held is not None and not (held.isVisible() and held.isEnabled()):
            shown = (b for b in self._row if b.isVisibleTo(b.window()) and b.isEnabled())
            # The window itself, not whatever comes next, where there is nothing to press.
            next(shown, held.window()).setFocus()

    def _show_buttons(self) -> None:
        mode, phase = self.mode(), self._run.phase
        going = mode == "runs"
        self.train.setVisible(mode == "ask")
        self.pause.setVisible(going)
        self.keep.setVisible(going)
        self.resume.setVisible(mode == "paused")
        self.keep_paused.setVisible(mode == "paused")
        self.another.setVisible(self._edited and mode != "ask")
        for button in (self.pause, self.keep):
            button.setEnabled(phase == "running")
        self._show_train()
        self.hint.setText(self._hint(mode))
        self.hint.setVisible(bool(self.hint.text()))

    def _show_train(self) -> None:
        training = self._training
        ready = training.dataset is not None and training.family is not None
        verdict = training.forecast.verdict if ready else "unknown"
        words = "Train anyway" if verdict == "no" else "Train"
        busy = bool(training.launch.busy_text())
        if training.launch.coming:
            words = "Starting…"
        elif training.pressed:
            words = "Do not start"
        elif busy and ready:
            words = "Train when it is free"
        self.train.set_text(words)
        self.train.setEnabled(ready)
        self.another.setEnabled(ready)

    def _hint(self, mode: Mode) -> str:
        training = self._training
        if training.launch.coming:
            return training.launch.coming
        if mode == "runs":
            return "Pausing: a checkpoint is written." if self._run.phase == "pausing" else ""
        if mode == "paused":
            return ""
        if training.dataset is None:
            return "Add data, or take a starter set."
        return training.launch.busy_text()

    def _on_edit(self) -> None:
        self._edited = True
        self.refresh()
