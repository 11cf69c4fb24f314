"""Documents leave the studio with what the format can say about who wrote them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from genstudio.core.document import Document, Passage, Piece, Token
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.events import Done
from genstudio.core.paths import Home
from genstudio.media import documents
from genstudio.studio import writing_out
from genstudio.workers import inline
from tests.helpers import results

TEXT = "Once upon a time there was a fox. The end. 😀"


def passage(number, text, model="stories", artifact=""):
    return Passage(
        number=number,
        model=model,
        title=model.title(),
        task="sample",
        seed=7,
        artifact=artifact,
        tokens=(Token(t=text),),
    )


@pytest.fixture
def document():
    return Document(
        id="2026-11-21-a",
        title="The fox: a tale",
        text=TEXT,
        pieces=(Piece(start=4, end=16, passage=1), Piece(start=16, end=33, passage=2)),
        passages=(passage(1, " upon a time"), passage(2, " there was a fox.", "poems")),
    )


def exported(document, target, *words, **more):
    events = list(writing_out.export(document, target, *words, **more))
    assert isinstance(events[-1], Done)
    return events[-1].data["paths"][0]


@pytest.mark.parametrize("ext", writing_out.ENDINGS)
def test_every_format_says_who_wrote_it(document, tmp_path, ext):
    place = Path(exported(document, tmp_path, ext))
    assert place.name == f"The-fox-a-tale{ext}"
    assert "there was a fox" in documents.text_of(place)
    found = documents.read(place)
    assert found.source_uri.endswith("compositeWithTrainedAlgorithmicMedia")
    assert found.provenance is not None
    assert found.provenance.request.model == "stories"


@pytest.mark.parametrize(("level", "label"), [("label", True), ("bare", False)])
def test_levels(document, tmp_path, level, label):
    place = Path(exported(document, tmp_path, ".html", level))
    found = documents.read(place)
    assert found.provenance is None
    assert bool(found.source_uri) == label
    plain = Path(exported(document, tmp_path, ".txt", level))
    assert documents.sidecar_of(plain).is_file() == label


def test_a_text_that_a_person_wrote_alone_has_no_label(document, tmp_path):
    own = document.model_copy(update={"pieces": ()})
    assert writing_out.made_by(own) == []
    assert exported(own, tmp_path, ".txt")
    assert [path.suffix for path in tmp_path.iterdir()] == [".txt"]


def test_a_text_of_one_model_alone_is_not_composed():
    whole = Document(
        id="a",
        text="All of it",
        pieces=(Piece(start=0, end=9, passage=1),),
        passages=(passage(1, "All of it"),),
    )
    assert [one.source_type for one in writing_out.made_by(whole)] == ["trained"]
    half = whole.model_copy(update={"text": "All of it, and more"})
    assert [one.source_type for one in writing_out.made_by(half)] == ["composite"]


def test_the_record_of_the_gallery_is_used_where_it_is_there(document):
    class Gallery:
        def get(self, name):
            if name != "kept":
                raise NotFound("gone")
            made = results.provenance(9, inputs={"image": "/home/me/secret/cat.png"})
            return SimpleNamespace(provenance=made)

    with_records = document.model_copy(
        update={"passages": (passage(1, "x", artifact="kept"), passage(2, "y", artifact="gone"))}
    )
    first, second = writing_out.made_by(with_records, Gallery())
    assert first.request.seed == 9
    assert first.request.inputs == {"image": "cat.png"}
    assert second.request.seed == 7


def test_a_part_keeps_what_is_in_it(document):
    part = writing_out.part_of(document, 10, 20)
    assert part.text == TEXT[10:20]
    assert part.pieces == (Piece(start=0, end=6, passage=1), Piece(start=6, end=10, passage=2))
    alone = writing_out.part_of(document, 34, len(TEXT))
    assert (alone.pieces, alone.passages) == ((), ())
    assert alone.text.endswith("😀")


def test_nothing_is_overwritten(document, tmp_path):
    names = {exported(document, tmp_path, ".md") for _ in range(2)}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("ext", "text", "why"), [(".pdf", "x", "saved as"), (".md", " ", "no text")]
)
def test_what_cannot_be_exported(document, tmp_path, ext, text, why):
    with pytest.raises(UsageError, match=why):
        exported(document.model_copy(update={"text": text, "pieces": ()}), tmp_path, ext)


@pytest.mark.parametrize(
    ("title", "name"),
    [("A tale/..\\of: two", "A-tale-..-of-two"), ("", "result"), ("Größe 😀", "Größe")],
)
def test_titles_become_names(title, name):
    assert writing_out.title_name(title) == name


def test_another_process_writes_it(document, tmp_path):
    home = Home(tmp_path / "home")
    home.documents.mkdir(parents=True)
    (home.documents / f"{document.id}.json").write_bytes(document.to_bytes())
    body = {"document": document.id, "target": str(tmp_path), "ext": ".md", "span": [0, 16]}
    events = list(inline.run("files", "export_text", body, home))
    assert isinstance(events[-1], Done)
    written = documents.text_of(Path(events[-1].data["paths"][0]))
    assert written.strip() == "Once upon a time"
