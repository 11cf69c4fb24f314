"""The Models panel: what is installed, what it was made of, how good it is; in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from genstudio.core.errors import Problem
from genstudio.ui import shortcuts
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.card_sheet import CardSheet
from genstudio.ui.panels.model_page import ModelPage
from genstudio.ui.panels.model_title import TitleEdit
from genstudio.ui.panels.quality import QualityPage
from genstudio.ui.panels.quality_compare import ComparePage
from genstudio.ui.panels.quality_sheet import EvaluateSheet
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.drop_zone import DropZone
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.model_cards import ModelCard, ModelCards
from genstudio.ui.widgets.panel_frame import Panel, box, label, note, strong

if TYPE_CHECKING:
    from genstudio.studio.library import Model

ACTS = (
    Act("evaluate", "Evaluate…"),
    Act("card", "Export card…", "export"),
    Act("verify", "Check", "check"),
    Act("export", "Export as zip…", "export", "export"),
    Act("copy", "Copy scores as text", "copy", shown=False),
    Act("rename", "Rename…", "brush", shown=False),
    Act("folder", "Import a folder…", "folder", shown=False),
    Act("remove", "Remove", "trash", "delete", kind="danger"),
)
PAGES = (
    ("page", "About", "What it is and what it was made of"),
    ("quality", "Quality", "How real, how varied, whether it copies, how fast"),
    ("compare", "Compare", "Several models in a table and a radar plot"),
)
MOST_TITLE_WIDTH = 260


class ModelsPanel(Panel):
    """Binds the cards, the pages of one model and the ways in and out to the states."""

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
        self.train = Button("Train on from this model", "train")
        self.pages = PillRow(PAGES)
        self.page = ModelPage(state.fast)
        self.quality = QualityPage(state.quality)
        self.compare = ComparePage(state.quality)
        self.empty = EmptyState(
            "models",
            "No models yet",
            "A model is a folder or zip made by GenStudio. Drop one here, or train your own.",
            "Import a model…",
        )
        self.actions = ActionBar(ACTS, self.run)
        self.title_edit = TitleEdit()
        self.evaluate = EvaluateSheet(state.quality, self.answer)
        self.card_sheet = CardSheet(state.quality, self.answer)
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
        self.ask.set_foot(self.train, self.use)
        self.answer.left.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.answer.left.addWidget(self.title_edit)
        self.pages.setAccessibleName("What to show of the model")
        self.pages.setFixedSize(_row_size(self.pages))
        self.answer.left.addWidget(self.pages)
        self.answer.right.addWidget(self.actions)
        for name, widget in (
            ("page", self.page),
            ("quality", self.quality),
            ("compare", self.compare),
            ("empty", self.empty),
        ):
            self.answer.add(name, widget)
        self.empty.setAcceptDrops(True)

    def _connect(self) -> None:
        state = self._state
        self.cards.chosen.connect(state.choose)
        self.drop.dropped.connect(self._import)
        self.empty.dropped.connect(self._import)
        self.empty.clicked.connect(self.drop.choose)
        self.use.clicked.connect(self._use)
        self.train.clicked.connect(self._train_on)
        self.pages.changed.connect(self.show_page)
        self.page.followed.connect(self._follow)
        self.quality.evaluate_wanted.connect(lambda: self.run("evaluate"))
        self.evaluate.data_wanted.connect(lambda: self._all.area_wanted.emit("train"))
        self.title_edit.renamed.connect(lambda text: state.rename(state.current, text))
        self.title_edit.left.connect(lambda: self.answer.title.setVisible(True))
        state.changed.connect(self.show_models)
        state.chosen.connect(self._choose)
        state.check_changed.connect(lambda _id: self._show_check())
        state.working.connect(self._show_working)
        self._all.quality.changed.connect(self._on_quality)
        shortcuts.bind(self.answer, "delete", lambda: self.run("remove"))

    # ---- what the window calls

    def activated(self) -> None:
        """Shown: packages may have been copied in by hand."""
        self._state.refresh()

    def cancel(self) -> bool:
        """Esc: a sheet or the title that is being written first."""
        for sheet in (self.evaluate, self.card_sheet):
            if sheet.isVisible():
                sheet.close_sheet()
                return True
        return self.title_edit.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sheets stay at their corner."""
        super().resizeEvent(event)
        for sheet in (self.evaluate, self.card_sheet):
            if sheet.isVisible():
                sheet.place()

    # ---- state -> widgets

    def _choose(self, _id: str) -> None:
        """Another model: sheets that were opened for the last one go."""
        self.evaluate.hide()
        self.card_sheet.hide()
        self.show_model()

    def show_models(self) -> None:
        """The list, and what could not be read."""
        self.cards.set_models([_card(model) for model in self._state.models])
        self._show_broken(self._state.problems)
        self.show_model()
        self._show_working("")

    def show_model(self) -> None:
        """The pages of the chosen model."""
        model = self._state.model
        self.title_edit.leave()
        self.use.setEnabled(model is not None)
        area = self._all.area_of(model) if model is not None else "image"
        self.use.set_text(f"Use in {area.capitalize()}")
        self.use.set_icon(area)
        for widget in (self.actions, self.pages, self.train):
            widget.setVisible(model is not None)
        if model is None:
            self.answer.title.setText("")
            self.answer.show_page("empty")
            return
        self._show_title(model)
        self.cards.set_current(model.id)
        self.actions.set_able(remove=not model.bundled, rename=not model.bundled)
        self.train.setEnabled(bool(model.manifest.trainable))
        self.train.setToolTip(
            "" if model.manifest.trainable else "Its package holds nothing to train on from"
        )
        self._show_check()
        self._show_measuring(model.id)
        self.show_page(self.pages.value())

    def show_page(self, name: str) -> None:
        """About, Quality or Compare; only what is in sight is filled in."""
        model = self._state.model
        if model is None:
            return
        self.pages.set_value(name)
        if name == "page":
            scores = self._all.quality.scores(model)
            self.page.show_model(model, self._state.card_text(model), scores)
            self.page.show_origin(self._state.origin(model))
        elif name == "quality":
            self.quality.show_model(model)
        elif name == "compare":
            self.compare.refresh()
        self.answer.show_page(name)

    def _show_title(self, model: Model) -> None:
        metrics = self.answer.title.fontMetrics()
        words = metrics.elidedText(model.title, Qt.TextElideMode.ElideRight, MOST_TITLE_WIDTH)
        self.answer.title.setText(words)
        self.answer.title.setToolTip(model.title if words != model.title else "")
        self.answer.title.setVisible(True)

    def _on_quality(self, model_id: str) -> None:
        self._show_measuring(model_id)
        if model_id == self._state.current and self.answer.page() == "page":
            self.show_page("page")

    def _show_measuring(self, model_id: str) -> None:
        if model_id == self._state.current:
            self.actions.set_able(evaluate=self._all.quality.measuring(model_id) is None)

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
        elif name == "rename" and not model.bundled:
            self.answer.title.setVisible(False)
            self.title_edit.open(model.title)
        elif name == "copy":
            self._copy()
        elif name == "card":
            self.evaluate.hide()
            self.card_sheet.open_for(model)
        elif name == "evaluate" and self.actions.able("evaluate"):
            self.card_sheet.hide()
            self.show_page("quality")
            self.evaluate.open_for(model)

    def _copy(self) -> None:
        """The numbers in sight as text: those of the model, or the comparison as a table."""
        page = "compare" if self.pages.value() == "compare" else "quality"
        self.show_page(page)
        text = self.compare.text() if page == "compare" else self.quality.text()
        QGuiApplication.clipboard().setText(text)
        self._all.said.emit("Copied" if text else "There are no scores to copy yet", "", None)

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
            self._all.use_model(self._state.current)

    def _train_on(self) -> None:
        if self._state.model is not None:
            self._all.training.continue_from(self._state.current)
            self._all.area_wanted.emit("train")

    def _follow(self, what: str) -> None:
        """Go to the run, the data or the parent of the chosen model."""
        if self._state.model is None:
            return
        origin = self._state.origin(self._state.model)
        if what == "parent" and origin.parent:
            self._state.choose(origin.parent)
        elif what == "run" and origin.run:
            self._all.area_wanted.emit("train")
            self._all.run.follow(origin.run)
            self._all.training.show_page("run")
        elif what == "data" and origin.data:
            self._all.area_wanted.emit("train")
            self._all.data.choose(origin.data)
            self._all.training.show_page("data")

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The list takes the focus."""
        self.cards.setFocus(reason)


def _card(model: Model) -> ModelCard:
    preview = QImage(str(model.preview)) if model.preview.is_file() else None
    help_text = "Came with GenStudio" if model.bundled else "Made or imported by you"
    return ModelCard(model.id, model.title, model.family.title, preview, help_text)


def _row_size(pills: PillRow) -> QSize:
    """All pills in one row: a row that may wrap asks for no more than its widest pill."""
    sizes = [pills.pill(name).sizeHint() for name, _, _ in PAGES]
    width = sum(size.width() for size in sizes) + pills.layout().spacing() * len(sizes)
    return QSize(width, max(size.height() for size in sizes))
