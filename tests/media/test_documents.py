"""Texts as files of several formats: the words come back, and so does where they come from."""

import json
import zipfile

import pytest

from genstudio.core.artifact import Provenance
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.request import Request
from genstudio.media import documents, xmp

TEXT = "# Kapitel & <eins>\n\nשלום עולם\tend\nSecond line 😀\n\n\nLast."
MADE = Provenance(
    app="GenStudio 9",
    request=Request(
        model="tales", task="sample", values={"prompt": 'Es "war" <einmal> -->'}, seed=3
    ),
    title="Tales",
)
BY_HAND = MADE.model_copy(update={"source_type": "composite"})


def written(folder, ext, made=(MADE,), level="full", text=TEXT, title="A <b> & title"):
    path = folder / f"text{ext}"
    path.write_bytes(documents.encode(text, ext, made, level, title))
    if ext == ".txt" and (beside := documents.sidecar(path.read_bytes(), made, level)):
        documents.sidecar_of(path).write_bytes(beside)
    return path


@pytest.mark.parametrize("ext", documents.SUFFIXES)
def test_where_the_words_come_from_is_read_back(tmp_path, ext):
    found = documents.read(written(tmp_path, ext))
    assert found.provenance == MADE
    assert (found.source_type, found.level, found.notes) == ("trained", "full", ())
    assert found.software == "GenStudio 9"
    assert found.format == ext[1:].upper()


@pytest.mark.parametrize("ext", documents.SUFFIXES)
def test_the_label_alone_and_nothing_at_all(tmp_path, ext):
    label = documents.read(written(tmp_path, ext, (BY_HAND,), "label"))
    assert (label.source_type, label.provenance, label.level) == ("composite", None, "label")
    assert b"einmal" not in written(tmp_path, ext, level="label").read_bytes()
    (tmp_path / "bare").mkdir()
    bare = documents.read(written(tmp_path / "bare", ext, level="bare"))
    assert (bare.source_type, bare.provenance, bare.level) == ("", None, "bare")


@pytest.mark.parametrize("ext", [".txt", ".md", ".docx"])
def test_the_words_come_back(tmp_path, ext):
    assert documents.text_of(written(tmp_path, ext)) == TEXT
    plain = written(tmp_path, ext, ())
    assert documents.text_of(plain) == TEXT
    assert documents.read(plain).level == ("full" if ext == ".txt" else "bare")  # its old sidecar


def test_the_words_of_a_page_come_back_as_paragraphs(tmp_path):
    found = documents.text_of(written(tmp_path, ".html"))
    assert [line.split() for line in found.split("\n") if line.strip()] == [
        line.split() for line in TEXT.split("\n") if line.strip()
    ]


def test_several_passages_are_a_work_of_many(tmp_path):
    long = MADE.model_copy(
        update={"request": MADE.request.model_copy(update={"values": {"prompt": "x" * 5000}})}
    )
    for ext in documents.SUFFIXES:
        path = written(tmp_path, ext, [MADE, long, long])
        found = documents.read(path)
        assert found.source_type == "composite"
        assert found.provenance == MADE
        assert found.notes == ("3 passages were written; the first is shown",)
        assert b"xxxxx" * 100 not in path.read_bytes()


def test_a_text_by_a_person_alone_says_nothing(tmp_path):
    assert documents.sidecar(b"abc", ()) == b""
    assert documents.encode("abc", ".md") == b"abc"
    assert b'meta name="genstudio' not in documents.encode("abc", ".html")


def test_unknown_formats_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"\.docx"):
        documents.encode("abc", ".pdf")
    with pytest.raises(BadInput, match=r"a\.pdf"):
        documents.read(tmp_path / "a.pdf")


def test_what_no_file_takes_is_left_out(tmp_path):
    for ext in documents.SUFFIXES:
        path = written(tmp_path, ext, text="a\x00b\x1b[2J\ud800c")
        assert documents.text_of(path).strip() == "ab[2J?c"


def test_a_text_that_was_changed_says_so(tmp_path):
    path = written(tmp_path, ".txt")
    path.write_text("Something else")
    found = documents.read(path)
    assert "changed" in found.notes[0]
    assert found.provenance == MADE


def test_the_record_of_the_gallery_speaks_for_a_text_too(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("abc")
    record = {"id": "a", "provenance": MADE.model_dump(mode="json")}
    documents.sidecar_of(path).write_text(json.dumps(record))
    assert documents.read(path).provenance == MADE


@pytest.mark.parametrize("beside", [b"", b"[]", b"nonsense", b'{"provenance": 7}', b'"x"'])
def test_nonsense_beside_a_text_is_no_harm(tmp_path, beside):
    path = tmp_path / "a.txt"
    path.write_text("abc")
    documents.sidecar_of(path).write_bytes(beside)
    found = documents.read(path)
    assert found.provenance is None
    assert found.level == "bare"


@pytest.mark.parametrize(
    ("ext", "content"),
    [
        (".md", b"---\ntitle: nothing\n"),
        (".md", b"---\ngenstudio: {nonsense\ndigital-source-type: 7\n---\n\nabc"),
        (".html", b"<meta name=genstudio content='[]'><meta name=><html"),
        (".html", b"<!--" * 1000),
        (".docx", b"PK\x05\x06" + bytes(18)),
    ],
)
def test_damage_is_no_provenance(tmp_path, ext, content):
    path = tmp_path / f"a{ext}"
    path.write_bytes(content)
    assert documents.read(path).provenance is None


def test_front_matter_of_other_programs_stays(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: Mine\ntags: [a]\n---\n\nabc")
    assert documents.text_of(path).startswith("---\ntitle: Mine")


def test_the_front_matter_is_yaml_of_plain_lines():
    lines = documents.encode("abc", ".md", (MADE,), title='say "x"').decode().split("\n")
    assert lines[0] == lines[4] == "---"
    assert lines[1] == 'title: "say \\"x\\""'
    assert lines[2] == f"{documents.LABEL}: {json.dumps(xmp.SOURCE_URIS['trained'])}"
    assert json.loads(lines[3].removeprefix("genstudio: "))["title"] == "Tales"


def test_a_page_is_safe_and_follows_the_direction_of_its_words():
    page = documents.encode("<script>x</script>\n\nשלום", ".html", (MADE,)).decode()
    assert "<script>" not in page
    assert page.count('<p dir="auto">') == 2
    assert "-->" not in page


def test_files_are_the_same_twice():
    for ext in documents.SUFFIXES:
        assert documents.encode(TEXT, ext, (MADE,)) == documents.encode(TEXT, ext, (MADE,))


def test_a_document_is_a_sound_zip(tmp_path):
    with zipfile.ZipFile(written(tmp_path, ".docx")) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
