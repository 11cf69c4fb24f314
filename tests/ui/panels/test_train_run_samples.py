"""Samples of a run that writes or composes: read from its folder, shown, heard, changed with
the run."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QObject, Signal

from genstudio.core import files
from genstudio.core.run import RUN_FILE, SAMPLES
from genstudio.media import midi
from genstudio.ui.panels.train_run_samples import SampleStrips
from genstudio.ui.state import run_state
from genstudio.ui.theme import theme
from tests.helpers import fake_runs
from tests.helpers.pieces import chorale, same

TEXT = {
    "family": "transformer", "model": "tales", "title": "Tales (Transformer)", "data": "tales",
    "options": {"context": 64},
}  # fmt: skip


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(run_state, "SOON_MS", 0)
    monkeypatch.setattr(run_state, "POLL_MS", 20)


def keep(studio, number: int = 1, sheets: int = 2):
    run = fake_runs.keep(studio.home, number, sheets=0, recipe=TEXT)
    for place in range(1, sheets + 1):
        told = {"samples": [{"prompt": "Once ", "text": f"upon {place}"}]}
        path = studio.home.runs / run.id / SAMPLES / f"step-{place * 20:06d}.json"
        files.write_bytes(path, json.dumps(told).encode())
    return run


@pytest.fixture
def strips(state, shown):
    made = SampleStrips(state.run)
    state.run.changed.connect(made.show_samples)
    state.run.sample_added.connect(made.show_samples)
    yield shown(made, 900, 500)
    made.close_strips()


def follow(state, qtbot, run):
    state.run.follow(run.id)
    qtbot.waitUntil(lambda: state.run.run is not None and state.run.run.id == run.id)


def test_texts_over_time(studio, state, strips, qtbot):
    follow(state, qtbot, keep(studio))
    qtbot.waitUntil(lambda: bool(strips.prose.tiles.sheet()))
    assert strips.strip is strips.prose
    assert strips.prose.isVisible()
    assert not strips.film.isVisible()
    assert strips.prose.at.text() == "step 40 · newest"
    assert strips.prose.tiles.sheet() == (("Once ", "upon 2"),)
    strips.prose.set_frame(0)
    qtbot.waitUntil(lambda: strips.prose.tiles.sheet() == (("Once ", "upon 1"),))


def test_another_run_shows_pictures_again(studio, state, strips, qtbot):
    follow(state, qtbot, keep(studio))
    qtbot.waitUntil(lambda: strips.prose.count() == 2)
    follow(state, qtbot, fake_runs.keep(studio.home, 2, sheets=1))
    qtbot.waitUntil(lambda: strips.film.count() == 1)
    assert strips.strip is strips.film
    assert strips.prose.count() == 0
    assert not strips.prose.isVisible()
    qtbot.waitUntil(lambda: not strips.film.tiles.sheet().isNull())


def test_a_run_that_will_write_has_room_for_texts(studio, state, strips, qtbot):
    follow(state, qtbot, keep(studio, sheets=0))
    assert strips.strip is strips.prose


def test_rows(strips):
    strips.set_rows(4)
    high = strips.prose.tiles.high
    strips.set_rows(1)
    assert strips.prose.tiles.high < high
    assert strips.film.tiles.rows(1000) == 1


# ---- music -----------------------------------------------------------------------------------


class Player(QObject):
    """Remembers what was asked of it, in place of a Transport."""

    finished = Signal()
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.piece = None
        self.did: list[str] = []

    def set_piece(self, piece) -> None:
        self.piece = piece

    def play(self, place: float) -> None:
        self.did.append(f"play {place:g}")

    def pause(self) -> None:
        self.did.append("pause")

    def close(self) -> None:
        self.did.append("close")


def keep_music(studio, number: int = 1, sheets: int = 2, makes: str = "music"):
    run = fake_runs.keep(studio.home, number, sheets=0, recipe=TEXT)
    folder = studio.home.runs / run.id
    made = run.model_copy(update={"makes": makes})
    files.write_bytes(folder / RUN_FILE, made.to_bytes())
    for place in range(1, sheets + 1):
        stem = folder / SAMPLES / f"step-{place * 20:06d}"
        fake_runs.sheet(stem.with_suffix(".png"), "red")
        for piece in (1, 2):
            data = midi.write(chorale(2, 2, 10 * place + piece))
            files.write_bytes(stem.with_name(f"{stem.name}-{piece}.mid"), data)
    return run


@pytest.fixture
def player(strips):
    made = Player()
    strips.make_transport = lambda: made
    return made


def test_rolls_over_time(studio, state, strips, qtbot):
    follow(state, qtbot, keep_music(studio))
    qtbot.waitUntil(lambda: len(strips.rolls.tiles.sheet()) == 2)
    assert strips.strip is strips.rolls
    assert strips.rolls.isVisible()
    assert not strips.film.isVisible()
    assert strips.rolls.at.text() == "step 40 · newest"
    image, piece = strips.rolls.tiles.sheet()[1]
    assert same(piece, chorale(2, 2, 22))
    assert (image.width(), image.height()) == (480, 200)
    strips.rolls.set_frame(0)
    qtbot.waitUntil(lambda: same(strips.rolls.tiles.sheet()[0][1], chorale(2, 2, 11)))


def test_samples_are_heard_and_fall_silent(studio, state, strips, player, qtbot):
    follow(state, qtbot, keep_music(studio))
    tiles = strips.rolls.tiles
    qtbot.waitUntil(lambda: len(tiles.sheet()) == 2)
    tiles.wanted.emit(1)
    assert tiles.playing() == 1
    assert same(player.piece, chorale(2, 2, 22))
    tiles.wanted.emit(0)
    assert (tiles.playing(), player.did) == (0, ["play 0", "play 0"])
    tiles.wanted.emit(0)
    assert (tiles.playing(), player.did[-1]) == (-1, "pause")
    tiles.wanted.emit(0)
    player.finished.emit()
    assert tiles.playing() == -1
    player.failed.emit("There is no sound device.")
    assert strips.rolls.words.text() == "There is no sound device."
    tiles.wanted.emit(0)
    strips.rolls.set_frame(0)
    assert (tiles.playing(), player.did[-1]) == (-1, "pause")
    strips.close_strips()
    assert player.did[-1] == "close"
    assert strips.transport is None


def test_nothing_is_made_before_something_is_heard(studio, state, strips, qtbot):
    strips.quiet()
    follow(state, qtbot, keep_music(studio, sheets=0))
    assert strips.strip is strips.rolls
    assert strips.transport is None


def test_rolls_follow_the_theme(studio, state, strips, qtbot):
    follow(state, qtbot, keep_music(studio))
    tiles = strips.rolls.tiles
    qtbot.waitUntil(lambda: len(tiles.sheet()) == 2)

    def corner():
        return tiles.sheet()[0][0].pixelColor(479, 199) if tiles.sheet() else None

    before = corner()
    was = theme().name
    theme().choose("dark" if was == "light" else "light")
    qtbot.waitUntil(lambda: corner() not in (None, before))
    theme().choose(was)
    qtbot.waitUntil(lambda: corner() == before)


def test_a_damaged_piece_is_left_out(studio, state, strips, qtbot):
    run = keep_music(studio, sheets=1)
    (studio.home.runs / run.id / SAMPLES / "step-000020-1.mid").write_bytes(b"MThd")
    follow(state, qtbot, run)
    qtbot.waitUntil(lambda: len(strips.rolls.tiles.sheet()) == 1)
    assert same(strips.rolls.tiles.sheet()[0][1], chorale(2, 2, 12))
