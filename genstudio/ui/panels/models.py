"""The Models panel: what is installed, what it was made of, how good it is; in and out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from genstudio.core.errors import Problem
from genstudio.ui import shortcuts
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.model_page import ModelPage
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.drop_zone import DropZone
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.model_cards import ModelCard, ModelCards
from genstudio.ui.widgets.panel_frame import Panel, box, label, note, strong

ACTS = (
    Act("verify", "Check", "check"),
    Act("export", "Export as zip…", "export", "export"),
    Act("folder", "Import a folder…", "folder", shown=False),
    Act("remove", "Remove", "trash", "delete", kind="danger"),
)


class ModelsPanel(Panel):
    """Binds the cards, the page of one model and the ways in and out to the ModelsState."""

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__("Models", "", parent)
        self._all, self._state = state, state.models
        self.cards = ModelCards()
        self.drop = DropZone(
            "Import a model", "Drop a package (zip or folder), or press", (".zip",), many=True
        )
        self.working = note("")
        self.broken_label = label("Cannot be used")
        self.broken = QWidget()
        self.use = Button("Use in Image", "image", "primary")
        self.page = ModelPage()
        self.empty = EmptyState(
            "models",
            "No models yet",
            "A model is a folder or zip made by GenStudio. Drop one here, or train your own.",
            "Import a model…",
        )
        self.actions = ActionBar(ACTS, self.run)
        self._lay_out()
        self._connect()
        self.show_models()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.broken)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.ask.add(self.cards, "Installed")
        self.ask.add(self.drop, "Import")
        self.ask.add(self.working)
        self.ask.add(self.broken_label)
        self.ask.add(self.broken)
        self.ask.add_stretch()
        self.ask.set_foot(self.use)
        self.answer.right.addWidget(self.actions)
        self.answer.add("page", self.page)
        self.answer.add("empty", self.empty)
        self.empty.setAcceptDrops(True)

    def _connect(self) -> None:
        state = self._state
        self.cards.chosen.connect(state.choose)
        self.drop.dropped.connect(self._import)
        self.empty.dropped.connect(self._import)
        self.empty.clicked.connect(self.drop.choose)
        self.use.clicked.connect(self._use)
        state.changed.connect(self.show_models)
        state.chosen.connect(lambda _id: self.show_model())
        state.check_changed.connect(lambda _id: self._show_check())
        state.working.connect(self._show_working)
        shortcuts.bind(self.answer, "delete", lambda: self.run("remove"))

    # ---- what the window calls

    def activated(self) -> None:
        """Shown: packages may have been copied in by hand."""
        self._state.refresh()

    # ---- state -> widgets

    def show_models(self) -> None:
        """The list, and what could not be read."""
        self.cards.set_models([_card(model) for model in self._state.models])
        self._show_broken(self._state.problems)
        self.show_model()
        self._show_working("")

    def show_model(self) -> None:
        """The page of the chosen model."""
        model = self._state.model
        self.use.setEnabled(model is not None)
        self.actions.setVisible(model is not None)
        self.answer.title.setText(model.title if model else "")
        self.answer.show_page("page" if model else "empty")
        if model is None:
            return
        self.cards.set_current(model.id)
        self.actions.set_able(remove=not model.bundled)
        self.actions.button("remove").setToolTip(
            "It came with GenStudio and stays" if model.bundled else "Can be undone"
        )
        self.page.show_model(model, self._state.card_text(model))
        self._show_check()

    def _show_check(self) -> None:
        check = self._state.check(self._state.current)
        self.page.show_check(check)
        self.actions.set_able(verify=check.verdict != "checking")

    def _show_working(self, text: str) -> None:
        self.working.setText(text)
        self.working.setVisible(bool(text))

    def _show_broken(self, problems: list[Problem]) -> None:
        layout = self.broken.layout()
        while layout.count():
            old = layout.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        for problem in problems:
            frame, column = box(raised=True)
            frame.setAccessibleName(f"Cannot be used: {problem.sentence}")
            name = strong(Path(problem.file).name if problem.file else "A package")
            name.setToolTip(problem.file)
            column.addWidget(name)
            column.addWidget(note(problem.what))
            if problem.next_step:
                column.addWidget(note(problem.next_step))
            layout.addWidget(frame)
        self.broken_label.setVisible(bool(problems))
        self.broken.setVisible(bool(problems))

    # ---- acting

    def run(self, name: str) -> None:
        """Do what an action says with the chosen model."""
        model = self._state.model
        if name == "folder":
            chosen = QFileDialog.getExistingDirectory(self, "Import a model package")
            self._import([chosen] if chosen else [])
        elif model is None:
            return
        elif name == "verify":
            self._state.verify(model.id)
        elif name == "export":
            self._export(model.id)
        elif name == "remove" and not model.bundled:
            self._state.remove(model.id)

    def _export(self, model_id: str) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Export the model", f"{model_id}.zip", "Model package (*.zip)"
        )
        if chosen:
            self._state.export(model_id, Path(chosen).with_suffix(".zip"))

    def _import(self, paths: list[str]) -> None:
        self.drop.clear()
        self._state.import_paths([Path(path) for path in paths])

    def _use(self) -> None:
        if self._state.model is not None:
            self._all.generation.ask.set_model(self._state.current)
            self._all.area_wanted.emit("image")

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The list takes the focus."""
        self.cards.setFocus(reason)


def _card(model) -> ModelCard:  # type: ignore[no-untyped-def]
    preview = QImage(str(model.preview)) if model.preview.is_file() else None
    help_text = "Came with GenStudio" if model.bundled else "Made or imported by you"
    return ModelCard(model.id, model.title, model.family.title, preview, help_text)
