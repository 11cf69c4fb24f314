"""The Image panel: ask on the left, results on the right, everything on hand by key too."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from genstudio.core.artifact import Artifact
from genstudio.ui import shortcuts
from genstudio.ui.panels import pictures
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.export_sheet import ExportSheet
from genstudio.ui.panels.gallery_picker import GalleryPicker
from genstudio.ui.panels.image_ask import AskingSide
from genstudio.ui.panels.image_results import CANVAS, ResultsSide
from genstudio.ui.panels.round_words import axis_labels
from genstudio.ui.panels.sweep_sheet import SweepSheet
from genstudio.ui.panels.use_for import UseFor
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.panel_frame import Panel

ACTS = (
    Act("variations", "Variations", "variations", "variations"),
    Act("use_for", "Use for…", "image", "use_for"),
    Act("settings", "Use settings", "settings"),
    Act("compare", "Compare", "compare", "compare"),
    Act("sheet", "Sheet…", "gallery"),
    Act("export", "Export…", "export", "export"),
    Act("star", "Star", "star", "star"),
    Act("details", "Details", "info", "details", shown=False),
    Act("open", "Open large", "zoom-in", shown=False),
    Act("copy", "Copy picture", "copy", "copy", shown=False),
    Act("delete", "Delete", "trash", "delete", kind="danger"),
)


class ImagePanel(Panel):
    """Binds the two sides, the actions and the keys to the GenerationState."""

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__("Image", "", parent)
        self._all, self._state = state, state.generation
        self.asking = AskingSide(self.ask, state.generation, state.fast, self)
        self.results = ResultsSide(self.answer, state, self)
        self.actions = ActionBar(ACTS, self.run)
        self.answer.right.addWidget(self.actions)
        self.export = ExportSheet(state.exports, self.answer)
        self.sheet = SweepSheet(state.generation.many, state.exports, self.answer)
        self.picker = GalleryPicker(state.gallery, self)
        self.use_for = UseFor(state, self)
        self._slot = ""
        self._bind_keys()
        self._connect()
        self._show_actions()

    def _connect(self) -> None:
        results, asking = self.results, self.asking
        results.chosen_changed.connect(self._show_actions)
        results.page_changed.connect(self._show_actions)
        self._state.finished.connect(lambda _round: self._show_actions())
        results.menu_wanted.connect(self.actions.open_menu)
        results.star_wanted.connect(self._all.gallery.star)
        results.delete_wanted.connect(self._all.gallery.trash)
        results.export_wanted.connect(lambda: self.run("export"))
        self.sheet.cells_wanted.connect(lambda: self.export.open_for(results.all_artifacts()))
        asking.mask_requested.connect(lambda _name: results.canvas.open())
        self._state.ask.picture_placed.connect(self._on_picture)
        asking.tasks.changed.connect(lambda _name: self._on_task())
        asking.pick_requested.connect(self._pick)
        self.picker.picked.connect(self._picked)
        self._all.closing.connect(self.close_panel)

    def _bind_keys(self) -> None:
        bind = shortcuts.bind
        bind(self, "generate", self._state.submit, window=True)
        bind(self, "generate_next", self._state.submit_next, window=True)
        bind(self, "paste", self.asking.paste_picture, window=True)
        bind(self, "canvas", self._toggle_canvas, window=True)
        for act in ACTS:
            if act.key:
                bind(self.answer, act.key, lambda name=act.name: self.run(name))
        bind(self.answer, "use_all", lambda: self.run("use_all"))
        bind(self.answer, "use_seed", lambda: self.run("use_seed"))
        bind(self.answer, "remix", lambda: self.run("remix"))

    # ---- what the window calls

    def activated(self) -> None:
        """Shown: nothing to fetch, the states are up to date."""
        self.results.show_round() if self.results.page in ("grid", "empty") else None

    def cancel(self) -> bool:
        """Esc: leave the sheet, the picker or the closer look first; then stop what runs."""
        for sheet in (self.export, self.sheet):
            if sheet.isVisible():
                sheet.close_sheet()
                return True
        if self.results.page == "large" or self.results.bar.back.isVisible():
            self.results.show_grid()
            return True
        return self._state.cancel()

    def close_panel(self) -> None:
        """Let threads end."""
        self.asking.close()
        self.results.close()
        self.picker.close_loader()
        self.export.close_loader()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sheet in its corner."""
        super().resizeEvent(event)
        for sheet in (self.export, self.sheet):
            if sheet.isVisible():
                sheet.place()

    # ---- actions

    def run(self, name: str) -> None:
        """Do what an action or key says with the chosen results."""
        places = self.results.chosen()
        found = self.results.chosen_artifacts()
        one = found[-1] if found else None
        if name == "export":
            self.export.open_for(found or self.results.all_artifacts())
        elif name == "sheet":
            self._open_sheet()
        elif name == "details":
            self.results.toggle_details()
        elif one is None:
            return
        elif name == "variations":
            self._state.variations_of(one)
        elif name in ("use_all", "use_seed", "remix"):
            self._use(name, one)
        elif name == "settings":
            self._settings_menu()
        elif name == "compare":
            self.results.compare_rows(self._rows_to_compare())
        elif name == "star":
            self._all.gallery.star([a.id for a in found])
        elif name == "delete":
            self._all.gallery.trash([a.id for a in found])
        elif name == "open":
            self.results.open_row(self.results.grid.current())
        elif name == "copy":
            self._copy(places[-1].path)
        elif name == "use_for":
            self._use_for([place.path for place in places if place.path is not None], one)

    def _open_sheet(self) -> None:
        shown = self._state.shown
        if shown is not None and shown.series is not None and shown.series.x is not None:
            self.sheet.open_for(shown.series, shown.done)

    def _use(self, name: str, artifact) -> None:  # type: ignore[no-untyped-def]
        if name == "use_seed":
            self._state.use_seed(artifact)
        elif name == "remix":
            self._state.remix(artifact)
        else:
            self._state.use_settings_of(artifact)

    def _settings_menu(self) -> None:
        menu = QMenu(self)
        for name, text in (
            ("use_all", "All settings and the seed"),
            ("use_seed", "Only the seed"),
            ("remix", "All settings but the seed"),
        ):
            entry = menu.addAction(f"{text}\t{shortcuts.keys_text(name)}")
            entry.triggered.connect(lambda _on=False, name=name: self.run(name))
        menu.aboutToHide.connect(menu.deleteLater)
        button = self.actions.button("settings")
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _rows_to_compare(self) -> list[int]:
        rows = self.results.grid.selected()
        if len(rows) == 1 and self.results.grid.count() > 1:
            rows = sorted([rows[0], rows[0] + 1 if rows[0] + 1 < self.results.grid.count() else 0])
        return rows[:2]

    def _copy(self, path: Path | None) -> None:
        if path is None:
            return
        mime = QMimeData()
        picture = pictures.of_small_file(path)
        if not picture.isNull():
            mime.setImageData(picture)
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        QGuiApplication.clipboard().setMimeData(mime)
        self._all.said.emit("Copied", "", None)

    def _use_for(self, paths: list[Path], artifact: Artifact) -> None:
        self.use_for.open(paths, artifact, self.actions.place_of("use_for", self.results.stack))

    def _show_actions(self) -> None:
        places = self.results.chosen()
        some, one = bool(places), len(places) == 1
        page = self.results.page
        pictures_here = some and all(place.output == "image" for place in places)
        any_done = some or self.results.any_done()
        many = len(self.results.grid.cells()) > 1
        self.actions.set_able(
            variations=one and self._state.can_vary(),
            settings=one,
            compare=pictures_here and many and len(places) <= 2,
            star=some,
            export=any_done and page not in ("empty", *CANVAS),
            sheet=any_done and page == "grid",
            details=page not in ("empty", *CANVAS),
            open=one and pictures_here,
            copy=one and pictures_here,
            use_for=pictures_here,
            delete=some,
        )
        hidden = set() if self._state.can_vary() else {"variations"}
        hidden |= set() if self._state.shown and axis_labels(self._state.shown)[0] else {"sheet"}
        self.actions.set_hidden(hidden if many else hidden | {"compare"})
        starred = some and all(place.starred for place in places)
        self.actions.set_text("star", "Unstar" if starred else "Star")
        self.actions.setVisible(page not in ("empty", *CANVAS))

    # ---- inputs

    def _on_picture(self, name: str) -> None:
        """A picture was put in by hand: if the task works on it, show it to work on."""
        canvas = self.results.canvas
        if name == canvas.picture_slot() and canvas.ready() and self._state.running is None:
            canvas.open()

    def _on_task(self) -> None:
        """A task was chosen by hand: where only the mask is missing, painting comes next."""
        mask = self.results.canvas.mask_control()
        if mask is not None and self._state.ask.given(mask.name) is None:
            self._on_picture(mask.over)

    def _toggle_canvas(self) -> None:
        if self.results.page in CANVAS:
            self.results.show_round()
        else:
            self.results.canvas.open()

    def _pick(self, slot: str) -> None:
        self._slot = slot
        self.picker.open_beside(self.asking.pick)

    def _picked(self, path: str) -> None:
        if self._slot:
            self._state.ask.set_input(self._slot, Path(path))
            self._state.ask.picture_placed.emit(self._slot)
