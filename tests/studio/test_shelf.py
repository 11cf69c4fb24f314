"""A shelf of works: versions on their way to the disk, heads, damage, the trash."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.errors import BadInput, NotFound
from genstudio.core.paths import Home
from genstudio.core.piece_file import PieceFile
from genstudio.studio import shelf as shelves
from genstudio.studio.pieces import Pieces


class Later:
    """A saver that waits until it is told: what is put stays on its way."""

    def mark(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def told() -> list:
    return []


@pytest.fixture
def shelf(tmp_path, told) -> Pieces:
    return later(Pieces(Home(tmp_path), told.append))


def later(made: Pieces) -> Pieces:
    made._saver = Later()
    return made


def work(name: str, title: str = "Song", day: int = 1) -> PieceFile:
    moment = f"2026-11-{day:02}T12:00:00+00:00"
    return PieceFile(id=name, title=title, named=True, created=moment, changed=moment)


def keep(shelf: Pieces, *works: PieceFile) -> None:
    for one in works:
        shelf.put(one)
    shelf.flush()


def ids(shelf: Pieces) -> list[str]:
    return [head.id for head in shelf.list()]


# ---- on the way to the disk


def test_what_was_put_is_there_before_it_is_written(shelf):
    shelf.put(work("a", "Evening"))
    assert not shelf.path("a").exists()
    assert shelf.has("a")
    assert shelf.get("a").title == "Evening"
    assert [head.title for head in shelf.list()] == ["Evening"]
    shelf.flush()
    assert shelf.path("a").is_file()
    assert shelf.get("a") == work("a", "Evening")


def test_only_the_newest_version_is_written_and_the_one_before_is_kept(shelf):
    keep(shelf, work("a", "One"))
    shelf.put(work("a", "Two"))
    shelf.put(work("a", "Three"))
    assert shelf.list()[0].title == "Three", "not what lies on the disk"
    shelf.flush()
    assert PieceFile.read(shelf.path("a")).title == "Three"
    previous = shelf.path("a").with_name("a.json.previous")
    assert PieceFile.read(previous).title == "One"


def test_writing_the_same_again_leaves_the_file_alone(shelf):
    keep(shelf, work("a"))
    before = shelf.path("a").stat().st_mtime_ns
    keep(shelf, work("a"))
    assert shelf.path("a").stat().st_mtime_ns == before
    assert not shelf.path("a").with_name("a.json.previous").exists()


def test_a_full_disk_loses_nothing_that_waits(shelf, monkeypatch):
    def full(*_args) -> None:
        raise OSError(28, "No space left on device")

    shelf.put(work("a"))
    with monkeypatch.context() as patch:
        patch.setattr(files, "commit", full)
        with pytest.raises(OSError, match="No space"):
            shelf.flush()
    assert shelf.get("a") == work("a")
    shelf.flush()
    assert shelf.path("a").is_file()


def test_closing_writes_what_waits(tmp_path, told):
    made = Pieces(Home(tmp_path), told.append)
    made.put(work("a"))
    made.put(work("b"))
    made.close()
    assert {path.stem for path in (tmp_path / "pieces").glob("*.json")} == {"a", "b"}
    assert told == []


def test_a_shelf_to_read_keeps_nothing(tmp_path):
    keep(later(Pieces(Home(tmp_path))), work("a", "There"))
    looking = later(Pieces(Home(tmp_path), read_only=True))
    index = Home(tmp_path).cache / "pieces.json"
    looking.put(work("a", "Other"))
    looking.put(work("b"))
    looking.flush()
    assert [head.title for head in looking.list()] == ["There"]
    assert not looking.has("b")
    assert not index.exists()


def test_listeners_hear_of_each_change_until_they_end(shelf):
    heard: list[str] = []
    end = shelf.on_change(heard.append)
    keep(shelf, work("a"), work("b"))
    shelf.remove("a")
    shelf.restore("a")
    assert heard == ["a", "b", "a", "a"]
    end()
    keep(shelf, work("c"))
    assert len(heard) == 4


# ---- lists


def test_the_last_changed_comes_first_wherever_it_lies(shelf):
    keep(shelf, work("a", day=1), work("c", day=3))
    shelf.put(work("b", day=2))
    assert ids(shelf) == ["c", "b", "a"]
    shelf.put(work("a", day=9))
    assert ids(shelf) == ["a", "c", "b"]


def test_an_empty_shelf_has_an_empty_list(shelf):
    assert shelf.list() == []
    assert not shelf.has("a")
    assert shelf.purge(30) == 0


def test_heads_come_from_the_index_until_a_file_changes(shelf, tmp_path, monkeypatch):
    keep(shelf, work("a"), work("b"))
    shelf.list()
    again, read = later(Pieces(Home(tmp_path))), []
    original = PieceFile.read.__func__
    monkeypatch.setattr(
        PieceFile, "read", classmethod(lambda c, p: read.append(p.stem) or original(c, p))
    )
    assert sorted(ids(again)) == ["a", "b"]
    assert read == []
    path = again.path("b")
    path.write_bytes(work("b", "Longer than before").to_bytes())
    assert {head.id: head.title for head in again.list()}["b"] == "Longer than before"
    assert read == ["b"]


def test_a_broken_index_is_made_anew(shelf, tmp_path):
    keep(shelf, work("a"))
    shelf.list()
    index = Home(tmp_path).cache / "pieces.json"
    index.write_bytes(b'{"a": [1, 2')
    again = later(Pieces(Home(tmp_path)))
    assert ids(again) == ["a"]
    assert b'"a"' in index.read_bytes()
    index.write_bytes(b"\xff\xff")
    assert ids(later(Pieces(Home(tmp_path)))) == ["a"]


def test_files_beside_a_work_are_no_works(shelf):
    keep(shelf, work("a"))
    shelf.beside("a", "versions").write_text("[]")
    (shelf.path("a").parent / "notes.txt").write_text("x")
    assert ids(shelf) == ["a"]


# ---- damage


def test_a_damaged_work_is_told_once_and_left_out_of_the_list(shelf, told):
    keep(shelf, work("a"), work("b"))
    shelf.path("b").write_bytes(b'{"id": "b", "notes": [[')
    assert ids(shelf) == ["a"]
    os.utime(shelf.path("b"), ns=(1, 1))
    assert ids(shelf) == ["a"]
    assert len(told) == 1
    assert "b.json" in told[0].sentence


def test_opening_a_damaged_work_gives_the_version_before(shelf, told):
    keep(shelf, work("a", "One"))
    keep(shelf, work("a", "Two"))
    shelf.path("a").write_bytes(b"\x00" * 40)
    assert shelf.get("a").title == "One"
    assert shelf.path("a").with_name("a.json.damaged").read_bytes() == b"\x00" * 40
    assert "The version before it is used" in told[0].next_step
    assert shelf.get("a").title == "One", "and again once it was put aside"
    assert len(told) == 1


def test_what_is_not_there_is_said(shelf):
    with pytest.raises(NotFound, match="no piece nowhere"):
        shelf.get("nowhere")
    with pytest.raises(NotFound, match="not in the trash of the pieces"):
        shelf.restore("nowhere")


# ---- the trash


def test_what_belongs_to_a_work_goes_and_comes_with_it(shelf, tmp_path):
    keep(shelf, work("a", "One"))
    keep(shelf, work("a", "Two"), work("ab"))
    shelf.beside("a", "versions").write_text("[1]")
    shelf.remove("a")
    assert ids(shelf) == ["ab"]
    assert not shelf.has("a")
    with pytest.raises(NotFound):
        shelf.get("a")
    gone = {path.name for path in (tmp_path / "pieces" / ".trash").rglob("a.*")}
    assert gone == {"a.json", "a.json.previous", "a.versions.json"}
    shelf.restore("a")
    assert sorted(ids(shelf)) == ["a", "ab"]
    assert shelf.get("a").title == "Two"
    assert shelf.beside("a", "versions").read_text() == "[1]"


def test_what_still_waits_can_be_removed_and_brought_back(shelf):
    shelf.put(work("a", "Just now"))
    shelf.remove("a")
    shelf.flush()
    assert not shelf.path("a").exists(), "it does not come back by itself"
    shelf.restore("a")
    assert shelf.get("a").title == "Just now"


def test_removed_twice_the_newest_comes_back(shelf):
    for title in ("Old", "New"):
        keep(shelf, work("a", title))
        shelf.remove("a")
    shelf.restore("a")
    assert shelf.get("a").title == "New"
    with pytest.raises(NotFound):
        shelf.restore("a")


def test_only_old_trash_is_deleted_for_good(shelf, tmp_path):
    trash = tmp_path / "pieces" / ".trash"
    today = datetime.now().astimezone()
    days = [(today - timedelta(days=ago)).isoformat()[:10] for ago in (40, 31, 29, 0)]
    for number, day in enumerate(days):
        (trash / day).mkdir(parents=True)
        (trash / day / f"w{number}.json").write_bytes(work(f"w{number}").to_bytes())
    assert shelf.purge(30) == 2
    assert sorted(path.name for path in trash.iterdir()) == sorted(days[2:])
    assert shelf.purge(30) == 0
    shelf.restore("w2")
    assert shelf.has("w2")


# ---- names


def test_names_sort_by_time_and_differ(monkeypatch):
    monkeypatch.setattr(shelves, "now", lambda: "2026-11-21T15:04:09+01:00")
    one, other = shelves.new_id(), shelves.new_id()
    assert one.startswith("2026-11-21-150409-")
    assert one != other
    monkeypatch.setattr(shelves, "now", lambda: "2026-11-21T15:04:10+01:00")
    assert shelves.new_id() > max(one, other)


def test_a_work_of_a_newer_program_is_neither_moved_nor_changed(shelf, told):
    keep(shelf, work("a"))
    path: Path = shelf.path("a")
    newer = (
        path.read_bytes()
        .replace(b'"format":1', b'"format":99')
        .replace(b'"format":2', b'"format":99')
    )
    path.write_bytes(newer)
    try:
        shelf.get("a")
    except BadInput as error:
        told.append(error.problem)
    assert path.read_bytes() == newer
    assert "Update GenStudio" in told[0].next_step
