"""Panels over a Studio without processes; every panel is closed after its test."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from genstudio.core.events import Done
from genstudio.core.paths import Home
from tests.helpers.fake_studio import FakeBridge, FakeStudio, result


@pytest.fixture
def studio(tmp_path, qapp) -> FakeStudio:
    return FakeStudio(Home(tmp_path / "home"))


@pytest.fixture
def state(studio):
    from genstudio.ui.state.studio_state import StudioState

    made = StudioState(studio, FakeBridge())
    yield made
    made.close()


@pytest.fixture
def shown(qtbot):
    """`shown(panel)` lays a panel out and gives it the focus; it is taken apart afterwards."""

    def show(panel, width: int = 1204, height: int = 756):
        qtbot.addWidget(panel)
        panel.resize(width, height)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    return show


@pytest.fixture
def rounds(state, studio):
    """`rounds(count)` makes a finished round of pictures."""

    def make(count: int = 4, **values):
        state.generation.ask.set_values({"count": count, **values})
        asked = state.generation.submit()
        for index in range(len(asked.places)):
            event = result(studio, asked.job, asked.request, index, asked.output)
            state.generation.on_event(event)
        state.generation.on_event(Done(job=asked.job))
        return asked

    return make


@pytest.fixture
def everything(state, studio, shown, rounds, heard, qtbot) -> SimpleNamespace:
    return SimpleNamespace(
        state=state, studio=studio, shown=shown, rounds=rounds, heard=heard, qtbot=qtbot
    )
