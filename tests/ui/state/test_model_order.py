"""Which model is offered first."""

from __future__ import annotations

from genstudio.core.controls import Text
from genstudio.ui.state.ask_state import AskState
from tests.helpers.fake_studio import JUDGE, MAKE, FakeModel


def test_own_models_come_first_the_newest_before_all(studio):
    studio.library.models += [
        FakeModel("old", "Old", (MAKE,), bundled=False, created="2026-11-18T00:00:00+00:00"),
        FakeModel("new", "New", (MAKE,), bundled=False, created="2026-11-21T00:00:00+00:00"),
        FakeModel("mine", "Mine", (JUDGE,), modality="judge", bundled=False),
    ]
    ask = AskState(studio)
    assert [m.id for m in ask.models] == ["new", "old", "shapes", "redoer", "mine", "critic"]
    assert ask.model_id == "new"


def test_models_that_others_lie_on_come_first_and_add_ons_last(studio):
    studio.library.models += [
        FakeModel("addon", "Add-on", (MAKE,), base="under"),
        FakeModel("plain", "Plain", (MAKE,)),
        FakeModel("under", "Under", (MAKE,)),
    ]
    ask = AskState(studio)
    assert [m.id for m in ask.models] == ["under", "shapes", "redoer", "plain", "addon", "critic"]
    assert ask.model_id == "under"


def test_of_models_for_music_the_one_with_most_voices_comes_first(studio):
    studio.library.models[:] = [
        FakeModel("drums", "Drums", (MAKE,), modality="music", config={"voices": 1}),
        FakeModel("four", "Four", (MAKE,), modality="music", config={"voices": 4}),
        FakeModel("three", "Three", (MAKE,), modality="music", config={"voices": 3}),
    ]
    ask = AskState(studio, modalities=("music",))
    assert [m.id for m in ask.models] == ["four", "three", "drums"]
    assert ask.model_id == "four"


def test_of_models_for_pictures_those_that_read_words_come_first(studio):
    words = Text(name="prompt", label="Prompt", role="prompt")
    draw = MAKE.model_copy(update={"controls": (*MAKE.controls, words)})
    studio.library.models[:] = [
        FakeModel("clothes", "Clothes", (MAKE,)),
        FakeModel("avatars", "Avatars", (draw,)),
        FakeModel("changes", "Changes", (MAKE, draw)),
        FakeModel("pixels", "Pixels", (draw,)),
        FakeModel("bare", "Bare", ()),
        FakeModel("mine", "Mine", (MAKE,), bundled=False),
    ]
    order = [m.id for m in AskState(studio).models]
    assert order == ["mine", "avatars", "pixels", "clothes", "changes", "bare"]
