"""A Studio without processes, and the states over it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from genstudio.core.paths import Home
from tests.helpers.fake_studio import FakeBridge, FakeStudio


@pytest.fixture
def studio(tmp_path, qapp) -> FakeStudio:
    return FakeStudio(Home(tmp_path / "home"))


@pytest.fixture
def state(studio):
    from genstudio.ui.state.studio_state import StudioState

    bridge = FakeBridge()
    made = StudioState(studio, bridge)
    yield SimpleNamespace(state=made, bridge=bridge, studio=studio)
    made.close()
