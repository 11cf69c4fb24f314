"""The answering side of the Gallery panel: thumbnails by the thousand, and closer looks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QWidget

from genstudio.core.artifact import UNFINISHED, Artifact
from genstudio.ui.panels import pictures, text_look
from genstudio.ui.panels.details import DetailsSheet
from genstudio.ui.panels.image_pages import (
    AnimationPage,
    ReportPage,
    beside,
    card,
    facts_text,
    shares_of,
)
from genstudio.ui.state import words
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.theme import theme
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.compare_view import CompareView
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.image_view import ImageView
from genstudio.ui.widgets.panel_frame import AnsweringArea, note
from genstudio.ui.widgets.result_grid import Cell, ResultGrid

SIDE = 132
THUMBNAIL = 256
_BADGES = {"animation": "animation", "report": "report", "file": "file"}


class GalleryView(QObject):
    """Fills an AnsweringArea. Thumbnails are made beside the window, only where one looks."""

    chosen_changed = Signal()
    menu_wanted = Signal(QPoint)
    star_wanted = Signal(list)
    delete_wanted = Signal(list)
    clear_wanted = Signal()

    def __init__(self, answer: AnsweringArea, state: StudioState, parent: QObject) -> None:
        super().__init__(parent)
        self._answer, self._all, self._state = answer, state, state.gallery
        self._looker = state.studio.looker
        self._open: Path | None = None
        self._loader = pictures.Loader(self)
        self._loader.ready.connect(self._loaded)
        self._make_pages()
        self._make_bar()
        self._connect()
        self.show_items()

    def close(self) -> None:
        """Let the loader end."""
        self._loader.close()
        self.animation.player.pause()

    # ---- building

    def _make_pages(self) -> None:
        self.empty = EmptyState("gallery", "", "", "Make the first picture")
        self.grid = ResultGrid(name="Gallery")
        self.grid.set_whole(True)
        self.grid.set_side(SIDE)
        self.grid.set_loader(self._load)
        self.large, self.compare_view = ImageView(name="Result"), CompareView()
        self.animation, self.report = AnimationPage(), ReportPage()
        self.text = text_look.TextLook()
        self._pages: dict[str, QWidget] = {
            "grid": self.grid,
            "empty": self.empty,
            "large": self.large,
            "compare": self.compare_view,
            "animation": self.animation,
            "report": self.report,
            "text": self.text,
        }
        self.stack = QStackedWidget()
        for page in self._pages.values():
            self.stack.addWidget(page)
        self.details = DetailsSheet()
        self.details.hide()
        self._answer.set_content(beside(self.stack, self.details))

    def _make_bar(self) -> None:
        self.back = Button("Back", "chevron-left", kind="quiet")
        self.back.setToolTip("Back to the gallery  (Esc)")
        self.modes = PillRow((("slider", "Slider"), ("side", "Side by side")))
        self.modes.setAccessibleName("Compare as")
        self.modes.setFixedWidth(176)
        self.count = note("")
        self.count.setWordWrap(False)
        for widget in (self.modes, self.back, self.count):
            self._answer.left.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def _connect(self) -> None:
        state, grid = self._state, self.grid
        state.changed.connect(self.show_items)
        state.appended.connect(self._append)
        state.item_changed.connect(self._item_changed)
        grid.reached_end.connect(state.more)
        grid.selection_changed.connect(self._on_select)
        grid.opened.connect(self.open_row)
        grid.compare_wanted.connect(self._compare_rows)
        grid.menu_wanted.connect(lambda _row, where: self.menu_wanted.emit(where))
        grid.star_wanted.connect(lambda rows: self.star_wanted.emit(self._ids(rows)))
        grid.delete_wanted.connect(lambda rows: self.delete_wanted.emit(self._ids(rows)))
        self.back.clicked.connect(self.close_look)
        self.modes.changed.connect(self.compare_view.set_mode)
        self.compare_view.mode_changed.connect(self.modes.set_value)
        for page in (self.large, self.compare_view, self.animation.player, self.text):
            page.closed.connect(self.close_look)
        self.large.stepped.connect(self.step)
        self.empty.clicked.connect(self._on_empty)
        self.details.closed.connect(self.details.hide)
        theme().changed.connect(self._redraw_cards)

    # ---- contents

    @property
    def page(self) -> str:
        """Name of the page in sight."""
        current = self.stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is current), "")

    def _go(self, name: str) -> None:
        self.stack.setCurrentWidget(self._pages[name])
        if name != "animation":
            self.animation.player.pause()
        self._show_bar()

    def show_items(self) -> None:
        """The list of the state; the selection stays on what is still there."""
        chosen = {self.grid.cell(row).key for row in self.grid.selected()}
        kept = {c.key: c.image for c in self.grid.cells() if c.image is not None}
        scroll = self.grid.verticalScrollBar().value()
        self._loader.forget()
        with QSignalBlocker(self.grid):
            self.grid.set_cells(self._cell(a, kept.get(a.id)) for a in self._state.items)
            again = [i for i, a in enumerate(self._state.items) if a.id in chosen]
            if again:
                self.grid.select(again)
        self.grid.verticalScrollBar().setValue(scroll)
        if not self._state.items:
            self._show_empty()
            self._go("empty")
        elif self.page in ("empty", "grid"):
            self._go("grid")
        self._on_select()

    def _append(self, first: int) -> None:
        self.grid.append([self._cell(a, None) for a in self._state.items[first:]])
        self._show_bar()

    def _item_changed(self, artifact_id: str) -> None:
        place = self._state.index_of(artifact_id)
        if place >= 0:
            self.grid.update_key(artifact_id, starred=self._state.items[place].starred)
        self.chosen_changed.emit()

    def _cell(self, artifact: Artifact, image: QImage | None) -> Cell:
        made = artifact.provenance
        title = self._all.models.title(made.request.model)
        facts = facts_text(made.facts)
        seed = f"seed {made.request.seed}"
        return Cell(
            key=artifact.id,
            label=f"{made.request.seed} · {made.index}",
            name=", ".join(part for part in (title, made.request.task, seed, facts) if part),
            path=str(self._state.path(artifact)),
            image=image or self._drawn(artifact),
            starred=artifact.starred,
            badge=words.cut_short(artifact.provenance.facts.get(UNFINISHED))
            or _BADGES.get(artifact.output, ""),
            tip=f"{title} · {seed}\n{words.moment(artifact.created)}\n{facts}".strip(),
        )

    def _drawn(self, artifact: Artifact) -> QImage | None:
        """What stands for a result that is no picture: what it says, in a few words."""
        if artifact.output == "report":
            shares = shares_of(artifact.provenance.facts)[:4]
            return card([f"{name}  {share:.0%}" for name, share in shares])
        if artifact.output == "file":
            return card([Path(artifact.file).suffix, words.size(artifact.size)])
        return None

    def _load(self, row: int) -> None:
        if row < len(self._state.items):
            artifact = self._state.items[row]
            self._loader.ask(("small", artifact.id), lambda: self._thumbnail(artifact))

    def _thumbnail(self, artifact: Artifact) -> QImage | None:
        if artifact.output == "text":
            words = self._state.words_of(artifact, text_look.MOST)
            return text_look.page(words, text_look.span_of(artifact)) if words else None
        path = self._state.small_picture(artifact, THUMBNAIL)
        return pictures.of_small_file(path) if path is not None else None

    def _loaded(self, key: object, made: object) -> None:
        kind, what = key  # type: ignore[misc]
        if kind == "small" and isinstance(made, QImage) and not made.isNull():
            self.grid.update_key(what, image=made)
        elif kind == "frames" and what == self._open and made is not None:
            frames, fps = made  # type: ignore[misc]
            self.animation.player.set_frames(frames, fps, "Animation")
            if self.page == "animation":
                self.animation.player.play()
        elif kind == "before" and what == self._open and isinstance(made, QImage):
            self.report.show_picture(made)

    def _redraw_cards(self) -> None:
        for row, artifact in enumerate(self._state.items):
            drawn = self._drawn(artifact)
            if drawn is not None:
                self.grid.update_key(artifact.id, image=drawn)
            elif artifact.output == "text" and self.grid.cell(row).image is not None:
                self._load(row)

    # ---- closer looks

    def open_row(self, row: int) -> None:
        """One result large, playing, or as a report."""
        if not 0 <= row < len(self._state.items):
            return
        artifact = self._state.items[row]
        path = self._open = self._state.path(artifact)
        self.grid.select([row])
        if artifact.output == "animation":
            self.animation.player.set_frames([], 1, "Animation")
            self._go("animation")
            self._loader.ask(("frames", path), lambda: pictures.frames_of(path))
            self.animation.player.view.setFocus()
        elif artifact.output == "report":
            self._open_report(artifact)
        elif artifact.output == "text":
            self.text.show_text(self._state.words_of(artifact, text_look.MOST), artifact)
            self._go("text")
            self.text.setFocus()
        elif artifact.output == "image":
            self._go("large")
            self.large.set_image(pictures.of_small_file(path), self.grid.cell(row).name)
            self.large.setFocus()
        elif artifact.output == "music":
            self._all.music.opening.open(path)
            self._all.area_wanted.emit("music")
        elif artifact.output == "sound":
            self._all.area_wanted.emit("sound")
            self._all.sound.open(artifact.id)
        else:
            self.details.show()
            self._on_select()

    def _open_report(self, artifact: Artifact) -> None:
        self.report.show_report(artifact.provenance.facts)
        self.report.show_picture(None)
        self._go("report")
        inputs = list(artifact.provenance.request.inputs.values())
        if inputs and Path(inputs[0]).is_file():
            self._open = path = Path(inputs[0])
            self._loader.ask(("before", path), lambda: pictures.of_any_file(path, self._looker))

    def close_look(self) -> bool:
        """Back to the thumbnails; False when one is there already."""
        if self.page in ("grid", "empty"):
            return False
        self._go("grid" if self._state.items else "empty")
        self.grid.setFocus()
        return True

    def step(self, by: int) -> None:
        """The next or previous result, large."""
        self.open_row(self.grid.current() + by)

    def _compare_rows(self, rows: Sequence[int]) -> None:
        self.compare([self._state.items[row] for row in rows[:2]])

    def compare(self, pair: Sequence[Artifact]) -> None:
        """Two pictures, one over the other or side by side."""
        if len(pair) == 2 and all(a.output == "image" for a in pair):
            images = [pictures.of_small_file(self._state.path(a)) for a in pair]
            names = [f"{a.provenance.request.seed} · {a.provenance.index}" for a in pair]
            self._go("compare")
            self.compare_view.set_images(images[0], images[1], names[0], names[1])
            self.compare_view.setFocus()

    # ---- what is chosen

    def chosen(self) -> list[Artifact]:
        """The selected results."""
        items = self._state.items
        return [items[row] for row in self.grid.selected() if row < len(items)]

    def _ids(self, rows: Sequence[int]) -> list[str]:
        return [self._state.items[row].id for row in rows if row < len(self._state.items)]

    def _on_select(self) -> None:
        self._show_details()
        self.chosen_changed.emit()

    def toggle_details(self) -> None:
        """Show or hide the details sheet."""
        self.details.setVisible(self.details.isHidden())
        self._show_details()

    def _show_details(self) -> None:
        if not self.details.isHidden():
            chosen = self.chosen()
            artifact = chosen[-1] if chosen else None
            model = self._all.models.find(artifact.provenance.request.model) if artifact else None
            self.details.show_artifact(artifact, model)

    def show_count(self, text: str) -> None:
        """How many are selected, beside the title."""
        self.count.setText(text)

    # ---- bar and empty state

    def _show_bar(self) -> None:
        grid = self.page in ("grid", "empty")
        count = len(self._state.items)
        more = "" if self._state.complete else "+"
        title = f"{count:,}{more} {'result' if count == 1 else 'results'}"
        self._answer.title.setText((title if count else "") if grid else "Result")
        self.back.setVisible(not grid)
        self.modes.setVisible(self.page == "compare")
        self.count.setVisible(grid)

    def _show_empty(self) -> None:
        if self._state.filter == "trash" and not self._state.text:
            text = "Deleted results wait here until their days are over."
            self.empty.set_text("The trash is empty", text, "Show all results")
        elif self._state.text or self._state.filter != "all":
            text = "Nothing in the gallery fits this search."
            self.empty.set_text("Nothing found", text, "Show all results")
        else:
            text = "Everything you make is kept here, with all that is needed to make it again."
            self.empty.set_text("No results yet", text, "Make the first picture")

    def _on_empty(self) -> None:
        if self._state.text or self._state.filter != "all":
            self.clear_wanted.emit()
        else:
            self._all.area_wanted.emit("image")
