"""Works of the files role about sound: own ones are written out, trimmed and levelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from genstudio.core.errors import UsageError
from genstudio.core.events import Event
from genstudio.core.job import Message
from genstudio.core.sound_edit import SoundEdit
from genstudio.workers.context import Context


def export_sounds(message: Message, context: Context) -> Iterator[Event]:
    """body: ids of artifacts, target (a folder), ext, level, edits ({id: a `SoundEdit`}).
    Done.data: paths."""
    from genstudio.studio import sounds_out
    from genstudio.studio.gallery import Gallery

    body: dict[str, Any] = dict(message.body)
    ids = body.get("ids")
    if not isinstance(ids, list) or not body.get("target"):
        raise UsageError("This work needs ids and a target")
    edits = {name: SoundEdit.model_validate(one) for name, one in (body.get("edits") or {}).items()}
    gallery = Gallery(context.home)
    try:
        yield from sounds_out.export(
            gallery,
            [str(name) for name in ids],
            Path(str(body["target"])),
            str(body.get("ext") or ".wav"),
            body.get("level") or context.settings.metadata,
            edits,
        )
    finally:
        gallery.close()
