"""XMP packets: the AI label of IPTC, and our JSON where a container has no text chunks.

`Iptc4xmpExt:DigitalSourceType` is what newsrooms and platforms look for (USERS.md 4.4).
"""

from __future__ import annotations

import contextlib
import functools
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
OURS = "urn:genstudio:provenance:1#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SOURCE_URIS = {
    "trained": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "composite": (
        "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    ),
    "algorithmic": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
}
MAX_BYTES = 1024 * 1024
_SEPARATOR = "\n"


@dataclass(frozen=True)
class Packet:
    """What was found in an XMP packet: the label's URI and our JSON, "" where absent."""

    source_uri: str = ""
    json: str = ""


@functools.lru_cache(maxsize=8)
def build(source_type: str, json: str = "") -> bytes:
    """A packet with the IPTC label for trained | composite | algorithmic, and our JSON."""
    inner = f"<genstudio:provenance>{escape(json)}</genstudio:provenance>" if json else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="{RDF}">'
        f'<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{IPTC}" xmlns:genstudio="{OURS}"'
        f" Iptc4xmpExt:DigitalSourceType={quoteattr(SOURCE_URIS[source_type])}>"
        f"{inner}</rdf:Description></rdf:RDF></x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    ).encode()


def parse(data: bytes) -> Packet:
    """The label and our JSON of a packet; anything malformed counts as not there."""
    if len(data) > MAX_BYTES:
        return Packet()
    reader = _Reader()
    # What stood before the damage still counts: labels should survive careless editors.
    with contextlib.suppress(expat.ExpatError, ValueError):
        reader.feed(data.strip(b"\x00 \t\r\n"))
    return Packet(reader.source_uri.strip(), reader.json)


class _Reader:
    """Collects two properties, each written as an attribute, as text or as rdf:resource."""

    def __init__(self) -> None:
        self.source_uri = ""
        self.json = ""
        self._open = ""

    def feed(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)

    def _doctype(self, *_: object) -> None:
        # Entities are how small XML becomes gigabytes; XMP has no use for them.
        raise ValueError("a DOCTYPE is not allowed in XMP")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._open = name
        label = f"{IPTC}{_SEPARATOR}DigitalSourceType"
        self.source_uri = attributes.get(label, self.source_uri)
        if name == label:
            self.source_uri = attributes.get(f"{RDF}{_SEPARATOR}resource", self.source_uri)
        self.json = attributes.get(f"{OURS}{_SEPARATOR}provenance", self.json)

    def _end(self, name: str) -> None:
        self._open = ""

    def _text(self, text: str) -> None:
        if self._open == f"{IPTC}{_SEPARATOR}DigitalSourceType":
            self.source_uri += text
        elif self._open == f"{OURS}{_SEPARATOR}provenance":
            self.json += text
