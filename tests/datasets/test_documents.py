"""Texts, tables, music and sounds as datasets."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.core.paths import Home
from genstudio.datasets import browsing, check, documents, store
from genstudio.datasets.gather import Wishes
from genstudio.datasets.items import read as read_items
from tests.datasets.folders import add, facts, fill, said
from tests.media.test_music import LAUGHS, NOTES, SCORE, midi, track
from tests.media.test_sound import flac, wav


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def items(home: Home, name: str = "set") -> dict[str, float]:
    found = read_items(home.datasets / name / "items.jsonl")
    return {item.name or item.path: item.length for item in found}


def page(home: Home, **asked: object) -> dict:
    return facts(list(browsing.page(home.datasets / "set", browsing.Page(**asked))))  # type: ignore[arg-type]


@pytest.mark.parametrize("copy", [False, True])
def test_texts(home: Home, tmp_path: Path, copy: bool) -> None:
    source = fill(
        tmp_path / "texts",
        {
            "one.txt": "Es war  einmal\nein König".encode(),
            "two.md": b"# Title",
            "three.txt.xz": lzma.compress(b"far away " * 50),
            "copy.txt": b"# Title",
            "empty.txt": b"",
            "blank.txt": b" \n ",
            "binary.txt": b"\x00\x01",
            "broken.txt.xz": b"nothing",
            "picture.png": b"x",
        },
    )
    events = add(home, source, copy=copy)
    dataset = store.load(home, "set")
    assert (dataset.kind, dataset.facts.count, dataset.copied) == ("text", 3, copy)
    assert (dataset.facts.size, dataset.facts.channels) == (0, 0)
    assert items(home) == {"one.txt": 24, "copy.txt": 7, "three.txt.xz": 450}
    whys = {f.file: f.why for f in dataset.findings if f.level == "skipped"}
    assert whys == {
        "two.md": "duplicate",
        "empty.txt": "empty",
        "blank.txt": "empty",
        "binary.txt": "broken",
        "broken.txt.xz": "broken",
        "picture.png": "wrong type",
    }
    assert "picture.png: is not a text" in said(events)
    rows = {row["name"]: row for row in page(home)["rows"]}
    assert rows["one.txt"]["excerpt"] == "Es war einmal ein König"
    assert rows["three.txt.xz"]["excerpt"].startswith("far away far away")
    assert len(rows["three.txt.xz"]["excerpt"]) <= browsing.EXCERPT
    if not copy:
        (source / "one.txt").unlink()
        assert {r["name"]: r["excerpt"] for r in page(home)["rows"]}["one.txt"] == ""


def test_texts_are_no_pictures(home: Home, tmp_path: Path) -> None:
    add(home, fill(tmp_path / "texts", {"one.txt": b"words"}))
    with pytest.raises(UsageError, match="holds no pictures but text"):
        store.open_pixels(home.datasets / "set", 16, 3)


def table(count: int = 30) -> bytes:
    rows = [{"id": f"n{n}", "text": f"a long story {n}", "year": 1900 + n} for n in range(count)]
    rows += [{"id": "empty", "text": ""}, {"id": "none"}, {"id": "same", "text": "a long story 3"}]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.mark.parametrize("packed", [False, True])
def test_rows_of_a_table(home: Home, tmp_path: Path, packed: bool) -> None:
    name = "stories.jsonl.xz" if packed else "stories.jsonl"
    data = lzma.compress(table()) if packed else table()
    source = fill(tmp_path / "data", {name: data}) / name
    assert facts(list(check.report([source])))["columns"] == ["text", "id"]
    events = add(home, source, column="text")
    assert (facts(events)["count"], facts(events)["skipped"]) == (30, 3)
    dataset = store.load(home, "set")
    assert dataset.copied
    assert {entry.name for entry in dataset.files} == {"items.jsonl", "rows.jsonl"}
    source.unlink()
    found = page(home, count=100)["rows"]
    assert len(found) == 30
    for row in found:
        number = int(row["name"].rpartition(" ")[2]) - 1
        assert row["excerpt"] == f"a long story {number}"
        assert row["length"] == len(row["excerpt"])
    store.verify(home.datasets / "set")


def test_rows_of_json_are_never_read_with_their_brackets(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "data", {"a.jsonl": table()})
    told = facts(list(check.report([source])))
    assert told["column"] == "text"
    events = add(home, source)
    assert "texts are what stands in the column 'text'" in said(events)
    assert facts(events)["count"] == 30
    assert all(row["excerpt"].startswith("a long") for row in page(home, count=100)["rows"])


def test_other_files_beside_rows_of_json_stay_whole(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "data", {"a.jsonl": table(), "b.txt": b"some words"})
    assert facts(list(check.report([source])))["column"] == ""
    assert facts(add(home, source))["count"] == 2


def test_csv_and_files_without_the_column(home: Home, tmp_path: Path) -> None:
    source = fill(
        tmp_path / "data",
        {"a.csv": b"title;words\none;first text\ntwo;second text\n", "b.txt": b"plain"},
    )
    events = add(home, source, column="words")
    assert facts(events)["count"] == 2
    assert "b.txt: has no column words" in said(events)


def test_an_unknown_column_names_the_known(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "data", {"a.jsonl": table(3)})
    with pytest.raises(BadInput, match=r"no column 'price'.*text, id"):
        add(home, source, column="price")
    with pytest.raises(BadInput, match="no column"):
        list(check.report([source], Wishes(column="price")))
    assert not list(home.datasets.iterdir())


def test_broken_lines_of_a_table_are_skipped_and_the_others_stay(
    home: Home, tmp_path: Path
) -> None:
    data = b'{"text": "one"}\n{"text": "two"}\n{"text": \n{"text": "four"}\n[]\n'
    events = add(home, fill(tmp_path / "data", {"a.jsonl": data}), column="text")
    assert (facts(events)["count"], facts(events)["skipped"]) == (3, 2)
    assert "a.jsonl, line 3: is not valid JSON" in said(events)
    assert "a.jsonl, line 5: holds no fields" in said(events)


def test_too_much_text_is_refused(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MAX_ROWS_BYTES", 100)
    events = add(home, fill(tmp_path / "data", {"a.jsonl": table()}), column="text")
    assert "more text than can be read" in said(events)


def test_music(home: Home, tmp_path: Path) -> None:
    source = fill(
        tmp_path / "music",
        {
            "bach/one.mid": midi(track(*NOTES)),
            "song.musicxml": SCORE,
            "page.xml": b"<html/>",
            "laughs.xml": LAUGHS,
            "silent.mid": midi(track(b"\xff\x03\x04Void")),
        },
    )
    events = add(home, source)
    dataset = store.load(home, "set")
    assert (dataset.kind, dataset.facts.count, dataset.skipped) == ("music", 2, 3)
    assert items(home) == {"bach/one.mid": 2, "song.musicxml": 2}
    assert "declares entities" in said(events)
    assert {row["length"] for row in page(home)["rows"]} == {2.0}


def test_sounds_with_transcripts_in_class_folders(home: Home, tmp_path: Path) -> None:
    contents = {f"{w}/{n}.wav": wav(0.1 + n / 10 + k) for k, w in enumerate("ab") for n in range(3)}
    contents |= {"a/0.txt": b"hello there", "a/bad.wav": b"RIFF", "b/x.flac": flac()}
    add(home, fill(tmp_path / "sounds", contents))
    dataset = store.load(home, "set")
    assert (dataset.kind, dataset.facts.classes, dataset.skipped) == ("sound", ("a", "b"), 1)
    assert dataset.facts.captions
    assert items(home)["a/1.wav"] == 0.2
    assert items(home)["b/x.flac"] == 1.0
    found = {row["name"]: row for row in page(home)["rows"]}
    assert (found["a/0.wav"]["caption"], found["a/0.wav"]["class"]) == ("hello there", "a")


def test_a_single_file_of_each_kind(home: Home, tmp_path: Path) -> None:
    files = {"a.txt": b"x y z", "a.mid": midi(track(*NOTES)), "a.ogg.wav": wav()}
    source = fill(tmp_path / "data", files)
    kinds = {name: facts(list(check.report([source / name])))["kind"] for name in files}
    assert kinds == {"a.txt": "text", "a.mid": "music", "a.ogg.wav": "sound"}
