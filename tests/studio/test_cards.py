"""Cards as files: HTML with its pictures, Markdown without, the newest numbers on both."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from genstudio.core import evaluations
from genstudio.core.errors import BadInput, GenStudioError, NotFound
from genstudio.core.manifest import Score
from genstudio.core.paths import Home
from genstudio.studio import cards
from genstudio.studio.library import Library
from genstudio.workers import inline
from tests.helpers import packages

SHEET = b"data:image/png;base64,"


def png(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((4, 4), shade, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def model(home, tmp_path):
    Library(home, bundled=tmp_path / "none").install(packages.gan(tmp_path / "gan"))
    found = Library(home, bundled=tmp_path / "none").list()[0]
    found.preview.write_bytes(png(200))
    return found


@pytest.fixture
def measured(home, model):
    score = Score(metric="recall", value=0.4321, low=0.4, high=0.5, better="higher", samples=77)
    kept = evaluations.Evaluation(
        model=model.id, sha256=model.manifest.sha256, scores=(score,), data="toys"
    )
    evaluations.keep(home, model.manifest, kept, sheet=png(90))
    return model


def test_html_holds_all_it_needs(home, measured, tmp_path):
    path = cards.export(home, measured, tmp_path / "out" / "card.html")
    text = path.read_text(encoding="utf-8")
    assert measured.title in text
    assert "0.4321" in text
    assert text.count(SHEET.decode()) == 1, "the preview; no training pictures unless asked for"
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "<script" not in text


def test_nearest_training_pictures_only_where_asked_for(home, measured, tmp_path):
    path = cards.export(home, measured, tmp_path / "card.html", pairs=True)
    assert path.read_bytes().count(SHEET) == 2


def test_markdown_is_text(home, measured, tmp_path):
    path = cards.export(home, measured, tmp_path / "card.MD", pairs=True)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {measured.title}")
    assert "0.4321" in text
    assert "base64" not in text


def test_a_model_that_was_never_measured_has_a_card_too(home, model, tmp_path):
    assert model.title in cards.export(home, model, tmp_path / "a.html").read_text("utf-8")
    assert model.title in cards.export(home, model, tmp_path / "a.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["card.pdf", "card", "card.html.exe"])
def test_other_endings_are_refused(home, model, tmp_path, name):
    with pytest.raises(BadInput, match="HTML or Markdown"):
        cards.export(home, model, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_file_that_is_there_is_not_overwritten_unasked(home, model, tmp_path):
    path = tmp_path / "card.md"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(GenStudioError, match="there already"):
        cards.export(home, model, path)
    assert path.read_text(encoding="utf-8") == "mine"
    cards.export(home, model, path, replace=True)
    assert path.read_text(encoding="utf-8") != "mine"


def test_the_files_worker_writes_it(home, measured, tmp_path):
    target = tmp_path / "Karte ü.html"
    body = {"model": measured.id, "target": str(target), "pairs": True}
    last = list(inline.run("files", "export_card", body, home))[-1]
    assert last.data == {"path": str(target)}
    assert target.read_bytes().count(SHEET) == 2
    with pytest.raises(NotFound):
        list(inline.run("files", "export_card", {**body, "model": "gone"}, home))


def test_a_title_cannot_break_out_of_the_page(home, model, tmp_path):
    library = Library(home, bundled=tmp_path / "none")
    renamed = library.rename(model.id, "<script>alert(1)</script>")
    text = cards.export(home, renamed, tmp_path / "card.html").read_text("utf-8")
    assert "<script>alert" not in text
