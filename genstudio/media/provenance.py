"""Where a file came from: what is embedded at each level, and reading it back.

Levels: "full" = `parameters` (A1111) + our JSON + IPTC label; "label" = the label alone;
"bare" = nothing but pixels. Nothing read here is ever evaluated: JSON and text only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.errors import BadInput
from genstudio.core.foreign import Foreign
from genstudio.core.stored import Json
from genstudio.media import a1111, containers, exif, xmp
from genstudio.media.foreign import readers
from genstudio.media.foreign.values import load_json
from genstudio.media.reading import label, open_binary

KEY = "genstudio"
MAX_FILE_BYTES = 8 * 1024**3
MAX_JSON = 1024 * 1024
MAX_TOLD = 256 * 1024
_SOURCE_TYPES = {uri: name for name, uri in xmp.SOURCE_URIS.items()}
_JSON_KEYS = ("prompt", "workflow", "invokeai_metadata", "invokeai_workflow", "invokeai_graph")


@dataclass(frozen=True)
class Embedded:
    """Texts to write into one file; "" and b"" are left out."""

    parameters: str = ""
    json: str = ""
    xmp: bytes = b""


@dataclass(frozen=True)
class Found:
    """What a file says about itself. `texts` are the raw entries by keyword, capped in size.

    `settings` is what any program wrote, in one form; `foreign` its JSON entries as they are.
    """

    format: str
    provenance: Provenance | None = None
    parameters: dict[str, str] | None = None
    parameters_text: str = ""
    source_uri: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    foreign: dict[str, Json] = field(default_factory=dict)
    settings: Foreign | None = None
    notes: tuple[str, ...] = ()

    @property
    def source_type(self) -> str:
        """trained | composite | algorithmic, or "" where there is no such label."""
        return _SOURCE_TYPES.get(self.source_uri, "")

    @property
    def level(self) -> MetadataLevel:
        """How much was written into the file."""
        if self.provenance or self.parameters or (self.settings and self.settings.says_anything()):
            return "full"
        return "label" if self.source_uri else "bare"

    @property
    def software(self) -> str:
        """Who made it, as far as the entries tell."""
        if self.provenance:
            return self.provenance.app or "GenStudio"
        return self.settings.software if self.settings else self.texts.get("Software", "")[:100]


def to_parameters(provenance: Provenance, size: tuple[int, int] | None = None) -> str:
    """The A1111 text of one result; `size` is (width, height)."""
    return a1111.write(provenance, size)


def embed(
    provenance: Provenance | None,
    level: MetadataLevel,
    size: tuple[int, int] | None = None,
    json_in_xmp: bool = False,
) -> Embedded:
    """The texts for a file at `level`; `json_in_xmp` for containers without text chunks."""
    if provenance is None or level == "bare":
        return Embedded()
    if level == "label":
        return Embedded(xmp=xmp.build(provenance.source_type))
    text = json.dumps(provenance.model_dump(mode="json"), separators=(",", ":"))
    return Embedded(
        parameters=a1111.write(provenance, size),
        json=text,
        xmp=xmp.build(provenance.source_type, text if json_in_xmp else ""),
    )


def read(source: Path | str | bytes) -> Found:
    """All that PNG, JPEG, WebP, GIF or MP4 says about its making. Raises BadInput."""
    with open_binary(source, MAX_FILE_BYTES) as handle:
        try:
            raw = containers.find(handle)
        except OSError as error:
            raise BadInput(f"{label(source)} cannot be read: {error}") from error
    if raw is None:
        raise BadInput(
            f"{label(source)} is not a PNG, JPEG, WebP, GIF or MP4 file",
            file="" if isinstance(source, bytes) else source,
        )
    return interpret(raw, label(source))


def interpret(raw: containers.Raw, name: str) -> Found:
    """Give the raw entries their meaning; what is malformed becomes a note."""
    notes = list(raw.notes)
    packet = xmp.parse(raw.xmp)
    texts = exif.texts(raw.exif) | raw.texts
    ours = texts.pop(KEY, "") or packet.json
    text = texts.get("parameters") or texts.get("comment", "")
    settings = a1111.parse(text)
    return Found(
        format=raw.format,
        provenance=_provenance(ours, name, notes),
        parameters=settings,
        parameters_text=text[: a1111.MAX_TEXT] if settings else "",
        source_uri=packet.source_uri[:400],
        texts=texts | ({KEY: ours} if ours else {}),
        foreign=_foreign(texts),
        settings=readers.read(texts),
        notes=tuple(notes),
    )


def describe(found: Found) -> dict[str, Json]:
    """Plain values for `inspect` and the Details panel."""
    answer: dict[str, Json] = {
        "format": found.format,
        "level": found.level,
        "made_here": found.provenance is not None,
        "software": found.software,
        "source_type": found.source_type,
        "digital_source_type": found.source_uri,
    }
    if found.provenance:
        answer |= _ours(found.provenance)
    answer["parameters"] = dict(found.parameters) if found.parameters else None
    answer["parameters_text"] = found.parameters_text
    said = found.settings
    answer["settings"] = said.model_dump(mode="json", exclude_defaults=True) if said else None
    # The window asks for the settings; the raw entries would make its line far too long.
    size = sum(len(found.texts[key]) for key in found.foreign)
    answer["foreign"] = found.foreign if size <= MAX_TOLD else {}
    keys: list[Json] = [*sorted(found.texts)]
    answer["keys"] = keys
    notes: list[Json] = [*found.notes]
    answer["notes"] = notes
    return answer


def _ours(provenance: Provenance) -> dict[str, Json]:
    request = provenance.request
    return {
        "app": provenance.app,
        "created": provenance.created,
        "model": request.model,
        "model_sha256": provenance.model_sha256,
        "family": provenance.family,
        "task": request.task,
        "seed": request.seed,
        "index": provenance.index,
        "values": dict(request.values),
        "inputs": {key: value.model_dump() for key, value in provenance.inputs.items()},
        "data": list(provenance.data),
        "data_sha256": list(provenance.data_sha256),
        "licence": provenance.licence,
        "device": provenance.device,
        "facts": dict(provenance.facts),
        "provenance": provenance.model_dump(mode="json"),
    }


def _provenance(text: str, name: str, notes: list[str]) -> Provenance | None:
    if not text:
        return None
    if len(text) > MAX_JSON:
        notes.append("the GenStudio entry is too large and was left out")
        return None
    try:
        return Provenance.from_bytes(text.encode("utf-8", "replace"), f"{name} (genstudio entry)")
    except BadInput as error:
        notes.append(error.problem.what)
        return None


def _foreign(texts: Mapping[str, str]) -> dict[str, Json]:
    """JSON entries of ComfyUI, InvokeAI and NovelAI, parsed, never run."""
    found: dict[str, Json] = {}
    for key in (*_JSON_KEYS, "Comment"):
        value = load_json(texts.get(key, ""))
        if value is not None:
            found[key] = value
    return found
