"""Captions beside files, in lists of several forms, and for arrays."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.paths import Home
from genstudio.datasets import captions, contents, store
from genstudio.datasets.items import read as read_items
from tests.datasets.folders import MemorySource, add, facts, fill, npz, png, said


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def lines(*rows: dict) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def found(home: Home) -> dict[str, str]:
    items = read_items(home.datasets / "set" / "items.jsonl")
    return {item.name or item.path: item.caption for item in items}


def test_a_text_beside_each_picture(home: Home, tmp_path: Path) -> None:
    files = {f"{n}.png": png(n) for n in range(4)}
    texts = {
        "0.txt": b"  a red\tball \n\na ball that is red\n",
        "1.png.txt": "zwölf Bälle".encode("cp1252"),
        "2.txt": b"\x00\x01 no text",
    }
    events = add(home, fill(tmp_path / "data", files | texts))
    assert facts(events)["captions"] is True
    assert facts(events)["skipped"] == 0
    assert found(home) == {"0.png": "a red ball", "1.png": "zwölf Bälle", "2.png": "", "3.png": ""}
    first = next(i for i in read_items(home.datasets / "set" / "items.jsonl") if i.path == "0.png")
    assert first.others == ("a ball that is red",)
    assert "2 of 4 have a caption" in said(events)


PLAIN = lines({"file": "1.png", "caption": "one"}, {"file": "2.png", "caption": "two"})
WITH_PATHS = lines({"file_name": "a/1.png", "text": "one"}, {"file": "b/2.png", "prompt": "two"})
WITH_LISTS = lines(
    {"path": "./a/1.png", "caption": ["one", "uno"]}, {"image": "2.png", "caption": "two"}
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("captions.jsonl", WITH_PATHS),
        ("metadata.jsonl", WITH_LISTS),
        ("captions.jsonl.xz", lzma.compress(PLAIN)),
        ("captions.csv", b"file_name,caption\na/1.png,one\nb/2.png,two\n"),
        ("metadata.csv.gz", gzip.compress(b"File;Text\na\\1.png;one\nb\\2.png;two\n")),
        ("captions.tsv", b"image\tdescription\n1.png\tone\n2.png\ttwo\n"),
    ],
)
def test_lists(home: Home, tmp_path: Path, name: str, data: bytes) -> None:
    contents = {"a/1.png": png(1), "b/2.png": png(2), name: data}
    events = add(home, fill(tmp_path / "data", contents))
    assert facts(events)["skipped"] == 0
    assert found(home) == {"a/1.png": "one", "b/2.png": "two"}


def test_lists_in_folders_name_files_beside_them(home: Home, tmp_path: Path) -> None:
    contents = {
        "x/1.png": png(1),
        "y/1.png": png(2),
        "x/metadata.jsonl": lines({"file_name": "1.png", "text": "of x"}),
        "y/metadata.jsonl": lines({"file_name": "1.png", "text": "of y"}),
    }
    add(home, fill(tmp_path / "data", contents))
    assert found(home) == {"x/1.png": "of x", "y/1.png": "of y"}


def test_a_broken_list_is_said_and_the_pictures_stay(home: Home, tmp_path: Path) -> None:
    contents = {"1.png": png(1), "captions.jsonl": b'{"file": "1.png", "caption": "one"}\n{oops'}
    events = add(home, fill(tmp_path / "data", contents))
    assert facts(events)["count"] == 1
    assert "line 2 is not valid JSON" in said(events)


def test_broken_lines_leave_the_captions_after_them() -> None:
    whole = lines(*({"caption": f"number {n}"} for n in range(4))).splitlines(keepends=True)
    data = b"".join([whole[0], b"{oops\n", whole[2], b"[1]\n", whole[3]])
    words, notes = captions.for_rows(MemorySource({"captions.jsonl": data}), 5)
    assert words == ["number 0", "", "number 2", "", "number 3"]
    told = "captions.jsonl: line 2 is not valid JSON and 1 more like it; the other lines were read"
    assert told in notes


def test_short_columns_make_a_caption() -> None:
    rows = lines({"i": 0, "head": "fox", "hat": "red"}, {"i": 1, "head": "owl", "hat": ""})
    words, notes = captions.for_rows(MemorySource({"captions.jsonl": rows}), 2)
    assert words == ["head fox, hat red", "head owl"]
    assert notes == ["2 of 2 have a caption"]
    long = lines({"head": "fox", "about": "x" * 100})
    assert captions.for_rows(MemorySource({"captions.jsonl": long}), 1) == ([""], [])


def test_rows_follow_their_numbers_and_must_be_all() -> None:
    rows = lines({"index": 1, "text": "second"}, {"index": 0, "text": "first"})
    source = MemorySource({"captions.jsonl": rows})
    assert captions.for_rows(source, 2)[0] == ["first", "second"]
    words, notes = captions.for_rows(source, 3)
    assert words == []
    assert notes == ["captions were not taken: 2 lines for 3 pictures"]
    assert captions.for_rows(MemorySource({}), 2) == ([], [])


def test_captions_are_one_clean_line() -> None:
    assert captions.clean("  a\x07 b\n\tc\u200b ") == "a b c"
    assert len(captions.clean("x" * 9999)) == captions.MAX_CAPTION


def test_arrays_with_captions(home: Home, tmp_path: Path) -> None:
    images = np.random.default_rng(3).integers(0, 256, (30, 20, 20, 3), np.uint8)
    rows = lines(*({"i": n, "caption": f"number {n}"} for n in range(30)))
    source = fill(tmp_path / "data", {"set.npz": npz(x=images), "captions.jsonl": rows})
    assert facts(add(home, source))["captions"] is True
    folder = home.datasets / "set"
    rows_of = contents.load(folder, store.open_dataset(folder))
    pixels = store.open_pixels(folder, 20, 3)
    for picture, row in zip(pixels.images, pixels.rows, strict=True):
        number = int(rows_of.captions[row].removeprefix("number "))
        np.testing.assert_array_equal(picture, images[number])


def test_captions_change_the_hash_and_not_the_content(home: Home, tmp_path: Path) -> None:
    plain = fill(tmp_path / "one", {"1.png": png(1), "2.png": png(2)})
    told = fill(tmp_path / "two", {"1.png": png(1), "2.png": png(2), "1.txt": b"words"})
    add(home, plain, "one")
    add(home, told, "two")
    one, two = store.load(home, "one"), store.load(home, "two")
    assert one.sha256 != two.sha256
    assert one.content == two.content


def test_a_list_that_names_classes(home: Home, tmp_path: Path) -> None:
    rows = lines(*({"file_name": f"{n}.png", "label": "ab"[n % 2]} for n in range(6)))
    events = add(
        home,
        fill(tmp_path / "data", {f"{n}.png": png(n) for n in range(6)} | {"metadata.jsonl": rows}),
    )
    assert facts(events)["classes"] == ["a", "b"]
    assert "classes come from the list of captions" in said(events)
    items = read_items(home.datasets / "set" / "items.jsonl")
    assert all(item.label == int(item.path[0]) % 2 for item in items)


def test_folders_count_before_lists(home: Home, tmp_path: Path) -> None:
    rows = lines(*({"file_name": f"{n}.png", "class": f"k{n}"} for n in range(4)))
    contents = {f"{'xy'[n % 2]}/{n}.png": png(n) for n in range(4)} | {"captions.jsonl": rows}
    assert facts(add(home, fill(tmp_path / "data", contents)))["classes"] == ["x", "y"]


@pytest.mark.parametrize("near", ["note", "skip"])
def test_arrays_whose_list_names_classes(home: Home, tmp_path: Path, near: str) -> None:
    images = np.random.default_rng(3).integers(0, 256, (30, 20, 20, 3), np.uint8)
    images[29] = images[28] // 2
    rows = lines(*({"i": n, "category": "ab"[n % 2], "caption": f"{n}"} for n in range(30)))
    source = fill(tmp_path / "data", {"set.npz": npz(x=images), "captions.jsonl": rows})
    found = facts(add(home, source, near=near))
    assert found["classes"] == ["a", "b"]
    folder = home.datasets / "set"
    rows_of = contents.load(folder, store.open_dataset(folder))
    assert all(rows_of.labels[n] == int(rows_of.captions[n]) % 2 for n in range(len(rows_of)))


def test_lists_with_gaps_or_too_many_classes_name_none() -> None:
    gaps = lines({"i": 0, "class": "a"}, {"i": 1}, {"i": 2, "class": "b"}, {"i": 3, "class": "b"})
    assert captions.classes_for_rows(MemorySource({"captions.jsonl": gaps}), 4) == (None, ())
    many = lines(*({"i": n, "class": f"k{n}"} for n in range(4)))
    assert captions.classes_for_rows(MemorySource({"captions.jsonl": many}), 4) == (None, ())
