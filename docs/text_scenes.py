"""Scenes of the Text panel; see screenshots.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.helpers.drive import rest, until

STORIES = "stories-transformer"
BEGINNING = "Once upon a time there was a poor miller who had three sons. "
SEED = 20261121


def scene_empty(stage: Any) -> None:
    """Before the first word."""
    stage.show("text")
    rest(0.5)


def scene_drafts(stage: Any) -> None:
    """Four ways on from a beginning, one of them shown in place."""
    stage.show("text")
    panel, state = stage.app.window.panels["text"], stage.app.state.writing
    state.ask.set_model(STORIES)
    state.ask.set_values({"count": 4, "length": 90})
    state.ask.set_seed(SEED, locked=True)
    edit = panel.page.edit
    edit.set_content(BEGINNING)
    edit.setFocus()
    edit.select(len(BEGINNING), len(BEGINNING))
    panel.write()
    until(lambda: not state.running and bool(state.drafts), "the drafts", 300)
    rest(1.0)


def scene_colours(stage: Any) -> None:
    """How sure the model was of each piece, and what else it thought of."""
    scene_drafts(stage)
    panel = stage.app.window.panels["text"]
    edit = panel.page.edit
    edit.accept_draft()
    edit.select(len(BEGINNING) + 12, len(BEGINNING) + 12)
    panel.inside.inside.colours.setChecked(True)
    panel.inside.show_inside()
    rest(1.5)
    panel.inside.colours.look()
    rest(3.0)


SCENES: dict[str, Callable[[Any], None]] = {
    "text-empty": scene_empty,
    "text-drafts": scene_drafts,
    "text-colours": scene_colours,
}
