"""Word lists: those of the program, those of the user, and broken ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.paths import Home
from genstudio.evaluation import word_lists
from genstudio.evaluation.word_lists import BIAS, SENTIMENT
from genstudio.studio import word_lists as shelf


def test_the_lists_of_the_program_are_whole() -> None:
    lists = word_lists.read()
    assert not lists.own
    assert len(lists.bias.groups) >= 3
    assert all(len(group.pairs) >= 5 for group in lists.bias.groups)
    assert not set(lists.bias.good) & set(lists.bias.bad)


def test_lists_in_the_data_folder_take_their_place(tmp_path: Path) -> None:
    home = Home(tmp_path)
    folder = shelf.editable(home)
    assert sorted(path.name for path in folder.iterdir()) == [BIAS, SENTIMENT]
    assert word_lists.read(tmp_path).sha256 == word_lists.read().sha256
    value = json.loads((folder / BIAS).read_text("utf-8"))
    value["good"] = ["splendid", "fine"]
    (folder / BIAS).write_text(json.dumps(value), "utf-8")
    shelf.editable(home)  # keeps what was edited
    lists = word_lists.read(tmp_path)
    assert lists.own
    assert lists.bias.good == ("splendid", "fine")
    assert lists.sha256 != word_lists.read().sha256


def test_without_a_folder_of_lists_those_of_the_program_are_read(tmp_path: Path) -> None:
    assert word_lists.read(tmp_path) == word_lists.read()


def bias_with(**changes: object) -> dict[str, object]:
    value = json.loads((word_lists.resources() / "words" / BIAS).read_text("utf-8"))
    return {**value, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"groups": []},
        {"groups": [{"one": "a", "other": "b", "pairs": [["x", "y"]]}]},
        {"statements": ["The man was {what}"]},
        {"statements": ["The {who} was {what} indeed"]},
        {"statements": []},
        {"openings": ["The {who} and the {who}"]},
        {"openings": ["The {who} was {what}"]},
        {"good": ["x" * 61, "y"]},
        {"unknown": 1},
        {"format": 99},
    ],
)
def test_broken_lists_are_refused_by_name(tmp_path: Path, changes: dict[str, object]) -> None:
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / BIAS).write_text(json.dumps(bias_with(**changes)), "utf-8")
    with pytest.raises(BadInput, match=r"bias\.json"):
        word_lists.read(tmp_path)


def test_a_folder_in_the_place_of_a_list(tmp_path: Path) -> None:
    (tmp_path / "words" / SENTIMENT).mkdir(parents=True)
    with pytest.raises(GenStudioError, match="is a folder"):
        word_lists.read(tmp_path)
