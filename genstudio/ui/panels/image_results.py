"""The answering side of the Image panel: a round of results in fixed places, and its pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from genstudio.core.artifact import Artifact
from genstudio.ui.panels import pictures
from genstudio.ui.panels.details import DetailsSheet
from genstudio.ui.panels.image_canvas import EXTEND, MASK, TITLES, CanvasSide
from genstudio.ui.panels.image_pages import (
    AnimationPage,
    FilePage,
    ReportPage,
    beside,
    describe_model,
    facts_text,
)
from genstudio.ui.panels.image_single import SingleResult
from genstudio.ui.panels.round_bar import RoundBar
from genstudio.ui.panels.round_words import (
    axis_labels,
    can_filter,
    cell_of,
    place_name,
    places_in_sight,
    round_title,
)
from genstudio.ui.state.remake import task_of
from genstudio.ui.state.results import Place, Round
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.compare_view import CompareView
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.image_view import ImageView
from genstudio.ui.widgets.labelled_grid import LabelledGrid
from genstudio.ui.widgets.panel_frame import AnsweringArea
from genstudio.ui.widgets.result_grid import ResultGrid

CANVAS = (MASK, EXTEND)


class ResultsSide(QObject):
    """Fills an AnsweringArea. `page` is where one is: empty, grid, large, compare, report …"""

    chosen_changed = Signal()
    page_changed = Signal()
    menu_wanted = Signal(QPoint)
    star_wanted = Signal(list)
    delete_wanted = Signal(list)
    export_wanted = Signal()

    def __init__(self, answer: AnsweringArea, state: StudioState, parent: QObject) -> None:
        super().__init__(parent)
        self._answer, self._all = answer, state
        self._state = state.generation
        self._rows: list[int] = []
        self._pair: list[Place] = []
        self._make_pages()
        self.bar = RoundBar(answer, self)
        self._connect()
        self.show_round()

    def close(self) -> None:
        """Let the loader end."""
        self.single.close()
        self.canvas.close()

    # ---- building

    def _make_pages(self) -> None:
        self.empty = EmptyState("image", "", "", "Generate")
        self.grid = ResultGrid(name="Results")
        self.grid.set_whole(True)
        self.grid.set_fill(True)
        self.labelled = LabelledGrid(self.grid)
        self.large, self.compare = ImageView(name="Result"), CompareView()
        self.report, self.file = ReportPage(), FilePage()
        self.animation, self.canvas = AnimationPage(), CanvasSide(self._all, self)
        self.single = SingleResult(
            self.compare, self.report, self.file, self.animation, self._state.looker, self
        )
        self._pages: dict[str, QWidget] = {
            "empty": self.empty,
            "grid": self.labelled,
            "large": self.large,
            "compare": self.compare,
            "report": self.report,
            "file": self.file,
            "animation": self.animation,
            **self.canvas.pages,
        }
        self.stack = QStackedWidget()
        for page in self._pages.values():
            self.stack.addWidget(page)
        self.details = DetailsSheet()
        self.details.hide()
        self._answer.set_content(beside(self.stack, self.details))

    def _connect(self) -> None:
        state, grid = self._state, self.grid
        state.round_changed.connect(self.show_round)
        state.place_changed.connect(self.show_place)
        state.running_changed.connect(self._show_bar)
        state.ask.model_changed.connect(self._show_empty)
        state.ask.task_changed.connect(self._leave_canvas)
        self.empty.clicked.connect(state.submit)
        self.bar.older.clicked.connect(lambda: state.step_round(-1))
        self.bar.newer.clicked.connect(lambda: state.step_round(1))
        self.bar.back.clicked.connect(self.show_grid)
        self.bar.filter.changed.connect(lambda _value: self.show_round())
        self.bar.modes.changed.connect(self.compare.set_mode)
        self.compare.mode_changed.connect(self.bar.modes.set_value)
        for page in (self.large, self.compare, self.animation.player):
            page.closed.connect(self.show_grid)
        self.large.stepped.connect(self.step)
        self.canvas.wanted.connect(self._show_canvas)
        self.canvas.left.connect(self.show_round)
        self.canvas.changed.connect(self._show_bar)
        self.bar.canvas.clicked.connect(self.canvas.open)
        self.file.export_wanted.connect(self.export_wanted)
        grid.selection_changed.connect(self._on_select)
        grid.opened.connect(self.open_row)
        grid.compare_wanted.connect(self.compare_rows)
        grid.menu_wanted.connect(lambda _row, where: self.menu_wanted.emit(where))
        grid.star_wanted.connect(lambda rows: self.star_wanted.emit(self._ids(rows)))
        grid.delete_wanted.connect(lambda rows: self.delete_wanted.emit(self._ids(rows)))
        self.details.closed.connect(self.details.hide)

    # ---- where one is

    @property
    def page(self) -> str:
        """Name of the page in sight."""
        current = self.stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is current), "")

    def _go(self, name: str) -> None:
        focus = self.stack.window().focusWidget()
        focused = focus is not None and self.stack.isAncestorOf(focus)
        self.stack.setCurrentWidget(self._pages[name])
        if focused:
            self._focus_page(name)
        if name != "animation":
            self.animation.player.pause()
        if name != "compare":
            self._pair = []
        self._show_bar()
        self.page_changed.emit()
        self._on_select()

    def _focus_page(self, name: str) -> None:
        """The focus stays among the results when the page under it goes."""
        targets = {
            "report": self.report.bars,
            "file": self.file.export,
            "animation": self.animation.player.view,
            MASK: self.canvas.mask.editor.canvas,
            EXTEND: self.canvas.extend.editor.canvas,
        }
        targets.get(name, self._pages[name]).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_round(self) -> None:
        """The round on screen, on the page that suits it."""
        shown = self._state.shown
        if shown is None:
            self._show_empty()
            self._go("empty")
            return
        starred = self.bar.filter.value() == "starred"
        keep = [shown.places[i].artifact for i in self._chosen_rows() if i < len(shown.places)]
        rows = places_in_sight(shown, starred)
        self.labelled.set_labels(*axis_labels(shown))
        self._rows = [place.index for place in rows]
        self.grid.set_cells(cell_of(shown, place, pictures.of_place(place)) for place in rows)
        again = [r for r, p in enumerate(rows) if p.artifact and p.artifact in keep]
        if again:
            self.grid.select(again)
        elif shown.sketch and rows:
            self.grid.select([min(self._state.focus, len(rows) - 1)])
        self._go(self._home_page(shown) if rows or starred else "empty")
        for place in rows if self.page not in ("grid", "empty") else ():
            self._show_single(shown, place)

    def _home_page(self, shown: Round) -> str:
        one = len(shown.places) == 1
        if shown.series is not None:
            return "grid"
        if shown.output in ("report", "file", "animation"):
            return shown.output
        return "compare" if one and self._compare_input(shown) else "grid"

    def _compare_input(self, shown: Round) -> Path | None:
        task = task_of(self._state.ask, shown.request)
        path = shown.request.inputs.get(task[1].compare_input, "") if task else ""
        return Path(path) if path else None

    def show_grid(self) -> None:
        """Back from a closer look."""
        shown = self._state.shown
        if shown is not None and self.page in ("large", "compare", *CANVAS):
            self._pair = []
            self._go(self._home_page(shown))
            self.grid.setFocus()
        elif self.page in CANVAS:
            self.show_round()

    def show_place(self, index: int) -> None:
        """One place changed: draw it where it is in sight."""
        shown = self._state.shown
        if shown is None or index not in self._rows:
            return
        place, row = shown.places[index], self._rows.index(index)
        cell = cell_of(shown, place, pictures.of_place(place))
        self.grid.put(
            row,
            cell.image,
            label=cell.label,
            name=cell.name,
            path=cell.path,
            passing=cell.passing,
            starred=cell.starred,
            badge=cell.badge,
            tip=cell.tip,
        )
        if self.page == "large" and place is self._current():
            self.large.set_image(cell.image, place_name(shown, place), keep=True)
        elif self.page not in ("grid", "large", "empty", *CANVAS):
            self._show_single(shown, place)
        self._show_bar()
        if row in self.grid.selected() or self.page != "grid":
            self._on_select()

    def _show_single(self, shown: Round, place: Place) -> None:
        """The one result of a page that shows one."""
        if self.page == "compare" and not self._pair:
            self.single.show_before_after(self._compare_input(shown), self._current() or place)
        elif self.page in ("animation", "file", "report"):
            self.single.show(self.page, shown, place)

    def open_row(self, row: int) -> None:
        """A result large; beside what it was made from where there is such a picture."""
        shown = self._state.shown
        if shown is None or not 0 <= row < len(self._rows):
            return
        place = shown.places[self._rows[row]]
        picture = pictures.of_place(place)
        if picture is None:
            return
        self.grid.select([row])
        before = self._compare_input(shown)
        self._pair = []
        if before is not None:
            self._go("compare")
            self._show_single(shown, place)
            self.compare.setFocus()
        else:
            self._go("large")
            self.large.set_image(picture, place_name(shown, place))
            self.large.setFocus()

    def step(self, by: int) -> None:
        """The next or previous result, large."""
        row = self.grid.current() + by
        if self.page == "large" and 0 <= row < len(self._rows):
            self.open_row(row)

    def compare_rows(self, rows: Sequence[int]) -> None:
        """Two results side by side or one over the other."""
        shown = self._state.shown
        places = [shown.places[self._rows[row]] for row in rows[:2]] if shown else []
        images = [pictures.of_place(place) for place in places]
        if shown is None or len(images) < 2 or None in images:
            return
        self.grid.select(rows[:2])
        self._pair = places
        self.single.forget()
        names = [place_name(shown, place) for place in places]
        self._go("compare")
        self.compare.set_images(images[0], images[1], names[0], names[1])  # type: ignore[arg-type]
        self.compare.setFocus()

    def _show_canvas(self, page: str) -> None:
        self._go(page)
        self._focus_page(page)

    def _leave_canvas(self) -> None:
        """Another task: its canvas is another one, or none."""
        if self.page in CANVAS and self.page != self.canvas.kind():
            self.show_round()
        self._show_bar()

    # ---- what is chosen

    def _chosen_rows(self) -> list[int]:
        return [self._rows[row] for row in self.grid.selected() if row < len(self._rows)]

    def _current(self) -> Place | None:
        shown = self._state.shown
        rows = self._chosen_rows()
        if shown is None or not self._rows:
            return None
        return shown.places[rows[-1] if rows else self._rows[0]]

    def chosen(self) -> list[Place]:
        """The finished places that actions are for: the selected, or the one in sight."""
        shown = self._state.shown
        if shown is None or shown.sketch or self.page in ("empty", *CANVAS):
            return []
        if self._pair and self.page == "compare":
            places = self._pair
        elif self.page == "grid":
            places = [shown.places[index] for index in self._chosen_rows()]
        else:
            current = self._current()
            places = [current] if current else []
        return [place for place in places if place.state == "done" and place.artifact]

    def chosen_artifacts(self) -> list[Artifact]:
        """Their gallery records."""
        found = [self._state.artifact_of(place) for place in self.chosen()]
        return [artifact for artifact in found if artifact is not None]

    def all_artifacts(self) -> list[Artifact]:
        """The records of every finished place in sight."""
        shown = self._state.shown
        places = [shown.places[index] for index in self._rows] if shown else []
        found = [self._state.artifact_of(place) for place in places if place.state == "done"]
        return [artifact for artifact in found if artifact is not None]

    def any_done(self) -> bool:
        """Whether there is anything to export."""
        shown = self._state.shown
        return shown is not None and not shown.sketch and shown.done > 0

    def _ids(self, rows: Sequence[int]) -> list[str]:
        shown = self._state.shown
        places = [shown.places[self._rows[row]] for row in rows] if shown else []
        return [place.artifact for place in places if place.artifact]

    def _on_select(self) -> None:
        rows = self._chosen_rows()
        if rows and (self._state.sketch is None or self.page == "grid"):
            self._state.focus = rows[-1]
        self._show_details()
        self.chosen_changed.emit()

    def toggle_details(self) -> None:
        """Show or hide the details sheet."""
        self.details.setVisible(self.details.isHidden())
        self._show_details()

    def _show_details(self) -> None:
        if self.details.isHidden():
            return
        chosen = self.chosen_artifacts()
        artifact = chosen[-1] if chosen else None
        model = self._all.models.find(artifact.provenance.request.model) if artifact else None
        self.details.show_artifact(artifact, model)

    # ---- bar and empty state

    def _show_bar(self) -> None:
        shown, page, sketch = self._state.shown, self.page, self._state.sketch is not None
        close_look = page in ("large", *CANVAS) or (page == "compare" and self._is_closer(shown))
        current = self._current() if shown is not None and page != "grid" else None
        told = current is not None and page in ("compare", "large") and not self._pair
        caption = facts_text(current.data) if current is not None and told else ""
        self.bar.show_title(self._title(shown, page), caption)
        self.bar.show_rounds(self._state.position, close_look, sketch)
        self.bar.filter.setVisible(page == "grid" and shown is not None and can_filter(shown))
        self.bar.modes.setVisible(page == "compare")
        self.bar.canvas.setVisible(self.canvas.ready() and page not in CANVAS)

    def _is_closer(self, shown: Round | None) -> bool:
        return shown is not None and self._home_page(shown) != "compare"

    def _title(self, shown: Round | None, page: str) -> str:
        if page in CANVAS:
            return TITLES[page]
        if shown is None or page == "empty":
            return ""
        if page == "compare" and self._pair:
            return "Compare"
        current = self._current()
        if page == "large" and current is not None:
            return place_name(shown, current)
        return round_title(shown)

    def _show_empty(self) -> None:
        model, task = self._state.ask.model, self._state.ask.task
        if model is None or task is None:
            text = "Import a model package in Models, or train one with the command line."
            self.empty.set_text("No model yet", text, "")
            self.empty.set_image(None)
            return
        describe_model(self.empty, model, task)
