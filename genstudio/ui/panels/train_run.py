"""The page of one training: curves, doctor, samples over time, what it has reached so far."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from genstudio import families
from genstudio.core import evaluations
from genstudio.core.errors import GenStudioError
from genstudio.core.manifest import Score
from genstudio.core.run import Run
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.train_run_boxes import (
    DOCTOR_WIDTH,
    CurvesBox,
    DoctorBox,
    LogBox,
    NoticeBox,
    plain_box,
)
from genstudio.ui.panels.train_run_samples import SampleStrips
from genstudio.ui.state import run_words as say
from genstudio.ui.state import words
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.badges import HEIGHT, BadgeLabel, BadgeRow
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.error_dialog import show_problem
from genstudio.ui.widgets.image_view import ImageView
from genstudio.ui.widgets.panel_frame import label, scrolled, title

WORDS = {
    "resume": "Resume",
    "keep": "Stop and keep",
    "try": "Try it",
    "duplicate": "Duplicate with changes…",
    "report": "Details",
    "use": "Use it",
    "more": "Train on from here…",
}
"""Actions of a notice in words."""
ACTS = (
    Act("try", "Try it in Image", "image"),
    Act("compare", "Compare runs", "compare"),
    Act("duplicate", "Duplicate with changes…", "copy", shown=False),
    Act("folder", "Show its folder", "folder", shown=False),
)
NOTHING = (
    "No training yet",
    "Choose data and a kind of model on the left and press Train. Curves, samples and the "
    "training doctor appear here while it learns.",
)
_NARROW = 760
_SMALL = 640  # a sheet that is looked at pixel by pixel
_DOCTOR_HEIGHT = 220  # below the curves it has no height of theirs
_ROWS = ((960, 4), (840, 3), (720, 2))


class RunPage(QWidget):
    """Binds the boxes to RunState. It draws only what lies in the run's folder."""

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all, self._state = state, state.run
        self.title = title("")
        self.step = BadgeLabel("")
        self.back = Button("Back", "chevron-left", kind="quiet")
        self.actions = ActionBar(ACTS, self.run)
        self.notice = NoticeBox(WORDS)
        self.curves, self.doctor = CurvesBox(), DoctorBox()
        self.strips = SampleStrips(state.run)
        self.film, self.prose = self.strips.film, self.strips.prose
        self.facts = BadgeRow("So far")
        self.log = LogBox()
        self.large = ImageView(name="Samples")
        self.empty = EmptyState("train", *NOTHING)
        self._scores: list[Score] = []
        self._lay_out()
        self._connect()
        self.show_run()
        self._show_curves()
        self._show_samples()

    # ---- building

    def _lay_out(self) -> None:
        self.title.setMinimumWidth(60)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 8)
        head.setSpacing(10)
        self.back.setToolTip("Back to the run  (Esc)")
        self.back.hide()
        head.addWidget(self.back)
        head.addWidget(self.title)
        head.addWidget(self.step)
        head.addWidget(self.actions, 1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(12)
        self._top.addWidget(self.curves, 1)
        self._top.addWidget(self.doctor)
        self.samples, samples = plain_box()
        samples.addWidget(self.strips)
        self.so_far, so_far = plain_box()
        line = QHBoxLayout()
        line.setSpacing(12)
        words_ = label("So far")
        words_.setFixedHeight(HEIGHT)
        line.addWidget(words_, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.facts, 1)
        so_far.addLayout(line)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 0, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.notice)
        column.addLayout(self._top, 1)
        for widget in (self.samples, self.so_far, self.log):
            column.addWidget(widget)
        self.stack = QStackedWidget()
        for page in (self.empty, scrolled(body), self.large):
            self.stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(self.stack, 1)

    def _connect(self) -> None:
        state = self._state
        state.changed.connect(self.show_run)
        state.progressed.connect(self.show_facts)
        state.metric_added.connect(self._show_curves)
        state.sample_added.connect(self._show_samples)
        state.advice_changed.connect(self._show_advice)
        state.log_added.connect(self._show_log)
        state.model_ready.connect(self._model_ready)
        state.all.changed.connect(self._show_able)
        self._all.models.changed.connect(self.show_run)
        self.doctor.acted.connect(self._take_remedy)
        self.notice.acted.connect(self.run)
        self.film.opened.connect(self.open_sheet)
        self.film.frame_changed.connect(lambda _place: self._show_large())
        self.large.closed.connect(self.close_look)
        self.back.clicked.connect(self.close_look)
        self.large.stepped.connect(lambda by: self.film.set_frame(self.film.frame() + by))
        self.strips.arrived.connect(self._show_large)
        self._all.closing.connect(self.close_page)

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks: what changed meanwhile is read."""
        super().showEvent(event)
        self._state.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The doctor stands beside the curves where there is room, else below them."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._top.setDirection(way)
        self.doctor.setMaximumWidth(16777215 if narrow else DOCTOR_WIDTH)
        self.doctor.setMinimumWidth(0 if narrow else DOCTOR_WIDTH)
        self.doctor.setMinimumHeight(_DOCTOR_HEIGHT if narrow else 0)
        rows = next((rows for height, rows in _ROWS if self.height() >= height), 1)
        self.strips.set_rows(rows)

    def close_page(self) -> None:
        """Let the thread end."""
        self.strips.close_strips()

    # ---- state -> widgets

    @property
    def page(self) -> str:
        """What is in sight: "empty", "run" or "large"."""
        return ("empty", "run", "large")[self.stack.currentIndex()]

    def show_run(self) -> None:
        """Another run, or another phase of it."""
        run = self._state.run
        some = run is not None
        for widget in (self.title, self.step, self.actions):
            widget.setVisible(some)
        if run is None:
            trouble = self._state.look.problem
            words_ = ("This run cannot be read", trouble.sentence) if trouble else NOTHING
            self.empty.set_text(*words_)
            self.back.hide()
            self.stack.setCurrentIndex(0)
            return
        if self.page == "empty":
            self.stack.setCurrentIndex(1)
        self.title.setText(say.title(run))
        self.notice.show_notice(say.notice(self._state.phase, run, self._state.step))
        area = _area(run)
        self.actions.set_text("try", f"Try it in {area.capitalize()}")
        self.actions.button("try").set_icon(area)
        self.samples.setVisible(bool(self._state.samples) or self._state.active)
        self._scores = self._read_scores(run)
        self._show_able()
        self._show_advice()
        self._show_log()
        self.show_facts()

    def show_facts(self) -> None:
        """What changes all the time: the step and the row "So far"."""
        run, state = self._state.run, self._state
        if run is None:
            return
        token = say.phase_words(state.phase)[1]
        text = state.text or say.step_text(state.phase, state.step, state.total)
        self.step.set_badge(text, token=token)
        self.facts.set_badges([(badge.text, badge.tip) for badge in self._badges(run)])

    def _badges(self, run: Run) -> list[say.Badge]:
        state = self._state
        made = [*say.scored(self._scores), *say.watched(state.curves)]
        best = say.best_text(run, state.curves)
        if best is not None:
            made.append(best)
        rate, left = state.items_per_second(), state.seconds_left()
        if rate:
            made.append(say.pace(run, rate))
        if run.seconds:
            made.append(say.Badge(say.gone(run.seconds), "Time of training so far"))
        if left is not None:
            made.append(say.Badge(words.left(left), "At the speed of the last half minute"))
        if state.memory and state.active:
            made.append(say.Badge(words.size(state.memory), "Memory of the training process"))
        made.append(self._device(run))
        return [badge for badge in made if badge.text]

    def _device(self, run: Run) -> say.Badge:
        started = self._state.device
        if started is None:
            return say.Badge(run.device, "Where it was computed")
        threads = f" · {words.several(started.threads, 'thread')}" if started.threads else ""
        why = started.reason
        return say.Badge(f"{started.device}{threads}{f' — {why}' if why else ''}", why)

    def _read_scores(self, run: Run) -> list[Score]:
        """The telling numbers of the evaluation, where the finished model is installed."""
        model = self._all.models.find(run.model) if run.model else None
        if model is None:
            return []
        return say.telling(evaluations.scores(self._all.studio.home, model.manifest))

    def _show_able(self) -> None:
        run, phase = self._state.run, self._state.phase
        if run is None:
            return
        begun = self._state.step > 0 and phase not in ("failed", "pausing", "waiting")
        self.actions.set_able(
            **{"try": begun and not self._state.trying, "compare": len(self._state.all.rows) > 1}
        )
        self.actions.button("try").setToolTip(
            "A model of it is being made" if self._state.trying
            else "Makes a model of the state as it is now; training goes on"
        )  # fmt: skip

    def _show_curves(self) -> None:
        self.curves.show_curves(self._state.curves, self._state.best_step)

    def _show_samples(self) -> None:
        self.strips.show_samples()
        shown = self._state.samples
        self.samples.setVisible(bool(shown) or self._state.active)

    def _show_advice(self) -> None:
        self.doctor.show_advice(self._state.advice, self._state.phase != "done")

    def _show_log(self) -> None:
        run = self._state.run
        self.log.show_log(self._state.look.log, run.changes if run else ())

    # ---- samples

    def open_sheet(self, _place: int) -> None:
        """The whole sheet of samples, large; Esc goes back."""
        if not self.film.tiles.sheet().isNull():
            self.stack.setCurrentIndex(2)
            self.back.show()
            self._show_large()
            self.large.setFocus()

    def _show_large(self) -> None:
        if self.page == "large":
            small = self.film.tiles.sheet().width() <= _SMALL
            self.large.set_scaling("nearest" if small else "auto")
            self.large.set_image(self.film.tiles.sheet(), self.film.at.text(), keep=True)

    def close_look(self) -> bool:
        """Back from the large sheet; False when there is none."""
        if self.page != "large":
            return False
        self.stack.setCurrentIndex(1)
        self.back.hide()
        self.film.slider.setFocus()
        return True

    def cancel(self) -> bool:
        """Esc: leave the closer look."""
        return self.close_look()

    # ---- acting

    def run(self, name: str) -> None:
        """Do what a button says."""
        state = self._state
        if name == "resume":
            state.resume()
        elif name == "keep":
            state.keep()
        elif name in ("try", "use"):
            state.try_out()
            self._show_able()
        elif name == "duplicate":
            recipe = state.duplicate()
            if recipe is not None:
                self._all.training.take_recipe(recipe)
        elif name == "more" and state.run is not None:
            self._all.training.continue_from(state.run.model)
            self._all.training.show_page("data")
        elif name == "report" and state.run is not None and state.run.problem is not None:
            show_problem(self, state.run.problem)
        elif name == "compare":
            self._compare()
        elif name == "folder":
            self._open_folder()

    def _compare(self) -> None:
        """With the newest other run of the same kind, else with the newest other."""
        run, rows = self._state.run, self._state.all.rows
        if run is None or len(rows) < 2:
            return
        others = [row for row in rows if row.id != run.id]
        like = [row for row in others if row.run.recipe.family == run.recipe.family]
        self._all.training.show_page("runs")
        self._state.all.compare([run.id, (like or others)[0].id])

    def _open_folder(self) -> None:
        try:
            folder: Path = self._all.studio.runs.folder(self._state.current)
        except GenStudioError as error:
            self._all.problem.emit(error.problem)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _take_remedy(self, name: str, place: int) -> None:
        advice = next((one for one in self._state.advice if one.name == name), None)
        if advice is not None and place < len(advice.remedies):
            self._state.apply(advice.remedies[place])

    def _model_ready(self, model: str) -> None:
        def go() -> None:
            self._all.use_model(model)

        self._show_able()
        if self.isVisible():
            go()
        else:
            self._all.said.emit(f"{model} can be tried", "Open", go)


def _area(run: Run) -> str:
    """The panel where models of this kind are used; judges of pictures are asked in Image."""
    try:
        made = run.makes or families.family(run.recipe.family).modality
    except (KeyError, GenStudioError):
        return "image"
    return "image" if made == "judge" else made
