"""Texts -> txt, md, docx and html files that say where their words come from, and reading it back.

The label is IPTC's digital source type in each format's own metadata: front matter of Markdown,
`meta` of HTML, document properties and a custom XML part of DOCX (ECMA-376-1, 22.2 and 15.2.5),
and for plain text, which has none, a file beside it.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.stored import Json
from genstudio.media import docx, provenance, rich_text, xmp
from genstudio.media.containers import Raw
from genstudio.media.provenance import KEY, MAX_JSON, Found
from genstudio.media.reading import label, open_binary

SUFFIXES = (".txt", ".md", ".docx", ".html")
LABEL = "digital-source-type"
MAX_HEAD = 2 * MAX_JSON
MAX_FILE_BYTES = 256 * 1024 * 1024
_SHORT = 200
_MATTER = re.compile(r"---\n(?:title: [^\n]*\n)?digital-source-type: [^\n]*\n(?:[^\n]*\n)?---\n\n")


def encode(
    text: str,
    ext: str,
    made: Sequence[Provenance] = (),
    level: MetadataLevel = "full",
    title: str = "",
) -> bytes:
    """The bytes of a file with `text`, of which `made` tells who wrote what (none: a person alone).

    Plain text carries nothing itself: write `sidecar` beside it. Raises UsageError for other
    suffixes.
    """
    if ext not in SUFFIXES:
        raise UsageError(f"texts are saved as {', '.join(SUFFIXES)}, not {ext!r}")
    text = _clean(text)
    told = besides(made, level)
    if ext == ".md":
        return (_front_matter(told, title) + text).encode()
    if ext == ".html":
        return _page(text, told, title).encode()
    if ext == ".docx":
        return docx.build(text, _clean(title), told.get(LABEL, ""), told.get(KEY, ""), _app(made))
    return text.encode()


def sidecar_of(path: Path) -> Path:
    """Where the file lies that speaks for a plain text."""
    return path.with_name(path.name + ".json")


def sidecar(content: bytes, made: Sequence[Provenance], level: MetadataLevel = "full") -> bytes:
    """What to write beside a plain text with `content`; b"" where there is nothing to say."""
    told = besides(made, level)
    if not told:
        return b""
    value: dict[str, Json] = {
        "format": 1,
        "sha256": hashlib.sha256(content).hexdigest(),
        "digital_source_type": told[LABEL],
    }
    if KEY in told:
        value["provenance"] = json.loads(told[KEY])
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def read(path: Path) -> Found:
    """What a .txt, .md, .docx or .html file says about its making; raises BadInput."""
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise BadInput(f"{path.name} is not a text file known here", file=path)
    raw = Raw(kind[1:].upper())
    uri = _READERS[kind](path, raw)
    several = _unfolded(raw)
    if several > 1:
        raw.notes.append(f"{several} passages were written; the first is shown")
    return replace(provenance.interpret(raw, label(path)), source_uri=uri[:400])


def text_of(path: Path) -> str:
    """The words of a file that `encode` wrote; raises BadInput."""
    with open_binary(path, MAX_FILE_BYTES) as handle:
        data = handle.read()
    found = rich_text.plain(data, path.suffix.lower(), label(path))
    if path.suffix.lower() == ".docx":
        return found.removesuffix("\n")  # every paragraph ends a line, the last one too
    matter = _MATTER.match(found) if path.suffix.lower() == ".md" else None
    return found[matter.end() :] if matter else found


def besides(made: Sequence[Provenance], level: MetadataLevel) -> dict[str, str]:
    """What a file says besides its words: the label and, in full, the JSON of their making."""
    if not made or level == "bare":
        return {}
    mixed = len(made) > 1 or made[0].source_type == "composite"
    told = {LABEL: xmp.SOURCE_URIS["composite" if mixed else made[0].source_type]}
    if level == "full":
        records = [one.model_dump(mode="json") for one in made]
        told[KEY] = _json(records[0] if len(records) == 1 else [_shortened(r) for r in records])
    return told


def _shortened(record: dict[str, Json]) -> dict[str, Json]:
    """A record among many: the long texts of its request stand in the file already."""
    request = record["request"]
    assert isinstance(request, dict)
    asked = request["values"]
    assert isinstance(asked, dict)
    values = {
        name: f"{value[:_SHORT]}…" if isinstance(value, str) and len(value) > _SHORT else value
        for name, value in asked.items()
    }
    return {**record, "request": {**request, "values": values}}


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _app(made: Sequence[Provenance]) -> str:
    return made[0].app if made else ""


def _clean(text: str) -> str:
    """Without what no XML and no terminal takes: lone surrogates and control characters."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text.encode("utf-8", "replace").decode())


def _front_matter(told: dict[str, str], title: str) -> str:
    """YAML whose values are JSON, which is YAML too (YAML 1.2, section 1.3)."""
    if not told:
        return ""
    lines = [f"title: {json.dumps(title, ensure_ascii=False)}"] if title else []
    lines.append(f"{LABEL}: {json.dumps(told[LABEL])}")
    if KEY in told:
        lines.append(f"{KEY}: {told[KEY]}")
    return "---\n" + "\n".join(lines) + "\n---\n\n"


def _page(text: str, told: dict[str, str], title: str) -> str:
    metas = [f'<meta name="{name}" content="{html.escape(value)}">' for name, value in told.items()]
    paragraphs = [
        f'<p dir="auto">{html.escape(part, quote=False).replace(chr(10), "<br>" + chr(10))}</p>'
        for part in re.split(r"\n{2,}", text.strip("\n"))
        if part
    ]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            "<html>",
            "<head>",
            '<meta charset="utf-8">',
            *metas,
            f"<title>{html.escape(_clean(title) or 'Text')}</title>",
            "<style>body{max-width:40em;margin:3em auto;padding:0 1em;line-height:1.5}</style>",
            "</head>",
            "<body>",
            *paragraphs,
            "</body>",
            "</html>",
            "",
        ]
    )


def _unfolded(raw: Raw) -> int:
    """Leave the first of several records; returns how many there were."""
    try:
        value = json.loads(raw.texts.get(KEY, "null"))
    except (ValueError, RecursionError):
        return 0
    if not isinstance(value, list):
        return 1
    raw.texts[KEY] = _json(value[0]) if value else ""
    return len(value)


def _head_of(path: Path) -> str:
    with open_binary(path, MAX_FILE_BYTES) as handle:
        return handle.read(MAX_HEAD).decode("utf-8-sig", "replace")


def _beside(path: Path, raw: Raw) -> str:
    """What the file beside a plain text says; the record of the gallery is one such."""
    with open_binary(path, MAX_FILE_BYTES) as handle:
        content = handle.read()
    place = sidecar_of(path)
    if not place.is_file():
        return ""
    try:
        with open_binary(place, MAX_HEAD) as handle:
            value = json.loads(handle.read())
    except (BadInput, ValueError, RecursionError):
        raw.notes.append(f"{place.name} is damaged and was left out")
        return ""
    if not isinstance(value, dict):
        return ""
    if "provenance" in value:
        raw.add_text(KEY, _json(value["provenance"]).encode(), "utf-8")
    wanted = value.get("sha256")
    if isinstance(wanted, str) and wanted != hashlib.sha256(content).hexdigest():
        raw.notes.append("the text was changed since")
    return str(value.get("digital_source_type", ""))


def _in_front(path: Path, raw: Raw) -> str:
    head = _head_of(path).replace("\r\n", "\n")
    matter, found, _ = head.removeprefix("---\n").partition("\n---")
    if not head.startswith("---\n") or not found:
        return ""
    values = {
        name: value for name, _, value in (line.partition(": ") for line in matter.split("\n"))
    }
    if KEY in values:
        raw.add_text(KEY, values[KEY].encode(), "utf-8")
    return values.get(LABEL, "").strip('"')


def _in_head(path: Path, raw: Raw) -> str:
    reader = _Metas()
    reader.feed(_head_of(path).partition("</head>")[0])
    if KEY in reader.found:
        raw.add_text(KEY, reader.found[KEY].encode(), "utf-8")
    return reader.found.get(LABEL, "")


def _in_parts(path: Path, raw: Raw) -> str:
    with open_binary(path, MAX_FILE_BYTES) as handle:
        uri, told = docx.said(handle, path)
    if told:
        raw.add_text(KEY, told.encode(), "utf-8")
    return uri


class _Metas(HTMLParser):
    """Collects `<meta name content>`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and values.get("name"):
            self.found.setdefault(str(values["name"]), str(values.get("content") or ""))


_READERS: dict[str, Callable[[Path, Raw], str]] = {
    ".txt": _beside,
    ".md": _in_front,
    ".html": _in_head,
    ".docx": _in_parts,
}
"""Each puts our JSON into `Raw.texts` and returns the label."""
