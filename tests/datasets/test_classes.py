"""Classes and splits from folders and lists."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from genstudio.core.errors import BadInput
from genstudio.datasets import classes
from genstudio.datasets.items import Item
from tests.datasets.folders import MemorySource


def _sorted(
    names: list[str], lists: Mapping[str, str] | None = None, given: tuple[str, ...] = ()
) -> classes.Sorted:
    items = [Item(name, f"{n:064x}", 20, 20, 3) for n, name in enumerate(names)]
    contents = {name: b"" for name in names}
    contents |= {name: text.encode() for name, text in (lists or {}).items()}
    return classes.sort(items, MemorySource(contents), given)


def _labels(found: classes.Sorted) -> list[int]:
    return [item.label for item in found.items]


def test_flat_folder_has_no_classes() -> None:
    found = _sorted(["a.png", "b.png"])
    assert found.classes == ()
    assert _labels(found) == [-1, -1]


def test_one_folder_is_not_a_class() -> None:
    assert _sorted(["x/a.png", "x/b.png"]).classes == ()


def test_class_folders_below_common_ones() -> None:
    found = _sorted(["set/raw/dog/1.png", "set/raw/cat/1.png", "set/raw/cat/deep/2.png"])
    assert found.classes == ("cat", "dog")
    assert _labels(found) == [1, 0, 0]


def test_natural_order() -> None:
    names = [f"{n}/{m}.png" for n in (10, 9, 2, 1) for m in range(3)]
    assert _sorted(names).classes == ("1", "2", "9", "10")
    words = [f"{n}/{m}.png" for n in ("b", "A", "a2", "a10") for m in range(3)]
    assert _sorted(words).classes == ("A", "a2", "a10", "b")


def test_pictures_above_the_folders_mean_no_classes() -> None:
    assert _sorted(["a/1.png", "b/1.png", "top.png"]).classes == ()


def test_a_folder_for_each_picture_is_no_class() -> None:
    found = _sorted([f"{n}/only.png" for n in range(30)])
    assert found.classes == ()
    assert "too many to be classes" in found.notes[0]


@pytest.mark.parametrize("test", ["test", "Testing", "t10k"])
def test_train_and_test_folders(test: str) -> None:
    found = _sorted(["train/a/1.png", "train/b/1.png", f"{test}/a/2.png", f"{test}/b/3.png"])
    assert found.classes == ("a", "b")
    assert [item.test for item in found.items] == [False, False, True, True]
    assert _labels(found) == [0, 1, 0, 1]


def test_validation_folder_joins_training() -> None:
    found = _sorted(["train/1.png", "val/2.png", "test/3.png"])
    assert [item.test for item in found.items] == [False, False, True]
    assert "validation folder joins" in found.notes[0]
    assert found.classes == ()


def test_train_beside_other_folders_is_a_class_like_any() -> None:
    found = _sorted(["train/1.png", "train/2.png", "bus/1.png", "bus/2.png"])
    assert found.classes == ("bus", "train")
    assert not any(item.test for item in found.items)


def test_test_without_train_is_a_class_like_any() -> None:
    assert not any(item.test for item in _sorted(["test/1.png", "other/2.png"]).items)


def test_numbered_folders_take_names_from_a_list() -> None:
    names = [f"{n}/{m}.png" for n in range(3) for m in range(2)]
    assert _sorted(names, {"classes.txt": "zero\none\ntwo\n"}).classes == ("zero", "one", "two")
    assert _sorted(names, given=("a", "b", "c")).classes == ("a", "b", "c")
    assert _sorted(names, {"classes.txt": "zero\none"}).classes == ("0", "1", "2")


def test_named_folders_keep_their_names() -> None:
    names = ["cat/1.png", "dog/1.png"]
    assert _sorted(names, {"classes.txt": "x\ny"}).classes == ("cat", "dog")


@pytest.mark.parametrize("mark", [",", ";", "\t", ", "])
def test_label_list(mark: str) -> None:
    text = f"\ufefffile{mark}label\na.png{mark}red\nsub/b.png{mark}blue\n\nc.png{mark}\n"
    name = "labels.tsv" if mark == "\t" else "labels.csv"
    found = _sorted(["a.png", "sub/b.png", "c.png", "d.png"], {name: text})
    assert found.classes == ("blue", "red")
    assert _labels(found) == [1, 0, -1, -1]
    assert "label list" in found.notes[0]


def test_label_list_by_file_name_alone() -> None:
    found = _sorted(["in/a.png", "in/b.png"], {"labels.csv": "a.png,x\nb.png,y"})
    assert found.classes == ("x", "y")


@pytest.mark.parametrize(
    "text", ["", "\n\n", "only one line", "a.png,same\nb.png,same", "\x00\xff"]
)
def test_useless_lists_are_ignored(text: str) -> None:
    assert _sorted(["x/a.png", "y/b.png"], {"labels.csv": text}).classes == ("x", "y")


def test_names_for_numbers() -> None:
    source = MemorySource({"classes.txt": b"eins\nzwei"})
    assert classes.given_names(source, (), 2) == ("eins", "zwei")
    assert classes.given_names(source, ("a", "b", "c"), 2) == ("a", "b", "c")
    assert classes.given_names(MemorySource({}), (), 3) == ("0", "1", "2")
    with pytest.raises(BadInput, match="2 class names were given, but the data have 3 classes"):
        classes.given_names(source, (), 3)


def test_class_lists_that_are_too_long_or_unreadable_are_ignored() -> None:
    long = "\n".join(map(str, range(classes.MAX_CLASSES + 1)))
    assert classes.given_names(MemorySource({"classes.txt": long.encode()}), (), 1) == ("0",)

    class Broken(MemorySource):
        def read(self, name: str) -> bytes:
            raise BadInput("broken")

    assert classes.given_names(Broken({"classes.txt": b"a\nb"}), (), 1) == ("0",)


def test_names_that_are_no_text_become_printable() -> None:
    found = _sorted(["b\udce4d/1.png", "b\udce4d/2.png", "good/1.png", "good/2.png"])
    assert all(name.encode() for name in found.classes)
    assert len(found.classes) == 2
