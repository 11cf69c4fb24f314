"""Templates on the shelf: those delivered, and the user's own over them."""

from __future__ import annotations

import pytest

from genstudio.core import paths
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.paths import Home
from genstudio.core.template import Template, plain_fields
from genstudio.studio.templates import TemplateShelf


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def shelf(home) -> TemplateShelf:
    return TemplateShelf(home, pytest.fail)


def own(name="Letter", text="Dear {who},"):
    return Template(name=name, text=text, fields=plain_fields(text))


def test_every_delivered_template_can_be_filled(shelf):
    found = shelf.list()
    assert "product-description" in [template.id for template in found]
    for template in found:
        examples = {field.name: field.default or field.example for field in template.fields}
        text = template.filled({name: value or "something" for name, value in examples.items()})
        assert "{" not in text
        assert template.help
        assert template.models
        assert template.settings({})["length"].isdigit()
        assert len(template.controls()) == len(template.fields)


def test_those_of_the_model_come_first(shelf):
    first = shelf.list("recipes-transformer")[0]
    assert first.id == "recipe"
    assert shelf.list()[0].id == "product-description"


def test_by_name_or_by_id(shelf):
    assert shelf.get(" Product  DESCRIPTION ") == shelf.get("product-description")
    with pytest.raises(NotFound, match="no template 'x'") as caught:
        shelf.get("x")
    assert "recipe" in caught.value.problem.next_step


def test_own_ones_are_kept_and_hide_delivered_ones(shelf, home):
    told = []
    stop = shelf.on_change(lambda: told.append(1))
    assert shelf.keep(own()) is None
    assert shelf.keep(own(text="Hi {who},")) == own()
    shelf.keep(own("recipe"))
    again = TemplateShelf(home)
    assert again.get("letter").text == "Hi {who},"
    assert again.get("recipe") == own("recipe")
    assert again.is_own("LETTER")
    assert len(told) == 3
    stop()
    assert again.remove("recipe") == own("recipe")
    assert again.get("recipe").models


def test_delivered_ones_stay(shelf):
    with pytest.raises(UsageError, match="stays"):
        shelf.remove("recipe")


def test_a_full_shelf_says_so(shelf, monkeypatch):
    monkeypatch.setattr("genstudio.studio.templates.MOST_TEMPLATES", 1)
    shelf.keep(own())
    shelf.keep(own(text="Hi {who}"))
    with pytest.raises(UsageError, match="at most"):
        shelf.keep(own("Another"))


def test_damaged_files_are_told_and_the_rest_is_there(home, tmp_path, monkeypatch):
    place = tmp_path / "templates"
    place.mkdir()
    (place / "a.json").write_text("{", encoding="utf-8")
    whole = (paths.resources() / "templates" / "recipe.json").read_bytes()
    (place / "b.json").write_bytes(whole)
    monkeypatch.setattr("genstudio.studio.templates.resources", lambda: tmp_path)
    home.root.mkdir()
    home.templates_file.write_text("[]", encoding="utf-8")
    told = []
    shelf = TemplateShelf(home, told.append)
    assert [template.id for template in shelf.list()] == ["recipe"]
    assert len(told) == 2
