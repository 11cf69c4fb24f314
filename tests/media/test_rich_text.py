"""Words out of Word documents and web pages, and refusals of what is none."""

from __future__ import annotations

import io
import zipfile

import pytest

from genstudio.core.errors import BadInput
from genstudio.media import rich_text

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def packed(xml: bytes, name: str = "word/document.xml") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, xml)
    return buffer.getvalue()


def docx(body: str, space: str = WORD) -> bytes:
    """A Word document with nothing but its words."""
    return packed(
        f'<?xml version="1.0"?><w:document xmlns:w="{space}" xmlns:mc="{COMPATIBLE}">'
        f"<w:body>{body}</w:body></w:document>".encode()
    )


def said(*words: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{word}</w:t></w:r></w:p>" for word in words)


@pytest.mark.parametrize("space", [WORD, STRICT])
def test_paragraphs(space: str) -> None:
    assert (
        rich_text.of_docx(docx(said("Für", "dich &amp; mich 😀"), space)) == "Für\ndich & mich 😀\n"
    )


def test_breaks_and_runs() -> None:
    body = "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r><w:r><w:br/><w:t>c</w:t></w:r></w:p>"
    assert rich_text.of_docx(docx(body)) == "a\tb\nc\n"


def test_what_was_deleted_or_is_said_twice_or_is_a_field_is_not_said() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>new</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><mc:AlternateContent><mc:Choice><w:r>"
        "<w:t> once</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>twice</w:t><w:br/></w:r>"
        "</mc:Fallback></mc:AlternateContent><w:r><w:t>.</w:t></w:r></w:p>"
    )
    assert rich_text.of_docx(docx(body)) == "new once.\n"


def test_a_document_without_words_is_empty() -> None:
    assert rich_text.of_docx(docx("")) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 and no more",
        packed(b"<a/>", "other.xml"),
        packed(b"<w:document"),
        packed(b'<?xml version="1.0" encoding="klingon"?><a/>'),
        packed(b'<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>'),
        packed('<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>'.encode("utf-16")),
    ],
)
def test_no_word_documents(data: bytes) -> None:
    with pytest.raises(BadInput, match="letter"):
        rich_text.of_docx(data, "letter.docx")


def test_a_document_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rich_text, "MAX_XML", 1000)
    with pytest.raises(BadInput, match="holds more than"):
        rich_text.of_docx(docx(said("a" * 2000)), "letter.docx")
    with pytest.raises(BadInput, match="holds more than"):
        rich_text.of_html(b"a" * 2000, "page.html")


def test_a_page() -> None:
    page = """<!DOCTYPE html><html><head><title>Not this</title><style>p { }</style></head>
    <body><h1>One   day</h1>
    <p>in <b>May</b> &amp; June,<br>the <i>sun</i>
    rose.</p><script>if (a < b) alert("no")</script>
    <ul><li>tea</li><li>milk</li></ul></body></html>"""
    assert (
        rich_text.of_html(page.encode())
        == "One day\n\nin May & June,\nthe sun rose.\n\ntea\n\nmilk\n"
    )


def test_white_space_of_pre_stays() -> None:
    assert rich_text.of_html(b"<pre>a\n   b</pre> c   d") == "a\n   b\n\nc d\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<p>Zürich".encode(), "Zürich\n"),
        ("<p>Zürich".encode("utf-16"), "Zürich\n"),
        ('<meta charset="iso-8859-2"><p>Łódź'.encode("iso-8859-2"), "Łódź\n"),
        ("<meta charset=nonsense><p>Zürich".encode(), "Zürich\n"),
        (b"<p></p>", ""),
        (b"<script>only()", ""),
        (b"</pre></p>x<", "x<\n"),
    ],
)
def test_pages_in_any_state(data: bytes, words: str) -> None:
    assert rich_text.of_html(data) == words


def test_by_suffix() -> None:
    assert rich_text.plain(b"a < b", ".txt") == "a < b"
    assert rich_text.plain(b"<p>a", ".htm") == "a\n"
    assert rich_text.plain(docx(said("a")), ".docx") == "a\n"
    assert rich_text.is_rich("Letter.DOCX")
    assert not rich_text.is_rich("notes.md")
