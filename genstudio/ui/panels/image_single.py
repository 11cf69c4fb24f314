"""Rounds of one result: before and after, a report, a file, an animation that plays."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from genstudio.studio.looking import Looker
from genstudio.ui.panels import pictures
from genstudio.ui.panels.image_pages import AnimationPage, FilePage, ReportPage
from genstudio.ui.state import words
from genstudio.ui.state.results import Place, Round
from genstudio.ui.widgets.compare_view import CompareView


class SingleResult(QObject):
    """Fills the pages for one result; pictures and frames arrive when they have been read."""

    def __init__(
        self,
        compare: CompareView,
        report: ReportPage,
        file: FilePage,
        animation: AnimationPage,
        looker: Looker,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._looker = looker
        self._compare, self._report = compare, report
        self._file, self._animation = file, animation
        self.before: QImage | None = None
        self._before_of: Path | None = None
        self._after: Place | None = None
        self._frames_of: Path | None = None
        self._loader = pictures.Loader(self)
        self._loader.ready.connect(self._loaded)

    def close(self) -> None:
        """Let the loader end."""
        self._loader.close()
        self._animation.player.pause()

    def show(self, page: str, shown: Round, place: Place) -> None:
        """The result on page `animation`, `file` or `report`."""
        if page == "animation":
            self._show_animation(place)
        elif page == "file":
            name = place.path.name if place.path else ""
            size = words.size(place.path.stat().st_size) if place.path else ""
            self._file.show_file(name, size, place.data)
        else:
            self._report.show_report(place.data if place.state == "done" else {})
            self._want_before(next((Path(p) for p in shown.request.inputs.values()), None))
            self._report.show_picture(self.before)

    def show_before_after(self, before: Path | None, place: Place) -> None:
        """The input beside what was made of it so far."""
        self._after = place
        self._want_before(before)
        self._draw_before_after()

    def forget(self) -> None:
        """Two results are compared now: no input that arrives late may replace them."""
        self._after = None

    def _show_animation(self, place: Place) -> None:
        player = self._animation.player
        if place.state == "done" and place.path is not None:
            if self._frames_of != place.path:
                self._frames_of = path = place.path
                self._loader.ask(("frames", path), lambda: pictures.frames_of(path))
            elif player.count() > 1:
                player.play()
            return
        self._frames_of = None
        picture = pictures.of_place(place)
        player.set_frames([picture] if picture else [], 1, "Preview")

    def _want_before(self, path: Path | None) -> None:
        if path != self._before_of:
            self.before, self._before_of = None, path
            if path is not None:
                self._loader.ask(("before", path), lambda: pictures.of_any_file(path, self._looker))

    def _draw_before_after(self) -> None:
        after = pictures.of_place(self._after) if self._after else None
        before = self.before or QImage()
        name = "After" if after else "Working…"
        self._compare.set_images(before, after or before, "Before", name)

    def _loaded(self, key: object, made: object) -> None:
        kind, path = key  # type: ignore[misc]
        if kind == "frames" and path == self._frames_of and made is not None:
            frames, fps = made  # type: ignore[misc]
            self._animation.player.set_frames(frames, fps, "Animation")
            if self._animation.isVisible():
                self._animation.player.play()
        elif kind == "before" and path == self._before_of and isinstance(made, QImage):
            self.before = made
            self._report.show_picture(made)
            if self._compare.isVisible() and self._after is not None:
                self._draw_before_after()
