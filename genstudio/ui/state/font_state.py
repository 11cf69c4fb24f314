"""FontState: which SoundFont plays music, chosen by the user and read in a thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from genstudio.core.paths import resources
from genstudio.media.soundfont import SoundFont, open_whole
from genstudio.ui.state.opening import Opening
from genstudio.ui.state.settings_state import SettingsState

SUFFIXES = (".sf2", ".sf3")
BUNDLED = "genstudio-gm-mini.sf3"
LICENCE = "COPYRIGHT-FluidR3Mono.txt"
ABOUT = "22 instruments and a drum kit, cut from FluidR3Mono GM (MIT licence)."


class FontState(QObject):
    """`font` is None for the one that ships. `changed` when another one plays; `problem` tells
    why a file was not taken, and the one before stays."""

    changed = Signal()
    problem = Signal(object)
    said = Signal(str, str, object)

    def __init__(self, settings: SettingsState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.font: SoundFont | None = None
        self.path: Path | None = None
        self._wanted: Path | None = None
        self._restored = False
        self._opening = Opening(open_whole, "reading the SoundFont", self)
        self._opening.ready.connect(self._take)
        self._opening.problem.connect(self._refuse)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.name if self.path is not None else BUNDLED

    @property
    def busy(self) -> bool:
        """Whether one is being read."""
        return self._wanted is not None

    @property
    def lost(self) -> Path | None:
        """The chosen one, where it cannot be read: the bundled one plays, exports say so."""
        kept = self._settings.values.soundfont
        return Path(kept) if kept and self.path is None and not self.busy else None

    def restore(self) -> None:
        """Read the one that was chosen in an earlier session, when it is first needed."""
        first, self._restored = not self._restored, True
        kept = self._settings.values.soundfont
        if kept and first:
            self._open(Path(kept))

    def choose(self, path: Path) -> None:
        """Play by another one, once it is read and found to be sound."""
        self._open(path.absolute())

    def reset(self) -> None:
        """Play by the one that ships with the program."""
        self._wanted = None
        if self._settings.use_soundfont(""):
            self.font, self.path = None, None
            self.changed.emit()

    def close(self) -> None:
        """Let what is being read end."""
        self._opening.wait()

    def _open(self, path: Path) -> None:
        self._wanted = path
        self.changed.emit()
        self._opening.open(path)

    def _take(self, path: Path, font: object) -> None:
        if path != self._wanted or not isinstance(font, SoundFont):
            return
        self._wanted = None
        if str(path) == self._settings.values.soundfont or self._settings.use_soundfont(str(path)):
            self.font, self.path = font, path
        self.changed.emit()

    def _refuse(self, problem: object) -> None:
        self._wanted = None
        self.problem.emit(problem)
        self.changed.emit()


def licence_path() -> Path:
    """The licence of the one that ships with the program."""
    return resources() / "soundfont" / LICENCE
