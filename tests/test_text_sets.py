"""setup/text_sets.py over tiny copies of the prepared sets: names, classes, fields, no leaks."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from tests.helpers.scripts import script


@pytest.fixture(scope="module")
def sets():
    with script("text_sets") as module:
        yield module


def pack(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


def table(path: Path, *rows: dict) -> None:
    pack(path, "".join(json.dumps(row) + "\n" for row in rows))


def made(sets, name: str, data: Path, out: Path) -> dict[str, str]:
    sets.main([name, str(data), str(out)])
    return {
        str(path.relative_to(out)): path.read_text(encoding="utf-8")
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def texts(found: dict[str, str]) -> list[str]:
    return [json.loads(line)["text"] for line in found["texts.jsonl"].splitlines()]


def test_stories_are_named_by_their_works_and_lie_in_a_folder_for_each_kind(sets, tmp_path):
    works = {"tales": ["Fox.", "One.", "Two."], "fantastic": ["Time."], "novels": ["Emma: yes?"]}
    named = {
        "tales": ["Aesop/Fables.md", "Grimm/household-tales"],
        "fantastic": ["H.G. Wells/The Time Machine.md"],
        "novels": ['Jane "A" Austen/Emma?.md'],
    }
    for kind, parts in works.items():
        pack(tmp_path / f"text-{kind}" / f"{kind}.txt.xz", f"\n{sets.BREAK}".join(parts))
        sources = tmp_path / f"text-{kind}" / "sources.json"
        sources.write_text(json.dumps([{"file": name} for name in named[kind]]))
    assert made(sets, "stories", tmp_path, tmp_path / "out") == {
        "fantastic/H.G. Wells - The Time Machine.txt": "Time.\n",
        "novels/Jane A Austen - Emma.txt": "Emma: yes?\n",
        "tales/Aesop - Fables.txt": "Fox.\n",
        "tales/Grimm - household-tales 1.txt": "One.\n",
        "tales/Grimm - household-tales 2.txt": "Two.\n",
    }


def test_fields_of_a_product_stand_before_its_description(sets, tmp_path):
    row = {
        "name": "Nimbus Mat", "product": "mat", "category": "sports", "material": "foam",
        "features": ["lines", "a strap"], "tone": "friendly", "description": "Meet it.",
    }  # fmt: skip
    table(tmp_path / "text-product-descriptions" / "products.jsonl.xz", row)
    assert texts(made(sets, "products", tmp_path, tmp_path / "out")) == [
        "Product: Nimbus Mat\nCategory: sports\nMaterial: foam\nFeatures: lines; a strap\n"
        "Tone: friendly\nDescription: Meet it."
    ]


def test_a_recipe_begins_with_its_title_and_tags(sets, tmp_path):
    row = {"title": "'Soup'", "tags": ["quick", "warm"], "author": "x", "text": "Boil it.\n"}
    table(tmp_path / "text-recipes" / "recipes.jsonl.xz", row)
    found = texts(made(sets, "recipes", tmp_path, tmp_path / "out"))
    assert found == ["# Soup\nTags: quick, warm\n\nBoil it."]


def test_functions_follow_the_file_they_are_of(sets, tmp_path):
    folder = tmp_path / "text-python-code"
    code = f"# file: a/one.py\nx = 1\n{sets.BREAK}\n# file: b/two.py\ny = 2\n"
    pack(folder / "python.txt.xz", code)
    row = {"name": "f", "doc": "Adds\n two.", "code": "def f():\n    pass", "src": "b/two.py"}
    table(folder / "functions.jsonl.xz", row)
    assert texts(made(sets, "python", tmp_path, tmp_path / "out")) == [
        "x = 1",
        "y = 2\n\n\n# Task: Adds two.\ndef f():\n    pass",
    ]


def test_shakespeare_stays_as_it_is(sets, tmp_path):
    pack(tmp_path / "text-shakespeare" / "tinyshakespeare.txt.xz", "To be\n\nor not")
    found = made(sets, "shakespeare", tmp_path, tmp_path / "out")
    assert found == {"shakespeare.txt": "To be\n\nor not"}
