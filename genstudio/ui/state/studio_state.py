"""StudioState: the Studio as the window sees it; owns the sub-states and routes what arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.ui.state.data_state import DataState
from genstudio.ui.state.drop_state import DropState
from genstudio.ui.state.export_state import ExportState
from genstudio.ui.state.fast_state import FastState
from genstudio.ui.state.font_state import FontState
from genstudio.ui.state.gallery_state import GalleryState
from genstudio.ui.state.generation_state import GenerationState
from genstudio.ui.state.inside_state import InsideState
from genstudio.ui.state.midi_out import MidiOut
from genstudio.ui.state.models_state import ModelsState
from genstudio.ui.state.music_export_state import MusicExportState
from genstudio.ui.state.music_state import MusicState
from genstudio.ui.state.quality_state import QualityState
from genstudio.ui.state.queue_state import QueueState
from genstudio.ui.state.row_sound_state import RowSoundState
from genstudio.ui.state.run_state import RunState
from genstudio.ui.state.session_state import SessionState
from genstudio.ui.state.settings_state import SettingsState
from genstudio.ui.state.sound_export_state import SoundExportState
from genstudio.ui.state.sound_state import SoundState
from genstudio.ui.state.table_state import TableState
from genstudio.ui.state.text_export_state import TextExportState
from genstudio.ui.state.training_state import TrainingState
from genstudio.ui.state.version_state import VersionState
from genstudio.ui.state.words import several
from genstudio.ui.state.writing_state import WritingState

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.studio.studio import Studio
    from genstudio.ui.state.results import Round


class StudioState(QObject):
    """One object to pass to panels. `bridge` has the signals `event(object)` and `changed(str)`.

    `said(text, action, callback)` is a passing word with an optional button (undo);
    `problem(Problem)` a failure; `area_wanted(key)` asks the window to show another panel;
    `closing` tells the panels to let their threads end.
    """

    said = Signal(str, str, object)
    problem = Signal(object)
    area_wanted = Signal(str)
    closing = Signal()

    def __init__(self, studio: Studio, bridge: QObject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.studio = studio
        self.session = SessionState(studio, self)
        self.settings = SettingsState(studio, self)
        self.queue = QueueState(studio, self)
        self.gallery = GalleryState(studio, self)
        self.models = ModelsState(studio, self)
        self.quality = QualityState(studio, self.models, self)
        self.fast = FastState(studio, self.models, self)
        self.generation = GenerationState(studio, self)
        self.writing = WritingState(studio, self)
        self.versions = VersionState(studio, self.writing, self)
        self.inside = InsideState(studio, self.writing, self)
        self.tables = TableState(studio, self.writing, self)
        self.text_export = TextExportState(studio, self)
        self.music = MusicState(studio, self)
        self.music_export = MusicExportState(studio, self)
        self.midi_out = MidiOut(studio, self)
        self.row_sounds = RowSoundState(studio, self)
        self.fonts = FontState(self.settings, self)
        self.sound = SoundState(studio, self)
        self.sound_export = SoundExportState(studio, self)
        self._asks = {
            "text": self.writing.ask, "music": self.music.ask, "sound": self.sound.ask,
        }  # fmt: skip
        self.exports = ExportState(studio, self)
        self.data = DataState(studio, self)
        self.run = RunState(studio, self)
        self.training = TrainingState(studio, self.data, self)
        self.drop = DropState(
            self.generation, self.models, studio.looker, self.data, self.writing, self.music, self
        )
        self._restore()
        self._connect()
        bridge.event.connect(self._on_event)  # type: ignore[attr-defined]
        bridge.changed.connect(self._on_changed)  # type: ignore[attr-defined]

    def close(self) -> None:
        """Write the session and let threads end; the Studio itself is closed by its owner."""
        self.closing.emit()
        self.versions.note()
        self.writing.close()
        self.music.close()
        self.row_sounds.wait()
        self.midi_out.wait()
        self.fonts.close()
        self.tables.close()
        self.drop.wait()
        self.gallery.close()
        self.queue.close()
        self.session.touch()
        self.session.close()
        self.generation.close()
        for part in (self.data, self.run, self.training):
            part.close()

    def _restore(self) -> None:
        self.generation.restore(_as_dict(self.session.get("generation")))
        self.writing.restore(_as_dict(self.session.get("writing")))
        self.tables.restore(_as_dict(self.session.get("tables")))
        self.text_export.restore(_as_dict(self.session.get("text.export")))
        self.music.restore(_as_dict(self.session.get("music")))
        self.music_export.restore(_as_dict(self.session.get("music.export")))
        self.sound.restore(_as_dict(self.session.get("sound")))
        self.sound_export.restore(_as_dict(self.session.get("sound.export")))
        self.gallery.take(_as_dict(self.session.get("gallery")))
        self.models.current = str(self.session.get("models.current", ""))
        self.models.refresh()
        self.exports.take(_as_dict(self.session.get("export")))
        self.data.take(_as_dict(self.session.get("data")))
        self.data.refresh()
        self.run.take(_as_dict(self.session.get("run")))
        self.run.refresh()
        self.training.take(_as_dict(self.session.get("training")))

    def _connect(self) -> None:
        session, generation, gallery = self.session, self.generation, self.gallery
        session.part("generation", generation.snapshot)
        session.part("writing", self.writing.snapshot)
        session.part("tables", self.tables.snapshot)
        session.part("text.export", self.text_export.snapshot)
        session.part("music", self.music.snapshot)
        session.part("music.export", self.music_export.snapshot)
        session.part("sound", self.sound.snapshot)
        session.part("sound.export", self.sound_export.snapshot)
        session.part("gallery", gallery.snapshot)
        session.part("export", self.exports.snapshot)
        session.part("models.current", lambda: self.models.current)
        for name, kept in (("data", self.data), ("run", self.run), ("training", self.training)):
            session.part(name, kept.snapshot)
            kept.edited.connect(session.touch)
        writing = self.writing
        for edited in (generation.edited, gallery.edited, generation.ask.edited):
            edited.connect(session.touch)
        music = self.music
        for edited in (writing.edited, writing.ask.edited, self.tables.edited):
            edited.connect(session.touch)
        for edited in (music.edited, music.ask.edited, self.music_export.edited):
            edited.connect(session.touch)
        for edited in (self.sound.edited, self.sound.ask.edited, self.sound_export.edited):
            edited.connect(session.touch)
        self.models.chosen.connect(session.touch)
        self.exports.edited.connect(session.touch)
        gallery.item_changed.connect(generation.on_artifact)
        gallery.item_changed.connect(self.sound.on_artifact)
        training = (self.data, self.run, self.training)
        others = (self.models, self.quality, self.fast, self.drop, self.exports)
        self.inside.problem.connect(self.problem)
        self.text_export.edited.connect(session.touch)
        for part in (
            generation,
            writing,
            self.tables,
            self.text_export,
            music,
            self.music_export,
            self.fonts,
            self.sound,
            self.sound_export,
            gallery,
            *others,
            *training,
        ):
            part.said.connect(self.said)
            part.problem.connect(self.problem)
        self.settings.problem.connect(self.problem)
        self.queue.problem.connect(self.problem)
        self.row_sounds.problem.connect(self.problem)
        self.midi_out.problem.connect(self.problem)
        self.row_sounds.area_wanted.connect(self.area_wanted)
        self._connect_files()
        for part in (self.drop, self.data, self.run):
            part.area_wanted.connect(self.area_wanted)
        generation.finished.connect(self._tell_unfinished)
        self.data.augmentation_chosen.connect(self.training.take_augmentation)

    def _connect_files(self) -> None:
        """Files that come from outside, to where they are used."""
        for ask in (self.generation.ask, *self._asks.values()):
            ask.problem.connect(self.problem)
        self.drop.drum_wanted.connect(self.row_sounds.offer)
        self.drop.font_wanted.connect(self.fonts.choose)

    def use_model(self, model_id: str) -> None:
        """Choose an installed model where it is used, and show that panel."""
        model = next((one for one in self.studio.library.list() if one.id == model_id), None)
        if model is None:
            return
        area = self.area_of(model)
        self._asks.get(area, self.generation.ask).set_model(model_id)
        self.area_wanted.emit(area)

    def area_of(self, model: Model) -> str:
        """The panel where a model is used; judges of pictures are asked in Image."""
        return model.modality if model.modality in self._asks else "image"

    def _tell_unfinished(self, asked: Round) -> None:
        """After a stop: what was kept of pictures under way, and how to be rid of it."""
        kept = [place.artifact for place in asked.unfinished if place.artifact]
        if kept:
            words = f"{several(len(kept), 'unfinished picture')} kept"
            self.said.emit(words, "Remove", lambda: self.gallery.trash(kept))

    def _on_event(self, event: object) -> None:
        self.queue.on_event(event)  # type: ignore[arg-type]
        self.generation.on_event(event)  # type: ignore[arg-type]
        self.generation.many.on_event(event)  # type: ignore[arg-type]
        self.writing.on_event(event)  # type: ignore[arg-type]
        self.inside.on_event(event)  # type: ignore[arg-type]
        self.tables.on_event(event)  # type: ignore[arg-type]
        self.text_export.on_event(event)  # type: ignore[arg-type]
        self.music.on_event(event)  # type: ignore[arg-type]
        self.music_export.on_event(event)  # type: ignore[arg-type]
        self.sound.on_event(event)  # type: ignore[arg-type]
        self.sound_export.on_event(event)  # type: ignore[arg-type]
        self.models.on_event(event)  # type: ignore[arg-type]
        self.quality.on_event(event)  # type: ignore[arg-type]
        self.fast.on_event(event)  # type: ignore[arg-type]
        self.exports.on_event(event)  # type: ignore[arg-type]
        self.data.on_event(event)  # type: ignore[arg-type]
        self.training.on_event(event)  # type: ignore[arg-type]
        self.run.on_event(event)  # type: ignore[arg-type]

    def _on_changed(self, what: str) -> None:
        if what == "library":
            self.models.refresh()
            self.generation.ask.reload_models()
            self.writing.ask.reload_models()
            self.music.ask.reload_models()
            self.sound.ask.reload_models()
            self.training.refresh()
        elif what == "gallery":
            self.gallery.refresh()
        elif what == "queue":
            self.queue.changed.emit()
            self.quality.refresh()
            self.fast.refresh()
            self.training.on_queue()
        elif what == "datasets":
            self.data.refresh()
        elif what == "runs":
            self.run.refresh()
            self.training.refresh()
        elif what == "documents":
            self.writing.documents.refresh()
        elif what == "pieces":
            self.music.pieces.refresh()
        elif what == "settings":
            self.settings.changed.emit("")


def _as_dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
