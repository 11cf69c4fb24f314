"""Pieces on the shelves: seen, found, exported with their label, saved after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.artifact import Provenance
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Result
from genstudio.core.paths import Home
from genstudio.media import image, midi, music_made, scores
from genstudio.studio import exporting, importing, recovery, thumbnails
from genstudio.studio.gallery import Gallery
from tests.helpers import players
from tests.helpers.results import provenance, result


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "名前")


@pytest.fixture
def gallery(home):
    gallery = Gallery(home)
    yield gallery
    gallery.close()


def piece(home: Home, title: str = "Evening", bars: int = 2, **facts) -> Result:
    """A piece in the spool as the worker leaves it."""
    made = provenance(output="music", **facts)
    content = music_made.encode(players.quartet(bars).replaced(title=title), made)
    return result(home, content=content, suffix=".mid", output="music", **facts)


def test_a_piece_is_shown_by_its_roll(gallery, home):
    artifact = gallery.add(piece(home))
    small = gallery.thumbnail(artifact, 96)
    assert small is not None
    pixels = image.read(small)
    assert pixels.shape[:2] == (72, 96)
    assert len(set(map(tuple, pixels.reshape(-1, pixels.shape[2]).tolist()))) > 4
    assert gallery.thumbnail(artifact, 96) == small


def test_a_piece_is_found_by_its_title_voices_instruments_and_key(gallery, home):
    artifact = gallery.add(piece(home))
    gallery.add(piece(home, "Morning"))
    assert [one.id for one in gallery.list("evening")] == [artifact.id]
    for asked in ("viola", "cello", '"C major"', "violin"):
        assert gallery.count(asked) == 2, asked
    assert gallery.count("trumpet") == 0
    gallery.trash([artifact.id])
    gallery.restore([artifact.id])
    assert gallery.rebuild() == 2
    assert gallery.count("evening") == 1


def test_a_piece_that_is_gone_or_broken_has_neither_picture_nor_words(gallery, home):
    artifact = gallery.add(piece(home))
    gallery.path(artifact).write_bytes(b"MThd and no more")
    assert gallery.thumbnail(artifact, 64) is None
    assert gallery.said(artifact) == ""
    gallery.path(artifact).unlink()
    assert gallery.thumbnail(artifact, 80) is None


def test_words_do_not_say_an_instrument_twice(tmp_path):
    words = thumbnails.words_of_music(players.file(tmp_path / "a.mid", players.quartet(1)))
    assert words.splitlines() == [
        "Violin 1 Violin", "Violin 2 Violin", "Viola", "Cello", "C major", "4/4",
    ]  # fmt: skip


def test_a_file_that_came_by_itself_is_adopted(gallery, home):
    artifact = gallery.add(piece(home, seed=12))
    path = gallery.path(artifact)
    path.with_name(path.name + ".json").unlink()
    assert gallery.rebuild() == 1
    (found,) = gallery.list()
    assert (found.output, found.provenance.request.seed) == ("music", 12)
    assert (found.width, found.height) == (0, 0)


@pytest.mark.parametrize(("level", "told"), [("full", True), ("label", False), ("bare", False)])
def test_exports_hold_the_notes_and_as_much_as_is_wanted(gallery, home, tmp_path, level, told):
    artifact = gallery.add(piece(home, seed=9, inputs={"piece": "/secret/mine.mid"}))
    target = tmp_path / "out.mid"
    events = list(exporting.export(gallery, [artifact.id], target, level=level))
    assert events[-1].data["paths"] == [str(target)]
    made = midi.read(target.read_bytes())
    assert made.notes.tolist() == players.quartet(2).notes.tolist()
    found = music_made.read(target)
    assert (found.provenance is not None) == told
    assert found.level == level
    assert b"secret" not in target.read_bytes()


def test_a_piece_is_saved_as_nothing_else(gallery, home, tmp_path):
    artifact = gallery.add(piece(home))
    with pytest.raises(UsageError, match=r"\.mid"):
        list(exporting.export(gallery, [artifact.id], tmp_path, ".png"))


def test_a_piece_is_exported_for_score_programs(gallery, home, tmp_path):
    artifact = gallery.add(piece(home))
    list(exporting.export(gallery, [artifact.id], tmp_path / "a.musicxml"))
    found = scores.read_any((tmp_path / "a.musicxml").read_bytes())
    assert found.title == "Evening"
    assert len(found.notes) == len(players.quartet(2).notes)


def test_what_was_finished_before_a_crash_reaches_the_gallery(gallery, home):
    made = Path(piece(home, seed=3).path)
    broken = Path(piece(home, seed=4).path)
    broken.write_bytes(made.read_bytes()[:200])
    assert recovery.take_in_spool(home, gallery) == 1
    (found,) = gallery.list()
    assert (found.output, found.provenance.request.seed) == ("music", 3)
    assert midi.read(gallery.path(found).read_bytes()).title == "Evening"


def test_a_dropped_piece_says_where_it_comes_from(home, tmp_path):
    ours = tmp_path / "ours.mid"
    ours.write_bytes(Path(piece(home).path).read_bytes())
    found = importing.describe_file(ours)
    assert found.kind == "ours"
    assert found.sentence == "ours.mid was made here with toy-gan."
    assert isinstance(found.provenance, Provenance)
    assert found.data["format"] == "MIDI"
    assert found.data["source_type"] == "trained"


def test_a_piece_with_a_label_alone_and_one_without(tmp_path):
    labelled = tmp_path / "labelled.mid"
    labelled.write_bytes(midi.write(players.quartet(1), None, "composite"))
    found = importing.describe_file(labelled)
    assert found.kind == "dataset"
    assert "a machine had a part in it" in found.sentence
    assert "music" in found.sentence
    plain = players.file(tmp_path / "plain.midi", players.quartet(1))
    assert importing.describe_file(plain).sentence == (
        "plain.midi is music: it can become a dataset."
    )


def test_a_broken_piece_is_refused_by_name(tmp_path):
    (tmp_path / "broken.mid").write_bytes(b"MThd\x00")
    with pytest.raises(BadInput, match=r"broken\.mid"):
        importing.describe_file(tmp_path / "broken.mid")


@pytest.mark.parametrize("suffix", [".mid", ".musicxml"])
def test_a_file_of_notes_is_told_in_words_with_what_made_it(tmp_path, suffix):
    made = provenance(output="music")
    path = tmp_path / f"song{suffix}"
    path.write_bytes(music_made.encode(players.quartet(2).replaced(title="Air"), made, ext=suffix))
    found = importing.describe_file(path)
    assert found.kind == "ours"
    assert found.provenance.request == made.request
    told = found.data["piece"]
    assert (told["title"], told["metre"]) == ("Air", "4/4")
    assert len(told["tracks"]) == 4
    bare = tmp_path / f"bare{suffix}"
    bare.write_bytes(music_made.encode(players.quartet(2), None, ext=suffix))
    plain = importing.describe_file(bare)
    assert (plain.kind, plain.provenance) == ("dataset", None)
    assert plain.data["piece"]["notes"] == told["notes"]


def test_a_damaged_score_is_refused(tmp_path):
    path = tmp_path / "song.musicxml"
    path.write_bytes(b"<score-partwise>")
    with pytest.raises(BadInput, match=r"song\.musicxml is damaged"):
        importing.describe_file(path)
