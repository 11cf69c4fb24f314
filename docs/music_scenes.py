"""Scenes of the Music and Sound panels; see screenshots.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.helpers.drive import rest, until

VOICES = "voices-transformer"
SOUNDS = "hits-wavenet"
SEED = 20261121


def scene_empty(stage: Any) -> None:
    """The piece that a new studio begins with."""
    stage.show("music")
    rest(0.8)


def scene_draft(stage: Any) -> None:
    """Three ways to fill two voices of two bars, one of them shown in place."""
    stage.show("music")
    panel, state = stage.app.window.panels["music"], stage.app.state.music
    state.ask.set_model(VOICES)
    state.ask.set_task("fill")
    state.ask.set_values({"count": 3})
    state.ask.set_seed(SEED, locked=True)
    assert panel.write(), "nothing could be asked"
    until(lambda: not state.running and len(state.drafts) == 3, "the drafts", 300)
    rest(1.0)


def scene_sound(stage: Any) -> None:
    """Eight drum hits, the first of them in large."""
    stage.show("sound")
    panel, state = stage.app.window.panels["sound"], stage.app.state.sound
    state.ask.set_model(SOUNDS)
    state.ask.set_task("sample")
    state.ask.set_values({"count": 8})
    state.ask.set_seed(SEED, locked=True)
    made = state.submit()
    assert made is not None, state.ask.missing()
    until(lambda: not made.running, "the sounds", 300)
    rest(1.0)
    panel.activated()


SCENES: dict[str, Callable[[Any], None]] = {
    "music-start": scene_empty,
    "music-draft": scene_draft,
    "sound-round": scene_sound,
}
