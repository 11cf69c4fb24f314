"""`generate --colours PICTURE`: the key and the tempo of a piece from a picture's colours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from genstudio.cli.running import run
from genstudio.cli.screen import Screen
from genstudio.cli.session import Session
from genstudio.core.composing import COLOURED
from genstudio.core.errors import NotFound, UsageError


def settings(
    session: Session, screen: Screen, model: str, task: str, words: Sequence[str], picture: Path
) -> list[str]:
    """`words` (NAME=VALUE of --set) with key and tempo of `picture`; those that are typed stay.

    Says in a sentence what was read. Raises UsageError where the task has no key or tempo.
    """
    asked = session.studio.library.get(model).task(task)
    if not set(COLOURED) <= {control.name for control in asked.controls}:
        raise UsageError(f"{asked.title} has no key and tempo; --colours does not apply")
    path = picture.expanduser().absolute()
    if not path.is_file():
        raise NotFound(f"There is no file {picture}", next_step="Check the name of --colours.")
    found = run(session.work("files", "colours", {"path": str(path)}), screen).data
    screen.remark(str(found["sentence"]), human=True)
    typed = {word.partition("=")[0] for word in words}
    return [*words, *(f"{name}={found[name]}" for name in COLOURED if name not in typed)]
