"""Captions on their way into training: words, combinations held out, data without captions."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genstudio.core.dataset import DataFacts
from genstudio.core.errors import UsageError
from genstudio.core.events import Log
from genstudio.core.manifest import Manifest
from genstudio.core.paths import Home
from genstudio.datasets import editing, store
from genstudio.training import captions, sources
from genstudio.training.setup import prepare
from tests.helpers import shapes
from tests.training import toys
from tests.training.test_setup import finish


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A data folder with 24 captioned shapes and the same in class folders without captions."""
    root = tmp_path_factory.mktemp("said")
    home = Home(root / "home")
    shapes.write_captioned(root / "said", per_class=8)
    shapes.write(root / "sorted", per_class=8)
    for name in ("said", "sorted"):
        finish(sources.open_dataset(home, name, root))
    return home


def source(home: Home, name: str) -> sources.Source:
    return finish(sources.open_dataset(home, name, None))[1]


def parent(**config: Any) -> Manifest:
    """A model of which only the config counts."""
    return Manifest.model_construct(config=config)


# ---- words


def test_the_words_of_a_model_are_those_said_more_than_once(home: Home):
    found = captions.known_words(source(home, "said"), None)
    assert set(found) == {"a", "small", "large", "dim", "bright", "disc", "square", "cross"}
    assert found[0] == "a"


def test_a_parents_words_keep_their_places_and_new_ones_follow(home: Home):
    before = ["disc", "glasses", "a"]
    found = captions.known_words(source(home, "said"), parent(words=before))
    assert found[:3] == before
    assert sorted(found[3:]) == ["bright", "cross", "dim", "large", "small", "square"]


def test_names_stand_for_captions_where_there_are_none(home: Home):
    found = captions.known_words(
        source(home, "sorted"), parent(words=["disc"]), ["My shapes", "disc"]
    )
    assert found == ["disc", "my", "shapes"]
    assert captions.known_words(source(home, "said"), None, ["My shapes"])[0] == "a"


def test_excluded_pictures_teach_no_words(tmp_path: Path):
    home = Home(tmp_path / "home")
    shapes.write_captioned(tmp_path / "few", per_class=2)
    finish(sources.open_dataset(home, "few", tmp_path))
    folder = home.datasets / "few"
    items = store.contents.load(folder, store.open_dataset(folder)).items
    discs = [row for row, item in enumerate(items) if "disc" in item.caption]
    editing.change(folder, [{"row": row, "excluded": True} for row in discs], {})
    assert "disc" not in captions.known_words(source(home, "few"), None)


# ---- combinations held out


def test_held_out_combinations_are_neither_trained_on_nor_validated_with(home: Home):
    wanted = ("small + disc", "bright square")
    recipe = toys.recipe(holdout=0.2).model_copy(update={"data": "said", "hold_out": wanted})
    said, ready = finish(prepare(home, recipe, toys.part, None, "cpu"))
    whole = store.open_pixels(home.datasets / "said", 4, 1, "train", 0.2)
    seen = [one for pixels in (ready.data, ready.held) for (one,) in pixels.captions]
    assert not [one for one in seen if "small" in one and "disc" in one]
    assert not [one for one in seen if "bright square" in one]
    assert [one for one in seen if "dim square" in one]
    gone = len(whole) - len(ready.data.images)
    assert gone > 0
    texts = [event.text for event in said if isinstance(event, Log)]
    assert f"{gone:,} pictures of held-out combinations are not trained on." in texts
    assert len(ready.data.images) == len(ready.data.captions) == len(ready.data.rows)
    # Each picture is still with its own caption.
    place = {row: caption for row, caption in zip(whole.rows, whole.captions, strict=True)}
    assert all(place[row] == c for row, c in zip(ready.data.rows, ready.data.captions))


def test_data_without_captions_cannot_hold_combinations_out(home: Home):
    recipe = toys.recipe().model_copy(update={"data": "sorted", "hold_out": ("a + b",)})
    with pytest.raises(UsageError, match="hold_out names captions"):
        finish(prepare(home, recipe, toys.part, None, "cpu"))


# ---- going on from a model that knows words


def test_data_is_seen_as_its_parent_sees():
    none, both = DataFacts(count=9, size=28, channels=1), DataFacts(count=9, captions=True)
    found = sources.inherited(none, "My cats", parent(words=["a"]), reads=True)
    assert (found["captions"], found["one_caption"], found["classes"]) == (True, True, ())
    found = sources.inherited(both, "My cats", parent(words=["a"]), reads=True)
    assert (found["captions"], found["one_caption"]) == (True, False)
    found = sources.inherited(both, "My cats", parent(words=[], class_names=["a"]), reads=True)
    assert (found["captions"], found["classes"]) == (False, ("My cats",))
    # A family that reads captions alone is not kept from them.
    assert sources.inherited(both, "My cats", parent())["captions"] is True


def test_what_followed_the_data_stays_as_it_was_for_the_parent():
    recipe = toys.recipe().model_copy(
        update={"options": {"size": "auto", "condition": "auto", "augment": "auto", "fun": 3}}
    )
    before = parent(size=28, condition="text", augment="off", fun=4)
    found = sources.pinned(recipe, before, frozenset({"augment"})).options
    assert found == {"size": "28", "condition": "text", "augment": "auto", "fun": 3}


@pytest.mark.parametrize(("kept", "wanted"), [({}, "0"), ({"sketch": 24}, "24")])
def test_an_option_that_came_later_is_off_for_an_old_parent(kept, wanted):
    recipe = toys.recipe().model_copy(update={"options": {"sketch": "auto"}})
    found = sources.pinned(recipe, parent(size=28, **kept), later={"sketch": "0"}).options
    assert found == {"sketch": wanted}
    asked = toys.recipe().model_copy(update={"options": {"sketch": "32"}})
    assert sources.pinned(asked, parent(size=28), later={"sketch": "0"}).options == asked.options


def test_pictures_without_captions_are_called_by_their_class_or_all_alike(home: Home):
    folder = home.datasets / "sorted"
    sorted_ = store.open_pixels(folder, 4, 1, "train")
    found = captions.named(sorted_, "My shapes")
    assert {one for (one,) in found.captions} == set(shapes.CLASSES)
    names = [shapes.CLASSES[label] for label in sorted_.labels]
    assert [one for (one,) in found.captions] == names
    plain = captions.named(replace(sorted_, labels=None, class_names=()), "My shapes")
    assert plain.captions == (("My shapes",),) * len(sorted_)
    assert np.array_equal(plain.images, sorted_.images)
