"""The copy detector: passages of a text that stand word by word in what a model was trained on.

It looks them up among the fingerprints in the package (`media.fingerprints`); packages without
any, of earlier versions or of others, say that nothing can be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from genstudio.core import addons
from genstudio.core.errors import BadInput
from genstudio.core.events import Progress
from genstudio.core.manifest import FINGERPRINTS, Manifest
from genstudio.core.stored import Json
from genstudio.engine import package_folder
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output, Report
from genstudio.media import fingerprints
from genstudio.media.fingerprints import Fingerprints
from genstudio.media.wording import wording

PASSAGES, SURELY, SOURCES, KNOWN = "passages", "surely", "sources", "known"


def has(manifest: Manifest) -> bool:
    """Whether the package can tell what of a text it was trained on."""
    return any(entry.name == FINGERPRINTS for entry in manifest.files)


def of(model: LoadedModel) -> list[Fingerprints]:
    """Fingerprints of all that a model learned from, its own first; of an add-on those of the
    model it lies over as well. [] where there are none. Raises BadInput.

    They stay with the opened model.
    """
    kept = model.kept.get(FINGERPRINTS)
    if not isinstance(kept, list):
        kept = [_read(model.folder, model.manifest)] if has(model.manifest) else []
        base = model.manifest.base
        if base is not None:
            under = addons.base_folder(model.folder, base, model.manifest.title)
            manifest = package_folder.read_manifest(under)
            kept += [_read(under, manifest)] if has(manifest) else []
        model.kept[FINGERPRINTS] = kept
    return kept


def _read(folder: Path, manifest: Manifest) -> Fingerprints:
    entry = package_folder.entry_of(manifest, FINGERPRINTS)
    if entry.size > fingerprints.MAX_FILE:
        raise BadInput(f"{FINGERPRINTS} is larger than it may be", file=folder)
    return fingerprints.read(package_folder.read_file(folder, entry))


def report(model: LoadedModel, text: str, start: int = 0) -> dict[str, Json]:
    """What of `text` from character `start` on is known.

    "known": whether the model carries fingerprints; "passages": [{"start", "end" (characters),
    "words", "source"}] in reading order; "surely": so many words in a row are found wherever they
    stand; "sources": how many texts there are.
    """
    known = of(model)
    if not known:
        return {KNOWN: False, PASSAGES: []}
    words = wording(text)
    found = fingerprints.longest([one for prints in known for one in prints.passages_of(words)])
    passages: list[Json] = [
        {"start": one.start, "end": one.end, "words": one.words, "source": one.source}
        for one in found
        if one.end > start
    ]
    return {
        KNOWN: True,
        PASSAGES: passages,
        SURELY: max(prints.surely for prints in known),
        SOURCES: sum(len(prints.names) for prints in known),
    }


def passages(found: Mapping[str, Json]) -> list[dict[str, Any]]:
    """The passages of a report."""
    listed = found.get(PASSAGES)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def task(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """The task `copies`: a Report about the control "text"."""
    yield Progress(done=0, total=1)
    yield Report(ask.first, ask.seed, report(model, ask.word("text")))
    yield Progress(done=1, total=1)
