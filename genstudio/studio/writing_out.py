"""Documents as files for the world: the words, and in the format's own metadata who wrote them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import genstudio
from genstudio.core import files
from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.document import Document, Passage
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Done, Event, Progress, Result
from genstudio.core.request import Request
from genstudio.core.versions import clipped
from genstudio.studio.exporting import file_name, shareable, speak_for

if TYPE_CHECKING:
    from genstudio.studio.gallery import Gallery

ENDINGS = (".txt", ".md", ".docx", ".html")


def part_of(document: Document, start: int, end: int) -> Document:
    """Characters start … end of a document, with what models wrote of them."""
    kept = [
        piece.model_copy(update={"start": piece.start - start, "end": piece.end - start})
        for piece in clipped(document.pieces, start, end)
    ]
    used = {piece.passage for piece in kept}
    passages = tuple(one for one in document.passages if one.number in used)
    update = {"text": document.text[start:end], "pieces": tuple(kept), "passages": passages}
    return document.model_copy(update=update)


def made_by(document: Document, gallery: Gallery | None = None) -> list[Provenance]:
    """One record for each passage that a model wrote and of which something is left.

    The gallery's record where it is there still. Where a person wrote too, the whole is said to
    be composed of both.
    """
    used = dict.fromkeys(piece.passage for piece in document.pieces)
    found = [one for number in used if (one := document.passage(number)) is not None]
    made = [_record(passage, gallery) for passage in found]
    if document.model_share() < 1.0:
        made = [one.model_copy(update={"source_type": "composite"}) for one in made]
    return made


def export(
    document: Document,
    target: Path,
    ext: str,
    level: MetadataLevel = "full",
    gallery: Gallery | None = None,
) -> Iterator[Event]:
    """Write a document to the folder `target`, called after its title; nothing is overwritten.

    Done.data = {"paths": […]}. Raises UsageError for other endings or an empty text.
    """
    from genstudio.media import documents

    if ext not in ENDINGS:
        raise UsageError(f"texts are saved as {', '.join(ENDINGS)}, not {ext!r}")
    if not document.text.strip():
        raise UsageError("There is no text to export", next_step="Write some first.")
    yield Progress(done=0, total=1)
    made = made_by(document, gallery)
    data = documents.encode(document.text, ext, made, level, document.title)
    place = files.write_new(target / f"{title_name(document.title)}{ext}", data)
    if ext == ".txt":
        speak_for(place, data, made, level)
    yield Progress(done=1, total=1)
    yield Result(path=str(place), output="text")
    yield Done(data={"paths": [str(place)]})


def title_name(title: str) -> str:
    """A title as the name of a file, safe on every system."""
    return file_name(title, 0, 0).removesuffix("-0-0")


def _record(passage: Passage, gallery: Gallery | None) -> Provenance:
    if gallery is not None and passage.artifact:
        with contextlib.suppress(GenStudioError):
            return shareable(gallery.get(passage.artifact).provenance)
    request = Request(
        model=passage.model, task=passage.task or "sample", values=passage.values, seed=passage.seed
    )
    return Provenance(
        app=f"GenStudio {genstudio.__version__}",
        created=passage.created,
        request=request,
        index=passage.index,
        title=passage.title,
        output="text",
    )
