"""Samples of one training over time: pictures, texts or music, whichever its model makes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.core.errors import BadInput
from genstudio.media.sound_reading import Recording
from genstudio.ui.panels import pictures, sound_look
from genstudio.ui.state import run_words as say
from genstudio.ui.state.run_reading import Sample, written_of
from genstudio.ui.state.run_state import RunState
from genstudio.ui.theme import color, theme
from genstudio.ui.widgets import images
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.roll_tiles import Rolled, RollTiles
from genstudio.ui.widgets.writing_tiles import WritingTiles

if TYPE_CHECKING:
    from genstudio.ui.playing.transport import Transport

SIDES = 480, 200  # pixels of a roll
_VOICES = 8


class SampleStrips(QWidget):
    """`film`, `prose` and `rolls`, of which one is in sight; `arrived` when a sheet was read.

    `make_transport` makes what plays samples of music, at the first one that is to be heard.
    """

    arrived = Signal()

    def __init__(self, state: RunState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.film = FilmStrip("Samples, from the same seeds each time")
        self.prose = FilmStrip("Samples, from the same beginnings each time", WritingTiles())
        self.rolls = FilmStrip("Samples, from the same seeds each time", RollTiles())
        self.make_transport: Callable[[], Transport] = _transport
        self.transport: Transport | None = None
        self._loader = pictures.Loader(self, threads=1)
        self._loader.ready.connect(self._loaded)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for strip in (self.film, self.prose, self.rolls):
            strip.set_loader(self._load)
            column.addWidget(strip)
        self.prose.hide()
        self.rolls.hide()
        self.rolls.tiles.wanted.connect(self.listen)
        self.rolls.frame_changed.connect(lambda _place: self.quiet())
        theme().changed.connect(self._paint_anew)

    @property
    def strip(self) -> FilmStrip:
        """What shows the samples of this run."""
        samples, run = self._state.samples, self._state.run
        if samples:
            sample = samples[-1]
            return self.prose if sample.written else self.rolls if sample.pieces else self.film
        made = say.made(run) if run is not None else "image"
        return {"text": self.prose, "music": self.rolls, "sound": self.rolls}.get(made, self.film)

    def set_rows(self, rows: int) -> None:
        """Rows of pictures that there is room for."""
        self.film.tiles.set_rows(rows)
        self.prose.tiles.set_rows(rows)

    def show_samples(self) -> None:
        """The samples of the run in sight."""
        names = [f"step {sample.step:,}" for sample in self._state.samples]
        for strip in (self.film, self.prose, self.rolls):
            here = strip is self.strip
            strip.setVisible(here)
            strip.set_frames(names if here else [])
        self.film.set_words(self._state.look.asked)

    def close_strips(self) -> None:
        """Let the threads end."""
        for strip in (self.film, self.prose, self.rolls):
            strip.pause()
        self._loader.close()
        if self.transport is not None:
            self.transport.close()
            self.transport = None

    # ---- listening

    def listen(self, place: int) -> None:
        """Play a sample of music; once more: be quiet."""
        tiles = self.rolls.tiles
        if tiles.playing() == place:
            self.quiet()
            return
        if self.transport is None:
            self.transport = self.make_transport()
            self.transport.finished.connect(lambda: tiles.set_playing(-1))
            self.transport.failed.connect(self.rolls.words.setText)
        heard = tiles.sheet()[place][1]
        if isinstance(heard, Recording):
            self.transport.set_sound(heard.samples, heard.rate)
        else:
            self.transport.set_piece(heard)
        self.transport.play(0.0)
        tiles.set_playing(place)

    def quiet(self) -> None:
        """Play nothing."""
        if self.transport is not None:
            self.transport.pause()
        self.rolls.tiles.set_playing(-1)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: rest."""
        super().hideEvent(event)
        self.quiet()

    def _paint_anew(self) -> None:
        """Rolls have the colours of the theme."""
        if self.strip is self.rolls:
            self.rolls.set_frames([])
            self.show_samples()

    def _load(self, index: int) -> None:
        sample = self._state.samples[index]
        self._loader.ask((self._state.current, sample.path), reader(sample))

    def _loaded(self, key: object, sheet: object) -> None:
        run, path = cast("tuple[str, Path]", key)
        paths = [sample.path for sample in self._state.samples]
        if run == self._state.current and path in paths and sheet is not None:
            self.strip.put(paths.index(path), sheet)
            self.arrived.emit()


def reader(sample: Sample) -> Callable[[], object]:
    """What reads a sheet of samples for the tiles that show such sheets."""
    if sample.written:
        return lambda: written_of(sample.path)
    if sample.pieces:
        paint = _colours()  # the theme is asked in the window's thread
        return lambda: rolled_of(sample.pieces, paint)
    return lambda: pictures.of_small_file(sample.path)


def rolled_of(paths: tuple[Path, ...], paint: dict[str, str]) -> list[Rolled]:
    """Pieces and sounds of our own with pictures of them; those that cannot be read are left
    out."""
    from genstudio.media import roll_picture, scores

    found: list[Rolled] = []
    for path in paths:
        try:
            if path.suffix == ".wav":
                sound = sound_look.recording(path)
                found.append((sound_look.outline(sound.samples, *SIDES), sound))
                continue
            piece = scores.read_any(path.read_bytes(), path.name)
        except (BadInput, OSError):
            continue
        found.append(
            (images.from_array(roll_picture.pixels(piece, SIDES[0], SIDES[1], **paint)), piece)
        )
    return found


def _colours() -> dict[str, str]:
    """Those of the theme, as `roll_picture` names them."""
    names = ["roll_white", "roll_black", "roll_beat", "roll_bar"]
    names += [f"voice_{number}" for number in range(1, _VOICES + 1)]
    return {name: color(name).name()[1:] for name in names}


def _transport() -> Transport:
    from genstudio.ui.playing.transport import Transport

    return Transport()
