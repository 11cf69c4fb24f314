"""A model of chance that is asked for music, and what it said."""

from __future__ import annotations

from pathlib import Path

from genstudio.core import composing as words
from genstudio.core.composing import NOTES
from genstudio.core.controls import check_values
from genstudio.core.events import Progress
from genstudio.engine import composing
from genstudio.engine.ask import Ask
from genstudio.engine.outputs import Music
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece
from tests.helpers import players

TOKENS = players.tokens()
CONFIG = {"fim": True, "velocities": 2, "voices": 4}


class Asked:
    """Asks `tokens`' model of chance; pieces among the values become files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stepper = players.ChanceStepper(TOKENS.size)

    def __call__(
        self,
        task: str,
        *,
        tokens: NoteTokens = TOKENS,
        context: int = 4096,
        count: int = 1,
        first: int = 0,
        seed: int = 3,
        stepper=None,
        **values,
    ) -> list:
        given = {name: value for name, value in values.items() if isinstance(value, Piece)}
        inputs = {
            name: players.file(self.folder / f"{name}.mid", piece) for name, piece in given.items()
        }
        config = {**CONFIG, "class_names": list(tokens.classes)}
        (known,) = [one for one in words.tasks(config) if one.name == task]
        rest = {name: value for name, value in values.items() if name not in given}
        counted = any(control.name == "count" for control in known.controls)
        checked = check_values(known.controls, {**rest, **({"count": count} if counted else {})})
        self.stepper = stepper or players.ChanceStepper(tokens.size, 5, context)
        run = composing.tasks(lambda model: self.stepper)[task]
        return list(run(players.model(tokens), Ask(checked, seed, first, count, inputs)))


def finished(outputs) -> list[Music]:
    """The whole pieces by their index."""
    found = (o for o in outputs if isinstance(o, Music) and not o.passing)
    return sorted(found, key=lambda output: output.index)


def told(outputs, index: int) -> list:
    """All notes that were told on the way of one piece."""
    passing = (o for o in outputs if isinstance(o, Music) and o.passing and o.index == index)
    return [row for output in passing for row in output.data.get(NOTES, [])]


def progress(outputs) -> list[float]:
    """How far it was, each time it was said."""
    return [output.done for output in outputs if isinstance(output, Progress)]


def rows(piece: Piece) -> set[tuple[int, ...]]:
    """The notes of a piece."""
    return set(piece.notes.tolist())


def starts(piece: Piece) -> set[tuple[int, int, int]]:
    """Start, pitch and track of each note."""
    return {(note[0], note[2], note[4]) for note in piece.notes.tolist()}
