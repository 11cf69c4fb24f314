"""Films of walks: their length, what stands on the beats, what is heard, what they say."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.artifact import Provenance
from genstudio.core.errors import BadInput, GenStudioError, UsageError
from genstudio.core.events import Done, Progress
from genstudio.core.piece_file import KeptTrack, Made, PieceFile
from genstudio.core.request import Request
from genstudio.media import animation, midi, mp4, provenance
from genstudio.media.finishing import Finish
from genstudio.media.mp4_boxes import boxes, find
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.studio import timed_walks
from genstudio.studio.pieces import of_piece
from genstudio.studio.timed_walks import Timed, faded, key_pictures, read_piece, with_piece
from tests.helpers import fonts

COLOURS = ((250, 0, 0), (0, 250, 0), (0, 0, 250))


def tune(beats: int = 4, tempo: float = 240.0) -> Piece:
    """A bar of quarters, a quarter of a second each."""
    rows = [(480 * number, 480, 60 + number, 90, 0) for number in range(beats)]
    return Piece(notes_of(rows), (Track("Piano", 0),), 480, ((0, tempo),), title="Tune")


def made(**values) -> Provenance:
    request = Request(model="walker", task="walk", values=values, seed=4)
    return Provenance(app="GenStudio 1", request=request, output="animation", facts={"frames": 6})


@pytest.fixture
def walk(tmp_path):
    """Three plain colours, two frames each, as a loop past three stops."""
    frames = np.stack([np.full((16, 16, 3), COLOURS[n // 2], np.uint8) for n in range(6)])
    path = tmp_path / "walk.webp"
    record = made(stops=3, loop=True)
    path.write_bytes(animation.encode(frames, ".webp", 12.0, record))
    return path


@pytest.fixture
def score(tmp_path):
    path = tmp_path / "tune.mid"
    path.write_bytes(midi.write(tune()))
    return path


def written(walk, target, wish, **more):
    events = list(timed_walks.write(walk, target, wish, **more))
    assert isinstance(events[-1], Done)
    return target.parent / events[-1].data["paths"][0], events


def test_a_film_lasts_as_long_as_the_piece_and_shows_a_stop_on_each_beat(walk, score, tmp_path):
    path, events = written(walk, tmp_path / "film.mp4", Timed(score))
    frames, fps = mp4.read(path, 1000, 10**8)
    assert fps == pytest.approx(24.0), "slow walks get frames between"
    assert len(frames) == 48, "a second of music, and one in which it dies away"
    for beat in range(4):
        shown = frames[6 * beat].mean((0, 1))
        assert np.argmax(shown) == beat % 3, f"beat {beat} shows its colour"
    shares = [event.done for event in events if isinstance(event, Progress)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_the_film_has_sound_and_its_record(walk, score, tmp_path):
    path, _events = written(walk, tmp_path / "film.mp4", Timed(score))
    moov = find(path.read_bytes(), (b"moov",))
    assert [kind for kind, _a, _b in boxes(moov)].count(b"trak") == 2
    found = provenance.read(path).provenance
    assert found.request == made(stops=3, loop=True).request
    assert found.source_type == "composite"
    assert found.facts["frames"] == 6
    assert found.facts["piece"] == {
        "title": "Tune", "every": "beat", "eased": True, "bars": [1, 1],
    }  # fmt: skip


@pytest.mark.parametrize(("level", "label"), [("label", True), ("bare", False)])
def test_a_lower_level_says_less(walk, score, tmp_path, level, label):
    path, _events = written(walk, tmp_path / "film.mp4", Timed(score, "bar"), level=level)
    found = provenance.read(path)
    assert found.provenance is None
    assert bool(found.source_uri) == label


def test_nothing_is_overwritten_and_only_mp4_is_written(walk, score, tmp_path):
    taken = tmp_path / "film.mp4"
    taken.write_bytes(b"mine")
    path, _events = written(walk, taken, Timed(score, "bar"))
    assert path != taken
    assert taken.read_bytes() == b"mine"
    with pytest.raises(UsageError, match=r"saved as \.mp4"):
        list(timed_walks.write(walk, tmp_path / "film.webp", Timed(score)))


def test_closing_early_leaves_nothing(walk, score, tmp_path):
    steps = timed_walks.write(walk, tmp_path / "film.mp4", Timed(score))
    for event in steps:
        if isinstance(event, Progress) and event.text.startswith("Pictures"):
            break
    steps.close()
    assert not (tmp_path / "film.mp4").exists()


def test_pictures_are_enlarged_as_asked(walk, score):
    steps = timed_walks.film(walk, None, Timed(score, "bar"), "bare", Finish(32))
    try:
        while True:
            next(steps)
    except StopIteration as end:
        frames, _fps = mp4.read(end.value, 1000, 10**9)
    assert frames.shape[1:3] == (512, 512)


# ---- pieces


def test_kept_pieces_are_read_with_their_mutes(tmp_path):
    record = PieceFile(id="p", title="Song", made=(Made(model="b"), Made(model="a")))
    kept = of_piece(tune(), record)
    kept = kept.model_copy(update={"tracks": (KeptTrack(name="Piano", muted=True),)})
    (tmp_path / "p.json").write_bytes(kept.to_bytes())
    piece, mix, found = read_piece(tmp_path / "p.json")
    assert (piece.title, found, mix.muted) == ("Song", kept, frozenset({0}))
    told = with_piece(made(), piece, found, Timed(tmp_path / "p.json", "bar", False))
    assert told.facts["piece"]["models"] == ["a", "b"]
    assert told.facts["piece"]["every"] == "bar"


def test_a_piece_that_cannot_be_heard_is_refused(walk, tmp_path):
    kept = of_piece(tune(), PieceFile(id="p"))
    quiet = kept.model_copy(update={"tracks": (KeptTrack(muted=True),)})
    (tmp_path / "p.json").write_bytes(quiet.to_bytes())
    with pytest.raises(UsageError, match="No track"):
        written(walk, tmp_path / "film.mp4", Timed(tmp_path / "p.json"))


def test_files_that_are_no_music_are_refused_by_name(walk, tmp_path):
    (tmp_path / "odd.mid").write_bytes(b"no music")
    with pytest.raises(BadInput, match=r"odd\.mid"):
        written(walk, tmp_path / "film.mp4", Timed(tmp_path / "odd.mid"))


# ---- small parts


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"stops": 4, "loop": True}, (4, True)),
        ({"stops": 2}, (2, False)),
        ({}, (2, False)),
        ({"stops": 1, "loop": True}, (2, False)),
        ({"stops": True}, (2, False)),
    ],
)
def test_key_pictures_are_the_stops_that_were_asked(values, found):
    assert key_pictures(made(**values)) == found
    assert key_pictures(None) == (2, False)


def test_wishes_go_through_a_message(tmp_path):
    wish = Timed(tmp_path / "a.mid", "two bars", False, 2, 5)
    assert Timed.of(wish.told()) == wish
    assert Timed.of(None) is None
    assert Timed.of({}) is None
    odd = Timed.of({"piece": "a.mid", "first": "x", "every": ""})
    assert (odd.every, odd.first, odd.eased) == ("beat", 1, True)


def test_sound_dies_away_in_its_last_second():
    loud = np.ones((300, 2), np.float32)
    found = faded(loud, 100)
    assert (found[:200] == 1).all()
    assert found[-1].max() < 1e-6
    assert found[250, 0] == pytest.approx(0.5, abs=0.01)
    assert (np.diff(found[200:, 0]) <= 0).all()
    assert faded(loud[:50], 100).shape == (50, 2)


def test_the_users_own_font_plays(walk, score, tmp_path):
    (tmp_path / "own.sf2").write_bytes(fonts.font_bytes())
    own = Timed(score, "two bars", soundfont=str(tmp_path / "own.sf2"))
    assert Timed.of(own.told(), own.soundfont) == own
    one, _events = written(walk, tmp_path / "own.mp4", own)
    other, _events = written(walk, tmp_path / "usual.mp4", Timed(score, "two bars"))
    assert one.read_bytes() != other.read_bytes()
    gone = Timed(score, soundfont=str(tmp_path / "gone.sf2"))
    with pytest.raises(GenStudioError, match="gone"):
        written(walk, tmp_path / "film.mp4", gone)
