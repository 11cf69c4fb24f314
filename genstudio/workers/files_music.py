"""Works of the files role about music: foreign pieces are read here, own ones written out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Event
from genstudio.core.job import Message
from genstudio.core.stored import read_limited, to_name
from genstudio.workers.context import Context

MAX_BYTES = 64 * 1024 * 1024


def score(message: Message, context: Context) -> Iterator[Event]:
    """body: path of a MIDI or MusicXML file. Done.data: path of its notes in the spool, a
    `core.piece_file.PieceFile` that knows too which model made them."""
    from genstudio.core import files
    from genstudio.core.piece_file import PieceFile
    from genstudio.media import music_made, scores
    from genstudio.studio.pieces import made_of, mark_of, of_piece

    path = _path(message)
    piece = scores.read_any(read_limited(path, MAX_BYTES), path.name)
    told = music_made.read(path).provenance if path.suffix.lower() in music_made.PIECES else None
    kept = PieceFile(
        id="opened",
        title=piece.title[:400] or path.stem[:400],
        named=True,
        made=(made_of(told),) if told is not None else (),
        # What the file says of itself is believed: it leaves with the label that it came with.
        alone=(mark_of(piece),) if told is not None and told.source_type == "trained" else (),
    )
    made = context.spool / f"{message.job}.piece"
    files.write_passing(made, of_piece(piece, kept).to_bytes())
    yield Done(data={"path": str(made)})


def colours(message: Message, _context: Context) -> Iterator[Event]:
    """body: path of a picture. Done.data: the key and tempo that its colours say, and a sentence
    that tells what was read (`media.colour_music`)."""
    from genstudio.media import colour_music, image

    found = colour_music.read(image.shrunk(_path(message), colour_music.SIDE))
    yield Done(data={"key": found.key, "tempo": found.tempo, "sentence": found.sentence})


def export_piece(message: Message, context: Context) -> Iterator[Event]:
    """body: piece, target (a folder), ext, level, span ([first, end] in ticks, or all of it),
    colours ({name: "rrggbb"} of the picture). Done.data: paths."""
    from genstudio.core.piece_file import PieceFile
    from genstudio.studio import pieces_out
    from genstudio.studio.gallery import Gallery

    body: dict[str, Any] = dict(message.body)
    kept = PieceFile.read(context.home.pieces / f"{to_name(str(body['piece']))}.json")
    span = body.get("span")
    gallery = Gallery(context.home)
    try:
        yield from pieces_out.export(
            kept,
            Path(str(body["target"])),
            str(body.get("ext") or ".mid"),
            body.get("level") or context.settings.metadata,
            gallery=gallery,
            span=(int(span[0]), int(span[1])) if isinstance(span, list) else None,
            colours=body.get("colours") or {},
            ear=pieces_out.Ear(context.settings.soundfont, context.home.pieces),
        )
    finally:
        gallery.close()


def _path(message: Message) -> Path:
    given = str(message.body.get("path") or "")
    if not given:
        raise UsageError("This work needs a path")
    return Path(given)
