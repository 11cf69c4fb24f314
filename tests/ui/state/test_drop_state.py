"""What may be done with a dropped file, and doing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.artifact import Provenance
from genstudio.core.request import Request
from genstudio.studio.importing import Described
from genstudio.ui.state.drop_state import Offer
from tests.helpers.fake_studio import png


@pytest.fixture
def drop(state):
    return state.state.drop


def described(name: str, sentence: str = "", **found) -> tuple[tuple[Path, ...], Described]:
    path = Path(f"/x/{name}")
    return (path,), Described(path=path, sentence=sentence, **found)


def made_by(model: str = "shapes") -> Provenance:
    return Provenance(request=Request(model=model, task="make", seed=9))


def keys(offer: Offer) -> list[str]:
    return [choice.key for choice in offer.choices]


def test_our_own_picture_says_how_it_was_made(drop):
    offer = drop.offer(*described("a.png", kind="ours", provenance=made_by()))
    assert offer.choices[0].text == "shapes · make · seed 9"
    assert offer.text == "a.png", "without a sentence its name is told"


def test_a_picture_goes_first_to_the_task_at_hand(drop, state):
    ask = state.state.generation.ask
    ask.set_model("redoer")
    ask.set_task("fill")
    offer = drop.offer(*described("a.png", kind="picture"))
    assert offer.choices[0].text == "Redoer · Fill"
    drop.accept(offer, "input")
    assert (ask.task_name, ask.inputs["image"]) == ("fill", Path("/x/a.png"))


@pytest.mark.parametrize(("name", "choices"), [("a.LATENT", ["input"]), ("a.bin", [])])
def test_files_go_by_their_suffix(drop, name, choices):
    assert [c.key for c in drop.offer(*described(name, kind="latent")).choices] == choices


def test_without_models_a_picture_can_only_be_learnt_from(drop, state):
    state.studio.library.models.clear()
    state.state.generation.ask.reload_models()
    assert keys(drop.offer(*described("a.png", kind="picture"))) == ["data"]


def test_one_picture_goes_into_the_form_first_and_many_are_data_first(drop, state):
    state.state.generation.ask.set_model("redoer")
    one, found = described("a.png", kind="picture")
    assert keys(drop.offer(one, found)) == ["input", "data"]
    offer = drop.offer((*one, Path("/x/b.png")), found)
    assert keys(offer) == ["data", "input"]
    assert offer.text == "a.png and 1 more can become a dataset."
    assert offer.choices[0].text.startswith("2 things")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.mid", "a.mid is music: it can become a dataset."),
        ("a.FLAC", "a.FLAC is a sound: it can become a dataset."),
        ("a.csv", "a.csv is a table: it can become a dataset."),
        ("a.md", "a.md is text: it can become a dataset."),
        ("a.tar", "a.tar can become a dataset."),
    ],
)
def test_other_media_can_become_data(drop, heard, tmp_path, qapp, name, sentence):
    offers = heard(drop.described)
    (tmp_path / name).write_bytes(b"x")
    drop.describe([tmp_path / name])
    drop.wait()
    qapp.processEvents()
    assert (offers[0].text, keys(offers[0])) == (sentence, ["data"])


def test_data_goes_to_the_import_sheet_of_the_train_panel(drop, state, heard):
    areas, modes = heard(drop.area_wanted), heard(state.state.data.mode_changed)
    offer = drop.offer(*described("fruits", kind="dataset"))
    drop.accept(offer, "data")
    assert (areas, modes) == (["train"], ["import"])
    sent = state.studio.queue.last
    assert (sent.work, sent.body) == ("check_dataset", {"path": "/x/fruits"})


def test_a_stray_among_many_files_does_not_refuse_the_others(drop, heard, tmp_path, qapp):
    offers = heard(drop.described)
    stray = tmp_path / "notes.pdf"
    stray.write_bytes(b"%PDF")
    drop.describe([stray, tmp_path / "a.png"])
    drop.wait()
    qapp.processEvents()
    drop.describe([stray])
    drop.wait()
    qapp.processEvents()
    assert [keys(offer) for offer in offers] == [["data"], []]
    assert "notes.pdf" in offers[1].text


def test_a_package_is_no_data(drop):
    assert keys(drop.offer(*described("boots.zip", kind="package"))) == ["import"]


def test_settings_are_said_to_be_in_the_form(drop, heard):
    said, areas = heard(drop.said), heard(drop.area_wanted)
    drop.accept(drop.offer(*described("a.png", kind="ours", provenance=made_by())), "settings")
    assert said == [("Settings of a.png are in the form", "", None)]
    assert areas == ["image"]


def test_settings_of_a_model_that_is_gone_are_not_said_to_be_used(drop, state, heard):
    said, before = heard(drop.said), state.state.generation.ask.snapshot()
    offer = drop.offer(*described("a.png", kind="ours", provenance=made_by("gone")))
    drop.accept(offer, "settings")
    assert said == []
    assert state.state.generation.ask.snapshot() == before


@pytest.mark.parametrize("key", ["settings", "import", "input", ""])
def test_what_was_not_offered_is_not_done(drop, state, heard, key):
    areas = heard(drop.area_wanted)
    drop.accept(Offer((Path("/x/a.png"),)), key)
    assert areas == []
    assert state.studio.queue.submitted == []


def test_a_package_goes_to_the_models(drop, state, heard):
    areas = heard(drop.area_wanted)
    offer = drop.offer(*described("boots.zip", kind="package"))
    assert "boots.zip" in offer.choices[0].text
    drop.accept(offer, "import")
    assert areas == ["models"]
    assert state.studio.queue.last.body == {"path": "/x/boots.zip"}


def test_only_the_newest_drop_is_answered(drop, heard, tmp_path, qapp):
    offers = heard(drop.described)
    paths = [tmp_path / name for name in ("a.png", "b.png")]
    for path in paths:
        path.write_bytes(png(8))
        drop.describe([path])
    drop.wait()
    qapp.processEvents()
    assert [offer.paths for offer in offers] == [(paths[1],)]


def test_a_drag_that_left_is_not_answered(drop, heard, tmp_path, qapp):
    offers = heard(drop.described)
    (tmp_path / "a.png").write_bytes(png(8))
    drop.describe([tmp_path / "a.png"])
    drop.describe([])
    drop.wait()
    qapp.processEvents()
    assert offers == []
