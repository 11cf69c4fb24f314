"""WalkSound: which piece a walk is shown to, when it is exported as a film with sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core.artifact import Artifact
from genstudio.core.errors import GenStudioError
from genstudio.core.stored import Json
from genstudio.studio.timed_walks import Timed
from genstudio.ui.state.music_opening import is_music

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

SILENT = ""
EVERY = (
    ("beat", "Beats", "A key picture stands on every beat"),
    ("bar", "Bars", "A key picture stands where a bar begins"),
    ("two bars", "Two bars", "A key picture stands where every second bar begins"),
)
MOST_PIECES, MOST_LOOKED_AT = 30, 200
MOST_BARS = 100_000
_PIECE, _GALLERY, _FILE = "piece:", "gallery:", "file:"


class WalkSound(QObject):
    """`piece` is a key of `choices`; the other choices only count where there is one."""

    edited = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.piece = SILENT
        self.every, self.eased = EVERY[0][0], True
        self.first, self.last = 1, 0

    def choices(self) -> list[tuple[str, str]]:
        """(key, words): no sound, pieces of the Music panel, music of the gallery, the file."""
        pieces = [(_PIECE + h.id, h.title) for h in self._studio.pieces.list() if h.notes]
        found = [(SILENT, "No sound"), *pieces[:MOST_PIECES]]
        made = self._studio.gallery.list(limit=MOST_LOOKED_AT)
        music = [one for one in made if one.output == "music"]
        found += [(_GALLERY + one.id, f"{_name(one)} (gallery)") for one in music[:MOST_PIECES]]
        if self.piece.startswith(_FILE):
            found.append((self.piece, Path(self.piece[len(_FILE) :]).name))
        return found

    def choose(self, key: str) -> None:
        """Take a piece by its key, or SILENT."""
        self.piece = key
        self.first, self.last = 1, 0
        self.edited.emit()

    def choose_file(self, path: Path) -> bool:
        """Take a MIDI or MusicXML file; False for other files."""
        if not is_music(path):
            return False
        self.choose(f"{_FILE}{path}")
        return True

    def set_every(self, every: str) -> None:
        """How often a key picture stands."""
        if any(every == known for known, *_words in EVERY):
            self.every = every
            self.edited.emit()

    def set_eased(self, eased: bool) -> None:
        """Whether the walk rests on its key pictures."""
        self.eased = eased
        self.edited.emit()

    def set_bars(self, first: int, last: int) -> None:
        """Bars from 1, both included; last 0 = to the end."""
        self.first, self.last = max(1, first), max(0, last)
        self.edited.emit()

    def told(self) -> dict[str, Json] | None:
        """What the exporting process is told; None for no sound.

        Raises GenStudioError where the piece is gone.
        """
        if self.piece == SILENT:
            return None
        wish = Timed(self._path(), self.every, self.eased, self.first, self.last)
        return wish.told()

    def _path(self) -> Path:
        kind, _, name = self.piece.partition(":")
        if kind + ":" == _FILE:
            return Path(name)
        if kind + ":" == _GALLERY:
            return self._studio.gallery.path(self._studio.gallery.get(name))
        self._studio.pieces.flush()
        if not self._studio.pieces.has(name):
            raise GenStudioError("This piece is gone", next_step="Choose another one.")
        return self._studio.pieces.path(name)

    def snapshot(self) -> dict[str, Any]:
        """How, not with what: the piece is chosen anew each time."""
        return {"every": self.every, "eased": self.eased}

    def take(self, saved: object) -> None:
        """Put a snapshot back."""
        if isinstance(saved, dict):
            self.set_every(str(saved.get("every", "")))
            self.set_eased(saved.get("eased") is not False)


def _name(made: Artifact) -> str:
    title = made.provenance.facts.get("title")
    return str(title) if title else f"{made.provenance.title} {made.provenance.request.seed}"
