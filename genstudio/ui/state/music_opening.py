"""Opens a MIDI or MusicXML file as a new piece; also reads the files that models made here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.piece_file import MAX_BYTES, Made, PieceFile
from genstudio.core.stored import read_limited
from genstudio.media import midi
from genstudio.media.notes import Piece
from genstudio.studio.pieces import to_piece
from genstudio.ui.state.opening import Opening

if TYPE_CHECKING:
    from genstudio.studio.looking import Looker

SUFFIXES = (".mid", ".midi", ".kar", ".musicxml", ".mxl")

Found = tuple[Piece, tuple[Made, ...], tuple[str, ...]]


class MusicOpening(QObject):
    """`ready(title, piece, made, alone)` or `problem` follows each `open`; `made` and `alone` are
    those of a core.piece_file.PieceFile."""

    ready = Signal(str, object, object, object)
    problem = Signal(object)

    def __init__(self, looker: Looker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker = looker
        self._opening = Opening(self._read, "reading the music", self)
        self._opening.problem.connect(self.problem)
        self._opening.ready.connect(self._take)

    def open(self, path: Path) -> None:
        """Have its notes read."""
        self._opening.open(path)

    def wait(self) -> None:
        """Let what is being read end (at closing, and in tests)."""
        self._opening.wait()

    def _read(self, path: Path) -> Found:
        """Another process opens the file; what comes back is our own kind."""
        kept = PieceFile.from_bytes(self._looker.score(path), path)
        return to_piece(kept), kept.made, kept.alone

    def _take(self, path: Path, found: Found) -> None:
        piece, made, alone = found
        self.ready.emit(piece.title or path.stem, piece, made, alone)


def is_music(path: Path) -> bool:
    """Whether a file is opened as a piece, by its name."""
    return path.suffix.lower() in SUFFIXES


def read_own(path: Path) -> Piece:
    """The piece of a file that was made here; raises BadInput."""
    return midi.read(read_limited(path, MAX_BYTES), path.name)
