"""Lists of prompts and folders of pictures, read and turned into series."""

from __future__ import annotations

import csv

import pytest

from genstudio.core.controls import ImageInput, Int, Text
from genstudio.core.errors import BadInput, NotFound, UsageError
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.studio import lists
from tests.helpers.fake_studio import MAKE, REDO, FakeModel

SAY = Task(
    name="say",
    title="Say",
    verb="Say",
    controls=(
        Text(name="remark", label="Remark"),
        Text(name="words", label="Prompt", role="prompt", max_length=30),
        Int(name="steps", label="Steps", default=4, low=1, high=9),
        Int(name="count", label="Pictures", default=2, low=1, high=9),
    ),
)
MODEL = FakeModel("shapes", "Shapes", (SAY, REDO, MAKE))
BASE = Request(model="shapes", task="say", seed=4, first=10, values={"count": 2, "steps": 4})


def test_where_a_list_goes():
    assert lists.prompt_control(SAY).name == "words"
    assert lists.prompt_control(MAKE) is None
    assert lists.picture_control(REDO).name == "image"
    assert lists.picture_control(SAY) is None
    plain = SAY.model_copy(update={"controls": SAY.controls[:1]})
    assert lists.prompt_control(plain).name == "remark"


@pytest.mark.parametrize(
    ("name", "data", "lines"),
    [
        ("a.txt", b"one\n\n# not this\n  two  \n", ["one", "two"]),
        ("a.txt", "\ufeffGr\u00fcn\r\nblau".encode(), ["Gr\u00fcn", "blau"]),
        ("a.txt", "gr\u00fcn".encode("cp1252"), ["gr\u00fcn"]),
        ("a.csv", b'a cat\n"one, two"\n\n', ["a cat", "one, two"]),
        ("a.tsv", b"a cat\n", ["a cat"]),
    ],
)
def test_files_of_prompts(tmp_path, name, data, lines):
    (tmp_path / name).write_bytes(data)
    assert [line["prompt"] for line in lists.read_file(tmp_path / name)] == lines


def test_a_table_with_settings_in_its_columns(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Prompt, Steps ,seed\ncat,3,7\n,5,1\ndog,,\n", encoding="utf-8")
    expected = [{"prompt": "cat", "steps": "3", "seed": "7"}, {"prompt": "dog"}]
    assert lists.read_file(path) == expected


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "holds no prompts"),
        (b"# only a remark", "holds no prompts"),
        (b"a\x00b", "no plain text"),
        (b"x\n" * 10_001, "at most 10,000"),
        (b"x" * (lists.MAX_BYTES + 1), "larger than 4 MB"),
    ],
)
def test_files_that_are_no_lists(tmp_path, data, words):
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(BadInput, match=words):
        lists.read_file(tmp_path / "a.txt")
    with pytest.raises(NotFound):
        lists.read_file(tmp_path / "b.txt")


def test_pictures_of_a_folder_in_the_order_people_count(tmp_path):
    for name in ("p10.png", "p2.JPG", "notes.txt", ".hidden.png"):
        (tmp_path / name).touch()
    (tmp_path / "deeper.png").mkdir()
    assert [path.name for path in lists.pictures_in(tmp_path)] == ["p2.JPG", "p10.png"]
    with pytest.raises(BadInput, match="no pictures in deeper"):
        lists.pictures_in(tmp_path / "deeper.png")
    with pytest.raises(NotFound):
        lists.pictures_in(tmp_path / "gone")


def test_each_line_is_an_item_with_noise_of_its_own():
    lines = [{"words": "a cat"}, {"words": "a dog", "steps": "9", "seed": "8", "count": "5"}]
    asked = lists.of_lines(MODEL, BASE, lines, "pets.txt")
    assert (asked.title, asked.count, asked.total) == ("Shapes: pets.txt", 2, 4)
    assert [item.name for item in asked.items] == ["1 a cat", "2 a dog"]
    first, second = asked.request(0), asked.request(1)
    assert (first.values["words"], first.first, first.seed) == ("a cat", 10, 4)
    assert (second.values["words"], second.first, second.seed) == ("a dog", 12, 8)
    assert (second.values["steps"], second.values["count"]) == (9, 2)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"words": "x" * 31}, "Line 1: .*at most 30"),
        ({"words": "x", "steps": "99"}, "Line 1: .*from 1 to 9"),
        ({"words": "x", "colour": "red"}, "Line 1: .*no setting 'colour'"),
        ({"words": "x", "seed": "green"}, "Line 1: .*a whole number"),
    ],
)
def test_a_line_that_does_not_fit_is_named(line, words):
    with pytest.raises(UsageError, match=words):
        lists.of_lines(MODEL, BASE, [line])


def test_nothing_to_do_is_a_sentence():
    with pytest.raises(UsageError, match="one a line"):
        lists.of_lines(MODEL, BASE, [])
    with pytest.raises(UsageError, match="takes no text"):
        lists.of_lines(MODEL, BASE.model_copy(update={"task": "make"}), [{"prompt": "x"}])
    with pytest.raises(UsageError, match="no pictures"):
        lists.of_pictures(MODEL, BASE, "image", [])


def test_each_picture_is_an_item_named_after_it(tmp_path):
    base = Request(model="shapes", task="redo", seed=4)
    pictures = [tmp_path / "cat.png", tmp_path / "dog.jpeg"]
    asked = lists.of_pictures(MODEL, base, "image", pictures, "pets")
    assert [item.name for item in asked.items] == ["cat", "dog"]
    assert asked.request(1).inputs == {"image": str(tmp_path / "dog.jpeg")}
    assert [asked.request(number).first for number in (0, 1)] == [0, 1]
    assert isinstance(lists.picture_control(REDO), ImageInput)


def test_a_field_without_an_end_is_no_table(tmp_path):
    """Other readers of tables keep their limits, too: they are the whole process's."""
    before = csv.field_size_limit()
    path = tmp_path / "prompts.csv"
    path.write_text('prompt,steps\n"' + "x" * 200_000, encoding="utf-8")
    with pytest.raises(BadInput, match="not a table"):
        lists.read_file(path)
    assert csv.field_size_limit() == before


def test_a_table_without_the_column_is_not_taken_for_prompts(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("foo,bar\n1,2\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no column called 'prompt'") as caught:
        lists.read_file(path)
    assert "foo, bar" in str(caught.value)
