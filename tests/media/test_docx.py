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
