"""MidiOut: what stands in the roll as a MIDI file for other programs, made in a thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core import files
from genstudio.core.artifact import MetadataLevel
from genstudio.core.piece_file import PieceFile
from genstudio.media import music_made
from genstudio.media.notes import Piece
from genstudio.studio.pieces_out import made_by
from genstudio.studio.writing_out import title_name
from genstudio.ui.state import track_edits
from genstudio.ui.state.opening import Opening

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

MOST_KEPT = 20
"""Files that were dragged out stay for a while: the other program may only point to them."""
_Job = tuple[Piece, PieceFile, MetadataLevel]


class MidiOut(QObject):
    """`ready(path)` or `problem` follows each `make`."""

    ready = Signal(object)
    problem = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._folder = studio.home.cache / "dragged"
        self._jobs: deque[_Job] = deque()
        self._opening = Opening(self._write, "writing the MIDI file", self)
        self._opening.ready.connect(lambda path, _found: self.ready.emit(path))
        self._opening.problem.connect(self.problem)

    def make(self, piece: Piece, kept: PieceFile, level: MetadataLevel) -> None:
        """Write `piece`, all or a part of what `kept` says who made."""
        self._jobs.append((piece, kept, level))
        self._opening.open(self._folder / f"{title_name(kept.title)}.mid")

    def wait(self) -> None:
        """Let what is being written end (at closing, and in tests)."""
        self._opening.wait()

    def _write(self, path: Path) -> None:
        piece, kept, level = self._jobs.popleft()
        made = made_by(kept, self._studio.gallery)
        data = music_made.encode(piece.replaced(title=kept.title), made, level)
        files.make_folder(self._folder)
        files.write_passing(path, data)
        others = sorted(self._folder.glob("*.mid"), key=lambda one: one.stat().st_mtime_ns)
        for old in others[:-MOST_KEPT]:
            files.remove(old)


def part_of(piece: Piece, selected: Sequence[int]) -> Piece:
    """The selected notes (indexes) from the bar in which the first begins, in tracks of their
    own; the whole piece where none is selected."""
    if not selected:
        return piece
    chosen = piece.replaced(notes=piece.notes[list(selected)])
    bars = piece.bars()
    first = int(bars[bars <= int(chosen.notes["start"].min())].max())
    return track_edits.sounding(chosen.within(first, chosen.length))
