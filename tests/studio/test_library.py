"""The library: packages from anywhere are checked before a byte of them lies in it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.errors import BadInput, DiskFull, GenStudioError, NotFound, UsageError
from genstudio.core.manifest import MANIFEST, Manifest
from genstudio.core.paths import Home
from genstudio.studio import packages
from genstudio.studio.library import Library
from tests.helpers import packages as made


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def package(tmp_path) -> Path:
    """A sound package as a folder, outside the library."""
    return made.gan(tmp_path / "outside" / "toy-gan")


@pytest.fixture
def library(home, tmp_path) -> Library:
    return Library(home, bundled=tmp_path / "bundled")


def zipped(folder: Path, target: Path, root: str = "", **changes: bytes | None) -> Path:
    """The folder as a zip with some files changed, added or (None) left out."""
    content = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    content.update(changes)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            if data is not None:
                archive.writestr(root + name, data)
    return target


def nothing_left(home: Home) -> bool:
    return not home.models.exists() or not list(home.models.iterdir())


def test_install_from_a_folder(library, package, home):
    heard = []
    library.on_change(lambda: heard.append(True))
    steps = []
    model = library.install(package, lambda done, total: steps.append((done, total)))
    name = model.id
    assert model.folder == home.models / name
    assert not model.bundled
    assert heard == [True]
    assert steps[-1][0] == steps[-1][1] > 0
    assert library.get(name) == model
    assert [found.id for found in library.list()] == [name]
    for path in package.iterdir():
        assert (model.folder / path.name).read_bytes() == path.read_bytes()


def test_what_a_model_tells(library, package):
    model = library.install(package)
    assert model.family.name == "gan"
    assert model.modality == "image"
    assert model.task().name == model.tasks[0].name
    assert model.preview.parent == model.folder
    assert model.title == model.manifest.title
    with pytest.raises(UsageError, match="no task"):
        model.task("fly")


@pytest.mark.parametrize("root", ["", "toy-gan/", "ein Ordner mit Umläuten/"])
def test_install_from_a_zip(library, package, tmp_path, root):
    archive = zipped(package, tmp_path / "päckchen 名.zip", root)
    assert library.install(archive).manifest == Manifest.read(package / MANIFEST)


def test_system_files_in_a_zip_are_left_out(library, package, tmp_path):
    extra = {"__MACOSX/._model.json": b"x", ".DS_Store": b"y", "Thumbs.db": b"z"}
    model = library.install(zipped(package, tmp_path / "a.zip", **extra))
    assert not [p for p in model.folder.rglob("*") if p.name in (".DS_Store", "Thumbs.db")]


def test_export_and_import_again(library, package, tmp_path, home):
    model = library.install(package)
    target = library.export(model.id, tmp_path / "out.zip")
    with pytest.raises(GenStudioError, match="there already"):
        library.export(model.id, target)
    library.export(model.id, target, replace=True)
    assert library.export(model.id, tmp_path).name == f"{model.id}.zip"
    library.remove(model.id)
    again = library.install(target)
    assert again.manifest == model.manifest


def test_remove_and_undo(library, package):
    model = library.install(package)
    library.remove(model.id)
    assert library.list() == []
    with pytest.raises(NotFound, match="none yet"):
        library.get(model.id)
    assert library.restore(model.id) == model
    with pytest.raises(NotFound, match="trash"):
        library.restore(model.id)
    with pytest.raises(BadInput, match="installed already"):
        library.install(package)
    assert library.install(package, replace=True).manifest == model.manifest


def test_models_of_the_program_stay(library, package, tmp_path, home):
    name = Manifest.read(package / MANIFEST).id
    shutil.copytree(package, tmp_path / "bundled" / name)
    (tmp_path / "bundled" / "not-trained-yet").mkdir()
    model = library.get(name)
    assert model.bundled
    assert library.list() == [model]
    assert library.problems == []
    with pytest.raises(UsageError, match="cannot be removed"):
        library.remove(name)
    with pytest.raises(BadInput, match="installed already"):
        library.install(package)
    # The user's own copy goes before the program's.
    library.install(package, replace=True)
    assert not library.get(name).bundled
    assert len(library.list()) == 1


def test_a_package_copied_in_by_hand_is_there_at_once(library, package, home):
    assert library.list() == []
    name = Manifest.read(package / MANIFEST).id
    shutil.copytree(package, home.models / name)
    assert [model.id for model in library.list()] == [name]
    shutil.rmtree(home.models / name)
    assert library.list() == []


def test_broken_packages_are_problems_not_crashes(library, package, home):
    model = library.install(package)
    for name, damage in {
        "empty": lambda folder: None,
        "half": lambda folder: (folder / MANIFEST).write_text("{"),
        "renamed": lambda folder: shutil.copy(package / MANIFEST, folder),
    }.items():
        (home.models / name).mkdir()
        damage(home.models / name)
    (model.folder / "weights.safetensors").unlink()
    assert library.list() == []
    assert len(library.problems) == 4
    for problem in library.problems:
        assert problem.kind == "broken-model"
        assert problem.next_step
        assert "\n" not in problem.sentence
    with pytest.raises(BadInput, match="missing"):
        library.get(model.id)


def test_ids_that_are_paths_find_nothing(library, package, home):
    library.install(package)
    for name in ("../outside", "..", "a/b", "a\\b", ""):
        with pytest.raises(GenStudioError):
            library.get(name)


def change(package: Path, **fields) -> None:
    path = package / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"family": "unheard_of"}, "no model family"),
        ({"format": 99}, "format 99"),
        ({"id": "../up"}, "id"),
        ({"id": "con"}, "Windows"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_manifests_that_are_refused(library, package, home, fields, words):
    change(package, **fields)
    with pytest.raises(BadInput, match=words) as caught:
        library.install(package)
    assert caught.value.problem.file
    assert nothing_left(home)


def edit_files(package: Path, edit) -> None:
    value = json.loads((package / MANIFEST).read_text())
    edit(value["files"])
    (package / MANIFEST).write_text(json.dumps(value))


def test_listed_files_must_be_there_whole_and_right(library, package, home):
    weights = package / "weights.safetensors"
    sound = weights.read_bytes()
    damages = {
        "missing": lambda: weights.unlink(),
        "bytes": lambda: weights.write_bytes(sound[:-1]),
        "hash": lambda: weights.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1])),
    }
    for words, damage in damages.items():
        damage()
        with pytest.raises(BadInput, match=words):
            library.install(package)
        assert nothing_left(home)
        weights.write_bytes(sound)
    library.install(package)


def test_unlisted_files_are_refused(library, package, home, tmp_path):
    archive = zipped(package, tmp_path / "a.zip", **{"run_me.py": b"import os"})
    (package / "sub").mkdir()
    (package / "sub" / "extra.bin").write_bytes(b"x")
    for source in (package, archive):
        with pytest.raises(BadInput, match="not listed"):
            library.install(source)
    assert nothing_left(home)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_refused(library, package, home, tmp_path):
    target = package / "card.md"
    target.unlink(missing_ok=True)
    target.symlink_to("/etc/passwd")
    with pytest.raises(BadInput, match="link"):
        library.install(package)
    target.unlink()
    folder = package / "sub"
    folder.symlink_to(tmp_path)
    with pytest.raises(BadInput, match="link"):
        library.install(package)
    assert nothing_left(home)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/evil.txt",
        "a/../../evil.txt",
        "..\\evil.txt",
        "C:evil.txt",
        "C:\\evil.txt",
        "a//b",
        "a/./b",
        "a ",
        "aux",
        "nul.txt",
        "com1/x",
        "tab\tname",
        "x\x1b[31m",
    ],
)
def test_names_that_leave_the_package_are_refused(library, package, home, tmp_path, name):
    with pytest.raises(BadInput, match="no usable model package") as caught:
        library.install(zipped(package, tmp_path / "a.zip", **{name: b"evil"}))
    assert caught.value.problem.next_step
    assert nothing_left(home)
    assert not list(tmp_path.rglob("evil*"))


def test_a_name_hidden_behind_a_zero_byte_is_refused(library, package, home, tmp_path):
    archive = zipped(package, tmp_path / "a.zip", **{"model.jsonX": b"x"})
    data = archive.read_bytes().replace(b"model.jsonX", b"model.json\0")
    archive.write_bytes(data)
    with pytest.raises(BadInput):
        library.install(archive)
    assert nothing_left(home)


def with_entry(package: Path, target: Path, name: str, data: bytes, **facts) -> Path:
    """The package zipped with one more entry whose ZipInfo has these facts."""
    zipped(package, target)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        for key, value in facts.items():
            setattr(info, key, value)
        archive.writestr(info, data)
    return target


def test_links_and_devices_in_a_zip_are_refused(library, package, home, tmp_path):
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO):
        source = with_entry(
            package, tmp_path / "a.zip", "x", b"/etc/passwd", external_attr=(kind | 0o777) << 16
        )
        with pytest.raises(BadInput, match="link or a special"):
            library.install(source)
    assert nothing_left(home)


def test_bombs_are_refused_before_they_unpack(library, package, home, tmp_path):
    source = with_entry(package, tmp_path / "a.zip", "zeros.bin", bytes(30_000_000))
    with pytest.raises(BadInput, match="200 times"):
        library.install(source)
    many = zipped(package, tmp_path / "b.zip", **{f"f{n}": b"" for n in range(2100)})
    with pytest.raises(BadInput, match="2000 files"):
        library.install(many)
    assert nothing_left(home)


def test_names_that_collide_are_refused(library, package, home, tmp_path):
    for name in ("MODEL.JSON", "Weights.safetensors"):
        with pytest.raises(BadInput, match="two files"):
            library.install(zipped(package, tmp_path / "a.zip", **{name: b"x"}))
    assert nothing_left(home)


def test_an_encrypted_zip_is_refused_with_the_way_out(library, package, tmp_path):
    archive = zipped(package, tmp_path / "a.zip")
    data = bytearray(archive.read_bytes())
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        data[start + 8] |= 1
        start += 4
    archive.write_bytes(bytes(data))
    with pytest.raises(BadInput, match="encrypted") as caught:
        library.install(archive)
    assert caught.value.problem.next_step == "Unpack it first."


def test_entries_that_share_their_bytes_are_refused(library, package, home, tmp_path):
    archive = zipped(package, tmp_path / "a.zip", **{"a.bin": os.urandom(500), "b.bin": b"b"})
    data = bytearray(archive.read_bytes())
    offsets = {}
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        length = struct.unpack_from("<H", data, start + 28)[0]
        offsets[bytes(data[start + 46 : start + 46 + length])] = start
        start += 4
    struct.pack_into(
        "<I", data, offsets[b"b.bin"] + 42, *struct.unpack_from("<I", data, offsets[b"a.bin"] + 42)
    )
    archive.write_bytes(bytes(data))
    with pytest.raises(BadInput, match="shares its bytes"):
        library.install(archive)
    assert nothing_left(home)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"no zip at all" * 50, b"PK\x05\x06" + bytes(18)]
)
def test_files_that_are_no_packages(library, home, tmp_path, data):
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(BadInput):
        library.install(path)
    assert nothing_left(home)


def test_every_cut_of_a_zip_is_refused(library, package, home, tmp_path):
    whole = zipped(package, tmp_path / "a.zip").read_bytes()
    for part in range(1, 20):
        (tmp_path / "cut.zip").write_bytes(whole[: len(whole) * part // 20])
        with pytest.raises(BadInput):
            library.install(tmp_path / "cut.zip")
        assert nothing_left(home)


def test_flipped_bits_never_install_something_else(library, package, home, tmp_path):
    """Whatever bit flips: refused in words, or installed byte for byte as it should be."""
    whole = zipped(package, tmp_path / "a.zip").read_bytes()
    right = {p.name: hashlib.sha256(p.read_bytes()).digest() for p in package.iterdir()}
    for place in range(7, len(whole), max(1, len(whole) // 60)):
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        (tmp_path / "flip.zip").write_bytes(bytes(data))
        try:
            model = library.install(tmp_path / "flip.zip")
        except GenStudioError:
            assert nothing_left(home), place
            continue
        found = {p.name: hashlib.sha256(p.read_bytes()).digest() for p in model.folder.iterdir()}
        assert found == right, place
        shutil.rmtree(home.models)


def test_places_that_hold_no_package(library, tmp_path):
    with pytest.raises(BadInput, match=r"no model\.json"):
        library.install(tmp_path)
    with pytest.raises(BadInput, match="There is no"):
        library.install(tmp_path / "nowhere")


def test_model_json_itself_stands_for_its_folder(library, package):
    assert library.install(package / MANIFEST).id


def test_no_room_is_said_before_copying(library, package, home, monkeypatch):
    monkeypatch.setattr(files, "free_bytes", lambda path: 10)
    with pytest.raises(DiskFull, match="no room"):
        library.install(package)
    assert nothing_left(home)


def test_a_full_disk_in_the_middle_leaves_nothing(library, package, home, monkeypatch):
    real = files._Whole.write
    written = []

    def full(self, data):
        written.append(len(data))
        if sum(written) > 3000:
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(files._Whole, "write", full)
    with pytest.raises(DiskFull):
        library.install(package)
    assert nothing_left(home)


def test_a_stop_in_the_middle_leaves_nothing(library, package, home):
    def stop(done, total):
        raise GenStudioError("stopped", kind="cancelled")

    with pytest.raises(GenStudioError, match="stopped"):
        library.install(package, stop)
    assert nothing_left(home)


def test_a_whole_folder_is_written_as_one_top_folder(package, tmp_path):
    manifest = Manifest.read(package / MANIFEST)
    packages.pack(package, manifest, tmp_path / "p.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "p.zip").read_bytes())) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {manifest.id}
        assert archive.testzip() is None
