"""What sort of data a drop is, by its names."""

from __future__ import annotations

import pytest

from genstudio.datasets.kinds import is_aside, sort_out
from tests.datasets.folders import MemorySource

MANY = [f"{n}.png" for n in range(5)]


def sorted_out(*names: str, **sizes: int):
    contents = {name: b"x" * sizes.get(name.partition(".")[0], 1) for name in names}
    return sort_out(MemorySource(contents))


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ((*MANY, "a.mid", "b.wav", "c.txt"), "image"),
        (("a.mid", "b.midi", "c.musicxml", "d.mxl", "e.xml", "x.png"), "music"),
        (("a.wav", "b.flac", "c.ogg", "cover.jpg"), "sound"),
        (("a.txt", "b.md", "c.csv", "d.jsonl.xz", "x.png"), "text"),
        (("a.png", "b.txt"), "image"),
        (("noending", "other"), "image"),
        ((), "image"),
    ],
)
def test_most_files_decide(names: tuple[str, ...], kind: str) -> None:
    assert sorted_out(*names).kind == kind


def test_the_rest_are_strays_or_asides() -> None:
    found = sorted_out(*MANY, "film.mov", "README.md", "LICENSE", "0.txt", "1.png.txt", "song.mid")
    assert found.wanted == MANY
    assert found.strays == ["film.mov", "song.mid"]
    assert found.asides == ["0.txt", "1.png.txt", "LICENSE", "README.md"]


def test_texts_beside_other_files_are_their_captions() -> None:
    found = sorted_out("a.wav", "a.txt", "b.txt", "c.txt", "d.txt")
    assert found.kind == "text"
    assert found.wanted == ["b.txt", "c.txt", "d.txt"]
    found = sorted_out("a.wav", "a.txt", "b.wav", "b.txt")
    assert (found.kind, found.strays) == ("sound", [])


def test_annotations_beside_pictures_are_no_music() -> None:
    found = sorted_out("1.jpg", "1.xml", "2.jpg", "2.xml", "2.json", "3.jpg", "3.xml")
    assert (found.kind, found.strays) == ("image", [])
    assert sorted_out("1.xml", "2.xml", "cover.jpg").kind == "music"


def test_arrays_win_where_they_hold_most() -> None:
    assert sorted_out("train.npz", "look.png", train=100, look=10).arrays
    found = sorted_out("features.npz", *MANY, features=3)
    assert not found.arrays
    assert found.strays == ["features.npz"]
    assert sorted_out("set.npz.xz").wanted == ["set.npz.xz"]
    assert sorted_out("t10k-images-idx3-ubyte.gz").arrays


def test_previews_beside_archives_show_the_set() -> None:
    packed = ["set.zip/1.png", "set.zip/preview.png", "preview.png"]
    found = sorted_out(*packed)
    assert found.wanted == ["set.zip/1.png", "set.zip/preview.png"]
    assert found.asides == ["preview.png"]
    assert sorted_out("preview.png", "1.png").wanted == ["1.png", "preview.png"]
    assert sorted_out("a.npz", "preview.png", a=99).asides == ["preview.png"]


ABOUT = (
    "README readme.txt Licence.md sub/classes.txt captions.jsonl.xz metadata.csv labels_train.csv"
)


@pytest.mark.parametrize("name", ABOUT.split(" "))
def test_words_about_the_data(name: str) -> None:
    assert is_aside(name)


@pytest.mark.parametrize("name", ["reading.txt", "sourcesofthenile.md", "a.png", "license.png"])
def test_words_that_are_data(name: str) -> None:
    assert not is_aside(name)
