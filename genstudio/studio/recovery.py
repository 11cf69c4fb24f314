"""After a crash: know that there was one, save what was finished, sweep up the rest."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Result
from genstudio.core.paths import Home
from genstudio.studio import importing, kept
from genstudio.studio.exporting import TEXTS
from genstudio.studio.gallery import Gallery

log = logging.getLogger(__name__)
MIDI = ".mid"
CARRIERS = (".png", ".webp", *TEXTS, MIDI)


def mark_start(home: Home) -> int:
    """Leave a mark that only a good end removes; how many starts in a row lack that end."""
    crashes = 0
    if _mark(home).exists():
        with contextlib.suppress(GenStudioError):
            crashes = kept.RunMark.read(_mark(home)).crashes
        crashes += 1
    _write(home, crashes)
    return crashes


def settle(home: Home) -> None:
    """The program runs well: however it ends now, it was no crash at start."""
    _write(home, 0)


def mark_end(home: Home) -> None:
    """A good end."""
    for path in (_mark(home), kept.previous(_mark(home))):
        with contextlib.suppress(GenStudioError, OSError):
            files.remove(path)


def clean_up(home: Home) -> None:
    """Remove what killed writes left behind."""
    for folder in (home.gallery, home.trash, home.models, home.cache, home.spool):
        files.clean_leftovers(folder)
    for path in home.root.glob(f"{files.TEMP_MARK}*"):
        with contextlib.suppress(GenStudioError, OSError):
            files.remove(path)
    for path in home.logs.glob("crash-*.log"):
        with contextlib.suppress(GenStudioError, OSError):
            if path.stat().st_size == 0:
                files.remove(path)


def take_in_spool(home: Home, gallery: Gallery) -> int:
    """Finished pictures that had not reached the gallery go there now; returns how many."""
    results = [r for r in map(_result, sorted(home.spool.rglob("*"))) if r is not None]
    with contextlib.suppress(GenStudioError, OSError):
        if results:
            gallery.add_many(results)
        files.remove(home.spool)
        return len(results)
    return 0


def _result(path: Path) -> Result | None:
    """The Result that a file which tells its provenance once was."""
    from genstudio.media import image

    if path.suffix not in CARRIERS or not path.is_file():
        return None
    try:
        found = importing.told_of(path)
        unseen = path.suffix in (*TEXTS, MIDI)
        # What was written after the text is hashed beside it; a note says that they differ. A
        # MIDI file that breaks off was refused before.
        whole = not found.notes if unseen else _is_whole(path.read_bytes())
        width, height = (0, 0) if unseen else image.size_of(path)
    except (GenStudioError, OSError) as error:
        log.info("%s in the spool is not whole: %s", path, error)
        return None
    made = found.provenance
    if made is None or not whole:
        return None
    facts = {"provenance": made.model_dump(mode="json"), "width": width, "height": height}
    return Result(path=str(path), seed=made.request.seed, output=made.output, data=facts)


def _is_whole(data: bytes) -> bool:
    """A PNG has its end mark, a WebP the length it says: its writer was not killed half-way."""
    if data.startswith(b"RIFF"):
        return int.from_bytes(data[4:8], "little") + 8 == len(data)
    return data.endswith(b"IEND\xaeB`\x82")


def _mark(home: Home) -> Path:
    return home.root / "running.json"


def _write(home: Home, crashes: int) -> None:
    with contextlib.suppress(GenStudioError):
        kept.write(_mark(home), kept.RunMark(pid=os.getpid(), crashes=crashes))
