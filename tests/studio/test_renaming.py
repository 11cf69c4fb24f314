"""Another title: the package stays whole, its id and weights stay, the card follows."""

from __future__ import annotations

import pytest

from genstudio.core.errors import NotFound, UsageError
from genstudio.core.manifest import CARD, WEIGHTS
from genstudio.core.paths import Home
from genstudio.studio.library import Library
from genstudio.workers import inline
from tests.helpers import packages


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "Ablage ö")


@pytest.fixture
def library(home, tmp_path) -> Library:
    made = Library(home, bundled=tmp_path / "bundled")
    made.install(packages.gan(tmp_path / "gan"))
    return made


@pytest.fixture
def model(library):
    return library.list()[0]


def test_the_title_changes_and_all_else_stays(library, model):
    before = {path.name: path.read_bytes() for path in model.folder.iterdir()}
    renamed = library.rename(model.id, "  My   boots ")
    assert renamed.title == "My boots"
    assert renamed.id == model.id
    assert library.get(model.id).title == "My boots"
    after = {path.name: path.read_bytes() for path in renamed.folder.iterdir()}
    assert set(after) == set(before)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"model.json", CARD}
    assert renamed.manifest.sha256 == model.manifest.sha256
    assert after[WEIGHTS] == before[WEIGHTS]


def test_the_cards_heading_follows_and_is_listed_rightly(library, model, home):
    (model.folder / CARD).write_text("# Old\n\nWords of the maker.\n", encoding="utf-8")
    entries = [e for e in model.manifest.files if e.name != CARD]
    size = (model.folder / CARD).stat().st_size
    card = {"name": CARD, "size": size, "sha256": "0" * 64}
    facts = {**model.manifest.model_dump(), "files": [*entries, card]}
    (model.folder / "model.json").write_bytes(type(model.manifest)(**facts).to_bytes())
    renamed = library.rename(model.id, "Stiefel ü")
    text = (renamed.folder / CARD).read_text(encoding="utf-8")
    assert text == "# Stiefel ü\n\nWords of the maker.\n"
    listed = next(e for e in renamed.manifest.files if e.name == CARD)
    assert listed.size == len(text.encode())


def test_a_renamed_package_still_passes_its_check(library, model, home):
    library.rename(model.id, "Mine")
    last = list(inline.run("generate", "verify", {"model": model.id}, home))[-1]
    assert last.data["ok"] is True


def test_listeners_hear_of_it(library, model):
    heard = []
    library.on_change(lambda: heard.append(True))
    library.rename(model.id, "Mine")
    assert heard == [True]


@pytest.mark.parametrize("title", ["", "   ", "x" * 121])
def test_titles_that_are_none(library, model, title):
    with pytest.raises(UsageError, match="1 to 120"):
        library.rename(model.id, title)
    assert library.get(model.id).title == model.title


def test_models_of_the_program_keep_theirs(home, tmp_path):
    packages.gan(tmp_path / "bundled" / "hand-gan")
    library = Library(home, bundled=tmp_path / "bundled")
    found = library.list()[0]
    with pytest.raises(UsageError, match="keeps its title"):
        library.rename(found.id, "Mine")
    with pytest.raises(NotFound):
        library.rename("nothing", "Mine")


def test_the_files_worker_does_it(library, model, home):
    body = {"model": model.id, "title": "Mine"}
    last = list(inline.run("files", "rename_model", body, home))[-1]
    assert last.data == {"model": model.id, "title": "Mine"}
    assert Library(home).get(model.id).title == "Mine"
