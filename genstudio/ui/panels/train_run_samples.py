"""Samples of one training over time: sheets of pictures, or texts, whichever its model makes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.ui.panels import pictures
from genstudio.ui.state import run_words as say
from genstudio.ui.state.run_reading import written_of
from genstudio.ui.state.run_state import RunState
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.writing_tiles import WritingTiles


class SampleStrips(QWidget):
    """`film` and `prose`, of which one is in sight; `arrived` when a sheet was read."""

    arrived = Signal()

    def __init__(self, state: RunState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.film = FilmStrip("Samples, from the same seeds each time")
        self.prose = FilmStrip("Samples, from the same beginnings each time", WritingTiles())
        self._loader = pictures.Loader(self, threads=1)
        self._loader.ready.connect(self._loaded)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for strip in (self.film, self.prose):
            strip.set_loader(self._load)
            column.addWidget(strip)
        self.prose.hide()

    @property
    def strip(self) -> FilmStrip:
        """What shows the samples of this run."""
        samples, run = self._state.samples, self._state.run
        if samples:
            return self.prose if samples[-1].written else self.film
        return self.prose if run is not None and say.writes(run) else self.film

    def set_rows(self, rows: int) -> None:
        """Rows of pictures that there is room for."""
        self.film.tiles.set_rows(rows)
        self.prose.tiles.set_rows(rows)

    def show_samples(self) -> None:
        """The samples of the run in sight."""
        names = [f"step {sample.step:,}" for sample in self._state.samples]
        for strip in (self.film, self.prose):
            here = strip is self.strip
            strip.setVisible(here)
            strip.set_frames(names if here else [])
        self.film.set_words(self._state.look.asked)

    def close_strips(self) -> None:
        """Let the thread end."""
        self.film.pause()
        self.prose.pause()
        self._loader.close()

    def _load(self, index: int) -> None:
        sample = self._state.samples[index]
        read = written_of if sample.written else pictures.of_small_file
        self._loader.ask((self._state.current, sample.path), lambda: read(sample.path))

    def _loaded(self, key: object, sheet: object) -> None:
        run, path = key  # type: ignore[misc]
        paths = [sample.path for sample in self._state.samples]
        if run == self._state.current and path in paths and sheet is not None:
            self.strip.put(paths.index(path), sheet)
            self.arrived.emit()
