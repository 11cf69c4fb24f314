"""Words of Word documents (.docx) and web pages (.html), without their looks.

Both are read by small readers here: nothing outside of the file is ever fetched, entities are
not expanded, and what unpacks to more than `MAX_XML` is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from html.parser import HTMLParser
from pathlib import PurePosixPath
from xml.parsers import expat

from genstudio.core.errors import BadInput
from genstudio.media import text

DOCX, HTML = frozenset({".docx"}), frozenset({".html", ".htm"})
SUFFIXES = DOCX | HTML
MAX_XML = 64 * 1024 * 1024
"""Bytes of the words of a document, unpacked."""
_MAIN = "word/document.xml"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_TWICE = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SILENT = frozenset({"script", "style", "template", "noscript", "svg", "title"})
_BLOCKS = frozenset(
    ["address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figure",
     "fieldset", "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
     "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul"]
)  # fmt: skip


def plain(data: bytes, suffix: str, name: str = "the text") -> str:
    """The words of a text file; `suffix` says which kind it is. Raises BadInput."""
    if suffix in DOCX:
        return of_docx(data, name)
    if suffix in HTML:
        return of_html(data, name)
    return text.decode(data, name)


def is_rich(name: str) -> bool:
    """True for names of files whose words must be taken out of them."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def of_docx(data: bytes, name: str = "the document") -> str:
    """The paragraphs of a Word document, a line each; what was deleted is gone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, packed.open(_MAIN) as part:
            xml = part.read(MAX_XML + 1)
    except (
        KeyError, OSError, EOFError, ValueError, RuntimeError, NotImplementedError,
        zipfile.BadZipFile, zlib.error,
    ) as error:  # fmt: skip
        raise BadInput(f"{name} is no Word document that can be read: {error}") from error
    if len(xml) > MAX_XML:
        raise BadInput(f"{name} holds more than {MAX_XML // 1024 // 1024} MB of words")
    try:
        return _Paragraphs().read(xml)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BadInput(f"{name} is a damaged Word document: {error}") from error


class _Paragraphs:
    """Takes the words while expat reads; no tree is built."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._said = False  # inside of w:t
        self._skipped = 0  # elements deep inside of what is said twice

    def read(self, xml: bytes) -> str:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        parser.Parse(xml, True)
        return "".join(self._found).strip("\n") + "\n" if self._found else ""

    def _refuse(self, *_: object) -> None:
        raise ValueError("it declares entities")

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        if self._skipped or tag == _TWICE:
            self._skipped += 1
            return
        space, _, short = tag.rpartition(" ")
        if space not in (_WORD, _STRICT):
            return
        self._said = short == "t"
        self._found.extend(_BREAKS.get(short, ()))

    def _end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        self._said = False
        if tag in (f"{_WORD} p", f"{_STRICT} p"):
            self._found.append("\n")

    def _words(self, words: str) -> None:
        if self._said and not self._skipped:
            self._found.append(words)


def of_html(data: bytes, name: str = "the page") -> str:
    """The words that a browser would show; paragraphs are parted by an empty line."""
    if len(data) > MAX_XML:
        raise BadInput(f"{name} holds more than {MAX_XML // 1024 // 1024} MB of words")
    reader = _Page()
    try:
        reader.feed(_decoded(data, name))
        reader.close()
    except (ValueError, AssertionError, RecursionError) as error:
        raise BadInput(f"{name} is a damaged web page: {error}") from error
    return reader.words()


def _decoded(data: bytes, name: str) -> str:
    """By its byte order mark or as UTF-8, else by what the page says of itself."""
    said = re.search(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{2,40})", data[:4096])
    if said is not None and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(said[1].decode())
        except (LookupError, ValueError):
            pass
    return text.decode(data, name)


class _Page(HTMLParser):
    """Collects what is shown; white space counts once, but in <pre> as it is."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[str] = []
        self._silent = ""  # the element whose words are not shown
        self._kept = 0  # <pre> deep

    def words(self) -> str:
        """The words found so far."""
        found = re.sub(r"[ \t]+\n", "\n", "".join(self._found))
        found = re.sub(r"\n[ ]+(?=\n)", "\n", found)
        found = re.sub(r"\n{3,}", "\n\n", found).strip("\n")
        return found + "\n" if found.strip() else ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if self._silent:
            return
        if tag in _SILENT:
            self._silent = tag
        self._kept += tag == "pre"
        if tag == "br":
            self._found.append("\n")
        elif tag in ("td", "th"):
            self._found.append("\t")
        elif tag in _BLOCKS:
            self._break(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent = "" if tag == self._silent else self._silent
            return
        self._kept = max(0, self._kept - (tag == "pre"))
        if tag in _BLOCKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if not self._kept:
            data = re.sub(r"\s+", " ", data)
            fresh = not self._found or self._found[-1][-1:] in ("\n", " ", "\t")
            data = data.lstrip() if fresh else data
        if data:
            self._found.append(data)

    def _break(self, tag: str) -> None:
        self._found.append("\n" if tag in ("li", "tr", "dt", "dd") else "\n\n")
