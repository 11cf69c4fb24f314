"""The files role: bodies of messages, and that all of it ends in events or in sentences."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from genstudio.core import document
from genstudio.core.errors import GenStudioError, NotFound, UsageError
from genstudio.core.events import ENDS, Done, Preview
from genstudio.core.job import Message
from genstudio.core.paths import Home
from genstudio.workers import files, inline
from tests.helpers import packages


def do(home: Home, work: str, **body):
    events = list(inline.run("files", work, body, home))
    assert isinstance(events[-1], Done)
    assert sum(isinstance(event, ENDS) for event in events) == 1
    return events[-1].data


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "名前")


def test_a_dataset_is_looked_at_added_and_removed(home, shapes_folder):
    found = do(home, "check_dataset", path=str(shapes_folder))
    assert not home.datasets.exists(), "a check writes nothing"
    added = do(home, "add_dataset", path=str(shapes_folder), name="toys", licence="CC0")
    assert added["count"] == found["count"] > 0
    assert (home.datasets / "toys" / "dataset.json").is_file()
    assert do(home, "remove_dataset", name="toys") == {"dataset": "toys"}
    assert not (home.datasets / "toys").exists()
    assert shapes_folder.is_dir(), "the user's own pictures stay"


def test_a_model_goes_out_and_comes_in(home, tmp_path):
    model = packages.gan(tmp_path / "gan")
    name = do(home, "import_model", path=str(model))["model"]
    target = tmp_path / "out.zip"
    assert do(home, "export_model", model=name, target=str(target))["path"] == str(target)
    other = Home(tmp_path / "other")
    assert do(other, "import_model", path=str(target))["model"] == name
    for file in (home.models / name).iterdir():
        assert (other.models / name / file.name).read_bytes() == file.read_bytes()
    with pytest.raises(GenStudioError):
        do(other, "import_model", path=str(target))
    assert do(other, "import_model", path=str(target), replace=True)["model"] == name


@pytest.mark.parametrize("work", ["add_dataset", "check_dataset", "import_model", "inspect"])
@pytest.mark.parametrize("body", [{}, {"path": ""}, {"path": None}])
def test_a_path_is_needed(home, work, body):
    with pytest.raises(UsageError, match="needs a path"):
        do(home, work, name="toys", **body)


@pytest.mark.parametrize("work", ["add_dataset", "check_dataset", "import_model", "inspect"])
def test_what_is_not_there_is_a_sentence_and_leaves_nothing(home, tmp_path, work):
    with pytest.raises(GenStudioError) as caught:
        do(home, work, path=str(tmp_path / "nowhere"), name="toys")
    assert "nowhere" in str(caught.value)
    for place in (home.datasets, home.models):
        assert not place.exists() or not list(place.iterdir())


def test_names_that_nobody_bears_are_sentences(home, tmp_path):
    with pytest.raises(GenStudioError, match="ghost"):
        do(home, "remove_dataset", name="ghost")
    with pytest.raises(NotFound, match="ghost"):
        do(home, "export_model", model="ghost", target=str(tmp_path / "x.zip"))
    assert not (tmp_path / "x.zip").exists()


def test_the_words_of_a_text_lie_in_the_spool(home, tmp_path, monkeypatch):
    path, spool = tmp_path / "a.txt", tmp_path / "spool"
    path.write_bytes("Once\r\nupon\ra 😀".encode())
    context = SimpleNamespace(spool=spool)
    message = Message(job="j1", work="words", body={"path": str(path)})
    (done,) = files.words(message, context)
    assert Path(done.data["path"]).read_text(encoding="utf-8") == "Once\nupon\na 😀"
    assert done.data["cut"] is False
    monkeypatch.setattr(document, "MAX_CHARACTERS", 4)
    (done,) = files.words(message, context)
    assert (Path(done.data["path"]).read_text(encoding="utf-8"), done.data["cut"]) == ("Once", True)


@pytest.mark.parametrize("value", [None, "a,b", 3, {"a": 1}, True])
def test_words_come_from_lists_only(value):
    assert files._words(value) == []
    assert files._words(["a", 1]) == ["a", "1"]


def previews_of(home: Home, work: str, **body) -> list[int]:
    events = inline.run("files", work, body, home)
    return [event.index for event in events if isinstance(event, Preview)]


def test_a_dataset_is_browsed_edited_and_taken_back(home, shapes_folder):
    do(home, "add_dataset", paths=[str(shapes_folder)], name="toys", fit="contain", consent="none")
    page = do(home, "browse", name="toys", first=2, count=5, side=32, which="train")
    assert [row["split"] for row in page["rows"]] == ["train"] * 5
    assert page["all_classes"] == ["cross", "disc", "square"]
    assert previews_of(home, "browse", name="toys", count=5, side=32) == list(range(5))
    row = page["rows"][0]["row"]
    edits = [{"row": row, "class": "star", "caption": "a star", "excluded": True}]
    done = do(home, "edit_dataset", name="toys", edits=edits, title="Toys")
    assert (done["title"], done["excluded"], done["fit"]) == ("Toys", 1, "contain")
    assert done["consent"] == "none"
    assert "star" in done["all_classes"]
    found = do(home, "browse", name="toys", which="excluded", side=0)
    assert found["rows"][0]["caption"] == "a star"
    back = do(home, "edit_dataset", **done["undo"])
    assert (back["title"], back["excluded"]) == ("toys", 0)
    assert "star" not in back["all_classes"]


def test_augmentation_is_previewed(home, shapes_folder):
    do(home, "add_dataset", path=str(shapes_folder), name="toys")
    body = {"name": "toys", "rows": [0, 3], "size": 28, "channels": 1, "count": 3, "seed": 5}
    shown = previews_of(home, "augment_preview", **body, settings={"flip": True, "shift": 0.1})
    assert shown == list(range(6))
    assert previews_of(home, "augment_preview", **body, policy="color,cutout") == shown
    with pytest.raises(UsageError, match="not known"):
        do(home, "augment_preview", **body, policy="magic")


def test_a_name_follows_from_the_path(home, shapes_folder):
    added = do(home, "add_dataset", path=str(shapes_folder))
    assert added["dataset"] == shapes_folder.name


@pytest.mark.parametrize(
    ("body", "words"),
    [({"near": "maybe"}, "note, skip"), ({"fit": "crop"}, "cover, contain, stretch")],
)
def test_choices_are_checked(home, shapes_folder, body, words):
    with pytest.raises(UsageError, match=words):
        do(home, "add_dataset", path=str(shapes_folder), name="toys", **body)
    assert not (home.datasets / "toys").exists()


@pytest.mark.parametrize("work", ["browse", "edit_dataset", "augment_preview"])
def test_works_on_datasets_that_nobody_has(home, work):
    with pytest.raises(NotFound, match="ghost"):
        do(home, work, name="ghost")


def test_odd_bodies_do_no_harm(home, shapes_folder):
    do(home, "add_dataset", path=str(shapes_folder), name="toys")
    page = do(home, "browse", name="toys", first="x", count=None, side=0, text=3)
    assert page["first"] == 0
    assert do(home, "edit_dataset", name="toys", edits="all", fit="cover")["excluded"] == 0
    assert do(home, "augment_preview", name="toys", rows=None, settings=3)["count"] == 0
