"""All trainings as a list, and two or more of them compared."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.panels import pictures
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.compare_page import MOST, ComparePage
from genstudio.ui.state import run_words as say
from genstudio.ui.state import words
from genstudio.ui.state.run_reading import Look, written_of
from genstudio.ui.state.runs_list import RunRow
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets import writing_tiles
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.panel_frame import note, title
from genstudio.ui.widgets.picture_tiles import tiles_of
from genstudio.ui.widgets.run_list import Row, RowList

ACTS = (
    Act("show", "Show", "train"),
    Act("resume", "Resume", "play"),
    Act("compare", "Compare", "compare", "compare"),
    Act("duplicate", "Duplicate with changes…", "copy"),
    Act("remove", "Remove", "trash", "delete", kind="danger"),
)
_RESUMABLE = ("paused", "interrupted", "failed")


class RunsPage(QWidget):
    """Binds list and actions to `state.run.all`."""

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all, self._state, self._list = state, state.run, state.run.all
        self.back = Button("Back", "chevron-left", kind="quiet")
        self.title = title("All runs")
        self.count, self.broken = note(""), note("")
        self.actions = ActionBar(ACTS, self.run)
        self.rows = RowList("All runs")
        self.compare = ComparePage()
        self.empty = EmptyState(
            "train",
            "No runs yet",
            "Every training is kept here as a run: to be looked at, gone on with, compared, or "
            "started again with changes.",
        )
        self._sheets: dict[str, Path] = {}
        self._loader = pictures.Loader(self, threads=1)
        self._lay_out()
        self._connect()
        self.show_rows()

    def _lay_out(self) -> None:
        self.count.setWordWrap(False)
        self.back.setToolTip("Back to the list  (Esc)")
        self.back.hide()
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 8)
        head.setSpacing(10)
        for widget in (self.back, self.title, self.count):
            head.addWidget(widget)
        head.addWidget(self.actions, 1)
        self.stack = QStackedWidget()
        room = QWidget()
        inner = QVBoxLayout(room)
        inner.setContentsMargins(17, 0, 11, 8)
        inner.addWidget(self.broken)
        inner.addWidget(self.rows, 1)
        for page in (room, self.empty, self.compare):
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self._list.changed.connect(self.show_rows)
        self._list.compared.connect(self.show_compared)
        self._state.changed.connect(self._show_followed)
        self._state.progressed.connect(self._show_followed)
        self.rows.selection_changed.connect(self._show_able)
        self.rows.opened.connect(self.open_run)
        self.rows.menu_wanted.connect(self.actions.open_menu)
        self.back.clicked.connect(self.close_look)
        self._loader.ready.connect(self._loaded)
        self._all.closing.connect(self.close_page)
        for name in ("compare", "delete"):
            act = {"delete": "remove"}.get(name, name)
            shortcuts.bind(self.rows, name, lambda act=act: self.run(act))

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks: read the list as it is now."""
        super().showEvent(event)
        self._list.refresh()

    def close_page(self) -> None:
        """Let the threads end."""
        self._loader.close()
        self.compare.close_page()

    # ---- state -> widgets

    @property
    def page(self) -> str:
        """What is in sight: "list", "empty" or "compare"."""
        return ("list", "empty", "compare")[self.stack.currentIndex()]

    def show_rows(self) -> None:
        """The list of the state."""
        found = self._list.rows
        self.rows.set_rows([self._row(row) for row in found])
        self.count.setText(words.several(len(found), "run") if found else "")
        self.broken.setText("\n".join(problem.sentence for problem in self._list.problems))
        self.broken.setVisible(bool(self._list.problems))
        if self.page != "compare":
            self.stack.setCurrentIndex(0 if found else 1)
        for row in found:
            if row.sheet is not None and self._sheets.get(row.id) != row.sheet:
                self._sheets[row.id] = row.sheet
                self._loader.ask(row.id, lambda path=row.sheet: _first_tiles(path))
        self._show_able()

    def _row(self, row: RunRow) -> Row:
        run = row.run
        followed = row.id == self._state.look.id and self._state.run is not None
        word, token = say.phase_words(self._state.phase if followed else row.phase)
        step = self._state.step if followed else run.step
        when = f"started {words.ago(run.created)}" if run.created else ""
        text = " · ".join(part for part in (f"on {run.recipe.data}", when) if part)
        if run.copy_of:
            text += f" · from {say.number_of(run.copy_of)}"
        facts = (
            f"step {step:,} of {run.recipe.settings.steps:,}",
            row.best,
            words.duration(run.seconds).removeprefix("about ") if run.seconds else "",
        )
        tip = run.problem.sentence if run.problem else row.best
        return Row(row.id, say.title(run), text, word, token, (facts[0], facts[1], facts[2]), tip)

    def _show_followed(self) -> None:
        """The row of the run that is followed tells its phase and counts its steps."""
        if self.isVisible():
            self.show_rows()

    def _loaded(self, run: object, image: object) -> None:
        if isinstance(image, QImage):
            self.rows.put(str(run), image)

    def _show_able(self) -> None:
        chosen = self._chosen()
        comparing = self.page == "compare"
        self.actions.set_hidden({act.name for act in ACTS} if comparing else set())
        one = chosen[0] if len(chosen) == 1 else None
        self.actions.set_able(
            show=one is not None,
            resume=one is not None and one.phase in _RESUMABLE,
            compare=2 <= len(chosen) <= MOST,
            duplicate=one is not None,
            remove=bool(chosen) and all(row.phase != "running" for row in chosen),
        )
        tip = "" if len(chosen) > 1 else "Choose two or more runs, with Ctrl or Shift"
        self.actions.button("compare").setToolTip(tip or "Compare the chosen runs  (M)")

    def _chosen(self) -> list[RunRow]:
        keys = set(self.rows.selected())
        return [row for row in self._list.rows if row.id in keys]

    # ---- acting

    def run(self, name: str) -> None:
        """Do what an action or key says with the chosen runs."""
        chosen = self._chosen()
        if not chosen or not self.actions.able(name):
            return
        if name == "show":
            self.open_run(chosen[0].id)
        elif name == "resume":
            self.open_run(chosen[0].id)
            self._state.resume()
        elif name == "compare":
            self._list.compare([row.id for row in chosen])
        elif name == "duplicate":
            recipe = self._state.duplicate(chosen[0].id)
            if recipe is not None:
                self._all.training.take_recipe(recipe)
        elif name == "remove":
            self._list.remove([row.id for row in chosen])

    def open_run(self, run: str) -> None:
        """Show one run on its own page."""
        self._state.follow(run)
        self._all.training.show_page("run")

    def show_compared(self, looks: list[Look]) -> None:
        """Two or more runs have been read: show them beside each other."""
        if len(looks) < 2:
            return
        self.compare.show_looks(looks)
        self.stack.setCurrentIndex(2)
        self.title.setText("Compare runs")
        self.count.hide()
        self.back.show()
        self._show_able()
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_look(self) -> bool:
        """Back to the list; False when it is in sight already."""
        if self.page != "compare":
            return False
        self.stack.setCurrentIndex(0 if self._list.rows else 1)
        self.title.setText("All runs")
        self.count.show()
        self.back.hide()
        self._show_able()
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def cancel(self) -> bool:
        """Esc: leave the comparison."""
        return self.close_look()


def _first_tiles(path: Path) -> QImage:
    """Four samples of a sheet as one small square picture; of texts the first one."""
    if path.suffix == ".json":
        samples = written_of(path)
        return writing_tiles.page(samples[0]) if samples else QImage()
    tiles = tiles_of(pictures.of_small_file(path))
    if len(tiles) < 4:
        return tiles[0] if tiles else QImage()
    side = tiles[0].width()
    made = QImage(2 * side, 2 * side, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(0)
    painter = QPainter(made)
    for place, tile in enumerate(tiles[:4]):
        painter.drawImage(place % 2 * side, place // 2 * side, tile)
    painter.end()
    return made
