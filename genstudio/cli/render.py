"""`genstudio render`: a file of notes becomes a file of sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genstudio.cli.running import run
from genstudio.cli.screen import Screen
from genstudio.cli.session import JsonFlag
from genstudio.core.errors import NotFound


def render(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="MIDI or MusicXML.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="The sound: .wav, .flac, .ogg or .mp3.")
    ] = None,
    font: Annotated[
        Path | None, typer.Option("--font", metavar="FILE", help="A SoundFont: .sf2 or .sf3.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Play notes into a sound file: FILE.wav in the current folder where --out says nothing.

    What the file says of its making goes with it. Nothing is overwritten.
    """
    from genstudio.studio import rendering

    screen = Screen(json)
    source = file.expanduser().absolute()
    if not source.is_file():
        raise NotFound(f"There is no file {file}", next_step="Check the path.")
    target = (out or Path(f"{source.stem}.wav")).expanduser().absolute()
    place = font.expanduser().absolute() if font is not None else None
    screen.show(run(rendering.render(source, target, place), screen))
