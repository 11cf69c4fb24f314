"""The gallery: files are the truth, the index is made again at any doubt."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from genstudio.core import files
from genstudio.core.artifact import Artifact, Provenance
from genstudio.core.errors import BadInput, DiskFull, GenStudioError, NotFound
from genstudio.core.events import Result
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.media import image
from genstudio.studio.gallery import Gallery
from tests.helpers.results import result

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "名前 ünï")


@pytest.fixture
def gallery(home):
    gallery = Gallery(home)
    yield gallery
    gallery.close()


def names(artifacts) -> list[str]:
    return [artifact.id for artifact in artifacts]


def test_a_result_moves_in_with_a_record(gallery, home):
    heard = []
    gallery.on_change(heard.append)
    made = result(home, seed=42, values={"class": "Bag"}, data={"score": 0.5})
    artifact = gallery.add(made)
    path = gallery.path(artifact)
    assert path.parent.parent == home.gallery
    assert path.suffix == ".png"
    assert artifact.id.startswith("toy-gan-42-0-")
    assert (artifact.width, artifact.height) == (12, 8)
    assert artifact.size == path.stat().st_size
    assert not Path(made.path).exists()
    assert Artifact.read(path.with_name(path.name + ".json")) == artifact
    assert gallery.get(artifact.id) == artifact
    assert heard == [[artifact.id]]


def test_the_newest_comes_first_and_pages_fit_together(gallery, home):
    added = names(gallery.add_many([result(home, seed=n) for n in range(7)]))
    shown = names(gallery.list(limit=3)) + names(gallery.list(limit=10, offset=3))
    assert shown == added[::-1]
    assert gallery.count() == 7


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("", {1, 2, 3}),
        ("model:toy", {1, 2}),
        ("model:TOY-GAN seed:2", {2}),
        ("seed:3", {3}),
        ("seed:many", set()),
        ("boot", {2}),
        ("BOO", {2}),
        ("größe", {3}),
        ("grosse", set()),
        ("grö", {3}),
        ('"red boot"', {2}),
        ('"boot red"', set()),
        ("task:morph", {3}),
        ("is:starred", {1}),
        ("is:green", set()),
        ('bo"ot* OR (', set()),
        ("model:%", set()),
        ("date:1999", set()),
    ],
)
def test_search(gallery, home, text, seeds):
    gallery.add(result(home, seed=1, values={"prompt": "a bag"}))
    gallery.add(result(home, seed=2, values={"prompt": "a red boot"}))
    gallery.add(result(home, seed=3, model="other", task="morph", values={"prompt": "Größe"}))
    gallery.star(gallery.list(text="seed:1")[0].id)
    assert {a.provenance.request.seed for a in gallery.list(text)} == seeds
    assert gallery.count(text) == len(seeds)


def test_filters_and_days(gallery, home):
    gallery.add(result(home, seed=1))
    today = datetime.now().date()
    day, before = today.isoformat(), (today - timedelta(days=1)).isoformat()
    assert gallery.list(since=day)
    assert gallery.list(until=day)
    assert gallery.list(text=f"date:{day[:7]}")
    assert not gallery.list(until=before)
    assert not gallery.list(model="toy")
    assert gallery.list(model="toy-gan")
    assert not gallery.list(starred=True)
    assert gallery.models() == ["toy-gan"]


def test_stars_live_in_the_record(gallery, home):
    artifact = gallery.add(result(home))
    gallery.star(artifact.id)
    assert names(gallery.list(starred=True)) == [artifact.id]
    gallery.rebuild()
    assert gallery.get(artifact.id).starred
    assert not gallery.star(artifact.id, False).starred


def test_trash_and_undo(gallery, home):
    one, two = gallery.add_many([result(home, seed=1), result(home, seed=2)])
    gallery.star(one.id)
    gone = gallery.trash([one.id])
    assert gallery.path(gone[0]).is_relative_to(home.trash)
    assert names(gallery.list()) == [two.id]
    assert names(gallery.list(trashed=True)) == [one.id]
    assert gallery.trash([one.id]) == []
    back = gallery.restore([one.id])
    assert gallery.path(back[0]).is_file()
    assert back[0].starred
    assert gallery.list(trashed=True) == []
    assert not [p for p in home.trash.rglob("*") if p.is_file()]


def test_purge_takes_only_what_is_old(gallery, home):
    old, new, kept = gallery.add_many([result(home, seed=n) for n in range(3)])
    gallery.thumbnail(old, 8)
    gallery.trash([old.id, new.id])
    past = (datetime.now().astimezone() - timedelta(days=40)).isoformat()
    trashed = gallery.get(old.id).model_copy(update={"trashed": past})
    files.write_bytes(
        gallery.path(trashed).with_name(Path(trashed.file).name + ".json"), trashed.to_bytes()
    )
    gallery.rebuild()
    assert gallery.purge(30) == 1
    assert names(gallery.list(trashed=True)) == [new.id]
    assert names(gallery.list()) == [kept.id]
    assert not list(home.root.rglob(f"*{old.id}*"))
    assert gallery.purge(0) == 1


def test_thumbnails_are_made_once_and_only_of_pictures(gallery, home):
    artifact = gallery.add(result(home))
    path = gallery.thumbnail(artifact, 6)
    assert image.read(path).shape == (4, 6, 1)
    stamp = path.stat().st_mtime_ns
    assert gallery.thumbnail(artifact, 6) == path
    assert path.stat().st_mtime_ns == stamp
    report = gallery.add(result(home, output="report", content=b"{}", suffix=".json"))
    assert gallery.thumbnail(report, 6) is None
    broken = gallery.add(result(home, content=b"no picture"))
    assert gallery.thumbnail(broken, 6) is None


def test_nothing_is_lost_with_the_index(gallery, home):
    kept = names(gallery.add_many([result(home, seed=n) for n in range(3)]))
    gallery.trash(kept[:1])
    gallery.star(kept[1])
    gallery.close()
    for path in home.root.glob("index.sqlite*"):
        path.unlink()
    again = Gallery(home)
    assert set(names(again.list())) == set(kept[1:])
    assert names(again.list(trashed=True)) == kept[:1]
    assert names(again.list(starred=True)) == [kept[1]]
    assert again.rebuild() == 3
    again.close()


DAMAGES = {
    "empty": lambda data: b"",
    "noise": lambda data: b"\x07" * len(data),
    "half": lambda data: data[: len(data) // 2],
    "header": lambda data: b"not a database" + data[14:],
    "page": lambda data: data[:4096] + b"\xff" * 4096 + data[8192:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_made_again(home, damage):
    first = Gallery(home)
    kept = set(names(first.add_many([result(home, seed=n) for n in range(3)])))
    first.close()
    home.index_file.write_bytes(DAMAGES[damage](home.index_file.read_bytes()))
    again = Gallery(home, unclean=True)
    assert set(names(again.list())) == kept
    again.add(result(home, seed=9))
    assert again.count() == 4
    again.close()
    db = sqlite3.connect(home.index_file)
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    db.close()


def test_an_index_of_another_version_is_made_again(home):
    first = Gallery(home)
    first.add(result(home))
    first.close()
    db = sqlite3.connect(home.index_file)
    db.execute("PRAGMA user_version = 999")
    db.execute("DROP TABLE artifact")
    db.commit()
    db.close()
    again = Gallery(home)
    assert again.count() == 1
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted")
def test_the_index_may_be_deleted_while_it_is_open(gallery, home):
    kept = gallery.add(result(home, seed=1))
    for path in home.root.glob("index.sqlite*"):
        path.unlink()
    later = gallery.add(result(home, seed=2))
    gallery.refresh()
    assert set(names(gallery.list())) == {kept.id, later.id}


def test_files_that_came_and_went_behind_our_back(gallery, home):
    one, two = gallery.add_many([result(home, seed=1), result(home, seed=2)])
    gallery.path(one).unlink()
    copy = gallery.path(two).with_name("copied-in.png")
    copy.write_bytes(gallery.path(two).read_bytes())
    (copy.parent / "foreign.png").write_bytes(image.png(np.zeros((4, 4, 1), np.uint8)))
    (copy.parent / "notes.txt").write_text("mine")
    gallery.refresh()
    assert set(names(gallery.list())) == {two.id, "copied-in"}
    assert gallery.get("copied-in").provenance == two.provenance
    assert copy.with_name("copied-in.png.json").is_file()


def test_old_days_are_not_read_again(gallery, home, monkeypatch):
    gallery.add(result(home))
    day = next(home.gallery.iterdir())
    past = time.time() - 3600
    os.utime(day, (past, past))
    gallery.refresh()
    monkeypatch.setattr("genstudio.studio.shelf_folders.media_files", pytest.fail)
    gallery.refresh()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"format": 1}'])
def test_a_damaged_record_is_kept_aside_and_made_from_the_picture(home, damage):
    first = Gallery(home)
    artifact = first.add(result(home, seed=5))
    record = first.path(artifact).with_name(Path(artifact.file).name + ".json")
    record.write_bytes(damage)
    first.rebuild()
    found = first.get(artifact.id)
    assert found.provenance.request.seed == 5
    assert record.with_name(record.name + ".damaged").read_bytes() == damage
    assert Artifact.read(record) == found
    assert [p.file for p in first.problems] == [str(record)]
    first.close()


def test_one_flipped_bit_in_a_record_is_noticed(gallery, home):
    artifact = gallery.add(result(home, seed=5))
    record = gallery.path(artifact).with_name(Path(artifact.file).name + ".json")
    data = bytearray(record.read_bytes())
    place = data.index(b'"seed": 5') + 8
    data[place] ^= 1
    record.write_bytes(bytes(data))
    gallery.rebuild()
    assert gallery.get(artifact.id).provenance.request.seed == 5
    assert gallery.problems


def test_reports_and_blobs_have_records_too(gallery, home):
    report = gallery.add(result(home, output="report", content=b"{}", suffix=".json"))
    blob = gallery.add(result(home, output="file", content=b"abc", suffix=".latent"))
    gallery.rebuild()
    assert set(names(gallery.list())) == {report.id, blob.id}
    assert gallery.path(blob).read_bytes() == b"abc"


def test_a_full_disk_leaves_all_as_it_was(gallery, home, monkeypatch):
    kept = gallery.add(result(home, seed=1))
    made = [result(home, seed=n) for n in (2, 3)]
    before = {p: p.read_bytes() for p in home.gallery.rglob("*") if p.is_file()}

    def full(self, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files._Whole, "write", full)
        with pytest.raises(DiskFull) as caught:
            gallery.add_many(made)
        with pytest.raises(DiskFull):
            gallery.star(kept.id)
        with pytest.raises(DiskFull):
            gallery.trash([kept.id])
    assert "\n" not in caught.value.problem.sentence
    assert "disk is full" in caught.value.problem.sentence
    assert {p: p.read_bytes() for p in home.gallery.rglob("*") if p.is_file()} == before
    assert all(Path(result.path).exists() for result in made)
    assert not gallery.get(kept.id).starred
    assert len(gallery.add_many(made)) == 2


def test_a_full_disk_under_the_index_costs_no_picture(gallery, home, monkeypatch):
    def full(artifacts, said):
        raise GenStudioError("The disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(gallery._index, "put", full)
        artifact = gallery.add(result(home))
    assert names(gallery.list()) == [artifact.id]


def test_what_is_not_there_is_said(gallery, home):
    with pytest.raises(NotFound, match="no nothing"):
        gallery.get("nothing")
    artifact = gallery.add(result(home))
    gallery.path(artifact).unlink()
    with pytest.raises(NotFound, match="not there any more"):
        gallery.trash([artifact.id])
    with pytest.raises(BadInput, match="without provenance"):
        gallery.add(Result(path=str(home.root / "x.png")))


def test_a_read_only_folder_is_browsed_and_each_save_is_refused(home, tmp_path):
    first = Gallery(home)
    kept = first.add(result(home))
    first.close()
    before = {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()}
    guest = Gallery(home, read_only=True, cache=tmp_path / "cache")
    assert names(guest.list("model:toy")) == [kept.id]
    assert guest.thumbnail(kept, 6).is_relative_to(tmp_path / "cache")
    for refused in (lambda: guest.star(kept.id), lambda: guest.trash([kept.id])):
        with pytest.raises(GenStudioError, match="may only be read"):
            refused()
    assert guest.purge(0) == 0
    assert guest.rebuild() == 1
    guest.close()
    home.index_file.unlink()
    again = Gallery(home, read_only=True, cache=tmp_path / "cache")
    assert names(again.list()) == [kept.id]
    again.close()
    after = {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()}
    assert after == {p: data for p, data in before.items() if p.exists()}


def test_two_processes_write_the_index(home):
    """Both add files at the same time: every row is there, the database is sound."""
    code = (
        "import sys; from pathlib import Path; from genstudio.core.paths import Home\n"
        "from genstudio.studio.gallery import Gallery; from tests.helpers.results import result\n"
        "home = Home(Path(sys.argv[1])); gallery = Gallery(home)\n"
        "for n in range(40):\n"
        "    gallery.add_many([result(home, seed=int(sys.argv[2]) * 1000 + n)])\n"
        "gallery.close()\n"
    )
    words = [sys.executable, "-c", code, str(home.root)]
    both = [subprocess.Popen([*words, str(n)], cwd=ROOT) for n in (1, 2)]
    assert [process.wait(120) for process in both] == [0, 0]
    db = sqlite3.connect(home.index_file)
    assert db.execute("SELECT count(*) FROM artifact").fetchone()[0] == 80
    assert db.execute("SELECT count(*) FROM words").fetchone()[0] == 80
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    db.close()
    again = Gallery(home)
    assert again.count() == 80
    again.close()


def test_provenance_of_the_record_keeps_the_whole_request():
    request = Request(model="toy-gan", task="sample", inputs={"image": "/home/me/x.png"})
    made = Provenance(request=request)
    assert Provenance.from_bytes(made.to_bytes(), "x") == made
