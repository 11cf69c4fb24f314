"""Sounds leave the studio trimmed and levelled as asked, and say where they come from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.artifact import Provenance
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.events import Done, Result
from genstudio.core.job import Message
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.core.sound_edit import SoundEdit
from genstudio.media import image, music_made, sound_reading
from genstudio.studio import sounds_out, thumbnails
from genstudio.studio.gallery import Gallery
from genstudio.workers import files, inline

RATE = 4000
SAMPLES = (0.25 * np.sin(np.arange(2000) / 3)).astype(np.float32)


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def gallery(home):
    made = Gallery(home)
    yield made
    made.close()


@pytest.fixture
def name(gallery, tmp_path) -> str:
    """A sound in the gallery."""
    request = Request(model="hits", task="sample", values={"class": "kick"}, seed=9)
    made = Provenance(
        app="GenStudio",
        request=request,
        index=2,
        title="Drum hits",
        output="sound",
        facts={"class": "kick", "seconds": 0.5},
    )
    path = tmp_path / "spool.wav"
    path.write_bytes(music_made.encode_sound(SAMPLES, RATE, ".wav", made))
    data = {"provenance": made.model_dump(mode="json"), "class": "kick"}
    told = Result(path=str(path), index=2, seed=9, output="sound", data=data)
    return gallery.add(told).id


def export(gallery, *given, **more):
    *_, last = sounds_out.export(gallery, *given, **more)
    assert isinstance(last, Done)
    paths = [Path(path) for path in last.data["paths"]]
    return [sound_reading.read(path.read_bytes(), path.name) for path in paths], last.data


def test_a_sound_keeps_its_samples_and_its_record(gallery, name, tmp_path):
    (found,), data = export(gallery, [name], tmp_path / "out")
    assert np.abs(found.mono() - SAMPLES).max() < 1e-4
    path = tmp_path / "out" / "kick-9-2.wav"
    assert data["paths"] == [str(path)]
    told = music_made.read(path)
    assert told.provenance.request.seed == 9
    assert told.source_type == "trained"


@pytest.mark.parametrize("ext", sounds_out.ENDINGS)
def test_every_form_can_be_read_again(gallery, name, tmp_path, ext):
    (found,), data = export(gallery, [name], tmp_path, ext)
    assert data["paths"][0].endswith(f"kick-9-2{ext}")
    assert found.seconds == pytest.approx(0.5, abs=0.2)


def test_what_was_trimmed_is_short_loud_and_told(gallery, name, tmp_path):
    edit = SoundEdit(first=0.1, last=0.3, normalise=True)
    (found,), _ = export(gallery, [name], tmp_path, edits={name: edit, "other": SoundEdit()})
    assert found.seconds == pytest.approx(0.2)
    assert np.abs(found.samples).max() == pytest.approx(0.98, abs=0.01)
    told = music_made.read(tmp_path / "kick-9-2.wav")
    assert told.provenance.facts["edit"] == {"first": 0.1, "last": 0.3, "normalise": True}
    whole = sound_reading.read(gallery.path(gallery.get(name)).read_bytes())
    assert whole.seconds == 0.5, "the gallery's own is as it was"


@pytest.mark.parametrize(("level", "label"), [("label", "trained"), ("bare", "")])
def test_a_lower_level_says_less(gallery, name, tmp_path, level, label):
    export(gallery, [name], tmp_path, level=level)
    told = music_made.read(tmp_path / "kick-9-2.wav")
    assert (told.provenance, told.source_type) == (None, label)


def test_a_sound_is_called_by_its_class_where_it_lies_in_the_gallery(gallery, name, tmp_path):
    path = gallery.path(gallery.get(name))
    assert sounds_out.called(gallery, path) == "kick"
    assert sounds_out.called(gallery, tmp_path / path.name) == path.stem, "a file of that name"
    assert sounds_out.called(gallery, tmp_path / "boom.wav") == "boom"


def test_nothing_is_overwritten(gallery, name, tmp_path):
    for _ in range(2):
        export(gallery, [name, name], tmp_path)
    assert len(list(tmp_path.glob("kick-9-2*.wav"))) == 4


def test_what_cannot_be_is_refused(gallery, name, tmp_path):
    with pytest.raises(UsageError, match=r"not '\.exe'"):
        list(sounds_out.export(gallery, [name], tmp_path, ".exe"))
    with pytest.raises(UsageError, match="no sounds to export"):
        list(sounds_out.export(gallery, [], tmp_path))
    with pytest.raises(NotFound):
        list(sounds_out.export(gallery, ["gone"], tmp_path))


def test_the_worker_does_the_same(home, gallery, name, tmp_path):
    body = {
        "ids": [name],
        "target": str(tmp_path / "w"),
        "ext": ".flac",
        "edits": {name: {"last": 0.1}},
    }
    *_, last = inline.run("files", "export_sounds", body, home)
    found = sound_reading.read((tmp_path / "w" / "kick-9-2.flac").read_bytes())
    assert found.seconds == pytest.approx(0.1)
    assert len(last.data["paths"]) == 1
    with pytest.raises(UsageError, match="ids"):
        list(files.WORKS["export_sounds"](Message(job="j", work="export_sounds", body={}), None))


def test_the_gallery_shows_the_outline(gallery, name):
    path = gallery.thumbnail(gallery.get(name), 96)
    pixels = image.read(path)
    assert pixels.shape[:2] == (72, 96)
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) >= 2
    assert thumbnails.of_sound(gallery.path(gallery.get(name)), 96) == path.read_bytes()
