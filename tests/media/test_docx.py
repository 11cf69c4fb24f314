"""DOCX written by hand: what a word processor needs, and reading without trust."""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from genstudio.core.errors import BadInput
from genstudio.media import docx

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAME = Path("a.docx")


def parts_of(data: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}


def repacked(data: bytes, name: str, content: bytes) -> io.BytesIO:
    """The same document with one part replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    made.seek(0)
    return made


def test_every_part_is_xml_and_named_in_the_list_of_types():
    parts = parts_of(docx.build("a & b", "T <x>", "http://label", '{"a": "<&>"}', "App & Co"))
    types = parts.pop("[Content_Types].xml")
    named = {entry.get("PartName") for entry in types if entry.get("PartName")}
    assert named <= {f"/{name}" for name in parts}
    links = [entry.get("Target") for entry in parts["_rels/.rels"]]
    assert set(links) <= set(parts)
    assert parts["word/_rels/document.xml.rels"][0].get("Target") == "../customXml/item1.xml"


def test_a_line_is_a_paragraph_with_its_tabs():
    (body,) = parts_of(docx.build("one\ttwo\n\n three "))["word/document.xml"]
    first, empty, last = list(body)
    assert [node.tag.removeprefix(WORD) for node in first[0]] == ["t", "tab", "t"]
    assert len(empty) == 0
    assert last[0][0].text == " three "


@pytest.mark.parametrize(
    ("line", "right"), [("abc", False), ("שלום abc", True), ("123 سلام", True), ("... 7", False)]
)
def test_lines_that_run_from_right_to_left_say_so(line, right):
    (body,) = parts_of(docx.build(line))["word/document.xml"]
    assert (body.find(f".//{WORD}bidi") is not None) == right


def test_label_and_json_come_back():
    made = docx.build("abc", "", "http://label", '{"a": "<&> ü"}', "App")
    assert docx.said(io.BytesIO(made), NAME) == ("http://label", '{"a": "<&> ü"}')
    assert docx.said(io.BytesIO(docx.build("abc")), NAME) == ("", "")


def test_entities_are_not_unfolded():
    made = docx.build("abc", "", "http://label", "told")
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><provenance xmlns="urn:genstudio:provenance:1#">'
        b"&a;&a;</provenance>"
    )
    assert docx.said(repacked(made, "customXml/item1.xml", bomb), NAME)[1] == ""


def test_parts_that_are_too_large_are_left_out():
    made = docx.build("abc", "", "http://label", "told")
    content = (
        b'<provenance xmlns="urn:genstudio:provenance:1#">'
        + b"x" * (3 * 1024 * 1024)
        + b"</provenance>"
    )
    assert docx.said(repacked(made, "customXml/item1.xml", content), NAME) == ("http://label", "")


def test_what_is_no_zip_is_told():
    with pytest.raises(BadInput, match=r"a\.docx"):
        docx.said(io.BytesIO(b"no zip at all"), NAME)


def test_the_same_text_gives_the_same_bytes():
    told = ("a\nb", "T", "http://label", "{}", "App")
    assert docx.build(*told) == docx.build(*told)


@pytest.mark.parametrize("text", ["", "\n\n", "a\t\tb", "ünï 名前 😀 <w:p/> & ]]>", " a  b "])
def test_every_letter_stands_in_the_document(text):
    (body,) = parts_of(docx.build(text))["word/document.xml"]
    lines = []
    for paragraph in body:
        nodes = [node for node in paragraph.iter() if node.tag in (f"{WORD}t", f"{WORD}tab")]
        lines.append("".join("\t" if node.tag == f"{WORD}tab" else node.text for node in nodes))
    assert "\n".join(lines) == text


def test_without_a_label_nothing_speaks_of_machines():
    data = docx.build("abc", "Title")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "docProps/custom.xml" not in archive.namelist()
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"AI-generated" not in everything
    assert b"machine" not in everything
    assert b"Title" in everything


@pytest.mark.parametrize("part", ["docProps/custom.xml", "customXml/item1.xml"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"<open", b"<a></b>", b"plain"])
def test_a_broken_part_says_nothing_and_the_other_one_still_does(part, content):
    made = docx.build("abc", "", "http://label", "told")
    uri, told = docx.said(repacked(made, part, content), NAME)
    assert (uri == "") == (part == "docProps/custom.xml")
    assert (told == "") == (part == "customXml/item1.xml")


def test_a_document_cut_short_is_told():
    made = docx.build("abc", "", "http://label", "told")
    for length in (0, 30, len(made) // 2, len(made) - 10):
        with pytest.raises(BadInput, match=r"a\.docx is not a sound DOCX file"):
            docx.said(io.BytesIO(made[:length]), NAME)
