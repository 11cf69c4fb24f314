"""A picture made elsewhere: its prompt goes into an empty form at once, else on request."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.foreign import Foreign
from tests.helpers import foreign as made
from tests.studio.test_fitting import AVATARS, SAID

PATH = Path("/x/castle.png")


@pytest.fixture
def drop(state):
    state.studio.library.models.append(AVATARS)
    ask = state.state.generation.ask
    ask.reload_models()
    ask.set_model("avatars")
    return state.state.drop


@pytest.fixture
def ask(drop, state):
    return state.state.generation.ask


def test_an_empty_prompt_is_filled_at_once_and_can_be_taken_back(drop, ask, heard):
    shown, said, areas = heard(drop.foreign.shown), heard(drop.said), heard(drop.area_wanted)
    drop.foreign.open(PATH, SAID)
    assert ask.values["prompt"] == "a red cat"
    assert ask.values["negative"] == "dog"
    assert ask.values["steps"] == 20, "only the prompt"
    assert len(shown) == 1
    assert "image" in areas
    words, button, undo = said[0]
    assert (words, button) == ("The prompt of castle.png is in the form", "Undo")
    undo()
    assert (ask.values["prompt"], ask.values["negative"]) == ("", "")


def test_typed_words_are_replaced_on_request_only(drop, ask, heard):
    ask.set_value("prompt", "mine")
    said = heard(drop.said)
    drop.foreign.open(PATH, SAID)
    assert (ask.values["prompt"], said) == ("mine", [])
    assert drop.foreign.use_prompt()
    assert ask.values["prompt"] == "a red cat"
    said[0][2]()
    assert ask.values["prompt"] == "mine"


def test_all_that_fits_and_back(drop, ask, heard):
    ask.set_seed(5, locked=False)
    ask.set_value("steps", 11)
    drop.foreign.open(PATH, SAID)
    said = heard(drop.said)
    assert drop.foreign.use_all()
    assert (ask.values["steps"], ask.values["sampler"]) == (30, "dpm2m")
    assert (ask.seed, ask.seed_locked) == (7, True)
    said[0][2]()
    assert (ask.values["steps"], ask.values["sampler"]) == (11, "ddim")
    assert (ask.seed, ask.seed_locked) == (5, False)


def test_another_model_is_chosen_for_words_and_undo_returns(drop, ask, heard):
    ask.set_model("shapes")
    said = heard(drop.said)
    drop.foreign.open(PATH, SAID)
    assert ask.model_id == "shapes", "not without being asked"
    assert drop.foreign.use_prompt()
    assert (ask.model_id, ask.values["prompt"]) == ("avatars", "a red cat")
    said[0][2]()
    assert ask.model_id == "shapes"


def test_the_picture_itself(drop, ask, heard):
    drop.foreign.open(PATH, SAID)
    assert drop.foreign.use_picture()
    assert (ask.model_id, ask.task_name) == ("avatars", "change")
    assert ask.inputs["image"] == PATH


def test_what_nothing_takes_is_not_used(drop, ask, state):
    state.studio.library.models = [m for m in state.studio.library.models if m.id == "shapes"]
    ask.reload_models()
    drop.foreign.open(PATH, SAID)
    foreign = drop.foreign
    assert foreign.fit() is None
    assert not any((foreign.use_prompt(), foreign.use_all(), foreign.use_picture()))


def test_nothing_is_open_at_first(drop):
    assert drop.foreign.fit() is None


# ---- the drop


def offer_of(drop, heard, qapp, tmp_path, texts):
    offers = heard(drop.described)
    (tmp_path / "castle.png").write_bytes(made.png(texts))
    drop.describe([tmp_path / "castle.png"])
    drop.wait()
    qapp.processEvents()
    return offers[0]


@pytest.mark.parametrize("kind", made.TEXTS)
def test_a_dropped_picture_of_any_program_offers_its_settings(drop, heard, qapp, tmp_path, kind):
    offer = offer_of(drop, heard, qapp, tmp_path, made.TEXTS[kind])
    assert [choice.key for choice in offer.choices] == ["foreign", "input", "data"]
    assert offer.choices[0].text.split()[0] in offer.foreign.prompt
    before = (tmp_path / "castle.png").read_bytes()
    shown = heard(drop.foreign.shown)
    drop.accept(offer, "foreign")
    assert len(shown) == 1
    assert drop.foreign.found == offer.foreign
    assert (tmp_path / "castle.png").read_bytes() == before


def test_a_picture_that_says_no_more_than_a_name_offers_nothing(drop, heard, qapp, tmp_path):
    offer = offer_of(drop, heard, qapp, tmp_path, {"prompt": '{"1": {"class_type": "Load"}}'})
    assert "foreign" not in [choice.key for choice in offer.choices]
    assert "ComfyUI" in offer.text


def test_without_words_the_tile_names_what_there_is(drop):
    from genstudio.studio.importing import Described

    said = Foreign(software="x", steps=3, seed=1).model_dump(mode="json", exclude_defaults=True)
    offer = drop.offer((PATH,), Described("picture", PATH, "", None, {"settings": said}))
    assert offer.choices[0].text == "Seed, Steps"
