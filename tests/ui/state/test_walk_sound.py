"""Which piece a walk is shown to: what can be chosen, and what the exporting process is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.errors import GenStudioError
from genstudio.core.request import Request
from genstudio.studio.pieces import of_piece
from genstudio.studio.timed_walks import Timed
from genstudio.ui.state.export_state import ExportState
from genstudio.ui.state.walk_sound import EVERY, SILENT, WalkSound
from tests.helpers.pieces import chorale


@pytest.fixture
def sound(studio):
    return WalkSound(studio)


@pytest.fixture
def song(studio) -> str:
    """The id of a kept piece."""
    kept = of_piece(chorale(), studio.pieces.new("Song"))
    studio.pieces.put(kept)
    return kept.id


def walk(studio):
    return studio.gallery.make(Request(model="shapes", task="walk"), output="animation")


def test_pieces_and_music_of_the_gallery_can_be_chosen(studio, sound, song):
    studio.pieces.put(studio.pieces.new("Empty"))
    studio.gallery.make(Request(model="voices", task="sample", seed=3), output="music")
    walk(studio)
    words = [words for _key, words in sound.choices()]
    assert words == ["No sound", "Song", "voices 3 (gallery)"], "empty pieces have no sound"


def test_a_kept_piece_is_told_by_its_file(studio, sound, song, heard):
    edits = heard(sound.edited)
    sound.choose(f"piece:{song}")
    sound.set_every("bar")
    sound.set_eased(False)
    sound.set_bars(2, 3)
    assert len(edits) == 4
    wish = Timed.of(sound.told())
    assert wish == Timed(studio.pieces.path(song), "bar", False, 2, 3)
    assert wish.piece.is_file(), "what was changed last is written"


def test_music_of_the_gallery_and_files_are_told_by_their_path(studio, sound):
    made = studio.gallery.make(Request(model="voices", task="sample"), output="music")
    sound.choose(f"gallery:{made.id}")
    assert sound.told()["piece"] == str(studio.gallery.path(made))
    assert sound.choose_file(Path("/music/tune.mid"))
    assert sound.told()["piece"] == "/music/tune.mid"
    assert sound.choices()[-1][1] == "tune.mid"
    assert not sound.choose_file(Path("/music/tune.txt"))
    assert sound.told()["piece"] == "/music/tune.mid"


def test_another_piece_has_its_own_bars(sound, song):
    sound.choose(f"piece:{song}")
    sound.set_bars(0, -1)
    assert (sound.first, sound.last) == (1, 0)
    sound.set_bars(3, 4)
    sound.choose(SILENT)
    assert (sound.first, sound.last) == (1, 0)
    assert sound.told() is None


def test_what_is_no_choice_is_ignored(sound):
    sound.set_every("note")
    assert sound.every == EVERY[0][0]


def test_a_piece_that_is_gone_is_said(studio, sound, song):
    sound.choose(f"piece:{song}")
    studio.pieces.remove(song)
    with pytest.raises(GenStudioError, match="gone"):
        sound.told()
    sound.choose("gallery:none")
    with pytest.raises(GenStudioError, match="no result"):
        sound.told()


def test_how_is_kept_for_the_next_time_and_what_is_not(studio, sound, song):
    sound.choose(f"piece:{song}")
    sound.set_every("two bars")
    sound.set_eased(False)
    again = WalkSound(studio)
    again.take(sound.snapshot())
    assert (again.every, again.eased, again.piece) == ("two bars", False, SILENT)
    again.take("nonsense")
    again.take({"every": 3})
    assert again.every == "two bars"


# ---- as a part of an export


@pytest.fixture
def exports(studio, tmp_path):
    made = ExportState(studio)
    made.set_folder(tmp_path)
    return made


def test_films_get_the_sound_and_other_formats_do_not(studio, exports, song):
    exports.sound.choose(f"piece:{song}")
    assert exports.run([walk(studio)])
    assert Timed.of(studio.queue.last.body["timed"]).piece == studio.pieces.path(song)
    exports.set_ext("animation", ".gif")
    assert exports.run([walk(studio)])
    assert "timed" not in studio.queue.last.body
    picture = studio.gallery.make(Request(model="shapes", task="make"))
    assert exports.run([picture])
    assert "timed" not in studio.queue.last.body


def test_a_piece_that_went_meanwhile_is_a_problem(studio, exports, song, heard):
    problems = heard(exports.problem)
    exports.sound.choose(f"piece:{song}")
    studio.pieces.remove(song)
    assert exports.run([walk(studio)]) == ""
    assert "gone" in problems[0].sentence


def test_the_choice_travels_with_the_session(studio, exports):
    exports.sound.set_every("bar")
    again = ExportState(studio)
    again.take(exports.snapshot())
    assert again.sound.every == "bar"
