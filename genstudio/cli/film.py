"""`genstudio film`: a walk in time with a piece of music, with the piece as its sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genstudio.cli.running import run
from genstudio.cli.screen import Screen
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core.errors import NotFound, UsageError


def film(
    context: typer.Context,
    walk: Annotated[Path, typer.Argument(metavar="WALK", help="An animation: .webp, .mp4 …")],
    piece: Annotated[Path, typer.Argument(metavar="PIECE", help="MIDI or MusicXML.")],
    out: Annotated[Path | None, typer.Option("--out", help="The film (.mp4).")] = None,
    every: Annotated[
        str, typer.Option(metavar="beat|bar|two-bars", help="When the next key picture stands.")
    ] = "beat",
    even: Annotated[
        bool, typer.Option("--even", help="Move evenly, instead of resting on every key picture.")
    ] = False,
    bars: Annotated[
        str, typer.Option(metavar="FIRST-LAST", help="Only these bars of the piece, from 1.")
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Show WALK with its key pictures on the beats of PIECE, and PIECE as the sound.

    WALK is what `generate --task interpolate` makes; best as --format webp, which loses nothing.
    Without --out the film lies in the current folder: WALK-PIECE.mp4. Nothing is overwritten.
    """
    from genstudio.studio import timed_walks

    screen, source, music = Screen(json), _file(walk), _file(piece)
    first, last = bars_of(bars)
    settings = session_of(context).studio.settings
    pace, font = every.replace("-", " "), settings.soundfont
    wish = timed_walks.Timed(music, pace, not even, first, last, font)
    target = (out or Path(f"{source.stem}-{music.stem}.mp4")).expanduser().absolute()
    level = settings.metadata
    screen.show(run(timed_walks.write(source, target, wish, level), screen))


def bars_of(text: str) -> tuple[int, int]:
    """(first, last) bar of "3-6", "3" or ""; raises UsageError."""
    first, sign, last = text.strip().partition("-")
    try:
        begin = int(first) if first else 1
        end = (int(last) if last else 0) if sign else (begin if first else 0)
    except ValueError:
        raise UsageError(f"--bars is like 3-6, not {text!r}") from None
    if begin < 1 or end < 0 or (end and end < begin):
        raise UsageError(f"--bars is like 3-6, not {text!r}")
    return begin, end


def _file(path: Path) -> Path:
    place = path.expanduser().absolute()
    if not place.is_file():
        raise NotFound(f"There is no file {path}", next_step="Check the path.")
    return place
