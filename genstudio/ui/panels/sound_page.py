"""The answering side of the Sound panel: one sound large and heard, all of a round below."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.core.sound_edit import SoundEdit
from genstudio.media import sound_editing
from genstudio.media.sound_reading import Recording
from genstudio.ui.panels import pictures, sound_look
from genstudio.ui.playing.binding import bind
from genstudio.ui.playing.transport import Transport
from genstudio.ui.state.results import Place
from genstudio.ui.state.sound_state import SoundState
from genstudio.ui.widgets.buttons import Button, Pill
from genstudio.ui.widgets.result_grid import Cell, ResultGrid
from genstudio.ui.widgets.spectrogram_view import SpectrogramView
from genstudio.ui.widgets.transport_bar import TransportBar
from genstudio.ui.widgets.wave_view import WaveView

SIDE = 150
_LABELS = {"lost": "nothing", "trashed": "in the trash", "waiting": "waits"}


class SoundPage(QWidget):
    """Shows a round of the SoundState and plays the chosen sound.

    `chosen_changed`: another place, or what is known of it. Sounds are read in a thread.
    """

    chosen_changed = Signal()

    def __init__(self, state: SoundState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._sound: Recording | None = None
        self._of = ""  # the artifact that is heard
        self._loader = pictures.Loader(self, threads=1)
        self._loader.ready.connect(self._loaded)
        self.transport = Transport()
        self.bar = TransportBar(beats=False)
        self.wave, self.spectrum = WaveView(), SpectrogramView()
        self.grid = ResultGrid(name="Sounds")
        self.grid.set_side(SIDE)
        self.grid.show_labels()
        self.trim = Button("Trim to the marked part")
        self.whole = Button("Whole again", kind="quiet")
        self.normalise = Pill("Normalise")
        self.facts = QLabel("")
        self._lay_out()
        self.binding = bind(self.bar, self.transport, self.grid)
        self._connect()

    def _lay_out(self) -> None:
        self.trim.setToolTip("Keep only the part that is marked in the waveform")
        self.whole.setToolTip("Take the trimming back")
        self.normalise.setToolTip("Bring the loudest moment to almost full loudness")
        self.facts.setProperty("role", "dim")
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.trim, self.whole, self.normalise):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.facts)
        top = QVBoxLayout()
        top.setContentsMargins(20, 0, 20, 0)
        top.setSpacing(8)
        for widget in (self.bar, self.wave, self.spectrum):
            top.addWidget(widget)
        top.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.grid, 1)

    def _connect(self) -> None:
        state = self._state
        self.grid.selection_changed.connect(self._on_choice)
        self.grid.opened.connect(lambda _row: self.transport.play(0.0))
        self.wave.seek.connect(self.transport.seek)
        self.wave.part_changed.connect(self._on_part)
        self.trim.clicked.connect(self._trim)
        self.whole.clicked.connect(self._untrim)
        self.normalise.toggled.connect(self._normalise)
        self.transport.moved.connect(self._move)
        state.round_changed.connect(self.show_round)
        state.place_changed.connect(self._show_place)
        state.edit_changed.connect(self._on_edit)
        state.open_wanted.connect(self._choose)

    def close_page(self) -> None:
        """Let threads end."""
        self._loader.close()
        self.transport.close()

    # ---- the round

    def show_round(self) -> None:
        """All places of the shown round; the first one that is there is chosen."""
        shown = self._state.shown
        places = shown.places if shown else []
        self.grid.set_cells(self._cell(place) for place in places)
        done = next((p.index for p in places if p.state == "done"), -1)
        self.grid.select([done] if done >= 0 else [])
        for place in places:
            self._draw(place)
        self._on_choice()

    def redraw(self) -> None:
        """The outlines in the colours of another theme."""
        for place in self._state.shown.places if self._state.shown else ():
            self._draw(place)

    def _choose(self, artifact_id: str) -> None:
        shown = self._state.shown
        for place in shown.places if shown else ():
            if place.artifact == artifact_id:
                self.grid.select([place.index])

    def places(self) -> list[Place]:
        """The chosen places."""
        shown = self._state.shown
        rows = self.grid.selected()
        return [shown.places[row] for row in rows if row < len(shown.places)] if shown else []

    def current(self) -> Place | None:
        """The chosen place, if it is one alone."""
        found = self.places()
        return found[0] if len(found) == 1 else None

    def _cell(self, place: Place) -> Cell:
        return Cell(
            key=str(place.index),
            name=f"Sound {place.index + 1}",
            label=sound_look.words(place) or _LABELS.get(place.state, ""),
            path=str(place.path) if place.path is not None and place.state == "done" else "",
            starred=place.starred,
            tip=place.fault,
        )

    def _show_place(self, index: int) -> None:
        shown = self._state.shown
        if shown is None or index >= len(shown.places):
            return
        place = shown.places[index]
        cell = self._cell(place)
        self.grid.update_key(
            str(index),
            name=cell.name,
            label=cell.label,
            path=cell.path,
            starred=cell.starred,
            tip=cell.tip,
        )
        self._draw(place)
        chosen = self.current()
        if place.state == "done" and not self.grid.selected():
            self.grid.select([index])
        elif chosen is None or chosen is place:
            self._on_choice()

    def _draw(self, place: Place) -> None:
        if place.state == "preview":
            drawn = sound_look.growing(self._state.peaks(place), self._state.seconds_asked())
            self.grid.update_key(str(place.index), image=drawn, passing=True)
        elif place.state == "done" and place.path is not None:
            path = place.path
            self._loader.ask(("small", place.artifact), lambda: sound_look.recording(path))

    # ---- the chosen sound

    def _on_choice(self) -> None:
        place = self.current()
        if place is None or place.state != "done":
            self._of, self._sound = "", None
            self._hush(place)
        elif place.artifact != self._of and place.path is not None:
            self._of, path = place.artifact, place.path
            self._loader.ask(("large", self._of), lambda: sound_look.recording(path))
        self._show_edit()
        self.chosen_changed.emit()

    def _hush(self, place: Place | None) -> None:
        """Nothing is heard; a sound on its way is seen."""
        self.transport.pause()
        self.spectrum.clear()
        if place is not None and place.state == "preview":
            self.wave.grow(self._state.peaks(place), self._state.seconds_asked())
        else:
            self.wave.clear()

    def _loaded(self, key: object, made: object) -> None:
        assert isinstance(key, tuple)
        kind, artifact = key
        shown = self._state.shown
        if not isinstance(made, Recording) or shown is None:
            return
        if kind == "large" and artifact == self._of:
            self._sound = made
            self._show_sound()
        elif kind == "small":
            for place in shown.places:
                if place.artifact == artifact:
                    drawn = sound_look.outline(made.samples)
                    self.grid.update_key(str(place.index), image=drawn, passing=False)

    def _show_sound(self) -> None:
        """The sound as it would leave: trimmed, normalised."""
        if self._sound is None:
            return
        samples = sound_editing.edited(
            self._sound.samples, self._sound.rate, self._state.edit_of(self._of)
        )
        self.wave.set_sound(samples, self._sound.rate)
        self.spectrum.set_sound(samples, self._sound.rate)
        self.transport.clear_loop()
        self.transport.set_sound(samples, self._sound.rate)
        self.transport.seek(0.0)
        peak = 20 * np.log10(max(float(np.abs(samples).max(initial=0.0)), 1e-6))
        seconds = len(samples) / self._sound.rate
        self.facts.setText(f"{seconds:.2f} s · {self._sound.rate:,} Hz · peak {peak:.1f} dB")
        self._show_edit()

    def _show_edit(self) -> None:
        edit, there = self._state.edit_of(self._of), self._sound is not None
        self.trim.setEnabled(there and self.wave.part() is not None)
        self.whole.setVisible(there and bool(edit.first or edit.last))
        self.normalise.setEnabled(there)
        self.normalise.blockSignals(True)
        self.normalise.setChecked(edit.normalise)
        self.normalise.blockSignals(False)
        if not there:
            self.facts.setText("")

    def _move(self, second: float) -> None:
        self.wave.set_place(second)
        self.spectrum.set_place(second)

    def _on_part(self, part: tuple[float, float] | None) -> None:
        if part is not None:
            self.transport.seek(part[0])
        self._show_edit()

    # ---- trimming

    def _trim(self) -> None:
        part = self.wave.part()
        if part is None or not self._of:
            return
        edit = self._state.edit_of(self._of)
        kept = {"first": edit.first + part[0], "last": edit.first + part[1]}
        self._state.set_edit(self._of, SoundEdit(**{**edit.model_dump(), **kept}))

    def _untrim(self) -> None:
        edit = self._state.edit_of(self._of)
        self._state.set_edit(self._of, SoundEdit(normalise=edit.normalise))

    def _normalise(self, on: bool) -> None:
        if self._of:
            edit, part = self._state.edit_of(self._of), self.wave.part()
            self._state.set_edit(self._of, edit.model_copy(update={"normalise": on}))
            self.wave.set_part(part)  # it is as long as before
            self._show_edit()

    def _on_edit(self, artifact: str) -> None:
        if artifact == self._of:
            self._show_sound()
