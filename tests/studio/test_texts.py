"""Texts on the shelves: found by their words, exported with their label, saved after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.artifact import Provenance
from genstudio.core.errors import UsageError
from genstudio.core.events import Result
from genstudio.core.paths import Home
from genstudio.media import documents
from genstudio.studio import exporting, importing, recovery
from genstudio.studio.gallery import Gallery
from tests.helpers.results import result

STORY = "Der alte Leuchtturm stand im Nebel. 燈塔 😀\n\nNiemand kam."


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "名前")


@pytest.fixture
def gallery(home):
    gallery = Gallery(home)
    yield gallery
    gallery.close()


def text(home: Home, words: str = STORY, beside: bool = False, **facts) -> Result:
    """A text in the spool as the worker leaves it."""
    made = result(home, content=words.encode(), suffix=".txt", output="text", **facts)
    if beside:
        record = Provenance.model_validate(made.data["provenance"])
        content = documents.sidecar(words.encode(), [record])
        files.write_passing(documents.sidecar_of(Path(made.path)), content)
    return made


def test_a_text_is_found_by_its_words(gallery, home):
    artifact = gallery.add(text(home))
    other = gallery.add(text(home, "Something else"))
    for asked in ("leuchtturm", "燈塔", '"im Nebel"', "nieman"):
        assert [one.id for one in gallery.list(asked)] == [artifact.id], asked
    gallery.star(artifact.id)
    assert gallery.count("leuchtturm") == 1
    gallery.trash([artifact.id])
    assert [one.id for one in gallery.list("leuchtturm", trashed=True)] == [artifact.id]
    assert gallery.rebuild() == 2
    assert [one.id for one in gallery.list("something")] == [other.id]


def test_the_words_of_a_text(gallery, home):
    artifact = gallery.add(text(home))
    assert gallery.said(artifact) == STORY
    assert gallery.said(artifact, 8) == "Der alte"
    assert gallery.thumbnail(artifact, 64) is None
    gallery.path(artifact).unlink()
    assert gallery.said(artifact) == ""
    assert gallery.said(gallery.add(result(home))) == ""


@pytest.mark.parametrize("ext", exporting.TEXTS)
def test_exports_hold_the_words_and_where_they_come_from(gallery, home, tmp_path, ext):
    artifact = gallery.add(text(home, seed=9))
    events = list(exporting.export(gallery, [artifact.id], tmp_path / "out", ext))
    path = Path(events[-1].data["paths"][0])
    assert documents.text_of(path).split() == STORY.split()
    found = documents.read(path)
    assert found.provenance is not None
    assert found.provenance.request.seed == 9
    assert found.source_type == "trained"


def test_levels_of_an_export(gallery, home, tmp_path):
    artifact = gallery.add(text(home))
    list(exporting.export(gallery, [artifact.id], tmp_path / "a.txt", level="label"))
    assert documents.read(tmp_path / "a.txt").level == "label"
    list(exporting.export(gallery, [artifact.id], tmp_path / "b.txt", level="bare"))
    assert not documents.sidecar_of(tmp_path / "b.txt").exists()
    with pytest.raises(UsageError, match=r"\.docx"):
        list(exporting.export(gallery, [artifact.id], tmp_path / "out", ".png"))


def test_results_leave_the_spool_with_what_speaks_for_them(home, tmp_path):
    made = Path(text(home, beside=True).path)
    first = exporting.place_result(made, tmp_path / "a.txt")
    second = exporting.place_result(made, tmp_path / "a.txt")
    assert [path.name for path in (first, second)] == ["a.txt", "a-1.txt"]
    assert documents.read(second).provenance is not None
    alone = exporting.place_result(Path(text(home).path), tmp_path / "b.txt")
    assert not documents.sidecar_of(alone).exists()


def test_a_dropped_text_tells_where_it_comes_from(gallery, home, tmp_path):
    artifact = gallery.add(text(home))
    list(exporting.export(gallery, [artifact.id], tmp_path / "a.docx"))
    found = importing.describe_file(tmp_path / "a.docx")
    assert found.kind == "ours"
    assert "written here" in found.sentence
    assert found.provenance is not None
    list(exporting.export(gallery, [artifact.id], tmp_path / "b.md", level="label"))
    labelled = importing.describe_file(tmp_path / "b.md")
    assert (labelled.kind, labelled.provenance) == ("dataset", None)
    assert "machine" in labelled.sentence
    plain = tmp_path / "mine.txt"
    plain.write_text("abc")
    assert "dataset" in importing.describe_file(plain).sentence


def test_a_file_of_ours_that_somebody_put_there_is_taken_in(gallery, home, tmp_path):
    artifact = gallery.add(text(home))
    list(exporting.export(gallery, [artifact.id], tmp_path / "a.md"))
    day = home.gallery / artifact.file.split("/")[0]
    (day / "found.md").write_bytes((tmp_path / "a.md").read_bytes())
    gallery.refresh(everything=True)
    assert gallery.said(gallery.get("found")) == STORY
    assert gallery.get("found").width == 0


def test_texts_that_had_not_reached_the_gallery_are_taken_in(gallery, home):
    whole, half = text(home, beside=True), text(home, "cut off", beside=True)
    files.write_passing(Path(half.path), b"cut")
    text(home, "nobody speaks for this")
    assert recovery.take_in_spool(home, gallery) == 1
    (artifact,) = gallery.list()
    assert gallery.said(artifact) == STORY
    assert not Path(whole.path).exists()
