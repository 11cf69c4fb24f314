"""The copy detector over packages with fingerprints, without, and with broken ones."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from genstudio.core.errors import BadInput
from genstudio.core.manifest import FINGERPRINTS, FileEntry
from genstudio.engine import copies
from genstudio.engine.ask import Ask
from genstudio.engine.outputs import Report
from genstudio.media import fingerprints

POEM = " ".join(f"line{i} of word{i} and sound{i * 7}" for i in range(60))


def model_with(folder: Path, data: bytes | None):
    """An opened package as far as the detector looks at it."""
    entries = ()
    if data is not None:
        (folder / FINGERPRINTS).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        entries = (FileEntry(name=FINGERPRINTS, size=len(data), sha256=digest),)
    return SimpleNamespace(
        folder=folder,
        manifest=SimpleNamespace(title="M", files=entries, base=None, sha256="5" * 64),
        kept={},
    )


@pytest.fixture
def model(tmp_path: Path):
    made = fingerprints.make([("a poem", POEM), ("another", POEM.upper().replace("LINE", "x"))])
    return model_with(tmp_path, made.to_bytes())


def test_a_copied_passage_is_marked_with_its_source(model) -> None:
    copied = " ".join(POEM.split()[20:60])
    text = f"My own beginning, then {copied} and my own end."
    found = copies.report(model, text)
    assert found["known"] is True
    assert found["sources"] == 2
    (passage,) = found["passages"]
    assert passage["source"] == "a poem"
    assert passage["words"] >= 10
    assert text[passage["start"] : passage["end"]] in copied
    assert found["surely"] == fingerprints.LEAST_STRIDE + fingerprints.RUN - 1


def test_what_stands_before_the_start_does_not_count(model) -> None:
    copied = " ".join(POEM.split()[20:60])
    text = f"{copied} and only this is new"
    assert copies.report(model, text)["passages"]
    assert copies.report(model, text, start=len(copied))["passages"] == []


def test_own_words_are_not_marked(model) -> None:
    assert copies.report(model, "nobody ever wrote such a thing " * 5)["passages"] == []
    assert copies.report(model, "")["passages"] == []


def test_a_package_without_fingerprints_says_that_it_cannot_tell(tmp_path: Path) -> None:
    plain = model_with(tmp_path, None)
    assert not copies.has(plain.manifest)
    assert copies.of(plain) == []
    assert copies.report(plain, POEM) == {"known": False, "passages": []}


def test_fingerprints_are_read_once_and_go_with_the_model(model) -> None:
    first = copies.of(model)
    (model.folder / FINGERPRINTS).unlink()
    assert copies.of(model) is first
    model.kept.clear()
    with pytest.raises(BadInput, match="missing from the package"):
        copies.of(model)


def test_an_add_on_knows_the_texts_of_its_base_too(model, tmp_path, monkeypatch) -> None:
    own = " ".join(f"gadget{i} with button{i * 3}" for i in range(40))
    place = tmp_path / "addon"
    place.mkdir()
    addon = model_with(place, fingerprints.make([("products", own)]).to_bytes())
    addon.manifest.base = SimpleNamespace(id="m", title="M", sha256="5" * 64)
    monkeypatch.setattr(copies.addons, "base_folder", lambda folder, base, title: model.folder)
    monkeypatch.setattr(copies.package_folder, "read_manifest", lambda folder: model.manifest)
    text = " ".join([*POEM.split()[20:60], *own.split()[10:50]])
    found = copies.report(addon, text)
    assert [one["source"] for one in copies.passages(found)] == ["a poem", "products"]
    assert found["sources"] == 3


def test_broken_and_endless_files_are_refused(tmp_path: Path) -> None:
    broken = model_with(tmp_path, b"GSFP1\nbroken")
    with pytest.raises(BadInput, match=r"fingerprints\.bin is damaged"):
        copies.of(broken)
    whole = model_with(tmp_path, b"x")
    entry = FileEntry(name=FINGERPRINTS, size=fingerprints.MAX_FILE + 1, sha256="0" * 64)
    whole.manifest.files = (entry,)
    with pytest.raises(BadInput, match="larger than it may be"):
        copies.of(whole)


def test_the_task_gives_one_report(model) -> None:
    _, found, _ = copies.task(model, Ask({"text": " ".join(POEM.split()[:40])}, seed=7, first=3))
    assert isinstance(found, Report)
    assert (found.index, found.seed) == (3, 7)
    assert found.data["passages"][0]["source"] == "a poem"
