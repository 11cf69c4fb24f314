"""Exactly what an export writes besides the pixels: written into a sample file, and read back."""

from __future__ import annotations

import json

import numpy as np

from genstudio.core.artifact import Artifact, MetadataLevel, Provenance
from genstudio.core.errors import GenStudioError
from genstudio.media import documents, image, provenance, xmp
from genstudio.studio.exporting import shareable

NOTHING = "Nothing besides the pixels."
NOTHING_BUT_WORDS = "Nothing besides the words."
NAMES = {"music": "notes", "sound": "sound"}
_PICTURES = (".png", ".jpg", ".webp")
MOST_SIDE = 4096


def written_text(artifact: Artifact, ext: str, level: MetadataLevel, scale: int = 1) -> str:
    """The entries of the exported file, each under its keyword.

    Containers other than PNG, JPEG and WebP carry the same texts; a PNG stands in for them.
    The sample has the size of the file, enlarged by `scale`: its entries name it.
    """
    if artifact.output == "text":
        told = documents.besides([shareable(artifact.provenance)], level)
        said = [f"{key}\n{_readable(text)}" for key, text in told.items()]
        return "\n\n".join(said) or NOTHING_BUT_WORDS
    if artifact.output in ("music", "sound"):
        return _heard(shareable(artifact.provenance), artifact.output, level)
    kind = ext if ext in _PICTURES else ".png"
    sides = [min(max(side, 1) * scale, MOST_SIDE) for side in (artifact.height, artifact.width)]
    pixels = np.zeros((*sides, 1), np.uint8)
    try:
        data = image.encode(pixels, kind, shareable(artifact.provenance), level)
        found = provenance.read(data)
    except GenStudioError as error:
        return error.problem.sentence
    parts = []
    if found.source_uri:
        parts.append(f"XMP DigitalSourceType\n{found.source_uri}")
    for key, text in found.texts.items():
        parts.append(f"{key}\n{_readable(text)}")
    return "\n\n".join(parts) or NOTHING


def _heard(made: Provenance, output: str, level: MetadataLevel) -> str:
    """The same of music and sound, whose files carry two texts at most."""
    parts = []
    if level != "bare":
        parts.append(f"DigitalSourceType\n{xmp.SOURCE_URIS[made.source_type]}")
    if level == "full":
        parts.append(f"GenStudio\n{json.dumps(made.model_dump(mode='json'), indent=2)}")
    return "\n\n".join(parts) or f"Nothing besides the {NAMES[output]}."


def _readable(text: str) -> str:
    """JSON indented, anything else as it is."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
