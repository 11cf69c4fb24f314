"""Samples of a run that writes: read from its folder, shown as text, changed with the run."""

from __future__ import annotations

import json

import pytest

from genstudio.core import files
from genstudio.core.run import SAMPLES
from genstudio.ui.panels.train_run_samples import SampleStrips
from genstudio.ui.state import run_state
from tests.helpers import fake_runs

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
