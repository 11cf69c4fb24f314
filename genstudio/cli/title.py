"""`genstudio title`: a text model suggests titles and descriptions for a piece of music."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genstudio.cli import generate, options
from genstudio.cli.running import run
from genstudio.cli.screen import Screen
from genstudio.cli.session import JsonFlag, session_of, spool
from genstudio.core.controls import Seed
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.events import Done, Event, Words
from genstudio.core.stored import Json
from genstudio.core.writing import AGAIN

WRITTEN = (".mid", ".midi", ".musicxml")

if TYPE_CHECKING:
    from genstudio.core.artifact import MetadataLevel
    from genstudio.media.notes import Piece
    from genstudio.studio.piece_words import Suggestion


def title(
    context: typer.Context,
    piece: Annotated[Path, typer.Argument(metavar="PIECE", help="MIDI or MusicXML.")],
    model: Annotated[str, typer.Option("--model", help="Id of a model that writes texts.")],
    count: Annotated[int, typer.Option(min=1, max=8, help="How many suggestions.")] = 3,
    seed: options.Seed = "",
    take: Annotated[int, typer.Option(min=0, help="Write PIECE with this suggestion, 1 …")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Where to: .mid or .musicxml.")] = None,
    json: JsonFlag = False,
) -> None:
    """Suggest titles and descriptions for PIECE: its facts begin a tale, MODEL goes on with it.

    With --take N a copy of PIECE with that title is written; the same --seed suggests the same.
    """
    from genstudio.studio import piece_words
    from genstudio.studio.timed_walks import read_piece

    session, screen = session_of(context), Screen(json)
    source = piece.expanduser().absolute()
    if not source.is_file():
        raise NotFound(f"There is no file {piece}", next_step="Check the path.")
    if (take > 0) != (out is not None) or take > count:
        raise UsageError("--take N (of --count) and --out FILE go together")
    if out is not None and out.suffix.lower() not in WRITTEN:  # before a model works for nothing
        raise UsageError(f"--out is a file that ends in {' or '.join(WRITTEN)}, not {out.name}")
    music, number = read_piece(source)[0], Seed(name="seed", label="Seed").parse(seed)
    asked = piece_words.request(session.studio.library.get(model), music, number, count)
    texts: dict[int, str] = {}
    with spool() as folder:
        run(_heard(generate.generation(session, asked, "", folder), texts), screen)
    found = [piece_words.suggestion(music, texts.get(place, "")) for place in range(count)]
    for place, one in enumerate(found, 1):
        screen.line(f"{place}  {one.title}\n   {one.description}" if one else f"{place}  –")
    told: list[Json] = [{"title": s.title, "description": s.description} if s else None
                        for s in found]  # fmt: skip
    done: dict[str, Json] = {"suggestions": told, "seed": asked.seed}
    if out is not None:
        chosen, level = found[take - 1], session.studio.settings.metadata
        done["paths"] = [str(_written(source, music, chosen, out, level))]
        screen.line(str(done["paths"][0]))  # type: ignore[index]
    screen.show(Done(data=done))
    screen.remark(f"Seed {asked.seed}.", human=True)


def _heard(stream: Iterator[Event], texts: dict[int, str]) -> Iterator[Event]:
    """Notes what is written by place; nothing of it is a file for the user."""
    for event in stream:
        if isinstance(event, Words):
            before = "" if event.data.get(AGAIN) is True else texts.get(event.index, "")
            texts[event.index] = before + event.text
        elif event.kind in ("failed", "cancelled", "done", "started", "log"):
            yield event


def _written(
    source: Path, music: Piece, chosen: Suggestion | None, out: Path, level: MetadataLevel
) -> Path:
    """The piece under its new title, with what its file says of its making."""
    from genstudio.core import files
    from genstudio.media import music_made

    if chosen is None:
        raise UsageError("That one is no title", next_step="Take another, or another --seed.")
    target = out.expanduser().absolute()
    told = source.suffix.lower() in music_made.PIECES
    made = music_made.read(source).provenance if told else None
    if made is not None:
        facts: dict[str, Json] = {**made.facts, "description": chosen.description}
        made = made.model_copy(update={"facts": facts})
    data = music_made.encode(music.replaced(title=chosen.title), made, level, target.suffix.lower())
    return files.write_new(target, data)
