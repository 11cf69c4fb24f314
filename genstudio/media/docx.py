"""DOCX by hand: a zip of small XML parts (ECMA-376-1), written from plain text, read for its label.

Only what a word processor needs is written; of a file that is read only two small parts are
opened, each up to a cap, and a DOCTYPE ends the reading.
"""

from __future__ import annotations

import contextlib
import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from genstudio.core.errors import BadInput
from genstudio.media.provenance import MAX_JSON
from genstudio.media.xmp import OURS

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_CUSTOM_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_SOURCE_TYPE = "DigitalSourceType"
_MOMENT = (1980, 1, 1, 0, 0, 0)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HELPED = "Written with the help of a machine"
_MAX_PART = 2 * MAX_JSON


def build(text: str, title: str = "", uri: str = "", told: str = "", app: str = "") -> bytes:
    """A document with one paragraph a line. `uri` is the label, `told` our JSON; "" leaves out.

    The same arguments give the same bytes.
    """
    custom = (f"{_OFFICE}/relationships/custom-properties", "docProps/custom.xml")
    parts = {
        "[Content_Types].xml": _content_types(bool(uri), bool(told)),
        "_rels/.rels": _links(
            (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            (f"{_LINKS}/metadata/core-properties", "docProps/core.xml"),
            *([custom] if uri else []),
        ),
        "word/document.xml": _body(text),
        "docProps/core.xml": _core(title, uri, app),
    }
    if uri:
        parts["docProps/custom.xml"] = _custom({_SOURCE_TYPE: uri, "Generator": app})
    if told:
        link = (f"{_OFFICE}/relationships/customXml", "../customXml/item1.xml")
        parts["word/_rels/document.xml.rels"] = _links(link)
        item = f"<provenance xmlns={quoteattr(OURS)}>{escape(told)}</provenance>"
        parts["customXml/item1.xml"] = _XML + item
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def said(handle: BinaryIO, path: Path) -> tuple[str, str]:
    """(URI of the label, our JSON) of a document, "" where it has none; raises BadInput."""
    try:
        with zipfile.ZipFile(handle) as archive:
            properties = _read(archive, "docProps/custom.xml")
            items = [n for n in archive.namelist() if n.startswith("customXml/item")][:20]
            ours = [_provenance(_read(archive, name)) for name in items]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise BadInput(f"{path.name} is not a sound DOCX file: {error}", file=path) from error
    return _property(properties), next((told for told in ours if told), "")


def _content_types(custom: bool, ours: bool) -> str:
    kind = "application/vnd.openxmlformats"
    parts = {
        "/word/document.xml": f"{kind}-officedocument.wordprocessingml.document.main+xml",
        "/docProps/core.xml": f"{kind}-package.core-properties+xml",
    }
    if custom:
        parts["/docProps/custom.xml"] = f"{kind}-officedocument.custom-properties+xml"
    named = "".join(f'<Override PartName="{n}" ContentType="{t}"/>' for n, t in parts.items())
    plain = '<Default Extension="xml" ContentType="application/xml"/>'
    links = f'<Default Extension="rels" ContentType="{kind}-package.relationships+xml"/>'
    return f'{_XML}<Types xmlns="{_TYPES}">{links}{plain}{named}</Types>'


def _links(*pairs: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, 1)
    )
    return f'{_XML}<Relationships xmlns="{_LINKS}">{found}</Relationships>'


def _body(text: str) -> str:
    lines = "".join(_paragraph(line) for line in text.split("\n"))
    return f'{_XML}<w:document xmlns:w="{_WORD}"><w:body>{lines}</w:body></w:document>'


def _paragraph(line: str) -> str:
    right = _runs_right(line)
    layout = "<w:pPr><w:bidi/></w:pPr>" if right else ""
    run = "<w:rPr><w:rtl/></w:rPr>" if right else ""
    parts = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else ""
        for part in line.split("\t")
    )
    return f"<w:p>{layout}<w:r>{run}{parts}</w:r></w:p>" if line else "<w:p/>"


def _runs_right(line: str) -> bool:
    """True where the first strong character is written from right to left (UAX 9, P2)."""
    kinds = (unicodedata.bidirectional(char) for char in line)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def _core(title: str, uri: str, app: str) -> str:
    words = f"<dc:title>{escape(title)}</dc:title>" if title else ""
    if uri:
        by = f" ({app})" if app else ""
        words += f"<dc:description>{escape(_HELPED + by)}</dc:description>"
        words += "<cp:keywords>AI-generated</cp:keywords>"
    dc = "http://purl.org/dc/elements/1.1/"
    names = f'xmlns:cp="{_CORE}" xmlns:dc="{dc}"'
    return f"{_XML}<cp:coreProperties {names}>{words}</cp:coreProperties>"


def _custom(values: dict[str, str]) -> str:
    found = "".join(
        f'<property fmtid="{_CUSTOM_ID}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(values.items(), 2)
    )
    properties = f'xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes"'
    return f"{_XML}<Properties {properties}>{found}</Properties>"


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of at most the cap; b"" where it is absent or larger."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        data = part.read(_MAX_PART + 1)
    return data if len(data) <= _MAX_PART else b""


def _property(data: bytes) -> str:
    """The value of our custom property."""
    return _collected(data, lambda name, values: values.get("name") == _SOURCE_TYPE).strip()


def _provenance(data: bytes) -> str:
    """Our JSON in a custom part."""
    return _collected(data, lambda name, values: name == f"{OURS}\nprovenance")


def _collected(data: bytes, wanted: Callable[[str, dict[str, str]], bool]) -> str:
    """The text inside elements that are `wanted` by name and attributes, up to any damage."""
    found: list[str] = []
    depth = [0]

    def start(name: str, values: dict[str, str]) -> None:
        depth[0] += depth[0] > 0 or wanted(name, values)

    def end(name: str) -> None:
        depth[0] -= depth[0] > 0

    def text(words: str) -> None:
        if depth[0]:
            found.append(words)

    parser = expat.ParserCreate(namespace_separator="\n")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    with contextlib.suppress(expat.ExpatError, ValueError, LookupError):
        parser.Parse(data, True)
    return "".join(found)


def _refuse(*_: object) -> None:
    raise ValueError("a DOCTYPE is not allowed here")
