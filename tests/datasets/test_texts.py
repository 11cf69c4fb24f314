"""Texts of a dataset as documents: what is read, what is held out."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.core.paths import Home
from genstudio.datasets import editing, store
from genstudio.datasets.parting import MANY
from genstudio.datasets.texts import Doc, lines, open_texts
from tests.datasets.folders import add, fill, png
from tests.media.test_rich_text import docx


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def texts_of(home: Home, *split: object):
    return open_texts(home.datasets / "set", *split)  # type: ignore[arg-type]


def made(home: Home, tmp_path: Path, files: dict[str, bytes], **more: object):
    add(home, fill(tmp_path / "texts", files), **more)  # type: ignore[arg-type]
    return home.datasets / "set"


def test_of_few_texts_the_end_of_each_is_held_out(home: Home, tmp_path: Path) -> None:
    made(home, tmp_path, {"one.txt": b"0123456789" * 10, "two.txt": b"abcdefghij" * 5})
    train, valid = texts_of(home, "train", 0.1), texts_of(home, "valid", 0.1)
    assert {len(doc.text) for doc in train.docs} == {90, 45}  # of 101 and 51 with the line's end
    for kept, held in zip(train.docs, valid.docs, strict=True):
        assert kept.name == held.name
        whole = "0123456789" * 10 if kept.name == "one.txt" else "abcdefghij" * 5
        assert kept.text + held.text == whole + "\n"
    assert train.characters == 135
    assert train.sha256 == store.load(home, "set").sha256
    assert len(texts_of(home, "test")) == 0
    assert len(texts_of(home)) == 2


def test_of_many_texts_whole_ones_are_held_out(home: Home, tmp_path: Path) -> None:
    files = {f"{n:03}.txt": f"text number {n}".encode() for n in range(MANY)}
    made(home, tmp_path, files)
    train, valid = texts_of(home, "train", 0.1), texts_of(home, "valid", 0.1)
    assert (len(train), len(valid)) == (45, 5)
    assert {doc.text for doc in (*train.docs, *valid.docs)} == {
        f"text number {n}\n" for n in range(MANY)
    }
    fewer = texts_of(home, "valid", 0.04)
    assert set(fewer.docs) < set(valid.docs)


def test_nothing_is_held_out_where_nothing_shall_be(home: Home, tmp_path: Path) -> None:
    made(home, tmp_path, {"one.txt": b"all of it"})
    assert texts_of(home, "train", 0.0).docs == (Doc("all of it\n", -1, "one.txt"),)
    assert texts_of(home, "valid", 0.0).docs == ()


def test_one_file_of_many_documents(home: Home, tmp_path: Path) -> None:
    words = "<|endoftext|>".join(f"\nstory {n}\n\n" for n in range(60)) + "<|endoftext|>\n"
    made(home, tmp_path, {"stories.txt.xz": lzma.compress(words.encode())})
    train, valid = texts_of(home, "train", 0.1), texts_of(home, "valid", 0.1)
    assert (len(train), len(valid)) == (54, 6)
    assert train.docs[0].name == "stories.txt.xz"
    numbers = [int(doc.text.split()[1]) for doc in (*train.docs, *valid.docs)]
    assert sorted(numbers) == list(range(60))
    assert sorted(numbers[54:]) != list(range(6))
    assert sorted(numbers[54:]) != list(range(54, 60))
    assert train.docs[0].text == f"story {numbers[0]}\n"


@pytest.mark.parametrize("copy", [False, True])
def test_files_of_every_kind(home: Home, tmp_path: Path, copy: bool) -> None:
    files = {
        "plain.txt": "eins\r\nzwei\rdrei".encode("utf-16"),
        "page.html": b"<p>Hello &amp; <b>you</b></p><script>no()</script>",
        "word.docx": docx("<w:p><w:r><w:t>from a letter</w:t></w:r></w:p>"),
        "marked.md.xz": lzma.compress(b"# Title"),
    }
    made(home, tmp_path, files, copy=copy)
    found = {doc.name: doc.text for doc in texts_of(home, "train", 0.0).docs}
    assert found == {
        "plain.txt": "eins\nzwei\ndrei\n",
        "page.html": "Hello & you\n",
        "word.docx": "from a letter\n",
        "marked.md.xz": "# Title\n",
    }


def test_rows_of_a_table(home: Home, tmp_path: Path) -> None:
    rows = [{"words": f"row {n}", "n": n} for n in range(70)]
    table = "\n".join(json.dumps(row) for row in rows).encode()
    made(home, tmp_path, {"table.jsonl": table}, column="words")
    train, valid = texts_of(home, "train", 0.1), texts_of(home, "valid", 0.1)
    assert (len(train), len(valid)) == (63, 7)
    assert {doc.text for doc in (*train.docs, *valid.docs)} == {f"row {n}\n" for n in range(70)}
    assert train.docs[0].name.startswith("table.jsonl, row ")


def test_folders_are_classes(home: Home, tmp_path: Path) -> None:
    files = {f"{kind}/{n}.txt": f"{kind} {n}".encode() for kind in ("b", "a") for n in range(3)}
    made(home, tmp_path, files)
    found = texts_of(home, "train", 0.0)
    assert found.class_names == ("a", "b")
    assert all(doc.text.startswith(found.class_names[doc.label]) for doc in found.docs)


def test_the_test_folder_stays_apart(home: Home, tmp_path: Path) -> None:
    files = {
        f"{split}/{n}.txt": f"{split} {n}".encode() for split in ("train", "test") for n in "12"
    }
    made(home, tmp_path, files)
    assert {doc.text for doc in texts_of(home, "test").docs} == {"test 1\n", "test 2\n"}
    assert all("train" in doc.text for doc in texts_of(home, "train", 0.0).docs)


def test_excluded_texts_are_left_out(home: Home, tmp_path: Path) -> None:
    folder = made(home, tmp_path, {"a.txt": b"first", "b.txt": b"second"})
    gone = texts_of(home, "train", 0.0).docs[1].text
    editing.change(folder, [{"row": 1, "excluded": True}])
    found = texts_of(home, "train", 0.0)
    assert len(found) == 1
    assert found.docs[0].text != gone


def test_files_that_are_gone_or_changed_are_counted(home: Home, tmp_path: Path) -> None:
    made(home, tmp_path, {"a.txt": b"first", "b.txt": b"second", "c.txt": b"third"})
    (tmp_path / "texts" / "a.txt").unlink()
    (tmp_path / "texts" / "b.txt").write_bytes(b"something else")
    found = texts_of(home, "train", 0.0)
    assert [doc.text for doc in found.docs] == ["third\n"]
    assert found.skipped == 2


def test_no_more_than_memory_holds(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(home, tmp_path, {"a.txt": b"first", "b.txt": b"second"})
    monkeypatch.setattr("genstudio.datasets.texts.MAX_CHARACTERS", 8)
    with pytest.raises(BadInput, match="more than 8 characters"):
        texts_of(home)


def test_pictures_are_no_texts(home: Home, tmp_path: Path) -> None:
    made(home, tmp_path, {f"{n}.png": png(n) for n in range(3)})
    with pytest.raises(UsageError, match="no texts but image"):
        texts_of(home)


def test_splits_have_names(home: Home, tmp_path: Path) -> None:
    made(home, tmp_path, {"a.txt": b"first"})
    with pytest.raises(UsageError, match="not 'other'"):
        texts_of(home, "other")


def test_line_ends() -> None:
    assert lines("\ufeffa\r\nb\rc\n\n") == "a\nb\nc\n\n"
